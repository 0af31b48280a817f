//! Whose statement is it? The first word decides, without looking at the rest.

use crate::lang::registry;

/// What a statement is, before anything parsed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A Redis command, or a line that begins with a word nobody knows.
    Kv,
    /// A mongosh call, `show …`, `use NAME`, `it`.
    Doc,
    /// A graph statement.
    Graph,
    /// `BEGIN`, `COMMIT`, `ROLLBACK`.
    Transaction,
    /// `let`, `const` or `var`.
    Let,
    /// `:word`, or `help exit quit cls`.
    Directive,
    /// Text in the shape of JavaScript that is no mongosh call on `db`: `stream.on(…)`, `function f() {`,
    /// a bare literal.
    Script,
}

/// `EXPLAIN` or `PROFILE` before a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `EXPLAIN`
    Explain,
    /// `PROFILE`
    Profile,
}

/// The rules by which a statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With the line; Redis quoting.
    Line,
    /// With the line once its brackets and quotes balance.
    BalancedLine,
    /// As a mongosh call.
    Doc,
    /// As a graph statement.
    Graph,
}

/// The answer of [`classify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opener {
    /// What it is.
    pub kind: Kind,
    /// `EXPLAIN` or `PROFILE` stood before it.
    pub prefix: Option<Prefix>,
    /// Where it begins behind the prefix, in bytes of the given text.
    pub body: usize,
    pub(super) ending: Ending,
}

/// What follows SHOW in graph statements: what is listed, or which ones.
const SHOWN: [&str; 20] = [
    "INDEX",
    "INDEXES",
    "CONSTRAINT",
    "CONSTRAINTS",
    "PROCEDURE",
    "PROCEDURES",
    "FUNCTION",
    "FUNCTIONS",
    "ALL",
    "RANGE",
    "NODE",
    "RELATIONSHIP",
    "REL",
    "UNIQUE",
    "UNIQUENESS",
    "KEY",
    "EXIST",
    "EXISTENCE",
    "PROPERTY",
    "BUILT",
];

/// Classifies a statement by its beginning; `line` starts at its first letter and reaches at least to
/// the end of the line.
pub fn classify(line: &[u8]) -> Opener {
    let (kind, ending) = match first(line) {
        First::Prefix(prefix, length) => {
            let body = length + blanks(&line[length..]);
            let rest = &line[body..];
            let inner = match first(rest) {
                _ if rest.is_empty() || rest[0] == b'\n' => (Kind::Graph, Ending::Graph),
                First::Prefix(..) => (Kind::Graph, Ending::Line),
                First::Is(kind, ending) => (kind, ending),
            };
            return Opener { kind: inner.0, prefix: Some(prefix), body, ending: inner.1 };
        }
        First::Is(kind, ending) => (kind, ending),
    };
    Opener { kind, prefix: None, body: 0, ending }
}

enum First {
    Is(Kind, Ending),
    Prefix(Prefix, usize),
}

