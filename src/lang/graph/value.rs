//! Literals as values: what `--param NAME=VALUE` and variables hold.

use crate::ast::graph::{Expr, ExprKind, UnaryOp};
use crate::text::Diagnostic;
use crate::value::graph::Value;

/// The value of a literal: numbers, strings, truth values, null, and lists and maps of them.
pub(super) fn of(expr: Expr) -> Result<Value, Diagnostic> {
    Ok(match expr.kind {
        ExprKind::Null => Value::Null,
        ExprKind::Bool(value) => Value::Bool(value),
        ExprKind::Int(value) => Value::Int(value),
        ExprKind::Float(value) => Value::Float(value),
        ExprKind::String(value) => Value::String(value.into()),
        ExprKind::List(items) => Value::List(items.into_iter().map(of).collect::<Result<_, _>>()?),
        ExprKind::Map(entries) => Value::Map(
            entries.into_iter().map(|(key, value)| Ok((key, of(value)?))).collect::<Result<_, Diagnostic>>()?,
        ),
        ExprKind::Unary(UnaryOp::Plus, operand) if matches!(operand.kind, ExprKind::Int(_) | ExprKind::Float(_)) => {
            of(*operand)?
        }
        _ => return Err(super::diagnostic("UnexpectedSyntax", "this is not a literal", expr.span)),
    })
}
