//! Rows of nodes and relationships: how they are packed and how one property is found in them without
//! unpacking the others.

use super::varint::{self, Reader, damaged};
use crate::storage::Result;
use crate::value::graph::Value;
use crate::value::graph_bytes;

/// Properties by key id, in the order they were first set.
pub type Properties = Vec<(u32, Value)>;

/// A node's row, unpacked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeRecord {
    /// Label ids, in the order they were given.
    pub labels: Vec<u32>,
    /// Its properties.
    pub properties: Properties,
}

/// What joins what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoints {
    /// The node it leaves.
    pub source: u64,
    /// The node it enters.
    pub target: u64,
    /// Its type.
    pub kind: u32,
}

/// A relationship's row, unpacked.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipRecord {
    /// What it joins.
    pub ends: Endpoints,
    /// Its properties.
    pub properties: Properties,
}

impl NodeRecord {
    /// Packs the row.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        varint::push(&mut out, self.labels.len() as u64);
        for &label in &self.labels {
            varint::push(&mut out, u64::from(label));
        }
        push_properties(&mut out, &self.properties);
        out
    }

    /// Unpacks a row.
    pub fn decode(row: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(row);
        let labels = read_labels(&mut reader)?;
        Ok(NodeRecord { labels, properties: read_properties(&mut reader)? })
    }
}

/// The labels of a node's row.
pub fn node_labels(row: &[u8]) -> Result<Vec<u32>> {
    read_labels(&mut Reader::new(row))
}

/// Whether a node's row has a label.
pub fn node_has_label(row: &[u8], label: u32) -> Result<bool> {
    let mut reader = Reader::new(row);
    for _ in 0..reader.number()? {
        if reader.token()? == label {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One property of a node's row.
pub fn node_property(row: &[u8], key: u32) -> Result<Option<Value>> {
    let mut reader = Reader::new(row);
    for _ in 0..reader.number()? {
        reader.number()?;
    }
    find_property(&mut reader, key)
}

impl RelationshipRecord {
    /// Packs the row.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16);
        varint::push(&mut out, self.ends.source);
        varint::push(&mut out, self.ends.target);
        varint::push(&mut out, u64::from(self.ends.kind));
        push_properties(&mut out, &self.properties);
        out
    }

    /// Unpacks a row.
    pub fn decode(row: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(row);
        let ends = read_ends(&mut reader)?;
        Ok(RelationshipRecord { ends, properties: read_properties(&mut reader)? })
    }
}

/// The ends and the type of a relationship's row.
pub fn relationship_ends(row: &[u8]) -> Result<Endpoints> {
    read_ends(&mut Reader::new(row))
}

/// One property of a relationship's row.
pub fn relationship_property(row: &[u8], key: u32) -> Result<Option<Value>> {
    let mut reader = Reader::new(row);
    read_ends(&mut reader)?;
    find_property(&mut reader, key)
}

fn read_labels(reader: &mut Reader<'_>) -> Result<Vec<u32>> {
    (0..reader.number()?).map(|_| reader.token()).collect()
}

fn read_ends(reader: &mut Reader<'_>) -> Result<Endpoints> {
    Ok(Endpoints { source: reader.number()?, target: reader.number()?, kind: reader.token()? })
}

fn push_properties(out: &mut Vec<u8>, properties: &Properties) {
    varint::push(out, properties.len() as u64);
    let mut bytes = Vec::new();
    for (key, property) in properties {
        bytes.clear();
        // What cannot be stored was refused before; a null is never stored either.
        if graph_bytes::encode(property, &mut bytes).is_err() {
            bytes.clear();
            bytes.push(0);
        }
        varint::push(out, u64::from(*key));
        varint::push(out, bytes.len() as u64);
        out.extend_from_slice(&bytes);
    }
}

fn read_properties(reader: &mut Reader<'_>) -> Result<Properties> {
    let count = reader.number()?;
    let mut properties = Vec::new();
    for _ in 0..count {
        let key = reader.token()?;
        let length = reader.number()?;
        properties.push((key, read_value(reader.bytes(length)?)?));
    }
    Ok(properties)
}

fn read_value(mut bytes: &[u8]) -> Result<Value> {
    graph_bytes::decode(&mut bytes).map_err(|_| damaged())
}

fn find_property(reader: &mut Reader<'_>, key: u32) -> Result<Option<Value>> {
    for _ in 0..reader.number()? {
        let found = reader.token()?;
        let length = reader.number()?;
        let bytes = reader.bytes(length)?;
        if found == key {
            return read_value(bytes).map(Some);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_single_properties_are_found() {
        let properties = vec![
            (3, Value::Int(-7)),
            (9, Value::String("café".into())),
            (4, Value::List(vec![Value::Bool(true), Value::Float(0.5)])),
        ];
        let node = NodeRecord { labels: vec![5, 1], properties: properties.clone() };
        let row = node.encode();
        assert_eq!(NodeRecord::decode(&row).unwrap(), node);
        assert!(node_has_label(&row, 1).unwrap() && !node_has_label(&row, 2).unwrap());
        assert_eq!(node_property(&row, 9).unwrap(), Some(Value::String("café".into())));
        assert_eq!(node_property(&row, 8).unwrap(), None);
        let ends = Endpoints { source: 1, target: 300, kind: 2 };
        let row = RelationshipRecord { ends, properties }.encode();
        assert_eq!(relationship_ends(&row).unwrap(), ends);
        assert_eq!(relationship_property(&row, 3).unwrap(), Some(Value::Int(-7)));
        for end in 0..row.len() {
            assert!(RelationshipRecord::decode(&row[..end]).is_err(), "cut rows are refused");
        }
    }
}
