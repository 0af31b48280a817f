//! Updates written as pipelines: `updateOne(filter, [ {$set: …}, … ])`.

use super::pipeline::{Pipeline, Scope};
use super::row::{Row, Rows, pull};
use crate::doc::expression::Variables;
use crate::doc::{Code, Context, Error, Result};
use bson::{Bson, Document};

/// A compiled update pipeline.
#[derive(Clone)]
pub struct Updater {
    pipeline: Pipeline,
    variables: Variables,
}

impl Updater {
    /// Compiles the stages; only those that make one document of one are allowed.
    ///
    /// # Errors
    /// A malformed stage, or one that has no place in an update.
    pub fn new(stages: &[Bson], variables: Variables) -> Result<Updater> {
        let scope = Scope { declared: variables.names(), inside: Some("update"), ..Scope::default() };
        let pipeline = Pipeline::parse(stages, &scope)?;
        let allowed = ["$addFields", "$set", "$project", "$unset", "$replaceRoot", "$replaceWith"];
        match pipeline.stages.iter().find(|stage| !allowed.contains(&stage.name)) {
            Some(stage) => Err(Error::new(
                Code::InvalidOptions,
                format!("{} is not allowed to be used within an update", stage.name),
            )),
            None => Ok(Updater { pipeline, variables }),
        }
    }

    /// The updated document.
    ///
    /// # Errors
    /// The expressions'.
    pub fn apply(&self, document: Document, cx: &mut Context<'_>) -> Result<Document> {
        let mut rows = self.pipeline.build(Rows::boxed([Row::from(document)]), 0, &self.variables);
        Ok(pull(&mut rows, cx)?.map(|row| row.document).unwrap_or_default())
    }
}
