//! Whether two parts of the graph have the same form.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, Projection, Reading, Rows, Settings};
use crate::graph::eval::EvalContext;
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::graph::{Detail, Error, Kind};
use crate::value::graph::Value;
use petgraph::Graph;
use petgraph::algo::is_isomorphic_matching;
use petgraph::graph::NodeIndex;
use std::collections::BTreeMap;

/// VF2 (Cordella, Foggia, Sansone and Vento 2001; petgraph's `is_isomorphic_matching`). Parallel relationships
/// must be as many on both sides; labels, types and properties do not count. Exponential at worst; up to
/// 20,000 nodes.
pub const IS_ISOMORPHIC: Algorithm = Algorithm {
    name: "algo.isIsomorphic",
    summary: "Whether two parts of the graph, each chosen by settings, have the same form (VF2).",
    inputs: &[Field::new("first", Types::MAP), Field::new("second", Types::MAP)],
    outputs: &[Field::new("isomorphic", Types::BOOLEAN)],
    settings: &[],
    run,
};

/// petgraph keeps a bit for every two nodes.
const MAX_NODES: usize = 20_000;

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let forms = [form(call, 0)?, form(call, 1)?];
    let same = forms[0].profile == forms[1].profile && forms[0].reading == forms[1].reading && {
        if forms[0].profile.len() > MAX_NODES {
            let message = format!("algo.isIsomorphic takes at most {MAX_NODES} nodes, not {}", forms[0].profile.len());
            return Err(
                Error::runtime(Kind::Limit, Detail::TooLarge, message).hint("choose fewer nodes by label or labels")
            );
        }
        // Without a node that fits, the search is soon over.
        let fits = |a: &usize, b: &usize| a == b && call.rt.check_interrupt().is_ok();
        let same = is_isomorphic_matching(&forms[0].graph, &forms[1].graph, fits, |a, b| a == b);
        call.rt.check_interrupt()?;
        same
    };
    Ok(vec![vec![Value::Bool(same)]])
}

/// A part as petgraph wants it: a node weighs its number of steps, an edge how many relationships it stands for.
struct Form {
    graph: Graph<usize, usize>,
    reading: Reading,
    /// How many steps lead from and to each node, sorted: two forms that differ in that are not the same.
    profile: Vec<(usize, usize)>,
}

fn form(call: &Call<'_, '_>, argument: usize) -> Result<Form> {
    let settings = Settings::new(&call.arguments[argument], &IS_ISOMORPHIC)?;
    let projection = Projection::new(call.rt, &settings, settings.direction(Reading::Out)?, false)?;
    let mut graph = Graph::with_capacity(projection.len(), 0);
    let mut profile = Vec::with_capacity(projection.len());
    for place in projection.places() {
        call.work(1)?;
        graph.add_node(projection.degree(place));
        profile.push((projection.degree(place), projection.steps_back(place).count()));
    }
    for place in projection.places() {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for step in projection.steps(place) {
            call.work(1)?;
            *counts.entry(step.to).or_default() += 1;
        }
        for (to, count) in counts {
            graph.add_edge(NodeIndex::new(place as usize), NodeIndex::new(to as usize), count);
        }
    }
    profile.sort_unstable();
    Ok(Form { graph, reading: projection.reading(), profile })
}
