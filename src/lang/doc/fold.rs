//! What is known when the text is read is computed then: arithmetic of constants.

use crate::ast::script::{Binary, Expression, Node, Unary};
use crate::text::Span;
use crate::value::construct::{Operator, arithmetic};
use bson::Bson;

/// An operator between two operands.
pub fn binary(operator: Binary, left: Expression, right: Expression, span: Span) -> Expression {
    if let (Node::Constant(left), Node::Constant(right)) = (&left.node, &right.node)
        && let Some(operator) = arithmetic_of(operator)
        && (is_number(left) && is_number(right) || operator == Operator::Add && is_text(left, right))
        && let Ok(value) = arithmetic(operator, left, right)
    {
        return Expression { node: Node::Constant(value), span };
    }
    Expression { node: Node::Binary(operator, Box::new((left, right))), span }
}

/// An operator before its operand.
pub fn unary(operator: Unary, operand: Expression, span: Span) -> Expression {
    let value = match (operator, &operand.node) {
        (Unary::Minus, Node::Constant(Bson::Int64(long))) => {
            Some(long.checked_neg().map_or(Bson::Double(-(*long as f64)), Bson::Int64))
        }
        (Unary::Minus, Node::Constant(value @ (Bson::Int32(_) | Bson::Double(_)))) => {
            arithmetic(Operator::Multiply, &Bson::Int32(-1), value).ok()
        }
        (Unary::Plus, Node::Constant(value @ (Bson::Int32(_) | Bson::Double(_)))) => Some(value.clone()),
        _ => None,
    };
    let node = value.map_or_else(|| Node::Unary(operator, Box::new(operand)), Node::Constant);
    Expression { node, span }
}

fn is_number(value: &Bson) -> bool {
    matches!(value, Bson::Int32(_) | Bson::Double(_))
}

/// Whether one is a string and the other a string or a number.
fn is_text(left: &Bson, right: &Bson) -> bool {
    let fits = |value: &Bson| is_number(value) || matches!(value, Bson::String(_));
    fits(left) && fits(right) && !(is_number(left) && is_number(right))
}

fn arithmetic_of(operator: Binary) -> Option<Operator> {
    Some(match operator {
        Binary::Add => Operator::Add,
        Binary::Subtract => Operator::Subtract,
        Binary::Multiply => Operator::Multiply,
        Binary::Divide => Operator::Divide,
        Binary::Remainder => Operator::Remainder,
        Binary::Power => Operator::Power,
        _ => return None,
    })
}
