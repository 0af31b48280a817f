//! Calls, and what walks values one by one.

use super::binding::Kind;
use super::builtin;
use super::convert::field_name;
use super::expression::{Answer, present};
use super::heap::{Closure, Object};
use super::host::{Argument, Host, Thrown};
use super::machine::Machine;
use super::scope::Scope;
use super::statement::Flow;
use super::value::Value;
use crate::ast::script::{Body, DeclarationKind, Expression, Item, Name, Node};
use crate::text::Span;
use std::rc::Rc;

/// What is done with each value of a walk: whether it goes on.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&mut Machine, &mut dyn Host, Value) -> Result<bool, Thrown>;

impl Machine {
    #[allow(clippy::too_many_arguments, reason = "the parts of a call, and where it is made")]
    pub(super) fn called(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        callee: &Expression,
        args: &[Item],
        optional: bool,
        is_new: bool,
        span: Span,
    ) -> Answer {
        let (object, name) = match &callee.node {
            Node::Member { object, name, optional } => {
                let object = self.expression(host, scope, object)?;
                present(&object, *optional)?;
                (object, Name::clone(name))
            }
            Node::Index { object, index, optional } => {
                let object = self.expression(host, scope, object)?;
                present(&object, *optional)?;
                let index = self.expression(host, scope, index)?;
                if matches!(object, Value::Array(_)) {
                    let function = self.element(host, &object, &index)?;
                    let args = self.items(host, scope, args)?;
                    return self.call(host, &function, object, args, Some(span));
                }
                (object, field_name(&index))
            }
            _ => {
                let function = self.expression(host, scope, callee)?;
                present(&function, optional)?;
                let args = self.items(host, scope, args)?;
                return match (&function, is_new) {
                    (Value::Function(closure), true) => self.construct(host, closure, args, span),
                    (Value::Builtin(name), _) => builtin::call(self, host, name, args, is_new),
                    (Value::Function(_), false) => self.call(host, &function, Value::Undefined, args, Some(span)),
                    _ => Err(not_callable(callee, &function)),
                };
            }
        };
        let name_span = Span::new(callee.span.end.saturating_sub(name.len()), callee.span.end);
        match &object {
            Value::Host(target) => {
                let args = self.host_arguments(host, scope, args)?;
                let target = Rc::clone(target);
                return host.call(self, &target, &name, args, name_span).map_err(|thrown| thrown.at(name_span));
            }
            Value::Object(fields) => {
                if let Some(function) = fields.get(&name).filter(|value| !value.is_nothing()) {
                    let args = self.items(host, scope, args)?;
                    return match (&function, is_new) {
                        (Value::Function(closure), true) => self.construct(host, closure, args, span),
                        (function, _) if function.is_function() => self.call(host, function, object, args, Some(span)),
                        (other, _) => Err(not_callable(callee, other)),
                    };
                }
            }
            Value::Builtin(space) => {
                let full = format!("{space}.{name}");
                if builtin::is_function(&full) {
                    let args = self.items(host, scope, args)?;
                    return builtin::call(self, host, &full, args, is_new);
                }
            }
            Value::Undefined | Value::Null => {
                return Err(Thrown::type_error(format!(
                    "Cannot read properties of {} (reading '{name}')",
                    object.describe()
                )));
            }
            _ => {}
        }
        let args = self.items(host, scope, args)?;
        match builtin::method(self, host, &object, &name, args)? {
            Some(value) => Ok(value),
            None if optional => Err(Thrown::Nothing),
            None => Err(no_method(callee, &object, &name).at(name_span)),
        }
    }

