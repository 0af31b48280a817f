//! The paths of updates: `a.b.0`, with `$`, `$[]` and `$[name]` that become positions.

use crate::doc::path::Position;
use crate::doc::query::Filter;
use crate::doc::{Code, Error, Result, shell_text};
use bson::{Bson, Document};
use std::cmp::Ordering;

/// A path as an update names it.
#[derive(Debug, Clone)]
pub struct Target {
    text: String,
    components: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq)]
enum Component {
    Name(String),
    /// `$`
    Matched,
    /// `$[]`
    Every,
    /// `$[name]`
    Filtered(String),
}

/// A path in one document, positions put in.
#[derive(Debug, Clone)]
pub struct Concrete {
    parts: Vec<String>,
}

/// The most nulls that a position behind an array's end may ask for, as in MongoDB.
const MAX_PADDING: usize = 1_500_000;

impl Target {
    /// A path from its text.
    ///
    /// # Errors
    /// Empty components (56), names with `$` (52), `$` at the start.
    pub fn new(text: &str) -> Result<Target> {
        if text.is_empty() {
            return Err(Error::new(Code::EmptyFieldName, "An empty update path is not valid."));
        }
        let mut components = Vec::new();
        for (at, part) in text.split('.').enumerate() {
            let component = match part {
                "" => {
                    return Err(Error::new(
                        Code::EmptyFieldName,
                        format!("The update path '{text}' contains an empty field name, which is not allowed."),
                    ));
                }
                "$" => Component::Matched,
                "$[]" => Component::Every,
                _ => match part.strip_prefix("$[").and_then(|part| part.strip_suffix(']')) {
                    Some(name) => Component::Filtered(name.to_owned()),
                    None if part.starts_with('$') && !matches!(part, "$id" | "$ref" | "$db") => {
                        return Err(Error::new(
                            Code::DollarPrefixedFieldName,
                            format!("The dollar ($) prefixed field '{part}' in '{text}' is not valid for storage."),
                        ));
                    }
                    None => Component::Name(part.to_owned()),
                },
            };
            if at == 0 && !matches!(component, Component::Name(_)) {
                return Err(Error::bad_value(format!(
                    "Cannot have array filter identifier or positional operator as the first component of the path '{text}'"
                )));
            }
            components.push(component);
        }
        Ok(Target { text: text.to_owned(), components })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names of the array filters it uses.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().filter_map(|component| match component {
            Component::Filtered(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The order in which operators apply: by components, numbers by value.
    pub fn compare(&self, other: &Target) -> Ordering {
        let mut left = self.text.split('.');
        let mut right = other.text.split('.');
        loop {
            match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (None, _) => return Ordering::Less,
                (_, None) => return Ordering::Greater,
                (Some(a), Some(b)) => {
                    let order = match (a.parse::<u64>(), b.parse::<u64>()) {
                        (Ok(a), Ok(b)) => a.cmp(&b),
                        _ => a.cmp(b),
                    };
                    if order != Ordering::Equal {
                        return order;
                    }
                }
            }
        }
    }

    /// Where two paths meet, if one is the other or leads to it.
    pub fn conflict<'t>(&'t self, other: &'t Target) -> Option<&'t str> {
        let (short, long) = if self.components.len() <= other.components.len() { (self, other) } else { (other, self) };
        long.components.starts_with(&short.components).then_some(short.as_str())
    }

    /// The places it stands for in a document.
    ///
    /// # Errors
    /// `$` without a position, `$[]` on what is no array.
    pub fn expand(
        &self,
        document: &Document,
        position: Position,
        filters: &[(String, Filter)],
    ) -> Result<Vec<Concrete>> {
        let mut places = vec![Concrete { parts: Vec::new() }];
        for component in &self.components {
            match component {
                Component::Name(name) => places.iter_mut().for_each(|place| place.parts.push(name.clone())),
                Component::Matched => {
                    let at = position.ok_or_else(|| {
                        Error::bad_value("The positional operator did not find the match needed from the query.")
                    })?;
                    places.iter_mut().for_each(|place| place.parts.push(at.to_string()));
                }
                Component::Every | Component::Filtered(_) => {
                    let mut expanded = Vec::new();
                    for place in places {
                        let items = match place.get(document) {
                            Some(Bson::Array(items)) => items,
                            Some(other) => {
                                return Err(Error::bad_value(format!(
                                    "Cannot apply array updates to non-array element {}: {}",
                                    place.parts.last().map_or("", String::as_str),
                                    shell_text::value(other)
                                )));
                            }
                            None => {
                                return Err(Error::bad_value(format!(
                                    "The path '{}' must exist in the document in order to apply array updates.",
                                    place.text()
                                )));
                            }
                        };
                        for (at, item) in items.iter().enumerate() {
                            if matching(component, item, filters)? {
                                let mut parts = place.parts.clone();
                                parts.push(at.to_string());
                                expanded.push(Concrete { parts });
                            }
                        }
                    }
                    places = expanded;
                }
            }
        }
        Ok(places)
    }
}

fn matching(component: &Component, item: &Bson, filters: &[(String, Filter)]) -> Result<bool> {
    let Component::Filtered(name) = component else { return Ok(true) };
    let Some((_, filter)) = filters.iter().find(|(known, _)| known == name) else { return Ok(false) };
    let mut wrapped = Document::new();
    wrapped.insert(name.as_str(), item.clone());
    filter.matches(&wrapped)
}

impl Concrete {
    /// A path of plain names.
    pub fn of(text: &str) -> Concrete {
        Concrete { parts: text.split('.').map(str::to_owned).collect() }
    }

    /// Its text.
    pub fn text(&self) -> String {
        self.parts.join(".")
    }

    /// The value there.
    pub fn get<'d>(&self, document: &'d Document) -> Option<&'d Bson> {
        let (first, rest) = self.parts.split_first()?;
        rest.iter().try_fold(document.get(first)?, |value, part| match value {
            Bson::Document(inner) => inner.get(part),
            Bson::Array(items) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The first array on the way, as the part of the path that leads to it.
    pub fn array_on_the_way(&self, document: &Document) -> Option<String> {
        (1..self.parts.len())
            .map(|length| Concrete { parts: self.parts[..length].to_vec() })
            .find(|prefix| matches!(prefix.get(document), Some(Bson::Array(_))))
            .map(|prefix| prefix.text())
    }

    /// Sets the value, making objects on the way and nulls before a position behind an array's end.
    ///
    /// # Errors
    /// 28 if a value on the way is neither object nor array.
    pub fn set(&self, document: &mut Document, value: Bson) -> Result<()> {
        let Some((first, rest)) = self.parts.split_first() else { return Ok(()) };
        if rest.is_empty() {
            document.insert(first.as_str(), value);
            return Ok(());
        }
        if !document.contains_key(first) {
            document.insert(first.as_str(), Document::new());
        }
        match document.get_mut(first) {
            Some(inner) => set_in(inner, first, rest, value),
            None => Ok(()),
        }
    }

    /// Removes the value: a field goes, an element of an array becomes null.
    pub fn remove(&self, document: &mut Document) {
        let Some((last, before)) = self.parts.split_last() else { return };
        let Some((first, between)) = before.split_first() else {
            document.remove(last);
            return;
        };
        let mut value = document.get_mut(first);
        for part in between {
            value = match value {
                Some(Bson::Document(inner)) => inner.get_mut(part),
                Some(Bson::Array(items)) => part.parse::<usize>().ok().and_then(|at| items.get_mut(at)),
                _ => None,
            };
        }
        match value {
            Some(Bson::Document(inner)) => drop(inner.remove(last)),
            Some(Bson::Array(items)) => {
                if let Some(item) = last.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
                    *item = Bson::Null;
                }
            }
            _ => {}
        }
    }
}

fn set_in(container: &mut Bson, name: &str, rest: &[String], value: Bson) -> Result<()> {
    let Some((first, deeper)) = rest.split_first() else {
        *container = value;
        return Ok(());
    };
    match container {
        Bson::Document(inner) => {
            if deeper.is_empty() {
                inner.insert(first.as_str(), value);
                return Ok(());
            }
            if !inner.contains_key(first) {
                inner.insert(first.as_str(), Document::new());
            }
            match inner.get_mut(first) {
                Some(next) => set_in(next, first, deeper, value),
                None => Ok(()),
            }
        }
        Bson::Array(items) if first.bytes().all(|byte| byte.is_ascii_digit()) => {
            let at: usize = first.parse().unwrap_or(usize::MAX);
            if at >= items.len().saturating_add(MAX_PADDING) {
                return Err(Error::new(
                    Code::BadValue,
                    format!("cannot backfill more than {MAX_PADDING} elements of the array '{name}'"),
                ));
            }
            if at >= items.len() {
                items.resize(at, Bson::Null);
                items.push(Bson::Document(Document::new()));
            }
            match items.get_mut(at) {
                Some(next) => set_in(next, first, deeper, value),
                None => Ok(()),
            }
        }
        other => Err(Error::new(
            Code::PathNotViable,
            format!("Cannot create field '{first}' in element {{{name}: {}}}", shell_text::value(other)),
        )),
    }
}
