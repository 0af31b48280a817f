//! Sorted sets against sorted sets: ZUNION, ZINTER, ZDIFF, and the forms that store or count.
//!
//! Plain sets take part too, each member with the score 1.

use super::range::store;
use super::store::{Start, order};
use super::{Answer, Args, Context, Error, Resp, Result, Scored, SortedSet, list};
use crate::kv::fields::Fields;
use crate::kv::layout::Kind;
use crate::kv::number::{bounded_argument, double, integer_argument};
use crate::storage::Direction;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// How sets are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// What becomes of the scores of a member that several sets have.
#[derive(Debug, Clone, Copy)]
enum Aggregate {
    Sum,
    Min,
    Max,
}

impl Aggregate {
    fn combine(self, left: f64, right: f64) -> f64 {
        match self {
            // inf + -inf counts as 0.
            Aggregate::Sum => number(left + right),
            Aggregate::Min => left.min(right),
            Aggregate::Max => left.max(right),
        }
    }
}

fn number(score: f64) -> f64 {
    // The two zeros are one score.
    if score.is_nan() { 0.0 } else { score + 0.0 }
}

/// What the words behind the keys may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Show,
    Store,
    Count,
}

/// ZUNION numkeys key [key …] [WEIGHTS …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
pub fn zunion(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    show(cx, args, Operation::Union, "zunion")
}

/// ZINTER numkeys key [key …] [WEIGHTS …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
pub fn zinter(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    show(cx, args, Operation::Intersection, "zinter")
}

/// ZDIFF numkeys key [key …] [WITHSCORES]
pub fn zdiff(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    show(cx, args, Operation::Difference, "zdiff")
}

fn show(cx: &Context<'_>, args: Args<'_>, operation: Operation, command: &str) -> Answer {
    let request = Request::parse(cx, args, operation, Form::Show, command)?;
    Ok(list(request.run(cx)?, request.with_scores))
}

/// ZUNIONSTORE destination numkeys key [key …] [WEIGHTS …] [AGGREGATE SUM|MIN|MAX]
pub fn zunionstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run_and_store(cx, args, Operation::Union, "zunionstore")
}

/// ZINTERSTORE destination numkeys key [key …] [WEIGHTS …] [AGGREGATE SUM|MIN|MAX]
pub fn zinterstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run_and_store(cx, args, Operation::Intersection, "zinterstore")
}

/// ZDIFFSTORE destination numkeys key [key …]
pub fn zdiffstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run_and_store(cx, args, Operation::Difference, "zdiffstore")
}

fn run_and_store(cx: &mut Context<'_>, args: Args<'_>, operation: Operation, command: &str) -> Answer {
    let members = Request::parse(cx, &args[1..], operation, Form::Store, command)?.run(cx)?;
    store(cx, &args[0], &members)
}

/// ZINTERCARD numkeys key [key …] [LIMIT limit]
pub fn zintercard(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let request = Request::parse(cx, args, Operation::Intersection, Form::Count, "zintercard")?;
    Ok(Resp::Integer(request.run(cx)?.len() as i64))
}

/// A source: a sorted set, or a set.
enum Source {
    Sorted(SortedSet),
    Plain(Fields),
}

impl Source {
    fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        match cx.find(key)? {
            None => Ok(None),
            Some(row) if row.kind() == Kind::SortedSet => Ok(Some(Source::Sorted(SortedSet::of_row(row)?))),
            Some(row) if row.kind() == Kind::Set => Ok(Some(Source::Plain(Fields::of_row(cx, row)?))),
            Some(_) => Err(Error::wrong_type()),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Source::Sorted(set) => set.len(),
            Source::Plain(set) => set.len(),
        }
    }

    fn score(&self, cx: &Context<'_>, member: &[u8]) -> Result<Option<f64>> {
        match self {
            Source::Sorted(set) => set.score(cx, member),
            Source::Plain(set) => Ok(set.contains(cx, member)?.then_some(1.0)),
        }
    }

    fn each(&self, cx: &Context<'_>, visit: &mut dyn FnMut(&[u8], f64) -> ControlFlow<()>) -> Result<()> {
        match self {
            Source::Sorted(set) => set.each_from(cx, Start::End, Direction::Forward, visit),
            Source::Plain(set) => set.each(cx, &mut |member, _| visit(member, 1.0)),
        }
    }
}

/// The parsed words of a command.
struct Request {
    operation: Operation,
    sources: Vec<(Option<Source>, f64)>,
    aggregate: Aggregate,
    with_scores: bool,
    most: u64,
}

