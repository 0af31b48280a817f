//! Text: where something stands, what is wrong with it, and what was probably meant.

mod diagnostic;
pub mod glob;
pub mod pattern;
pub mod progress;
pub mod report;
mod span;
pub mod suggest;

pub use diagnostic::{Diagnostic, Phase};
pub use span::{Position, Span};

/// The three data models, and the shell itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Redis commands on keys.
    Kv,
    /// mongosh calls on documents.
    Doc,
    /// Cypher queries on the graph.
    Graph,
    /// Directives, variables and transactions of the shell.
    Shell,
}

impl Model {
    /// Its name in the envelope.
    pub const fn name(self) -> &'static str {
        match self {
            Model::Kv => "kv",
            Model::Doc => "doc",
            Model::Graph => "graph",
            Model::Shell => "shell",
        }
    }
}
