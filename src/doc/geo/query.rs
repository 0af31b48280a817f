//! `$geoWithin`, `$geoIntersects`, `$near`, `$nearSphere` (MongoDB manual, "Geospatial Query Operators").

use super::EARTH_RADIUS;
use super::cell::{Area, Cell, Plane};
use super::geometry::Geometry;
use super::parse::{Place, geojson, pair, place_of, query_point};
use super::plane::{Point, Rectangle, Shape};
use super::sphere::{TOLERANCE, Vector};
use crate::doc::{Code, Error, Result, shell_text};
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document};

/// Where a place must lie.
#[derive(Debug, Clone)]
pub enum Region {
    /// `$box`, `$polygon`, `$center`: single points, in the plane.
    Flat(Shape),
    /// `$centerSphere`: all of it, so near (radians) to a point.
    Cap(Vector, f64),
    /// `$geoWithin … $geometry`: all of it, in polygons.
    Within(Box<Geometry>),
    /// `$geoIntersects`: some of it.
    Intersects(Box<Geometry>),
}

/// The region of `$geoWithin` or `$geoIntersects`.
///
/// # Errors
/// Malformed shapes.
pub fn region(operator: &str, operand: &Bson) -> Result<Region> {
    let Bson::Document(operand) = operand else {
        return Err(Error::bad_value(format!("{operator} must be an object: {}", shell_text::value(operand))));
    };
    let mut shapes = operand.iter().filter(|(name, _)| !matches!(name.as_str(), "$uniqueDocs"));
    let (Some((name, shape)), None) = (shapes.next(), shapes.next()) else {
        return Err(Error::bad_value(format!("{operator} needs one shape: {}", shell_text::document(operand))));
    };
    let unknown = || Error::bad_value(format!("unknown geo specifier: {name}: {}", shell_text::value(shape)));
    if operator == "$geoIntersects" {
        return match name.as_str() {
            "$geometry" => Ok(Region::Intersects(Box::new(geometry(shape)?))),
            _ => Err(unknown()),
        };
    }
    match name.as_str() {
        "$geometry" => {
            let geometry = geometry(shape)?;
            if geometry.polygons.is_empty() || !geometry.points.is_empty() || !geometry.lines.is_empty() {
                return Err(Error::bad_value(format!(
                    "$geoWithin not supported with provided geometry: {}",
                    shell_text::document(operand)
                )));
            }
            Ok(Region::Within(Box::new(geometry)))
        }
        "$box" => Ok(Region::Flat(Shape::Box(corners(shape)?))),
        "$polygon" => Ok(Region::Flat(Shape::Polygon(polygon(shape)?))),
        "$center" => {
            let (center, radius) = circle(shape)?;
            Ok(Region::Flat(Shape::Circle(center, radius)))
        }
        "$centerSphere" => {
            let ((longitude, latitude), radius) = circle(shape)?;
            let center = Place::Pair((longitude, latitude)).on_sphere().and_then(|center| center.as_point());
            let center = center.ok_or_else(|| {
                Error::bad_value(format!("longitude/latitude is out of bounds, lng: {longitude} lat: {latitude}"))
            })?;
            Ok(Region::Cap(center, radius))
        }
        _ => Err(unknown()),
    }
}

fn geometry(shape: &Bson) -> Result<Geometry> {
    match shape {
        Bson::Document(document) => match geojson(document.into(), 0)? {
            Place::Shape(geometry, _) => Ok(*geometry),
            Place::Pair(_) => Ok(Geometry::default()),
        },
        other => Err(Error::bad_value(format!("$geometry must be an object: {}", shell_text::value(other)))),
    }
}

/// The values of an array, or of an object's fields.
fn values(shape: &Bson) -> Option<Vec<&Bson>> {
    match shape {
        Bson::Array(items) => Some(items.iter().collect()),
        Bson::Document(fields) => Some(fields.values().collect()),
        _ => None,
    }
}

fn corners(shape: &Bson) -> Result<Rectangle> {
    let items = values(shape).unwrap_or_default();
    let [first, second, ..] = items.as_slice() else {
        return Err(Error::bad_value("$box needs two corners: the bottom left and the upper right one"));
    };
    Ok(Rectangle::around([query_point(View::from(*first))?, query_point(View::from(*second))?]))
}

fn polygon(shape: &Bson) -> Result<Vec<Point>> {
    let items = values(shape).ok_or_else(|| Error::bad_value("$polygon must be an array or an object of points"))?;
    let corners = items.into_iter().map(|item| query_point(View::from(item))).collect::<Result<Vec<_>>>()?;
    if corners.len() < 3 {
        return Err(Error::bad_value("Polygon must have at least 3 points"));
    }
    Ok(corners)
}

