//! Shapes on the sphere and their cells, against brute force and against known answers.

use super::cell::cell_of;
use super::geometry::Geometry;
use super::parse::geojson;
use super::sphere::{Vector, arc_distance};
use super::*;
use bson::{Document, bson, doc};
use proptest::prelude::*;

fn shape(document: Document) -> Geometry {
    geojson((&document).into(), 0).unwrap().on_sphere().unwrap()
}

fn polygon(ring: &[(f64, f64)]) -> Geometry {
    let mut ring: Vec<_> = ring.iter().map(|(x, y)| bson!([*x, *y])).collect();
    ring.push(ring[0].clone());
    shape(doc! { "type": "Polygon", "coordinates": [ring] })
}

fn point(longitude: f64, latitude: f64) -> Geometry {
    shape(doc! { "type": "Point", "coordinates": [longitude, latitude] })
}

#[test]
fn distances_are_those_of_great_circles() {
    // Boston to Cambridge (Massachusetts), and a quarter of the globe.
    let boston = Vector::from_degrees(-71.0589, 42.3601);
    let cambridge = Vector::from_degrees(-71.1097, 42.3736);
    assert!((boston.angle(cambridge) * EARTH_RADIUS - 4442.0).abs() < 15.0);
    let quarter = Vector::from_degrees(0.0, 0.0).angle(Vector::from_degrees(90.0, 0.0));
    assert!((quarter - std::f64::consts::FRAC_PI_2).abs() < 1e-15);
    let (a, b) = (Vector::from_degrees(-10.0, 0.0), Vector::from_degrees(10.0, 0.0));
    assert!((arc_distance(Vector::from_degrees(0.0, 5.0), a, b) - 5f64.to_radians()).abs() < 1e-12);
    assert!((arc_distance(Vector::from_degrees(20.0, 0.0), a, b) - 10f64.to_radians()).abs() < 1e-12);
}

#[test]
fn polygons_hold_what_lies_inside() {
    let square = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
    let turned = polygon(&[(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0)]);
    for area in [&square, &turned] {
        for (x, y, inside) in [
            (5.0, 5.0, true),
            (0.0, 0.0, true),
            (5.0, 0.0, true),
            (11.0, 5.0, false),
            (5.0, -1.0, false),
            (-175.0, -5.0, false),
        ] {
            assert_eq!(point(x, y).intersects(area), inside, "{x} {y}");
            assert_eq!(point(x, y).is_within(area), inside, "{x} {y}");
        }
    }
    // The northern edge is a great circle and bulges towards the pole.
    assert!(point(5.0, 10.03).intersects(&square));
    let hole = shape(doc! { "type": "Polygon", "coordinates": [
        [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]],
    ] });
    assert!(!point(5.0, 5.0).intersects(&hole));
    assert!(point(2.0, 2.0).intersects(&hole));
    assert!(!polygon(&[(3.0, 3.0), (7.0, 3.0), (7.0, 7.0), (3.0, 7.0)]).is_within(&hole));
    assert!(polygon(&[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)]).is_within(&hole));
    // Across the date line, and around the pole.
    let pacific = polygon(&[(170.0, -10.0), (-170.0, -10.0), (-170.0, 10.0), (170.0, 10.0)]);
    assert!(point(180.0, 0.0).intersects(&pacific) && point(-175.0, 1.0).intersects(&pacific));
    assert!(!point(0.0, 0.0).intersects(&pacific));
    let arctic = polygon(&[(0.0, 70.0), (90.0, 70.0), (180.0, 70.0), (-90.0, 70.0)]);
    assert!(point(45.0, 89.0).intersects(&arctic) && !point(45.0, 60.0).intersects(&arctic));
}

#[test]
fn lines_and_polygons_meet() {
    let square = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
    let line = |coordinates: bson::Bson| shape(doc! { "type": "LineString", "coordinates": coordinates });
    assert!(line(bson!([[-5, 5], [15, 5]])).intersects(&square));
    assert!(!line(bson!([[-5, 5], [15, 5]])).is_within(&square));
    assert!(line(bson!([[1, 1], [2, 2]])).is_within(&square));
    assert!(line(bson!([[0, 0], [10, 0]])).is_within(&square));
    assert!(!line(bson!([[-5, 5], [-1, 5]])).intersects(&square));
    assert!(polygon(&[(4.0, 4.0), (5.0, 4.0), (5.0, 5.0)]).intersects(&square));
    assert!(square.intersects(&polygon(&[(4.0, 4.0), (5.0, 4.0), (5.0, 5.0)])));
    assert!(square.distance(Vector::from_degrees(0.0, -1.0)) - 1f64.to_radians() < 1e-9);
    // A notch makes the square's diagonal leave the area.
    let notched = polygon(&[(0.0, 0.0), (10.0, 0.0), (5.0, 5.0), (10.0, 10.0), (0.0, 10.0)]);
    assert!(!line(bson!([[9, 1], [9, 9]])).is_within(&notched));
    assert!(line(bson!([[1, 1], [1, 9]])).is_within(&notched));
}

