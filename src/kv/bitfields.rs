//! BITFIELD: a string as integers of any width at any bit
//! (redis.io/docs/latest/commands/bitfield).

use super::bitmaps::bit_offset;
use super::layout::Kind;
use super::number::{integer, integer_argument};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// `i8`, `u16` …
#[derive(Debug, Clone, Copy)]
struct Width {
    signed: bool,
    bits: u32,
}

impl Width {
    fn parse(text: &[u8]) -> Result<Self> {
        let wrong = || {
            Error::err("Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.")
        };
        let (signed, most, digits) = match text {
            [b'i', digits @ ..] => (true, 64, digits),
            [b'u', digits @ ..] => (false, 63, digits),
            _ => return Err(wrong()),
        };
        let bits = integer(digits).filter(|bits| (1..=most).contains(bits)).ok_or_else(wrong)?;
        Ok(Width { signed, bits: u32::try_from(bits).map_err(|_| wrong())? })
    }

    fn least(self) -> i128 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    fn most(self) -> i128 {
        if self.signed { (1 << (self.bits - 1)) - 1 } else { (1 << self.bits) - 1 }
    }

    /// The low bits of a number, read as this type.
    fn wrap(self, number: i128) -> i128 {
        let low = number & ((1i128 << self.bits) - 1);
        if low > self.most() { low - (1i128 << self.bits) } else { low }
    }
}

/// What happens to a result that does not fit.
#[derive(Debug, Clone, Copy)]
enum Overflow {
    Wrap,
    Saturate,
    Fail,
}

impl Overflow {
    fn fit(self, width: Width, number: i128) -> Option<i128> {
        if (width.least()..=width.most()).contains(&number) {
            return Some(number);
        }
        match self {
            Overflow::Wrap => Some(width.wrap(number)),
            Overflow::Saturate => Some(if number < 0 { width.least() } else { width.most() }),
            Overflow::Fail => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Get,
    Set(i64, Overflow),
    Add(i64, Overflow),
}

struct Step {
    action: Action,
    width: Width,
    offset: usize,
}

/// BITFIELD key [GET type offset | [OVERFLOW WRAP|SAT|FAIL] SET|INCRBY type offset value …]
pub fn bitfield(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, args, true)
}

/// BITFIELD_RO key [GET type offset …]
pub fn bitfield_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, args, false)
}

fn parse(mut words: Args<'_>) -> Result<Vec<Step>> {
    let (mut steps, mut overflow) = (Vec::new(), Overflow::Wrap);
    while let [word, rest @ ..] = words {
        words = match (word.to_ascii_uppercase().as_slice(), rest) {
            (b"OVERFLOW", [how, rest @ ..]) => {
                overflow = match how.to_ascii_uppercase().as_slice() {
                    b"WRAP" => Overflow::Wrap,
                    b"SAT" => Overflow::Saturate,
                    b"FAIL" => Overflow::Fail,
                    _ => return Err(Error::err("Invalid OVERFLOW type specified")),
                };
                rest
            }
            (b"GET", [width, offset, rest @ ..]) => {
                let (width, offset) = place(width, offset)?;
                steps.push(Step { action: Action::Get, width, offset });
                rest
            }
            (name @ (b"SET" | b"INCRBY"), [width, offset, value, rest @ ..]) => {
                let (width, offset) = place(width, offset)?;
                let value = integer_argument(value)?;
                let action = if name == b"SET" { Action::Set(value, overflow) } else { Action::Add(value, overflow) };
                steps.push(Step { action, width, offset });
                rest
            }
            _ => return Err(Error::syntax()),
        };
    }
    Ok(steps)
}

/// A type and an offset; `#n` is the n-th integer of the type.
fn place(width: &[u8], offset: &[u8]) -> Result<(Width, usize)> {
    let width = Width::parse(width)?;
    let offset = match offset {
        [b'#', number @ ..] => {
            let number = integer(number).and_then(|number| number.checked_mul(i64::from(width.bits)));
            bit_offset(number.map(|number| number.to_string()).unwrap_or_default().as_bytes())?
        }
        _ => bit_offset(offset)?,
    };
    Ok((width, offset))
}

