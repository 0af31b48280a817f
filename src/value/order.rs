//! BSON comparison order and equality (MongoDB manual, "Comparison/Sort Order").
//!
//! MinKey < undefined (and a missing value) < null < numbers < strings and symbols < objects < arrays
//! < binary data < ObjectId < booleans < dates < timestamps < regular expressions < DBPointer < code
//! < code with scope < MaxKey. Numbers of all four types compare by exact value, NaN equals NaN and
//! stands below all other numbers, −0 = 0. Objects compare field by field: type, then name, then value.

use super::decimal::Decimal;
use super::view::{ArrayView, DocumentView, Pointer, View};
use bson::Bson;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The bracket of a value's type: values of different brackets compare by it, and a query's
/// `$gt`/`$lt` only match within it.
pub fn bracket<'a>(value: impl Into<View<'a>>) -> u8 {
    match value.into() {
        View::MinKey => 1,
        View::Undefined => MISSING_BRACKET,
        View::Null => 5,
        View::Int32(_) | View::Int64(_) | View::Double(_) | View::Decimal(_) => 10,
        View::String(_) | View::Symbol(_) => 15,
        View::Document(_) => 20,
        View::Array(_) => 25,
        View::Binary(..) => 30,
        View::ObjectId(_) => 35,
        View::Boolean(_) => 40,
        View::Date(_) => 45,
        View::Timestamp(..) => 47,
        View::Regex(..) => 50,
        View::DbPointer(_) => 55,
        View::Code(_) => 60,
        View::CodeWithScope(..) => 65,
        View::MaxKey => 127,
    }
}

const MISSING_BRACKET: u8 = 2;

