//! How a query reads its documents: the whole collection, or ranges of an index.

mod bounds;
mod explain;
mod rows;
mod search;
#[cfg(test)]
mod tests;

pub use explain::{Wanted, explain, stages};
pub use search::{Match, Search};

use super::catalog::CollectionInfo;
use super::index::Index;
use super::query::Filter;
use super::sort::SortSpec;
use super::{Error, Result};
use crate::storage::{Direction, KeyRange};
use bounds::{Interval, Restriction};
use bson::{Bson, Document};
use std::ops::Bound;

/// The most ranges that a plan reads: `$in` lists of several fields multiply.
const MAX_RANGES: usize = 10_000;

/// Where documents come from.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The index, by its place in the catalog row; `None`: the collection itself.
    pub index: Option<usize>,
    /// The ranges of keys, in key order.
    pub ranges: Vec<KeyRange>,
    /// Which way they are read.
    pub direction: Direction,
    /// Documents come in the order of the sort.
    pub sorted: bool,
    /// A document may come more than once.
    repeats: bool,
    /// For `explain`: the bounds of each field.
    pub bounds: Vec<(String, Vec<String>)>,
}

/// What the user asks of the plan: `hint(…)`.
#[derive(Debug, Clone, PartialEq)]
pub enum Hint {
    /// The index of this name.
    Name(String),
    /// The index with this pattern.
    Pattern(Document),
    /// No index; backward if the flag is set.
    Natural(bool),
}

impl Hint {
    /// From the argument of `hint`.
    pub fn new(value: &Bson) -> Result<Hint> {
        match value {
            Bson::String(name) if name == "$natural" => Ok(Hint::Natural(false)),
            Bson::String(name) => Ok(Hint::Name(name.clone())),
            Bson::Document(pattern) => match pattern.get("$natural") {
                Some(direction) => Ok(Hint::Natural(
                    crate::value::construct::number(Some(direction)).is_some_and(|number| number < 0.0),
                )),
                None => Ok(Hint::Pattern(pattern.clone())),
            },
            _ => Err(Error::failed_to_parse("hint must be a string or an object")),
        }
    }

    fn fits(&self, index: &Index) -> bool {
        match self {
            Hint::Name(name) => *name == index.name,
            Hint::Pattern(pattern) => crate::value::order::compare_documents(pattern, &index.pattern).is_eq(),
            Hint::Natural(_) => false,
        }
    }
}

/// Chooses the plan: an index with bounds on the most fields, then one that gives the order, else the whole
/// collection.
///
/// # Errors
/// A hint that names no index (BadValue).
pub fn choose(info: &CollectionInfo, filter: &Filter, sort: Option<&SortSpec>, hint: Option<&Hint>) -> Result<Plan> {
    if let Some(Hint::Natural(backward)) = hint {
        return Ok(whole(if *backward { Direction::Backward } else { Direction::Forward }));
    }
    if let Some(natural) = sort
        .and_then(|sort| sort.fields().first())
        .filter(|field| field.path().is_some_and(|path| path.as_str() == "$natural"))
    {
        let direction = if natural.descending { Direction::Backward } else { Direction::Forward };
        return Ok(Plan { sorted: true, ..whole(direction) });
    }
    let restrictions = bounds::restrictions(filter.node());
    let hinted = hint.is_some();
    let mut best: Option<(usize, Plan)> = None;
    for (at, index) in info.indexes.iter().enumerate() {
        if let Some(hint) = hint
            && !hint.fits(index)
        {
            continue;
        }
        if !hinted && (index.hidden || !covers(index, filter)) {
            continue;
        }
        let Some((score, plan)) = of_index(at, index, &restrictions, sort, hinted) else { continue };
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            best = Some((score, plan));
        }
    }
    match best {
        Some((_, plan)) => Ok(plan),
        None if hinted => Err(Error::bad_value(
            "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
        )),
        None => Ok(whole(Direction::Forward)),
    }
}

fn whole(direction: Direction) -> Plan {
    Plan { index: None, ranges: vec![KeyRange::all()], direction, sorted: false, repeats: false, bounds: Vec::new() }
}

/// Whether every document that matches the filter has an entry: a partial index needs its own filter's
/// conditions among the query's.
fn covers(index: &Index, filter: &Filter) -> bool {
    match &index.partial {
        None => true,
        Some(partial) => partial.source().iter().all(|(path, condition)| implied(filter.source(), path, condition)),
    }
}

fn implied(query: &Document, path: &str, condition: &Bson) -> bool {
    let Some(asked) = query.get(path) else {
        return query.get_array("$and").is_ok_and(|clauses| {
            clauses.iter().any(|clause| clause.as_document().is_some_and(|clause| implied(clause, path, condition)))
        });
    };
    if asked == condition {
        return true;
    }
    // A value that satisfies the condition by itself implies it.
    let single = match asked {
        Bson::Document(operators) if super::query::is_operators(operators) => match operators.get("$eq") {
            Some(value) => value.clone(),
            None => return stronger(operators, condition),
        },
        value => value.clone(),
    };
    let mut probe = Document::new();
    let mut wanted = Document::new();
    probe.insert("v", single);
    wanted.insert("v", condition.clone());
    Filter::new(&wanted).and_then(|filter| filter.matches(&probe)).unwrap_or(false)
}

