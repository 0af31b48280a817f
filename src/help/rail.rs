//! A rule of the grammar as a railroad, in ASCII: read it along the line from the left to the right.
//!
//! ```text
//! >--"SET"--key--value--+----------+--+---------+-->
//!                       |          |  |         |
//!                       +--"NX"----+  +--"GET"--+
//!                       |          |
//!                       +--"XX"----+
//! ```

use crate::lang::ebnf::Node;

/// Lines of equal width, entered at the left end of line `rail` and left at its right end.
struct Block {
    lines: Vec<String>,
    rail: usize,
    width: usize,
}

/// The lines of a drawing; what is wider than `width` is broken between the parts of the whole rule.
pub fn draw(node: &Node, width: usize) -> Vec<String> {
    // Alternatives too wide to stand in one drawing get one each.
    if let Node::Choice(parts) = node
        && block(node).width + 6 > width
    {
        let mut lines = Vec::new();
        for part in parts {
            if !lines.is_empty() {
                lines.push("or".to_owned());
            }
            lines.extend(draw(part, width));
        }
        return lines;
    }
    let parts: Vec<Block> = match node {
        Node::Sequence(parts) => parts.iter().map(block).collect(),
        other => vec![block(other)],
    };
    let mut rows: Vec<Vec<Block>> = vec![Vec::new()];
    let mut used = 6;
    for part in parts {
        if used + part.width + 2 > width && rows.last().is_some_and(|row| !row.is_empty()) {
            rows.push(Vec::new());
            used = 6;
        }
        used += part.width + 2;
        if let Some(row) = rows.last_mut() {
            row.push(part);
        }
    }
    let last = rows.len() - 1;
    let mut lines = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let row = joined(row);
        let (open, close) = (if at == 0 { ">--" } else { "...--" }, if at == last { "-->" } else { "--..." });
        if at > 0 {
            lines.push(String::new());
        }
        for (number, line) in row.lines.iter().enumerate() {
            lines.push(if number == row.rail {
                format!("{open}{line}{close}")
            } else {
                format!("{:width$}{line}", "", width = open.len())
            });
        }
    }
    lines
}

fn block(node: &Node) -> Block {
    match node {
        Node::Terminal(text) => word(format!("\"{text}\"")),
        Node::Rule(name) => word(name.clone()),
        Node::Special(text) => word(format!("({text})")),
        Node::Sequence(parts) => joined(parts.iter().map(block).collect()),
        Node::Choice(parts) => stacked(parts.iter().map(block).collect(), false),
        Node::Optional(part) => stacked(vec![empty(), block(part)], false),
        Node::Repeat(part) => stacked(vec![empty(), block(part)], true),
    }
}

fn word(text: String) -> Block {
    Block { width: text.chars().count(), lines: vec![text], rail: 0 }
}

fn empty() -> Block {
    Block { lines: vec![String::new()], rail: 0, width: 0 }
}

/// Side by side along one rail.
fn joined(parts: Vec<Block>) -> Block {
    let rail = parts.iter().map(|part| part.rail).max().unwrap_or(0);
    let below = parts.iter().map(|part| part.lines.len() - part.rail).max().unwrap_or(1);
    let mut lines = vec![String::new(); rail + below];
    let mut width = 0;
    for (at, part) in parts.iter().enumerate() {
        let gap = if at > 0 { 2 } else { 0 };
        for (number, line) in lines.iter_mut().enumerate() {
            let fill = if number == rail { '-' } else { ' ' };
            line.extend(std::iter::repeat_n(fill, gap));
            let inner = (number + part.rail).checked_sub(rail).and_then(|inner| part.lines.get(inner));
            let text = inner.map_or("", String::as_str);
            line.push_str(text);
            let pad = part.width - text.chars().count();
            line.extend(std::iter::repeat_n(if number == rail { '-' } else { ' ' }, pad));
        }
        width += gap + part.width;
    }
    Block { lines, rail, width }
}

/// Below each other, the first on the rail; `back`: the others are run from the right to the left.
fn stacked(parts: Vec<Block>, back: bool) -> Block {
    let inner = parts.iter().map(|part| part.width).max().unwrap_or(0);
    let width = inner + 6;
    let mut lines = Vec::new();
    let mut rail = 0;
    let last = parts.len() - 1;
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            lines.push(format!("|{:inner$}|", "", inner = width - 2));
        } else {
            rail = part.rail;
        }
        for (number, line) in part.lines.iter().enumerate() {
            let pad = inner - line.chars().count();
            lines.push(if number == part.rail {
                let left = if back && at > 0 { "+<-" } else { "+--" };
                format!("{left}{line}{}--+", "-".repeat(pad))
            } else {
                let inside = (at > 0 || number > part.rail) && (at < last || number < part.rail);
                let side = if inside { '|' } else { ' ' };
                format!("{side}  {line}{}  {side}", " ".repeat(pad))
            });
        }
    }
    Block { lines, rail, width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::ebnf::Grammar;

    #[test]
    fn a_rule_becomes_a_railroad() {
        let mut grammar = Grammar::default();
        grammar.read("trine", "x = \"SET\", key, [ \"NX\" | \"XX\" ], { \",\", key } ;").unwrap();
        let drawn = draw(&grammar.rule("x").unwrap().definition, 78);
        let expected = [
            ">--\"SET\"--key--+--------------+--+------------+-->",
            "               |              |  |            |",
            "               +--+--\"NX\"--+--+  +<-\",\"--key--+",
            "                  |        |",
            "                  +--\"XX\"--+",
        ];
        let drawn: Vec<&str> = drawn.iter().map(|line| line.trim_end()).collect();
        assert_eq!(drawn, expected);
    }

    #[test]
    fn long_rules_are_broken() {
        let mut grammar = Grammar::default();
        let word = "\"a-rather-long-word\"";
        grammar.read("trine", &format!("x = {word}, {word}, {word}, {word} | {word} ;")).unwrap();
        let drawn = draw(&grammar.rule("x").unwrap().definition, 60);
        assert!(drawn.iter().all(|line| line.len() <= 60), "{}", drawn.join("\n"));
        assert!(drawn.contains(&"or".to_owned()));
    }
}
