//! Updates written as pipelines: `updateOne(filter, [ {$set: …}, … ])`.

use super::add_fields::NewFields;
use super::pipeline::{Scope, object};
use super::project::Projection;
use super::{replace_root, unset};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use crate::value::body::Body;
use bson::{Bson, Document};

/// A compiled update pipeline.
#[derive(Debug, Clone)]
pub struct Updater {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Set(NewFields),
    Project(Projection),
    Replace(&'static str, Expression),
}

impl Updater {
    /// Compiles the stages; only those that make one document of one are allowed.
    ///
    /// # Errors
    /// A malformed stage, or one that has no place in an update.
    pub fn new(stages: &[Bson], declared: &[String]) -> Result<Updater> {
        let scope = Scope { declared: declared.to_vec(), inside: Some("update"), ..Scope::default() };
        let mut steps = Vec::with_capacity(stages.len());
        for stage in stages {
            let stage = stage
                .as_document()
                .ok_or_else(|| Error::type_mismatch("Each element of the 'pipeline' array must be an object"))?;
            let mut fields = stage.iter();
            let (Some((name, spec)), None) = (fields.next(), fields.next()) else {
                return Err(Error::new(
                    Code::Location(40323),
                    "A pipeline stage specification object must contain exactly one field.",
                ));
            };
            steps.push(match name.as_str() {
                "$set" | "$addFields" => Step::Set(NewFields::parse(name, object(40272, name, spec)?, &scope)?),
                "$project" => Step::Project(Projection::parse(object(15969, name, spec)?, &scope)?),
                "$unset" => Step::Project(unset::projection(spec, &scope)?),
                "$replaceRoot" => Step::Replace("$replaceRoot", replace_root::new_root(spec, &scope)?),
                "$replaceWith" => Step::Replace("$replaceWith", Expression::parse_with(spec, &scope.declared)?),
                other => {
                    return Err(Error::new(
                        Code::InvalidOptions,
                        format!("{other} is not allowed to be used within an update"),
                    ));
                }
            });
        }
        Ok(Updater { steps })
    }

    /// The updated document.
    ///
    /// # Errors
    /// The expressions'.
    pub fn apply(&self, document: &Document, variables: &Variables) -> Result<Document> {
        let body = self.steps.iter().try_fold(Body::from(document.clone()), |body, step| match step {
            Step::Set(fields) => fields.apply(body, variables),
            Step::Project(projection) => projection.apply(body, variables),
            Step::Replace(name, root) => replace_root::replace(name, root, body.view(), variables).map(Body::from),
        })?;
        Ok(body.into_document())
    }
}
