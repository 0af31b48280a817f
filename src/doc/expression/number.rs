//! Numbers of the four BSON types and the type of a result: int op int is int, or long where it does
//! not fit; any double makes a double; any decimal a decimal.

use crate::value::decimal::Decimal;
use bson::Bson;

/// A number.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// int
    Int(i32),
    /// long
    Long(i64),
    /// double
    Double(f64),
    /// decimal
    Decimal(Decimal),
}

/// MongoDB turns a double into a decimal of 15 digits.
const DOUBLE_DIGITS: u32 = 15;

impl Number {
    /// The number in a value, if it is one.
    pub fn of(value: &Bson) -> Option<Number> {
        match value {
            Bson::Int32(number) => Some(Number::Int(*number)),
            Bson::Int64(number) => Some(Number::Long(*number)),
            Bson::Double(number) => Some(Number::Double(*number)),
            Bson::Decimal128(number) => Some(Number::Decimal(Decimal::from_bson(*number))),
            _ => None,
        }
    }

    /// As a double, the nearest.
    pub fn to_f64(self) -> f64 {
        match self {
            Number::Int(number) => f64::from(number),
            Number::Long(number) => number as f64,
            Number::Double(number) => number,
            Number::Decimal(number) => number.to_f64(),
        }
    }

    /// As a decimal; doubles keep 15 digits.
    pub fn to_decimal(self) -> Decimal {
        match self {
            Number::Int(number) => Decimal::from(i64::from(number)),
            Number::Long(number) => Decimal::from(number),
            Number::Double(number) => Decimal::from_f64(number, DOUBLE_DIGITS),
            Number::Decimal(number) => number,
        }
    }

    /// An integer's value.
    pub fn integer(self) -> Option<i64> {
        match self {
            Number::Int(number) => Some(i64::from(number)),
            Number::Long(number) => Some(number),
            _ => None,
        }
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        match self {
            Number::Int(number) => number == 0,
            Number::Long(number) => number == 0,
            Number::Double(number) => number == 0.0,
            Number::Decimal(number) => number.is_zero(),
        }
    }

    /// Not a number.
    pub fn is_nan(self) -> bool {
        match self {
            Number::Double(number) => number.is_nan(),
            Number::Decimal(number) => number.is_nan(),
            _ => false,
        }
    }

    fn is_long(self) -> bool {
        matches!(self, Number::Long(_))
    }

    /// An integer result: int if both operands were and it fits, else long, else double.
    fn integral(a: Number, b: Number, value: Option<i128>, otherwise: f64) -> Number {
        let narrow = !a.is_long() && !b.is_long();
        match value {
            Some(value) => match (i32::try_from(value), i64::try_from(value)) {
                (Ok(value), _) if narrow => Number::Int(value),
                (_, Ok(value)) => Number::Long(value),
                _ => Number::Double(otherwise),
            },
            None => Number::Double(otherwise),
        }
    }

    fn combine(
        a: Number,
        b: Number,
        integers: fn(i128, i128) -> Option<i128>,
        doubles: fn(f64, f64) -> f64,
        decimals: fn(Decimal, Decimal) -> Decimal,
    ) -> Number {
        match (a, b) {
            (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
                Number::Decimal(decimals(a.to_decimal(), b.to_decimal()))
            }
            (Number::Double(_), _) | (_, Number::Double(_)) => Number::Double(doubles(a.to_f64(), b.to_f64())),
            _ => {
                let whole = |n: Number| i128::from(n.integer().unwrap_or(0));
                Number::integral(a, b, integers(whole(a), whole(b)), doubles(a.to_f64(), b.to_f64()))
            }
        }
    }

    /// The sum.
    pub fn add(self, other: Number) -> Number {
        Number::combine(self, other, i128::checked_add, |a, b| a + b, Decimal::plus)
    }

    /// The difference.
    pub fn subtract(self, other: Number) -> Number {
        Number::combine(self, other, i128::checked_sub, |a, b| a - b, Decimal::subtract)
    }

    /// The product.
    pub fn multiply(self, other: Number) -> Number {
        Number::combine(self, other, i128::checked_mul, |a, b| a * b, Decimal::multiply)
    }

