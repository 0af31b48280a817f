//! JSON to Lua values.

use super::super::raise::error;
use super::Settings;
use mlua::{Lua, Value};

/// Why a text cannot be read.
#[derive(Debug)]
pub enum Trouble {
    /// In lua-cjson's words.
    Malformed(String),
    /// Lua has no memory left.
    Lua(mlua::Error),
}

impl From<mlua::Error> for Trouble {
    fn from(error: mlua::Error) -> Self {
        Trouble::Lua(error)
    }
}

impl Trouble {
    pub fn raise(self, lua: &Lua) -> mlua::Error {
        match self {
            Trouble::Malformed(why) => error(lua, why),
            Trouble::Lua(error) => error,
        }
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    String(Vec<u8>),
    Number(f64),
    Boolean(bool),
    Null,
    Colon,
    Comma,
    End,
    Wrong(&'static str),
}

impl Token {
    /// What lua-cjson calls it.
    fn name(&self) -> &'static str {
        match self {
            Token::ObjectBegin => "T_OBJ_BEGIN",
            Token::ObjectEnd => "T_OBJ_END",
            Token::ArrayBegin => "T_ARR_BEGIN",
            Token::ArrayEnd => "T_ARR_END",
            Token::String(_) => "T_STRING",
            Token::Number(_) => "T_NUMBER",
            Token::Boolean(_) => "T_BOOLEAN",
            Token::Null => "T_NULL",
            Token::Colon => "T_COLON",
            Token::Comma => "T_COMMA",
            Token::End => "T_END",
            Token::Wrong(why) => why,
        }
    }
}

struct Reader<'r> {
    lua: &'r Lua,
    text: &'r [u8],
    at: usize,
    settings: &'r Settings,
    depth: i64,
}

/// The value of a whole JSON text; null is `cjson.null`.
pub fn decode(lua: &Lua, text: &[u8], settings: &Settings) -> Result<Value, Trouble> {
    if let [first, second, ..] = text
        && (*first == 0 || *second == 0)
    {
        return Err(Trouble::Malformed("JSON parser does not support UTF-16 or UTF-32".to_owned()));
    }
    let mut reader = Reader { lua, text, at: 0, settings, depth: 0 };
    let (token, place) = reader.next();
    let value = reader.value(token, place)?;
    match reader.next() {
        (Token::End, _) => Ok(value),
        (found, place) => unexpected("the end", &found, place),
    }
}

fn unexpected<T>(expected: &str, found: &Token, place: usize) -> Result<T, Trouble> {
    Err(Trouble::Malformed(format!("Expected {expected} but found {} at character {}", found.name(), place + 1)))
}

