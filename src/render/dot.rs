//! `dot`: the nodes and relationships of an answer as a graph in the DOT language, each once, for the programs of
//! Graphviz (<https://graphviz.org/doc/info/lang.html>).

use super::picture::Picture;
use super::{Look, Stopped, cypher};
use crate::reply::Reply;
use crate::value::graph::Value;
use std::collections::BTreeMap;
use std::io::Write;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    let Some(picture) = Picture::of(reply)? else {
        return Ok(writeln!(out, "// no rows of a graph query: nothing to draw")?);
    };
    writeln!(out, "digraph {{")?;
    if picture.nodes.is_empty() {
        writeln!(out, "  // no nodes in this answer: RETURN nodes, relationships or paths")?;
    } else {
        writeln!(out, "  node [shape=box, style=rounded]")?;
    }
    for node in &picture.nodes {
        let labels: String = node.labels.iter().map(|label| format!(":{}", cypher::name(label))).collect();
        writeln!(out, "  n{} [label={}]", node.id, label(labels, &node.properties, look))?;
    }
    for relationship in &picture.relationships {
        let kind = format!(":{}", cypher::name(&relationship.kind));
        let label = label(kind, &relationship.properties, look);
        writeln!(out, "  n{} -> n{} [label={label}]", relationship.start, relationship.end)?;
    }
    writeln!(out, "}}")?;
    Ok(())
}

/// A quoted text: what it is, then its properties, a line each.
fn label(first: String, properties: &BTreeMap<String, Value>, look: &Look) -> String {
    let lines = super::picture::lines(first, properties, look);
    let quoted: Vec<String> = lines.iter().map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", quoted.join("\\n"))
}
