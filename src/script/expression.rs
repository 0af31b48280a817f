//! Expressions.

use super::binding::Kind;
use super::convert::{self, field_name, is_true, to_number, to_text};
use super::heap::{Closure, Object};
use super::host::{Argument, Host, Thrown};
use super::machine::{Machine, constant};
use super::operator::{self, LONGEST_TEXT};
use super::scope::Scope;
use super::value::Value;
use crate::ast::script::{Change, Expression, Function, Item, Key, Logical, Member, Name, Node, Piece, Unary};
use bson::{Bson, Document};
use indexmap::IndexMap;
use std::rc::Rc;

/// The value of an expression.
pub(super) type Answer = Result<Value, Thrown>;

impl Machine {
    pub(super) fn expression(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, expression: &Expression) -> Answer {
        self.step(host)?;
        self.node(host, scope, expression).map_err(|thrown| thrown.at(expression.span))
    }

    fn node(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, expression: &Expression) -> Answer {
        match &expression.node {
            Node::Constant(value) => Ok(constant(value)),
            Node::Name(name) => self.name(host, scope, name),
            Node::This => Ok(scope.this().unwrap_or(Value::Undefined)),
            Node::Template(pieces) => self.template(host, scope, pieces),
            Node::Array(items) => Ok(Value::array(self.items(host, scope, items)?)),
            Node::Object(members) => self.object(host, scope, members),
            Node::Function(function) => Ok(self.closure(scope, function)),
            Node::Member { object, name, optional } => {
                let object = self.expression(host, scope, object)?;
                present(&object, *optional)?;
                self.field(host, &object, name)
            }
            Node::Index { object, index, optional } => {
                let object = self.expression(host, scope, object)?;
                present(&object, *optional)?;
                let index = self.expression(host, scope, index)?;
                self.element(host, &object, &index)
            }
            Node::Call { callee, args, optional, is_new } => {
                self.called(host, scope, callee, args, *optional, *is_new, expression.span)
            }
            Node::Optional(inner) => match self.expression(host, scope, inner) {
                Err(Thrown::Nothing) => Ok(Value::Undefined),
                other => other,
            },
            Node::Unary(operator, operand) => self.unary(host, scope, *operator, operand),
            Node::Update { by, prefix, target } => self.update(host, scope, *by, *prefix, target),
            Node::Binary(operator, operands) => {
                let left = self.expression(host, scope, &operands.0)?;
                let right = self.expression(host, scope, &operands.1)?;
                operator::binary(*operator, &left, &right)
            }
            Node::Logical(operator, operands) => {
                let left = self.expression(host, scope, &operands.0)?;
                if decides(*operator, &left) { Ok(left) } else { self.expression(host, scope, &operands.1) }
            }
            Node::Conditional(parts) => {
                let test = self.expression(host, scope, &parts.0)?;
                self.expression(host, scope, if is_true(&test) { &parts.1 } else { &parts.2 })
            }
            Node::Assign(parts) => {
                let value = self.expression(host, scope, &parts.1)?;
                self.bind(host, scope, &parts.0, value.clone(), Kind::Assign)?;
                Ok(value)
            }
            Node::Change(change, parts) => self.change(host, scope, *change, &parts.0, &parts.1),
            Node::Sequence(all) => {
                let mut last = Value::Undefined;
                for expression in all {
                    last = self.expression(host, scope, expression)?;
                }
                Ok(last)
            }
        }
    }

    pub(super) fn closure(&self, scope: &Rc<Scope>, function: &Rc<Function>) -> Value {
        Value::Function(Rc::new(Closure {
            function: Rc::clone(function),
            scope: Rc::clone(scope),
            this: if function.is_arrow { scope.this() } else { None },
            script: self.running,
        }))
    }

