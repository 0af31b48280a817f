//! What was found out about single nodes, remembered for the rest of a statement, by their places in
//! the mirror.

use super::Runtime;
use crate::graph::Result;

/// So many look-ups come before anything is remembered.
const WARM_UP: u32 = 512;

/// A value for each node, `T::default()` where nothing is known.
#[derive(Debug, Default)]
pub struct NodeMemo<T> {
    values: Vec<T>,
    asked: u32,
}

impl<T: Copy + Default> NodeMemo<T> {
    /// Nothing is known.
    pub fn new() -> Self {
        NodeMemo { values: Vec::new(), asked: 0 }
    }

    /// The place of what is known of a node; `None` while nothing is remembered, or once the statement
    /// has written.
    pub fn place(&mut self, rt: &Runtime<'_>, node: u64) -> Result<Option<&mut T>> {
        if self.values.is_empty() {
            self.asked = self.asked.saturating_add(1);
            if self.asked < WARM_UP {
                return Ok(None);
            }
        }
        if !rt.data_in_step()? {
            return Ok(None);
        }
        let mirror = rt.mirror.borrow();
        if self.values.is_empty() {
            self.values = vec![T::default(); mirror.topology().bound()];
        }
        Ok(mirror.topology().index_of(node).and_then(|index| self.values.get_mut(index as usize)))
    }
}
