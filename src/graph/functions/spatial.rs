//! Points (Neo4j's manual, "Spatial functions").

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{Crs, Point, Value};
use std::collections::BTreeMap;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("point", Group::Spatial, &[Types::MAP.or(Types::NODE).or(Types::RELATIONSHIP)], Types::POINT, point),
    Signature::new("point.distance", Group::Spatial, &[Types::ANY, Types::ANY], Types::FLOAT, distance).sees_null(),
    Signature::new("distance", Group::Spatial, &[Types::ANY, Types::ANY], Types::FLOAT, distance).sees_null(),
    Signature::new(
        "point.withinBBox",
        Group::Spatial,
        &[Types::ANY, Types::ANY, Types::ANY],
        Types::BOOLEAN,
        within_box,
    )
    .sees_null(),
];

fn invalid(message: impl Into<String>) -> Error {
    Error::argument(Detail::InvalidArgumentValue, message)
}

/// The point that a map of coordinates describes; null if one of them is null.
fn point(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let entries = match first(args) {
        Value::Map(entries) => entries.clone(),
        other => super::list::properties_of(other, cx)?,
    };
    const KEYS: [&str; 9] = ["x", "y", "z", "longitude", "latitude", "height", "crs", "srid", "crsName"];
    if matches!(first(args), Value::Map(_))
        && let Some(key) = entries.keys().find(|key| !KEYS.contains(&key.as_str()))
    {
        return Err(invalid(format!("A point has no entry `{key}`"))
            .hint("its entries are x, y, z or longitude, latitude, height; crs or srid"));
    }
    if KEYS.iter().any(|key| entries.get(*key).is_some_and(Value::is_null)) {
        return Ok(Value::Null);
    }
    let number = |key: &str| match entries.get(key) {
        None => Ok(None),
        Some(Value::Int(number)) => Ok(Some(*number as f64)),
        Some(Value::Float(number)) => Ok(Some(*number)),
        Some(other) => Err(wrong_type("Integer or Float", other)),
    };
    let geographic = entries.contains_key("longitude") || entries.contains_key("latitude");
    let either = |one: &str, other: &str| Ok::<_, Error>(number(one)?.or(number(other)?));
    let (Some(mut x), Some(mut y)) = (either("longitude", "x")?, either("latitude", "y")?) else {
        return Err(invalid("A point needs x and y, or longitude and latitude"));
    };
    let height = either("height", "z")?;
    let crs = named_crs(&entries)?.unwrap_or(match (geographic, height.is_some()) {
        (true, true) => Crs::Wgs84Height,
        (true, false) => Crs::Wgs84,
        (false, true) => Crs::Cartesian3d,
        (false, false) => Crs::Cartesian,
    });
    if geographic && !crs.is_geographic() {
        return Err(invalid(format!("Longitude and latitude are no coordinates of the system {}", crs.name())));
    }
    if crs.has_height() != height.is_some() {
        let needs = if crs.has_height() { "three" } else { "two" };
        return Err(invalid(format!("A point of the system {} has {needs} coordinates", crs.name())));
    }
    if crs.is_geographic() {
        if !(-90.0..=90.0).contains(&y) {
            return Err(invalid(format!("A latitude lies between -90 and 90 degrees, not at {y}")));
        }
        // Longitudes wrap around the globe.
        if !(-180.0..=180.0).contains(&x) {
            x = (x + 180.0).rem_euclid(360.0) - 180.0;
        }
    }
    let z = height.unwrap_or(0.0);
    if ![x, y, z].into_iter().all(f64::is_finite) {
        return Err(invalid("The coordinates of a point must be finite"));
    }
    y += 0.0;
    Ok(Value::Point(Point { crs, x: x + 0.0, y, z: z + 0.0 }))
}

/// The system that `crs` or `srid` names.
fn named_crs(entries: &BTreeMap<String, Value>) -> Result<Option<Crs>> {
    let unknown = |what: String| {
        invalid(format!("There is no coordinate reference system {what}"))
            .hint("the systems are wgs-84 (4326), wgs-84-3d (4979), cartesian (7203) and cartesian-3d (9157)")
    };
    match (entries.get("crs"), entries.get("srid")) {
        (Some(Value::String(name)), None) => Crs::by_name(name).map(Some).ok_or_else(|| unknown(format!("`{name}`"))),
        (None, Some(Value::Int(srid))) => Crs::by_srid(*srid).map(Some).ok_or_else(|| unknown(srid.to_string())),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(invalid("A point takes crs or srid, not both")),
        (Some(other), None) => Err(wrong_type("String", other)),
        (None, Some(other)) => Err(wrong_type("Integer", other)),
    }
}

/// Null unless both are points of the same system.
fn distance(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    Ok(match args {
        [Value::Point(a), Value::Point(b)] => a.distance(b).map_or(Value::Null, Value::Float),
        _ => Value::Null,
    })
}

/// Null unless all are points of the same system.
fn within_box(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    Ok(match args {
        [Value::Point(point), Value::Point(lower), Value::Point(upper)] => {
            point.is_within(lower, upper).map_or(Value::Null, Value::Bool)
        }
        _ => Value::Null,
    })
}
