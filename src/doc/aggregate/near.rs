//! `$geoNear`: documents by their distance from a point, the nearest first.

use super::nested;
use super::pipeline::{Compiled, Role, Scope, known_fields, object};
use super::row::{Input, Row, Rows};
use crate::doc::catalog::CollectionInfo;
use crate::doc::expression::number::Number;
use crate::doc::plan::{self, Search};
use crate::doc::query::Filter;
use crate::doc::{Code, Context, Error, Result};
use crate::value::view::View;
use bson::{Bson, Document};
use std::rc::Rc;

/// The server's radius of the earth, metres.
const EARTH_RADIUS: f64 = 6_378_100.0;

const FIELDS: &[&str] = &[
    "near",
    "distanceField",
    "spherical",
    "query",
    "maxDistance",
    "minDistance",
    "distanceMultiplier",
    "includeLocs",
    "key",
];

/// How distances are measured.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Measure {
    /// On the sphere, metres.
    Metres,
    /// On the sphere, radians.
    Radians,
    /// In the plane.
    Plane,
}

pub(super) fn parse(spec: &Bson, _: &Scope) -> Result<Compiled> {
    let document = object(10065, "$geoNear", spec)?;
    known_fields(40415, "$geoNear", document, FIELDS)?;
    if document.get("near").is_none() {
        return Err(Error::new(Code::Location(5_860_400), "$geoNear requires a 'near' argument"));
    }
    Ok(Compiled { name: "$geoNear", role: Role::Near(document.clone()), build: Rc::new(|input, _| input) })
}

/// The rows of a `$geoNear` over a collection.
pub(super) fn source(cx: &mut Context<'_>, info: &CollectionInfo, spec: &Document) -> Result<Input> {
    let number = |name: &str| match spec.get(name) {
        None => Ok(None),
        Some(value) => match Number::of(value).map(Number::to_f64) {
            Some(number) if number >= 0.0 => Ok(Some(number)),
            _ => Err(Error::type_mismatch(format!("{name} must be a non-negative number"))),
        },
    };
    let path = |name: &str| match spec.get(name) {
        None => Ok(None),
        Some(Bson::String(path)) => super::field_path(path).map(Some),
        Some(_) => Err(Error::type_mismatch(format!("{name} must be a string"))),
    };
    let near = spec.get("near").unwrap_or(&Bson::Null);
    let geojson = matches!(near, Bson::Document(document) if document.contains_key("coordinates"));
    let spherical = matches!(spec.get("spherical"), Some(Bson::Boolean(true)));
    let measure = match (geojson, spherical) {
        (true, _) => Measure::Metres,
        (false, true) => Measure::Radians,
        (false, false) => Measure::Plane,
    };
    let center = *points(near).first().ok_or_else(|| Error::bad_value("'near' must be a point"))?;
    let key = match path("key")? {
        Some(key) => key,
        None => index_key(info)?,
    };
    let (most, least) = (number("maxDistance")?, number("minDistance")?);
    let multiplier = number("distanceMultiplier")?.unwrap_or(1.0);
    let (distance_field, location_field) = (path("distanceField")?, path("includeLocs")?);
    let query = match spec.get("query") {
        None => Document::new(),
        Some(Bson::Document(query)) => query.clone(),
        Some(_) => return Err(Error::type_mismatch("query must be an object")),
    };
    let filter = Filter::new(&query)?;
    let plan = plan::choose(info, &filter, None, None)?;
    let mut search = Search::new(info, plan, filter, None);
    let mut found: Vec<(f64, Row)> = Vec::new();
    while let Some(hit) = search.next(cx.tx.as_read())? {
        let Some(value) = nested::get(&hit.document, &key) else { continue };
        let nearest = points(&value.to_bson())
            .into_iter()
            .map(|point| (distance(center, point, measure), point))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((metres, point)) = nearest else { continue };
        if most.is_some_and(|most| metres > most) || least.is_some_and(|least| metres < least) {
            continue;
        }
        let mut row = Row { document: hit.document, ..Row::default() };
        let location = match nested::get(&row.document, &key) {
            Some(whole @ View::Document(_)) => whole.to_bson(),
            _ => Bson::Array(vec![Bson::Double(point.0), Bson::Double(point.1)]),
        };
        if let Some(path) = &distance_field {
            nested::set(&mut row.document, path, Bson::Double(metres * multiplier));
        }
        if let Some(path) = &location_field {
            nested::set(&mut row.document, path, location.clone());
        }
        row.metadata.geo_distance = Some(metres * multiplier);
        row.metadata.geo_point = Some(location);
        found.push((metres, row));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(Rows::boxed(found.into_iter().map(|(_, row)| row)))
}

/// The field of the collection's only geospatial index.
fn index_key(info: &CollectionInfo) -> Result<Vec<String>> {
    let mut keys = info.indexes.iter().filter_map(|index| {
        index
            .pattern
            .iter()
            .find(|(_, kind)| matches!(kind, Bson::String(kind) if kind == "2dsphere" || kind == "2d"))
            .map(|(path, _)| path.clone())
    });
    match (keys.next(), keys.next()) {
        (Some(only), None) => super::field_path(&only),
        (None, _) => {
            Err(Error::new(Code::IndexNotFound, "$geoNear requires a 2d or 2dsphere index, but none were found"))
        }
        (Some(_), Some(_)) => Err(Error::new(
            Code::IndexNotFound,
            "There is more than one 2dsphere index on the collection; unsure which to use for $geoNear",
        )
        .hint("say which field with key: \"field\"")),
    }
}

/// The points in a value: a GeoJSON Point or MultiPoint, a legacy pair, or an array of these.
fn points(value: &Bson) -> Vec<(f64, f64)> {
    match value {
        Bson::Document(document) => match document.get("coordinates") {
            Some(coordinates) => points(coordinates),
            None => {
                let mut numbers = document.values().filter_map(Number::of).map(Number::to_f64);
                match (numbers.next(), numbers.next()) {
                    (Some(x), Some(y)) => vec![(x, y)],
                    _ => Vec::new(),
                }
            }
        },
        Bson::Array(items) => match items.as_slice() {
            [x, y, ..] if Number::of(x).is_some() => match (Number::of(x), Number::of(y)) {
                (Some(x), Some(y)) => vec![(x.to_f64(), y.to_f64())],
                _ => Vec::new(),
            },
            items => items.iter().flat_map(points).collect(),
        },
        _ => Vec::new(),
    }
}

fn distance(a: (f64, f64), b: (f64, f64), measure: Measure) -> f64 {
    if measure == Measure::Plane {
        return (a.0 - b.0).hypot(a.1 - b.1);
    }
    let (latitude_a, latitude_b) = (a.1.to_radians(), b.1.to_radians());
    let across = ((b.0 - a.0).to_radians() / 2.0).sin();
    let along = ((latitude_b - latitude_a) / 2.0).sin();
    let haversine = along * along + latitude_a.cos() * latitude_b.cos() * across * across;
    let radians = 2.0 * haversine.sqrt().min(1.0).asin();
    if measure == Measure::Metres { radians * EARTH_RADIUS } else { radians }
}
