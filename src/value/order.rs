//! BSON comparison order and equality (MongoDB manual, "Comparison/Sort Order").
//!
//! MinKey < undefined (and a missing value) < null < numbers < strings and symbols < objects < arrays
//! < binary data < ObjectId < booleans < dates < timestamps < regular expressions < DBPointer < code
//! < code with scope < MaxKey. Numbers of all four types compare by exact value, NaN equals NaN and
//! stands below all other numbers, −0 = 0. Objects compare field by field: type, then name, then value.

use super::decimal::Decimal;
use bson::{Bson, Document};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The bracket of a value's type: values of different brackets compare by it, and a query's
/// `$gt`/`$lt` only match within it.
pub fn bracket(value: &Bson) -> u8 {
    match value {
        Bson::MinKey => 1,
        Bson::Undefined => MISSING_BRACKET,
        Bson::Null => 5,
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => 10,
        Bson::String(_) | Bson::Symbol(_) => 15,
        Bson::Document(_) => 20,
        Bson::Array(_) => 25,
        Bson::Binary(_) => 30,
        Bson::ObjectId(_) => 35,
        Bson::Boolean(_) => 40,
        Bson::DateTime(_) => 45,
        Bson::Timestamp(_) => 47,
        Bson::RegularExpression(_) => 50,
        Bson::DbPointer(_) => 55,
        Bson::JavaScriptCode(_) => 60,
        Bson::JavaScriptCodeWithScope(_) => 65,
        Bson::MaxKey => 127,
    }
}

const MISSING_BRACKET: u8 = 2;

/// Compares two values in BSON order.
pub fn compare(a: &Bson, b: &Bson) -> Ordering {
    match (a, b) {
        (Bson::Int32(x), Bson::Int32(y)) => x.cmp(y),
        (Bson::String(x), Bson::String(y)) => x.as_bytes().cmp(y.as_bytes()),
        _ => bracket(a).cmp(&bracket(b)).then_with(|| compare_within(a, b)),
    }
}

/// Compares two values of which either may be missing, which counts as `undefined`: below null.
/// This is the order of aggregation's `$cmp`, `$gt` …
pub fn compare_missing(a: Option<&Bson>, b: Option<&Bson>) -> Ordering {
    compare(a.unwrap_or(&Bson::Undefined), b.unwrap_or(&Bson::Undefined))
}

/// Compares two sort keys: a missing value and `undefined` sort as null.
pub fn compare_sort_keys(a: Option<&Bson>, b: Option<&Bson>) -> Ordering {
    fn key(value: Option<&Bson>) -> &Bson {
        match value {
            None | Some(Bson::Undefined) => &Bson::Null,
            Some(value) => value,
        }
    }
    compare(key(a), key(b))
}

/// Whether two values are equal in BSON order: `1` equals `1.0`, and the order of an object's
/// fields matters.
pub fn equal(a: &Bson, b: &Bson) -> bool {
    compare(a, b) == Ordering::Equal
}

/// Whether a value is null, undefined or missing.
pub fn is_nullish(value: Option<&Bson>) -> bool {
    matches!(value, None | Some(Bson::Null | Bson::Undefined))
}

fn compare_within(a: &Bson, b: &Bson) -> Ordering {
    match (a, b) {
        (Bson::String(x) | Bson::Symbol(x), Bson::String(y) | Bson::Symbol(y)) => x.as_bytes().cmp(y.as_bytes()),
        (Bson::Document(x), Bson::Document(y)) => compare_documents(x, y),
        (Bson::Array(x), Bson::Array(y)) => compare_arrays(x, y),
        (Bson::Binary(x), Bson::Binary(y)) => x
            .bytes
            .len()
            .cmp(&y.bytes.len())
            .then_with(|| u8::from(x.subtype).cmp(&u8::from(y.subtype)))
            .then_with(|| x.bytes.cmp(&y.bytes)),
        (Bson::ObjectId(x), Bson::ObjectId(y)) => x.bytes().cmp(&y.bytes()),
        (Bson::Boolean(x), Bson::Boolean(y)) => x.cmp(y),
        (Bson::DateTime(x), Bson::DateTime(y)) => x.timestamp_millis().cmp(&y.timestamp_millis()),
        (Bson::Timestamp(x), Bson::Timestamp(y)) => (x.time, x.increment).cmp(&(y.time, y.increment)),
        (Bson::RegularExpression(x), Bson::RegularExpression(y)) => {
            x.pattern.as_str().cmp(y.pattern.as_str()).then_with(|| x.options.as_str().cmp(y.options.as_str()))
        }
        // The crate keeps a DBPointer's parts private; its debug text holds both.
        (Bson::DbPointer(x), Bson::DbPointer(y)) => format!("{x:?}").cmp(&format!("{y:?}")),
        (Bson::JavaScriptCode(x), Bson::JavaScriptCode(y)) => x.cmp(y),
        (Bson::JavaScriptCodeWithScope(x), Bson::JavaScriptCodeWithScope(y)) => {
            x.code.cmp(&y.code).then_with(|| compare_documents(&x.scope, &y.scope))
        }
        _ => compare_numbers(a, b),
    }
}