    fn template(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, pieces: &[Piece]) -> Answer {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Value(value) => text.push_str(&to_text(&self.expression(host, scope, value)?)),
            }
            if text.len() > LONGEST_TEXT {
                return Err(operator::too_long());
            }
        }
        Ok(Value::text(text))
    }

    /// The values of elements or arguments.
    pub(super) fn items(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        items: &[Item],
    ) -> Result<Vec<Value>, Thrown> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Hole => values.push(Value::Undefined),
                Item::One(value) => values.push(self.expression(host, scope, value)?),
                Item::Spread(subject) => {
                    let subject = self.expression(host, scope, subject)?;
                    self.walk(host, &subject, &mut |_, _, value| {
                        values.push(value);
                        Ok(true)
                    })?;
                }
            }
        }
        Ok(values)
    }

    fn object(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, members: &[Member]) -> Answer {
        let mut fields: IndexMap<Name, Value> = IndexMap::with_capacity(members.len());
        for member in members {
            match member {
                Member::Field(key, value) => {
                    let name = self.key(host, scope, key)?;
                    let value = self.expression(host, scope, value)?;
                    fields.insert(name, value);
                }
                Member::Spread(subject) => match self.expression(host, scope, subject)? {
                    Value::Object(other) => {
                        fields.extend(other.fields().iter().map(|(name, value)| (Name::clone(name), value.clone())));
                    }
                    Value::Array(items) => {
                        fields.extend(
                            items.copy().into_iter().enumerate().map(|(at, value)| (Name::from(at.to_string()), value)),
                        );
                    }
                    _ => {}
                },
            }
        }
        Ok(Value::Object(Rc::new(Object::new(fields))))
    }

    pub(super) fn key(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, key: &Key) -> Result<Name, Thrown> {
        match key {
            Key::Name(name) => Ok(Name::clone(name)),
            Key::Computed(expression) => Ok(field_name(&self.expression(host, scope, expression)?)),
        }
    }

    /// An argument of a method of the host: documents and arrays become what is stored at once.
    pub(super) fn argument(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        expression: &Expression,
    ) -> Result<Argument, Thrown> {
        match &expression.node {
            Node::Constant(value) => Ok(Argument::Bson(value.clone())),
            Node::Object(_) | Node::Array(_) => Ok(Argument::Bson(self.stored(host, scope, expression)?)),
            _ => Ok(Argument::Value(self.expression(host, scope, expression)?)),
        }
    }

    /// The stored form of an expression.
    fn stored(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, expression: &Expression) -> Result<Bson, Thrown> {
        self.step(host)?;
        match &expression.node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Array(items) if items.iter().all(|item| matches!(item, Item::One(_))) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    if let Item::One(value) = item {
                        values.push(self.stored(host, scope, value)?);
                    }
                }
                Ok(Bson::Array(values))
            }
            Node::Object(members) if members.iter().all(|member| matches!(member, Member::Field(..))) => {
                let mut document = Document::new();
                for member in members {
                    if let Member::Field(key, value) = member {
                        let name = self.key(host, scope, key)?.to_string();
                        document.insert(name, self.stored(host, scope, value)?);
                    }
                }
                Ok(Bson::Document(document))
            }
            _ => {
                let value = self.expression(host, scope, expression)?;
                convert::to_bson(&value).map_err(|thrown| thrown.at(expression.span))
            }
        }
    }

    fn unary(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, operator: Unary, operand: &Expression) -> Answer {
        if let (Unary::TypeOf, Node::Name(name)) = (operator, &operand.node)
            && !self.is_known(host, scope, name)
        {
            return Ok(Value::text("undefined"));
        }
        if operator == Unary::Delete {
            return self.delete(host, scope, operand);
        }
        let value = self.expression(host, scope, operand)?;
        Ok(match operator {
            Unary::Not => Value::Boolean(!is_true(&value)),
            Unary::Minus => match &value {
                Value::Typed(typed) => match &**typed {
                    Bson::Int64(number) => Value::Typed(Rc::new(Bson::Int64(number.wrapping_neg()))),
                    _ => Value::Number(-to_number(&value)),
                },
                _ => Value::Number(-to_number(&value)),
            },
            Unary::Plus => Value::Number(to_number(&value)),
            Unary::BitNot => Value::Number(f64::from(!operator::to_int32(to_number(&value)))),
            Unary::TypeOf => Value::text(value.type_of()),
            Unary::Void => Value::Undefined,
            Unary::Delete => Value::Boolean(true),
        })
    }

    fn delete(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, place: &Expression) -> Answer {
        let (object, name) = match &place.node {
            Node::Member { object, name, .. } => (self.expression(host, scope, object)?, Name::clone(name)),
            Node::Index { object, index, .. } => {
                let object = self.expression(host, scope, object)?;
                (object, field_name(&self.expression(host, scope, index)?))
            }
            _ => return Ok(Value::Boolean(true)),
        };
        match &object {
            Value::Object(object) if object.is_frozen.get() => {
                return Err(Thrown::type_error(format!("Cannot delete property '{name}' of a frozen object")));
            }
            Value::Object(object) => drop(object.change(|fields| fields.shift_remove(&name))),
            Value::Array(array) => {
                if let Ok(at) = name.parse::<usize>() {
                    array.change(|items| {
                        if let Some(item) = items.get_mut(at) {
                            *item = Value::Undefined;
                        }
                    });
                }
            }
            _ => {}
        }
        Ok(Value::Boolean(true))
    }

    fn update(&mut self, host: &mut dyn Host, scope: &Rc<Scope>, by: f64, prefix: bool, target: &Expression) -> Answer {
        let place = self.place(host, scope, target)?;
        let old = self.read(host, scope, &place)?;
        let old = Value::Number(to_number(&old));
        let new = Value::Number(to_number(&old) + by);
        self.write(host, scope, &place, new.clone())?;
        Ok(if prefix { new } else { old })
    }

    fn change(
        &mut self,
        host: &mut dyn Host,
        scope: &Rc<Scope>,
        change: Change,
        target: &Expression,
        operand: &Expression,
    ) -> Answer {
        let place = self.place(host, scope, target)?;
        let old = self.read(host, scope, &place)?;
        let new = match change {
            Change::Logical(operator) if decides(operator, &old) => return Ok(old),
            Change::Logical(_) => self.expression(host, scope, operand)?,
            Change::Binary(operator) => operator::binary(operator, &old, &self.expression(host, scope, operand)?)?,
        };
        self.write(host, scope, &place, new.clone())?;
        Ok(new)
    }
}

/// Whether the first operand is the answer.
fn decides(operator: Logical, left: &Value) -> bool {
    match operator {
        Logical::And => !is_true(left),
        Logical::Or => is_true(left),
        Logical::Else => !left.is_nothing(),
    }
}

/// Behind `?.`, nothing ends the chain.
pub(super) fn present(object: &Value, optional: bool) -> Result<(), Thrown> {
    if optional && object.is_nothing() { Err(Thrown::Nothing) } else { Ok(()) }
}
