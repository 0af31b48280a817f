//! SET, REMOVE and DELETE.

use super::Checker;
use super::expression::Place;
use super::pattern::must_be_storable;
use super::scope::Scope;
use super::types::{ENTITY, Ty};
use crate::ast::graph::{Expr, ExprKind, Key, Label, Name, RemoveItem, SetItem};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::text::Span;

impl Checker<'_> {
    /// `SET items`
    pub(super) fn set_items(self, items: &[SetItem], scope: &Scope) -> Result<()> {
        for item in items {
            match item {
                SetItem::Property { target, key, value } => {
                    self.owner(target, key, scope)?;
                    let ty = self.infer(value, scope, Place::VALUE)?;
                    must_be_storable(&ty, value.span)?;
                }
                SetItem::All { target, value, .. } => {
                    expect_variable(target, scope, ENTITY)?;
                    let ty = self.infer(value, scope, Place::VALUE)?;
                    expect(&ty, ENTITY.or(Types::MAP), value.span)?;
                }
                SetItem::Labels { target, labels } => self.label_items(target, labels, scope)?,
            }
        }
        Ok(())
    }

    /// `REMOVE items`
    pub(super) fn remove_items(self, items: &[RemoveItem], scope: &Scope) -> Result<()> {
        for item in items {
            match item {
                RemoveItem::Property { target, key } => self.owner(target, key, scope)?,
                RemoveItem::Labels { target, labels } => self.label_items(target, labels, scope)?,
            }
        }
        Ok(())
    }

    /// Whose property is changed, and which.
    fn owner(self, target: &Expr, key: &Key, scope: &Scope) -> Result<()> {
        let owner = self.infer(target, scope, Place::VALUE)?;
        expect(&owner, ENTITY.or(Types::MAP), target.span)?;
        match key {
            Key::Name(_) => Ok(()),
            Key::Dynamic(key) => {
                let ty = self.infer(key, scope, Place::VALUE)?;
                expect(&ty, Types::STRING, key.span)
            }
        }
    }

    fn label_items(self, target: &Name, labels: &[Label], scope: &Scope) -> Result<()> {
        expect_variable(target, scope, Types::NODE)?;
        for label in labels {
            if let Label::Dynamic(names) = label {
                self.dynamic_names(names, scope)?;
            }
        }
        Ok(())
    }

    /// `DELETE targets`
    pub(super) fn delete(self, targets: &[Expr], scope: &Scope) -> Result<()> {
        for target in targets {
            if matches!(target.kind, ExprKind::HasLabels(..)) {
                let message = "DELETE doesn't support removing labels from a node. Try REMOVE.";
                return Err(Error::syntax(Detail::InvalidDelete, message).at(target.span));
            }
            let ty = self.infer(target, scope, Place::VALUE)?;
            expect(&ty, ENTITY.or(Types::PATH), target.span)?;
        }
        Ok(())
    }
}

/// Fails unless a value of this type may be one of `types`.
pub(super) fn expect(ty: &Ty, types: Types, span: Span) -> Result<()> {
    if ty.may_be(types) {
        return Ok(());
    }
    let message = format!("Type mismatch: expected {} but was {}", types.describe(), ty.describe());
    Err(Error::syntax(Detail::InvalidArgumentType, message).at(span))
}

fn expect_variable(name: &Name, scope: &Scope, types: Types) -> Result<()> {
    expect(scope.lookup(&name.text, name.span)?, types, name.span)
}
