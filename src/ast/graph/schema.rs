//! Statements about the schema: indexes, constraints, SHOW.

use super::{Expr, Projection, TypeName};

/// The label or type and the properties that an index or constraint is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// On relationships of a type, not on nodes of a label.
    pub on_relationships: bool,
    /// The label or type.
    pub label: String,
    /// The properties, in order.
    pub properties: Vec<String>,
}

/// `CREATE INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)` (or `FOR ()-[r:TYPE]-()`).
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    /// Its name; chosen if it is missing.
    pub name: Option<String>,
    /// An existing index is no error.
    pub if_not_exists: bool,
    /// What it is on.
    pub target: Target,
}

/// `CREATE CONSTRAINT [name] [IF NOT EXISTS] FOR (n:Label) REQUIRE n.key IS UNIQUE`
#[derive(Debug, Clone, PartialEq)]
pub struct CreateConstraint {
    /// Its name; chosen if it is missing.
    pub name: Option<String>,
    /// An existing constraint is no error.
    pub if_not_exists: bool,
    /// What it is on.
    pub target: Target,
    /// What it asks for.
    pub rule: Rule,
}

/// What a constraint asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// `IS UNIQUE`: no two have the same values.
    Unique,
    /// `IS NOT NULL`: all have the property.
    Exists,
    /// `IS NODE KEY`, `IS RELATIONSHIP KEY`: all have the properties, and no two the same values.
    Key,
    /// `IS :: TYPE`: the property, where there is one, is of the type.
    Type(TypeName),
}

/// `SHOW INDEXES [YIELD …] [WHERE …] [RETURN …]`
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    /// What is listed.
    pub subject: Subject,
    /// `YIELD` with its ORDER BY, SKIP, LIMIT and WHERE.
    pub yields: Option<Projection>,
    /// `WHERE` without YIELD.
    pub filter: Option<Expr>,
    /// `RETURN`
    pub returns: Option<Projection>,
}

/// What SHOW lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// `INDEXES`
    Indexes,
    /// `CONSTRAINTS`, those of a rule or all
    Constraints(Option<ShownRule>),
    /// `PROCEDURES`
    Procedures,
    /// `FUNCTIONS`
    Functions,
}

/// Which constraints are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownRule {
    /// The rule's kind, as the column `type` ends: `UNIQUENESS`, `EXISTENCE`, `KEY`, `TYPE`.
    pub kind: &'static str,
    /// Only those on nodes, or only those on relationships.
    pub on_relationships: Option<bool>,
}
