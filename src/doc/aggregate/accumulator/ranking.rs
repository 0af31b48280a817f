//! `$top`, `$bottom`, `$topN`, `$bottomN`: by a sort order of their own.

use super::{Input, Kind};
use bson::Bson;

/// The first or last `n` outputs of a sort.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    kind: Kind,
    n: usize,
    /// In sort order.
    kept: Vec<(Vec<u8>, Bson)>,
}

impl Ranking {
    pub fn new(kind: Kind, n: usize) -> Self {
        Ranking { kind, n, kept: Vec::new() }
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
        self.kept.insert(at, (key, value.unwrap_or(Bson::Null)));
        if self.kept.len() > self.n {
            if bottom {
                self.kept.remove(0);
            } else {
                self.kept.pop();
            }
        }
    }

    pub fn value(&self) -> Bson {
        if matches!(self.kind, Kind::Top | Kind::Bottom) {
            return self.kept.first().map_or(Bson::Null, |(_, value)| value.clone());
        }
        Bson::Array(self.kept.iter().map(|(_, value)| value.clone()).collect())
    }
}
