//! Change streams: what is shown of the changes of a collection, a database, or all of them.

use super::aggregate::Updater;
use super::expression::Variables;
use super::query::Filter;
use super::{Code, Error, Result};
use crate::exchange::Change;
use bson::{Bson, Document, doc};

/// Stages that make one event of one event.
const STAGES: [&str; 8] =
    ["$match", "$project", "$addFields", "$set", "$unset", "$replaceRoot", "$replaceWith", "$redact"];

/// What a change stream asks for.
#[derive(Debug)]
pub struct Watch {
    database: Option<String>,
    collection: Option<String>,
    steps: Vec<Step>,
    /// Updates show the whole document.
    full: bool,
    /// Changes show the document before.
    before: bool,
}

#[derive(Debug)]
enum Step {
    Match(Box<Filter>),
    Change(Updater),
}

impl Watch {
    /// A stream of the changes of a collection; without one, of a database; without one, of all.
    ///
    /// # Errors
    /// A stage that has no place in a change stream, an option that is wrong.
    pub fn new(
        database: Option<&str>,
        collection: Option<&str>,
        pipeline: &[Bson],
        options: &Document,
    ) -> Result<Watch> {
        let mut watch = Watch {
            database: database.map(str::to_owned),
            collection: collection.map(str::to_owned),
            steps: Vec::new(),
            full: false,
            before: false,
        };
        for stage in pipeline {
            let stage = stage
                .as_document()
                .ok_or_else(|| Error::type_mismatch("Each element of the 'pipeline' array must be an object"))?;
            let Some((name, spec)) = stage.iter().next() else {
                return Err(Error::new(
                    Code::Location(40_323),
                    "A pipeline stage specification object must contain exactly one field.",
                ));
            };
            watch.steps.push(match (name.as_str(), spec) {
                ("$match", Bson::Document(filter)) => Step::Match(Box::new(Filter::new(filter)?)),
                ("$redact", _) => return Err(Error::not_yet("$redact in a change stream")),
                (name, _) if STAGES.contains(&name) => {
                    Step::Change(Updater::new(&[Bson::Document(stage.clone())], &[])?)
                }
                (name, _) => {
                    return Err(Error::new(
                        Code::IllegalOperation,
                        format!("{name} is not permitted in a $changeStream pipeline"),
                    )
                    .hint(format!("it may hold {}", STAGES[..7].join(", "))));
                }
            });
        }
        for (name, value) in options {
            match (name.as_str(), value.as_str()) {
                ("fullDocument", Some("default")) | ("fullDocumentBeforeChange", Some("off")) => {}
                ("fullDocument", Some("updateLookup" | "whenAvailable" | "required")) => watch.full = true,
                ("fullDocumentBeforeChange", Some("whenAvailable" | "required")) => watch.before = true,
                ("fullDocument" | "fullDocumentBeforeChange", _) => {
                    return Err(Error::bad_value(format!(
                        "Enumeration value '{}' for field '$changeStream.{name}' is not a valid value.",
                        value.as_str().unwrap_or_default()
                    )));
                }
                ("resumeAfter" | "startAfter" | "startAtOperationTime", _) => {
                    return Err(Error::unsupported(name).hint("changes are told while they happen, and not kept"));
                }
                _ => {}
            }
        }
        Ok(watch)
    }

    /// The event that a change is to this stream; `None` if it does not concern it.
    ///
    /// # Errors
    /// What the pipeline says of it.
    pub fn event(&self, change: &Change, now_ms: i64) -> Result<Option<Document>> {
        let kind = change.event.get_str("operationType").unwrap_or_default();
        let inside = self.database.as_ref().is_none_or(|database| *database == change.database)
            && self.collection.as_ref().is_none_or(|collection| *collection == change.collection);
        if !inside || kind == "dropDatabase" && self.collection.is_some() {
            return Ok(None);
        }
        let mut event = change.event.clone();
        if kind == "update" && !self.full {
            event.remove("fullDocument");
        }
        if !self.before {
            event.remove("fullDocumentBeforeChange");
        }
        self.through(event, now_ms)
    }

    fn through(&self, mut event: Document, now_ms: i64) -> Result<Option<Document>> {
        let variables = Variables::new(now_ms);
        for step in &self.steps {
            match step {
                Step::Match(filter) => {
                    if !filter.matches(&event)? {
                        return Ok(None);
                    }
                }
                Step::Change(change) => event = change.apply(&event, &variables)?,
            }
        }
        Ok(Some(event))
    }

    /// The last event of the stream, if the change ends it: what was watched is gone.
    ///
    /// # Errors
    /// What the pipeline says of it.
    pub fn end(&self, change: &Change, now_ms: i64) -> Result<Option<Option<Document>>> {
        let kind = change.event.get_str("operationType").unwrap_or_default();
        let same = |own: &Option<String>, other: &str| own.as_deref() == Some(other);
        let ends = match kind {
            "drop" | "rename" => same(&self.database, &change.database) && same(&self.collection, &change.collection),
            "dropDatabase" => self.collection.is_none() && same(&self.database, &change.database),
            _ => false,
        };
        if !ends {
            return Ok(None);
        }
        let mut event = doc! {};
        for name in ["_id", "clusterTime", "wallTime"] {
            if let Some(value) = change.event.get(name) {
                event.insert(name, value.clone());
            }
        }
        event.insert("operationType", "invalidate");
        self.through(event, now_ms).map(Some)
    }
}
