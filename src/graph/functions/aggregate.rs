//! Aggregate functions: what they gather from row to row and what they answer at the end.
//!
//! Nulls are skipped. Without rows, counts and sums are 0, `collect` is empty, the standard
//! deviations are 0.0 and the others null (Neo4j Cypher manual, "Aggregating functions").

use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::{GroupKey, Value, compare_order};
use crate::value::temporal::{Duration, Temporal};
use std::cmp::Ordering;
use std::collections::HashSet;

/// The aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// `count(*)`: rows.
    CountStar,
    /// `count(x)`: values that are not null.
    Count,
    /// `sum(x)` of numbers or durations.
    Sum,
    /// `avg(x)` of numbers or durations.
    Avg,
    /// `min(x)` in the order of ORDER BY.
    Min,
    /// `max(x)` in the order of ORDER BY.
    Max,
    /// `collect(x)`
    Collect,
    /// `percentileCont(x, p)`: interpolates.
    PercentileCont,
    /// `percentileDisc(x, p)`: the nearest value.
    PercentileDisc,
    /// `stDev(x)` of a sample.
    StDev,
    /// `stDevP(x)` of a whole population.
    StDevP,
}

impl AggregateKind {
    /// The aggregate function of a name, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        const NAMES: [(&str, AggregateKind); 10] = [
            ("count", AggregateKind::Count),
            ("sum", AggregateKind::Sum),
            ("avg", AggregateKind::Avg),
            ("min", AggregateKind::Min),
            ("max", AggregateKind::Max),
            ("collect", AggregateKind::Collect),
            ("percentilecont", AggregateKind::PercentileCont),
            ("percentiledisc", AggregateKind::PercentileDisc),
            ("stdev", AggregateKind::StDev),
            ("stdevp", AggregateKind::StDevP),
        ];
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
    }

    /// Its name as the manual spells it.
    pub const fn name(self) -> &'static str {
        match self {
            AggregateKind::CountStar | AggregateKind::Count => "count",
            AggregateKind::Sum => "sum",
            AggregateKind::Avg => "avg",
            AggregateKind::Min => "min",
            AggregateKind::Max => "max",
            AggregateKind::Collect => "collect",
            AggregateKind::PercentileCont => "percentileCont",
            AggregateKind::PercentileDisc => "percentileDisc",
            AggregateKind::StDev => "stDev",
            AggregateKind::StDevP => "stDevP",
        }
    }
}

/// What an aggregate function has gathered so far.
#[derive(Debug, Clone)]
pub struct Accumulator {
    kind: AggregateKind,
    seen: Option<HashSet<GroupKey>>,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    Count(i64),
    Sum(Sum),
    Best(Option<Value>),
    Collect(Vec<Value>),
    Percentile { values: Vec<Value>, fraction: Option<f64> },
    Deviation { count: f64, mean: f64, squares: f64 },
}

/// Integers are summed exactly; once a float comes the sum is a float.
#[derive(Debug, Clone, Default)]
struct Sum {
    count: i64,
    integers: i128,
    floats: f64,
    has_floats: bool,
    durations: Option<Duration>,
}

impl Accumulator {
    /// One that has seen no row.
    pub fn new(kind: AggregateKind, distinct: bool) -> Self {
        use AggregateKind as K;
        let state = match kind {
            K::CountStar | K::Count => State::Count(0),
            K::Sum | K::Avg => State::Sum(Sum::default()),
            K::Min | K::Max => State::Best(None),
            K::Collect => State::Collect(Vec::new()),
            K::PercentileCont | K::PercentileDisc => State::Percentile { values: Vec::new(), fraction: None },
            K::StDev | K::StDevP => State::Deviation { count: 0.0, mean: 0.0, squares: 0.0 },
        };
        Accumulator { kind, seen: distinct.then(HashSet::new), state }
    }

    /// Takes so many rows at once, for `count(*)`.
    pub fn count(&mut self, rows: i64) {
        if let State::Count(count) = &mut self.state {
            *count = count.saturating_add(rows);
        }
    }

    /// Whether it holds on to values.
    pub fn keeps_values(&self) -> bool {
        self.seen.is_some() || matches!(self.state, State::Collect(_) | State::Percentile { .. })
    }

    /// Takes the value of a row (anything for `count(*)`) and, for percentiles, the fraction; answers whether the
    /// value counts.
    pub fn update(&mut self, value: Value, extra: Option<&Value>) -> Result<bool> {
        if self.kind == AggregateKind::CountStar {
            if let State::Count(count) = &mut self.state {
                *count += 1;
            }
            return Ok(true);
        }
        if let State::Percentile { fraction, .. } = &mut self.state
            && fraction.is_none()
        {
            *fraction = Some(percentile_fraction(self.kind, extra)?);
        }
        if value.is_null() {
            return Ok(false);
        }
        if let Some(seen) = &mut self.seen
            && !seen.insert(GroupKey(value.clone()))
        {
            return Ok(false);
        }
        match &mut self.state {
            State::Count(count) => *count += 1,
            State::Sum(sum) => sum.add(self.kind, value)?,
            State::Best(best) => {
                let wanted = if self.kind == AggregateKind::Min { Ordering::Less } else { Ordering::Greater };
                if best.as_ref().is_none_or(|best| compare_order(&value, best) == wanted) {
                    *best = Some(value);
                }
            }
            State::Collect(values) => values.push(value),
            State::Percentile { values, .. } => {
                number(self.kind, &value)?;
                values.push(value);
            }
            State::Deviation { count, mean, squares } => {
                // Welford's method: no difference of large sums.
                let value = number(self.kind, &value)?;
                *count += 1.0;
                let before = value - *mean;
                *mean += before / *count;
                *squares += before * (value - *mean);
            }
        }
        Ok(true)
    }

