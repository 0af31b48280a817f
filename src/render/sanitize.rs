//! Text from a database on its way to a terminal: nothing in it may move the cursor, change the
//! order of what is read, or hide.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character may do something to a terminal or its reader other than be seen.
///
/// Controls (ANSI sequences begin with one), the bidirectional controls of Unicode UAX #9, and the
/// invisible format characters, but not the zero-width joiner between emoji, which is part of what is seen.
pub fn harmful(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// A zero-width joiner is kept only between two characters that are not ASCII (emoji, Indic scripts).
const JOINER: char = '\u{200d}';

/// `text` with every harmful character escaped: `\n`, `\t`, `\x1b`, `\u{202e}`.
pub fn one_line(text: &str) -> Cow<'_, str> {
    escape(text, false)
}

/// As [`one_line`], but line feeds and tabs stay what they are.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, true)
}

fn escape(text: &str, keep_layout: bool) -> Cow<'_, str> {
    let suspicious = |character: char| {
        character == JOINER || (harmful(character) && !(keep_layout && matches!(character, '\n' | '\t')))
    };
    let Some(first) = text.find(suspicious) else { return Cow::Borrowed(text) };
    let mut safe = String::with_capacity(text.len() + 16);
    safe.push_str(&text[..first]);
    let mut before = text[..first].chars().next_back();
    let mut rest = text[first..].chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            JOINER => {
                let between = before.is_some_and(|c| !c.is_ascii()) && rest.peek().is_some_and(|c| !c.is_ascii());
                if between { safe.push(character) } else { safe.push_str("\\u{200d}") }
            }
            '\n' | '\t' if keep_layout => safe.push(character),
            '\n' => safe.push_str("\\n"),
            '\t' => safe.push_str("\\t"),
            '\r' => safe.push_str("\\r"),
            c if harmful(c) && (c as u32) < 0x80 => {
                let _ = write!(safe, "\\x{:02x}", c as u32);
            }
            c if harmful(c) => {
                let _ = write!(safe, "\\u{{{:x}}}", c as u32);
            }
            c => safe.push(c),
        }
        before = Some(character);
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_do_harm_is_shown_instead() {
        for (text, expected, why) in [
            ("plain", "plain", "plain text"),
            ("a\x1b[2Jb", "a\\x1b[2Jb", "an ANSI sequence"),
            ("a\nb\tc", "a\\nb\\tc", "layout in one line"),
            ("abc\u{202e}txt", "abc\\u{202e}txt", "right-to-left override"),
            ("pass\u{200b}word", "pass\\u{200b}word", "zero-width space"),
            ("a\u{200d}b", "a\\u{200d}b", "a joiner that joins nothing"),
            ("👩\u{200d}🚀", "👩\u{200d}🚀", "an emoji made of two"),
            ("e\u{301}", "e\u{301}", "a combining accent"),
            ("日本", "日本", "wide characters"),
            ("\u{9b}31m", "\\u{9b}31m", "an eight-bit control"),
        ] {
            assert_eq!(one_line(text), expected, "{why}");
        }
        assert_eq!(lines("a\n\tb\x07"), "a\n\tb\\x07");
    }
}
