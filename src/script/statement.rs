//! Statements.

use super::binding::Kind;
use super::convert::is_true;
use super::host::{Host, Thrown};
use super::machine::Machine;
use super::operator;
use super::scope::Scope;
use super::value::Value;
use crate::ast::script::{Case, DeclarationKind, Expression, For, ForEach, Name, Statement, Try};
use std::rc::Rc;

/// How a statement ends.
#[derive(Debug)]
pub(super) enum Flow {
    /// The next one follows.
    Next,
    /// `break`
    Break(Option<Name>),
    /// `continue`
    Continue(Option<Name>),
    /// `return`
    Return(Value),
}

type Ran = Result<Flow, Thrown>;

/// What a loop does with the flow of its body: `Some` ends it.
fn after_round(flow: Flow, labels: &[Name]) -> Option<Flow> {
    match flow {
        Flow::Next | Flow::Continue(None) => None,
        Flow::Continue(Some(label)) if labels.contains(&label) => None,
        Flow::Break(None) => Some(Flow::Next),
        other => Some(other),
    }
}

impl Machine {
    /// Runs statements in a scope that is theirs.
    pub(super) fn statements(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, body: &[Statement]) -> Ran {
        // Functions are there before anything runs.
        for statement in body {
            if let Statement::Function(function) = statement
                && let Some(name) = &function.name
            {
                let closure = self.closure(scope, function);
                if scope.is_global() {
                    self.set_global(name, closure);
                } else {
                    scope.declare(name, closure, false);
                }
            }
        }
        for statement in body {
            match self.statement(host, scope, statement, &[])? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn block(&mut self, host: &mut dyn Host, outer: &Rc<Scope>, body: &[Statement]) -> Ran {
        let scope = Scope::block(outer);
        let flow = self.statements(host, &scope, body);
        scope.leave();
        flow
    }

    fn statement(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, statement: &Statement, labels: &[Name]) -> Ran {
        self.step(host)?;
        match statement {
            Statement::Empty | Statement::Function(_) => Ok(Flow::Next),
            Statement::Expression(expression) => {
                self.last = self.expression(host, scope, expression)?;
                Ok(Flow::Next)
            }
            Statement::Declare(declaration) => {
                let kind = Kind::Declare(declaration.kind);
                for (target, value) in &declaration.bindings {
                    let value = match value {
                        Some(value) => self.expression(host, scope, value)?,
                        // `var x;` leaves what is there.
                        None if declaration.kind == DeclarationKind::Var && self.is_declared(scope, target) => continue,
                        None => Value::Undefined,
                    };
                    self.bind(host, scope, target, value, kind)?;
                }
                Ok(Flow::Next)
            }
            Statement::Block(body) => self.block(host, scope, body),
            Statement::If(test, branches) => {
                let test = self.expression(host, scope, test)?;
                self.statement(host, scope, if is_true(&test) { &branches.0 } else { &branches.1 }, &[])
            }
            Statement::For(parts) => self.for_loop(host, scope, parts, labels),
            Statement::ForEach(parts) => self.for_each(host, scope, parts, labels),
            Statement::While(test, body) => self.while_loop(host, scope, test, body, labels, false),
            Statement::DoWhile(body, test) => self.while_loop(host, scope, test, body, labels, true),
            Statement::Break(label) => Ok(Flow::Break(label.clone())),
            Statement::Continue(label) => Ok(Flow::Continue(label.clone())),
            Statement::Return(value) => Ok(Flow::Return(match value {
                Some(value) => self.expression(host, scope, value)?,
                None => Value::Undefined,
            })),
            Statement::Throw(value) => {
                let thrown = self.expression(host, scope, value)?;
                Err(Thrown::Value(thrown, Some(value.span)))
            }
            Statement::Try(parts) => self.try_catch(host, scope, parts),
            Statement::Switch(subject, cases) => self.switch(host, scope, subject, cases),
            Statement::Labelled(label, inner) => {
                let labels: Vec<Name> = labels.iter().chain([label]).map(Name::clone).collect();
                Ok(match self.statement(host, scope, inner, &labels)? {
                    Flow::Break(Some(to)) if to == *label => Flow::Next,
                    other => other,
                })
            }
        }
    }

    fn is_declared(&self, scope: &Rc<Scope>, target: &crate::ast::script::Pattern) -> bool {
        match target {
            crate::ast::script::Pattern::Name(name, _) => scope.get(name).is_some() || self.global(name).is_some(),
            _ => false,
        }
    }

    fn for_loop(&mut self, host: &mut dyn Host, outer: &Rc<Scope>, parts: &For, labels: &[Name]) -> Ran {
        let mut scope = Scope::block(outer);
        self.statement(host, &scope, &parts.start, &[])?;
        loop {
            if let Some(test) = &parts.test
                && !is_true(&self.expression(host, &scope, test)?)
            {
                break;
            }
            let flow = self.statement(host, &scope, &parts.body, &[])?;
            if let Some(flow) = after_round(flow, labels) {
                return Ok(flow);
            }
            // Functions made in this round keep its variables.
            if Rc::strong_count(&scope) > 1
                && let Some(next) = scope.next_round()
            {
                scope = next;
            }
            if let Some(step) = &parts.step {
                self.expression(host, &scope, step)?;
            }
        }
        Ok(Flow::Next)
    }

    fn for_each(&mut self, host: &mut dyn Host, outer: &Rc<Scope>, parts: &ForEach, labels: &[Name]) -> Ran {
        let subject = self.expression(host, outer, &parts.subject)?;
        let subject = if parts.keys { keys(&subject) } else { subject };
        let kind = parts.kind.map_or(Kind::Assign, Kind::Declare);
        let mut end = Flow::Next;
        let mut round = |machine: &mut Machine, host: &mut dyn Host, value: Value| {
            let scope = Scope::block(outer);
            machine.bind(host, &scope, &parts.target, value, kind)?;
            let flow = machine.statement(host, &scope, &parts.body, &[])?;
            scope.leave();
            Ok(match after_round(flow, labels) {
                None => true,
                Some(flow) => {
                    end = flow;
                    false
                }
            })
        };
        self.walk(host, &subject, &mut round).map_err(|thrown| thrown.at(parts.subject.span))?;
        Ok(end)
    }

    fn while_loop(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        test: &Expression,
        body: &Statement,
        labels: &[Name],
        body_first: bool,
    ) -> Ran {
        let mut skip_test = body_first;
        while skip_test || is_true(&self.expression(host, scope, test)?) {
            skip_test = false;
            let flow = self.statement(host, scope, body, &[])?;
            if let Some(flow) = after_round(flow, labels) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn try_catch(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, parts: &Try) -> Ran {
        let mut ran = self.block(host, scope, &parts.body);
        if let (Err(Thrown::Value(thrown, _)), Some((target, handler))) = (&ran, &parts.catch) {
            let thrown = thrown.clone();
            let inner = Scope::block(scope);
            if let Some(target) = target {
                self.bind(host, &inner, target, thrown, Kind::Declare(DeclarationKind::Let))?;
            }
            ran = self.statements(host, &inner, handler);
            inner.leave();
        }
        if let Some(last) = &parts.finally
            && !matches!(ran, Err(Thrown::Fatal(_)))
        {
            match self.block(host, scope, last)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        ran
    }

    fn switch(&mut self, host: &mut dyn Host, outer: &Rc<Scope>, subject: &Expression, cases: &[Case]) -> Ran {
        let subject = self.expression(host, outer, subject)?;
        let scope = Scope::block(outer);
        let mut start = None;
        for (at, case) in cases.iter().enumerate() {
            if let Some(test) = &case.test
                && operator::same(&subject, &self.expression(host, &scope, test)?)
            {
                start = Some(at);
                break;
            }
        }
        let start = start.or_else(|| cases.iter().position(|case| case.test.is_none()));
        for case in start.and_then(|start| cases.get(start..)).unwrap_or_default() {
            match self.statements(host, &scope, &case.body)? {
                Flow::Next => {}
                Flow::Break(None) => break,
                other => return Ok(other),
            }
        }
        scope.leave();
        Ok(Flow::Next)
    }
}

/// The keys that `for (… in …)` walks.
fn keys(subject: &Value) -> Value {
    match subject {
        Value::Object(object) => Value::array(object.fields().keys().map(|name| Value::text(&**name)).collect()),
        Value::Array(array) => Value::array((0..array.len()).map(|at| Value::text(at.to_string())).collect()),
        Value::Text(text) => {
            Value::array((0..text.encode_utf16().count()).map(|at| Value::text(at.to_string())).collect())
        }
        _ => Value::array(Vec::new()),
    }
}
