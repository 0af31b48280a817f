//! `$facet`: several pipelines over the same rows.

use super::pipeline::{Compiled, Pipeline, Scope, object};
use super::row::{Blocking, Row, Spun, drain, pull};
use crate::doc::spill::{Part, Spool};
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};
use std::collections::VecDeque;
use std::rc::Rc;

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let document = object(40169, "$facet", spec)?;
    if document.is_empty() {
        return Err(Error::new(Code::Location(40169), "the $facet specification must be a non-empty object"));
    }
    let scope = scope.nested("$facet", [])?;
    let mut facets = Vec::with_capacity(document.len());
    for (name, value) in document {
        if name.starts_with('$') {
            return Err(Error::new(Code::Location(16410), "FieldPath field names may not start with '$'."));
        }
        if name.contains('.') {
            return Err(Error::new(Code::Location(16412), "FieldPath field names may not contain '.'."));
        }
        let Bson::Array(stages) = value else {
            return Err(Error::new(
                Code::Location(40170),
                format!("arguments to $facet must be arrays, {name} is not"),
            ));
        };
        facets.push((name.clone(), Pipeline::parse(stages, &scope)?));
    }
    let facets = Rc::new(facets);
    Ok(Compiled::other("$facet", move |input, variables| {
        let facets = Rc::clone(&facets);
        let variables = variables.clone();
        Blocking::boxed(input, move |input, cx| {
            let mut spool = Spool::new("$facet", cx.memory.budget(Part::Facet, variables.disk));
            while let Some(row) = pull(input, cx)? {
                spool.push(&row)?;
            }
            let rows = spool.finish()?;
            let mut answer = Document::new();
            for (name, pipeline) in facets.iter() {
                let mut branch = pipeline.build(Spun::boxed(&rows), 0, &variables);
                let documents = drain(&mut branch, cx)?;
                let documents = documents.into_iter().map(|row| Bson::Document(row.document.into_document())).collect();
                answer.insert(name.clone(), Bson::Array(documents));
            }
            Ok(VecDeque::from([Row::from(answer)]))
        })
    }))
}
