//! Equality, order and hash of graph values (openCypher CIP2016-06-14, "Comparability and equality,
//! orderability and equivalence").
//!
//! * [`equals`]: what `=` answers, in three-valued logic;
//! * [`compare`]: what `<` and its siblings rest on: only values of the same kind compare;
//! * [`compare_order`]: the total order of ORDER BY, min and max;
//! * [`equivalent`] and [`GroupKey`]: what DISTINCT and grouping rest on: null and NaN are each
//!   equivalent to themselves.

use super::graph::{Entity, PathIds, Point, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// How two values compare with `<`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparability {
    /// They have an order.
    Ordered(Ordering),
    /// All of `<`, `<=`, `>`, `>=` are false: NaN against a number.
    Unordered,
    /// All of them are null: null, or values of different kinds.
    Unknown,
}

/// What `a = b` answers; `None` is null.
pub fn equals(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Float(a), Value::Float(b)) => Some(a == b),
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            Some(compare_int_float(*int, *float) == Some(Ordering::Equal))
        }
        (Value::String(a), Value::String(b)) => Some(a == b),
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all_equal(a.iter().zip(b))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() || !a.keys().eq(b.keys()) {
                return Some(false);
            }
            all_equal(a.values().zip(b.values()))
        }
        (Value::Temporal(a), Value::Temporal(b)) => Some(a == b),
        (Value::Point(a), Value::Point(b)) => Some(a == b),
        _ => Some(same_entity(a, b)),
    }
}

/// False as soon as one pair differs, else null if one pair is unknown, else true.
fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut answer = Some(true);
    for (a, b) in pairs {
        match equals(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => answer = None,
        }
    }
    answer
}

/// Whether both are the same node, relationship or path.
fn same_entity(a: &Value, b: &Value) -> bool {
    match (identity(a), identity(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// What makes an entity itself; a path is its ids, nodes and relationships in turn.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Identity {
    Node(u64),
    Relationship(u64),
    Path(Vec<u64>),
}

fn identity(value: &Value) -> Option<Identity> {
    match value {
        Value::Node(id) => Some(Identity::Node(*id)),
        Value::Relationship(id) => Some(Identity::Relationship(*id)),
        Value::Path(ids) => Some(Identity::Path(alternating(ids))),
        Value::Entity(entity) => Some(match &**entity {
            Entity::Node(node) => Identity::Node(node.id),
            Entity::Relationship(relationship) => Identity::Relationship(relationship.id),
            Entity::Path { nodes, relationships } => Identity::Path(alternating(&PathIds {
                nodes: nodes.iter().map(|node| node.id).collect(),
                relationships: relationships.iter().map(|relationship| relationship.id).collect(),
            })),
        }),
        _ => None,
    }
}

fn alternating(ids: &PathIds) -> Vec<u64> {
    let mut out = Vec::with_capacity(ids.nodes.len() + ids.relationships.len());
    let mut relationships = ids.relationships.iter();
    for node in &ids.nodes {
        out.push(*node);
        out.extend(relationships.next());
    }
    out
}

/// Compares an integer with a float as if both had unlimited digits; `None` for NaN.
pub fn compare_int_float(int: i64, float: f64) -> Option<Ordering> {
    /// 2^63, the first float beyond the integers.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        None
    } else if float >= LIMIT {
        Some(Ordering::Less)
    } else if float < -LIMIT {
        Some(Ordering::Greater)
    } else {
        let whole = float.trunc();
        let rest = float - whole;
        Some(int.cmp(&(whole as i64)).then(if rest > 0.0 {
            Ordering::Less
        } else if rest < 0.0 {
            Ordering::Greater
        } else {
            Ordering::Equal
        }))
    }
}

/// What `<` and its siblings rest on.
pub fn compare(a: &Value, b: &Value) -> Comparability {
    use Comparability::{Ordered, Unknown, Unordered};
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Unknown,
        (Value::Int(a), Value::Int(b)) => Ordered(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).map_or(Unordered, Ordered),
        (Value::Int(a), Value::Float(b)) => compare_int_float(*a, *b).map_or(Unordered, Ordered),
        (Value::Float(a), Value::Int(b)) => {
            compare_int_float(*b, *a).map_or(Unordered, |order| Ordered(order.reverse()))
        }
        (Value::String(a), Value::String(b)) => Ordered(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Ordered(a.cmp(b)),
        (Value::Temporal(a), Value::Temporal(b)) => a.compare(b).map_or(Unknown, Ordered),
        (Value::List(a), Value::List(b)) => {
            for (a, b) in a.iter().zip(b) {
                match compare(a, b) {
                    Ordered(Ordering::Equal) => {}
                    // Values without an order may still be equal, such as nodes.
                    Unknown if equals(a, b) == Some(true) => {}
                    different => return different,
                }
            }
            Ordered(a.len().cmp(&b.len()))
        }
        _ => Unknown,
    }
}

/// What `a < b` answers, and `a <= b` if `or_equal`; `None` is null.
pub fn less(a: &Value, b: &Value, or_equal: bool) -> Option<bool> {
    match compare(a, b) {
        Comparability::Ordered(order) => Some(order == Ordering::Less || (or_equal && order == Ordering::Equal)),
        Comparability::Unordered => Some(false),
        Comparability::Unknown => None,
    }
}

/// The place of a value's kind in the order of kinds.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Map(_) => 0,
        Value::Node(_) => 1,
        Value::Relationship(_) => 2,
        Value::List(_) => 3,
        Value::Path(_) => 4,
        Value::Point(_) => 5,
        Value::Temporal(temporal) => 6 + temporal.rank(),
        Value::String(_) => 13,
        Value::Bool(_) => 14,
        Value::Int(_) | Value::Float(_) => 15,
        Value::Null => 16,
        Value::Entity(entity) => match **entity {
            Entity::Node(_) => 1,
            Entity::Relationship(_) => 2,
            Entity::Path { .. } => 4,
        },
    }
}

