//! Window functions: the accumulators over a window, ranks, shifts, fills, and the calculus of series.

use super::super::accumulator::{Accumulator, State};
use super::super::pipeline::Scope;
use super::super::row::Variation;
use super::Partition;
use super::bounds::{Window, argument, unit};
use crate::doc::expression::number::Number;
use crate::doc::expression::{Expression, Unit, Variables};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use crate::value::decimal::Decimal;
use crate::value::order::is_nullish;
use bson::{Bson, Document};

/// A compiled window function.
#[derive(Debug, Clone)]
pub(super) enum Function {
    Accumulate(Box<Accumulator>),
    Rank { dense: bool },
    DocumentNumber,
    Shift { output: Expression, by: i64, default: Expression },
    CarryForward(Expression),
    LinearFill(Expression),
    MovingAverage { input: Expression, weight: f64 },
    Derivative { input: Expression, by: Expression, unit: Option<Unit> },
    Integral { input: Expression, by: Expression, unit: Option<Unit> },
    Covariance { x: Expression, y: Expression, sample: bool },
}

fn failed(message: impl Into<String>) -> Error {
    Error::failed_to_parse(message)
}

/// Compiles `{$function: argument, window: …}`.
pub(super) fn parse(spec: &Document, sort: Option<&SortSpec>, scope: &Scope) -> Result<(Function, Window)> {
    let mut function = None;
    for (name, value) in spec {
        if name == "window" {
            continue;
        }
        if !name.starts_with('$') {
            return Err(failed(format!("Window function found an unknown argument: {name}")));
        }
        if function.replace((name, value)).is_some() {
            return Err(failed("Cannot specify two functions in window function spec"));
        }
    }
    let (name, value) = function.ok_or_else(|| failed("Expected a $-prefixed window function"))?;
    let expression = |value: &Bson| Expression::parse_with(value, &scope.declared);
    let window_field = spec.get("window");
    let no_window = || match window_field {
        None => Ok(Window::Whole),
        Some(_) => Err(failed(format!("{name} does not accept a 'window' field"))),
    };
    let sorted = |number: i32| {
        sort.ok_or_else(|| {
            Error::new(Code::Location(number), format!("{name} must be specified with a top level sortBy expression"))
        })
    };
    let single = |number: i32| match sort {
        Some(sort) if sort.fields().len() == 1 => Ok(sort),
        _ => Err(Error::new(
            Code::Location(number),
            format!("{name} must be specified with a top level sortBy expression with exactly one element"),
        )),
    };
    // The sort key as a value: what series are measured along.
    let along = |sort: &SortSpec| {
        let path = sort.single_path().ok_or_else(|| failed(format!("{name} requires a sortBy on a field")))?;
        Expression::parse(&Bson::String(format!("${}", path.as_str())))
    };
    let no_arguments = || match value {
        Bson::Document(document) if document.is_empty() => Ok(()),
        _ => Err(Error::new(Code::Location(5_371_603), format!("{name} must be specified with '{{}}' as the value"))),
    };
    match name.as_str() {
        "$rank" | "$denseRank" => {
            no_arguments()?;
            single(5_371_602)?;
            Ok((Function::Rank { dense: name == "$denseRank" }, no_window()?))
        }
        "$documentNumber" => {
            no_arguments()?;
            single(5_371_602)?;
            Ok((Function::DocumentNumber, no_window()?))
        }
        "$shift" => {
            sorted(5_371_600)?;
            let fields = argument(name, value, &["output", "by", "default"])?;
            let output = fields.get("output").ok_or_else(|| failed("$shift requires an 'output' expression."))?;
            let by = match fields.get("by") {
                Some(by) => integer(by)
                    .filter(|by| i32::try_from(*by).is_ok())
                    .ok_or_else(|| failed("'$shift:by' field must be an integer"))?,
                None => return Err(failed("$shift requires 'by' as an integer value.")),
            };
            let default = match fields.get("default") {
                Some(default) => {
                    let default = expression(default)?;
                    if default.as_constant().is_none() {
                        return Err(failed("'$shift:default' expression must yield a constant value."));
                    }
                    default
                }
                None => Expression::constant(Bson::Null),
            };
            Ok((Function::Shift { output: expression(output)?, by, default }, no_window()?))
        }
        "$locf" => Ok((Function::CarryForward(expression(value)?), no_window()?)),
        "$linearFill" => {
            single(605_001)?;
            Ok((Function::LinearFill(expression(value)?), no_window()?))
        }
        "$expMovingAvg" => {
            sorted(5_433_601)?;
            let fields = argument(name, value, &["input", "N", "alpha"])?;
            let input = fields.get("input").ok_or_else(|| failed("$expMovingAvg requires 'input'"))?;
            let weight = match (fields.get("N"), fields.get("alpha")) {
                (Some(n), None) => match integer(n) {
                    Some(n) if n > 0 => 2.0 / (n as f64 + 1.0),
                    _ => return Err(failed("'N' field must be an integer greater than 0")),
                },
                (None, Some(alpha)) => match Number::of(alpha).map(Number::to_f64) {
                    Some(alpha) if alpha > 0.0 && alpha < 1.0 => alpha,
                    _ => return Err(failed("'alpha' must be between 0 and 1 (exclusive)")),
                },
                _ => return Err(failed("$expMovingAvg sub object must have exactly one of 'N' and 'alpha'")),
            };
            Ok((Function::MovingAverage { input: expression(input)?, weight }, no_window()?))
        }
        "$derivative" | "$integral" => {
            let by = along(single(5_490_700)?)?;
            let fields = argument(name, value, &["input", "unit"])?;
            let input = expression(
                fields.get("input").ok_or_else(|| failed(format!("{name} requires an 'input' expression")))?,
            )?;
            let unit = unit(fields.get("unit"))?;
            if matches!(unit, Some(Unit::Months(_))) {
                return Err(Error::new(Code::Location(5_490_704), "unit must be 'week' or smaller"));
            }
            let window = Window::parse(window_field, sort)?;
            if name == "$derivative" {
                if window_field.is_none() {
                    return Err(failed("$derivative requires explicit window bounds"));
                }
                return Ok((Function::Derivative { input, by, unit }, window));
            }
            Ok((Function::Integral { input, by, unit }, window))
        }
        "$covariancePop" | "$covarianceSamp" => {
            let pair = match value {
                Bson::Array(items) => match items.as_slice() {
                    [x, y] => Some((x, y)),
                    _ => None,
                },
                _ => None,
            };
            let (x, y) = pair.ok_or_else(|| failed(format!("{name} expects an array of two expressions")))?;
            let function =
                Function::Covariance { x: expression(x)?, y: expression(y)?, sample: name == "$covarianceSamp" };
            Ok((function, Window::parse(window_field, sort)?))
        }
        _ => match Accumulator::parse_operand(name, value, &scope.declared)? {
            Some(accumulator) => Ok((Function::Accumulate(Box::new(accumulator)), Window::parse(window_field, sort)?)),
            None => Err(failed(format!("Unrecognized window function, {name}"))),
        },
    }
}

