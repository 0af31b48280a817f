//! `$unionWith`.

use super::pipeline::{Compiled, Pipeline, Scope, known_fields};
use super::row::{Input, Row, Stage, pull};
use super::{from, source};
use crate::doc::expression::Variables;
use crate::doc::{Context, Error, Result};
use bson::Bson;
use std::rc::Rc;

struct Union {
    input: Option<Input>,
    other: Option<Input>,
    collection: Option<String>,
    pipeline: Rc<Pipeline>,
    variables: Variables,
}

impl Stage for Union {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        if let Some(input) = &mut self.input {
            if let Some(row) = pull(input, cx)? {
                return Ok(Some(row));
            }
            self.input = None;
            self.other = Some(source::run(cx, self.collection.as_deref(), &self.pipeline, &self.variables, None)?);
        }
        match &mut self.other {
            Some(other) => pull(other, cx),
            None => Ok(None),
        }
    }
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let scope = scope.nested("$unionWith", [])?;
    let (collection, pipeline) = match spec {
        Bson::String(_) => (Some(from::collection("$unionWith", spec)?), Pipeline::default()),
        Bson::Document(document) => {
            known_fields(40415, "$unionWith", document, &["coll", "db", "pipeline"])?;
            let collection = document.get("coll").map(|coll| from::collection("$unionWith", coll)).transpose()?;
            let pipeline = match document.get("pipeline") {
                None => Pipeline::default(),
                Some(Bson::Array(stages)) => Pipeline::parse(stages, &scope)?,
                Some(_) => return Err(Error::type_mismatch("$unionWith argument 'pipeline' must be an array")),
            };
            (collection, pipeline)
        }
        _ => {
            return Err(Error::failed_to_parse("the $unionWith stage specification must be an object or string"));
        }
    };
    if collection.is_none() && !pipeline.is_source() {
        return Err(Error::failed_to_parse(
            "$unionWith stage without explicit collection must have a pipeline with $documents as first stage",
        ));
    }
    let pipeline = Rc::new(pipeline);
    Ok(Compiled::other("$unionWith", move |input, variables| {
        Box::new(Union {
            input: Some(input),
            other: None,
            collection: collection.clone(),
            pipeline: Rc::clone(&pipeline),
            variables: variables.clone(),
        })
    }))
}
