//! `line`: `column = value` lines, a block for each row (as sqlite3's mode of that name).

use super::sheet::{self, Form};
use super::style::Role;
use super::{Look, Stopped, shown};
use crate::reply::Reply;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

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
    let names: Vec<String> = sheet.columns.iter().map(|column| shown(column, look).into_owned()).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
    for (at, row) in sheet.rows.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (name, cell) in names.iter().zip(row?) {
            let pad = widest - name.width();
            writeln!(
                out,
                "{:pad$}{} = {}",
                "",
                look.painter.paint(Role::Name, name.as_str()),
                shown(&cell.text, look)
            )?;
        }
    }
    Ok(())
}