/// Compares two documents field by field: type, then name, then value; a prefix is smaller.
pub fn compare_documents(a: &Document, b: &Document) -> Ordering {
    let mut left = a.iter();
    let mut right = b.iter();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some((name_a, value_a)), Some((name_b, value_b))) => {
                let order = bracket(value_a)
                    .cmp(&bracket(value_b))
                    .then_with(|| name_a.as_bytes().cmp(name_b.as_bytes()))
                    .then_with(|| compare(value_a, value_b));
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

/// Compares two arrays element by element; a prefix is smaller.
pub fn compare_arrays(a: &[Bson], b: &[Bson]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = compare(x, y);
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

fn compare_numbers(a: &Bson, b: &Bson) -> Ordering {
    match (a, b) {
        (Bson::Decimal128(x), Bson::Decimal128(y)) => Decimal::from_bson(*x).compare(Decimal::from_bson(*y)),
        (Bson::Decimal128(x), _) => compare_decimal(Decimal::from_bson(*x), b),
        (_, Bson::Decimal128(y)) => compare_decimal(Decimal::from_bson(*y), a).reverse(),
        (Bson::Double(x), Bson::Double(y)) => compare_doubles(*x, *y),
        (Bson::Double(x), _) => integer(b).map_or(Ordering::Equal, |y| compare_double_integer(*x, y)),
        (_, Bson::Double(y)) => integer(a).map_or(Ordering::Equal, |x| compare_double_integer(*y, x).reverse()),
        _ => integer(a).cmp(&integer(b)),
    }
}

fn compare_decimal(decimal: Decimal, other: &Bson) -> Ordering {
    match other {
        Bson::Double(y) => decimal.compare_f64(*y),
        _ => integer(other).map_or(Ordering::Equal, |y| decimal.compare(Decimal::from(y))),
    }
}

fn integer(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(x) => Some(i64::from(*x)),
        Bson::Int64(x) => Some(*x),
        _ => None,
    }
}

/// Compares doubles: NaN below all others and equal to itself, −0 = 0.
pub fn compare_doubles(a: f64, b: f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
    }
}

/// Compares a double with a 64-bit integer by exact value.
pub fn compare_double_integer(a: f64, b: i64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if a.is_nan() {
        return Ordering::Less;
    }
    if a >= LIMIT {
        return Ordering::Greater;
    }
    if a < -LIMIT {
        return Ordering::Less;
    }
    let whole = a.trunc();
    (whole as i64).cmp(&b).then_with(|| compare_doubles(a, whole))
}

/// A value as a key of hashed grouping: equal keys are values equal in BSON order, so `1`, `1.0`,
/// `NumberLong(1)` and `NumberDecimal("1.00")` fall together.
#[derive(Debug, Clone)]
pub struct BsonKey(pub Bson);

impl PartialEq for BsonKey {
    fn eq(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }
}

impl Eq for BsonKey {}

impl Hash for BsonKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_value(&self.0, state);
    }
}

