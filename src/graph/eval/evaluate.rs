//! Evaluation of compiled expressions. Values are borrowed from the row and from constants as long as
//! possible.

use super::context::EvalContext;
use super::node::{Compiled, LabelTest, Node, ProjectionNode};
use super::type_test::belongs_to;
use super::{access, limits, operators};
use crate::ast::graph::Quantifier;
use crate::graph::functions::{Range, is_normalized};
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;
use crate::value::graph::{Value, equals};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Evaluates an expression for a row.
pub fn evaluate(compiled: &Compiled, row: &[Value], cx: &dyn EvalContext) -> Result<Value> {
    frame(row, compiled.width, cx).eval(&compiled.root).map(Cow::into_owned)
}

/// Evaluates a predicate for a row: whether it is true, neither false nor null. Anything but a boolean
/// or null is a type error.
pub fn evaluate_predicate(compiled: &Compiled, row: &[Value], cx: &dyn EvalContext) -> Result<bool> {
    let value = frame(row, compiled.width, cx).eval(&compiled.root)?;
    Ok(operators::truth(&value)? == Some(true))
}

/// What the evaluation of an expression for a row sees.
pub(super) fn frame<'f>(row: &'f [Value], width: usize, cx: &'f dyn EvalContext) -> Frame<'f> {
    Frame { row, width, locals: None, cx }
}

/// A local variable and those around it.
struct Local<'f> {
    value: Cow<'f, Value>,
    /// From 0 for the outermost.
    depth: usize,
    outer: Option<&'f Local<'f>>,
}

/// What one evaluation sees.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f> {
    row: &'f [Value],
    width: usize,
    locals: Option<&'f Local<'f>>,
    cx: &'f dyn EvalContext,
}

/// How many elements are worked on between looks at the interrupt flag.
const INTERRUPT_INTERVAL: usize = 4096;

