//! Long work that tells how far it is: building an index, reading the whole graph.

use std::sync::Arc;

/// Is told how far long work is, from the thread that does it.
pub trait Watcher: Send + Sync {
    /// So many of so many `things` are done; what is done to them stands before them.
    fn at(&self, what: &str, done: u64, of: u64, things: &str);

    /// The work is over, well or not.
    fn over(&self);
}

/// The watcher is told after so many steps.
const STEPS: u64 = 1024;

/// Long work; it is over when this is dropped.
pub struct Work {
    watcher: Option<Arc<dyn Watcher>>,
    what: String,
    things: &'static str,
    done: u64,
    of: u64,
}

impl Work {
    pub(super) fn new(watcher: Option<Arc<dyn Watcher>>, what: &str, of: u64, things: &'static str) -> Self {
        Work { watcher, what: what.to_owned(), things, done: 0, of }
    }

    /// One more thing is done.
    pub fn step(&mut self) {
        self.done += 1;
        if let Some(watcher) = &self.watcher
            && self.done.is_multiple_of(STEPS)
        {
            watcher.at(&self.what, self.done, self.of, self.things);
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(watcher) = &self.watcher {
            watcher.over();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Options, Read, Store};
    use std::sync::Mutex;

    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);

    impl Watcher for Told {
        fn at(&self, what: &str, done: u64, of: u64, things: &str) {
            self.0.lock().unwrap().push(format!("{what} {done}/{of} {things}"));
        }

        fn over(&self) {
            self.0.lock().unwrap().push("over".to_owned());
        }
    }

    #[test]
    fn the_watcher_is_told_now_and_then_and_when_it_is_over() {
        let told = Arc::new(Told::default());
        let watcher: Arc<dyn Watcher> = Arc::clone(&told) as _;
        let store = Store::in_memory(Options { watcher: Some(watcher), ..Options::default() }).unwrap();
        let tx = store.begin().unwrap();
        let mut work = tx.work("reading", 2500, "rows");
        (0..2500).for_each(|_| work.step());
        drop(work);
        assert_eq!(*told.0.lock().unwrap(), ["reading 1024/2500 rows", "reading 2048/2500 rows", "over"]);
    }
}
