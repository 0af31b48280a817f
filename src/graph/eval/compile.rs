//! From the syntax tree to compiled expressions.

use super::aggregates::for_each_child;
use super::node::{Compiled, LabelTest, Node, ProjectionNode};
use super::operators::Pattern;
use super::scope::{Scope, SubqueryCompiler};
use crate::ast::graph::{BinaryOp, Expr, ExprKind, LabelExpr, MapProjectionItem, Subquery, UnaryOp};
use crate::graph::functions;
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Result};
use crate::text::Span;
use crate::value::graph::Value;

/// How deep expressions may be nested. Chains of operators such as `a AND b AND c` count as one level.
const MAX_DEPTH: usize = 400;

/// Compiles an expression for rows of a scope. Patterns and queries inside it go to `subqueries`;
/// aggregate calls must have been taken out by [`split_aggregates`](super::split_aggregates).
pub fn compile(expr: &Expr, scope: &Scope, subqueries: &mut dyn SubqueryCompiler) -> Result<Compiled> {
    let mut compiler = Compiler { scope, subqueries, locals: Vec::new(), depth: 0 };
    Ok(Compiled { root: compiler.node(expr)?, width: scope.width() })
}

struct Compiler<'c> {
    scope: &'c Scope,
    subqueries: &'c mut dyn SubqueryCompiler,
    /// The local variables around the current expression, outermost first.
    locals: Vec<String>,
    depth: usize,
}

