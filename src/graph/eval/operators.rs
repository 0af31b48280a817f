//! Operators on values: arithmetic, text, membership, comparison and three-valued logic.

use super::limits;
use crate::ast::graph::{BinaryOp, CompareOp};
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;
use crate::value::graph::{Value, equals, float_text, less};
use crate::value::temporal::{Duration, Temporal, TemporalError};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

/// The truth of a value: `None` for null; an error for anything but a boolean.
pub fn truth(value: &Value) -> Result<Option<bool>> {
    match value {
        Value::Bool(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => Err(Error::type_error(
            Detail::InvalidArgumentType,
            format!("Type mismatch: expected Boolean but was {}", other.type_name()),
        )),
    }
}

/// The value of a truth.
pub fn from_truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

/// What a comparison answers; `None` is null.
pub fn compare(op: CompareOp, a: &Value, b: &Value) -> Option<bool> {
    match op {
        CompareOp::Eq => equals(a, b),
        CompareOp::Ne => equals(a, b).map(|equal| !equal),
        CompareOp::Lt => less(a, b, false),
        CompareOp::Le => less(a, b, true),
        CompareOp::Gt => less(b, a, false),
        CompareOp::Ge => less(b, a, true),
    }
}

/// `a op b` for all operators but AND and OR, which may not need their right side.
pub fn binary(op: BinaryOp, a: Cow<'_, Value>, b: &Value) -> Result<Value> {
    match op {
        BinaryOp::And | BinaryOp::Or => {
            let (left, right) = (truth(&a)?, truth(b)?);
            let decided = Some(op == BinaryOp::Or);
            Ok(from_truth(if left == decided || right == decided { decided } else { left.and(right) }))
        }
        BinaryOp::Xor => Ok(from_truth(match (truth(&a)?, truth(b)?) {
            (Some(a), Some(b)) => Some(a != b),
            _ => None,
        })),
        BinaryOp::Add => add(a, b),
        BinaryOp::Concat => concat(a, b),
        BinaryOp::Subtract => subtract(&a, b),
        BinaryOp::Multiply => multiply(&a, b),
        BinaryOp::Divide => divide(&a, b),
        BinaryOp::Modulo => modulo(&a, b),
        BinaryOp::Power => power(&a, b),
        BinaryOp::In => contains(&a, b),
        BinaryOp::StartsWith => Ok(on_texts(&a, b, |text, part| text.starts_with(part))),
        BinaryOp::EndsWith => Ok(on_texts(&a, b, |text, part| text.ends_with(part))),
        BinaryOp::Contains => Ok(on_texts(&a, b, |text, part| text.contains(part))),
        BinaryOp::Matches => match (&*a, b) {
            (Value::String(text), Value::String(pattern)) => Ok(Value::Bool(matches(text, pattern)?)),
            _ => Ok(Value::Null),
        },
    }
}

/// Null unless both are strings.
fn on_texts(a: &Value, b: &Value, test: impl Fn(&str, &str) -> bool) -> Value {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Value::Bool(test(a, b)),
        _ => Value::Null,
    }
}

/// `a IN b`
fn contains(a: &Value, b: &Value) -> Result<Value> {
    let items = match b {
        Value::List(items) => items,
        Value::Null => return Ok(Value::Null),
        other => return Err(mismatch("List", other)),
    };
    let mut answer = Value::Bool(false);
    for item in items {
        match equals(a, item) {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => answer = Value::Null,
        }
    }
    Ok(answer)
}

fn mismatch(expected: &str, value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentType,
        format!("Type mismatch: expected {expected} but was {}", value.type_name()),
    )
}

fn not_defined(op: &str, a: &Value, b: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentType,
        format!("Cannot apply `{op}` to {} and {}", a.type_name(), b.type_name()),
    )
}

fn overflow(a: &Value, op: &str, b: &Value) -> Error {
    let text = |value: &Value| match value {
        Value::Int(value) => value.to_string(),
        other => other.type_name().to_owned(),
    };
    Error::runtime(
        Kind::Arithmetic,
        Detail::IntegerOverflow,
        format!("Result of {} {op} {} cannot be represented as an integer", text(a), text(b)),
    )
    .hint("Use a float, such as 1.0 in place of 1.")
}

fn division_by_zero() -> Error {
    Error::runtime(Kind::Arithmetic, Detail::DivisionByZero, "/ by zero")
}

/// A temporal value beyond its range, as an error of the run.
pub fn temporal_range(error: TemporalError) -> Error {
    Error::runtime(Kind::Arithmetic, Detail::IntegerOverflow, error.to_string())
}

/// Two numbers as the operator sees them.
enum Numbers {
    Ints(i64, i64),
    Floats(f64, f64),
}

