//! A running plan: matching documents with their record ids, and what it cost to find them.

use super::covered::{self, Covered};
use super::near::{Nearest, Placed};
use super::rows::{Pages, Ranges, Rows};
use super::text::TextScan;
use super::{Access, IndexScan, Plan};
use crate::doc::catalog::CollectionInfo;
use crate::doc::expression::Metadata;
use crate::doc::path::Position;
use crate::doc::query::Filter;
use crate::doc::{Result, layout};
use crate::storage::{Direction, KeyRange, Read};
use crate::value::body::{Body, SharedBytes};
use crate::value::raw::RawDocument;
use bson::Document;
use std::collections::{HashSet, VecDeque};
use std::ops::ControlFlow;
use std::rc::Rc;

/// A matching document.
pub struct Match {
    /// Its record id.
    pub record: u64,
    /// The document, or the fields of it that a covered query asks for.
    pub document: Body,
    /// What the positional operator `$` stands for.
    pub position: Position,
    /// Its text score or distance.
    pub metadata: Metadata,
}

/// What was looked at by one index scan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Examined {
    /// Index entries.
    pub keys: u64,
    /// Documents.
    pub documents: u64,
    /// Documents that came out.
    pub returned: u64,
}

/// A plan at work.
pub struct Search {
    collection: u32,
    filter: Filter,
    /// Documents are tested with the filter.
    tested: bool,
    source: Source,
    /// Documents looked at.
    pub documents_examined: u64,
}

enum Source {
    Nothing,
    /// The collection itself: rows are matched where they lie, and only those that match are kept.
    Collection(CollectionSource),
    /// Entries of indexes one after another, and the documents they lead to.
    Indexes {
        scans: Vec<Running>,
        at: usize,
        repeats: bool,
        seen: HashSet<u64>,
        covered: Option<Covered>,
    },
    /// Records that are known already, with their text scores.
    Records {
        rows: Waiting,
        text: Option<Box<TextScan>>,
        examined: Vec<Examined>,
    },
    Near(Box<Nearest>),
}

struct CollectionSource {
    ranges: Ranges,
    pages: Pages,
    page: VecDeque<Match>,
}

/// An index scan at work.
struct Running {
    scan: IndexScan,
    rows: Rows,
    examined: Examined,
}

/// Records that are found at the first pull.
enum Waiting {
    Text(Box<TextScan>),
    Intersection(Box<[IndexScan; 2]>),
    Found(VecDeque<(u64, Option<f64>)>),
}

impl Search {
    /// Begins to run a plan; no more than `most` matches are wanted, if that is known.
    pub fn new(info: &CollectionInfo, plan: Plan, filter: Filter, most: Option<u64>) -> Search {
        let tested = !plan.exact;
        let running = |scan: IndexScan| Running {
            rows: Rows::new(layout::index(scan.index.id), scan.ranges.clone(), scan.direction, most),
            scan,
            examined: Examined::default(),
        };
        let source = match plan.access {
            Access::Nothing => Source::Nothing,
            Access::Collection(direction) => Source::Collection(CollectionSource {
                ranges: Ranges::new(vec![KeyRange::all()], direction),
                pages: Pages::new(most),
                page: VecDeque::new(),
            }),
            Access::Index(scan) => Source::Indexes {
                repeats: scan.repeats,
                scans: vec![running(*scan)],
                at: 0,
                seen: HashSet::new(),
                covered: plan.covered,
            },
            Access::Union(scans) => Source::Indexes {
                scans: scans.into_iter().map(running).collect(),
                at: 0,
                repeats: true,
                seen: HashSet::new(),
                covered: None,
            },
            Access::Intersection(pair) => {
                Source::Records { rows: Waiting::Intersection(pair), text: None, examined: Vec::new() }
            }
            Access::Text(scan) => Source::Records {
                rows: Waiting::Text(scan.clone()),
                text: scan.terms.need_document().then_some(scan),
                examined: Vec::new(),
            },
            Access::Near(scan) => Source::Near(Box::new(Nearest::new(*scan))),
        };
        Search { collection: info.id, filter, tested, source, documents_examined: 0 }
    }

    /// Every document of a collection.
    ///
    /// # Errors
    /// None: an empty filter can be compiled.
    pub fn of_all(info: &CollectionInfo) -> Result<Search> {
        Ok(Search::new(info, Plan::of_collection(), Filter::new(&Document::new())?, None))
    }

    /// What each index scan looked at, in the order of the plan.
    pub fn examined(&self) -> Vec<Examined> {
        match &self.source {
            Source::Nothing | Source::Collection(_) => Vec::new(),
            Source::Indexes { scans, .. } => scans.iter().map(|scan| scan.examined).collect(),
            Source::Records { examined, .. } => examined.clone(),
            Source::Near(nearest) => vec![Examined {
                keys: nearest.keys_examined,
                documents: nearest.documents_examined,
                returned: nearest.keys_examined,
            }],
        }
    }

