//! Circles and boxes on the earth, and distances.

use super::cells::{Edges, Place};

/// The mean radius of the earth that Redis takes, in metres.
const EARTH_RADIUS: f64 = 6_372_797.560_856;

/// The distance of two places along a great circle, in metres (the haversine formula).
pub fn distance(from: Place, to: Place) -> f64 {
    let (from_latitude, to_latitude) = (radians(from.latitude), radians(to.latitude));
    let v = ((radians(to.longitude) - radians(from.longitude)) / 2.0).sin();
    if v == 0.0 {
        return distance_of_latitudes(from, to);
    }
    let u = ((to_latitude - from_latitude) / 2.0).sin();
    let a = u * u + from_latitude.cos() * to_latitude.cos() * v * v;
    2.0 * EARTH_RADIUS * a.sqrt().asin()
}

/// How far apart the parallels of two places are, in metres.
fn distance_of_latitudes(from: Place, to: Place) -> f64 {
    EARTH_RADIUS * (radians(to.latitude) - radians(from.latitude)).abs()
}

/// Not `to_radians`: the last bit of a distance depends on how this is rounded.
fn radians(degrees: f64) -> f64 {
    degrees * (std::f64::consts::PI / 180.0)
}

fn degrees(radians: f64) -> f64 {
    radians / (std::f64::consts::PI / 180.0)
}

/// What is searched: lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Its middle.
    pub centre: Place,
    /// What lies around it.
    pub form: Form,
}

/// The form of a [`Shape`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    Circle { radius: f64 },
    Box { width: f64, height: f64 },
}

impl Shape {
    /// The distance of a place from the centre, if it lies in the shape.
    pub fn distance_within(&self, place: Place) -> Option<f64> {
        match self.form {
            Form::Circle { radius } => Some(distance(self.centre, place)).filter(|&found| found <= radius),
            Form::Box { width, height } => {
                let beside = Place { longitude: self.centre.longitude, latitude: place.latitude };
                let inside =
                    distance_of_latitudes(place, self.centre) <= height / 2.0 && distance(place, beside) <= width / 2.0;
                inside.then(|| distance(self.centre, place))
            }
        }
    }

    /// The radius of the circle around the shape.
    pub fn reach(&self) -> f64 {
        match self.form {
            Form::Circle { radius } => radius,
            Form::Box { width, height } => ((width / 2.0) * (width / 2.0) + (height / 2.0) * (height / 2.0)).sqrt(),
        }
    }

    /// The longitudes and latitudes it lies between; meridians are nearest on its side towards the pole.
    pub fn bounds(&self) -> Edges {
        let (width, height) = match self.form {
            Form::Circle { radius } => (radius, radius),
            Form::Box { width, height } => (width / 2.0, height / 2.0),
        };
        let Place { longitude, latitude } = self.centre;
        let up = degrees(height / EARTH_RADIUS);
        let towards_pole = if latitude < 0.0 { latitude - up } else { latitude + up };
        let aside = degrees(width / EARTH_RADIUS / radians(towards_pole).cos());
        Edges { west: longitude - aside, east: longitude + aside, south: latitude - up, north: latitude + up }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_redis() {
        let palermo = Place::of_score(3_479_099_956_230_698.0);
        let catania = Place::of_score(3_479_447_370_796_909.0);
        assert_eq!(format!("{:.4}", distance(palermo, catania)), "166274.1516");
        assert_eq!(distance(palermo, palermo), 0.0);
        let circle = Shape { centre: palermo, form: Form::Circle { radius: 166_274.0 } };
        assert_eq!(circle.distance_within(catania), None);
        let square = Shape { centre: palermo, form: Form::Box { width: 310_000.0, height: 140_000.0 } };
        assert_eq!(square.distance_within(catania), Some(distance(palermo, catania)));
    }
}
