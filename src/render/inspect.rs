//! Documents as mongosh prints them: Node's `util.inspect` (`compact: 3`, `breakLength: 80`,
//! unlimited depth and length) with mongosh's forms of the BSON types.

use super::style::{Painter, Role};
use super::{notation, sanitize};
use crate::reply::Printed;
use crate::value::ejson;
use bson::spec::BinarySubtype;
use bson::{Bson, Document};
use std::fmt::Write as _;

/// Objects nested fewer levels than this may share a line (`compact`).
const COMPACT: usize = 3;
/// Lines are broken behind this column (`breakLength`).
const BREAK: usize = 80;

/// One value.
pub fn value(value: &Bson, painter: Painter) -> String {
    Inspector::new(painter).format(value, 0).text
}

/// What `print` and `printjson` show: values side by side, strings without quotes.
pub fn printed(printed: &Printed, painter: Painter, terminal: bool) -> String {
    let shown = |value: &Bson| match value {
        Bson::String(text) if terminal => sanitize::lines(text).into_owned(),
        Bson::String(text) => text.clone(),
        value if printed.expanded => Inspector { compact: 0, ..Inspector::new(painter) }.format(value, 0).text,
        value => self::value(value, painter),
    };
    printed.values.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// A document that is an element of a printed array, indented by two.
pub fn element(document: &Document, painter: Painter) -> String {
    let mut inspector = Inspector { indent: 2, ..Inspector::new(painter) };
    inspector.object(document, 1).text
}

/// Text and the columns it takes (colour sequences take none).
struct Piece {
    text: String,
    width: usize,
}

struct Inspector {
    painter: Painter,
    /// Objects nested fewer levels than this may share a line.
    compact: usize,
    indent: usize,
    /// Depth of the object entered last; with the depth of an object whose entries are done, it
    /// tells how deep its last entries nest (`ctx.currentDepth`).
    depth: usize,
}

impl Inspector {
    fn new(painter: Painter) -> Self {
        Inspector { painter, compact: COMPACT, indent: 0, depth: 0 }
    }

    fn format(&mut self, value: &Bson, depth: usize) -> Piece {
        match value {
            Bson::Document(document) => self.object(document, depth),
            Bson::Array(items) => self.array(items, depth),
            Bson::JavaScriptCodeWithScope(code) => {
                let source = self.scalar(Role::String, string(&code.code));
                let scope = self.object(&code.scope, depth);
                Piece { width: source.width + scope.width + 8, text: format!("Code({}, {})", source.text, scope.text) }
            }
            scalar => {
                let (role, text) = describe(scalar);
                self.scalar(role, text)
            }
        }
    }

    fn scalar(&self, role: Role, text: String) -> Piece {
        Piece { width: width(&text), text: self.painter.paint(role, text).into_owned() }
    }

    fn object(&mut self, document: &Document, depth: usize) -> Piece {
        if document.is_empty() {
            return Piece { text: "{}".to_owned(), width: 2 };
        }
        self.depth = depth;
        let mut entries = Vec::with_capacity(document.len());
        for (name, value) in document {
            self.indent += 2;
            let value = self.format(value, depth + 1);
            self.indent -= 2;
            let name = if is_identifier(name) {
                self.scalar(Role::Plain, name.clone())
            } else {
                self.scalar(Role::String, string(name))
            };
            entries.push(Piece { text: format!("{}: {}", name.text, value.text), width: name.width + 2 + value.width });
        }
        self.assemble(entries, false, depth, '{', '}')
    }

    fn array(&mut self, items: &[Bson], depth: usize) -> Piece {
        if items.is_empty() {
            return Piece { text: "[]".to_owned(), width: 2 };
        }
        self.depth = depth;
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            self.indent += 2;
            entries.push(self.format(item, depth + 1));
            self.indent -= 2;
        }
        let mut grouped = false;
        if entries.len() > 6 && self.compact > 0 {
            let numbers = items.iter().all(|item| matches!(item, Bson::Int32(_) | Bson::Double(_)));
            (entries, grouped) = self.group(entries, numbers);
        }
        self.assemble(entries, grouped, depth, '[', ']')
    }

    /// On one line if nothing nests deep and it is short enough, else one entry a line
    /// (`reduceToSingleString`).
    fn assemble(&self, entries: Vec<Piece>, grouped: bool, depth: usize, open: char, close: char) -> Piece {
        if !grouped && self.depth - depth < self.compact {
            let start = entries.len() + self.indent + 11;
            let total = entries.iter().map(|entry| entry.width).sum::<usize>() + entries.len() + start;
            if total <= BREAK && !entries.iter().any(|entry| entry.text.contains('\n')) {
                let width = entries.iter().map(|entry| entry.width + 2).sum::<usize>() + 2;
                let joined = join(&entries, ", ");
                return Piece { text: format!("{open} {joined} {close}"), width };
            }
        }
        let pad = " ".repeat(self.indent);
        let joined = join(&entries, &format!(",\n{pad}  "));
        let text = format!("{open}\n{pad}  {joined}\n{pad}{close}");
        Piece {
            width: entries.iter().map(|entry| entry.width + self.indent + 4).sum::<usize>() + self.indent + 4,
            text,
        }
    }

    /// Short elements of a long array in columns (`groupArrayElements`).
    fn group(&self, entries: Vec<Piece>, numbers: bool) -> (Vec<Piece>, bool) {
        const SEPARATOR: usize = 2;
        let total: usize = entries.iter().map(|entry| entry.width + SEPARATOR).sum();
        let longest = entries.iter().map(|entry| entry.width).max().unwrap_or(0);
        let cell = longest + SEPARATOR;
        if cell * 3 + self.indent >= BREAK || !(total > 5 * cell || longest <= 6) {
            return (entries, false);
        }
        let count = entries.len();
        let bias = (cell as f64 - total as f64 / count as f64).sqrt();
        let biased = (cell as f64 - 3.0 - bias).max(1.0);
        let columns = ((2.5 * biased * count as f64).sqrt() / biased)
            .round()
            .min(((BREAK - self.indent) / cell) as f64)
            .min((COMPACT * 4) as f64)
            .min(15.0) as usize;
        if columns <= 1 {
            return (entries, false);
        }
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                entries.iter().skip(column).step_by(columns).map(|entry| entry.width).max().unwrap_or(0) + SEPARATOR
            })
            .collect();
        let lines = entries
            .chunks(columns)
            .map(|line| {
                let mut text = String::new();
                for (at, entry) in line.iter().enumerate() {
                    let last = at + 1 == line.len();
                    let separator = if last { "" } else { ", " };
                    let room = widths[at] - if last { SEPARATOR } else { 0 };
                    let pad = room.saturating_sub(entry.width + separator.len());
                    if numbers {
                        let _ = write!(text, "{:pad$}{}{separator}", "", entry.text);
                    } else {
                        let pad = if last { 0 } else { pad };
                        let _ = write!(text, "{}{separator}{:pad$}", entry.text, "");
                    }
                }
                Piece { width: widths.iter().sum(), text }
            })
            .collect();
        (lines, true)
    }
}