fn circle(shape: &Bson) -> Result<(Point, f64)> {
    let items = values(shape).unwrap_or_default();
    let [center, radius, ..] = items.as_slice() else {
        return Err(Error::bad_value("a circle needs a center and a radius"));
    };
    match View::from(*radius).number() {
        Some(radius) if radius >= 0.0 => Ok((query_point(View::from(*center))?, radius)),
        _ => Err(Error::bad_value("radius must be a non-negative number")),
    }
}

impl Region {
    /// Whether a value is a place that lies so.
    pub fn holds(&self, value: View<'_>) -> bool {
        // What is malformed lies nowhere.
        let Ok(Some(place)) = place_of(value) else { return false };
        match self {
            Region::Flat(shape) => place.flat().is_some_and(|point| shape.contains(point)),
            Region::Cap(center, radius) => {
                place.on_sphere().is_some_and(|geometry| geometry.farthest(*center) <= *radius + TOLERANCE)
            }
            Region::Within(area) => place.on_sphere().is_some_and(|geometry| geometry.is_within(area)),
            Region::Intersects(area) => place.on_sphere().is_some_and(|geometry| geometry.intersects(area)),
        }
    }

    /// Whether it is a shape of the plane.
    pub fn is_flat(&self) -> bool {
        matches!(self, Region::Flat(_))
    }
}

impl Area for Region {
    fn may_meet(&self, cell: Cell) -> bool {
        let (middle, reach) = cell.cap();
        match self {
            Region::Flat(_) => true,
            Region::Cap(center, radius) => center.angle(middle) <= radius + reach,
            Region::Within(area) | Region::Intersects(area) => area.may_meet(cell),
        }
    }
}

/// A region in the plane of a `2d` index.
pub struct InPlane<'r>(pub &'r Region, pub Plane);

impl Area for InPlane<'_> {
    fn may_meet(&self, cell: Cell) -> bool {
        let rectangle = self.1.rectangle(cell);
        match self.0 {
            Region::Flat(shape) => shape.bounds().meets(&rectangle),
            // Cells of a plane of degrees are places on the globe.
            Region::Cap(center, radius) => {
                let (x, y) = ((rectangle.low.0 + rectangle.high.0) / 2.0, (rectangle.low.1 + rectangle.high.1) / 2.0);
                let middle = Vector::from_degrees(x, y.clamp(-90.0, 90.0));
                let reach = (rectangle.high.0 - x).hypot(rectangle.high.1 - y).to_radians();
                center.angle(middle) <= radius + reach + TOLERANCE
            }
            Region::Within(_) | Region::Intersects(_) => true,
        }
    }
}

/// `$near`: all places, the nearest first.
#[derive(Debug, Clone)]
pub struct Near {
    /// Where from.
    pub center: Center,
    /// No nearer than this, in the unit of [`Near::distance`].
    pub least: f64,
    /// No farther than this.
    pub most: f64,
}

/// Where distances are measured from, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Center {
    /// On the sphere; distances in metres.
    Metres(Vector),
    /// On the sphere; distances in radians.
    Radians(Vector),
    /// In the plane.
    Plane(Point),
}

impl Near {
    /// The distance of a value, if it is a place within the bounds.
    pub fn distance(&self, value: View<'_>) -> Option<f64> {
        let place = place_of(value).ok()??;
        let distance = match self.center {
            Center::Metres(center) => place.on_sphere()?.distance(center) * EARTH_RADIUS,
            Center::Radians(center) => place.on_sphere()?.distance(center),
            Center::Plane((x, y)) => {
                let (a, b) = place.flat()?;
                (x - a).hypot(y - b)
            }
        };
        (self.least..=self.most).contains(&distance).then_some(distance)
    }

    /// A distance that no place in the cell is nearer than.
    pub fn least_distance(&self, cell: Cell, plane: Option<Plane>) -> f64 {
        let (middle, reach) = cell.cap();
        match (self.center, plane) {
            (Center::Metres(center), None) => (center.angle(middle) - reach).max(0.0) * EARTH_RADIUS,
            (Center::Radians(center), None) => (center.angle(middle) - reach).max(0.0),
            (Center::Plane(point), Some(plane)) => plane.rectangle(cell).distance(point),
            (Center::Radians(center), Some(plane)) => {
                let Rectangle { low, high } = plane.rectangle(cell);
                let (x, y) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
                let reach = (high.0 - x).hypot(high.1 - y).to_radians();
                (center.angle(Vector::from_degrees(x, y.clamp(-90.0, 90.0))) - reach).max(0.0)
            }
            (Center::Metres(_), Some(_)) | (Center::Plane(_), None) => 0.0,
        }
    }

    /// Whether an index of this kind can answer it.
    pub fn fits(&self, flat_index: bool) -> bool {
        match self.center {
            Center::Metres(_) => !flat_index,
            Center::Plane(_) => flat_index,
            Center::Radians(_) => true,
        }
    }
}

fn invalid(name: &str, value: &Bson) -> Error {
    Error::bad_value(format!("invalid argument in geo near query: {name}: {}", shell_text::value(value)))
}

