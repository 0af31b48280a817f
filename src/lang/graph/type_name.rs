//! Names of value types: `INTEGER`, `LIST<STRING NOT NULL>`, `INTEGER | FLOAT`.

use nom::Parser;
use nom::combinator::map;
use nom::multi::separated_list1;
use nom::sequence::delimited;

use super::input::{In, Parsed, sign, word};
use crate::ast::graph::TypeName;

const TYPE: &str = "a type such as INTEGER or LIST<STRING>";

/// Types of one word or of several; longer names stand before their beginnings.
const NAMES: &[(&[&str], TypeName)] = &[
    (&["ANY", "PROPERTY", "VALUE"], TypeName::PropertyValue),
    (&["PROPERTY", "VALUE"], TypeName::PropertyValue),
    (&["ANY", "NODE"], TypeName::Node),
    (&["ANY", "VERTEX"], TypeName::Node),
    (&["ANY", "RELATIONSHIP"], TypeName::Relationship),
    (&["ANY", "EDGE"], TypeName::Relationship),
    (&["ANY", "MAP"], TypeName::Map),
    (&["ANY", "VALUE"], TypeName::Any),
    (&["ANY"], TypeName::Any),
    (&["NOTHING"], TypeName::Nothing),
    (&["NULL"], TypeName::Null),
    (&["BOOLEAN"], TypeName::Boolean),
    (&["BOOL"], TypeName::Boolean),
    (&["STRING"], TypeName::String),
    (&["VARCHAR"], TypeName::String),
    (&["SIGNED", "INTEGER"], TypeName::Integer),
    (&["INTEGER"], TypeName::Integer),
    (&["INT"], TypeName::Integer),
    (&["FLOAT"], TypeName::Float),
    (&["DATE"], TypeName::Date),
    (&["LOCAL", "TIME"], TypeName::LocalTime),
    (&["LOCAL", "DATETIME"], TypeName::LocalDateTime),
    (&["ZONED", "TIME"], TypeName::ZonedTime),
    (&["ZONED", "DATETIME"], TypeName::ZonedDateTime),
    (&["TIME", "WITHOUT", "TIMEZONE"], TypeName::LocalTime),
    (&["TIME", "WITHOUT", "TIME", "ZONE"], TypeName::LocalTime),
    (&["TIME", "WITH", "TIMEZONE"], TypeName::ZonedTime),
    (&["TIME", "WITH", "TIME", "ZONE"], TypeName::ZonedTime),
    (&["TIMESTAMP", "WITHOUT", "TIMEZONE"], TypeName::LocalDateTime),
    (&["TIMESTAMP", "WITHOUT", "TIME", "ZONE"], TypeName::LocalDateTime),
    (&["TIMESTAMP", "WITH", "TIMEZONE"], TypeName::ZonedDateTime),
    (&["TIMESTAMP", "WITH", "TIME", "ZONE"], TypeName::ZonedDateTime),
    (&["DURATION"], TypeName::Duration),
    (&["POINT"], TypeName::Point),
    (&["NODE"], TypeName::Node),
    (&["VERTEX"], TypeName::Node),
    (&["RELATIONSHIP"], TypeName::Relationship),
    (&["EDGE"], TypeName::Relationship),
    (&["PATH"], TypeName::Path),
    (&["MAP"], TypeName::Map),
];

/// A type, or several with bars between them.
pub(super) fn type_name(input: In<'_>) -> Parsed<'_, TypeName> {
    let inside = input.deeper()?;
    if input.bar_ends {
        return single(inside).map(|(rest, parsed)| (rest.back_to(input), parsed));
    }
    let (rest, mut parts) = separated_list1(sign("|"), single).parse(inside)?;
    let parsed = match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            TypeName::Union(parts)
        }
    };
    Ok((rest.back_to(input), parsed))
}

fn single<'t>(input: In<'t>) -> Parsed<'t, TypeName> {
    let in_angles = |outer: In<'t>| {
        let (rest, parsed) = delimited(sign("<"), type_name, sign(">")).parse(outer.bars_free())?;
        Ok((rest.back_to(outer), parsed))
    };
    let (rest, parsed) = if input.is_sign(1, "<") && (input.is_word(0, "LIST") || input.is_word(0, "ARRAY")) {
        map(in_angles, |element| TypeName::List(Box::new(element))).parse(input.skip(1))?
    } else if input.is_sign(2, "<") && input.is_word(0, "ANY") && input.is_word(1, "VALUE") {
        in_angles(input.skip(2))?
    } else if input.is_sign(1, "<") && input.is_word(0, "ANY") {
        // `x IS :: ANY < y` compares.
        match in_angles(input.skip(1)) {
            Err(nom::Err::Error(_)) => (input.skip(1), TypeName::Any),
            decided => decided?,
        }
    } else if input.is_word(0, "LIST") {
        (input.skip(1), TypeName::List(Box::new(TypeName::Any)))
    } else {
        named(input)?
    };
    if rest.is_sign(0, "!") {
        return Ok((rest.skip(1), TypeName::NotNull(Box::new(parsed))));
    }
    if rest.is_word(0, "NOT") && rest.is_word(1, "NULL") {
        return Ok((rest.skip(2), TypeName::NotNull(Box::new(parsed))));
    }
    Ok((rest, parsed))
}

fn named(input: In<'_>) -> Parsed<'_, TypeName> {
    let fits = |words: &[&str]| words.iter().enumerate().all(|(at, word)| input.is_word(at, word));
    match NAMES.iter().find(|(words, _)| fits(words)) {
        Some((words, name)) => Ok((input.skip(words.len()), name.clone())),
        None => input.miss(TYPE),
    }
}

/// `:: TYPE` or `TYPED TYPE`
pub(super) fn typed(input: In<'_>) -> Parsed<'_, TypeName> {
    let (rest, ()) =
        if input.is_sign(0, "::") { (input.skip(1), ()) } else { word("TYPED")(input).map(|(rest, _)| (rest, ()))? };
    type_name(rest)
}

/// Does `:: TYPE` or `TYPED TYPE` stand here?
pub(super) fn is_typed(input: In<'_>) -> bool {
    input.is_sign(0, "::") || input.is_word(0, "TYPED")
}
