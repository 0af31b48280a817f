//! Graph statements: the tree of openCypher 9 and of what Neo4j 5 adds to it.

mod expression;
mod pattern;
mod schema;
mod types;

pub use expression::{
    BinaryOp, CompareOp, Expr, ExprKind, MapProjectionItem, NormalForm, Quantifier, Subquery, UnaryOp,
};
pub use pattern::{
    LabelExpr, Link, MatchMode, NodePattern, PathLength, Pattern, Quantified, RelDirection, RelPattern, Selector,
    Shortest,
};
pub use schema::{CreateConstraint, CreateIndex, Rule, Show, ShownRule, Subject, Target};
pub use types::{Signature, TypeName};

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
    /// `CREATE CONSTRAINT …`
    CreateConstraint(CreateConstraint),
    /// `DROP CONSTRAINT name [IF EXISTS]`
    DropConstraint {
        /// The constraint.
        name: String,
        /// A missing constraint is no error.
        if_exists: bool,
    },
    /// `SHOW …`
    Show(Box<Show>),
}

/// Single queries joined by UNION.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The first.
    pub first: SingleQuery,
    /// The others, each with how it is joined.
    pub unions: Vec<(UnionKind, SingleQuery)>,
    /// `NEXT`: a query that goes on with the columns of this one as its variables.
    pub next: Option<Box<Query>>,
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
        /// `DIFFERENT RELATIONSHIPS`, `REPEATABLE ELEMENTS`
        mode: MatchMode,
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
    /// `[OPTIONAL] CALL [(imports)] { query } [IN TRANSACTIONS …]`
    Subquery {
        /// `OPTIONAL`: a row for which the query gives none stays, with nulls.
        optional: bool,
        /// Variables taken from outside; `None` for the old form that imports by `WITH`.
        imports: Option<Vec<Name>>,
        /// `CALL (*)`: all variables are taken from outside.
        import_all: bool,
        /// The inner query.
        query: Box<Query>,
        /// `IN TRANSACTIONS`
        batches: Option<Batches>,
    },
    /// `WHEN condition THEN query … ELSE query`: for each row, the query of the first condition that holds.
    Conditional {
        /// Conditions and queries.
        branches: Vec<(Expr, Query)>,
        /// `ELSE`
        otherwise: Option<Box<Query>>,
    },
    /// `LET name = expr, …`
    Let(Vec<(Name, Expr)>),
    /// `FILTER [WHERE] condition`
    Filter(Expr),
    /// `ORDER BY …`, `SKIP …`, `LIMIT …` on their own: all variables stay.
    Page(Page),
    /// `FINISH`: the query ends and answers nothing.
    Finish,
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

/// `IN [n CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR …] [REPORT STATUS AS name]`. A statement is one
/// transaction here, so sizes change nothing; what a failure does is carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Batches {
    /// How many rows make a batch.
    pub rows: Option<Expr>,
    /// What a failed batch does to the others.
    pub on_error: OnError,
    /// The variable that gets a map for each row: `started`, `committed`, `transactionId`, `errorMessage`.
    pub status: Option<Name>,
}

/// What a failed batch does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// `ON ERROR FAIL`: the statement fails.
    #[default]
    Fail,
    /// `ON ERROR CONTINUE`: the next batch is tried.
    Continue,
    /// `ON ERROR BREAK`: no further batch is tried.
    Break,
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projection {
    /// `DISTINCT`
    pub distinct: bool,
    /// `*` stands first.
    pub star: bool,
    /// The items.
    pub items: Vec<ProjectionItem>,
    /// `ORDER BY`, `SKIP`, `LIMIT`
    pub page: Page,
    /// `WHERE`, of WITH only.
    pub filter: Option<Expr>,
}

/// `ORDER BY … SKIP … LIMIT …`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// `ORDER BY`
    pub order_by: Vec<SortItem>,
    /// `SKIP` (or `OFFSET`)
    pub skip: Option<Expr>,
    /// `LIMIT`
    pub limit: Option<Expr>,
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
        key: Key,
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
        labels: Vec<Label>,
    },
}

/// A property key that SET and REMOVE name.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// `n.key`
    Name(String),
    /// `n[expr]`
    Dynamic(Expr),
}

/// Labels that SET and REMOVE name.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// `n:Label`
    Name(String),
    /// `n:$(expr)`: a string or a list of strings.
    Dynamic(Expr),
}

/// An item of REMOVE.
#[derive(Debug, Clone, PartialEq)]
pub enum RemoveItem {
    /// `expr.key`
    Property {
        /// Whose property.
        target: Expr,
        /// The key.
        key: Key,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Name,
        /// The labels.
        labels: Vec<Label>,
    },
}

/// `CALL algo.pageRank({…}) YIELD node, score AS s WHERE …`
#[derive(Debug, Clone, PartialEq)]
pub struct ProcedureCall {
    /// `OPTIONAL`: a row for which the procedure gives none stays, with nulls.
    pub optional: bool,
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
