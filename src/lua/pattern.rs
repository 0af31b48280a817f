//! Lua's patterns, matched in bounded time (lua.org/manual/5.1/manual.html#5.4.1).
//!
//! Every step is counted, so a pattern that tries without end is stopped by the script's limits.

use super::limits::Limits;

/// A pattern has at most so many captures.
const CAPTURES: usize = 32;

/// Items that wait for the rest of the pattern, one within the other.
const DEPTH: usize = 200;

/// Why a match was not even tried to its end.
#[derive(Debug)]
pub enum Trouble {
    /// The pattern is wrong, in Lua's words.
    Malformed(String),
    /// The script has to stop.
    Stopped(mlua::Error),
}

impl From<mlua::Error> for Trouble {
    fn from(error: mlua::Error) -> Self {
        Trouble::Stopped(error)
    }
}

type Matched<T = Option<usize>> = Result<T, Trouble>;

/// How far a capture has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Open,
    Position,
    Closed(usize),
}

/// What a capture caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// A part of the text.
    Part(usize, usize),
    /// A place, counted from 1.
    Place(usize),
}

/// A text being matched against a pattern.
pub struct Matcher<'m> {
    text: &'m [u8],
    pattern: &'m [u8],
    limits: &'m Limits,
    captures: Vec<(usize, Extent)>,
    depth: usize,
}

impl<'m> Matcher<'m> {
    pub fn new(text: &'m [u8], pattern: &'m [u8], limits: &'m Limits) -> Self {
        Matcher { text, pattern, limits, captures: Vec::new(), depth: 0 }
    }

    /// Matches the pattern from its byte `from` on at a place of the text; answers where the match ends.
    pub fn match_at(&mut self, start: usize, from: usize) -> Matched {
        self.captures.clear();
        self.depth = 0;
        self.run(start, from)
    }

    /// The captures of a match that ran from `start` to `end`; the whole match if there are none.
    pub fn captures(&self, start: usize, end: usize) -> Matched<Vec<Capture>> {
        if self.captures.is_empty() {
            return Ok(vec![Capture::Part(start, end)]);
        }
        (0..self.captures.len()).map(|at| self.capture(at, start, end)).collect()
    }

    /// One capture, counted from 0.
    pub fn capture(&self, at: usize, start: usize, end: usize) -> Matched<Capture> {
        match self.captures.get(at) {
            None if at == 0 => Ok(Capture::Part(start, end)),
            None => malformed("invalid capture index"),
            Some((from, Extent::Closed(length))) => Ok(Capture::Part(*from, from + length)),
            Some((from, Extent::Position)) => Ok(Capture::Place(from + 1)),
            Some((_, Extent::Open)) => malformed("unfinished capture"),
        }
    }

    fn run(&mut self, text: usize, pattern: usize) -> Matched {
        if self.depth == DEPTH {
            return malformed("pattern too complex");
        }
        self.depth += 1;
        let end = self.items(text, pattern);
        self.depth -= 1;
        end
    }

    /// Matches item after item; what may end in several ways tries the rest for each.
    fn items(&mut self, mut text: usize, mut pattern: usize) -> Matched {
        loop {
            self.limits.step()?;
            let Some(&item) = self.pattern.get(pattern) else { return Ok(Some(text)) };
            match (item, self.pattern.get(pattern + 1)) {
                (b'(', Some(b')')) => return self.open(text, pattern + 2, Extent::Position),
                (b'(', _) => return self.open(text, pattern + 1, Extent::Open),
                (b')', _) => return self.close(text, pattern + 1),
                (b'$', None) => return Ok((text == self.text.len()).then_some(text)),
                (b'%', Some(b'b')) => match self.balanced(text, pattern + 2)? {
                    Some(end) => (text, pattern) = (end, pattern + 4),
                    None => return Ok(None),
                },
                (b'%', Some(b'f')) => {
                    let set = pattern + 2;
                    if self.pattern.get(set) != Some(&b'[') {
                        return malformed("missing '[' after '%f' in pattern");
                    }
                    let end = self.class_end(set)?;
                    let before = text.checked_sub(1).and_then(|at| self.text.get(at)).copied().unwrap_or(0);
                    let after = self.text.get(text).copied().unwrap_or(0);
                    if self.in_set(before, set, end - 1) || !self.in_set(after, set, end - 1) {
                        return Ok(None);
                    }
                    pattern = end;
                }
                (b'%', Some(digit)) if digit.is_ascii_digit() => match self.again(text, *digit)? {
                    Some(end) => (text, pattern) = (end, pattern + 2),
                    None => return Ok(None),
                },
                _ => {
                    let end = self.class_end(pattern)?;
                    let fits = self.fits(text, pattern, end);
                    match self.pattern.get(end) {
                        Some(b'?') => {
                            if fits && let Some(end) = self.run(text + 1, end + 1)? {
                                return Ok(Some(end));
                            }
                            pattern = end + 1;
                        }
                        Some(b'*') => return self.most(text, pattern, end),
                        Some(b'+') => return if fits { self.most(text + 1, pattern, end) } else { Ok(None) },
                        Some(b'-') => return self.fewest(text, pattern, end),
                        _ if fits => (text, pattern) = (text + 1, end),
                        _ => return Ok(None),
                    }
                }
            }
        }
    }

