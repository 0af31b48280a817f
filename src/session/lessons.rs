//! What to say about words that nobody knows: the nearest names of all three languages, and a lesson
//! where one fits.

use crate::lang::{kv, registry};
use crate::text::{Diagnostic, Model, Span};

/// Points at what the message names, and adds a hint to the errors that call for one.
pub(super) fn teach(error: Diagnostic, text: &[u8]) -> Diagnostic {
    let error = client_call(point_at_operator(error, text), text);
    if error.hint.is_some() {
        return error;
    }
    let unknown = error.model == Model::Kv && error.message.starts_with("ERR unknown command");
    if error.model == Model::Kv && !unknown && error.code == "ERR" && holds_comment(text) {
        return error.hint("a comment behind a command begins with two blanks and #, any other stands on its own line");
    }
    if error.model == Model::Kv && error.code == "WRONGTYPE" {
        return error
            .hint("TYPE key says what the key holds, and each type has commands of its own; DEL key frees the name");
    }
    if error.model == Model::Graph
        && let Some(span) = error.span
        && text.get(..span.start).is_some_and(|before| before.trim_ascii_end().len() < before.len())
        && span.slice(std::str::from_utf8(text).unwrap_or_default()).eq_ignore_ascii_case("SET")
    {
        return error.hint("a line that begins with SET belongs to the graph statement above it; end that one with ;");
    }
    let text = String::from_utf8_lossy(text.get(..text.len().min(512)).unwrap_or_default());
    let hint = lesson(&text).map(str::to_owned).or_else(|| if unknown { nearest(&text) } else { None });
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Moves the mark of a document error from the method to the operator that the message names, where the
/// statement holds that word once: the engine has values, not spans.
fn point_at_operator(error: Diagnostic, text: &[u8]) -> Diagnostic {
    let Ok(text) = std::str::from_utf8(text) else { return error };
    if error.model != Model::Doc {
        return error;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let named = error.message.match_indices('$').filter_map(|(start, _)| {
        let word = error.message.get(start + 1..)?;
        let length = word.find(|c| !is_word(c)).unwrap_or(word.len());
        error.message.get(start..start + 1 + length).filter(|_| length > 0)
    });
    for operator in named {
        let mut places = text
            .match_indices(operator)
            .filter(|(start, _)| text.get(start + operator.len()..).is_none_or(|after| !after.starts_with(is_word)));
        if let (Some((start, _)), None) = (places.next(), places.next()) {
            let span = Span::new(start, start + operator.len());
            return error.at(span);
        }
    }
    error
}

/// What a program calls, `r.set("a", 1)`, is taken for a document expression: the lesson names the command.
fn client_call(error: Diagnostic, text: &[u8]) -> Diagnostic {
    let called = || {
        let text = std::str::from_utf8(text).ok()?.trim_start();
        let text = text.strip_prefix("await ").unwrap_or(text);
        let (object, call) = text.split_once('(')?.0.split_once('.')?;
        let command = registry::kv_command(call.as_bytes())?;
        error.message.strip_suffix(" is not defined").filter(|missing| *missing == object).map(|_| command)
    };
    match called() {
        Some(command) => error.hint(format!("a program calls this so; the command is {}", command.syntax)),
        None => error,
    }
}

/// Whether a command has a bare word among its arguments that begins a comment elsewhere.
fn holds_comment(text: &[u8]) -> bool {
    let words = kv::words(text).unwrap_or_default();
    words.iter().skip(1).any(|word| !word.quoted && matches!(word.bytes.as_slice(), b"#" | b"//" | b"--"))
}

/// Lessons for texts of other tools.
fn lesson(text: &str) -> Option<&'static str> {
    let upper = text.to_uppercase();
    let mut words = upper.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    Some(match (first, second) {
        ("SELECT", second) if second.parse::<i64>().is_err() && upper.contains("FROM") => {
            "there is no SQL here; the document form is db.users.find({ age: { $gt: 30 } }), the graph form MATCH (u:User) WHERE u.age > 30 RETURN u;"
        }
        ("INSERT", "INTO") => "there is no SQL here; the document form is db.users.insertOne({ name: \"Alice\" })",
        ("UPDATE", _) if upper.contains(" SET ") => {
            "there is no SQL here; the document form is db.users.updateOne({ _id: 1 }, { $set: { name: \"Bob\" } })"
        }
        ("DELETE", "FROM") => "there is no SQL here; the document form is db.users.deleteMany({ age: { $lt: 18 } })",
        ("CREATE" | "DROP" | "ALTER", "TABLE") => {
            "there are no tables here: a collection is made by its first document, db.users.insertOne({ … }), and removed by db.users.drop()"
        }
        ("GO" | "PRAGMA" | "DESCRIBE" | "DESC", _) => {
            "there is no SQL here; `show collections` lists what is in the database"
        }
        ("(INTEGER)" | "(NIL)" | "OK" | "(ERROR)", _) => "this is an answer of redis-cli, not a statement",
        (first, _) if first.ends_with(')') && first.trim_end_matches(')').parse::<u32>().is_ok() => {
            "this is an answer of redis-cli, not a statement"
        }
        ("START", _) => "a graph statement begins with MATCH: MATCH (n) WHERE id(n) = 1 RETURN n;",
        ("USING", "PERIODIC") => {
            "leave USING PERIODIC COMMIT out; CALL (row) { … } IN TRANSACTIONS OF 500 ROWS takes its place"
        }
        ("GRANT" | "REVOKE" | "DENY", _) => "there are no users and roles here: a database is a file",
        ("TERMINATE", _) => "one process works on a file; Ctrl-C stops its statement",
        ("DETACH" | "DELETE" | "REMOVE" | "WHERE", _) => {
            "a graph statement begins with a clause that finds something: MATCH (n:Person) … DELETE n;"
        }
        ("$" | "MONGOSH", _) => "this looks like a copied prompt; leave it out",
        (first, _) if first.ends_with('>') => "this looks like a copied prompt; leave it out",
        ("REDIS-CLI" | "VALKEY-CLI", _) => {
            "statements are typed without the name of a program: leave out redis-cli and its options"
        }
        ("IMPORT" | "DOCKER" | "SUDO" | "APT" | "BREW" | "NPM" | "PIP" | "POETRY", _) => {
            "this is for a program or the system's shell; nothing has to be installed or imported here"
        }
        ("--", _) => "a comment begins with # or //",
        (first, second) if first.parse::<u32>().is_ok() && registry::kv_command(second.as_bytes()).is_some() => {
            "a number that repeats a command is understood by redis-cli only; write the command as often as it shall run"
        }
        _ => return None,
    })
}

fn nearest(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    if let Some(reason) = registry::absent(first) {
        return Some(reason.to_owned());
    }
    let names = registry::nearest(first, 3);
    Some(if names.is_empty() {
        "statements begin with a Redis command, with db. (documents) or with a clause such as MATCH (graph); `help` lists them".to_owned()
    } else {
        let names: Vec<String> = names.into_iter().map(usage).collect();
        format!("did you mean {}?", names.join(" or "))
    })
}

/// A name as it is written in a statement.
fn usage(name: &str) -> String {
    match registry::find(name).first() {
        Some(entry) if entry.model == Model::Doc && entry.kind == registry::Kind::Method => {
            format!("db.collection.{name}(…)")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_gets_a_lesson() {
        for text in [
            "SELECT * FROM users",
            "insert into t values (1)",
            "update t set a = 1",
            "CREATE TABLE t (a int)",
            "1) \"a\"",
        ] {
            let error = teach(Diagnostic::new(Model::Kv, "ERR", "ERR unknown command 'x'"), text.as_bytes());
            assert!(error.hint.is_some_and(|hint| hint.contains("here") || hint.contains("redis-cli")), "{text}");
        }
    }
}