impl Compiler<'_> {
    fn node(&mut self, expr: &Expr) -> Result<Node> {
        if self.depth > MAX_DEPTH {
            return Err(Error::syntax(
                Detail::TooLarge,
                format!("Expressions can be nested at most {MAX_DEPTH} levels deep"),
            )
            .at(expr.span));
        }
        self.depth += 1;
        let node = self.node_inside(expr);
        self.depth -= 1;
        node
    }

    fn labels(&mut self, labels: &LabelExpr) -> Result<LabelTest> {
        Ok(match labels {
            LabelExpr::Name(name) => LabelTest::Name(TokenRef::new(TokenKind::Label, name.text.as_str())),
            LabelExpr::Any => LabelTest::Any,
            LabelExpr::Dynamic { names, any } => LabelTest::Dynamic { names: self.boxed(names)?, any: *any },
            LabelExpr::Not(inner) => LabelTest::Not(Box::new(self.labels(inner)?)),
            LabelExpr::And(parts) => LabelTest::And(parts.iter().map(|part| self.labels(part)).collect::<Result<_>>()?),
            LabelExpr::Or(parts) => LabelTest::Or(parts.iter().map(|part| self.labels(part)).collect::<Result<_>>()?),
        })
    }

    fn boxed(&mut self, expr: &Expr) -> Result<Box<Node>> {
        self.node(expr).map(Box::new)
    }

    fn optional(&mut self, expr: Option<&Expr>) -> Result<Option<Box<Node>>> {
        expr.map(|expr| self.boxed(expr)).transpose()
    }

    fn node_inside(&mut self, expr: &Expr) -> Result<Node> {
        use ExprKind as K;
        let span = expr.span;
        Ok(match &expr.kind {
            K::Null => Node::Constant(Value::Null),
            K::Bool(value) => Node::Constant(Value::Bool(*value)),
            K::Int(value) => Node::Constant(Value::Int(*value)),
            K::Float(value) => Node::Constant(Value::Float(*value)),
            K::String(value) => Node::Constant(Value::string(value.as_str())),
            K::Parameter(name) => Node::Parameter(name.clone(), span),
            K::Variable(name) => self.variable(name, span)?,
            K::List(items) => list(items.iter().map(|item| self.node(item)).collect::<Result<_>>()?),
            K::Map(entries) => {
                let node = |(key, value): &(String, Expr)| Ok((key.clone(), self.node(value)?));
                map(entries.iter().map(node).collect::<Result<_>>()?)
            }
            K::Property(subject, key) => Node::Property(self.boxed(subject)?, key_ref(key), span),
            K::Index(subject, index) => Node::Index(self.boxed(subject)?, self.boxed(index)?, span),
            K::Slice(subject, from, to) => {
                let subject = self.boxed(subject)?;
                Node::Slice(subject, self.optional(from.as_deref())?, self.optional(to.as_deref())?, span)
            }
            K::Unary(UnaryOp::Not, operand) => Node::Not(self.boxed(operand)?, span),
            K::Unary(UnaryOp::Plus, operand) => Node::Plus(self.boxed(operand)?, span),
            K::Unary(UnaryOp::Minus, operand) => match self.node(operand)? {
                Node::Constant(Value::Float(value)) => Node::Constant(Value::Float(-value)),
                Node::Constant(Value::Int(value)) if value != i64::MIN => Node::Constant(Value::Int(-value)),
                operand => Node::Minus(Box::new(operand), span),
            },
            K::Binary(..) => self.chain(expr)?,
            K::Comparison(first, rest) => {
                let first = self.boxed(first)?;
                let rest = rest.iter().map(|(op, operand)| Ok((*op, self.node(operand)?)));
                Node::Compare(first, rest.collect::<Result<_>>()?)
            }
            K::IsNull(operand) => Node::IsNull(self.boxed(operand)?),
            K::IsNotNull(operand) => Node::IsNotNull(self.boxed(operand)?),
            K::HasLabels(operand, labels) => Node::HasLabels(self.boxed(operand)?, self.labels(labels)?, span),
            K::IsType { operand, negated, wanted } => {
                Node::IsType { operand: self.boxed(operand)?, wanted: wanted.clone(), negated: *negated }
            }
            K::IsNormalized { operand, negated, form } => {
                Node::IsNormalized { operand: self.boxed(operand)?, form: *form, negated: *negated }
            }
            K::Case { operand, branches, otherwise } => {
                let operand = self.optional(operand.as_deref())?;
                let branches = branches.iter().map(|(when, then)| Ok((self.node(when)?, self.node(then)?)));
                let branches = branches.collect::<Result<_>>()?;
                let otherwise = self.optional(otherwise.as_deref())?;
                match operand {
                    Some(operand) => Node::SimpleCase(operand, branches, otherwise),
                    None => Node::SearchedCase(branches, otherwise),
                }
            }
            K::Function { name, distinct, args } => self.call(expr, name, *distinct, args)?,
            K::CountStar => return Err(misplaced_aggregate("count(*)", span)),
            K::ListComprehension { variable, list, filter, map } => {
                let list = self.boxed(list)?;
                self.locals.push(variable.text.clone());
                let filter = self.optional(filter.as_deref());
                let map = self.optional(map.as_deref());
                self.locals.pop();
                Node::ListComprehension { list, filter: filter?, map: map?, span }
            }
            K::Quantifier { kind, variable, list, filter } => {
                let list = self.boxed(list)?;
                self.locals.push(variable.text.clone());
                let filter = self.optional(filter.as_deref());
                self.locals.pop();
                Node::Quantifier { kind: *kind, list, filter: filter?, span }
            }
            K::Reduce { accumulator, init, variable, list, step: step_expr } => {
                let (init, list) = (self.boxed(init)?, self.boxed(list)?);
                self.locals.push(accumulator.text.clone());
                self.locals.push(variable.text.clone());
                let step = self.boxed(step_expr);
                self.locals.pop();
                self.locals.pop();
                let appending = appends(step_expr, &accumulator.text);
                Node::Reduce { init, list, step: step?, appending, span }
            }
            K::MapProjection { subject, items } => {
                let subject = Box::new(self.variable(&subject.text, subject.span)?);
                let items = items.iter().map(|item| self.projection_item(item)).collect::<Result<_>>()?;
                Node::MapProjection { subject, items, span }
            }
            K::PatternPredicate(_)
            | K::PatternComprehension { .. }
            | K::ShortestPath(_)
            | K::Exists(_)
            | K::Count(_)
            | K::Collect(_) => self.subquery(expr)?,
        })
    }

    /// The slots of the row, behind them the local variables.
    fn variable(&self, name: &str, span: Span) -> Result<Node> {
        if let Some(local) = self.locals.iter().rposition(|local| local == name) {
            return Ok(Node::Local(local));
        }
        match self.scope.slot(name) {
            Some(slot) => Ok(Node::Slot(slot)),
            None => Err(Error::syntax(Detail::UndefinedVariable, format!("Variable `{name}` not defined")).at(span)),
        }
    }

    fn projection_item(&mut self, item: &MapProjectionItem) -> Result<ProjectionNode> {
        Ok(match item {
            MapProjectionItem::Property(key) => ProjectionNode::Property(key_ref(key)),
            MapProjectionItem::All => ProjectionNode::All,
            MapProjectionItem::Entry(key, value) => ProjectionNode::Entry(key.clone(), self.node(value)?),
            MapProjectionItem::Variable(name) => {
                ProjectionNode::Entry(name.text.clone(), self.variable(&name.text, name.span)?)
            }
        })
    }

    /// Operators with two sides lean to the left, so a long chain is a deep tree: walked down in a
    /// loop, it becomes one flat node.
    fn chain(&mut self, expr: &Expr) -> Result<Node> {
        let mut first = expr;
        let mut operands = Vec::new();
        while let ExprKind::Binary(op, left, right) = &first.kind {
            operands.push((*op, &**right, first.span));
            first = left;
        }
        operands.reverse();
        let first = self.boxed(first)?;
        let mut rest = Vec::with_capacity(operands.len());
        for (op, operand, span) in operands {
            rest.push((op, self.node(operand)?, span));
        }
        if let [(BinaryOp::Matches, Node::Constant(Value::String(pattern)), span)] = rest.as_slice() {
            // A wrong pattern stays an error of the run: the row that needs it may never come.
            if let Ok(pattern) = Pattern::new(pattern, *span) {
                return Ok(Node::MatchesConstant(first, Box::new(pattern)));
            }
        }
        Ok(Node::Chain(first, rest))
    }

    fn call(&mut self, expr: &Expr, name: &str, distinct: bool, args: &[Expr]) -> Result<Node> {
        let span = expr.span;
        if functions::aggregate::AggregateKind::by_name(name).is_some() {
            return Err(misplaced_aggregate(name, span));
        }
        if let ([Expr { kind: ExprKind::PatternPredicate(pattern), span }], true) =
            (args, name.eq_ignore_ascii_case("size"))
        {
            let body = Subquery::Pattern { patterns: vec![(**pattern).clone()], filter: None };
            return self.subquery(&Expr { kind: ExprKind::Count(Box::new(body)), span: *span });
        }
        let signature = functions::find(name).ok_or_else(|| functions::unknown(name, span))?;
        if distinct {
            return Err(Error::syntax(
                Detail::UnexpectedSyntax,
                format!("{}() is no aggregate function: DISTINCT means nothing here", signature.name),
            )
            .at(span));
        }
        signature.check_arity(args.len()).map_err(|error| error.at(span))?;
        let nodes = args.iter().map(|arg| self.node(arg)).collect::<Result<Vec<_>>>()?;
        if signature.name == "coalesce" {
            return Ok(Node::Coalesce(nodes));
        }
        if let ("exists", [ExprKind::PatternPredicate(_)]) =
            (signature.name, args.iter().map(|arg| &arg.kind).collect::<Vec<_>>().as_slice())
        {
            return nodes.into_iter().next().ok_or_else(|| functions::unknown(name, span));
        }
        Ok(Node::Call(signature, nodes, span))
    }

    fn subquery(&mut self, expr: &Expr) -> Result<Node> {
        if self.locals.is_empty() {
            return Ok(Node::Subquery(self.subqueries.subquery(expr, self.scope)?, expr.span));
        }
        let mut scope = self.scope.clone();
        for local in &self.locals {
            scope.add(local.as_str());
        }
        Ok(Node::Subquery(self.subqueries.subquery(expr, &scope)?, expr.span))
    }
}

