//! What each piece of a typed text is, for colouring while it is typed: a few passes over the letters,
//! no parse, and never an error.

use super::registry;
use super::scanner::{Kind, classify, is_kv_command};
use crate::text::Span;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A command, clause or method that is known.
    Keyword,
    /// `$gt`, `$match`.
    Operator,
    /// In quotes.
    String,
    /// A number.
    Number,
    /// `true`, `null`.
    Constant,
    /// A comment.
    Comment,
    /// `$name` in a graph statement, `${name}` in a Redis command.
    Variable,
    /// A label, a relationship type, a collection.
    Name,
    /// A directive of the shell, or of a transaction.
    Directive,
    /// A first word that nobody knows.
    Unknown,
}

static GRAPH_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let fixed = "MATCH OPTIONAL WHERE WITH RETURN CREATE MERGE SET REMOVE DELETE DETACH UNWIND AS FOREACH CALL YIELD \
                 UNION ALL ORDER BY SKIP OFFSET LIMIT DISTINCT ASC DESC ASCENDING DESCENDING AND OR XOR NOT IN IS STARTS \
                 ENDS CONTAINS CASE WHEN THEN ELSE END ON EXISTS COUNT COLLECT DROP INDEX INDEXES FOR IF SHOW EXPLAIN \
                 PROFILE LOAD CSV HEADERS FROM FIELDTERMINATOR CONSTRAINTS PROCEDURES FUNCTIONS";
    fixed.split_whitespace().map(str::to_owned).collect()
});

static DOC_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let model = registry::of_model(crate::text::Model::Doc).iter();
    model.filter(|entry| !entry.name.starts_with('$')).map(|entry| entry.name.trim_end_matches("()")).collect()
});

/// The coloured pieces of a text, in order, without overlap; what lies between them is plain.
pub fn classes(text: &str) -> Vec<(Span, Class)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ';']).len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let line_end = at + rest.find('\n').unwrap_or(rest.len());
        if rest.starts_with('#') || rest.starts_with("//") {
            pieces.push((Span::new(at, line_end), Class::Comment));
            at = line_end;
            continue;
        }
        let opener = classify(rest.as_bytes());
        if opener.prefix.is_some() && opener.body > 0 {
            pieces.push((Span::new(at, at + rest.trim_start().find(' ').unwrap_or(rest.len())), Class::Keyword));
            at += opener.body;
            continue;
        }
        at = match opener.kind {
            Kind::Kv => redis(text, at, line_end, &mut pieces),
            Kind::Directive | Kind::Transaction => directive(text, at, line_end, &mut pieces),
            Kind::Graph => code(text, at, true, &mut pieces),
            Kind::Doc | Kind::Let | Kind::Script => code(text, at, false, &mut pieces),
        }
        .max(at + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    pieces
}

fn directive(text: &str, from: usize, to: usize, pieces: &mut Vec<(Span, Class)>) -> usize {
    let word = text[from..to].find(char::is_whitespace).map_or(to, |length| from + length);
    pieces.push((Span::new(from, word), Class::Directive));
    to
}

