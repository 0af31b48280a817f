//! The plan of a graph statement as cypher-shell draws it: a tree of operators in a table. Rows flow upward; of
//! two inputs the second stands to the right.
//!
//! ```text
//! +------------------+----+----------+----------------+
//! | Operator         | Id | Details  | Estimated Rows |
//! +------------------+----+----------+----------------+
//! | +ProduceResults  |  0 | n.name   |              3 |
//! | |                +----+----------+----------------+
//! | +NodeByLabelScan |  1 | n:Person |              3 |
//! +------------------+----+----------+----------------+
//! ```

use super::{Look, shown};
use crate::reply::Plan;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Details are broken into lines no longer than this, or what the terminal has room for.
const DETAILS_WIDTH: usize = 100;
/// But not into shorter ones than this.
const LEAST_WIDTH: usize = 20;

/// A line of the table: the tree, and the operator that stands there, with its number.
type Line<'p> = (String, Option<(usize, &'p Plan)>);

/// Draws a plan; without a line end behind the last line.
pub fn draw(plan: &Plan, look: &Look) -> String {
    let mut lines = Vec::new();
    branch(plan, "", &mut 0, &mut lines);
    let profiled = plan.measured.is_some();
    let mut headings = vec!["Operator", "Id", "Details", "Estimated Rows"];
    if profiled {
        headings.extend(["Rows", "DB Hits"]);
    }
    let rows: Vec<(String, Option<Vec<String>>)> =
        lines.into_iter().map(|(tree, operator)| (tree, operator.map(|(id, plan)| cells(id, plan, look)))).collect();
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    for (tree, cells) in &rows {
        widths[0] = widths[0].max(tree.width());
        for (width, cell) in widths[1..].iter_mut().zip(cells.iter().flatten()) {
            *width = (*width).max(cell.width());
        }
    }
    let others: usize = widths.iter().sum::<usize>() - widths[2] + 3 * widths.len() + 1;
    let room =
        look.width.filter(|_| look.terminal).map_or(DETAILS_WIDTH, |width| usize::from(width).saturating_sub(others));
    widths[2] = widths[2].min(room.max(LEAST_WIDTH));
    let mut out = String::new();
    let rule = |widths: &[usize]| widths.iter().map(|width| format!("{}+", "-".repeat(width + 2))).collect::<String>();
    let _ = writeln!(out, "+{}", rule(&widths));
    let heading: String =
        headings.iter().zip(&widths).map(|(heading, &width)| format!(" {} |", padded(heading, width))).collect();
    let _ = writeln!(out, "|{heading}");
    let _ = writeln!(out, "+{}", rule(&widths));
    for (tree, cells) in &rows {
        let tree_cell = padded(tree, widths[0]);
        let Some(cells) = cells else {
            let _ = writeln!(out, "| {tree_cell} +{}", rule(&widths[1..]));
            continue;
        };
        // What stands below the operator in the tree goes on beside further lines of its details.
        let stem = format!("{}|", &tree[..tree.find('+').unwrap_or(0)]);
        for (at, details) in broken(&cells[1], widths[2]).iter().enumerate() {
            let first = at == 0;
            let _ = write!(out, "| {} |", padded(if first { tree } else { &stem }, widths[0]));
            for (column, (cell, &width)) in cells.iter().zip(&widths[1..]).enumerate() {
                let number = |text: &str| format!("{}{text}", " ".repeat(width.saturating_sub(text.width())));
                let text = match column {
                    1 => padded(details, width),
                    _ if first => number(cell),
                    _ => number(""),
                };
                let _ = write!(out, " {text} |");
            }
            out.push('\n');
        }
    }
    let _ = write!(out, "+{}", rule(&widths));
    if profiled {
        let _ = write!(out, "\n\nTotal database accesses: {}", hits(plan));
    }
    out
}

fn cells(id: usize, plan: &Plan, look: &Look) -> Vec<String> {
    let mut cells = vec![
        id.to_string(),
        shown(&plan.details.replace('\n', " "), look).into_owned(),
        plan.estimated_rows.to_string(),
    ];
    if let Some(measured) = plan.measured {
        cells.extend([measured.rows.to_string(), measured.hits.to_string()]);
    }
    cells
}

/// The lines of a plan and of those below it.
fn branch<'p>(mut plan: &'p Plan, prefix: &str, next: &mut usize, lines: &mut Vec<Line<'p>>) {
    loop {
        lines.push((format!("{prefix}+{}", plan.operator), Some((*next, plan))));
        *next += 1;
        let Some((first, others)) = plan.inputs.split_first() else { return };
        for other in others {
            lines.push((format!("{prefix}|\\"), None));
            branch(other, &format!("{prefix}| "), next, lines);
        }
        lines.push((format!("{prefix}|"), None));
        plan = first;
    }
}

fn hits(plan: &Plan) -> u64 {
    plan.measured.map_or(0, |measured| measured.hits) + plan.inputs.iter().map(hits).sum::<u64>()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A text in lines of a width, broken at blanks where there are some.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let fits = |line: &str| line.width() + word.trim_end().width() <= width;
        if lines.last().is_some_and(|line| !line.is_empty() && !fits(line)) {
            lines.push(String::new());
        }
        for character in word.chars() {
            let full = lines.last().is_some_and(|line| line.width() >= width) && character != ' ';
            if full {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(character);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(operator: &'static str, details: &str, inputs: Vec<Plan>) -> Plan {
        Plan { operator, details: details.to_owned(), estimated_rows: 7, measured: None, inputs }
    }

    #[test]
    fn a_branch_stands_to_the_right() {
        let right = operator("Expand(All)", "(n)-->(m)", Vec::new());
        let plan = operator("Optional", "", vec![operator("AllNodesScan", "n", Vec::new()), right]);
        assert_eq!(
            draw(&plan, &Look::default()),
            "\
+----------------+----+-----------+----------------+
| Operator       | Id | Details   | Estimated Rows |
+----------------+----+-----------+----------------+
| +Optional      |  0 |           |              7 |
| |\\             +----+-----------+----------------+
| | +Expand(All) |  1 | (n)-->(m) |              7 |
| |              +----+-----------+----------------+
| +AllNodesScan  |  2 | n         |              7 |
+----------------+----+-----------+----------------+"
        );
    }

    #[test]
    fn long_details_are_broken_into_lines() {
        assert_eq!(broken("ab cd efghij", 5), ["ab cd", "efghi", "j"]);
        assert_eq!(broken("", 5), [""]);
        let plan = operator("Filter", "n.a = 1 AND n.b = 2 AND n.c = 3", vec![operator("X", "", Vec::new())]);
        let look = Look { terminal: true, width: Some(50), ..Look::default() };
        let text = draw(&plan, &look);
        assert!(text.contains("| |        |    | AND n.c = 3          |"), "{text}");
    }
}
