//! The line on a terminal that tells how far long work is.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Nothing is shown of work that is done by then.
const SILENT: Duration = Duration::from_secs(1);
/// The line changes no more often than this.
const PAUSE: Duration = Duration::from_millis(200);

/// Shows a line on the terminal that standard error is.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    next: Option<Instant>,
}

impl Progress {
    /// Of work that begins now; shows nothing unless `wanted`.
    pub fn new(wanted: bool) -> Self {
        Progress { shown: false, next: wanted.then(|| Instant::now() + SILENT) }
    }

    /// Shows what `line` says, if it is time to.
    pub fn show(&mut self, line: impl FnOnce() -> String) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = Some(now + PAUSE);
        self.shown = true;
        // A terminal that cannot be written to is no reason to stop.
        let _ = write!(io::stderr(), "\r{}\x1b[K", line());
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        self.next = None;
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `so many of so many things, 40 %`
pub fn share(done: u64, of: u64, things: &str) -> String {
    match of {
        0 => format!("{done} {things}"),
        of => format!("{done} of {of} {things}, {} %", done.min(of).saturating_mul(100) / of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_of_how_much() {
        assert_eq!(share(3, 12, "MiB"), "3 of 12 MiB, 25 %");
        assert_eq!(share(3, 0, "MiB"), "3 MiB");
        assert_eq!(share(13, 12, "documents"), "13 of 12 documents, 100 %");
    }

    #[test]
    fn quick_work_shows_nothing() {
        let mut progress = Progress::new(true);
        progress.show(|| panic!("too early"));
        let mut unwanted = Progress { shown: false, next: None };
        unwanted.show(|| panic!("not wanted"));
    }
}