/// Compares two values in BSON order.
pub fn compare<'a, 'b>(a: impl Into<View<'a>>, b: impl Into<View<'b>>) -> Ordering {
    let (a, b) = (a.into(), b.into());
    match (a, b) {
        (View::Int32(x), View::Int32(y)) => x.cmp(&y),
        (View::String(x), View::String(y)) => x.cmp(y),
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
pub fn equal<'a, 'b>(a: impl Into<View<'a>>, b: impl Into<View<'b>>) -> bool {
    compare(a, b) == Ordering::Equal
}

/// Whether a value is null, undefined or missing.
pub fn is_nullish(value: Option<&Bson>) -> bool {
    matches!(value, None | Some(Bson::Null | Bson::Undefined))
}

fn compare_within(a: View<'_>, b: View<'_>) -> Ordering {
    match (a, b) {
        (View::String(x) | View::Symbol(x), View::String(y) | View::Symbol(y)) => x.cmp(y),
        (View::Document(x), View::Document(y)) => compare_documents(x, y),
        (View::Array(x), View::Array(y)) => compare_arrays(x, y),
        (View::Binary(kind_x, x), View::Binary(kind_y, y)) => {
            x.len().cmp(&y.len()).then_with(|| kind_x.cmp(&kind_y)).then_with(|| x.cmp(y))
        }
        (View::ObjectId(x), View::ObjectId(y)) => x.cmp(&y),
        (View::Boolean(x), View::Boolean(y)) => x.cmp(&y),
        (View::Date(x), View::Date(y)) => x.cmp(&y),
        (View::Timestamp(time_x, x), View::Timestamp(time_y, y)) => (time_x, x).cmp(&(time_y, y)),
        (View::Regex(x, options_x), View::Regex(y, options_y)) => x.cmp(y).then_with(|| options_x.cmp(options_y)),
        (View::DbPointer(x), View::DbPointer(y)) => pointer_text(x).cmp(&pointer_text(y)),
        (View::Code(x), View::Code(y)) => x.cmp(y),
        (View::CodeWithScope(x, scope_x), View::CodeWithScope(y, scope_y)) => {
            x.cmp(y).then_with(|| compare_documents(scope_x, scope_y))
        }
        _ => compare_numbers(a, b),
    }
}

/// The crate keeps a DBPointer's parts private; its debug text holds both.
pub(super) fn pointer_text(pointer: Pointer<'_>) -> String {
    match pointer {
        Pointer::Decoded(pointer) => format!("{pointer:?}"),
        Pointer::Raw(raw) => match raw.to_bson() {
            Bson::DbPointer(pointer) => format!("{pointer:?}"),
            _ => String::new(),
        },
    }
}

/// Compares two documents field by field: type, then name, then value; a prefix is smaller.
pub fn compare_documents<'a, 'b>(a: impl Into<DocumentView<'a>>, b: impl Into<DocumentView<'b>>) -> Ordering {
    let mut left = a.into().fields();
    let mut right = b.into().fields();
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
fn compare_arrays(a: ArrayView<'_>, b: ArrayView<'_>) -> Ordering {
    let (mut left, mut right) = (a.iter(), b.iter());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match compare(x, y) {
                Ordering::Equal => {}
                order => return order,
            },
        }
    }
}

fn compare_numbers(a: View<'_>, b: View<'_>) -> Ordering {
    match (a, b) {
        (View::Decimal(x), View::Decimal(y)) => Decimal::from_bson(x).compare(Decimal::from_bson(y)),
        (View::Decimal(x), _) => compare_decimal(Decimal::from_bson(x), b),
        (_, View::Decimal(y)) => compare_decimal(Decimal::from_bson(y), a).reverse(),
        (View::Double(x), View::Double(y)) => compare_doubles(x, y),
        (View::Double(x), _) => integer(b).map_or(Ordering::Equal, |y| compare_double_integer(x, y)),
        (_, View::Double(y)) => integer(a).map_or(Ordering::Equal, |x| compare_double_integer(y, x).reverse()),
        _ => integer(a).cmp(&integer(b)),
    }
}

fn compare_decimal(decimal: Decimal, other: View<'_>) -> Ordering {
    match other {
        View::Double(y) => decimal.compare_f64(y),
        _ => integer(other).map_or(Ordering::Equal, |y| decimal.compare(Decimal::from(y))),
    }
}

fn integer(value: View<'_>) -> Option<i64> {
    match value {
        View::Int32(x) => Some(i64::from(x)),
        View::Int64(x) => Some(x),
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
        hash_value(View::from(&self.0), state);
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

/// Hashes a value so that values equal in BSON order have the same hash.
pub fn hash_value<H: Hasher>(value: View<'_>, state: &mut H) {
    bracket(value).hash(state);
    match value {
        View::Int32(x) => hash_integer(i64::from(x), state),
        View::Int64(x) => hash_integer(x, state),
        View::Double(x) => hash_double(x, state),
        View::Decimal(x) => hash_decimal(Decimal::from_bson(x), state),
        View::String(x) | View::Symbol(x) | View::Code(x) => x.hash(state),
        View::Document(x) => hash_document(x, state),
        View::Array(x) => {
            x.iter().for_each(|item| hash_value(item, state));
            0xffu8.hash(state);
        }
        View::Binary(_, x) => x.hash(state),
        View::ObjectId(x) => x.hash(state),
        View::Boolean(x) => x.hash(state),
        View::Date(x) => x.hash(state),
        View::Timestamp(time, increment) => (time, increment).hash(state),
        View::Regex(pattern, _) => pattern.hash(state),
        View::CodeWithScope(code, scope) => {
            code.hash(state);
            hash_document(scope, state);
        }
        View::MinKey | View::MaxKey | View::Null | View::Undefined | View::DbPointer(_) => {}
    }
}

fn hash_document<H: Hasher>(document: DocumentView<'_>, state: &mut H) {
    for (name, value) in document.fields() {
        name.hash(state);
        hash_value(value, state);
    }
    0xffu8.hash(state);
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
    use bson::{Document, bson, doc};
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