impl Reader<'_> {
    fn value(&mut self, token: Token, place: usize) -> Result<Value, Trouble> {
        Ok(match token {
            Token::String(bytes) => Value::String(self.lua.create_string(bytes)?),
            Token::Number(number) => Value::Number(number),
            Token::Boolean(value) => Value::Boolean(value),
            Token::Null => Value::NULL,
            Token::ObjectBegin => self.object()?,
            Token::ArrayBegin => self.array()?,
            other => return unexpected("value", &other, place),
        })
    }

    fn descend(&mut self) -> Result<(), Trouble> {
        self.depth += 1;
        if self.depth > self.settings.decode_depth {
            let (depth, place) = (self.depth, self.at);
            return Err(Trouble::Malformed(format!(
                "Found too many nested data structures ({depth}) at character {place}"
            )));
        }
        Ok(())
    }

    fn object(&mut self) -> Result<Value, Trouble> {
        self.descend()?;
        let table = self.lua.create_table()?;
        let mut next = self.next();
        if next.0 != Token::ObjectEnd {
            loop {
                let key = match next {
                    (Token::String(key), _) => self.lua.create_string(key)?,
                    (found, place) => return unexpected("object key string", &found, place),
                };
                match self.next() {
                    (Token::Colon, _) => {}
                    (found, place) => return unexpected("colon", &found, place),
                }
                let (token, place) = self.next();
                table.raw_set(key, self.value(token, place)?)?;
                match self.next() {
                    (Token::ObjectEnd, _) => break,
                    (Token::Comma, _) => next = self.next(),
                    (found, place) => return unexpected("comma or object end", &found, place),
                }
            }
        }
        self.depth -= 1;
        Ok(Value::Table(table))
    }

    fn array(&mut self) -> Result<Value, Trouble> {
        self.descend()?;
        let table = self.lua.create_table()?;
        let (mut token, mut place) = self.next();
        if token != Token::ArrayEnd {
            for index in 1i64.. {
                table.raw_set(index, self.value(token, place)?)?;
                match self.next() {
                    (Token::ArrayEnd, _) => break,
                    (Token::Comma, _) => (token, place) = self.next(),
                    (found, place) => return unexpected("comma or array end", &found, place),
                }
            }
        }
        self.depth -= 1;
        Ok(Value::Table(table))
    }

    /// The next token and where it begins.
    fn next(&mut self) -> (Token, usize) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let place = self.at;
        let Some(&first) = self.text.get(place) else { return (Token::End, place) };
        let single = match first {
            b'{' => Some(Token::ObjectBegin),
            b'}' => Some(Token::ObjectEnd),
            b'[' => Some(Token::ArrayBegin),
            b']' => Some(Token::ArrayEnd),
            b':' => Some(Token::Colon),
            b',' => Some(Token::Comma),
            _ => None,
        };
        if let Some(token) = single {
            self.at += 1;
            return (token, place);
        }
        match first {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => (self.number(), place),
            _ => {
                let words =
                    [(&b"true"[..], Token::Boolean(true)), (b"false", Token::Boolean(false)), (b"null", Token::Null)];
                for (word, token) in words {
                    if self.text[place..].starts_with(word) {
                        self.at += word.len();
                        return (token, place);
                    }
                }
                if self.settings.decode_invalid && self.is_invalid_number() {
                    return (self.number(), place);
                }
                (Token::Wrong("invalid token"), place)
            }
        }
    }

    /// Whether `nan` or `inf` begins here, or a number that JSON does not have.
    fn is_invalid_number(&self) -> bool {
        let rest = &self.text[self.at..];
        let rest = rest.strip_prefix(b"+").unwrap_or(rest);
        let starts = |word: &[u8]| rest.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(word));
        starts(b"inf") || starts(b"nan") || rest.first().is_some_and(u8::is_ascii_digit)
    }

    /// As much of the text as C's `strtod` takes.
    fn number(&mut self) -> Token {
        let rest = &self.text[self.at..];
        let sign = usize::from(matches!(rest.first(), Some(b'-' | b'+')));
        let behind_sign = &rest[sign..];
        let starts = |word: &[u8]| behind_sign.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
        let is_hexadecimal = starts(b"0x");
        let is_word = starts(b"inf") || starts(b"nan");
        let has_leading_zero = matches!(behind_sign, [b'0', b'0'..=b'9', ..]);
        if !self.settings.decode_invalid && (is_hexadecimal || is_word || has_leading_zero) {
            return Token::Wrong("invalid number");
        }
        let negative = rest.first() == Some(&b'-');
        let signed = |value: f64| if negative { -value } else { value };
        if is_word {
            let is_infinity = starts(b"inf");
            self.at += sign + if starts(b"infinity") { 8 } else { 3 };
            return Token::Number(signed(if is_infinity { f64::INFINITY } else { f64::NAN }));
        }
        if is_hexadecimal {
            let digits = behind_sign[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let digits = behind_sign.get(2..2 + digits).unwrap_or_default();
            if digits.is_empty() {
                self.at += sign + 1;
                return Token::Number(signed(0.0));
            }
            self.at += sign + 2 + digits.len();
            let value = digits.iter().fold(0.0, |value, &digit| {
                value * 16.0 + f64::from(char::from(digit).to_digit(16).unwrap_or_default())
            });
            return Token::Number(signed(value));
        }
        let digits = |from: usize| behind_sign[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = digits(0);
        let mut seen = length;
        if behind_sign.get(length) == Some(&b'.') {
            let behind = digits(length + 1);
            seen += behind;
            length += 1 + behind;
        }
        if seen == 0 {
            return Token::Wrong("invalid number");
        }
        if matches!(behind_sign.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(behind_sign.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits((length + 1 + sign).min(behind_sign.len()));
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let text = std::str::from_utf8(&behind_sign[..length]).unwrap_or_default();
        self.at += sign + length;
        text.parse().map_or(Token::Wrong("invalid number"), |value| Token::Number(signed(value)))
    }

    fn string(&mut self) -> (Token, usize) {
        let mut bytes = Vec::new();
        let begin = self.at;
        self.at += 1;
        loop {
            match self.text.get(self.at) {
                None => return (Token::Wrong("unexpected end of string"), self.at),
                Some(b'"') => {
                    self.at += 1;
                    return (Token::String(bytes), begin);
                }
                Some(b'\\') => {
                    let place = self.at;
                    match self.escape() {
                        Ok(character) => {
                            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        Err(why) => return (Token::Wrong(why), place),
                    }
                }
                Some(&byte) => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let character = match self.text.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err("invalid escape code"),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, two of them for what lies beyond the basic plane.
    fn unicode(&mut self) -> Result<char, &'static str> {
        const WRONG: &str = "invalid unicode escape code";
        let digits = |at: usize| {
            let digits = self.text.get(at..at + 4)?;
            let is_hexadecimal = digits.iter().all(u8::is_ascii_hexdigit);
            u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok().filter(|_| is_hexadecimal)
        };
        let high = digits(self.at + 2).ok_or(WRONG)?;
        if !(0xD800..0xE000).contains(&high) {
            self.at += 6;
            return char::from_u32(high).ok_or(WRONG);
        }
        let low = digits(self.at + 8).filter(|low| (0xDC00..0xE000).contains(low));
        let is_escaped = self.text.get(self.at + 6..self.at + 8) == Some(b"\\u");
        let (Some(low), true, true) = (low, is_escaped, high < 0xDC00) else { return Err(WRONG) };
        self.at += 12;
        char::from_u32(0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF))).ok_or(WRONG)
    }
}
