//! Where a Redis command ends: redis-cli's quoting, and two additions for files copied from course notes.

use super::opener::is_blank;

/// What a line's first statement takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineEnd {
    /// One past its last byte.
    pub(super) text: usize,
    /// Where scanning goes on; the length of the line if nothing follows.
    pub(super) next: usize,
}

/// Finds the end of the statement at the start of `line` (which holds no newline). A `;` that ends the
/// line or stands before a blank ends it, and a bare `#` after a tab or two blanks, with a blank or the
/// end behind it, begins a comment; neither counts inside quotes.
pub(super) fn end(line: &[u8]) -> LineEnd {
    let mut at = 0;
    let blank_at = |at: usize| line.get(at).is_none_or(|&byte| is_blank(byte));
    while let Some(&byte) = line.get(at) {
        match byte {
            b'"' => at = close(line, at + 1, b'"', |next| next.is_some()),
            b'\'' => at = close(line, at + 1, b'\'', |next| next == Some(b'\'')),
            b';' if blank_at(at + 1) => return LineEnd { text: at, next: at + 1 },
            b'#' if blank_at(at + 1) && opens_comment(&line[..at]) => return LineEnd { text: at, next: line.len() },
            _ => {}
        }
        at += 1;
    }
    LineEnd { text: line.len(), next: line.len() }
}

/// The offset of the closing quote, or the last byte of an unclosed line.
fn close(line: &[u8], mut at: usize, quote: u8, escapes: impl Fn(Option<u8>) -> bool) -> usize {
    while let Some(&byte) = line.get(at) {
        if byte == quote {
            return at;
        }
        at += if byte == b'\\' && escapes(line.get(at + 1).copied()) { 2 } else { 1 };
    }
    line.len()
}

fn opens_comment(before: &[u8]) -> bool {
    match before {
        [.., b'\t'] => true,
        [.., last, b' '] => is_blank(*last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bare_hash_or_a_semicolon_before_a_blank_ends_a_line() {
        for (line, text) in [
            ("SET color #fff", "SET color #fff"),
            ("SORT l BY w_* GET #", "SORT l BY w_* GET #"),
            ("SET a b;c", "SET a b;c"),
            ("SET a b;", "SET a b"),
            ("SET a b; GET a", "SET a b"),
            ("SET a \"b; c\"; GET a", "SET a \"b; c\""),
            ("SET a 'it\\'s; so'; GET a", "SET a 'it\\'s; so'"),
            ("SET a 'x\\'", "SET a 'x\\'"),
            ("GET a  # a note", "GET a  "),
            ("GET a\t#", "GET a\t"),
            ("GET a # not a note", "GET a # not a note"),
            ("GET a  #note", "GET a  #note"),
            ("SET a \"open; GET a", "SET a \"open; GET a"),
            ("SET a \"x\\\"; y\"", "SET a \"x\\\"; y\""),
        ] {
            let end = end(line.as_bytes());
            assert_eq!(&line[..end.text], text, "{line}");
        }
    }
}
