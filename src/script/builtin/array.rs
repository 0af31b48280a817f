//! `Array` and the methods of arrays.

use super::Args;
use crate::script::convert::{is_true, to_text};
use crate::script::expression::Answer;
use crate::script::heap::Array;
use crate::script::host::{Host, Thrown};
use crate::script::machine::Machine;
use crate::script::operator::{LONGEST_TEXT, same, too_long, utf16_order};
use crate::script::value::Value;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[&str] =
    &["Array", "Array.isArray", "Array.from", "Array.of", "Array.sum", "Array.avg", "Array.unique"];

pub(super) const METHODS: &[&str] = &[
    "at",
    "concat",
    "entries",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "map",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "toReversed",
    "toSorted",
    "toString",
    "unshift",
    "values",
    "with",
];

/// An array may be made this long.
const LONGEST: f64 = (1 << 25) as f64;

pub(super) fn call(machine: &mut Machine, host: &mut dyn Host, name: &str, args: &Args) -> Answer {
    match name {
        "Array.isArray" => Ok(Value::Boolean(matches!(args.get(0), Value::Array(_)))),
        "Array.from" => from(machine, host, args),
        // Helpers of the server's JavaScript, which `reduce` functions use.
        "Array.sum" | "Array.avg" | "Array.unique" => {
            let Value::Array(array) = args.get(0) else {
                return Err(Thrown::type_error(format!("{name} needs an array, not {}", args.get(0).describe())));
            };
            let items = array.copy();
            let sum = || items.iter().map(crate::script::convert::to_number).sum::<f64>();
            Ok(match name {
                "Array.unique" => {
                    let mut once: Vec<Value> = Vec::new();
                    for item in items {
                        if !once.iter().any(|known| crate::script::operator::same(known, &item)) {
                            once.push(item);
                        }
                    }
                    Value::array(once)
                }
                _ if items.is_empty() => Value::Undefined,
                "Array.sum" => Value::Number(sum()),
                _ => Value::Number(sum() / items.len() as f64),
            })
        }
        "Array" => match (args.get(0), args.0.len()) {
            (Value::Number(length), 1) => {
                if length.fract() != 0.0 || !(0.0..=LONGEST).contains(length) {
                    return Err(Thrown::error("RangeError", "Invalid array length"));
                }
                Ok(Value::array(vec![Value::Undefined; *length as usize]))
            }
            _ => Ok(Value::array(args.0.clone())),
        },
        _ => Ok(Value::array(args.0.clone())),
    }
}

/// `Array.from(values, function)`, also of `{ length: n }`.
fn from(machine: &mut Machine, host: &mut dyn Host, args: &Args) -> Answer {
    let mut values = Vec::new();
    match args.get(0) {
        Value::Object(object) => {
            let length = object.get("length").map_or(0.0, |length| crate::script::convert::to_number(&length));
            if !(0.0..=LONGEST).contains(&length) {
                return Err(Thrown::error("RangeError", "Invalid array length"));
            }
            values.extend((0..length as usize).map(|at| object.get(&at.to_string()).unwrap_or(Value::Undefined)));
        }
        Value::Undefined | Value::Null => {
            return Err(Thrown::type_error(format!("{} is not iterable", args.get(0).describe())));
        }
        subject => machine.walk(host, subject, &mut |_, _, value| {
            values.push(value);
            Ok(true)
        })?,
    }
    if args.0.len() < 2 {
        return Ok(Value::array(values));
    }
    let function = args.function(1)?;
    let mut mapped = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        mapped.push(machine.call(host, &function, Value::Undefined, vec![value, Value::from(at)], None)?);
    }
    Ok(Value::array(mapped))
}

fn place(at: f64, length: usize) -> usize {
    let length = length as f64;
    if at < 0.0 { (length + at).max(0.0) as usize } else { at.min(length) as usize }
}

