//! trine: one shell, three database languages, one file.
//!
//! # The life of a statement
//!
//! 1. **Bytes come in.** [`cli::main`] reads the command line and opens the [`storage::Store`];
//!    [`batch::run`] reads scripts and pipes in pieces, the prompt in [`shell`] reads what is typed.
//! 2. **Whose statement is it, and where does it end?** The [`lang::scanner::Scanner`] takes the pieces
//!    and hands out whole [`lang::scanner::SourceStatement`]s. It never fails and never looks twice at a byte.
//! 3. **What does it mean?** [`lang::parse::parse`] calls the parser of its language ([`lang::kv`],
//!    [`lang::doc`], [`lang::graph`]) and makes an [`ast::Statement`]. What is wrong becomes a
//!    [`text::Diagnostic`] with a span; [`lang::registry`] knows which name was meant.
//! 4. **The session takes it.** [`session::Session::run_source`] puts variables in, opens the
//!    [`storage::Transaction`] if none is open, and lends it down as `&mut dyn` [`storage::Write`].
//!    Programs that have no text come in here, by [`session::Session::execute`].
//! 5. **An engine runs it.** [`kv::execute`], [`doc::execute`] or [`graph::execute`] reads and writes
//!    rows of its own [`storage::Space`]s. It never prints and never commits; what it answers is a [`reply::Reply`],
//!    whose cursors still read from the transaction.
//! 6. **All or nothing.** A statement that failed is undone by the transaction's journal
//!    ([`storage::Transaction::rollback_statement`]); one that went well is committed by itself, with its
//!    group, or with its `BEGIN`. What it told those who listen goes through the [`exchange`] to this
//!    session's next answer, and once it is committed to the other sessions.
//! 7. **The answer is written.** A [`session::Sink`] takes the reply, and [`render`] writes it in the chosen
//!    mode ([`render::envelope`] for machines); errors are drawn under their place by [`text::report`].
//! 8. **The process leaves** with [`batch::End::status`]: 0 if all went well.
//!
//! Rooms name only rooms below them: `tests/layers.rs` holds the list of arrows.

pub mod ast;
pub mod batch;
pub mod cli;
pub mod doc;
pub mod exchange;
pub mod graph;
pub mod help;
pub mod import;
pub mod kv;
pub mod lang;
pub mod lua;
pub mod render;
pub mod reply;
pub mod script;
pub mod session;
pub mod shell;
pub mod storage;
pub mod text;
pub mod value;
