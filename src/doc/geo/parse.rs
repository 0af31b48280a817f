//! GeoJSON and legacy coordinates.

use super::geometry::{Geometry, Polygon};
use super::plane::Point;
use super::sphere::{Loop, Vector};
use crate::doc::{Error, Result, shell_text};
use crate::value::view::{ArrayView, DocumentView, View};

/// What a value says about a place.
#[derive(Debug, Clone)]
pub enum Place {
    /// A legacy pair: `[x, y]`, `{ lng: x, lat: y }`.
    Pair(Point),
    /// GeoJSON; the coordinates too if it is a point.
    Shape(Box<Geometry>, Option<Point>),
}

impl Place {
    /// Its coordinates in the plane, if it is one point.
    pub fn flat(&self) -> Option<Point> {
        match self {
            Place::Pair(point) => Some(*point),
            Place::Shape(_, point) => *point,
        }
    }

    /// It as a geometry on the sphere; a pair must be longitude and latitude.
    pub fn on_sphere(&self) -> Option<Geometry> {
        match self {
            Place::Pair((longitude, latitude)) => {
                in_degrees(*longitude, *latitude).then(|| Geometry::point(Vector::from_degrees(*longitude, *latitude)))
            }
            Place::Shape(geometry, _) => Some((**geometry).clone()),
        }
    }
}

fn in_degrees(longitude: f64, latitude: f64) -> bool {
    (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)
}

fn bad(message: impl Into<String>) -> Error {
    Error::bad_value(message)
}

fn shown(value: View<'_>) -> String {
    shell_text::value(&value.to_bson())
}

/// The place that a stored value is: `None` if it is none at all.
///
/// # Errors
/// It looks like GeoJSON and is not.
pub fn place_of(value: View<'_>) -> Result<Option<Place>> {
    match value {
        View::Array(items) => Ok(pair(items).map(Place::Pair)),
        View::Document(document) if is_geojson(document) => geojson(document, 0).map(Some),
        View::Document(document) => Ok(pair_of_fields(document).map(Place::Pair)),
        _ => Ok(None),
    }
}

/// Whether an object is meant to be GeoJSON.
fn is_geojson(document: DocumentView<'_>) -> bool {
    matches!(document.get("type"), Some(View::String(_)))
        && (document.get("coordinates").is_some() || document.get("geometries").is_some())
}

