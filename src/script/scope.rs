//! Where variables live.

use super::value::Value;
use crate::ast::script::Name;
use std::cell::RefCell;
use std::rc::Rc;

/// The variables of a block or of a call; those outside of all blocks belong to the machine.
#[derive(Debug)]
pub struct Scope {
    slots: RefCell<Vec<Slot>>,
    outer: Option<Rc<Scope>>,
    /// `var` stops here.
    of_function: bool,
    /// `this` inside.
    this: Option<Value>,
}

#[derive(Debug)]
struct Slot {
    name: Name,
    value: Value,
    constant: bool,
}

/// What became of an assignment.
pub enum Assigned {
    /// It is done.
    Done,
    /// There is no such variable here.
    Unknown(Value),
    /// The variable is a constant.
    Constant,
}

impl Scope {
    /// Outside of all blocks.
    pub fn global() -> Rc<Scope> {
        Rc::new(Scope { slots: RefCell::default(), outer: None, of_function: true, this: None })
    }

    /// Inside a block.
    pub fn block(outer: &Rc<Scope>) -> Rc<Scope> {
        Rc::new(Scope { slots: RefCell::default(), outer: Some(Rc::clone(outer)), of_function: false, this: None })
    }

    /// Inside a call.
    pub fn call(outer: &Rc<Scope>, this: Option<Value>) -> Rc<Scope> {
        Rc::new(Scope { slots: RefCell::default(), outer: Some(Rc::clone(outer)), of_function: true, this })
    }

    /// Whether it is outside of all blocks.
    pub fn is_global(&self) -> bool {
        self.outer.is_none()
    }

    /// The scope in which `var` declares.
    pub fn of_var(self: &Rc<Scope>) -> Rc<Scope> {
        let mut scope = self;
        while let Some(outer) = scope.outer.as_ref().filter(|_| !scope.of_function) {
            scope = outer;
        }
        Rc::clone(scope)
    }

    /// Declares a variable here.
    pub fn declare(&self, name: &Name, value: Value, constant: bool) {
        let mut slots = self.slots.borrow_mut();
        match slots.iter_mut().find(|slot| slot.name == *name) {
            Some(slot) => *slot = Slot { name: Name::clone(name), value, constant },
            None => slots.push(Slot { name: Name::clone(name), value, constant }),
        }
    }

    /// The value of a variable, here or outside.
    pub fn get(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(slot) = here.slots.borrow().iter().rev().find(|slot| &*slot.name == name) {
                return Some(slot.value.clone());
            }
            scope = here.outer.as_deref();
        }
        None
    }

    /// Assigns to a variable, here or outside.
    pub fn assign(&self, name: &str, value: Value) -> Assigned {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(slot) = here.slots.borrow_mut().iter_mut().rev().find(|slot| &*slot.name == name) {
                if slot.constant {
                    return Assigned::Constant;
                }
                slot.value = value;
                return Assigned::Done;
            }
            scope = here.outer.as_deref();
        }
        Assigned::Unknown(value)
    }

    /// `this`
    pub fn this(&self) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if here.this.is_some() {
                return here.this.clone();
            }
            scope = here.outer.as_deref();
        }
        None
    }

    /// Lets go of functions that nobody but this scope holds: they hold the scope, too.
    pub fn leave(self: &Rc<Scope>) {
        let mut slots = self.slots.borrow_mut();
        for slot in slots.iter_mut() {
            if matches!(&slot.value, Value::Function(closure) if Rc::strong_count(closure) == 1 && Rc::ptr_eq(&closure.scope, self))
            {
                slot.value = Value::Undefined;
            }
        }
    }

    /// A copy of a loop's variables for its next round: functions of the last one keep theirs.
    pub fn next_round(&self) -> Option<Rc<Scope>> {
        let next = Scope::block(self.outer.as_ref()?);
        for slot in self.slots.borrow().iter() {
            next.declare(&slot.name, slot.value.clone(), slot.constant);
        }
        Some(next)
    }
}
