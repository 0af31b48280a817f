//! Filter documents → conditions.

use super::array::ElementMatch;
use super::bits::Bits;
use super::comparison::{Comparison, OneOf};
use super::schema::Schema;
use super::{Node, Pattern, Predicate, TypeSet, evaluation};
use crate::doc::expression::{Expression, function};
use crate::doc::geo::{self, Near};
use crate::doc::path::Path;
use crate::doc::text::TextQuery;
use crate::doc::{Error, Result};
use crate::script::StoredFunction;
use crate::value::construct;
use bson::{Bson, Document, Regex};

/// Filters may be nested this deep, as in MongoDB.
const MAX_DEPTH: usize = 100;

/// A condition, or its negation.
type Signed = (Predicate, bool);

/// The operators that ask for an order by distance.
const NEAR: [&str; 3] = ["$near", "$nearSphere", "$geoNear"];

/// What a filter leaves to an index: an order by distance, or a search for text.
#[derive(Debug, Clone, Copy)]
pub enum Search<'f> {
    /// `$near` at this path.
    Near(&'f Path, &'f Near),
    /// `$text`
    Text(&'f TextQuery),
}

/// The `$near` or `$text` at the top of a filter.
///
/// # Errors
/// There are two, or one stands deeper.
pub fn search(node: &Node) -> Result<Option<Search<'_>>> {
    let parts = match node {
        Node::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut found = None;
    for part in parts {
        let here = match part {
            Node::Field(field) => match &field.1 {
                Predicate::Near { near, .. } => Some(Search::Near(&field.0, near)),
                predicate => {
                    refuse_near(predicate)?;
                    None
                }
            },
            Node::Text(text) => Some(Search::Text(text)),
            // Conjunctions inside each other are one.
            Node::And(_) => search(part)?,
            Node::Or(parts) => {
                for part in parts {
                    if search(part)?.is_some() {
                        return Err(misplaced());
                    }
                }
                None
            }
            Node::Not(part) => {
                if search(part)?.is_some() {
                    return Err(misplaced());
                }
                None
            }
            _ => None,
        };
        match (found, here) {
            (_, None) => {}
            (None, here) => found = here,
            (Some(_), Some(_)) => {
                return Err(Error::bad_value("Too many text or geoNear expressions"));
            }
        }
    }
    Ok(found)
}

