//! A running plan: matching documents with their record ids, and what it cost to find them.

use super::Plan;
use super::rows::{Pages, Ranges, Rows};
use crate::doc::catalog::CollectionInfo;
use crate::doc::index::Index;
use crate::doc::path::Position;
use crate::doc::query::Filter;
use crate::doc::{Result, layout};
use crate::storage::Read;
use crate::value::body::{Body, SharedBytes};
use crate::value::raw::RawDocument;
use std::collections::{HashSet, VecDeque};
use std::ops::ControlFlow;
use std::rc::Rc;

/// A matching document.
pub struct Match {
    /// Its record id.
    pub record: u64,
    /// The document.
    pub document: Body,
    /// What the positional operator `$` stands for.
    pub position: Position,
}

/// A plan at work.
pub struct Search {
    collection: u32,
    filter: Filter,
    source: Source,
    /// Index entries looked at.
    pub keys_examined: u64,
    /// Documents looked at.
    pub documents_examined: u64,
}

enum Source {
    /// The collection itself: rows are matched where they lie, and only those that match are kept.
    Collection { ranges: Ranges, pages: Pages, page: VecDeque<Match> },
    /// Entries of an index, and the documents they lead to.
    Index { index: Index, rows: Rows, repeats: bool, seen: HashSet<u64> },
}

impl Search {
    /// Begins to run a plan; no more than `most` matches are wanted, if that is known.
    pub fn new(info: &CollectionInfo, plan: Plan, filter: Filter, most: Option<u64>) -> Search {
        let source = match plan.index.and_then(|at| info.indexes.get(at)).cloned() {
            None => Source::Collection {
                ranges: Ranges::new(plan.ranges, plan.direction),
                pages: Pages::new(most),
                page: VecDeque::new(),
            },
            Some(index) => Source::Index {
                rows: Rows::new(layout::index(index.id), plan.ranges, plan.direction, most),
                index,
                repeats: plan.repeats,
                seen: HashSet::new(),
            },
        };
        Search { collection: info.id, filter, source, keys_examined: 0, documents_examined: 0 }
    }

    /// The next matching document. The transaction may be written to between two calls.
    ///
    /// # Errors
    /// Storage, and what the filter says of its operands.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<Match>> {
        let documents = layout::documents(self.collection);
        match &mut self.source {
            Source::Collection { ranges, pages, page } => {
                if page.is_empty() && !ranges.is_empty() {
                    let wanted = pages.next();
                    let mut bytes = Vec::new();
                    let mut found = Vec::new();
                    let (filter, examined) = (&self.filter, &mut self.documents_examined);
                    ranges.read(tx, documents, &mut |key, value| {
                        *examined += 1;
                        if let Some(position) = filter.matches_at(RawDocument::new(value))? {
                            let start = bytes.len();
                            bytes.extend_from_slice(value);
                            found.push((layout::record_id(key)?, start, bytes.len(), position));
                        }
                        Ok(match Pages::is_full(found.len(), wanted, bytes.len()) {
                            true => ControlFlow::Break(()),
                            false => ControlFlow::Continue(()),
                        })
                    })?;
                    let bytes = Rc::new(bytes);
                    page.extend(found.into_iter().map(|(record, start, end, position)| Match {
                        record,
                        document: Body::Stored(SharedBytes::new(&bytes, start, end)),
                        position,
                    }));
                }
                Ok(page.pop_front())
            }
            Source::Index { index, rows, repeats, seen } => {
                while let Some((key, value)) = rows.next(tx)? {
                    self.keys_examined += 1;
                    let record = index.record(key, value)?;
                    if *repeats && !seen.insert(record) {
                        continue;
                    }
                    // It may have been removed since the page of entries was read.
                    let Some(bytes) = tx.get(documents, &record.to_be_bytes())? else { continue };
                    self.documents_examined += 1;
                    if let Some(position) = self.filter.matches_at(RawDocument::new(&bytes))? {
                        return Ok(Some(Match { record, document: bytes.into(), position }));
                    }
                }
                Ok(None)
            }
        }
    }
}
