//! Decimal128 arithmetic (IEEE 754-2008 decimal128, as the BSON specification stores it): 34 digits,
//! exponents −6176 ..= 6111, half-to-even.
//!
//! `bson::Decimal128` is opaque bytes that only convert to and from text, so the arithmetic is here.

use super::wide::{Wide, power_of_ten};
use bson::Decimal128;
use std::cmp::Ordering;

/// The digits of a coefficient.
pub const DIGITS: u32 = 34;
const LARGEST: u128 = 10u128.pow(DIGITS) - 1;
const MIN_EXPONENT: i32 = -6176;
const MAX_EXPONENT: i32 = 6111;
const BIAS: i32 = 6176;

/// A decimal floating-point number, unpacked.
#[derive(Debug, Clone, Copy)]
pub enum Decimal {
    /// ± coefficient · 10^exponent
    Finite {
        /// Below zero (or a negative zero).
        negative: bool,
        /// At most 34 digits.
        coefficient: u128,
        /// −6176 ..= 6111
        exponent: i32,
    },
    /// ±Infinity
    Infinite {
        /// −Infinity
        negative: bool,
    },
    /// Not a number.
    NaN,
}

/// How a value between two representable ones is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, ties to the even neighbour.
    HalfEven,
    /// Towards zero.
    Truncate,
    /// Towards −Infinity.
    Floor,
    /// Towards +Infinity.
    Ceiling,
}

impl Decimal {
    /// 0
    pub const ZERO: Decimal = Decimal::Finite { negative: false, coefficient: 0, exponent: 0 };
    /// 1
    pub const ONE: Decimal = Decimal::Finite { negative: false, coefficient: 1, exponent: 0 };

    /// Unpacks the BSON form (binary integer significand). Non-canonical coefficients are zero.
    pub fn from_bson(packed: Decimal128) -> Decimal {
        let bits = u128::from_le_bytes(packed.bytes());
        let negative = bits >> 127 == 1;
        let top = (bits >> 122) as u8 & 0x1f;
        match top {
            0x1f => Decimal::NaN,
            0x1e => Decimal::Infinite { negative },
            _ if top >> 3 == 3 => {
                let exponent = ((bits >> 111) & 0x3fff) as i32 - BIAS;
                Decimal::Finite { negative, coefficient: 0, exponent: exponent.clamp(MIN_EXPONENT, MAX_EXPONENT) }
            }
            _ => {
                let exponent = ((bits >> 113) & 0x3fff) as i32 - BIAS;
                let coefficient = bits & ((1u128 << 113) - 1);
                let coefficient = if coefficient > LARGEST { 0 } else { coefficient };
                Decimal::Finite { negative, coefficient, exponent: exponent.clamp(MIN_EXPONENT, MAX_EXPONENT) }
            }
        }
    }

    /// Packs into the BSON form.
    pub fn to_bson(self) -> Decimal128 {
        let bits = match self {
            Decimal::NaN => 0x1fu128 << 122,
            Decimal::Infinite { negative } => (u128::from(negative) << 127) | (0x1eu128 << 122),
            Decimal::Finite { negative, coefficient, exponent } => {
                let biased = (exponent + BIAS) as u128;
                (u128::from(negative) << 127) | (biased << 113) | coefficient
            }
        };
        Decimal128::from_bytes(bits.to_le_bytes())
    }

