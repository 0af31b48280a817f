//! The machine: what stays between scripts, and what a script may use.

use super::builtin;
use super::convert;
use super::heap;
use super::host::{Argument, Host, Thrown};
use super::scope::Scope;
use super::value::Value;
use crate::ast::script::{Expression, Function, Name, Script};
use crate::text::{Diagnostic, Model};
use bson::Bson;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Steps of one script.
const MOST_STEPS: u64 = 2_000_000_000;
/// Bytes that the values of all scripts may take.
const MOST_BYTES: usize = 1 << 30;
/// Calls inside each other.
const MOST_CALLS: usize = 1_000;
/// So many steps lie between two looks at the surroundings.
const LOOK: u64 = 1 << 12;

/// A variable outside of all blocks.
#[derive(Debug)]
struct Global {
    value: Value,
    /// Which assignment made it what it is.
    assigned: u64,
}

/// Runs scripts.
#[derive(Debug)]
pub struct Machine {
    /// The variables outside of all blocks, which stay.
    globals: BTreeMap<Name, Global>,
    assigned: u64,
    /// The scope outside of all blocks.
    pub(super) top: Rc<Scope>,
    steps: u64,
    calls: usize,
    scripts: u64,
    /// The script whose text places count in.
    pub(super) running: u64,
    /// The value of the expression statement that ran last.
    pub(super) last: Value,
}

impl Default for Machine {
    fn default() -> Self {
        Machine {
            globals: BTreeMap::new(),
            assigned: 0,
            top: Scope::global(),
            steps: 0,
            calls: 0,
            scripts: 0,
            running: 0,
            last: Value::Undefined,
        }
    }
}

impl Machine {
    /// The variables, in the order of their names.
    pub fn globals(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.globals.iter().map(|(name, global)| (name, &global.value))
    }

    /// The value of a variable.
    pub fn global(&self, name: &str) -> Option<&Value> {
        self.globals.get(name).map(|global| &global.value)
    }

    /// Sets a variable.
    pub fn set_global(&mut self, name: &str, value: Value) {
        self.assigned += 1;
        let assigned = self.assigned;
        match self.globals.get_mut(name) {
            Some(global) => *global = Global { value, assigned },
            None => drop(self.globals.insert(Name::from(name), Global { value, assigned })),
        }
    }

    /// Forgets a variable; whether it was there.
    pub fn forget_global(&mut self, name: &str) -> bool {
        self.globals.remove(name).is_some()
    }

    /// A number that is another one when the variable, or something that it holds, may have changed.
    pub fn state_of(&self, name: &str) -> u64 {
        match self.globals.get(name) {
            None => 0,
            Some(Global {
                value: Value::Array(_) | Value::Object(_) | Value::Dictionary(_) | Value::Date(_),
                assigned,
            }) => assigned.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ heap::mutations(),
            Some(Global { assigned, .. }) => *assigned,
        }
    }

    fn begin(&mut self) {
        self.steps = 0;
        self.calls = 0;
        self.scripts += 1;
        self.running = self.scripts;
        self.last = Value::Undefined;
    }

