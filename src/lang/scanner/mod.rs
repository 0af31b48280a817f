//! The scanner: whose statement is this, and where does it end?
//!
//! It never fails and never looks twice at a byte, so the prompt, scripts, pipes and lessons share it.
//! Bytes come in pieces of any size ([`Scanner::push`]); whole statements come out
//! ([`Scanner::next_statement`]). Work is done a line at a time, so how the bytes were cut makes no difference.
//!
//! * A Redis command ends with its line (`line`).
//! * A mongosh call ends when its brackets balance and the next line that is neither blank nor a comment
//!   does not begin with a `.` (`brackets`); a script also goes on while its blocks ask for more (`blocks`).
//! * A graph statement ends at `;`, at the end of the input, or before a line that opens another model's
//!   statement when it is whole (`clauses`).

mod blocks;
mod brackets;
mod clauses;
mod line;
mod opener;

pub use opener::{Kind, Opener, Prefix, classify, is_kv_command};

use crate::text::Position;
use brackets::{Machine, Met};
use opener::{Ending, blanks, is_blank};

/// A statement may not be longer than this: Redis' longest string, and room for the command around it.
pub const LONGEST_STATEMENT: usize = (512 + 16) << 20;

/// What the scanner itself found wrong with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Not UTF-8 at this offset, in a language of text.
    InvalidUtf8(usize),
    /// The input ended before this sign.
    Unclosed(char),
    /// Longer than [`LONGEST_STATEMENT`]; its text is cut.
    TooLong,
}

/// One statement, cut out of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceStatement {
    /// Whose it is.
    pub kind: Kind,
    /// `EXPLAIN` or `PROFILE` stands before it.
    pub prefix: Option<Prefix>,
    /// Its text, without the `;`. Comment lines that begin with `#` are blanked out. Redis commands may
    /// hold any bytes; other statements are UTF-8 unless [`SourceStatement::problem`] says otherwise.
    pub text: Vec<u8>,
    /// Where it begins behind its prefix, in bytes of `text`.
    pub body: usize,
    /// Where `text` begins in its source.
    pub start: Position,
    /// What is wrong with it, if the scanner can tell.
    pub problem: Option<Problem>,
}

impl SourceStatement {
    /// The statement without `EXPLAIN` or `PROFILE`.
    pub fn body(&self) -> &[u8] {
        self.text.get(self.body..).unwrap_or_default()
    }

    /// The last line it touches.
    pub fn last_line(&self) -> usize {
        self.start.line + self.text.iter().filter(|&&byte| byte == b'\n').count()
    }
}

/// Whether a typed text may be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Run it.
    Complete,
    /// Go on reading.
    Incomplete {
        /// The sign that would close what is open; `None`: more clauses, or a `;`.
        missing: Option<char>,
    },
}

/// Whether Enter runs a typed text, or opens another line. Enter on an empty line runs what is there,
/// unless a bracket or a string is open.
pub fn status(text: &str) -> Status {
    let mut scanner = Scanner::new();
    scanner.push(text.as_bytes());
    scanner.push(b"\n");
    while scanner.next_statement().is_some() {}
    let Some(open) = &scanner.open else {
        return match scanner.comment {
            Some(_) => Status::Incomplete { missing: Some('*') },
            None => Status::Complete,
        };
    };
    let empty_line = text.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty());
    let ready = match open.ending {
        Ending::Line | Ending::BalancedLine => true,
        // A collection alone says nothing yet: its calls may stand on the next lines.
        Ending::Doc => {
            let bare = open.opener.kind == Kind::Doc && !open.machine.called() && scanner.open_text().contains(&b'.');
            open.machine.may_end() && (empty_line || !bare)
        }
        Ending::Graph => open.machine.whole() || (open.machine.balanced() && empty_line),
    };
    match ready {
        true => Status::Complete,
        false => Status::Incomplete { missing: open.machine.missing() },
    }
}