pub(super) fn method(
    machine: &mut Machine,
    host: &mut dyn Host,
    array: &Rc<Array>,
    name: &str,
    args: &Args,
) -> Result<Option<Value>, Thrown> {
    if let Some(answer) = with_function(machine, host, array, name, args)? {
        return Ok(Some(answer));
    }
    let length = array.len();
    Ok(Some(match name {
        "push" => {
            array.change(|items| items.extend(args.0.iter().cloned()));
            Value::from(array.len())
        }
        "pop" => array.change(Vec::pop).unwrap_or(Value::Undefined),
        "shift" => array.change(|items| if items.is_empty() { Value::Undefined } else { items.remove(0) }),
        "unshift" => {
            array.change(|items| drop(items.splice(0..0, args.0.iter().cloned())));
            Value::from(array.len())
        }
        "at" => {
            let at = args.whole(0, 0.0);
            let at = if at < 0.0 { length as f64 + at } else { at };
            if at < 0.0 { Value::Undefined } else { array.get(at as usize).unwrap_or(Value::Undefined) }
        }
        "concat" => {
            let mut all = array.copy();
            for more in &args.0 {
                match more {
                    Value::Array(more) => all.extend(more.copy()),
                    one => all.push(one.clone()),
                }
            }
            Value::array(all)
        }
        "fill" => {
            let (start, end) = (place(args.whole(1, 0.0), length), place(args.whole(2, length as f64), length));
            array.change(|items| {
                items.iter_mut().take(end).skip(start).for_each(|item| *item = args.get(0).clone());
            });
            Value::Array(Rc::clone(array))
        }
        "includes" => {
            let nan = |value: &Value| matches!(value, Value::Number(number) if number.is_nan());
            let found = array.items().iter().any(|item| same(item, args.get(0)) || nan(item) && nan(args.get(0)));
            Value::Boolean(found)
        }
        "indexOf" => {
            let found = array.items().iter().position(|item| same(item, args.get(0)));
            Value::Number(found.map_or(-1.0, |at| at as f64))
        }
        "lastIndexOf" => {
            let found = array.items().iter().rposition(|item| same(item, args.get(0)));
            Value::Number(found.map_or(-1.0, |at| at as f64))
        }
        "join" => {
            let separator = if matches!(args.get(0), Value::Undefined) { ",".to_owned() } else { args.text(0) };
            join(&array.copy(), &separator)?
        }
        "reverse" => {
            array.change(|items| items.reverse());
            Value::Array(Rc::clone(array))
        }
        "toReversed" => Value::array(array.copy().into_iter().rev().collect()),
        "slice" => {
            let (start, end) = (place(args.whole(0, 0.0), length), place(args.whole(1, length as f64), length));
            Value::array(array.items().get(start..end.max(start)).unwrap_or_default().to_vec())
        }
        "splice" => {
            let start = place(args.whole(0, 0.0), length);
            let count = if args.0.len() < 2 { length - start } else { args.whole(1, 0.0).max(0.0) as usize };
            let end = start.saturating_add(count).min(length);
            let new = args.0.get(2..).unwrap_or_default().to_vec();
            Value::array(array.change(|items| items.splice(start..end, new).collect()))
        }
        "flat" => {
            let mut all = Vec::new();
            flatten(&array.copy(), args.whole(0, 1.0), &mut all);
            Value::array(all)
        }
        "keys" => Value::array((0..length).map(Value::from).collect()),
        "values" => Value::array(array.copy()),
        "entries" => Value::array(
            array.copy().into_iter().enumerate().map(|(at, item)| Value::array(vec![Value::from(at), item])).collect(),
        ),
        "with" => {
            let at = args.whole(0, 0.0);
            let at = if at < 0.0 { length as f64 + at } else { at };
            let mut items = array.copy();
            match items.get_mut(at.max(0.0) as usize).filter(|_| at >= 0.0) {
                Some(item) => *item = args.get(1).clone(),
                None => return Err(Thrown::error("RangeError", "Invalid index")),
            }
            Value::array(items)
        }
        _ => return Ok(None),
    }))
}

fn join(items: &[Value], separator: &str) -> Answer {
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        if !item.is_nothing() {
            text.push_str(&to_text(item));
        }
        if text.len() > LONGEST_TEXT {
            return Err(too_long());
        }
    }
    Ok(Value::text(text))
}

fn flatten(items: &[Value], depth: f64, all: &mut Vec<Value>) {
    for item in items {
        match item {
            Value::Array(inner) if depth >= 1.0 && all.len() < LONGEST as usize => {
                flatten(&inner.copy(), (depth - 1.0).min(1000.0), all);
            }
            other => all.push(other.clone()),
        }
    }
}

