//! The table of functions: names, arguments, what they answer.

use super::aggregate::AggregateKind;
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;
use crate::value::graph::Value;
use std::collections::HashMap;
use std::ops::BitOr;
use std::sync::LazyLock;

/// A set of value types; null belongs to every set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(u32);

#[allow(missing_docs)]
impl Types {
    pub const BOOLEAN: Types = Types(1);
    pub const INTEGER: Types = Types(1 << 1);
    pub const FLOAT: Types = Types(1 << 2);
    pub const STRING: Types = Types(1 << 3);
    pub const LIST: Types = Types(1 << 4);
    pub const MAP: Types = Types(1 << 5);
    pub const NODE: Types = Types(1 << 6);
    pub const RELATIONSHIP: Types = Types(1 << 7);
    pub const PATH: Types = Types(1 << 8);
    pub const DATE: Types = Types(1 << 9);
    pub const LOCAL_TIME: Types = Types(1 << 10);
    pub const TIME: Types = Types(1 << 11);
    pub const LOCAL_DATE_TIME: Types = Types(1 << 12);
    pub const DATE_TIME: Types = Types(1 << 13);
    pub const DURATION: Types = Types(1 << 14);
    pub const NUMBER: Types = Types(Types::INTEGER.0 | Types::FLOAT.0);
    pub const INSTANT: Types =
        Types(Types::DATE.0 | Types::LOCAL_TIME.0 | Types::TIME.0 | Types::LOCAL_DATE_TIME.0 | Types::DATE_TIME.0);
    pub const POINT: Types = Types(1 << 15);
    pub const ANY: Types = Types((1 << 16) - 1);
}

impl Types {
    /// Either set.
    pub const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// Whether the sets have a type in common.
    pub const fn intersects(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// The names of the types, for messages.
    pub fn describe(self) -> String {
        const NAMES: [&str; 16] = [
            "Boolean",
            "Integer",
            "Float",
            "String",
            "List",
            "Map",
            "Node",
            "Relationship",
            "Path",
            "Date",
            "LocalTime",
            "Time",
            "LocalDateTime",
            "DateTime",
            "Duration",
            "Point",
        ];
        if self == Types::ANY {
            return "Any".to_owned();
        }
        let names: Vec<&str> =
            NAMES.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| *name).collect();
        names.join(" | ")
    }
}

impl BitOr for Types {
    type Output = Types;
    fn bitor(self, other: Types) -> Types {
        self.or(other)
    }
}

/// What a function is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Gathers over rows.
    Aggregate,
    /// Takes one value, answers one.
    Scalar,
    /// Answers true, false or null.
    Predicate,
    /// About lists.
    List,
    /// About numbers.
    Numeric,
    /// Exponential and logarithmic.
    Logarithmic,
    /// Trigonometric.
    Trigonometric,
    /// About strings.
    String,
    /// About dates, times and durations.
    Temporal,
    /// About points.
    Spatial,
    /// About lists of numbers that are vectors.
    Vector,
    /// About the file being loaded.
    LoadCsv,
}

impl Group {
    /// Its name in `SHOW FUNCTIONS`.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Aggregate => "Aggregating",
            Group::Scalar => "Scalar",
            Group::Predicate => "Predicate",
            Group::List => "List",
            Group::Numeric => "Numeric",
            Group::Logarithmic => "Logarithmic",
            Group::Trigonometric => "Trigonometric",
            Group::String => "String",
            Group::Temporal => "Temporal",
            Group::Spatial => "Spatial",
            Group::Vector => "Vector",
            Group::LoadCsv => "Load CSV",
        }
    }
}

/// How a function is carried out.
pub(super) type Implementation = fn(&[&Value], &dyn EvalContext) -> Result<Value>;

/// A function: its name, its arguments, its answer.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// As the manual spells it; calls may use any case.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// The least number of arguments.
    pub min: usize,
    /// The greatest number of arguments; `usize::MAX` for no bound.
    pub max: usize,
    /// What each argument may be as far as it is known before the run; the last stands for all further
    /// ones.
    pub parameters: &'static [Types],
    /// What it answers.
    pub returns: Types,
    /// Equal arguments give equal answers within a statement.
    pub deterministic: bool,
    /// The aggregate function, if it is one.
    pub aggregate: Option<AggregateKind>,
    /// Any null argument makes the answer null.
    null_in_null_out: bool,
    implementation: Implementation,
}

impl Signature {
    /// A function of a fixed number of arguments that answers null if any of them is null.
    pub(super) const fn new(
        name: &'static str,
        group: Group,
        parameters: &'static [Types],
        returns: Types,
        implementation: Implementation,
    ) -> Self {
        Signature {
            name,
            group,
            min: parameters.len(),
            max: parameters.len(),
            parameters,
            returns,
            deterministic: true,
            aggregate: None,
            null_in_null_out: true,
            implementation,
        }
    }

    /// The last `count` arguments may be left out.
    pub(super) const fn optional(mut self, count: usize) -> Self {
        self.min -= count;
        self
    }

    /// The last argument may be repeated.
    pub(super) const fn variadic(mut self) -> Self {
        self.max = usize::MAX;
        self
    }

