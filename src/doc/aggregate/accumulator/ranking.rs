//! `$top`, `$bottom`, `$topN`, `$bottomN`: by a sort order of their own.

use super::{Input, Kind};
use crate::doc::spill::bytes_of;
use bson::Bson;

/// The first or last `n` outputs of a sort.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    kind: Kind,
    n: usize,
    /// In sort order.
    kept: Vec<(Vec<u8>, Bson)>,
    bytes: usize,
}

impl Ranking {
    pub fn new(kind: Kind, n: usize) -> Self {
        Ranking { kind, n, kept: Vec::new(), bytes: 0 }
    }

    pub fn add(&mut self, input: Input) {
        let Input { value, key } = input;
        let at = self.kept.partition_point(|(kept, _)| *kept <= key);
        let bottom = matches!(self.kind, Kind::Bottom | Kind::BottomN);
        if bottom && self.kept.len() >= self.n && at == 0 {
            return;
        }
        if !bottom && at >= self.n {
            return;
        }
        let entry = (key, value.unwrap_or(Bson::Null));
        self.bytes += size(&entry);
        self.kept.insert(at, entry);
        if self.kept.len() > self.n {
            let gone = if bottom { Some(self.kept.remove(0)) } else { self.kept.pop() };
            self.bytes = self.bytes.saturating_sub(gone.as_ref().map_or(0, size));
        }
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn value(&self) -> Bson {
        if matches!(self.kind, Kind::Top | Kind::Bottom) {
            return self.kept.first().map_or(Bson::Null, |(_, value)| value.clone());
        }
        Bson::Array(self.kept.iter().map(|(_, value)| value.clone()).collect())
    }
}

fn size((key, value): &(Vec<u8>, Bson)) -> usize {
    key.len() + 24 + bytes_of(value)
}
