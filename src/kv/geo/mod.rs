//! Places on earth (redis.io/docs/latest/commands/?group=geo): a sorted set whose scores are geohashes.

mod cells;
mod members;
mod options;
mod search;
mod shape;

pub use members::{geoadd, geodist, geohash, geopos};
pub use search::{georadius, georadius_ro, georadiusbymember, georadiusbymember_ro, geosearch, geosearchstore};

use super::number::double_argument;
use super::sorted_sets::{self, SortedSet};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use cells::{LATITUDE_LIMIT, LONGITUDE_LIMIT, Place};

/// The place that two words name.
fn place_argument(longitude: &[u8], latitude: &[u8]) -> Result<Place> {
    let place = Place { longitude: double_argument(longitude)?, latitude: double_argument(latitude)? };
    if place.longitude.abs() <= LONGITUDE_LIMIT && place.latitude.abs() <= LATITUDE_LIMIT {
        return Ok(place);
    }
    Err(Error::err(format_args!("invalid longitude,latitude pair {:.6},{:.6}", place.longitude, place.latitude)))
}

/// How many metres a unit has.
fn unit_argument(word: &[u8]) -> Result<f64> {
    match word.to_ascii_lowercase().as_slice() {
        b"m" => Ok(1.0),
        b"km" => Ok(1000.0),
        b"ft" => Ok(0.3048),
        b"mi" => Ok(1609.34),
        _ => Err(Error::err("unsupported unit provided. please use M, KM, FT, MI")),
    }
}

/// A distance as text.
fn show_distance(distance: f64) -> Resp {
    Resp::Bulk(format!("{distance:.4}").into_bytes())
}

/// Longitude and latitude with 17 digits behind the point, as far as they say anything.
fn show_place(place: Place) -> Resp {
    let show = |degrees: f64| {
        let text = format!("{degrees:.17}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        Resp::bulk(if text == "-0" { "0" } else { text })
    };
    Resp::Array(vec![show(place.longitude), show(place.latitude)])
}
