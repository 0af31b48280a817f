//! An error drawn under its place in the source, with a caret.

use super::{Diagnostic, Position, Span};
use unicode_width::UnicodeWidthChar;

/// Longer lines are cut around the place.
const WIDEST: usize = 120;

/// The place of an error in its source, where the statement's text begins at `start`.
pub fn place(error: &Diagnostic, text: &[u8], start: Position) -> Position {
    error.span.map_or(start, |span| start.advance(text, span.start))
}

/// `name:line:column: message`, the line with a caret under the place, and the hint. Ends with a newline.
pub fn report(name: &str, text: &[u8], start: Position, error: &Diagnostic) -> String {
    let place = place(error, text, start);
    let mut report = format!("{name}:{}:{}: {}\n", place.line, place.column, shown(&error.message));
    if let Some(span) = error.span {
        report.push_str(&picture(text, span, place.line));
    }
    if let Some(hint) = &error.hint {
        report.push_str(&format!("  hint: {}\n", shown(hint)));
    }
    report
}

/// The line that a span begins in, and a caret under it.
fn picture(text: &[u8], span: Span, line_number: usize) -> String {
    let at = span.start.min(text.len());
    let line_start = text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let line_end = text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |newline| at + newline);
    // Only the neighbourhood is drawn, whatever the line's length.
    let from = line_start.max(at.saturating_sub(WIDEST));
    let to = line_end.min(at + WIDEST);
    let before: Vec<char> = String::from_utf8_lossy(&text[from..at]).chars().collect();
    let marked = String::from_utf8_lossy(&text[at..span.end.clamp(at, to.max(at))]).into_owned();
    let after: Vec<char> = String::from_utf8_lossy(&text[at..to]).chars().collect();
    let skipped = before.len().saturating_sub(WIDEST * 2 / 3);
    let mut line = String::new();
    let mut indent = 0;
    if from > line_start || skipped > 0 {
        line.push('…');
        indent += 1;
    }
    for &character in &before[skipped..] {
        let character = if character.is_control() { ' ' } else { character };
        line.push(character);
        indent += character.width().unwrap_or(0);
    }
    let room = WIDEST.saturating_sub(indent);
    line.extend(after.iter().take(room).map(|&character| if character.is_control() { ' ' } else { character }));
    if after.len() > room || to < line_end {
        line.push('…');
    }
    let width: usize = marked.chars().filter_map(UnicodeWidthChar::width).sum();
    let carets = "^".repeat(width.clamp(1, room.max(1)));
    let number = line_number.to_string();
    let gutter = " ".repeat(number.len());
    format!("{gutter} |\n{number} | {}\n{gutter} | {}{carets}\n", line.trim_end(), " ".repeat(indent))
}

/// Text that does no harm on a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() && character != '\n' { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Model;

    #[test]
    fn the_caret_stands_under_the_place() {
        let text = "db.users.find({\n  name: }\n)".as_bytes();
        let error =
            Diagnostic::new(Model::Doc, "SyntaxError", "expected a value").at(Span::new(24, 25)).hint("put one there");
        assert_eq!(
            report("a.trine", text, Position { line: 7, column: 1 }, &error),
            "a.trine:8:9: expected a value\n  |\n8 |   name: }\n  |         ^\n  hint: put one there\n"
        );
    }

    #[test]
    fn long_lines_and_odd_spans_are_drawn_too() {
        let text = vec![b'['; 1_000_000];
        for (start, end) in [(0, 0), (500_000, 500_001), (999_999, 1_000_000), (1_000_000, 1_000_000), (5_000_000, 9)] {
            let error = Diagnostic::new(Model::Doc, "SyntaxError", "x").at(Span::new(start, end));
            assert!(report("a", &text, Position::START, &error).len() < 1000);
        }
    }
}