    /// The answer.
    pub fn finish(self) -> Result<Value> {
        Ok(match self.state {
            State::Count(count) => Value::Int(count),
            State::Sum(sum) if self.kind == AggregateKind::Sum => sum.total()?,
            State::Sum(sum) => sum.average()?,
            State::Best(best) => best.unwrap_or(Value::Null),
            State::Collect(values) => Value::List(values),
            State::Percentile { values, fraction } => percentile(self.kind, values, fraction.unwrap_or(0.0)),
            State::Deviation { count, squares, .. } => {
                let divisor = if self.kind == AggregateKind::StDev { count - 1.0 } else { count };
                Value::Float(if divisor > 0.0 { (squares / divisor).sqrt() } else { 0.0 })
            }
        })
    }
}

impl Sum {
    fn add(&mut self, kind: AggregateKind, value: Value) -> Result<()> {
        let is_duration = matches!(value, Value::Temporal(Temporal::Duration(_)));
        if self.count > 0 && is_duration != self.durations.is_some() {
            return Err(Error::type_error(
                Detail::InvalidArgumentValue,
                format!("{}() cannot mix numbers and durations", kind.name()),
            ));
        }
        match value {
            Value::Int(value) => self.integers += i128::from(value),
            Value::Float(value) => {
                self.has_floats = true;
                self.floats += value;
            }
            Value::Temporal(Temporal::Duration(value)) => {
                let sum = self.durations.unwrap_or_default().plus(&value).map_err(out_of_range)?;
                self.durations = Some(sum);
            }
            other => return Err(no_number(kind, &other)),
        }
        self.count += 1;
        Ok(())
    }

    fn total(&self) -> Result<Value> {
        if let Some(sum) = self.durations {
            return Ok(Value::from(sum));
        }
        if self.has_floats {
            return Ok(Value::Float(self.floats + self.integers as f64));
        }
        i64::try_from(self.integers).map(Value::Int).map_err(|_| {
            Error::runtime(Kind::Arithmetic, Detail::IntegerOverflow, "The sum is beyond the range of integers")
        })
    }

    fn average(&self) -> Result<Value> {
        if self.count == 0 {
            return Ok(Value::Null);
        }
        if let Some(sum) = self.durations {
            return sum.times_float(1.0 / self.count as f64).map(Value::from).map_err(out_of_range);
        }
        Ok(Value::Float((self.floats + self.integers as f64) / self.count as f64))
    }
}

fn out_of_range(error: crate::value::temporal::TemporalError) -> Error {
    Error::runtime(Kind::Arithmetic, Detail::IntegerOverflow, error.to_string())
}

fn no_number(kind: AggregateKind, value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentValue,
        format!("{}() can only handle numbers, but got {}", kind.name(), value.type_name()),
    )
}

fn number(kind: AggregateKind, value: &Value) -> Result<f64> {
    match value {
        Value::Int(value) => Ok(*value as f64),
        Value::Float(value) => Ok(*value),
        other => Err(no_number(kind, other)),
    }
}

fn percentile_fraction(kind: AggregateKind, extra: Option<&Value>) -> Result<f64> {
    let fraction = match extra {
        Some(value) => number(kind, value)?,
        None => 0.0,
    };
    if (0.0..=1.0).contains(&fraction) {
        return Ok(fraction);
    }
    Err(Error::argument(
        Detail::NumberOutOfRange,
        format!("The percentile of {}() must be between 0.0 and 1.0, but is {fraction}", kind.name()),
    ))
}

fn percentile(kind: AggregateKind, mut values: Vec<Value>, fraction: f64) -> Value {
    values.sort_by(compare_order);
    let as_float = |value: &Value| match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        _ => f64::NAN,
    };
    let Some(last) = values.len().checked_sub(1) else { return Value::Null };
    if kind == AggregateKind::PercentileDisc {
        let place = fraction * values.len() as f64;
        let index = (place.ceil() as usize).saturating_sub(1).min(last);
        return values.swap_remove(index);
    }
    let place = fraction * last as f64;
    let (below, above) = (place.floor(), place.ceil());
    let value_at = |index: f64| values.get(index as usize).map_or(f64::NAN, as_float);
    Value::Float(if below == above {
        value_at(below)
    } else {
        value_at(below) * (above - place) + value_at(above) * (place - below)
    })
}
