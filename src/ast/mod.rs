//! What a statement means: the trees that the parsers build and the engines run.
//!
//! Nothing here knows how a statement was written or how it will be answered.

pub mod doc;
pub mod graph;
pub mod kv;
pub mod script;
pub mod shell;

/// One statement of any language.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// A Redis command.
    Kv(kv::Command),
    /// A mongosh call.
    Doc(doc::Statement),
    /// A graph query or schema command.
    Graph(graph::Statement),
    /// `BEGIN`, `COMMIT`, `ROLLBACK` over all models.
    Transaction(TransactionControl),
    /// A directive of the shell (`:help`, `:param`, `exit` …).
    Shell(shell::Directive),
    /// `let NAME = …`.
    Let(shell::Let),
    /// `EXPLAIN …` or `PROFILE …` before a statement.
    Explain {
        /// `PROFILE`: run it and count.
        profile: bool,
        /// The statement.
        statement: Box<Statement>,
    },
}

/// The cross-model transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionControl {
    /// `BEGIN`
    Begin,
    /// `COMMIT`
    Commit,
    /// `ROLLBACK`
    Rollback,
}