/// Whether an expression is a chain of operators that begins with a variable and does not mention it
/// again, such as `list + x * 2`.
fn appends(expr: &Expr, variable: &str) -> bool {
    let mut first = expr;
    while let ExprKind::Binary(op, left, right) = &first.kind {
        if matches!(op, BinaryOp::And | BinaryOp::Or) || mentions(right, variable) {
            return false;
        }
        first = left;
    }
    !std::ptr::eq(first, expr) && matches!(&first.kind, ExprKind::Variable(name) if name == variable)
}

/// Whether an expression may use a variable; patterns and subqueries may use any.
fn mentions(expr: &Expr, variable: &str) -> bool {
    match &expr.kind {
        ExprKind::Variable(name) => return name == variable,
        ExprKind::MapProjection { .. }
        | ExprKind::PatternPredicate(_)
        | ExprKind::PatternComprehension { .. }
        | ExprKind::ShortestPath(_)
        | ExprKind::Exists(_)
        | ExprKind::Count(_)
        | ExprKind::Collect(_) => return true,
        _ => {}
    }
    let mut found = false;
    for_each_child(expr, &mut |child| found = found || mentions(child, variable));
    found
}

fn key_ref(key: &str) -> TokenRef {
    TokenRef::new(TokenKind::Key, key)
}

fn misplaced_aggregate(name: &str, span: Span) -> Error {
    Error::syntax(Detail::InvalidAggregation, format!("The aggregate {name} cannot stand here")).at(span)
}

/// A list of constants is a constant.
fn list(nodes: Vec<Node>) -> Node {
    if !nodes.iter().all(|node| matches!(node, Node::Constant(_))) {
        return Node::List(nodes);
    }
    let values = nodes.into_iter().filter_map(|node| match node {
        Node::Constant(value) => Some(value),
        _ => None,
    });
    Node::Constant(Value::List(values.collect()))
}

/// A map of constants is a constant.
fn map(nodes: Vec<(String, Node)>) -> Node {
    if !nodes.iter().all(|(_, node)| matches!(node, Node::Constant(_))) {
        return Node::Map(nodes);
    }
    let values = nodes.into_iter().filter_map(|(key, node)| match node {
        Node::Constant(value) => Some((key, value)),
        _ => None,
    });
    Node::Constant(Value::Map(values.collect()))
}
