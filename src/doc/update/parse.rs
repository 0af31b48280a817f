//! Update documents → operators.

use super::arithmetic::Bitwise;
use super::path::Target;
use super::{ArraySort, Operator, Operators};
use crate::doc::expression::Variables;
use crate::doc::query::{ElementCondition, Filter};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result, shell_text};
use crate::value::construct;
use bson::{Bson, Document};

/// Every update operator.
pub const OPERATORS: &[&str] = &[
    "$set",
    "$unset",
    "$inc",
    "$mul",
    "$min",
    "$max",
    "$rename",
    "$setOnInsert",
    "$currentDate",
    "$bit",
    "$push",
    "$pull",
    "$pullAll",
    "$addToSet",
    "$pop",
];

/// The operators of an update with its array filters.
pub fn operators(update: &Document, array_filters: &[Bson], variables: &Variables) -> Result<Operators> {
    let filters = array_filters.iter().map(|filter| array_filter(filter, variables)).collect::<Result<Vec<_>>>()?;
    for (at, (name, _)) in filters.iter().enumerate() {
        if filters[..at].iter().any(|(other, _)| other == name) {
            return Err(Error::failed_to_parse(format!(
                "Found multiple array filters with the same top-level field name {name}"
            )));
        }
    }
    let mut changes: Vec<(Target, Operator)> = Vec::new();
    for (operator, fields) in update {
        if !OPERATORS.contains(&operator.as_str()) {
            let near = crate::text::suggest::nearest(operator, OPERATORS.iter().copied(), 1);
            let error = Error::failed_to_parse(format!(
                "Unknown modifier: {operator}. Expected a valid update modifier or pipeline-style update specified as an array"
            ));
            return Err(match near.first() {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => error,
            });
        }
        let Bson::Document(fields) = fields else {
            return Err(Error::failed_to_parse(format!(
                "Modifiers operate on fields but we found type {} instead. For example: {{$mod: {{<field>: ...}}}} not {{{operator}: {}}}",
                crate::doc::expression::type_name(Some(fields)),
                shell_text::value(fields)
            )));
        };
        for (path, operand) in fields {
            let target = Target::new(path)?;
            changes.push((target, self::operator(operator, path, operand, variables)?));
        }
    }
    check_conflicts(&changes)?;
    for (target, _) in &changes {
        for name in target.filter_names() {
            if !filters.iter().any(|(known, _)| known == name) {
                return Err(Error::bad_value(format!(
                    "No array filter found for identifier '{name}' in path '{}'",
                    target.as_str()
                )));
            }
        }
    }
    if let Some((unused, _)) = filters
        .iter()
        .find(|(name, _)| !changes.iter().any(|(target, _)| target.filter_names().any(|used| used == name)))
    {
        return Err(Error::failed_to_parse(format!(
            "The array filter for identifier '{unused}' was not used in the update {}",
            shell_text::document(update)
        )));
    }
    changes.sort_by(|a, b| place(a).compare(&place(b)));
    Ok(Operators { changes, filters })
}

/// A renamed field takes its place in the order by its new name.
fn place(change: &(Target, Operator)) -> Target {
    match &change.1 {
        Operator::Rename(to) => Target::new(to).unwrap_or_else(|_| change.0.clone()),
        _ => change.0.clone(),
    }
}

fn check_conflicts(changes: &[(Target, Operator)]) -> Result<()> {
    let mut paths: Vec<Target> = Vec::new();
    for (target, operator) in changes {
        let renamed = match operator {
            Operator::Rename(to) => Some(Target::new(to)?),
            _ => None,
        };
        for path in std::iter::once(target.clone()).chain(renamed) {
            if let Some(meeting) = paths.iter().find_map(|earlier| earlier.conflict(&path)) {
                return Err(Error::new(
                    Code::ConflictingUpdateOperators,
                    format!("Updating the path '{}' would create a conflict at '{meeting}'", path.as_str()),
                ));
            }
            paths.push(path);
        }
    }
    Ok(())
}

