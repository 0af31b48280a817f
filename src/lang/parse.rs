//! From a scanned statement to its meaning: the one place that calls all three parsers.

use super::scanner::{self, Kind, Prefix, Problem, SourceStatement};
use crate::ast::{Statement, TransactionControl, shell};
use crate::text::{Diagnostic, Model, Span};

/// A statement and where the text that its spans refer to begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it means.
    pub statement: Statement,
    /// The offset, in the source statement's text, of the innermost statement: behind `EXPLAIN` and
    /// `let NAME =`. Spans of the tree and of run-time errors count from here.
    pub body: usize,
}

/// Parses a scanned statement.
///
/// # Errors
/// What is wrong and where, in bytes of the whole text of `source`.
pub fn parse(source: &SourceStatement) -> Result<Parsed, Diagnostic> {
    let model = model_of(source.kind);
    match source.problem {
        Some(Problem::InvalidUtf8(at)) => {
            return Err(Diagnostic::new(model, syntax_code(model), "this is not UTF-8 text")
                .at(Span::new(at, at + 1))
                .hint("save the file as UTF-8; only Redis values may hold any bytes"));
        }
        Some(Problem::TooLong) => {
            return Err(Diagnostic::new(
                model,
                "TooLong",
                format!("a statement may not be longer than {} MiB", scanner::LONGEST_STATEMENT >> 20),
            ));
        }
        Some(Problem::Unclosed('*')) => {
            return Err(
                Diagnostic::new(model, syntax_code(model), "this comment is never closed").hint("close it with */")
            );
        }
        Some(Problem::Unclosed(_)) | None => {}
    }
    let parsed = inner(source.kind, source.prefix, &source.text, source.body);
    match (source.problem, parsed) {
        // What the parser says about an open bracket is more exact; a parser that found nothing wrong
        // must not run half a statement.
        (Some(Problem::Unclosed(sign)), Ok(_)) => {
            Err(Diagnostic::new(model, syntax_code(model), format!("a {sign} is missing"))
                .at(Span::new(source.text.len(), source.text.len())))
        }
        (_, parsed) => parsed,
    }
}

/// The model that answers for a kind of statement.
pub fn model_of(kind: Kind) -> Model {
    match kind {
        Kind::Kv => Model::Kv,
        Kind::Doc | Kind::Script => Model::Doc,
        Kind::Graph => Model::Graph,
        Kind::Transaction | Kind::Let | Kind::Directive => Model::Shell,
    }
}

fn syntax_code(model: Model) -> &'static str {
    if model == Model::Kv { "ERR" } else { "SyntaxError" }
}

fn inner(kind: Kind, prefix: Option<Prefix>, text: &[u8], body: usize) -> Result<Parsed, Diagnostic> {
    let bytes = text.get(body..).unwrap_or_default();
    let parsed = statement(kind, bytes).map_err(|error| error.shifted(body))?;
    let mut parsed = Parsed { body: parsed.body + body, ..parsed };
    if let Some(prefix) = prefix {
        let profile = prefix == Prefix::Profile;
        parsed.statement = Statement::Explain { profile, statement: Box::new(parsed.statement) };
    }
    Ok(parsed)
}

fn statement(kind: Kind, bytes: &[u8]) -> Result<Parsed, Diagnostic> {
    if kind == Kind::Kv {
        return Ok(Parsed { statement: Statement::Kv(super::kv::parse(bytes)?), body: 0 });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Diagnostic::new(model_of(kind), "SyntaxError", "this is not UTF-8 text").at(Span::new(at, at + 1))
    })?;
    let statement = match kind {
        Kind::Doc | Kind::Script => Statement::Doc(super::doc::parse(text)?),
        Kind::Graph => Statement::Graph(super::graph::parse(text)?),
        Kind::Transaction => Statement::Transaction(transaction(text)?),
        Kind::Directive => Statement::Shell(directive(text)),
        Kind::Let => return variable(text),
        Kind::Kv => Statement::Kv(super::kv::parse(bytes)?),
    };
    Ok(Parsed { statement, body: 0 })
}

fn transaction(text: &str) -> Result<TransactionControl, Diagnostic> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    if let Some(second) =
        words.find(|word| !["TRANSACTION", "WORK"].iter().any(|known| word.eq_ignore_ascii_case(known)))
    {
        return Err(Diagnostic::new(
            Model::Shell,
            "SyntaxError",
            format!("{} stands alone on its line", first.to_uppercase()),
        )
        .at(Span::of(text, second))
        .hint("put the next statement on its own line, or behind a ;"));
    }
    Ok(match first.to_ascii_uppercase().as_str() {
        "BEGIN" => TransactionControl::Begin,
        "COMMIT" => TransactionControl::Commit,
        _ => TransactionControl::Rollback,
    })
}

fn directive(text: &str) -> shell::Directive {
    let name_end = text.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let trimmed = rest.trim_start();
    let rest_start = text.len() - trimmed.len();
    let rest = if trimmed.starts_with("()") { "" } else { trimmed.trim_end() };
    shell::Directive {
        name: name.strip_prefix(':').unwrap_or(name).to_ascii_lowercase(),
        rest: rest.to_owned(),
        rest_start,
    }
}

/// `let NAME = STATEMENT`, where the statement is of another language, or a script.
fn variable(text: &str) -> Result<Parsed, Diagnostic> {
    let script = || Ok(Parsed { statement: Statement::Doc(super::doc::parse(text)?), body: 0 });
    let keyword_end = text.find(char::is_whitespace).unwrap_or(text.len());
    let rest = text[keyword_end..].trim_start();
    let name_end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
    let (name, after) = rest.split_at(name_end);
    let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else { return script() };
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || name == "db" {
        return script();
    }
    let value = value.strip_prefix("await ").map_or(value, str::trim_start);
    let body = text.len() - value.len();
    let opener = scanner::classify(value.as_bytes());
    let first_word = value[opener.body..].split_ascii_whitespace().next().unwrap_or_default();
    let is_statement = match opener.kind {
        Kind::Graph => true,
        // `show …`; what begins with `db` is a script.
        Kind::Doc => !first_word.starts_with("db"),
        Kind::Kv => scanner::is_kv_command(first_word.as_bytes()),
        _ => false,
    };
    if !is_statement && opener.prefix.is_none() {
        return script();
    }
    let parsed = inner(opener.kind, opener.prefix, value.as_bytes(), opener.body).map_err(|e| e.shifted(body))?;
    let value = Box::new(parsed.statement);
    let statement = Statement::Let(shell::Let { name: name.to_owned(), span: Span::of(text, name), value });
    Ok(Parsed { statement, body: body + parsed.body })
}
