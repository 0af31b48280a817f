//! Points: two or three coordinates in one of four reference systems (Neo4j's manual, "Spatial values").

/// A coordinate reference system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Crs {
    /// Longitude and latitude in degrees.
    Wgs84,
    /// Longitude and latitude in degrees, height in metres.
    Wgs84Height,
    /// A plane.
    Cartesian,
    /// Space.
    Cartesian3d,
}

/// The mean radius of the Earth in metres, as Neo4j takes it.
const EARTH_RADIUS: f64 = 6_378_140.0;

impl Crs {
    /// All of them.
    pub const ALL: [Crs; 4] = [Crs::Wgs84, Crs::Wgs84Height, Crs::Cartesian, Crs::Cartesian3d];

    /// Its number in the EPSG registry and its relatives.
    pub const fn srid(self) -> i64 {
        match self {
            Crs::Wgs84 => 4326,
            Crs::Wgs84Height => 4979,
            Crs::Cartesian => 7203,
            Crs::Cartesian3d => 9157,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Crs::Wgs84 => "wgs-84",
            Crs::Wgs84Height => "wgs-84-3d",
            Crs::Cartesian => "cartesian",
            Crs::Cartesian3d => "cartesian-3d",
        }
    }

    /// The system of a name, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        Crs::ALL.into_iter().find(|crs| crs.name().eq_ignore_ascii_case(name))
    }

    /// The system of a number.
    pub fn by_srid(srid: i64) -> Option<Self> {
        Crs::ALL.into_iter().find(|crs| crs.srid() == srid)
    }

    /// Whether its first two coordinates are degrees on the globe.
    pub const fn is_geographic(self) -> bool {
        matches!(self, Crs::Wgs84 | Crs::Wgs84Height)
    }

    /// Whether it has a third coordinate.
    pub const fn has_height(self) -> bool {
        matches!(self, Crs::Wgs84Height | Crs::Cartesian3d)
    }
}

/// A point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// What its coordinates mean.
    pub crs: Crs,
    /// x or longitude.
    pub x: f64,
    /// y or latitude.
    pub y: f64,
    /// z or height; 0 in systems without one.
    pub z: f64,
}

impl Point {
    /// Its coordinates, two or three.
    pub fn coordinates(&self) -> Vec<f64> {
        if self.crs.has_height() { vec![self.x, self.y, self.z] } else { vec![self.x, self.y] }
    }

    /// The coordinate that a name such as `x` or `latitude` stands for, if its system has one.
    pub fn coordinate(&self, name: &str) -> Option<f64> {
        match name {
            "x" => Some(self.x),
            "y" => Some(self.y),
            "z" if self.crs.has_height() => Some(self.z),
            "longitude" if self.crs.is_geographic() => Some(self.x),
            "latitude" if self.crs.is_geographic() => Some(self.y),
            "height" if self.crs == Crs::Wgs84Height => Some(self.z),
            _ => None,
        }
    }

    /// The distance to another point of the same system: in the plane or in space, or in metres along
    /// the globe (haversine formula), at the mean of both heights. `None` between systems.
    pub fn distance(&self, other: &Point) -> Option<f64> {
        if self.crs != other.crs {
            return None;
        }
        let (dx, dy, dz) = (self.x - other.x, self.y - other.y, self.z - other.z);
        if !self.crs.is_geographic() {
            return Some((dx * dx + dy * dy + dz * dz).sqrt());
        }
        let (one, two) = (self.y.to_radians(), other.y.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let angle = 2.0 * (half(dy) + one.cos() * two.cos() * half(dx)).sqrt().min(1.0).asin();
        let along = angle * (EARTH_RADIUS + (self.z + other.z) / 2.0);
        Some((along * along + dz * dz).sqrt())
    }

    /// Whether it lies in the box between two corners of the same system, the edges included; a box whose
    /// first corner lies east of its second crosses the 180th meridian. `None` between systems.
    pub fn is_within(&self, lower: &Point, upper: &Point) -> Option<bool> {
        if self.crs != lower.crs || self.crs != upper.crs {
            return None;
        }
        let inside = |value: f64, low: f64, high: f64| low <= value && value <= high;
        let across = self.crs.is_geographic() && lower.x > upper.x;
        let x = if across { self.x >= lower.x || self.x <= upper.x } else { inside(self.x, lower.x, upper.x) };
        Some(x && inside(self.y, lower.y, upper.y) && inside(self.z, lower.z, upper.z))
    }
}

/// `point({srid:7203, x:1.0, y:2.0})`
impl std::fmt::Display for Point {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let float = super::graph::float_text;
        write!(out, "point({{srid:{}, x:{}, y:{}", self.crs.srid(), float(self.x), float(self.y))?;
        if self.crs.has_height() {
            write!(out, ", z:{}", float(self.z))?;
        }
        out.write_str("})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globe(x: f64, y: f64) -> Point {
        Point { crs: Crs::Wgs84, x, y, z: 0.0 }
    }

    #[test]
    fn distances_and_boxes() {
        let plane = |x, y| Point { crs: Crs::Cartesian, x, y, z: 0.0 };
        assert_eq!(plane(0.0, 0.0).distance(&plane(3.0, 4.0)), Some(5.0));
        assert_eq!(plane(0.0, 0.0).distance(&globe(0.0, 0.0)), None);
        // Copenhagen Central Station to Malmö, as in Neo4j's manual: about 27,842 m.
        let metres = globe(12.564590, 55.672874).distance(&globe(12.994341, 55.611784)).unwrap();
        assert!((metres - 27_842.0).abs() < 2.0, "{metres}");
        assert_eq!(globe(179.0, 0.0).is_within(&globe(170.0, -1.0), &globe(-170.0, 1.0)), Some(true));
        assert_eq!(globe(0.0, 0.0).is_within(&globe(170.0, -1.0), &globe(-170.0, 1.0)), Some(false));
    }
}