fn array_filter(filter: &Bson, variables: &Variables) -> Result<(String, Filter)> {
    let Bson::Document(document) = filter else {
        return Err(Error::type_mismatch(
            "BSON field 'update.updates.arrayFilters.0' is the wrong type, expected type 'object'",
        ));
    };
    let mut names = Vec::new();
    roots(document, &mut names);
    let Some(name) = names.first().cloned() else {
        return Err(Error::failed_to_parse("Cannot use an expression without a top-level field name in arrayFilters"));
    };
    if let Some(other) = names.iter().find(|other| **other != name) {
        return Err(Error::failed_to_parse(format!(
            "Error parsing array filter :: caused by :: Expected a single top-level field name, found '{name}' and '{other}'"
        )));
    }
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase())
        || !name.chars().all(|letter| letter.is_ascii_alphanumeric())
    {
        return Err(Error::bad_value(format!(
            "Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '{name}'"
        )));
    }
    Ok((name, Filter::new(document)?.with_variables(variables.clone())))
}

fn roots(document: &Document, names: &mut Vec<String>) {
    for (key, value) in document {
        if !key.starts_with('$') {
            names.push(key.split('.').next().unwrap_or_default().to_owned());
        } else if let Bson::Array(clauses) = value {
            clauses.iter().filter_map(Bson::as_document).for_each(|clause| roots(clause, names));
        }
    }
}

fn operator(name: &str, path: &str, operand: &Bson, variables: &Variables) -> Result<Operator> {
    Ok(match name {
        "$set" => Operator::Set(operand.clone()),
        "$setOnInsert" => Operator::SetOnInsert(operand.clone()),
        "$unset" => Operator::Unset,
        "$min" => Operator::Minimum(operand.clone()),
        "$max" => Operator::Maximum(operand.clone()),
        "$inc" => Operator::Increment(numeric("increment", path, operand)?),
        "$mul" => Operator::Multiply(numeric("multiply", path, operand)?),
        "$rename" => rename(path, operand)?,
        "$currentDate" => current_date(operand)?,
        "$bit" => bit(path, operand)?,
        "$push" => push(operand)?,
        "$addToSet" => Operator::AddToSet(match each(operand, "$addToSet")? {
            Some((values, modifiers)) => {
                if let Some(other) = modifiers.keys().find(|key| *key != "$each") {
                    return Err(Error::bad_value(format!("Found unexpected fields after $each in $addToSet: {other}")));
                }
                values
            }
            None => vec![operand.clone()],
        }),
        "$pull" => Operator::Pull(ElementCondition::new(operand, variables)?),
        "$pullAll" => match operand {
            Bson::Array(values) => Operator::PullAll(values.clone()),
            other => {
                return Err(Error::bad_value(format!(
                    "$pullAll requires an array argument but was given a {}",
                    crate::doc::expression::type_name(Some(other))
                )));
            }
        },
        "$pop" => match construct::number(Some(operand)) {
            Some(1.0) => Operator::Pop { first: false },
            Some(-1.0) => Operator::Pop { first: true },
            Some(_) => {
                return Err(Error::failed_to_parse(format!(
                    "$pop expects 1 or -1, found: {}",
                    shell_text::value(operand)
                )));
            }
            None => {
                return Err(Error::failed_to_parse(format!(
                    "Expected a number in: {path}: {}",
                    shell_text::value(operand)
                )));
            }
        },
        _ => return Err(Error::failed_to_parse(format!("Unknown modifier: {name}"))),
    })
}

fn numeric(verb: &str, path: &str, operand: &Bson) -> Result<Bson> {
    match operand {
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => Ok(operand.clone()),
        other => Err(Error::type_mismatch(format!(
            "Cannot {verb} with non-numeric argument: {{{path}: {}}}",
            shell_text::value(other)
        ))),
    }
}

fn rename(path: &str, operand: &Bson) -> Result<Operator> {
    let Bson::String(to) = operand else {
        return Err(Error::bad_value(format!(
            "The 'to' field for $rename must be a string: {path}: {}",
            shell_text::value(operand)
        )));
    };
    if to == path {
        return Err(Error::bad_value(format!("The source and target field for $rename must differ: {path}: \"{to}\"")));
    }
    for name in [path, to] {
        if name.split('.').any(|part| part.starts_with('$')) {
            return Err(Error::bad_value(format!("The source or target field for $rename may not be dynamic: {name}")));
        }
    }
    Ok(Operator::Rename(to.clone()))
}

