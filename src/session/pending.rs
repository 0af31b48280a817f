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

pub use crate::graph;
