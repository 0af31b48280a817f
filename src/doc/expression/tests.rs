//! Expressions against documents, by phenomenon.

use super::*;
use bson::Document;
use bson::{bson, doc};

fn evaluate(expression: Bson, document: Document) -> Result<Option<Bson>> {
    Expression::parse(&expression)?.evaluate(&document, &Variables::new(0))
}

fn value(expression: Bson) -> Bson {
    evaluate(expression, Document::new()).unwrap().unwrap()
}

#[test]
fn missing_is_not_null() {
    assert_eq!(evaluate(bson!("$a"), doc! {}).unwrap(), None);
    assert_eq!(evaluate(bson!(["$a"]), doc! {}).unwrap(), Some(bson!([null])));
    assert_eq!(evaluate(bson!({"x": "$a", "y": 1}), doc! {}).unwrap(), Some(bson!({"y": 1})));
    assert_eq!(evaluate(bson!({"$arrayElemAt": [[1], 5]}), doc! {}).unwrap(), None);
}

#[test]
fn integers_grow_and_doubles_win() {
    assert_eq!(value(bson!({"$add": [1, 2]})), Bson::Int32(3));
    assert_eq!(value(bson!({"$add": [i32::MAX, 1]})), Bson::Int64(2_147_483_648));
    assert_eq!(value(bson!({"$multiply": [i64::MAX, 2]})), Bson::Double(i64::MAX as f64 * 2.0));
    assert_eq!(value(bson!({"$divide": [1, 1]})), Bson::Double(1.0));
    assert_eq!(value(bson!({"$mod": [-7, 3]})), Bson::Int32(-1));
    assert_eq!(value(bson!({"$round": [2.5]})), Bson::Double(2.0));
    assert_eq!(value(bson!({"$round": [1234, -2]})), Bson::Int32(1200));
    assert_eq!(value(bson!({"$pow": [2, -1]})), Bson::Double(0.5));
    assert_eq!(value(bson!({"$sum": [[0.1, 0.2, 0.3]]})), Bson::Double(0.6));
}

#[test]
fn paths_go_through_arrays() {
    let document = doc! {"a": [{"b": 1}, {"b": 2}, {"c": 3}, 4]};
    assert_eq!(evaluate(bson!("$a.b"), document.clone()).unwrap(), Some(bson!([1, 2])));
    assert_eq!(evaluate(bson!("$a.0"), document).unwrap(), Some(bson!([])));
}

#[test]
fn deep_nesting_is_an_error() {
    let mut nested = bson!(1);
    for _ in 0..5000 {
        nested = Bson::Array(vec![nested]);
    }
    assert!(Expression::parse(&nested).is_err());
    // A Bson of this depth is dropped level by level by hand, for drop recurses.
    while let Bson::Array(mut items) = nested {
        nested = items.pop().unwrap();
    }
}

#[test]
fn dates() {
    let date = Bson::DateTime(bson::DateTime::parse_rfc3339_str("2024-01-31T23:30:00Z").unwrap());
    let text = |format: &str, zone: &str| {
        value(bson!({"$dateToString": {"date": date.clone(), "format": format, "timezone": zone}}))
    };
    assert_eq!(text("%Y-%m-%d %H:%M %j %U %u %z", "UTC"), bson!("2024-01-31 23:30 031 04 3 +0000"));
    assert_eq!(text("%d %b %H:%M %z %Z", "America/New_York"), bson!("31 Jan 18:30 -0500 -300"));
    let added = value(bson!({"$dateAdd": {"startDate": date.clone(), "unit": "month", "amount": 1}}));
    assert_eq!(value(bson!({"$toString": added})), bson!("2024-02-29T23:30:00.000Z"));
    let parsed = value(bson!({"$dateFromString": {"dateString": "06:30 15-Mar", "onError": "no"}}));
    assert_eq!(parsed, bson!("no"));
    let parsed = value(bson!({"$dateFromString": {"dateString": "2017-02-08T12:10:40.787+02:00"}}));
    assert_eq!(value(bson!({"$toString": parsed})), bson!("2017-02-08T10:10:40.787Z"));
    let weeks = value(
        bson!({"$dateDiff": {"startDate": date.clone(), "endDate": {"$dateAdd": {"startDate": date, "unit": "day", "amount": 4}}, "unit": "week"}}),
    );
    assert_eq!(weeks, Bson::Int64(1));
}

#[test]
fn unknown_names() {
    let error = Expression::parse(&bson!({"$foo": 1})).unwrap_err();
    assert_eq!(error.message, "Unrecognized expression '$foo'");
    assert_eq!(error.code.number(), Some(168));
    assert!(evaluate(bson!("$$nope"), doc! {}).is_err());
}

#[test]
fn bound_variables() {
    let sum = bson!({"$reduce": {"input": [1, 2, 3], "initialValue": 0, "in": {"$add": ["$$value", "$$this"]}}});
    assert_eq!(value(sum), bson!(6));
    let nested = bson!({"$map": {"input": [1, 2], "as": "x", "in": {"$let": {"vars": {"y": {"$multiply": ["$$x", 10]}}, "in": {"$add": ["$$x", "$$y"]}}}}});
    assert_eq!(value(nested), bson!([11, 22]));
}
