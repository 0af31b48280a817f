//! The types of operators.

use super::Checker;
use super::expression::Place;
use super::scope::Scope;
use super::types::Ty;
use super::update::expect;
use crate::ast::graph::{BinaryOp, Expr, UnaryOp};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};

impl Checker<'_> {
    pub(super) fn unary(self, op: UnaryOp, operand: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        match op {
            UnaryOp::Not => {
                let ty = self.infer(operand, scope, place.condition())?;
                expect(&ty, Types::BOOLEAN, operand.span)?;
                Ok(Ty::of(Types::BOOLEAN))
            }
            UnaryOp::Minus | UnaryOp::Plus => {
                let ty = self.infer(operand, scope, place.value())?;
                expect(&ty, Types::NUMBER.or(Types::DURATION), operand.span)?;
                Ok(ty)
            }
        }
    }

    pub(super) fn binary(self, op: BinaryOp, left: &Expr, right: &Expr, scope: &Scope, place: Place) -> Result<Ty> {
        if matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
            for side in [left, right] {
                let ty = self.infer(side, scope, place.condition())?;
                expect(&ty, Types::BOOLEAN, side.span)?;
            }
            return Ok(Ty::of(Types::BOOLEAN));
        }
        let one = self.infer(left, scope, place.value())?;
        let two = self.infer(right, scope, place.value())?;
        let possible: fn(Types, Types) -> bool = match op {
            BinaryOp::Add => adds,
            BinaryOp::Subtract => subtracts,
            BinaryOp::Multiply => multiplies,
            BinaryOp::Divide => divides,
            BinaryOp::Modulo | BinaryOp::Power => numbers,
            BinaryOp::Concat => concatenates,
            BinaryOp::In => {
                expect(&two, Types::LIST, right.span)?;
                return Ok(Ty::of(Types::BOOLEAN));
            }
            // Anything that is no string gives null.
            _ => return Ok(Ty::of(Types::BOOLEAN)),
        };
        if !one.pairs_with(&two, possible) {
            let message =
                format!("Type mismatch: `{}` cannot be applied to {} and {}", sign(op), one.describe(), two.describe());
            return Err(Error::syntax(Detail::InvalidArgumentType, message).at(left.span.to(right.span)));
        }
        Ok(result(op, one, two))
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Power => "^",
        _ => "||",
    }
}

fn is(ty: Types, types: Types) -> bool {
    types.intersects(ty)
}

fn numbers(one: Types, two: Types) -> bool {
    is(one, Types::NUMBER) && is(two, Types::NUMBER)
}

/// `+`: numbers; a list with anything; a string with plain values; instants and durations.
fn adds(one: Types, two: Types) -> bool {
    let plain = Types::STRING.or(Types::NUMBER).or(Types::BOOLEAN).or(Types::INSTANT).or(Types::DURATION);
    numbers(one, two)
        || is(one, Types::LIST)
        || is(two, Types::LIST)
        || is(one, Types::STRING) && is(two, plain)
        || is(one, plain) && is(two, Types::STRING)
        || is(one, Types::INSTANT.or(Types::DURATION)) && is(two, Types::DURATION)
        || is(one, Types::DURATION) && is(two, Types::INSTANT)
}

fn subtracts(one: Types, two: Types) -> bool {
    numbers(one, two) || is(one, Types::INSTANT.or(Types::DURATION)) && is(two, Types::DURATION)
}

fn multiplies(one: Types, two: Types) -> bool {
    numbers(one, two)
        || is(one, Types::DURATION) && is(two, Types::NUMBER)
        || is(one, Types::NUMBER) && is(two, Types::DURATION)
}

fn divides(one: Types, two: Types) -> bool {
    numbers(one, two) || is(one, Types::DURATION) && is(two, Types::NUMBER)
}

fn concatenates(one: Types, two: Types) -> bool {
    is(one, Types::STRING) && is(two, Types::STRING) || is(one, Types::LIST) && is(two, Types::LIST)
}

/// What an operator answers, as far as it is certain.
fn result(op: BinaryOp, one: Ty, two: Ty) -> Ty {
    let both = |types: Types| one.must_be(types) && two.must_be(types) && one != Ty::NULL && two != Ty::NULL;
    match op {
        BinaryOp::Power => Ty::of(Types::FLOAT),
        _ if both(Types::INTEGER) => Ty::of(Types::INTEGER),
        _ if both(Types::NUMBER) => Ty::of(Types::NUMBER),
        BinaryOp::Modulo => Ty::of(Types::NUMBER),
        _ if both(Types::STRING) => Ty::of(Types::STRING),
        _ if both(Types::LIST) => Ty::list(one.element().or(two.element())),
        BinaryOp::Add if one.must_be(Types::LIST) || two.must_be(Types::LIST) => Ty::of(Types::LIST),
        _ => Ty::ANY,
    }
}
