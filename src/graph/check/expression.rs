//! The types of expressions.

use super::Checker;
use super::query::Role;
use super::scope::Scope;
use super::types::{ENTITY, Ty};
use super::update::expect;
use crate::ast::graph::{Expr, ExprKind, MapProjectionItem, MatchMode, Name, Pattern, Shortest, Subquery};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;

/// What may stand where an expression stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Aggregates.
    pub(super) aggregates: Aggregates,
    /// A truth value is expected: patterns may stand here.
    pub(super) condition: bool,
}

/// Whether aggregates may stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregates {
    Allowed,
    Refused,
    /// This is the argument of one.
    Inside,
}

impl Place {
    /// A value.
    pub(super) const VALUE: Place = Place { aggregates: Aggregates::Refused, condition: false };
    /// The item of a projection.
    pub(super) const ITEM: Place = Place { aggregates: Aggregates::Allowed, condition: false };
    /// A condition.
    const CONDITION: Place = Place { aggregates: Aggregates::Refused, condition: true };

    /// A value in the same place.
    pub(super) fn value(self) -> Place {
        Place { condition: false, ..self }
    }

    /// A condition in the same place.
    pub(super) fn condition(self) -> Place {
        Place { condition: true, ..self }
    }

    /// Evaluated for each element of a list: no aggregates.
    fn each(self) -> Place {
        match self.aggregates {
            Aggregates::Allowed => Place { aggregates: Aggregates::Refused, condition: false },
            _ => self.value(),
        }
    }
}

