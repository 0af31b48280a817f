//! The words of mongosh's literals: blanks and comments, names, strings, numbers, regular expressions,
//! and the balanced source of functions.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_until, take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{opt, recognize, value};
use nom::error::{ErrorKind, ParseError};
use nom::multi::many0_count;
use nom::sequence::pair;
use nom::{IResult, Parser};

/// What went wrong, at a distance from the end of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Bytes from the place to the end of the text.
    pub rest: usize,
    /// Bytes that are wrong.
    pub length: usize,
    /// `SyntaxError`, `BSONError` …
    pub class: &'static str,
    /// One sentence; empty if a plain combinator failed.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl ParseError<&str> for Problem {
    fn from_error_kind(input: &str, _kind: ErrorKind) -> Self {
        Problem { rest: input.len(), length: 0, class: "SyntaxError", message: String::new(), hint: None }
    }

    fn append(_input: &str, _kind: ErrorKind, other: Self) -> Self {
        other
    }
}

/// The result of a parser here.
pub type Parsed<'a, T> = IResult<&'a str, T, Problem>;

/// A failure that no alternative can mend.
pub fn fail<'a, T>(at: &'a str, length: usize, message: impl Into<String>) -> Parsed<'a, T> {
    Err(nom::Err::Failure(Problem {
        rest: at.len(),
        length,
        class: "SyntaxError",
        message: message.into(),
        hint: None,
    }))
}

/// A failure that says what was expected and what stands there.
pub fn expected<'a, T>(at: &'a str, what: &str) -> Parsed<'a, T> {
    let found: String = at.chars().take_while(|letter| !letter.is_whitespace()).take(20).collect();
    let length = found.chars().next().map_or(0, char::len_utf8);
    let seen = if at.is_empty() {
        "the end of the statement".to_owned()
    } else if found.is_empty() {
        "a blank".to_owned()
    } else {
        format!("`{}`", first_word(&found))
    };
    fail(at, length, format!("expected {what}, found {seen}"))
}

fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| !is_name_part(letter)).unwrap_or(text.len());
    if end == 0 { text.get(..text.chars().next().map_or(0, char::len_utf8)).unwrap_or("") } else { &text[..end] }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}'
}

/// Skips blanks, `//` and `/* */` comments, and lines that begin with `#`.
pub fn trivia(input: &str) -> Parsed<'_, ()> {
    let mut rest = input;
    loop {
        let (after, blank) = take_while(is_blank).parse(rest)?;
        let after = if blank.contains('\n') && after.starts_with('#') {
            let (after, _) = take_till(|letter| letter == '\n').parse(after)?;
            after
        } else if after.starts_with("//") {
            let (after, _) = take_till(|letter| letter == '\n').parse(after)?;
            after
        } else if after.starts_with("/*") {
            match pair(take_until::<_, _, Problem>("*/"), tag("*/")).parse(after) {
                Ok((after, _)) => after,
                Err(_) => return fail(after, 2, "this comment is not closed: expected `*/`"),
            }
        } else {
            after
        };
        if after.len() == rest.len() {
            return Ok((rest, ()));
        }
        rest = after;
    }
}

/// Whether a name may begin with this letter.
pub fn is_name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || letter == '$'
}

/// Whether a name may go on with this letter.
pub fn is_name_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// A JavaScript name.
pub fn name(input: &str) -> Parsed<'_, &str> {
    recognize(pair(satisfy(is_name_start), take_while(is_name_part))).parse(input)
}

/// A string in single or double quotes, with JavaScript's escapes.
pub fn string(input: &str) -> Parsed<'_, String> {
    let (body, quote) = satisfy(|letter| matches!(letter, '"' | '\'')).parse(input)?;
    let mut text = String::new();
    let mut rest = body;
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            None => return fail(input, 1, format!("this string is not closed: expected {quote}")),
            Some(letter) if letter == quote => return Ok((letters.as_str(), text)),
            Some('\n' | '\r') => {
                return fail(input, 1, format!("this string is not closed on its line: expected {quote}"));
            }
            Some('\\') => {
                let (after, letter) = escape(letters.as_str())?;
                text.extend(letter);
                rest = after;
            }
            Some(letter) => {
                text.push(letter);
                rest = letters.as_str();
            }
        }
    }
}

/// The text of a template up to its end (then the flag is set) or up to a value: behind `` ` `` or `${`.
/// `start` is where the template begins.
pub fn template_text<'a>(start: &'a str, input: &'a str) -> Parsed<'a, (String, bool)> {
    let mut text = String::new();
    let mut rest = input;
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            None => return fail(start, 1, "this template is not closed: expected `"),
            Some('`') => return Ok((letters.as_str(), (text, true))),
            Some('$') if letters.as_str().starts_with('{') => return Ok((&rest[2..], (text, false))),
            Some('\\') => {
                let (after, letter) = escape(letters.as_str())?;
                text.extend(letter);
                rest = after;
            }
            Some(letter) => {
                text.push(letter);
                rest = letters.as_str();
            }
        }
    }
}

