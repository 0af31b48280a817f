//! `$push`, `$addToSet`, `$concatArrays`, `$setUnion`, `$mergeObjects`.

use super::Kind;
use crate::doc::expression::type_name;
use crate::doc::spill::bytes_of;
use crate::doc::{Code, Error, Result};
use crate::value::collation::Collation;
use crate::value::order::BsonKey;
use bson::{Bson, Document};
use std::collections::HashSet;

/// Values put together.
#[derive(Debug, Clone)]
pub(crate) struct Collect {
    kind: Kind,
    items: Vec<Bson>,
    seen: HashSet<BsonKey>,
    merged: Document,
    pub collation: Option<Collation>,
    bytes: usize,
}

impl Collect {
    pub fn new(kind: Kind) -> Self {
        Collect { kind, items: Vec::new(), seen: HashSet::new(), merged: Document::new(), bytes: 0, collation: None }
    }

    pub fn add(&mut self, value: Option<Bson>) -> Result<()> {
        let Some(value) = value else { return Ok(()) };
        match self.kind {
            Kind::AddToSet => self.add_once(value),
            Kind::ConcatArrays | Kind::SetUnion => match value {
                Bson::Array(items) if self.kind == Kind::ConcatArrays => {
                    self.bytes += items.iter().map(bytes_of).sum::<usize>();
                    self.items.extend(items);
                }
                Bson::Array(items) => items.into_iter().for_each(|item| self.add_once(item)),
                other => {
                    return Err(Error::type_mismatch(format!(
                        "{} requires array inputs, but input is of type {}",
                        if self.kind == Kind::SetUnion { "$setUnion" } else { "$concatArrays" },
                        type_name(Some(&other))
                    )));
                }
            },
            Kind::MergeObjects => match value {
                Bson::Document(document) => {
                    for (name, value) in document {
                        self.bytes += name.len() + 48 + bytes_of(&value);
                        let gone = self.merged.insert(&name, value);
                        self.bytes -= gone.map_or(0, |gone| name.len() + 48 + bytes_of(&gone)).min(self.bytes);
                    }
                }
                Bson::Null | Bson::Undefined => {}
                other => {
                    return Err(Error::new(
                        Code::Location(40400),
                        format!(
                            "$mergeObjects requires object inputs, but input is of type {}",
                            type_name(Some(&other))
                        ),
                    ));
                }
            },
            _ => {
                self.bytes += bytes_of(&value);
                self.items.push(value);
            }
        }
        Ok(())
    }

    fn add_once(&mut self, value: Bson) {
        let key = match &self.collation {
            Some(collation) => collation.fold((&value).into()),
            None => value.clone(),
        };
        if self.seen.insert(BsonKey(key)) {
            self.bytes += 2 * bytes_of(&value);
            self.items.push(value);
        }
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn value(&self) -> Bson {
        match self.kind {
            Kind::MergeObjects => Bson::Document(self.merged.clone()),
            _ => Bson::Array(self.items.clone()),
        }
    }
}
