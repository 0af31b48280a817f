//! Names, fields and elements: read, assigned, taken apart by patterns.

use super::builtin;
use super::convert::{field_name, index};
use super::expression::Answer;
use super::heap::Object;
use super::host::{Host, Thrown};
use super::machine::Machine;
use super::scope::{Assigned, Scope};
use super::value::Value;
use crate::ast::script::{DeclarationKind, Element, Expression, Key, Name, Node, Pattern};
use std::rc::Rc;

/// An array may not grow longer than this by one assignment.
const LONGEST_ARRAY: usize = 1 << 25;

/// How a pattern's names are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// New variables.
    Declare(DeclarationKind),
    /// Variables and places that are there.
    Assign,
}

/// Where a value is read and written.
pub(super) enum Place {
    /// A variable.
    Name(Name),
    /// A field or an element.
    Field(Value, Value),
}

impl Machine {
    /// The place that an expression stands for; its parts are evaluated once.
    pub(super) fn place(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        target: &Expression,
    ) -> Result<Place, Thrown> {
        match &target.node {
            Node::Name(name) => Ok(Place::Name(Name::clone(name))),
            Node::Member { object, name, .. } => {
                Ok(Place::Field(self.expression(host, scope, object)?, Value::text(&**name)))
            }
            Node::Index { object, index, .. } => {
                let object = self.expression(host, scope, object)?;
                Ok(Place::Field(object, self.expression(host, scope, index)?))
            }
            _ => Err(Thrown::error("SyntaxError", "Invalid left-hand side in assignment")),
        }
    }

    pub(super) fn read(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, place: &Place) -> Answer {
        match place {
            Place::Name(name) => self.name(host, scope, name),
            Place::Field(object, name) => self.element(host, object, name),
        }
    }

    pub(super) fn write(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        place: &Place,
        value: Value,
    ) -> Result<(), Thrown> {
        match place {
            Place::Name(name) => self.assign(host, scope, name, value),
            Place::Field(object, name) => set_element(object, name, value),
        }
    }

    fn assign(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, name: &Name, value: Value) -> Result<(), Thrown> {
        match scope.assign(name, value) {
            Assigned::Done => Ok(()),
            Assigned::Constant => Err(Thrown::type_error("Assignment to constant variable.")
                .hint(format!("declare it with let: let {name} = …"))),
            Assigned::Unknown(_) if host.global(name).is_some() => {
                Err(Thrown::type_error(format!("{name} cannot be assigned to")))
            }
            Assigned::Unknown(value) => {
                self.set_global(name, value);
                Ok(())
            }
        }
    }

    fn bind_name(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        name: &Name,
        value: Value,
        kind: Kind,
    ) -> Result<(), Thrown> {
        match kind {
            Kind::Assign => self.assign(host, scope, name, value),
            Kind::Declare(kind) => {
                let scope = if kind == DeclarationKind::Var { scope.of_var() } else { Rc::clone(scope) };
                if scope.is_global() {
                    self.set_global(name, value);
                } else {
                    scope.declare(name, value, kind == DeclarationKind::Const);
                }
                Ok(())
            }
        }
    }

