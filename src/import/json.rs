//! JSON documents: one behind another, however they are laid out in lines, or the elements of one array.

use super::batch::{Batch, Problem, Source};
use crate::value::json::JsonDocument;
use std::io::Read;

/// Input is read in pieces of this size.
const PIECE: usize = 1 << 20;
/// The text of one document may be so long.
const MOST_TEXT: usize = 256 << 20;

/// How the documents stand in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Not known before the first one.
    Unknown,
    /// One behind another.
    Stream,
    /// Elements of an array: the first one may come, one must come, a comma or the end must come, it has ended.
    Array(Expected),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    ElementOrEnd,
    Element,
    CommaOrEnd,
    Nothing,
}

/// Reads documents.
pub struct Documents {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// What of the buffer is still to be read.
    start: usize,
    ended: bool,
    form: Form,
    /// The line at `start`, from 1, and where in the input it begins.
    line: u64,
    line_start: u64,
    /// How many bytes of the input lie before the buffer.
    before: u64,
}

impl Documents {
    /// Reads from this input.
    pub fn new(input: Box<dyn Read + Send>) -> Self {
        Documents {
            input,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            form: Form::Unknown,
            line: 1,
            line_start: 0,
            before: 0,
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Gets more input behind what is left; false at its end.
    fn fill(&mut self) -> Result<bool, Problem> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.before += self.start as u64;
        self.start = 0;
        let old = self.buffer.len();
        if old > MOST_TEXT {
            return Err(self.problem("the text of one document is longer than 256 MiB"));
        }
        // Doubling: a long document is read again no more than a few times.
        let wanted = PIECE.max(old);
        let read = self.input.by_ref().take(wanted as u64).read_to_end(&mut self.buffer);
        let got = read.map_err(|error| self.problem(format!("it cannot be read: {error}")))?;
        self.ended = got < wanted;
        if self.before == 0 && old == 0 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.start = 3;
            self.line_start = 3;
        }
        Ok(got > 0)
    }

