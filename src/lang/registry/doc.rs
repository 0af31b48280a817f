//! mongosh methods, query and update operators, aggregation stages and expressions.

use super::Entry;

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[];
