//! What a filter says about one path, as ranges of index keys.

use crate::doc::index::Field;
use crate::doc::path::Path;
use crate::doc::query::ElementMatch;
use crate::doc::query::{Comparison, Node, Predicate};
use crate::doc::shell_text;
use crate::storage::KeyRange;
use crate::value::order;
use bson::Bson;
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
}

/// All restrictions that must hold together, by path.
pub fn restrictions(node: &Node) -> Vec<(String, Restriction<'_>)> {
    let mut found = Vec::new();
    collect(node, "", &mut found);
    found
}

fn collect<'f>(node: &'f Node, prefix: &str, found: &mut Vec<(String, Restriction<'f>)>) {
    match node {
        Node::And(parts) => parts.iter().for_each(|part| collect(part, prefix, found)),
        Node::Or(parts) if parts.len() == 1 => parts.iter().for_each(|part| collect(part, prefix, found)),
        Node::Field(field) => restrict(&field.0, &field.1, prefix, found),
        _ => {}
    }
}

fn restrict<'f>(path: &Path, predicate: &'f Predicate, prefix: &str, found: &mut Vec<(String, Restriction<'f>)>) {
    let full = if prefix.is_empty() { path.as_str().to_owned() } else { format!("{prefix}.{}", path.as_str()) };
    match predicate {
        Predicate::Compare(comparison, operand) if indexable(operand) => {
            found.push((full, Restriction::Compare(*comparison, operand)));
        }
        Predicate::In(one_of) if one_of.patterns.is_empty() && one_of.values.iter().all(indexable) => {
            found.push((full, Restriction::In(&one_of.values)));
        }
        Predicate::Matches(pattern) => {
            if let Some(start) = pattern.prefix() {
                found.push((full, Restriction::Prefix(start)));
            }
        }
        Predicate::Element(ElementMatch::Value(parts)) => {
            for (part, negated) in parts {
                if !negated {
                    restrict(path, part, prefix, found);
                }
            }
        }
        // An array inside the array is matched by position, which no index of the dotted path holds.
        Predicate::Element(ElementMatch::Object(node)) if !numeric_root(node) => collect(node, &full, found),
        _ => {}
    }
}

fn numeric_root(node: &Node) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().any(numeric_root),
        Node::Field(field) => field.0.root().bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Whole arrays are no index keys, and MinKey and MaxKey compare across all types.
fn indexable(operand: &Bson) -> bool {
    !matches!(operand, Bson::Array(_) | Bson::MinKey | Bson::MaxKey | Bson::Undefined | Bson::RegularExpression(_))
}

impl Restriction<'_> {
    /// Whether a document without the field may satisfy it.
    pub fn allows_missing(&self) -> bool {
        match self {
            Restriction::Compare(_, operand) => matches!(operand, Bson::Null),
            Restriction::In(values) => values.iter().any(|value| matches!(value, Bson::Null)),
            Restriction::Prefix(_) => false,
        }
    }

    /// Whether it allows single values only.
    pub fn is_points(&self) -> bool {
        matches!(self, Restriction::Compare(Comparison::Equal, _) | Restriction::In(_))
    }

    /// Its ranges in a field of an index, in key order.
    pub fn intervals(&self, field: &Field) -> Vec<Interval> {
        let mut intervals = match self {
            Restriction::Compare(comparison, operand) => vec![compare(*comparison, operand, field)],
            Restriction::In(values) => values.iter().map(|value| compare(Comparison::Equal, value, field)).collect(),
            Restriction::Prefix(start) => vec![prefix(start, field)],
        };
        if let Restriction::Prefix(_) = self {
            // A stored regular expression matches itself: all of them are looked at.
            intervals.push(regular_expressions(field));
        }
        intervals.sort_by(|a, b| a.start.cmp(&b.start));
        intervals.dedup_by(|a, b| a.start == b.start && a.end == b.end);
        intervals
    }
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
    let bracket = [if field.descending { !bracket } else { bracket }];
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
    // Larger values lie behind the operand's key, or before it where the field descends.
    let (start, end) = match (larger != field.descending, inclusive) {
        (true, true) => (exact, behind(&bracket)),
        (true, false) => (behind(&exact).unwrap_or(exact), behind(&bracket)),
        (false, true) => (bracket.to_vec(), behind(&exact)),
        (false, false) => (bracket.to_vec(), Some(exact)),
    };
    Interval { start, end, text }
}

fn prefix(text: &str, field: &Field) -> Interval {
    let mut start = vec![order::bracket(&Bson::String(String::new()))];
    start.extend_from_slice(text.as_bytes());
    if field.descending {
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
    let start = vec![if field.descending { !REGEX_BRACKET } else { REGEX_BRACKET }];
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
