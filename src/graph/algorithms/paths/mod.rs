//! Walks, cheapest paths, and all paths.

pub mod a_star;
pub mod all_pairs;
pub mod all_simple_paths;
pub mod bellman_ford;
pub mod bfs;
pub mod dfs;
pub mod distances;
pub mod k_shortest;
pub mod reachable;
pub mod search;
pub mod shortest_path;
