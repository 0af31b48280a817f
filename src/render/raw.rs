//! `raw`: the bytes of values, one value a line and nothing else; the cells of a graph row are
//! separated by tabs.

use super::{Stopped, cypher, json, resp, sheet};
use crate::reply::{DocReply, Reply, ShellReply};
use bson::Bson;
use std::io::Write;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>) -> Result<(), Stopped> {
    match reply {
        Reply::Kv(reply) => resp::bare(out, reply)?,
        Reply::Doc(DocReply::None | DocReply::Printed(_)) | Reply::Shell(ShellReply::None) => {}
        Reply::Doc(DocReply::Value(Bson::Array(items))) | Reply::Shell(ShellReply::Value(Bson::Array(items))) => {
            for item in items {
                value(out, item)?;
            }
        }
        Reply::Doc(DocReply::Value(it)) | Reply::Shell(ShellReply::Value(it)) => value(out, it)?,
        Reply::Doc(DocReply::Cursor(stream)) => {
            for document in stream {
                writeln!(out, "{}", json::bson(&Bson::Document(document?)))?;
            }
        }
        Reply::Doc(DocReply::Listing(entries)) => {
            for (name, _) in entries {
                writeln!(out, "{name}")?;
            }
        }
        Reply::Graph(reply) => {
            if let Some(plan) = &reply.plan {
                writeln!(out, "{}", super::plan::draw(plan, &super::Look::default()))?;
            }
            for row in reply.rows.by_ref() {
                for (at, value) in row?.iter().enumerate() {
                    write!(out, "{}{}", if at > 0 { "\t" } else { "" }, cypher::bare(value))?;
                }
                writeln!(out)?;
            }
        }
        Reply::Shell(ShellReply::Text(text)) => writeln!(out, "{}", text.trim_end_matches('\n'))?,
    }
    Ok(())
}

fn value(out: &mut dyn Write, value: &Bson) -> std::io::Result<()> {
    match value {
        Bson::Binary(binary) => {
            out.write_all(&binary.bytes)?;
            out.write_all(b"\n")
        }
        value => writeln!(out, "{}", sheet::bson_cell(value).text),
    }
}
