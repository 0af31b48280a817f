//! Scripts of a session: what `db` is to them, and how their answers are shown.

mod bulk;
mod collection;
mod connection;
mod cursor;
mod database;
mod stream;

use super::transaction::storage_error;
use super::{Answer, Delivery, Outcome, Session};
use crate::ast::doc::{Chain, ResolvedCall, ResolvedChain};
use crate::ast::script::Script;
use crate::doc;
use crate::reply::{DocReply, Event, Printed, Reply, ShellReply};
use crate::script::{Argument, Host, HostObject, Machine, Thrown, Value, convert};
use crate::storage::Catalog;
use crate::text::{Diagnostic, Model, Span, suggest};
use bson::Bson;
pub(super) use stream::ChangeStream;

use cursor::Cursor;
use database::Database;
use std::rc::Rc;
use std::time::Duration;

/// What an evaluation answers.
type Evaluated = Result<Value, Thrown>;

/// Surrounds a script with a session.
pub(super) struct Surroundings<'s, 'a> {
    session: &'s mut Session,
    /// Takes what is printed before the answer; without it, it comes behind the next answer.
    answer: Option<&'s mut Answer<'a>>,
}

impl Session {
    /// Lends the machine, which holds the variables, to a script.
    pub(super) fn with_machine<T>(
        &mut self,
        answer: Option<&mut Answer<'_>>,
        run: impl FnOnce(&mut Machine, &mut Surroundings<'_, '_>) -> T,
    ) -> T {
        let mut machine = std::mem::take(&mut self.variables.machine);
        let result = run(&mut machine, &mut Surroundings { session: self, answer });
        self.variables.machine = machine;
        result
    }

    /// A chain of calls with its arguments evaluated.
    pub(super) fn resolve_chain(
        &mut self,
        chain: &Chain,
        answer: &mut Answer<'_>,
    ) -> Result<ResolvedChain, Diagnostic> {
        self.with_machine(Some(answer), |machine, host| {
            let mut calls = Vec::with_capacity(chain.calls.len());
            for call in &chain.calls {
                let args = machine.stored_arguments(host, &call.args)?;
                calls.push(ResolvedCall { method: call.method.clone(), args, span: call.span });
            }
            Ok(ResolvedChain { collection: chain.collection.clone(), calls, span: chain.span })
        })
    }

    /// Reads the cursors among the variables that a statement of another language names.
    pub(super) fn read_named_cursors(&mut self, text: &str) -> Result<(), Diagnostic> {
        for object in self.variables.host_objects(text) {
            if let Some(cursor) = Value::Host(object).as_host::<Cursor>() {
                cursor.read_all(self)?;
            }
        }
        Ok(())
    }

    /// Runs a script.
    pub(super) fn script(&mut self, script: &Script, answer: &mut Answer<'_>) -> Delivery {
        let outcome = match self.with_machine(Some(answer), |machine, host| machine.run(host, script)) {
            Ok(value) => self.show(&value, answer),
            Err(error) => Outcome::Failed(error),
        };
        self.conclude(outcome, answer)
    }

    /// A variable by itself.
    pub(super) fn show_variable(&mut self, word: &[u8], answer: &mut Answer<'_>) -> Delivery {
        let name = std::str::from_utf8(word).unwrap_or_default();
        let value = self.variables.machine.global(name).cloned().unwrap_or(Value::Undefined);
        let outcome = self.show(&value, answer);
        self.conclude(outcome, answer)
    }

    /// The value of a script as its answer.
    fn show(&mut self, value: &Value, answer: &mut Answer<'_>) -> Outcome {
        if let Some(cursor) = value.as_host::<Cursor>() {
            return cursor.show(self, answer);
        }
        if let Some(stream) = value.as_host::<ChangeStream>() {
            // One that no variable holds cannot be asked for its events: they are shown.
            let is_held = |held: &Value| held.as_host::<ChangeStream>().is_some_and(|held| std::ptr::eq(held, stream));
            let is_new = stream.is_unheard() && !self.variables.machine.globals().any(|(_, held)| is_held(held));
            if is_new {
                stream.show();
                self.notes.push("changes are shown behind the statements that make them".to_owned());
            }
            return Outcome::Owned(Reply::Doc(DocReply::None));
        }
        if let Some(name) = database::full_name(value) {
            return Outcome::Owned(Reply::Doc(DocReply::Value(Bson::String(name))));
        }
        Outcome::Owned(match convert::to_shown(value) {
            convert::Shown::Nothing => Reply::Doc(DocReply::None),
            convert::Shown::Text(text) => Reply::Shell(ShellReply::Text(text)),
            convert::Shown::Value(value) => Reply::Doc(DocReply::Value(value)),
        })
    }

