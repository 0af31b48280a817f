//! What a filter says about one path, as ranges of index keys.

use crate::doc::geo::{InPlane, Region, covering};
use crate::doc::index::{Field, FieldKind, cell_key};
use crate::doc::path::Path;
use crate::doc::query::ElementMatch;
use crate::doc::query::{Comparison, Node, Predicate, is_nan};
use crate::doc::shell_text;
use crate::storage::KeyRange;
use crate::value::collation::Collation;
use crate::value::order;
use bson::Bson;
use std::collections::BTreeSet;
use std::ops::Bound;

/// A range of one field's keys, and how `explain` shows it.
#[derive(Debug, Clone)]
pub struct Interval {
    /// First key.
    pub start: Vec<u8>,
    /// First key behind the range; `None` if there is no end.
    pub end: Option<Vec<u8>>,
    /// `[5, 5]`, `(5, inf.0]`
    pub text: String,
}

/// A restriction of a path: any value that matches lies in one of the intervals that it becomes.
#[derive(Debug, Clone)]
pub enum Restriction<'f> {
    /// A comparison with a value.
    Compare(Comparison, &'f Bson),
    /// One of these values.
    In(&'f [Bson]),
    /// Strings that begin so, or the regular expression itself.
    Prefix(&'f str),
    /// There is a value: of use to a sparse index.
    Exists,
    /// A place that lies so.
    Region(&'f Region),
}

/// A region is covered by about so many cells.
const MOST_CELLS: usize = 32;

/// All restrictions that must hold together, by path, and whether the node says nothing else.
pub fn restrictions(node: &Node) -> (Vec<(String, Restriction<'_>)>, bool) {
    let mut found = Vec::new();
    let complete = collect(node, "", &mut found);
    (found, complete)
}

/// Every part is looked at, whatever the others say.
fn collect_all<'f>(parts: &'f [Node], prefix: &str, found: &mut Vec<(String, Restriction<'f>)>) -> bool {
    let mut complete = true;
    for part in parts {
        complete &= collect(part, prefix, found);
    }
    complete
}

fn collect<'f>(node: &'f Node, prefix: &str, found: &mut Vec<(String, Restriction<'f>)>) -> bool {
    match node {
        Node::And(parts) => collect_all(parts, prefix, found),
        Node::Or(parts) if parts.len() == 1 => collect_all(parts, prefix, found),
        Node::Field(field) => restrict(&field.0, &field.1, prefix, found),
        Node::Constant(true) => true,
        _ => false,
    }
}

fn restrict<'f>(
    path: &Path,
    predicate: &'f Predicate,
    prefix: &str,
    found: &mut Vec<(String, Restriction<'f>)>,
) -> bool {
    let full = if prefix.is_empty() { path.as_str().to_owned() } else { format!("{prefix}.{}", path.as_str()) };
    match predicate {
        Predicate::Compare(comparison, operand) if indexable(operand) => {
            found.push((full, Restriction::Compare(*comparison, operand)));
            true
        }
        Predicate::In(one_of) if one_of.patterns.is_empty() && one_of.values.iter().all(indexable) => {
            found.push((full, Restriction::In(&one_of.values)));
            true
        }
        Predicate::Matches(pattern) => {
            if let Some(start) = pattern.prefix() {
                found.push((full, Restriction::Prefix(start)));
            }
            false
        }
        Predicate::Exists => {
            found.push((full, Restriction::Exists));
            false
        }
        Predicate::Region { region, .. } => {
            found.push((full, Restriction::Region(region)));
            false
        }
        Predicate::Element(ElementMatch::Value(parts)) => {
            for (part, negated) in parts {
                if !negated {
                    restrict(path, part, prefix, found);
                }
            }
            false
        }
        // An array inside the array is matched by position, which no index of the dotted path holds.
        Predicate::Element(ElementMatch::Object(node)) if !numeric_root(node) => {
            collect(node, &full, found);
            false
        }
        _ => false,
    }
}

fn numeric_root(node: &Node) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().any(numeric_root),
        Node::Field(field) => field.0.root().bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

fn is_number(operand: &Bson) -> bool {
    order::bracket(operand) == order::bracket(&Bson::Int32(0))
}

/// Whole arrays are no index keys, and MinKey and MaxKey compare across all types.
fn indexable(operand: &Bson) -> bool {
    !matches!(operand, Bson::Array(_) | Bson::MinKey | Bson::MaxKey | Bson::Undefined | Bson::RegularExpression(_))
}

impl Restriction<'_> {
    /// Whether an index whose strings compare so can serve it, for a query whose strings compare as `wanted`.
    pub fn suits(&self, collation: Option<&Collation>, wanted: Option<&Collation>) -> bool {
        let text = |value: &Bson| Collation::concerns(value.into());
        match self {
            // Patterns look at the strings themselves.
            Restriction::Prefix(_) => collation.is_none(),
            _ if collation == wanted => true,
            Restriction::Compare(_, operand) => !text(operand),
            Restriction::In(values) => !values.iter().any(text),
            Restriction::Exists | Restriction::Region(_) => true,
        }
    }

    /// Whether a document without the field may satisfy it.
    fn allows_missing(&self) -> bool {
        match self {
            Restriction::Compare(_, operand) => matches!(operand, Bson::Null),
            Restriction::In(values) => values.iter().any(|value| matches!(value, Bson::Null)),
            Restriction::Prefix(_) | Restriction::Exists | Restriction::Region(_) => false,
        }
    }

    /// Whether a field of an index (of one that leaves out documents without its fields) can answer it.
    pub fn fits(&self, field: &Field, sparse: bool) -> bool {
        if sparse && self.allows_missing() {
            return false;
        }
        match (self, field.kind) {
            (Restriction::Region(region), FieldKind::Sphere) => !region.is_flat(),
            (Restriction::Region(region), FieldKind::Plane(_)) => region.is_flat() || matches!(region, Region::Cap(..)),
            (Restriction::Region(_), _) | (_, FieldKind::Sphere | FieldKind::Plane(_)) => false,
            (Restriction::Exists, FieldKind::Ordered { .. }) => sparse,
            (Restriction::Exists, _) => false,
            (_, FieldKind::Hashed) => self.is_points(),
            (_, FieldKind::Ordered { .. }) => true,
        }
    }

    /// Whether it allows single values only.
    pub fn is_points(&self) -> bool {
        matches!(self, Restriction::Compare(Comparison::Equal, _) | Restriction::In(_))
    }

    /// Whether an object may satisfy it.
    pub fn names_objects(&self) -> bool {
        match self {
            Restriction::Exists => true,
            Restriction::Compare(_, operand) => matches!(operand, Bson::Document(_)),
            Restriction::In(values) => values.iter().any(|value| matches!(value, Bson::Document(_))),
            _ => false,
        }
    }

    /// Whether each key in its intervals is that of a value that satisfies it. Null stands for missing values and
    /// for `undefined` too, no range holds NaN, and hashes collide.
    pub fn is_exact(&self, field: &Field) -> bool {
        let plain = |value: &Bson| !matches!(value, Bson::Null | Bson::Document(_));
        matches!(field.kind, FieldKind::Ordered { .. })
            && match self {
                Restriction::Compare(Comparison::Equal, operand) => plain(operand),
                Restriction::Compare(_, operand) => plain(operand) && !is_nan((*operand).into()),
                Restriction::In(values) => values.iter().all(plain),
                Restriction::Prefix(_) | Restriction::Exists | Restriction::Region(_) => false,
            }
    }

    /// Its ranges in a field of an index, in key order.
    pub fn intervals(&self, field: &Field) -> Vec<Interval> {
        let mut intervals = match self {
            Restriction::Compare(comparison, operand) => vec![compare(*comparison, operand, field)],
            Restriction::In(values) => values.iter().map(|value| compare(Comparison::Equal, value, field)).collect(),
            // A stored regular expression matches itself: all of them are looked at.
            Restriction::Prefix(start) => vec![prefix(start, field), regular_expressions(field)],
            Restriction::Exists => vec![everything()],
            Restriction::Region(region) => cells(region, field),
        };
        intervals.sort_by(|a, b| a.start.cmp(&b.start));
        intervals.dedup_by(|a, b| a.start == b.start && a.end == b.end);
        intervals
    }
}

/// The cells that a region meets: those of its covering with all their parts, and the larger cells that hold one
/// of them, by which larger shapes are indexed.
fn cells(region: &Region, field: &Field) -> Vec<Interval> {
    let covering = match field.kind {
        FieldKind::Plane(plane) => covering(&InPlane(region, plane), MOST_CELLS),
        _ => covering(region, MOST_CELLS),
    };
    let mut around = BTreeSet::new();
    for cell in &covering {
        let mut cell = *cell;
        while let Some(parent) = cell.parent() {
            around.insert(parent.number());
            cell = parent;
        }
    }
    let of_numbers = |first: u64, last: u64| Interval {
        start: cell_key(first).to_vec(),
        end: Some(cell_key(last + 1).to_vec()),
        text: format!("[{first}, {last}]"),
    };
    let mut intervals: Vec<Interval> = covering
        .iter()
        .map(|cell| {
            let (first, last) = cell.range();
            of_numbers(first, last)
        })
        .collect();
    let inside = |number: u64| {
        covering.iter().any(|cell| {
            let (first, last) = cell.range();
            (first..=last).contains(&number)
        })
    };
    intervals.extend(around.into_iter().filter(|number| !inside(*number)).map(|number| of_numbers(number, number)));
    intervals
}

fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    match KeyRange::prefix(prefix).end {
        Bound::Excluded(end) | Bound::Included(end) => Some(end),
        Bound::Unbounded => None,
    }
}

fn compare(comparison: Comparison, operand: &Bson, field: &Field) -> Interval {
    let exact = field.encode(Some(operand.into()), true);
    let bracket = order::bracket(operand);
    let bracket = [if field.descends() { !bracket } else { bracket }];
    let shown = shell_text::value(operand);
    let (low, high) = bracket_text(operand);
    let (text, larger, inclusive) = match comparison {
        Comparison::Equal => {
            return Interval { end: behind(&exact), start: exact, text: format!("[{shown}, {shown}]") };
        }
        Comparison::Greater => (format!("({shown}, {high}]"), true, false),
        Comparison::GreaterOrEqual => (format!("[{shown}, {high}]"), true, true),
        Comparison::Less => (format!("[{low}, {shown})"), false, false),
        Comparison::LessOrEqual => (format!("[{low}, {shown}]"), false, true),
    };
    // NaN is the first of the numbers in the order of keys, and is less than none of them.
    let nan = (!larger && is_number(operand) && !is_nan(operand.into()))
        .then(|| field.encode(Some((&Bson::Double(f64::NAN)).into()), true));
    let (first, last) = match (nan, field.descends()) {
        (Some(nan), false) => (behind(&nan).unwrap_or(nan), behind(&bracket)),
        (Some(nan), true) => (bracket.to_vec(), Some(nan)),
        (None, _) => (bracket.to_vec(), behind(&bracket)),
    };
    // Larger values lie behind the operand's key, or before it where the field descends.
    let (start, end) = match (larger != field.descends(), inclusive) {
        (true, true) => (exact, last),
        (true, false) => (behind(&exact).unwrap_or(exact), last),
        (false, true) => (first, behind(&exact)),
        (false, false) => (first, Some(exact)),
    };
    Interval { start, end, text }
}

fn prefix(text: &str, field: &Field) -> Interval {
    let mut start = vec![order::bracket(&Bson::String(String::new()))];
    start.extend_from_slice(text.as_bytes());
    if field.descends() {
        for byte in &mut start {
            *byte = !*byte;
        }
    }
    Interval { end: behind(&start), start, text: format!("[{text:?}, {:?})", next_text(text)) }
}

fn next_text(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if let Some(last) = letters.pop() {
        letters.push(char::from_u32(last as u32 + 1).unwrap_or(last));
    }
    letters.into_iter().collect()
}

/// The bracket of regular expressions (`order::bracket`).
const REGEX_BRACKET: u8 = 50;

fn regular_expressions(field: &Field) -> Interval {
    let start = vec![if field.descends() { !REGEX_BRACKET } else { REGEX_BRACKET }];
    Interval { end: behind(&start), start, text: "[/.*/, /.*/]".to_owned() }
}

fn bracket_text(operand: &Bson) -> (&'static str, &'static str) {
    match operand {
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => ("-inf.0", "inf.0"),
        Bson::String(_) => ("\"\"", "{}"),
        Bson::DateTime(_) => ("new Date(-9223372036854775808)", "new Date(9223372036854775807)"),
        Bson::Boolean(_) => ("false", "true"),
        Bson::ObjectId(_) => ("ObjectId('000000000000000000000000')", "ObjectId('ffffffffffffffffffffffff')"),
        _ => ("MinKey", "MaxKey"),
    }
}

/// Every key of a field.
pub fn everything() -> Interval {
    Interval { start: Vec::new(), end: None, text: "[MinKey, MaxKey]".to_owned() }
}

/// A field whose keys ascend, as the values of a wildcard index do.
pub fn ascending(collation: Option<Collation>) -> Field {
    Field { path: Path::new(""), kind: FieldKind::Ordered { descending: false }, collation }
}

/// What lies in both.
pub fn intersect(left: &[Interval], right: &[Interval]) -> Vec<Interval> {
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
    let open = |end: &str| unlimited.iter().any(|limit| end.trim_matches(['[', ']', '(', ')']) == *limit);
    let low = if open(a_low) { b_low } else { a_low };
    let high = if open(a_high) { b_high } else { a_high };
    format!("{low}, {high}")
}
