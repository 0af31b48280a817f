//! `csv`: comma-separated values with a header line (RFC 4180, lines end in `\n`).

use super::Stopped;
use super::sheet::{self, Form};
use crate::reply::Reply;
use std::io::Write;

/// Writes an answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>) -> Result<(), Stopped> {
    let sheet = match sheet::form(reply)? {
        Form::Nothing => return Ok(()),
        Form::Text(text) => {
            writeln!(out, "{}", text.trim_end_matches('\n'))?;
            return Ok(());
        }
        Form::Sheet(sheet) => sheet,
    };
    if sheet.columns.is_empty() {
        return Ok(());
    }
    let mut writer = csv::Writer::from_writer(out);
    record(&mut writer, &sheet.columns)?;
    for row in sheet.rows {
        record(&mut writer, row?.into_iter().map(|cell| cell.text))?;
    }
    writer.flush()?;
    Ok(())
}

fn record<W: Write, T: AsRef<[u8]>>(writer: &mut csv::Writer<W>, fields: impl IntoIterator<Item = T>) -> Result<(), Stopped> {
    writer.write_record(fields).map_err(|error| Stopped::Output(error.into()))
}
