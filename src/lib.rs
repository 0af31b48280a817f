//! trine: one shell, three database languages, one file.

pub mod ast;
pub mod batch;
pub mod cli;
pub mod doc;
pub mod graph;
pub mod kv;
pub mod lang;
pub mod render;
pub mod reply;
pub mod session;
pub mod shell;
pub mod storage;
pub mod text;
pub mod value;
