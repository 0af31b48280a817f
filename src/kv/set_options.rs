//! The options of SET and GETEX (redis.io/docs/latest/commands/set).

use super::number::integer_argument;
use super::{Args, Error, Result};

/// What happens to a key's expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry<'a> {
    /// No option: SET clears it, GETEX leaves it.
    Default,
    /// `KEEPTTL`
    Keep,
    /// `PERSIST`
    Clear,
    /// `EX`, `PX`, `EXAT`, `PXAT` with the argument as given: Redis looks at the number late.
    At { value: &'a [u8], seconds: bool, relative: bool },
}

/// When SET writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    Always,
    /// `NX`
    IfMissing,
    /// `XX`
    IfThere,
}

/// Options as parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// `NX`, `XX`
    pub condition: Condition,
    /// `GET`
    pub get: bool,
    /// The expiry.
    pub expiry: Expiry<'a>,
}

/// Parses the words after SET's value or GETEX's key.
pub fn parse(args: Args<'_>, getex: bool) -> Result<Options<'_>> {
    let mut options = Options { condition: Condition::Always, get: false, expiry: Expiry::Default };
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let mut upper = [0u8; 8];
        let Some(name) = upper.get_mut(..word.len()) else { return Err(Error::syntax()) };
        name.copy_from_slice(word);
        name.make_ascii_uppercase();
        match &*name {
            b"NX" if !getex && options.condition != Condition::IfThere => options.condition = Condition::IfMissing,
            b"XX" if !getex && options.condition != Condition::IfMissing => options.condition = Condition::IfThere,
            b"GET" if !getex => options.get = true,
            b"KEEPTTL" if !getex && matches!(options.expiry, Expiry::Default | Expiry::Keep) => {
                options.expiry = Expiry::Keep;
            }
            b"PERSIST" if getex && matches!(options.expiry, Expiry::Default | Expiry::Clear) => {
                options.expiry = Expiry::Clear;
            }
            b"EX" | b"PX" | b"EXAT" | b"PXAT" => {
                let (seconds, relative) = (name[0] == b'E', name.len() == 2);
                let unit_again = matches!(options.expiry, Expiry::At { seconds: s, relative: r, .. } if (s, r) == (seconds, relative));
                if options.expiry != Expiry::Default && !unit_again {
                    return Err(Error::syntax());
                }
                let value = words.next().ok_or_else(Error::syntax)?;
                options.expiry = Expiry::At { value, seconds, relative };
            }
            _ => return Err(Error::syntax()),
        }
    }
    Ok(options)
}

/// The moment an expiry argument means; `command` is the lower-case name for the error.
pub fn moment(value: &[u8], seconds: bool, relative: bool, now_ms: i64, command: &str) -> Result<i64> {
    let number = integer_argument(value)?;
    let wrong = || Error::expire_time(command);
    if number <= 0 {
        return Err(wrong());
    }
    let milliseconds = if seconds { number.checked_mul(1000).ok_or_else(wrong)? } else { number };
    if relative { milliseconds.checked_add(now_ms).ok_or_else(wrong) } else { Ok(milliseconds) }
}
