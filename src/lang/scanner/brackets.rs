//! The lexical state inside a doc or graph statement: brackets, strings, comments.

use super::blocks::Blocks;
use super::clauses::Clauses;

/// What the text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    /// A string or quoted name, with its quote.
    Quoted(u8),
    LineComment,
    BlockComment,
    /// A regex literal; the flag says whether inside a character class.
    Regex(bool),
}

/// What the machine met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// A `;` outside of everything, or of strings and comments in a graph statement, at this offset.
    Semicolon(usize),
    /// The end of the line.
    EndOfLine,
}

/// Reads a statement line by line and remembers what is still open.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    /// Graph strings may hold newlines; doc has regex literals and one-line strings.
    graph: bool,
    inside: Inside,
    open: Vec<u8>,
    /// How many of `(`, `[` and `{` are in `open`.
    counts: [usize; 3],
    /// The last byte of code that was no blank; 0 before the first.
    last: u8,
    /// A bracket was met at all.
    called: bool,
    clauses: Clauses,
    blocks: Blocks,
    /// The byte of code before `last`.
    before_last: u8,
}

impl Machine {
    pub(super) fn new(graph: bool) -> Self {
        Machine {
            graph,
            inside: Inside::Code,
            open: Vec::new(),
            counts: [0; 3],
            last: 0,
            called: false,
            clauses: Clauses::default(),
            blocks: Blocks::default(),
            before_last: 0,
        }
    }

    /// Reads the rest of a line (without its newline), up to a `;` that ends the statement. `end` is
    /// moved behind the last byte that belongs to the statement.
    pub(super) fn line(&mut self, line: &[u8], end: &mut usize) -> Met {
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            let next = line.get(at + 1).copied();
            match self.inside {
                Inside::Code => {
                    // No bracket of the graph language can hold a `;`: one that does was never closed.
                    if byte == b';' && (self.graph || self.open.is_empty()) {
                        self.clauses.end_word(line, at);
                        return Met::Semicolon(at);
                    }
                    match (byte, next) {
                        (b'/', Some(b'/')) => {
                            self.clauses.end_word(line, at);
                            self.inside = Inside::LineComment;
                            break;
                        }
                        (b'/', Some(b'*')) => {
                            self.clauses.end_word(line, at);
                            self.inside = Inside::BlockComment;
                            at += 2;
                            continue;
                        }
                        _ => {}
                    }
                    self.code(line, at, byte);
                    if !byte.is_ascii_whitespace() && byte != 0x0b {
                        self.before_last = if at > 0 && line.get(at - 1) == Some(&self.last) { self.last } else { 0 };
                        self.last = byte;
                        *end = at + 1;
                    }
                }
                Inside::Quoted(quote) => {
                    *end = at + 1;
                    // A backtick name of the graph language knows no escapes.
                    if byte == b'\\' && !(self.graph && quote == b'`') && next.is_some() {
                        *end = at + 2;
                        at += 2;
                        continue;
                    }
                    if byte == quote {
                        self.inside = Inside::Code;
                        self.last = quote;
                        self.clauses.value();
                    }
                }
                Inside::Regex(class) => {
                    *end = at + 1;
                    match byte {
                        b'\\' if next.is_some() => {
                            *end = at + 2;
                            at += 2;
                            continue;
                        }
                        b'[' => self.inside = Inside::Regex(true),
                        b']' => self.inside = Inside::Regex(false),
                        b'/' if !class => {
                            self.inside = Inside::Code;
                            self.last = b')';
                        }
                        _ => {}
                    }
                }
                Inside::BlockComment => {
                    if byte == b'*' && next == Some(b'/') {
                        self.inside = Inside::Code;
                        at += 1;
                    }
                }
                Inside::LineComment => break,
            }
            at += 1;
        }
        if self.inside == Inside::Code {
            self.clauses.end_word(line, line.len());
            self.blocks.end_word();
        }
        if self.inside == Inside::LineComment {
            self.inside = Inside::Code;
        }
        Met::EndOfLine
    }

    fn code(&mut self, line: &[u8], at: usize, byte: u8) {
        let top = self.open.is_empty();
        if self.graph && top {
            self.clauses.byte(line, at, byte);
        } else if top {
            self.blocks.byte(byte, self.last);
        }
        match byte {
            b'\'' | b'"' | b'`' => self.inside = Inside::Quoted(byte),
            b'/' if !self.graph && self.regex_may_begin() => self.inside = Inside::Regex(false),
            b'(' | b'[' | b'{' => {
                self.called = true;
                self.open.push(byte);
                self.counts[slot(byte)] += 1;
            }
            b')' | b']' | b'}' => self.close(byte),
            _ => {}
        }
    }

    /// Closes the nearest bracket of this kind and all that were left open inside it; a bracket that
    /// was never opened closes nothing.
    fn close(&mut self, byte: u8) {
        let opener = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        if self.counts[slot(opener)] == 0 {
            return;
        }
        while let Some(top) = self.open.pop() {
            self.counts[slot(top)] -= 1;
            if top == opener {
                break;
            }
        }
        if self.open.is_empty() {
            self.clauses.value();
            self.blocks.closed();
        }
    }

    fn regex_may_begin(&self) -> bool {
        matches!(
            self.last,
            0 | b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'}' | b';' | b'>'
        )
    }

    /// Whether a new line stands in code: neither in a string nor in a comment.
    pub(super) fn in_code(&self) -> bool {
        self.inside == Inside::Code
    }

    /// A doc string or regex cannot go on behind its line.
    pub(super) fn broken_at_end_of_line(&self) -> bool {
        !self.graph && matches!(self.inside, Inside::Quoted(b'\'' | b'"') | Inside::Regex(_))
    }

    /// Nothing is open.
    pub(super) fn balanced(&self) -> bool {
        self.open.is_empty() && self.in_code()
    }

    /// A doc statement that may end here: balanced, and its last sign does not ask for more.
    pub(super) fn may_end(&self) -> bool {
        let asks = match self.last {
            // `i++` asks for nothing.
            b'+' | b'-' => self.before_last != self.last,
            other => b".,=*%&|?:<>!~^".contains(&other),
        };
        self.balanced() && !asks && self.blocks.satisfied()
    }

    /// Whether a line goes on with a statement that could have ended above it.
    pub(super) fn goes_on(&self, line: &[u8]) -> bool {
        !self.graph && self.blocks.goes_on(line)
    }

    /// A graph statement that is whole: balanced, and its clauses do not ask for more.
    pub(super) fn whole(&self) -> bool {
        self.balanced() && self.clauses.whole()
    }

    /// Whether anything was called or indexed so far.
    pub(super) fn called(&self) -> bool {
        self.called
    }

    /// What is still open: the innermost quote, comment or bracket.
    pub(super) fn missing(&self) -> Option<char> {
        match self.inside {
            Inside::Quoted(quote) => Some(char::from(quote)),
            Inside::BlockComment => Some('*'),
            Inside::Regex(_) => Some('/'),
            _ => self.open.last().map(|&byte| match byte {
                b'(' => ')',
                b'[' => ']',
                _ => '}',
            }),
        }
    }
}

fn slot(opener: u8) -> usize {
    match opener {
        b'(' => 0,
        b'[' => 1,
        _ => 2,
    }
}