fn numbers(a: &Value, b: &Value) -> Option<Numbers> {
    Some(match (a, b) {
        (Value::Int(a), Value::Int(b)) => Numbers::Ints(*a, *b),
        (Value::Float(a), Value::Float(b)) => Numbers::Floats(*a, *b),
        (Value::Int(a), Value::Float(b)) => Numbers::Floats(*a as f64, *b),
        (Value::Float(a), Value::Int(b)) => Numbers::Floats(*a, *b as f64),
        _ => return None,
    })
}

fn add(a: Cow<'_, Value>, b: &Value) -> Result<Value> {
    if a.is_null() || b.is_null() {
        return Ok(Value::Null);
    }
    if let Some(numbers) = numbers(&a, b) {
        return match numbers {
            Numbers::Ints(x, y) => x.checked_add(y).map(Value::Int).ok_or_else(|| overflow(&a, "+", b)),
            Numbers::Floats(x, y) => Ok(Value::Float(x + y)),
        };
    }
    match (a, b) {
        (a, Value::List(more)) if matches!(*a, Value::List(_)) => {
            let Value::List(mut items) = a.into_owned() else { return Ok(Value::Null) };
            limits::check_values(items.len() + more.len())?;
            items.extend_from_slice(more);
            Ok(Value::List(items))
        }
        (a, b) if matches!(*a, Value::List(_)) => {
            let Value::List(mut items) = a.into_owned() else { return Ok(Value::Null) };
            limits::check_values(items.len() + 1)?;
            items.push(b.clone());
            Ok(Value::List(items))
        }
        (a, Value::List(items)) => {
            limits::check_values(items.len() + 1)?;
            let mut out = Vec::with_capacity(items.len() + 1);
            out.push(a.into_owned());
            out.extend_from_slice(items);
            Ok(Value::List(out))
        }
        (a, b) if matches!(*a, Value::String(_)) || matches!(b, Value::String(_)) => match (as_text(&a), as_text(b)) {
            (Some(x), Some(y)) => join(&x, &y),
            _ => Err(not_defined("+", &a, b)),
        },
        (a, b) => match (&*a, b) {
            (Value::Temporal(a), Value::Temporal(Temporal::Duration(b))) => shift(a, b),
            (Value::Temporal(Temporal::Duration(a)), Value::Temporal(b)) => shift(b, a),
            (a, b) => Err(not_defined("+", a, b)),
        },
    }
}

fn join(a: &str, b: &str) -> Result<Value> {
    limits::check_text(a.len() + b.len())?;
    let mut text = String::with_capacity(a.len() + b.len());
    text.push_str(a);
    text.push_str(b);
    Ok(Value::string(text))
}

/// What `+` joins to a string: strings, numbers, booleans and temporal values.
fn as_text(value: &Value) -> Option<Cow<'_, str>> {
    Some(match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Float(value) => Cow::Owned(float_text(*value)),
        Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Value::Temporal(value) => Cow::Owned(value.to_string()),
        _ => return None,
    })
}

/// `||`: strings with strings, lists with lists.
fn concat(a: Cow<'_, Value>, b: &Value) -> Result<Value> {
    match (&*a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::String(x), Value::String(y)) => join(x, y),
        (Value::List(_), Value::List(_)) => add(a, b),
        (a, b) => Err(not_defined("||", a, b)),
    }
}

/// A temporal value moved by a duration.
fn shift(value: &Temporal, by: &Duration) -> Result<Value> {
    value.plus(by).map(Value::Temporal).map_err(temporal_range)
}

fn subtract(a: &Value, b: &Value) -> Result<Value> {
    if let Some(numbers) = numbers(a, b) {
        return match numbers {
            Numbers::Ints(x, y) => x.checked_sub(y).map(Value::Int).ok_or_else(|| overflow(a, "-", b)),
            Numbers::Floats(x, y) => Ok(Value::Float(x - y)),
        };
    }
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Temporal(a), Value::Temporal(Temporal::Duration(b))) => shift(a, &b.negated().map_err(temporal_range)?),
        _ => Err(not_defined("-", a, b)),
    }
}

fn multiply(a: &Value, b: &Value) -> Result<Value> {
    if let Some(numbers) = numbers(a, b) {
        return match numbers {
            Numbers::Ints(x, y) => x.checked_mul(y).map(Value::Int).ok_or_else(|| overflow(a, "*", b)),
            Numbers::Floats(x, y) => Ok(Value::Float(x * y)),
        };
    }
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Temporal(Temporal::Duration(duration)), factor)
        | (factor, Value::Temporal(Temporal::Duration(duration))) => match factor {
            Value::Int(factor) => duration.times(*factor),
            Value::Float(factor) => duration.times_float(*factor),
            _ => return Err(not_defined("*", a, b)),
        }
        .map(Value::from)
        .map_err(temporal_range),
        _ => Err(not_defined("*", a, b)),
    }
}

