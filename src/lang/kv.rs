//! Redis commands: words, split exactly as `redis-cli` splits a line.
//!
//! Words stand between blanks. `"…"` knows `\n \r \t \b \a \xHH`, any other `\c` is `c`; `'…'` is
//! literal except `\'`; outside quotes a backslash means nothing. A quote may open inside a word, but
//! one that closes must be followed by a blank or the end. Where the statement ends, and what is
//! comment, the scanner has already decided.

use crate::ast::kv::Command;
use crate::text::{Diagnostic, Model, Span};
use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_till1, take_while, take_while_m_n};
use nom::combinator::{map, map_opt, value, verify};
use nom::multi::fold_many0;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What it means: quotes and escapes resolved.
    pub bytes: Vec<u8>,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether any of it stood in quotes.
    pub quoted: bool,
}

/// A command from its text.
///
/// # Errors
/// A quote that does not close, or that is not followed by a blank; a text without a word.
pub fn parse(text: impl AsRef<[u8]>) -> Result<Command, Diagnostic> {
    let text = text.as_ref();
    // Most commands quote nothing: their words are what stands between blanks.
    if memchr::memchr3(b'"', b'\'', 0, text).is_none() && memchr::memchr2(0x0b, 0x0c, text).is_none() {
        let mut words = text.split(|&byte| is_blank(byte)).filter(|word| !word.is_empty());
        if let Some(name) = words.next() {
            let mut args = Vec::with_capacity(4);
            args.extend(words.map(<[u8]>::to_vec));
            return Ok(Command { name: name.to_vec(), args });
        }
    }
    command(words(text)?)
}

/// A command from its words.
pub fn command(words: Vec<Word>) -> Result<Command, Diagnostic> {
    let mut words = words.into_iter().map(|word| word.bytes);
    match words.next() {
        Some(name) => Ok(Command { name, args: words.collect() }),
        None => Err(Diagnostic::new(Model::Kv, "ERR", "ERR there is no command here")),
    }
}

/// The words of a line.
pub fn words(text: &[u8]) -> Result<Vec<Word>, Diagnostic> {
    let mut words = Vec::new();
    let mut rest = skip_blanks(text);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let mut word = Word { bytes: Vec::new(), span: Span::new(start, start), quoted: false };
        while let Some(&next) = rest.first() {
            if is_blank(next) {
                break;
            }
            if next == 0 {
                let at = text.len() - rest.len();
                return Err(invalid(Span::new(at, at + 1), "a NUL byte is written \\x00 inside double quotes"));
            }
            if next != b'"' && next != b'\'' {
                let (after, plain) = plain(rest).map_err(|_| invalid(Span::new(start, text.len()), "no word"))?;
                word.bytes.extend_from_slice(plain);
                rest = after;
                continue;
            }
            let open = text.len() - rest.len();
            let parsed = if next == b'"' { double_quoted(rest) } else { single_quoted(rest) };
            let Ok((after, part)) = parsed else {
                return Err(invalid(Span::new(open, text.len()), "the quote that opens here is not closed"));
            };
            if after.first().is_some_and(|&byte| !byte.is_ascii_whitespace() && byte != 0x0b) {
                let at = text.len() - after.len();
                return Err(invalid(Span::new(at - 1, at), "a closing quote must be followed by a blank"));
            }
            word.bytes.extend(part);
            word.quoted = true;
            rest = after;
            break;
        }
        word.span.end = text.len() - rest.len();
        words.push(word);
        rest = skip_blanks(rest);
    }
    Ok(words)
}

fn invalid(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Model::Kv, "ERR", "Invalid argument(s)").at(span).hint(why)
}

/// What ends a bare word.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Between words a few more bytes count as blank.
fn skip_blanks(text: &[u8]) -> &[u8] {
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte == 0x0b;
    let skipped: IResult<&[u8], &[u8]> = take_while(blank).parse(text);
    skipped.map_or(text, |(rest, _)| rest)
}

/// Bytes up to a blank or a quote.
fn plain(text: &[u8]) -> IResult<&[u8], &[u8]> {
    take_till1(|byte| is_blank(byte) || matches!(byte, b'"' | b'\'' | 0)).parse(text)
}