/// Cuts bytes into statements.
#[derive(Debug, Default)]
pub struct Scanner {
    buffer: Vec<u8>,
    /// All before this offset has been read.
    at: usize,
    /// No newline lies between `at` and this offset.
    searched: usize,
    finished: bool,
    /// Anything was read; a byte order mark counts only before.
    started: bool,
    /// Only blanks stand between the start of the line and `at`.
    line_start: bool,
    /// The rest of the line belongs to a statement that was cut off.
    skipping: bool,
    /// A block comment between statements is open; it began here.
    comment: Option<Position>,
    open: Option<Open>,
    /// The place of offset `placed` in the source.
    place: Position,
    placed: usize,
}

/// The statement that is being read.
#[derive(Debug)]
struct Open {
    opener: Opener,
    ending: Ending,
    /// Offsets into the buffer.
    start: usize,
    end: usize,
    position: Position,
    machine: Machine,
    /// A doc statement that could end; the next line decides.
    looking_ahead: bool,
    /// A block comment is open while looking ahead.
    ahead_comment: bool,
    /// `#` lines inside, to be blanked out.
    notes: Vec<(usize, usize)>,
}

impl Scanner {
    /// A scanner at the first byte of a source.
    pub fn new() -> Self {
        Scanner { line_start: true, ..Scanner::default() }
    }

