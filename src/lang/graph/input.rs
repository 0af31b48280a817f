//! The parser's input: tokens as a nom input, what was expected where, and the bounds of nesting.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Needed};

use super::diagnostic;
use super::token::{Kind, Token};
use crate::ast::graph::Name;
use crate::text::{Diagnostic, Span};

/// How deep expressions, patterns and subqueries may stand in one another.
pub(super) const MAX_DEPTH: u16 = 50;
/// How high the tree of an expression may be: a chain of operators of one level counts each.
pub(super) const MAX_HEIGHT: u32 = 250;

/// How many clauses a statement may have, those of subqueries and of UNION counted.
pub(super) const MAX_CLAUSES: u32 = 5_000;
/// How many patterns and relationships a MATCH may have; the planner draws its own, tighter bound.
pub(super) const MAX_MATCHED: usize = 5_000;

/// What all positions of one text share.
pub(super) struct Shared<'t> {
    pub(super) text: &'t str,
    tokens: &'t [Token],
    /// The furthest token that was refused, and what would have been accepted there.
    furthest: Cell<usize>,
    expected: RefCell<Vec<&'static str>>,
    /// Brackets that were tried as a pattern or comprehension and are neither.
    refuted: RefCell<HashSet<usize>>,
    /// The height of the expression parsed last.
    pub(super) height: Cell<u32>,
    /// How many clauses were read, a second time counted again.
    clauses: Cell<u32>,
}

