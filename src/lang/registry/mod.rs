//! All that is known about commands, methods, operators, clauses and functions: one table a model.
//!
//! The same entries feed dispatch, help, completion, hints, highlighting and did-you-mean; the examples
//! are run by a test. Each language keeps its own file.

mod absent;
mod doc;
mod graph;
mod kv;
mod procedures;
mod shell;

pub use absent::absent;

use crate::text::Model;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What sort of word an entry is; together with [`Entry::model`] it says where the word may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The first word of a statement: a Redis command, `show`, `BEGIN`.
    Command,
    /// `:word`, or one of the bare words `help exit quit cls`.
    Directive,
    /// `db.coll.method()`, `db.method()` or a cursor's method.
    Method,
    /// A query operator such as `$gt`.
    QueryOperator,
    /// An update operator such as `$set`.
    UpdateOperator,
    /// An aggregation stage such as `$match`.
    Stage,
    /// An aggregation expression operator such as `$concat`.
    ExpressionOperator,
    /// An accumulator of `$group` such as `$sum`.
    Accumulator,
    /// A clause of the graph language, such as `MATCH`.
    Clause,
    /// A function of the graph language, or a value constructor of mongosh.
    Function,
    /// `CALL name(…)`.
    Procedure,
}

/// One command, method, operator, clause, function or directive.
///
/// Written as `Entry { name: "GET", …, ..Entry::KV }`: the constants fill what a file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// As the manual writes it: `HGETALL`, `findOne`, `$gt`, `toUpper`, `OPTIONAL MATCH`, `:param`.
    pub name: &'static str,
    /// Whose it is.
    pub model: Model,
    /// What sort of word it is.
    pub kind: Kind,
    /// The manual's group: `string`, `sorted set`, `cursor`, `aggregation`, `list function`.
    pub group: &'static str,
    /// Redis' arity, the name counted; negative: at least as many.
    pub arity: Option<i32>,
    /// The whole form: `SET key value [NX|XX] [GET] [EX seconds|…]`.
    pub syntax: &'static str,
    /// One line: what it does.
    pub summary: &'static str,
    /// Options, subcommands or parameters that want a word of explanation: how it is written, what it
    /// does. Empty where the syntax says it all.
    pub options: &'static [(&'static str, &'static str)],
    /// `O(1)`; empty where it says nothing.
    pub complexity: &'static str,
    /// Whole statements that run on an empty database, in order.
    pub examples: &'static [&'static str],
    /// What does the same in the other models, by name.
    pub twins: &'static [&'static str],
    /// The version of the reference system that brought it; empty if it was always there.
    pub since: &'static str,
    /// It may write.
    pub writes: bool,
}

impl Entry {
    /// What a Redis command's entry is filled up with.
    pub const KV: Entry = Entry::of(Model::Kv, Kind::Command);
    /// What a mongosh method's entry is filled up with.
    pub const DOC: Entry = Entry::of(Model::Doc, Kind::Method);
    /// What a Cypher clause's entry is filled up with.
    pub const GRAPH: Entry = Entry::of(Model::Graph, Kind::Clause);
    /// What a directive's entry is filled up with.
    pub const SHELL: Entry = Entry::of(Model::Shell, Kind::Directive);

    const fn of(model: Model, kind: Kind) -> Entry {
        Entry {
            name: "",
            model,
            kind,
            group: "",
            arity: None,
            syntax: "",
            summary: "",
            options: &[],
            complexity: "",
            examples: &[],
            twins: &[],
            since: "",
            writes: false,
        }
    }
}

/// All entries, model by model.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    kv::ENTRIES.iter().chain(of_model(Model::Doc)).chain(of_model(Model::Graph)).chain(shell::ENTRIES)
}

/// The entries of one model.
pub fn of_model(model: Model) -> &'static [Entry] {
    match model {
        Model::Kv => kv::ENTRIES,
        Model::Doc => &doc::ENTRIES,
        Model::Graph => &GRAPH,
        Model::Shell => shell::ENTRIES,
    }
}

/// The graph language's files as one.
static GRAPH: LazyLock<Vec<Entry>> = LazyLock::new(|| [graph::ENTRIES, procedures::ENTRIES].concat());

static KV_BY_NAME: LazyLock<HashMap<String, &'static Entry>> =
    LazyLock::new(|| kv::ENTRIES.iter().map(|entry| (entry.name.to_ascii_uppercase(), entry)).collect());

/// The Redis command of this name, in any case.
pub fn kv_command(name: &[u8]) -> Option<&'static Entry> {
    // No Redis command name is longer; the upper-case copy then needs no allocation.
    let mut upper = [0u8; 32];
    let upper = upper.get_mut(..name.len())?;
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    KV_BY_NAME.get(std::str::from_utf8(upper).ok()?).copied()
}

/// The entries of this name, in any case and of any model; a leading `:` or `$` counts.
pub fn find(name: &str) -> Vec<&'static Entry> {
    all().filter(|entry| entry.name.eq_ignore_ascii_case(name)).collect()
}

/// The names nearest to a mistyped one, over all models, the nearest first and none twice.
pub fn nearest(typed: &str, most: usize) -> Vec<&'static str> {
    // Operators stand inside documents: only a word with a dollar can be one.
    let operator = typed.starts_with('$');
    let names = all().map(|entry| entry.name).filter(|name| operator || !name.starts_with('$'));
    crate::text::suggest::nearest(typed, names, most)
}
