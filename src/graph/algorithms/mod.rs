//! Graph algorithms: `CALL algo.name(arguments, {settings}) YIELD columns`.
//!
//! Each stands in a file of its own with its source and its cost. It walks a [`Projection`]: the mirror's
//! arrays themselves where the whole graph is wanted, a copy of the wanted part where settings choose one.
//! Rows come in a fixed order, so that the same graph gives the same answer. Every algorithm looks at the
//! interrupt within bounded work ([`Call::work`]); those that may answer without end stop at
//! `maxResults` ([`Call::check_count`]).

mod centrality;
mod community;
mod network;
mod paths;
mod projection;
mod settings;
mod structure;
mod visit;
mod write;

pub use settings::{Settings, WRITE};

use projection::{Projection, Reading, Step};

use super::eval::EvalContext;
use super::exec::Runtime;
use super::functions::Types;
use super::procedures::Field;
use super::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::cell::Cell;

/// The rows of an answer.
pub type Rows = Vec<Vec<Value>>;

/// An algorithm: its name, its arguments, its columns.
#[derive(Debug)]
pub struct Algorithm {
    /// The dotted name.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its arguments; the last one is the map of settings.
    pub inputs: &'static [Field],
    /// Its columns.
    pub outputs: &'static [Field],
    /// The settings it has beside those of every [`Projection`].
    pub settings: &'static [&'static str],
    run: fn(&Call<'_, '_>) -> Result<Rows>,
}

/// The argument that chooses the part of the graph, and how the algorithm goes about it.
const SETTINGS: Field = Field::optional("settings", Types::MAP);
/// The column of a node.
const NODE: Field = Field::new("node", Types::NODE);
/// The column of a relationship.
const RELATIONSHIP: Field = Field::new("relationship", Types::RELATIONSHIP);
/// The column of what a node is worth.
const SCORE: Field = Field::new("score", Types::FLOAT);
/// The argument of the node to begin at.
const START: Field = Field::new("start", Types::NODE);
/// The argument of the node to arrive at.
const END: Field = Field::new("end", Types::NODE);

impl Algorithm {
    /// Whether its answers belong to nodes or relationships, one each, and can be written there.
    pub fn can_write(&self) -> bool {
        let storable = |field: &Field| [Types::INTEGER, Types::FLOAT].contains(&field.types);
        matches!(self.outputs, [entity, answer, ..] if matches!(&*entity.name, "node" | "relationship") && storable(answer))
    }

    /// Its answers.
    ///
    /// # Errors
    /// Wrong settings, and its own.
    pub fn call(&self, rt: &Runtime<'_>, arguments: &[Value]) -> Result<Rows> {
        self.answers(rt, arguments, false)
    }

    fn answers(&self, rt: &Runtime<'_>, arguments: &[Value], writing: bool) -> Result<Rows> {
        let map = self.inputs.iter().position(|input| input.name == SETTINGS.name).and_then(|at| arguments.get(at));
        let settings = Settings::new(map.unwrap_or(&Value::Null), self)?;
        if !writing && settings.get(WRITE).is_some() {
            let message = format!("`{WRITE}` must stand in the call itself: the columns depend on it");
            let hint = format!("CALL {}({{{WRITE}: 'key'}})", self.name);
            return Err(Error::argument(Detail::InvalidArgumentValue, message).hint(hint));
        }
        (self.run)(&Call { rt, arguments, settings, done: Cell::new(0) })
    }

    /// Writes its answers as properties and tells how many there were, if the settings say so.
    ///
    /// # Errors
    /// As [`Algorithm::call`]; a property that cannot be set.
    pub fn write(&self, rt: &Runtime<'_>, arguments: &[Value]) -> Result<Rows> {
        write::run(self, rt, arguments)
    }
}

/// A call that is being answered.
pub struct Call<'c, 'r> {
    rt: &'c Runtime<'r>,
    arguments: &'c [Value],
    settings: Settings<'c>,
    /// Steps taken since the interrupt was last looked at.
    done: Cell<usize>,
}

/// So many steps are taken between looks at the interrupt.
const STEPS: usize = 1 << 14;

/// So many rows are answered at most by those that may answer without end, unless `maxResults` says otherwise.
const MAX_RESULTS: usize = 1_000_000;

