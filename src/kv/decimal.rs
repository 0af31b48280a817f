//! Exact decimal addition for INCRBYFLOAT and HINCRBYFLOAT.
//!
//! Redis adds in the C compiler's `long double` and writes at most 17 decimals, never an exponent;
//! its last digits depend on the processor. Here the sum is exact and then rounded to as many decimals
//! as a `long double` can tell apart, so `10.1 + 5.0e3` is `5010.1` everywhere.

use super::number;
use std::cmp::Ordering;

/// Decimals that are written at most.
const DECIMALS: usize = 17;
/// A whole number of so many digits leaves few bits for decimals.
const LARGE: usize = 17;
/// The largest power of ten that is accepted, as in an 80-bit `long double`.
const LARGEST_EXPONENT: i64 = 4932;

/// A decimal number, or an infinity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    infinite: bool,
    /// Digits 0–9, the most significant first; the value is `digits` / 10^`scale`.
    digits: Vec<u8>,
    scale: usize,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { negative: false, infinite: false, digits: Vec::new(), scale: 0 };

    /// What `strtold` reads: decimal or hexadecimal, with an exponent, or an infinity; no NaN.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
            return Some(Decimal { negative, infinite: true, ..Decimal::ZERO });
        }
        if unsigned.len() > 2 && unsigned.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x")) {
            // A double is a finite decimal fraction: 1,074 decimals write any of them exactly.
            return Self::parse(format!("{:.1074}", number::double(text.as_bytes())?).as_bytes());
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() == 0 || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
        let leading = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..leading);
        if digits.is_empty() {
            return Some(Decimal::ZERO);
        }
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let magnitude = i64::try_from(digits.len()).ok()?.checked_sub(scale)?;
        if !(-LARGEST_EXPONENT..=LARGEST_EXPONENT + 1).contains(&magnitude) {
            return None;
        }
        if scale < 0 {
            digits.resize(digits.len() + usize::try_from(-scale).ok()?, 0);
        }
        let mut parsed = Decimal { negative, infinite: false, digits, scale: usize::try_from(scale).unwrap_or(0) };
        parsed.round();
        Some(parsed)
    }

    /// Keeps at most this many decimals, rounding half away from zero.
    fn cut(&mut self, decimals: usize) {
        let Some(cut) = self.scale.checked_sub(decimals) else { return };
        let up = cut > 0
            && cut <= self.digits.len()
            && self.digits.get(self.digits.len() - cut).is_some_and(|&digit| digit >= 5);
        self.digits.truncate(self.digits.len().saturating_sub(cut));
        self.scale = decimals;
        if up {
            let one = [vec![0; self.digits.len().saturating_sub(1)], vec![1]].concat();
            let digits = if self.digits.is_empty() { vec![0] } else { std::mem::take(&mut self.digits) };
            self.digits = sum(&digits, &one);
        }
    }

    /// Behind a large whole number only the 64 bits of a `long double`'s mantissa are left for decimals.
    fn quantize(&mut self, whole: usize) {
        let number = |digits: &[u8]| digits.iter().try_fold(0u128, |n, &d| n.checked_mul(10)?.checked_add(d.into()));
        let (before, behind) = self.digits.split_at(whole);
        let bits = number(before).map_or(128, |number| 128 - number.leading_zeros());
        let (Some(left), Some(fraction)) = (64u32.checked_sub(bits), number(behind)) else { return self.cut(0) };
        // At most 2^10 steps of a fraction of 17 digits: both products stay far below 2^128.
        let unit = 10u128.pow(behind.len() as u32);
        let steps = ((fraction << left) + unit / 2) / unit;
        if steps >> left != 0 || left == 0 {
            return self.cut(0);
        }
        let decimals = steps * 5u128.pow(left);
        let text = format!("{decimals:0width$}", width = left as usize);
        self.digits.truncate(whole);
        self.digits.extend(text.bytes().map(|byte| byte - b'0'));
        self.scale = left as usize;
    }

    /// Whether it is an infinity.
    pub fn is_infinite(&self) -> bool {
        self.infinite
    }

    /// The sum; `None` if it is not finite.
    pub fn add(&self, other: &Decimal) -> Option<Decimal> {
        if self.infinite || other.infinite {
            return None;
        }
        let scale = self.scale.max(other.scale);
        let (mut left, mut right) = (self.digits.clone(), other.digits.clone());
        left.resize(left.len() + scale - self.scale, 0);
        right.resize(right.len() + scale - other.scale, 0);
        let length = left.len().max(right.len());
        left.splice(..0, std::iter::repeat_n(0, length - left.len()));
        right.splice(..0, std::iter::repeat_n(0, length - right.len()));
        let (negative, digits) = if self.negative == other.negative {
            (self.negative, sum(&left, &right))
        } else {
            match left.cmp(&right) {
                Ordering::Equal => return Some(Decimal::ZERO),
                Ordering::Greater => (self.negative, difference(&left, &right)),
                Ordering::Less => (other.negative, difference(&right, &left)),
            }
        };
        let mut result = Decimal { negative, infinite: false, digits, scale };
        result.round();
        (result.digits.len() <= result.scale + LARGEST_EXPONENT as usize + 1).then_some(result)
    }

    /// Cuts decimals that a `long double` cannot tell apart, and zeros that say nothing.
    fn round(&mut self) {
        let whole = self.digits.len().saturating_sub(self.scale);
        self.cut(DECIMALS);
        if whole >= LARGE && self.scale > 0 {
            self.quantize(whole);
        }
        while self.scale > 0 && self.digits.last() == Some(&0) {
            self.digits.pop();
            self.scale -= 1;
        }
        let leading = self.digits.iter().take_while(|&&digit| digit == 0).count();
        self.digits.drain(..leading);
        if self.digits.is_empty() {
            *self = Decimal::ZERO;
        }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut digits: String = self.digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
        if digits.len() <= self.scale {
            digits.insert_str(0, &"0".repeat(self.scale + 1 - digits.len()));
        }
        let (whole, fraction) = digits.split_at(digits.len() - self.scale);
        let sign = if self.negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

/// The sum of two digit strings of equal length.
fn sum(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(left.len() + 1);
    let mut carry = 0;
    for (a, b) in left.iter().zip(right).rev() {
        let total = a + b + carry;
        digits.push(total % 10);
        carry = total / 10;
    }
    digits.push(carry);
    digits.reverse();
    digits
}

/// `left - right` for digit strings of equal length with `left >= right`.
fn difference(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(left.len());
    let mut borrow = 0;
    for (a, b) in left.iter().zip(right).rev() {
        let total = 10 + a - b - borrow;
        digits.push(total % 10);
        borrow = 1 - total / 10;
    }
    digits.reverse();
    digits
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn sums_are_exact() {
        for (left, right, expected) in [
            ("10.1", "5.0e3", "5010.1"),
            ("0.1", "0.2", "0.3"),
            ("1", "1e-20", "1"),
            ("1e30", "0", "1000000000000000000000000000000"),
            ("-1.5", "1.5", "0"),
            ("3", "-10.25", "-7.25"),
            ("0x10", "0x1p-1", "16.5"),
            ("0.99999999999999999", "0.00000000000000001", "1"),
            ("0", "0.000000000000000005", "0.00000000000000001"),
            ("5.", ".5", "5.5"),
            ("+3", "-0", "3"),
            ("-4611686018427387921", "3.0e-5", "-4611686018427387921"),
            ("12345678901234567890", "1", "12345678901234567891"),
            ("4611686018427388256", "0.3", "4611686018427388256.5"),
            ("4611686018427388256", "0.8", "4611686018427388257"),
        ] {
            let sum = Decimal::parse(left.as_bytes()).unwrap().add(&Decimal::parse(right.as_bytes()).unwrap());
            assert_eq!(sum.unwrap().to_string(), expected, "{left} + {right}");
        }
        assert!(Decimal::parse(b"1e4000").is_some());
        for bad in ["", "abc", "1e5000", "nan", " 1", "1 ", ".", "1e", "--1", "1_0"] {
            assert_eq!(Decimal::parse(bad.as_bytes()), None, "{bad:?}");
        }
        assert_eq!(Decimal::parse(b"inf").unwrap().add(&Decimal::ZERO), None);
    }
}