    fn host_arguments(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        items: &[Item],
    ) -> Result<Vec<Argument>, Thrown> {
        let mut args = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::One(expression) => args.push(self.argument(host, scope, expression)?),
                other => {
                    args.extend(self.items(host, scope, std::slice::from_ref(other))?.into_iter().map(Argument::Value))
                }
            }
        }
        Ok(args)
    }

    /// `new F(…)` of a script's function.
    fn construct(&mut self, host: &mut dyn Host, closure: &Rc<Closure>, args: Vec<Value>, span: Span) -> Answer {
        let made = Value::Object(Rc::new(Object::new(Default::default())));
        let function = Value::Function(Rc::clone(closure));
        match self.call(host, &function, made.clone(), args, Some(span))? {
            answer @ (Value::Object(_) | Value::Array(_)) => Ok(answer),
            _ => Ok(made),
        }
    }

    /// Calls a function; `span` is where, in the script that runs.
    ///
    /// # Errors
    /// What it throws.
    pub fn call(
        &mut self,
        host: &mut dyn Host,
        function: &Value,
        this: Value,
        args: Vec<Value>,
        span: Option<Span>,
    ) -> Answer {
        match function {
            Value::Function(closure) => {
                self.step(host)?;
                self.enter()?;
                let running = std::mem::replace(&mut self.running, closure.script);
                let last = std::mem::replace(&mut self.last, Value::Undefined);
                let answer = self.run_function(host, closure, this, args);
                self.last = last;
                self.running = running;
                self.leave();
                // Places in another text mean nothing here.
                answer.map_err(|thrown| if closure.script == running { thrown } else { thrown.moved_to(span) })
            }
            Value::Builtin(name) => builtin::call(self, host, name, args, false),
            other => Err(Thrown::type_error(format!("{} is not a function", other.describe()))),
        }
    }

    fn run_function(&mut self, host: &mut dyn Host, closure: &Rc<Closure>, this: Value, args: Vec<Value>) -> Answer {
        let function = &closure.function;
        let this = if function.is_arrow { closure.this.clone() } else { Some(this) };
        let scope = Scope::call(&closure.scope, this);
        let kind = Kind::Declare(DeclarationKind::Let);
        if let Some(name) = &function.name
            && !function.is_arrow
        {
            scope.declare(name, Value::Function(Rc::clone(closure)), false);
        }
        let mut args = args.into_iter();
        for parameter in &function.parameters {
            self.bind_element(host, &scope, parameter, args.next().unwrap_or(Value::Undefined), kind)?;
        }
        if let Some(rest) = &function.rest {
            self.bind(host, &scope, rest, Value::array(args.collect()), kind)?;
        }
        let answer = match &function.body {
            Body::Expression(value) => self.expression(host, &scope, value),
            Body::Block(body) => self.statements(host, &scope, body).map(|flow| match flow {
                Flow::Return(value) => value,
                _ => Value::Undefined,
            }),
        };
        scope.leave();
        answer
    }

    /// Walks the values of an array, a string, a `Map` or `Set`, a cursor.
    pub(super) fn walk(&mut self, host: &mut dyn Host, subject: &Value, visit: Visit<'_>) -> Result<(), Thrown> {
        match subject {
            Value::Array(array) => {
                let mut at = 0;
                while let Some(value) = array.get(at) {
                    if !visit(self, host, value)? {
                        break;
                    }
                    at += 1;
                }
            }
            Value::Text(text) => {
                for letter in text.chars() {
                    if !visit(self, host, Value::text(letter.to_string()))? {
                        break;
                    }
                }
            }
            Value::Dictionary(dictionary) => {
                for (key, value) in dictionary.copy() {
                    let item = if dictionary.is_set { key } else { Value::array(vec![key, value]) };
                    if !visit(self, host, item)? {
                        break;
                    }
                }
            }
            Value::Host(object) => {
                while let Some(value) = host.next(self, object)? {
                    if !visit(self, host, value)? {
                        break;
                    }
                }
            }
            other => {
                let error = Thrown::type_error(format!("{} is not iterable", other.describe()));
                return Err(match other {
                    Value::Object(_) => error.hint("walk its keys with `for (const key in …)`, or Object.entries(…)"),
                    _ => error,
                });
            }
        }
        Ok(())
    }
}

/// An expression as text, as far as it is a path.
fn path_text(expression: &Expression) -> String {
    match &expression.node {
        Node::Name(name) => name.to_string(),
        Node::This => "this".to_owned(),
        Node::Member { object, name, .. } => format!("{}.{name}", path_text(object)),
        Node::Index { object, .. } => format!("{}[…]", path_text(object)),
        Node::Call { callee, .. } => format!("{}(…)", path_text(callee)),
        Node::Optional(inner) => path_text(inner),
        _ => "(…)".to_owned(),
    }
}

fn not_callable(callee: &Expression, value: &Value) -> Thrown {
    let path = path_text(callee);
    match value {
        Value::Undefined | Value::Null => Thrown::type_error(format!("{path} is not a function")),
        other => Thrown::type_error(format!("{path} is not a function, but {}", other.describe())),
    }
}

fn no_method(callee: &Expression, object: &Value, name: &str) -> Thrown {
    let error = Thrown::type_error(format!("{} is not a function", path_text(callee)));
    match builtin::near_method(object, name) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
