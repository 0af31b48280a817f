//! `$jsonSchema`: JSON Schema draft 4 with `bsonType`, as MongoDB validates with it.

mod failure;

use super::{Pattern, TypeSet};
use crate::doc::{Error, Result};
use crate::value::construct::number;
use crate::value::order::{compare, equal};
use bson::{Bson, Document, Regex};
use std::cmp::Ordering;

/// A compiled schema.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    types: Option<TypeSet>,
    /// Only encrypted binary data (subtype 6).
    encrypted: bool,
    required: Vec<String>,
    properties: Vec<(String, Schema)>,
    pattern_properties: Vec<(Pattern, Schema)>,
    additional: Additional,
    minimum: Option<(Bson, bool)>,
    maximum: Option<(Bson, bool)>,
    multiple_of: Option<f64>,
    choices: Option<Vec<Bson>>,
    lengths: (Option<usize>, Option<usize>),
    pattern: Option<Pattern>,
    items: Option<Box<Schema>>,
    tuple: Vec<Schema>,
    additional_items: Additional,
    counts: (Option<usize>, Option<usize>),
    unique: bool,
    fields: (Option<usize>, Option<usize>),
    all_of: Vec<Schema>,
    any_of: Vec<Schema>,
    one_of: Vec<Schema>,
    not: Option<Box<Schema>>,
    dependencies: Vec<(String, Dependency)>,
    /// What it says of itself.
    description: Option<String>,
}

#[derive(Debug, Clone, Default)]
enum Additional {
    #[default]
    Allowed,
    Refused,
    Like(Box<Schema>),
}

#[derive(Debug, Clone)]
enum Dependency {
    Fields(Vec<String>),
    Schema(Box<Schema>),
}

const MAX_DEPTH: usize = 100;

impl Schema {
    /// Compiles a schema.
    ///
    /// # Errors
    /// An unknown keyword, or one of the wrong type.
    pub fn new(schema: &Document) -> Result<Schema> {
        Self::compile(schema, 0)
    }

