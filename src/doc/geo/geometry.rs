//! The shapes of GeoJSON on the sphere.

use super::sphere::{Loop, TOLERANCE, Vector, arc_distance, arcs_meet};

/// A polygon: its outer loop and its holes.
#[derive(Debug, Clone)]
pub struct Polygon {
    /// The outer loop.
    pub shell: Loop,
    /// What is cut out.
    pub holes: Vec<Loop>,
}

/// Any geometry as the points, lines and polygons it is made of.
#[derive(Debug, Clone, Default)]
pub struct Geometry {
    /// Single points.
    pub points: Vec<Vector>,
    /// Lines, of two points at least.
    pub lines: Vec<Vec<Vector>>,
    /// Polygons.
    pub polygons: Vec<Polygon>,
}

impl Polygon {
    fn loops(&self) -> impl Iterator<Item = &Loop> {
        std::iter::once(&self.shell).chain(&self.holes)
    }

    fn touches(&self, point: Vector) -> bool {
        self.loops().any(|edge| edge.touches(point))
    }

    /// Whether a point lies inside or on an edge.
    fn contains(&self, point: Vector) -> bool {
        self.touches(point) || self.shell.contains(point) && !self.holes.iter().any(|hole| hole.contains(point))
    }

    fn contains_strictly(&self, point: Vector) -> bool {
        !self.touches(point) && self.contains(point)
    }

    fn distance(&self, point: Vector) -> f64 {
        if self.contains(point) {
            return 0.0;
        }
        self.loops().map(|edge| edge.edge_distance(point)).fold(f64::INFINITY, f64::min)
    }

    /// Whether an edge properly leaves the polygon: its middle or its ends lie outside, or it crosses a loop.
    fn holds_arc(&self, a: Vector, b: Vector) -> bool {
        if !self.contains(a) || !self.contains(b) {
            return false;
        }
        // Between two places where the arc meets a loop it is inside or outside as a whole: the middles decide.
        let mut stops = vec![0.0, 1.0];
        for (c, d) in self.loops().flat_map(Loop::edges) {
            if let Some(place) = meeting(a, b, c, d) {
                stops.push(place);
            }
        }
        stops.sort_by(f64::total_cmp);
        stops.windows(2).all(|pair| pair[1] - pair[0] < 1e-9 || self.contains(between(a, b, (pair[0] + pair[1]) / 2.0)))
    }
}

/// The point that divides an arc.
fn between(a: Vector, b: Vector, part: f64) -> Vector {
    let whole = a.angle(b);
    if whole < 1e-15 {
        return a;
    }
    let (from, to) = (((1.0 - part) * whole).sin() / whole.sin(), (part * whole).sin() / whole.sin());
    let mut point = [0.0; 3];
    for (at, slot) in point.iter_mut().enumerate() {
        *slot = a.0[at] * from + b.0[at] * to;
    }
    Vector(point)
}

/// How far along the arc `a b` it meets the arc `c d`, 0 to 1.
fn meeting(a: Vector, b: Vector, c: Vector, d: Vector) -> Option<f64> {
    if !arcs_meet(a, b, c, d) {
        return None;
    }
    // Bisection on the side of the plane through c and d.
    let side = |part: f64| {
        let point = between(a, b, part);
        let normal =
            [c.0[1] * d.0[2] - c.0[2] * d.0[1], c.0[2] * d.0[0] - c.0[0] * d.0[2], c.0[0] * d.0[1] - c.0[1] * d.0[0]];
        point.0.iter().zip(normal).map(|(x, y)| x * y).sum::<f64>()
    };
    let (mut low, mut high) = (0.0, 1.0);
    let first = side(low);
    if first * side(high) > 0.0 {
        return None;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if first * side(middle) > 0.0 { low = middle } else { high = middle }
    }
    Some((low + high) / 2.0)
}

impl Geometry {
    /// One point.
    pub fn point(point: Vector) -> Geometry {
        Geometry { points: vec![point], ..Geometry::default() }
    }

    /// The point, if it is nothing else.
    pub fn as_point(&self) -> Option<Vector> {
        match (self.points.as_slice(), self.lines.is_empty() && self.polygons.is_empty()) {
            ([only], true) => Some(*only),
            _ => None,
        }
    }

    /// Puts another geometry into this one.
    pub fn extend(&mut self, other: Geometry) {
        self.points.extend(other.points);
        self.lines.extend(other.lines);
        self.polygons.extend(other.polygons);
    }

    fn arcs(&self) -> impl Iterator<Item = (Vector, Vector)> + '_ {
        let lines = self.lines.iter().flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1])));
        lines.chain(self.polygons.iter().flat_map(|polygon| polygon.loops().flat_map(Loop::edges)))
    }

    /// Every point that it is given by.
    pub fn vertices(&self) -> impl Iterator<Item = Vector> + '_ {
        let polygons = self.polygons.iter().flat_map(|polygon| polygon.loops().flat_map(|edge| edge.vertices()));
        self.points.iter().chain(self.lines.iter().flatten()).chain(polygons).copied()
    }

    /// The distance to a point, radians; 0 inside.
    pub fn distance(&self, point: Vector) -> f64 {
        let points = self.points.iter().map(|other| point.angle(*other));
        let lines =
            self.lines.iter().flat_map(|line| line.windows(2)).map(|pair| arc_distance(point, pair[0], pair[1]));
        let polygons = self.polygons.iter().map(|polygon| polygon.distance(point));
        points.chain(lines).chain(polygons).fold(f64::INFINITY, f64::min)
    }

    /// The greatest distance of its vertices from a point, radians.
    pub fn farthest(&self, point: Vector) -> f64 {
        self.vertices().map(|vertex| point.angle(vertex)).fold(0.0, f64::max)
    }

    /// Whether a point lies on it or inside it.
    fn holds(&self, point: Vector) -> bool {
        self.distance(point) <= TOLERANCE
    }

    /// Whether the two have a point in common.
    pub fn intersects(&self, other: &Geometry) -> bool {
        self.points.iter().any(|point| other.holds(*point))
            || other.points.iter().any(|point| self.holds(*point))
            || self.arcs().any(|(a, b)| other.arcs().any(|(c, d)| arcs_meet(a, b, c, d)))
            // No edges meet: one may lie wholly inside the other.
            || self.arcs().any(|(a, _)| other.polygons.iter().any(|polygon| polygon.contains(a)))
            || other.arcs().any(|(a, _)| self.polygons.iter().any(|polygon| polygon.contains(a)))
    }

    /// Whether it lies wholly inside the polygons of another.
    pub fn is_within(&self, area: &Geometry) -> bool {
        let inside = |point: Vector| area.polygons.iter().any(|polygon| polygon.contains(point));
        let holds = |a: Vector, b: Vector| area.polygons.iter().any(|polygon| polygon.holds_arc(a, b));
        self.points.iter().all(|point| inside(*point))
            && self.arcs().all(|(a, b)| holds(a, b))
            // A hole of the area that lies inside one of the polygons takes something out of it.
            && self.polygons.iter().all(|polygon| {
                area.polygons.iter().any(|outer| {
                    polygon.shell.vertices().iter().all(|vertex| outer.contains(*vertex))
                        && !outer.holes.iter().any(|hole| {
                            hole.vertices().iter().any(|vertex| polygon.contains_strictly(*vertex))
                        })
                })
            })
    }
}
