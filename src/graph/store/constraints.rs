//! Constraints: their definitions, and what they ask of a node or relationship.
//!
//! A definition is a row of `meta`: `gcon\0`, database, name → rule, kind, label or type id, index id (or
//! 0), count, key ids, and of a type rule the type. Uniqueness stands on an index of the same name.

use super::layout::meta_key;
use super::record::Properties;
use super::varint::{self, Reader, damaged};
use crate::ast::graph::{Rule, TypeName};
use crate::storage::{Direction, KeyRange, META, Read, Result, Write};
use crate::value::graph::Value;
use std::ops::ControlFlow;

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its name.
    pub name: String,
    /// On relationships of a type, not on nodes of a label.
    pub on_relationships: bool,
    /// The label or type.
    pub token: u32,
    /// The property keys, in order.
    pub keys: Vec<u32>,
    /// What it asks for.
    pub rule: Rule,
    /// The index that uniqueness stands on.
    pub index: Option<u32>,
}

/// All constraints of a database, by name.
pub fn all(tx: &dyn Read, database: u32) -> Result<Vec<Constraint>> {
    let prefix = meta_key("gcon", database, b"");
    let mut all = Vec::new();
    tx.scan(META, &KeyRange::prefix(&prefix), Direction::Forward, &mut |key, row| {
        let mut reader = Reader::new(row);
        let (rule, on_relationships, token) = (reader.byte()?, reader.byte()? == 1, reader.token()?);
        let index = Some(reader.token()?).filter(|&index| index != 0);
        let keys = (0..reader.number()?).map(|_| reader.token()).collect::<Result<_>>()?;
        let rule = match rule {
            b'u' => Rule::Unique,
            b'e' => Rule::Exists,
            b'k' => Rule::Key,
            b't' => Rule::Type(read_type(&mut reader, 0)?),
            _ => return Err(damaged()),
        };
        let name = String::from_utf8_lossy(&key[prefix.len()..]).into_owned();
        all.push(Constraint { name, on_relationships, token, keys, rule, index });
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Writes a definition.
pub fn define(tx: &mut dyn Write, database: u32, constraint: &Constraint) -> Result<()> {
    let rule = match constraint.rule {
        Rule::Unique => b'u',
        Rule::Exists => b'e',
        Rule::Key => b'k',
        Rule::Type(_) => b't',
    };
    let mut row = vec![rule, u8::from(constraint.on_relationships)];
    varint::push(&mut row, u64::from(constraint.token));
    varint::push(&mut row, u64::from(constraint.index.unwrap_or(0)));
    varint::push(&mut row, constraint.keys.len() as u64);
    for &key in &constraint.keys {
        varint::push(&mut row, u64::from(key));
    }
    if let Rule::Type(wanted) = &constraint.rule {
        push_type(&mut row, wanted);
    }
    tx.put(META, &meta_key("gcon", database, constraint.name.as_bytes()), &row)
}

/// Removes a definition.
pub fn remove(tx: &mut dyn Write, database: u32, name: &str) -> Result<()> {
    tx.delete(META, &meta_key("gcon", database, name.as_bytes()))
}

impl Constraint {
    /// The key of the first property that is missing or, for a type rule, of the wrong type; `None` if
    /// the rule is kept, uniqueness aside.
    pub fn broken_by(&self, properties: &Properties, belongs: fn(&Value, &TypeName) -> bool) -> Option<u32> {
        let property = |key: u32| properties.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
        self.keys.iter().copied().find(|&key| match &self.rule {
            Rule::Unique => false,
            Rule::Exists | Rule::Key => property(key).is_none(),
            Rule::Type(wanted) => property(key).is_some_and(|value| !belongs(value, wanted)),
        })
    }

    /// Whether no two may have the same values.
    pub fn is_unique(&self) -> bool {
        matches!(self.rule, Rule::Unique | Rule::Key)
    }
}

/// Types of one byte; composed ones are `L` list, `U` union, `!` not null, each before its parts.
const SIMPLE: [(u8, TypeName); 19] = [
    (b'a', TypeName::Any),
    (b'0', TypeName::Nothing),
    (b'n', TypeName::Null),
    (b'b', TypeName::Boolean),
    (b's', TypeName::String),
    (b'i', TypeName::Integer),
    (b'f', TypeName::Float),
    (b'd', TypeName::Date),
    (b't', TypeName::LocalTime),
    (b'T', TypeName::ZonedTime),
    (b'm', TypeName::LocalDateTime),
    (b'M', TypeName::ZonedDateTime),
    (b'p', TypeName::Duration),
    (b'x', TypeName::Point),
    (b'N', TypeName::Node),
    (b'R', TypeName::Relationship),
    (b'P', TypeName::Path),
    (b'{', TypeName::Map),
    (b'v', TypeName::PropertyValue),
];

fn push_type(out: &mut Vec<u8>, wanted: &TypeName) {
    match wanted {
        TypeName::List(element) => {
            out.push(b'L');
            push_type(out, element);
        }
        TypeName::Union(parts) => {
            out.push(b'U');
            varint::push(out, parts.len() as u64);
            parts.iter().for_each(|part| push_type(out, part));
        }
        TypeName::NotNull(inner) => {
            out.push(b'!');
            push_type(out, inner);
        }
        simple => out.extend(SIMPLE.iter().find(|(_, known)| known == simple).map(|(byte, _)| *byte)),
    }
}

fn read_type(reader: &mut Reader<'_>, depth: usize) -> Result<TypeName> {
    if depth > 100 {
        return Err(damaged());
    }
    Ok(match reader.byte()? {
        b'L' => TypeName::List(Box::new(read_type(reader, depth + 1)?)),
        b'U' => {
            let count = reader.number()?;
            TypeName::Union((0..count).map(|_| read_type(reader, depth + 1)).collect::<Result<_>>()?)
        }
        b'!' => TypeName::NotNull(Box::new(read_type(reader, depth + 1)?)),
        byte => SIMPLE.iter().find(|(known, _)| *known == byte).map(|(_, name)| name.clone()).ok_or_else(damaged)?,
    })
}