/// What stands behind a backslash; `None` for a continued line.
fn escape(input: &str) -> Parsed<'_, Option<char>> {
    let mut letters = input.chars();
    let Some(letter) = letters.next() else { return expected(input, "a character after `\\`") };
    let rest = letters.as_str();
    Ok(match letter {
        'n' => (rest, Some('\n')),
        't' => (rest, Some('\t')),
        'r' => (rest, Some('\r')),
        'b' => (rest, Some('\u{8}')),
        'f' => (rest, Some('\u{c}')),
        'v' => (rest, Some('\u{b}')),
        '0' if !rest.starts_with(|next: char| next.is_ascii_digit()) => (rest, Some('\0')),
        '\r' => (rest.strip_prefix('\n').unwrap_or(rest), None),
        '\n' => (rest, None),
        'x' => {
            let (rest, code) = hex(rest, 2)?;
            (rest, char::from_u32(code))
        }
        'u' if rest.starts_with('{') => {
            let Some((digits, rest)) = rest[1..].split_once('}') else { return expected(rest, "`}`") };
            match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
                Some(letter) => (rest, Some(letter)),
                None => return fail(input, 1, "this is no Unicode code point"),
            }
        }
        'u' => {
            let (rest, high) = hex(rest, 4)?;
            if (0xd800..0xdc00).contains(&high)
                && let Some(low) = rest.strip_prefix("\\u")
                && let Ok((rest, low)) = hex(low, 4)
                && (0xdc00..0xe000).contains(&low)
            {
                (rest, char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
            } else {
                (rest, Some(char::from_u32(high).unwrap_or('\u{fffd}')))
            }
        }
        other => (rest, Some(other)),
    })
}

fn hex(input: &str, digits: usize) -> Parsed<'_, u32> {
    match input.get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(text) => Ok((&input[digits..], u32::from_str_radix(text, 16).unwrap_or(0))),
        None => fail(input, 1, format!("expected {digits} hexadecimal digits")),
    }
}

/// A number of JavaScript: decimal, hexadecimal, octal, binary, with `_` between digits; not its sign.
pub fn number(input: &str) -> Parsed<'_, f64> {
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(rest) = input.strip_prefix(prefix) {
            let (rest, digits) = take_while1(|letter: char| letter.is_digit(radix) || letter == '_').parse(rest)?;
            let value = digits
                .chars()
                .filter_map(|digit| digit.to_digit(radix))
                .fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit));
            return no_name_behind(input, rest, value);
        }
    }
    let digits = |input| take_while1(|letter: char| letter.is_ascii_digit() || letter == '_').parse(input);
    let exponent = |input| {
        recognize((
            satisfy(|letter| letter == 'e' || letter == 'E'),
            opt(satisfy(|letter| letter == '+' || letter == '-')),
            digits,
        ))
        .parse(input)
    };
    let (rest, text) = alt((
        recognize((digits, opt(pair(char('.'), opt(digits))), opt(exponent))),
        recognize((char('.'), digits, opt(exponent))),
    ))
    .parse(input)?;
    let text = text.replace('_', "");
    match text.parse::<f64>() {
        Ok(value) => no_name_behind(input, rest, value),
        Err(_) => fail(input, text.len(), "this is no number"),
    }
}

fn no_name_behind<'a>(input: &'a str, rest: &'a str, number: f64) -> Parsed<'a, f64> {
    // `5n` is JavaScript's BigInt, which mongosh sends as a long; the caller sees to it.
    if rest.starts_with(is_name_start) && !rest.starts_with('n') {
        return fail(input, input.len() - rest.len() + 1, "a name cannot stand right behind a number");
    }
    Ok((rest, number))
}

/// A regular expression `/…/flags`: pattern and flags.
pub fn regex(input: &str) -> Parsed<'_, (&str, &str)> {
    let (body, _) = char('/').parse(input)?;
    let mut in_class = false;
    let mut escaped = false;
    for (at, letter) in body.char_indices() {
        match letter {
            '\n' | '\r' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                let (rest, flags) = take_while(is_name_part).parse(&body[at + 1..])?;
                return Ok((rest, (&body[..at], flags)));
            }
            _ => {}
        }
    }
    fail(input, 1, "this regular expression is not closed: expected `/`")
}

/// Text up to the bracket that closes the one it begins with, both included; strings and comments inside
/// are skipped.
pub fn balanced(input: &str) -> Parsed<'_, &str> {
    let mut open: Vec<char> = Vec::new();
    let mut rest = input;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '"' | '\'' => {
                let (after, _) = string(rest)?;
                rest = after;
                continue;
            }
            '`' => {
                let (after, _) = recognize((
                    char('`'),
                    many0_count(alt((
                        value((), pair(char('\\'), satisfy(|_| true))),
                        value((), satisfy(|l| l != '`')),
                    ))),
                    char('`'),
                ))
                .parse(rest)?;
                rest = after;
                continue;
            }
            '/' if rest.starts_with("//") || rest.starts_with("/*") => {
                let (after, ()) = trivia(rest)?;
                rest = after;
                continue;
            }
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(letter) => return expected(rest, "the bracket that fits"),
            _ => {}
        }
        rest = &rest[letter.len_utf8()..];
        if open.is_empty() {
            return Ok((rest, &input[..input.len() - rest.len()]));
        }
    }
    fail(input, 1, "this bracket is not closed")
}
