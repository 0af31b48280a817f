//! Expressions.

use super::{LabelExpr, Name, Pattern, Query, TypeName};
use crate::text::Span;

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer; `-9223372036854775808` is folded by the parser.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    String(String),
    /// `$name`, `$1`
    Parameter(String),
    /// A variable.
    Variable(String),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{a: 1}`
    Map(Vec<(String, Expr)>),
    /// `x.key`
    Property(Box<Expr>, String),
    /// `x[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `x[a..b]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `NOT x`, `-x`, `+x`
    Unary(UnaryOp, Box<Expr>),
    /// Everything with two sides but comparisons.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a < b <= c`: a chain; each neighbouring pair is compared and the results are ANDed.
    Comparison(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `x IS NULL`
    IsNull(Box<Expr>),
    /// `x IS NOT NULL`
    IsNotNull(Box<Expr>),
    /// `n:Label`
    HasLabels(Box<Expr>, LabelExpr),
    /// `x IS [NOT] :: TYPE`, `x IS [NOT] TYPED TYPE`
    IsType {
        /// The value.
        operand: Box<Expr>,
        /// `NOT`
        negated: bool,
        /// The type.
        wanted: TypeName,
    },
    /// `x IS [NOT] [NFC | NFD | NFKC | NFKD] NORMALIZED`
    IsNormalized {
        /// The text.
        operand: Box<Expr>,
        /// `NOT`
        negated: bool,
        /// The form.
        form: NormalForm,
    },
    /// `CASE [x] WHEN … THEN … ELSE … END`
    Case {
        /// The value compared, in the simple form.
        operand: Option<Box<Expr>>,
        /// `WHEN`, `THEN`
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`
        otherwise: Option<Box<Expr>>,
    },
    /// `name([DISTINCT] args)`; the name as typed, with its dots.
    Function {
        /// As typed.
        name: String,
        /// `DISTINCT`
        distinct: bool,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `count(*)`
    CountStar,
    /// `[x IN list WHERE p | e]`
    ListComprehension {
        /// The element.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// `WHERE`
        filter: Option<Box<Expr>>,
        /// Behind the bar.
        map: Option<Box<Expr>>,
    },
    /// `[p = (a)-->(b) WHERE x | e]`
    PatternComprehension {
        /// The pattern (with its path variable).
        pattern: Box<Pattern>,
        /// `WHERE`
        filter: Option<Box<Expr>>,
        /// Behind the bar.
        map: Box<Expr>,
    },
    /// `all(x IN list WHERE p)` and its three siblings
    Quantifier {
        /// Which.
        kind: Quantifier,
        /// The element.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// `WHERE`; missing means the element itself must be true.
        filter: Option<Box<Expr>>,
    },
    /// `reduce(acc = init, x IN list | e)`
    Reduce {
        /// The accumulator.
        accumulator: Name,
        /// Its first value.
        init: Box<Expr>,
        /// The element.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// The step.
        step: Box<Expr>,
    },
    /// `n {.a, .*, b: 1, c}`
    MapProjection {
        /// The entity or map.
        subject: Name,
        /// The items.
        items: Vec<MapProjectionItem>,
    },
    /// A pattern where a truth value is expected: `(a)-->(b)`; also inside `exists(…)` and `size(…)`.
    PatternPredicate(Box<Pattern>),
    /// `shortestPath((a)-[*]-(b))` as a value
    ShortestPath(Box<Pattern>),
    /// `EXISTS { … }`
    Exists(Box<Subquery>),
    /// `COUNT { … }`
    Count(Box<Subquery>),
    /// `COLLECT { … }`
    Collect(Box<Query>),
}

/// The body of EXISTS and COUNT.
#[derive(Debug, Clone, PartialEq)]
pub enum Subquery {
    /// Patterns, as in MATCH.
    Pattern {
        /// The patterns.
        patterns: Vec<Pattern>,
        /// `WHERE`
        filter: Option<Expr>,
    },
    /// A whole query.
    Query(Query),
}

/// An item of a map projection.
#[derive(Debug, Clone, PartialEq)]
pub enum MapProjectionItem {
    /// `.key`
    Property(String),
    /// `.*`
    All,
    /// `key: expr`
    Entry(String, Expr),
    /// `variable`
    Variable(Name),
}

/// Quantifiers over lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `all`
    All,
    /// `any`
    Any,
    /// `none`
    None,
    /// `single`
    Single,
}

/// Operators with one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `NOT`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// Operators with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `OR`
    Or,
    /// `XOR`
    Xor,
    /// `AND`
    And,
    /// `+`
    Add,
    /// `||`
    Concat,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// `IN`
    In,
    /// `STARTS WITH`
    StartsWith,
    /// `ENDS WITH`
    EndsWith,
    /// `CONTAINS`
    Contains,
    /// `=~`
    Matches,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Unicode's normal forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormalForm {
    /// Composed.
    Nfc,
    /// Decomposed.
    Nfd,
    /// Compatible, composed.
    Nfkc,
    /// Compatible, decomposed.
    Nfkd,
}

impl NormalForm {
    /// All of them, with their names.
    pub const ALL: [(&'static str, NormalForm); 4] =
        [("NFC", NormalForm::Nfc), ("NFD", NormalForm::Nfd), ("NFKC", NormalForm::Nfkc), ("NFKD", NormalForm::Nfkd)];
}
