//! `$type` (and `$exists`, which needs no more than whether there is a value).

use crate::doc::{Code, Error, Result};
use crate::value::construct::number;
use crate::value::view::View;
use bson::Bson;

/// The types a `$type` accepts.
#[derive(Debug, Clone, Default)]
pub struct TypeSet {
    codes: Vec<i32>,
    numbers: bool,
}

const NAMES: &[(&str, i32)] = &[
    ("double", 1),
    ("string", 2),
    ("object", 3),
    ("array", 4),
    ("binData", 5),
    ("undefined", 6),
    ("objectId", 7),
    ("bool", 8),
    ("date", 9),
    ("null", 10),
    ("regex", 11),
    ("dbPointer", 12),
    ("javascript", 13),
    ("symbol", 14),
    ("javascriptWithScope", 15),
    ("int", 16),
    ("timestamp", 17),
    ("long", 18),
    ("decimal", 19),
    ("minKey", -1),
    ("maxKey", 127),
];

fn code(value: View<'_>) -> i32 {
    match value {
        View::Double(_) => 1,
        View::String(_) => 2,
        View::Document(_) => 3,
        View::Array(_) => 4,
        View::Binary(..) => 5,
        View::Undefined => 6,
        View::ObjectId(_) => 7,
        View::Boolean(_) => 8,
        View::Date(_) => 9,
        View::Null => 10,
        View::Regex(..) => 11,
        View::DbPointer(_) => 12,
        View::Code(_) => 13,
        View::Symbol(_) => 14,
        View::CodeWithScope(..) => 15,
        View::Int32(_) => 16,
        View::Timestamp(..) => 17,
        View::Int64(_) => 18,
        View::Decimal(_) => 19,
        View::MinKey => -1,
        View::MaxKey => 127,
    }
}

impl TypeSet {
    /// From `$type`'s operand: a name, a number, or an array of them.
    ///
    /// # Errors
    /// An unknown type.
    pub fn new(operand: &Bson) -> Result<TypeSet> {
        let mut types = TypeSet::default();
        match operand {
            Bson::Array(items) if items.is_empty() => {
                return Err(Error::failed_to_parse("$type must match at least one type"));
            }
            Bson::Array(items) => items.iter().try_for_each(|item| types.add(item))?,
            one => types.add(one)?,
        }
        Ok(types)
    }

    /// Adds one type by name or number.
    pub fn add(&mut self, operand: &Bson) -> Result<()> {
        if let Bson::String(name) = operand {
            if name == "number" {
                self.numbers = true;
                return Ok(());
            }
            let (_, code) = NAMES
                .iter()
                .find(|(known, _)| known == name)
                .ok_or_else(|| Error::bad_value(format!("Unknown type name alias: {name}")))?;
            self.codes.push(*code);
            return Ok(());
        }
        let Some(wanted) = number(Some(operand)) else {
            return Err(Error::new(Code::TypeMismatch, "type must be represented as a number or a string"));
        };
        if wanted.fract() != 0.0 || !NAMES.iter().any(|(_, code)| f64::from(*code) == wanted) {
            return Err(Error::bad_value(format!("Invalid numerical type code: {wanted}")));
        }
        self.codes.push(wanted as i32);
        Ok(())
    }

    /// The types' numbers.
    pub fn to_bson(&self) -> Bson {
        let numbers = self.numbers.then(|| Bson::String("number".to_owned()));
        Bson::Array(self.codes.iter().map(|code| Bson::Int32(*code)).chain(numbers).collect())
    }

    /// Whether the value's type is one of them.
    pub fn contains<'a>(&self, value: impl Into<View<'a>>) -> bool {
        let value = value.into();
        self.codes.contains(&code(value)) || self.numbers && value.is_number()
    }
}

impl std::fmt::Display for TypeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = NAMES.iter().filter(|(_, code)| self.codes.contains(code)).map(|(name, _)| *name);
        let names: Vec<&str> = self.numbers.then_some("number").into_iter().chain(named).collect();
        f.write_str(&names.join(" or "))
    }
}
