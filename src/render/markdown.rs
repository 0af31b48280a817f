//! `markdown`: a table for a page (GitHub Flavored Markdown, "Tables"), a blank line behind it.

use super::sheet::{self, Form};
use super::{Look, Stopped};
use crate::reply::Reply;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use std::io::Write;

/// Rows are aligned in blocks of this many.
const BLOCK: usize = 1_000;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    let sheet = match sheet::form(reply)? {
        Form::Nothing => return Ok(()),
        Form::Text(text) => {
            writeln!(out, "{}", text.trim_end_matches('\n'))?;
            return Ok(());
        }
        Form::Sheet(sheet) => sheet,
    };
    let mut rows = sheet.rows;
    let mut header = Some(sheet.columns);
    loop {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
        let first = header.is_some();
        if let Some(columns) = header.take() {
            table.set_header(columns.iter().map(|column| Cell::new(escape(column, look))));
        }
        let mut count = 0;
        let mut failure = None;
        for row in rows.by_ref().take(BLOCK) {
            match row {
                Ok(row) => {
                    count += 1;
                    table.add_row(row.iter().map(|cell| {
                        let alignment = if cell.number { CellAlignment::Right } else { CellAlignment::Left };
                        Cell::new(escape(&cell.text, look)).set_alignment(alignment)
                    }));
                }
                Err(diagnostic) => failure = Some(diagnostic),
            }
        }
        if count > 0 || (first && failure.is_none()) {
            for line in table.lines() {
                writeln!(out, "{line}")?;
            }
        }
        if let Some(diagnostic) = failure {
            return Err(diagnostic.into());
        }
        if count < BLOCK {
            // Without it the next answer would be rows of this table.
            writeln!(out)?;
            return Ok(());
        }
    }
}

fn escape(text: &str, look: &Look) -> String {
    let text = text.replace('|', "\\|").replace('\n', "<br>");
    super::shown(&text, look).into_owned()
}
