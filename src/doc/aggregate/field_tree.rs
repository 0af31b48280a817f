//! Nested field specifications, `{a: {b: X}, "a.c": Y}`, as a tree; used by `$project`, `$addFields`.

use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use crate::value::body::Body;
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document};

/// What becomes of a field.
#[derive(Debug, Clone)]
pub(super) enum Leaf {
    /// Kept.
    Include,
    /// Left out.
    Exclude,
    /// Set to a value.
    Computed(Expression),
}

/// A tree of fields in the order of the specification.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub children: Vec<(String, Child)>,
}

/// A field of a tree.
#[derive(Debug, Clone)]
pub(super) enum Child {
    /// The end of a path.
    Leaf(Leaf),
    /// More fields below.
    Tree(Tree),
}

impl Tree {
    /// Puts a leaf at a path.
    ///
    /// # Errors
    /// The path collides with another one.
    pub fn insert(&mut self, path: &[String], leaf: Leaf, whole: &str) -> Result<()> {
        let Some((first, rest)) = path.split_first() else { return Ok(()) };
        let existing = self.children.iter_mut().find(|(name, _)| name == first).map(|(_, child)| child);
        match (existing, rest.is_empty()) {
            (None, true) => self.children.push((first.clone(), Child::Leaf(leaf))),
            (None, false) => {
                let mut tree = Tree::default();
                tree.insert(rest, leaf, whole)?;
                self.children.push((first.clone(), Child::Tree(tree)));
            }
            (Some(Child::Tree(tree)), false) => tree.insert(rest, leaf, whole)?,
            (Some(_), true) => {
                return Err(Error::new(Code::Location(31250), format!("Path collision at {whole}")));
            }
            (Some(Child::Leaf(_)), false) => {
                let remaining = rest.join(".");
                return Err(Error::new(
                    Code::Location(31249),
                    format!("Path collision at {whole} remaining portion {remaining}"),
                ));
            }
        }
        Ok(())
    }

    pub fn has_computed(&self) -> bool {
        self.children.iter().any(|(_, child)| match child {
            Child::Leaf(leaf) => matches!(leaf, Leaf::Computed(_)),
            Child::Tree(tree) => tree.has_computed(),
        })
    }

    fn get(&self, name: &str) -> Option<&Child> {
        self.children.iter().find(|(known, _)| known == name).map(|(_, child)| child)
    }

    /// Keeps the fields that are included, in the document's order.
    pub fn include(&self, document: DocumentView<'_>) -> Document {
        let mut kept = Document::new();
        for (name, value) in document.fields() {
            match self.get(&name) {
                Some(Child::Leaf(Leaf::Include)) => {
                    kept.insert(name, value.to_bson());
                }
                Some(Child::Tree(tree)) => {
                    if let Some(value) = tree.include_value(value) {
                        kept.insert(name, value);
                    }
                }
                _ => {}
            }
        }
        kept
    }

    fn include_value(&self, value: View<'_>) -> Option<Bson> {
        match value {
            View::Document(document) => Some(Bson::Document(self.include(document))),
            View::Array(items) => {
                // What is no document vanishes from an array, unless a computed field makes it one.
                let gone = if self.has_computed() { Some(Bson::Null) } else { None };
                let kept = items.iter().filter_map(|item| self.include_value(item).or_else(|| gone.clone()));
                Some(Bson::Array(kept.collect()))
            }
            _ => None,
        }
    }

    /// Leaves out the fields that are excluded; the document is decoded only where a field inside one goes.
    pub fn exclude_from(&self, body: &mut Body) {
        for (name, child) in &self.children {
            match child {
                Child::Leaf(_) => body.remove(name),
                Child::Tree(tree) => {
                    if let Some(value) = body.get(name).map(View::to_bson) {
                        body.set(name, tree.exclude_value(value));
                    }
                }
            }
        }
    }

    fn exclude(&self, document: Document) -> Document {
        let mut kept = Document::new();
        for (name, value) in document {
            match self.get(&name) {
                Some(Child::Leaf(Leaf::Exclude)) => {}
                Some(Child::Tree(tree)) => {
                    kept.insert(name, tree.exclude_value(value));
                }
                _ => {
                    kept.insert(name, value);
                }
            }
        }
        kept
    }

    fn exclude_value(&self, value: Bson) -> Bson {
        match value {
            Bson::Document(document) => Bson::Document(self.exclude(document)),
            Bson::Array(items) => Bson::Array(items.into_iter().map(|item| self.exclude_value(item)).collect()),
            other => other,
        }
    }

    /// Sets the computed fields of a body. All expressions see it as it was; a missing value removes the field.
    ///
    /// # Errors
    /// The expressions'.
    pub fn compute_in(&self, body: &mut Body, variables: &Variables) -> Result<()> {
        let mut values = Vec::with_capacity(self.children.len());
        for (name, child) in &self.children {
            let root = body.view();
            match child {
                Child::Leaf(Leaf::Computed(expression)) => values.push((name, expression.evaluate(root, variables)?)),
                Child::Leaf(_) => {}
                Child::Tree(tree) if tree.has_computed() => {
                    let before = body.get(name).map(View::to_bson);
                    values.push((name, Some(tree.compute_value(root, before, variables)?)));
                }
                Child::Tree(_) => {}
            }
        }
        for (name, value) in values {
            match value {
                Some(value) => body.set(name, value),
                None => body.remove(name),
            }
        }
        Ok(())
    }

    /// Sets the computed fields; their expressions see `root`. A missing value removes the field.
    ///
    /// # Errors
    /// The expressions'.
    pub fn compute(&self, root: DocumentView<'_>, target: &mut Document, variables: &Variables) -> Result<()> {
        for (name, child) in &self.children {
            match child {
                Child::Leaf(Leaf::Computed(expression)) => match expression.evaluate(root, variables)? {
                    Some(value) => {
                        target.insert(name.clone(), value);
                    }
                    None => {
                        target.remove(name);
                    }
                },
                Child::Leaf(_) => {}
                Child::Tree(tree) if tree.has_computed() => {
                    let before = target.get_mut(name).map(std::mem::take);
                    let value = tree.compute_value(root, before, variables)?;
                    target.insert(name.clone(), value);
                }
                Child::Tree(_) => {}
            }
        }
        Ok(())
    }

    fn compute_value(&self, root: DocumentView<'_>, value: Option<Bson>, variables: &Variables) -> Result<Bson> {
        Ok(match value {
            Some(Bson::Document(mut document)) => {
                self.compute(root, &mut document, variables)?;
                Bson::Document(document)
            }
            Some(Bson::Array(items)) => Bson::Array(
                items.into_iter().map(|item| self.compute_value(root, Some(item), variables)).collect::<Result<_>>()?,
            ),
            _ => {
                let mut document = Document::new();
                self.compute(root, &mut document, variables)?;
                Bson::Document(document)
            }
        })
    }
}
