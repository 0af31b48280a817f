//! `$unwind`.

use super::nested;
use super::pipeline::{Compiled, known_fields};
use super::row::{Input, Row, Stage, pull};
use crate::doc::{Code, Context, Error, Result};
use crate::value::body::{Body, Element};
use crate::value::view::View;
use bson::Bson;
use std::rc::Rc;

struct Options {
    path: Vec<String>,
    index: Option<Vec<String>>,
    preserve: bool,
}

struct Unwind {
    input: Input,
    options: Rc<Options>,
    /// The document being unwound, the elements left, the next index.
    current: Option<(Row, std::vec::IntoIter<Item>, i64)>,
}

/// An element that takes the place of its array.
enum Item {
    /// Of a top-level field, where it need not be decoded.
    Element(Element),
    Value(Bson),
}

impl Stage for Unwind {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((row, items, index)) = &mut self.current {
                match items.next() {
                    Some(item) => {
                        let mut unwound = row.clone();
                        match (item, self.options.path.as_slice()) {
                            (Item::Element(element), [field]) => unwound.document.set_element(field, element),
                            (Item::Element(_), _) => {}
                            (Item::Value(value), path) => nested::set(&mut unwound.document, path, value),
                        }
                        let position = Bson::Int64(*index);
                        *index += 1;
                        self.set_index(&mut unwound.document, position);
                        return Ok(Some(unwound));
                    }
                    None => self.current = None,
                }
            }
            let Some(mut row) = pull(&mut self.input, cx)? else { return Ok(None) };
            let path = self.options.path.as_slice();
            match nested::get(&row.document, path) {
                Some(View::Array(items)) if !items.is_empty() => {
                    let items: Vec<Item> = match path {
                        [field] => {
                            row.document.elements(field).unwrap_or_default().into_iter().map(Item::Element).collect()
                        }
                        _ => items.iter().map(|item| Item::Value(item.to_bson())).collect(),
                    };
                    // Each element's document is a copy of this one: without the array, or n elements cost n².
                    if path.len() > 1 || !matches!(row.document, Body::Stored(_)) {
                        nested::set(&mut row.document, path, Bson::Null);
                    }
                    self.current = Some((row, items.into_iter(), 0));
                }
                Some(View::Array(_)) => {
                    if self.options.preserve {
                        nested::remove(&mut row.document, &self.options.path);
                        self.set_index(&mut row.document, Bson::Null);
                        return Ok(Some(row));
                    }
                }
                value => {
                    let nothing = value.is_none_or(View::is_nullish);
                    if !nothing || self.options.preserve {
                        self.set_index(&mut row.document, Bson::Null);
                        return Ok(Some(row));
                    }
                }
            }
        }
    }
}

impl Unwind {
    fn set_index(&self, document: &mut Body, index: Bson) {
        if let Some(path) = &self.options.index {
            nested::set(document, path, index);
        }
    }
}

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    let fail = |number: i32, message: &str| Error::new(Code::Location(number), message.to_owned());
    let (mut path, mut index, mut preserve) = (None, None, false);
    match spec {
        Bson::String(text) => path = Some(text),
        Bson::Document(document) => {
            known_fields(
                28811,
                "$unwind stage",
                document,
                &["path", "includeArrayIndex", "preserveNullAndEmptyArrays"],
            )?;
            for (name, value) in document {
                match (name.as_str(), value) {
                    ("path", Bson::String(text)) => path = Some(text),
                    ("path", _) => return Err(fail(28808, "expected a string as the path for $unwind stage")),
                    ("preserveNullAndEmptyArrays", Bson::Boolean(value)) => preserve = *value,
                    ("preserveNullAndEmptyArrays", _) => {
                        return Err(fail(
                            28809,
                            "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage",
                        ));
                    }
                    (_, Bson::String(text)) if !text.is_empty() => {
                        if text.starts_with('$') {
                            return Err(fail(
                                28822,
                                "includeArrayIndex option to $unwind stage should not be prefixed with a '$'",
                            ));
                        }
                        index = Some(super::field_path(text)?);
                    }
                    _ => {
                        return Err(fail(
                            28810,
                            "expected a non-empty string for the includeArrayIndex option to $unwind stage",
                        ));
                    }
                }
            }
        }
        _ => return Err(fail(15981, "expected either a string or an object as specification for $unwind stage")),
    }
    let path = path.ok_or_else(|| fail(28812, "no path specified to $unwind stage"))?;
    let Some(path) = path.strip_prefix('$') else {
        return Err(fail(28818, &format!("path option to $unwind stage should be prefixed with a '$': {path}")));
    };
    let options = Rc::new(Options { path: super::field_path(path)?, index, preserve });
    Ok(Compiled::other("$unwind", move |input, _| {
        Box::new(Unwind { input, options: Rc::clone(&options), current: None })
    }))
}
