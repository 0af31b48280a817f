//! Redis commands.

use super::Entry;

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[];