impl<'c> Call<'c, '_> {
    /// The part of the graph that the settings choose, read in a direction unless they name one.
    fn project(&self, default: Reading) -> Result<Projection<'c>> {
        Projection::new(self.rt, &self.settings, self.settings.direction(default)?, false)
    }

    /// The part of the graph that the settings choose, read both ways whatever they say.
    fn undirected(&self) -> Result<Projection<'c>> {
        self.settings.direction(Reading::Both)?;
        Projection::new(self.rt, &self.settings, Reading::Both, false)
    }

    /// The same as [`Call::project`] as a copy: properties may be read while it lives.
    fn copy(&self, default: Reading) -> Result<Projection<'c>> {
        Projection::new(self.rt, &self.settings, self.settings.direction(default)?, true)
    }

    /// Counts steps; fails if the user has asked to stop.
    fn work(&self, steps: usize) -> Result<()> {
        let done = self.done.get() + steps;
        if done < STEPS {
            self.done.set(done);
            return Ok(());
        }
        self.done.set(0);
        self.rt.check_interrupt()
    }

    /// Fails if there are more answers than `maxResults`.
    fn check_count(&self, count: usize, what: &str) -> Result<()> {
        let most = self.settings.count("maxResults", MAX_RESULTS)?;
        if count <= most {
            return Ok(());
        }
        let message = format!("There are more than {most} {what}: the limit of this call");
        Err(Error::runtime(Kind::Limit, Detail::TooLarge, message)
            .hint(format!("raise it, as in {{maxResults: {}}}, or choose fewer nodes", most.saturating_mul(10))))
    }
}

/// A whole number as a value.
fn int(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Nodes with their scores, the greatest first, equal ones by id.
fn ranked(projection: &Projection<'_>, scores: Vec<f64>) -> Rows {
    let mut order: Vec<(u32, f64)> = (0..).zip(scores).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().map(|(place, score)| vec![projection.node(place), Value::Float(score)]).collect()
}

/// Each node with a value, by id.
fn by_node(projection: &Projection<'_>, values: impl IntoIterator<Item = Value>) -> Rows {
    (0..).zip(values).map(|(place, value)| vec![projection.node(place), value]).collect()
}

/// Each node with the number of its group. A group is named by the smallest id of its nodes.
fn grouped(projection: &Projection<'_>, groups: &[usize]) -> Rows {
    let mut names: Vec<Option<Value>> = vec![None; groups.iter().max().map_or(0, |most| most + 1)];
    let row = |(place, &group): (u32, &usize)| {
        let name = names[group].get_or_insert_with(|| int(projection.id(place) as usize)).clone();
        vec![projection.node(place), name]
    };
    (0..).zip(groups).map(row).collect()
}

/// All algorithms, by name.
pub static ALL: &[Algorithm] = &[
    paths::a_star::A_STAR,
    paths::all_pairs::ALL_PAIRS,
    paths::all_simple_paths::ALL_SIMPLE_PATHS,
    structure::articulation_points::ARTICULATION_POINTS,
    paths::bellman_ford::BELLMAN_FORD,
    centrality::betweenness::BETWEENNESS,
    paths::bfs::BFS,
    structure::bridges::BRIDGES,
    centrality::closeness::CLOSENESS,
    community::clustering::CLUSTERING,
    community::coloring::COLORING,
    structure::components::COMPONENTS,
    structure::cycles::CYCLES,
    centrality::degree::DEGREE,
    paths::dfs::DFS,
    paths::distances::DISTANCES,
    structure::dominators::DOMINATORS,
    centrality::eigenvector::EIGENVECTOR,
    centrality::hits::HITS,
    network::isomorphism::IS_ISOMORPHIC,
    paths::reachable::IS_REACHABLE,
    community::k_core::K_CORE,
    paths::k_shortest::K_SHORTEST_PATHS,
    centrality::katz::KATZ,
    community::label_propagation::LABEL_PROPAGATION,
    community::leiden::LEIDEN,
    community::louvain::LOUVAIN,
    network::matching::MATCHING,
    network::max_flow::MAX_FLOW,
    community::cliques::MAXIMAL_CLIQUES,
    network::min_cut::MIN_CUT,
    network::spanning_tree::MIN_SPANNING_TREE,
    community::similarity::NODE_SIMILARITY,
    centrality::page_rank::PAGE_RANK,
    paths::shortest_path::SHORTEST_PATH,
    network::steiner_tree::STEINER_TREE,
    structure::strong_components::STRONG_COMPONENTS,
    structure::topological_sort::TOPOLOGICAL_SORT,
    community::triangles::TRIANGLES,
];
