//! `$literal`, `$meta`, `$rand`, `$sampleRate`.

use super::node::Node;
use super::operator::{Form, Operator, fail, special};
use super::parse::Parser;
use super::scope::Scope;
use crate::doc::{Error, Result};
use bson::{Bson, Document};

pub(super) const OPERATORS: &[Operator] = &[
    special("$literal", |_, value, _| Ok(Node::Constant(value.clone()))),
    special("$const", |_, value, _| Ok(Node::Constant(value.clone()))),
    special("$meta", meta),
    Operator { name: "$rand", form: Form::Volatile(0, 1, |_| Ok(Some(Bson::Double(fastrand::f64())))) },
    Operator { name: "$sampleRate", form: Form::Volatile(1, 1, sample_rate) },
];

fn meta(_: &'static str, argument: &Bson, _: &mut Parser<'_>) -> Result<Node> {
    let Bson::String(what) = argument else {
        return Err(fail(17307, "$meta only supports string arguments"));
    };
    match what.as_str() {
        "textScore" | "geoNearDistance" | "geoNearPoint" | "indexKey" | "recordId" | "searchScore"
        | "searchHighlights" | "randVal" | "sortKey" => Ok(Node::Meta(what.clone())),
        _ => Err(fail(17308, format!("Unsupported argument to $meta: {what}"))),
    }
}

/// What the stream knows about the document.
pub(super) fn metadata(what: &str, scope: &Scope<'_>) -> Result<Option<Bson>> {
    let metadata = &scope.variables.metadata;
    let (found, name) = match what {
        "textScore" => (metadata.text_score.map(Bson::Double), "text score"),
        "geoNearDistance" => (metadata.geo_distance.map(Bson::Double), "$geoNear distance"),
        "geoNearPoint" => (metadata.geo_point.clone(), "$geoNear point"),
        "recordId" => return Ok(metadata.record.map(|record| Bson::Int64(record as i64))),
        _ => return Ok(None),
    };
    found.map(Some).ok_or_else(|| not_available(name))
}

/// The error for metadata that only a search by `$text` or `$near` gives.
pub(in crate::doc) fn not_available(name: &str) -> Error {
    fail(40_218, format!("query requires {name} metadata, but it is not available"))
}

fn sample_rate(arguments: &super::operator::Arguments<'_>) -> super::operator::Answer {
    let rate = match arguments.get(0) {
        Some(Bson::Int32(rate)) => f64::from(*rate),
        Some(Bson::Double(rate)) => *rate,
        _ => return Err(fail(5_151_600, "argument to $sampleRate must be a numeric constant")),
    };
    if !(0.0..=1.0).contains(&rate) {
        return Err(fail(5_151_601, "numeric argument to $sampleRate must be in [0, 1]"));
    }
    Ok(Some(Bson::Boolean(fastrand::f64() < rate)))
}

/// A document in the compact form of error messages.
pub(crate) fn show(document: &Document) -> String {
    document.to_string()
}
