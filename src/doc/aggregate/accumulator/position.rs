//! `$first`, `$last`, `$firstN`, `$lastN`: by the order of the input.

use super::Kind;
use crate::doc::spill::bytes_of;
use bson::Bson;
use std::collections::VecDeque;

/// The first or last `n` values, missing ones included.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    kind: Kind,
    n: usize,
    kept: VecDeque<Option<Bson>>,
    bytes: usize,
}

impl Position {
    pub fn new(kind: Kind, n: usize) -> Self {
        Position { kind, n, kept: VecDeque::new(), bytes: 0 }
    }

    pub fn add(&mut self, value: Option<Bson>) {
        if self.kept.len() < self.n {
            self.bytes += value.as_ref().map_or(8, bytes_of);
            self.kept.push_back(value);
        } else if matches!(self.kind, Kind::Last | Kind::LastN) {
            let gone = self.kept.pop_front().flatten();
            self.bytes += value.as_ref().map_or(8, bytes_of);
            self.bytes = self.bytes.saturating_sub(gone.as_ref().map_or(8, bytes_of));
            self.kept.push_back(value);
        }
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn value(&self) -> Option<Bson> {
        if matches!(self.kind, Kind::First | Kind::Last) {
            return self.kept.front().cloned().unwrap_or(Some(Bson::Null));
        }
        Some(Bson::Array(self.kept.iter().map(|value| value.clone().unwrap_or(Bson::Null)).collect()))
    }
}
