//! What constraints ask, looked at when a statement ends: what broke one while it ran may have been mended.

use super::Runtime;
use super::changes::Changes;
use crate::ast::graph::Rule;
use crate::graph::eval::belongs_to;
use crate::graph::store::{self, Constraint, NodeRecord, RelationshipRecord, TokenKind};
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::{Value, float_text};

impl Runtime<'_> {
    /// Fails if a constraint is broken in the end: by entities that broke one while the statement ran.
    pub(super) fn check_constraints(&self, changes: &Changes) -> Result<()> {
        let schema = self.schema.borrow();
        for &(on_relationships, id) in &changes.doubtful {
            let (tokens, properties) = if on_relationships {
                let Some(row) = self.read(|tx| store::pages::row(tx, self.database, id))? else { continue };
                let record = RelationshipRecord::decode(&row)?;
                (vec![record.ends.kind], record.properties)
            } else {
                let Some(row) = self.read(|tx| store::node_row(tx, self.database, id))? else { continue };
                let record = NodeRecord::decode(&row)?;
                (record.labels, record.properties)
            };
            for constraint in &schema.constraints {
                if constraint.on_relationships == on_relationships
                    && tokens.contains(&constraint.token)
                    && let Some(key) = constraint.broken_by(&properties, belongs_to)
                {
                    let value = properties.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
                    return Err(self.broken(constraint, id, key, value)?);
                }
            }
        }
        for (index, key) in &changes.doubled {
            let Some(index) = schema.indexes.iter().find(|one| one.id == *index) else { continue };
            let holders = self.read(|tx| index.holders(tx, key, 2))?;
            if let [first, _] = holders.as_slice()
                && let Some(constraint) = schema.constraints.iter().find(|one| one.index == Some(index.id))
            {
                return Err(self.doubled(constraint, *first)?);
            }
        }
        Ok(())
    }

    /// `Node(5) with label `Person` must have the property `name``
    fn broken(&self, constraint: &Constraint, id: u64, key: u32, value: Option<&Value>) -> Result<Error> {
        let described = self.described(constraint, id)?;
        let key = self.token_name(TokenKind::Key, key)?;
        let message = match (&constraint.rule, value) {
            (Rule::Type(wanted), Some(value)) => {
                format!(
                    "{described} must have the property `{key}` of type {wanted}, not of type {}",
                    value.type_name()
                )
            }
            _ => format!("{described} must have the property `{key}`"),
        };
        let error = Error::runtime(Kind::ConstraintValidation, Detail::CreateBlockedByConstraint, message);
        Ok(error.hint(format!("the constraint `{}` asks for it", constraint.name)))
    }

    /// `Node(0) already exists with label `Person` and property `name` = 'Ann'`
    fn doubled(&self, constraint: &Constraint, id: u64) -> Result<Error> {
        let properties = if constraint.on_relationships {
            self.relationship_record(id)?.properties
        } else {
            self.node_record(id)?.properties
        };
        let kind = if constraint.on_relationships { TokenKind::Type } else { TokenKind::Label };
        let token = self.token_name(kind, constraint.token)?;
        let mut shown = Vec::new();
        for &key in &constraint.keys {
            let value = properties.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
            let key = self.token_name(TokenKind::Key, key)?;
            shown.push(format!("`{key}` = {}", value.map_or_else(|| "null".to_owned(), quoted)));
        }
        let (what, of) = if constraint.on_relationships { ("Relationship", "type") } else { ("Node", "label") };
        let properties = if shown.len() == 1 { "property" } else { "properties" };
        let message = format!("{what}({id}) already exists with {of} `{token}` and {properties} {}", shown.join(", "));
        let error = Error::runtime(Kind::ConstraintValidation, Detail::CreateBlockedByConstraint, message);
        Ok(error.hint(format!("the constraint `{}` keeps them apart; MERGE finds what is there", constraint.name)))
    }

    /// `Node(5) with label `Person``
    fn described(&self, constraint: &Constraint, id: u64) -> Result<String> {
        Ok(if constraint.on_relationships {
            format!("Relationship({id}) with type `{}`", self.token_name(TokenKind::Type, constraint.token)?)
        } else {
            format!("Node({id}) with label `{}`", self.token_name(TokenKind::Label, constraint.token)?)
        })
    }
}

/// A value in a message.
fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float_text(*number),
        Value::Bool(truth) => truth.to_string(),
        Value::Temporal(temporal) => temporal.to_string(),
        Value::Point(point) => point.to_string(),
        other => format!("a {}", other.type_name()),
    }
}
