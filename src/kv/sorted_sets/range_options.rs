//! The options of ZRANGE and its older forms.

use super::bounds::{LexRange, ScoreRange};
use super::{Args, Error, Result};
use crate::kv::number::integer_argument;
use crate::storage::Direction;

/// What a range counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// Ranks, negative ones from the end.
    Ranks(i64, i64),
    /// Scores.
    Scores(ScoreRange),
    /// Texts among members of equal score.
    Texts(LexRange),
}

/// A range as parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeOptions {
    /// Which members.
    pub selection: Selection,
    /// From the lowest score, or from the highest.
    pub direction: Direction,
    /// Members to skip (a negative number skips all), and members to take (a negative number takes all).
    pub limit: (i64, i64),
    /// `WITHSCORES`
    pub with_scores: bool,
}

/// What the command's name already says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Preset {
    /// `BYSCORE`, `BYLEX` or ranks.
    pub by: Option<By>,
    /// The direction.
    pub direction: Option<Direction>,
    /// ZRANGESTORE takes no `WITHSCORES`.
    pub store: bool,
}

/// What bounds are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Ranks.
    Rank,
    /// Scores.
    Score,
    /// Texts.
    Lex,
}

impl RangeOptions {
    /// Parses `min max [options]`.
    pub fn parse(args: Args<'_>, preset: Preset) -> Result<Self> {
        let [first, second, words @ ..] = args else { return Err(Error::syntax()) };
        let (mut by, mut direction) = (preset.by, preset.direction);
        let (mut limit, mut with_scores) = ((0, -1), false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.to_ascii_uppercase().as_slice() {
                b"WITHSCORES" if !preset.store => with_scores = true,
                b"LIMIT" if words.len() >= 2 => {
                    let offset = words.next().map_or(Ok(0), |word| integer_argument(word))?;
                    let count = words.next().map_or(Ok(-1), |word| integer_argument(word))?;
                    limit = (offset, count);
                }
                b"REV" if direction.is_none() => direction = Some(Direction::Backward),
                b"BYLEX" if by.is_none() => by = Some(By::Lex),
                b"BYSCORE" if by.is_none() => by = Some(By::Score),
                _ => return Err(Error::syntax()),
            }
        }
        let (by, direction) = (by.unwrap_or(By::Rank), direction.unwrap_or(Direction::Forward));
        if limit.1 != -1 && by == By::Rank {
            return Err(Error::err(
                "syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
            ));
        }
        if with_scores && by == By::Lex {
            return Err(Error::err("syntax error, WITHSCORES not supported in combination with BYLEX"));
        }
        let (min, max) = if direction == Direction::Backward { (second, first) } else { (first, second) };
        let selection = match by {
            By::Rank => Selection::Ranks(integer_argument(first)?, integer_argument(second)?),
            By::Score => Selection::Scores(ScoreRange::parse(min, max)?),
            By::Lex => Selection::Texts(LexRange::parse(min, max)?),
        };
        Ok(RangeOptions { selection, direction, limit, with_scores })
    }
}
