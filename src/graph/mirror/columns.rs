//! Columns: one property of all nodes or relationships, in an array of its type.

use super::Of;
use super::topology::Topology;
use crate::graph::Result;
use crate::graph::store::{Counted, layout, pages, record, statistics};
use crate::storage::{Direction, KeyRange, Read};
use crate::value::graph::Value;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// No string.
const NONE: u32 = u32::MAX;

/// The values of a property.
#[derive(Debug)]
pub struct Column {
    /// The id of the first place, of relationships.
    first: u64,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// Nothing but nulls so far.
    Nothing,
    /// Integers of 16 bits; the least one stands for null.
    Tiny(Vec<i16>),
    /// Integers of 32 bits; the least one stands for null.
    Small(Vec<i32>),
    /// Integers; a special one stands for null.
    Ints(Vec<i64>),
    /// Floats; a special NaN stands for null.
    Floats(Vec<f64>),
    /// Places in a list of different strings.
    Strings(Vec<u32>, Vec<Arc<str>>),
    /// Values of several kinds.
    Mixed(Vec<Value>),
}

/// The integer that stands for null; a column that holds it as a value is of the mixed kind.
const NULL_INT: i64 = i64::MIN + 0x5_eed0_0001;

/// The NaN that stands for null: a bit pattern that no computation gives.
const NULL_FLOAT: u64 = 0x7ff8_dead_beef_0001;

