//! Places in a text.

/// A range of bytes in the text of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The smallest span around both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span of `part`, which must be a slice of `whole` (the way nom parsers hand out text).
    pub fn of(whole: &str, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len());
        Span { start, end: (start + part.len()).min(whole.len()) }
    }

    /// The text it covers; empty if it lies outside.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A place for people: line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl Default for Position {
    fn default() -> Self {
        Position::START
    }
}

impl Position {
    /// The first character of a text.
    pub const START: Position = Position { line: 1, column: 1 };

    /// The place of byte `offset` of `text`, when `text` itself begins at `self`.
    pub fn advance(self, text: &[u8], offset: usize) -> Position {
        let before = &text[..offset.min(text.len())];
        let newlines = before.iter().filter(|&&byte| byte == b'\n').count();
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let characters = before[line_start..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        Position {
            line: self.line + newlines,
            column: if newlines == 0 { self.column + characters } else { characters + 1 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let text = "aé\nbc".as_bytes();
        assert_eq!(Position::START.advance(text, 3), Position { line: 1, column: 3 });
        assert_eq!(Position::START.advance(text, 5), Position { line: 2, column: 2 });
        assert_eq!(Position { line: 7, column: 4 }.advance(text, 1), Position { line: 7, column: 5 });
    }

    #[test]
    fn spans_come_from_slices() {
        let text = "MATCH (n)";
        assert_eq!(Span::of(text, &text[6..9]), Span::new(6, 9));
        assert_eq!(Span::new(6, 9).slice(text), "(n)");
    }
}
