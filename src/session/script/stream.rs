//! Change streams: `watch()`, and those who listen.

use super::{Call, Evaluated, Surroundings};
use crate::doc::Watch;
use crate::exchange::Change;
use crate::reply::Event;
use crate::script::{Argument, HostObject, Machine, Thrown, Value, convert};
use crate::session::Session;
use crate::text::Diagnostic;
use bson::{Bson, Document};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// A stream keeps so many events until they are asked for; of more, the oldest are lost.
const KEPT: usize = 1 << 14;
/// What listeners change is told to listeners, this many times in a row.
const ROUNDS: usize = 100;

const METHODS: &[&str] = &[
    "on",
    "once",
    "off",
    "addListener",
    "removeListener",
    "removeAllListeners",
    "next",
    "tryNext",
    "hasNext",
    "forEach",
    "toArray",
    "itcount",
    "close",
    "isClosed",
    "isExhausted",
    "getResumeToken",
    "pretty",
    "maxAwaitTimeMS",
    "batchSize",
];

/// An open change stream.
#[derive(Debug)]
pub(in crate::session) struct ChangeStream {
    watch: Watch,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Events that nobody has asked for.
    events: VecDeque<Document>,
    lost: u64,
    listeners: Vec<Listener>,
    /// Its events are shown behind the statements that cause them.
    shown: bool,
    closed: bool,
    token: Option<Bson>,
}

#[derive(Debug, Clone)]
struct Listener {
    event: String,
    function: Value,
    once: bool,
}

impl HostObject for ChangeStream {
    fn shown(&self) -> String {
        if self.state.borrow().closed { "ChangeStream (closed)" } else { "ChangeStream" }.to_owned()
    }
}

/// `watch(pipeline, options)` of a collection, a database, or all.
pub(super) fn watch(
    host: &mut Surroundings<'_, '_>,
    database: Option<&str>,
    collection: Option<&str>,
    call: &Call<'_>,
) -> Evaluated {
    let mut given = call.stored()?.into_iter();
    let (pipeline, options) = match (given.next(), given.next()) {
        (Some(Bson::Array(pipeline)), options) => (pipeline, options),
        // The pipeline may be left out.
        (Some(options @ Bson::Document(_)), None) => (Vec::new(), Some(options)),
        (None | Some(Bson::Undefined | Bson::Null), options) => (Vec::new(), options),
        (Some(_), _) => return Err(Thrown::type_error("the pipeline of watch must be an array")),
    };
    let options = match options {
        Some(Bson::Document(options)) => options,
        _ => Document::new(),
    };
    let watch = Watch::new(database, collection, &pipeline, &options).map_err(Diagnostic::from)?;
    let stream = Rc::new(ChangeStream { watch, state: RefCell::default() });
    host.session.streams.push(Rc::clone(&stream));
    host.session.count_streams();
    Ok(Value::Host(stream))
}

/// A method of a change stream; `None` if the object is none.
pub(super) fn call(host: &mut Surroundings<'_, '_>, machine: &mut Machine, call: &Call<'_>) -> Option<Evaluated> {
    let stream = call.target.as_host::<ChangeStream>()?;
    Some(method(host, machine, stream, call))
}

fn method(host: &mut Surroundings<'_, '_>, machine: &mut Machine, stream: &ChangeStream, call: &Call<'_>) -> Evaluated {
    // Changes that the running script has made come once it has answered.
    match call.method {
        "on" | "once" | "addListener" => {
            let event = call.text(0)?;
            let function = call.function(1)?;
            if !["change", "error", "close", "end", "init", "more", "response", "resumeTokenChanged"]
                .contains(&event.as_str())
            {
                return Err(
                    Thrown::type_error(format!("a change stream has no event {event:?}")).hint("listen to \"change\"")
                );
            }
            let once = call.method == "once";
            stream.state.borrow_mut().listeners.push(Listener { event, function, once });
            Ok(call.target.clone())
        }
        "off" | "removeListener" | "removeAllListeners" => {
            let event = call.text(0).ok();
            let function = call.args.get(1).cloned().map(Argument::into_value);
            stream.state.borrow_mut().listeners.retain(|listener| {
                event.as_ref().is_some_and(|event| listener.event != *event)
                    || function.as_ref().is_some_and(|function| !is_same(function, &listener.function))
            });
            Ok(call.target.clone())
        }
        "next" | "tryNext" => Ok(stream.take().map_or(Value::Null, convert::from_document)),
        "hasNext" => Ok(Value::Boolean(!stream.state.borrow().events.is_empty())),
        "forEach" => {
            let function = call.function(0)?;
            while let Some(event) = stream.take() {
                let event = convert::from_document(event);
                machine.call(host, &function, Value::Undefined, vec![event], Some(call.span))?;
            }
            Ok(Value::Undefined)
        }
        "toArray" | "itcount" => {
            let mut all = Vec::new();
            while let Some(event) = stream.take() {
                all.push(convert::from_document(event));
            }
            Ok(if call.method == "itcount" { Value::from(all.len()) } else { Value::array(all) })
        }
        "close" => {
            stream.close();
            host.session.count_streams();
            Ok(Value::Undefined)
        }
        "isClosed" => Ok(Value::Boolean(stream.state.borrow().closed)),
        "isExhausted" => {
            let state = stream.state.borrow();
            Ok(Value::Boolean(state.closed && state.events.is_empty()))
        }
        "getResumeToken" => Ok(stream.state.borrow().token.clone().map_or(Value::Undefined, convert::from_bson)),
        "pretty" | "maxAwaitTimeMS" | "batchSize" => Ok(call.target.clone()),
        _ => Err(call.unknown(METHODS)),
    }
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Function(left), Value::Function(right)) => Rc::ptr_eq(left, right),
        (Value::Builtin(left), Value::Builtin(right)) => left == right,
        _ => false,
    }
}

