//! The session: THE way to run statements.
