//! `mermaid`: the nodes and relationships of an answer as a Mermaid flowchart, each once, which Markdown pages show
//! as a picture (<https://mermaid.js.org/syntax/flowchart.html>).

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
        return Ok(writeln!(out, "%% no rows of a graph query: nothing to draw")?);
    };
    writeln!(out, "flowchart LR")?;
    if picture.nodes.is_empty() {
        writeln!(out, "  %% no nodes in this answer: RETURN nodes, relationships or paths")?;
    }
    for node in &picture.nodes {
        let labels: String = node.labels.iter().map(|label| format!(":{}", cypher::name(label))).collect();
        writeln!(out, "  n{}({})", node.id, label(labels, &node.properties, look))?;
    }
    for relationship in &picture.relationships {
        let kind = format!(":{}", cypher::name(&relationship.kind));
        let label = label(kind, &relationship.properties, look);
        writeln!(out, "  n{} -->|{label}| n{}", relationship.start, relationship.end)?;
    }
    Ok(())
}

/// A quoted text: what it is, then its properties, a line each. What Mermaid or HTML would read as its own is
/// written as an entity.
fn label(first: String, properties: &BTreeMap<String, Value>, look: &Look) -> String {
    let mut text = String::from("\"");
    for (at, line) in super::picture::lines(first, properties, look).iter().enumerate() {
        if at > 0 {
            text.push_str("<br/>");
        }
        for character in line.chars() {
            match character {
                '"' => text.push_str("#quot;"),
                '#' => text.push_str("#35;"),
                '<' => text.push_str("#lt;"),
                '>' => text.push_str("#gt;"),
                '&' => text.push_str("#amp;"),
                '`' => text.push_str("#96;"),
                other => text.push(other),
            }
        }
    }
    // An empty text is an error there.
    if text.len() == 1 {
        text.push(' ');
    }
    text.push('"');
    text
}
