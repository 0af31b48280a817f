//! `table`: any answer in a table, fitted to the terminal.

use super::sheet::{self, Cell, Form, Rows, Sheet};
use super::style::Role;
use super::{Look, Stopped, cypher, shown};
use crate::reply::{GraphReply, Reply};
use crate::value::graph::Value;
use comfy_table::presets::{ASCII_FULL_CONDENSED, NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width,
};
use std::io::Write;

/// Rows are laid out in blocks of this many, so that memory stays bounded; the columns of later
/// blocks are at least as wide as those of the first.
const BLOCK: usize = 1_000;

/// `+---+` as cypher-shell draws it.
const ASCII: TableStyle = ASCII_FULL_CONDENSED.header_separator(LineStyle::new('+', '-', '+', '+'));
/// Thin lines for terminals.
const LINES: TableStyle = UTF8_FULL_CONDENSED
    .header_lines(ContentLineStyle::new('│', '│', '│'))
    .header_separator(LineStyle::new('├', '─', '┼', '┤'))
    .content_lines(ContentLineStyle::new('│', '│', '│'));

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
    let cell =
        |value: &Value| Cell { text: cypher::value(value), number: matches!(value, Value::Int(_) | Value::Float(_)) };
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
    let mut bottom = None;
    loop {
        let (block, failure) = take_block(&mut rows);
        if let (None, true, Some(diagnostic)) = (&widths, block.is_empty(), &failure) {
            // An error before the first row is no table.
            return Err(diagnostic.clone().into());
        }
        let full = block.len() == BLOCK && failure.is_none();
        count += block.len() as u64;
        if widths.is_none() || !block.is_empty() {
            let mut table = blank(look);
            let first = widths.is_none();
            if first {
                table.set_header(columns.iter().map(|column| comfy_table::Cell::new(shown(column, look))));
            }
            for row in block {
                table.add_row(row.into_iter().map(|cell| {
                    let alignment = if cell.number { CellAlignment::Right } else { CellAlignment::Left };
                    comfy_table::Cell::new(text(&cell, look)).set_alignment(alignment)
                }));
            }
            match &widths {
                None => widths = Some(table.column_max_content_widths()),
                Some(widths) => {
                    let at_least = |width: &u16| ColumnConstraint::LowerBoundary(Width::Fixed(*width + 2));
                    table.set_constraints(widths.iter().map(at_least));
                }
            }
            bottom = block_lines(out, &table, first, look)?;
        }
        if !full {
            if let Some(line) = bottom {
                writeln!(out, "{line}")?;
            }
            return match failure {
                Some(diagnostic) => Err(diagnostic.into()),
                None => Ok(count),
            };
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
        LINES
    } else {
        ASCII
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

/// Writes the lines of a block, the top border only if it is the first, and returns the bottom border,
/// which belongs below the last.
fn block_lines(out: &mut dyn Write, table: &Table, first: bool, look: &Look) -> std::io::Result<Option<String>> {
    let mut lines = table.lines();
    if !first && !look.plain {
        lines.next();
    }
    let mut held: Option<String> = None;
    for line in lines {
        if let Some(line) = held.replace(line) {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    if look.plain
        && let Some(line) = held.take()
    {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(held)
}

fn text(cell: &Cell, look: &Look) -> String {
    if look.terminal { super::sanitize::lines(&cell.text).into_owned() } else { cell.text.replace('\n', "\\n") }
}