fn integer(value: &Bson) -> Option<i64> {
    match Number::of(value)? {
        Number::Double(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(number as i64),
        Number::Decimal(number) => number.to_i64_exact(),
        other => other.integer(),
    }
}

type Column = Vec<Option<Bson>>;

impl Function {
    /// The function's value for each row of a partition.
    ///
    /// # Errors
    /// The expressions'.
    pub fn evaluate(&self, window: &Window, partition: &Partition, variables: &Variables) -> Result<Column> {
        let mut at_row = Variation::new(variables);
        let mut column = |expression: &Expression| -> Result<Column> {
            partition.rows.iter().map(|row| expression.evaluate(&row.document, at_row.at(row))).collect()
        };
        let count = partition.rows.len();
        Ok(match self {
            Function::Accumulate(accumulator) => accumulate(accumulator, window, partition, variables)?,
            Function::Rank { dense } => {
                let mut rank = 0i64;
                let mut distinct = 0i64;
                (0..count)
                    .map(|at| {
                        let same = at > 0 && partition.keys.get(at - 1) == partition.keys.get(at);
                        if !same {
                            rank = at as i64 + 1;
                            distinct += 1;
                        }
                        Some(Bson::Int64(if *dense { distinct } else { rank }))
                    })
                    .collect()
            }
            Function::DocumentNumber => (1..=count).map(|number| Some(Bson::Int64(number as i64))).collect(),
            Function::Shift { output, by, default } => {
                let values = column(output)?;
                let default = default.as_constant().cloned();
                (0..count as i64)
                    .map(|at| {
                        let place = usize::try_from(at.saturating_add(*by)).ok();
                        match place.and_then(|place| values.get(place)) {
                            Some(value) => Some(value.clone().unwrap_or(Bson::Null)),
                            None => default.clone(),
                        }
                    })
                    .collect()
            }
            Function::CarryForward(input) => {
                let mut last = Bson::Null;
                column(input)?
                    .into_iter()
                    .map(|value| {
                        if let Some(value) = value.filter(|value| !is_nullish(Some(value))) {
                            last = value;
                        }
                        Some(last.clone())
                    })
                    .collect()
            }
            Function::LinearFill(input) => linear_fill(column(input)?, partition)?,
            Function::MovingAverage { input, weight } => moving_average(column(input)?, *weight),
            Function::Derivative { input, by, unit } => {
                let (values, along) = (column(input)?, column(by)?);
                (0..count)
                    .map(|at| derivative(window.rows(partition, at)?, &values, &along, *unit))
                    .collect::<Result<_>>()?
            }
            Function::Integral { input, by, unit } => {
                let (values, along) = (column(input)?, column(by)?);
                (0..count)
                    .map(|at| integral(window.rows(partition, at)?, &values, &along, *unit))
                    .collect::<Result<_>>()?
            }
            Function::Covariance { x, y, sample } => {
                let (xs, ys) = (column(x)?, column(y)?);
                (0..count)
                    .map(|at| Ok(Some(covariance(window.rows(partition, at)?, &xs, &ys, *sample))))
                    .collect::<Result<_>>()?
            }
        })
    }
}

fn accumulate(
    accumulator: &Accumulator,
    window: &Window,
    partition: &Partition,
    variables: &Variables,
) -> Result<Column> {
    let mut at_row = Variation::new(variables);
    let inputs = partition
        .rows
        .iter()
        .map(|row| accumulator.input(&row.document, at_row.at(row)))
        .collect::<Result<Vec<_>>>()?;
    let empty = Document::new();
    let fresh = || accumulator.start(&empty, variables);
    let mut state: State = fresh()?;
    let mut covered = 0..0;
    let mut column = Vec::with_capacity(inputs.len());
    let mut answer: Option<(std::ops::Range<usize>, Option<Bson>)> = None;
    for at in 0..inputs.len() {
        let rows = window.rows(partition, at)?;
        if let Some((before, value)) = &answer
            && *before == rows
        {
            column.push(value.clone());
            continue;
        }
        // A window that only grows at its end is carried on; any other is begun anew.
        if rows.start != covered.start || rows.end < covered.end {
            state = fresh()?;
            covered = rows.start..rows.start;
        }
        for input in inputs.get(covered.end..rows.end).unwrap_or_default() {
            state.add(input.clone())?;
        }
        covered = rows.clone();
        let value = Some(state.value()?.unwrap_or(Bson::Null));
        column.push(value.clone());
        answer = Some((rows, value));
    }
    Ok(column)
}

/// Number or date as a position along an axis: dates in milliseconds.
fn position(value: Option<&Bson>, what: &str) -> Result<Option<f64>> {
    match value {
        value if is_nullish(value) => Ok(None),
        Some(Bson::DateTime(date)) => Ok(Some(date.timestamp_millis() as f64)),
        Some(value) => match Number::of(value) {
            Some(number) => Ok(Some(number.to_f64())),
            None => Err(Error::type_mismatch(format!("{what} must be a number or a date"))),
        },
        None => Ok(None),
    }
}

fn linear_fill(values: Column, partition: &Partition) -> Result<Column> {
    let is_date = |value: &&Bson| matches!(value, Bson::DateTime(_));
    let along: Vec<&Bson> = partition.axis.iter().filter(|value| !is_nullish(Some(value))).collect();
    let dates = along.iter().filter(|value| is_date(value)).count();
    if dates > 0 && dates < along.len() {
        return Err(Error::type_mismatch(
            "The sortBy field of $linearFill must be either numeric or a date, but not both",
        ));
    }
    let axis: Vec<Option<f64>> = partition
        .axis
        .iter()
        .map(|value| position(Some(value), "the sortBy field of $linearFill"))
        .collect::<Result<_>>()?;
    if axis.windows(2).any(|pair| pair[0].is_some() && pair[0] == pair[1]) {
        return Err(Error::new(
            Code::Location(6_050_106),
            "There can be no repeated values in the sort field of $linearFill",
        ));
    }
    let known: Vec<(usize, Number)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| match value.as_ref() {
            value if is_nullish(value) => None,
            Some(value) => Some(
                Number::of(value)
                    .map(|number| (at, number))
                    .ok_or_else(|| Error::type_mismatch("$linearFill requires numeric values")),
            ),
            None => None,
        })
        .collect::<Result<_>>()?;
    let mut filled: Column = values.iter().map(|value| Some(value.clone().unwrap_or(Bson::Null))).collect();
    for pair in known.windows(2) {
        let [(left, y1), (right, y2)] = pair else { continue };
        let (Some(Some(x1)), Some(Some(x2))) = (axis.get(*left), axis.get(*right)) else { continue };
        for at in left + 1..*right {
            if let (Some(slot), Some(Some(x))) = (filled.get_mut(at), axis.get(at)) {
                let share = (x - x1) / (x2 - x1);
                let value = if matches!((y1, y2), (Number::Decimal(_), _) | (_, Number::Decimal(_))) {
                    let step = y2.subtract(*y1).multiply(Number::Decimal(Decimal::from_f64(share, 34)));
                    y1.add(step)
                } else {
                    Number::Double(y1.to_f64() + (y2.to_f64() - y1.to_f64()) * share)
                };
                *slot = Some(value.into());
            }
        }
    }
    Ok(filled)
}