/// `"…"` with its escapes.
fn double_quoted(text: &[u8]) -> IResult<&[u8], Vec<u8>> {
    terminated(preceded(tag(&b"\""[..]), fold_many0(double_quoted_byte, Vec::new, push)), tag(&b"\""[..])).parse(text)
}

fn double_quoted_byte(text: &[u8]) -> IResult<&[u8], u8> {
    alt((preceded(tag(&b"\\"[..]), escape), verify(one_byte, |&byte| byte != b'"' && byte != b'\\'))).parse(text)
}

/// What follows a backslash inside `"…"`.
fn escape(text: &[u8]) -> IResult<&[u8], u8> {
    let hexadecimal = map_opt(
        preceded(tag(&b"x"[..]), take_while_m_n(2, 2, |byte: u8| byte.is_ascii_hexdigit())),
        |digits: &[u8]| std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()),
    );
    alt((
        hexadecimal,
        value(b'\n', tag(&b"n"[..])),
        value(b'\r', tag(&b"r"[..])),
        value(b'\t', tag(&b"t"[..])),
        value(0x08, tag(&b"b"[..])),
        value(0x07, tag(&b"a"[..])),
        one_byte,
    ))
    .parse(text)
}

/// `'…'`, in which only `\'` is an escape.
fn single_quoted(text: &[u8]) -> IResult<&[u8], Vec<u8>> {
    let byte = alt((value(b'\'', tag(&b"\\'"[..])), verify(one_byte, |&byte| byte != b'\'')));
    terminated(preceded(tag(&b"'"[..]), fold_many0(byte, Vec::new, push)), tag(&b"'"[..])).parse(text)
}

fn one_byte(text: &[u8]) -> IResult<&[u8], u8> {
    map(take(1usize), |bytes: &[u8]| bytes.first().copied().unwrap_or_default()).parse(text)
}

fn push(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &[u8]) -> Option<Vec<Vec<u8>>> {
        let split = words(text).ok().map(|words| words.into_iter().map(|word| word.bytes).collect::<Vec<_>>());
        let parsed = parse(text).ok().map(|command| [vec![command.name], command.args].concat());
        assert_eq!(parsed.unwrap_or_default(), split.clone().unwrap_or_default(), "{}", String::from_utf8_lossy(text));
        split
    }

    #[test]
    fn words_are_split_as_redis_cli_splits_them() {
        /// A line and its words, or none if it is refused.
        type Case = (&'static [u8], Option<&'static [&'static [u8]]>);
        let cases: &[Case] = &[
            (b"SET k v", Some(&[b"SET", b"k", b"v"])),
            (b"  SET\tk  \r\n", Some(&[b"SET", b"k"])),
            (b"", Some(&[])),
            (br#"SET k "a b""#, Some(&[b"SET", b"k", b"a b"])),
            (br#""\xZZ\q\x41\n\t\b\a\r\"\\""#, Some(&[b"xZZqA\n\t\x08\x07\r\"\\"])),
            (br"'a\'b\n'", Some(&[br"a'b\n"])),
            (br"a\x41", Some(&[br"a\x41"])),
            (br#"a\x41"q""#, Some(&[br"a\x41q"])),
            (b"a'b c'", Some(&[b"ab c"])),
            (b"'' \"\"", Some(&[b"", b""])),
            (b"a # ; ( b;c", Some(&[b"a", b"#", b";", b"(", b"b;c"])),
            (b"\"a\"b", None),
            (b"'a'\"b\"", None),
            (b"\"a", None),
            (b"'a", None),
            (b"\"a\\", None),
            (b"\"\\x4\"", Some(&[b"x4"])),
            (b"\xff\xfe \"\\xff\"", Some(&[b"\xff\xfe", b"\xff"])),
            (b"a\0b", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|words| words.iter().map(|word| word.to_vec()).collect::<Vec<_>>());
            assert_eq!(split(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn words_and_errors_say_where_they_are() {
        let found = words(br#"SET key "a b""#).unwrap();
        assert_eq!(
            found.iter().map(|word| word.span).collect::<Vec<_>>(),
            [Span::new(0, 3), Span::new(4, 7), Span::new(8, 13)]
        );
        assert_eq!(words(b"SET k \"abc").unwrap_err().span, Some(Span::new(6, 10)));
        assert_eq!(words(b"SET k \"a\"b").unwrap_err().span, Some(Span::new(8, 9)));
        assert!(parse(" ").is_err());
    }
}