impl<'f> Frame<'f> {
    pub(super) fn eval(&self, node: &'f Node) -> Result<Cow<'f, Value>> {
        let owned = |value| Ok(Cow::Owned(value));
        match node {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            Node::Slot(slot) => Ok(self.row.get(*slot).map_or(Cow::Owned(Value::Null), Cow::Borrowed)),
            Node::Local(depth) => Ok(self.local(*depth)),
            Node::Parameter(name, span) => match self.cx.parameter(name) {
                Some(value) => Ok(Cow::Borrowed(value)),
                None => Err(Error::runtime(
                    Kind::ParameterMissing,
                    Detail::MissingParameter,
                    format!("Expected parameter(s): {name}"),
                )
                .at(*span)),
            },
            Node::List(items) => {
                let list = Value::List(items.iter().map(|item| self.owned(item)).collect::<Result<_>>()?);
                limits::check_weight(&list)?;
                owned(list)
            }
            Node::Map(entries) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    map.insert(key.clone(), self.owned(value)?);
                }
                let map = Value::Map(map);
                limits::check_weight(&map)?;
                owned(map)
            }
            Node::Property(subject, key, span) => {
                if let Node::Slot(slot) = &**subject {
                    match self.row.get(*slot) {
                        Some(Value::Node(id)) => {
                            return self.cx.node_property(*id, key).map(Cow::Owned).map_err(|error| error.at(*span));
                        }
                        Some(Value::Relationship(id)) => {
                            let value = self.cx.relationship_property(*id, key);
                            return value.map(Cow::Owned).map_err(|error| error.at(*span));
                        }
                        _ => {}
                    }
                }
                access::property(self.eval(subject)?, key, self.cx).map_err(|error| error.at(*span))
            }
            Node::Index(subject, index, span) => {
                let (subject, index) = (self.eval(subject)?, self.eval(index)?);
                access::index(subject, &index, self.cx).map_err(|error| error.at(*span))
            }
            Node::Slice(subject, from, to, span) => {
                let subject = self.eval(subject)?;
                let from = from.as_ref().map(|bound| self.eval(bound)).transpose()?;
                let to = to.as_ref().map(|bound| self.eval(bound)).transpose()?;
                access::slice(&subject, from.as_deref(), to.as_deref()).map(Cow::Owned).map_err(|error| error.at(*span))
            }
            Node::Not(operand, span) => {
                let truth = operators::truth(&*self.eval(operand)?).map_err(|error| error.at(*span))?;
                owned(operators::from_truth(truth.map(|truth| !truth)))
            }
            Node::Minus(operand, span) => {
                operators::negate(&*self.eval(operand)?).map(Cow::Owned).map_err(|error| error.at(*span))
            }
            Node::Plus(operand, span) => {
                let value = self.eval(operand)?;
                operators::check_number(&value).map_err(|error| error.at(*span))?;
                Ok(value)
            }
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Compare(first, rest) => self.comparison(first, rest),
            Node::MatchesConstant(subject, pattern) => owned(match &*self.eval(subject)? {
                Value::String(text) => Value::Bool(pattern.matches(text)?),
                _ => Value::Null,
            }),
            Node::IsNull(operand) => owned(Value::Bool(self.eval(operand)?.is_null())),
            Node::IsNotNull(operand) => owned(Value::Bool(!self.eval(operand)?.is_null())),
            Node::HasLabels(subject, labels, span) => {
                let subject = self.eval(subject)?;
                self.has_labels(&subject, labels).map(Cow::Owned).map_err(|error| error.at(*span))
            }
            Node::IsType { operand, wanted, negated } => {
                owned(Value::Bool(belongs_to(&*self.eval(operand)?, wanted) != *negated))
            }
            Node::IsNormalized { operand, form, negated } => owned(match &*self.eval(operand)? {
                Value::String(text) => Value::Bool(is_normalized(text, *form) != *negated),
                _ => Value::Null,
            }),
            Node::SimpleCase(operand, branches, otherwise) => {
                let operand = self.eval(operand)?;
                for (when, then) in branches {
                    if equals(&operand, &*self.eval(when)?) == Some(true) {
                        return self.eval(then);
                    }
                }
                self.otherwise(otherwise.as_deref())
            }
            Node::SearchedCase(branches, otherwise) => {
                for (when, then) in branches {
                    if operators::truth(&*self.eval(when)?)? == Some(true) {
                        return self.eval(then);
                    }
                }
                self.otherwise(otherwise.as_deref())
            }
            Node::Call(signature, args, span) => {
                let result = match args.as_slice() {
                    [] => signature.call(&[], self.cx),
                    [a] => signature.call(&[&*self.eval(a)?], self.cx),
                    [a, b] => signature.call(&[&*self.eval(a)?, &*self.eval(b)?], self.cx),
                    [a, b, c] => signature.call(&[&*self.eval(a)?, &*self.eval(b)?, &*self.eval(c)?], self.cx),
                    more => {
                        let values = more.iter().map(|arg| self.eval(arg)).collect::<Result<Vec<_>>>()?;
                        signature.call(&values.iter().map(|value| &**value).collect::<Vec<_>>(), self.cx)
                    }
                };
                result.map(Cow::Owned).map_err(|error| error.at(*span))
            }
            Node::Coalesce(args) => {
                for arg in args {
                    let value = self.eval(arg)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                owned(Value::Null)
            }
            Node::ListComprehension { list, filter, map, span } => {
                let Some(items) = self.list(list, *span)? else { return owned(Value::Null) };
                self.comprehension(items, filter.as_deref(), map.as_deref()).map(Cow::Owned)
            }
            Node::Quantifier { kind, list, filter, span } => {
                let Some(items) = self.list(list, *span)? else { return owned(Value::Null) };
                self.quantifier(*kind, items, filter.as_deref()).map(Cow::Owned)
            }
            Node::Reduce { init, list, step, appending, span } => {
                let value = self.owned(init)?;
                let Some(items) = self.list(list, *span)? else { return owned(Value::Null) };
                match &**step {
                    Node::Chain(_, operands) if *appending => self.append_all(value, items, operands),
                    step => self.reduce(value, items, step),
                }
                .map(Cow::Owned)
            }
            Node::MapProjection { subject, items, span } => self.projection(subject, items, *span),
            Node::Subquery(handle, span) => self.subquery(*handle).map(Cow::Owned).map_err(|error| error.at(*span)),
        }
    }