    /// Goes on by so many bytes, counting lines.
    fn advance(&mut self, bytes: usize) {
        let passed = self.buffer.get(self.start..self.start + bytes).unwrap_or_default();
        let offset = self.before + self.start as u64;
        let mut newlines = 0;
        let mut last = None;
        for at in memchr::memchr_iter(b'\n', passed) {
            newlines += 1;
            last = Some(at);
        }
        self.line += newlines;
        if let Some(last) = last {
            self.line_start = offset + last as u64 + 1;
        }
        self.start += bytes;
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<Option<u8>, Problem> {
        loop {
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            match self.rest().iter().position(|byte| !blank(byte)) {
                Some(at) => {
                    self.advance(at);
                    return Ok(self.rest().first().copied());
                }
                None => {
                    self.advance(self.rest().len());
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        let column = self.before + self.start as u64 - self.line_start + 1;
        Problem { line: self.line, column: Some(column), message: message.into() }
    }

    /// Goes to the next document; false at the end.
    fn find(&mut self) -> Result<bool, Problem> {
        loop {
            let Some(byte) = self.peek()? else {
                return match self.form {
                    Form::Array(expected) if expected != Expected::Nothing => {
                        Err(self.problem("the array does not end: ']' is missing"))
                    }
                    _ => Ok(false),
                };
            };
            let next = match (self.form, byte) {
                (Form::Unknown, b'[') => Form::Array(Expected::ElementOrEnd),
                (Form::Unknown | Form::Stream, _) => {
                    self.form = Form::Stream;
                    return Ok(true);
                }
                (Form::Array(Expected::ElementOrEnd | Expected::CommaOrEnd), b']') => Form::Array(Expected::Nothing),
                (Form::Array(Expected::CommaOrEnd), b',') => Form::Array(Expected::Element),
                (Form::Array(Expected::CommaOrEnd), _) => {
                    return Err(self.problem("',' or ']' is expected between the documents of an array"));
                }
                (Form::Array(Expected::Nothing), _) => {
                    return Err(self.problem("nothing may follow the array"));
                }
                (Form::Array(_), _) => {
                    self.form = Form::Array(Expected::CommaOrEnd);
                    return Ok(true);
                }
            };
            self.form = next;
            self.advance(1);
        }
    }
}

impl Source for Documents {
    fn next(&mut self, batch: &mut Batch) -> Result<bool, Problem> {
        if !self.find()? {
            return Ok(false);
        }
        loop {
            let rest = self.rest();
            let mut documents = serde_json::Deserializer::from_slice(rest).into_iter::<JsonDocument>();
            match documents.next() {
                Some(Ok(JsonDocument(bytes))) => {
                    let end = documents.byte_offset();
                    batch.push(&bytes, self.line);
                    self.advance(end);
                    return Ok(true);
                }
                Some(Err(error)) if error.is_eof() && self.fill()? => {}
                Some(Err(error)) => return Err(self.explain(&error)),
                None => return Ok(false),
            }
        }
    }

    fn read(&self) -> u64 {
        self.before + self.start as u64
    }
}

impl Documents {
    fn explain(&self, error: &serde_json::Error) -> Problem {
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or(&text);
        let message = if error.is_eof() {
            format!("the input ends inside a document ({message})")
        } else if error.is_syntax() {
            format!("this is no JSON: {message}")
        } else {
            message.to_owned()
        };
        let (line, column) = (error.line() as u64, error.column() as u64);
        match line {
            0 | 1 => {
                let here = self.problem(message);
                Problem { column: here.column.map(|start| start + column.saturating_sub(1)), ..here }
            }
            _ => Problem { line: self.line + line - 1, column: Some(column), message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::raw::RawDocument;

    /// Hands out a few bytes at a time.
    struct Slowly(&'static [u8], usize);

    impl Read for Slowly {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(text: &'static str) -> Result<Vec<(String, u64)>, String> {
        let mut answers = Vec::new();
        for step in [1, 7, 1000] {
            let mut documents = Documents::new(Box::new(Slowly(text.as_bytes(), step)));
            let mut batch = Batch::default();
            let answer = loop {
                match documents.next(&mut batch) {
                    Ok(true) => {}
                    Ok(false) => break Ok(()),
                    Err(problem) => break Err(problem.at("f")),
                }
            };
            let found =
                batch.documents().map(|(bytes, line)| (RawDocument::new(bytes).to_document().to_string(), line));
            answers.push(answer.map(|()| found.collect::<Vec<_>>()));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        answers.swap_remove(0)
    }

    fn lines(text: &'static str) -> Vec<u64> {
        read(text).unwrap().into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn documents_stand_in_lines_or_not_or_in_an_array() {
        assert_eq!(lines("{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}"), [1, 2, 4]);
        assert_eq!(lines("{\"a\":1}{\"a\":2} {\n\"a\"\n:3}\n{\"a\":4}"), [1, 1, 1, 4]);
        assert_eq!(lines("\u{feff}[{\"a\":1},\n{\"a\":[2]}\n]\n"), [1, 2]);
        assert_eq!(lines(" [ ] "), [0; 0]);
        assert_eq!(lines(""), [0; 0]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, said) in [
            ("{\"a\":1}\n{\"a\":}\n", "f:2:6: this is no JSON: expected value"),
            ("{\"a\":1}\n  7\n", "f:2:3: a document is expected, not a number"),
            ("{\"a\":1}\n{\"a\":[1,\n", "f:3:0: the input ends inside a document"),
            ("[{\"a\":1} {\"a\":2}]", "f:1:10: ',' or ']' is expected"),
            ("[{\"a\":1},\n", "f:2:1: the array does not end"),
            ("[{\"a\":1}]\nx", "f:2:1: nothing may follow the array"),
            ("{\"a\":1}\n{\"_id\":{\"$oid\":\"x\"}}", "f:2:"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(said), "{text:?}: {error}");
        }
    }
}
