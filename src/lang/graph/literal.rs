//! Numbers and strings, and what is wrong with them.

use nom::IResult;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n};
use nom::character::complete::{anychar, one_of};
use nom::combinator::{opt, recognize};

use super::diagnostic;
use super::token::{Kind, continues_name};
use crate::text::{Diagnostic, Span};

/// A token, or what is wrong with it.
pub(super) enum Lexed {
    Good(Kind),
    Bad(Box<Diagnostic>),
}

fn bad(detail: &'static str, message: impl Into<String>, span: Span) -> Lexed {
    Lexed::Bad(Box::new(diagnostic(detail, message, span)))
}

/// `1`, `0xff`, `0o17`, `1.5`, `.5`, `1e9`; digits may be grouped by `_`.
pub(super) fn number(text: &str, at: usize) -> IResult<&str, Lexed> {
    // Everything that looks like part of the number is read first, so that the report covers it all.
    let (after, written) = recognize((
        take_while(|c: char| c.is_ascii_digit() || c == '_'),
        opt(fraction),
        opt(exponent),
        take_while(continues_name),
    ))
    .parse(text)?;
    let span = Span::new(at, at + written.len());
    let lower = written.to_ascii_lowercase();
    let lexed = if let Some(digits) = lower.strip_prefix("0x") {
        integer(written, digits, 16, span)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        integer(written, digits, 8, span)
    } else if lower.contains(['.', 'e']) {
        float(written, &lower, span)
    } else {
        integer(written, &lower, 10, span)
    };
    Ok((after, lexed))
}

/// A point with digits behind it; `1..3` is a range.
fn fraction(text: &str) -> IResult<&str, &str> {
    recognize((
        tag("."),
        take_while_m_n(1, usize::MAX, |c: char| c.is_ascii_digit()),
        take_while(|c: char| c.is_ascii_digit() || c == '_'),
    ))
    .parse(text)
}

fn exponent(text: &str) -> IResult<&str, &str> {
    recognize((tag_no_case("e"), opt(one_of("+-")), take_while_m_n(1, usize::MAX, |c: char| c.is_ascii_digit())))
        .parse(text)
}

fn invalid(written: &str, span: Span) -> Lexed {
    bad("InvalidNumberLiteral", format!("`{written}` is not a number"), span)
}

fn ungrouped(digits: &str) -> Option<String> {
    let well_grouped = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    well_grouped.then(|| digits.replace('_', ""))
}

fn integer(written: &str, digits: &str, radix: u32, span: Span) -> Lexed {
    let Some(digits) =
        ungrouped(digits).filter(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)))
    else {
        return invalid(written, span);
    };
    match u64::from_str_radix(&digits, radix) {
        Ok(number) if number <= i64::MIN.unsigned_abs() => Lexed::Good(Kind::Int(number)),
        _ => Lexed::Bad(Box::new(too_large(written, span))),
    }
}

/// An integer that needs more than 64 bits.
pub(super) fn too_large(written: &str, span: Span) -> Diagnostic {
    diagnostic("IntegerOverflow", format!("the integer {written} is too large: integers have 64 bits"), span)
        .hint("write it as a float, such as 1e19, or as a string")
}

fn float(written: &str, lower: &str, span: Span) -> Lexed {
    match ungrouped(lower).and_then(|digits| digits.parse::<f64>().ok()) {
        None => invalid(written, span),
        Some(number) if number.is_infinite() => bad(
            "FloatingPointOverflow",
            format!("the float {written} is too large: the largest is about 1.8e308"),
            span,
        ),
        Some(number) => Lexed::Good(Kind::Float(number)),
    }
}

/// A string in single or double quotes.
pub(super) fn string(text: &str, at: usize) -> IResult<&str, Kind> {
    let (mut rest, quote) = anychar(text)?;
    let mut content = String::new();
    loop {
        let (after, part) = take_while(|c| c != quote && c != '\\')(rest)?;
        content.push_str(part);
        let here = at + (text.len() - after.len());
        if after.is_empty() {
            return Ok(("", Kind::Bad(unclosed("string", &quote.to_string(), at))));
        }
        if let Some(after) = after.strip_prefix(quote) {
            return Ok((after, Kind::String(content)));
        }
        match escape(after) {
            Ok((after, c)) => {
                content.push(c);
                rest = after;
            }
            Err(_) => return Ok((after, Kind::Bad(Box::new(bad_escape(after, here))))),
        }
    }
}

