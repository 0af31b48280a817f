//! Engines that are still being built: their statements are answered with an error.

/// doc
pub mod doc {
    use crate::ast::doc::ResolvedChain;
    pub use crate::doc::*;
    use crate::reply::DocReply;
    use crate::storage::Write;
    /// not yet
    pub fn execute<'a>(_: Context<'a>, _: &ResolvedChain) -> Result<DocReply<'a>> {
        Err(Error::not_yet("this"))
    }
    /// not yet
    pub fn explain<'a>(_: Context<'a>, _: &ResolvedChain) -> Result<DocReply<'a>> {
        Err(Error::not_yet("this"))
    }
    /// not yet
    pub fn show<'a>(_: Context<'a>, _: &str) -> Result<DocReply<'a>> {
        Err(Error::not_yet("this"))
    }
    /// not yet
    pub fn remove_database(_: &mut dyn Write, _: u32) -> Result<()> {
        Ok(())
    }
}

/// graph
pub mod graph {
    use crate::ast::graph::Statement;
    pub use crate::graph::*;
    use crate::reply::GraphReply;
    use crate::storage::Write;
    use crate::value::graph::Value;
    use std::collections::BTreeMap;
    /// mirror
    #[derive(Debug, Default)]
    pub struct Mirror;
    impl Mirror {
        /// forget
        pub fn forget(&mut self) {}
    }
    /// context
    pub struct Context<'a> {
        /// .
        pub tx: &'a mut dyn Write,
        /// .
        pub database: u32,
        /// .
        pub source: &'a str,
        /// .
        pub parameters: &'a BTreeMap<String, Value>,
        /// .
        pub now_ms: i64,
        /// .
        pub mirror: &'a mut Mirror,
        /// .
        pub rng: &'a mut fastrand::Rng,
    }
    fn not_yet() -> Error {
        Error::syntax(Detail::InvalidClauseComposition, "graph statements are not supported yet")
    }
    /// not yet
    pub fn execute<'a>(_: Context<'a>, _: &Statement) -> Result<GraphReply<'a>> {
        Err(not_yet())
    }
    /// not yet
    pub fn explain<'a>(_: Context<'a>, _: &Statement, _: bool) -> Result<GraphReply<'a>> {
        Err(not_yet())
    }
    /// not yet
    pub fn remove_database(_: &mut dyn Write, _: u32) -> Result<()> {
        Ok(())
    }
}
