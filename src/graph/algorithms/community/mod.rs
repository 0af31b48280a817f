//! Groups, triangles, likeness, colours.

pub mod cliques;
pub mod clustering;
pub mod coloring;
pub mod k_core;
pub mod label_propagation;
pub mod leiden;
pub mod louvain;
mod modularity;
pub mod similarity;
pub mod triangles;
