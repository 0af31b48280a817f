//! Calls of functions: they exist, and take these arguments here.

use super::Checker;
use super::expression::{Aggregates, Place, aggregate_allowed};
use super::scope::Scope;
use super::types::Ty;
use super::update::expect;
use crate::ast::graph::{Expr, ExprKind};
use crate::graph::eval::for_each_child;
use crate::graph::functions::{self, Types};
use crate::graph::{Detail, Error, Result};
use crate::text::Span;

impl Checker<'_> {
    pub(super) fn function(
        self,
        name: &str,
        distinct: bool,
        args: &[Expr],
        span: Span,
        scope: &Scope,
        place: Place,
    ) -> Result<Ty> {
        let Some(signature) = functions::find(name) else { return Err(functions::unknown(name, span)) };
        signature.check_arity(args.len()).map_err(|error| error.at(span))?;
        let aggregate = signature.aggregate.is_some();
        if distinct && !aggregate {
            let message = format!("Invalid use of DISTINCT with function '{}'", signature.name);
            return Err(Error::syntax(Detail::UnexpectedSyntax, message).at(span));
        }
        let inside = if aggregate {
            aggregate_allowed(place, &format!("{}(...)", signature.name), span)?;
            Place { aggregates: Aggregates::Inside, condition: false }
        } else {
            place.value()
        };
        if let ("exists", [arg]) = (signature.name, args) {
            can_be_missing(arg)?;
        }
        let mut types = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            let here = if signature.name == "exists" { inside.condition() } else { inside };
            let ty = self.infer(arg, scope, here)?;
            let fits = expect(&ty, signature.parameter(index), arg.span);
            fits.map_err(|error| match signature.name {
                "length" => error
                    .hint("length() is of paths; size() counts the characters of a string or the elements of a list"),
                _ => error,
            })?;
            if aggregate && let Some(volatile) = volatile_call(arg) {
                let message = "Can't use non-deterministic (random) functions inside of aggregate functions.";
                return Err(Error::syntax(Detail::NonConstantExpression, message).at(volatile));
            }
            types.push(ty);
        }
        Ok(returned(signature.name, signature.returns, &types))
    }
}

/// The argument of `exists()` is a pattern or a property, whose name may be computed.
fn can_be_missing(arg: &Expr) -> Result<()> {
    match arg.kind {
        ExprKind::PatternPredicate(_) | ExprKind::Property(..) | ExprKind::Index(..) => Ok(()),
        _ => Err(Error::syntax(Detail::UnexpectedSyntax, "Argument to exists(...) is not a property or pattern")
            .at(arg.span)
            .hint("test a value with IS NOT NULL, a query with EXISTS { … }")),
    }
}

/// Where a function is called that answers something else each time.
fn volatile_call(expr: &Expr) -> Option<Span> {
    if let ExprKind::Function { name, .. } = &expr.kind
        && functions::find(name).is_some_and(|signature| !signature.deterministic)
    {
        return Some(expr.span);
    }
    let mut found = None;
    for_each_child(expr, &mut |child| found = found.or_else(|| volatile_call(child)));
    found
}

/// What a function answers, lists with the types of their elements.
fn returned(name: &str, returns: Types, args: &[Ty]) -> Ty {
    let first = || args.first().cloned().unwrap_or(Ty::ANY);
    match name {
        "collect" => Ty::list(first()),
        "min" | "max" => first(),
        "head" | "last" if first().must_be(Types::LIST) => first().element(),
        "tail" | "reverse" if first().must_be(Types::LIST) => first(),
        "coalesce" => args.iter().cloned().reduce(Ty::or).unwrap_or(Ty::ANY),
        "nodes" => Ty::list(Ty::of(Types::NODE)),
        "relationships" => Ty::list(Ty::of(Types::RELATIONSHIP)),
        "range" => Ty::list(Ty::of(Types::INTEGER)),
        "labels" | "keys" | "split" | "toStringList" => Ty::list(Ty::of(Types::STRING)),
        _ => Ty::of(returns),
    }
}