fn redis(text: &str, from: usize, to: usize, pieces: &mut Vec<(Span, Class)>) -> usize {
    let line = &text[from..to];
    let mut at = 0;
    let mut first = true;
    let mut options: &str = "";
    while at < line.len() {
        let rest = &line[at..];
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let length = match rest.as_bytes()[0] {
            quote @ (b'"' | b'\'') => quoted(rest, quote),
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let word = &rest[..length];
        let class = if std::mem::take(&mut first) {
            if let Some(entry) = registry::kv_command(word.as_bytes()) {
                options = entry.syntax;
            }
            Some(if is_kv_command(word.as_bytes()) { Class::Keyword } else { Class::Unknown })
        } else if word.starts_with(['"', '\'']) {
            Some(Class::String)
        } else if word.parse::<f64>().is_ok() {
            Some(Class::Number)
        } else if word.starts_with("${") {
            Some(Class::Variable)
        } else if is_option(options, word) {
            Some(Class::Operator)
        } else {
            None
        };
        if let Some(class) = class {
            pieces.push((Span::new(from + at, from + at + length), class));
        }
        at += length;
    }
    to
}

/// Whether a word is one of the key words of a command's syntax.
fn is_option(syntax: &str, word: &str) -> bool {
    word.len() > 1
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && syntax
            .split(|c: char| !c.is_ascii_alphanumeric())
            .skip(1)
            .any(|option| option.bytes().all(|byte| byte.is_ascii_uppercase()) && option.eq_ignore_ascii_case(word))
}

/// The length of a quoted piece, or of all that is left if it is not closed.
fn quoted(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// mongosh calls and graph statements, to their `;` or the end of the text.
fn code(text: &str, from: usize, graph: bool, pieces: &mut Vec<(Span, Class)>) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut before = b' ';
    let mut depth = 0usize;
    while at < bytes.len() {
        let rest = &text[at..];
        let byte = bytes[at];
        let (length, class) = match byte {
            b';' if depth == 0 => return at + 1,
            b'\n' if !graph && depth == 0 && !rest.trim_start().starts_with('.') => return at,
            b'"' | b'\'' | b'`' => {
                (quoted(rest, byte), Some(if graph && byte == b'`' { Class::Name } else { Class::String }))
            }
            b'/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Some(Class::Comment)),
            b'/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Some(Class::Comment)),
            b'0'..=b'9' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
                let length = rest[..length].find("..").unwrap_or(length);
                (length, Some(Class::Number))
            }
            b'$' => {
                let length = 1 + identifier(&rest[1..]);
                (length, Some(if graph { Class::Variable } else { Class::Operator }))
            }
            _ if byte == b'_' || byte >= 0x80 || byte.is_ascii_alphabetic() => {
                let length = identifier(rest).max(rest.chars().next().map_or(1, char::len_utf8));
                (length, if graph { graph_word(&rest[..length], before) } else { doc_word(&rest[..length], before) })
            }
            _ => (1, None),
        };
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        if let Some(class) = class {
            let end = (at + length).min(text.len());
            pieces.push((Span::new(at, end), class));
        }
        at = (at + length).min(text.len());
    }
    at
}

fn identifier(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn graph_word(word: &str, before: u8) -> Option<Class> {
    if matches!(before, b':' | b'|') && word.chars().next().is_some_and(char::is_uppercase) {
        return Some(Class::Name);
    }
    if before == b'.' {
        return None;
    }
    let upper = word.to_ascii_uppercase();
    match upper.as_str() {
        "TRUE" | "FALSE" | "NULL" => Some(Class::Constant),
        _ => GRAPH_WORDS.contains(&upper).then_some(Class::Keyword),
    }
}

fn doc_word(word: &str, before: u8) -> Option<Class> {
    match word {
        "true" | "false" | "null" | "undefined" | "NaN" | "Infinity" => Some(Class::Constant),
        "db" | "let" | "const" | "var" | "show" | "use" | "it" | "new" if before != b'.' => Some(Class::Keyword),
        _ if DOC_WORDS.contains(word) => Some(Class::Keyword),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> Vec<(&str, Class)> {
        classes(text).into_iter().map(|(span, class)| (span.slice(text), class)).collect()
    }

    #[test]
    fn each_language_has_its_classes() {
        use Class::*;
        for (text, expected) in [
            ("SET a \"x y\" EX 10", vec![("SET", Keyword), ("\"x y\"", String), ("EX", Operator), ("10", Number)]),
            ("NOSUCH a", vec![("NOSUCH", Unknown)]),
            ("db.users.find({ age: { $gt: 30 } })", vec![("db", Keyword), ("$gt", Operator), ("30", Number)]),
            (
                "MATCH (n:Person {name: 'Ann'}) RETURN n // all",
                vec![("MATCH", Keyword), ("Person", Name), ("'Ann'", String), ("RETURN", Keyword), ("// all", Comment)],
            ),
            (":param x => 1", vec![(":param", Directive)]),
            ("GET a\nMATCH (n)", vec![("GET", Keyword), ("MATCH", Keyword)]),
        ] {
            let found: Vec<_> = show(text).into_iter().filter(|(word, _)| *word != "find").collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn any_text_has_classes_inside_it() {
        let mut rng = fastrand::Rng::with_seed(1);
        let letters: Vec<char> = "aé日 \n\t'\"`/\\*${}()[];:.#MATCHdb.0".chars().collect();
        for _ in 0..3000 {
            let text: String = (0..rng.usize(..30)).map(|_| letters[rng.usize(..letters.len())]).collect();
            let mut end = 0;
            for (span, _) in classes(&text) {
                assert!(span.start >= end && span.start <= span.end && span.end <= text.len(), "{text:?}");
                assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{text:?} {span:?}");
                end = span.end;
            }
        }
    }
}
