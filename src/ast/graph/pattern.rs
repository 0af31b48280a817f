//! Patterns: what MATCH looks for, what CREATE and MERGE make.

use super::{Expr, Name};
use crate::text::Span;

/// A path pattern: nodes joined by relationships and quantified parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// `p = …`
    pub path: Option<Name>,
    /// Which of the paths that fit are taken; all, if there is none.
    pub selector: Option<Selector>,
    /// The first node.
    pub start: NodePattern,
    /// Each further node with what leads to it.
    pub steps: Vec<(Link, NodePattern)>,
    /// `WHERE` inside the brackets of a path in parentheses: `SHORTEST 1 ((a)-->+(b) WHERE …)`.
    pub filter: Option<Box<Expr>>,
    /// Where it stands.
    pub span: Span,
}

impl Pattern {
    /// Its nodes, from the left; those inside quantified parts are not among them.
    pub fn nodes(&self) -> impl Iterator<Item = &NodePattern> {
        std::iter::once(&self.start).chain(self.steps.iter().map(|(_, node)| node))
    }

    /// Its relationships, from the left; those inside quantified parts are not among them.
    pub fn relationships(&self) -> impl Iterator<Item = &RelPattern> {
        self.steps.iter().filter_map(|(link, _)| link.relationship())
    }

    /// Its quantified parts, from the left.
    pub fn quantified(&self) -> impl Iterator<Item = &Quantified> {
        self.steps.iter().filter_map(|(link, _)| match link {
            Link::Quantified(quantified) => Some(&**quantified),
            Link::Relationship(_) => None,
        })
    }

    /// Which paths `shortestPath` or `allShortestPaths` around it asks for.
    pub fn shortest(&self) -> Option<Shortest> {
        match self.selector {
            Some(Selector::Function(which)) => Some(which),
            _ => None,
        }
    }
}

impl LabelExpr {
    /// Calls `visit` with the expressions that compute names.
    pub fn expressions<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match self {
            LabelExpr::Name(_) | LabelExpr::Any => {}
            LabelExpr::Dynamic { names, .. } => visit(names),
            LabelExpr::Not(inner) => inner.expressions(visit),
            LabelExpr::And(parts) | LabelExpr::Or(parts) => parts.iter().for_each(|part| part.expressions(visit)),
        }
    }

    /// Like [`LabelExpr::expressions`], for changing them.
    pub fn expressions_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        match self {
            LabelExpr::Name(_) | LabelExpr::Any => {}
            LabelExpr::Dynamic { names, .. } => visit(names),
            LabelExpr::Not(inner) => inner.expressions_mut(visit),
            LabelExpr::And(parts) | LabelExpr::Or(parts) => {
                parts.iter_mut().for_each(|part| part.expressions_mut(visit));
            }
        }
    }

    /// Whether names are computed in it.
    pub fn is_dynamic(&self) -> bool {
        let mut found = false;
        self.expressions(&mut |_| found = true);
        found
    }
}

/// Which of the paths between the same two nodes are taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    /// `shortestPath(…)`, `allShortestPaths(…)`: the functions around a pattern of one relationship.
    Function(Shortest),
    /// `ANY [k] [PATHS]`: any `k` paths, one if the number is left out.
    Any(Option<Box<Expr>>),
    /// `ALL SHORTEST [PATHS]`
    AllShortest,
    /// `SHORTEST k [PATHS]`; `ANY SHORTEST` is `SHORTEST 1`.
    Shortest(Box<Expr>),
    /// `SHORTEST [k] GROUPS`: all paths of the `k` least lengths.
    Groups(Box<Expr>),
}

/// Which shortest paths a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortest {
    /// Any one.
    One,
    /// All of the same length.
    All,
}

/// What joins two nodes of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// A relationship, or several of a variable length.
    Relationship(Box<RelPattern>),
    /// `((x)-[r]->(y) WHERE …){1,3}`: a path pattern that is repeated.
    Quantified(Box<Quantified>),
}

impl Link {
    /// The relationship, if it is one.
    pub fn relationship(&self) -> Option<&RelPattern> {
        match self {
            Link::Relationship(relationship) => Some(relationship),
            Link::Quantified(_) => None,
        }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Link::Relationship(relationship) => relationship.span,
            Link::Quantified(quantified) => quantified.inner.span,
        }
    }
}

/// A path pattern that is repeated; its variables are lists outside of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// What is repeated: relationships of length one, at least one, and a filter on each repetition.
    pub inner: Pattern,
    /// How often.
    pub times: PathLength,
}

/// `(n:Label {key: value} WHERE …)`
#[derive(Debug, Clone, PartialEq)]
pub struct NodePattern {
    /// The variable.
    pub variable: Option<Name>,
    /// The labels.
    pub labels: Option<LabelExpr>,
    /// A map or a parameter.
    pub properties: Option<Expr>,
    /// `WHERE` inside the parentheses.
    pub filter: Option<Box<Expr>>,
    /// Where it stands.
    pub span: Span,
}

/// `-[r:TYPE*1..3 {key: value} WHERE …]->`
#[derive(Debug, Clone, PartialEq)]
pub struct RelPattern {
    /// The variable.
    pub variable: Option<Name>,
    /// The types.
    pub types: Option<LabelExpr>,
    /// A map or a parameter.
    pub properties: Option<Expr>,
    /// `WHERE` inside the brackets.
    pub filter: Option<Box<Expr>>,
    /// `*`, `*2`, `*1..3`, or behind the arrow `+`, `{1,3}`; `None` for exactly one relationship.
    pub length: Option<PathLength>,
    /// Which way.
    pub direction: RelDirection,
    /// Where it stands.
    pub span: Span,
}

/// Bounds of a variable length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathLength {
    /// The least number (1 if none was given).
    pub min: u64,
    /// The greatest; `None`: no bound.
    pub max: Option<u64>,
}

/// The way a relationship pattern points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelDirection {
    /// `-->`
    Right,
    /// `<--`
    Left,
    /// `--` or `<-->`
    Either,
}

impl RelDirection {
    /// The way as the other end sees it.
    pub const fn reversed(self) -> Self {
        match self {
            RelDirection::Right => RelDirection::Left,
            RelDirection::Left => RelDirection::Right,
            RelDirection::Either => RelDirection::Either,
        }
    }
}

/// Which relationships one MATCH may use more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchMode {
    /// `DIFFERENT RELATIONSHIPS`: none, over all its patterns.
    #[default]
    DifferentRelationships,
    /// `REPEATABLE ELEMENTS`: all.
    RepeatableElements,
}

/// Label and type expressions: `:A`, `:A:B`, `:A|B`, `:A&!B`, `:%`, `:$(expr)`.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelExpr {
    /// One label or type.
    Name(Name),
    /// `$(expr)`, `$all(list)`, `$any(list)`: names that are computed.
    Dynamic {
        /// A string or a list of strings.
        names: Box<Expr>,
        /// `$any`: one of them is enough.
        any: bool,
    },
    /// `%`: any.
    Any,
    /// `!x`
    Not(Box<LabelExpr>),
    /// `x & y`, also `:x:y`
    And(Vec<LabelExpr>),
    /// `x | y`
    Or(Vec<LabelExpr>),
}
