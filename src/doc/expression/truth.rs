//! What counts as true.

use crate::value::decimal::Decimal;
use bson::Bson;

/// Whether a value counts as true in `$cond`, `$and`, `$not`, `$expr` …: all but false, null,
/// undefined, missing and the zeros do.
pub fn is_true(value: Option<&Bson>) -> bool {
    match value {
        None | Some(Bson::Null | Bson::Undefined) => false,
        Some(Bson::Boolean(truth)) => *truth,
        Some(Bson::Int32(number)) => *number != 0,
        Some(Bson::Int64(number)) => *number != 0,
        Some(Bson::Double(number)) => *number != 0.0,
        Some(Bson::Decimal128(number)) => !Decimal::from_bson(*number).is_zero(),
        Some(_) => true,
    }
}
