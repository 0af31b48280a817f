//! What a script's blocks ask for: the condition behind `if`, the body behind it, the `while` behind `do`.

/// What must follow, outside of all brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Wanted {
    /// Nothing.
    #[default]
    Nothing,
    /// Brackets, then a body: behind `if`, `for`, `while`, `switch`, `catch`, `function`.
    Brackets,
    /// A body: behind a condition, `else`, `do`, `try`, `finally`.
    Body,
}

/// Follows the words outside of all brackets.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    word: Vec<u8>,
    wanted: Wanted,
    /// The brackets that are open are those of a condition.
    condition: bool,
    /// `do` whose `while` has not come.
    loops: usize,
    /// The condition is the last one of `do … while (…)`.
    closes_loop: bool,
    /// `?` whose `:` has not come.
    choices: usize,
}

impl Blocks {
    /// A byte of code outside of all brackets; `before` is the last one that was no blank.
    pub fn byte(&mut self, byte: u8, before: u8) {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') {
            // What stands behind a dot is a method.
            if !self.word.is_empty() || before != b'.' {
                self.word.push(byte);
            } else {
                self.wanted = Wanted::Nothing;
            }
            return;
        }
        self.end_word();
        match byte {
            b'(' if self.wanted == Wanted::Brackets => self.condition = true,
            b'?' => self.choices += 1,
            b':' => self.choices = self.choices.saturating_sub(1),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.wanted = Wanted::Nothing;
        }
    }

    /// The word that was being read is over.
    pub fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        self.wanted = match self.word.as_slice() {
            b"while" if self.loops > 0 => {
                self.loops -= 1;
                self.closes_loop = true;
                Wanted::Brackets
            }
            b"if" | b"for" | b"while" | b"switch" | b"catch" | b"function" => Wanted::Brackets,
            // The name of a function, `for await (`.
            _ if self.wanted == Wanted::Brackets => Wanted::Brackets,
            b"do" => {
                self.loops += 1;
                Wanted::Body
            }
            b"else" | b"try" | b"finally" => Wanted::Body,
            _ => Wanted::Nothing,
        };
        self.word.clear();
    }

    /// All brackets are closed again.
    pub fn closed(&mut self) {
        if std::mem::take(&mut self.condition) && !std::mem::take(&mut self.closes_loop) {
            self.wanted = Wanted::Body;
        }
    }

    /// Whether nothing is asked for.
    pub fn satisfied(&self) -> bool {
        self.wanted == Wanted::Nothing && self.loops == 0
    }

    /// Whether a line goes on with the statement above it.
    pub fn goes_on(&self, line: &[u8]) -> bool {
        let word = |word: &[u8]| {
            line.strip_prefix(word)
                .is_some_and(|rest| !rest.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_'))
        };
        match line.first() {
            Some(b'?') => true,
            Some(b':') => self.choices > 0,
            Some(b'&' | b'|') => line.starts_with(b"&&") || line.starts_with(b"||"),
            _ => word(b"else") || word(b"catch") || word(b"finally") || self.loops > 0 && word(b"while"),
        }
    }
}