fn first(line: &[u8]) -> First {
    let Some(&head) = line.first() else { return First::Is(Kind::Kv, Ending::Line) };
    let is = First::Is;
    match head {
        b':' => {
            let name = identifier(&line[1..]);
            let balanced = name.eq_ignore_ascii_case(b"param");
            return is(Kind::Directive, if balanced { Ending::BalancedLine } else { Ending::Line });
        }
        b'{' | b'[' => return is(Kind::Script, Ending::Doc),
        // `(() => …)()`, `(function …)()`, `({ a } = …)`; what redis-cli prints begins with a bracket, too.
        b'(' if [&b"(("[..], b"(function", b"(async", b"({"].iter().any(|start| line.starts_with(start)) => {
            return is(Kind::Script, Ending::Doc);
        }
        _ => {}
    }
    let word = identifier(line);
    if word.is_empty() {
        return is(Kind::Kv, Ending::Line);
    }
    let after = &line[word.len()..];
    if word == b"db" && !matches!(after.first(), Some(byte) if !b" \t\r\n\x0b\x0c.[;/".contains(byte)) {
        return is(Kind::Doc, Ending::Doc);
    }
    if matches!(word, b"let" | b"const" | b"var") && matches!(after.first(), Some(b' ' | b'\t')) {
        return is(Kind::Let, let_ending(after));
    }
    if word.len() > 12 {
        return script_or_line(line, word);
    }
    let mut upper = [0u8; 12];
    let upper = &mut upper[..word.len()];
    upper.copy_from_slice(word);
    upper.make_ascii_uppercase();
    // A Redis word is split at blanks: `TYPE(r)` is no command, `CREATE(n)` is a graph clause.
    let whole_word = after.first().is_none_or(|&byte| is_blank(byte) || matches!(byte, b'\n' | b';'));
    match &*upper {
        b"MATCH" | b"OPTIONAL" | b"CREATE" | b"MERGE" | b"UNWIND" | b"WITH" | b"RETURN" | b"FOREACH" | b"CALL"
        | b"LOAD" | b"DROP"
            if !(matches!(after.first(), Some(b'.' | b'=')) || word == b"load" && after.first() == Some(&b'(')) =>
        {
            is(Kind::Graph, Ending::Graph)
        }
        b"EXPLAIN" if whole_word => First::Prefix(Prefix::Explain, word.len()),
        b"PROFILE" if whole_word => First::Prefix(Prefix::Profile, word.len()),
        b"SHOW" if whole_word => {
            let second = identifier(&after[blanks(after)..]);
            match SHOWN.iter().any(|name| second.eq_ignore_ascii_case(name.as_bytes())) {
                true => is(Kind::Graph, Ending::Graph),
                false => is(Kind::Doc, Ending::Line),
            }
        }
        b"USE" if whole_word => is(Kind::Doc, Ending::Line),
        b"IT" if ends_line(after) => is(Kind::Doc, Ending::Line),
        b"BEGIN" | b"COMMIT" | b"ROLLBACK" if whole_word => is(Kind::Transaction, Ending::Line),
        b"HELP" if whole_word => is(Kind::Directive, Ending::Line),
        b"EXIT" | b"QUIT" | b"CLS" if ends_line(after.strip_prefix(b"()").unwrap_or(after)) => {
            is(Kind::Directive, Ending::Line)
        }
        _ => script_or_line(line, word),
    }
}

/// Whether a line opens a statement that is surely not the continuation of a graph statement.
pub(super) fn leaves_graph(line: &[u8]) -> bool {
    let opener = classify(line);
    match opener.kind {
        Kind::Doc | Kind::Transaction | Kind::Let | Kind::Directive => true,
        Kind::Kv => {
            let body = &line[opener.body..];
            let word = &body
                [..body.iter().position(|&byte| is_blank(byte) || matches!(byte, b'\n' | b';')).unwrap_or(body.len())];
            !word.eq_ignore_ascii_case(b"SET") && is_kv_command(word)
        }
        Kind::Graph | Kind::Script => false,
    }
}

