//! `$project`.

use super::field_tree::{Leaf, Tree};
use super::pipeline::{Compiled, Scope, object};
use super::row::{Mapped, Variation};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use crate::value::body::Body;
use bson::{Bson, Document};

/// A compiled projection.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    tree: Tree,
    inclusion: bool,
}

/// How deep field specifications may be nested.
const MAX_DEPTH: usize = 100;

struct Reader<'s> {
    tree: Tree,
    scope: &'s Scope,
    /// Whether fields are included (or computed) or excluded, once that is known.
    inclusion: Option<bool>,
    id: Option<bool>,
}

impl Projection {
    /// Compiles a specification.
    ///
    /// # Errors
    /// It is empty, mixes inclusion with exclusion, or has colliding paths.
    pub fn parse(spec: &Document, scope: &Scope) -> Result<Projection> {
        if spec.is_empty() {
            return Err(Error::new(
                Code::Location(51272),
                "Invalid $project :: caused by :: projection specification must have at least one field",
            ));
        }
        let mut reader = Reader { tree: Tree::default(), scope, inclusion: None, id: None };
        reader.document(spec, &mut Vec::new())?;
        let inclusion = reader.inclusion.or(reader.id).unwrap_or(true);
        let mut tree = reader.tree;
        let id_mentioned = tree.children.iter().any(|(name, _)| name == "_id");
        if inclusion && !id_mentioned {
            tree.insert(&["_id".to_owned()], Leaf::Include, "_id")?;
        }
        if !inclusion && reader.id == Some(true) {
            tree.children.retain(|(name, _)| name != "_id");
        }
        Ok(Projection { tree, inclusion })
    }

    /// The projected document.
    ///
    /// # Errors
    /// The expressions'.
    pub fn apply(&self, mut body: Body, variables: &Variables) -> Result<Body> {
        if self.inclusion {
            let mut kept = self.tree.include(body.view());
            self.tree.compute(body.view(), &mut kept, variables)?;
            return Ok(kept.into());
        }
        self.tree.exclude_from(&mut body);
        Ok(body)
    }
}

impl Reader<'_> {
    fn document(&mut self, spec: &Document, path: &mut Vec<String>) -> Result<()> {
        if path.len() > MAX_DEPTH {
            return Err(Error::new(
                Code::Overflow,
                format!("a projection may be nested {MAX_DEPTH} levels deep at most"),
            ));
        }
        for (name, value) in spec {
            let before = path.len();
            path.extend(super::field_path(name)?);
            self.field(path, value)?;
            path.truncate(before);
        }
        Ok(())
    }

    fn field(&mut self, path: &mut Vec<String>, value: &Bson) -> Result<()> {
        let whole = path.join(".");
        match value {
            Bson::Boolean(_) | Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => {
                let include = crate::doc::expression::is_true(Some(value));
                self.decide(&whole, include)?;
                let leaf = if include { Leaf::Include } else { Leaf::Exclude };
                self.tree.insert(path, leaf, &whole)
            }
            Bson::Document(spec) if spec.is_empty() => Err(Error::new(
                Code::Location(51270),
                format!("An empty sub-projection is not a valid value. Found empty object at path {whole}"),
            )),
            Bson::Document(spec) if spec.keys().next().is_none_or(|key| !key.starts_with('$')) => {
                self.document(spec, path)
            }
            other => {
                if self.inclusion == Some(false) {
                    return Err(Error::new(
                        Code::Location(31252),
                        format!(
                            "Invalid $project :: caused by :: Cannot use an expression {whole}: {other} in an exclusion projection"
                        ),
                    ));
                }
                self.inclusion = Some(true);
                let expression = Expression::parse_with(other, &self.scope.declared)?;
                self.tree.insert(path, Leaf::Computed(expression), &whole)
            }
        }
    }

    fn decide(&mut self, whole: &str, include: bool) -> Result<()> {
        if whole == "_id" {
            self.id = Some(include);
            return Ok(());
        }
        match self.inclusion {
            None => self.inclusion = Some(include),
            Some(decided) if decided == include => {}
            Some(true) => {
                return Err(Error::new(
                    Code::Location(31254),
                    format!(
                        "Invalid $project :: caused by :: Cannot do exclusion on field {whole} in inclusion projection"
                    ),
                ));
            }
            Some(false) => {
                return Err(Error::new(
                    Code::Location(31253),
                    format!(
                        "Invalid $project :: caused by :: Cannot do inclusion on field {whole} in exclusion projection"
                    ),
                ));
            }
        }
        Ok(())
    }
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let projection = Projection::parse(object(15969, "$project", spec)?, scope)?;
    Ok(Compiled::other("$project", move |input, variables| {
        let projection = projection.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| {
            let document = std::mem::take(&mut row.document);
            row.document = projection.apply(document, variables.at(&row))?;
            Ok(Some(row))
        })
    }))
}