fn run(cx: &mut Context<'_>, args: Args<'_>, may_write: bool) -> Answer {
    let steps = parse(&args[1..])?;
    let furthest = steps
        .iter()
        .filter(|step| !matches!(step.action, Action::Get))
        .map(|step| step.offset + step.width.bits as usize)
        .max();
    if furthest.is_some() && !may_write {
        return Err(Error::err("BITFIELD_RO only supports the GET subcommand"));
    }
    let row = cx.find_kind(&args[0], Kind::String)?;
    let mut value = row.as_ref().map_or_else(Vec::new, |row| row.body().to_vec());
    if let Some(furthest) = furthest {
        value.resize(value.len().max(furthest.div_ceil(8)), 0);
    }
    let mut answers = Vec::with_capacity(steps.len());
    for step in &steps {
        let old = step.width.wrap(i128::from(read(&value, step)));
        let (new, shown) = match step.action {
            Action::Get => (None, Some(old)),
            Action::Add(by, overflow) => {
                let new = overflow.fit(step.width, old + i128::from(by));
                (new, new)
            }
            Action::Set(to, overflow) => {
                let to = if step.width.signed { i128::from(to) } else { i128::from(to as u64) };
                let new = overflow.fit(step.width, to);
                (new, new.map(|_| old))
            }
        };
        if let Some(new) = new {
            write(&mut value, step, new as u64);
        }
        answers.push(shown.and_then(|shown| i64::try_from(shown).ok()).map_or(Resp::Nil, Resp::Integer));
    }
    if furthest.is_some() && row.as_ref().is_none_or(|row| row.body() != value) {
        let expiry = row.as_ref().and_then(|row| row.head.expiry);
        cx.write_string(&args[0], row.as_ref().map(|row| row.head), &value, expiry)?;
    }
    Ok(Resp::Array(answers))
}

fn read(value: &[u8], step: &Step) -> u64 {
    (step.offset..step.offset + step.width.bits as usize).fold(0, |number, at| {
        let byte = value.get(at / 8).copied().unwrap_or(0);
        number << 1 | u64::from(byte >> (7 - at % 8) & 1)
    })
}

fn write(value: &mut [u8], step: &Step, number: u64) {
    for (place, at) in (step.offset..step.offset + step.width.bits as usize).rev().enumerate() {
        if let Some(byte) = value.get_mut(at / 8) {
            let mask = 0x80 >> (at % 8);
            *byte = if number >> place & 1 == 1 { *byte | mask } else { *byte & !mask };
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;

    #[test]
    fn integers_of_any_width_wrap_saturate_and_fail() {
        let mut engine = Engine::new();
        engine.check(&[
            ("BITFIELD b INCRBY i5 100 1 GET u4 0", "[1 0]"),
            ("BITFIELD c SET u8 0 255 INCRBY u8 0 10", "[0 9]"),
            ("BITFIELD c OVERFLOW SAT INCRBY u8 0 1000", "[255]"),
            ("BITFIELD c OVERFLOW FAIL INCRBY u8 0 1", "[(nil)]"),
            ("BITFIELD c OVERFLOW SAT SET i8 #1 -300 GET i8 #1", "[0 -128]"),
            ("BITFIELD c SET i64 0 -1 GET i64 0 GET u63 0", "[-36028797018963968 -1 9223372036854775807]"),
            ("BITFIELD missing GET u8 0", "[0]"),
            ("EXISTS missing", "0"),
            ("BITFIELD_RO c SET u8 0 1", "ERR BITFIELD_RO only supports the GET subcommand"),
        ]);
        assert!(engine.show("BITFIELD c GET u64 0").starts_with("ERR Invalid bitfield type"));
    }
}
