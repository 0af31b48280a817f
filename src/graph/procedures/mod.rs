//! Procedures: what CALL finds by name.

mod schema;
mod table;

pub use table::Table;

use super::algorithms::{self, Algorithm};
use super::check;
use super::exec::Runtime;
use super::functions::Types;
use super::{Detail, Error, Result};
use crate::ast::graph::{ExprKind, ProcedureCall};
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

/// A procedure that CALL has found.
#[derive(Debug, Clone)]
pub enum Procedure {
    /// One of the program's.
    BuiltIn(&'static Definition),
    /// An algorithm that answers rows.
    Algorithm(&'static Algorithm),
    /// An algorithm whose answers are written into the graph.
    Writing(&'static Algorithm),
    /// One that stands in a table.
    Table(Arc<Table>),
}

/// The columns of an algorithm whose answers are written.
const WRITTEN: &[Field] = &[Field::new("written", Types::INTEGER), Field::new("propertiesSet", Types::INTEGER)];

impl Procedure {
    /// Its dotted name.
    pub fn name(&self) -> &str {
        match self {
            Procedure::BuiltIn(definition) => definition.name,
            Procedure::Algorithm(algorithm) | Procedure::Writing(algorithm) => algorithm.name,
            Procedure::Table(table) => &table.name,
        }
    }

    /// What it does, in a line; empty if that is not known.
    pub fn summary(&self) -> &'static str {
        match self {
            Procedure::BuiltIn(definition) => definition.summary,
            Procedure::Algorithm(algorithm) | Procedure::Writing(algorithm) => algorithm.summary,
            Procedure::Table(_) => "",
        }
    }

    /// Its arguments.
    pub fn inputs(&self) -> &[Field] {
        match self {
            Procedure::BuiltIn(definition) => definition.inputs,
            Procedure::Algorithm(algorithm) | Procedure::Writing(algorithm) => algorithm.inputs,
            Procedure::Table(table) => &table.inputs,
        }
    }

    /// Its columns.
    pub fn outputs(&self) -> &[Field] {
        match self {
            Procedure::BuiltIn(definition) => definition.outputs,
            Procedure::Algorithm(algorithm) => algorithm.outputs,
            Procedure::Writing(_) => WRITTEN,
            Procedure::Table(table) => &table.outputs,
        }
    }

    /// `READ`, or `WRITE` for those that can keep their answers in the graph.
    pub fn mode(&self) -> &'static str {
        match self {
            Procedure::Algorithm(algorithm) if algorithm.can_write() => "WRITE",
            Procedure::Writing(_) => "WRITE",
            _ => "READ",
        }
    }

    /// Its form, such as `db.labels() :: (label :: String)`.
    pub fn signature(&self) -> String {
        signature(self.name(), self.inputs(), self.outputs())
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
            Procedure::Algorithm(algorithm) => algorithm.call(rt, &arguments),
            Procedure::Writing(algorithm) => algorithm.write(rt, &arguments),
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
    /// The procedure that a call means: its name in any case, and whether its settings say `write`.
    pub fn find(&self, call: &ProcedureCall) -> Option<Procedure> {
        if let Some(table) = self.tables.get(&call.name.to_ascii_lowercase()) {
            return Some(Procedure::Table(table.clone()));
        }
        let found = all().find(|procedure| procedure.name().eq_ignore_ascii_case(&call.name))?;
        Some(match found {
            Procedure::Algorithm(algorithm) if algorithm.can_write() && may_write(call) => {
                Procedure::Writing(algorithm)
            }
            found => found,
        })
    }

    /// Adds a procedure that stands in a table, in the place of one of the same name.
    pub fn define(&mut self, table: Table) {
        self.tables.insert(table.name.to_ascii_lowercase(), Arc::new(table));
    }
}

/// Whether a call is one of an algorithm that writes: its settings say so in the statement itself, as the
/// columns depend on it.
pub fn may_write(call: &ProcedureCall) -> bool {
    let settings = call.args.iter().flatten().last();
    call.name.to_ascii_lowercase().starts_with("algo.")
        && settings.is_some_and(|settings| match &settings.kind {
            ExprKind::Map(entries) => {
                entries.iter().any(|(key, value)| key == algorithms::WRITE && !matches!(value.kind, ExprKind::Null))
            }
            _ => false,
        })
}

/// All procedures of the program, by name.
pub fn all() -> impl Iterator<Item = Procedure> {
    algorithms::ALL.iter().map(Procedure::Algorithm).chain(DEFINITIONS.iter().map(Procedure::BuiltIn))
}

static DEFINITIONS: &[Definition] = &[
    schema::CONSTRAINTS,
    schema::INDEXES,
    schema::LABELS,
    schema::PROPERTY_KEYS,
    schema::RELATIONSHIP_TYPES,
    schema::COUNTS,
    schema::FUNCTIONS,
    schema::PROCEDURES,
];
