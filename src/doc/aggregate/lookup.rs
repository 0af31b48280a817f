//! `$lookup`: by equal fields, by a pipeline, or by both.

use super::join::{Hashed, Indexed, local_keys};
use super::pipeline::{Compiled, Pipeline, Scope, known_fields, object};
use super::row::{Input, Row, Rows, Stage, Variation, drain, pull};
use super::{from, nested, source};
use crate::doc::expression::{Expression, Variables, check_name};
use crate::doc::{Context, Error, Result};
use bson::{Bson, Document};
use std::rc::Rc;

struct Lookup {
    from: Option<String>,
    fields: Option<(String, String)>,
    bindings: Vec<(String, Expression)>,
    pipeline: Option<Pipeline>,
    target: Vec<String>,
}

struct Running {
    input: Input,
    lookup: Rc<Lookup>,
    variables: Variables,
    at_row: Variation,
    foreign: Foreign,
    /// The answer of a pipeline that does not depend on the row.
    constant: Option<Vec<Bson>>,
}

/// How the foreign documents of a row are found.
enum Foreign {
    /// Nothing was looked up yet.
    Unknown,
    /// By an index.
    Indexed(Box<Indexed>),
    /// All were read, and lie by their field.
    Hashed(Hashed),
}

impl Stage for Running {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        let Some(mut row) = pull(&mut self.input, cx)? else { return Ok(None) };
        let found = self.join(&row, cx)?;
        nested::set(&mut row.document, &self.lookup.target, Bson::Array(found));
        Ok(Some(row))
    }
}

impl Running {
    fn join(&mut self, row: &Row, cx: &mut Context<'_>) -> Result<Vec<Bson>> {
        let lookup = Rc::clone(&self.lookup);
        let from = lookup.from.as_deref();
        let Some((local, foreign)) = &lookup.fields else {
            if let Some(constant) = &self.constant {
                return Ok(constant.clone());
            }
            let variables = self.bind(row)?;
            let pipeline = lookup.pipeline.clone().unwrap_or_default();
            let mut rows = source::run(cx, from, &pipeline, &variables, None)?;
            let found = documents(drain(&mut rows, cx)?);
            if lookup.bindings.is_empty() {
                self.constant = Some(found.clone());
            }
            return Ok(found);
        };
        let keys = local_keys((&row.document).into(), local, self.variables.collation.as_ref());
        let matched = self.matching(cx, from, foreign, &keys)?;
        match &lookup.pipeline {
            None => Ok(documents(matched)),
            Some(pipeline) => {
                let variables = self.bind(row)?;
                let mut rows = pipeline.build(Rows::boxed(matched), 0, &variables);
                Ok(documents(drain(&mut rows, cx)?))
            }
        }
    }

    /// The foreign documents with any of these values, in the order of the collection.
    fn matching(&mut self, cx: &mut Context<'_>, from: Option<&str>, path: &str, keys: &[Vec<u8>]) -> Result<Vec<Row>> {
        if let Foreign::Hashed(hashed) = &self.foreign {
            return hashed.rows(keys);
        }
        if let (Foreign::Unknown, Some(from)) = (&self.foreign, from)
            && let Some(indexed) = Indexed::new(cx, from, path, &self.variables)?
        {
            self.foreign = Foreign::Indexed(Box::new(indexed));
        }
        if let Foreign::Indexed(indexed) = &mut self.foreign
            && let Some(found) = indexed.find(cx, keys)?
        {
            return Ok(found);
        }
        let mut rows = source::run(cx, from, &Pipeline::default(), &self.variables, None)?;
        let hashed = Hashed::new("$lookup", &mut rows, path, &self.variables, cx)?;
        let found = hashed.rows(keys)?;
        self.foreign = Foreign::Hashed(hashed);
        Ok(found)
    }

    fn bind(&mut self, row: &Row) -> Result<Variables> {
        let mut variables = self.variables.clone();
        let outer = self.at_row.at(row);
        for (name, expression) in &self.lookup.bindings {
            variables.set(name.clone(), expression.evaluate(&row.document, outer)?);
        }
        Ok(variables)
    }
}

fn documents(rows: Vec<Row>) -> Vec<Bson> {
    rows.into_iter().map(|row| Bson::Document(row.document.into_document())).collect()
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let spec = object(4569, "$lookup", spec)
        .map_err(|_| Error::failed_to_parse("the $lookup specification must be an Object"))?;
    known_fields(9, "$lookup", spec, &["from", "localField", "foreignField", "let", "pipeline", "as"])
        .map_err(|error| Error::failed_to_parse(error.message))?;
    let text = |name: &str| match spec.get(name) {
        None => Ok(None),
        Some(Bson::String(text)) => Ok(Some(text.clone())),
        Some(other) => {
            Err(Error::failed_to_parse(format!("$lookup argument '{name}' must be a string, found {name}: {other}")))
        }
    };
    let target = text("as")?.ok_or_else(|| Error::failed_to_parse("must specify 'as' field for a $lookup"))?;
    let fields = match (text("localField")?, text("foreignField")?) {
        (Some(local), Some(foreign)) => {
            super::field_path(&local)?;
            super::field_path(&foreign)?;
            Some((local, foreign))
        }
        (None, None) => None,
        _ => {
            return Err(Error::failed_to_parse(
                "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
            ));
        }
    };
    let bindings = bindings(spec.get("let"), scope)?;
    let pipeline = match spec.get("pipeline") {
        None => None,
        Some(Bson::Array(stages)) => {
            let scope = scope.nested("$lookup", bindings.iter().map(|(name, _)| name.clone()))?;
            Some(Pipeline::parse(stages, &scope)?)
        }
        Some(_) => return Err(Error::type_mismatch("$lookup argument 'pipeline' must be an array")),
    };
    let from = spec.get("from").map(|from| from::collection("$lookup", from)).transpose()?;
    if from.is_none() && !pipeline.as_ref().is_some_and(Pipeline::is_source) {
        return Err(Error::failed_to_parse("must specify 'from' field for a $lookup"));
    }
    if fields.is_none() && pipeline.is_none() {
        return Err(Error::failed_to_parse(
            "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
        ));
    }
    let lookup = Rc::new(Lookup { from, fields, bindings, pipeline, target: super::field_path(&target)? });
    Ok(Compiled::other("$lookup", move |input, variables| {
        Box::new(Running {
            input,
            lookup: Rc::clone(&lookup),
            variables: variables.clone(),
            at_row: Variation::new(variables),
            foreign: Foreign::Unknown,
            constant: None,
        })
    }))
}

/// The variables of a `let`.
pub(super) fn bindings(spec: Option<&Bson>, scope: &Scope) -> Result<Vec<(String, Expression)>> {
    let empty = Document::new();
    let document = match spec {
        None => &empty,
        Some(Bson::Document(document)) => document,
        Some(_) => return Err(Error::failed_to_parse("'let' must be an object")),
    };
    document
        .iter()
        .map(|(name, value)| {
            check_name(name)?;
            Ok((name.clone(), Expression::parse_with(value, &scope.declared)?))
        })
        .collect()
}
