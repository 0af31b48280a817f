//! `$bitsAllSet $bitsAnySet $bitsAllClear $bitsAnyClear`.

use crate::doc::{Error, Result};
use crate::value::view::View;
use bson::Bson;

/// Which bits must be how.
#[derive(Debug, Clone)]
pub struct Bits {
    operator: &'static str,
    positions: Vec<u32>,
    set: bool,
    all: bool,
}

impl Bits {
    /// From the operand: a mask, binary data, or bit positions.
    pub fn new(operator: &str, operand: &Bson) -> Result<Bits> {
        let (set, all) = (operator.ends_with("Set"), operator.starts_with("$bitsAll"));
        let positions = match operand {
            Bson::Array(items) => items
                .iter()
                .map(|item| match integer(item.into()) {
                    Some(position) if position >= 0 => u32::try_from(position)
                        .map_err(|_| Error::bad_value("bit positions must be representable as 32-bit numbers")),
                    _ => Err(Error::bad_value(format!(
                        "Failed to parse bit position. Expected a number >= 0 in: {operator}"
                    ))),
                })
                .collect::<Result<_>>()?,
            Bson::Binary(binary) => (0u32..)
                .zip(binary.bytes.iter())
                .flat_map(|(at, byte)| (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| at * 8 + bit))
                .collect(),
            mask => match integer(mask.into()) {
                Some(mask) if mask > i64::from(i32::MAX) => {
                    return Err(Error::failed_to_parse(format!(
                        "Cannot represent as a 32-bit integer: {operator}: {mask}"
                    ))
                    .hint("name the bits by their positions: [0, 40]"));
                }
                Some(mask) if mask >= 0 => (0..64).filter(|bit| mask >> bit & 1 == 1).collect(),
                Some(_) => {
                    return Err(Error::failed_to_parse(format!("Expected a non-negative number in: {operator}")));
                }
                None => {
                    return Err(Error::bad_value(format!(
                        "{operator} takes an Array, a number, or a BinData but received: {mask}"
                    )));
                }
            },
        };
        let operator = match (set, all) {
            (true, true) => "$bitsAllSet",
            (true, false) => "$bitsAnySet",
            (false, true) => "$bitsAllClear",
            (false, false) => "$bitsAnyClear",
        };
        Ok(Bits { operator, positions, set, all })
    }

    /// The operator and its bit positions.
    pub fn to_bson(&self) -> (&'static str, Bson) {
        let positions = self.positions.iter().map(|&bit| Bson::Int64(i64::from(bit)));
        (self.operator, Bson::Array(positions.collect()))
    }

    /// Whether the value is a number or binary data with its bits so.
    pub fn holds(&self, value: Option<View<'_>>) -> bool {
        let test = |bit: u32| -> bool {
            match value {
                Some(View::Binary(_, bytes)) => {
                    bytes.get((bit / 8) as usize).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
                }
                // Numbers are sign-extended.
                Some(number) => integer(number).is_some_and(|number| number >> bit.min(63) & 1 == 1),
                None => false,
            }
        };
        let testable = matches!(value, Some(View::Binary(..))) || value.and_then(integer).is_some();
        testable
            && if self.all {
                self.positions.iter().all(|&bit| test(bit) == self.set)
            } else {
                self.positions.iter().any(|&bit| test(bit) == self.set)
            }
    }
}

fn integer(value: View<'_>) -> Option<i64> {
    match value {
        View::Int32(number) => Some(i64::from(number)),
        View::Int64(number) => Some(number),
        View::Double(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => Some(number as i64),
        View::Decimal(number) => crate::value::decimal::Decimal::from_bson(number).to_i64_exact(),
        _ => None,
    }
}
