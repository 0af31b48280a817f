//! Bounds of ranges: `(1`, `-inf`, `[a`, `+` and their kin.

use super::{Error, Result};
use crate::kv::number::double;

/// A range of scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreRange {
    /// The lowest score.
    pub min: f64,
    /// Whether it belongs to the range.
    pub min_included: bool,
    /// The highest score.
    pub max: f64,
    /// Whether it belongs to the range.
    pub max_included: bool,
}

impl ScoreRange {
    /// Reads two bounds; `(` excludes one.
    pub fn parse(min: &[u8], max: &[u8]) -> Result<Self> {
        let wrong = || Error::err("min or max is not a float");
        let (min, min_included) = bound(min).ok_or_else(wrong)?;
        let (max, max_included) = bound(max).ok_or_else(wrong)?;
        Ok(ScoreRange { min, min_included, max, max_included })
    }

    /// Whether a score is not below the range.
    pub fn reaches(&self, score: f64) -> bool {
        if self.min_included { score >= self.min } else { score > self.min }
    }

    /// Whether a score is not above the range.
    pub fn stays_below(&self, score: f64) -> bool {
        if self.max_included { score <= self.max } else { score < self.max }
    }
}

fn bound(text: &[u8]) -> Option<(f64, bool)> {
    match text {
        [b'(', rest @ ..] => Some((lenient_double(rest)?, false)),
        _ => Some((lenient_double(text)?, true)),
    }
}

/// `strtod` as it is: leading blanks are skipped, nothing is 0, overflow is infinite.
fn lenient_double(text: &[u8]) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    let text = text.trim_ascii_start();
    double(text).or_else(|| {
        let text = std::str::from_utf8(text).ok()?;
        if text.contains(['n', 'N']) {
            return None;
        }
        text.parse().ok()
    })
}

/// A bound of a range of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LexBound {
    /// `-`: before everything.
    Lowest,
    /// `+`: behind everything.
    Highest,
    /// `[text`
    Included(Vec<u8>),
    /// `(text`
    Excluded(Vec<u8>),
}

impl LexBound {
    fn parse(text: &[u8]) -> Result<Self> {
        match text {
            b"-" => Ok(LexBound::Lowest),
            b"+" => Ok(LexBound::Highest),
            [b'[', rest @ ..] => Ok(LexBound::Included(rest.to_vec())),
            [b'(', rest @ ..] => Ok(LexBound::Excluded(rest.to_vec())),
            _ => Err(Error::err("min or max not valid string range item")),
        }
    }

    fn text(&self) -> &[u8] {
        match self {
            LexBound::Included(text) | LexBound::Excluded(text) => text,
            LexBound::Lowest | LexBound::Highest => b"",
        }
    }
}

/// A range of texts among members of equal score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexRange {
    /// The first text.
    pub min: LexBound,
    /// The last text.
    pub max: LexBound,
}

impl LexRange {
    /// Reads two bounds.
    pub fn parse(min: &[u8], max: &[u8]) -> Result<Self> {
        Ok(LexRange { min: LexBound::parse(min)?, max: LexBound::parse(max)? })
    }

    /// Whether a member is not before the range.
    pub fn reaches(&self, member: &[u8]) -> bool {
        match &self.min {
            LexBound::Lowest => true,
            LexBound::Highest => false,
            LexBound::Included(min) => member >= min.as_slice(),
            LexBound::Excluded(min) => member > min.as_slice(),
        }
    }

    /// Whether a member is not behind the range.
    pub fn stays_below(&self, member: &[u8]) -> bool {
        match &self.max {
            LexBound::Lowest => false,
            LexBound::Highest => true,
            LexBound::Included(max) => member <= max.as_slice(),
            LexBound::Excluded(max) => member < max.as_slice(),
        }
    }

    /// Whether no text can lie in it.
    pub fn is_empty(&self) -> bool {
        match (&self.min, &self.max) {
            (LexBound::Lowest, max) => *max == LexBound::Lowest,
            (LexBound::Highest, _) | (_, LexBound::Lowest) => true,
            (_, LexBound::Highest) => false,
            (min @ LexBound::Included(_), max @ LexBound::Included(_)) => min.text() > max.text(),
            (min, max) => min.text() >= max.text(),
        }
    }

    /// The text where a walk from the first member of the range may begin.
    pub fn start(&self) -> &[u8] {
        self.min.text()
    }

    /// The text before which a walk from the last member may begin; `None` at the very end.
    pub fn end(&self) -> Option<Vec<u8>> {
        match &self.max {
            LexBound::Included(max) => Some([max.as_slice(), b"\0"].concat()),
            LexBound::Excluded(max) => Some(max.clone()),
            LexBound::Highest | LexBound::Lowest => None,
        }
    }
}
