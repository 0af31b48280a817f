//! Which plan is taken. As the server runs its candidates for a while and takes the cheapest, the keys that each
//! candidate would look at are counted, up to [`TRIAL`].

use super::candidate::{self, Restrictions};
use super::covered::{self, Covered};
use super::near::NearScan;
use super::text::TextScan;
use super::{Access, Hint, IndexScan, Plan, bounds, implied};
use crate::doc::catalog::CollectionInfo;
use crate::doc::geo::Near;
use crate::doc::path::Path;
use crate::doc::projection::Projection;
use crate::doc::query::{Filter, Node, Search};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result, layout};
use crate::storage::{Direction, KeyRange, Read};
use bson::Document;
use std::ops::{Bound, ControlFlow};

/// Keys counted of each candidate.
const TRIAL: usize = 1_000;
/// Two indexes are intersected if the second has no more than so many times the keys of the first …
const LARGER: usize = 4;
/// … which is counted up to this.
const MOST_INTERSECTED: usize = 200_000;
/// A union reads at most so many branches.
const MOST_BRANCHES: usize = 200;

/// What is asked of a collection.
pub struct Request<'q> {
    /// Which documents.
    pub filter: &'q Filter,
    /// In which order.
    pub sort: Option<&'q SortSpec>,
    /// By which index.
    pub hint: Option<&'q Hint>,
    /// Only so many are wanted.
    pub limited: bool,
    /// Only these fields are shown.
    pub shown: Shown<'q>,
    /// Between which keys of the hinted index.
    pub limits: Option<&'q Limits>,
}

/// `min` and `max` of a cursor: keys of the hinted index, the second excluded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The first key.
    pub min: Option<Document>,
    /// The key behind the last.
    pub max: Option<Document>,
}

impl Limits {
    /// The scan of these keys.
    fn scan(&self, info: &CollectionInfo, request: &Request<'_>) -> Result<IndexScan> {
        let Some(hint) = request.hint else {
            return Err(Error::new(
                Code::Location(51_173),
                "When using min()/max() a hint of which index to use must be provided",
            ));
        };
        let incompatible = || {
            Error::new(Code::Location(51_174), "The index chosen is not compatible with min/max")
                .hint("give a value for each field of the index, in its order")
        };
        let nothing = Restrictions { by_path: Vec::new(), complete: false };
        let index = info.indexes.iter().find(|index| hint.fits(index)).ok_or_else(unknown_hint)?;
        let mut scan = candidate::scan(index, &nothing, request.sort, true).ok_or_else(incompatible)?;
        let key = |limit: &Document| -> Result<Vec<u8>> {
            if !limit.keys().eq(index.fields.iter().map(|field| field.path.as_str())) {
                return Err(incompatible());
            }
            let values = index.fields.iter().zip(limit.values());
            Ok(values.flat_map(|(field, value)| field.encode(Some(value.into()), false)).collect())
        };
        let start = self.min.as_ref().map(key).transpose()?.map_or(Bound::Unbounded, Bound::Included);
        let end = self.max.as_ref().map(key).transpose()?.map_or(Bound::Unbounded, Bound::Excluded);
        if let (Bound::Included(start), Bound::Excluded(end)) = (&start, &end)
            && start >= end
        {
            return Err(Error::new(Code::Location(51_175), "max must be greater than min"));
        }
        scan.ranges = vec![KeyRange { start, end }];
        scan.score = 1;
        Ok(scan)
    }
}

fn unknown_hint() -> Error {
    Error::bad_value(
        "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
    )
}

/// What is shown of the documents.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'q> {
    /// All of them.
    Whole,
    /// A projection of them.
    Projected(&'q Projection),
    /// Nothing: they are counted.
    Nothing,
}

