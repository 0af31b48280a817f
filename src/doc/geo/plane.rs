//! Legacy shapes: boxes, polygons and circles in the plane.

/// A point of the plane.
pub type Point = (f64, f64);

/// A rectangle with its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// The least coordinates.
    pub low: Point,
    /// The greatest coordinates.
    pub high: Point,
}

impl Rectangle {
    /// The least rectangle around points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Rectangle {
        let start = Rectangle { low: (f64::INFINITY, f64::INFINITY), high: (f64::NEG_INFINITY, f64::NEG_INFINITY) };
        points.into_iter().fold(start, |found, (x, y)| Rectangle {
            low: (found.low.0.min(x), found.low.1.min(y)),
            high: (found.high.0.max(x), found.high.1.max(y)),
        })
    }

    /// Whether the point lies in it or on its edge.
    pub fn contains(&self, (x, y): Point) -> bool {
        (self.low.0..=self.high.0).contains(&x) && (self.low.1..=self.high.1).contains(&y)
    }

    /// Whether the two have a point in common.
    pub fn meets(&self, other: &Rectangle) -> bool {
        self.low.0 <= other.high.0
            && other.low.0 <= self.high.0
            && self.low.1 <= other.high.1
            && other.low.1 <= self.high.1
    }

    /// The distance of a point from the rectangle.
    pub fn distance(&self, (x, y): Point) -> f64 {
        let across = (self.low.0 - x).max(x - self.high.0).max(0.0);
        let along = (self.low.1 - y).max(y - self.high.1).max(0.0);
        across.hypot(along)
    }
}

/// A shape of the plane.
#[derive(Debug, Clone)]
pub enum Shape {
    /// `$box`
    Box(Rectangle),
    /// `$polygon`, not closed.
    Polygon(Vec<Point>),
    /// `$center`
    Circle(Point, f64),
}

impl Shape {
    /// Whether the point lies in it or on its edge.
    pub fn contains(&self, point: Point) -> bool {
        match self {
            Shape::Box(rectangle) => rectangle.contains(point),
            Shape::Circle(center, radius) => (center.0 - point.0).hypot(center.1 - point.1) <= *radius,
            Shape::Polygon(corners) => in_polygon(corners, point),
        }
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Rectangle {
        match self {
            Shape::Box(rectangle) => *rectangle,
            Shape::Circle((x, y), radius) => {
                Rectangle { low: (x - radius, y - radius), high: (x + radius, y + radius) }
            }
            Shape::Polygon(corners) => Rectangle::around(corners.iter().copied()),
        }
    }
}

/// A ray to the right crosses the edges an odd number of times; points on an edge are inside.
fn in_polygon(corners: &[Point], (x, y): Point) -> bool {
    let mut inside = false;
    let next = corners.iter().skip(1).chain(corners.first());
    for (&(x1, y1), &(x2, y2)) in corners.iter().zip(next) {
        let turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
        let on_edge = turn == 0.0 && (x1.min(x2)..=x1.max(x2)).contains(&x) && (y1.min(y2)..=y1.max(y2)).contains(&y);
        if on_edge {
            return true;
        }
        if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}
