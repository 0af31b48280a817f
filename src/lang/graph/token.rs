//! Words, numbers, strings and signs of a graph statement (openCypher 9, "Lexical elements").

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while1};
use nom::character::complete::satisfy;
use nom::combinator::{opt, recognize, value};
use nom::{IResult, Parser};

use super::literal::{self, Lexed};
use crate::text::{Diagnostic, Span};

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// For an opening bracket: the index of the token that closes it.
    pub(super) closer: Option<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A name or keyword without backticks.
    Word(String),
    /// A name in backticks.
    Quoted(String),
    /// An integer without its sign, at most 2^63.
    Int(u64),
    Float(f64),
    String(String),
    /// `$name`
    Parameter(String),
    /// A sign of one or two characters.
    Sign(&'static str),
    /// What is no token; nothing follows it but [`Kind::End`].
    Bad(Box<Diagnostic>),
    End,
}

/// Two characters before one: the longest sign wins.
const SIGNS: [&str; 31] = [
    "..", "::", "<=", ">=", "<>", "=~", "+=", "||", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "=", "<", ">",
    "+", "-", "*", "/", "%", "^", "|", "&", "!", "?",
];

/// All tokens of a text, with an [`Kind::End`] behind them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 3 + 1);
    let mut rest = text;
    loop {
        rest = blank(rest);
        if rest.is_empty() {
            break;
        }
        let at = text.len() - rest.len();
        match token(rest, at) {
            Ok((after, kind)) => {
                let bad = matches!(kind, Kind::Bad(_));
                tokens.push(Token { kind, span: Span::new(at, text.len() - after.len()), closer: None });
                if bad {
                    break;
                }
                rest = after;
            }
            Err(_) => {
                let (kind, length) = literal::unknown_character(rest, at);
                tokens.push(Token { kind, span: Span::new(at, at + length), closer: None });
                break;
            }
        }
    }
    tokens.push(Token { kind: Kind::End, span: Span::new(text.len(), text.len()), closer: None });
    match_brackets(&mut tokens);
    tokens
}

fn match_brackets(tokens: &mut [Token]) {
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut pairs = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Sign("(") => open.push((index, ")")),
            Kind::Sign("[") => open.push((index, "]")),
            Kind::Sign("{") => open.push((index, "}")),
            Kind::Sign(sign @ (")" | "]" | "}")) => match open.pop() {
                Some((opener, closer)) if closer == *sign => pairs.push((opener, index)),
                _ => break,
            },
            _ => {}
        }
    }
    for (opener, closer) in pairs {
        if let Some(token) = tokens.get_mut(opener) {
            token.closer = Some(closer);
        }
    }
}

/// Skips blanks and comments. An unclosed `/*` runs to the end.
fn blank(mut text: &str) -> &str {
    loop {
        let before = text.len();
        text = text.trim_start_matches(is_blank);
        if text.starts_with("//") {
            text = text.find('\n').and_then(|at| text.get(at..)).unwrap_or("");
        } else if text.starts_with("/*") {
            let comment: IResult<&str, &str> = recognize((tag("/*"), take_until("*/"), tag("*/"))).parse(text);
            text = comment.map_or("", |(rest, _)| rest);
        }
        if text.len() == before {
            return text;
        }
    }
}

/// White space of the openCypher grammar: Unicode's, and the four information separators.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c) || c == '\u{feff}'
}

fn token(text: &str, at: usize) -> IResult<&str, Kind> {
    let first = text.chars().next().unwrap_or(' ');
    let number = first.is_ascii_digit() || (first == '.' && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    if number {
        return literal::number(text, at).map(|(rest, lexed)| {
            let kind = match lexed {
                Lexed::Good(kind) => kind,
                Lexed::Bad(diagnostic) => Kind::Bad(diagnostic),
            };
            (rest, kind)
        });
    }
    match first {
        '\'' | '"' => literal::string(text, at),
        '`' => quoted(text, at),
        '$' => parameter(text, at),
        c if starts_name(c) => name(text).map(|(rest, word)| (rest, Kind::Word(word.to_owned()))),
        _ => sign(text),
    }
}

fn sign(text: &str) -> IResult<&str, Kind> {
    SIGNS
        .iter()
        .find(|sign| text.starts_with(**sign))
        .and_then(|sign| text.get(sign.len()..).map(|rest| (rest, Kind::Sign(sign))))
        .ok_or(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::OneOf)))
}

pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '\u{203f}' || c == '\u{2040}'
}

pub(super) fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_alphanumeric() || c == '$' || ('\u{300}'..='\u{36f}').contains(&c)
}

fn name(text: &str) -> IResult<&str, &str> {
    recognize((satisfy(starts_name), take_while(continues_name))).parse(text)
}

/// A name in backticks; two backticks stand for one.
fn backticked(text: &str) -> IResult<&str, String> {
    let (mut rest, _) = tag("`")(text)?;
    let mut name = String::new();
    loop {
        let (after, part) = take_while(|c| c != '`')(rest)?;
        name.push_str(part);
        let (after, _) = tag("`")(after)?;
        let (after, doubled) = opt(value('`', tag("`"))).parse(after)?;
        match doubled {
            Some(tick) => name.push(tick),
            None => return Ok((after, name)),
        }
        rest = after;
    }
}

fn quoted(text: &str, at: usize) -> IResult<&str, Kind> {
    Ok(match backticked(text) {
        Ok((rest, name)) => (rest, Kind::Quoted(name)),
        Err(_) => ("", Kind::Bad(literal::unclosed("name in backticks", "`", at))),
    })
}

fn parameter(text: &str, at: usize) -> IResult<&str, Kind> {
    let (rest, _) = tag("$")(text)?;
    if blank(rest).starts_with('(') {
        return Ok((rest, Kind::Sign("$")));
    }
    let plain = take_while1(continues_name).map(|name: &str| name.to_owned());
    match alt((plain, backticked)).parse(rest) {
        Ok((rest, name)) => Ok((rest, Kind::Parameter(name))),
        Err(_) => {
            let message = "a parameter's name must follow the `$`";
            Ok((rest, Kind::Bad(Box::new(super::diagnostic("UnexpectedSyntax", message, Span::new(at, at + 1))))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn dots_belong_to_ranges_before_numbers() {
        for (text, expected) in [
            ("1..3", vec![Kind::Int(1), Kind::Sign(".."), Kind::Int(3), Kind::End]),
            ("..3", vec![Kind::Sign(".."), Kind::Int(3), Kind::End]),
            (".5", vec![Kind::Float(0.5), Kind::End]),
            ("1.5e1", vec![Kind::Float(15.0), Kind::End]),
            ("n.a", vec![Kind::Word("n".into()), Kind::Sign("."), Kind::Word("a".into()), Kind::End]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_and_backticks() {
        assert_eq!(
            kinds("a /* b */ // c\n `d``e` $1"),
            [Kind::Word("a".into()), Kind::Quoted("d`e".into()), Kind::Parameter("1".into()), Kind::End]
        );
    }

    #[test]
    fn brackets_know_their_partners() {
        let tokens = tokens("([{}])");
        assert_eq!(
            tokens.iter().map(|token| token.closer).collect::<Vec<_>>(),
            [Some(5), Some(4), Some(3), None, None, None, None]
        );
    }
}