fn moving_average(values: Column, weight: f64) -> Column {
    let mut average: Option<Number> = None;
    values
        .into_iter()
        .map(|value| {
            let Some(number) = value.as_ref().and_then(Number::of) else {
                return Some(average.map_or(Bson::Null, Bson::from));
            };
            let next = match average {
                None => number,
                Some(before) => {
                    let decimal = matches!(number, Number::Decimal(_)) || matches!(before, Number::Decimal(_));
                    if decimal {
                        let weight = Number::Decimal(Decimal::from_f64(weight, 34));
                        let rest = Number::Int(1).subtract(weight);
                        number.multiply(weight).add(before.multiply(rest))
                    } else {
                        Number::Double(number.to_f64() * weight + before.to_f64() * (1.0 - weight))
                    }
                }
            };
            average = Some(next);
            Some(next.into())
        })
        .collect()
}

fn milliseconds(unit: Option<Unit>) -> f64 {
    match unit {
        Some(Unit::Exact(length)) => length as f64,
        Some(Unit::Day) => 86_400_000.0,
        Some(Unit::Week) => 604_800_000.0,
        _ => 1.0,
    }
}

fn axis(value: Option<&Bson>, unit: Option<Unit>) -> Result<Option<f64>> {
    match value {
        Some(Bson::DateTime(_)) if unit.is_none() => {
            Err(Error::new(Code::Location(5_624_901), "the sortBy is a Date: a 'unit' is required"))
        }
        Some(Bson::DateTime(_)) | None => position(value, "the sortBy field"),
        Some(_) if unit.is_some() => {
            Err(Error::new(Code::Location(5_624_900), "with 'unit' the sortBy must be a Date"))
        }
        value => position(value, "the sortBy field"),
    }
}

