//! What a statement answers, in its model's own terms. Engines make replies, `render` turns them into
//! text; neither knows the other.

use crate::text::Diagnostic;
use crate::value::graph::Value;
use bson::Bson;

/// The answer of one statement. Cursors borrow the session's transaction and are read as they are
/// printed, so an answer of a million documents is never held in memory.
pub enum Reply<'a> {
    /// A Redis reply.
    Kv(Resp),
    /// A document answer.
    Doc(DocReply<'a>),
    /// A graph answer.
    Graph(GraphReply<'a>),
    /// The shell's own answer.
    Shell(ShellReply),
}

/// A Redis reply, RESP2 shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resp {
    /// A simple string such as `OK`.
    Status(String),
    /// A binary string.
    Bulk(Vec<u8>),
    /// Text for people, shown as it is: INFO. Lines end as Redis ends them.
    Text(String),
    /// An integer.
    Integer(i64),
    /// No value.
    Nil,
    /// A list.
    Array(Vec<Resp>),
    /// An error inside an EXEC array: Redis' whole text.
    Error(String),
    /// Several replies to one command, each shown by itself: SUBSCRIBE answers once a channel.
    Series(Vec<Resp>),
}

impl Resp {
    /// `OK`
    pub fn ok() -> Self {
        Resp::Status("OK".to_owned())
    }

    /// A bulk string.
    pub fn bulk(bytes: impl Into<Vec<u8>>) -> Self {
        Resp::Bulk(bytes.into())
    }
}

/// What a script printed by one call of `print` or `printjson`.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The values; strings are shown without quotes.
    pub values: Vec<Bson>,
    /// Every field stands on a line of its own: `printjson`.
    pub expanded: bool,
}

/// What a statement told those who listen; it is shown behind the answer of the statement that caused it.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A message of a channel that this session subscribed to.
    Message {
        /// The channel's name.
        channel: Vec<u8>,
        /// The message.
        payload: Vec<u8>,
    },
    /// A message of a channel whose name matches a pattern that this session subscribed to.
    PatternMessage {
        /// The pattern.
        pattern: Vec<u8>,
        /// The channel's name.
        channel: Vec<u8>,
        /// The message.
        payload: Vec<u8>,
    },
    /// A change event of a change stream that this session has open.
    Change(bson::Document),
    /// What a function that listens to events has printed.
    Printed(Printed),
}

impl Event {
    /// The event as an answer of its model: a message as Redis pushes it, a change event as a document.
    pub fn to_reply(&self) -> Reply<'static> {
        let push = |words: &[&[u8]]| Reply::Kv(Resp::Array(words.iter().map(|word| Resp::bulk(*word)).collect()));
        match self {
            Event::Message { channel, payload } => push(&[b"message", channel, payload]),
            Event::PatternMessage { pattern, channel, payload } => push(&[b"pmessage", pattern, channel, payload]),
            Event::Change(event) => Reply::Doc(DocReply::Value(Bson::Document(event.clone()))),
            Event::Printed(printed) => Reply::Doc(DocReply::Printed(printed.clone())),
        }
    }
}

/// A stream of answers, each of which may fail.
pub type Stream<'a, T> = Box<dyn Iterator<Item = Result<T, Diagnostic>> + 'a>;

/// A document answer.
pub enum DocReply<'a> {
    /// Nothing to show (`use`).
    None,
    /// One value: a document, a number, a result object, an array.
    Value(Bson),
    /// Documents, one by one.
    Cursor(Stream<'a, bson::Document>),
    /// Names with what mongosh shows beside them (`show dbs`: a size).
    Listing(Vec<(String, Option<String>)>),
    /// What a script prints before its answer, which follows.
    Printed(Printed),
}

/// A graph answer: a table, its counters, perhaps its plan.
pub struct GraphReply<'a> {
    /// Column names, verbatim.
    pub columns: Vec<String>,
    /// Rows; their values hold entities, never bare ids.
    pub rows: Stream<'a, Vec<Value>>,
    /// What was written. Statements that write are run to their end before they answer.
    pub stats: GraphStats,
    /// The plan, for EXPLAIN and PROFILE.
    pub plan: Option<Plan>,
    /// A small answer is drawn, not laid out as a table.
    pub drawn: bool,
}

/// An operator of a graph statement's plan, with what feeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name, as Neo4j's plans have it where they have it.
    pub operator: &'static str,
    /// What it works on.
    pub details: String,
    /// The rows that the planner expects.
    pub estimated_rows: u64,
    /// What was counted, if the statement was run.
    pub measured: Option<Measured>,
    /// The operators whose rows it takes; of two, the second is run for each row of the first or joined with it.
    pub inputs: Vec<Plan>,
}

/// What PROFILE counted for one operator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measured {
    /// Rows given.
    pub rows: u64,
    /// Look-ups in the storage or the graph in memory.
    pub hits: u64,
}

/// What a graph statement wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GraphStats {
    /// Nodes made.
    pub nodes_created: u64,
    /// Nodes removed.
    pub nodes_deleted: u64,
    /// Relationships made.
    pub relationships_created: u64,
    /// Relationships removed.
    pub relationships_deleted: u64,
    /// Properties set or removed.
    pub properties_set: u64,
    /// Labels put on nodes.
    pub labels_added: u64,
    /// Labels taken from nodes.
    pub labels_removed: u64,
    /// Indexes made.
    pub indexes_added: u64,
    /// Indexes removed.
    pub indexes_removed: u64,
    /// Constraints made.
    pub constraints_added: u64,
    /// Constraints removed.
    pub constraints_removed: u64,
}

/// The shell's own answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ShellReply {
    /// Nothing to show.
    None,
    /// Text for people, such as a help page.
    Text(String),
    /// A value, such as a variable's.
    Value(Bson),
}