    /// Binds a value to a pattern.
    pub(super) fn bind(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        pattern: &Pattern,
        value: Value,
        kind: Kind,
    ) -> Result<(), Thrown> {
        match pattern {
            Pattern::Name(name, span) => {
                self.bind_name(host, scope, name, value, kind).map_err(|thrown| thrown.at(*span))
            }
            Pattern::Place(target) => {
                let place = self.place(host, scope, target)?;
                self.write(host, scope, &place, value)
            }
            Pattern::Array(items, rest) => {
                if value.is_nothing() {
                    return Err(Thrown::type_error(format!("{} is not iterable", value.describe())));
                }
                let mut values = Vec::new();
                let most = if rest.is_some() { usize::MAX } else { items.len() };
                self.walk(host, &value, &mut |_, _, value| {
                    values.push(value);
                    Ok(values.len() < most)
                })?;
                let mut values = values.into_iter();
                for item in items {
                    let value = values.next().unwrap_or(Value::Undefined);
                    if let Some(item) = item {
                        self.bind_element(host, scope, item, value, kind)?;
                    }
                }
                match rest {
                    Some(rest) => self.bind(host, scope, rest, Value::array(values.collect()), kind),
                    None => Ok(()),
                }
            }
            Pattern::Object(fields, rest) => {
                if value.is_nothing() {
                    return Err(Thrown::type_error(format!("Cannot destructure '{}'", value.describe())));
                }
                let mut taken: Vec<Name> = Vec::new();
                for (key, element) in fields {
                    let name = match key {
                        Key::Name(name) => Name::clone(name),
                        computed => self.key(host, scope, computed)?,
                    };
                    let part = self.field(host, &value, &name)?;
                    taken.push(name);
                    self.bind_element(host, scope, element, part, kind)?;
                }
                let Some(rest) = rest else { return Ok(()) };
                let others = match &value {
                    Value::Object(object) => object
                        .fields()
                        .iter()
                        .filter(|(name, _)| !taken.contains(name))
                        .map(|(name, value)| (Name::clone(name), value.clone()))
                        .collect(),
                    _ => Default::default(),
                };
                self.bind(host, scope, rest, Value::Object(Rc::new(Object::new(others))), kind)
            }
        }
    }

    /// Binds a value to a part of a pattern, or to a parameter.
    pub(super) fn bind_element(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        element: &Element,
        value: Value,
        kind: Kind,
    ) -> Result<(), Thrown> {
        let value = match (&value, &element.default) {
            (Value::Undefined, Some(default)) => self.expression(host, scope, default)?,
            _ => value,
        };
        self.bind(host, scope, &element.pattern, value, kind)
    }

    /// `object.name`
    pub(super) fn field(&mut self, host: &mut dyn Host, object: &Value, name: &Name) -> Answer {
        match object {
            Value::Object(fields) => Ok(fields.get(name).unwrap_or(Value::Undefined)),
            Value::Undefined | Value::Null => {
                Err(Thrown::type_error(format!("Cannot read properties of {} (reading '{name}')", object.describe())))
            }
            Value::Host(object) => {
                let object = Rc::clone(object);
                host.field(self, &object, name)
            }
            _ => Ok(builtin::field(object, name)),
        }
    }

    /// `object[key]`
    pub(super) fn element(&mut self, host: &mut dyn Host, object: &Value, key: &Value) -> Answer {
        match (object, index(key)) {
            (Value::Array(array), Some(at)) => Ok(array.get(at).unwrap_or(Value::Undefined)),
            (Value::Text(text), Some(at)) => Ok(builtin::character(text, at)),
            _ => self.field(host, object, &field_name(key)),
        }
    }
}

/// `object[key] = value`
fn set_element(object: &Value, key: &Value, value: Value) -> Result<(), Thrown> {
    match object {
        Value::Array(array) => match index(key) {
            Some(at) if at < LONGEST_ARRAY => {
                array.change(|items| {
                    if at >= items.len() {
                        items.resize(at + 1, Value::Undefined);
                    }
                    if let Some(item) = items.get_mut(at) {
                        *item = value;
                    }
                });
                Ok(())
            }
            _ if &*field_name(key) == "length" => {
                let length = index(&value).filter(|length| *length < LONGEST_ARRAY);
                let Some(length) = length else { return Err(Thrown::error("RangeError", "Invalid array length")) };
                array.change(|items| items.resize(length, Value::Undefined));
                Ok(())
            }
            _ => Err(Thrown::type_error(format!("an array has no element {}", key.describe()))),
        },
        Value::Object(object) if object.is_frozen.get() => {
            Err(Thrown::type_error(format!("Cannot assign to read only property '{}' of object", field_name(key))))
        }
        Value::Object(object) => {
            object.set(field_name(key), value);
            Ok(())
        }
        Value::Regex(pattern) if &*field_name(key) == "lastIndex" => {
            pattern.last_index.set(index(&value).unwrap_or(0));
            Ok(())
        }
        other => Err(Thrown::type_error(format!(
            "Cannot set properties of {} (setting '{}')",
            other.describe(),
            field_name(key)
        ))),
    }
}