fn derivative(
    rows: std::ops::Range<usize>,
    values: &Column,
    along: &Column,
    unit: Option<Unit>,
) -> Result<Option<Bson>> {
    if rows.len() < 2 {
        return Ok(Some(Bson::Null));
    }
    let (first, last) = (rows.start, rows.end - 1);
    let number = |at: usize| values.get(at).and_then(Option::as_ref).and_then(Number::of);
    let place = |at: usize| axis(along.get(at).and_then(Option::as_ref), unit);
    let (Some(y1), Some(y2)) = (number(first), number(last)) else { return Ok(Some(Bson::Null)) };
    let (Some(x1), Some(x2)) = (place(first)?, place(last)?) else { return Ok(Some(Bson::Null)) };
    if x1 == x2 {
        return Ok(Some(Bson::Null));
    }
    let rise = y2.subtract(y1);
    Ok(Some(match rise {
        Number::Decimal(rise) => {
            let run = Decimal::from_f64((x2 - x1) / milliseconds(unit), 17);
            Number::Decimal(rise.divide(run)).into()
        }
        rise => Bson::Double(rise.to_f64() / ((x2 - x1) / milliseconds(unit))),
    }))
}

fn integral(rows: std::ops::Range<usize>, values: &Column, along: &Column, unit: Option<Unit>) -> Result<Option<Bson>> {
    let mut points = Vec::with_capacity(rows.len());
    for at in rows {
        let y = values.get(at).and_then(Option::as_ref).and_then(Number::of);
        let x = axis(along.get(at).and_then(Option::as_ref), unit)?;
        match (x, y) {
            (Some(x), Some(y)) => points.push((x, y.to_f64())),
            _ => {
                return Err(Error::new(
                    Code::Location(5_423_900),
                    "The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.",
                ));
            }
        }
    }
    if points.is_empty() {
        return Ok(Some(Bson::Null));
    }
    let area = points.windows(2).fold(0.0, |area, pair| match pair {
        [(x1, y1), (x2, y2)] => area + (x2 - x1) * (y1 + y2) / 2.0,
        _ => area,
    });
    Ok(Some(Bson::Double(area / milliseconds(unit))))
}

fn covariance(rows: std::ops::Range<usize>, xs: &Column, ys: &Column, sample: bool) -> Bson {
    let pairs: Vec<(f64, f64)> = rows
        .filter_map(|at| {
            let number = |column: &Column| column.get(at)?.as_ref().and_then(Number::of).map(Number::to_f64);
            Some((number(xs)?, number(ys)?))
        })
        .collect();
    let count = pairs.len() as f64;
    let divisor = if sample { count - 1.0 } else { count };
    if divisor <= 0.0 {
        return Bson::Null;
    }
    let (mut mean_x, mut mean_y, mut moment, mut seen) = (0.0, 0.0, 0.0, 0.0);
    for (x, y) in pairs {
        seen += 1.0;
        let delta = x - mean_x;
        mean_x += delta / seen;
        mean_y += (y - mean_y) / seen;
        moment += delta * (y - mean_y);
    }
    Bson::Double(moment / divisor)
}
