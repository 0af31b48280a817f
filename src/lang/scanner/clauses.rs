//! Is a graph statement whole? Judged cheaply, by the words outside of brackets.

/// What the clauses read so far ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Clauses {
    /// Where the running word began; words never span lines.
    word_start: Option<usize>,
    /// The running word follows `.`, `:` or `$`, so it is a name.
    word_is_name: bool,
    /// The last clause returns, writes or calls.
    finishing: bool,
    /// The last sign or word asks for something behind it.
    dangling: bool,
    /// A `*` here stands for all columns.
    star_is_all: bool,
    /// The last word was STARTS or ENDS, so WITH opens no clause.
    after_starts: bool,
    /// `CASE` without their `END`.
    cases: usize,
    /// The last sign.
    last: u8,
}

impl Clauses {
    /// Reads one byte outside of brackets, strings and comments.
    pub(super) fn byte(&mut self, line: &[u8], at: usize, byte: u8) {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 {
            if self.word_start.is_none() {
                self.word_start = Some(at);
                self.word_is_name = matches!(self.last, b'.' | b':' | b'$');
            }
            self.last = byte;
            return;
        }
        self.end_word(line, at);
        if byte.is_ascii_whitespace() || byte == 0x0b {
            return;
        }
        self.dangling = match byte {
            b'*' => !self.star_is_all,
            b',' | b'+' | b'-' | b'/' | b'%' | b'=' | b'<' | b'>' | b'^' | b'|' | b'&' | b'!' | b'.' | b':' | b'$' => {
                true
            }
            _ => false,
        };
        self.star_is_all = byte == b',';
        self.after_starts = false;
        self.last = byte;
    }

    /// A string or a bracket closed.
    pub(super) fn value(&mut self) {
        self.dangling = false;
        self.star_is_all = false;
        self.last = b')';
    }

    /// Ends the running word at `end`.
    pub(super) fn end_word(&mut self, line: &[u8], end: usize) {
        let Some(start) = self.word_start.take() else { return };
        let word = line.get(start..end).unwrap_or_default();
        self.dangling = false;
        self.star_is_all = false;
        let after_starts = std::mem::take(&mut self.after_starts);
        if self.word_is_name || word.len() > 10 {
            return;
        }
        let mut upper = [0u8; 10];
        let upper = &mut upper[..word.len()];
        upper.copy_from_slice(word);
        upper.make_ascii_uppercase();
        match &*upper {
            b"RETURN" => (self.finishing, self.dangling, self.star_is_all) = (true, true, true),
            b"CREATE" | b"MERGE" | b"SET" | b"REMOVE" | b"DELETE" | b"FOREACH" | b"CALL" | b"DROP" | b"SHOW" => {
                (self.finishing, self.dangling) = (true, true);
            }
            b"YIELD" => (self.finishing, self.dangling, self.star_is_all) = (true, true, true),
            b"FINISH" => self.finishing = true,
            b"WITH" if after_starts => self.dangling = true,
            b"WITH" => (self.finishing, self.dangling, self.star_is_all) = (false, true, true),
            b"MATCH" | b"UNWIND" | b"UNION" | b"OPTIONAL" | b"DETACH" | b"LOAD" => {
                (self.finishing, self.dangling) = (false, true);
            }
            b"DISTINCT" => (self.dangling, self.star_is_all) = (true, true),
            b"STARTS" | b"ENDS" => (self.dangling, self.after_starts) = (true, true),
            b"AND" | b"OR" | b"XOR" | b"NOT" | b"IN" | b"BY" | b"AS" | b"WHERE" | b"ON" | b"CONTAINS" | b"IS"
            | b"WHEN" | b"THEN" | b"ELSE" | b"ORDER" | b"SKIP" | b"LIMIT" | b"INDEX" | b"FOR" => self.dangling = true,
            b"CASE" => {
                self.cases += 1;
                self.dangling = true;
            }
            b"END" => self.cases = self.cases.saturating_sub(1),
            _ => {}
        }
    }

    /// Whether the text so far may be run.
    pub(super) fn whole(&self) -> bool {
        self.finishing && !self.dangling && self.cases == 0
    }
}
