//! Colours that tell neighbours apart.

use crate::graph::algorithms::{Algorithm, NODE, SETTINGS, by_node, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use petgraph::algo::coloring::dsatur_coloring;

/// Brélaz (1979; petgraph's `dsatur_coloring`), read both ways: what has the most colours around it comes
/// next. Not always the fewest colours. O((V + E) log V).
pub const COLORING: Algorithm = Algorithm {
    name: "algo.coloring",
    summary: "A colour for each node, different from its neighbours' (DSatur).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("color", Types::INTEGER)],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let (colors, _) = dsatur_coloring(&projection);
        projection.check_stopped()?;
        let color = |place| int(colors.get(&place).copied().unwrap_or_default());
        Ok(by_node(&projection, projection.places().map(color)))
    },
};
