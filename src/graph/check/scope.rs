//! Variables in scope and what they are.

use std::collections::BTreeMap;

use super::types::Ty;
use crate::ast::graph::Name;
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::text::Span;
use crate::text::suggest::nearest;

/// The variables of one place in a query, in alphabetical order (the order of `*`).
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    names: BTreeMap<String, Ty>,
}

impl Scope {
    pub(super) fn get(&self, name: &str) -> Option<&Ty> {
        self.names.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Ty)> {
        self.names.iter()
    }

    /// Introduces a variable, or gives it another type.
    pub(super) fn set(&mut self, name: impl Into<String>, ty: Ty) {
        self.names.insert(name.into(), ty);
    }

    /// This scope with a local variable.
    pub(super) fn with(&self, name: &Name, ty: Ty) -> Scope {
        let mut inner = self.clone();
        inner.set(name.text.as_str(), ty);
        inner
    }

    /// This scope with the variables of another on top.
    pub(super) fn over(&self, newer: &Scope) -> Scope {
        let mut merged = self.clone();
        merged.names.extend(newer.names.iter().map(|(name, ty)| (name.clone(), ty.clone())));
        merged
    }

    /// The type of a variable that must be there.
    pub(super) fn lookup(&self, name: &str, span: Span) -> Result<&Ty> {
        self.get(name).ok_or_else(|| self.undefined(name, span))
    }

    fn undefined(&self, name: &str, span: Span) -> Error {
        let error = Error::syntax(Detail::UndefinedVariable, format!("Variable `{name}` not defined")).at(span);
        // Two letters of one-letter names are never near each other.
        let near =
            if name.chars().count() < 3 { Vec::new() } else { nearest(name, self.names.keys().map(String::as_str), 1) };
        match near.first() {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if self.is_empty() => error,
            None => {
                let names: Vec<_> = self.names.keys().take(8).map(|name| format!("`{name}`")).collect();
                error.hint(format!("variables known here: {}", names.join(", ")))
            }
        }
    }

    /// Introduces a variable that must be new.
    pub(super) fn introduce(&mut self, name: &Name, ty: Ty) -> Result<()> {
        if self.has(&name.text) {
            return Err(already_bound(name));
        }
        self.set(name.text.as_str(), ty);
        Ok(())
    }

    /// A variable that stands for one of `types` in a pattern: a new one is introduced, a known one
    /// must be able to be that.
    pub(super) fn bind(&mut self, name: &Name, ty: Ty, types: Types) -> Result<()> {
        match self.get(&name.text) {
            Some(known) if !known.may_be(types) => Err(conflict(name, &known.describe(), &ty.describe())),
            Some(known) if known.must_be(types) && *known != Ty::NULL => Ok(()),
            _ => {
                self.set(name.text.as_str(), ty);
                Ok(())
            }
        }
    }
}

/// A variable that is there already where a new one is needed.
pub(super) fn already_bound(name: &Name) -> Error {
    Error::syntax(Detail::VariableAlreadyBound, format!("Variable `{}` already declared", name.text)).at(name.span)
}

fn conflict(name: &Name, known: &str, wanted: &str) -> Error {
    let message =
        format!("Type mismatch: `{}` is already defined with type {known}, it cannot be a {wanted}", name.text);
    Error::syntax(Detail::VariableTypeConflict, message).at(name.span)
}