/// The total order of ORDER BY, ascending: maps, nodes, relationships, lists, paths, points, datetimes,
/// localdatetimes, dates, times, localtimes, durations, strings, booleans, numbers, NaN, null.
pub fn compare_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
        (Value::Int(a), Value::Float(b)) => compare_int_float(*a, *b).unwrap_or(Ordering::Less),
        (Value::Float(a), Value::Int(b)) => compare_int_float(*b, *a).map_or(Ordering::Greater, Ordering::reverse),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Temporal(a), Value::Temporal(b)) => a.order(b),
        (Value::Point(a), Value::Point(b)) => compare_points(a, b),
        (Value::List(a), Value::List(b)) => {
            let pairs = a.iter().zip(b).map(|(a, b)| compare_order(a, b));
            first_difference(pairs).then(a.len().cmp(&b.len()))
        }
        (Value::Map(a), Value::Map(b)) => compare_maps(a, b),
        _ => rank(a).cmp(&rank(b)).then_with(|| identity(a).cmp(&identity(b))),
    }
}

/// Points: by their systems' numbers, then by their coordinates.
fn compare_points(a: &Point, b: &Point) -> Ordering {
    let pairs = [(a.x, b.x), (a.y, b.y), (a.z, b.z)];
    let coordinates = pairs.into_iter().map(|(a, b)| compare_order(&Value::Float(a), &Value::Float(b)));
    a.crs.srid().cmp(&b.crs.srid()).then_with(|| first_difference(coordinates))
}

/// Maps: the smaller first, then by the sorted keys, then by their values.
fn compare_maps(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.keys().cmp(b.keys()))
        .then_with(|| first_difference(a.values().zip(b.values()).map(|(a, b)| compare_order(a, b))))
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Whether DISTINCT and grouping take two values for the same: like `=`, but null is the same as null
/// and NaN the same as NaN.
pub fn equivalent(a: &Value, b: &Value) -> bool {
    compare_order(a, b).is_eq()
}