    /// Runs a script; answers the value of its last expression.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub fn run(&mut self, host: &mut dyn Host, script: &Script) -> Result<Value, Diagnostic> {
        self.begin();
        let top = Rc::clone(&self.top);
        self.statements(host, &top, &script.body).map_err(Thrown::into_diagnostic)?;
        Ok(std::mem::replace(&mut self.last, Value::Undefined))
    }

    /// Runs a script while another one runs.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub fn run_inside(&mut self, host: &mut dyn Host, script: &Script) -> Result<(), Thrown> {
        self.scripts += 1;
        self.enter()?;
        let running = std::mem::replace(&mut self.running, self.scripts);
        let last = std::mem::replace(&mut self.last, Value::Undefined);
        let top = Rc::clone(&self.top);
        let ran = self.statements(host, &top, &script.body);
        self.running = running;
        self.last = last;
        self.leave();
        ran.map(drop)
    }

    /// Evaluates one expression.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub fn evaluate(&mut self, host: &mut dyn Host, expression: &Expression) -> Result<Value, Diagnostic> {
        self.begin();
        let top = Rc::clone(&self.top);
        self.expression(host, &top, expression).map_err(Thrown::into_diagnostic)
    }

    /// Evaluates an expression whose value is stored.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub fn evaluate_stored(&mut self, host: &mut dyn Host, expression: &Expression) -> Result<Bson, Diagnostic> {
        self.begin();
        let top = Rc::clone(&self.top);
        self.argument(host, &top, expression)
            .and_then(Argument::into_bson)
            .map_err(|thrown| thrown.at(expression.span).into_diagnostic())
    }

    /// Calls a function from outside of a script.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub fn call_from_outside(
        &mut self,
        host: &mut dyn Host,
        function: &Value,
        args: Vec<Value>,
    ) -> Result<Value, Diagnostic> {
        self.call_with_this(host, function, Value::Undefined, args)
    }

    /// Calls a function from outside of a script, as a method of `this`.
    ///
    /// # Errors
    /// An error that nobody caught.
    pub(super) fn call_with_this(
        &mut self,
        host: &mut dyn Host,
        function: &Value,
        this: Value,
        args: Vec<Value>,
    ) -> Result<Value, Diagnostic> {
        self.begin();
        self.call(host, function, this, args, None).map_err(|thrown| thrown.moved_to(None).into_diagnostic())
    }

    /// A function that sees nothing but the variables outside of all blocks.
    pub(super) fn closure_at_top(&self, function: &Rc<Function>) -> Value {
        self.closure(&self.top, function)
    }

    /// Counts one step.
    #[inline]
    pub(super) fn step(&mut self, host: &mut dyn Host) -> Result<(), Thrown> {
        self.steps += 1;
        if self.steps.is_multiple_of(LOOK) { self.look(host) } else { Ok(()) }
    }

    fn look(&mut self, host: &mut dyn Host) -> Result<(), Thrown> {
        host.check().map_err(|error| Thrown::Fatal(Box::new(error)))?;
        if self.steps > MOST_STEPS {
            return Err(stopped(
                format!("the script took more than {MOST_STEPS} steps"),
                "does one of its loops never end?",
            ));
        }
        if heap::alive() > MOST_BYTES {
            return Err(stopped(
                format!("the values of scripts take more than {} MiB", MOST_BYTES >> 20),
                "read a cursor document by document instead of all at once",
            ));
        }
        Ok(())
    }

    /// Enters a call.
    pub(super) fn enter(&mut self) -> Result<(), Thrown> {
        if self.calls >= MOST_CALLS {
            return Err(Thrown::error("RangeError", format!("Maximum call stack size exceeded ({MOST_CALLS} calls)")));
        }
        self.calls += 1;
        Ok(())
    }

    /// Leaves a call.
    pub(super) fn leave(&mut self) {
        self.calls -= 1;
    }

    /// The value of a name.
    pub(super) fn name(&mut self, host: &mut dyn Host, scope: &Scope, name: &Name) -> Result<Value, Thrown> {
        if let Some(value) = scope.get(name) {
            return Ok(value);
        }
        if let Some(global) = self.globals.get(name) {
            return Ok(global.value.clone());
        }
        if let Some(value) = host.global(name) {
            return Ok(value);
        }
        builtin::global(name).ok_or_else(|| unknown(name))
    }

    /// Whether a name has a value, for `typeof`.
    pub(super) fn is_known(&self, host: &mut dyn Host, scope: &Scope, name: &Name) -> bool {
        scope.get(name).is_some()
            || self.globals.contains_key(name)
            || host.global(name).is_some()
            || builtin::global(name).is_some()
    }

    /// The arguments of a chain of calls as they are stored.
    ///
    /// # Errors
    /// An error that nobody caught, at its place.
    pub fn stored_arguments(&mut self, host: &mut dyn Host, args: &[Expression]) -> Result<Vec<Bson>, Diagnostic> {
        args.iter().map(|arg| self.evaluate_stored(host, arg)).collect()
    }
}

/// The script cannot go on.
fn stopped(message: String, hint: &str) -> Thrown {
    Thrown::Fatal(Box::new(Diagnostic::new(Model::Doc, "TooLarge", message).hint(hint)))
}

fn unknown(name: &str) -> Thrown {
    let error = Thrown::error("ReferenceError", format!("{name} is not defined"));
    match builtin::refused(name).map(str::to_owned).or_else(|| builtin::near(name)) {
        Some(hint) => error.hint(hint),
        None => error.hint(format!("put text in quotes, or make the variable first: let {name} = …")),
    }
}

/// The value of a constant.
pub(super) fn constant(value: &Bson) -> Value {
    convert::from_bson(value.clone())
}
