//! Why a document does not satisfy a schema, for people.

use super::{Additional, Dependency, Schema, within};
use crate::doc::expression::type_name;
use crate::doc::shell_text;
use bson::{Bson, Document};

impl Schema {
    /// The first thing that is wrong with a document; `None` if nothing is.
    pub fn failure(&self, document: &Document) -> Option<String> {
        self.at(&Bson::Document(document.clone()), "")
    }

    fn at(&self, value: &Bson, path: &str) -> Option<String> {
        if self.matches(value) {
            return None;
        }
        let inside = match value {
            Bson::Document(document) if self.types_allow(value) => self.in_object(document, path),
            Bson::Array(items) if self.types_allow(value) => self.in_array(items, path),
            _ => None,
        };
        Some(inside.unwrap_or_else(|| {
            let subject = if path.is_empty() { "the document".to_owned() } else { format!("{path}: {}", shown(value)) };
            let why = format!("{subject} {}", self.own(value));
            match &self.description {
                Some(text) => format!("{why} ({text})"),
                None => why,
            }
        }))
    }

    fn in_object(&self, document: &Document, path: &str) -> Option<String> {
        let full = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if let Some(name) = self.required.iter().find(|name| !document.contains_key(*name)) {
            return Some(format!("{}: is required and missing", full(name)));
        }
        for (name, schema) in &self.properties {
            if let Some(why) = document.get(name).and_then(|value| schema.at(value, &full(name))) {
                return Some(why);
            }
        }
        for (name, value) in document {
            let mut known = self.properties.iter().any(|(property, _)| property == name);
            for (pattern, schema) in &self.pattern_properties {
                if pattern.is_match(name) {
                    known = true;
                    if let Some(why) = schema.at(value, &full(name)) {
                        return Some(why);
                    }
                }
            }
            match &self.additional {
                Additional::Refused if !known => {
                    return Some(format!("{}: no other fields are allowed (additionalProperties)", full(name)));
                }
                Additional::Like(schema) if !known => {
                    if let Some(why) = schema.at(value, &full(name)) {
                        return Some(why);
                    }
                }
                _ => {}
            }
        }
        for (name, dependency) in self.dependencies.iter().filter(|(name, _)| document.contains_key(name)) {
            if let Dependency::Fields(names) = dependency
                && let Some(missing) = names.iter().find(|name| !document.contains_key(*name))
            {
                return Some(format!("{}: is required beside {name} and missing", full(missing)));
            }
        }
        self.all_of.iter().find_map(|schema| schema.at(&Bson::Document(document.clone()), path))
    }

    fn in_array(&self, items: &[Bson], path: &str) -> Option<String> {
        let one = self.items.as_ref();
        items.iter().enumerate().find_map(|(at, item)| {
            let schema = self.tuple.get(at).or(one.map(|schema| &**schema))?;
            schema.at(item, &format!("{path}.{at}"))
        })
    }

    /// What the rules of this level say of a value.
    fn own(&self, value: &Bson) -> String {
        if !self.types_allow(value) {
            let names = self.types.as_ref().map(ToString::to_string).unwrap_or_default();
            return format!("is of type {}, not {names}", type_name(Some(value)));
        }
        if let Some(choices) = &self.choices
            && !choices.contains(value)
        {
            let choices: Vec<String> = choices.iter().map(shown).collect();
            return format!("is not one of {}", choices.join(", "));
        }
        match value {
            Bson::String(text) if !within(text.chars().count(), self.lengths) => {
                format!("has {} characters, {}", text.chars().count(), span(self.lengths))
            }
            Bson::String(text) if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) => {
                let pattern = self.pattern.as_ref().map(|pattern| shown(&pattern.to_bson())).unwrap_or_default();
                format!("does not match {pattern}")
            }
            Bson::Array(items) if !within(items.len(), self.counts) => {
                format!("has {} elements, {}", items.len(), span(self.counts))
            }
            Bson::Array(_) if self.unique => "has an element twice".to_owned(),
            Bson::Document(document) if !within(document.len(), self.fields) => {
                format!("has {} fields, {}", document.len(), span(self.fields))
            }
            Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) if !self.number(value) => {
                let limit = |limit: &Option<(Bson, bool)>, word: &str| {
                    limit.as_ref().map(|(limit, exclusive)| {
                        format!("{word} {}{}", shown(limit), if *exclusive { ", which is out" } else { "" })
                    })
                };
                let factor = self.multiple_of.map(|factor| format!("a multiple of {factor}"));
                let rules = [limit(&self.minimum, "at least"), limit(&self.maximum, "at most"), factor];
                format!("must be {}", rules.into_iter().flatten().collect::<Vec<_>>().join(" and "))
            }
            _ if self.not.as_ref().is_some_and(|schema| schema.matches(value)) => {
                "satisfies what it must not (not)".to_owned()
            }
            _ if !self.any_of.is_empty() => "satisfies none of the alternatives (anyOf)".to_owned(),
            _ if !self.one_of.is_empty() => "does not satisfy exactly one of the alternatives (oneOf)".to_owned(),
            _ => "breaks the schema".to_owned(),
        }
    }
}

fn span((least, most): (Option<usize>, Option<usize>)) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("not {least} to {most}"),
        (Some(least), None) => format!("not at least {least}"),
        (None, Some(most)) => format!("not at most {most}"),
        (None, None) => "too many".to_owned(),
    }
}

/// A value in a message, cut if it is long.
fn shown(value: &Bson) -> String {
    let text = shell_text::value(value);
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
