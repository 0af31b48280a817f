//! `csv`: comma-separated values with a header line (RFC 4180, lines end in `\n`).

use super::sheet::{self, Form};
use super::{Look, Stopped, sanitize};
use crate::reply::Reply;
use std::io::Write;

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
    if sheet.columns.is_empty() {
        return Ok(());
    }
    let mut writer = csv::Writer::from_writer(out);
    record(&mut writer, &sheet.columns)?;
    for row in sheet.rows {
        record(
            &mut writer,
            row?.iter().map(|cell| match look.terminal {
                true => sanitize::lines(&cell.text),
                false => cell.text.as_str().into(),
            }),
        )?;
    }
    writer.flush()?;
    Ok(())
}

fn record<W: Write, T: AsRef<str>>(
    writer: &mut csv::Writer<W>,
    fields: impl IntoIterator<Item = T>,
) -> Result<(), Stopped> {
    writer.write_record(fields.into_iter().map(|field| field.as_ref().to_owned())).map_err(|error| {
        match error.into_kind() {
            // The kind of the failure must stay: a closed pipe is no error.
            csv::ErrorKind::Io(error) => Stopped::Output(error),
            other => Stopped::Output(std::io::Error::other(format!("{other:?}"))),
        }
    })
}
