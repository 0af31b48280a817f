//! How a query reads its documents: the whole collection, ranges of an index, several indexes, a text search, or
//! cells around a point.
//!
//! | room | what it knows |
//! |---|---|
//! | `bounds` | what a filter says about one path, as ranges of keys |
//! | `candidate` | what one index offers a query |
//! | `implied` | whether a partial index holds all that a query asks for |
//! | `covered` | queries that an index answers without the documents |
//! | `choice` | which offer is taken: trial counts, as the server tries its plans |
//! | `search` | running plans; `rows`, `text`, `near`: their sources |
//! | `explain` | plans in MongoDB's shape |

mod bounds;
mod candidate;
mod choice;
mod covered;
mod explain;
mod implied;
mod near;
mod rows;
mod search;
#[cfg(test)]
pub(super) mod tests;
mod text;

pub use choice::{Limits, Request, Shown, choose, nearest};
pub use explain::{Explained, Verbosity, explain};
pub use search::{Match, Search};

use super::index::Index;
use super::{Error, Result};
use crate::storage::{Direction, KeyRange};
use crate::value::view::View;
use bson::{Bson, Document};
use covered::Covered;
use near::NearScan;
use text::TextScan;

/// Where documents come from.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is read.
    pub access: Access,
    /// Documents come in the order of the sort.
    pub sorted: bool,
    /// The access finds only documents that match: the filter need not be tested again.
    pub exact: bool,
    /// The answer is made of index keys.
    pub covered: Option<Covered>,
    /// Offers that were not taken.
    pub rejected: Vec<Access>,
}

impl Plan {
    /// The whole collection.
    pub fn of_collection() -> Plan {
        Plan {
            access: Access::Collection(Direction::Forward),
            sorted: false,
            exact: false,
            covered: None,
            rejected: Vec::new(),
        }
    }
}

/// What a plan reads.
#[derive(Debug, Clone)]
pub enum Access {
    /// Nothing: the collection does not exist.
    Nothing,
    /// The collection.
    Collection(Direction),
    /// Ranges of an index.
    Index(Box<IndexScan>),
    /// Ranges of several indexes, each document once: `$or`.
    Union(Vec<IndexScan>),
    /// The documents that both have: two conditions, each with its own index.
    Intersection(Box<[IndexScan; 2]>),
    /// `$text`
    Text(Box<TextScan>),
    /// `$near`
    Near(Box<NearScan>),
}

/// Ranges of an index.
#[derive(Debug, Clone)]
pub struct IndexScan {
    /// The index.
    pub index: Index,
    /// The ranges of keys, in key order.
    pub ranges: Vec<KeyRange>,
    /// Which way they are read.
    pub direction: Direction,
    /// Entries come in the order of the sort.
    pub sorted: bool,
    /// A document may come more than once.
    pub repeats: bool,
    /// The bounds say all that the filter says.
    pub exact: bool,
    /// How well the filter bounds it; 0: not at all.
    pub score: usize,
    /// For `explain`: the bounds of each field.
    pub bounds: Vec<(String, Vec<String>)>,
    /// For `explain`: the part of the filter of this branch of a union.
    pub filter: Option<Document>,
}

/// What the user asks of the plan: `hint(…)`.
#[derive(Debug, Clone, PartialEq)]
pub enum Hint {
    /// The index of this name.
    Name(String),
    /// The index with this pattern.
    Pattern(Document),
    /// No index; backward if the flag is set.
    Natural(bool),
}

impl Hint {
    /// From the argument of `hint`.
    ///
    /// # Errors
    /// It is neither a name nor a pattern.
    pub fn new(value: &Bson) -> Result<Hint> {
        match value {
            Bson::String(name) if name == "$natural" => Ok(Hint::Natural(false)),
            Bson::String(name) => Ok(Hint::Name(name.clone())),
            Bson::Document(pattern) => match pattern.get("$natural") {
                Some(direction) => Ok(Hint::Natural(View::from(direction).number().is_some_and(|number| number < 0.0))),
                None => Ok(Hint::Pattern(pattern.clone())),
            },
            _ => Err(Error::failed_to_parse("hint must be a string or an object")),
        }
    }

    fn fits(&self, index: &Index) -> bool {
        match self {
            Hint::Name(name) => *name == index.name,
            Hint::Pattern(pattern) => crate::value::order::compare_documents(pattern, &index.pattern).is_eq(),
            Hint::Natural(_) => false,
        }
    }
}
