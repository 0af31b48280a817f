//! Accumulators of `$group`, `$bucket`, `$setWindowFields` (MongoDB manual, "Accumulators").

mod collect;
mod extremes;
mod function;
mod numeric;
pub(crate) mod percentile;
mod position;
mod ranking;

use crate::doc::expression::{Expression, Variables, type_name};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use crate::value::collation::Collation;
use crate::value::view::DocumentView;
use bson::{Bson, Document};

/// Which accumulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as the manual names it")]
pub(crate) enum Kind {
    Sum,
    Average,
    Min,
    Max,
    First,
    Last,
    Push,
    AddToSet,
    Count,
    StdDevPop,
    StdDevSamp,
    MergeObjects,
    FirstN,
    LastN,
    MinN,
    MaxN,
    Top,
    Bottom,
    TopN,
    BottomN,
    Median,
    Percentile,
    ConcatArrays,
    SetUnion,
}

/// The names of all accumulators.
pub(crate) const NAMES: &[(&str, Kind)] = &[
    ("$addToSet", Kind::AddToSet),
    ("$avg", Kind::Average),
    ("$bottom", Kind::Bottom),
    ("$bottomN", Kind::BottomN),
    ("$concatArrays", Kind::ConcatArrays),
    ("$count", Kind::Count),
    ("$first", Kind::First),
    ("$firstN", Kind::FirstN),
    ("$last", Kind::Last),
    ("$lastN", Kind::LastN),
    ("$max", Kind::Max),
    ("$maxN", Kind::MaxN),
    ("$median", Kind::Median),
    ("$mergeObjects", Kind::MergeObjects),
    ("$min", Kind::Min),
    ("$minN", Kind::MinN),
    ("$percentile", Kind::Percentile),
    ("$push", Kind::Push),
    ("$setUnion", Kind::SetUnion),
    ("$stdDevPop", Kind::StdDevPop),
    ("$stdDevSamp", Kind::StdDevSamp),
    ("$sum", Kind::Sum),
    ("$top", Kind::Top),
    ("$topN", Kind::TopN),
];

/// What is fed to an accumulator for one document.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// The argument's value.
    pub value: Option<Bson>,
    /// The sort key, for `$top` and its kin.
    pub key: Vec<u8>,
}

impl Input {
    /// A value without a key.
    pub fn value(value: Option<Bson>) -> Input {
        Input { value, key: Vec::new() }
    }
}

/// A compiled accumulator.
#[derive(Debug, Clone)]
pub(crate) struct Accumulator {
    /// The functions of `$accumulator`.
    functions: Option<function::Functions>,
    kind: Kind,
    input: Expression,
    n: Option<Expression>,
    sort: Option<SortSpec>,
    points: Option<Expression>,
}

impl Accumulator {
    /// Compiles `{$sum: …}`'s name and argument; `None` if there is no such accumulator.
    ///
    /// # Errors
    /// Wrong arguments.
    pub fn parse(name: &str, argument: &Bson, declared: &[String]) -> Result<Option<Accumulator>> {
        let argument = match argument {
            Bson::Array(items) => match items.as_slice() {
                [one] => one,
                _ => {
                    return Err(Error::new(
                        Code::Location(40237),
                        format!("The {name} accumulator is a unary operator"),
                    ));
                }
            },
            other => other,
        };
        Accumulator::parse_operand(name, argument, declared)
    }

