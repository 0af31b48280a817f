//! The elements of a list, one by one: `UNWIND range(1, 1000000000)` never builds the list.

use super::context::EvalContext;
use super::evaluate::evaluate;
use super::node::{Compiled, Node};
use crate::graph::Result;
use crate::graph::functions::Range;
use crate::value::graph::Value;

/// The elements that an expression gives to UNWIND.
#[derive(Debug)]
pub enum Elements {
    /// Those of a call of `range`, made as they are asked for.
    Range(Range),
    /// Those of a list.
    List(std::vec::IntoIter<Value>),
    /// A value that is no list, as its own only element.
    Single(Option<Value>),
}

impl Iterator for Elements {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match self {
            Elements::Range(range) => range.next().map(Value::Int),
            Elements::List(items) => items.next(),
            Elements::Single(value) => value.take(),
        }
    }
}

/// Evaluates an expression for a row and gives its elements: none for null, the value itself if it is
/// no list.
pub fn elements(compiled: &Compiled, row: &[Value], cx: &dyn EvalContext) -> Result<Elements> {
    if let Node::Call(signature, args, span) = &compiled.root
        && signature.name == "range"
    {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            let frame = super::evaluate::frame(row, compiled.width, cx);
            values.push(frame.eval(arg)?.into_owned());
        }
        if values.iter().any(Value::is_null) {
            return Ok(Elements::Single(None));
        }
        let range = Range::new(&values.iter().collect::<Vec<_>>()).map_err(|error| error.at(*span))?;
        return Ok(Elements::Range(range));
    }
    Ok(match evaluate(compiled, row, cx)? {
        Value::List(items) => Elements::List(items.into_iter()),
        Value::Null => Elements::Single(None),
        single => Elements::Single(Some(single)),
    })
}
