//! Which nodes matter.

pub mod betweenness;
pub mod closeness;
pub mod degree;
pub mod eigenvector;
pub mod hits;
pub mod katz;
pub mod page_rank;
mod power;
