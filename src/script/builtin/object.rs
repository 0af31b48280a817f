//! `Object` and the methods of objects.

use super::Args;
use crate::ast::script::Name;
use crate::script::convert::{field_name, to_text};
use crate::script::expression::Answer;
use crate::script::heap::Object;
use crate::script::host::{Host, Thrown};
use crate::script::machine::Machine;
use crate::script::operator::same;
use crate::script::value::Value;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[&str] = &[
    "Object",
    "Object.keys",
    "Object.values",
    "Object.entries",
    "Object.assign",
    "Object.fromEntries",
    "Object.freeze",
    "Object.isFrozen",
    "Object.is",
    "Object.hasOwn",
    "Object.getOwnPropertyNames",
    "Object.groupBy",
    "Object.bsonsize",
    "Object.seal",
];

pub(super) fn call(machine: &mut Machine, host: &mut dyn Host, name: &str, args: &Args) -> Answer {
    let subject = args.get(0);
    if subject.is_nothing() && !matches!(name, "Object" | "Object.is") {
        return Err(Thrown::type_error("Cannot convert undefined or null to object"));
    }
    Ok(match name {
        "Object" => match subject {
            Value::Undefined | Value::Null => Value::object::<Name>([]),
            other => other.clone(),
        },
        "Object.keys" | "Object.getOwnPropertyNames" => {
            Value::array(entries(subject).into_iter().map(|(name, _)| Value::text(&*name)).collect())
        }
        "Object.values" => Value::array(entries(subject).into_iter().map(|(_, value)| value).collect()),
        "Object.entries" => Value::array(
            entries(subject).into_iter().map(|(name, value)| Value::array(vec![Value::text(&*name), value])).collect(),
        ),
        "Object.assign" => {
            let Value::Object(target) = subject else {
                return Err(Thrown::type_error("Object.assign needs an object to assign to"));
            };
            if target.is_frozen.get() {
                return Err(Thrown::type_error("Cannot assign to read only properties of a frozen object"));
            }
            for source in args.0.iter().skip(1) {
                let entries = entries(source);
                target.change(|fields| fields.extend(entries));
            }
            subject.clone()
        }
        "Object.fromEntries" => {
            let object = Object::new(Default::default());
            machine.walk(host, subject, &mut |_, _, pair| {
                let Value::Array(pair) = pair else {
                    return Err(Thrown::type_error(format!("{} is not an entry object", pair.describe())));
                };
                let (key, value) = (pair.get(0), pair.get(1));
                object.set(field_name(&key.unwrap_or(Value::Undefined)), value.unwrap_or(Value::Undefined));
                Ok(true)
            })?;
            Value::Object(Rc::new(object))
        }
        "Object.freeze" | "Object.seal" => {
            if let Value::Object(object) = subject
                && name == "Object.freeze"
            {
                object.is_frozen.set(true);
            }
            subject.clone()
        }
        "Object.isFrozen" => Value::Boolean(!matches!(subject, Value::Object(object) if !object.is_frozen.get())),
        "Object.is" => Value::Boolean(same(subject, args.get(1))),
        "Object.hasOwn" => Value::Boolean(entries(subject).iter().any(|(name, _)| **name == *args.text(1))),
        "Object.bsonsize" => {
            let stored = crate::script::convert::to_bson(subject)?;
            let size = stored.as_document().and_then(|document| document.to_vec().ok()).map_or(0, |bytes| bytes.len());
            Value::from(size)
        }
        _ => group_by(machine, host, args)?,
    })
}

/// `Object.groupBy(values, function)`
fn group_by(machine: &mut Machine, host: &mut dyn Host, args: &Args) -> Answer {
    let function = args.function(1)?;
    let groups = Object::new(Default::default());
    let mut at = 0_usize;
    machine.walk(host, args.get(0), &mut |machine, host, value| {
        let given = vec![value.clone(), Value::from(at)];
        at += 1;
        let key = field_name(&machine.call(host, &function, Value::Undefined, given, None)?);
        match groups.get(&key) {
            Some(Value::Array(group)) => group.change(|items| items.push(value)),
            _ => groups.set(key, Value::array(vec![value])),
        }
        Ok(true)
    })?;
    Ok(Value::Object(Rc::new(groups)))
}

/// Fields and their values.
fn entries(subject: &Value) -> Vec<(Name, Value)> {
    match subject {
        Value::Object(object) => {
            object.fields().iter().map(|(name, value)| (Name::clone(name), value.clone())).collect()
        }
        Value::Array(array) => {
            array.copy().into_iter().enumerate().map(|(at, value)| (Name::from(at.to_string()), value)).collect()
        }
        Value::Text(text) => text
            .chars()
            .enumerate()
            .map(|(at, letter)| (Name::from(at.to_string()), Value::text(letter.to_string())))
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn method(object: &Rc<Object>, name: &str, args: &Args) -> Option<Value> {
    match name {
        "hasOwnProperty" | "propertyIsEnumerable" => {
            Some(Value::Boolean(object.fields().contains_key(&*to_text(args.get(0)))))
        }
        _ => None,
    }
}