impl Column {
    /// Reads the column of a key; `None` if the ids are too scattered for an array.
    pub fn read(tx: &dyn Read, database: u32, topology: &Topology, of: Of, key: u32) -> Result<Option<Self>> {
        let mut filling = Filling { count: topology.bound(), values: Values::Nothing, known: HashMap::new() };
        if of == Of::Nodes {
            tx.scan(layout::nodes(database), &KeyRange::all(), Direction::Forward, &mut |id, row| {
                let place = topology.index_of(layout::trailing_id(id)).map(|index| index as usize);
                if let (Some(place), Some(value)) = (place, record::node_property(row, key)?) {
                    filling.set(place, value);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            return Ok(Some(Column { first: 0, values: filling.values }));
        }
        let Some((first, last)) = pages::bounds(tx, database)? else {
            return Ok(Some(Column { first: 0, values: Values::Nothing }));
        };
        let there = statistics::count(tx, database, Counted::Relationships)?;
        if (last - first) / 4 > there + 1024 {
            return Ok(None);
        }
        filling.count = (last - first + 1) as usize;
        pages::for_each(tx, database, &mut |id, row| {
            if let (Ok(place), Some(value)) = (usize::try_from(id - first), record::relationship_property(row, key)?) {
                filling.set(place, value);
            }
            Ok(())
        })?;
        Ok(Some(Column { first, values: filling.values }))
    }

    /// The value at a node's index.
    pub fn at(&self, index: u32) -> Value {
        self.value(index as usize)
    }

    /// The value of a relationship.
    pub fn of_relationship(&self, id: u64) -> Value {
        id.checked_sub(self.first).and_then(|at| usize::try_from(at).ok()).map_or(Value::Null, |at| self.value(at))
    }

    fn value(&self, at: usize) -> Value {
        match &self.values {
            Values::Nothing => Value::Null,
            Values::Tiny(values) => match values.get(at) {
                Some(&value) if value != i16::MIN => Value::Int(i64::from(value)),
                _ => Value::Null,
            },
            Values::Small(values) => match values.get(at) {
                Some(&value) if value != i32::MIN => Value::Int(i64::from(value)),
                _ => Value::Null,
            },
            Values::Ints(values) => match values.get(at) {
                Some(&value) if value != NULL_INT => Value::Int(value),
                _ => Value::Null,
            },
            Values::Floats(values) => match values.get(at) {
                Some(value) if value.to_bits() != NULL_FLOAT => Value::Float(*value),
                _ => Value::Null,
            },
            Values::Strings(places, list) => {
                let place = places.get(at).copied().unwrap_or(NONE);
                list.get(place as usize).map_or(Value::Null, |text| Value::String(text.clone()))
            }
            Values::Mixed(values) => values.get(at).cloned().unwrap_or(Value::Null),
        }
    }
}

/// A column being read.
struct Filling {
    count: usize,
    values: Values,
    /// Strings and their places in the list.
    known: HashMap<Arc<str>, u32>,
}

impl Filling {
    fn set(&mut self, at: usize, value: Value) {
        let fits = match (&mut self.values, &value) {
            (Values::Nothing, _) => {
                self.begin(&value);
                return self.set(at, value);
            }
            (Values::Tiny(values), Value::Int(number)) => match i16::try_from(*number) {
                Ok(tiny) if tiny != i16::MIN => {
                    values[at] = tiny;
                    true
                }
                _ => {
                    let wide = |tiny: &i16| if *tiny == i16::MIN { i32::MIN } else { i32::from(*tiny) };
                    self.values = Values::Small(values.iter().map(wide).collect());
                    return self.set(at, value);
                }
            },
            (Values::Small(values), Value::Int(number)) => match i32::try_from(*number) {
                Ok(small) if small != i32::MIN => {
                    values[at] = small;
                    true
                }
                _ => {
                    let wide = |small: &i32| if *small == i32::MIN { NULL_INT } else { i64::from(*small) };
                    self.values = Values::Ints(values.iter().map(wide).collect());
                    return self.set(at, value);
                }
            },
            (Values::Ints(values), Value::Int(number)) if *number != NULL_INT => {
                values[at] = *number;
                true
            }
            (Values::Floats(values), Value::Float(number)) => {
                values[at] = *number;
                true
            }
            (Values::Strings(places, list), Value::String(text)) => {
                let place = *self.known.entry(text.clone()).or_insert_with(|| {
                    list.push(text.clone());
                    (list.len() - 1) as u32
                });
                places[at] = place;
                true
            }
            (Values::Mixed(values), _) => {
                values[at] = value;
                return;
            }
            _ => false,
        };
        if !fits {
            let column = Column { first: 0, values: std::mem::replace(&mut self.values, Values::Nothing) };
            let mut values: Vec<Value> = (0..self.count).map(|at| column.value(at)).collect();
            values[at] = value;
            self.values = Values::Mixed(values);
        }
    }

    /// An empty array for values of this kind.
    fn begin(&mut self, value: &Value) {
        self.values = match value {
            Value::Int(_) => Values::Tiny(vec![i16::MIN; self.count]),
            Value::Float(_) => Values::Floats(vec![f64::from_bits(NULL_FLOAT); self.count]),
            Value::String(_) => Values::Strings(vec![NONE; self.count], Vec::new()),
            _ => Values::Mixed(vec![Value::Null; self.count]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_changes_its_kind_when_another_one_comes() {
        let mut filling = Filling { count: 4, values: Values::Nothing, known: HashMap::new() };
        filling.set(1, Value::Int(7));
        filling.set(3, Value::string("x"));
        let column = Column { first: 10, values: filling.values };
        assert_eq!(
            (0..4).map(|at| column.at(at)).collect::<Vec<_>>(),
            [Value::Null, Value::Int(7), Value::Null, Value::string("x")]
        );
        assert_eq!(column.of_relationship(11), Value::Int(7));
        assert_eq!(column.of_relationship(9), Value::Null);
        let mut filling = Filling { count: 5, values: Values::Nothing, known: HashMap::new() };
        for (at, number) in [i64::from(i16::MIN), i64::from(i32::MIN), 1 << 40, NULL_INT].into_iter().enumerate() {
            filling.set(at, Value::Int(number));
            let column = Column { first: 0, values: std::mem::replace(&mut filling.values, Values::Nothing) };
            assert_eq!((column.at(at as u32), column.at(4)), (Value::Int(number), Value::Null));
            filling.values = column.values;
        }
    }
}
