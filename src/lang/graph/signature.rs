//! The form of a procedure, as the openCypher TCK writes it:
//! `test.my.proc(name :: STRING?, id :: INTEGER?) :: (city :: STRING?)`.

use nom::Parser;
use nom::multi::separated_list0;
use nom::sequence::delimited;

use super::atom::dotted;
use super::input::{In, Parsed, name_of, sign};
use super::type_name::type_name;
use crate::ast::graph::{Signature, TypeName};

/// A signature.
pub(super) fn signature(input: In<'_>) -> Parsed<'_, Signature> {
    if !input.is_name(0) {
        return input.miss("the name of a procedure");
    }
    let mut length = 1;
    while input.is_sign(length, ".") && input.is_name(length + 1) {
        length += 2;
    }
    let name = dotted(input, length);
    let (rest, inputs) = fields(input.skip(length))?;
    let (rest, _) = sign("::")(rest)?;
    if rest.is_word(0, "VOID") {
        return Ok((rest.skip(1), Signature { name, inputs, outputs: Vec::new() }));
    }
    let (rest, outputs) = fields(rest)?;
    Ok((rest, Signature { name, inputs, outputs }))
}

fn fields(input: In<'_>) -> Parsed<'_, Vec<(String, TypeName)>> {
    delimited(sign("("), separated_list0(sign(","), field), sign(")")).parse(input)
}

/// `name :: TYPE?`
fn field(input: In<'_>) -> Parsed<'_, (String, TypeName)> {
    let (rest, name) = name_of("the name of a field")(input)?;
    let (rest, _) = sign("::")(rest)?;
    let (rest, wanted) = field_type(rest)?;
    Ok((rest, (name.text, wanted)))
}

/// `STRING?`, `NUMBER?`, `LIST? OF STRING?`; all types allow null here.
fn field_type(input: In<'_>) -> Parsed<'_, TypeName> {
    let (rest, wanted) = if input.is_word(0, "NUMBER") {
        (input.skip(1), TypeName::Union(vec![TypeName::Integer, TypeName::Float]))
    } else {
        type_name(input)?
    };
    let rest = if rest.is_sign(0, "?") { rest.skip(1) } else { rest };
    match wanted {
        TypeName::List(_) if rest.is_word(0, "OF") => {
            let (rest, element) = field_type(rest.skip(1))?;
            Ok((rest, TypeName::List(Box::new(element))))
        }
        other => Ok((rest, other)),
    }
}
