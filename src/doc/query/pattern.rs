//! Regular expressions of `$regex` and regex literals.

use crate::doc::{Code, Error, Result};
use crate::text::pattern;
use crate::value::view::View;
use bson::{Bson, Regex};

/// A compiled regular expression with its BSON form.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: Regex,
    engine: pattern::Pattern,
    /// The text every match begins with, if the pattern is `^` and plain text.
    prefix: Option<String>,
}

impl Pattern {
    /// Compiles a BSON regular expression.
    ///
    /// # Errors
    /// 51091 for a pattern that neither engine accepts.
    pub fn new(source: &Regex) -> Result<Pattern> {
        let options: String = source.options.as_str().chars().filter(|option| "imsx".contains(*option)).collect();
        if let Some(option) = source.options.as_str().chars().find(|option| !"imsxul".contains(*option)) {
            return Err(Error::new(Code::Location(51108), format!("invalid flag in regex options: {option}")));
        }
        let pattern = source.pattern.as_str();
        let engine = pattern::Pattern::new(pattern, &options)
            .map_err(|error| Error::new(Code::Location(51091), format!("Regular expression is invalid: {error}")))?;
        Ok(Pattern { source: source.clone(), engine, prefix: literal_prefix(pattern).filter(|_| options.is_empty()) })
    }

    /// As BSON.
    pub fn to_bson(&self) -> Bson {
        Bson::RegularExpression(self.source.clone())
    }

    /// Whether it is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.engine.is_match(text).unwrap_or(false)
    }

    /// Whether a value is a string in which it is found, or the same regular expression.
    pub fn matches(&self, value: Option<View<'_>>) -> bool {
        match value {
            Some(View::Regex(pattern, options)) => {
                pattern == self.source.pattern.as_str().as_bytes() && options == self.source.options.as_str().as_bytes()
            }
            Some(value) => value.text().is_some_and(|text| self.is_match(text)),
            None => false,
        }
    }

    /// The text that every matching string begins with (for index bounds).
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }
}

/// `^abc…`: the plain text behind the anchor, as far as it goes.
fn literal_prefix(pattern: &str) -> Option<String> {
    let rest = pattern.strip_prefix('^')?;
    if rest.contains('|') {
        return None;
    }
    let mut text: String = rest
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || " _-@/:,;#!&%'\"<>=~`".contains(*letter))
        .collect();
    // A quantifier may undo the last letter.
    if rest[text.len()..].starts_with(['*', '?', '{', '+']) {
        text.pop();
    }
    (!text.is_empty()).then_some(text)
}
