//! Rendering: replies to text, one file per output mode.
//!
//! | mode | file | what it is for |
//! |---|---|---|
//! | `auto` | [`auto`] | each model in its own shell's dialect: `resp`, `inspect`, `cypher` |
//! | `table` `csv` `markdown` `line` | [`table`], [`csv`], [`markdown`], [`mod@line`] | any answer as rows and columns ([`sheet`]) |
//! | `json` `jsonl` | [`json`] | any answer as JSON |
//! | `dot` `mermaid` | [`dot`], [`mermaid`] | the nodes and relationships of an answer ([`picture`]) as a graph to be drawn |
//! | `raw` | [`raw`] | the bytes of values, nothing else |
//!
//! Answers are read as they are written: a cursor of a million documents is never held in memory.
//! Colour is known to [`style`] alone, and what could harm a terminal is escaped by [`sanitize`].

pub mod auto;
pub mod csv;
pub mod cypher;
pub mod dot;
pub mod drawing;
pub mod envelope;
pub mod inspect;
pub mod json;
pub mod line;
pub mod markdown;
pub mod mermaid;
mod notation;
pub mod picture;
pub mod plan;
pub mod raw;
pub mod resp;
pub mod sanitize;
pub mod sheet;
pub mod style;
pub mod table;

use crate::reply::{DocReply, Event, Reply, Stream};
use crate::text::Diagnostic;
use std::io::{self, Write};
use style::Painter;

/// How answers are written (`--output`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Each model in its own dialect.
    #[default]
    Auto,
    /// A table with borders.
    Table,
    /// Indented JSON.
    Json,
    /// One JSON value a line: each document, row or element.
    Jsonl,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// A Markdown table.
    Markdown,
    /// `column = value` lines, a block for each row.
    Line,
    /// The bytes of values, one value a line.
    Raw,
    /// One JSON object for each statement: the machine's view.
    Envelope,
    /// A graph in the DOT language.
    Dot,
    /// A Mermaid flowchart.
    Mermaid,
}

impl Mode {
    /// All modes, with their names.
    pub const ALL: [(&'static str, Mode); 11] = [
        ("auto", Mode::Auto),
        ("table", Mode::Table),
        ("json", Mode::Json),
        ("jsonl", Mode::Jsonl),
        ("csv", Mode::Csv),
        ("markdown", Mode::Markdown),
        ("line", Mode::Line),
        ("raw", Mode::Raw),
        ("envelope", Mode::Envelope),
        ("dot", Mode::Dot),
        ("mermaid", Mode::Mermaid),
    ];

    /// The mode of this name, in any case.
    pub fn from_name(name: &str) -> Option<Mode> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, mode)| *mode)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, mode)| *mode == self).map_or("auto", |(name, _)| name)
    }
}

/// Where the text goes and how it shall look there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// The output mode.
    pub mode: Mode,
    /// A person reads: typed replies, summaries, harmful characters escaped.
    pub terminal: bool,
    /// Colour or none.
    pub painter: Painter,
    /// Columns of the terminal; tables are fitted into them.
    pub width: Option<u16>,
    /// No boxes, for screen readers and dumb terminals.
    pub plain: bool,
    /// Stop after this many documents of a cursor ([`write()`] tells whether there are more).
    pub page: Option<usize>,
}

/// Why an answer was not written to its end.
#[derive(Debug)]
pub enum Stopped {
    /// The output failed (a closed pipe, a full disk).
    Output(io::Error),
    /// The statement failed while its answer was being read.
    Statement(Diagnostic),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Stopped::Output(error)
    }
}

impl From<Diagnostic> for Stopped {
    fn from(diagnostic: Diagnostic) -> Self {
        Stopped::Statement(diagnostic)
    }
}

/// Writes an answer in every mode but [`Mode::Envelope`], which frames errors too and is written by
/// its own room. Returns whether documents are left behind [`Look::page`]; calling it again with the
/// same reply writes the next ones.
///
/// # Errors
/// When the output fails, or the statement while its answer is read.
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<bool, Stopped> {
    if let (Some(size), Reply::Doc(DocReply::Cursor(stream))) = (look.page, &mut *reply) {
        let mut page = Reply::Doc(DocReply::Cursor(Box::new(stream.by_ref().take(size))));
        whole(out, &mut page, look)?;
        drop(page);
        return Ok(has_more(stream));
    }
    whole(out, reply, look)?;
    Ok(false)
}

/// Writes what a statement told those who listen, behind its answer, in every mode but
/// [`Mode::Envelope`], whose objects hold it.
///
/// # Errors
/// When the output fails.
pub fn write_events(out: &mut dyn Write, events: &[Event], look: &Look) -> Result<(), Stopped> {
    if look.mode == Mode::Envelope {
        return Ok(());
    }
    events.iter().try_for_each(|event| whole(out, &mut event.to_reply(), look))
}

fn whole(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    if let Reply::Doc(DocReply::Printed(printed)) = reply {
        return Ok(writeln!(out, "{}", inspect::printed(printed, look.painter, look.terminal))?);
    }
    match look.mode {
        Mode::Auto | Mode::Envelope => auto::write(out, reply, look),
        Mode::Table => table::write(out, reply, look),
        Mode::Json => json::write(out, reply, look),
        Mode::Jsonl => json::write_lines(out, reply, look),
        Mode::Csv => csv::write(out, reply, look),
        Mode::Markdown => markdown::write(out, reply, look),
        Mode::Line => line::write(out, reply, look),
        Mode::Raw => raw::write(out, reply),
        Mode::Dot => dot::write(out, reply, look),
        Mode::Mermaid => mermaid::write(out, reply, look),
    }
}

/// Looks at the next item and puts it back.
fn has_more<'a, T: 'a>(stream: &mut Stream<'a, T>) -> bool {
    match stream.next() {
        None => false,
        Some(item) => {
            let rest = std::mem::replace(stream, Box::new(std::iter::empty()));
            *stream = Box::new(std::iter::once(item).chain(rest));
            true
        }
    }
}

/// Text that may come from a database, made safe if a person reads it.
fn shown<'t>(text: &'t str, look: &Look) -> std::borrow::Cow<'t, str> {
    if look.terminal { sanitize::one_line(text) } else { std::borrow::Cow::Borrowed(text) }
}
