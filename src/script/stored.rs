//! Functions that come as text in filters and stages: `$where`, `$function`, `$accumulator`, `mapReduce`.
//!
//! They see their arguments and nothing else: no database, no variables of the shell, as on MongoDB's server.

use super::convert;
use super::host::{Argument, Host, Thrown};
use super::machine::Machine;
use super::value::{HostObject, Value};
use crate::ast::script::Function;
use crate::reply::Printed;
use crate::text::{Diagnostic, Model, Span};
use bson::Bson;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the statement that runs lends to its functions.
#[derive(Clone)]
pub struct Surroundings {
    /// Reads the text of a function.
    pub reader: fn(&str) -> Result<Rc<Function>, Diagnostic>,
    /// Set when the user wants the statement to stop.
    pub interrupt: Arc<AtomicBool>,
    /// The statement's time, milliseconds since 1970.
    pub now_ms: i64,
}

thread_local! {
    static SURROUNDINGS: RefCell<Option<Surroundings>> = const { RefCell::new(None) };
}

/// Says what the functions of the next statement of this thread see.
pub fn surround(surroundings: Surroundings) {
    SURROUNDINGS.with(|current| *current.borrow_mut() = Some(surroundings));
}

/// A function, ready to be called.
#[derive(Clone)]
pub struct StoredFunction {
    source: Rc<str>,
    function: Value,
    machine: Rc<RefCell<(Machine, Alone)>>,
}

impl fmt::Debug for StoredFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoredFunction").field(&self.source).finish()
    }
}

impl StoredFunction {
    /// Reads the text of a function.
    ///
    /// # Errors
    /// It is no function.
    pub fn new(source: &str) -> Result<StoredFunction, Diagnostic> {
        StoredFunction::with_variables(source, [])
    }

    /// As [`StoredFunction::new`], seeing these variables too (`scope` of `mapReduce`).
    ///
    /// # Errors
    /// It is no function.
    pub fn with_variables(
        source: &str,
        variables: impl IntoIterator<Item = (String, Bson)>,
    ) -> Result<StoredFunction, Diagnostic> {
        let surroundings = SURROUNDINGS.with(|current| current.borrow().clone());
        let Some(surroundings) = surroundings else {
            return Err(Diagnostic::new(Model::Doc, "InternalError", "internal error: nothing reads functions"));
        };
        let read = (surroundings.reader)(source).map_err(|mut error| {
            // Places in the function's text mean nothing in the statement.
            error.span = None;
            error
        })?;
        let mut machine = Machine::default();
        for (name, value) in variables {
            machine.set_global(&name, convert::from_bson(value));
        }
        let function = machine.closure_at_top(&read);
        let alone = Alone { surroundings, emitted: None };
        Ok(StoredFunction { source: Rc::from(source), function, machine: Rc::new(RefCell::new((machine, alone))) })
    }

    /// The text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Calls it. What it does not return is null.
    ///
    /// # Errors
    /// What it throws.
    pub fn call(&self, this: Option<Bson>, args: Vec<Bson>) -> Result<Bson, Diagnostic> {
        let mut pair = self.machine.borrow_mut();
        let (machine, alone) = &mut *pair;
        let value = self.run(machine, alone, this, args)?;
        match convert::to_bson(&value).map_err(Thrown::into_diagnostic)? {
            Bson::Undefined => Ok(Bson::Null),
            value => Ok(value),
        }
    }

    /// Calls it; answers whether its value counts as true.
    ///
    /// # Errors
    /// What it throws.
    pub fn holds(&self, this: Bson) -> Result<bool, Diagnostic> {
        let mut pair = self.machine.borrow_mut();
        let (machine, alone) = &mut *pair;
        machine.set_global("obj", convert::from_bson(this.clone()));
        let value = self.run(machine, alone, Some(this), Vec::new())?;
        Ok(convert::is_true(&value))
    }

    /// Calls it; answers the keys and values that it gave to `emit`.
    ///
    /// # Errors
    /// What it throws.
    pub fn emitted(&self, this: Bson) -> Result<Vec<(Bson, Bson)>, Diagnostic> {
        let mut pair = self.machine.borrow_mut();
        let (machine, alone) = &mut *pair;
        alone.emitted = Some(Vec::new());
        let ran = self.run(machine, alone, Some(this), Vec::new());
        let emitted = alone.emitted.take().unwrap_or_default();
        ran.map(|_| emitted)
    }

    fn run(
        &self,
        machine: &mut Machine,
        alone: &mut Alone,
        this: Option<Bson>,
        args: Vec<Bson>,
    ) -> Result<Value, Diagnostic> {
        let this = this.map_or(Value::Undefined, convert::from_bson);
        machine.call_with_this(alone, &self.function, this, args.into_iter().map(convert::from_bson).collect())
    }
}

/// The surroundings of a function: a clock, chance, and `emit` while a `map` runs.
struct Alone {
    surroundings: Surroundings,
    emitted: Option<Vec<(Bson, Bson)>>,
}

impl Host for Alone {
    fn now_ms(&self) -> i64 {
        self.surroundings.now_ms
    }

    fn random(&mut self) -> f64 {
        fastrand::f64()
    }

    fn check(&mut self) -> Result<(), Diagnostic> {
        if self.surroundings.interrupt.load(Ordering::Relaxed) {
            return Err(Diagnostic::new(Model::Doc, "Interrupted", "operation was interrupted"));
        }
        Ok(())
    }

    fn print(&mut self, _: Printed) -> Result<(), Diagnostic> {
        // On a server this goes to its log, which nobody sees here.
        Ok(())
    }

    fn sleep(&mut self, _: f64) -> Result<(), Diagnostic> {
        Err(Diagnostic::new(Model::Doc, "TypeError", "a function inside a query cannot sleep"))
    }

    fn global(&mut self, name: &str) -> Option<Value> {
        (name == "emit" && self.emitted.is_some()).then(|| Value::Builtin("emit".into()))
    }

    fn field(&mut self, _: &mut Machine, _: &Rc<dyn HostObject>, _: &str) -> Result<Value, Thrown> {
        Ok(Value::Undefined)
    }

    fn call(
        &mut self,
        _: &mut Machine,
        _: &Rc<dyn HostObject>,
        method: &str,
        _: Vec<Argument>,
        _: Span,
    ) -> Result<Value, Thrown> {
        Err(Thrown::type_error(format!("{method} is not a function")))
    }

    fn function(&mut self, _: &mut Machine, name: &str, args: Vec<Value>) -> Result<Option<Value>, Thrown> {
        let Some(emitted) = self.emitted.as_mut().filter(|_| name == "emit") else { return Ok(None) };
        let mut args = args.into_iter();
        let mut next = || match args.next().as_ref().map(convert::to_bson).transpose()? {
            None | Some(Bson::Undefined) => Ok::<_, Thrown>(Bson::Null),
            Some(value) => Ok(value),
        };
        let pair = (next()?, next()?);
        emitted.push(pair);
        Ok(Some(Value::Undefined))
    }

    fn next(&mut self, _: &mut Machine, _: &Rc<dyn HostObject>) -> Result<Option<Value>, Thrown> {
        Ok(None)
    }
}