/// Two numbers at the start of an array.
pub fn pair(items: ArrayView<'_>) -> Option<Point> {
    let mut numbers = items.iter();
    let x = numbers.next()?.number()?;
    let y = numbers.next()?.number()?;
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

/// The first two fields of an object, if they are numbers.
pub fn pair_of_fields(document: DocumentView<'_>) -> Option<Point> {
    let mut numbers = document.fields().map(|(_, value)| value.number());
    let (x, y) = (numbers.next()??, numbers.next()??);
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

/// A legacy point in a query.
///
/// # Errors
/// It is none.
pub fn query_point(value: View<'_>) -> Result<Point> {
    let found = match value {
        View::Array(items) => pair(items),
        View::Document(document) => pair_of_fields(document),
        _ => return Err(bad("Point must be an array or object")),
    };
    found.ok_or_else(|| bad(format!("Point must only contain numeric elements: {}", shown(value))))
}

const DEEPEST: usize = 20;

/// A GeoJSON object.
///
/// # Errors
/// An unknown type, malformed coordinates, positions off the globe, rings that are not closed.
pub fn geojson(document: DocumentView<'_>, depth: usize) -> Result<Place> {
    let kind = document.get("type").and_then(View::text).unwrap_or_default();
    if kind == "GeometryCollection" {
        return collection(document, depth);
    }
    let coordinates = match document.get("coordinates") {
        Some(View::Array(coordinates)) => coordinates,
        Some(View::Document(object)) if kind == "Point" => {
            let (longitude, latitude) = pair_of_fields(object)
                .ok_or_else(|| bad("GeoJSON coordinates must be an array of coordinates or an object"))?;
            let point = on_globe(longitude, latitude)?;
            return Ok(Place::Shape(Box::new(Geometry::point(point)), Some((longitude, latitude))));
        }
        _ => {
            return Err(bad(format!("GeoJSON coordinates must be an array: {}", shown(View::Document(document)))));
        }
    };
    let mut geometry = Geometry::default();
    let mut flat = None;
    match kind {
        "Point" => {
            flat = pair(coordinates);
            geometry.points.push(position(View::Array(coordinates))?);
        }
        "MultiPoint" => geometry.points = positions(coordinates)?,
        "LineString" => geometry.lines.push(line(coordinates)?),
        "MultiLineString" => {
            for item in coordinates.iter() {
                geometry.lines.push(line(array(item)?)?);
            }
        }
        "Polygon" => geometry.polygons.push(polygon(coordinates, strict_winding(document)?)?),
        "MultiPolygon" => {
            for item in coordinates.iter() {
                geometry.polygons.push(polygon(array(item)?, false)?);
            }
        }
        _ => return Err(bad(format!("unknown GeoJSON type: {}", shown(View::Document(document))))),
    }
    let empty = geometry.points.is_empty() && geometry.lines.is_empty() && geometry.polygons.is_empty();
    if empty {
        return Err(bad(format!("{kind} coordinates must have at least 1 element")));
    }
    Ok(Place::Shape(Box::new(geometry), flat))
}

fn collection(document: DocumentView<'_>, depth: usize) -> Result<Place> {
    let Some(View::Array(items)) = document.get("geometries") else {
        return Err(bad("GeometryCollection geometries must be an array"));
    };
    if items.is_empty() {
        return Err(bad("GeometryCollection geometries must have at least 1 element"));
    }
    if depth >= DEEPEST {
        return Err(bad(format!("GeometryCollections may stand {DEEPEST} deep inside each other at most")));
    }
    let mut whole = Geometry::default();
    for (at, item) in items.iter().enumerate() {
        let View::Document(member) = item else {
            return Err(bad(format!("Element {at} of \"geometries\" is not an object")));
        };
        if let Place::Shape(geometry, _) = geojson(member, depth + 1)? {
            whole.extend(*geometry);
        }
    }
    Ok(Place::Shape(Box::new(whole), None))
}

/// The reference system: the default one, or the one in which the order of a ring's points says where its inside is.
fn strict_winding(document: DocumentView<'_>) -> Result<bool> {
    let Some(View::Document(crs)) = document.get("crs") else { return Ok(false) };
    let name = match crs.get("properties") {
        Some(View::Document(properties)) => properties.get("name").and_then(View::text).unwrap_or_default(),
        _ => return Err(bad("CRS must have field \"properties\" which is an object")),
    };
    match name {
        "urn:ogc:def:crs:OGC:1.3:CRS84" | "EPSG:4326" => Ok(false),
        "urn:x-mongodb:crs:strictwinding:EPSG:4326" => Ok(true),
        other => Err(bad(format!("Unknown CRS name: {other}"))),
    }
}

fn array(value: View<'_>) -> Result<ArrayView<'_>> {
    match value {
        View::Array(items) => Ok(items),
        other => Err(bad(format!("GeoJSON coordinates must be an array: {}", shown(other)))),
    }
}

fn on_globe(longitude: f64, latitude: f64) -> Result<Vector> {
    if !in_degrees(longitude, latitude) {
        return Err(bad(format!("longitude/latitude is out of bounds, lng: {longitude} lat: {latitude}")));
    }
    Ok(Vector::from_degrees(longitude, latitude))
}

fn position(value: View<'_>) -> Result<Vector> {
    let (longitude, latitude) = match value {
        View::Array(items) => pair(items),
        _ => None,
    }
    .ok_or_else(|| bad(format!("Point must only contain numeric elements: {}", shown(value))))?;
    on_globe(longitude, latitude)
}

fn positions(items: ArrayView<'_>) -> Result<Vec<Vector>> {
    items.iter().map(position).collect()
}

fn line(items: ArrayView<'_>) -> Result<Vec<Vector>> {
    let mut points = positions(items)?;
    points.dedup();
    if points.len() < 2 {
        return Err(bad(format!("GeoJSON LineString must have at least 2 vertices: {}", shown(View::Array(items)))));
    }
    if points.windows(2).any(|pair| pair[0].angle(pair[1]) > std::f64::consts::PI - 1e-9) {
        return Err(bad("an edge may not join two points that are opposite on the globe"));
    }
    Ok(points)
}

fn polygon(rings: ArrayView<'_>, strict: bool) -> Result<Polygon> {
    let mut loops = Vec::new();
    for (at, ring) in rings.iter().enumerate() {
        loops.push(ring_of(array(ring)?, strict && at == 0)?);
    }
    if loops.is_empty() {
        return Err(bad("Polygon has no loops."));
    }
    let holes = loops.split_off(1);
    let shell = loops.remove(0);
    for (at, hole) in holes.iter().enumerate() {
        if !hole.vertices().iter().all(|vertex| shell.contains(*vertex) || shell.touches(*vertex)) {
            return Err(bad(format!(
                "Secondary loops not contained by first exterior loop - secondary loop {}",
                at + 1
            )));
        }
    }
    Ok(Polygon { shell, holes })
}

fn ring_of(items: ArrayView<'_>, left: bool) -> Result<Loop> {
    let mut points = positions(items)?;
    let show = || shown(View::Array(items));
    if points.first() != points.last() || points.len() < 2 {
        return Err(bad(format!("Loop is not closed: {}", show())));
    }
    points.pop();
    points.dedup();
    if points.len() < 3 {
        return Err(bad(format!("Loop must have at least 3 different vertices: {}", show())));
    }
    for (at, point) in points.iter().enumerate() {
        if points[..at].contains(point) {
            return Err(bad(format!("Loop is not valid: {} Duplicate vertices", show())));
        }
    }
    let edges = points.len();
    let end = |at: usize| points[(at + 1) % edges];
    for first in 0..edges {
        for second in first + 2..edges {
            let neighbours = first == 0 && second == edges - 1;
            if !neighbours && super::sphere::arcs_meet(points[first], end(first), points[second], end(second)) {
                return Err(bad(format!("Loop is not valid: {} Edges {first} and {second} cross", show())));
            }
        }
    }
    Ok(Loop::new(points, left))
}
