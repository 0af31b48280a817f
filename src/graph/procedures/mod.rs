//! Procedures: what CALL finds by name.

mod centrality;
mod community;
mod components;
mod network;
mod paths;
mod projection;
mod schema;
mod table;

pub use table::Table;

use super::check;
use super::exec::Runtime;
use super::functions::Types;
use super::{Detail, Error, Result};
use crate::value::graph::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An argument or a column of a procedure.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it may be.
    pub types: Types,
    /// An argument that must be given.
    pub required: bool,
}

impl Field {
    /// A required argument, or a column.
    pub(super) const fn new(name: &'static str, types: Types) -> Self {
        Field { name: Cow::Borrowed(name), types, required: true }
    }

    /// An argument that may be left out.
    pub(super) const fn optional(name: &'static str, types: Types) -> Self {
        Field { name: Cow::Borrowed(name), types, required: false }
    }
}

/// How a procedure is carried out: arguments, filled up with nulls, to rows of its columns.
type Implementation = fn(&Runtime<'_>, &[Value]) -> Result<Vec<Vec<Value>>>;

/// A procedure of the program: its name, its arguments, its columns.
#[derive(Debug)]
pub struct Definition {
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

impl Definition {
    /// `READ`, or `WRITE` for those that can keep their answers in the graph.
    pub fn mode(&self) -> &'static str {
        if self.name.starts_with("algo.") { "WRITE" } else { "READ" }
    }

    /// Its form, such as `db.labels() :: (label :: String)`.
    pub fn signature(&self) -> String {
        signature(self.name, self.inputs, self.outputs)
    }
}

/// A procedure that CALL has found.
#[derive(Debug, Clone)]
pub enum Procedure {
    /// One of the program's.
    BuiltIn(&'static Definition),
    /// One that stands in a table.
    Table(Arc<Table>),
}

impl Procedure {
    /// Its dotted name.
    pub fn name(&self) -> &str {
        match self {
            Procedure::BuiltIn(definition) => definition.name,
            Procedure::Table(table) => &table.name,
        }
    }

    /// Its arguments.
    pub fn inputs(&self) -> &[Field] {
        match self {
            Procedure::BuiltIn(definition) => definition.inputs,
            Procedure::Table(table) => &table.inputs,
        }
    }

    /// Its columns.
    pub fn outputs(&self) -> &[Field] {
        match self {
            Procedure::BuiltIn(definition) => definition.outputs,
            Procedure::Table(table) => &table.outputs,
        }
    }

    /// What the semantic check needs to know of it.
    pub fn shape(&self) -> check::Procedure {
        let input =
            |field: &Field| check::Input { name: field.name.to_string(), types: field.types, required: field.required };
        let output = |field: &Field| check::Output { name: field.name.to_string(), types: field.types };
        check::Procedure {
            inputs: self.inputs().iter().map(input).collect(),
            outputs: self.outputs().iter().map(output).collect(),
        }
    }

    /// Carries the procedure out.
    ///
    /// # Errors
    /// A wrong number of arguments, and its own.
    pub fn call(&self, rt: &Runtime<'_>, mut arguments: Vec<Value>) -> Result<Vec<Vec<Value>>> {
        let inputs = self.inputs();
        let required = inputs.iter().filter(|input| input.required).count();
        if arguments.len() < required || arguments.len() > inputs.len() {
            return Err(Error::syntax(
                Detail::InvalidNumberOfArguments,
                format!("Procedure call does not provide the required number of arguments: got {}", arguments.len()),
            )
            .hint(signature(self.name(), inputs, self.outputs())));
        }
        arguments.resize(inputs.len(), Value::Null);
        match self {
            Procedure::BuiltIn(definition) => (definition.run)(rt, &arguments),
            Procedure::Table(table) => Ok(table.rows_for(&arguments)),
        }
    }
}

/// The form of a procedure, such as `db.labels() :: (label :: String)`.
fn signature(name: &str, inputs: &[Field], outputs: &[Field]) -> String {
    let list = |fields: &[Field]| {
        let shown = fields.iter().map(|field| {
            let optional = if field.required { "" } else { " = null" };
            format!("{}{optional} :: {}", field.name, field.types.describe())
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    format!("{name}({}) :: ({})", list(inputs), list(outputs))
}

/// The procedures of a session: the program's, and those that were defined by a table.
#[derive(Debug, Default)]
pub struct Procedures {
    tables: BTreeMap<String, Arc<Table>>,
}

impl Procedures {
    /// The procedure of a name, in any case.
    pub fn find(&self, name: &str) -> Option<Procedure> {
        if let Some(table) = self.tables.get(&name.to_ascii_lowercase()) {
            return Some(Procedure::Table(table.clone()));
        }
        ALL.iter().find(|procedure| procedure.name.eq_ignore_ascii_case(name)).map(Procedure::BuiltIn)
    }

    /// Adds a procedure that stands in a table, in the place of one of the same name.
    pub fn define(&mut self, table: Table) {
        self.tables.insert(table.name.to_ascii_lowercase(), Arc::new(table));
    }
}

/// All procedures, by name.
pub static ALL: &[Definition] = &[
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
    schema::CONSTRAINTS,
    schema::INDEXES,
    schema::LABELS,
    schema::PROPERTY_KEYS,
    schema::RELATIONSHIP_TYPES,
    schema::COUNTS,
    schema::FUNCTIONS,
    schema::PROCEDURES,
];