    fn compile(source: &Document, depth: usize) -> Result<Schema> {
        if depth > MAX_DEPTH {
            return Err(Error::bad_value(format!("$jsonSchema is nested deeper than {MAX_DEPTH} levels")));
        }
        let sub = |value: &Bson, keyword: &str| match value {
            Bson::Document(schema) => Self::compile(schema, depth + 1),
            _ => Err(Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be an object"))),
        };
        let subs = |value: &Bson, keyword: &str| match value {
            Bson::Array(items) if !items.is_empty() => {
                items.iter().map(|item| sub(item, keyword)).collect::<Result<Vec<_>>>()
            }
            _ => {
                Err(Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be an array that is not empty")))
            }
        };
        let mut schema = Schema::default();
        let flag = |keyword: &str| source.get_bool(keyword).unwrap_or(false);
        for (keyword, value) in source {
            match keyword.as_str() {
                "bsonType" => {
                    if matches!(value, Bson::Array(_)) {
                        distinct(&strings(value, keyword)?, keyword)?;
                    }
                    schema.types = Some(TypeSet::new(value)?);
                }
                "type" => schema.types = Some(json_types(value)?),
                "required" => schema.required = strings(value, keyword)?,
                "properties" => {
                    schema.properties = named(value, keyword)?
                        .iter()
                        .map(|(name, value)| Ok((name.clone(), sub(value, keyword)?)))
                        .collect::<Result<_>>()?
                }
                "patternProperties" => {
                    schema.pattern_properties = named(value, keyword)?
                        .iter()
                        .map(|(pattern, value)| Ok((self::pattern(pattern)?, sub(value, keyword)?)))
                        .collect::<Result<_>>()?;
                }
                "additionalProperties" => schema.additional = additional(value, |value| sub(value, keyword))?,
                "additionalItems" => schema.additional_items = additional(value, |value| sub(value, keyword))?,
                "minimum" => schema.minimum = Some((numeric(value, keyword)?, flag("exclusiveMinimum"))),
                "maximum" => schema.maximum = Some((numeric(value, keyword)?, flag("exclusiveMaximum"))),
                "exclusiveMinimum" | "exclusiveMaximum" => {
                    if !matches!(value, Bson::Boolean(_)) {
                        return Err(Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be a boolean")));
                    }
                    let bound = if keyword == "exclusiveMinimum" { "minimum" } else { "maximum" };
                    if !source.contains_key(bound) {
                        return Err(Error::failed_to_parse(format!(
                            "$jsonSchema keyword '{bound}' must be a present if {keyword} is present"
                        )));
                    }
                }
                "multipleOf" => {
                    numeric(value, keyword)?;
                    schema.multiple_of = match number(Some(value)) {
                        Some(factor) if !(factor > 0.0 && factor.is_finite()) => {
                            return Err(Error::failed_to_parse(
                                "$jsonSchema keyword 'multipleOf' must have a positive value",
                            ));
                        }
                        factor => factor,
                    };
                }
                "enum" => match value {
                    Bson::Array(choices) if !choices.is_empty() => schema.choices = Some(choices.clone()),
                    _ => {
                        return Err(Error::type_mismatch(
                            "$jsonSchema keyword 'enum' must be an array that is not empty",
                        ));
                    }
                },
                "minLength" => schema.lengths.0 = Some(count(value, keyword)?),
                "maxLength" => schema.lengths.1 = Some(count(value, keyword)?),
                "pattern" => match value {
                    Bson::String(text) => schema.pattern = Some(self::pattern(text)?),
                    _ => return Err(Error::type_mismatch("$jsonSchema keyword 'pattern' must be a string")),
                },
                "items" => match value {
                    Bson::Array(items) if items.is_empty() => {}
                    Bson::Array(_) => schema.tuple = subs(value, keyword)?,
                    one => schema.items = Some(Box::new(sub(one, keyword)?)),
                },
                "minItems" => schema.counts.0 = Some(count(value, keyword)?),
                "maxItems" => schema.counts.1 = Some(count(value, keyword)?),
                "uniqueItems" => match value {
                    Bson::Boolean(unique) => schema.unique = *unique,
                    _ => return Err(Error::type_mismatch("$jsonSchema keyword 'uniqueItems' must be a boolean")),
                },
                "minProperties" => schema.fields.0 = Some(count(value, keyword)?),
                "maxProperties" => schema.fields.1 = Some(count(value, keyword)?),
                "allOf" => schema.all_of = subs(value, keyword)?,
                "anyOf" => schema.any_of = subs(value, keyword)?,
                "oneOf" => schema.one_of = subs(value, keyword)?,
                "not" => schema.not = Some(Box::new(sub(value, keyword)?)),
                "dependencies" => {
                    for (name, value) in named(value, keyword)? {
                        let dependency = match value {
                            Bson::Array(_) => Dependency::Fields(strings(value, keyword)?),
                            other => Dependency::Schema(Box::new(sub(other, keyword)?)),
                        };
                        schema.dependencies.push((name.clone(), dependency));
                    }
                }
                "encrypt" => schema.encrypted = true,
                "description" => schema.description = value.as_str().map(str::to_owned),
                "title" | "encryptMetadata" => {}
                unknown => return Err(Error::failed_to_parse(format!("Unknown $jsonSchema keyword: {unknown}"))),
            }
        }
        Ok(schema)
    }

    /// Whether a document satisfies it.
    pub fn matches_document(&self, document: &Document) -> bool {
        self.types_allow(&Bson::Document(Document::new()))
            && self.generic(&Bson::Document(document.clone()))
            && self.object(document)
    }

    /// Whether a value satisfies it.
    pub fn matches(&self, value: &Bson) -> bool {
        if self.encrypted && !matches!(value, Bson::Binary(binary) if u8::from(binary.subtype) == 6) {
            return false;
        }
        if !self.types_allow(value) || !self.generic(value) {
            return false;
        }
        match value {
            Bson::Document(document) => self.object(document),
            Bson::Array(items) => self.array(items),
            Bson::String(text) => {
                let length = text.chars().count();
                within(length, self.lengths) && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
            }
            Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => self.number(value),
            _ => true,
        }
    }

    fn types_allow(&self, value: &Bson) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(value))
    }

    fn generic(&self, value: &Bson) -> bool {
        self.choices.as_ref().is_none_or(|choices| choices.iter().any(|choice| equal(choice, value)))
            && self.all_of.iter().all(|schema| schema.matches(value))
            && (self.any_of.is_empty() || self.any_of.iter().any(|schema| schema.matches(value)))
            && (self.one_of.is_empty() || self.one_of.iter().filter(|schema| schema.matches(value)).count() == 1)
            && self.not.as_ref().is_none_or(|schema| !schema.matches(value))
    }

    fn number(&self, value: &Bson) -> bool {
        let nan = super::comparison::is_nan(value.into());
        let bound = |bound: &Option<(Bson, bool)>, outside: Ordering| match bound {
            None => true,
            Some((limit, _)) if nan => super::comparison::is_nan(limit.into()),
            Some((limit, exclusive)) => {
                let order = compare(value, limit);
                order != outside && !(*exclusive && order == Ordering::Equal)
            }
        };
        let multiple = match (self.multiple_of, number(Some(value))) {
            (Some(factor), Some(number)) => number % factor == 0.0,
            _ => true,
        };
        bound(&self.minimum, Ordering::Less) && bound(&self.maximum, Ordering::Greater) && multiple
    }

    fn array(&self, items: &[Bson]) -> bool {
        within(items.len(), self.counts)
            && self.items.as_ref().is_none_or(|schema| items.iter().all(|item| schema.matches(item)))
            && self.tuple.iter().zip(items).all(|(schema, item)| schema.matches(item))
            && (self.tuple.is_empty()
                || items.iter().skip(self.tuple.len()).all(|item| self.additional_items.allows(item)))
            && (!self.unique
                || items.iter().enumerate().all(|(at, item)| !items[..at].iter().any(|other| equal(other, item))))
    }

    fn object(&self, document: &Document) -> bool {
        within(document.len(), self.fields)
            && self.required.iter().all(|name| document.contains_key(name))
            && self.properties.iter().all(|(name, schema)| document.get(name).is_none_or(|value| schema.matches(value)))
            && self.dependencies.iter().all(|(name, dependency)| {
                !document.contains_key(name)
                    || match dependency {
                        Dependency::Fields(names) => names.iter().all(|name| document.contains_key(name)),
                        Dependency::Schema(schema) => schema.matches_document(document),
                    }
            })
            && document.iter().all(|(name, value)| {
                let mut known = self.properties.iter().any(|(property, _)| property == name);
                for (pattern, schema) in &self.pattern_properties {
                    if pattern.is_match(name) {
                        known = true;
                        if !schema.matches(value) {
                            return false;
                        }
                    }
                }
                known || self.additional.allows(value)
            })
    }
}

impl Additional {
    fn allows(&self, value: &Bson) -> bool {
        match self {
            Additional::Allowed => true,
            Additional::Refused => false,
            Additional::Like(schema) => schema.matches(value),
        }
    }
}

fn additional(value: &Bson, sub: impl Fn(&Bson) -> Result<Schema>) -> Result<Additional> {
    Ok(match value {
        Bson::Boolean(true) => Additional::Allowed,
        Bson::Boolean(false) => Additional::Refused,
        schema => Additional::Like(Box::new(sub(schema)?)),
    })
}

fn within(size: usize, (least, most): (Option<usize>, Option<usize>)) -> bool {
    least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most)
}

