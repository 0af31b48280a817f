//! CSV (RFC 4180) and TSV: each row a document, its fields named by the first line or by the user.

use super::batch::{Batch, Problem, Source};
use super::date::Layout;
use crate::value::construct;
use crate::value::ejson;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document};
use std::io::Read;

/// What the columns are called, and how their values are read.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The names; none: they stand in the first line.
    pub names: Option<Vec<String>>,
    /// Each name ends in a type: `age.int32()`.
    pub typed: bool,
    /// Empty values make no field.
    pub ignore_blanks: bool,
}

/// A column.
#[derive(Debug)]
struct Column {
    name: String,
    path: Vec<String>,
    kind: Kind,
}

/// What the values of a column are.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Numbers where they look like numbers, or else texts.
    Auto,
    String,
    Int32,
    Int64,
    Double,
    Decimal,
    Boolean,
    Base64,
    Hex,
    Date(Layout),
}

/// The types by name, as they are told to those who spell one wrong.
const KINDS: &str = "auto() binary(base64) binary(hex) boolean() date(layout) date_go(layout) date_ms(layout) \
                     date_oracle(layout) decimal() double() int32() int64() string()";

/// Reads rows.
pub struct Rows {
    reader: csv::Reader<Box<dyn Read + Send>>,
    columns: Vec<Column>,
    given: Columns,
    begun: bool,
    row: csv::ByteRecord,
}

impl Rows {
    /// Reads from this input.
    pub fn new(input: Box<dyn Read + Send>, separator: u8, columns: &Columns) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            // Tab-separated values know no quotes.
            .quoting(separator != b'\t')
            .buffer_capacity(1 << 18)
            .from_reader(input);
        Rows { reader, columns: Vec::new(), given: columns.clone(), begun: false, row: csv::ByteRecord::new() }
    }

    /// Reads the next row; false at the end.
    fn read_row(&mut self) -> Result<bool, Problem> {
        self.reader.read_byte_record(&mut self.row).map_err(|error| Problem {
            line: error.position().map_or(0, csv::Position::line),
            column: None,
            message: error.to_string(),
        })
    }

    fn begin(&mut self) -> Result<bool, Problem> {
        self.begun = true;
        let names = match self.given.names.take() {
            Some(names) => names,
            None => {
                if !self.read_row()? {
                    return Ok(false);
                }
                let text = |cell: &[u8]| String::from_utf8(cell.to_vec());
                let names = self.row.iter().map(text).collect::<Result<Vec<_>, _>>();
                let mut names = names.map_err(|_| Problem::of_header("it is not UTF-8"))?;
                if let Some(first) = names.first_mut() {
                    *first = first.trim_start_matches('\u{feff}').to_owned();
                }
                names
            }
        };
        self.columns = columns(&names, self.given.typed).map_err(|message| Problem::of_header(&message))?;
        Ok(true)
    }
}

impl Problem {
    fn of_header(message: &str) -> Problem {
        Problem { line: 1, column: None, message: format!("the names of the columns: {message}") }
    }
}

impl Source for Rows {
    fn next(&mut self, batch: &mut Batch) -> Result<bool, Problem> {
        if !self.begun && !self.begin()? || !self.read_row()? {
            return Ok(false);
        }
        let line = self.row.position().map_or(0, csv::Position::line);
        let mut document = Document::new();
        for (at, cell) in self.row.iter().enumerate() {
            if cell.is_empty() && self.given.ignore_blanks {
                continue;
            }
            let taken = match self.columns.get(at) {
                Some(column) => column.put(cell, &mut document),
                None => text(cell).map(|value| drop(document.insert(format!("field{at}"), automatic(value)))),
            };
            if let Err(message) = taken {
                batch.refused.push(Problem { line, column: None, message });
                return Ok(true);
            }
        }
        match document.to_vec() {
            Ok(bytes) => batch.push(&bytes, line),
            Err(error) => batch.refused.push(Problem { line, column: None, message: error.to_string() }),
        }
        Ok(true)
    }

    fn read(&self) -> u64 {
        self.reader.position().byte()
    }
}

fn columns(names: &[String], typed: bool) -> Result<Vec<Column>, String> {
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    for given in names {
        let (name, kind) = if typed { split_type(given)? } else { (given.trim(), Kind::Auto) };
        if name.is_empty() || name.split('.').any(str::is_empty) || name.contains('\0') {
            return Err(format!("'{given}' is no field's name; --fields gives other ones"));
        }
        if name.starts_with('$') {
            return Err(format!("'{name}' begins with '$'"));
        }
        let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        if let Some(other) =
            columns.iter().find(|other| other.name == name || inside(&other.name, name) || inside(name, &other.name))
        {
            return Err(format!("'{name}' and '{}' are in each other's way", other.name));
        }
        columns.push(Column { name: name.to_owned(), path: name.split('.').map(str::to_owned).collect(), kind });
    }
    Ok(columns)
}

/// `age.int32()`
fn split_type(given: &str) -> Result<(&str, Kind), String> {
    let parts = given.trim().strip_suffix(')').and_then(|rest| {
        let (head, argument) = rest.split_once('(')?;
        let (name, kind) = head.rsplit_once('.')?;
        Some((name, kind, argument))
    });
    let Some((name, kind, argument)) = parts else {
        return Err(format!("'{given}' has no type, as in name.string(); there are {KINDS}"));
    };
    let kind = match (kind, argument) {
        ("auto", "") => Kind::Auto,
        ("string", "") => Kind::String,
        ("int32", "") => Kind::Int32,
        ("int64", "") => Kind::Int64,
        ("double", "") => Kind::Double,
        ("decimal", "") => Kind::Decimal,
        ("boolean", "") => Kind::Boolean,
        ("binary", "base64") => Kind::Base64,
        ("binary", "hex") => Kind::Hex,
        ("date" | "date_go" | "date_ms" | "date_oracle", layout) => Kind::Date(Layout::new(kind, layout)),
        _ => return Err(format!("there is no type {kind}({argument}); there are {KINDS}")),
    };
    Ok((name, kind))
}

