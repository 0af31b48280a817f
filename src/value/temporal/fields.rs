//! Components of temporal values, and values from maps of components.

use super::Temporal;
use crate::value::graph::Value;

impl Temporal {
    /// A component by name, such as `year` or `offsetSeconds`; `None` if the type has none of that name.
    pub fn component(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }
}
