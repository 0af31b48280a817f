//! The bytes of a HyperLogLog, as Redis writes them into a string.
//!
//! ```text
//! "HYLL"  form u8 (0 dense, 1 sparse)  3 bytes  count u64 little-endian (its highest bit: not known)  registers
//! dense   16384 ranks of 6 bits, the lowest bits of each byte first
//! sparse  00nnnnnn             n + 1 registers that are 0
//!         01nnnnnn nnnnnnnn    n + 1 registers that are 0
//!         1rrrrrnn             n + 1 registers of rank r + 1
//! ```
//!
//! One that has seen little is sparse; it turns dense when a rank does not fit or it outgrows
//! [`LONGEST_SPARSE`]. The same elements in the same order give the same bytes as in Redis.

/// Bits of the hash that name the register.
pub const REGISTER_BITS: u32 = 14;
/// How many registers there are.
pub const REGISTERS: usize = 1 << REGISTER_BITS;

const HEADER: usize = 16;
const DENSE_LENGTH: usize = HEADER + REGISTERS * 6 / 8;
/// A longer sparse one turns dense (`hll-sparse-max-bytes`).
const LONGEST_SPARSE: usize = 3000;

const DENSE: u8 = 0;
const SPARSE: u8 = 1;

/// The ranks of all registers.
#[derive(Debug, Clone)]
pub struct Registers(Vec<u8>);

impl Default for Registers {
    fn default() -> Self {
        Registers(vec![0; REGISTERS])
    }
}

impl Registers {
    /// The rank of each register.
    pub fn ranks(&self) -> impl Iterator<Item = u8> {
        self.0.iter().copied()
    }

    /// The registers that are set, with their ranks.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u8)> {
        self.0.iter().copied().enumerate().filter(|&(_, rank)| rank > 0)
    }

    /// Takes over what another has seen.
    pub fn merge(&mut self, other: &Registers) {
        for (rank, &seen) in self.0.iter_mut().zip(&other.0) {
            *rank = seen.max(*rank);
        }
    }
}

/// A run of registers of one rank in the sparse form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    rank: u8,
    length: usize,
    /// Bytes it takes.
    bytes: usize,
}

impl Run {
    const MOST_RANKED: usize = 4;
    const HIGHEST_RANK: u8 = 32;
    const MOST_SHORT_ZEROS: usize = 64;

    fn read(bytes: &[u8]) -> Option<Self> {
        let &first = bytes.first()?;
        Some(match first >> 6 {
            0 => Run { rank: 0, length: usize::from(first & 0x3f) + 1, bytes: 1 },
            1 => {
                let length = usize::from(first & 0x3f) << 8 | usize::from(*bytes.get(1)?);
                Run { rank: 0, length: length + 1, bytes: 2 }
            }
            _ => Run { rank: (first >> 2 & 0x1f) + 1, length: usize::from(first & 3) + 1, bytes: 1 },
        })
    }

    fn write(rank: u8, length: usize, to: &mut Vec<u8>) {
        match (rank, length) {
            (_, 0) => {}
            (0, 1..=Self::MOST_SHORT_ZEROS) => to.push((length - 1) as u8),
            (0, _) => to.extend([0x40 | ((length - 1) >> 8) as u8, (length - 1) as u8]),
            _ => to.push(0x80 | (rank - 1) << 2 | (length - 1) as u8),
        }
    }
}

/// A HyperLogLog in its bytes.
#[derive(Debug)]
pub struct HyperLogLog {
    bytes: Vec<u8>,
}

impl HyperLogLog {
    /// One that has seen nothing.
    pub fn empty() -> Self {
        let mut bytes = b"HYLL".to_vec();
        bytes.resize(HEADER, 0);
        bytes[4] = SPARSE;
        Run::write(0, REGISTERS, &mut bytes);
        HyperLogLog { bytes }
    }

    /// Bytes that look like one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let form = *bytes.get(4)?;
        let looks = bytes.len() >= HEADER
            && bytes.starts_with(b"HYLL")
            && (form == SPARSE || (form == DENSE && bytes.len() == DENSE_LENGTH));
        looks.then(|| HyperLogLog { bytes: bytes.to_vec() })
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it is in the dense form.
    pub fn is_dense(&self) -> bool {
        self.bytes.get(4) == Some(&DENSE)
    }

    /// The estimate that was noted since the last change.
    pub fn known_count(&self) -> Option<u64> {
        let count = u64::from_le_bytes(self.bytes.get(8..HEADER)?.try_into().ok()?);
        (count >> 63 == 0).then_some(count)
    }

    /// Notes an estimate.
    pub fn remember_count(&mut self, count: u64) {
        self.bytes.splice(8..HEADER, count.to_le_bytes());
    }

    /// The estimate noted no longer holds.
    pub fn forget_count(&mut self) {
        if let Some(highest) = self.bytes.get_mut(HEADER - 1) {
            *highest |= 0x80;
        }
    }

    /// All registers; `None` if the bytes are damaged.
    pub fn registers(&self) -> Option<Registers> {
        if self.is_dense() {
            return Some(Registers((0..REGISTERS).map(|register| self.dense_rank(register)).collect()));
        }
        let mut ranks = Vec::with_capacity(REGISTERS);
        let mut rest = self.bytes.get(HEADER..)?;
        while !rest.is_empty() {
            let run = Run::read(rest)?;
            rest = rest.get(run.bytes..)?;
            ranks.resize((ranks.len() + run.length).min(REGISTERS + 1), run.rank);
        }
        (ranks.len() == REGISTERS).then_some(Registers(ranks))
    }

