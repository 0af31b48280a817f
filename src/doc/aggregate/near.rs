//! `$geoNear`: documents by their distance from a point, the nearest first.

use super::nested;
use super::pipeline::{Compiled, Role, Scope, known_fields, object};
use super::row::{Input, Mapped};
use crate::doc::catalog::CollectionInfo;
use crate::doc::expression::Variables;
use crate::doc::geo::Near;
use crate::doc::index::{FieldKind, Kind};
use crate::doc::path::Path;
use crate::doc::plan::{Search, nearest};
use crate::doc::query::Filter;
use crate::doc::{Code, Error, Result};
use crate::value::view::View;
use bson::{Bson, Document};
use std::rc::Rc;

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

pub(super) fn parse(spec: &Bson, _: &Scope) -> Result<Compiled> {
    let document = object(10065, "$geoNear", spec)?;
    known_fields(40415, "$geoNear", document, FIELDS)?;
    let near = document
        .get("near")
        .ok_or_else(|| Error::new(Code::Location(5_860_400), "$geoNear requires a 'near' argument"))?;
    if !matches!(document.get("distanceField"), Some(Bson::String(_))) {
        return Err(Error::new(Code::Location(16606), "$geoNear requires that the 'distanceField' option is a String"));
    }
    Near::of_stage(near, false)?;
    for name in ["maxDistance", "minDistance"] {
        distance(document, name)?;
    }
    Ok(Compiled { name: "$geoNear", role: Role::Near(document.clone()), build: Rc::new(|input, _| input) })
}

fn distance(spec: &Document, name: &str) -> Result<Option<f64>> {
    match spec.get(name) {
        None => Ok(None),
        Some(value) => match View::from(value).number() {
            Some(number) if number >= 0.0 => Ok(Some(number)),
            Some(_) => Err(Error::bad_value(format!("{name} must be nonnegative"))),
            None => Err(Error::type_mismatch(format!("{name} must be a number"))),
        },
    }
}

fn path(spec: &Document, name: &str) -> Result<Option<Vec<String>>> {
    match spec.get(name) {
        None => Ok(None),
        Some(Bson::String(path)) => super::field_path(path).map(Some),
        Some(_) => Err(Error::type_mismatch(format!("{name} must be a string"))),
    }
}

/// The rows of a `$geoNear` over a collection.
pub(super) fn source(info: &CollectionInfo, spec: &Document, variables: &Variables) -> Result<Input> {
    let spherical = matches!(spec.get("spherical"), Some(Bson::Boolean(true)));
    let mut near = Near::of_stage(spec.get("near").unwrap_or(&Bson::Null), spherical)?;
    near.most = distance(spec, "maxDistance")?.unwrap_or(f64::INFINITY);
    near.least = distance(spec, "minDistance")?.unwrap_or(0.0);
    let multiplier = match spec.get("distanceMultiplier") {
        None => 1.0,
        Some(value) => View::from(value)
            .number()
            .filter(|number| *number >= 0.0)
            .ok_or_else(|| Error::bad_value("distanceMultiplier must be a nonnegative number"))?,
    };
    let (distance_field, location_field) = (path(spec, "distanceField")?, path(spec, "includeLocs")?);
    let key = match spec.get("key") {
        Some(Bson::String(key)) if !key.is_empty() => key.clone(),
        Some(Bson::String(_)) => return Err(Error::bad_value("$geoNear parameter 'key' cannot be the empty string")),
        Some(_) => return Err(Error::type_mismatch("$geoNear parameter 'key' must be of type string")),
        None => only_place(info)?,
    };
    let query = match spec.get("query") {
        None => Document::new(),
        Some(Bson::Document(query)) => query.clone(),
        Some(_) => return Err(Error::type_mismatch("query must be an object")),
    };
    let filter = Filter::new(&query)?.with_variables(variables.clone());
    let plan = nearest(info, &Path::new(&key), &near, &filter)?;
    let rows = super::scan(Search::new(info, plan, filter, None));
    Ok(Mapped::boxed(rows, move |mut row| {
        let distance = row.metadata.geo_distance.unwrap_or_default() * multiplier;
        row.metadata.geo_distance = Some(distance);
        if let Some(path) = &distance_field {
            nested::set(&mut row.document, path, Bson::Double(distance));
        }
        if let (Some(path), Some(place)) = (&location_field, &row.metadata.geo_point) {
            nested::set(&mut row.document, path, place.clone());
        }
        Ok(Some(row))
    }))
}

/// The field of the collection's only geospatial index; one of the plane comes first.
fn only_place(info: &CollectionInfo) -> Result<String> {
    let of_kind = |flat: bool| {
        let fields = info
            .indexes
            .iter()
            .filter(|index| !index.hidden && matches!(index.kind, Kind::Keys))
            .flat_map(|index| &index.fields);
        fields
            .filter(|field| match field.kind {
                FieldKind::Sphere => !flat,
                FieldKind::Plane(_) => flat,
                _ => false,
            })
            .map(|field| field.path.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    for (flat, name) in [(true, "2d"), (false, "2dsphere")] {
        match of_kind(flat).as_slice() {
            [] => {}
            [only] => return Ok(only.clone()),
            _ => {
                return Err(Error::new(
                    Code::IndexNotFound,
                    format!("There is more than one {name} index on {}; unsure which to use for $geoNear", info.name),
                )
                .hint("say which field with key: \"field\""));
            }
        }
    }
    Err(Error::new(Code::IndexNotFound, "$geoNear requires a 2d or 2dsphere index, but none were found")
        .hint(format!("db.{}.createIndex({{ location: \"2dsphere\" }}) makes one of the field location", info.name)))
}
