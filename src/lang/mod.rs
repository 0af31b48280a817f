//! Language: from text to statements, and all that is known about commands.

pub mod doc;
pub mod ebnf;
pub mod graph;
pub mod highlight;
pub mod kv;
pub mod parse;
pub mod registry;
pub mod scanner;
