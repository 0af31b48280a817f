//! `$elemMatch` (`$size` and `$all` are made of other predicates).

use super::comparison::Comparison;
use super::{Node, Pattern, Predicate, parse};
use crate::doc::Result;
use crate::doc::expression::Variables;
use crate::doc::path::Position;
use crate::value::view::View;
use bson::Bson;

/// What one element of an array must satisfy.
#[derive(Debug, Clone)]
pub enum ElementMatch {
    /// `{ $elemMatch: { field: … } }`: only elements that are documents (or arrays, as documents of their positions).
    Object(Box<Node>),
    /// `{ $elemMatch: { $gt: … } }`: the elements themselves; the flag negates (`$not`, `$ne`, `$nin`).
    Value(Vec<(Predicate, bool)>),
}

impl ElementMatch {
    /// Whether the value is an array with such an element; `position` is set to its place.
    pub fn matches(&self, value: Option<View<'_>>, variables: &Variables, position: &mut Position) -> Result<bool> {
        let Some(View::Array(items)) = value else { return Ok(false) };
        for (at, item) in items.iter().enumerate() {
            if self.holds(item, variables)? {
                *position = Some(at);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether one element satisfies it.
    pub fn holds(&self, item: View<'_>, variables: &Variables) -> Result<bool> {
        match self {
            ElementMatch::Object(node) => match item {
                View::Document(document) => node.matches(document, variables, &mut None),
                View::Array(items) => node.matches(items.positions(), variables, &mut None),
                _ => Ok(false),
            },
            ElementMatch::Value(predicates) => {
                for (predicate, negated) in predicates {
                    if predicate.matches_element(item, variables)? == *negated {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

/// A condition on single elements of an array: what `$pull` removes.
#[derive(Debug, Clone)]
pub struct ElementCondition {
    element: ElementMatch,
    variables: Variables,
}

impl ElementCondition {
    /// From `$pull`'s operand: a query on documents, operators on the elements, or a value.
    ///
    /// # Errors
    /// As [`super::Filter::new`].
    pub fn new(operand: &Bson, variables: &Variables) -> Result<ElementCondition> {
        let element = match operand {
            Bson::Document(query) if parse::is_value_form(query) => ElementMatch::Value(parse::operators(query, 0)?),
            Bson::Document(query) => ElementMatch::Object(Box::new(parse::document(query, 0)?)),
            Bson::RegularExpression(regex) => {
                ElementMatch::Value(vec![(Predicate::Matches(Pattern::new(regex)?), false)])
            }
            value => ElementMatch::Value(vec![(Predicate::Compare(Comparison::Equal, value.clone()), false)]),
        };
        Ok(ElementCondition { element, variables: variables.clone() })
    }

    /// Whether an element satisfies it.
    ///
    /// # Errors
    /// What `$expr` says of its operands.
    pub fn holds(&self, item: &Bson) -> Result<bool> {
        match (&self.element, item) {
            (ElementMatch::Object(_), Bson::Array(_)) => Ok(false),
            _ => self.element.holds(item.into(), &self.variables),
        }
    }
}
