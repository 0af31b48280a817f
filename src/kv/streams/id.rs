//! Ids of entries: milliseconds and a number within the millisecond.

use super::{Error, Result};
use crate::reply::Resp;
use crate::storage;

/// An id; entries lie in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Id {
    /// Milliseconds since 1970, or whatever number the user counts by.
    pub ms: u64,
    /// The number within the millisecond.
    pub seq: u64,
}

/// An id as XADD takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewId {
    /// `*`: the time, or the next id if the clock stands behind it.
    Auto,
    /// `ms-*`: the next number within a millisecond.
    Within(u64),
    /// `ms-seq`, or `ms` for `ms-0`.
    Given(Id),
}

impl Id {
    /// `0-0`, which no entry has.
    pub const ZERO: Id = Id { ms: 0, seq: 0 };
    /// The last possible id.
    pub const MAX: Id = Id { ms: u64::MAX, seq: u64::MAX };

    /// The id after this one.
    pub fn next(self) -> Option<Id> {
        match self.seq.checked_add(1) {
            Some(seq) => Some(Id { ms: self.ms, seq }),
            None => Some(Id { ms: self.ms.checked_add(1)?, seq: 0 }),
        }
    }

    /// The id before this one.
    pub fn previous(self) -> Option<Id> {
        match self.seq.checked_sub(1) {
            Some(seq) => Some(Id { ms: self.ms, seq }),
            None => Some(Id { ms: self.ms.checked_sub(1)?, seq: u64::MAX }),
        }
    }

    /// Its 16 bytes in the file.
    pub fn bytes(self) -> [u8; 16] {
        ((u128::from(self.ms) << 64) | u128::from(self.seq)).to_be_bytes()
    }

    /// The id that ends a stored key.
    pub fn ending(key: &[u8]) -> Result<Id> {
        let bytes = key.last_chunk::<16>().ok_or_else(|| storage::Error::corrupted("the id of a stream entry"))?;
        let both = u128::from_be_bytes(*bytes);
        Ok(Id { ms: (both >> 64) as u64, seq: both as u64 })
    }

    /// An id argument; `seq` stands in for a missing second number.
    pub fn parse(text: &[u8], seq: u64) -> Result<Id> {
        let parts = || {
            let (ms, rest) = halves(text)?;
            let seq = rest.map_or(Some(seq), number)?;
            Some(Id { ms: number(ms)?, seq })
        };
        parts().ok_or_else(invalid)
    }

    /// Like [`Id::parse`], with `-` for the least id and `+` for the greatest.
    pub fn parse_open(text: &[u8], seq: u64) -> Result<Id> {
        match text {
            b"-" => Ok(Id::ZERO),
            b"+" => Ok(Id::MAX),
            _ => Id::parse(text, seq),
        }
    }

    /// The reply that shows it.
    pub fn resp(self) -> Resp {
        Resp::bulk(self.to_string())
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.ms, self.seq)
    }
}

impl NewId {
    /// The id argument of XADD.
    pub fn parse(text: &[u8]) -> Result<NewId> {
        match halves(text) {
            _ if text == b"*" => Ok(NewId::Auto),
            Some((ms, Some(b"*"))) => number(ms).map(NewId::Within).ok_or_else(invalid),
            _ => Id::parse(text, 0).map(NewId::Given),
        }
    }
}

/// Both ends of a range, inclusive: `(` before an id excludes it.
pub fn interval(start: &[u8], end: &[u8]) -> Result<(Id, Id)> {
    let (start, end) = (range_start(start)?, bound(end, u64::MAX)?);
    let end = match end {
        (id, true) => id.previous().ok_or_else(|| Error::err("invalid end ID for the interval"))?,
        (id, false) => id,
    };
    Ok((start, end))
}

/// The first id of a range.
pub fn range_start(text: &[u8]) -> Result<Id> {
    match bound(text, 0)? {
        (id, true) => id.next().ok_or_else(|| Error::err("invalid start ID for the interval")),
        (id, false) => Ok(id),
    }
}

fn bound(text: &[u8], seq: u64) -> Result<(Id, bool)> {
    match text {
        [b'(', rest @ ..] if !rest.is_empty() => Ok((Id::parse(rest, seq)?, true)),
        _ => Ok((Id::parse_open(text, seq)?, false)),
    }
}

fn halves(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    if text.len() > 127 {
        return None;
    }
    Some(match text.iter().position(|&byte| byte == b'-') {
        Some(at) => (text.get(..at)?, text.get(at + 1..)),
        None => (text, None),
    })
}

fn number(text: &[u8]) -> Option<u64> {
    // As C's strtoull reads it: blanks and a sign may stand before the digits.
    std::str::from_utf8(text).ok()?.trim_ascii_start().parse().ok()
}

fn invalid() -> Error {
    Error::err("Invalid stream ID specified as stream command argument")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_ordered() {
        assert_eq!(Id::parse(b"5", 7).unwrap(), Id { ms: 5, seq: 7 });
        assert_eq!(Id::parse(b"18446744073709551615-18446744073709551615", 0).unwrap(), Id::MAX);
        assert_eq!(Id::parse_open(b"+", 0).unwrap(), Id::MAX);
        for bad in ["", "-", "+", "a", "1-", "1-a", "-1", "1--1", "18446744073709551616", "1-2-3", "1-*"] {
            assert!(Id::parse(bad.as_bytes(), 0).is_err(), "{bad}");
        }
        assert_eq!(NewId::parse(b"3-*").unwrap(), NewId::Within(3));
        assert_eq!(Id { ms: 1, seq: u64::MAX }.next(), Some(Id { ms: 2, seq: 0 }));
        assert_eq!(Id { ms: 2, seq: 0 }.previous(), Some(Id { ms: 1, seq: u64::MAX }));
        assert_eq!((Id::MAX.next(), Id::ZERO.previous()), (None, None));
        let id = Id { ms: 9, seq: 4 };
        assert_eq!(Id::ending(&id.bytes()).unwrap(), id);
    }

    #[test]
    fn an_open_bound_excludes_its_id() {
        assert_eq!(interval(b"(1-1", b"(3").unwrap(), (Id { ms: 1, seq: 2 }, Id { ms: 3, seq: u64::MAX - 1 }));
        assert_eq!(interval(b"(0", b"(0-0").unwrap_err().to_string(), "ERR invalid end ID for the interval");
        assert!(interval(b"(-", b"+").is_err());
    }
}