fn join(entries: &[Piece], separator: &str) -> String {
    let mut text = String::with_capacity(entries.iter().map(|entry| entry.text.len() + separator.len()).sum());
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(&entry.text);
    }
    text
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// A value that has no parts, in mongosh's form.
fn describe(value: &Bson) -> (Role, String) {
    match value {
        Bson::Null => (Role::Null, "null".to_owned()),
        Bson::Undefined => (Role::Dim, "undefined".to_owned()),
        Bson::Boolean(flag) => (Role::Boolean, flag.to_string()),
        Bson::Int32(number) => (Role::Number, number.to_string()),
        Bson::Int64(number) => (Role::Number, format!("Long('{number}')")),
        Bson::Double(number) if number.is_finite() && number.fract() == 0.0 => {
            (Role::Number, format!("Double({})", notation::number(*number)))
        }
        Bson::Double(number) => (Role::Number, notation::number(*number)),
        Bson::Decimal128(number) => (Role::Number, format!("Decimal128('{number}')")),
        Bson::String(text) => (Role::String, string(text)),
        Bson::Symbol(text) => (Role::String, format!("BSONSymbol({})", string(text))),
        Bson::ObjectId(id) => (Role::Special, format!("ObjectId('{id}')")),
        Bson::DateTime(date) => (Role::Special, format!("ISODate('{}')", notation::iso_date(*date))),
        Bson::RegularExpression(regex) => (
            Role::Special,
            format!("/{}/{}", slashes(&sanitize::one_line(regex.pattern.as_str())), regex.options.as_str()),
        ),
        Bson::Timestamp(stamp) => {
            (Role::Special, format!("Timestamp({{ t: {}, i: {} }})", stamp.time, stamp.increment))
        }
        Bson::Binary(binary) => (Role::Special, binary_form(binary)),
        Bson::MinKey => (Role::Special, "MinKey()".to_owned()),
        Bson::MaxKey => (Role::Special, "MaxKey()".to_owned()),
        Bson::JavaScriptCode(code) => (Role::Special, format!("Code({})", string(code))),
        other => (Role::Special, sanitize::one_line(&other.to_string()).into_owned()),
    }
}

fn binary_form(binary: &bson::Binary) -> String {
    if binary.subtype == BinarySubtype::Uuid
        && let Ok(uuid) = binary.to_uuid()
    {
        return format!("UUID('{uuid}')");
    }
    format!("Binary.createFromBase64('{}', {})", ejson::base64(&binary.bytes), u8::from(binary.subtype))
}