    /// The remainder of the truncating division; the divisor must not be zero.
    pub fn remainder(self, other: Number) -> Number {
        Number::combine(self, other, i128::checked_rem, |a, b| a % b, Decimal::remainder)
    }

    /// The value without its sign; `None` for the least long.
    pub fn abs(self) -> Option<Number> {
        Some(match self {
            Number::Int(number) => number.checked_abs().map_or(Number::Long(i64::from(number).abs()), Number::Int),
            Number::Long(number) => Number::Long(number.checked_abs()?),
            Number::Double(number) => Number::Double(number.abs()),
            Number::Decimal(number) => Number::Decimal(number.abs()),
        })
    }
}

impl From<Number> for Bson {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(number) => Bson::Int32(number),
            Number::Long(number) => Bson::Int64(number),
            Number::Double(number) => Bson::Double(number),
            Number::Decimal(number) => Bson::Decimal128(number.to_bson()),
        }
    }
}

/// A sum of doubles that keeps the error of each addition (double-double), so that `$sum` and `$avg`
/// do not depend on the order of their input.
#[derive(Debug, Clone, Copy, Default)]
pub struct DoubleDouble {
    sum: f64,
    error: f64,
}

impl DoubleDouble {
    /// Adds a double.
    pub fn add(&mut self, value: f64) {
        let total = self.sum + value;
        if total.is_finite() {
            let virtual_part = total - self.sum;
            self.error += (self.sum - (total - virtual_part)) + (value - virtual_part);
        }
        self.sum = total;
    }

    /// Adds an integer exactly.
    pub fn add_integer(&mut self, value: i64) {
        let high = (value >> 32) << 32;
        self.add(high as f64);
        self.add((value - high) as f64);
    }

    /// The sum, rounded once.
    pub fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.error } else { self.sum }
    }
}

/// A running `$sum`: integers exactly, doubles with their errors, decimals apart.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    integers: i128,
    doubles: DoubleDouble,
    decimals: Decimal,
    widest: u8,
}

impl Default for Sum {
    fn default() -> Self {
        Sum { integers: 0, doubles: DoubleDouble::default(), decimals: Decimal::ZERO, widest: 0 }
    }
}

impl Sum {
    /// Adds a number.
    pub fn add(&mut self, number: Number) {
        let width = match number {
            Number::Int(value) => {
                self.integers += i128::from(value);
                0
            }
            Number::Long(value) => {
                self.integers += i128::from(value);
                1
            }
            Number::Double(value) => {
                self.doubles.add(value);
                2
            }
            Number::Decimal(value) => {
                self.decimals = self.decimals.plus(value);
                3
            }
        };
        self.widest = self.widest.max(width);
    }

    fn as_double(&self) -> f64 {
        let mut total = self.doubles;
        match i64::try_from(self.integers) {
            Ok(integers) => total.add_integer(integers),
            Err(_) => total.add(self.integers as f64),
        }
        total.value()
    }

    fn as_decimal(&self) -> Decimal {
        let integers = Decimal::parse(&self.integers.to_string()).unwrap_or(Decimal::ZERO);
        let mut total = self.decimals;
        if self.integers != 0 {
            total = total.plus(integers);
        }
        let doubles = self.doubles.value();
        if doubles != 0.0 {
            total = total.plus(Number::Double(doubles).to_decimal());
        }
        total
    }

    /// The sum: int if all were ints and it fits, long, double or decimal.
    pub fn value(&self) -> Number {
        match self.widest {
            0 | 1 => match (i32::try_from(self.integers), i64::try_from(self.integers)) {
                (Ok(value), _) if self.widest == 0 => Number::Int(value),
                (_, Ok(value)) => Number::Long(value),
                _ => Number::Double(self.integers as f64),
            },
            2 => Number::Double(self.as_double()),
            _ => Number::Decimal(self.as_decimal()),
        }
    }

    /// The mean of `count` numbers: double, or decimal if any was.
    pub fn mean(&self, count: u64) -> Option<Number> {
        if count == 0 {
            return None;
        }
        Some(if self.widest == 3 {
            let count = Decimal::from(i64::try_from(count).unwrap_or(i64::MAX));
            Number::Decimal(self.as_decimal().divide(count))
        } else {
            Number::Double(self.as_double() / count as f64)
        })
    }
}
