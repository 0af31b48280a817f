//! `$addFields`, `$set`.

use super::field_tree::{Leaf, Tree};
use super::pipeline::{Compiled, Scope, object};
use super::row::{Mapped, Variation};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use crate::value::body::Body;
use bson::{Bson, Document};

/// How deep field specifications may be nested.
const MAX_DEPTH: usize = 100;

/// Compiled new fields.
#[derive(Debug, Clone)]
pub(crate) struct NewFields {
    tree: Tree,
}

impl NewFields {
    /// Compiles a specification.
    ///
    /// # Errors
    /// It is empty or has colliding paths.
    pub fn parse(name: &str, spec: &Document, scope: &Scope) -> Result<NewFields> {
        if spec.is_empty() {
            return Err(Error::new(
                Code::Location(40177),
                format!("Invalid {name} :: caused by :: specification must have at least one field"),
            ));
        }
        let mut tree = Tree::default();
        read(&mut tree, spec, &mut Vec::new(), scope)?;
        Ok(NewFields { tree })
    }

    /// The document with the fields set.
    ///
    /// # Errors
    /// The expressions'.
    pub fn apply(&self, mut body: Body, variables: &Variables) -> Result<Body> {
        self.tree.compute_in(&mut body, variables)?;
        Ok(body)
    }
}

fn read(tree: &mut Tree, spec: &Document, path: &mut Vec<String>, scope: &Scope) -> Result<()> {
    if path.len() > MAX_DEPTH {
        return Err(Error::new(Code::Overflow, format!("fields may be nested {MAX_DEPTH} levels deep at most")));
    }
    for (name, value) in spec {
        let before = path.len();
        path.extend(super::field_path(name)?);
        match value {
            Bson::Document(inner) if inner.is_empty() => {
                return Err(Error::new(
                    Code::Location(40180),
                    format!("an empty object is not a valid value. Found empty object at path {}", path.join(".")),
                ));
            }
            Bson::Document(inner) if inner.keys().next().is_none_or(|key| !key.starts_with('$')) => {
                read(tree, inner, path, scope)?;
            }
            other => {
                let expression = Expression::parse_with(other, &scope.declared)?;
                let whole = path.join(".");
                tree.insert(path, Leaf::Computed(expression), &whole)?;
            }
        }
        path.truncate(before);
    }
    Ok(())
}

pub(super) fn parse(name: &'static str, spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let fields = NewFields::parse(name, object(40272, name, spec)?, scope)?;
    Ok(Compiled::other(name, move |input, variables| {
        let fields = fields.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| {
            let document = std::mem::take(&mut row.document);
            row.document = fields.apply(document, variables.at(&row))?;
            Ok(Some(row))
        })
    }))
}