fn refuse_near(predicate: &Predicate) -> Result<()> {
    match predicate {
        Predicate::Near { .. } => Err(misplaced()),
        Predicate::Every(parts) | Predicate::Element(ElementMatch::Value(parts)) => {
            parts.iter().try_for_each(|(part, _)| refuse_near(part))
        }
        Predicate::Element(ElementMatch::Object(node)) => match search(node)? {
            Some(_) => Err(misplaced()),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn misplaced() -> Error {
    Error::bad_value("geoNear and text must be top-level expressions")
}

/// A whole filter document.
pub fn document(filter: &Document, depth: usize) -> Result<Node> {
    if depth > MAX_DEPTH {
        return Err(Error::bad_value(format!("exceeded depth limit of {MAX_DEPTH} when building a query")));
    }
    let mut parts = Vec::with_capacity(filter.len());
    for (key, value) in filter {
        match key.strip_prefix('$') {
            None => field(key, value, depth, &mut parts)?,
            Some(_) => {
                if let Some(node) = top_level(key, value, depth)? {
                    parts.push(node);
                }
            }
        }
    }
    Ok(match parts.len() {
        1 => parts.remove(0),
        _ => Node::And(parts),
    })
}

fn top_level(operator: &str, value: &Bson, depth: usize) -> Result<Option<Node>> {
    Ok(Some(match operator {
        "$and" => Node::And(clauses(operator, value, depth)?),
        "$or" => either(clauses(operator, value, depth)?),
        "$nor" => Node::Not(Box::new(Node::Or(clauses(operator, value, depth)?))),
        "$expr" => Node::Expression { expression: Box::new(Expression::parse(value)?), source: value.clone() },
        "$comment" => return Ok(None),
        "$jsonSchema" => match value {
            Bson::Document(schema) => Node::Schema { schema: Box::new(Schema::new(schema)?), source: schema.clone() },
            _ => return Err(Error::type_mismatch("$jsonSchema must be an object")),
        },
        "$alwaysTrue" => Node::Constant(true),
        "$alwaysFalse" => Node::Constant(false),
        "$sampleRate" => match construct::number(Some(value)) {
            Some(rate) if (0.0..=1.0).contains(&rate) => Node::Sample(rate),
            _ => return Err(Error::bad_value("numeric argument to $sampleRate must be in [0, 1]")),
        },
        "$text" => Node::Text(Box::new(TextQuery::new(value)?)),
        "$where" => Node::Function(Box::new(where_function(value)?)),
        _ => {
            return Err(Error::bad_value(format!(
                "unknown top level operator: {operator}. If you are trying to negate an entire expression, use $nor. \
                 If you have a field name that starts with a '$' symbol, consider using $getField or $setField."
            )));
        }
    }))
}

/// `$or`; equalities of one path are an `$in`, as MongoDB's planner sees them.
fn either(parts: Vec<Node>) -> Node {
    let mut values = Vec::new();
    let mut common: Option<&Path> = None;
    for part in &parts {
        let Node::Field(field) = part else { return Node::Or(parts) };
        if **common.get_or_insert(&field.0) != field.0 {
            return Node::Or(parts);
        }
        match &field.1 {
            Predicate::Compare(Comparison::Equal, value) => values.push(value.clone()),
            Predicate::In(one_of) if one_of.patterns.is_empty() => values.extend(one_of.values.iter().cloned()),
            _ => return Node::Or(parts),
        }
    }
    match common {
        Some(path) if parts.len() > 1 => {
            Node::Field(Box::new((path.clone(), Predicate::In(OneOf::new(values, Vec::new())))))
        }
        _ => Node::Or(parts),
    }
}

fn clauses(operator: &str, value: &Bson, depth: usize) -> Result<Vec<Node>> {
    let Bson::Array(items) = value else {
        return Err(Error::bad_value(format!("{operator} must be an array")));
    };
    if items.is_empty() {
        return Err(Error::bad_value(format!("{operator} argument must be a non-empty array")));
    }
    items
        .iter()
        .map(|item| match item {
            Bson::Document(clause) => document(clause, depth + 1),
            _ => Err(Error::bad_value(format!("{operator} argument's entries must be objects"))),
        })
        .collect()
}

fn field(path: &str, value: &Bson, depth: usize, parts: &mut Vec<Node>) -> Result<()> {
    let path = Path::new(path);
    for (predicate, negated) in condition(value, depth)? {
        let node = Node::Field(Box::new((path.clone(), predicate)));
        parts.push(if negated { Node::Not(Box::new(node)) } else { node });
    }
    Ok(())
}

/// The conditions of `field: value`.
fn condition(value: &Bson, depth: usize) -> Result<Vec<Signed>> {
    match value {
        Bson::Document(operators) if is_operators(operators) => self::operators(operators, depth),
        Bson::RegularExpression(regex) => Ok(vec![(Predicate::Matches(Pattern::new(regex)?), false)]),
        Bson::Undefined => Err(Error::bad_value("cannot compare to undefined")),
        other => Ok(vec![(Predicate::Compare(Comparison::Equal, other.clone()), false)]),
    }
}

/// Whether a document is made of operators; a DBRef is not.
pub fn is_operators(document: &Document) -> bool {
    document.keys().next().is_some_and(|key| key.starts_with('$') && !matches!(key.as_str(), "$ref" | "$id" | "$db"))
}

pub fn operators(operators: &Document, depth: usize) -> Result<Vec<Signed>> {
    if depth > MAX_DEPTH {
        return Err(Error::bad_value(format!("exceeded depth limit of {MAX_DEPTH} when building a query")));
    }
    if operators.keys().any(|operator| NEAR.contains(&operator.as_str())) {
        return Ok(vec![(
            Predicate::Near { near: Box::new(geo::near_document(operators)?), source: operators.clone() },
            false,
        )]);
    }
    let mut conditions = Vec::with_capacity(operators.len());
    for (operator, operand) in operators {
        let compare = |comparison| -> Result<Predicate> {
            match operand {
                Bson::Undefined => Err(Error::bad_value("cannot compare to undefined")),
                Bson::RegularExpression(_) if comparison != Comparison::Equal => {
                    Err(Error::bad_value(format!("Can't have RegEx as arg to predicate over field ({operator}).")))
                }
                other => Ok(Predicate::Compare(comparison, other.clone())),
            }
        };
        let condition = match operator.as_str() {
            "$eq" => (compare(Comparison::Equal)?, false),
            "$ne" => {
                if matches!(operand, Bson::RegularExpression(_)) {
                    return Err(Error::bad_value("Can't have regex as arg to $ne."));
                }
                (compare(Comparison::Equal)?, true)
            }
            "$gt" => (compare(Comparison::Greater)?, false),
            "$gte" => (compare(Comparison::GreaterOrEqual)?, false),
            "$lt" => (compare(Comparison::Less)?, false),
            "$lte" => (compare(Comparison::LessOrEqual)?, false),
            "$in" => (one_of(operator, operand)?, false),
            "$nin" => (one_of(operator, operand)?, true),
            "$exists" => (Predicate::Exists, !crate::doc::expression::is_true(Some(operand))),
            "$type" => (Predicate::Type(TypeSet::new(operand)?), false),
            "$regex" => (Predicate::Matches(regex(operand, operators.get("$options"))?), false),
            "$options" => {
                if operators.contains_key("$regex") {
                    continue;
                }
                return Err(Error::bad_value("$options needs a $regex"));
            }
            "$mod" => {
                let (divisor, remainder) = evaluation::modulo_operands(operand)?;
                (Predicate::Modulo { divisor, remainder }, false)
            }
            "$size" => (Predicate::Size(evaluation::size_operand(operand)?), false),
            "$all" => {
                conditions.extend(all(operand, depth)?);
                continue;
            }
            "$elemMatch" => (element_match(operand, depth)?, false),
            "$not" => (negation(operand, depth)?, true),
            "$bitsAllSet" | "$bitsAnySet" | "$bitsAllClear" | "$bitsAnyClear" => {
                (Predicate::Bits(Bits::new(operator, operand)?), false)
            }
            "$comment" => continue,
            "$geoWithin" | "$within" | "$geoIntersects" => {
                let operator = if operator == "$within" { "$geoWithin" } else { operator };
                let region = Box::new(geo::region(operator, operand)?);
                let mut source = Document::new();
                source.insert(operator, operand.clone());
                (Predicate::Region { region, source }, false)
            }
            _ => return Err(unknown(operator)),
        };
        conditions.push(condition);
    }
    Ok(conditions)
}

fn one_of(operator: &str, operand: &Bson) -> Result<Predicate> {
    let Bson::Array(items) = operand else {
        return Err(Error::bad_value(format!("{operator} needs an array")));
    };
    let mut values = Vec::with_capacity(items.len());
    let mut patterns = Vec::new();
    for item in items {
        match item {
            Bson::RegularExpression(regex) => patterns.push(Pattern::new(regex)?),
            Bson::Undefined => return Err(Error::bad_value("cannot compare to undefined")),
            Bson::Document(document) if is_operators(document) => {
                return Err(Error::bad_value(format!("cannot nest $ under {operator}")));
            }
            other => values.push(other.clone()),
        }
    }
    Ok(Predicate::In(OneOf::new(values, patterns)))
}

/// `$regex` with its `$options`.
fn regex(operand: &Bson, options: Option<&Bson>) -> Result<Pattern> {
    let options = match options {
        None => None,
        Some(Bson::String(options)) => Some(options.as_str()),
        Some(_) => return Err(Error::bad_value("$options has to be a string")),
    };
    match operand {
        Bson::String(pattern) => Pattern::new(&make_regex(pattern, options.unwrap_or(""))?),
        Bson::RegularExpression(regex) => match options {
            Some(_) if !regex.options.as_str().is_empty() => {
                Err(Error::new(crate::doc::Code::Location(51074), "options set in both $regex and $options"))
            }
            Some(options) => Pattern::new(&make_regex(regex.pattern.as_str(), options)?),
            None => Pattern::new(regex),
        },
        _ => Err(Error::bad_value("$regex has to be a string")),
    }
}

fn make_regex(pattern: &str, options: &str) -> Result<Regex> {
    let nul = |_| Error::bad_value("Regular expression cannot contain an embedded null byte");
    Ok(Regex {
        pattern: pattern.to_owned().try_into().map_err(nul)?,
        options: options.to_owned().try_into().map_err(nul)?,
    })
}

/// `$all`: each value by itself; none of them: no document.
fn all(operand: &Bson, depth: usize) -> Result<Vec<Signed>> {
    let Bson::Array(items) = operand else {
        return Err(Error::bad_value("$all needs an array"));
    };
    if items.is_empty() {
        return Ok(vec![(Predicate::In(OneOf::new(Vec::new(), Vec::new())), false)]);
    }
    let elements = items.iter().filter(|item| is_element_match(item)).count();
    if elements > 0 && elements < items.len() {
        return Err(Error::bad_value("$all/$elemMatch has to be consistent"));
    }
    items
        .iter()
        .map(|item| match item {
            Bson::Document(document) if document.keys().next().is_some_and(|key| key == "$elemMatch") => {
                match document.get("$elemMatch") {
                    Some(operand) => Ok((element_match(operand, depth)?, false)),
                    None => Err(Error::bad_value("$elemMatch needs an Object")),
                }
            }
            Bson::Document(document) if is_operators(document) => Err(Error::bad_value("no $ expressions in $all")),
            Bson::RegularExpression(regex) => Ok((Predicate::Matches(Pattern::new(regex)?), false)),
            Bson::Undefined => Err(Error::bad_value("cannot compare to undefined")),
            other => Ok((Predicate::Compare(Comparison::Equal, other.clone()), false)),
        })
        .collect()
}

fn is_element_match(item: &Bson) -> bool {
    matches!(item, Bson::Document(document) if document.keys().next().is_some_and(|key| key == "$elemMatch"))
}

fn element_match(operand: &Bson, depth: usize) -> Result<Predicate> {
    let Bson::Document(query) = operand else {
        return Err(Error::bad_value("$elemMatch needs an Object"));
    };
    Ok(Predicate::Element(if is_value_form(query) {
        ElementMatch::Value(operators(query, depth + 1)?)
    } else {
        let node = document(query, depth + 1)?;
        if holds_function(&node) {
            return Err(Error::bad_value("$where can only be applied to the top-level document"));
        }
        if holds_expression(&node) {
            return Err(Error::new(
                crate::doc::Code::QueryFeatureNotAllowed,
                "$expr can only be applied to the top-level document",
            ));
        }
        ElementMatch::Object(Box::new(node))
    }))
}

/// The function of `$where`: a function, or the expression or the statements that one is made of.
fn where_function(value: &Bson) -> Result<StoredFunction> {
    let source = match value {
        Bson::String(source) | Bson::JavaScriptCode(source) => source,
        Bson::JavaScriptCodeWithScope(_) => return function::read("$where", value),
        _ => return Err(Error::bad_value("$where got bad type")),
    };
    StoredFunction::new(source)
        .or_else(|_| StoredFunction::new(&format!("function () {{ return ({source}\n) }}")))
        .or_else(|_| StoredFunction::new(&format!("function () {{ {source}\n }}")))
        .map_err(Error::in_function)
}

/// Whether `$where` stands in a filter.
pub fn holds_function(node: &Node) -> bool {
    match node {
        Node::Function(_) => true,
        Node::And(parts) | Node::Or(parts) => parts.iter().any(holds_function),
        Node::Not(part) => holds_function(part),
        _ => false,
    }
}

fn holds_expression(node: &Node) -> bool {
    match node {
        Node::Expression { .. } => true,
        Node::And(parts) | Node::Or(parts) => parts.iter().any(holds_expression),
        Node::Not(part) => holds_expression(part),
        _ => false,
    }
}

/// Whether a query is made of operators on a value rather than of conditions on a document.
pub fn is_value_form(query: &Document) -> bool {
    is_operators(query)
        && !matches!(
            query.keys().next().map(String::as_str),
            Some("$and" | "$or" | "$nor" | "$expr" | "$where" | "$jsonSchema" | "$comment")
        )
}

/// The condition inside `$not`, several of which must hold together before they are negated.
fn negation(operand: &Bson, depth: usize) -> Result<Predicate> {
    match operand {
        Bson::RegularExpression(regex) => Ok(Predicate::Matches(Pattern::new(regex)?)),
        Bson::Document(query) if query.is_empty() => Err(Error::bad_value("$not cannot be empty")),
        Bson::Document(query) if !is_operators(query) => {
            Err(Error::bad_value(format!("unknown operator: {}", query.keys().next().map_or("", String::as_str))))
        }
        Bson::Document(query) => Ok(Predicate::Every(operators(query, depth + 1)?)),
        _ => Err(Error::bad_value("$not needs a regex or a document")),
    }
}

/// The operators of a field's conditions, for the hint about a misspelt one.
const OPERATORS: [&str; 24] = [
    "$eq",
    "$ne",
    "$gt",
    "$gte",
    "$lt",
    "$lte",
    "$in",
    "$nin",
    "$exists",
    "$type",
    "$regex",
    "$mod",
    "$size",
    "$all",
    "$elemMatch",
    "$not",
    "$geoWithin",
    "$geoIntersects",
    "$near",
    "$nearSphere",
    "$bitsAllSet",
    "$bitsAllClear",
    "$bitsAnySet",
    "$bitsAnyClear",
];

fn unknown(operator: &str) -> Error {
    let error = Error::bad_value(format!("unknown operator: {operator}"));
    let nearest = crate::text::suggest::nearest(operator, OPERATORS, 3);
    if nearest.is_empty() { error } else { error.hint(format!("did you mean {}?", nearest.join(", "))) }
}
