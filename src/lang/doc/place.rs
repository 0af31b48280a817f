//! Where a parser stands: the text that spans count in, and how deep.

use super::lexis::{Problem, fail};
use crate::text::Span;

/// Objects, arrays, parentheses and blocks may be nested this deep (BSON's own limit).
pub const MAX_DEPTH: usize = 100;

/// The text that spans count in, and how deep the parser stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The whole text.
    pub whole: &'a str,
    depth: usize,
    /// Inside a function: `return` has a meaning.
    pub in_function: bool,
    /// Inside a loop or `switch`: `break` has a meaning.
    pub in_loop: bool,
}

impl<'a> Place<'a> {
    /// At the top of a text.
    pub fn top(whole: &'a str) -> Self {
        Place { whole, depth: 0, in_function: false, in_loop: false }
    }

    /// One level deeper, behind an opening bracket at `at`.
    ///
    /// # Errors
    /// Deeper than [`MAX_DEPTH`].
    pub fn deeper(self, at: &'a str) -> Result<Self, nom::Err<Problem>> {
        if self.depth >= MAX_DEPTH {
            fail::<()>(at, 1, format!("nesting is deeper than {MAX_DEPTH} levels"))?;
        }
        Ok(Place { depth: self.depth + 1, ..self })
    }

    /// In the body of a function.
    pub fn function(self) -> Self {
        Place { in_function: true, in_loop: false, ..self }
    }

    /// In the body of a loop or `switch`.
    pub fn repeated(self) -> Self {
        Place { in_loop: true, ..self }
    }

    /// The span from `start` up to `rest`, two ends of this text.
    pub fn span(self, start: &str, rest: &str) -> Span {
        Span::new(self.whole.len() - start.len(), self.whole.len() - rest.len())
    }
}
