//! What one index offers a query: ranges of its keys, perhaps in the wanted order.

use super::IndexScan;
use super::bounds::{self, Interval, Restriction};
use crate::doc::index::{FieldKind, Index, Kind, path_key};
use crate::doc::sort::SortSpec;
use crate::storage::{Direction, KeyRange};
use crate::value::collation::Collation;
use std::ops::Bound;

/// The most ranges that a plan reads: `$in` lists of several fields multiply.
const MAX_RANGES: usize = 10_000;

/// All that a filter says about single paths, and whether that is all it says.
pub struct Restrictions<'f> {
    /// By path.
    pub by_path: Vec<(String, Restriction<'f>)>,
    /// Nothing else is asked.
    pub complete: bool,
}

impl<'f> Restrictions<'f> {
    /// Those that an index can serve; all of them, unless collations differ.
    pub fn of_index(&self, index: &Index, wanted: Option<&Collation>) -> Restrictions<'f> {
        let suits = |restriction: &Restriction<'_>| restriction.suits(index.collation.as_ref(), wanted);
        let by_path: Vec<_> = self.by_path.iter().filter(|(_, restriction)| suits(restriction)).cloned().collect();
        Restrictions { complete: self.complete && by_path.len() == self.by_path.len(), by_path }
    }
}

/// The scan an index offers, if it is of use: it has bounds, or gives the order, or was asked for.
pub fn scan(
    index: &Index,
    restrictions: &Restrictions<'_>,
    sort: Option<&SortSpec>,
    hinted: bool,
) -> Option<IndexScan> {
    match &index.kind {
        Kind::Keys => of_keys(index, restrictions, sort, hinted),
        Kind::Wildcard(_) => of_wildcard(index, restrictions),
        Kind::Text { .. } => None,
    }
}

fn of_keys(index: &Index, restrictions: &Restrictions<'_>, sort: Option<&SortSpec>, hinted: bool) -> Option<IndexScan> {
    let mut prefixes: Vec<Vec<u8>> = vec![Vec::new()];
    let mut shown = Vec::new();
    let mut points = 0;
    let mut last: Option<Vec<Interval>> = None;
    let mut score = 0;
    let mut used = 0;
    let mut exact = restrictions.complete && !index.multikey && index.partial.is_none();
    for field in &index.fields {
        let of_field: Vec<&Restriction<'_>> = restrictions
            .by_path
            .iter()
            .filter(|(path, restriction)| path == field.path.as_str() && restriction.fits(field, index.sparse))
            .map(|(_, restriction)| restriction)
            .collect();
        let first = of_field.iter().find(|restriction| restriction.is_points()).or_else(|| of_field.first());
        let first = match first {
            Some(first) if last.is_none() => *first,
            _ => {
                shown.push((field.path.as_str().to_owned(), vec![bounds::everything().text]));
                last.get_or_insert_with(|| vec![bounds::everything()]);
                continue;
            }
        };
        let mut intervals = first.intervals(field);
        used += 1;
        exact &= first.is_exact(field);
        if !first.is_points() && !index.multikey && matches!(field.kind, FieldKind::Ordered { .. }) {
            // Lower and upper bound of one range; with arrays, different elements may satisfy them.
            for other in of_field.iter().filter(|other| !std::ptr::eq(**other, first)) {
                intervals = bounds::intersect(&intervals, &other.intervals(field));
                used += 1;
                exact &= other.is_exact(field);
            }
        }
        shown.push((field.path.as_str().to_owned(), intervals.iter().map(|interval| interval.text.clone()).collect()));
        if first.is_points() && prefixes.len().saturating_mul(intervals.len()) <= MAX_RANGES {
            prefixes = prefixes
                .iter()
                .flat_map(|prefix| intervals.iter().map(move |interval| [prefix.as_slice(), &interval.start].concat()))
                .collect();
            points += 1;
            score += 4;
        } else {
            last = Some(intervals);
            score += 3;
        }
    }
    if points == index.fields.len() && index.unique {
        score += 8;
    }
    let single = prefixes.len() == 1 && last.as_ref().is_none_or(|last| last.len() == 1);
    let order = sort
        .filter(|_| !index.multikey && single && !(index.sparse && score == 0))
        .and_then(|sort| gives_order(index, points, sort));
    if score == 0 && order.is_none() && !hinted {
        return None;
    }
    let mut ranges = Vec::new();
    for prefix in &prefixes {
        match &last {
            None => ranges.push(KeyRange::prefix(prefix)),
            Some(intervals) => ranges.extend(intervals.iter().map(|interval| range(prefix, interval))),
        }
    }
    Some(IndexScan {
        index: index.clone(),
        ranges,
        direction: order.unwrap_or(Direction::Forward),
        sorted: order.is_some(),
        repeats: index.multikey,
        exact: exact && used == restrictions.by_path.len(),
        score,
        bounds: shown,
        filter: None,
    })
}

/// A wildcard index serves one condition of the query.
fn of_wildcard(index: &Index, restrictions: &Restrictions<'_>) -> Option<IndexScan> {
    let Kind::Wildcard(wildcard) = &index.kind else { return None };
    let field = bounds::ascending(index.collation.clone());
    let (path, restriction) = restrictions
        .by_path
        .iter()
        .filter(|(path, restriction)| {
            // What is missing has no entry, and an object has those of its fields.
            wildcard.covers(path) && restriction.fits(&field, true) && !restriction.names_objects()
        })
        .max_by_key(|(_, restriction)| restriction.is_points())?;
    let prefix = path_key(path);
    let intervals = restriction.intervals(&field);
    Some(IndexScan {
        index: index.clone(),
        ranges: intervals.iter().map(|interval| range(&prefix, interval)).collect(),
        direction: Direction::Forward,
        sorted: false,
        repeats: index.multikey,
        exact: false,
        // A path of its own is a better choice.
        score: if restriction.is_points() { 2 } else { 1 },
        bounds: vec![
            ("$_path".to_owned(), vec![format!("[{path:?}, {path:?}]")]),
            (path.clone(), intervals.into_iter().map(|interval| interval.text).collect()),
        ],
        filter: None,
    })
}

/// An interval behind a prefix, as a range of keys.
pub fn range(prefix: &[u8], interval: &Interval) -> KeyRange {
    let start = Bound::Included([prefix, &interval.start].concat());
    let end = match &interval.end {
        Some(end) => Bound::Excluded([prefix, end].concat()),
        None if prefix.is_empty() => Bound::Unbounded,
        None => KeyRange::prefix(prefix).end,
    };
    KeyRange { start, end }
}

/// The direction in which the index gives the order of the sort, if it does; its first `points` fields have
/// one value each.
fn gives_order(index: &Index, points: usize, sort: &SortSpec) -> Option<Direction> {
    let fixed = index.fields.get(..points)?;
    let mut rest = index.fields.get(points..)?.iter();
    let mut direction = None;
    for wanted in sort.fields() {
        let path = wanted.path()?;
        if fixed.iter().any(|field| field.path == *path) {
            continue;
        }
        let field = rest.next()?;
        if field.path != *path || !matches!(field.kind, FieldKind::Ordered { .. }) {
            return None;
        }
        let here = if field.descends() == wanted.descending { Direction::Forward } else { Direction::Backward };
        if *direction.get_or_insert(here) != here {
            return None;
        }
    }
    Some(direction.unwrap_or(Direction::Forward))
}