#[test]
fn malformed_shapes_are_refused() {
    for (document, words) in [
        (doc! { "type": "Point", "coordinates": [200, 0] }, "out of bounds"),
        (doc! { "type": "Blob", "coordinates": [0, 0] }, "unknown GeoJSON type"),
        (doc! { "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]] }, "not closed"),
        (doc! { "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] }, "cross"),
        (doc! { "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]] }, "3 different vertices"),
        (doc! { "type": "LineString", "coordinates": [[0, 0]] }, "2 vertices"),
        (doc! { "type": "Point", "coordinates": ["a", 0] }, "numeric"),
    ] {
        let error = geojson((&document).into(), 0).unwrap_err();
        assert!(error.message.contains(words), "{document}: {}", error.message);
    }
}

fn any_point() -> impl Strategy<Value = (f64, f64)> {
    (-180.0f64..180.0, -89.0f64..89.0)
}

/// A triangle that is neither a sliver nor wider than a hemisphere.
fn triangle() -> impl Strategy<Value = Geometry> {
    (any_point(), 0.01f64..40.0, 0.0f64..120.0).prop_map(|((longitude, latitude), size, turn)| {
        let latitude = latitude.clamp(-80.0, 80.0);
        let corner = |step: f64| {
            let angle = (turn + step * 120.0).to_radians();
            let y = (latitude + size * angle.sin()).clamp(-89.5, 89.5);
            let x = longitude + size * angle.cos();
            ((x + 540.0).rem_euclid(360.0) - 180.0, y)
        };
        polygon(&[corner(0.0), corner(1.0), corner(2.0)])
    })
}

proptest! {
    #[test]
    fn a_covering_holds_every_point_of_its_area(area in triangle(), points in prop::collection::vec(any_point(), 40)) {
        let cells = covering(&area, 16);
        prop_assert!(!cells.is_empty() && cells.len() <= 16);
        for (longitude, latitude) in points {
            let place = Vector::from_degrees(longitude, latitude);
            if Geometry::point(place).intersects(&area) {
                let number = cell_of(place).number();
                let covered = cells.iter().any(|cell| { let (first, last) = cell.range(); (first..=last).contains(&number) });
                prop_assert!(covered, "{longitude} {latitude}");
            }
        }
    }

    #[test]
    fn a_point_is_inside_when_it_lies_left_of_all_edges(area in triangle(), place in any_point()) {
        // For a triangle there is a second way to tell.
        let vector = Vector::from_degrees(place.0, place.1);
        let corners = area.polygons[0].shell.vertices().to_vec();
        let turn = |a: Vector, b: Vector, c: Vector| {
            let ([a0, a1, a2], [b0, b1, b2], [c0, c1, c2]) = (a.0, b.0, c.0);
            (a1 * b2 - a2 * b1) * c0 + (a2 * b0 - a0 * b2) * c1 + (a0 * b1 - a1 * b0) * c2
        };
        let way = turn(corners[0], corners[1], corners[2]).signum();
        let inside = (0..3).all(|at| turn(corners[at], corners[(at + 1) % 3], vector) * way >= 0.0);
        prop_assert_eq!(Geometry::point(vector).intersects(&area), inside);
    }

    #[test]
    fn no_place_is_nearer_than_its_cells_say(center in any_point(), place in any_point()) {
        let near = near_document(&doc! { "$near": { "$geometry": { "type": "Point", "coordinates": [center.0, center.1] } } }).unwrap();
        let distance = near.distance((&bson!([place.0, place.1])).into()).unwrap();
        let mut cell = cell_of(Vector::from_degrees(place.0, place.1));
        loop {
            prop_assert!(near.least_distance(cell, None) <= distance + 1e-6);
            match cell.parent() {
                Some(parent) => cell = parent,
                None => break,
            }
        }
    }
}
