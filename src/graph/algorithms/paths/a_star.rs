//! The cheapest path to a node with a known position.

use super::search::cheapest;
use crate::graph::algorithms::settings::wrong;
use crate::graph::algorithms::{Algorithm, Call, END, Reading, Rows, SETTINGS, START};
use crate::graph::eval::EvalContext;
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;

/// A* (Hart, Nilsson and Raphael 1968): the straight way to the goal is what is still to come at least.
/// The answer is the cheapest path as long as no way is shorter than the straight one. O((V + E) log V).
pub const A_STAR: Algorithm = Algorithm {
    name: "algo.aStar",
    summary: "The cheapest path between two nodes with positions: the straight way guides the search (A*).",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("cost", Types::FLOAT)],
    settings: &["x", "y", "latitude", "longitude"],
    run,
};

/// The mean radius of the earth in kilometres.
const EARTH: f64 = 6371.0088;

/// How positions are measured.
enum Plane {
    /// Straight lines between `x` and `y`.
    Flat,
    /// Great circles between degrees of latitude and longitude, in kilometres.
    Earth,
}

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let settings = &call.settings;
    let flat = (settings.text("x")?, settings.text("y")?);
    let round = (settings.text("latitude")?, settings.text("longitude")?);
    let (plane, first, second) = match (flat, round) {
        ((Some(x), Some(y)), (None, None)) => (Plane::Flat, x, y),
        ((None, None), (Some(latitude), Some(longitude))) => (Plane::Earth, latitude, longitude),
        _ => {
            let message = "algo.aStar needs the properties that hold the nodes' positions";
            return Err(Error::argument(Detail::InvalidArgumentValue, message)
                .hint("name them: {x: 'x', y: 'y'} or {latitude: 'lat', longitude: 'lon'}"));
        }
    };
    let keys = [TokenRef::new(TokenKind::Key, first), TokenRef::new(TokenKind::Key, second)];
    let projection = call.copy(Reading::Out)?;
    projection.refuse_negative()?;
    let (start, end) = (projection.place(&call.arguments[0], "start")?, projection.place(&call.arguments[1], "end")?);
    let coordinate = |place, key: &TokenRef| match call.rt.node_property(projection.id(place), key)? {
        Value::Int(number) => Ok(number as f64),
        Value::Float(number) => Ok(number),
        other => Err(wrong(key.name(), "a number on every node on the way", &other)),
    };
    let position = |place| -> Result<(f64, f64)> { Ok((coordinate(place, &keys[0])?, coordinate(place, &keys[1])?)) };
    let goal = position(end)?;
    let estimate = |place| {
        let here = position(place)?;
        Ok(match plane {
            Plane::Flat => (here.0 - goal.0).hypot(here.1 - goal.1),
            Plane::Earth => great_circle(here, goal),
        })
    };
    let found = cheapest(call, &projection, start, Some(end), |_, _| true, estimate)?;
    if !found.reached(end) {
        return Ok(Vec::new());
    }
    Ok(vec![vec![projection.path(start, found.steps_to(end)), Value::Float(found.costs[end as usize])]])
}

/// The way between two points in degrees, in kilometres (haversine formula).
fn great_circle(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (latitude_a, latitude_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
    let h =
        half(latitude_a, latitude_b) + latitude_a.cos() * latitude_b.cos() * half(a.1.to_radians(), b.1.to_radians());
    2.0 * EARTH * h.sqrt().min(1.0).asin()
}