impl Column {
    fn put(&self, cell: &[u8], document: &mut Document) -> Result<(), String> {
        let value = self.kind.value(cell).map_err(|why| format!("{}: {why}", self.name))?;
        let Some((last, outer)) = self.path.split_last() else { return Ok(()) };
        let mut inner = document;
        for name in outer {
            if !inner.contains_key(name) {
                inner.insert(name, Document::new());
            }
            match inner.get_document_mut(name) {
                Ok(next) => inner = next,
                Err(_) => return Err(format!("{}: '{name}' is no object", self.name)),
            }
        }
        inner.insert(last, value);
        Ok(())
    }
}

fn text(cell: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(cell).map_err(|_| "the value is not UTF-8".to_owned())
}

impl Kind {
    fn value(&self, cell: &[u8]) -> Result<Bson, String> {
        let text = text(cell)?;
        let parsed = match self {
            Kind::Auto => Some(automatic(text)),
            Kind::String => Some(Bson::String(text.to_owned())),
            Kind::Int32 => text.parse().ok().map(Bson::Int32),
            Kind::Int64 => text.parse().ok().map(Bson::Int64),
            Kind::Double => text.parse().ok().map(Bson::Double),
            Kind::Decimal => construct::construct("NumberDecimal", &[Bson::String(text.to_owned())]).ok(),
            Kind::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "1" | "yes" | "y" => Some(Bson::Boolean(true)),
                "false" | "f" | "0" | "no" | "n" => Some(Bson::Boolean(false)),
                _ => None,
            },
            Kind::Base64 => ejson::binary(text, 0).ok().map(Bson::Binary),
            Kind::Hex => hex(text).map(|bytes| Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })),
            Kind::Date(layout) => layout.read(text),
        };
        parsed.ok_or_else(|| format!("'{text}' is no {}", self.name()))
    }

    const fn name(&self) -> &'static str {
        match self {
            Kind::Auto | Kind::String => "text",
            Kind::Int32 => "int32",
            Kind::Int64 => "int64",
            Kind::Double => "double",
            Kind::Decimal => "decimal",
            Kind::Boolean => "boolean",
            Kind::Base64 => "base64",
            Kind::Hex => "hexadecimal text",
            Kind::Date(_) => "date of this layout",
        }
    }
}

/// A number if it looks like one; words such as `nan` and `inf` are texts.
fn automatic(text: &str) -> Bson {
    let numeric = text.as_bytes().last().is_some_and(|last| last.is_ascii_digit() || *last == b'.')
        && text.bytes().any(|byte| byte.is_ascii_digit());
    if numeric {
        if let Ok(number) = text.parse::<i64>() {
            return i32::try_from(number).map_or(Bson::Int64(number), Bson::Int32);
        }
        if let Ok(number) = text.parse::<f64>() {
            return Bson::Double(number);
        }
    }
    Bson::String(text.to_owned())
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::raw::RawDocument;
    use bson::doc;

    fn read(text: &'static str, columns: Columns) -> (Vec<Document>, Vec<String>) {
        let mut rows = Rows::new(Box::new(text.as_bytes()), b',', &columns);
        let mut batch = Batch::default();
        let mut problems = Vec::new();
        loop {
            match rows.next(&mut batch) {
                Ok(true) => {}
                Ok(false) => break,
                Err(problem) => {
                    problems.push(problem.at("f"));
                    break;
                }
            }
        }
        problems.extend(batch.refused.iter().map(|problem| problem.at("f")));
        (batch.documents().map(|(bytes, _)| RawDocument::new(bytes).to_document()).collect(), problems)
    }

    #[test]
    fn values_that_look_like_numbers_are_numbers() {
        let (documents, problems) = read(
            "\u{feff}name,age,at.city,x\n\"O'Hara, \"\"Sc\"\"\",42,Oslo,1.5\nnan,5000000000,,-\n",
            Columns::default(),
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            documents,
            [
                doc! { "name": "O'Hara, \"Sc\"", "age": 42, "at": { "city": "Oslo" }, "x": 1.5 },
                doc! { "name": "nan", "age": 5_000_000_000_i64, "at": { "city": "" }, "x": "-" },
            ]
        );
    }

    #[test]
    fn columns_may_have_types() {
        let columns = Columns { typed: true, ignore_blanks: true, ..Columns::default() };
        let (documents, problems) =
            read("zip.string(),n.int64(),ok.boolean()\n007,5,true\n,,no\n1,x,true\n", columns.clone());
        assert_eq!(documents, [doc! { "zip": "007", "n": 5_i64, "ok": true }, doc! { "ok": false }]);
        assert_eq!(problems, ["f:4: n: 'x' is no int64"]);
        let (_, problems) = read("a.int33()\n", columns.clone());
        assert!(problems[0].contains("there is no type int33()"), "{problems:?}");
        let (_, problems) = read("a\n", columns);
        assert!(problems[0].contains("'a' has no type"), "{problems:?}");
    }

    #[test]
    fn names_may_not_be_in_each_others_way() {
        for text in ["a,a\n", "a,a.b\n", "a.b,a\n", "a,,b\n", "$a\n"] {
            let (documents, problems) = read(text, Columns::default());
            assert!(documents.is_empty() && problems.len() == 1, "{text}: {problems:?}");
        }
    }
}