    /// The next matching document. The transaction may be written to between two calls.
    ///
    /// # Errors
    /// Storage, and what the filter says of its operands.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<Match>> {
        match &mut self.source {
            Source::Nothing => Ok(None),
            Source::Collection(source) => {
                if source.page.is_empty() && !source.ranges.is_empty() {
                    source.fill(tx, self.collection, &self.filter, &mut self.documents_examined)?;
                }
                Ok(source.page.pop_front())
            }
            Source::Indexes { .. } => self.next_of_indexes(tx),
            Source::Records { .. } => self.next_of_records(tx),
            Source::Near(nearest) => {
                let found = nearest.next(tx, self.collection, &self.filter)?;
                self.documents_examined = nearest.documents_examined;
                Ok(found.map(|Placed { record, document, distance, place }| Match {
                    record,
                    document,
                    position: None,
                    metadata: Metadata { geo_distance: Some(distance), geo_point: Some(place), ..Metadata::default() },
                }))
            }
        }
    }

    fn next_of_indexes(&mut self, tx: &dyn Read) -> Result<Option<Match>> {
        let documents = layout::documents(self.collection);
        let Source::Indexes { scans, at, repeats, seen, covered } = &mut self.source else { return Ok(None) };
        while let Some(Running { scan, rows, examined }) = scans.get_mut(*at) {
            let Some((key, value)) = rows.next(tx)? else {
                *at += 1;
                continue;
            };
            examined.keys += 1;
            let record = scan.index.record(key, value)?;
            if *repeats && !seen.insert(record) {
                continue;
            }
            examined.returned += 1;
            let from_key = match covered {
                Some(Covered::Count) => Some(Body::default()),
                Some(Covered::Fields) => {
                    let (entry, types) = scan.index.entry(key, value);
                    covered::document(&scan.index, entry, types).map(Body::from)
                }
                None => None,
            };
            let document = match from_key {
                Some(document) => document,
                None => {
                    // It may have been removed since the page of entries was read.
                    let Some(bytes) = tx.get(documents, &record.to_be_bytes())? else { continue };
                    self.documents_examined += 1;
                    examined.documents += 1;
                    bytes.into()
                }
            };
            let position = if self.tested { self.filter.matches_at(document.view())? } else { Some(None) };
            if let Some(position) = position {
                return Ok(Some(Match { record, document, position, metadata: Metadata::default() }));
            }
        }
        Ok(None)
    }

    fn next_of_records(&mut self, tx: &dyn Read) -> Result<Option<Match>> {
        let documents = layout::documents(self.collection);
        let Source::Records { rows, text, examined } = &mut self.source else { return Ok(None) };
        let found = match rows {
            Waiting::Found(found) => found,
            Waiting::Text(scan) => {
                let (scores, keys) = scan.records(tx)?;
                examined.push(Examined { keys, documents: scores.len() as u64, returned: scores.len() as u64 });
                *rows = Waiting::Found(scores.into_iter().map(|(record, score)| (record, Some(score))).collect());
                return self.next_of_records(tx);
            }
            Waiting::Intersection(pair) => {
                let common = intersection(tx, pair, examined)?;
                *rows = Waiting::Found(common.into_iter().map(|record| (record, None)).collect());
                return self.next_of_records(tx);
            }
        };
        while let Some((record, score)) = found.pop_front() {
            let Some(bytes) = tx.get(documents, &record.to_be_bytes())? else { continue };
            self.documents_examined += 1;
            let document = RawDocument::new(&bytes);
            if let Some(scan) = text
                && let Some(weights) = scan.weights()
                && !scan.terms.hold(document.into(), weights)
            {
                continue;
            }
            if let Some(position) = self.filter.matches_at(document)? {
                let metadata = Metadata { text_score: score, ..Metadata::default() };
                return Ok(Some(Match { record, document: bytes.into(), position, metadata }));
            }
        }
        Ok(None)
    }
}

impl CollectionSource {
    fn fill(&mut self, tx: &dyn Read, collection: u32, filter: &Filter, examined: &mut u64) -> Result<()> {
        let wanted = self.pages.next();
        let mut bytes = Vec::new();
        let mut found = Vec::new();
        self.ranges.read(tx, layout::documents(collection), &mut |key, value| {
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
        self.page.extend(found.into_iter().map(|(record, start, end, position)| Match {
            record,
            document: Body::Stored(SharedBytes::new(&bytes, start, end)),
            position,
            metadata: Metadata::default(),
        }));
        Ok(())
    }
}

/// The records that both scans have, in order.
fn intersection(tx: &dyn Read, pair: &[IndexScan; 2], examined: &mut Vec<Examined>) -> Result<Vec<u64>> {
    let mut sets = Vec::with_capacity(2);
    for scan in pair {
        let mut records = Vec::new();
        let mut failure = None;
        for range in &scan.ranges {
            tx.scan(layout::index(scan.index.id), range, Direction::Forward, &mut |key, value| {
                match scan.index.record(key, value) {
                    Ok(record) => records.push(record),
                    Err(error) => failure = Some(error),
                }
                Ok(if failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        if let Some(error) = failure {
            return Err(error);
        }
        examined.push(Examined { keys: records.len() as u64, documents: 0, returned: records.len() as u64 });
        records.sort_unstable();
        records.dedup();
        sets.push(records);
    }
    let (first, second) = match sets.as_slice() {
        [first, second] => (first, second),
        _ => return Ok(Vec::new()),
    };
    Ok(first.iter().filter(|record| second.binary_search(record).is_ok()).copied().collect())
}
