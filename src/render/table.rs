//! `table`: any answer in a table, fitted to the terminal.

use super::sheet::{self, Cell, Form, Rows, Sheet};
use super::style::Role;
use super::{Look, Stopped, cypher, shown};
use crate::reply::{GraphReply, Reply};
use crate::value::graph::Value;
use comfy_table::presets::{ASCII_FULL_CONDENSED, NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use std::io::Write;

/// Rows are laid out in blocks of this many, so that memory stays bounded; the columns of later
/// blocks are at least as wide as those of the first.
const BLOCK: usize = 1_000;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    match sheet::form(reply)? {
        Form::Nothing => {}
        Form::Text(text) => writeln!(out, "{}", text.trim_end_matches('\n'))?,
        Form::Sheet(sheet) => {
            let rows = draw(out, sheet, look)?;
            if look.terminal {
                let noun = if rows == 1 { "row" } else { "rows" };
                writeln!(out, "{}", look.painter.paint(Role::Dim, format!("{rows} {noun}")))?;
            }
        }
    }
    Ok(())
}

/// A graph answer as cypher-shell shows it: strings in quotes, entities in Cypher's notation.
/// Returns the number of rows.
///
/// # Errors
/// As [`super::write`].
pub fn graph(out: &mut dyn Write, reply: &mut GraphReply<'_>, look: &Look) -> Result<u64, Stopped> {
    let cell = |value: &Value| Cell {
        text: cypher::value(value),
        number: matches!(value, Value::Int(_) | Value::Float(_)),
    };
    let rows = reply.rows.by_ref().map(|row| Ok(row?.iter().map(cell).collect()));
    draw(out, Sheet { columns: reply.columns.clone(), rows: Box::new(rows) }, look)
}

/// Draws the sheet and returns the number of its rows.
fn draw(out: &mut dyn Write, sheet: Sheet<'_>, look: &Look) -> Result<u64, Stopped> {
    let Sheet { columns, mut rows } = sheet;
    if columns.is_empty() {
        return Ok(0);
    }
    let mut count = 0;
    let mut widths: Option<Vec<u16>> = None;
    loop {
        let (block, failure) = take_block(&mut rows);
        let full = block.len() == BLOCK && failure.is_none();
        count += block.len() as u64;
        let mut table = blank(look);
        if widths.is_none() {
            table.set_header(columns.iter().map(|column| comfy_table::Cell::new(shown(column, look))));
        }
        for row in block {
            table.add_row(row.into_iter().map(|cell| {
                let alignment = if cell.number { CellAlignment::Right } else { CellAlignment::Left };
                comfy_table::Cell::new(text(&cell, look)).set_alignment(alignment)
            }));
        }
        let first = widths.is_none();
        match &widths {
            None => widths = Some(table.column_max_content_widths()),
            Some(widths) => {
                table.set_constraints(widths.iter().map(|width| ColumnConstraint::LowerBoundary(Width::Fixed(*width + 2))));
            }
        }
        frame(out, &table, first, !full, look)?;
        if let Some(diagnostic) = failure {
            return Err(diagnostic.into());
        }
        if !full {
            return Ok(count);
        }
    }
}

fn take_block(rows: &mut Rows<'_>) -> (Vec<Vec<Cell>>, Option<crate::text::Diagnostic>) {
    let mut block = Vec::new();
    for row in rows.take(BLOCK) {
        match row {
            Ok(row) => block.push(row),
            Err(diagnostic) => return (block, Some(diagnostic)),
        }
    }
    (block, None)
}

fn blank(look: &Look) -> Table {
    let mut table = Table::new();
    table.load_style(if look.plain {
        NOTHING
    } else if look.terminal {
        UTF8_FULL_CONDENSED
    } else {
        ASCII_FULL_CONDENSED
    });
    match look.width.filter(|_| look.terminal) {
        Some(width) => {
            table.set_width(width.max(20)).set_content_arrangement(ContentArrangement::Dynamic);
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table
}

/// Writes the lines of a block: the top border only above the first, the bottom border only below the last.
fn frame(out: &mut dyn Write, table: &Table, first: bool, last: bool, look: &Look) -> std::io::Result<()> {
    let lines: Vec<String> = table.lines().collect();
    let bordered = !look.plain;
    let from = usize::from(bordered && !first);
    let to = lines.len() - usize::from(bordered && !last && lines.len() > from);
    for line in &lines[from..to.max(from)] {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn text(cell: &Cell, look: &Look) -> String {
    if look.terminal { super::sanitize::lines(&cell.text).into_owned() } else { cell.text.replace('\n', "\\n") }
}
