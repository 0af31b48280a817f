//! Sort orders: `{a: 1, "b.c": -1, score: {$meta: "textScore"}}`.

use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use crate::value::order::compare_sort_keys;
use bson::{Bson, Document};
use std::cmp::Ordering;

/// A compiled sort order.
#[derive(Debug, Clone, Default)]
pub(crate) struct SortPattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    source: Source,
    ascending: bool,
}

#[derive(Debug, Clone)]
enum Source {
    Path(Vec<String>),
    Meta(Expression),
}

/// The most fields of a sort order, as in MongoDB's compound keys.
const MAX_PARTS: usize = 32;

impl SortPattern {
    /// Compiles a sort document.
    ///
    /// # Errors
    /// It is empty, a direction is not 1, -1 or `{$meta: …}`, or a path is malformed.
    pub fn parse(sort: &Document) -> Result<SortPattern> {
        if sort.is_empty() {
            return Err(Error::new(Code::Location(15976), "$sort stage must have at least one sort key"));
        }
        if sort.len() > MAX_PARTS {
            return Err(Error::bad_value(format!("too many compound keys: at most {MAX_PARTS} are allowed")));
        }
        let mut parts = Vec::with_capacity(sort.len());
        for (path, direction) in sort {
            if let Bson::Document(meta) = direction {
                if meta.len() != 1 || !meta.contains_key("$meta") {
                    return Err(Error::new(
                        Code::Location(17312),
                        "$meta is the only expression supported by $sort right now",
                    ));
                }
                let what = meta.get_str("$meta").unwrap_or_default();
                if !matches!(what, "textScore" | "randVal" | "geoNearDistance" | "searchScore") {
                    return Err(Error::new(Code::Location(31138), format!("Illegal $meta sort: {meta}")));
                }
                // Scores sort the best first, distances the nearest first.
                let ascending = what == "geoNearDistance";
                let source = if what == "randVal" { doc_rand() } else { Bson::Document(meta.clone()) };
                parts.push(Part { source: Source::Meta(Expression::parse(&source)?), ascending });
                continue;
            }
            let ascending = match direction {
                Bson::Int32(1) | Bson::Int64(1) => true,
                Bson::Int32(-1) | Bson::Int64(-1) => false,
                Bson::Double(direction) if *direction == 1.0 => true,
                Bson::Double(direction) if *direction == -1.0 => false,
                Bson::Decimal128(direction) if direction.to_string() == "1" => true,
                Bson::Decimal128(direction) if direction.to_string() == "-1" => false,
                Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => {
                    return Err(Error::new(
                        Code::Location(15975),
                        "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
                    ));
                }
                other => {
                    return Err(Error::new(
                        Code::Location(15974),
                        format!("Illegal key in $sort specification: {path}: {other}"),
                    ));
                }
            };
            parts.push(Part { source: Source::Path(super::field_path(path)?), ascending });
        }
        Ok(SortPattern { parts })
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// The path of the only field, if there is just one.
    pub fn single_path(&self) -> Option<String> {
        match self.parts.as_slice() {
            [Part { source: Source::Path(path), .. }] => Some(path.join(".")),
            _ => None,
        }
    }

    /// Whether the first field is ascending.
    pub fn first_is_ascending(&self) -> bool {
        self.parts.first().is_none_or(|part| part.ascending)
    }

    /// The key of a document: an array stands for its least element, descending for its greatest.
    ///
    /// # Errors
    /// Two of the fields are arrays.
    pub fn key(&self, document: &Document, variables: &Variables) -> Result<Vec<Bson>> {
        let mut key = Vec::with_capacity(self.parts.len());
        let mut array: Option<&str> = None;
        for part in &self.parts {
            match &part.source {
                Source::Meta(expression) => {
                    key.push(expression.evaluate(document, variables)?.unwrap_or(Bson::Null));
                }
                Source::Path(path) => {
                    let mut best: Option<&Bson> = None;
                    let mut any = false;
                    let entered = visit(document, path, &mut |value| {
                        let better = !any || {
                            let order = compare_sort_keys(value, best);
                            if part.ascending { order == Ordering::Less } else { order == Ordering::Greater }
                        };
                        if better {
                            best = value;
                            any = true;
                        }
                    });
                    if entered {
                        let root = path.first().map_or("", String::as_str);
                        if array.is_some_and(|other| other != root) {
                            return Err(Error::bad_value("cannot sort with keys that are parallel arrays"));
                        }
                        array = Some(root);
                    }
                    key.push(best.cloned().unwrap_or(Bson::Null));
                }
            }
        }
        Ok(key)
    }

    /// The order of two keys.
    pub fn compare(&self, a: &[Bson], b: &[Bson]) -> Ordering {
        for (part, (x, y)) in self.parts.iter().zip(a.iter().zip(b)) {
            let order = match (x, y) {
                // An empty array sorts below null: it stands here as undefined.
                (Bson::Undefined, _) | (_, Bson::Undefined) => crate::value::order::compare(x, y),
                _ => compare_sort_keys(Some(x), Some(y)),
            };
            if order != Ordering::Equal {
                return if part.ascending { order } else { order.reverse() };
            }
        }
        Ordering::Equal
    }
}

fn doc_rand() -> Bson {
    Bson::Document(bson::doc! { "$rand": {} })
}

static EMPTY: Bson = Bson::Undefined;

/// Calls `found` for each value at a path, entering arrays; answers whether it entered one.
fn visit<'d>(document: &'d Document, path: &[String], found: &mut dyn FnMut(Option<&'d Bson>)) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    match document.get(first) {
        None => {
            found(None);
            false
        }
        Some(value) => visit_value(value, rest, found),
    }
}

fn visit_value<'d>(value: &'d Bson, rest: &[String], found: &mut dyn FnMut(Option<&'d Bson>)) -> bool {
    match value {
        Bson::Array(items) if rest.is_empty() => {
            if items.is_empty() {
                found(Some(&EMPTY));
            }
            items.iter().for_each(|item| found(Some(item)));
            true
        }
        Bson::Array(items) => {
            let mut any = false;
            let index = rest.first().and_then(|name| name.parse::<usize>().ok());
            if let Some(item) = index.and_then(|index| items.get(index)) {
                any = true;
                visit_value(item, &rest[1..], found);
            } else {
                for item in items {
                    if let Bson::Document(inner) = item {
                        any = true;
                        visit(inner, rest, found);
                    }
                }
            }
            if !any {
                found(None);
            }
            true
        }
        Bson::Document(inner) if !rest.is_empty() => visit(inner, rest, found),
        value if rest.is_empty() => {
            found(Some(value));
            false
        }
        _ => {
            found(None);
            false
        }
    }
}
