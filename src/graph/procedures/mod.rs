//! Procedures: what CALL finds by name.

mod centrality;
mod community;
mod components;
mod network;
mod paths;
mod projection;
mod schema;

use super::check;
use super::exec::Runtime;
use super::functions::Types;
use super::{Detail, Error, Result};
use crate::value::graph::Value;

/// An argument or a column of a procedure.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub types: Types,
    /// An argument that must be given.
    pub required: bool,
}

impl Field {
    /// A required argument, or a column.
    pub(super) const fn new(name: &'static str, types: Types) -> Self {
        Field { name, types, required: true }
    }

    /// An argument that may be left out.
    pub(super) const fn optional(name: &'static str, types: Types) -> Self {
        Field { name, types, required: false }
    }
}

/// How a procedure is carried out: arguments, filled up with nulls, to rows of its columns.
type Implementation = fn(&Runtime<'_>, &[Value]) -> Result<Vec<Vec<Value>>>;

/// A procedure: its name, its arguments, its columns.
#[derive(Debug)]
pub struct Procedure {
    /// The dotted name.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its arguments.
    pub inputs: &'static [Field],
    /// Its columns.
    pub outputs: &'static [Field],
    run: Implementation,
}

impl Procedure {
    /// Its form, such as `db.labels() :: (label :: String)`.
    pub fn signature(&self) -> String {
        let list = |fields: &[Field]| {
            let shown = fields.iter().map(|field| {
                let optional = if field.required { "" } else { " = null" };
                format!("{}{optional} :: {}", field.name, field.types.describe())
            });
            shown.collect::<Vec<_>>().join(", ")
        };
        format!("{}({}) :: ({})", self.name, list(self.inputs), list(self.outputs))
    }

    /// What the semantic check needs to know of it.
    pub fn shape(&self) -> check::Procedure {
        let input =
            |field: &Field| check::Input { name: field.name.to_owned(), types: field.types, required: field.required };
        let output = |field: &Field| check::Output { name: field.name.to_owned(), types: field.types };
        check::Procedure {
            inputs: self.inputs.iter().map(input).collect(),
            outputs: self.outputs.iter().map(output).collect(),
        }
    }

    /// Carries the procedure out.
    ///
    /// # Errors
    /// A wrong number of arguments, and its own.
    pub fn call(&self, rt: &Runtime<'_>, mut arguments: Vec<Value>) -> Result<Vec<Vec<Value>>> {
        let required = self.inputs.iter().filter(|input| input.required).count();
        if arguments.len() < required || arguments.len() > self.inputs.len() {
            return Err(Error::syntax(
                Detail::InvalidNumberOfArguments,
                format!("Procedure call does not provide the required number of arguments: got {}", arguments.len()),
            )
            .hint(self.signature()));
        }
        arguments.resize(self.inputs.len(), Value::Null);
        (self.run)(rt, &arguments)
    }
}

/// All procedures, by name.
pub static ALL: &[Procedure] = &[
    paths::ALL_SIMPLE_PATHS,
    components::ARTICULATION_POINTS,
    centrality::BETWEENNESS,
    paths::BFS,
    components::BRIDGES,
    centrality::CLOSENESS,
    community::COLORING,
    components::COMPONENTS,
    centrality::DEGREE,
    paths::DFS,
    paths::DISTANCES,
    paths::REACHABLE,
    community::LABEL_PROPAGATION,
    network::MAX_FLOW,
    network::SPANNING_TREE,
    community::SIMILARITY,
    centrality::PAGE_RANK,
    paths::SHORTEST_PATH,
    components::STRONG_COMPONENTS,
    components::TOPOLOGICAL_SORT,
    community::TRIANGLES,
    schema::INDEXES,
    schema::LABELS,
    schema::PROPERTY_KEYS,
    schema::RELATIONSHIP_TYPES,
    schema::COUNTS,
    schema::FUNCTIONS,
    schema::PROCEDURES,
];

/// The procedure of a name, in any case.
pub fn find(name: &str) -> Option<&'static Procedure> {
    ALL.iter().find(|procedure| procedure.name.eq_ignore_ascii_case(name))
}
