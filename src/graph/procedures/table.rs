//! Procedures that stand in a table: rows of inputs with the outputs they give.

use super::Field;
use crate::ast::graph::{Signature, TypeName};
use crate::graph::functions::Types;
use crate::value::graph::{Value, equivalent};
use std::borrow::Cow;

/// A procedure by its table.
#[derive(Debug)]
pub struct Table {
    /// The dotted name.
    pub name: String,
    /// Its arguments.
    pub inputs: Vec<Field>,
    /// Its columns.
    pub outputs: Vec<Field>,
    /// Inputs, then outputs.
    rows: Vec<Vec<Value>>,
}

impl Table {
    /// A procedure of this form; each row holds its inputs, then its outputs.
    pub fn new(signature: Signature, rows: Vec<Vec<Value>>) -> Self {
        let field = |(name, wanted): (String, TypeName)| Field {
            name: Cow::Owned(name),
            types: types(&wanted),
            required: true,
        };
        Table {
            name: signature.name,
            inputs: signature.inputs.into_iter().map(field).collect(),
            outputs: signature.outputs.into_iter().map(field).collect(),
            rows,
        }
    }

    /// The outputs of the rows whose inputs are these.
    pub(super) fn rows_for(&self, arguments: &[Value]) -> Vec<Vec<Value>> {
        let count = self.inputs.len();
        let fits = |row: &&Vec<Value>| row.iter().take(count).zip(arguments).all(|(a, b)| equivalent(a, b));
        self.rows.iter().filter(fits).map(|row| row.iter().skip(count).cloned().collect()).collect()
    }
}

/// What an argument of a type may be; numbers are taken for one another.
fn types(wanted: &TypeName) -> Types {
    match wanted {
        TypeName::Boolean => Types::BOOLEAN,
        TypeName::Integer | TypeName::Float => Types::NUMBER,
        TypeName::String => Types::STRING,
        TypeName::Date => Types::DATE,
        TypeName::LocalTime => Types::LOCAL_TIME,
        TypeName::ZonedTime => Types::TIME,
        TypeName::LocalDateTime => Types::LOCAL_DATE_TIME,
        TypeName::ZonedDateTime => Types::DATE_TIME,
        TypeName::Duration => Types::DURATION,
        TypeName::Point => Types::POINT,
        TypeName::Node => Types::NODE,
        TypeName::Relationship => Types::RELATIONSHIP,
        TypeName::Path => Types::PATH,
        TypeName::Map => Types::MAP,
        TypeName::List(_) => Types::LIST,
        TypeName::NotNull(inner) => types(inner),
        TypeName::Union(parts) => parts.iter().map(types).reduce(Types::or).unwrap_or(Types::ANY),
        TypeName::Any | TypeName::Nothing | TypeName::Null | TypeName::PropertyValue => Types::ANY,
    }
}
