//! The line that tells how far an import is.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Nothing is shown of work that is done by then.
const SILENT: Duration = Duration::from_secs(1);
/// The line changes no more often than this.
const PAUSE: Duration = Duration::from_millis(200);

/// Shows a line on the terminal that standard error is.
pub struct Progress {
    shown: bool,
    next: Option<Instant>,
    size: Option<u64>,
}

impl Progress {
    /// Of an input of this size; shows nothing unless `wanted`.
    pub fn new(wanted: bool, size: Option<u64>) -> Self {
        Progress { shown: false, next: wanted.then(|| Instant::now() + SILENT), size }
    }

    /// So many documents, so many bytes of the input.
    pub fn show(&mut self, documents: u64, bytes: u64) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = Some(now + PAUSE);
        self.shown = true;
        // A terminal that cannot be written to is no reason to stop.
        let _ = write!(io::stderr(), "\r{}\x1b[K", line(documents, bytes, self.size));
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

fn line(documents: u64, bytes: u64, size: Option<u64>) -> String {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    match size {
        Some(size) if size > 0 => format!(
            "{documents} documents, {:.0} of {:.0} MiB, {} %",
            mib(bytes),
            mib(size),
            bytes.min(size) * 100 / size
        ),
        _ => format!("{documents} documents, {:.0} MiB", mib(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_line_says_how_much_of_how_much() {
        assert_eq!(line(5, 3 << 20, Some(12 << 20)), "5 documents, 3 of 12 MiB, 25 %");
        assert_eq!(line(5, 3 << 20, None), "5 documents, 3 MiB");
    }
}
