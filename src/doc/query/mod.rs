//! Query filters (MongoDB manual, "Query Predicates"): compiled once, matched against documents.

mod array;
mod bits;
mod comparison;
mod element;
mod evaluation;
mod parse;
mod pattern;
mod schema;
mod show;

pub(super) use array::{ElementCondition, ElementMatch};
pub(super) use comparison::{Comparison, is_nan};
pub use element::TypeSet;
pub(super) use parse::{Search, is_operators};
pub use pattern::Pattern;

use super::expression::{Expression, Variables};
use super::geo::{Near, Region};
use super::path::{Leaf, Path, Position};
use super::text::TextQuery;
use super::{Code, Error, Result, shell_text};
use crate::script::StoredFunction;
use crate::value::collation::Collation;
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document};
use schema::Schema;

/// A compiled filter document.
#[derive(Debug, Clone)]
pub struct Filter {
    source: Document,
    node: Node,
    variables: Variables,
}

/// A condition on a document.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// All of these; true if there are none.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A condition on the values at a path.
    Field(Box<(Path, Predicate)>),
    /// `$expr`
    Expression { expression: Box<Expression>, source: Bson },
    /// `$where`
    Function(Box<StoredFunction>),
    /// `$jsonSchema`
    Schema { schema: Box<Schema>, source: Document },
    /// `$alwaysTrue`, `$alwaysFalse`
    Constant(bool),
    /// `$sampleRate`
    Sample(f64),
    /// `$text`: answered by the plan, which finds only documents that match.
    Text(Box<TextQuery>),
}

/// A condition on a value.
#[derive(Debug, Clone)]
pub(super) enum Predicate {
    Compare(Comparison, Bson),
    In(comparison::OneOf),
    Exists,
    Type(TypeSet),
    Matches(Pattern),
    Modulo {
        divisor: i64,
        remainder: i64,
    },
    Size(i64),
    Element(ElementMatch),
    Bits(bits::Bits),
    /// `$geoWithin`, `$geoIntersects`
    Region {
        region: Box<Region>,
        source: Document,
    },
    /// `$near`: the place lies within the distances; the plan gives the order.
    Near {
        near: Box<Near>,
        source: Document,
    },
    /// All of these (or, with the flag, not these) at the same path, each by any of its values.
    Every(Vec<(Predicate, bool)>),
}

impl Filter {
    /// Compiles a filter.
    ///
    /// # Errors
    /// An unknown operator, or an operand of the wrong type.
    pub fn new(filter: &Document) -> Result<Filter> {
        let filter = Filter::of_query(filter)?;
        if parse::search(&filter.node)?.is_some() {
            return Err(Error::new(
                Code::Location(5_626_500),
                "$geoNear, $near, $nearSphere and $text are not allowed in this context",
            )
            .hint("$geoWithin may stand here: it needs no order"));
        }
        if filter.holds_function() {
            return Err(Error::bad_value("$where is not allowed in this context")
                .hint("$expr with $function does the same in a stage"));
        }
        Ok(filter)
    }

    /// Compiles the filter of a query, which may hold one `$near` or `$text` at its top.
    ///
    /// # Errors
    /// As [`Filter::new`]; two of them, or one that stands deeper.
    pub fn of_query(filter: &Document) -> Result<Filter> {
        let node = parse::document(filter, 0)?;
        parse::search(&node)?;
        Ok(Filter { source: filter.clone(), node, variables: Variables::new(0) })
    }

    /// A filter of one of its conditions.
    pub(super) fn of_branch(&self, node: Node) -> Filter {
        Filter { source: node.to_document(), node, variables: self.variables.clone() }
    }

    /// With values for the variables of its `$expr` parts (`$$NOW`, `let`).
    #[must_use]
    pub fn with_variables(mut self, variables: Variables) -> Filter {
        self.set_variables(variables);
        self
    }

    /// Gives values to the variables of its `$expr` parts, and the collation.
    pub fn set_variables(&mut self, variables: Variables) {
        self.variables = variables;
    }

    /// How its strings compare.
    pub fn collation(&self) -> Option<&Collation> {
        self.variables.collation.as_ref()
    }

    /// The filter document.
    pub fn source(&self) -> &Document {
        &self.source
    }

    /// Whether every document matches.
    pub fn is_empty(&self) -> bool {
        matches!(&self.node, Node::And(parts) if parts.is_empty())
    }

    /// Its `$near` or `$text`.
    pub(super) fn search(&self) -> Option<Search<'_>> {
        parse::search(&self.node).ok().flatten()
    }

    /// Which rule a document breaks, if the filter is a schema or several parts.
    pub fn failure(&self, document: &Document) -> Option<String> {
        self.node.failure(document, &self.variables)
    }

    /// Whether `$where` stands in it.
    pub fn holds_function(&self) -> bool {
        parse::holds_function(&self.node)
    }

    /// Whether `$near` or `$nearSphere` stands in it: its answer has an order.
    pub fn is_by_distance(&self) -> bool {
        matches!(self.search(), Some(parse::Search::Near(..)))
    }

    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    /// Whether the document matches.
    ///
    /// # Errors
    /// What `$expr` says of its operands.
    pub fn matches<'d>(&self, document: impl Into<DocumentView<'d>>) -> Result<bool> {
        self.node.matches(document.into(), &self.variables, &mut None)
    }

    /// Whether the document matches, and the position in an array that the positional operator `$` stands for.
    ///
    /// # Errors
    /// As [`Filter::matches`].
    pub fn matches_at<'d>(&self, document: impl Into<DocumentView<'d>>) -> Result<Option<Position>> {
        let mut position = None;
        Ok(self.node.matches(document.into(), &self.variables, &mut position)?.then_some(position))
    }
}