impl<'t> Shared<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Shared {
            text,
            tokens,
            furthest: Cell::new(0),
            expected: RefCell::default(),
            refuted: RefCell::default(),
            height: Cell::new(0),
            clauses: Cell::new(0),
        }
    }

    /// What to say when the text could not be read.
    pub(super) fn report(&self) -> Diagnostic {
        let Some(token) = self.tokens.get(self.furthest.get()) else {
            return diagnostic("UnexpectedSyntax", "this is not a statement", Span::default());
        };
        if let Kind::Bad(problem) = &token.kind
            && problem.detail.as_deref() != Some("InvalidNumberLiteral")
        {
            return (**problem).clone();
        }
        let found = match &token.kind {
            Kind::End => "the end of the statement".to_owned(),
            _ => format!("`{}`", shortened(token.span.slice(self.text))),
        };
        let mut words: Vec<&str> = Vec::new();
        for word in self.expected.borrow().iter() {
            if !words.contains(word) {
                words.push(word);
            }
        }
        let message = match words.as_slice() {
            [] => format!("{found} is not expected here"),
            [one] => format!("expected {one}, found {found}"),
            [first @ .., last] if first.len() < 8 => format!("expected {} or {last}, found {found}", first.join(", ")),
            [first @ .., _] => format!("expected {}, …, found {found}", first.get(..7).unwrap_or_default().join(", ")),
        };
        let problem = diagnostic("UnexpectedSyntax", message, token.span);
        match super::hint::hint(self.text, self.tokens, self.furthest.get(), &words) {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 30;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// A place among the tokens.
#[derive(Clone, Copy)]
pub(super) struct In<'t> {
    at: u32,
    end: u32,
    pub(super) depth: u16,
    /// Inside a comprehension: a bar ends the expression and is no part of a label expression.
    pub(super) bar_ends: bool,
    pub(super) shared: &'t Shared<'t>,
}

/// Why a parser gave up.
#[derive(Debug)]
pub(super) enum Fail {
    /// The text is something else; another alternative may fit.
    Miss,
    /// The text is wrong, whatever else may be tried.
    Stop(Box<Diagnostic>),
}

impl<'t> ParseError<In<'t>> for Fail {
    fn from_error_kind(_: In<'t>, _: ErrorKind) -> Self {
        Fail::Miss
    }

    fn append(_: In<'t>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// The result of a parser.
pub(super) type Parsed<'t, T> = IResult<In<'t>, T, Fail>;

impl<'t> In<'t> {
    pub(super) fn new(shared: &'t Shared<'t>) -> Self {
        In { at: 0, end: u32::try_from(shared.tokens.len()).unwrap_or(u32::MAX), depth: 0, bar_ends: false, shared }
    }

    /// The token `ahead` places further.
    pub(super) fn peek(self, ahead: usize) -> &'t Kind {
        let last = (self.end as usize).saturating_sub(1);
        self.shared.tokens.get((self.index() + ahead).min(last)).map_or(&Kind::End, |token| &token.kind)
    }

    pub(super) fn index(self) -> usize {
        self.at as usize
    }

    /// Behind `count` tokens.
    pub(super) fn skip(self, count: usize) -> Self {
        In { at: self.at.saturating_add(count as u32).min(self.end), ..self }
    }

    /// Where the next token stands.
    pub(super) fn span(self) -> Span {
        self.shared
            .tokens
            .get(self.index())
            .map_or(Span::new(self.shared.text.len(), self.shared.text.len()), |token| token.span)
    }

    /// From the first token here to the last one before `after`.
    pub(super) fn span_to(self, after: In<'t>) -> Span {
        let last = after.index().checked_sub(1).and_then(|index| self.shared.tokens.get(index));
        last.map_or(self.span(), |token| Span::new(self.span().start.min(token.span.end), token.span.end))
    }

    pub(super) fn is_word(self, ahead: usize, keyword: &str) -> bool {
        matches!(self.peek(ahead), Kind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn is_sign(self, ahead: usize, sign: &str) -> bool {
        matches!(self.peek(ahead), Kind::Sign(found) if *found == sign)
    }

    pub(super) fn is_name(self, ahead: usize) -> bool {
        matches!(self.peek(ahead), Kind::Word(_) | Kind::Quoted(_))
    }

    /// How many tokens ahead the bracket that opens `ahead` tokens further is closed.
    pub(super) fn closer(self, ahead: usize) -> Option<usize> {
        self.shared.tokens.get(self.index() + ahead)?.closer?.checked_sub(self.index())
    }

    /// Gives up here, where `what` would have been accepted.
    pub(super) fn miss<T>(self, what: &'static str) -> Parsed<'t, T> {
        self.note(what);
        Err(nom::Err::Error(Fail::Miss))
    }

    /// Remembers what would have been accepted here.
    pub(super) fn note(self, what: &'static str) {
        let shared = self.shared;
        if self.index() > shared.furthest.get() {
            shared.furthest.set(self.index());
            shared.expected.borrow_mut().clear();
        }
        if self.index() == shared.furthest.get() {
            shared.expected.borrow_mut().push(what);
        }
    }

    /// Was the bracket here tried as a pattern or comprehension before, in vain?
    pub(super) fn refuted(self) -> bool {
        self.shared.refuted.borrow().contains(&self.index())
    }

    /// Remembers that the bracket here is no pattern and no comprehension.
    pub(super) fn refute(self) {
        self.shared.refuted.borrow_mut().insert(self.index());
    }

    /// One level deeper, up to [`MAX_DEPTH`].
    pub(super) fn deeper(self) -> Result<Self, nom::Err<Fail>> {
        if self.depth >= MAX_DEPTH {
            let message = format!("the statement is nested deeper than {MAX_DEPTH} levels");
            return Err(stop(diagnostic("UnexpectedSyntax", message, self.span())));
        }
        Ok(In { depth: self.depth + 1, ..self })
    }

    /// Inside brackets of its own: bars belong to the expression.
    pub(super) fn bars_free(self) -> Self {
        In { bar_ends: false, ..self }
    }

    /// Inside a comprehension: a bar ends the expression.
    pub(super) fn until_bar(self) -> Self {
        In { bar_ends: true, ..self }
    }

    /// Counts a clause, up to [`MAX_CLAUSES`].
    pub(super) fn count_clause(self) -> Result<(), nom::Err<Fail>> {
        let count = &self.shared.clauses;
        count.set(count.get() + 1);
        if count.get() > MAX_CLAUSES {
            let message = format!("the statement has more than {MAX_CLAUSES} clauses");
            return Err(stop(diagnostic("UnexpectedSyntax", message, self.span()).hint("split it, or UNWIND a list")));
        }
        Ok(())
    }

    /// The same place at the depth and with the flags of `outer`.
    pub(super) fn back_to(self, outer: In<'t>) -> Self {
        In { depth: outer.depth, bar_ends: outer.bar_ends, ..self }
    }
}

/// An error that no alternative can mend.
pub(super) fn stop(problem: Diagnostic) -> nom::Err<Fail> {
    nom::Err::Failure(Fail::Stop(Box::new(problem)))
}

/// A keyword, in any case.
pub(super) fn word<'t>(keyword: &'static str) -> impl Fn(In<'t>) -> Parsed<'t, Span> {
    move |input| if input.is_word(0, keyword) { Ok((input.skip(1), input.span())) } else { input.miss(keyword) }
}

/// A sign.
pub(super) fn sign<'t>(text: &'static str) -> impl Fn(In<'t>) -> Parsed<'t, Span> {
    move |input| if input.is_sign(0, text) { Ok((input.skip(1), input.span())) } else { input.miss(quoted(text)) }
}

fn quoted(sign: &'static str) -> &'static str {
    match sign {
        "(" => "`(`",
        ")" => "`)`",
        "[" => "`[`",
        "]" => "`]`",
        "{" => "`{`",
        "}" => "`}`",
        "," => "`,`",
        ":" => "`:`",
        "." => "`.`",
        "=" => "`=`",
        "|" => "`|`",
        "-" => "`-`",
        "*" => "`*`",
        ".." => "`..`",
        "<" => "`<`",
        ">" => "`>`",
        other => other,
    }
}

/// Any word or a name in backticks: labels, types, keys, aliases.
pub(super) fn name_of<'t>(what: &'static str) -> impl Fn(In<'t>) -> Parsed<'t, Name> {
    move |input| match input.peek(0) {
        Kind::Word(text) | Kind::Quoted(text) => Ok((input.skip(1), Name { text: text.clone(), span: input.span() })),
        _ => input.miss(what),
    }
}

/// A variable where it is introduced.
pub(super) fn variable(input: In<'_>) -> Parsed<'_, Name> {
    name_of("a variable")(input)
}

impl<'t> nom::Input for In<'t> {
    type Item = &'t Token;
    type Iter = std::slice::Iter<'t, Token>;
    type IterIndices = std::iter::Enumerate<std::slice::Iter<'t, Token>>;

    fn input_len(&self) -> usize {
        (self.end - self.at) as usize
    }

    fn take(&self, index: usize) -> Self {
        In { end: self.at.saturating_add(index as u32).min(self.end), ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        self.skip(index)
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Self::Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.iter_elements().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.shared.tokens.get(self.index()..self.end as usize).unwrap_or_default().iter()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.input_len() { Ok(count) } else { Err(Needed::new(count - self.input_len())) }
    }
}
