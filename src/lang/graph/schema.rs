//! Indexes: CREATE INDEX, DROP INDEX, SHOW.

use nom::Parser;
use nom::combinator::opt;
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};

use super::collection::map_literal;
use super::diagnostic;
use super::input::{Fail, In, Parsed, name_of, sign, stop, word};
use crate::ast::graph::{CreateIndex, Name, Statement};

/// A statement about indexes; it gives up without a trace on anything else.
pub(super) fn statement(input: In<'_>) -> Parsed<'_, Statement> {
    if (input.is_word(0, "CREATE") || input.is_word(0, "DROP")) && input.is_word(1, "CONSTRAINT") {
        let place = input.skip(1).span();
        return Err(stop(
            diagnostic("UnexpectedSyntax", "trine does not have constraints yet", place)
                .hint("CREATE INDEX makes the look-up fast; MERGE keeps a node from being made twice"),
        ));
    }
    if input.is_word(0, "CREATE") {
        let kind = ["RANGE", "TEXT", "BTREE", "POINT"].iter().any(|kind| input.is_word(1, kind));
        let at = if kind { 2 } else { 1 };
        if input.is_word(at, "INDEX") {
            return create(input.skip(at + 1));
        }
    } else if input.is_word(0, "DROP") {
        return drop_index(input.skip(1));
    } else if input.is_word(0, "SHOW") {
        return show(input.skip(1));
    }
    Err(nom::Err::Error(Fail::Miss))
}

/// `[name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)`, or the older `ON :Label(key)`
fn create(input: In<'_>) -> Parsed<'_, Statement> {
    let unnamed = input.is_word(0, "IF") && input.is_word(1, "NOT")
        || input.is_word(0, "FOR") && input.is_sign(1, "(")
        || input.is_word(0, "ON") && input.is_sign(1, ":");
    let (rest, name) = if unnamed { (input, None) } else { opt(name_of("a name for the index")).parse(input)? };
    let (rest, condition) = opt((word("IF"), word("NOT"), word("EXISTS"))).parse(rest)?;
    let (rest, (on_relationships, label, properties)) =
        if rest.is_word(0, "ON") { old_target(rest)? } else { target(rest)? };
    let (rest, _) = opt(preceded(word("OPTIONS"), map_literal)).parse(rest)?;
    let index = CreateIndex {
        name: name.map(|name| name.text),
        if_not_exists: condition.is_some(),
        on_relationships,
        label: label.text,
        properties,
    };
    Ok((rest, Statement::CreateIndex(index)))
}

type Target = (bool, Name, Vec<String>);

/// `ON :Label(key, …)`
fn old_target(input: In<'_>) -> Parsed<'_, Target> {
    let (rest, label) =
        (word("ON"), sign(":"), name_of("a label")).parse(input).map(|(rest, (_, _, label))| (rest, label))?;
    let keys = separated_list1(sign(","), name_of("a property key"));
    let (rest, keys) = delimited(sign("("), keys, sign(")")).parse(rest)?;
    Ok((rest, (false, label, keys.into_iter().map(|key| key.text).collect())))
}

/// `FOR (n:Label) ON (n.key, …)`, `FOR ()-[r:TYPE]-() ON (r.key, …)`
fn target(input: In<'_>) -> Parsed<'_, Target> {
    let (rest, _) = word("FOR")(input)?;
    let (rest, relationship) =
        if rest.is_sign(0, "(") && rest.is_sign(1, ")") { relationship(rest)? } else { (rest, None) };
    let on_relationships = relationship.is_some();
    let (rest, (variable, label)) = match relationship {
        Some(named) => (rest, named),
        None => delimited(sign("("), labelled("a label"), sign(")")).parse(rest)?,
    };
    let (rest, _) = word("ON")(rest)?;
    let (rest, keys) = if rest.is_sign(0, "(") {
        delimited(sign("("), separated_list1(sign(","), |input| key(input, &variable)), sign(")")).parse(rest)?
    } else {
        key(rest, &variable).map(|(rest, key)| (rest, vec![key]))?
    };
    Ok((rest, (on_relationships, label, keys)))
}

/// `()-[r:TYPE]-()` in any direction
fn relationship(input: In<'_>) -> Parsed<'_, Option<(Name, Name)>> {
    let rest = input.skip(2);
    let rest = if rest.is_sign(0, "<") { rest.skip(1) } else { rest };
    let (rest, (_, _, named, _, _)) = (sign("-"), sign("["), labelled("a type"), sign("]"), sign("-")).parse(rest)?;
    let rest = if rest.is_sign(0, ">") { rest.skip(1) } else { rest };
    let (rest, _) = (sign("("), sign(")")).parse(rest)?;
    Ok((rest, Some(named)))
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

/// `INDEX name [IF EXISTS]`
fn drop_index(input: In<'_>) -> Parsed<'_, Statement> {
    let (rest, (_, name)) = (word("INDEX"), name_of("the name of an index")).parse(input)?;
    let (rest, condition) = opt((word("IF"), word("EXISTS"))).parse(rest)?;
    Ok((rest, Statement::DropIndex { name: name.text, if_exists: condition.is_some() }))
}

/// `INDEXES`, `CONSTRAINTS`, `PROCEDURES`, `FUNCTIONS`, in singular or plural
fn show(input: In<'_>) -> Parsed<'_, Statement> {
    let rest = ["ALL", "RANGE", "BUILT"].iter().find(|kind| input.is_word(0, kind)).map_or(input, |_| input.skip(1));
    let rest = if rest.is_word(0, "IN") { rest.skip(1) } else { rest };
    let subjects =
        [("INDEX", "INDEXES"), ("CONSTRAINT", "CONSTRAINTS"), ("PROCEDURE", "PROCEDURES"), ("FUNCTION", "FUNCTIONS")];
    match subjects.iter().find(|(one, many)| rest.is_word(0, one) || rest.is_word(0, many)) {
        Some((_, many)) => Ok((rest.skip(1), Statement::Show((*many).to_owned()))),
        None => rest.miss("INDEXES, CONSTRAINTS, PROCEDURES or FUNCTIONS"),
    }
}