impl ChangeStream {
    fn take(&self) -> Option<Document> {
        let mut state = self.state.borrow_mut();
        let event = state.events.pop_front()?;
        state.token = event.get("_id").cloned();
        Some(event)
    }

    fn close(&self) {
        let mut state = self.state.borrow_mut();
        state.closed = true;
        state.listeners.clear();
    }

    /// From now on its events are shown.
    pub fn show(&self) {
        self.state.borrow_mut().shown = true;
    }

    /// Whether nobody listens to it yet, and nothing shows it.
    pub fn is_unheard(&self) -> bool {
        let state = self.state.borrow();
        !state.closed && !state.shown && state.listeners.is_empty()
    }

    /// Whether it is open.
    fn is_open(&self) -> bool {
        !self.state.borrow().closed
    }
}

impl Session {
    /// Tells the exchange how many streams are open.
    pub(in crate::session) fn count_streams(&mut self) {
        self.streams.retain(|stream| stream.is_open());
        self.subscriber.set_change_streams(self.streams.len());
    }

    /// Hands the changes that have come to the open streams: listeners are called, what is shown is put behind
    /// the next answer.
    pub(in crate::session) fn deliver_changes(&mut self) {
        for _ in 0..ROUNDS {
            let changes = std::mem::take(&mut self.changes);
            if changes.is_empty() {
                return;
            }
            for change in changes {
                for stream in self.streams.clone() {
                    if let Err(error) = self.deliver(&stream, &change) {
                        self.notes.push(format!("a change stream failed: {}", error.message));
                        stream.close();
                    }
                }
            }
            self.count_streams();
            // What listeners have written is committed as a statement of its own.
            if let Err(error) = self.settle() {
                self.notes.push(format!("what the listeners wrote is lost: {}", error.message));
                return;
            }
        }
        if !self.changes.is_empty() {
            self.changes.clear();
            self.notes.push("listeners that change what they listen to were stopped".to_owned());
        }
    }

    fn deliver(&mut self, stream: &Rc<ChangeStream>, change: &Arc<Change>) -> Result<(), Diagnostic> {
        if !stream.is_open() {
            return Ok(());
        }
        let now_ms = self.clock.now_ms();
        if let Some(event) = stream.watch.event(change, now_ms)? {
            self.hand_out(stream, event)?;
        }
        if let Some(last) = stream.watch.end(change, now_ms)? {
            if let Some(event) = last {
                self.hand_out(stream, event)?;
            }
            self.call_listeners(stream, "close", Vec::new())?;
            stream.close();
        }
        Ok(())
    }

    fn hand_out(&mut self, stream: &Rc<ChangeStream>, event: Document) -> Result<(), Diagnostic> {
        let (listened, shown) = {
            let state = stream.state.borrow();
            (state.listeners.iter().any(|listener| listener.event == "change"), state.shown)
        };
        if listened {
            return self.call_listeners(stream, "change", vec![convert::from_document(event)]);
        }
        if shown {
            self.inbox.put(Event::Change(event));
            return Ok(());
        }
        let mut state = stream.state.borrow_mut();
        if state.events.len() == KEPT {
            state.events.pop_front();
            state.lost += 1;
        }
        state.events.push_back(event);
        Ok(())
    }

    fn call_listeners(&mut self, stream: &Rc<ChangeStream>, event: &str, args: Vec<Value>) -> Result<(), Diagnostic> {
        let called: Vec<Listener> = {
            let mut state = stream.state.borrow_mut();
            let called = state.listeners.iter().filter(|listener| listener.event == event).cloned().collect();
            state.listeners.retain(|listener| !(listener.once && listener.event == event));
            called
        };
        for listener in called {
            let args = args.clone();
            let result =
                self.with_machine(None, |machine, host| machine.call_from_outside(host, &listener.function, args));
            if let Err(error) = result {
                self.undo_statement();
                self.notes.push(format!("a listener failed: {}: {}", error.code, error.message));
            }
        }
        Ok(())
    }
}
