//! Cutting a stream short: XTRIM, and the same options of XADD.

use super::{Answer, Args, Context, Error, Id, NewId, Resp, Result, Stream};
use crate::kv::number::integer_argument;
use crate::storage::Direction;

/// Entries that almost exact trimming takes away together, as Redis keeps so many in a node.
const NODE: u64 = 100;
/// Entries that almost exact trimming removes at most when LIMIT is not given.
const USUAL_LIMIT: u64 = 100 * NODE;

/// What stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// So many of the newest entries.
    Length(u64),
    /// Entries from this id on.
    Id(Id),
}

/// `MAXLEN|MINID [=|~] threshold [LIMIT count]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trim {
    bound: Bound,
    /// `~`: only whole nodes, at most so many entries; 0 stands for no limit.
    almost: Option<u64>,
}

/// The words of XADD and XTRIM between the key and the fields.
#[derive(Debug, Default)]
pub struct Options {
    /// How to trim, if at all.
    pub trim: Option<Trim>,
    /// `NOMKSTREAM`
    pub no_stream: bool,
    /// XADD's id.
    pub id: Option<NewId>,
    /// Words read.
    pub read: usize,
}

impl Options {
    /// Reads the words; those of XADD end with an id.
    pub fn parse(words: Args<'_>, xadd: bool) -> Result<Self> {
        let mut options = Options::default();
        let (mut bound, mut almost, mut limit) = (None, false, None);
        while let Some(word) = words.get(options.read) {
            options.read += 1;
            let upper = word.to_ascii_uppercase();
            let next = words.get(options.read);
            match (upper.as_slice(), next) {
                (b"*", _) if xadd => {
                    options.id = Some(NewId::Auto);
                    break;
                }
                (b"MAXLEN" | b"MINID", Some(next)) => {
                    if bound.is_some() {
                        return Err(Error::err(
                            "syntax error, MAXLEN and MINID options at the same time are not compatible",
                        ));
                    }
                    let sign = matches!(next.as_slice(), b"~" | b"=") && words.len() > options.read + 1;
                    almost = sign && next == b"~";
                    options.read += 1 + usize::from(sign);
                    let threshold = words.get(options.read - 1).ok_or_else(Error::syntax)?;
                    bound = Some(if upper == b"MINID" {
                        Bound::Id(Id::parse(threshold, 0)?)
                    } else {
                        let length = integer_argument(threshold)?;
                        let wrong = |_| Error::err("The MAXLEN argument must be >= 0.");
                        Bound::Length(u64::try_from(length).map_err(wrong)?)
                    });
                }
                (b"LIMIT", Some(next)) => {
                    options.read += 1;
                    let wrong = |_| Error::err("The LIMIT argument must be >= 0.");
                    limit = Some(u64::try_from(integer_argument(next)?).map_err(wrong)?);
                }
                (b"NOMKSTREAM", _) if xadd => options.no_stream = true,
                _ if xadd => {
                    options.id = Some(NewId::parse(word)?);
                    break;
                }
                _ => return Err(Error::syntax()),
            }
        }
        if limit.is_some_and(|limit| limit > 0) && bound.is_none() {
            return Err(Error::err("syntax error, LIMIT cannot be used without specifying a trimming strategy"));
        }
        if !xadd && bound.is_none() {
            return Err(Error::err("syntax error, XTRIM must be called with a trimming strategy"));
        }
        if limit.is_some() && !almost {
            return Err(Error::err("syntax error, LIMIT cannot be used without the special ~ option"));
        }
        let almost = almost.then_some(limit.unwrap_or(USUAL_LIMIT));
        options.trim = bound.map(|bound| Trim { bound, almost });
        Ok(options)
    }
}

impl Trim {
    /// Removes what does not stay, oldest first; answers how many entries went.
    pub fn apply(self, cx: &mut Context<'_>, stream: &mut Stream) -> Result<u64> {
        let (end, most) = match self.bound {
            Bound::Length(length) => (Id::MAX, stream.length.saturating_sub(length)),
            Bound::Id(id) => match id.previous() {
                Some(end) => (end, u64::MAX),
                None => return Ok(0),
            },
        };
        let mut excess = stream.range(cx, (Id::ZERO, end), Direction::Forward, most)?;
        if let Some(limit) = self.almost {
            let whole = excess.len() as u64 / NODE;
            let nodes = if limit == 0 { whole } else { whole.min(limit / NODE) };
            excess.truncate((nodes * NODE) as usize);
        }
        let mut removed = 0;
        for (id, _) in excess {
            removed += u64::from(stream.remove(cx, id)?);
        }
        Ok(removed)
    }
}

/// XTRIM key MAXLEN|MINID [=|~] threshold [LIMIT count]
pub fn xtrim(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let options = Options::parse(&args[1..], false)?;
    let (Some(mut stream), Some(trim)) = (Stream::open(cx, &args[0])?, options.trim) else {
        return Ok(Resp::Integer(0));
    };
    let removed = trim.apply(cx, &mut stream)?;
    if removed > 0 {
        stream.save(cx, &args[0])?;
    }
    Ok(Resp::Integer(removed as i64))
}
