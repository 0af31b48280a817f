//! `$mod`.

use crate::doc::{Error, Result};
use crate::value::decimal::{Decimal, Rounding};
use crate::value::view::View;
use bson::Bson;

/// The divisor and remainder of `$mod: [divisor, remainder]`, truncated to integers.
pub fn modulo_operands(operand: &Bson) -> Result<(i64, i64)> {
    let Bson::Array(items) = operand else {
        return Err(Error::bad_value("malformed mod, needs to be an array"));
    };
    match items.as_slice() {
        [] | [_] => Err(Error::bad_value("malformed mod, not enough elements")),
        [divisor, remainder] => {
            let divisor = whole(divisor, "divisor")?;
            let remainder = whole(remainder, "remainder")?;
            if divisor == 0 {
                return Err(Error::bad_value("divisor cannot be 0"));
            }
            Ok((divisor, remainder))
        }
        _ => Err(Error::bad_value("malformed mod, too many elements")),
    }
}

fn whole(value: &Bson, what: &str) -> Result<i64> {
    match value {
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => {
            truncated(value.into()).ok_or_else(|| {
                Error::bad_value(format!(
                    "malformed mod, {what} value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type"
                ))
            })
        }
        _ => Err(Error::bad_value(format!("malformed mod, {what} not a number"))),
    }
}

/// Whether the value's whole part leaves this remainder, with the sign of the dividend.
pub fn modulo(value: Option<View<'_>>, divisor: i64, remainder: i64) -> bool {
    value.and_then(truncated).is_some_and(|dividend| dividend.wrapping_rem(divisor) == remainder)
}

/// A number without its fraction, if it is finite and fits into 64 bits.
fn truncated(value: View<'_>) -> Option<i64> {
    match value {
        View::Int32(number) => Some(i64::from(number)),
        View::Int64(number) => Some(number),
        View::Double(number) => {
            let whole = number.trunc();
            (-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(&whole).then_some(whole as i64)
        }
        View::Decimal(number) => Decimal::from_bson(number).to_integral(Rounding::Truncate).to_i64_truncated(),
        _ => None,
    }
}

/// An operand that must be a whole number of at least zero (`$size`).
pub fn size_operand(operand: &Bson) -> Result<i64> {
    let exact = match operand {
        Bson::Double(number) if number.fract() != 0.0 => None,
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => truncated(operand.into()),
        other => {
            return Err(Error::failed_to_parse(format!(
                "Failed to parse $size. Expected a number in: $size: {}",
                crate::doc::shell_text::value(other)
            )));
        }
    };
    match exact {
        Some(size) if size >= 0 => Ok(size),
        Some(size) => Err(Error::failed_to_parse(format!(
            "Failed to parse $size. Expected a non-negative number in: $size: {size}"
        ))),
        None => Err(Error::failed_to_parse(format!(
            "Failed to parse $size. Expected an integer: $size: {}",
            crate::doc::shell_text::value(operand)
        ))),
    }
}