/// `{ $gt: 10 }` implies `{ $gt: 5 }` and `{ $exists: true }`.
fn stronger(asked: &Document, condition: &Bson) -> bool {
    let Bson::Document(condition) = condition else { return false };
    condition.iter().all(|(operator, limit)| match operator.as_str() {
        "$exists" => {
            limit == &Bson::Boolean(true)
                && asked.keys().any(|key| matches!(key.as_str(), "$gt" | "$gte" | "$lt" | "$lte"))
        }
        "$gt" | "$gte" => ["$gt", "$gte"].iter().any(|key| {
            asked.get(key).is_some_and(|value| {
                crate::value::order::bracket(value) == crate::value::order::bracket(limit)
                    && (crate::value::order::compare(value, limit).is_gt()
                        || crate::value::order::equal(value, limit) && (*key == "$gt" || operator == "$gte"))
            })
        }),
        "$lt" | "$lte" => ["$lt", "$lte"].iter().any(|key| {
            asked.get(key).is_some_and(|value| {
                crate::value::order::bracket(value) == crate::value::order::bracket(limit)
                    && (crate::value::order::compare(value, limit).is_lt()
                        || crate::value::order::equal(value, limit) && (*key == "$lt" || operator == "$lte"))
            })
        }),
        _ => false,
    })
}

/// The plan an index offers and how good it is, if it is of use.
fn of_index(
    at: usize,
    index: &Index,
    restrictions: &[(String, Restriction<'_>)],
    sort: Option<&SortSpec>,
    hinted: bool,
) -> Option<(usize, Plan)> {
    let mut prefixes: Vec<Vec<u8>> = vec![Vec::new()];
    let mut shown = Vec::new();
    let mut points = 0;
    let mut last: Option<Vec<Interval>> = None;
    let mut score = 0;
    for field in &index.fields {
        let mut of_field = restrictions
            .iter()
            .filter(|(path, restriction)| {
                path == field.path.as_str() && !(index.sparse && restriction.allows_missing())
            })
            .map(|(_, restriction)| restriction);
        let first = match of_field.clone().find(|restriction| restriction.is_points()).or_else(|| of_field.next()) {
            Some(first) if last.is_none() => first,
            _ => {
                shown.push((field.path.as_str().to_owned(), vec![bounds::everything().text]));
                last.get_or_insert_with(|| vec![bounds::everything()]);
                continue;
            }
        };
        let mut intervals = first.intervals(field);
        if !first.is_points() && !index.multikey {
            // Lower and upper bound of one range; with arrays, different elements may satisfy them.
            for other in of_field {
                intervals = intersect(&intervals, &other.intervals(field));
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
    if order.is_some() {
        score += if score > 0 { 2 } else { 1 };
    }
    if score == 0 && !hinted {
        return None;
    }
    let mut ranges = Vec::new();
    for prefix in &prefixes {
        match &last {
            None => ranges.push(KeyRange::prefix(prefix)),
            Some(intervals) => ranges.extend(intervals.iter().map(|interval| range(prefix, interval))),
        }
    }
    let plan = Plan {
        index: Some(at),
        ranges,
        direction: order.unwrap_or(Direction::Forward),
        sorted: order.is_some(),
        repeats: index.multikey,
        bounds: shown,
    };
    Some((score, plan))
}

fn range(prefix: &[u8], interval: &Interval) -> KeyRange {
    let start = Bound::Included([prefix, &interval.start].concat());
    let end = match &interval.end {
        Some(end) => Bound::Excluded([prefix, end].concat()),
        None if prefix.is_empty() => Bound::Unbounded,
        None => KeyRange::prefix(prefix).end,
    };
    KeyRange { start, end }
}

fn intersect(left: &[Interval], right: &[Interval]) -> Vec<Interval> {
    let mut common = Vec::new();
    for a in left {
        for b in right {
            let start = a.start.clone().max(b.start.clone());
            let end = match (&a.end, &b.end) {
                (Some(x), Some(y)) => Some(x.min(y).clone()),
                (one, other) => one.clone().or_else(|| other.clone()),
            };
            if end.as_ref().is_none_or(|end| start < *end) {
                common.push(Interval { start, end, text: joined(&a.text, &b.text) });
            }
        }
    }
    common
}

/// `(5, inf.0]` and `[-inf.0, 9)` are `(5, 9)`.
fn joined(a: &str, b: &str) -> String {
    let unlimited = ["-inf.0", "inf.0", "\"\"", "{}", "MinKey", "MaxKey"];
    let (Some((a_low, a_high)), Some((b_low, b_high))) = (a.split_once(", "), b.split_once(", ")) else {
        return format!("{a} and {b}");
    };
    let low = if unlimited.iter().any(|limit| a_low.ends_with(limit)) { b_low } else { a_low };
    let high = if unlimited.iter().any(|limit| a_high.starts_with(limit)) { b_high } else { a_high };
    format!("{low}, {high}")
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
        if field.path != *path {
            return None;
        }
        let here = if field.descending == wanted.descending { Direction::Forward } else { Direction::Backward };
        if *direction.get_or_insert(here) != here {
            return None;
        }
    }
    Some(direction.unwrap_or(Direction::Forward))
}
