//! Places: GeoJSON on the sphere, legacy coordinates in the plane, and the cells that index them.
//!
//! | room | what it knows |
//! |---|---|
//! | `sphere` | unit vectors, arcs, loops: exact predicates and distances |
//! | `geometry` | points, lines and polygons of GeoJSON: within, intersects, distance |
//! | `plane` | boxes, polygons and circles of legacy coordinates |
//! | `parse` | GeoJSON (RFC 7946) and legacy pairs → shapes, with MongoDB's errors |
//! | `cell` | a quadtree over the sphere or a plane: cells of shapes, ranges of cells |
//! | `query` | `$geoWithin $geoIntersects $near $nearSphere` |

mod cell;
mod geometry;
mod parse;
mod plane;
mod query;
mod sphere;
#[cfg(test)]
mod tests;

pub(super) use cell::{Cell, Plane, covering};
pub(super) use parse::place_of;
pub(super) use query::{InPlane, Near, Region, near_document, region};

/// The server's radius of the earth, metres (its `kRadiusOfEarthInMeters`).
pub const EARTH_RADIUS: f64 = 6_378_100.0;
