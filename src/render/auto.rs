//! `auto`: each model as its own shell prints it.

use super::picture::Picture;
use super::style::Role;
use super::{Look, Stopped, drawing, inspect, plan, resp, sanitize, table};
use crate::reply::{DocReply, GraphReply, GraphStats, Reply, ShellReply, Stream};
use bson::{Bson, Document};
use std::io::{self, Write};

/// A cursor of at most this many documents is laid out as one array, as mongosh lays out a batch;
/// of a longer one each document stands on its own lines.
const BATCH: usize = 20;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    match reply {
        Reply::Kv(reply) if look.terminal => resp::typed(out, reply, look.painter)?,
        Reply::Kv(reply) => resp::bare(out, reply)?,
        Reply::Doc(reply) => document(out, reply, look)?,
        Reply::Graph(reply) => graph(out, reply, look)?,
        Reply::Shell(reply) => shell(out, reply, look)?,
    }
    Ok(())
}

/// The shell's own answer: text as it is, a value as mongosh shows it.
///
/// # Errors
/// When `out` cannot be written.
pub fn shell(out: &mut dyn Write, reply: &ShellReply, look: &Look) -> io::Result<()> {
    match reply {
        ShellReply::None => Ok(()),
        ShellReply::Text(text) => {
            let text = if look.terminal { sanitize::lines(text) } else { text.as_str().into() };
            writeln!(out, "{}", text.trim_end_matches('\n'))
        }
        ShellReply::Value(value) => writeln!(out, "{}", inspect::value(value, look.painter)),
    }
}

fn document(out: &mut dyn Write, reply: &mut DocReply<'_>, look: &Look) -> Result<(), Stopped> {
    match reply {
        DocReply::None | DocReply::Printed(_) => {}
        DocReply::Value(Bson::String(text)) => {
            let text = if look.terminal { sanitize::lines(text) } else { text.as_str().into() };
            writeln!(out, "{text}")?;
        }
        DocReply::Value(value) => writeln!(out, "{}", inspect::value(value, look.painter))?,
        DocReply::Cursor(stream) => cursor(out, stream, look)?,
        DocReply::Listing(entries) => listing(out, entries, look)?,
    }
    Ok(())
}

fn cursor(out: &mut dyn Write, stream: &mut Stream<'_, Document>, look: &Look) -> Result<(), Stopped> {
    let mut first = Vec::new();
    for document in stream.by_ref().take(BATCH + 1) {
        first.push(document?);
    }
    if first.is_empty() {
        return Ok(());
    }
    if first.len() <= BATCH {
        let array = Bson::Array(first.into_iter().map(Bson::Document).collect());
        writeln!(out, "{}", inspect::value(&array, look.painter))?;
        return Ok(());
    }
    let mut separator = "[\n  ";
    for document in first.into_iter().map(Ok).chain(stream) {
        match document {
            Ok(document) => write!(out, "{separator}{}", inspect::element(&document, look.painter))?,
            Err(diagnostic) => {
                writeln!(out)?;
                return Err(diagnostic.into());
            }
        }
        separator = ",\n  ";
    }
    writeln!(out, "\n]")?;
    Ok(())
}

/// `show dbs`: names and sizes in two columns; `show collections`: names.
fn listing(out: &mut dyn Write, entries: &[(String, Option<String>)], look: &Look) -> io::Result<()> {
    let measure = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let names = entries.iter().map(|(name, _)| measure(name)).max().unwrap_or(0);
    let sizes = entries.iter().filter_map(|(_, size)| size.as_deref().map(measure)).max().unwrap_or(0);
    for (name, size) in entries {
        let name = super::shown(name, look);
        match size {
            None => writeln!(out, "{name}")?,
            Some(size) => {
                let pad = (names - measure(&name).min(names)) + (sizes - measure(size));
                writeln!(
                    out,
                    "{}  {:pad$}{}",
                    look.painter.paint(Role::Name, &*name),
                    "",
                    look.painter.paint(Role::Dim, size)
                )?;
            }
        }
    }
    Ok(())
}

fn graph(out: &mut dyn Write, reply: &mut GraphReply<'_>, look: &Look) -> Result<(), Stopped> {
    if let Some(plan) = &reply.plan {
        writeln!(out, "{}", plan::draw(plan, look))?;
    }
    if reply.drawn
        && let Some(picture) = small(reply)?
    {
        write!(out, "{}", drawing::draw(&picture, look))?;
        return Ok(());
    }
    let mut rows = 0;
    if !reply.columns.is_empty() {
        rows = table::graph(out, reply, look)?;
    }
    if look.terminal {
        let changes = changes(&reply.stats);
        let mut parts = Vec::new();
        if !reply.columns.is_empty() && reply.plan.is_none() {
            parts.push(format!("{rows} {}", if rows == 1 { "row" } else { "rows" }));
        }
        if !changes.is_empty() {
            parts.push(changes);
        }
        if parts.is_empty() && reply.plan.is_none() {
            parts.push("no changes, no rows".to_owned());
        }
        if !parts.is_empty() {
            writeln!(out, "{}", look.painter.paint(Role::Dim, parts.join(" · ")))?;
        }
    }
    Ok(())
}

/// What a small answer holds; `None`, with the answer as it was, if it is no small graph.
fn small(reply: &mut GraphReply<'_>) -> Result<Option<Picture>, Stopped> {
    let mut picture = Picture::default();
    let mut read = Vec::new();
    while picture.nodes.len() <= drawing::MOST_NODES {
        let Some(row) = reply.rows.next() else {
            if picture.nodes.is_empty() {
                break;
            }
            return Ok(Some(picture));
        };
        let row = row?;
        row.iter().for_each(|value| picture.add(value));
        read.push(Ok(row));
    }
    let rest = std::mem::replace(&mut reply.rows, Box::new(std::iter::empty()));
    reply.rows = Box::new(read.into_iter().chain(rest));
    Ok(None)
}

/// What was written, in cypher-shell's words: `Added 1 nodes, Set 3 properties`.
pub fn changes(stats: &GraphStats) -> String {
    [
        ("Added", stats.nodes_created, "nodes"),
        ("Deleted", stats.nodes_deleted, "nodes"),
        ("Created", stats.relationships_created, "relationships"),
        ("Deleted", stats.relationships_deleted, "relationships"),
        ("Set", stats.properties_set, "properties"),
        ("Added", stats.labels_added, "labels"),
        ("Removed", stats.labels_removed, "labels"),
        ("Added", stats.indexes_added, "indexes"),
        ("Removed", stats.indexes_removed, "indexes"),
        ("Added", stats.constraints_added, "constraints"),
        ("Removed", stats.constraints_removed, "constraints"),
    ]
    .iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(verb, count, what)| format!("{verb} {count} {what}"))
    .collect::<Vec<_>>()
    .join(", ")
}