    /// As many as possible of an item, then fewer.
    fn most(&mut self, text: usize, item: usize, end: usize) -> Matched {
        let mut count = 0;
        while self.fits(text + count, item, end) {
            self.limits.step()?;
            count += 1;
        }
        loop {
            if let Some(end) = self.run(text + count, end + 1)? {
                return Ok(Some(end));
            }
            match count.checked_sub(1) {
                Some(fewer) => count = fewer,
                None => return Ok(None),
            }
        }
    }

    /// As few as possible of an item, then more.
    fn fewest(&mut self, mut text: usize, item: usize, end: usize) -> Matched {
        loop {
            if let Some(end) = self.run(text, end + 1)? {
                return Ok(Some(end));
            }
            if !self.fits(text, item, end) {
                return Ok(None);
            }
            text += 1;
        }
    }

    fn open(&mut self, text: usize, pattern: usize, extent: Extent) -> Matched {
        if self.captures.len() == CAPTURES {
            return malformed("too many captures");
        }
        self.captures.push((text, extent));
        let end = self.run(text, pattern)?;
        if end.is_none() {
            self.captures.pop();
        }
        Ok(end)
    }

    fn close(&mut self, text: usize, pattern: usize) -> Matched {
        let Some(at) = self.captures.iter().rposition(|(_, extent)| *extent == Extent::Open) else {
            return malformed("invalid pattern capture");
        };
        let start = self.captures[at].0;
        self.captures[at].1 = Extent::Closed(text - start);
        let end = self.run(text, pattern)?;
        if end.is_none() {
            self.captures[at].1 = Extent::Open;
        }
        Ok(end)
    }

    /// `%bxy`: where the pair that opens here is closed.
    fn balanced(&self, text: usize, pair: usize) -> Matched {
        let (Some(&open), Some(&close)) = (self.pattern.get(pair), self.pattern.get(pair + 1)) else {
            return malformed("unbalanced pattern");
        };
        if self.text.get(text) != Some(&open) {
            return Ok(None);
        }
        let mut depth = 1;
        for (at, &byte) in self.text.iter().enumerate().skip(text + 1) {
            self.limits.step()?;
            if byte == close {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            } else if byte == open {
                depth += 1;
            }
        }
        Ok(None)
    }

    /// `%1`: what a capture caught, once more.
    fn again(&self, text: usize, digit: u8) -> Matched {
        let capture = usize::from(digit - b'0').checked_sub(1).and_then(|at| self.captures.get(at));
        let Some(&(start, Extent::Closed(length))) = capture else {
            return malformed("invalid capture index");
        };
        let caught = &self.text[start..start + length];
        Ok(self.text[text..].starts_with(caught).then_some(text + length))
    }

    /// Where a single item (a byte, `%a`, `[set]`) ends.
    fn class_end(&self, item: usize) -> Matched<usize> {
        match self.pattern.get(item) {
            Some(b'%') if item + 1 == self.pattern.len() => malformed("malformed pattern (ends with '%')"),
            Some(b'%') => Ok(item + 2),
            Some(b'[') => {
                let mut at = item + 1;
                at += usize::from(self.pattern.get(at) == Some(&b'^'));
                loop {
                    // A `]` that comes first belongs to the set.
                    let Some(&byte) = self.pattern.get(at) else {
                        return malformed("malformed pattern (missing ']')");
                    };
                    at += if byte == b'%' && at + 1 < self.pattern.len() { 2 } else { 1 };
                    if self.pattern.get(at) == Some(&b']') {
                        return Ok(at + 1);
                    }
                }
            }
            _ => Ok(item + 1),
        }
    }

    /// Whether the byte at a place of the text fits a single item.
    fn fits(&self, text: usize, item: usize, end: usize) -> bool {
        let Some(&byte) = self.text.get(text) else { return false };
        match self.pattern.get(item) {
            Some(b'.') => true,
            Some(b'%') => self.pattern.get(item + 1).is_some_and(|&class| in_class(byte, class)),
            Some(b'[') => self.in_set(byte, item, end - 1),
            Some(&wanted) => wanted == byte,
            None => false,
        }
    }

    /// Whether a byte is in the set between `[` at `open` and `]` at `close`.
    fn in_set(&self, byte: u8, open: usize, close: usize) -> bool {
        let mut at = open + 1;
        let negated = self.pattern.get(at) == Some(&b'^');
        at += usize::from(negated);
        while at < close {
            let found = match (self.pattern[at], self.pattern.get(at + 1)) {
                (b'%', Some(&class)) => {
                    at += 2;
                    in_class(byte, class)
                }
                (first, Some(b'-')) if at + 2 < close => {
                    let last = self.pattern[at + 2];
                    at += 3;
                    (first..=last).contains(&byte)
                }
                (one, _) => {
                    at += 1;
                    one == byte
                }
            };
            if found {
                return !negated;
            }
        }
        negated
    }
}

/// Whether a byte is of a class such as `a`, or not of it such as `A`; other letters mean themselves.
fn in_class(byte: u8, class: u8) -> bool {
    let is_in = match class.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => byte.is_ascii_whitespace() || byte == 0x0b,
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        b'z' => byte == 0,
        _ => return class == byte,
    };
    is_in != class.is_ascii_uppercase()
}

fn malformed<T>(why: &str) -> Matched<T> {
    Err(Trouble::Malformed(why.to_owned()))
}
