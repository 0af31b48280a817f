//! Trees, flows, pairs, and graphs that are the same.

mod flow;
pub mod isomorphism;
pub mod matching;
pub mod max_flow;
pub mod min_cut;
pub mod spanning_tree;
pub mod steiner_tree;