    /// Gives a register at least a rank; answers whether it was lower, or `None` if the bytes are damaged.
    pub fn raise(&mut self, register: usize, rank: u8) -> Option<bool> {
        if self.is_dense() {
            let lower = self.dense_rank(register) < rank;
            if lower {
                self.set_dense(register, rank);
            }
            return Some(lower);
        }
        self.raise_sparse(register, rank)
    }

    fn dense_rank(&self, register: usize) -> u8 {
        let (byte, bit) = (HEADER + register * 6 / 8, register * 6 % 8);
        let pair = [0, 1].map(|next| self.bytes.get(byte + next).copied().unwrap_or(0));
        (u16::from_le_bytes(pair) >> bit) as u8 & 0x3f
    }

    fn set_dense(&mut self, register: usize, rank: u8) {
        let (byte, bit) = (HEADER + register * 6 / 8, register * 6 % 8);
        let (mask, value) = ((0x3fu16 << bit).to_le_bytes(), (u16::from(rank) << bit).to_le_bytes());
        for next in 0..2 {
            if let Some(byte) = self.bytes.get_mut(byte + next) {
                *byte = *byte & !mask[next] | value[next];
            }
        }
    }

    /// Turns it into the dense form; `None` if the bytes are damaged.
    pub fn make_dense(&mut self) -> Option<()> {
        if !self.is_dense() {
            let registers = self.registers()?;
            self.bytes.truncate(HEADER);
            self.bytes.resize(DENSE_LENGTH, 0);
            self.bytes[4] = DENSE;
            registers.iter().for_each(|(register, rank)| self.set_dense(register, rank));
        }
        Some(())
    }

    fn raise_sparse(&mut self, register: usize, rank: u8) -> Option<bool> {
        if rank > Run::HIGHEST_RANK {
            return self.raise_dense(register, rank);
        }
        // The run the register is in, the one before it, and the first register of the run.
        let (mut at, mut before, mut first) = (HEADER, HEADER, 0);
        let run = loop {
            let run = Run::read(self.bytes.get(at..)?)?;
            if register < first + run.length {
                break run;
            }
            (before, at, first) = (at, at + run.bytes, first + run.length);
        };
        if run.rank >= rank {
            return Some(false);
        }
        // In its place: what is left of it on both sides, and the register between them.
        let mut instead = Vec::with_capacity(5);
        Run::write(run.rank, register - first, &mut instead);
        Run::write(rank, 1, &mut instead);
        Run::write(run.rank, first + run.length - 1 - register, &mut instead);
        let longer = instead.len().saturating_sub(run.bytes);
        if longer > 0 && self.bytes.len() + longer > LONGEST_SPARSE {
            return self.raise_dense(register, rank);
        }
        self.bytes.splice(at..at + run.bytes, instead);
        self.join_runs(before);
        self.forget_count();
        Some(true)
    }

    fn raise_dense(&mut self, register: usize, rank: u8) -> Option<bool> {
        self.make_dense()?;
        self.raise(register, rank)
    }

    /// Joins neighbouring runs of one rank, looking at five from a place on.
    fn join_runs(&mut self, from: usize) {
        let mut at = from;
        for _ in 0..5 {
            let Some(run) = self.bytes.get(at..).and_then(Run::read) else { return };
            let next = self.bytes.get(at + run.bytes..).and_then(Run::read);
            match next {
                Some(next) if run.rank > 0 && next.rank == run.rank && run.length + next.length <= Run::MOST_RANKED => {
                    let mut joined = Vec::with_capacity(1);
                    Run::write(run.rank, run.length + next.length, &mut joined);
                    self.bytes.splice(at..at + 2, joined);
                }
                _ => at += run.bytes,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_hold_the_same_registers() {
        let mut rng = fastrand::Rng::with_seed(9);
        let (mut sparse, mut dense, mut model) = (HyperLogLog::empty(), HyperLogLog::empty(), Registers::default());
        dense.make_dense().unwrap();
        for step in 0..6_000 {
            let (register, rank) = (rng.usize(..REGISTERS), rng.u8(1..=if step < 3000 { 32 } else { 51 }));
            let lower = model.0[register] < rank;
            model.0[register] = rank.max(model.0[register]);
            assert_eq!(sparse.raise(register, rank), Some(lower));
            assert_eq!(dense.raise(register, rank), Some(lower));
            if step % 100 == 0 {
                assert_eq!(sparse.registers().unwrap().0, model.0, "step {step}");
                assert_eq!(dense.registers().unwrap().0, model.0, "step {step}");
            }
            assert_eq!(sparse.is_dense(), sparse.bytes.len() == DENSE_LENGTH);
        }
        assert!(sparse.is_dense());
        assert_eq!(sparse.known_count(), None);
        sparse.remember_count(77);
        assert_eq!(sparse.known_count(), Some(77));
    }

    #[test]
    fn damage_is_noticed() {
        assert!(HyperLogLog::read(b"HYLL").is_none());
        assert!(HyperLogLog::read(&[b"HYLL".as_slice(), &[0; 30]].concat()).is_none());
        assert!(HyperLogLog::read(&[b"HYLL".as_slice(), &[2; 30]].concat()).is_none());
        let mut short = HyperLogLog::empty();
        short.bytes.truncate(HEADER + 1);
        assert!(short.registers().is_none());
        assert_eq!(short.raise(5, 3), None);
        let long = HyperLogLog::read(&[HyperLogLog::empty().bytes(), &[0]].concat()).unwrap();
        assert!(long.registers().is_none());
    }
}
