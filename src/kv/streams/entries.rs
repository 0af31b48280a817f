//! Adding, removing and counting entries: XADD, XDEL, XLEN, XSETID.

use super::trim::Options;
use super::{Answer, Args, Context, Error, Id, NewId, Resp, Result, Stream};
use crate::kv::number::integer_argument;
use crate::kv::server::events::STREAM;

/// XADD key [NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT count]] id field value [field value …]
pub fn xadd(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (key, words) = (&args[0], &args[1..]);
    let options = Options::parse(words, true)?;
    let fields = words.get(options.read..).unwrap_or_default();
    let Some(new) = options.id else { return Err(Error::arity("xadd")) };
    if fields.is_empty() || !fields.len().is_multiple_of(2) {
        return Err(Error::arity("xadd"));
    }
    if new == NewId::Given(Id::ZERO) {
        return Err(Error::err("The ID specified in XADD must be greater than 0-0"));
    }
    let mut stream = match Stream::open(cx, key)? {
        Some(stream) => stream,
        None if options.no_stream => return Ok(Resp::Nil),
        None => Stream::create(cx)?,
    };
    let id = new_id(cx, &stream, new)?;
    stream.append(cx, id, fields)?;
    let trimmed = options.trim.map_or(Ok(0), |trim| trim.apply(cx, &mut stream))?;
    stream.save(cx, key)?;
    if trimmed > 0 {
        cx.note_event(STREAM, "xtrim", key);
    }
    Ok(id.resp())
}

/// The id of a new entry: always greater than all before.
fn new_id(cx: &Context<'_>, stream: &Stream, new: NewId) -> Result<Id> {
    let last = stream.last;
    let exhausted = || Error::err("The stream has exhausted the last possible ID, unable to add more items");
    let following = last.next().ok_or_else(exhausted)?;
    let id = match new {
        NewId::Auto => Id { ms: u64::try_from(cx.now_ms).unwrap_or(0), seq: 0 }.max(following),
        NewId::Within(ms) if ms == last.ms => last.seq.checked_add(1).map_or(Id::ZERO, |seq| Id { ms, seq }),
        NewId::Within(ms) => Id { ms, seq: 0 },
        NewId::Given(id) => id,
    };
    if id <= last {
        return Err(Error::err("The ID specified in XADD is equal or smaller than the target stream top item"));
    }
    Ok(id)
}

/// XDEL key id [id …]
pub fn xdel(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(mut stream) = Stream::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let ids = args[1..].iter().map(|text| Id::parse(text, 0)).collect::<Result<Vec<_>>>()?;
    let mut removed = 0;
    for id in ids {
        if stream.remove(cx, id)? {
            stream.deleted = stream.deleted.max(id);
            removed += 1;
        }
    }
    if removed > 0 {
        stream.save(cx, &args[0])?;
    }
    Ok(Resp::Integer(removed))
}

/// XLEN key
pub fn xlen(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(Stream::open(cx, &args[0])?.map_or(0, |stream| stream.length as i64)))
}

/// XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]
pub fn xsetid(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let id = Id::parse(&args[1], 0)?;
    let (mut added, mut deleted) = (None, Id::ZERO);
    for pair in args[2..].chunks(2) {
        let [name, value] = pair else { return Err(Error::syntax()) };
        match name.to_ascii_uppercase().as_slice() {
            b"ENTRIESADDED" => {
                let wrong = |_| Error::err("entries_added must be positive");
                added = Some(u64::try_from(integer_argument(value)?).map_err(wrong)?);
            }
            b"MAXDELETEDID" => {
                deleted = Id::parse(value, 0)?;
                if id < deleted {
                    return Err(Error::err(
                        "The ID specified in XSETID is smaller than the provided max_deleted_entry_id",
                    ));
                }
            }
            _ => return Err(Error::syntax()),
        }
    }
    let mut stream = Stream::open(cx, &args[0])?.ok_or_else(Error::no_such_key)?;
    if id < stream.top_id(cx)? {
        return Err(Error::err("The ID specified in XSETID is smaller than the target stream top item"));
    }
    if stream.length > 0 && added.is_some_and(|added| stream.length > added) {
        return Err(Error::err("The entries_added specified in XSETID is smaller than the target stream length"));
    }
    stream.last = id;
    stream.added = added.unwrap_or(stream.added);
    if deleted != Id::ZERO {
        stream.deleted = deleted;
    }
    stream.save(cx, &args[0])?;
    Ok(Resp::ok())
}