/// A value as a key of a hash table, with [`equivalent`] as its equality.
#[derive(Debug, Clone)]
pub struct GroupKey(pub Value);

impl PartialEq for GroupKey {
    fn eq(&self, other: &Self) -> bool {
        equivalent(&self.0, &other.0)
    }
}

impl Eq for GroupKey {}

impl Hash for GroupKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_value(&self.0, state);
    }
}

/// Feeds a hash such that equivalent values feed the same: an integral float feeds like the integer.
pub fn hash_value<H: Hasher>(value: &Value, state: &mut H) {
    state.write_u8(rank(value));
    match value {
        Value::Null => {}
        Value::Bool(value) => value.hash(state),
        Value::Int(value) => value.hash(state),
        Value::Float(value) => {
            let int = *value as i64;
            if compare_int_float(int, *value) == Some(Ordering::Equal) {
                int.hash(state);
            } else if value.is_nan() {
                f64::NAN.to_bits().hash(state);
            } else {
                value.to_bits().hash(state);
            }
        }
        Value::String(value) => value.hash(state),
        Value::Point(point) => {
            point.crs.hash(state);
            point.coordinates().iter().for_each(|&number| hash_value(&Value::Float(number), state));
        }
        Value::Temporal(value) => value.hash(state),
        Value::List(items) => {
            state.write_usize(items.len());
            items.iter().for_each(|item| hash_value(item, state));
        }
        Value::Map(entries) => {
            state.write_usize(entries.len());
            for (key, value) in entries {
                key.hash(state);
                hash_value(value, state);
            }
        }
        Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Entity(_) => identity(value).hash(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn list(items: &[Value]) -> Value {
        Value::List(items.to_vec())
    }

    #[test]
    fn equality_knows_null() {
        assert_eq!(equals(&list(&[Value::Null]), &list(&[Value::Int(1)])), None);
        assert_eq!(equals(&list(&[Value::Int(1), Value::Int(2)]), &list(&[Value::Int(1)])), Some(false));
        assert_eq!(equals(&list(&[Value::Null, Value::Int(2)]), &list(&[Value::Int(1), Value::Int(3)])), Some(false));
        assert_eq!(equals(&Value::Int(1), &Value::string("1")), Some(false));
        assert_eq!(equals(&Value::Float(f64::NAN), &Value::Float(f64::NAN)), Some(false));
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let big = (1_i64 << 53) + 1;
        assert_eq!(equals(&Value::Int(big), &Value::Float((1_i64 << 53) as f64)), Some(false));
        assert_eq!(equals(&Value::Int(1), &Value::Float(1.0)), Some(true));
        assert_eq!(compare_int_float(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(compare_int_float(-1, -1.5), Some(Ordering::Greater));
    }

    #[test]
    fn equivalent_values_hash_alike() {
        let keys: HashSet<GroupKey> = [
            Value::Null,
            Value::Null,
            Value::Float(f64::NAN),
            Value::Float(-f64::NAN),
            Value::Int(1),
            Value::Float(1.0),
            Value::Float(0.0),
            Value::Float(-0.0),
            list(&[Value::Null]),
            list(&[Value::Null]),
        ]
        .into_iter()
        .map(GroupKey)
        .collect();
        assert_eq!(keys.len(), 5);
    }

    #[test]
    fn kinds_have_an_order() {
        let ascending = [
            Value::Map(BTreeMap::new()),
            Value::Node(1),
            Value::Relationship(1),
            list(&[]),
            list(&[Value::string("a")]),
            list(&[Value::string("a"), Value::Int(1)]),
            list(&[Value::Int(1)]),
            list(&[Value::Null]),
            Value::Path(std::sync::Arc::new(PathIds { nodes: vec![1], relationships: vec![] })),
            Value::string("a"),
            Value::Bool(false),
            Value::Bool(true),
            Value::Int(1),
            Value::Float(1.5),
            Value::Float(f64::NAN),
            Value::Null,
        ];
        assert!(ascending.windows(2).all(|pair| compare_order(&pair[0], &pair[1]).is_lt()));
    }
}
