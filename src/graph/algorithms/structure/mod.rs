//! What hangs together, what holds it together, and what goes in circles.

pub mod articulation_points;
pub mod bridges;
pub mod components;
pub mod cycles;
pub mod dominators;
mod lowlink;
pub mod strong_components;
pub mod topological_sort;