fn current_date(operand: &Bson) -> Result<Operator> {
    match operand {
        Bson::Boolean(_) => return Ok(Operator::CurrentDate { timestamp: false }),
        Bson::Document(document) if document.len() == 1 => match document.get("$type") {
            Some(Bson::String(kind)) if kind == "date" => return Ok(Operator::CurrentDate { timestamp: false }),
            Some(Bson::String(kind)) if kind == "timestamp" => return Ok(Operator::CurrentDate { timestamp: true }),
            _ => {}
        },
        _ => {
            return Err(Error::bad_value(format!(
                "{} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({{$type: 'timestamp/date'}}).",
                crate::doc::expression::type_name(Some(operand))
            )));
        }
    }
    Err(Error::bad_value(
        "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    ))
}

fn bit(path: &str, operand: &Bson) -> Result<Operator> {
    let wrong = || {
        Error::bad_value(format!(
            "The $bit modifier is not compatible with this operand. You must pass in an embedded document: \
             {{$bit: {{field: {{and/or/xor: #}}}}}} ({path})"
        ))
    };
    let Bson::Document(operations) = operand else { return Err(wrong()) };
    let operations = operations
        .iter()
        .map(|(name, value)| {
            let operation = match name.as_str() {
                "and" => Bitwise::And,
                "or" => Bitwise::Or,
                "xor" => Bitwise::Xor,
                other => {
                    return Err(Error::bad_value(format!(
                        "The $bit modifier only supports 'and', 'or', and 'xor', not '{other}' which is an unknown operator"
                    )));
                }
            };
            match value {
                Bson::Int32(_) | Bson::Int64(_) => Ok((operation, value.clone())),
                _ => Err(Error::bad_value(format!("The $bit modifier field must be an Integer(32/64 bit); a '{}' is not supported here", crate::doc::expression::type_name(Some(value))))),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    if operations.is_empty() {
        return Err(wrong());
    }
    Ok(Operator::Bitwise(operations))
}

/// The values of `$each` and the document they stand in, if the operand has one.
fn each<'o>(operand: &'o Bson, operator: &str) -> Result<Option<(Vec<Bson>, &'o Document)>> {
    let Bson::Document(document) = operand else { return Ok(None) };
    match document.get("$each") {
        None => Ok(None),
        Some(Bson::Array(values)) => Ok(Some((values.clone(), document))),
        Some(other) => Err(Error::bad_value(format!(
            "The argument to $each in {operator} must be an array but it was of type: {}",
            crate::doc::expression::type_name(Some(other))
        ))),
    }
}

fn push(operand: &Bson) -> Result<Operator> {
    let Some((values, modifiers)) = each(operand, "$push")? else {
        return Ok(Operator::Push { values: vec![operand.clone()], slice: None, sort: None, position: None });
    };
    let (mut slice, mut sort, mut position) = (None, None, None);
    let whole = |name: &str, value: &Bson| match construct::number(Some(value)) {
        Some(number) if number.fract() == 0.0 => Ok(number as i64),
        _ => Err(Error::bad_value(format!(
            "The value for {name} must be an integer value but was given type: {}",
            crate::doc::expression::type_name(Some(value))
        ))),
    };
    for (name, value) in modifiers {
        match name.as_str() {
            "$each" => {}
            "$slice" => slice = Some(whole(name, value)?),
            "$position" => position = Some(whole(name, value)?),
            "$sort" => {
                sort = Some(match value {
                    Bson::Document(spec) if !spec.is_empty() => ArraySort::Fields(SortSpec::new(spec)?),
                    Bson::Document(_) => {
                        return Err(Error::bad_value("The $sort pattern is empty when it should be a set of fields."));
                    }
                    number => match construct::number(Some(number)) {
                        Some(1.0) => ArraySort::Values { descending: false },
                        Some(-1.0) => ArraySort::Values { descending: true },
                        _ => {
                            return Err(Error::bad_value(
                                "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
                            ));
                        }
                    },
                });
            }
            other => return Err(Error::bad_value(format!("Unrecognized clause in $push: {other}"))),
        }
    }
    Ok(Operator::Push { values, slice, sort, position })
}