    /// Runs a call of the document engine for a script. One that fails leaves no trace, so that the script may
    /// go on.
    fn in_database<T>(
        &mut self,
        name: &str,
        run: impl FnOnce(&mut doc::Context<'_>) -> doc::Result<T>,
    ) -> Result<T, Diagnostic> {
        let current = name == self.database;
        let known = if current { Some(self.enter()?) } else { self.find_database(name)? };
        let may_make = !self.store.is_read_only();
        self.lend_to_functions();
        let now_ms = self.clock.now_ms();
        let Some(held) = &mut self.held else {
            return Err(Diagnostic::new(Model::Doc, "InternalError", "internal error: no transaction is open"));
        };
        let before = held.tx.mark();
        let database = match known {
            Some(database) => database,
            None if may_make => Catalog::database_or_create(&mut held.tx, name).map_err(storage_error)?,
            None => u32::MAX,
        };
        let made = held.tx.mark();
        let signals = &mut self.outbox.statement;
        let told = signals.len();
        let changes = self.subscriber.exchange().is_watched().then_some(&mut *signals);
        let mut cx = doc::Context {
            tx: &mut held.tx,
            database,
            database_name: name,
            now_ms,
            collation: None,
            changes,
            memory: &self.memory,
        };
        let result = run(&mut cx);
        if result.is_err() || held.tx.mark() == made && made > before {
            held.tx.rollback_to(before);
            signals.truncate(told);
        }
        result.map_err(Into::into)
    }

    fn find_database(&mut self, name: &str) -> Result<Option<u32>, Diagnostic> {
        self.enter_for_reading()?;
        match &self.held {
            Some(held) => Catalog::database(&held.tx, name).map_err(storage_error),
            None => Ok(None),
        }
    }

    /// Runs calls on a database or a collection; a cursor is read to its end.
    fn run_calls(
        &mut self,
        database: &str,
        collection: Option<&str>,
        calls: Vec<ResolvedCall>,
    ) -> Result<Value, Thrown> {
        let span = calls.first().map_or(Span::new(0, 0), |call| call.span);
        let chain = ResolvedChain { collection: collection.map(str::to_owned), calls, span };
        let value = self.in_database(database, |cx| {
            Ok(match doc::execute(cx.reborrow(), &chain)? {
                DocReply::None | DocReply::Printed(_) => Value::Undefined,
                DocReply::Value(value) => convert::from_bson(value),
                DocReply::Listing(names) => {
                    Value::array(names.into_iter().map(|(name, _)| Value::text(name)).collect())
                }
                DocReply::Cursor(documents) => {
                    let mut all = Vec::new();
                    for document in documents {
                        all.push(convert::from_document(document.map_err(doc::Error::from_diagnostic)?));
                    }
                    Value::array(all)
                }
            })
        })?;
        Ok(value)
    }
}

impl Host for Surroundings<'_, '_> {
    fn now_ms(&self) -> i64 {
        self.session.clock.now_ms()
    }

    fn random(&mut self) -> f64 {
        self.session.rng.f64()
    }

    fn check(&mut self) -> Result<(), Diagnostic> {
        if self.session.store.interrupt().load(std::sync::atomic::Ordering::Relaxed) {
            return Err(Diagnostic::new(Model::Doc, "Interrupted", "operation was interrupted"));
        }
        Ok(())
    }

    fn print(&mut self, printed: Printed) -> Result<(), Diagnostic> {
        match &mut self.answer {
            None => self.session.inbox.put(Event::Printed(printed)),
            Some(answer) => match answer(Ok(Reply::Doc(DocReply::Printed(printed)))) {
                Delivery::Taken => {}
                Delivery::Failed(error) => return Err(error),
                Delivery::Closed => {
                    return Err(Diagnostic::new(Model::Doc, "Interrupted", "nobody reads the answer any more"));
                }
            },
        }
        Ok(())
    }