/// A regular expression's source with its slashes escaped, as JavaScript shows it.
fn slashes(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut escaped = false;
    for character in pattern.chars() {
        if character == '/' && !escaped {
            text.push('\\');
        }
        escaped = character == '\\' && !escaped;
        text.push(character);
    }
    text
}

/// A string in the quotes that need the fewest escapes: single, else double, else backticks (`strEscape`).
fn string(text: &str) -> String {
    let quote = if !text.contains('\'') {
        '\''
    } else if !text.contains('"') {
        '"'
    } else if !text.contains('`') && !text.contains("${") {
        '`'
    } else {
        '\''
    };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\\' => quoted.push_str("\\\\"),
            c if c == quote => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\x{:02X}", c as u32);
            }
            c if sanitize::harmful(c) => {
                let _ = write!(quoted, "\\u{{{:X}}}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{bson, doc};

    fn show(document: Document) -> String {
        value(&Bson::Document(document), Painter::default())
    }

    #[test]
    fn objects_share_a_line_while_they_are_short_and_flat() {
        let id = bson::oid::ObjectId::parse_str("64a1f0c2e4b0a1b2c3d4e5f6").unwrap();
        for (document, expected) in [
            (doc! {}, "{}"),
            (doc! { "_id": 1, "a": "x" }, "{ _id: 1, a: 'x' }"),
            (
                doc! { "acknowledged": true, "insertedId": id },
                "{\n  acknowledged: true,\n  insertedId: ObjectId('64a1f0c2e4b0a1b2c3d4e5f6')\n}",
            ),
            (doc! { "a": { "b": { "c": {} } } }, "{ a: { b: { c: {} } } }"),
            (doc! { "a": { "b": { "c": { "d": 1 } } } }, "{\n  a: { b: { c: { d: 1 } } }\n}"),
            (doc! { "$gt": 1, "0": 1, "a-b": 1 }, "{ '0': 1, '$gt': 1, 'a-b': 1 }"),
        ] {
            let expected = if document.contains_key("$gt") { "{ '$gt': 1, '0': 1, 'a-b': 1 }" } else { expected };
            assert_eq!(show(document), expected);
        }
    }

    #[test]
    fn long_arrays_stand_in_columns() {
        let numbers: Vec<Bson> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, 10000]
            .iter()
            .chain([5; 16].iter())
            .map(|n| Bson::Int32(*n))
            .collect();
        let expected = "\
[
      1, 2, 3,  4,   5,    6,
      7, 8, 9, 10, 100, 1000,
  10000, 5, 5,  5,   5,    5,
      5, 5, 5,  5,   5,    5,
      5, 5, 5,  5,   5
]";
        assert_eq!(value(&Bson::Array(numbers), Painter::default()), expected);
        let documents: Vec<Bson> = (1..=7).map(|n| bson!({ "a": n })).collect();
        assert_eq!(
            value(&Bson::Array(documents), Painter::default()),
            "[\n  { a: 1 }, { a: 2 },\n  { a: 3 }, { a: 4 },\n  { a: 5 }, { a: 6 },\n  { a: 7 }\n]"
        );
    }

    #[test]
    fn values_take_mongosh_forms() {
        for (value, expected) in [
            (Bson::Int64(5), "Long('5')"),
            (Bson::Double(1.0), "Double(1)"),
            (Bson::Double(1.5), "1.5"),
            (Bson::Double(1e21), "Double(1e+21)"),
            (Bson::Double(f64::NAN), "NaN"),
            (Bson::Double(f64::NEG_INFINITY), "-Infinity"),
            (Bson::Decimal128("1.10".parse().unwrap()), "Decimal128('1.10')"),
            (Bson::DateTime(bson::DateTime::from_millis(1_577_836_800_000)), "ISODate('2020-01-01T00:00:00.000Z')"),
            (Bson::Timestamp(bson::Timestamp { time: 1, increment: 2 }), "Timestamp({ t: 1, i: 2 })"),
            (
                Bson::Binary(bson::Binary { subtype: BinarySubtype::Generic, bytes: vec![1, 2, 3] }),
                "Binary.createFromBase64('AQID', 0)",
            ),
            (
                Bson::Binary(bson::Binary { subtype: BinarySubtype::Uuid, bytes: (0..16).collect() }),
                "UUID('00010203-0405-0607-0809-0a0b0c0d0e0f')",
            ),
            (Bson::MinKey, "MinKey()"),
            (Bson::Undefined, "undefined"),
            (Bson::String("it's".into()), "\"it's\""),
            (Bson::String("a\"'".into()), "`a\"'`"),
            (Bson::String("a'\"`".into()), "'a\\'\"`'"),
            (Bson::String("\u{1b}\u{7f}\n\u{202e}".into()), "'\\x1B\\x7F\\n\\u{202E}'"),
        ] {
            assert_eq!(super::value(&value, Painter::default()), expected);
        }
    }
}
