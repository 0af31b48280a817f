//! Geohashes: a place on earth as a cell of a grid, and the cells that cover an area.
//!
//! The earth is a rectangle of longitudes and latitudes, halved in both directions `step` times. Cells
//! that share their leading bits lie in one bigger cell, so the places in a cell are a range of scores
//! (G. Niemeyer, geohash.org; Redis adds limits of Web Mercator and 26 steps: 52 bits fit a double).

use super::shape::Shape;

/// Halvings of a member's cell in each direction.
pub const FINEST: u32 = 26;
/// The largest latitude that Web Mercator shows (EPSG:3857), in degrees.
pub const LATITUDE_LIMIT: f64 = 85.051_128_78;
/// The largest longitude, in degrees.
pub const LONGITUDE_LIMIT: f64 = 180.0;

/// Half the length of the equator in Web Mercator, in metres.
const MERCATOR_MAX: f64 = 20_037_726.37;

/// A place, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

/// A cell: its column from the west, its row from the south, and how often the earth was halved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    column: u32,
    row: u32,
    step: u32,
}

impl Cell {
    /// The cell a place lies in, on an earth that ends at a latitude.
    fn around(place: Place, latitude_limit: f64, step: u32) -> Self {
        let share = |value: f64, limit: f64| (value + limit) / (limit - -limit) * (1u64 << step) as f64;
        Cell {
            column: share(place.longitude, LONGITUDE_LIMIT) as u32,
            row: share(place.latitude, latitude_limit) as u32,
            step,
        }
    }

    /// Column and row bit by bit, the column's first.
    fn bits(self) -> u64 {
        spread(self.row) | spread(self.column) << 1
    }

    /// Where the cell ends to the west and east, south and north, in degrees.
    fn edges(self) -> Edges {
        let edge = |number: u64, limit: f64| -limit + (number as f64 / (1u64 << self.step) as f64) * (limit - -limit);
        let (column, row) = (u64::from(self.column), u64::from(self.row));
        Edges {
            west: edge(column, LONGITUDE_LIMIT),
            east: edge(column + 1, LONGITUDE_LIMIT),
            south: edge(row, LATITUDE_LIMIT),
            north: edge(row + 1, LATITUDE_LIMIT),
        }
    }

    /// The cell so many columns to the east and rows to the north, around the earth.
    fn beside(self, east: i32, north: i32) -> Self {
        let mask = (1u32 << self.step) - 1;
        let moved = |from: u32, by: i32| if by == 0 { from } else { from.wrapping_add_signed(by) & mask };
        Cell { column: moved(self.column, east), row: moved(self.row, north), step: self.step }
    }

    /// The scores of the places in it: from the first to below the second.
    pub fn scores(self) -> (f64, f64) {
        let shift = 2 * (FINEST - self.step);
        ((self.bits() << shift) as f64, ((self.bits() + 1) << shift) as f64)
    }
}

/// A part of the earth between two longitudes and two latitudes, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edges {
    pub west: f64,
    pub east: f64,
    pub south: f64,
    pub north: f64,
}

/// A zero before each bit.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Every second bit.
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    bits as u32
}

impl Place {
    /// The score of a member at this place.
    pub fn score(self) -> u64 {
        Cell::around(self, LATITUDE_LIMIT, FINEST).bits()
    }

    /// The middle of the cell that a score names.
    pub fn of_score(score: f64) -> Self {
        // A score need not be a geohash: below zero and beyond 64 bits it is what Redis makes of it on x86-64.
        let bits = if score < i64::MAX as f64 {
            (score as i64).cast_unsigned()
        } else if score < u64::MAX as f64 {
            score as u64
        } else {
            0
        };
        let edges = Cell { column: gather(bits >> 1), row: gather(bits), step: FINEST }.edges();
        Place {
            longitude: f64::midpoint(edges.west, edges.east).clamp(-LONGITUDE_LIMIT, LONGITUDE_LIMIT),
            latitude: f64::midpoint(edges.south, edges.north).clamp(-LATITUDE_LIMIT, LATITUDE_LIMIT),
        }
    }