    /// As [`Accumulator::parse`], an array being an array and not a list of arguments.
    ///
    /// # Errors
    /// Wrong arguments.
    pub fn parse_operand(name: &str, argument: &Bson, declared: &[String]) -> Result<Option<Accumulator>> {
        if name == "$accumulator" {
            return Accumulator::of_functions(argument, declared).map(Some);
        }
        let Some((name, kind)) = NAMES.iter().find(|(known, _)| *known == name) else { return Ok(None) };
        let expression = |value: &Bson| Expression::parse_with(value, declared);
        let mut accumulator = Accumulator {
            functions: None,
            kind: *kind,
            input: Expression::constant(Bson::Int32(1)),
            n: None,
            sort: None,
            points: None,
        };
        match kind {
            Kind::Count => {
                if !matches!(argument, Bson::Document(document) if document.is_empty()) {
                    return Err(Error::type_mismatch("$count takes no arguments, i.e. $count:{}"));
                }
            }
            Kind::FirstN | Kind::LastN | Kind::MinN | Kind::MaxN => {
                let fields = fields(name, argument, &["n", "input"])?;
                accumulator.n = Some(expression(required(name, fields, "n")?)?);
                accumulator.input = expression(required(name, fields, "input")?)?;
            }
            Kind::Top | Kind::Bottom | Kind::TopN | Kind::BottomN => {
                let several = matches!(kind, Kind::TopN | Kind::BottomN);
                let known: &[&str] = if several { &["n", "output", "sortBy"] } else { &["output", "sortBy"] };
                let fields = fields(name, argument, known)?;
                if several {
                    accumulator.n = Some(expression(required(name, fields, "n")?)?);
                }
                accumulator.input = expression(required(name, fields, "output")?)?;
                let Bson::Document(sort) = required(name, fields, "sortBy")? else {
                    return Err(Error::new(Code::Location(10065), "invalid parameter: expected an object (sortBy)"));
                };
                accumulator.sort = Some(SortSpec::of_stage(sort)?);
            }
            Kind::Median | Kind::Percentile => {
                let known: &[&str] =
                    if *kind == Kind::Median { &["input", "method"] } else { &["input", "p", "method"] };
                let fields = fields(name, argument, known)?;
                accumulator.input = expression(required(name, fields, "input")?)?;
                percentile::check_method(name, Some(required(name, fields, "method")?))?;
                let points = if *kind == Kind::Median {
                    Bson::Array(vec![Bson::Double(0.5)])
                } else {
                    required(name, fields, "p")?.clone()
                };
                accumulator.points = Some(expression(&points)?);
            }
            _ => {
                accumulator.input = expression(argument)?;
            }
        }
        if let Some(n) = accumulator.n.as_ref().and_then(Expression::as_constant) {
            checked_count(name, Some(n))?;
        }
        Ok(Some(accumulator))
    }

    /// `$accumulator`
    fn of_functions(argument: &Bson, declared: &[String]) -> Result<Accumulator> {
        let name = "$accumulator";
        let fields = fields(name, argument, function::FIELDS)?;
        let expression = |value: &Bson| Expression::parse_with(value, declared);
        Ok(Accumulator {
            functions: Some(function::Functions::parse(fields)?),
            kind: Kind::Push,
            input: expression(required(name, fields, "accumulateArgs")?)?,
            n: fields.get("initArgs").map(expression).transpose()?,
            sort: None,
            points: None,
        })
    }

    /// An empty state for a group.
    ///
    /// # Errors
    /// `n` is no positive integer.
    pub fn start(&self, key: &Document, variables: &Variables) -> Result<State> {
        if let Some(functions) = &self.functions {
            let args = match &self.n {
                Some(args) => args.evaluate(key, variables)?,
                None => None,
            };
            return Ok(State::Function(functions.start(args)?));
        }
        let n = match &self.n {
            Some(n) => checked_count(self.name(), n.evaluate(key, variables)?.as_ref())?,
            None => 1,
        };
        let mut state = State::new(self.kind, n);
        state.set_collation(variables.collation.as_ref());
        if let Some(points) = &self.points {
            state.set_points(percentile::points(points.evaluate(key, variables)?.as_ref())?);
        }
        Ok(state)
    }

    /// What a document feeds to it.
    ///
    /// # Errors
    /// The argument's.
    pub fn input<'d>(&self, document: impl Into<DocumentView<'d>>, variables: &Variables) -> Result<Input> {
        let document = document.into();
        let key = match &self.sort {
            Some(sort) => sort.key_under(variables.collation.as_ref(), document, &variables.metadata)?,
            None => Vec::new(),
        };
        Ok(Input { value: self.input.evaluate(document, variables)?, key })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self.kind).map_or("", |(name, _)| name)
    }
}

fn fields<'d>(name: &str, argument: &'d Bson, known: &[&str]) -> Result<&'d Document> {
    let Bson::Document(document) = argument else {
        return Err(Error::new(
            Code::Location(5_787_900),
            format!("specification must be an object; found {name}: {argument}"),
        ));
    };
    match document.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            Err(Error::new(Code::Location(5_787_901), format!("Unknown argument for '{name}' operator: {key}")))
        }
        None => Ok(document),
    }
}

fn required<'d>(name: &str, document: &'d Document, field: &str) -> Result<&'d Bson> {
    document
        .get(field)
        .ok_or_else(|| Error::new(Code::Location(5_787_906), format!("Missing value for '{field}' in {name}")))
}

