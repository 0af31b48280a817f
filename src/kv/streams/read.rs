//! XREAD: what came after an id, in several streams.

use super::store::entries_resp;
use super::{Answer, Args, Context, Error, Id, Resp, Result, Stream};
use crate::kv::blocking::milliseconds;
use crate::kv::number::{bounded_argument, integer, integer_argument};
use crate::storage::Direction;
use std::time::Duration;

/// The words of XREAD and XREADGROUP.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Entries of each stream at most.
    pub count: u64,
    /// `BLOCK`: whether to wait, and how long at most.
    pub block: Option<Option<Duration>>,
    /// `GROUP group consumer`
    pub group: Option<(&'a [u8], &'a [u8])>,
    /// `NOACK`
    pub no_ack: bool,
    /// Keys, and as many ids.
    pub keys: Args<'a>,
    /// From which id on each stream is read.
    pub ids: Args<'a>,
}

impl<'a> Reading<'a> {
    /// Reads the words of a command, named in upper case.
    pub fn parse(args: Args<'a>, command: &str) -> Result<Self> {
        let of_group = command == "XREADGROUP";
        let only = |option: &str| {
            Err(Error::err(format_args!(
                "The {option} option is only supported by XREADGROUP. You called XREAD instead."
            )))
        };
        let mut reading = Reading { count: u64::MAX, block: None, group: None, no_ack: false, keys: &[], ids: &[] };
        let mut words = args;
        while let [word, rest @ ..] = words {
            words = rest;
            match (word.to_ascii_uppercase().as_slice(), rest) {
                (b"BLOCK", [value, rest @ ..]) => {
                    words = rest;
                    let wrong = || Error::err("timeout is not an integer or out of range");
                    integer(value).ok_or_else(wrong)?;
                    let longest = bounded_argument(value, 0, "timeout is negative")?;
                    reading.block = Some(milliseconds(longest.unsigned_abs()));
                }
                (b"COUNT", [value, rest @ ..]) => {
                    words = rest;
                    let count = u64::try_from(integer_argument(value)?).unwrap_or(0);
                    reading.count = if count == 0 { u64::MAX } else { count };
                }
                (b"STREAMS", [_, ..]) => {
                    if rest.len() % 2 != 0 {
                        let sign = if of_group { '>' } else { '$' };
                        return Err(Error::err(format_args!(
                            "Unbalanced {command} list of streams: for each stream key an ID or '{sign}' must be \
                             specified."
                        )));
                    }
                    (reading.keys, reading.ids) = rest.split_at(rest.len() / 2);
                    break;
                }
                (b"GROUP", [group, consumer, rest @ ..]) => {
                    if !of_group {
                        return only("GROUP");
                    }
                    words = rest;
                    reading.group = Some((group, consumer));
                }
                (b"NOACK", _) if !of_group => return only("NOACK"),
                (b"NOACK", _) => reading.no_ack = true,
                _ => return Err(Error::syntax()),
            }
        }
        if reading.keys.is_empty() {
            return Err(Error::syntax());
        }
        Ok(reading)
    }

    /// The answer: each stream that had something, or nothing. To wait for more, the command is run again
    /// with the arguments that `again` makes.
    pub fn answer(
        &self,
        cx: &mut Context<'_>,
        found: Vec<Resp>,
        again: impl FnOnce() -> Option<Vec<Vec<u8>>>,
    ) -> Answer {
        match self.block {
            _ if !found.is_empty() => Ok(Resp::Array(found)),
            Some(longest) => cx.nothing_came_for(longest, self.keys, again()),
            None => Ok(Resp::Nil),
        }
    }
}

/// Whether the words of XREAD or XREADGROUP hold `BLOCK`.
pub fn asks_to_wait(args: Args<'_>) -> bool {
    let options = args.iter().take_while(|word| !word.eq_ignore_ascii_case(b"STREAMS"));
    options.into_iter().any(|word| word.eq_ignore_ascii_case(b"BLOCK"))
}

/// XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key …] id [id …]
pub fn xread(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let reading = Reading::parse(args, "XREAD")?;
    let mut after = Vec::with_capacity(reading.keys.len());
    for (key, id) in reading.keys.iter().zip(reading.ids) {
        let stream = Stream::open(cx, key)?;
        after.push(match id.as_slice() {
            b"$" => stream.map_or(Id::ZERO, |stream| stream.last),
            b">" => {
                return Err(Error::err(
                    "The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
                ));
            }
            text => Id::parse(text, 0)?,
        });
    }
    let mut found = Vec::new();
    for (key, &after) in reading.keys.iter().zip(&after) {
        let (Some(stream), Some(start)) = (Stream::open(cx, key)?, after.next()) else { continue };
        let entries = stream.range(cx, (start, Id::MAX), Direction::Forward, reading.count)?;
        if !entries.is_empty() {
            found.push(Resp::Array(vec![Resp::bulk(key.as_slice()), entries_resp(&entries)?]));
        }
    }
    // `$` is what the stream ended with when the wait began.
    let again = || {
        let options = args.len() - reading.ids.len();
        let ids = after.iter().map(|id| id.to_string().into_bytes());
        Some(args[..options].iter().cloned().chain(ids).collect())
    };
    reading.answer(cx, found, again)
}
