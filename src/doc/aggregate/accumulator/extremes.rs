//! `$min`, `$max`, `$minN`, `$maxN`: in BSON order; null and missing are ignored.

use super::Kind;
use crate::doc::spill::bytes_of;
use crate::value::collation::Collation;
use crate::value::order::{compare, is_nullish};
use bson::Bson;
use std::cmp::Ordering;

/// The least or greatest `n` values, the best first; of equal ones the earlier.
#[derive(Debug, Clone)]
pub(crate) struct Extremes {
    greatest: bool,
    single: bool,
    n: usize,
    best: Vec<Bson>,
    pub collation: Option<Collation>,
    bytes: usize,
}

impl Extremes {
    pub fn new(kind: Kind, n: usize) -> Self {
        Extremes {
            greatest: matches!(kind, Kind::Max | Kind::MaxN),
            single: matches!(kind, Kind::Min | Kind::Max),
            n,
            best: Vec::new(),
            collation: None,
            bytes: 0,
        }
    }

    pub fn add(&mut self, value: Option<Bson>) {
        let Some(value) = value.filter(|value| !is_nullish(Some(value))) else { return };
        let at = self.best.partition_point(|kept| {
            let order = match &self.collation {
                Some(collation) => collation.compare(kept.into(), (&value).into()),
                None => compare(kept, &value),
            };
            let order = if self.greatest { order.reverse() } else { order };
            order != Ordering::Greater
        });
        if at < self.n {
            self.bytes += bytes_of(&value);
            self.best.insert(at, value);
            if self.best.len() > self.n {
                self.bytes = self.bytes.saturating_sub(self.best.pop().as_ref().map_or(0, bytes_of));
            }
        }
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn value(&self) -> Bson {
        if self.single { self.best.first().cloned().unwrap_or(Bson::Null) } else { Bson::Array(self.best.clone()) }
    }
}
