//! Geometry on the unit sphere: points are unit vectors, edges are arcs of great circles shorter than half a turn.
//!
//! Orientation is the sign of a determinant; two arcs cross when the four triangles of their ends turn the same
//! way. A point this near to an edge counts as lying on it:

/// Radians; about six micrometres on the earth.
pub const TOLERANCE: f64 = 1e-12;

/// A point of the unit sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vector(pub [f64; 3]);

impl Vector {
    /// From degrees of longitude and latitude.
    pub fn from_degrees(longitude: f64, latitude: f64) -> Vector {
        let (longitude, latitude) = (longitude.to_radians(), latitude.to_radians());
        Vector([latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()])
    }

    fn dot(self, other: Vector) -> f64 {
        self.0.iter().zip(other.0).map(|(a, b)| a * b).sum()
    }

    fn cross(self, other: Vector) -> Vector {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        Vector([b * z - c * y, c * x - a * z, a * y - b * x])
    }

    fn plus(self, other: Vector, factor: f64) -> Vector {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        Vector([a + x * factor, b + y * factor, c + z * factor])
    }

    fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The same direction with length one; none for no direction.
    fn unit(self) -> Option<Vector> {
        let length = self.length();
        (length > 1e-30).then(|| Vector(self.0.map(|part| part / length)))
    }

    /// A unit vector at right angles.
    fn perpendicular(self) -> Vector {
        let axis = if self.0[0].abs() < 0.6 { Vector([1.0, 0.0, 0.0]) } else { Vector([0.0, 1.0, 0.0]) };
        self.cross(axis).unit().unwrap_or(Vector([0.0, 0.0, 1.0]))
    }

    /// The angle between two points, radians; exact for near and far points alike.
    pub fn angle(self, other: Vector) -> f64 {
        self.cross(other).length().atan2(self.dot(other))
    }
}

fn determinant(a: Vector, b: Vector, c: Vector) -> f64 {
    a.cross(b).dot(c)
}

/// The distance from a point to the arc between two others, radians.
pub fn arc_distance(point: Vector, a: Vector, b: Vector) -> f64 {
    let ends = point.angle(a).min(point.angle(b));
    let Some(normal) = a.cross(b).unit() else { return ends };
    // The foot of the perpendicular lies on the arc if it lies between its ends.
    let inside = normal.cross(a).dot(point) >= 0.0 && b.cross(normal).dot(point) >= 0.0;
    if inside { normal.dot(point).abs().min(1.0).asin().min(ends) } else { ends }
}

/// Whether two arcs meet.
pub fn arcs_meet(a: Vector, b: Vector, c: Vector, d: Vector) -> bool {
    crosses(a, b, c, d)
        || [c, d].iter().any(|&point| arc_distance(point, a, b) <= TOLERANCE)
        || [a, b].iter().any(|&point| arc_distance(point, c, d) <= TOLERANCE)
}

/// Whether two arcs cross; an end that lies exactly on the other arc counts to its left.
fn crosses(a: Vector, b: Vector, c: Vector, d: Vector) -> bool {
    let c_left = determinant(a, b, c) >= 0.0;
    let d_left = determinant(a, b, d) >= 0.0;
    let a_left = determinant(c, d, a) >= 0.0;
    let b_left = determinant(c, d, b) >= 0.0;
    c_left != d_left && a_left != b_left && d_left == a_left
}

/// A closed loop of arcs, of which one side is the inside.
#[derive(Debug, Clone)]
pub struct Loop {
    vertices: Vec<Vector>,
    /// The middle of the vertices and the greatest angle from it, where that is less than a right one.
    cap: Option<(Vector, f64)>,
    /// Two points and whether each is inside: a ray is drawn to the one that is not opposite.
    references: [(Vector, bool); 2],
    /// It goes out and back on one line: nothing is inside.
    is_flat: bool,
}