    /// Reads `[+-]digits[.digits][(e|E)[+-]digits]`, `Infinity`/`Inf` and `NaN` in any case, rounding
    /// what does not fit.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
            return Some(Decimal::Infinite { negative });
        }
        if body.eq_ignore_ascii_case("nan") {
            return Some(Decimal::NaN);
        }
        let (mantissa, power) = match body.find(['e', 'E']) {
            Some(at) => {
                let digits = &body[at + 1..];
                let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
                if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                let value = digits.parse::<i64>().unwrap_or(if digits.starts_with('-') { -100_000 } else { 100_000 });
                (&body[..at], value.clamp(-100_000, 100_000))
            }
            None => (body, 0),
        };
        let mut exponent = power;
        let mut coefficient = 0u128;
        let mut kept = 0;
        let mut sticky = false;
        let (mut any, mut point) = (false, false);
        for byte in mantissa.bytes() {
            match byte {
                b'.' if !point => point = true,
                b'0'..=b'9' => {
                    any = true;
                    let digit = u128::from(byte - b'0');
                    if kept < 36 {
                        coefficient = coefficient * 10 + digit;
                        kept += u32::from(coefficient != 0);
                        exponent -= i64::from(point);
                    } else {
                        sticky |= digit != 0;
                        exponent += i64::from(!point);
                    }
                }
                _ => return None,
            }
        }
        if !any {
            return None;
        }
        let mut wide = Wide::from(coefficient);
        if sticky {
            wide = wide.times(10).plus(Wide::from(1));
            exponent -= 1;
        }
        Some(Decimal::rounded(negative, wide, exponent))
    }

    /// The double's exact value rounded to `digits` (at most 34) significant digits, trailing zeros
    /// kept: MongoDB turns doubles into decimals with 15.
    pub fn from_f64(value: f64, digits: u32) -> Decimal {
        if value.is_nan() {
            return Decimal::NaN;
        }
        if value.is_infinite() {
            return Decimal::Infinite { negative: value < 0.0 };
        }
        if value == 0.0 {
            return Decimal::Finite { negative: value.is_sign_negative(), coefficient: 0, exponent: 0 };
        }
        let places = digits.clamp(1, DIGITS) as usize - 1;
        Decimal::parse(&format!("{value:.places$e}")).unwrap_or(Decimal::NaN)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Decimal::NaN => f64::NAN,
            Decimal::Infinite { negative: true } => f64::NEG_INFINITY,
            Decimal::Infinite { negative: false } => f64::INFINITY,
            Decimal::Finite { negative, coefficient, exponent } => {
                let magnitude = format!("{coefficient}e{exponent}").parse().unwrap_or(0.0);
                if negative { -magnitude } else { magnitude }
            }
        }
    }

    /// The value without its fraction, if it is finite and fits.
    pub fn to_i64_truncated(self) -> Option<i64> {
        let Decimal::Finite { negative, coefficient, exponent } = self.to_integral(Rounding::Truncate) else {
            return None;
        };
        let magnitude = if coefficient == 0 {
            0
        } else {
            i128::try_from(coefficient.checked_mul(10u128.checked_pow(exponent.max(0) as u32)?)?).ok()?
        };
        i64::try_from(if negative { -magnitude } else { magnitude }).ok()
    }

    /// The value as an integer, if it is one and fits.
    pub fn to_i64_exact(self) -> Option<i64> {
        let whole = self.to_i64_truncated()?;
        (Decimal::from(whole).compare(self) == Ordering::Equal).then_some(whole)
    }

    /// NaN.
    pub fn is_nan(self) -> bool {
        matches!(self, Decimal::NaN)
    }

    /// ±Infinity.
    pub fn is_infinite(self) -> bool {
        matches!(self, Decimal::Infinite { .. })
    }

    /// ±0.
    pub fn is_zero(self) -> bool {
        matches!(self, Decimal::Finite { coefficient: 0, .. })
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        match self {
            Decimal::Finite { negative, .. } | Decimal::Infinite { negative } => negative,
            Decimal::NaN => false,
        }
    }

    /// Rounds a wide coefficient to 34 digits and brings the exponent into range.
    fn rounded(negative: bool, coefficient: Wide, exponent: i64) -> Decimal {
        let mut drop = i64::from(coefficient.digits()) - i64::from(DIGITS);
        drop = drop.max(i64::from(MIN_EXPONENT) - exponent).max(0);
        let mut exponent = exponent + drop;
        let mut kept = divide_rounding(coefficient, drop, Rounding::HalfEven, negative);
        if kept > LARGEST {
            kept /= 10;
            exponent += 1;
        }
        if kept == 0 {
            let exponent = exponent.clamp(i64::from(MIN_EXPONENT), i64::from(MAX_EXPONENT)) as i32;
            return Decimal::Finite { negative, coefficient: 0, exponent };
        }
        while exponent > i64::from(MAX_EXPONENT) && kept <= LARGEST / 10 {
            kept *= 10;
            exponent -= 1;
        }
        if exponent > i64::from(MAX_EXPONENT) {
            return Decimal::Infinite { negative };
        }
        Decimal::Finite { negative, coefficient: kept, exponent: exponent as i32 }
    }

    /// The sum.
    pub fn plus(self, other: Decimal) -> Decimal {
        let (
            Decimal::Finite { negative: na, coefficient: ca, exponent: ea },
            Decimal::Finite { negative: nb, coefficient: cb, exponent: eb },
        ) = (self, other)
        else {
            return match (self, other) {
                (Decimal::NaN, _) | (_, Decimal::NaN) => Decimal::NaN,
                (Decimal::Infinite { negative: a }, Decimal::Infinite { negative: b }) if a != b => Decimal::NaN,
                (Decimal::Infinite { .. }, _) => self,
                _ => other,
            };
        };
        if ea < eb {
            return other.plus(self);
        }
        let gap = (ea - eb) as u32;
        // Beyond 36 places the smaller one only decides the rounding: one unit stands for it.
        let (shift, small, exponent) = if gap <= 36 {
            (gap, cb, eb)
        } else if ca == 0 {
            return other;
        } else {
            (36, u128::from(cb != 0), ea - 36)
        };
        let large = Wide::from(ca).times_power_of_ten(shift);
        let small = Wide::from(small);
        if na == nb {
            return Decimal::rounded(na, large.plus(small), i64::from(exponent));
        }
        match large.cmp(&small) {
            Ordering::Equal => Decimal::rounded(false, Wide::from(0), i64::from(exponent)),
            Ordering::Greater => Decimal::rounded(na, large.minus(small), i64::from(exponent)),
            Ordering::Less => Decimal::rounded(nb, small.minus(large), i64::from(exponent)),
        }
    }

    /// The difference.
    pub fn subtract(self, other: Decimal) -> Decimal {
        self.plus(other.negate())
    }

    /// The value with the other sign.
    pub fn negate(self) -> Decimal {
        match self {
            Decimal::Finite { negative, coefficient, exponent } => {
                Decimal::Finite { negative: !negative, coefficient, exponent }
            }
            Decimal::Infinite { negative } => Decimal::Infinite { negative: !negative },
            Decimal::NaN => Decimal::NaN,
        }
    }

    /// The value without its sign.
    pub fn abs(self) -> Decimal {
        if self.is_negative() { self.negate() } else { self }
    }

    /// The product.
    pub fn multiply(self, other: Decimal) -> Decimal {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Decimal::NaN, _) | (_, Decimal::NaN) => Decimal::NaN,
            (Decimal::Infinite { .. }, x) | (x, Decimal::Infinite { .. }) if x.is_zero() => Decimal::NaN,
            (Decimal::Infinite { .. }, _) | (_, Decimal::Infinite { .. }) => Decimal::Infinite { negative },
            (
                Decimal::Finite { coefficient: ca, exponent: ea, .. },
                Decimal::Finite { coefficient: cb, exponent: eb, .. },
            ) => Decimal::rounded(negative, Wide::product(ca, cb), i64::from(ea) + i64::from(eb)),
        }
    }

    /// The quotient; by zero, an infinity or NaN as IEEE 754 says.
    pub fn divide(self, other: Decimal) -> Decimal {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Decimal::NaN, _) | (_, Decimal::NaN) => Decimal::NaN,
            (Decimal::Infinite { .. }, Decimal::Infinite { .. }) => Decimal::NaN,
            (Decimal::Infinite { .. }, _) => Decimal::Infinite { negative },
            (_, Decimal::Infinite { .. }) => Decimal::Finite { negative, coefficient: 0, exponent: MIN_EXPONENT },
            (
                Decimal::Finite { coefficient: ca, exponent: ea, .. },
                Decimal::Finite { coefficient: cb, exponent: eb, .. },
            ) => {
                if cb == 0 {
                    return if ca == 0 { Decimal::NaN } else { Decimal::Infinite { negative } };
                }
                let preferred = i64::from(ea) - i64::from(eb);
                if ca == 0 {
                    return Decimal::rounded(negative, Wide::from(0), preferred);
                }
                let shift = (35 + Wide::from(cb).digits()).saturating_sub(Wide::from(ca).digits());
                let (mut quotient, rest) = Wide::from(ca).times_power_of_ten(shift).divide(cb);
                let mut exponent = preferred - i64::from(shift);
                if rest != 0 {
                    quotient = quotient.times(10).plus(Wide::from(1));
                    exponent -= 1;
                } else {
                    while exponent < preferred {
                        let (shorter, last) = quotient.divide(10);
                        if last != 0 {
                            break;
                        }
                        quotient = shorter;
                        exponent += 1;
                    }
                }
                Decimal::rounded(negative, quotient, exponent)
            }
        }
    }

    /// The remainder of the division that truncates; it has the dividend's sign.
    pub fn remainder(self, other: Decimal) -> Decimal {
        match (self, other) {
            (Decimal::NaN, _) | (_, Decimal::NaN) | (Decimal::Infinite { .. }, _) => Decimal::NaN,
            (_, Decimal::Infinite { .. }) => self,
            (
                Decimal::Finite { negative, coefficient: ca, exponent: ea },
                Decimal::Finite { coefficient: cb, exponent: eb, .. },
            ) => {
                if cb == 0 {
                    return Decimal::NaN;
                }
                if ea >= eb {
                    let mut rest = ca % cb;
                    for _ in 0..ea - eb {
                        rest = rest * 10 % cb;
                        if rest == 0 {
                            break;
                        }
                    }
                    return Decimal::Finite { negative, coefficient: rest, exponent: eb };
                }
                match 10u128.checked_pow((eb - ea) as u32).and_then(|scale| cb.checked_mul(scale)) {
                    Some(divisor) => Decimal::Finite { negative, coefficient: ca % divisor, exponent: ea },
                    None => self,
                }
            }
        }
    }

    /// Rounds to a multiple of 10^−`places`; a value with fewer places stays as it is.
    pub fn round(self, places: i32, rounding: Rounding) -> Decimal {
        match self {
            Decimal::Finite { negative, coefficient, exponent } if exponent < -places => {
                let drop = i64::from(-places) - i64::from(exponent);
                let kept = divide_rounding(Wide::from(coefficient), drop, rounding, negative);
                Decimal::rounded(negative, Wide::from(kept), i64::from(-places))
            }
            other => other,
        }
    }

    /// Rounds to an integer.
    pub fn to_integral(self, rounding: Rounding) -> Decimal {
        self.round(0, rounding)
    }

    /// The order of numbers: NaN below all others and equal to itself, −0 = 0, 1.0 = 1.
    pub fn compare(self, other: Decimal) -> Ordering {
        let (
            Decimal::Finite { negative: na, coefficient: ca, exponent: ea },
            Decimal::Finite { negative: nb, coefficient: cb, exponent: eb },
        ) = (self, other)
        else {
            let rank = |d: Decimal| match d {
                Decimal::NaN => 0,
                Decimal::Infinite { negative: true } => 1,
                Decimal::Finite { .. } => 2,
                Decimal::Infinite { negative: false } => 3,
            };
            return rank(self).cmp(&rank(other));
        };
        if ca == 0 || cb == 0 {
            let sign = |c: u128, n: bool| {
                if c == 0 {
                    0
                } else if n {
                    -1
                } else {
                    1
                }
            };
            return sign(ca, na).cmp(&sign(cb, nb));
        }
        if na != nb {
            return nb.cmp(&na);
        }
        let magnitude = compare_magnitudes(ca, ea, cb, eb);
        if na { magnitude.reverse() } else { magnitude }
    }

    /// Compares with a double by exact value.
    pub fn compare_f64(self, other: f64) -> Ordering {
        // Rounding keeps the order, so only values that round to the same decimal need all digits.
        let by_rounded = self.compare(Decimal::from_f64(other, DIGITS));
        if by_rounded != Ordering::Equal || !other.is_finite() || other == 0.0 {
            return by_rounded;
        }
        let exact = format!("{:.766e}", other.abs());
        let digits: String = exact.chars().take_while(|c| *c != 'e').filter(char::is_ascii_digit).collect();
        let kept: String = digits.chars().take(DIGITS as usize).collect();
        let rest_is_zero = digits.chars().skip(DIGITS as usize).all(|c| c == '0');
        if rest_is_zero {
            return Ordering::Equal;
        }
        let Decimal::Finite { coefficient, .. } = Decimal::from_f64(other.abs(), DIGITS) else {
            return Ordering::Equal;
        };
        // The magnitude of the double is larger than its rounding if it was rounded down.
        let rounded_down = kept.parse::<u128>() == Ok(coefficient);
        let magnitude = if rounded_down { Ordering::Less } else { Ordering::Greater };
        if other < 0.0 { magnitude.reverse() } else { magnitude }
    }

    /// Coefficient and exponent without trailing zeros: equal numbers give equal answers.
    pub fn normalized(self) -> Decimal {
        match self {
            Decimal::Finite { coefficient: 0, .. } => Decimal::ZERO,
            Decimal::Finite { negative, mut coefficient, mut exponent } => {
                while coefficient % 10 == 0 {
                    coefficient /= 10;
                    exponent += 1;
                }
                Decimal::Finite { negative, coefficient, exponent }
            }
            other => other,
        }
    }

    /// The square root, or NaN below zero.
    pub fn sqrt(self) -> Decimal {
        match self {
            Decimal::Finite { coefficient: 0, .. } => self,
            Decimal::Finite { negative: false, coefficient, exponent } => {
                let mut shift = 70 - Wide::from(coefficient).digits();
                if (exponent - shift as i32) % 2 != 0 {
                    shift -= 1;
                }
                let radicand = Wide::from(coefficient).times_power_of_ten(shift);
                let root = radicand.square_root();
                let half = i64::from((exponent - shift as i32) / 2);
                if Wide::product(root, root) == radicand {
                    let exact = Decimal::rounded(false, Wide::from(root), half).normalized();
                    let preferred = exponent.div_euclid(2);
                    return exact.padded(preferred);
                }
                Decimal::rounded(false, Wide::from(root).times(10).plus(Wide::from(1)), half - 1)
            }
            Decimal::Infinite { negative: false } => self,
            _ => Decimal::NaN,
        }
    }

    /// The same number with its exponent lowered to `exponent` as far as 34 digits allow.
    fn padded(self, exponent: i32) -> Decimal {
        match self {
            Decimal::Finite { negative, mut coefficient, exponent: mut current } => {
                while current > exponent && coefficient <= LARGEST / 10 {
                    coefficient *= 10;
                    current -= 1;
                }
                Decimal::Finite { negative, coefficient, exponent: current }
            }
            other => other,
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Decimal::Finite { negative: value < 0, coefficient: u128::from(value.unsigned_abs()), exponent: 0 }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_bson().fmt(f)
    }
}

