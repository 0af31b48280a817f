//! `db.*` and `dbms.*`: what there is in the graph and in the program.

use super::{Definition, Field, Procedure, all};
use crate::graph::Result;
use crate::graph::exec::Runtime;
use crate::graph::functions::{self, Types};
use crate::graph::schema::{constraint_rows, index_rows};
use crate::graph::store::{Counted, TokenKind};
use crate::value::graph::Value;

pub(super) const LABELS: Definition = Definition {
    name: "db.labels",
    summary: "All labels in use.",
    inputs: &[],
    outputs: &[Field::new("label", Types::STRING)],
    run: |rt, _| in_use(rt, TokenKind::Label),
};

pub(super) const RELATIONSHIP_TYPES: Definition = Definition {
    name: "db.relationshipTypes",
    summary: "All relationship types in use.",
    inputs: &[],
    outputs: &[Field::new("relationshipType", Types::STRING)],
    run: |rt, _| in_use(rt, TokenKind::Type),
};

pub(super) const PROPERTY_KEYS: Definition = Definition {
    name: "db.propertyKeys",
    summary: "All property keys ever used.",
    inputs: &[],
    outputs: &[Field::new("propertyKey", Types::STRING)],
    run: |rt, _| Ok(rt.all_tokens(TokenKind::Key)?.into_iter().map(|(name, _)| vec![Value::string(name)]).collect()),
};

pub(super) const INDEXES: Definition = Definition {
    name: "db.indexes",
    summary: "All property indexes.",
    inputs: &[],
    outputs: &[
        Field::new("name", Types::STRING),
        Field::new("state", Types::STRING),
        Field::new("type", Types::STRING),
        Field::new("entityType", Types::STRING),
        Field::new("labelsOrTypes", Types::LIST),
        Field::new("properties", Types::LIST),
        Field::new("owningConstraint", Types::STRING),
        Field::new("id", Types::INTEGER),
        Field::new("populationPercent", Types::FLOAT),
        Field::new("entries", Types::INTEGER),
        Field::new("distinctValues", Types::INTEGER),
    ],
    run: |rt, _| rt.with_tx(index_rows),
};

pub(super) const CONSTRAINTS: Definition = Definition {
    name: "db.constraints",
    summary: "All constraints.",
    inputs: &[],
    outputs: &[
        Field::new("name", Types::STRING),
        Field::new("type", Types::STRING),
        Field::new("entityType", Types::STRING),
        Field::new("labelsOrTypes", Types::LIST),
        Field::new("properties", Types::LIST),
        Field::new("ownedIndex", Types::STRING),
        Field::new("propertyType", Types::STRING),
    ],
    run: |rt, _| rt.with_tx(constraint_rows),
};

pub(super) const PROCEDURES: Definition = Definition {
    name: "dbms.procedures",
    summary: "All procedures.",
    inputs: &[],
    outputs: &[
        Field::new("name", Types::STRING),
        Field::new("signature", Types::STRING),
        Field::new("description", Types::STRING),
        Field::new("mode", Types::STRING),
    ],
    run: |_, _| {
        let row = |procedure: Procedure| {
            vec![
                Value::string(procedure.name()),
                Value::string(procedure.signature()),
                Value::string(procedure.summary()),
                Value::string(procedure.mode()),
            ]
        };
        Ok(all().map(row).collect())
    },
};

pub(super) const FUNCTIONS: Definition = Definition {
    name: "dbms.functions",
    summary: "All functions.",
    inputs: &[],
    outputs: &[
        Field::new("name", Types::STRING),
        Field::new("category", Types::STRING),
        Field::new("signature", Types::STRING),
        Field::new("aggregating", Types::BOOLEAN),
    ],
    run: |_, _| {
        let row = |function: &functions::Signature| {
            vec![
                Value::string(function.name),
                Value::string(function.group.name()),
                Value::string(function.describe()),
                Value::Bool(function.aggregate.is_some()),
            ]
        };
        Ok(functions::all().map(row).collect())
    },
};

pub(super) const COUNTS: Definition = Definition {
    name: "db.stats",
    summary: "Counts of nodes and relationships, in all and by label and type.",
    inputs: &[],
    outputs: &[
        Field::new("kind", Types::STRING),
        Field::new("name", Types::STRING),
        Field::new("count", Types::INTEGER),
    ],
    run: |rt, _| {
        let mut rows = Vec::new();
        let mut row = |kind: &str, name: Value, count: u64| {
            rows.push(vec![Value::string(kind), name, Value::Int(i64::try_from(count).unwrap_or(i64::MAX))]);
        };
        row("node", Value::Null, rt.count(Counted::Nodes)?);
        for (name, id) in rt.all_tokens(TokenKind::Label)? {
            row("node", Value::string(name), rt.count(Counted::Label(id))?);
        }
        row("relationship", Value::Null, rt.count(Counted::Relationships)?);
        for (name, id) in rt.all_tokens(TokenKind::Type)? {
            row("relationship", Value::string(name), rt.count(Counted::Type(id))?);
        }
        Ok(rows)
    },
};

/// Names that some node or relationship bears.
fn in_use(rt: &Runtime<'_>, kind: TokenKind) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    for (name, id) in rt.all_tokens(kind)? {
        let what = if kind == TokenKind::Label { Counted::Label(id) } else { Counted::Type(id) };
        if rt.count(what)? > 0 {
            rows.push(vec![Value::string(name)]);
        }
    }
    Ok(rows)
}