impl PartialOrd for BsonKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BsonKey {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

fn hash_value<H: Hasher>(value: &Bson, state: &mut H) {
    bracket(value).hash(state);
    match value {
        Bson::Int32(x) => hash_integer(i64::from(*x), state),
        Bson::Int64(x) => hash_integer(*x, state),
        Bson::Double(x) => hash_double(*x, state),
        Bson::Decimal128(x) => hash_decimal(Decimal::from_bson(*x), state),
        Bson::String(x) | Bson::Symbol(x) | Bson::JavaScriptCode(x) => x.hash(state),
        Bson::Document(x) => hash_document(x, state),
        Bson::Array(x) => {
            x.len().hash(state);
            for item in x {
                hash_value(item, state);
            }
        }
        Bson::Binary(x) => x.bytes.hash(state),
        Bson::ObjectId(x) => x.bytes().hash(state),
        Bson::Boolean(x) => x.hash(state),
        Bson::DateTime(x) => x.timestamp_millis().hash(state),
        Bson::Timestamp(x) => (x.time, x.increment).hash(state),
        Bson::RegularExpression(x) => x.pattern.as_str().hash(state),
        Bson::JavaScriptCodeWithScope(x) => {
            x.code.hash(state);
            hash_document(&x.scope, state);
        }
        Bson::MinKey | Bson::MaxKey | Bson::Null | Bson::Undefined | Bson::DbPointer(_) => {}
    }
}

fn hash_document<H: Hasher>(document: &Document, state: &mut H) {
    document.len().hash(state);
    for (name, value) in document {
        name.hash(state);
        hash_value(value, state);
    }
}

fn hash_integer<H: Hasher>(value: i64, state: &mut H) {
    (0u8, value).hash(state);
}

fn hash_double<H: Hasher>(value: f64, state: &mut H) {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if value.is_nan() {
        1u8.hash(state);
    } else if value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value) {
        hash_integer(value as i64, state);
    } else {
        (2u8, value.to_bits()).hash(state);
    }
}

fn hash_decimal<H: Hasher>(value: Decimal, state: &mut H) {
    if let Some(whole) = value.to_i64_exact() {
        return hash_integer(whole, state);
    }
    let double = value.to_f64();
    if value.is_nan() || value.compare_f64(double) == Ordering::Equal {
        return hash_double(double, state);
    }
    if let Decimal::Finite { negative, coefficient, exponent } = value.normalized() {
        (3u8, negative, coefficient, exponent).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{bson, doc};
    use std::hash::DefaultHasher;

    fn decimal(text: &str) -> Bson {
        Bson::Decimal128(text.parse().unwrap())
    }

    fn hash(value: &Bson) -> u64 {
        let mut hasher = DefaultHasher::new();
        BsonKey(value.clone()).hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn numbers_compare_by_exact_value() {
        let big = 9_007_199_254_740_993_i64; // 2^53 + 1 is no double
        assert_eq!(compare(&Bson::Int64(big), &Bson::Double(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(compare(&Bson::Double(f64::NAN), &Bson::Double(f64::NEG_INFINITY)), Ordering::Less);
        assert!(equal(&Bson::Double(f64::NAN), &decimal("NaN")));
        assert!(equal(&Bson::Double(-0.0), &Bson::Int32(0)));
        assert_eq!(compare(&decimal("0.1"), &Bson::Double(0.1)), Ordering::Less);
        assert_eq!(compare(&Bson::Int64(i64::MAX), &Bson::Double(9_223_372_036_854_775_808.0)), Ordering::Less);
    }

    #[test]
    fn equal_numbers_hash_alike() {
        for group in [
            vec![Bson::Int32(1), Bson::Int64(1), Bson::Double(1.0), decimal("1.00")],
            vec![Bson::Double(0.5), decimal("0.50")],
            vec![Bson::Double(2f64.powi(100)), decimal("1267650600228229401496703205376")],
            vec![Bson::Double(f64::NAN), decimal("NaN")],
            vec![Bson::Double(f64::INFINITY), decimal("Infinity")],
        ] {
            for value in &group {
                assert!(equal(value, &group[0]), "{value}");
                assert_eq!(hash(value), hash(&group[0]), "{value}");
            }
        }
    }

    #[test]
    fn types_stand_in_brackets() {
        let ordered = [
            Bson::MinKey,
            Bson::Undefined,
            Bson::Null,
            Bson::Int32(5),
            bson!("a"),
            bson!({}),
            bson!([]),
            Bson::Binary(bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: vec![] }),
            Bson::ObjectId(bson::oid::ObjectId::from_bytes([0; 12])),
            Bson::Boolean(false),
            Bson::Boolean(true),
            Bson::DateTime(bson::DateTime::from_millis(0)),
            Bson::Timestamp(bson::Timestamp { time: 0, increment: 0 }),
            Bson::MaxKey,
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(&pair[0], &pair[1]), Ordering::Less, "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn objects_compare_type_name_value() {
        let less = |a: Document, b: Document| compare(&Bson::Document(a), &Bson::Document(b)) == Ordering::Less;
        assert!(less(doc! {"b": 1}, doc! {"a": "x"}));
        assert!(less(doc! {"a": 2}, doc! {"b": 1}));
        assert!(less(doc! {"a": 1}, doc! {"a": 1, "b": 1}));
        assert!(!equal(&bson!({"a": 1, "b": 2}), &bson!({"b": 2, "a": 1})));
    }
}
