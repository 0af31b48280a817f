//! Unsigned 256-bit integers: what a product or quotient of two 34-digit coefficients needs.

use std::cmp::Ordering;

/// An unsigned 256-bit integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wide {
    /// Bits 128..256.
    pub high: u128,
    /// Bits 0..128.
    pub low: u128,
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Self) -> Ordering {
        self.high.cmp(&other.high).then(self.low.cmp(&other.low))
    }
}

impl From<u128> for Wide {
    fn from(low: u128) -> Self {
        Wide { high: 0, low }
    }
}

/// 10 to the power of `exponent`, which must be at most 38.
pub(super) fn power_of_ten(exponent: u32) -> u128 {
    10u128.pow(exponent.min(38))
}

impl Wide {
    /// The whole product of two 128-bit integers.
    pub fn product(a: u128, b: u128) -> Wide {
        const MASK: u128 = u64::MAX as u128;
        let (a1, a0, b1, b0) = (a >> 64, a & MASK, b >> 64, b & MASK);
        let low = a0 * b0;
        let middle = a1 * b0 + (low >> 64);
        let middle2 = a0 * b1 + (middle & MASK);
        Wide { high: a1 * b1 + (middle >> 64) + (middle2 >> 64), low: (middle2 << 64) | (low & MASK) }
    }

    /// The product with a 128-bit integer; bits beyond 256 are lost, so callers keep to 77 digits.
    pub fn times(self, factor: u128) -> Wide {
        let product = Wide::product(self.low, factor);
        Wide { high: product.high.wrapping_add(self.high.wrapping_mul(factor)), low: product.low }
    }

    /// The product with 10 to the power of `exponent`.
    pub fn times_power_of_ten(self, exponent: u32) -> Wide {
        let mut rest = exponent;
        let mut result = self;
        while rest > 0 {
            let step = rest.min(38);
            result = result.times(power_of_ten(step));
            rest -= step;
        }
        result
    }

    /// The sum.
    pub fn plus(self, other: Wide) -> Wide {
        let (low, carry) = self.low.overflowing_add(other.low);
        Wide { high: self.high.wrapping_add(other.high).wrapping_add(u128::from(carry)), low }
    }

    /// The difference; `other` must not be larger.
    pub fn minus(self, other: Wide) -> Wide {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        Wide { high: self.high.wrapping_sub(other.high).wrapping_sub(u128::from(borrow)), low }
    }

    /// Quotient and remainder; the divisor must lie in 1 ..= 2^127.
    pub fn divide(self, divisor: u128) -> (Wide, u128) {
        if self.high == 0 {
            return (Wide::from(self.low / divisor), self.low % divisor);
        }
        let mut quotient = Wide { high: self.high / divisor, low: 0 };
        let mut rest = self.high % divisor;
        for bit in (0..128).rev() {
            rest = (rest << 1) | ((self.low >> bit) & 1);
            if rest >= divisor {
                rest -= divisor;
                quotient.low |= 1 << bit;
            }
        }
        (quotient, rest)
    }

    /// The number of decimal digits; 1 for zero.
    pub fn digits(self) -> u32 {
        if self.high == 0 {
            return self.low.checked_ilog10().unwrap_or(0) + 1;
        }
        38 + self.divide(power_of_ten(38)).0.digits()
    }

    /// The integer square root of a value below 2^254.
    pub fn square_root(self) -> u128 {
        let mut root = 0u128;
        for bit in (0..127).rev() {
            let candidate = root | (1 << bit);
            if Wide::product(candidate, candidate) <= self {
                root = candidate;
            }
        }
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_quotients_agree() {
        let a = power_of_ten(34) - 7;
        let b = power_of_ten(33) + 12345;
        let product = Wide::product(a, b);
        assert_eq!(product.divide(a), (Wide::from(b), 0));
        assert_eq!(product.plus(Wide::from(5)).divide(b), (Wide::from(a), 5));
        assert_eq!(product.digits(), 68);
        assert_eq!(Wide::product(a, a).square_root(), a);
    }
}