    /// Null arguments are the function's own business.
    pub(super) const fn sees_null(mut self) -> Self {
        self.null_in_null_out = false;
        self
    }

    /// Each call may answer something else.
    pub(super) const fn volatile(mut self) -> Self {
        self.deterministic = false;
        self
    }

    const fn aggregating(
        name: &'static str,
        kind: AggregateKind,
        parameters: &'static [Types],
        returns: Types,
    ) -> Self {
        let mut signature = Signature::new(name, Group::Aggregate, parameters, returns, |_, _| Ok(Value::Null));
        signature.aggregate = Some(kind);
        signature
    }

    /// Carries the function out. The number of arguments must have been checked.
    pub fn call(&self, args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
        if self.null_in_null_out && args.iter().any(|arg| arg.is_null()) {
            return Ok(Value::Null);
        }
        (self.implementation)(args, cx)
    }

    /// What argument number `index`, from 0, may be.
    pub fn parameter(&self, index: usize) -> Types {
        self.parameters.get(index).or(self.parameters.last()).copied().unwrap_or(Types::ANY)
    }

    /// Fails unless the function takes this many arguments.
    pub fn check_arity(&self, count: usize) -> Result<()> {
        if (self.min..=self.max).contains(&count) {
            return Ok(());
        }
        let expected = if self.max == usize::MAX {
            format!("at least {}", self.min)
        } else if self.min == self.max {
            self.min.to_string()
        } else {
            format!("{} to {}", self.min, self.max)
        };
        let which = if count < self.min { "Insufficient" } else { "Too many" };
        Err(Error::syntax(
            Detail::InvalidNumberOfArguments,
            format!("{which} parameters for function '{}': expected {expected}, but got {count}", self.name),
        )
        .hint(self.describe()))
    }

    /// Its form, such as `left(String, Integer) :: String`.
    pub fn describe(&self) -> String {
        let mut parameters: Vec<String> = self
            .parameters
            .iter()
            .enumerate()
            .map(|(index, types)| if index < self.min { types.describe() } else { format!("[{}]", types.describe()) })
            .collect();
        if self.max == usize::MAX {
            parameters.push("…".to_owned());
        }
        format!("{}({}) :: {}", self.name, parameters.join(", "), self.returns.describe())
    }
}

const AGGREGATES: &[Signature] = &[
    Signature::aggregating("count", AggregateKind::Count, &[Types::ANY], Types::INTEGER),
    Signature::aggregating("sum", AggregateKind::Sum, &[Types::ANY], Types::NUMBER.or(Types::DURATION)),
    Signature::aggregating("avg", AggregateKind::Avg, &[Types::ANY], Types::FLOAT.or(Types::DURATION)),
    Signature::aggregating("min", AggregateKind::Min, &[Types::ANY], Types::ANY),
    Signature::aggregating("max", AggregateKind::Max, &[Types::ANY], Types::ANY),
    Signature::aggregating("collect", AggregateKind::Collect, &[Types::ANY], Types::LIST),
    Signature::aggregating("percentileCont", AggregateKind::PercentileCont, &[Types::ANY, Types::ANY], Types::FLOAT),
    Signature::aggregating("percentileDisc", AggregateKind::PercentileDisc, &[Types::ANY, Types::ANY], Types::NUMBER),
    Signature::aggregating("stDev", AggregateKind::StDev, &[Types::ANY], Types::FLOAT),
    Signature::aggregating("stDevP", AggregateKind::StDevP, &[Types::ANY], Types::FLOAT),
];

/// All functions, aggregates included, by group.
pub fn all() -> impl Iterator<Item = &'static Signature> {
    [
        AGGREGATES,
        super::scalar::FUNCTIONS,
        super::conversion::FUNCTIONS,
        super::predicate::FUNCTIONS,
        super::list::FUNCTIONS,
        super::numeric::FUNCTIONS,
        super::trigonometric::FUNCTIONS,
        super::string::FUNCTIONS,
        super::spatial::FUNCTIONS,
        super::vector::FUNCTIONS,
        super::load_csv::FUNCTIONS,
    ]
    .into_iter()
    .chain(super::temporal::FUNCTIONS.iter().copied())
    .flatten()
}

/// The function of a name, in any case.
pub fn find(name: &str) -> Option<&'static Signature> {
    static BY_NAME: LazyLock<HashMap<String, &'static Signature>> =
        LazyLock::new(|| all().map(|signature| (signature.name.to_ascii_lowercase(), signature)).collect());
    BY_NAME.get(name.to_ascii_lowercase().as_str()).copied()
}

/// The error for a name that no function has, with the nearest names.
pub fn unknown(name: &str, span: Span) -> Error {
    let error = Error::compile(Kind::Syntax, Detail::UnknownFunction, format!("Unknown function '{name}'")).at(span);
    if let Some(hint) = crate::graph::elsewhere::function(name) {
        return error.hint(hint);
    }
    match crate::text::suggest::nearest(name, all().map(|signature| signature.name), 3).as_slice() {
        [] => error,
        near => error.hint(format!("Did you mean {}?", near.join(" or "))),
    }
}