impl Request {
    fn parse(cx: &Context<'_>, args: Args<'_>, operation: Operation, form: Form, command: &str) -> Result<Self> {
        let [numkeys, rest @ ..] = args else { return Err(Error::syntax()) };
        let numkeys = integer_argument(numkeys)?;
        if numkeys < 1 {
            return Err(Error::err(format_args!("at least 1 input key is needed for '{command}' command")));
        }
        let numkeys = usize::try_from(numkeys).unwrap_or(usize::MAX);
        let (keys, mut words) = rest.split_at_checked(numkeys).ok_or_else(Error::syntax)?;
        let mut request = Request {
            operation,
            sources: Vec::with_capacity(keys.len()),
            aggregate: Aggregate::Sum,
            with_scores: false,
            most: u64::MAX,
        };
        for key in keys {
            request.sources.push((Source::open(cx, key)?, 1.0));
        }
        let combines = operation != Operation::Difference && form != Form::Count;
        while let [word, rest @ ..] = words {
            words = match (word.to_ascii_uppercase().as_slice(), rest) {
                (b"WEIGHTS", rest) if combines && rest.len() >= numkeys => {
                    let (weights, rest) = rest.split_at(numkeys);
                    for (source, weight) in request.sources.iter_mut().zip(weights) {
                        source.1 = double(weight).ok_or_else(|| Error::err("weight value is not a float"))?;
                    }
                    rest
                }
                (b"AGGREGATE", [how, rest @ ..]) if combines => {
                    request.aggregate = match how.to_ascii_uppercase().as_slice() {
                        b"SUM" => Aggregate::Sum,
                        b"MIN" => Aggregate::Min,
                        b"MAX" => Aggregate::Max,
                        _ => return Err(Error::syntax()),
                    };
                    rest
                }
                (b"WITHSCORES", rest) if form == Form::Show => {
                    request.with_scores = true;
                    rest
                }
                (b"LIMIT", [limit, rest @ ..]) if form == Form::Count => {
                    let limit = bounded_argument(limit, 0, "LIMIT can't be negative")?.unsigned_abs();
                    request.most = if limit == 0 { u64::MAX } else { limit };
                    rest
                }
                _ => return Err(Error::syntax()),
            };
        }
        Ok(request)
    }

    /// The members of the result in order of score.
    fn run(&self, cx: &Context<'_>) -> Result<Vec<Scored>> {
        let mut members = match self.operation {
            Operation::Union => self.union(cx)?,
            Operation::Intersection => self.intersection(cx)?,
            Operation::Difference => self.difference(cx)?,
        };
        members.sort_by(|left, right| order((&left.0, left.1), (&right.0, right.1)));
        Ok(members)
    }

    fn union(&self, cx: &Context<'_>) -> Result<Vec<Scored>> {
        let mut scores: HashMap<Vec<u8>, f64> = HashMap::new();
        for (source, weight) in self.smallest_first() {
            source.each(cx, &mut |member, score| {
                let score = number(weight * score);
                match scores.get_mut(member) {
                    Some(sum) => *sum = self.aggregate.combine(*sum, score),
                    None => {
                        scores.insert(member.to_vec(), score);
                    }
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(scores.into_iter().collect())
    }

    fn intersection(&self, cx: &Context<'_>) -> Result<Vec<Scored>> {
        if self.sources.iter().any(|(source, _)| source.is_none()) {
            return Ok(Vec::new());
        }
        let sources = self.smallest_first();
        let Some(((first, weight), others)) = sources.split_first() else { return Ok(Vec::new()) };
        filter(cx, first, self.most, &mut |member, score| {
            let mut sum = number(weight * score);
            for (other, weight) in others {
                match other.score(cx, member)? {
                    Some(score) => sum = self.aggregate.combine(sum, number(weight * score)),
                    None => return Ok(None),
                }
            }
            Ok(Some(sum))
        })
    }

    fn difference(&self, cx: &Context<'_>) -> Result<Vec<Scored>> {
        let Some(((Some(first), _), others)) = self.sources.split_first() else { return Ok(Vec::new()) };
        filter(cx, first, self.most, &mut |member, score| {
            for (other, _) in others {
                if let Some(other) = other
                    && other.score(cx, member)?.is_some()
                {
                    return Ok(None);
                }
            }
            Ok(Some(score))
        })
    }

    fn smallest_first(&self) -> Vec<(&Source, f64)> {
        let mut sources: Vec<(&Source, f64)> =
            self.sources.iter().filter_map(|(source, weight)| Some((source.as_ref()?, *weight))).collect();
        sources.sort_by_key(|(source, _)| source.len());
        sources
    }
}

/// The score of a member in the result, if it belongs there.
type Decide<'d> = dyn FnMut(&[u8], f64) -> Result<Option<f64>> + 'd;

/// Members of a source for which `decide` answers a score, at most `most`.
fn filter(cx: &Context<'_>, source: &Source, most: u64, decide: &mut Decide<'_>) -> Result<Vec<Scored>> {
    let (mut members, mut failed) = (Vec::new(), None);
    source.each(cx, &mut |member, score| {
        match decide(member, score) {
            Ok(Some(score)) => members.push((member.to_vec(), score)),
            Ok(None) => {}
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        if members.len() as u64 >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed.map_or(Ok(members), Err)
}
