//! From elements to registers, and from registers to an estimate.

use super::form::{REGISTER_BITS, REGISTERS, Registers};

/// Ranks go from 0 (nothing seen) to this and one more.
const HIGHEST: usize = 64 - REGISTER_BITS as usize;

/// The register an element belongs to, and its rank there: the place of the first one among the bits of
/// its hash that do not name the register.
pub fn place(element: &[u8]) -> (usize, u8) {
    let hash = murmur(element);
    let rest = hash >> REGISTER_BITS | 1 << HIGHEST;
    ((hash as usize) % REGISTERS, rest.trailing_zeros() as u8 + 1)
}

/// MurmurHash64A (Austin Appleby), with Redis' seed.
fn murmur(bytes: &[u8]) -> u64 {
    const MIX: u64 = 0xc6a4_a793_5bd1_e995;
    const SHIFT: u32 = 47;
    let mut hash = 0xadc8_3b19 ^ (bytes.len() as u64).wrapping_mul(MIX);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let mut mixed = word.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)).wrapping_mul(MIX);
        mixed ^= mixed >> SHIFT;
        hash = (hash ^ mixed.wrapping_mul(MIX)).wrapping_mul(MIX);
    }
    if !words.remainder().is_empty() {
        let tail = words.remainder().iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        hash = (hash ^ tail).wrapping_mul(MIX);
    }
    hash ^= hash >> SHIFT;
    hash = hash.wrapping_mul(MIX);
    hash ^ hash >> SHIFT
}

/// How many different elements were seen (Otmar Ertl, "New cardinality estimation algorithms for
/// HyperLogLog sketches", 2017, algorithm 6).
pub fn estimate(registers: &Registers) -> u64 {
    let mut having = [0u32; HIGHEST + 2];
    for rank in registers.ranks() {
        having[usize::from(rank).min(HIGHEST + 1)] += 1;
    }
    let all = REGISTERS as f64;
    let mut sum = all * tau((all - f64::from(having[HIGHEST + 1])) / all);
    for rank in (1..=HIGHEST).rev() {
        sum = (sum + f64::from(having[rank])) * 0.5;
    }
    sum += all * sigma(f64::from(having[0]) / all);
    const ALPHA: f64 = 0.721_347_520_444_481_7;
    (ALPHA * all * all / sum).round() as u64
}

/// What the empty registers, a share of all, add.
fn sigma(share: f64) -> f64 {
    if share == 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut sum) = (share, 1.0, share);
    loop {
        x *= x;
        let before = sum;
        sum += x * y;
        y += y;
        if sum == before {
            return sum;
        }
    }
}

/// What the full registers, the rest of all, add.
fn tau(share: f64) -> f64 {
    if share == 0.0 || share == 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut sum) = (share, 1.0, 1.0 - share);
    loop {
        x = x.sqrt();
        let before = sum;
        y *= 0.5;
        sum -= (1.0 - x).powi(2) * y;
        if sum == before {
            return sum / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::HyperLogLog;
    use super::*;

    #[test]
    fn hashes_are_those_of_murmur() {
        // PFDEBUG DECODE tells them of a real server.
        for (element, register) in [("a", 12_711), ("", 5_938), ("twelve bytes", 10_918)] {
            assert_eq!(place(element.as_bytes()), (register, 2), "{element:?}");
        }
    }

    #[test]
    fn estimates_are_near_the_truth() {
        let mut registers = HyperLogLog::empty();
        let mut seen = 0u64;
        for wanted in [1u64, 10, 100, 1_000, 10_000, 100_000] {
            while seen < wanted {
                let (register, rank) = place(seen.to_string().as_bytes());
                registers.raise(register, rank).unwrap();
                seen += 1;
            }
            let found = estimate(&registers.registers().unwrap());
            assert!(found.abs_diff(wanted) as f64 <= 0.02 * wanted as f64, "{found} of {wanted}");
        }
    }
}
