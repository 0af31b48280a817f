//! Parts of strings: GETRANGE, SETRANGE, and the longest common subsequence.

use super::layout::{Kind, LONGEST_STRING};
use super::number::integer_argument;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// GETRANGE key start end (and SUBSTR, its old name)
pub fn getrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (start, end) = (integer_argument(&args[1])?, integer_argument(&args[2])?);
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else { return Ok(Resp::bulk("")) };
    if start < 0 && end < 0 && start > end {
        return Ok(Resp::bulk(""));
    }
    let value = row.body();
    let length = value.len() as i64;
    let from_end = |index: i64| if index < 0 { index.saturating_add(length).max(0) } else { index };
    let (start, end) = (from_end(start), from_end(end).min(length - 1));
    if start > end {
        return Ok(Resp::bulk(""));
    }
    Ok(Resp::bulk(value.get(start as usize..=end as usize).unwrap_or_default()))
}

/// SETRANGE key offset value
pub fn setrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let offset = integer_argument(&args[1])?;
    let offset = usize::try_from(offset).map_err(|_| Error::err("offset is out of range"))?;
    let part = &args[2];
    let row = cx.find_kind(&args[0], Kind::String)?;
    let value = row.as_ref().map_or(&[][..], |row| row.body());
    if part.is_empty() {
        return Ok(Resp::Integer(value.len() as i64));
    }
    let end = offset.saturating_add(part.len());
    if end > LONGEST_STRING {
        return Err(Error::string_too_long());
    }
    let mut value = value.to_vec();
    value.resize(value.len().max(end), 0);
    if let Some(place) = value.get_mut(offset..end) {
        place.copy_from_slice(part);
    }
    let expiry = row.as_ref().and_then(|row| row.head.expiry);
    cx.write_string(&args[0], row.as_ref().map(|row| row.head), &value, expiry)?;
    Ok(Resp::Integer(value.len() as i64))
}

/// LCS key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN]
pub fn lcs(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut strings = Vec::with_capacity(2);
    for key in &args[..2] {
        strings.push(match cx.find(key)? {
            Some(row) if row.kind() != Kind::String => {
                return Err(Error::err("The specified keys must contain string values"));
            }
            Some(row) => row.into_body(),
            None => Vec::new(),
        });
    }
    let (mut length_only, mut indexes, mut with_lengths, mut shortest) = (false, false, false, 0);
    let mut words = args[2..].iter();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_slice() {
            b"LEN" => length_only = true,
            b"IDX" => indexes = true,
            b"WITHMATCHLEN" => with_lengths = true,
            b"MINMATCHLEN" => match words.next() {
                Some(number) => shortest = integer_argument(number)?.max(0),
                None => return Err(Error::syntax()),
            },
            _ => return Err(Error::syntax()),
        }
    }
    if length_only && indexes {
        return Err(Error::err("If you want both the length and indexes, please just use IDX."));
    }
    let table = Table::new(cx, &strings[0], &strings[1])?;
    if length_only {
        return Ok(Resp::Integer(i64::from(table.length())));
    }
    let (common, matches) = table.trace(&strings[0], &strings[1]);
    if !indexes {
        return Ok(Resp::Bulk(common));
    }
    let range = |start: usize, length: usize| {
        Resp::Array(vec![Resp::Integer(start as i64), Resp::Integer((start + length) as i64 - 1)])
    };
    let matches = matches.into_iter().filter(|found| found.length as i64 >= shortest).map(|found| {
        let mut parts = vec![range(found.left, found.length), range(found.right, found.length)];
        if with_lengths {
            parts.push(Resp::Integer(found.length as i64));
        }
        Resp::Array(parts)
    });
    Ok(Resp::Array(vec![
        Resp::bulk("matches"),
        Resp::Array(matches.collect()),
        Resp::bulk("len"),
        Resp::Integer(i64::from(table.length())),
    ]))
}

/// A run of bytes that both strings have.
struct Match {
    left: usize,
    right: usize,
    length: usize,
}

/// Lengths of the longest common subsequences of all pairs of prefixes.
struct Table {
    lengths: Vec<u32>,
    width: usize,
}

impl Table {
    fn new(cx: &Context<'_>, left: &[u8], right: &[u8]) -> Result<Self> {
        let width = right.len() + 1;
        let cells = (left.len() + 1).saturating_mul(width);
        if cells.saturating_mul(4) > LONGEST_STRING {
            return Err(Error::err("Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"));
        }
        let mut table = Table { lengths: vec![0; cells], width };
        for (i, a) in left.iter().enumerate() {
            if i % 1024 == 0 {
                cx.tx.check_interrupt()?;
            }
            for (j, b) in right.iter().enumerate() {
                let length = if a == b { table.at(i, j) + 1 } else { table.at(i + 1, j).max(table.at(i, j + 1)) };
                if let Some(cell) = table.lengths.get_mut((i + 1) * width + j + 1) {
                    *cell = length;
                }
            }
        }
        Ok(table)
    }

    fn at(&self, i: usize, j: usize) -> u32 {
        self.lengths.get(i * self.width + j).copied().unwrap_or(0)
    }

    fn length(&self) -> u32 {
        self.lengths.last().copied().unwrap_or(0)
    }

    /// The subsequence, and the runs it is made of, from the last to the first.
    fn trace(&self, left: &[u8], right: &[u8]) -> (Vec<u8>, Vec<Match>) {
        let (mut i, mut j) = (left.len(), right.len());
        let (mut common, mut matches) = (Vec::new(), Vec::<Match>::new());
        while i > 0 && j > 0 {
            if left[i - 1] == right[j - 1] {
                common.push(left[i - 1]);
                match matches.last_mut() {
                    Some(run) if run.left == i && run.right == j => {
                        (run.left, run.right, run.length) = (i - 1, j - 1, run.length + 1);
                    }
                    _ => matches.push(Match { left: i - 1, right: j - 1, length: 1 }),
                }
                (i, j) = (i - 1, j - 1);
            } else if self.at(i - 1, j) > self.at(i, j - 1) {
                i -= 1;
            } else {
                j -= 1;
            }
        }
        common.reverse();
        (common, matches)
    }
}
