//! What rustyline asks while a person types: colours, hints, candidates, and whether Enter runs the text.

use super::complete::{self, Candidate};
use super::hint;
use super::names::SessionNames;
use crate::lang::highlight::{Class, classes};
use crate::lang::scanner::{Status, status};
use crate::render::style::{Painter, Role};
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use unicode_width::UnicodeWidthStr;

/// Longer texts are not coloured: typing must not lag behind.
const LONGEST: usize = 20_000;

/// The prompt's helper.
pub struct Shell {
    /// Names of the open session.
    pub names: SessionNames,
    /// Colour or none.
    pub painter: Painter,
    /// Hints behind the cursor.
    pub hints: bool,
    /// Columns of the terminal, for candidates with their explanation.
    pub width: Rc<Cell<usize>>,
    /// Columns behind the prompt; a hint is cut there.
    pub room: Rc<Cell<usize>>,
}

/// A candidate as rustyline wants it.
pub struct Choice {
    shown: String,
    text: String,
}

impl rustyline::completion::Candidate for Choice {
    fn display(&self) -> &str {
        &self.shown
    }

    fn replacement(&self) -> &str {
        &self.text
    }
}

impl Completer for Shell {
    type Candidate = Choice;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Choice>)> {
        let before = line.get(..pos).unwrap_or(line);
        let (start, found) = complete::complete(before, &self.names);
        let widest = found.iter().map(|candidate| candidate.text.chars().count()).max().unwrap_or(0).min(30);
        let alone = found.len() == 1;
        let room = self.width.get().saturating_sub(4);
        let choices = found.into_iter().map(|candidate| self.choice(candidate, widest, room, alone)).collect();
        Ok((start, choices))
    }
}

impl Shell {
    fn choice(&self, candidate: Candidate, widest: usize, room: usize, alone: bool) -> Choice {
        let mut shown = candidate.text.clone();
        // A name alone needs no explanation; keys and collections speak for themselves.
        if !candidate.about.is_empty() && candidate.about.contains(' ') && !alone {
            let line = format!("{:widest$}  {}", candidate.text, candidate.about);
            shown = line.chars().take(room).collect();
        }
        Choice { shown, text: candidate.text }
    }
}

impl Hinter for Shell {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        // A hint is shown, and never taken over: the syntax is no text to run.
        if !self.hints || pos < line.len() || line.len() > LONGEST {
            return None;
        }
        let mut hint = hint::hint(line)?;
        let last = line.rsplit('\n').next().unwrap_or(line);
        let room = self.room.get().checked_sub(last.width()).filter(|room| *room > 8)?;
        if let Some((cut, _)) = hint.char_indices().nth(room) {
            hint.truncate(hint[..cut].char_indices().next_back().map_or(0, |(at, _)| at));
            hint.push('…');
        }
        Some(hint)
    }
}

impl Highlighter for Shell {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.painter.enabled() || line.len() > LONGEST {
            return Cow::Borrowed(line);
        }
        let mut text = String::with_capacity(line.len() * 2);
        let mut at = 0;
        for (span, class) in classes(line) {
            text.push_str(&line[at..span.start]);
            text.push_str(&self.painter.paint(role(class), span.slice(line)));
            at = span.end;
        }
        text.push_str(&line[at..]);
        Cow::Owned(text)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, default: bool) -> Cow<'b, str> {
        if default { self.painter.paint(Role::Heading, prompt) } else { Cow::Borrowed(prompt) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        self.painter.paint(Role::Dim, hint)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.painter.enabled() && kind != CmdKind::MoveCursor
    }
}

fn role(class: Class) -> Role {
    match class {
        Class::Keyword => Role::Keyword,
        Class::Operator => Role::Operator,
        Class::String => Role::String,
        Class::Number => Role::Number,
        Class::Constant => Role::Boolean,
        Class::Comment => Role::Comment,
        Class::Variable => Role::Variable,
        Class::Name => Role::Name,
        Class::Directive => Role::Special,
        Class::Unknown => Role::Warning,
    }
}

impl Validator for Shell {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        Ok(match status(context.input()) {
            Status::Complete => ValidationResult::Valid(None),
            Status::Incomplete { .. } => ValidationResult::Incomplete,
        })
    }
}

impl Helper for Shell {}
