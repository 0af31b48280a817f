//! The compiled form of expressions.

use crate::ast::graph::{BinaryOp, CompareOp, NormalForm, Quantifier, TypeName};
use crate::graph::functions::Signature;
use crate::graph::store::TokenRef;
use crate::text::Span;
use crate::value::graph::Value;

/// An expression ready to be evaluated.
#[derive(Debug)]
pub struct Compiled {
    pub(super) root: Node,
    /// How many slots the rows have.
    pub(super) width: usize,
}

impl Compiled {
    /// The value, if the expression is a literal.
    pub fn constant(&self) -> Option<&Value> {
        match &self.root {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The conjunction of two conditions for the same rows.
    pub fn both(self, other: Compiled) -> Compiled {
        let width = self.width.max(other.width);
        let root = Node::Chain(Box::new(self.root), vec![(BinaryOp::And, other.root, Span::default())]);
        Compiled { root, width }
    }

    /// The slot, if the expression is just a variable.
    pub fn slot(&self) -> Option<usize> {
        match &self.root {
            Node::Slot(slot) => Some(*slot),
            _ => None,
        }
    }
}

/// A node of a compiled expression.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Value),
    /// A slot of the row.
    Slot(usize),
    /// A local variable, numbered from the outermost.
    Local(usize),
    Parameter(String, Span),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    Property(Box<Node>, TokenRef, Span),
    Index(Box<Node>, Box<Node>, Span),
    Slice(Box<Node>, Option<Box<Node>>, Option<Box<Node>>, Span),
    Not(Box<Node>, Span),
    Minus(Box<Node>, Span),
    Plus(Box<Node>, Span),
    /// A first operand and further ones, applied from left to right.
    Chain(Box<Node>, Vec<(BinaryOp, Node, Span)>),
    Compare(Box<Node>, Vec<(CompareOp, Node)>),
    /// `=~` with a pattern known beforehand.
    MatchesConstant(Box<Node>, Box<super::operators::Pattern>),
    IsNull(Box<Node>),
    IsNotNull(Box<Node>),
    HasLabels(Box<Node>, LabelTest, Span),
    /// `negated` turns the answer round.
    IsType {
        operand: Box<Node>,
        wanted: TypeName,
        negated: bool,
    },
    IsNormalized {
        operand: Box<Node>,
        form: NormalForm,
        negated: bool,
    },
    SimpleCase(Box<Node>, Vec<(Node, Node)>, Option<Box<Node>>),
    SearchedCase(Vec<(Node, Node)>, Option<Box<Node>>),
    Call(&'static Signature, Vec<Node>, Span),
    Coalesce(Vec<Node>),
    ListComprehension {
        list: Box<Node>,
        filter: Option<Box<Node>>,
        map: Option<Box<Node>>,
        span: Span,
    },
    Quantifier {
        kind: Quantifier,
        list: Box<Node>,
        filter: Option<Box<Node>>,
        span: Span,
    },
    /// `appending`: the step is a chain that begins with the accumulator and does not mention it again.
    Reduce {
        appending: bool,
        init: Box<Node>,
        list: Box<Node>,
        step: Box<Node>,
        span: Span,
    },
    MapProjection {
        subject: Box<Node>,
        items: Vec<ProjectionNode>,
        span: Span,
    },
    Subquery(usize, Span),
}

/// A label expression ready to be tested.
#[derive(Debug)]
pub(super) enum LabelTest {
    Name(TokenRef),
    /// Names that are computed; with `any`, one of them is enough.
    Dynamic {
        names: Box<Node>,
        any: bool,
    },
    Any,
    Not(Box<LabelTest>),
    And(Vec<LabelTest>),
    Or(Vec<LabelTest>),
}

/// An item of a map projection.
#[derive(Debug)]
pub(super) enum ProjectionNode {
    /// `.key`
    Property(TokenRef),
    /// `.*`
    All,
    /// `key: x`, or a variable under its own name.
    Entry(String, Node),
}