fn json_types(value: &Bson) -> Result<TypeSet> {
    let mut types = TypeSet::default();
    let names = match value {
        Bson::Array(_) => strings(value, "type")?,
        Bson::String(name) => vec![name.clone()],
        _ => {
            return Err(Error::type_mismatch(
                "$jsonSchema keyword 'type' must be either a string or an array of strings",
            ));
        }
    };
    if names.is_empty() {
        return Err(Error::failed_to_parse("$jsonSchema keyword 'type' must name at least one type"));
    }
    distinct(&names, "type")?;
    for name in names {
        let alias = match name.as_str() {
            "boolean" => "bool",
            "integer" => {
                return Err(Error::failed_to_parse("$jsonSchema type 'integer' is not currently supported."));
            }
            "string" | "number" | "object" | "array" | "null" => &name,
            other => return Err(Error::bad_value(format!("Unknown type name alias: {other}"))),
        };
        types.add(&Bson::String(alias.to_owned()))?;
    }
    Ok(types)
}

/// Refuses a name that is given twice.
fn distinct(names: &[String], keyword: &str) -> Result<()> {
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, name)) => {
            Err(Error::failed_to_parse(format!("$jsonSchema keyword '{keyword}' has duplicate value: {name}")))
        }
        None => Ok(()),
    }
}

fn strings(value: &Bson, keyword: &str) -> Result<Vec<String>> {
    let wrong = || Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be an array of strings"));
    let Bson::Array(items) = value else { return Err(wrong()) };
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn named<'v>(value: &'v Bson, keyword: &str) -> Result<&'v Document> {
    value
        .as_document()
        .ok_or_else(|| Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be an object")))
}

fn numeric(value: &Bson, keyword: &str) -> Result<Bson> {
    match value {
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => Ok(value.clone()),
        _ => Err(Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be a number"))),
    }
}

fn count(value: &Bson, keyword: &str) -> Result<usize> {
    match number(Some(value)) {
        Some(count) if count >= 0.0 && count.fract() == 0.0 && count < 9.2e18 => Ok(count as usize),
        _ => Err(Error::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be a whole number of at least 0"))),
    }
}

fn pattern(text: &str) -> Result<Pattern> {
    let nul = |_| Error::bad_value("Regular expression cannot contain an embedded null byte");
    Pattern::new(&Regex {
        pattern: text.to_owned().try_into().map_err(nul)?,
        options: String::new().try_into().map_err(nul)?,
    })
}
