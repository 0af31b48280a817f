//! `$first`, `$last`, `$firstN`, `$lastN`: by the order of the input.

use super::Kind;
use bson::Bson;
use std::collections::VecDeque;

/// The first or last `n` values, missing ones included.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    kind: Kind,
    n: usize,
    kept: VecDeque<Option<Bson>>,
}

impl Position {
    pub fn new(kind: Kind, n: usize) -> Self {
        Position { kind, n, kept: VecDeque::new() }
    }

    pub fn add(&mut self, value: Option<Bson>) {
        if self.kept.len() < self.n {
            self.kept.push_back(value);
        } else if matches!(self.kind, Kind::Last | Kind::LastN) {
            self.kept.pop_front();
            self.kept.push_back(value);
        }
    }

    pub fn value(&self) -> Option<Bson> {
        if matches!(self.kind, Kind::First | Kind::Last) {
            return self.kept.front().cloned().unwrap_or(Some(Bson::Null));
        }
        Some(Bson::Array(self.kept.iter().map(|value| value.clone().unwrap_or(Bson::Null)).collect()))
    }
}