/// The methods that call a function.
fn with_function(
    machine: &mut Machine,
    host: &mut dyn Host,
    array: &Rc<Array>,
    name: &str,
    args: &Args,
) -> Result<Option<Value>, Thrown> {
    let whole = Value::Array(Rc::clone(array));
    match name {
        "sort" => {
            let sorted = sorted(machine, host, array.copy(), args)?;
            array.change(|items| *items = sorted);
            return Ok(Some(whole));
        }
        "toSorted" => return sorted(machine, host, array.copy(), args).map(|items| Some(Value::array(items))),
        "reduce" | "reduceRight" => return reduce(machine, host, array, name == "reduceRight", args).map(Some),
        "forEach" | "map" | "filter" | "find" | "findIndex" | "findLast" | "findLastIndex" | "some" | "every"
        | "flatMap" => {}
        _ => return Ok(None),
    }
    let function = args.function(0)?;
    let length = array.len();
    let backward = name.starts_with("findLast");
    let mut made = Vec::new();
    for step in 0..length {
        let at = if backward { length - 1 - step } else { step };
        let Some(item) = array.get(at) else { continue };
        let given = vec![item.clone(), Value::from(at), whole.clone()];
        let value = machine.call(host, &function, Value::Undefined, given, None)?;
        match name {
            "map" => made.push(value),
            "flatMap" => match value {
                Value::Array(inner) => made.extend(inner.copy()),
                one => made.push(one),
            },
            "filter" if is_true(&value) => made.push(item),
            "find" | "findLast" if is_true(&value) => return Ok(Some(item)),
            "findIndex" | "findLastIndex" if is_true(&value) => return Ok(Some(Value::from(at))),
            "some" if is_true(&value) => return Ok(Some(Value::Boolean(true))),
            "every" if !is_true(&value) => return Ok(Some(Value::Boolean(false))),
            _ => {}
        }
    }
    Ok(Some(match name {
        "map" | "filter" | "flatMap" => Value::array(made),
        "findIndex" | "findLastIndex" => Value::Number(-1.0),
        "some" => Value::Boolean(false),
        "every" => Value::Boolean(true),
        _ => Value::Undefined,
    }))
}

fn reduce(machine: &mut Machine, host: &mut dyn Host, array: &Rc<Array>, backward: bool, args: &Args) -> Answer {
    let function = args.function(0)?;
    let mut places: Vec<usize> = (0..array.len()).collect();
    if backward {
        places.reverse();
    }
    let mut places = places.into_iter();
    let mut sum = match (args.0.get(1), places.len()) {
        (Some(start), _) => start.clone(),
        (None, 0) => return Err(Thrown::type_error("Reduce of empty array with no initial value")),
        (None, _) => places.next().and_then(|at| array.get(at)).unwrap_or(Value::Undefined),
    };
    for at in places {
        let Some(item) = array.get(at) else { continue };
        let given = vec![sum, item, Value::from(at), Value::Array(Rc::clone(array))];
        sum = machine.call(host, &function, Value::Undefined, given, None)?;
    }
    Ok(sum)
}

/// Sorted by a function, or as texts; what compares equal keeps its order.
fn sorted(machine: &mut Machine, host: &mut dyn Host, items: Vec<Value>, args: &Args) -> Result<Vec<Value>, Thrown> {
    let (mut items, nothing): (Vec<Value>, Vec<Value>) =
        items.into_iter().partition(|item| !matches!(item, Value::Undefined));
    if matches!(args.get(0), Value::Undefined) {
        items.sort_by(|left, right| utf16_order(&to_text(left), &to_text(right)));
        items.extend(nothing);
        return Ok(items);
    }
    let function = args.function(0)?;
    let mut compare = |left: &Value, right: &Value| -> Result<Ordering, Thrown> {
        let order = machine.call(host, &function, Value::Undefined, vec![left.clone(), right.clone()], None)?;
        let order = crate::script::convert::to_number(&order);
        Ok(order.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
    };
    let mut items = merge_sort(items, &mut compare)?;
    items.extend(nothing);
    Ok(items)
}

type Compare<'c> = &'c mut dyn FnMut(&Value, &Value) -> Result<Ordering, Thrown>;

/// A sort that a function which fails can leave, and one that contradicts itself cannot confuse.
fn merge_sort(mut items: Vec<Value>, compare: Compare<'_>) -> Result<Vec<Value>, Thrown> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sort(items, compare)?.into_iter().peekable();
    let mut right = merge_sort(right, compare)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    loop {
        let take_right = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => compare(a, b)? == Ordering::Greater,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return Ok(merged),
        };
        merged.extend(if take_right { right.next() } else { left.next() });
    }
}