/// Drops `drop` decimal digits of a coefficient.
fn divide_rounding(coefficient: Wide, drop: i64, rounding: Rounding, negative: bool) -> u128 {
    if drop <= 0 {
        return coefficient.low;
    }
    let upward = match rounding {
        Rounding::Floor => negative,
        Rounding::Ceiling => !negative,
        Rounding::HalfEven | Rounding::Truncate => false,
    };
    if drop > 77 {
        return u128::from(upward && coefficient != Wide::from(0));
    }
    let mut rest_of_drop = drop as u32;
    let mut value = coefficient;
    let mut sticky = false;
    while rest_of_drop > 38 {
        let (quotient, rest) = value.divide(power_of_ten(rest_of_drop - 38));
        sticky |= rest != 0;
        value = quotient;
        rest_of_drop = 38;
    }
    let divisor = power_of_ten(rest_of_drop);
    let (quotient, rest) = value.divide(divisor);
    let inexact = rest != 0 || sticky;
    let up = match rounding {
        Rounding::HalfEven => match rest.cmp(&(divisor / 2)) {
            Ordering::Greater => true,
            Ordering::Equal => sticky || quotient.low & 1 == 1,
            Ordering::Less => false,
        },
        _ => upward && inexact,
    };
    quotient.low + u128::from(up)
}

