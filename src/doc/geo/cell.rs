//! Cells: a quadtree over a square, whose numbers order it so that a cell's descendants are one range.
//!
//! ```text
//! number = two bits a level (the quarter), then a 1, then 0 up to 64 bits:   the root is 1 << 2·LEVELS
//! ```
//!
//! The square is the globe in degrees of longitude and latitude, or the plane of a `2d` index.

use super::geometry::Geometry;
use super::plane::{Point, Rectangle};
use super::sphere::Vector;

/// The levels below the root: a cell of the last one is less than a metre wide on the globe.
const LEVELS: u32 = 26;

/// A cell of the quadtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u64);

impl Cell {
    /// The whole square.
    pub const ROOT: Cell = Cell(1 << (2 * LEVELS));

    /// The cell of the last level that holds a point of the unit square.
    fn at(x: f64, y: f64) -> Cell {
        let side = (1u64 << LEVELS) as f64;
        let clamp = |part: f64| ((part * side) as u64).min((1 << LEVELS) - 1);
        let (x, y) = (clamp(x), clamp(y));
        let mut number = 0;
        for level in (0..LEVELS).rev() {
            number = number << 2 | (y >> level & 1) << 1 | x >> level & 1;
        }
        Cell(number << 1 | 1)
    }

    /// The bit that ends the number.
    fn last_bit(self) -> u64 {
        self.0 & self.0.wrapping_neg()
    }

    /// Whether it has no parts.
    pub fn is_smallest(self) -> bool {
        self.last_bit() == 1
    }

    /// Its four quarters.
    pub fn quarters(self) -> [Cell; 4] {
        let bit = self.last_bit() >> 2;
        let first = self.0 - self.last_bit() + bit;
        [0, 2, 4, 6].map(|step| Cell(first + step * bit))
    }

    /// The cell that it is a quarter of.
    pub fn parent(self) -> Option<Cell> {
        (self != Cell::ROOT).then(|| {
            let bit = self.last_bit() << 2;
            Cell(self.0 & !(bit | (bit - 1)) | bit)
        })
    }

    /// The numbers of its descendants and itself, first and last.
    pub fn range(self) -> (u64, u64) {
        let bit = self.last_bit();
        (self.0 - (bit - 1), self.0 + (bit - 1))
    }

    /// Its number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Its place in the unit square.
    fn square(self) -> Rectangle {
        let level = (2 * LEVELS - self.last_bit().trailing_zeros()) / 2;
        let path = self.0 >> (self.last_bit().trailing_zeros() + 1);
        let (mut x, mut y) = (0u64, 0u64);
        for at in (0..level).rev() {
            let quarter = path >> (2 * at);
            x = x << 1 | quarter & 1;
            y = y << 1 | quarter >> 1 & 1;
        }
        let side = 1.0 / (1u64 << level) as f64;
        let low = (x as f64 * side, y as f64 * side);
        Rectangle { low, high: (low.0 + side, low.1 + side) }
    }

    /// Its place on the globe: longitudes and latitudes.
    fn degrees(self) -> Rectangle {
        let square = self.square();
        let degrees = |(x, y): Point| (x * 360.0 - 180.0, y * 180.0 - 90.0);
        Rectangle { low: degrees(square.low), high: degrees(square.high) }
    }

    /// A point of the globe and an angle that reaches from it to all of the cell.
    pub fn cap(self) -> (Vector, f64) {
        let Rectangle { low, high } = self.degrees();
        let middle = Vector::from_degrees((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        if high.0 - low.0 > 90.0 {
            return (middle, std::f64::consts::PI);
        }
        let corners = [low, high, (low.0, high.1), (high.0, low.1)];
        let reach = corners.iter().map(|(x, y)| middle.angle(Vector::from_degrees(*x, *y))).fold(0.0, f64::max);
        // The edge along the equator's side may bulge beyond its corners by less than this.
        (middle, reach * 1.01 + 1e-9)
    }
}

/// The plane of a `2d` index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// The least coordinate.
    pub min: f64,
    /// The coordinate behind the greatest.
    pub max: f64,
}

impl Plane {
    /// The cell of a point, if it lies in the plane.
    pub fn cell(&self, (x, y): Point) -> Option<Cell> {
        let inside = |part: f64| part >= self.min && part < self.max;
        let unit = |part: f64| (part - self.min) / (self.max - self.min);
        (inside(x) && inside(y)).then(|| Cell::at(unit(x), unit(y)))
    }

    /// Where a cell lies.
    pub fn rectangle(&self, cell: Cell) -> Rectangle {
        let square = cell.square();
        let back = |part: f64| self.min + part * (self.max - self.min);
        Rectangle { low: (back(square.low.0), back(square.low.1)), high: (back(square.high.0), back(square.high.1)) }
    }
}

/// What cells are asked to cover.
pub trait Area {
    /// Whether a cell may hold a part of it; true in doubt.
    fn may_meet(&self, cell: Cell) -> bool;
}

/// The cell of the last level that holds a point of the globe.
pub fn cell_of(point: Vector) -> Cell {
    let [x, y, z] = point.0;
    let (longitude, latitude) = (y.atan2(x).to_degrees(), z.clamp(-1.0, 1.0).asin().to_degrees());
    Cell::at((longitude + 180.0) / 360.0, (latitude + 90.0) / 180.0)
}

impl Area for Geometry {
    fn may_meet(&self, cell: Cell) -> bool {
        let (middle, reach) = cell.cap();
        self.distance(middle) <= reach
    }
}

impl Geometry {
    /// The cells it is indexed by: one for a point, at most `most` for anything else.
    pub fn cells(&self, most: usize) -> Vec<Cell> {
        match self.as_point() {
            Some(point) => vec![cell_of(point)],
            None => covering(self, most),
        }
    }
}

/// At most about `most` cells that together hold all of an area, in order.
pub fn covering(area: &dyn Area, most: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::ROOT];
    // The largest cell is split while there is room for its parts.
    while let Some(at) = (0..cells.len()).filter(|at| !cells[*at].is_smallest()).max_by_key(|at| cells[*at].last_bit())
    {
        let parts: Vec<Cell> = cells[at].quarters().into_iter().filter(|part| area.may_meet(*part)).collect();
        if cells.len() - 1 + parts.len() > most && !(cells.len() == 1 && parts.len() <= most) {
            break;
        }
        cells.splice(at..=at, parts);
    }
    cells.sort_unstable();
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cells_descendants_are_one_range() {
        let mut cell = Cell::at(0.3, 0.7);
        assert!(cell.is_smallest());
        let mut levels = 0;
        while let Some(parent) = cell.parent() {
            assert!(parent.quarters().contains(&cell));
            let (first, last) = parent.range();
            assert!((first..=last).contains(&cell.number()));
            let square = parent.square();
            assert!(square.contains((0.3, 0.7)), "{square:?}");
            cell = parent;
            levels += 1;
        }
        assert_eq!((levels, cell), (LEVELS, Cell::ROOT));
        let quarters = Cell::ROOT.quarters();
        assert!(quarters.windows(2).all(|pair| pair[0].range().1 < pair[1].range().0));
    }
}
