//! Wildcard indexes: every field of a document, or of a part of it, under its own path.
//!
//! ```text
//! entry   path as a string's key ++ key of the value
//! ```
//!
//! Arrays are taken apart, their elements stand under the array's own path; empty objects and arrays are values.

use super::spec::cannot;
use crate::doc::Result;
use crate::value::collation::Collation;
use crate::value::view::{DocumentView, View};
use crate::value::{construct, key};
use bson::{Bson, Document};

/// Which fields a wildcard index takes in.
#[derive(Debug, Clone)]
pub struct Wildcard {
    /// The path before `$**`, empty for the whole document.
    root: String,
    /// Paths that are taken in, or with the flag false left out.
    chosen: Option<(bool, Vec<String>)>,
    /// Whether `_id` is taken in.
    id: bool,
    /// How strings compare.
    collation: Option<Collation>,
}

const DEEPEST: usize = 100;

impl Wildcard {
    /// From its pattern's path and the option `wildcardProjection`.
    pub fn new(path: &str, projection: Option<&Bson>, collation: Option<Collation>) -> Result<Wildcard> {
        let root = match path.strip_suffix("$**") {
            Some("") => String::new(),
            Some(root) if root.ends_with('.') => root.trim_end_matches('.').to_owned(),
            _ => return Err(cannot(format!("Index key contains an illegal field name: {path}"))),
        };
        let mut wildcard = Wildcard { root, chosen: None, id: false, collation };
        match projection {
            None => {}
            Some(Bson::Document(projection)) if projection.is_empty() => {
                return Err(cannot("The 'wildcardProjection' field can't be an empty object"));
            }
            Some(Bson::Document(projection)) => wildcard.choose(projection)?,
            Some(_) => {
                return Err(cannot("The field 'wildcardProjection' must be a non-empty object"));
            }
        }
        Ok(wildcard)
    }

    fn choose(&mut self, projection: &Document) -> Result<()> {
        if !self.root.is_empty() {
            return Err(cannot("The field 'wildcardProjection' is only allowed when 'key' is {\"$**\": ±1}"));
        }
        for (path, value) in projection {
            let include = match value {
                Bson::Boolean(flag) => *flag,
                number => construct::number(Some(number)).is_some_and(|number| number != 0.0),
            };
            if path == "_id" {
                self.id = include;
                continue;
            }
            let (mode, paths) = self.chosen.get_or_insert_with(|| (include, Vec::new()));
            if *mode != include {
                return Err(cannot("Cannot do exclusion and inclusion in one wildcardProjection"));
            }
            paths.push(path.clone());
        }
        Ok(())
    }

    /// Whether every value at a path has entries, so that a query on it is answered.
    pub fn covers(&self, path: &str) -> bool {
        let below =
            |path: &str, root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('.'));
        // Positions in paths stand for elements, which the entries do not tell apart.
        if path.split('.').any(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
            return false;
        }
        if !self.root.is_empty() && !below(path, &self.root) || below(path, "_id") && !self.id {
            return false;
        }
        match &self.chosen {
            None => true,
            Some((true, paths)) => paths.iter().any(|root| below(path, root)),
            Some((false, paths)) => !paths.iter().any(|root| below(path, root) || below(root, path)),
        }
    }

    /// Calls `found` for each entry of a document; true if an array was met.
    pub fn entries(&self, document: DocumentView<'_>, found: &mut dyn FnMut(Vec<u8>)) -> bool {
        let mut arrays = false;
        self.walk(document, "", 0, &mut arrays, found);
        arrays
    }

    fn walk(
        &self,
        document: DocumentView<'_>,
        prefix: &str,
        depth: usize,
        arrays: &mut bool,
        found: &mut dyn FnMut(Vec<u8>),
    ) {
        for (name, value) in document.fields() {
            let path = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") };
            self.value(value, &path, depth, arrays, found);
        }
    }

    fn value(&self, value: View<'_>, path: &str, depth: usize, arrays: &mut bool, found: &mut dyn FnMut(Vec<u8>)) {
        match value {
            View::Document(inner) if !inner.is_empty() && depth < DEEPEST => {
                self.walk(inner, path, depth + 1, arrays, found);
            }
            View::Array(items) if !items.is_empty() && depth < DEEPEST => {
                *arrays = true;
                for item in items.iter() {
                    match item {
                        // An array inside an array is one value.
                        View::Array(_) => self.found(item, path, found),
                        item => self.value(item, path, depth + 1, arrays, found),
                    }
                }
            }
            // As in other indexes, an empty array stands below null.
            View::Array(items) if items.is_empty() => {
                *arrays = true;
                self.found(View::Undefined, path, found);
            }
            value => self.found(value, path, found),
        }
    }

    fn found(&self, value: View<'_>, path: &str, found: &mut dyn FnMut(Vec<u8>)) {
        if self.covers(path) {
            let mut entry = path_key(path);
            let mut folded = None;
            let value = match &self.collation {
                Some(collation) => collation.folded(value, &mut folded),
                None => value,
            };
            key::encode(value, &mut entry);
            found(entry);
        }
    }
}

/// What all entries of a path begin with.
pub fn path_key(path: &str) -> Vec<u8> {
    key::of(View::String(path.as_bytes()))
}