impl Node {
    fn failure(&self, document: &Document, variables: &Variables) -> Option<String> {
        let holds = |node: &Node| node.matches(document.into(), variables, &mut None).unwrap_or(false);
        match self {
            Node::Schema { schema, .. } => schema.failure(document),
            Node::And(parts) => parts.iter().find(|part| !holds(part))?.failure(document, variables),
            other => Some(format!("the rule it breaks: {}", shell_text::document(&other.to_document()))),
        }
    }

    pub(super) fn matches(
        &self,
        document: DocumentView<'_>,
        variables: &Variables,
        position: &mut Position,
    ) -> Result<bool> {
        Ok(match self {
            Node::And(parts) => {
                for part in parts {
                    if !part.matches(document, variables, position)? {
                        return Ok(false);
                    }
                }
                true
            }
            Node::Or(parts) => {
                // Which of them held says nothing about a position, as in MongoDB.
                for part in parts {
                    if part.matches(document, variables, &mut None)? {
                        return Ok(true);
                    }
                }
                false
            }
            // What a negation met says nothing about a position.
            Node::Not(part) => !part.matches(document, variables, &mut None)?,
            Node::Field(field) => field.1.matches_path(document, &field.0, variables, position)?,
            Node::Expression { expression, .. } => {
                let value = expression.evaluate(document, variables)?;
                value.as_ref().is_some_and(|value| super::expression::is_true(Some(value)))
            }
            Node::Function(function) => {
                let document = Bson::Document(document.to_document().into_owned());
                function.holds(document).map_err(Error::in_function)?
            }
            Node::Schema { schema, .. } => schema.matches_document(&document.to_document()),
            Node::Constant(value) => *value,
            Node::Sample(rate) => fastrand::f64() < *rate,
            Node::Text(_) => true,
        })
    }
}

impl Predicate {
    fn leaf(&self) -> Leaf {
        match self {
            Predicate::Size(_) | Predicate::Element(_) => Leaf::Whole,
            _ => Leaf::Elements,
        }
    }

    fn matches_path(
        &self,
        document: DocumentView<'_>,
        path: &Path,
        variables: &Variables,
        position: &mut Position,
    ) -> Result<bool> {
        if let Predicate::Every(parts) = self {
            for (part, negated) in parts {
                if part.matches_path(document, path, variables, &mut None)? == *negated {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let mut failure = None;
        let matched = path.visit(document, self.leaf(), &mut |value, at| {
            let mut inner = None;
            match self.matches_value(value, variables, &mut inner) {
                Ok(true) => {
                    if let Some(at) = at.or(inner) {
                        *position = Some(at);
                    }
                    true
                }
                Ok(false) => false,
                Err(error) => {
                    failure = Some(error);
                    true
                }
            }
        });
        match failure {
            Some(error) => Err(error),
            None => Ok(matched),
        }
    }

    /// Whether one value satisfies it; `position` is where in an array `$elemMatch` found its element.
    fn matches_value(&self, value: Option<View<'_>>, variables: &Variables, position: &mut Position) -> Result<bool> {
        Ok(match self {
            Predicate::Compare(comparison, operand) => {
                comparison.holds(value, operand.into(), variables.collation.as_ref())
            }
            Predicate::In(one_of) => one_of.holds(value, variables.collation.as_ref()),
            Predicate::Exists => value.is_some(),
            Predicate::Type(types) => value.is_some_and(|value| types.contains(value)),
            Predicate::Matches(pattern) => pattern.matches(value),
            Predicate::Modulo { divisor, remainder } => evaluation::modulo(value, *divisor, *remainder),
            Predicate::Size(size) => matches!(value, Some(View::Array(items)) if items.len() as i64 == *size),
            Predicate::Element(element) => return element.matches(value, variables, position),
            Predicate::Bits(bits) => bits.holds(value),
            Predicate::Region { region, .. } => value.is_some_and(|value| region.holds(value)),
            Predicate::Near { near, .. } => value.is_some_and(|value| near.distance(value).is_some()),
            Predicate::Every(parts) => {
                for (part, negated) in parts {
                    if part.matches_value(value, variables, &mut None)? == *negated {
                        return Ok(false);
                    }
                }
                true
            }
        })
    }

    /// Like [`Predicate::matches_value`] for an element of an array that is not walked into further.
    pub(super) fn matches_element(&self, value: View<'_>, variables: &Variables) -> Result<bool> {
        self.matches_value(Some(value), variables, &mut None)
    }
}
