//! `Map` and `Set`

use super::Args;
use crate::script::expression::Answer;
use crate::script::heap::Dictionary;
use crate::script::host::{Host, Thrown};
use crate::script::machine::Machine;
use crate::script::value::Value;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[&str] = &["Map", "Set"];

pub(super) const METHODS: &[&str] =
    &["add", "clear", "delete", "entries", "forEach", "get", "has", "keys", "set", "values"];

/// `new Map(pairs)`, `new Set(values)`
pub(super) fn call(machine: &mut Machine, host: &mut dyn Host, name: &str, args: &Args) -> Answer {
    let made = Dictionary::new(name == "Set");
    if !args.get(0).is_nothing() {
        machine.walk(host, args.get(0), &mut |_, _, item| {
            match (&item, made.is_set) {
                (_, true) => made.set(item.clone(), item),
                (Value::Array(pair), false) => {
                    let part = |at| pair.get(at).unwrap_or(Value::Undefined);
                    made.set(part(0), part(1));
                }
                (other, false) => {
                    return Err(Thrown::type_error(format!(
                        "Iterator value {} is not an entry object",
                        other.describe()
                    )));
                }
            }
            Ok(true)
        })?;
    }
    Ok(Value::Dictionary(Rc::new(made)))
}

pub(super) fn method(
    machine: &mut Machine,
    host: &mut dyn Host,
    dictionary: &Rc<Dictionary>,
    name: &str,
    args: &Args,
) -> Result<Option<Value>, Thrown> {
    let key = args.get(0);
    let whole = || Value::Dictionary(Rc::clone(dictionary));
    Ok(Some(match (name, dictionary.is_set) {
        ("add", true) => {
            dictionary.set(key.clone(), key.clone());
            whole()
        }
        ("set", false) => {
            dictionary.set(key.clone(), args.get(1).clone());
            whole()
        }
        ("get", false) => dictionary.get(key).unwrap_or(Value::Undefined),
        ("has", _) => Value::Boolean(dictionary.get(key).is_some()),
        ("delete", _) => Value::Boolean(dictionary.remove(key)),
        ("clear", _) => {
            dictionary.clear();
            Value::Undefined
        }
        ("keys", _) => Value::array(dictionary.copy().into_iter().map(|(key, _)| key).collect()),
        ("values", _) => Value::array(dictionary.copy().into_iter().map(|(_, value)| value).collect()),
        ("entries", _) => {
            Value::array(dictionary.copy().into_iter().map(|(key, value)| Value::array(vec![key, value])).collect())
        }
        ("forEach", _) => {
            let function = args.function(0)?;
            for (key, value) in dictionary.copy() {
                machine.call(host, &function, Value::Undefined, vec![value, key, whole()], None)?;
            }
            Value::Undefined
        }
        _ => return Ok(None),
    }))
}