impl<'q> Request<'q> {
    /// Whole documents that match a filter.
    pub fn new(filter: &'q Filter) -> Request<'q> {
        Request { filter, sort: None, hint: None, limited: false, shown: Shown::Whole, limits: None }
    }
}

/// Chooses the plan.
///
/// # Errors
/// A hint that names no index (BadValue); `$text` or `$near` without its index.
pub fn choose(tx: &dyn Read, info: &CollectionInfo, request: &Request<'_>) -> Result<Plan> {
    match request.filter.search() {
        Some(Search::Text(text)) => {
            let scan = TextScan::new(info, text, request.filter)?;
            return Ok(whole(Access::Text(Box::new(scan))));
        }
        Some(Search::Near(path, near)) => {
            let scan = NearScan::new(info, path, near, request.filter)?;
            return Ok(whole(Access::Near(Box::new(scan))));
        }
        None => {}
    }
    if let Some(limits) = request.limits {
        return Ok(finish(Access::Index(Box::new(limits.scan(info, request)?)), Vec::new(), request));
    }
    if let Some(Hint::Natural(backward)) = request.hint {
        let direction = if *backward { Direction::Backward } else { Direction::Forward };
        return Ok(whole(Access::Collection(direction)));
    }
    if let Some(natural) = request.sort.and_then(|sort| sort.fields().first())
        && natural.path().is_some_and(|path| path.as_str() == "$natural")
    {
        let direction = if natural.descending { Direction::Backward } else { Direction::Forward };
        return Ok(Plan { sorted: true, ..whole(Access::Collection(direction)) });
    }
    let (by_path, complete) = bounds::restrictions(request.filter.node());
    let restrictions = Restrictions { by_path, complete };
    let mut scans = offers(info, request, &restrictions);
    if let Some(hint) = request.hint {
        if !info.indexes.iter().any(|index| hint.fits(index)) {
            return Err(unknown_hint());
        }
        return match scans.pop() {
            Some(scan) => Ok(finish(Access::Index(Box::new(scan)), Vec::new(), request)),
            None => Ok(whole(Access::Collection(Direction::Forward))),
        };
    }
    let mut best = pick(tx, &mut scans, request)?;
    if best.as_ref().is_none_or(|(scan, keys)| scan.score == 0 || *keys >= TRIAL)
        && let Some((branches, keys)) = union(tx, info, request.filter)?
        && best.as_ref().is_none_or(|(scan, other)| scan.score == 0 && !request.limited || keys < *other)
    {
        let rejected = best.take().map(|(scan, _)| Access::Index(Box::new(scan))).into_iter().collect();
        return Ok(Plan { rejected, ..whole(Access::Union(branches)) });
    }
    match best {
        None => Ok(whole(Access::Collection(Direction::Forward))),
        Some((scan, keys)) => {
            if keys >= TRIAL
                && !scan.sorted
                && !request.limited
                && let Some(other) = partner(tx, &scan, &mut scans)?
            {
                return Ok(whole(Access::Intersection(Box::new([scan, other]))));
            }
            let rejected = scans.into_iter().filter(|other| other.score > 0).map(Box::new).map(Access::Index).collect();
            Ok(finish(Access::Index(Box::new(scan)), rejected, request))
        }
    }
}

fn whole(access: Access) -> Plan {
    Plan { access, ..Plan::of_collection() }
}

/// The plan of an index scan.
fn finish(access: Access, rejected: Vec<Access>, request: &Request<'_>) -> Plan {
    let Access::Index(scan) = &access else { return whole(access) };
    let sorted = scan.sorted;
    let exact = scan.exact;
    let covered = match request.shown {
        Shown::Whole => None,
        Shown::Nothing => exact.then_some(Covered::Count),
        Shown::Projected(projection) => {
            let sort = request.sort.filter(|_| !sorted);
            covered::fields(&scan.index, request.filter, sort, projection)
        }
    };
    Plan { access, sorted, exact, covered, rejected }
}

/// What the indexes offer; with a hint, only the one that it names.
fn offers(info: &CollectionInfo, request: &Request<'_>, restrictions: &Restrictions<'_>) -> Vec<IndexScan> {
    let hinted = request.hint.is_some();
    info.indexes
        .iter()
        .filter(|index| match request.hint {
            Some(hint) => hint.fits(index),
            None => !index.hidden && implied::holds_all(index, request.filter),
        })
        .filter_map(|index| {
            let wanted = request.filter.collation();
            if index.collation.is_none() && wanted.is_none() {
                return candidate::scan(index, restrictions, request.sort, hinted);
            }
            let sort = request.sort.filter(|_| index.collation.as_ref() == wanted);
            candidate::scan(index, &restrictions.of_index(index, wanted), sort, hinted)
        })
        .collect()
}

/// Takes the best of the offers out, with the number of its keys as far as it was counted.
fn pick(tx: &dyn Read, scans: &mut Vec<IndexScan>, request: &Request<'_>) -> Result<Option<(IndexScan, usize)>> {
    let several = scans.iter().filter(|scan| scan.score > 0).count() > 1
        || scans.iter().any(|scan| scan.score > 0 && scan.ranges.len() == 1) && request.sort.is_some()
        || scans.len() == 1;
    let mut best: Option<(usize, usize)> = None;
    for (at, scan) in scans.iter().enumerate() {
        let unique_point = scan.index.unique && scan.score >= 8 && scan.ranges.len() == 1;
        let keys = match (scan.score, several && !unique_point) {
            // In the order of the sort all of it may be read.
            (0, _) => usize::MAX,
            (_, true) => count(tx, scan, TRIAL)?,
            _ => 1,
        };
        let better = match best {
            None => true,
            Some((other, other_keys)) => {
                let rank = |keys: usize, scan: &IndexScan| {
                    // Among large ones, one that need not be sorted and may stop early wins.
                    let late = keys >= TRIAL && !(scan.sorted && request.limited);
                    (late, if keys >= TRIAL { TRIAL } else { keys }, !scan.sorted, usize::MAX - scan.score)
                };
                scans.get(other).is_some_and(|known| rank(keys, scan) < rank(other_keys, known))
            }
        };
        if better {
            best = Some((at, keys));
        }
    }
    Ok(best.map(|(at, keys)| (scans.remove(at), keys)))
}

/// The keys in the ranges of a scan, counted up to `most`.
fn count(tx: &dyn Read, scan: &IndexScan, most: usize) -> Result<usize> {
    let mut keys = 0;
    for range in &scan.ranges {
        let before = keys;
        tx.scan(layout::index(scan.index.id), range, Direction::Forward, &mut |_, _| {
            keys += 1;
            Ok(if keys >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        // A range costs a look-up even if it is empty.
        keys = keys.max(before + 1);
        if keys >= most {
            break;
        }
    }
    Ok(keys)
}

/// Another index whose records narrow those of the first, if looking at its keys costs less than it may save.
fn partner(tx: &dyn Read, first: &IndexScan, others: &mut Vec<IndexScan>) -> Result<Option<IndexScan>> {
    let paths = |scan: &IndexScan| -> Vec<String> {
        scan.bounds.iter().filter(|(_, texts)| texts != &["[MinKey, MaxKey]"]).map(|(path, _)| path.clone()).collect()
    };
    let known = paths(first);
    let fits = |scan: &IndexScan| scan.score > 0 && paths(scan).iter().all(|path| !known.contains(path));
    if !others.iter().any(fits) {
        return Ok(None);
    }
    let keys = count(tx, first, MOST_INTERSECTED)?;
    if keys >= MOST_INTERSECTED {
        return Ok(None);
    }
    let most = keys.saturating_mul(LARGER);
    for at in 0..others.len() {
        if let Some(scan) = others.get(at).filter(|scan| fits(scan))
            && count(tx, scan, most)? < most
        {
            return Ok(Some(others.remove(at)));
        }
    }
    Ok(None)
}

/// Index scans for each branch of an `$or` that every matching document must satisfy, and their keys as far as they
/// were counted.
fn union(tx: &dyn Read, info: &CollectionInfo, whole: &Filter) -> Result<Option<(Vec<IndexScan>, usize)>> {
    let branches = match whole.node() {
        Node::Or(branches) => branches,
        Node::And(parts) => {
            let found = parts.iter().find_map(|part| match part {
                Node::Or(branches) if branches.len() > 1 => Some(branches),
                _ => None,
            });
            match found {
                Some(branches) => branches,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    if branches.len() > MOST_BRANCHES {
        return Ok(None);
    }
    let mut scans = Vec::with_capacity(branches.len());
    let mut total = 0;
    for branch in branches {
        let (by_path, complete) = bounds::restrictions(branch);
        let restrictions = Restrictions { by_path, complete };
        let filter = whole.of_branch(branch.clone());
        let request = Request::new(&filter);
        let mut offered: Vec<IndexScan> = info
            .indexes
            .iter()
            // What a partial index needs is looked for in filters as they were written.
            .filter(|index| !index.hidden && index.partial.is_none())
            .filter_map(|index| candidate::scan(index, &restrictions.of_index(index, whole.collation()), None, false))
            .collect();
        let Some((mut scan, keys)) = pick(tx, &mut offered, &request)? else { return Ok(None) };
        if scan.score == 0 {
            return Ok(None);
        }
        scan.filter = Some(branch.to_document());
        total += keys.min(TRIAL);
        scans.push(scan);
    }
    Ok(Some((scans, total)))
}

/// The plan of `$geoNear`.
///
/// # Errors
/// There is no index for it (291).
pub fn nearest(info: &CollectionInfo, path: &Path, near: &Near, filter: &Filter) -> Result<Plan> {
    Ok(whole(Access::Near(Box::new(NearScan::new(info, path, near, filter)?))))
}

/// MongoDB's answer to a query that no index can serve.
pub fn no_plan(message: impl Into<String>) -> Error {
    Error::new(
        Code::NoQueryExecutionPlans,
        format!("error processing query: planner returned error :: caused by :: {}", message.into()),
    )
}

/// The ranges that begin with the keys of a filter's equalities on the first fields of an index.
pub fn equality_prefix(fields: &[crate::doc::index::Field], filter: &Filter) -> Option<Vec<u8>> {
    let (mut by_path, _) = bounds::restrictions(filter.node());
    by_path.retain(|(_, restriction)| restriction.suits(None, filter.collation()));
    let mut prefix = Vec::new();
    for field in fields {
        let restriction = by_path.iter().find(|(path, restriction)| {
            path == field.path.as_str() && restriction.is_points() && restriction.fits(field, false)
        });
        match restriction.map(|(_, restriction)| restriction.intervals(field)).as_deref() {
            Some([only]) => prefix.extend_from_slice(&only.start),
            _ => return None,
        }
    }
    Some(prefix)
}

/// The keys behind a prefix, up to its end.
pub fn behind(prefix: &[u8], first: &[u8], last_exclusive: &[u8]) -> KeyRange {
    KeyRange::between(&[prefix, first].concat(), &[prefix, last_exclusive].concat())
}
