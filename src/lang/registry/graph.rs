//! Clauses, functions and procedures of the graph language.

use super::Entry;

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[];
