//! XCLAIM and XAUTOCLAIM: giving pending entries to another consumer.

use super::groups::{Consumer, Group, Pending, stream_and_group};
use super::id::range_start;
use super::store::entry_resp;
use super::{Answer, Args, Context, Error, Id, Resp, Result, Stream};
use crate::kv::number::{bounded_argument, integer};

/// Pending entries that XAUTOCLAIM looks at, for each that it may answer.
const ATTEMPTS: u64 = 10;

/// How an entry changes hands.
struct Claim<'a> {
    key: &'a [u8],
    consumer: &'a [u8],
    /// Made when the first entry is claimed.
    found: Option<Consumer>,
    /// `JUSTID`: answer ids, and leave the count of deliveries as it is.
    just_id: bool,
    /// The time of delivery that is noted.
    delivered: i64,
    /// `RETRYCOUNT`
    deliveries: Option<i64>,
}

impl Claim<'_> {
    /// Gives the entry to the consumer; answers what is shown of it.
    fn take(
        &mut self,
        cx: &mut Context<'_>,
        (stream, group): (&mut Stream, &Group),
        entry: (Id, Vec<u8>),
        before: i64,
    ) -> Result<Resp> {
        let number = match &self.found {
            Some(consumer) => consumer.number,
            None => self.found.insert(group.joining(cx, stream, self.key, self.consumer)?).number,
        };
        let deliveries = match self.deliveries {
            Some(deliveries) => deliveries,
            None => before.saturating_add(i64::from(!self.just_id)),
        };
        group.deliver(cx, stream, entry.0, Pending { consumer: number, delivered: self.delivered, deliveries })?;
        if self.just_id { Ok(entry.0.resp()) } else { entry_resp(&entry) }
    }
}

fn number(text: &[u8], what: &str, command: &str) -> Result<i64> {
    integer(text).ok_or_else(|| Error::err(format_args!("Invalid {what} argument for {command}")))
}

/// XCLAIM key group consumer min-idle-time id [id …] [IDLE ms] [TIME unix-ms] [RETRYCOUNT count] [FORCE] [JUSTID]
/// [LASTID id]
pub fn xclaim(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (mut stream, mut group) = stream_and_group(cx, &args[0], &args[1], "")?;
    let now = cx.now_ms;
    let least_idle = number(&args[3], "min-idle-time", "XCLAIM")?;
    let ids: Vec<Id> = args[4..].iter().map_while(|text| Id::parse(text, 0).ok()).collect();
    let (mut force, mut delivered) = (false, None);
    let mut claim =
        Claim { key: &args[0], consumer: &args[2], found: None, just_id: false, delivered: now, deliveries: None };
    let mut words = args[4 + ids.len()..].iter();
    while let Some(word) = words.next() {
        let upper = word.to_ascii_uppercase();
        match upper.as_slice() {
            b"FORCE" => force = true,
            b"JUSTID" => claim.just_id = true,
            b"IDLE" | b"TIME" | b"RETRYCOUNT" | b"LASTID" if words.len() > 0 => {
                let value = words.next().map(Vec::as_slice).unwrap_or_default();
                match upper.as_slice() {
                    b"IDLE" => delivered = now.checked_sub(number(value, "IDLE option", "XCLAIM")?),
                    b"TIME" => delivered = Some(number(value, "TIME option", "XCLAIM")?),
                    b"RETRYCOUNT" => {
                        let count = number(value, "RETRYCOUNT option", "XCLAIM")?;
                        claim.deliveries = Some(count).filter(|&count| count >= 0);
                    }
                    _ => group.last = group.last.max(Id::parse(value, 0)?),
                }
            }
            _ => {
                let word = String::from_utf8_lossy(word);
                return Err(Error::err(format_args!("Unrecognized XCLAIM option '{word}'")));
            }
        }
    }
    // A time that cannot be is taken for now.
    claim.delivered = delivered.filter(|time| (0..=now).contains(time)).unwrap_or(now);
    let mut claimed = Vec::new();
    for id in ids {
        let pending = group.pending(cx, &stream, id)?;
        let Some(fields) = stream.entry(cx, id)? else {
            group.acknowledge(cx, &stream, id)?;
            continue;
        };
        let deliveries = match pending {
            Some(pending) if least_idle > 0 && now.saturating_sub(pending.delivered) < least_idle => continue,
            Some(pending) => pending.deliveries,
            None if force => 1,
            None => continue,
        };
        claimed.push(claim.take(cx, (&mut stream, &group), (id, fields), deliveries)?);
    }
    group.save(cx, &stream)?;
    stream.save(cx, &args[0])?;
    Ok(Resp::Array(claimed))
}

/// XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]
pub fn xautoclaim(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let least_idle = number(&args[3], "min-idle-time", "XAUTOCLAIM")?;
    let start = range_start(&args[4])?;
    let (mut count, mut just_id) = (100u64, false);
    let mut words = args[5..].iter();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_slice() {
            b"COUNT" if words.len() > 0 => {
                let text = words.next().map(Vec::as_slice).unwrap_or_default();
                let wrong = "COUNT must be > 0";
                let number = bounded_argument(text, 1, wrong)?;
                let fits = u64::try_from(number).ok().filter(|&count| count <= i64::MAX as u64 / 16);
                count = fits.ok_or_else(|| Error::err(wrong))?;
            }
            b"JUSTID" => just_id = true,
            _ => return Err(Error::syntax()),
        }
    }
    let (mut stream, group) = stream_and_group(cx, &args[0], &args[1], "")?;
    let attempts = count.saturating_mul(ATTEMPTS);
    let mut claim =
        Claim { key: &args[0], consumer: &args[2], found: None, just_id, delivered: cx.now_ms, deliveries: None };
    let (mut claimed, mut removed) = (Vec::new(), Vec::new());
    let mut next = Id::ZERO;
    let looked_at = group.pending_in(cx, &stream, (start, Id::MAX), attempts.saturating_add(1))?;
    for (place, (id, pending)) in looked_at.into_iter().enumerate() {
        if place as u64 == attempts || (claimed.len() + removed.len()) as u64 == count {
            next = id;
            break;
        }
        let Some(fields) = stream.entry(cx, id)? else {
            group.acknowledge(cx, &stream, id)?;
            removed.push(id.resp());
            continue;
        };
        if least_idle <= 0 || cx.now_ms.saturating_sub(pending.delivered) >= least_idle {
            claimed.push(claim.take(cx, (&mut stream, &group), (id, fields), pending.deliveries)?);
        }
    }
    stream.save(cx, &args[0])?;
    Ok(Resp::Array(vec![next.resp(), Resp::Array(claimed), Resp::Array(removed)]))
}