    fn sleep(&mut self, ms: f64) -> Result<(), Diagnostic> {
        let mut left = Duration::from_secs_f64((ms / 1000.0).clamp(0.0, 1e9));
        while !left.is_zero() {
            self.check()?;
            // Short pieces, so that Ctrl-C is noticed.
            let piece = left.min(Duration::from_millis(50));
            self.session.clock.pass(piece, &mut |time| std::thread::sleep(time));
            left -= piece;
        }
        Ok(())
    }

    fn global(&mut self, name: &str) -> Option<Value> {
        (name == "db").then(|| Value::Host(Rc::new(Database { name: Rc::from(self.session.database.as_str()) })))
    }

    fn field(&mut self, machine: &mut Machine, object: &Rc<dyn HostObject>, name: &str) -> Evaluated {
        let value = Value::Host(Rc::clone(object));
        if let Some(cursor) = value.as_host::<Cursor>() {
            return cursor.field(self.session, machine, name);
        }
        Ok(database::field(&value, name).unwrap_or(Value::Undefined))
    }

    fn call(
        &mut self,
        machine: &mut Machine,
        object: &Rc<dyn HostObject>,
        method: &str,
        args: Vec<Argument>,
        span: Span,
    ) -> Evaluated {
        let target = Value::Host(Rc::clone(object));
        let call = Call { target: &target, method, args, span };
        if target.as_host::<Cursor>().is_some() {
            return cursor::call(self, machine, call);
        }
        if target.as_host::<collection::Collection>().is_some() {
            return collection::call(self, call);
        }
        if target.as_host::<Database>().is_some() {
            return database::call(self, call);
        }
        if let Some(answer) = bulk::call(self, &call).or_else(|| stream::call(self, machine, &call)) {
            return answer;
        }
        connection::call(self, machine, call)
    }

    fn function(&mut self, machine: &mut Machine, name: &str, args: Vec<Value>) -> Result<Option<Value>, Thrown> {
        connection::function(self, machine, name, args)
    }

    fn next(&mut self, machine: &mut Machine, object: &Rc<dyn HostObject>) -> Result<Option<Value>, Thrown> {
        let value = Value::Host(Rc::clone(object));
        match value.as_host::<Cursor>() {
            Some(cursor) => cursor.next(self, machine),
            None => Err(Thrown::type_error(format!("{} is not iterable", object.shown()))),
        }
    }
}

/// A call of a method of one of the host's objects.
struct Call<'c> {
    target: &'c Value,
    method: &'c str,
    args: Vec<Argument>,
    span: Span,
}

impl Call<'_> {
    /// The arguments as they are stored.
    fn stored(&self) -> Result<Vec<Bson>, Thrown> {
        self.args.iter().map(|arg| arg.clone().into_bson()).collect()
    }

    /// As a call of the engine.
    fn resolved(&self) -> Result<ResolvedCall, Thrown> {
        Ok(ResolvedCall { method: self.method.to_owned(), args: self.stored()?, span: self.span })
    }

    /// The text that an argument must be.
    fn text(&self, at: usize) -> Result<String, Thrown> {
        match self.args.get(at).cloned().map(Argument::into_bson).transpose()? {
            Some(Bson::String(text)) => Ok(text),
            other => Err(Thrown::type_error(format!(
                "{} needs a string, not {}",
                self.method,
                other.map_or_else(|| "nothing".to_owned(), |other| other.to_string())
            ))),
        }
    }

    /// The function that an argument must be.
    fn function(&self, at: usize) -> Result<Value, Thrown> {
        match self.args.get(at).and_then(Argument::as_function) {
            Some(function) => Ok(function.clone()),
            None => Err(Thrown::type_error(format!("{} needs a function", self.method))
                .hint(format!("as in .{}(doc => print(doc.name))", self.method))),
        }
    }

    /// The error of a method that is not there.
    fn unknown(&self, known: &[&'static str]) -> Thrown {
        let shown = match self.target {
            Value::Host(object) => object.shown(),
            _ => String::new(),
        };
        let error = Thrown::type_error(format!("{shown}.{} is not a function", self.method));
        match suggest::nearest(self.method, known.iter().copied(), 2).as_slice() {
            [] => error,
            near => error.hint(format!("did you mean {}?", near.join(" or "))),
        }
    }
}
