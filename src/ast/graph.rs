//! Graph statements: the tree of openCypher 9 and of what Neo4j 5 adds to it.

use crate::text::Span;

/// A graph statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Clauses that read, write and return.
    Query(Query),
    /// `CREATE INDEX …`
    CreateIndex(CreateIndex),
    /// `DROP INDEX name [IF EXISTS]`
    DropIndex {
        /// The index.
        name: String,
        /// A missing index is no error.
        if_exists: bool,
    },
    /// `SHOW INDEXES`, `SHOW CONSTRAINTS`, `SHOW PROCEDURES`, `SHOW FUNCTIONS`: the second word in upper case, in the plural.
    Show(String),
}

/// `CREATE INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)` (or `FOR ()-[r:TYPE]-()`).
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    /// Its name; chosen if it is missing.
    pub name: Option<String>,
    /// An existing index is no error.
    pub if_not_exists: bool,
    /// On relationships of a type, not on nodes of a label.
    pub on_relationships: bool,
    /// The label or type.
    pub label: String,
    /// The properties, in order.
    pub properties: Vec<String>,
}

/// Single queries joined by UNION.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The first.
    pub first: SingleQuery,
    /// The others, each with how it is joined.
    pub unions: Vec<(UnionKind, SingleQuery)>,
}

/// How two results are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnionKind {
    /// `UNION`: without duplicates.
    Distinct,
    /// `UNION ALL`
    All,
}

/// A list of clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleQuery {
    /// In the order written.
    pub clauses: Vec<Clause>,
    /// The whole query.
    pub span: Span,
}

/// A clause and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What it does.
    pub kind: ClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// What a clause does.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// `[OPTIONAL] MATCH patterns [WHERE …]`
    Match {
        /// `OPTIONAL`
        optional: bool,
        /// The comma-separated patterns.
        patterns: Vec<Pattern>,
        /// `WHERE`
        filter: Option<Expr>,
    },
    /// `UNWIND list AS variable`
    Unwind {
        /// The list.
        list: Expr,
        /// The row's element.
        variable: Name,
    },
    /// `WITH …`
    With(Projection),
    /// `RETURN …`
    Return(Projection),
    /// `CREATE patterns`
    Create {
        /// The patterns.
        patterns: Vec<Pattern>,
    },
    /// `MERGE pattern [ON CREATE SET …] [ON MATCH SET …]`
    Merge {
        /// The pattern.
        pattern: Pattern,
        /// For rows that created it.
        on_create: Vec<SetItem>,
        /// For rows that found it.
        on_match: Vec<SetItem>,
    },
    /// `SET items`
    Set(Vec<SetItem>),
    /// `REMOVE items`
    Remove(Vec<RemoveItem>),
    /// `[DETACH] DELETE expressions`
    Delete {
        /// `DETACH`: with their relationships.
        detach: bool,
        /// What to delete.
        targets: Vec<Expr>,
    },
    /// `FOREACH (variable IN list | updates)`
    Foreach {
        /// The element.
        variable: Name,
        /// The list.
        list: Expr,
        /// Updating clauses.
        body: Vec<Clause>,
    },
    /// `CALL name(args) [YIELD …]`
    Call(ProcedureCall),
    /// `CALL [(imports)] { query }`
    Subquery {
        /// Variables taken from outside; `None` for the old form that imports by `WITH`.
        imports: Option<Vec<Name>>,
        /// `CALL (*)`: all variables are taken from outside.
        import_all: bool,
        /// The inner query.
        query: Box<Query>,
    },
    /// `LOAD CSV [WITH HEADERS] FROM url AS row [FIELDTERMINATOR ';']`
    LoadCsv {
        /// Rows are maps.
        with_headers: bool,
        /// The file.
        url: Expr,
        /// The row.
        variable: Name,
        /// The field separator.
        terminator: Option<Expr>,
    },
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Without backticks.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// The body of WITH and RETURN.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// `DISTINCT`
    pub distinct: bool,
    /// `*` stands first.
    pub star: bool,
    /// The items.
    pub items: Vec<ProjectionItem>,
    /// `ORDER BY`
    pub order_by: Vec<SortItem>,
    /// `SKIP` (or `OFFSET`)
    pub skip: Option<Expr>,
    /// `LIMIT`
    pub limit: Option<Expr>,
    /// `WHERE`, of WITH only.
    pub filter: Option<Expr>,
}