fn limit(name: &str, value: &Bson) -> Result<f64> {
    match View::from(value).number() {
        Some(limit) if limit >= 0.0 => Ok(limit),
        Some(_) => Err(Error::bad_value(format!("{} must be non-negative", name.trim_start_matches('$')))),
        None => Err(Error::bad_value(format!("{} must be a number", name.trim_start_matches('$')))),
    }
}

/// The `$near` or `$nearSphere` of a field's operators, its distances beside it or inside.
///
/// # Errors
/// Malformed points, unknown fields, distances that are negative.
pub fn near_document(operators: &Document) -> Result<Near> {
    let mut near = Near { center: Center::Plane((0.0, 0.0)), least: 0.0, most: f64::INFINITY };
    let mut found = false;
    for (name, value) in operators {
        match name.as_str() {
            "$near" | "$nearSphere" | "$geoNear" => {
                if found {
                    return Err(Error::bad_value("Too many geoNear expressions"));
                }
                found = true;
                near.read(value, name != "$near")?;
            }
            "$minDistance" => near.least = limit(name, value)?,
            "$maxDistance" => near.most = limit(name, value)?,
            "$comment" => {}
            other => return Err(invalid(other, value)),
        }
    }
    Ok(near)
}

impl Near {
    /// The point that `$near` names, and what else stands in its operand.
    fn read(&mut self, operand: &Bson, sphere: bool) -> Result<()> {
        let missing = || Error::bad_value("$near requires a point, given no geometry");
        match operand {
            Bson::Array(items) => {
                let point = pair(crate::value::view::ArrayView::Decoded(items)).ok_or_else(missing)?;
                self.center = legacy(point, sphere)?;
                if let Some(most) = items.get(2) {
                    self.most = limit("$maxDistance", most)?;
                }
                Ok(())
            }
            Bson::Document(document) if document.contains_key("$geometry") => {
                for (name, value) in document {
                    match (name.as_str(), value) {
                        ("$geometry", Bson::Document(point)) => self.center = metres(point)?,
                        ("$minDistance", value) => self.least = limit(name, value)?,
                        ("$maxDistance", value) => self.most = limit(name, value)?,
                        _ => return Err(invalid(name, value)),
                    }
                }
                Ok(())
            }
            Bson::Document(document) if document.contains_key("type") || document.contains_key("coordinates") => {
                self.center = metres(document)?;
                Ok(())
            }
            Bson::Document(document) if document.is_empty() => Err(missing()),
            Bson::Document(document) => {
                let mut numbers = document.iter().filter(|(name, _)| !name.starts_with('$'));
                let number = |field: Option<(&String, &Bson)>| match field {
                    Some((name, value)) => View::from(value).number().ok_or_else(|| invalid(name, value)),
                    None => Err(missing()),
                };
                let point = (number(numbers.next())?, number(numbers.next())?);
                self.center = legacy(point, sphere)?;
                Ok(())
            }
            other => Err(invalid("$near", other)),
        }
    }

    /// From `$geoNear`'s `near` and `spherical`.
    ///
    /// # Errors
    /// It is no point.
    pub fn of_stage(point: &Bson, spherical: bool) -> Result<Near> {
        let center = match point {
            Bson::Document(document) if document.contains_key("coordinates") => metres(document)?,
            Bson::Document(_) | Bson::Array(_) => legacy(query_point(point.into())?, spherical)?,
            other => {
                return Err(Error::new(
                    Code::TypeMismatch,
                    format!(
                        "$geoNear requires a 'near' point of type object or array, not {}",
                        crate::doc::expression::type_name(Some(other))
                    ),
                ));
            }
        };
        Ok(Near { center, least: 0.0, most: f64::INFINITY })
    }
}

fn legacy((x, y): Point, sphere: bool) -> Result<Center> {
    if !sphere {
        return Ok(Center::Plane((x, y)));
    }
    match Place::Pair((x, y)).on_sphere().and_then(|geometry| geometry.as_point()) {
        Some(point) => Ok(Center::Radians(point)),
        None => Err(Error::bad_value(format!("longitude/latitude is out of bounds, lng: {x} lat: {y}"))),
    }
}

fn metres(point: &Document) -> Result<Center> {
    let wrong = || Error::bad_value(format!("$near requires a point, given {}", shell_text::document(point)));
    let view: DocumentView<'_> = point.into();
    if view.get("type").is_some_and(|kind| kind.text() != Some("Point")) {
        return Err(wrong());
    }
    let Some(View::Array(coordinates)) = view.get("coordinates") else { return Err(wrong()) };
    let (longitude, latitude) = pair(coordinates).ok_or_else(wrong)?;
    match Place::Pair((longitude, latitude)).on_sphere().and_then(|geometry| geometry.as_point()) {
        Some(point) => Ok(Center::Metres(point)),
        None => Err(Error::bad_value(format!("longitude/latitude is out of bounds, lng: {longitude} lat: {latitude}"))),
    }
}