/// Whether a word is a Redis command: of the engine, or one that the session itself runs.
pub fn is_kv_command(word: &[u8]) -> bool {
    registry::kv_command(word).is_some()
        || [&b"MULTI"[..], b"EXEC", b"DISCARD", b"WATCH", b"UNWATCH", b"SELECT"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
}

/// How a `let` ends: as what stands behind its `=`.
fn let_ending(after: &[u8]) -> Ending {
    let name_at = blanks(after);
    let rest = &after[name_at + identifier(&after[name_at..]).len()..];
    let rest = &rest[blanks(rest)..];
    let Some(value) = rest.strip_prefix(b"=") else { return Ending::Doc };
    let value = &value[blanks(value)..];
    match first(value) {
        First::Is(Kind::Kv, ending) => {
            let word = &value[..value.iter().position(|&byte| is_blank(byte) || byte == b'\n').unwrap_or(value.len())];
            if is_kv_command(word) { ending } else { Ending::Doc }
        }
        First::Is(Kind::Doc | Kind::Graph, ending) => ending,
        First::Is(..) => Ending::Doc,
        First::Prefix(_, length) => {
            let body = &value[length..];
            classify(&body[blanks(body)..]).ending
        }
    }
}

/// Names no Redis command, so: a call or a path in the shape of JavaScript, or an unknown line.
fn script_or_line(line: &[u8], word: &[u8]) -> First {
    const WORDS: [&[u8]; 15] = [
        b"async",
        b"await",
        b"function",
        b"if",
        b"for",
        b"while",
        b"try",
        b"switch",
        b"class",
        b"do",
        b"throw",
        b"new",
        b"typeof",
        b"delete",
        b"void",
    ];
    let after = &line[word.len()..];
    if WORDS.contains(&word) && after.first().is_none_or(|&byte| is_blank(byte) || matches!(byte, b'(' | b'{' | b'\n'))
    {
        return First::Is(Kind::Script, Ending::Doc);
    }
    let mut at = word.len();
    let mut dotted = false;
    while line.get(at) == Some(&b'.') {
        let name = identifier(&line[at + 1..]);
        if name.is_empty() {
            break;
        }
        dotted = true;
        at += 1 + name.len();
    }
    let rest = &line[at..];
    match rest.first() {
        Some(b'(') => First::Is(Kind::Script, Ending::Doc),
        Some(b'[') if registry::kv_command(word).is_none() => First::Is(Kind::Script, Ending::Doc),
        _ if dotted && ends_line(rest) => First::Is(Kind::Script, Ending::Doc),
        _ if assigns(rest) && (dotted || !is_kv_command(word)) => First::Is(Kind::Script, Ending::Doc),
        _ => First::Is(Kind::Kv, Ending::Line),
    }
}

/// `=`, `+=`, `++` and their like behind a name.
fn assigns(rest: &[u8]) -> bool {
    let rest = &rest[blanks(rest)..];
    match rest {
        [b'=', after, ..] => *after != b'=',
        [b'+', b'+', ..] | [b'-', b'-', ..] => ends_line(&rest[2..]),
        [b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'^', b'=', ..]
        | [b'*', b'*', b'=', ..]
        | [b'?', b'?', b'=', ..]
        | [b'|', b'|', b'=', ..]
        | [b'&', b'&', b'=', ..] => true,
        _ => false,
    }
}

/// Only blanks, perhaps a `;`, up to the end of the line.
fn ends_line(rest: &[u8]) -> bool {
    let rest = &rest[blanks(rest)..];
    matches!(rest.first(), None | Some(b'\n' | b';'))
}

fn identifier(text: &[u8]) -> &[u8] {
    let length = text.iter().position(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')));
    &text[..length.unwrap_or(text.len())]
}

/// The blanks that split Redis words, without the newline.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// How many blanks `text` begins with.
pub(super) fn blanks(text: &[u8]) -> usize {
    text.iter().position(|&byte| !is_blank(byte)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_decides() {
        for (line, kind) in [
            ("db.users.find()", Kind::Doc),
            ("db[\"users\"].find()", Kind::Doc),
            ("db", Kind::Doc),
            ("dbsize", Kind::Kv),
            ("show dbs", Kind::Doc),
            ("SHOW INDEXES", Kind::Graph),
            ("show constraints", Kind::Graph),
            ("use shop", Kind::Doc),
            ("it", Kind::Doc),
            ("it works", Kind::Kv),
            ("match (n) return n", Kind::Graph),
            ("MATCH(n) RETURN n", Kind::Graph),
            ("CALL db.labels()", Kind::Graph),
            ("SET n.x = 1", Kind::Kv),
            ("begin", Kind::Transaction),
            ("let x = 1", Kind::Let),
            ("const changes = db.products.watch([])", Kind::Let),
            ("let us begin", Kind::Let),
            (":param a => 1", Kind::Directive),
            ("help HSET", Kind::Directive),
            ("exit", Kind::Directive),
            ("quit()", Kind::Directive),
            ("EXPLAIN db.users.find()", Kind::Doc),
            ("PROFILE MATCH (n) RETURN n", Kind::Graph),
            ("explain GET a", Kind::Kv),
            ("changeStream.on(\"change\", (c) => {", Kind::Script),
            ("print(alice)", Kind::Script),
            ("alice._id", Kind::Script),
            ("JSON.SET doc $ 1", Kind::Kv),
            ("function f() {", Kind::Script),
            ("{ a: 1 }", Kind::Script),
            ("Find all students", Kind::Kv),
            ("SELECT * FROM users", Kind::Kv),
            ("\u{e9}t\u{e9} 1", Kind::Kv),
            ("", Kind::Kv),
        ] {
            assert_eq!(classify(line.as_bytes()).kind, kind, "{line}");
        }
    }

    #[test]
    fn a_prefix_is_told_from_its_statement() {
        let opener = classify(b"EXPLAIN  GET a");
        assert_eq!((opener.prefix, opener.body), (Some(Prefix::Explain), 9));
    }
}
