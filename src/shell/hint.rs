//! What may follow: the rest of a command's syntax, which shrinks while its arguments are typed, and
//! what a statement over several lines still lacks.

use crate::lang::registry;
use crate::lang::scanner::{Kind, Status, classify, status};

/// The hint behind a typed text, or `None`.
pub fn hint(text: &str) -> Option<String> {
    if text.ends_with('\n') {
        return match status(text.trim_end_matches('\n')) {
            Status::Incomplete { missing: Some(sign) } => Some(format!("  … {sign} is still open")),
            Status::Incomplete { missing: None } => Some("  … go on, or Enter runs it".to_owned()),
            Status::Complete => None,
        };
    }
    let line = text.rsplit('\n').next().unwrap_or(text);
    match classify(text.trim_start().as_bytes()).kind {
        Kind::Kv => redis(text.trim_start()),
        Kind::Doc => method(line),
        _ => None,
    }
}

fn redis(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let entry = registry::kv_command(words.next()?.as_bytes())?;
    let between = text.ends_with(char::is_whitespace);
    let typed: Vec<&str> = words.collect();
    let rest = remaining(entry.syntax, &typed);
    if rest.is_empty() { None } else { Some(format!("{}{rest}", if between { "" } else { " " })) }
}

/// The parameters of the method whose bracket was just opened.
fn method(line: &str) -> Option<String> {
    let before = line.strip_suffix('(')?;
    let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
    if !before.strip_suffix(name)?.ends_with('.') {
        return None;
    }
    let entry =
        registry::of_model(crate::text::Model::Doc).iter().find(|entry| entry.name.trim_end_matches("()") == name)?;
    let (_, parameters) = entry.syntax.split_once(&format!("{name}("))?;
    (!parameters.is_empty()).then(|| parameters.to_owned())
}

/// What of `SET key value [NX|XX] …` is left behind these arguments.
pub fn remaining(syntax: &str, typed: &[&str]) -> String {
    let mut parts: Vec<&str> = split(syntax).into_iter().skip(1).collect();
    let mut skip = 0;
    let mut at = 0;
    for word in typed {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        if let Some((part, arguments)) = options(&parts[at.min(parts.len())..], word) {
            parts.remove(at + part);
            skip = arguments;
        } else {
            // A required part, or one more of a repeated one.
            let required = parts[at.min(parts.len())..].iter().position(|part| !part.starts_with('['));
            if let Some(ahead) = required {
                let repeated = parts.get(at).is_some_and(|part| part.ends_with("...]"));
                if !repeated || ahead == 0 {
                    parts.remove(at + ahead);
                }
            } else {
                let repeat = parts.iter().position(|part| part.ends_with("...]"));
                at = repeat.unwrap_or(at);
            }
        }
    }
    parts.join(" ")
}

/// The option group that a key word belongs to, and how many words it takes behind it.
fn options(parts: &[&str], word: &str) -> Option<(usize, usize)> {
    for (at, part) in parts.iter().enumerate() {
        let Some(inner) = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) else { continue };
        for alternative in inner.split('|') {
            let mut words = alternative.split_whitespace();
            let key = words.next().unwrap_or_default();
            if key.bytes().all(|byte| byte.is_ascii_uppercase()) && key.eq_ignore_ascii_case(word) {
                return Some((at, words.take_while(|word| !word.starts_with('[')).count()));
            }
        }
    }
    None
}

/// Splits at blanks outside of brackets.
fn split(syntax: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (at, byte) in syntax.bytes().enumerate() {
        match byte {
            b'[' | b'<' => depth += 1,
            b']' | b'>' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 => {
                parts.push(&syntax[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&syntax[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_shrinks_as_arguments_are_typed() {
        let set = "SET key value [NX|XX] [GET] [EX seconds|PX milliseconds|KEEPTTL]";
        for (syntax, typed, expected) in [
            (set, "", "key value [NX|XX] [GET] [EX seconds|PX milliseconds|KEEPTTL]"),
            (set, "k", "value [NX|XX] [GET] [EX seconds|PX milliseconds|KEEPTTL]"),
            (set, "k v", "[NX|XX] [GET] [EX seconds|PX milliseconds|KEEPTTL]"),
            (set, "k v ex", "[NX|XX] [GET]"),
            (set, "k v EX 10", "[NX|XX] [GET]"),
            (set, "k v EX 10 NX", "[GET]"),
            ("DEL key [key ...]", "a", "[key ...]"),
            ("DEL key [key ...]", "a b c", "[key ...]"),
            ("PING [message]", "", "[message]"),
            ("GET key", "a", ""),
            ("GET key", "a b c", ""),
            ("LMOVE source destination <LEFT|RIGHT> <LEFT|RIGHT>", "a b", "<LEFT|RIGHT> <LEFT|RIGHT>"),
        ] {
            let typed: Vec<&str> = typed.split_whitespace().collect();
            assert_eq!(remaining(syntax, &typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn an_open_line_says_what_is_missing() {
        assert_eq!(hint("db.users.find({\n").as_deref(), Some("  … } is still open"));
        assert_eq!(hint("GET a\n"), None);
        assert!(hint("SET ").is_some_and(|hint| hint.starts_with("key value")));
        assert!(hint("SET").is_some_and(|hint| hint.starts_with(" key value")));
    }
}