    /// `subject:Label…`: for nodes their labels, for relationships their type; null of null.
    fn has_labels(&self, subject: &Value, labels: &'f LabelTest) -> Result<Value> {
        if subject.is_null() {
            return Ok(Value::Null);
        }
        let holder = access::label_holder(subject)?;
        self.test_labels(labels, &holder).map(Value::Bool)
    }

    fn test_labels(&self, labels: &'f LabelTest, holder: &access::LabelHolder<'_>) -> Result<bool> {
        match labels {
            LabelTest::Name(name) => holder.has(name, self.cx),
            LabelTest::Any => holder.has_any(self.cx),
            LabelTest::Not(inner) => Ok(!self.test_labels(inner, holder)?),
            LabelTest::And(parts) => {
                for part in parts {
                    if !self.test_labels(part, holder)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            LabelTest::Or(parts) => {
                for part in parts {
                    if self.test_labels(part, holder)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            LabelTest::Dynamic { names, any } => {
                for name in access::names(&*self.eval(names)?)? {
                    if holder.has(&TokenRef::new(TokenKind::Label, name), self.cx)? == *any {
                        return Ok(*any);
                    }
                }
                Ok(!*any)
            }
        }
    }

    fn owned(&self, node: &'f Node) -> Result<Value> {
        self.eval(node).map(Cow::into_owned)
    }

    fn otherwise(&self, node: Option<&'f Node>) -> Result<Cow<'f, Value>> {
        node.map_or(Ok(Cow::Owned(Value::Null)), |node| self.eval(node))
    }

    fn next_depth(&self) -> usize {
        self.locals.map_or(0, |local| local.depth + 1)
    }

    fn local(&self, depth: usize) -> Cow<'f, Value> {
        let mut local = self.locals;
        while let Some(here) = local {
            if here.depth == depth {
                return Cow::Borrowed(&*here.value);
            }
            local = here.outer;
        }
        Cow::Owned(Value::Null)
    }

    fn interruptible(&self, count: usize) -> Result<()> {
        if count % INTERRUPT_INTERVAL == INTERRUPT_INTERVAL - 1 { self.cx.check_interrupt() } else { Ok(()) }
    }

    /// The elements of a list, borrowed if the list is; `None` for null.
    fn list(&self, node: &'f Node, span: Span) -> Result<Option<Items<'f>>> {
        if let Node::Call(signature, args, span) = node
            && signature.name == "range"
        {
            let values = args.iter().map(|arg| self.eval(arg)).collect::<Result<Vec<_>>>()?;
            if values.iter().any(|value| value.is_null()) {
                return Ok(None);
            }
            let range = Range::new(&values.iter().map(|value| &**value).collect::<Vec<_>>());
            return range.map(|range| Some(Items::Range(range))).map_err(|error| error.at(*span));
        }
        match self.eval(node)? {
            Cow::Borrowed(Value::List(items)) => Ok(Some(Items::Borrowed(items.iter()))),
            Cow::Owned(Value::List(items)) => Ok(Some(Items::Owned(items.into_iter()))),
            value if value.is_null() => Ok(None),
            value => Err(Error::type_error(
                Detail::InvalidArgumentType,
                format!("Type mismatch: expected List but was {}", value.type_name()),
            )
            .at(span)),
        }
    }

    fn chain(&self, first: &'f Node, rest: &'f [(crate::ast::graph::BinaryOp, Node, Span)]) -> Result<Cow<'f, Value>> {
        use crate::ast::graph::BinaryOp;
        let mut value = self.eval(first)?;
        for (op, operand, span) in rest {
            let at = |error: Error| error.at(*span);
            let decided = match op {
                BinaryOp::And => Some(false),
                BinaryOp::Or => Some(true),
                _ => None,
            };
            if let Some(decided) = decided {
                let left = operators::truth(&value).map_err(at)?;
                // What the left side decides is not asked of the right.
                if left == Some(decided) {
                    continue;
                }
                let right = operators::truth(&*self.eval(operand)?).map_err(at)?;
                let truth = if right == Some(decided) { right } else { left.and(right) };
                value = Cow::Owned(operators::from_truth(truth));
                continue;
            }
            let right = self.eval(operand)?;
            let result = operators::binary(*op, value, &right).map_err(at)?;
            if limits::is_nested(&right) {
                limits::check_weight(&result).map_err(at)?;
            }
            value = Cow::Owned(result);
        }
        Ok(value)
    }

    /// Each neighbouring pair is compared; the answers are joined by AND.
    fn comparison(&self, first: &'f Node, rest: &'f [(crate::ast::graph::CompareOp, Node)]) -> Result<Cow<'f, Value>> {
        let mut left = self.eval(first)?;
        let mut truth = Some(true);
        for (op, operand) in rest {
            let right = self.eval(operand)?;
            match operators::compare(*op, &left, &right) {
                Some(true) => {}
                Some(false) => return Ok(Cow::Owned(Value::Bool(false))),
                None => truth = None,
            }
            left = right;
        }
        Ok(Cow::Owned(operators::from_truth(truth)))
    }

    fn reduce(&self, mut value: Value, items: Items<'f>, step: &'f Node) -> Result<Value> {
        for (count, item) in items.enumerate() {
            self.interruptible(count)?;
            let accumulator = Local { value: Cow::Owned(value), depth: self.next_depth(), outer: self.locals };
            let element = Local { value: item, depth: accumulator.depth + 1, outer: Some(&accumulator) };
            value = Frame { locals: Some(&element), ..*self }.eval(step)?.into_owned();
            limits::check_weight(&value)?;
        }
        Ok(value)
    }

    /// `reduce` whose step appends to the accumulator: it is moved from step to step, never copied.
    fn append_all(
        &self,
        mut value: Value,
        items: Items<'f>,
        operands: &'f [(crate::ast::graph::BinaryOp, Node, Span)],
    ) -> Result<Value> {
        let accumulator = Local { value: Cow::Owned(Value::Null), depth: self.next_depth(), outer: self.locals };
        let mut weight_left = limits::MAX_VALUES;
        for (count, item) in items.enumerate() {
            self.interruptible(count)?;
            let element = Local { value: item, depth: accumulator.depth + 1, outer: Some(&accumulator) };
            let frame = Frame { locals: Some(&element), ..*self };
            for (op, operand, span) in operands {
                let right = frame.eval(operand)?;
                if matches!(value, Value::List(_)) && !limits::take_weight(&right, &mut weight_left) {
                    limits::check_values(limits::MAX_VALUES + 1).map_err(|error| error.at(*span))?;
                }
                value = operators::binary(*op, Cow::Owned(value), &right).map_err(|error| error.at(*span))?;
            }
        }
        Ok(value)
    }

    fn comprehension(&self, items: Items<'f>, filter: Option<&'f Node>, map: Option<&'f Node>) -> Result<Value> {
        let mut out = Vec::new();
        for (count, item) in items.enumerate() {
            self.interruptible(count)?;
            let local = Local { value: item, depth: self.next_depth(), outer: self.locals };
            let frame = Frame { locals: Some(&local), ..*self };
            if let Some(filter) = filter
                && operators::truth(&*frame.eval(filter)?)? != Some(true)
            {
                continue;
            }
            match map {
                Some(map) => {
                    let value = frame.eval(map)?.into_owned();
                    limits::check_values(out.len())?;
                    out.push(value);
                }
                None => {
                    limits::check_values(out.len())?;
                    out.push(local.value.into_owned());
                }
            }
        }
        let list = Value::List(out);
        limits::check_weight(&list)?;
        Ok(list)
    }

    /// Three-valued: an unknown element leaves the answer unknown unless the others decide it.
    fn quantifier(&self, kind: Quantifier, items: Items<'f>, filter: Option<&'f Node>) -> Result<Value> {
        let (mut trues, mut unknowns) = (0_usize, 0_usize);
        for (count, item) in items.enumerate() {
            self.interruptible(count)?;
            let local = Local { value: item, depth: self.next_depth(), outer: self.locals };
            let truth = match filter {
                Some(filter) => operators::truth(&*Frame { locals: Some(&local), ..*self }.eval(filter)?)?,
                None => operators::truth(&local.value)?,
            };
            match (truth, kind) {
                (Some(true), Quantifier::Any) => return Ok(Value::Bool(true)),
                (Some(true), Quantifier::None) | (Some(false), Quantifier::All) => return Ok(Value::Bool(false)),
                (Some(true), Quantifier::Single) if trues == 1 => return Ok(Value::Bool(false)),
                (Some(true), _) => trues += 1,
                (Some(false), _) => {}
                (None, _) => unknowns += 1,
            }
        }
        Ok(match kind {
            _ if unknowns > 0 => Value::Null,
            Quantifier::All | Quantifier::None => Value::Bool(true),
            Quantifier::Any => Value::Bool(false),
            Quantifier::Single => Value::Bool(trues == 1),
        })
    }

    fn projection(&self, subject: &'f Node, items: &'f [ProjectionNode], span: Span) -> Result<Cow<'f, Value>> {
        let subject = self.eval(subject)?;
        if subject.is_null() {
            return Ok(Cow::Owned(Value::Null));
        }
        let mut map = BTreeMap::new();
        for item in items {
            match item {
                ProjectionNode::Property(key) => {
                    let value = access::property(Cow::Borrowed(&*subject), key, self.cx);
                    map.insert(key.name().to_string(), value.map_err(|error| error.at(span))?.into_owned());
                }
                ProjectionNode::All => {
                    map.extend(access::properties(&subject, self.cx).map_err(|error| error.at(span))?);
                }
                ProjectionNode::Entry(key, value) => {
                    map.insert(key.clone(), self.owned(value)?);
                }
            }
        }
        Ok(Cow::Owned(Value::Map(map)))
    }

    /// Subqueries see the row and, behind it, the local variables.
    fn subquery(&self, handle: usize) -> Result<Value> {
        let Some(innermost) = self.locals else { return self.cx.run_subquery(handle, self.row) };
        let mut row = self.row.to_vec();
        row.resize(self.width, Value::Null);
        let mut locals = Vec::with_capacity(innermost.depth + 1);
        let mut local = Some(innermost);
        while let Some(here) = local {
            locals.push((*here.value).clone());
            local = here.outer;
        }
        row.extend(locals.into_iter().rev());
        self.cx.run_subquery(handle, &row)
    }
}

/// The elements of a list that is borrowed or owned.
enum Items<'f> {
    Borrowed(std::slice::Iter<'f, Value>),
    Owned(std::vec::IntoIter<Value>),
    Range(Range),
}

impl<'f> Iterator for Items<'f> {
    type Item = Cow<'f, Value>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Items::Borrowed(items) => items.next().map(Cow::Borrowed),
            Items::Owned(items) => items.next().map(Cow::Owned),
            Items::Range(range) => range.next().map(|number| Cow::Owned(Value::Int(number))),
        }
    }
}