/// Loops around less than this, in steradians, have no inside (0.04 m² on the earth).
const NO_AREA: f64 = 1e-15;

impl Loop {
    /// A loop through these points, the first of which is not repeated. The inside is the smaller side, or what lies
    /// to the left of the edges.
    pub fn new(vertices: Vec<Vector>, left: bool) -> Loop {
        let sum = vertices.iter().fold(Vector([0.0; 3]), |sum, vertex| sum.plus(*vertex, 1.0));
        let middle = sum.unit().unwrap_or(Vector([0.0, 0.0, 1.0]));
        let radius = vertices.iter().map(|vertex| middle.angle(*vertex)).fold(0.0, f64::max);
        let first = middle.perpendicular();
        let second = middle.cross(first).unit().unwrap_or(first);
        let mut made = Loop { vertices, cap: None, references: [(first, false), (second, false)], is_flat: false };
        let area = made.left_area();
        made.is_flat = area.min(2.0 * std::f64::consts::TAU - area) < NO_AREA;
        let inside_is_left = left || area <= std::f64::consts::TAU;
        if let Some(probe) = made.left_of_first_edge() {
            for at in 0..2 {
                let (reference, _) = made.references[at];
                let same_side = !made.odd_crossings(probe, reference);
                made.references[at].1 = same_side == inside_is_left;
            }
        }
        made.cap = (!left && radius < 1.5).then_some((middle, radius));
        made
    }

    /// Its edges.
    pub fn edges(&self) -> impl Iterator<Item = (Vector, Vector)> {
        let next = self.vertices.iter().skip(1).chain(self.vertices.first());
        self.vertices.iter().copied().zip(next.copied())
    }

    /// Its corners.
    pub fn vertices(&self) -> &[Vector] {
        &self.vertices
    }

    /// The area to the left of the edges, 0 to 4π.
    fn left_area(&self) -> f64 {
        let Some((&first, rest)) = self.vertices.split_first() else { return 0.0 };
        // The signed solid angles of a fan of triangles (van Oosterom and Strackee, 1983).
        let signed: f64 = rest
            .windows(2)
            .map(|pair| {
                let (b, c) = (pair[0], pair[1]);
                let numerator = determinant(first, b, c);
                let denominator = 1.0 + first.dot(b) + b.dot(c) + c.dot(first);
                2.0 * numerator.atan2(denominator)
            })
            .sum();
        signed.rem_euclid(2.0 * std::f64::consts::TAU)
    }

    /// A point just left of the middle of an edge.
    fn left_of_first_edge(&self) -> Option<Vector> {
        self.edges().find_map(|(a, b)| {
            let middle = a.plus(b, 1.0).unit()?;
            let left = a.cross(b).unit()?;
            middle.plus(left, 1e-6 * a.angle(b)).unit()
        })
    }

    fn odd_crossings(&self, from: Vector, to: Vector) -> bool {
        self.edges().filter(|(a, b)| crosses(from, to, *a, *b)).count() % 2 == 1
    }

    /// Whether a point lies on an edge.
    pub fn touches(&self, point: Vector) -> bool {
        self.edges().any(|(a, b)| arc_distance(point, a, b) <= TOLERANCE)
    }

    /// Whether a point lies inside; on an edge either answer may come.
    pub fn contains(&self, point: Vector) -> bool {
        if let Some((middle, radius)) = self.cap
            && middle.angle(point) > radius + TOLERANCE
        {
            return false;
        }
        if self.is_flat {
            return false;
        }
        let (reference, inside) = match self.references {
            [first, second] if first.0.dot(point) < -0.9 => second,
            [first, _] => first,
        };
        self.odd_crossings(point, reference) != inside
    }

    /// The distance from a point to the nearest edge.
    pub fn edge_distance(&self, point: Vector) -> f64 {
        self.edges().map(|(a, b)| arc_distance(point, a, b)).fold(f64::INFINITY, f64::min)
    }
}
