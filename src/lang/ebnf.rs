//! The living grammar: the files of `grammar/`, read by the program itself.
//!
//! They feed `help syntax NAME`, and the tests generate sentences from them that the parsers must
//! accept. The notation is a subset of ISO 14977, described in `grammar/README.md`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while1};
use nom::character::complete::{char, multispace1};
use nom::combinator::{opt, recognize, value};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// Brackets in a rule may nest this deep.
const MAX_DEPTH: usize = 64;

/// The right-hand side of a rule, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text that stands for itself.
    Terminal(String),
    /// Another rule.
    Rule(String),
    /// What the notation cannot say: `? any character but the quote ?`.
    Special(String),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them.
    Choice(Vec<Node>),
    /// Once or not at all.
    Optional(Box<Node>),
    /// Any number of times, zero included.
    Repeat(Box<Node>),
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub definition: Node,
    /// The file it stands in, without its ending: `kv`, `doc`, `graph`, `trine`, `lexis`.
    pub file: &'static str,
    /// Its text, as written.
    pub text: String,
    /// The comment right above it.
    pub comment: String,
}

impl Rule {
    /// Its parts follow each other without blanks: it makes a word.
    pub fn is_lexical(&self) -> bool {
        self.file == "lexis"
    }
}

/// All rules.
#[derive(Debug, Default)]
pub struct Grammar {
    /// In the order written.
    pub rules: Vec<Rule>,
    by_name: HashMap<String, usize>,
}

/// What is wrong with a grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The file.
    pub file: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// What.
    pub what: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "grammar/{}.ebnf:{}: {}", self.file, self.line, self.what)
    }
}

/// The files of `grammar/`.
const FILES: [(&str, &str); 5] = [
    ("trine", include_str!("../../grammar/trine.ebnf")),
    ("kv", include_str!("../../grammar/kv.ebnf")),
    ("doc", include_str!("../../grammar/doc.ebnf")),
    ("graph", include_str!("../../grammar/graph.ebnf")),
    ("lexis", include_str!("../../grammar/lexis.ebnf")),
];

/// The grammar of trine. A test keeps it well-formed; a malformed file would be left out.
pub static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let mut grammar = Grammar::default();
    for (file, text) in FILES {
        // Read once, whatever the outcome: help without syntax is better than none.
        let _ = grammar.read(file, text);
    }
    grammar
});

impl Grammar {
    /// Reads all of `grammar/`.
    ///
    /// # Errors
    /// The first malformed place.
    pub fn load() -> Result<Grammar, Malformed> {
        let mut grammar = Grammar::default();
        for (file, text) in FILES {
            grammar.read(file, text)?;
        }
        Ok(grammar)
    }

    /// Adds the rules of one file.
    ///
    /// # Errors
    /// The first malformed place; the rules before it are kept.
    pub fn read(&mut self, file: &'static str, text: &str) -> Result<(), Malformed> {
        let mut rest = text;
        loop {
            let (after, comment) = trivia(rest);
            if after.is_empty() {
                return Ok(());
            }
            let malformed = |at: &str, what: String| {
                let line = text[..text.len() - at.len()].matches('\n').count() + 1;
                Malformed { file, line, what }
            };
            match rule(after) {
                Ok((behind, (name, definition))) => {
                    let written = after[..after.len() - behind.len()].trim_end().to_owned();
                    if self.by_name.insert(name.to_owned(), self.rules.len()).is_some() {
                        return Err(malformed(after, format!("a second rule '{name}'")));
                    }
                    self.rules.push(Rule { name: name.to_owned(), definition, file, text: written, comment });
                    rest = behind;
                }
                Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                    let seen: String = error.input.chars().take(20).collect();
                    return Err(malformed(error.input, format!("not understood: {seen:?}")));
                }
                Err(nom::Err::Incomplete(_)) => return Err(malformed(after, "the file ends in a rule".to_owned())),
            }
        }
    }

    /// The rule of this name; case counts only where two names differ in nothing else.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        let exact = self.by_name.get(name).and_then(|&at| self.rules.get(at));
        exact.or_else(|| self.rules.iter().find(|rule| rule.name.eq_ignore_ascii_case(name)))
    }

    /// The rules in which a word of the language stands, those that begin with it first.
    pub fn rules_with(&self, word: &str) -> Vec<&Rule> {
        let words: Vec<&str> = word.split(' ').filter(|word| !word.is_empty()).collect();
        let mut found: Vec<(bool, &Rule)> = Vec::new();
        for rule in &self.rules {
            let mut terminals = Vec::new();
            rule.definition.terminals(&mut terminals);
            let mut at = 0;
            let mut first = None;
            let stands = words.iter().all(|word| {
                let next = terminals[at..].iter().position(|terminal| terminal.eq_ignore_ascii_case(word));
                at += next.map_or(0, |next| next + 1);
                first = first.or(next);
                next.is_some()
            });
            if !words.is_empty() && stands {
                found.push((first != Some(0), rule));
            }
        }
        found.sort_by_key(|(later, _)| *later);
        found.into_iter().map(|(_, rule)| rule).collect()
    }
}

impl Node {
    /// Adds all terminals, in order.
    pub fn terminals<'n>(&'n self, found: &mut Vec<&'n str>) {
        match self {
            Node::Terminal(text) => found.push(text),
            Node::Rule(_) | Node::Special(_) => {}
            Node::Sequence(parts) | Node::Choice(parts) => parts.iter().for_each(|part| part.terminals(found)),
            Node::Optional(part) | Node::Repeat(part) => part.terminals(found),
        }
    }

    /// Adds the names of all rules it refers to, in order, each once.
    pub fn references<'n>(&'n self, found: &mut Vec<&'n str>) {
        match self {
            Node::Rule(name) if !found.contains(&name.as_str()) => found.push(name),
            Node::Terminal(_) | Node::Special(_) | Node::Rule(_) => {}
            Node::Sequence(parts) | Node::Choice(parts) => parts.iter().for_each(|part| part.references(found)),
            Node::Optional(part) | Node::Repeat(part) => part.references(found),
        }
    }
}

