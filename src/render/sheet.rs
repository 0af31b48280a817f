//! Any answer as rows and columns: what tables, CSV, Markdown and line blocks are made of.
//!
//! | answer | columns | rows |
//! |---|---|---|
//! | kv | `value` | the value, or each element of an array |
//! | documents | the union of their top-level fields, in the order first seen | one a document |
//! | a document value | its fields | one |
//! | any other value | `value` | the value, or each element of an array |
//! | graph | its columns | its rows |

use super::{cypher, json, notation};
use crate::reply::{DocReply, Reply, Resp, ShellReply, Stream};
use crate::text::{Diagnostic, Model};
use bson::{Bson, Document};
use std::borrow::Cow;

/// The columns of documents are taken from this many; what comes later must fit them.
const SAMPLE: usize = 10_000;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What is shown; empty for a value that is missing or null.
    pub text: String,
    /// It is a number: tables align it right.
    pub number: bool,
}

impl Cell {
    fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), number: false }
    }

    fn number(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), number: true }
    }
}

/// Rows of a sheet, read as they are written.
pub type Rows<'r> = Box<dyn Iterator<Item = Result<Vec<Cell>, Diagnostic>> + 'r>;

/// An answer as rows and columns.
pub struct Sheet<'r> {
    /// Column names.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Rows<'r>,
}

/// What an answer is to the tabular modes.
pub enum Form<'r> {
    /// Nothing to show.
    Nothing,
    /// Text for people.
    Text(Cow<'r, str>),
    /// Rows and columns.
    Sheet(Sheet<'r>),
}

/// The tabular form of an answer.
///
/// # Errors
/// When the first documents of a cursor cannot be read.
pub fn form<'r, 'a: 'r>(reply: &'r mut Reply<'a>) -> Result<Form<'r>, Diagnostic> {
    Ok(match reply {
        Reply::Kv(reply) => match &*reply {
            Resp::Array(items) | Resp::Series(items) => values(items.iter().map(resp_cell)),
            reply => values(std::iter::once(resp_cell(reply))),
        },
        Reply::Doc(DocReply::None | DocReply::Printed(_)) | Reply::Shell(ShellReply::None) => Form::Nothing,
        Reply::Doc(DocReply::Value(value)) | Reply::Shell(ShellReply::Value(value)) => match &*value {
            Bson::Document(document) => Form::Sheet(Sheet {
                columns: document.keys().cloned().collect(),
                rows: Box::new(std::iter::once(Ok(document.values().map(bson_cell).collect()))),
            }),
            Bson::Array(items) if !items.is_empty() && items.iter().all(|item| item.as_document().is_some()) => {
                let columns = union(items.iter().filter_map(Bson::as_document));
                let keys = columns.clone();
                let rows = items.iter().filter_map(Bson::as_document).map(move |document| Ok(cells(document, &keys)));
                Form::Sheet(Sheet { columns, rows: Box::new(rows) })
            }
            Bson::Array(items) => values(items.iter().map(bson_cell)),
            value => values(std::iter::once(bson_cell(value))),
        },
        Reply::Doc(DocReply::Cursor(stream)) => documents(stream)?,
        Reply::Doc(DocReply::Listing(entries)) => {
            let sized = entries.iter().any(|(_, size)| size.is_some());
            let mut columns = vec!["name".to_owned()];
            if sized {
                columns.push("size".to_owned());
            }
            let rows = entries.iter().map(move |(name, size)| {
                let mut row = vec![Cell::text(name)];
                if sized {
                    row.push(Cell::number(size.as_deref().unwrap_or_default()));
                }
                Ok(row)
            });
            Form::Sheet(Sheet { columns, rows: Box::new(rows) })
        }
        Reply::Graph(reply) => match &reply.plan {
            Some(plan) if reply.columns.is_empty() => {
                Form::Text(super::plan::draw(plan, &super::Look::default()).into())
            }
            _ if reply.columns.is_empty() => Form::Nothing,
            _ => {
                let rows = reply.rows.by_ref().map(|row| Ok(row?.iter().map(graph_cell).collect()));
                Form::Sheet(Sheet { columns: reply.columns.clone(), rows: Box::new(rows) })
            }
        },
        Reply::Shell(ShellReply::Text(text)) => Form::Text(text.as_str().into()),
    })
}

fn values<'r>(cells: impl Iterator<Item = Cell> + 'r) -> Form<'r> {
    Form::Sheet(Sheet { columns: vec!["value".to_owned()], rows: Box::new(cells.map(|cell| Ok(vec![cell]))) })
}

fn documents<'r>(stream: &'r mut Stream<'_, Document>) -> Result<Form<'r>, Diagnostic> {
    let first: Vec<Document> = stream.by_ref().take(SAMPLE).collect::<Result<_, _>>()?;
    let columns = union(first.iter());
    let keys = columns.clone();
    let rows = first.into_iter().map(Ok).chain(stream).enumerate().map(move |(at, document)| {
        let document = document?;
        if at >= SAMPLE
            && let Some(stranger) = document.keys().find(|key| !keys.contains(key))
        {
            return Err(Diagnostic::new(
                Model::Doc,
                "UnknownColumn",
                format!("document {} has the field '{stranger}', which none of the first {SAMPLE} has", at + 1),
            )
            .hint("use --output jsonl, or a projection that names the fields"));
        }
        Ok(cells(&document, &keys))
    });
    Ok(Form::Sheet(Sheet { columns, rows: Box::new(rows) }))
}

fn union<'d>(documents: impl Iterator<Item = &'d Document>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut columns = Vec::new();
    for document in documents {
        for key in document.keys() {
            if !seen.contains(key) {
                seen.insert(key.clone());
                columns.push(key.clone());
            }
        }
    }
    columns
}

fn cells(document: &Document, columns: &[String]) -> Vec<Cell> {
    columns.iter().map(|column| document.get(column).map(bson_cell).unwrap_or_default()).collect()
}

fn resp_cell(reply: &Resp) -> Cell {
    match reply {
        Resp::Status(text) | Resp::Error(text) | Resp::Text(text) => Cell::text(text),
        Resp::Bulk(bytes) => Cell::text(notation::readable(bytes)),
        Resp::Integer(number) => Cell::number(number.to_string()),
        Resp::Nil => Cell::default(),
        Resp::Array(_) | Resp::Series(_) => Cell::text(json::resp(reply).to_string()),
    }
}

/// A value of a document as a cell: scalars bare, the rest as Extended JSON.
pub fn bson_cell(value: &Bson) -> Cell {
    match value {
        Bson::Null | Bson::Undefined => Cell::default(),
        Bson::String(text) | Bson::Symbol(text) => Cell::text(text),
        Bson::Boolean(flag) => Cell::text(flag.to_string()),
        Bson::Int32(number) => Cell::number(number.to_string()),
        Bson::Int64(number) => Cell::number(number.to_string()),
        Bson::Double(number) => Cell::number(notation::number(*number)),
        Bson::Decimal128(number) => Cell::number(number.to_string()),
        Bson::ObjectId(id) => Cell::text(id.to_hex()),
        Bson::DateTime(date) => Cell::text(notation::iso_date(*date)),
        other => Cell::text(json::bson(other).to_string()),
    }
}

fn graph_cell(value: &crate::value::graph::Value) -> Cell {
    use crate::value::graph::Value;
    Cell { text: cypher::bare(value), number: matches!(value, Value::Int(_) | Value::Float(_)) }
}
