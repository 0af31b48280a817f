//! Entities as replies hold them: with all they hold.

use super::Runtime;
use crate::graph::Result;
use crate::graph::store::{self, NodeRecord, RelationshipRecord, TokenKind};
use crate::value::graph::{Entity, Node, Relationship, Value};
use std::collections::BTreeMap;

impl Runtime<'_> {
    /// A value as replies hold it: entities with all they hold.
    pub fn reply_value(&self, value: Value) -> Result<Value> {
        Ok(match value {
            Value::Node(id) => Value::Entity(Box::new(Entity::Node(self.reply_node(id)?))),
            Value::Relationship(id) => Value::Entity(Box::new(Entity::Relationship(self.reply_relationship(id)?))),
            Value::Path(ids) => Value::Entity(Box::new(Entity::Path {
                nodes: ids.nodes.iter().map(|&id| self.reply_node(id)).collect::<Result<_>>()?,
                relationships: ids
                    .relationships
                    .iter()
                    .map(|&id| self.reply_relationship(id))
                    .collect::<Result<_>>()?,
            })),
            Value::List(items) => {
                Value::List(items.into_iter().map(|item| self.reply_value(item)).collect::<Result<_>>()?)
            }
            Value::Map(entries) => Value::Map(
                entries.into_iter().map(|(key, item)| Ok((key, self.reply_value(item)?))).collect::<Result<_>>()?,
            ),
            other => other,
        })
    }

    /// A deleted node is shown without labels and properties.
    fn reply_node(&self, id: u64) -> Result<Node> {
        let Some(row) = self.row((true, id))? else {
            return Ok(Node { id, labels: Vec::new(), properties: BTreeMap::new() });
        };
        let record = NodeRecord::decode(&row)?;
        let labels = record.labels.iter().map(|&label| Ok(self.token_name(TokenKind::Label, label)?.to_string()));
        Ok(Node { id, labels: labels.collect::<Result<_>>()?, properties: self.named(record.properties)? })
    }

    fn reply_relationship(&self, id: u64) -> Result<Relationship> {
        let ends = self.relationship_ends(id)?;
        let properties = match self.row((false, id))? {
            Some(row) => self.named(RelationshipRecord::decode(&row)?.properties)?,
            None => BTreeMap::new(),
        };
        let kind = self.token_name(TokenKind::Type, ends.kind)?.to_string();
        Ok(Relationship { id, kind, start: ends.source, end: ends.target, properties })
    }

    pub(super) fn named(&self, properties: store::Properties) -> Result<BTreeMap<String, Value>> {
        properties
            .into_iter()
            .map(|(key, value)| Ok((self.token_name(TokenKind::Key, key)?.to_string(), value)))
            .collect()
    }
}
