//! What every layer's errors become on their way to a person or a program.

use super::{Model, Span};

/// When a graph statement failed, in the words of the openCypher TCK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before anything ran.
    Compile,
    /// While it ran.
    Runtime,
}

impl Phase {
    /// Its name in the envelope.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Compile => "compile",
            Phase::Runtime => "runtime",
        }
    }
}

/// An error as it is shown: what, where, and what to do next.
///
/// The texts that Redis, MongoDB and Neo4j users know keep their words; see the error section of
/// the envelope in the README.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Which language the statement was in.
    pub model: Model,
    /// kv: the first word of Redis' error; doc: MongoDB's codeName; graph: the error type; shell: a short word.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// MongoDB's error number.
    pub number: Option<i32>,
    /// Where in the statement's text.
    pub span: Option<Span>,
    /// What to do next.
    pub hint: Option<String>,
    /// Graph: when.
    pub phase: Option<Phase>,
    /// Graph: the TCK's word for the detail, such as `UndefinedVariable`.
    pub detail: Option<String>,
}

impl Diagnostic {
    /// A diagnostic with a code and a message only.
    pub fn new(model: Model, code: impl Into<String>, message: impl Into<String>) -> Self {
        Diagnostic {
            model,
            code: code.into(),
            message: message.into(),
            number: None,
            span: None,
            hint: None,
            phase: None,
            detail: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, said about a text that holds the first one from byte `offset` on.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.map(|span| Span::new(span.start + offset, span.end + offset));
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}