    /// Eleven letters as geohash.org writes them, on an earth that reaches the poles; the last letter is
    /// always 0, as there are bits for ten.
    pub fn letters(self) -> String {
        const LETTERS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
        let bits = Cell::around(self, 90.0, FINEST).bits();
        let letter = |place: u32| char::from(LETTERS[(bits >> (52 - 5 * (place + 1)) & 31) as usize]);
        (0..10).map(letter).chain(['0']).collect()
    }
}

/// At most nine cells of one size that cover a shape: the one its centre lies in, then those around it.
pub fn cover(shape: &Shape) -> Vec<Cell> {
    let bounds = shape.bounds();
    let mut step = step_for(shape.reach(), shape.centre.latitude);
    let mut centre = Cell::around(shape.centre, LATITUDE_LIMIT, step);
    let too_small = centre.beside(0, 1).edges().north < bounds.north
        || centre.beside(0, -1).edges().south > bounds.south
        || centre.beside(1, 0).edges().east < bounds.east
        || centre.beside(-1, 0).edges().west > bounds.west;
    if too_small && step > 1 {
        step -= 1;
        centre = Cell::around(shape.centre, LATITUDE_LIMIT, step);
    }
    let edges = centre.edges();
    // Cells on a side to which the shape does not reach are left out, unless cells are half the earth.
    let needs = |east: i32, north: i32| {
        step < 2
            || !((north < 0 && edges.south < bounds.south)
                || (north > 0 && edges.north > bounds.north)
                || (east < 0 && edges.west < bounds.west)
                || (east > 0 && edges.east > bounds.east))
    };
    const AROUND: [(i32, i32); 9] = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];
    let mut cells = Vec::with_capacity(AROUND.len());
    for (east, north) in AROUND {
        let cell = centre.beside(east, north);
        // Around a small earth the next cell may be the one before.
        if needs(east, north) && cells.last() != Some(&cell) {
            cells.push(cell);
        }
    }
    cells
}

/// How often the earth is halved so that a cell and those around it hold a circle of so many metres.
fn step_for(radius: f64, latitude: f64) -> u32 {
    if radius == 0.0 {
        return FINEST;
    }
    let (mut reach, mut step) = (radius, 1i32);
    while reach < MERCATOR_MAX {
        reach *= 2.0;
        step += 1;
    }
    // Two less, so that the circle fits in most cases; towards the poles cells are narrower.
    step -= 2 + i32::from(latitude.abs() > 66.0) + i32::from(latitude.abs() > 80.0);
    u32::try_from(step).unwrap_or(0).clamp(1, FINEST)
}

#[cfg(test)]
mod tests {
    use super::super::shape::Form;
    use super::*;

    const PALERMO: Place = Place { longitude: 13.361_389, latitude: 38.115_556 };

    #[test]
    fn scores_and_letters_are_those_of_redis() {
        assert_eq!(PALERMO.score(), 3_479_099_956_230_698);
        let catania = Place { longitude: 15.087_269, latitude: 37.502_669 };
        assert_eq!(catania.score(), 3_479_447_370_796_909);
        assert_eq!(PALERMO.letters(), "sqc8b49rny0");
        let back = Place::of_score(3_479_099_956_230_698.0);
        assert_eq!(back.letters(), "sqc8b49rny0");
        assert_eq!(format!("{:.17}", back.longitude), "13.36138933897018433");
    }

    #[test]
    fn every_place_of_a_shape_lies_in_a_cell_of_its_cover() {
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
            let centre = Place { longitude: rng.f64() * 350.0 - 175.0, latitude: (rng.f64() * 2.0 - 1.0) * 75.0 };
            let radius = 10f64.powf(rng.f64() * 5.0);
            let shape = Shape { centre, form: Form::Circle { radius } };
            let near = Place {
                longitude: (centre.longitude + (rng.f64() - 0.5) * radius / 30_000.0).clamp(-180.0, 180.0),
                latitude: (centre.latitude + (rng.f64() - 0.5) * radius / 50_000.0).clamp(-85.0, 85.0),
            };
            let score = near.score() as f64;
            if shape.distance_within(Place::of_score(score)).is_none() {
                continue;
            }
            let cells = cover(&shape);
            assert!(cells.len() <= 9);
            assert!(
                cells.iter().any(|cell| (cell.scores().0..cell.scores().1).contains(&score)),
                "{centre:?} {radius} {near:?}"
            );
        }
    }
}
