//! What an expression sees: the document, the variables, and what the stream knows about the document.

use crate::value::collation::Collation;
use crate::value::view::DocumentView;
use bson::Bson;

/// What a stream knows about a document beside its fields (`$meta`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// The relevance of a `$text` match.
    pub text_score: Option<f64>,
    /// The distance `$geoNear` or `$near` found, metres or radians.
    pub geo_distance: Option<f64>,
    /// The point `$geoNear` measured to.
    pub geo_point: Option<Bson>,
    /// The record of the collection it was read from.
    pub record: Option<u64>,
}

/// The variables of a pipeline and the metadata of the current document.
#[derive(Debug, Clone)]
pub struct Variables {
    /// `$$NOW`, milliseconds since 1970.
    pub now_ms: i64,
    /// User variables: of aggregate's or `$lookup`'s `let`, of `$merge`. A value may be missing.
    pub values: Vec<(String, Option<Bson>)>,
    /// How strings compare; without it, byte by byte.
    pub collation: Option<Collation>,
    /// Of the document being looked at.
    pub metadata: Metadata,
    /// Whether stages may use temporary files (`allowDiskUse`).
    pub disk: bool,
}

impl Variables {
    /// No variables but the time.
    pub fn new(now_ms: i64) -> Self {
        Variables { now_ms, values: Vec::new(), collation: None, metadata: Metadata::default(), disk: true }
    }

    /// With a collation.
    #[must_use]
    pub fn with_collation(mut self, collation: Option<Collation>) -> Self {
        self.collation = collation;
        self
    }

    /// The names of the user variables.
    pub fn names(&self) -> Vec<String> {
        self.values.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Sets a user variable.
    pub fn set(&mut self, name: impl Into<String>, value: Option<Bson>) {
        let name = name.into();
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some(slot) => slot.1 = value,
            None => self.values.push((name, value)),
        }
    }
}

/// A variable bound by `$let`, `$map`, `$filter` or `$reduce`.
pub(super) struct Frame<'a> {
    pub name: &'a str,
    pub value: Option<&'a Bson>,
    pub parent: Option<&'a Frame<'a>>,
}

/// The surroundings of one evaluation.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub root: DocumentView<'a>,
    pub current: DocumentView<'a>,
    pub variables: &'a Variables,
    frames: Option<&'a Frame<'a>>,
}

impl<'a> Scope<'a> {
    pub fn new(root: DocumentView<'a>, current: DocumentView<'a>, variables: &'a Variables) -> Self {
        Scope { root, current, variables, frames: None }
    }

    /// The scope inside a binding.
    pub fn with<'b>(&'b self, frame: &'b Frame<'b>) -> Scope<'b> {
        Scope { root: self.root, current: self.current, variables: self.variables, frames: Some(frame) }
    }

    pub fn frame(&self) -> Option<&'a Frame<'a>> {
        self.frames
    }

    /// The variable's value (perhaps missing), or `None` if there is no such variable.
    pub fn variable(&self, name: &str) -> Option<Option<&'a Bson>> {
        let mut frame = self.frames;
        while let Some(here) = frame {
            if here.name == name {
                return Some(here.value);
            }
            frame = here.parent;
        }
        let found = self.variables.values.iter().find(|(known, _)| known == name)?;
        Some(found.1.as_ref())
    }
}
