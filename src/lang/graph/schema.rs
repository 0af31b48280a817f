//! Indexes, constraints, SHOW.

use nom::Parser;
use nom::combinator::opt;
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};

use super::collection::map_literal;
use super::diagnostic;
use super::expression::filter;
use super::input::{Fail, In, Parsed, name_of, sign, stop, word};
use super::projection::projection;
use super::type_name::{is_typed, typed};
use crate::ast::graph::{CreateConstraint, CreateIndex, Name, Rule, Show, ShownRule, Statement, Subject, Target};

/// A statement about the schema; it gives up without a trace on anything else.
pub(super) fn statement(input: In<'_>) -> Parsed<'_, Statement> {
    if input.is_word(0, "CREATE") {
        if input.is_word(1, "CONSTRAINT") {
            return create_constraint(input.skip(2));
        }
        let kinds = ["RANGE", "TEXT", "BTREE", "POINT", "LOOKUP", "FULLTEXT", "VECTOR"];
        let kind = kinds.iter().find(|kind| input.is_word(1, kind) && input.is_word(2, "INDEX"));
        if let Some(kind @ ("LOOKUP" | "FULLTEXT" | "VECTOR")) = kind.copied() {
            let message = format!("trine has no {} indexes", kind.to_ascii_lowercase());
            return Err(stop(
                diagnostic("UnexpectedSyntax", message, input.skip(1).span())
                    .hint("CREATE INDEX makes a range index; labels and types are always indexed"),
            ));
        }
        let at = if kind.is_some() { 2 } else { 1 };
        if input.is_word(at, "INDEX") {
            return create_index(input.skip(at + 1));
        }
    } else if input.is_word(0, "DROP") {
        return drop(input.skip(1));
    } else if input.is_word(0, "SHOW") {
        return show(input.skip(1));
    }
    Err(nom::Err::Error(Fail::Miss))
}

/// `[name] [IF NOT EXISTS]`
fn head<'t>(input: In<'t>, what: &'static str) -> Parsed<'t, (Option<String>, bool)> {
    let unnamed = input.is_word(0, "IF") && input.is_word(1, "NOT")
        || input.is_word(0, "FOR") && input.is_sign(1, "(")
        || input.is_word(0, "ON") && (input.is_sign(1, ":") || input.is_sign(1, "("));
    let (rest, name) = if unnamed { (input, None) } else { opt(name_of(what)).parse(input)? };
    let (rest, condition) = opt((word("IF"), word("NOT"), word("EXISTS"))).parse(rest)?;
    Ok((rest, (name.map(|name| name.text), condition.is_some())))
}

/// `[name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)`, or the older `ON :Label(key)`
fn create_index(input: In<'_>) -> Parsed<'_, Statement> {
    let (rest, (name, if_not_exists)) = head(input, "a name for the index")?;
    let (rest, target) = if rest.is_word(0, "ON") { old_target(rest)? } else { target(rest)? };
    let (rest, _) = opt(preceded(word("OPTIONS"), map_literal)).parse(rest)?;
    Ok((rest, Statement::CreateIndex(CreateIndex { name, if_not_exists, target })))
}

/// `[name] [IF NOT EXISTS] FOR (n:Label) REQUIRE n.key IS UNIQUE`, or the older `ON (n:Label) ASSERT …`
fn create_constraint(input: In<'_>) -> Parsed<'_, Statement> {
    let (rest, (name, if_not_exists)) = head(input, "a name for the constraint")?;
    let old = rest.is_word(0, "ON");
    let (rest, _) = word(if old { "ON" } else { "FOR" })(rest)?;
    let (rest, (on_relationships, variable, label)) = subject(rest)?;
    let (rest, _) = if rest.is_word(0, "ASSERT") { word("ASSERT")(rest)? } else { word("REQUIRE")(rest)? };
    let exists = rest.is_word(0, "exists") && rest.is_sign(1, "(");
    let (rest, properties) = keys(if exists { rest.skip(1) } else { rest }, &variable)?;
    let place = rest.span();
    let (rest, rule) = if exists { (rest, Rule::Exists) } else { rule(rest, on_relationships)? };
    let (rest, _) = opt(preceded(word("OPTIONS"), map_literal)).parse(rest)?;
    if properties.len() > 1 && !matches!(rule, Rule::Unique | Rule::Key) {
        let message = "a constraint of this kind is on one property";
        return Err(stop(diagnostic("UnexpectedSyntax", message, place)));
    }
    let target = Target { on_relationships, label: label.text, properties };
    Ok((rest, Statement::CreateConstraint(CreateConstraint { name, if_not_exists, target, rule })))
}

/// `IS UNIQUE`, `IS NOT NULL`, `IS NODE KEY`, `IS :: TYPE`
fn rule(input: In<'_>, on_relationships: bool) -> Parsed<'_, Rule> {
    if input.is_sign(0, "::") {
        return typed(input).map(|(rest, wanted)| (rest, Rule::Type(wanted)));
    }
    let (rest, _) = word("IS")(input)?;
    if rest.is_word(0, "NOT") && rest.is_word(1, "NULL") {
        return Ok((rest.skip(2), Rule::Exists));
    }
    if is_typed(rest) {
        return typed(rest).map(|(rest, wanted)| (rest, Rule::Type(wanted)));
    }
    let (own, other): (&[&str], &str) =
        if on_relationships { (&["RELATIONSHIP", "REL"], "NODE") } else { (&["NODE"], "RELATIONSHIP") };
    if rest.is_word(0, other) {
        let message = format!("the pattern is no {}", other.to_ascii_lowercase());
        return Err(stop(diagnostic("UnexpectedSyntax", message, rest.span())));
    }
    let rest = if own.iter().any(|word| rest.is_word(0, word)) { rest.skip(1) } else { rest };
    match (rest.is_word(0, "UNIQUE"), rest.is_word(0, "KEY")) {
        (true, _) => Ok((rest.skip(1), Rule::Unique)),
        (_, true) => Ok((rest.skip(1), Rule::Key)),
        _ => rest.miss("UNIQUE, NOT NULL, KEY or a type"),
    }
}

/// `ON :Label(key, …)`
fn old_target(input: In<'_>) -> Parsed<'_, Target> {
    let (rest, label) =
        (word("ON"), sign(":"), name_of("a label")).parse(input).map(|(rest, (_, _, label))| (rest, label))?;
    let keys = separated_list1(sign(","), name_of("a property key"));
    let (rest, keys) = delimited(sign("("), keys, sign(")")).parse(rest)?;
    let properties = keys.into_iter().map(|key| key.text).collect();
    Ok((rest, Target { on_relationships: false, label: label.text, properties }))
}

/// `FOR (n:Label) ON (n.key, …)`, `FOR ()-[r:TYPE]-() ON (r.key, …)`
fn target(input: In<'_>) -> Parsed<'_, Target> {
    let (rest, (on_relationships, variable, label)) = preceded(word("FOR"), subject).parse(input)?;
    let (rest, properties) = preceded(word("ON"), |input| keys(input, &variable)).parse(rest)?;
    Ok((rest, Target { on_relationships, label: label.text, properties }))
}

/// `(n:Label)` or `()-[r:TYPE]-()`: whether it is a relationship, its variable, its label or type.
fn subject(input: In<'_>) -> Parsed<'_, (bool, Name, Name)> {
    if input.is_sign(0, "(") && input.is_sign(1, ")") {
        return relationship(input).map(|(rest, (variable, kind))| (rest, (true, variable, kind)));
    }
    let node = delimited(sign("("), labelled("a label"), sign(")")).parse(input)?;
    Ok((node.0, (false, node.1.0, node.1.1)))
}

/// `(n.a, n.b)` or `n.a`
fn keys<'t>(input: In<'t>, variable: &Name) -> Parsed<'t, Vec<String>> {
    if input.is_sign(0, "(") {
        return delimited(sign("("), separated_list1(sign(","), |input| key(input, variable)), sign(")")).parse(input);
    }
    key(input, variable).map(|(rest, key)| (rest, vec![key]))
}

/// `()-[r:TYPE]-()` in any direction
fn relationship(input: In<'_>) -> Parsed<'_, (Name, Name)> {
    let rest = input.skip(2);
    let rest = if rest.is_sign(0, "<") { rest.skip(1) } else { rest };
    let (rest, (_, _, named, _, _)) = (sign("-"), sign("["), labelled("a type"), sign("]"), sign("-")).parse(rest)?;
    let rest = if rest.is_sign(0, ">") { rest.skip(1) } else { rest };
    let (rest, _) = (sign("("), sign(")")).parse(rest)?;
    Ok((rest, named))
}

/// `n:Label`
fn labelled<'t>(what: &'static str) -> impl Fn(In<'t>) -> Parsed<'t, (Name, Name)> {
    move |input| {
        let (rest, (variable, _, label)) = (name_of("a variable"), sign(":"), name_of(what)).parse(input)?;
        Ok((rest, (variable, label)))
    }
}

/// `n.key`, where `n` must be the variable of the pattern.
fn key<'t>(input: In<'t>, variable: &Name) -> Parsed<'t, String> {
    let (rest, (owner, _, key)) =
        (name_of("a property such as n.name"), sign("."), name_of("a property key")).parse(input)?;
    if owner.text != variable.text {
        let message = format!("`{}` is not defined; the pattern calls it `{}`", owner.text, variable.text);
        return Err(stop(diagnostic("UndefinedVariable", message, owner.span)));
    }
    Ok((rest, key.text))
}

/// `INDEX name [IF EXISTS]`, `CONSTRAINT name [IF EXISTS]`
fn drop(input: In<'_>) -> Parsed<'_, Statement> {
    let constraint = input.is_word(0, "CONSTRAINT");
    if !constraint && !input.is_word(0, "INDEX") {
        return input.miss("INDEX or CONSTRAINT");
    }
    let rest = input.skip(1);
    if rest.is_word(0, "ON") && (rest.is_sign(1, ":") || rest.is_sign(1, "(")) {
        let problem = diagnostic("UnexpectedSyntax", "indexes and constraints are dropped by their names", rest.span());
        return Err(stop(problem.hint("SHOW INDEXES and SHOW CONSTRAINTS list them")));
    }
    let (rest, name) = name_of("the name of an index or constraint")(rest)?;
    let (rest, condition) = opt((word("IF"), word("EXISTS"))).parse(rest)?;
    let (name, if_exists) = (name.text, condition.is_some());
    let statement = match constraint {
        true => Statement::DropConstraint { name, if_exists },
        false => Statement::DropIndex { name, if_exists },
    };
    Ok((rest, statement))
}

/// `INDEXES`, `CONSTRAINTS`, `PROCEDURES`, `FUNCTIONS`, in singular or plural, with `YIELD`, `WHERE` and `RETURN`
fn show(input: In<'_>) -> Parsed<'_, Statement> {
    let (rest, subject) = shown(input)?;
    let (rest, yields) = opt(preceded(word("YIELD"), |input| projection(input, true))).parse(rest)?;
    let (rest, filter) = if yields.is_none() { filter(rest)? } else { (rest, None) };
    let (rest, returns) = match &yields {
        Some(_) => opt(preceded(word("RETURN"), |input| projection(input, false))).parse(rest)?,
        None => (rest, None),
    };
    Ok((rest, Statement::Show(Box::new(Show { subject, yields, filter, returns }))))
}

fn shown(input: In<'_>) -> Parsed<'_, Subject> {
    let is = |at: usize, one: &str, many: &str| input.is_word(at, one) || input.is_word(at, many);
    // Words that say which ones: all there are of them end before the subject.
    let Some(at) = (0..5).find(|&at| {
        [("INDEX", "INDEXES"), ("CONSTRAINT", "CONSTRAINTS"), ("PROCEDURE", "PROCEDURES"), ("FUNCTION", "FUNCTIONS")]
            .iter()
            .any(|(one, many)| is(at, one, many))
    }) else {
        return input.miss("INDEXES, CONSTRAINTS, PROCEDURES or FUNCTIONS");
    };
    let before = |words: &[&str]| (0..at).all(|index| words.iter().any(|word| input.is_word(index, word)));
    let rest = input.skip(at + 1);
    if is(at, "INDEX", "INDEXES") && before(&["ALL", "RANGE"]) {
        return Ok((rest, Subject::Indexes));
    }
    if is(at, "PROCEDURE", "PROCEDURES") && at == 0 {
        return Ok((executable(rest)?, Subject::Procedures));
    }
    if is(at, "FUNCTION", "FUNCTIONS") && before(&["ALL", "BUILT", "IN"]) {
        return Ok((executable(rest)?, Subject::Functions));
    }
    if is(at, "CONSTRAINT", "CONSTRAINTS")
        && before(&[
            "ALL",
            "NODE",
            "RELATIONSHIP",
            "REL",
            "UNIQUE",
            "UNIQUENESS",
            "KEY",
            "EXIST",
            "EXISTENCE",
            "PROPERTY",
            "TYPE",
        ])
    {
        let said = |word: &str| (0..at).any(|index| input.is_word(index, word));
        let kinds = [
            ("UNIQUE", "UNIQUENESS"),
            ("UNIQUENESS", "UNIQUENESS"),
            ("KEY", "KEY"),
            ("EXIST", "EXISTENCE"),
            ("EXISTENCE", "EXISTENCE"),
            ("TYPE", "TYPE"),
        ];
        let kind = kinds.iter().find(|(word, _)| said(word)).map(|(_, kind)| *kind);
        let on_relationships = match (said("NODE"), said("RELATIONSHIP") || said("REL")) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        };
        let shown = kind.map(|kind| ShownRule { kind, on_relationships });
        return Ok((rest, Subject::Constraints(shown)));
    }
    input.miss("INDEXES, CONSTRAINTS, PROCEDURES or FUNCTIONS")
}

/// `EXECUTABLE [BY CURRENT USER]`: everything is.
fn executable(input: In<'_>) -> Result<In<'_>, nom::Err<Fail>> {
    if !input.is_word(0, "EXECUTABLE") {
        return Ok(input);
    }
    let (rest, _) = opt((word("BY"), word("CURRENT"), word("USER"))).parse(input.skip(1))?;
    Ok(rest)
}