impl Checker<'_> {
    /// `WHERE condition`
    pub(super) fn filter(self, filter: Option<&Expr>, scope: &Scope) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        let ty = self.infer(filter, scope, Place::CONDITION)?;
        expect(&ty, Types::BOOLEAN, filter.span)
    }

    /// The type of an expression, after all in it was checked.
    pub(super) fn infer(self, expr: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        let value = place.value();
        Ok(match &expr.kind {
            ExprKind::Null => Ty::NULL,
            ExprKind::Bool(_) => Ty::of(Types::BOOLEAN),
            ExprKind::Int(_) => Ty::of(Types::INTEGER),
            ExprKind::Float(_) => Ty::of(Types::FLOAT),
            ExprKind::String(_) => Ty::of(Types::STRING),
            ExprKind::Parameter(name) => self.parameter(name, expr.span)?,
            ExprKind::Variable(name) => scope.lookup(name, expr.span)?.clone(),
            ExprKind::List(items) => {
                let mut element = Ty::NULL;
                for item in items {
                    element = element.or(self.infer(item, scope, value)?);
                }
                Ty::list(element)
            }
            ExprKind::Map(entries) => {
                for (_, entry) in entries {
                    self.infer(entry, scope, value)?;
                }
                Ty::of(Types::MAP)
            }
            ExprKind::Property(owner, _) => self.property(owner, scope, value)?,
            ExprKind::Index(list, index) => self.index(list, index, scope, value)?,
            ExprKind::Slice(list, from, to) => {
                let ty = self.infer(list, scope, value)?;
                expect(&ty, Types::LIST, list.span)?;
                for bound in from.iter().chain(to) {
                    let bound_type = self.infer(bound, scope, value)?;
                    expect(&bound_type, Types::INTEGER, bound.span)?;
                }
                ty
            }
            ExprKind::Unary(op, operand) => self.unary(*op, operand, scope, place)?,
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, scope, place)?,
            ExprKind::Comparison(first, others) => {
                self.infer(first, scope, value)?;
                for (_, other) in others {
                    self.infer(other, scope, value)?;
                }
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::IsNull(operand) | ExprKind::IsNotNull(operand) => {
                self.infer(operand, scope, value)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::IsType { operand, .. } => {
                self.infer(operand, scope, value)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::IsNormalized { operand, .. } => {
                self.infer(operand, scope, value)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::HasLabels(operand, labels) => {
                let ty = self.infer(operand, scope, value)?;
                expect(&ty, ENTITY, operand.span)?;
                self.labels(labels, scope)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), scope, place)?
            }
            ExprKind::Function { name, distinct, args } => {
                self.function(name, *distinct, args, expr.span, scope, value)?
            }
            ExprKind::CountStar => {
                aggregate_allowed(place, "count(*)", expr.span)?;
                Ty::of(Types::INTEGER)
            }
            ExprKind::ListComprehension { variable, list, filter, map } => {
                let list = self.infer_list(list, scope, value)?;
                let inner = scope.with(variable, list.element());
                self.each_filter(filter.as_deref(), &inner, value)?;
                match map {
                    Some(map) => Ty::list(self.infer(map, &inner, value.each())?),
                    None => list,
                }
            }
            ExprKind::PatternComprehension { pattern, filter, map } => {
                let mut inner = scope.clone();
                self.match_patterns(MatchMode::default(), std::slice::from_ref(pattern), &mut inner)?;
                self.each_filter(filter.as_deref(), &inner, value)?;
                Ty::list(self.infer(map, &inner, value.each())?)
            }
            ExprKind::Quantifier { variable, list, filter, .. } => {
                let list = self.infer_list(list, scope, value)?;
                let inner = scope.with(variable, list.element());
                self.each_filter(filter.as_deref(), &inner, value)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::Reduce { accumulator, init, variable, list, step } => {
                self.infer(init, scope, value)?;
                let list = self.infer_list(list, scope, value)?;
                let inner = scope.with(accumulator, Ty::ANY).with(variable, list.element());
                self.infer(step, &inner, value.each())?;
                Ty::ANY
            }
            ExprKind::MapProjection { subject, items } => self.map_projection(subject, items, scope, value)?,
            ExprKind::PatternPredicate(pattern) => {
                if !place.condition {
                    return Err(misplaced_pattern(pattern));
                }
                self.pattern_predicate(pattern, scope)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::ShortestPath(pattern) => {
                self.pattern_predicate(pattern, scope)?;
                match pattern.shortest() {
                    Some(Shortest::All) => Ty::list(Ty::of(Types::PATH)),
                    _ => Ty::of(Types::PATH),
                }
            }
            ExprKind::Exists(body) => {
                self.subquery_body(body, scope)?;
                Ty::of(Types::BOOLEAN)
            }
            ExprKind::Count(body) => {
                self.subquery_body(body, scope)?;
                Ty::of(Types::INTEGER)
            }
            ExprKind::Collect(query) => match self.query(query, scope, Role::Collect, false)?.as_deref() {
                Some([(_, column)]) => Ty::list(column.clone()),
                _ => {
                    let message = "COLLECT needs a RETURN with exactly one column";
                    return Err(Error::syntax(Detail::InvalidClauseComposition, message).at(expr.span));
                }
            },
        })
    }

    fn parameter(self, name: &str, span: Span) -> Result<Ty> {
        if self.context.parameters.contains_key(name) {
            return Ok(Ty::ANY);
        }
        let message = format!("Expected parameter(s): {name}");
        Err(Error::compile(Kind::ParameterMissing, Detail::MissingParameter, message)
            .at(span)
            .hint(format!("set it with :param {name} => value, or let {name} = …")))
    }

    /// `owner.key`
    fn property(self, owner: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        let ty = self.infer(owner, scope, place)?;
        let holders = ENTITY.or(Types::MAP).or(Types::INSTANT).or(Types::DURATION).or(Types::POINT);
        if ty.may_be(holders) {
            return Ok(Ty::ANY);
        }
        let message = format!(
            "Type mismatch: expected Map, Node, Relationship, Point or a temporal value but was {}",
            ty.describe()
        );
        let kind = if ty.may_be(Types::PATH) { Kind::Syntax } else { Kind::Type };
        Err(Error::compile(kind, Detail::InvalidArgumentType, message).at(owner.span))
    }

    /// `list[i]`, `map[key]`
    fn index(self, list: &Expr, index: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        let ty = self.infer(list, scope, place)?;
        let index_type = self.infer(index, scope, place)?;
        let (holders, keys) = if ty == Ty::NULL {
            (Types::LIST, Types::INTEGER.or(Types::STRING))
        } else if ty.must_be(Types::LIST) {
            (Types::LIST, Types::INTEGER)
        } else if ty.must_be(ENTITY.or(Types::MAP)) {
            (ENTITY.or(Types::MAP), Types::STRING)
        } else {
            (ENTITY.or(Types::MAP).or(Types::LIST), Types::INTEGER.or(Types::STRING))
        };
        for (found, wanted, span) in [(&ty, holders, list.span), (&index_type, keys, index.span)] {
            expect(found, wanted, span).map_err(|error| Error { kind: Kind::Type, ..error })?;
        }
        Ok(if ty.must_be(Types::LIST) { ty.element() } else { Ty::ANY })
    }

    fn case(
        self,
        operand: Option<&Expr>,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        scope: &Scope,
        place: Place,
    ) -> Result<Ty> {
        let value = place.value();
        if let Some(operand) = operand {
            self.infer(operand, scope, value)?;
        }
        let mut ty = Ty::NULL;
        for (when, then) in branches {
            self.infer(when, scope, if operand.is_none() { place.condition() } else { value })?;
            ty = ty.or(self.infer(then, scope, value)?);
        }
        match otherwise {
            Some(otherwise) => Ok(ty.or(self.infer(otherwise, scope, value)?)),
            None => Ok(ty),
        }
    }

    /// The list of a comprehension, quantifier or reduce.
    fn infer_list(self, list: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        let ty = self.infer(list, scope, place)?;
        expect(&ty, Types::LIST, list.span)?;
        Ok(ty)
    }

    /// The WHERE of a comprehension or quantifier.
    fn each_filter(self, filter: Option<&Expr>, scope: &Scope, place: Place) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        let ty = self.infer(filter, scope, place.each().condition())?;
        expect(&ty, Types::BOOLEAN, filter.span)
    }

    fn map_projection(self, subject: &Name, items: &[MapProjectionItem], scope: &Scope, place: Place) -> Result<Ty> {
        let ty = scope.lookup(&subject.text, subject.span)?;
        expect(ty, ENTITY.or(Types::MAP), subject.span)?;
        for item in items {
            match item {
                MapProjectionItem::Entry(_, entry) => {
                    self.infer(entry, scope, place)?;
                }
                MapProjectionItem::Variable(name) => {
                    scope.lookup(&name.text, name.span)?;
                }
                MapProjectionItem::Property(_) | MapProjectionItem::All => {}
            }
        }
        Ok(Ty::of(Types::MAP))
    }

    /// The body of EXISTS and COUNT.
    fn subquery_body(self, body: &Subquery, scope: &Scope) -> Result<()> {
        match body {
            Subquery::Pattern { patterns, filter } => {
                let mut inner = scope.clone();
                self.match_patterns(MatchMode::default(), patterns, &mut inner)?;
                self.filter(filter.as_ref(), &inner)
            }
            Subquery::Query(query) => self.query(query, scope, Role::Exists, false).map(drop),
        }
    }
}

/// Fails where no aggregate may stand.
pub(super) fn aggregate_allowed(place: Place, name: &str, span: Span) -> Result<()> {
    let (detail, message) = match place.aggregates {
        Aggregates::Allowed => return Ok(()),
        Aggregates::Refused => {
            (Detail::InvalidAggregation, format!("Invalid use of aggregating function {name} in this context"))
        }
        Aggregates::Inside => {
            (Detail::NestedAggregation, "Can't use aggregate functions inside of aggregate functions.".to_owned())
        }
    };
    Err(Error::syntax(detail, message).at(span).hint("aggregate in a WITH before it, and use its result here"))
}

fn misplaced_pattern(pattern: &Pattern) -> Error {
    let message = "A pattern expression should only be used in order to test the existence of a pattern";
    Error::syntax(Detail::UnexpectedSyntax, message)
        .at(pattern.span)
        .hint("count with COUNT { (a)-->(b) }, collect with [(a)-->(b) | b]")
}