/// `\n`, `\'`, `\u00e9`, `\U0001f600`; two `\u` may form a surrogate pair.
fn escape(text: &str) -> IResult<&str, char> {
    let failed = || nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Escaped));
    let (rest, _) = tag("\\")(text)?;
    let (rest, letter) = anychar(rest)?;
    let plain = match letter {
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '\\' | '\'' | '"' | '`' => Some(letter),
        _ => None,
    };
    if let Some(c) = plain {
        return Ok((rest, c));
    }
    let (rest, code) = match letter {
        'u' => hex(4)(rest)?,
        'U' => hex(8)(rest)?,
        _ => return Err(failed()),
    };
    if letter == 'u' && (0xd800..0xdc00).contains(&code) {
        let (rest, (_, low)) = (alt((tag("\\u"), tag("\\u"))), hex(4)).parse(rest)?;
        let pair = char::decode_utf16([code as u16, low as u16]).next().and_then(Result::ok);
        return pair.map(|c| (rest, c)).ok_or_else(failed);
    }
    char::from_u32(code).map(|c| (rest, c)).ok_or_else(failed)
}

fn hex<'t>(digits: usize) -> impl Fn(&'t str) -> IResult<&'t str, u32> {
    move |text| {
        let (rest, written) = take_while_m_n(digits, digits, |c: char| c.is_ascii_hexdigit())(text)?;
        let code = u32::from_str_radix(written, 16)
            .map_err(|_| nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::HexDigit)))?;
        Ok((rest, code))
    }
}

fn bad_escape(text: &str, at: usize) -> Diagnostic {
    let letter = text.chars().nth(1).unwrap_or(' ');
    let span = Span::new(at, at + 1 + if text.len() > 1 { letter.len_utf8() } else { 0 });
    match letter {
        'u' | 'U' => diagnostic(
            "InvalidUnicodeLiteral",
            "this is no character: `\\u` wants four hexadecimal digits, `\\U` eight",
            span,
        ),
        _ => diagnostic("UnexpectedSyntax", format!("`\\{letter}` is no escape in a string"), span)
            .hint("write `\\\\` for a backslash; known escapes: \\n \\t \\r \\b \\f \\' \\\" \\\\ \\uXXXX"),
    }
}

/// A string or name whose end is missing.
pub(super) fn unclosed(what: &str, quote: &str, at: usize) -> Box<Diagnostic> {
    let message = format!("this {what} is not closed");
    Box::new(diagnostic("UnexpectedSyntax", message, Span::new(at, at + 1)).hint(format!("add the missing {quote}")))
}

/// A character that begins no token, and its length in bytes.
pub(super) fn unknown_character(text: &str, at: usize) -> (Kind, usize) {
    let c = text.chars().next().unwrap_or(' ');
    let span = Span::new(at, at + c.len_utf8());
    let problem = if c.is_ascii() {
        diagnostic("UnexpectedSyntax", format!("`{}` has no meaning here", c.escape_default()), span)
    } else {
        let problem =
            diagnostic("InvalidUnicodeCharacter", format!("`{c}` (U+{:04X}) has no meaning here", u32::from(c)), span);
        match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
                problem.hint("write a plain hyphen: -")
            }
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => problem.hint("write plain quotes: ' or \""),
            _ => problem,
        }
    };
    (Kind::Bad(Box::new(problem)), c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        super::super::token::tokens(text).swap_remove(0).kind
    }

    fn detail(text: &str) -> String {
        match kind(text) {
            Kind::Bad(diagnostic) => diagnostic.detail.unwrap_or_default(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(kind("0x1F"), Kind::Int(31));
        assert_eq!(kind("0o17"), Kind::Int(15));
        assert_eq!(kind("1_000"), Kind::Int(1000));
        assert_eq!(kind("9223372036854775808"), Kind::Int(1 << 63));
        assert_eq!(kind("123456789e300"), Kind::Float(123456789e300));
        for (text, expected) in [
            ("9223372036854775809", "IntegerOverflow"),
            ("0x", "InvalidNumberLiteral"),
            ("0x1G", "InvalidNumberLiteral"),
            ("12ab", "InvalidNumberLiteral"),
            ("1.5.x", "Float(1.5)"),
            ("1e", "InvalidNumberLiteral"),
            ("1.34E999", "FloatingPointOverflow"),
        ] {
            assert_eq!(detail(text), expected, "{text}");
        }
    }

    #[test]
    fn strings() {
        assert_eq!(kind(r#"'a\'b\\\n\u00e9"'"#), Kind::String("a'b\\\né\"".into()));
        assert_eq!(kind(r"'\uD83D\uDE00\U0001F600'"), Kind::String("😀😀".into()));
        for (text, expected) in [
            (r"'\uH'", "InvalidUnicodeLiteral"),
            (r"'\uD83D'", "InvalidUnicodeLiteral"),
            (r"'\d'", "UnexpectedSyntax"),
            ("'abc", "UnexpectedSyntax"),
        ] {
            assert_eq!(detail(text), expected, "{text}");
        }
        assert_eq!(detail("—"), "InvalidUnicodeCharacter");
    }
}