    /// Takes the next bytes of the source.
    pub fn push(&mut self, bytes: &[u8]) {
        self.compact();
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that the source has ended: what is left is a statement too.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Whether [`Scanner::finish`] was called.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Whether a statement has begun that is not over: what leaves now, leaves in its middle.
    pub fn is_inside_statement(&self) -> bool {
        self.open.is_some() || self.comment.is_some()
    }

    /// The place behind the last statement.
    pub fn position(&self) -> Position {
        self.place
    }

    /// The next statement, or `None` until more bytes are pushed (after [`Scanner::finish`]: for good).
    pub fn next_statement(&mut self) -> Option<SourceStatement> {
        loop {
            let Some((line_end, next_line)) = self.line() else {
                return self.overflow();
            };
            if self.skipping {
                self.at = next_line;
                self.line_start = true;
                self.skipping = false;
                if self.is_exhausted() {
                    return self.last();
                }
                continue;
            }
            let statement = match &self.open {
                None => self.between(line_end, next_line),
                Some(open) if open.looking_ahead => self.look_ahead(line_end, next_line),
                Some(_) => self.inside(line_end, next_line),
            };
            if statement.is_some() {
                return statement;
            }
            if self.is_exhausted() {
                return self.last();
            }
        }
    }

    fn is_exhausted(&self) -> bool {
        self.finished && self.at >= self.buffer.len()
    }

    /// The end of the line that `at` stands in, and the start of the next; `None` if more bytes are needed.
    fn line(&mut self) -> Option<(usize, usize)> {
        let from = self.searched.max(self.at);
        match memchr::memchr(b'\n', &self.buffer[from..]) {
            Some(found) => {
                self.searched = from + found;
                Some((from + found, from + found + 1))
            }
            None => {
                self.searched = self.buffer.len();
                self.finished.then_some((self.buffer.len(), self.buffer.len()))
            }
        }
    }

    /// Moves to the start of a line.
    fn go_to_line(&mut self, next_line: usize) {
        self.at = next_line;
        self.line_start = true;
    }

    /// Between two statements.
    fn between(&mut self, line_end: usize, next_line: usize) -> Option<SourceStatement> {
        if !self.started {
            self.started = true;
            if self.buffer.starts_with(b"\xef\xbb\xbf") {
                self.at = 3;
                self.placed = 3;
            }
        }
        if self.comment.is_some() {
            match find(&self.buffer[self.at..line_end], b"*/") {
                Some(found) => {
                    self.at += found + 2;
                    self.comment = None;
                }
                None => self.go_to_line(next_line),
            }
            return None;
        }
        self.at += blanks(&self.buffer[self.at..line_end]);
        let rest = &self.buffer[self.at..line_end];
        match rest {
            [] => self.go_to_line(next_line),
            [b';', ..] => {
                self.at += 1;
                self.line_start = false;
            }
            [b'#', ..] if self.line_start || rest.get(1).is_none_or(|&byte| is_blank(byte)) => {
                self.go_to_line(next_line)
            }
            [b'/', b'/', ..] => self.go_to_line(next_line),
            [b'/', b'*', ..] => {
                self.comment = Some(self.place_at(self.at));
                self.at += 2;
                self.line_start = false;
            }
            _ => {
                let opener = classify(rest);
                let position = self.place_at(self.at);
                self.line_start = false;
                if opener.ending == Ending::Line {
                    let end = line::end(&self.buffer[self.at..line_end]);
                    let start = self.at;
                    let next = start + end.next;
                    if next == line_end {
                        self.go_to_line(next_line)
                    } else {
                        self.at = next
                    }
                    return Some(self.cut(&opener, start, start + end.text, position, &[], None));
                }
                let start = self.at;
                self.open = Some(Open {
                    ending: opener.ending,
                    opener,
                    start,
                    end: start,
                    position,
                    machine: Machine::new(matches!(opener.ending, Ending::Graph | Ending::BalancedLine)),
                    looking_ahead: false,
                    ahead_comment: false,
                    notes: Vec::new(),
                });
            }
        }
        None
    }

    /// Inside a doc or graph statement.
    fn inside(&mut self, line_end: usize, next_line: usize) -> Option<SourceStatement> {
        let (at, line_start) = (self.at, self.line_start);
        let line = self.buffer.get(at..line_end).unwrap_or_default();
        let open = self.open.as_mut()?;
        if line_start && open.machine.in_code() {
            let text = &line[blanks(line)..];
            if text.first() == Some(&b'#') {
                open.notes.push((at, line_end));
                self.go_to_line(next_line);
                return None;
            }
            if open.ending == Ending::Graph && open.machine.whole() && opener::leaves_graph(text) {
                return self.close(None);
            }
        }
        let mut end = 0;
        let met = open.machine.line(line, &mut end);
        if end > 0 {
            open.end = at + end;
        }
        let read = match met {
            Met::Semicolon(offset) => &line[..offset],
            Met::EndOfLine => line,
        };
        if let Err(error) = std::str::from_utf8(read) {
            let offset = at + error.valid_up_to() - open.start;
            open.end = at + read.len();
            self.go_to_line(next_line);
            return self.close(Some(Problem::InvalidUtf8(offset)));
        }
        if let Met::Semicolon(offset) = met {
            self.at = at + offset + 1;
            self.line_start = false;
            return self.close(None);
        }
        self.go_to_line(next_line);
        let open = self.open.as_mut()?;
        match open.ending {
            _ if open.machine.broken_at_end_of_line() => self.close(None),
            Ending::Doc => {
                open.looking_ahead = open.machine.may_end();
                None
            }
            Ending::BalancedLine if open.machine.balanced() => self.close(None),
            _ => None,
        }
    }

    /// Behind a doc statement that could end: only a line that begins with `.` goes on with it.
    fn look_ahead(&mut self, line_end: usize, next_line: usize) -> Option<SourceStatement> {
        let line = self.buffer.get(self.at..line_end).unwrap_or_default();
        let open = self.open.as_mut()?;
        if open.ahead_comment {
            match find(line, b"*/") {
                Some(found) => {
                    self.at += found + 2;
                    self.line_start = false;
                    open.ahead_comment = false;
                }
                None => self.go_to_line(next_line),
            }
            return None;
        }
        let skipped = blanks(line);
        match &line[skipped..] {
            [] | [b'/', b'/', ..] => self.go_to_line(next_line),
            [b'#', ..] if self.line_start => {
                open.notes.push((self.at, line_end));
                self.go_to_line(next_line);
            }
            [b'/', b'*', ..] => {
                open.ahead_comment = true;
                self.at += skipped + 2;
                self.line_start = false;
            }
            [b'.', ..] => open.looking_ahead = false,
            rest if open.machine.goes_on(rest) => open.looking_ahead = false,
            _ => return self.close(None),
        }
        None
    }

    /// Hands out the open statement.
    fn close(&mut self, problem: Option<Problem>) -> Option<SourceStatement> {
        let open = self.open.take()?;
        Some(self.cut(&open.opener, open.start, open.end, open.position, &open.notes, problem))
    }

    /// At the end of the source.
    fn last(&mut self) -> Option<SourceStatement> {
        if let Some(position) = self.comment.take() {
            return Some(SourceStatement {
                kind: Kind::Directive,
                prefix: None,
                text: b"/*".to_vec(),
                body: 0,
                start: position,
                problem: Some(Problem::Unclosed('*')),
            });
        }
        let open = self.open.as_ref()?;
        let problem = if open.ahead_comment { Some('*') } else { open.machine.missing() };
        self.close(problem.map(Problem::Unclosed))
    }

    /// A statement that grows beyond all bounds is handed out cut, and the rest of its line is skipped.
    fn overflow(&mut self) -> Option<SourceStatement> {
        let start = self.open.as_ref().map_or(self.at, |open| open.start);
        if self.buffer.len() - start <= LONGEST_STATEMENT || self.skipping {
            if self.skipping {
                self.at = self.buffer.len();
            }
            return None;
        }
        if self.open.is_none() && self.comment.is_some() {
            self.at = self.buffer.len();
            return None;
        }
        let position = self.place_at(start);
        let opener = self.open.take().map_or_else(|| classify(&self.buffer[start..start + 4096]), |open| open.opener);
        let text = self.cut(&opener, start, start + 64, position, &[], Some(Problem::TooLong));
        self.at = self.buffer.len();
        self.skipping = true;
        Some(text)
    }

    fn cut(
        &mut self,
        opener: &Opener,
        start: usize,
        end: usize,
        position: Position,
        notes: &[(usize, usize)],
        problem: Option<Problem>,
    ) -> SourceStatement {
        let mut end = end.max(start).min(self.buffer.len());
        while end > start && is_blank(self.buffer[end - 1]) && opener.ending == Ending::Line {
            end -= 1;
        }
        let mut text = self.buffer[start..end].to_vec();
        for &(from, to) in notes {
            if let Some(note) = text.get_mut(from.saturating_sub(start)..to.saturating_sub(start)) {
                note.fill(b' ');
            }
        }
        let problem = problem.or_else(|| match opener.kind {
            Kind::Kv => None,
            _ if opener.ending != Ending::Line => None,
            _ => std::str::from_utf8(&text).err().map(|error| Problem::InvalidUtf8(error.valid_up_to())),
        });
        SourceStatement {
            kind: opener.kind,
            prefix: opener.prefix,
            body: opener.body.min(text.len()),
            text,
            start: position,
            problem,
        }
    }

    /// The place of an offset that lies behind all places asked for before.
    fn place_at(&mut self, offset: usize) -> Position {
        if offset > self.placed {
            self.place = self.place.advance(&self.buffer[self.placed..offset], offset - self.placed);
            self.placed = offset;
        }
        self.place
    }

    /// Forgets bytes that no statement needs any more.
    fn compact(&mut self) {
        let needed = self.open.as_ref().map_or(self.at, |open| open.start);
        if needed < 1 << 16 || needed < self.buffer.len() / 2 {
            return;
        }
        self.place_at(needed);
        self.buffer.drain(..needed);
        self.at -= needed;
        self.placed -= needed.min(self.placed);
        self.searched = self.searched.saturating_sub(needed);
        if let Some(open) = &mut self.open {
            open.start -= needed;
            open.end -= needed;
            for (from, to) in &mut open.notes {
                *from -= needed;
                *to -= needed;
            }
        }
    }

    fn open_text(&self) -> &[u8] {
        self.open.as_ref().and_then(|open| self.buffer.get(open.start..open.end)).unwrap_or_default()
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests;