/// Skips blanks and comments; the last comment is the rule's own if no empty line follows it.
fn trivia(input: &str) -> (&str, String) {
    let mut rest = input;
    let mut own = String::new();
    loop {
        if let Ok((after, blanks)) = multispace1::<&str, nom::error::Error<&str>>(rest) {
            if blanks.matches('\n').count() > 1 {
                own.clear();
            }
            rest = after;
        } else if let Ok((after, text)) = comment(rest) {
            own = text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned();
            rest = after;
        } else {
            return (rest, own);
        }
    }
}

fn comment(input: &str) -> IResult<&str, &str> {
    delimited(tag("(*"), take_until("*)"), tag("*)")).parse(input)
}

fn gap(input: &str) -> IResult<&str, ()> {
    value((), many0(alt((multispace1, comment)))).parse(input)
}

fn sign<'a>(sign: char) -> impl Parser<&'a str, Output = char, Error = nom::error::Error<&'a str>> {
    delimited(gap, char(sign), gap)
}

fn name(input: &str) -> IResult<&str, &str> {
    recognize(pair(
        take_while1(|letter: char| letter.is_ascii_alphabetic()),
        take_while(|letter: char| letter.is_ascii_alphanumeric() || letter == '-'),
    ))
    .parse(input)
}

fn rule(input: &str) -> IResult<&str, (&str, Node)> {
    let (rest, name) = name(input)?;
    let (rest, _) = sign('=').parse(rest)?;
    let (rest, definition) = choice(rest, 0)?;
    let (rest, _) = preceded(gap, char(';')).parse(rest)?;
    Ok((rest, (name, definition)))
}

fn choice(input: &str, depth: usize) -> IResult<&str, Node> {
    if depth > MAX_DEPTH {
        return Err(nom::Err::Failure(nom::error::Error::new(input, nom::error::ErrorKind::TooLarge)));
    }
    let (rest, mut parts) = separated_list1(sign('|'), |input| sequence(input, depth)).parse(input)?;
    Ok((rest, if parts.len() == 1 { parts.swap_remove(0) } else { Node::Choice(parts) }))
}

fn sequence(input: &str, depth: usize) -> IResult<&str, Node> {
    let (rest, mut parts) = separated_list1(sign(','), |input| factor(input, depth)).parse(input)?;
    Ok((rest, if parts.len() == 1 { parts.swap_remove(0) } else { Node::Sequence(parts) }))
}

fn factor(input: &str, depth: usize) -> IResult<&str, Node> {
    let inner = |input| delimited(gap, |input| choice(input, depth + 1), gap).parse(input);
    let quoted = |quote: char| delimited(char(quote), take_while1(move |c: char| c != quote), char(quote));
    let (rest, _) = opt(gap).parse(input)?;
    alt((
        delimited(char('('), inner, char(')')),
        delimited(char('['), inner, char(']')).map(|node| Node::Optional(Box::new(node))),
        delimited(char('{'), inner, char('}')).map(|node| Node::Repeat(Box::new(node))),
        delimited(char('?'), take_until("?"), char('?')).map(|text: &str| Node::Special(text.trim().to_owned())),
        quoted('"').map(|text: &str| Node::Terminal(text.to_owned())),
        quoted('\'').map(|text: &str| Node::Terminal(text.to_owned())),
        name.map(|name| Node::Rule(name.to_owned())),
    ))
    .parse(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_is_read() {
        let mut grammar = Grammar::default();
        let text = "(* file *)\n\n(* A greeting.\n   Two lines. *)\nhello = \"hi\", [ name ], { '\"' | other-name } | ( ? any ? ) ;\nx = y;";
        grammar.read("trine", text).unwrap();
        let hello = grammar.rule("HELLO").unwrap();
        assert_eq!(hello.comment, "A greeting.\nTwo lines.");
        assert!(hello.text.starts_with("hello =") && hello.text.ends_with(';'));
        assert_eq!(
            hello.definition,
            Node::Choice(vec![
                Node::Sequence(vec![
                    Node::Terminal("hi".into()),
                    Node::Optional(Box::new(Node::Rule("name".into()))),
                    Node::Repeat(Box::new(Node::Choice(vec![
                        Node::Terminal("\"".into()),
                        Node::Rule("other-name".into())
                    ]))),
                ]),
                Node::Special("any".into()),
            ])
        );
        let mut references = Vec::new();
        hello.definition.references(&mut references);
        assert_eq!(references, ["name", "other-name"]);
    }

    #[test]
    fn what_is_malformed_is_placed() {
        for (text, line, why) in [
            ("a = b;\nc = ;", 2, "an empty rule"),
            ("a = b;\n\na = c;", 3, "a second rule of that name"),
            ("a = \"b", 1, "an open string"),
            ("a = b\nc = d;", 2, "a missing semicolon"),
        ] {
            let error = Grammar::default().read("trine", text).unwrap_err();
            assert_eq!(error.line, line, "{why}: {error}");
        }
        let deep = format!("a = {}b{};", "(".repeat(10_000), ")".repeat(10_000));
        assert!(Grammar::default().read("trine", &deep).is_err());
    }

    #[test]
    fn the_files_are_well_formed() {
        Grammar::load().unwrap();
    }
}