/// `expr [AS alias]`
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionItem {
    /// The expression.
    pub expr: Expr,
    /// The alias, if one was given.
    pub alias: Option<Name>,
    /// The expression's text, verbatim: the column's name when there is no alias.
    pub text: String,
}

/// An item of ORDER BY.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// The key.
    pub expr: Expr,
    /// `DESC`
    pub descending: bool,
}

/// An item of SET.
#[derive(Debug, Clone, PartialEq)]
pub enum SetItem {
    /// `expr.key = value`
    Property {
        /// Whose property: any expression that gives a node or relationship.
        target: Expr,
        /// The key.
        key: String,
        /// The value.
        value: Expr,
    },
    /// `n = value` (replace) or `n += value` (merge)
    All {
        /// The node or relationship.
        target: Name,
        /// `+=`
        merge: bool,
        /// A map, node or relationship.
        value: Expr,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Name,
        /// The labels.
        labels: Vec<String>,
    },
}

/// An item of REMOVE.
#[derive(Debug, Clone, PartialEq)]
pub enum RemoveItem {
    /// `expr.key`
    Property {
        /// Whose property.
        target: Expr,
        /// The key.
        key: String,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Name,
        /// The labels.
        labels: Vec<String>,
    },
}

/// `CALL algo.pageRank({…}) YIELD node, score AS s WHERE …`
#[derive(Debug, Clone, PartialEq)]
pub struct ProcedureCall {
    /// The dotted name, as typed.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The arguments; `None` without parentheses (taken from the parameters).
    pub args: Option<Vec<Expr>>,
    /// The yielded columns; `None` without YIELD (a standalone call yields all), `Some` with an
    /// empty list for `YIELD -`.
    pub yields: Option<Vec<YieldItem>>,
    /// `YIELD *`
    pub yield_all: bool,
    /// `WHERE` behind YIELD.
    pub filter: Option<Expr>,
}

/// `column [AS alias]`
#[derive(Debug, Clone, PartialEq)]
pub struct YieldItem {
    /// The procedure's column.
    pub column: Name,
    /// Its name in the query.
    pub alias: Option<Name>,
}

/// A path pattern: nodes joined by relationships.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// `p = …`
    pub path: Option<Name>,
    /// `shortestPath(…)`, `allShortestPaths(…)`
    pub shortest: Option<Shortest>,
    /// The first node.
    pub start: NodePattern,
    /// Each further node with the relationship that leads to it.
    pub steps: Vec<(RelPattern, NodePattern)>,
    /// Where it stands.
    pub span: Span,
}

/// Which shortest paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortest {
    /// Any one.
    One,
    /// All of the same length.
    All,
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
    /// `*`, `*2`, `*1..3`; `None` for exactly one relationship.
    pub length: Option<PathLength>,
    /// Which way.
    pub direction: RelDirection,
    /// Where it stands.
    pub span: Span,
}

/// Bounds of a variable-length relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathLength {
    /// The least number of relationships (1 if none was given).
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

/// Label and type expressions: `:A`, `:A:B`, `:A|B`, `:A&!B`, `:%`.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelExpr {
    /// One label or type.
    Name(Name),
    /// `%`: any.
    Any,
    /// `!x`
    Not(Box<LabelExpr>),
    /// `x & y`, also `:x:y`
    And(Vec<LabelExpr>),
    /// `x | y`
    Or(Vec<LabelExpr>),
}

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
