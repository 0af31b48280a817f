//! Which relationship types a pattern allows, as ids.

use super::Runtime;
use super::Sides;
use crate::ast::graph::{LabelExpr, RelDirection};
use crate::graph::Result;
use crate::graph::plan::TypeFilter;
use crate::graph::store::TokenKind;

/// Tests type ids. Names are looked up when they are needed: a type may come to be while the
/// statement runs.
pub struct TypeMatcher {
    filter: TypeFilter,
    ids: Vec<u32>,
}

impl TypeMatcher {
    /// For a filter.
    pub fn new(filter: &TypeFilter) -> Self {
        TypeMatcher { filter: filter.clone(), ids: Vec::new() }
    }

    /// Looks up the names that are not known yet. Called before a list of neighbours is filtered.
    pub fn refresh(&mut self, rt: &Runtime<'_>) -> Result<()> {
        if let TypeFilter::Names(names) = &self.filter
            && self.ids.len() < names.len()
        {
            self.ids.clear();
            for name in names {
                self.ids.extend(rt.token(TokenKind::Type, name)?);
            }
        }
        Ok(())
    }

    /// The types allowed, after a [`TypeMatcher::refresh`]; `None`: all, or those that an expression allows.
    pub fn ids(&self) -> Option<&[u32]> {
        match &self.filter {
            TypeFilter::Names(_) => Some(&self.ids),
            TypeFilter::Any | TypeFilter::Expression(_) => None,
        }
    }

    /// Whether all types are allowed, or those of some names.
    pub fn is_simple(&self) -> bool {
        !matches!(self.filter, TypeFilter::Expression(_))
    }

    /// Whether nothing can match at present.
    pub fn is_empty(&self) -> bool {
        matches!(self.filter, TypeFilter::Names(_)) && self.ids.is_empty()
    }

    /// Tests a type after a [`TypeMatcher::refresh`].
    pub fn allows(&self, rt: &Runtime<'_>, kind: u32) -> Result<bool> {
        match &self.filter {
            TypeFilter::Any => Ok(true),
            TypeFilter::Names(_) => Ok(self.ids.contains(&kind)),
            TypeFilter::Expression(expr) => Ok(holds(expr, &rt.token_name(TokenKind::Type, kind)?)),
        }
    }

    /// Refreshes and tests.
    pub fn matches(&mut self, rt: &Runtime<'_>, kind: u32) -> Result<bool> {
        self.refresh(rt)?;
        self.allows(rt, kind)
    }
}

fn holds(expr: &LabelExpr, name: &str) -> bool {
    match expr {
        LabelExpr::Name(wanted) => wanted.text == name,
        LabelExpr::Any => true,
        // The planner tests computed types by a filter.
        LabelExpr::Dynamic { .. } => false,
        LabelExpr::Not(inner) => !holds(inner, name),
        LabelExpr::And(parts) => parts.iter().all(|part| holds(part, name)),
        LabelExpr::Or(parts) => parts.iter().any(|part| holds(part, name)),
    }
}

/// The neighbour lists that a direction asks for.
pub const fn sides(direction: RelDirection) -> Sides {
    match direction {
        RelDirection::Right => Sides::Out,
        RelDirection::Left => Sides::In,
        RelDirection::Either => Sides::Both,
    }
}