fn compare_magnitudes(ca: u128, ea: i32, cb: u128, eb: i32) -> Ordering {
    let top = |c: u128, e: i32| i64::from(Wide::from(c).digits()) + i64::from(e);
    top(ca, ea).cmp(&top(cb, eb)).then_with(|| {
        // The same leading place: the exponents differ by at most 33.
        let lowest = ea.min(eb);
        let scale = |c: u128, e: i32| Wide::from(c).times_power_of_ten((e - lowest) as u32);
        scale(ca, ea).cmp(&scale(cb, eb))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn packing_agrees_with_bson() {
        for text in
            ["0", "1", "-1.10", "9.999999999999999999999999999999999E+6144", "1E-6176", "12345678901234567890.5"]
        {
            let ours = d(text).to_bson();
            let theirs: Decimal128 = text.parse().unwrap();
            assert_eq!(ours.bytes(), theirs.bytes(), "{text}");
            assert_eq!(Decimal::from_bson(theirs).to_string(), theirs.to_string());
        }
        assert!(Decimal::from_bson("NaN".parse().unwrap()).is_nan());
        assert_eq!(d("-Infinity").to_string(), "-Infinity");
    }

    #[test]
    fn arithmetic_keeps_the_preferred_exponent() {
        assert_eq!(d("1.10").plus(d("2.2")).to_string(), "3.30");
        assert_eq!(d("1.10").subtract(d("1.1")).to_string(), "0.00");
        assert_eq!(d("1.5").multiply(d("2.0")).to_string(), "3.00");
        assert_eq!(d("1").divide(d("4")).to_string(), "0.25");
        assert_eq!(d("6.0").divide(d("2")).to_string(), "3.0");
        assert_eq!(d("1").divide(d("3")).to_string(), "0.3333333333333333333333333333333333");
        assert_eq!(d("2").divide(d("3")).to_string(), "0.6666666666666666666666666666666667");
        assert_eq!(d("1e40").plus(d("1")).to_string(), "1.000000000000000000000000000000000E+40");
        assert_eq!(d("7.5").remainder(d("-2")).to_string(), "1.5");
        assert_eq!(d("-7").remainder(d("0.3")).to_string(), "-0.1");
        assert_eq!(d("2").sqrt().to_string(), "1.414213562373095048801688724209698");
        assert_eq!(d("9").sqrt().to_string(), "3");
        assert_eq!(d("1e6000").multiply(d("1e6000")).to_string(), "Infinity");
    }

    #[test]
    fn rounding() {
        assert_eq!(d("2.5").round(0, Rounding::HalfEven).to_string(), "2");
        assert_eq!(d("-2.675").round(2, Rounding::HalfEven).to_string(), "-2.68");
        assert_eq!(d("1234").round(-2, Rounding::Truncate).to_string(), "1.2E+3");
        assert_eq!(d("-1.5").to_integral(Rounding::Floor).to_string(), "-2");
        assert_eq!(d("1e-6000").to_integral(Rounding::Ceiling).to_string(), "1");
    }

    #[test]
    fn comparisons_are_exact() {
        assert_eq!(d("0.1").compare_f64(0.1), Ordering::Less); // the double is a little above
        assert_eq!(d("0.5").compare_f64(0.5), Ordering::Equal);
        assert_eq!(d("0.1000000000000000055511151231257827").compare_f64(0.1), Ordering::Less);
        assert_eq!(d("0.1000000000000000055511151231257828").compare_f64(0.1), Ordering::Greater);
        assert_eq!(d("1.0").compare(d("1")), Ordering::Equal);
        assert_eq!(d("-0").compare(d("0")), Ordering::Equal);
        assert_eq!(d("1e30").compare(d("999")), Ordering::Greater);
        assert_eq!(d("9223372036854775807").to_i64_exact(), Some(i64::MAX));
        assert_eq!(d("9223372036854775808").to_i64_exact(), None);
        assert_eq!(d("1.5").to_i64_exact(), None);
    }
}