/// The `n` of `$firstN` and its kin: a positive integer.
///
/// # Errors
/// It is not.
pub(crate) fn checked_count(name: &str, value: Option<&Bson>) -> Result<usize> {
    let number = match value {
        Some(Bson::Int32(number)) => Some(i64::from(*number)),
        Some(Bson::Int64(number)) => Some(*number),
        Some(Bson::Double(number)) if number.fract() == 0.0 && number.abs() < 9e18 => Some(*number as i64),
        Some(Bson::Decimal128(number)) => crate::value::decimal::Decimal::from_bson(*number).to_i64_exact(),
        _ => None,
    };
    let Some(number) = number else {
        return Err(Error::new(
            Code::Location(5_787_902),
            format!("Value for 'n' must be of integral type, but found {} in {name}", type_name(value)),
        ));
    };
    match usize::try_from(number) {
        Ok(count) if count > 0 => Ok(count),
        _ => {
            Err(Error::new(Code::Location(5_787_908), format!("'n' must be greater than 0, found {number} in {name}")))
        }
    }
}

/// A running accumulator.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// `$sum`, `$count`, `$avg`
    Total(numeric::Total),
    /// `$stdDevPop`, `$stdDevSamp`
    Deviation(numeric::Deviation),
    /// `$min`, `$max`, `$minN`, `$maxN`
    Extremes(extremes::Extremes),
    /// `$first`, `$last`, `$firstN`, `$lastN`
    Position(position::Position),
    /// `$push`, `$addToSet`, `$concatArrays`, `$setUnion`, `$mergeObjects`
    Collect(collect::Collect),
    /// `$top`, `$bottom`, `$topN`, `$bottomN`
    Ranking(ranking::Ranking),
    /// `$median`, `$percentile`
    Percentile(percentile::Percentile),
    /// `$accumulator`
    Function(function::Running),
}

impl State {
    /// An empty state that keeps `n` values where the accumulator keeps several.
    pub fn new(kind: Kind, n: usize) -> State {
        match kind {
            Kind::Sum | Kind::Count | Kind::Average => State::Total(numeric::Total::new(kind == Kind::Average)),
            Kind::StdDevPop | Kind::StdDevSamp => State::Deviation(numeric::Deviation::new(kind == Kind::StdDevSamp)),
            Kind::Min | Kind::Max | Kind::MinN | Kind::MaxN => State::Extremes(extremes::Extremes::new(kind, n)),
            Kind::First | Kind::Last | Kind::FirstN | Kind::LastN => State::Position(position::Position::new(kind, n)),
            Kind::Push | Kind::AddToSet | Kind::ConcatArrays | Kind::SetUnion | Kind::MergeObjects => {
                State::Collect(collect::Collect::new(kind))
            }
            Kind::Top | Kind::Bottom | Kind::TopN | Kind::BottomN => State::Ranking(ranking::Ranking::new(kind, n)),
            Kind::Median | Kind::Percentile => State::Percentile(percentile::Percentile::new(kind == Kind::Median)),
        }
    }

    /// Strings compare so.
    pub fn set_collation(&mut self, collation: Option<&Collation>) {
        match self {
            State::Extremes(state) => state.collation = collation.cloned(),
            State::Collect(state) => state.collation = collation.cloned(),
            _ => {}
        }
    }

    fn set_points(&mut self, points: Vec<f64>) {
        if let State::Percentile(state) = self {
            state.points = points;
        }
    }

    /// Takes one document's input in.
    ///
    /// # Errors
    /// The input is of a type that the accumulator refuses.
    pub fn add(&mut self, input: Input) -> Result<()> {
        match self {
            State::Total(state) => state.add(input.value.as_ref()),
            State::Deviation(state) => state.add(input.value.as_ref()),
            State::Extremes(state) => state.add(input.value),
            State::Position(state) => state.add(input.value),
            State::Collect(state) => return state.add(input.value),
            State::Ranking(state) => state.add(input),
            State::Percentile(state) => state.add(input.value.as_ref()),
            State::Function(state) => return state.add(input.value),
        }
        Ok(())
    }

    /// About how many bytes it takes beside itself.
    pub fn bytes(&self) -> usize {
        match self {
            State::Total(_) | State::Deviation(_) | State::Function(_) => 0,
            State::Extremes(state) => state.bytes(),
            State::Position(state) => state.bytes(),
            State::Collect(state) => state.bytes(),
            State::Ranking(state) => state.bytes(),
            State::Percentile(state) => state.bytes(),
        }
    }

    /// The result so far; `None` is missing.
    ///
    /// # Errors
    /// The result is too large.
    pub fn value(&self) -> Result<Option<Bson>> {
        Ok(match self {
            State::Total(state) => Some(state.value()),
            State::Deviation(state) => Some(state.value()),
            State::Extremes(state) => Some(state.value()),
            State::Position(state) => state.value(),
            State::Collect(state) => Some(state.value()),
            State::Ranking(state) => Some(state.value()),
            State::Percentile(state) => Some(state.value()),
            State::Function(state) => Some(state.value()?),
        })
    }
}
