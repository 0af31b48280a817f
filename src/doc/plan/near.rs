//! `$near`: the nearest first. Cells and documents stand in one queue by their distance, a cell by the least that it
//! can have; what is taken from its front is shown if it is a document, and looked into if it is a cell.

use super::choice::{behind, equality_prefix, no_plan};
use crate::doc::catalog::CollectionInfo;
use crate::doc::geo::{Cell, Near, Plane};
use crate::doc::index::{FieldKind, Index, Kind, cell_key};
use crate::doc::path::{Leaf, Path};
use crate::doc::query::Filter;
use crate::doc::{Result, layout};
use crate::storage::{Direction, Read};
use crate::value::body::Body;
use crate::value::raw::RawDocument;
use crate::value::view::View;
use bson::Bson;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::ops::ControlFlow;

/// A cell with more entries than this is split.
const MOST_OF_A_CELL: usize = 64;

/// A search for what is nearest.
#[derive(Debug, Clone)]
pub struct NearScan {
    /// The geospatial index.
    pub index: Index,
    /// The keys of the fields before the place.
    prefix: Vec<u8>,
    plane: Option<Plane>,
    /// Where the places are.
    pub path: Path,
    /// What is asked.
    pub near: Near,
}

impl NearScan {
    /// A search by an index on the path.
    ///
    /// # Errors
    /// There is none (291).
    pub fn new(info: &CollectionInfo, path: &Path, near: &Near, filter: &Filter) -> Result<NearScan> {
        let found =
            info.indexes.iter().filter(|index| !index.hidden && matches!(index.kind, Kind::Keys)).find_map(|index| {
                let at = index.fields.iter().position(|field| field.path == *path)?;
                let plane = match index.fields.get(at)?.kind {
                    FieldKind::Sphere => None,
                    FieldKind::Plane(plane) => Some(plane),
                    _ => return None,
                };
                if !near.fits(plane.is_some()) || !super::implied::holds_all(index, filter) {
                    return None;
                }
                let prefix = equality_prefix(index.fields.get(..at)?, filter)?;
                Some(NearScan { index: index.clone(), prefix, plane, path: path.clone(), near: near.clone() })
            });
        found.ok_or_else(|| {
            no_plan("unable to find index for $geoNear query").hint(format!(
                "db.{}.createIndex({{ {:?}: \"2dsphere\" }}) makes one",
                info.name,
                path.as_str()
            ))
        })
    }
}

/// A place with its distance, and the value it was measured to.
pub struct Placed {
    /// Its record id.
    pub record: u64,
    /// The document.
    pub document: Body,
    /// In the unit of the search.
    pub distance: f64,
    /// The nearest of its places.
    pub place: Bson,
}

enum Waiting {
    Cell(Cell),
    Document(Box<Placed>),
}

struct Entry {
    distance: f64,
    /// Equal distances stand in the order of their records; cells come first.
    record: u64,
    what: Waiting,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first.
        other.distance.total_cmp(&self.distance).then_with(|| other.record.cmp(&self.record))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// A search at work.
pub struct Nearest {
    scan: NearScan,
    queue: BinaryHeap<Entry>,
    seen: HashSet<u64>,
    /// Index entries looked at.
    pub keys_examined: u64,
    /// Documents looked at.
    pub documents_examined: u64,
}

impl Nearest {
    /// Begins with the whole globe, or plane.
    pub fn new(scan: NearScan) -> Nearest {
        let root = Entry { distance: 0.0, record: 0, what: Waiting::Cell(Cell::ROOT) };
        Nearest { scan, queue: BinaryHeap::from([root]), seen: HashSet::new(), keys_examined: 0, documents_examined: 0 }
    }

    /// The next nearest document that the filter lets through.
    ///
    /// # Errors
    /// Storage, and what the filter says of its operands.
    pub fn next(&mut self, tx: &dyn Read, collection: u32, filter: &Filter) -> Result<Option<Placed>> {
        while let Some(entry) = self.queue.pop() {
            match entry.what {
                Waiting::Document(placed) => return Ok(Some(*placed)),
                Waiting::Cell(cell) => self.look_into(tx, cell, collection, filter)?,
            }
        }
        Ok(None)
    }

    fn look_into(&mut self, tx: &dyn Read, cell: Cell, collection: u32, filter: &Filter) -> Result<()> {
        tx.check_interrupt()?;
        let (first, last) = cell.range();
        let (records, more) = self.entries(tx, first, last)?;
        if !more || cell.is_smallest() {
            return self.place(tx, records, collection, filter);
        }
        // Shapes that are indexed by this very cell, then its quarters.
        let number = cell.number();
        let (own, _) = self.entries(tx, number, number)?;
        self.place(tx, own, collection, filter)?;
        for quarter in cell.quarters() {
            let distance = self.scan.near.least_distance(quarter, self.scan.plane);
            if distance <= self.scan.near.most {
                self.queue.push(Entry { distance, record: 0, what: Waiting::Cell(quarter) });
            }
        }
        Ok(())
    }

    /// The records of cells from number to number; whether there are more than a cell may have.
    fn entries(&mut self, tx: &dyn Read, first: u64, last: u64) -> Result<(Vec<u64>, bool)> {
        let range = behind(&self.scan.prefix, &cell_key(first), &cell_key(last + 1));
        let most = if first == last { usize::MAX } else { MOST_OF_A_CELL };
        let mut records = Vec::new();
        let mut failure = None;
        let index = &self.scan.index;
        tx.scan(layout::index(index.id), &range, Direction::Forward, &mut |key, value| {
            match index.record(key, value) {
                Ok(record) => records.push(record),
                Err(error) => failure = Some(error),
            }
            let full = records.len() > most || failure.is_some();
            Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if let Some(error) = failure {
            return Err(error);
        }
        self.keys_examined += records.len() as u64;
        let more = records.len() > most;
        Ok((records, more))
    }

    fn place(&mut self, tx: &dyn Read, records: Vec<u64>, collection: u32, filter: &Filter) -> Result<()> {
        for record in records {
            if !self.seen.insert(record) {
                continue;
            }
            let Some(bytes) = tx.get(layout::documents(collection), &record.to_be_bytes())? else { continue };
            self.documents_examined += 1;
            let document = RawDocument::new(&bytes);
            if !filter.matches(document)? {
                continue;
            }
            let mut best: Option<(f64, Bson)> = None;
            self.scan.path.visit(document.into(), Leaf::Elements, &mut |value, _| {
                if let Some(value) = value
                    && let Some(distance) = self.scan.near.distance(value)
                    && best.as_ref().is_none_or(|(known, _)| distance < *known)
                {
                    best = Some((distance, View::to_bson(value)));
                }
                false
            });
            if let Some((distance, place)) = best {
                let placed = Placed { record, document: bytes.into(), distance, place };
                self.queue.push(Entry { distance, record, what: Waiting::Document(Box::new(placed)) });
            }
        }
        Ok(())
    }
}