/// Integers divide towards zero; integer division by zero is an error, that of floats is infinite.
fn divide(a: &Value, b: &Value) -> Result<Value> {
    if let Some(numbers) = numbers(a, b) {
        return match numbers {
            Numbers::Ints(_, 0) => Err(division_by_zero()),
            Numbers::Ints(x, y) => x.checked_div(y).map(Value::Int).ok_or_else(|| overflow(a, "/", b)),
            Numbers::Floats(x, y) => Ok(Value::Float(x / y)),
        };
    }
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Temporal(Temporal::Duration(duration)), Value::Int(_) | Value::Float(_)) => {
            let divisor = match b {
                Value::Int(value) => *value as f64,
                Value::Float(value) => *value,
                _ => f64::NAN,
            };
            if divisor == 0.0 {
                return Err(division_by_zero());
            }
            duration.divided_by(divisor).map(Value::from).map_err(temporal_range)
        }
        _ => Err(not_defined("/", a, b)),
    }
}

/// The remainder has the sign of the dividend.
fn modulo(a: &Value, b: &Value) -> Result<Value> {
    match numbers(a, b) {
        Some(Numbers::Ints(_, 0)) => Err(division_by_zero()),
        Some(Numbers::Ints(x, y)) => Ok(Value::Int(x.wrapping_rem(y))),
        Some(Numbers::Floats(x, y)) => Ok(Value::Float(x % y)),
        None if a.is_null() || b.is_null() => Ok(Value::Null),
        None => Err(not_defined("%", a, b)),
    }
}

/// Always a float.
fn power(a: &Value, b: &Value) -> Result<Value> {
    match numbers(a, b) {
        Some(Numbers::Ints(x, y)) => Ok(Value::Float((x as f64).powf(y as f64))),
        Some(Numbers::Floats(x, y)) => Ok(Value::Float(x.powf(y))),
        None if a.is_null() || b.is_null() => Ok(Value::Null),
        None => Err(not_defined("^", a, b)),
    }
}

/// `-a`
pub fn negate(a: &Value) -> Result<Value> {
    match a {
        Value::Null => Ok(Value::Null),
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or_else(|| overflow(&Value::Int(0), "-", a)),
        Value::Float(value) => Ok(Value::Float(-value)),
        Value::Temporal(Temporal::Duration(value)) => value.negated().map(Value::from).map_err(temporal_range),
        other => Err(mismatch("Number", other)),
    }
}

/// What unary `+` demands.
pub fn check_number(a: &Value) -> Result<()> {
    match a {
        Value::Null | Value::Int(_) | Value::Float(_) | Value::Temporal(Temporal::Duration(_)) => Ok(()),
        other => Err(mismatch("Number", other)),
    }
}

/// A regular expression that must match a whole string. Plain ones run in linear time; those with
/// look-around or back-references on a backtracking engine with a limit.
#[derive(Debug)]
pub struct Pattern {
    engine: Engine,
    span: Span,
}

#[derive(Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(fancy_regex::Regex),
}

impl Pattern {
    /// Compiles a pattern.
    pub fn new(pattern: &str, span: Span) -> Result<Self> {
        let whole = format!(r"\A(?:{pattern})\z");
        let engine = match regex::Regex::new(&whole) {
            Ok(regex) => Engine::Linear(regex),
            Err(_) => match fancy_regex::Regex::new(&whole) {
                Ok(regex) => Engine::Backtracking(regex),
                Err(error) => {
                    // Compiled alone, it is told where it is wrong as the user counts.
                    let error = fancy_regex::Regex::new(pattern).err().unwrap_or(error);
                    return Err(wrong_pattern(pattern, &error.to_string()).at(span));
                }
            },
        };
        Ok(Pattern { engine, span })
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> Result<bool> {
        match &self.engine {
            Engine::Linear(regex) => Ok(regex.is_match(text)),
            Engine::Backtracking(regex) => regex.is_match(text).map_err(|error| {
                Error::runtime(Kind::Limit, Detail::TooLarge, format!("The regular expression gave up: {error}"))
                    .at(self.span)
            }),
        }
    }
}

fn wrong_pattern(pattern: &str, why: &str) -> Error {
    Error::runtime(
        Kind::Syntax,
        Detail::InvalidRegularExpression,
        format!("Invalid regular expression '{pattern}': {why}"),
    )
}

/// `text =~ pattern` with a pattern that comes with the row; the last one is kept compiled.
fn matches(text: &str, pattern: &str) -> Result<bool> {
    thread_local! {
        static LAST: RefCell<Option<(String, Rc<Pattern>)>> = const { RefCell::new(None) };
    }
    let known = LAST.with_borrow(|last| match last {
        Some((text, compiled)) if text == pattern => Some(compiled.clone()),
        _ => None,
    });
    let compiled = match known {
        Some(compiled) => compiled,
        None => {
            let compiled = Rc::new(Pattern::new(pattern, Span::default())?);
            LAST.set(Some((pattern.to_owned(), compiled.clone())));
            compiled
        }
    };
    compiled.matches(text)
}
