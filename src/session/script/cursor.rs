//! Cursors: queries that are read document by document.

use super::{Call, Evaluated, Surroundings};
use crate::ast::doc::{CURSOR_MODIFIERS, CURSOR_READERS, ResolvedCall, ResolvedChain};
use crate::doc;
use crate::reply::{DocReply, Reply};
use crate::script::{HostObject, Machine, Thrown, Value, convert};
use crate::session::{Answer, Outcome, Session};
use crate::text::{Diagnostic, Span};
use bson::{Bson, Document};
use std::cell::RefCell;
use std::rc::Rc;

/// A cursor of `find` or `aggregate`.
#[derive(Debug)]
pub(super) struct Cursor {
    database: Rc<str>,
    collection: Option<Rc<str>>,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    /// `find` or `aggregate`, and what is asked of it.
    calls: Vec<ResolvedCall>,
    /// Functions that are applied to each document.
    maps: Vec<Value>,
    open: Option<doc::Cursor>,
    begun: bool,
    closed: bool,
    /// What `hasNext` has read.
    ahead: Option<Value>,
    /// All documents, where the cursor is used like an array.
    all: Option<Vec<Bson>>,
}

impl HostObject for Cursor {
    fn shown(&self) -> String {
        let call = self.state.borrow().calls.first().map_or_else(String::new, |call| call.method.clone());
        match &self.collection {
            Some(name) => format!("db.{name}.{call}()"),
            None => format!("db.{call}()"),
        }
    }

    fn stored(&self) -> Option<Bson> {
        self.state.borrow().all.clone().map(Bson::Array)
    }
}

impl Cursor {
    /// A cursor that has read nothing yet.
    pub fn new(database: Rc<str>, collection: Option<Rc<str>>, first: ResolvedCall) -> Cursor {
        let state = State {
            calls: vec![first],
            maps: Vec::new(),
            open: None,
            begun: false,
            closed: false,
            ahead: None,
            all: None,
        };
        Cursor { database, collection, state: RefCell::new(state) }
    }

    fn chain(&self) -> ResolvedChain {
        let calls = self.state.borrow().calls.clone();
        let span = calls.first().map_or(Span::new(0, 0), |call| call.span);
        ResolvedChain { collection: self.collection.as_deref().map(str::to_owned), calls, span }
    }

    /// The next document as it is stored.
    fn document(&self, session: &mut Session) -> Result<Option<Document>, Diagnostic> {
        let (open, begun) = {
            let mut state = self.state.borrow_mut();
            if state.closed {
                return Ok(None);
            }
            (state.open.take(), std::mem::replace(&mut state.begun, true))
        };
        let mut open = match open {
            Some(open) => open,
            None if begun => return Ok(None),
            None => {
                let chain = self.chain();
                session.in_database(&self.database, |cx| doc::Cursor::open(cx, &chain))?
            }
        };
        let document = session.in_database(&self.database, |cx| open.next(cx))?;
        if !open.is_at_end() {
            self.state.borrow_mut().open = Some(open);
        }
        Ok(document)
    }

    /// The next value.
    pub fn next(&self, host: &mut Surroundings<'_, '_>, machine: &mut Machine) -> Result<Option<Value>, Thrown> {
        if let Some(ahead) = self.state.borrow_mut().ahead.take() {
            return Ok(Some(ahead));
        }
        let Some(document) = self.document(host.session)? else { return Ok(None) };
        let mut value = convert::from_document(document);
        let maps = self.state.borrow().maps.clone();
        for function in &maps {
            value = machine.call(host, function, Value::Undefined, vec![value], None)?;
        }
        Ok(Some(value))
    }

    /// All documents, read by a query of their own and kept.
    pub fn read_all(&self, session: &mut Session) -> Result<(), Diagnostic> {
        if self.state.borrow().all.is_some() {
            return Ok(());
        }
        let chain = self.chain();
        let all = session.in_database(&self.database, |cx| {
            let mut open = doc::Cursor::open(cx, &chain)?;
            let mut all = Vec::new();
            while let Some(document) = open.next(cx)? {
                all.push(Bson::Document(document));
            }
            Ok(all)
        })?;
        self.state.borrow_mut().all = Some(all);
        Ok(())
    }

    /// `rows[0]`, `rows.length`: a cursor used like an array.
    pub fn field(&self, session: &mut Session, _: &mut Machine, name: &str) -> Evaluated {
        let at = name.parse::<usize>();
        if at.is_err() && name != "length" {
            return Ok(Value::Undefined);
        }
        self.read_all(session)?;
        let state = self.state.borrow();
        let all = state.all.as_deref().unwrap_or_default();
        Ok(match at {
            Ok(at) => all.get(at).cloned().map_or(Value::Undefined, convert::from_bson),
            Err(_) => Value::Number(all.len() as f64),
        })
    }

    /// The documents that are left, as the answer of a statement.
    pub fn show(&self, session: &mut Session, answer: &mut Answer<'_>) -> Outcome {
        let plain = {
            let state = self.state.borrow();
            state.maps.is_empty() && state.ahead.is_none()
        };
        if !plain || *self.database != session.database {
            let all = session.with_machine(Some(&mut *answer), |machine, host| self.rest(host, machine));
            return match all {
                Ok(values) => Outcome::Owned(Reply::Doc(DocReply::Value(Bson::Array(values)))),
                Err(thrown) => Outcome::Failed(thrown.into_diagnostic()),
            };
        }
        let (open, begun) = {
            let mut state = self.state.borrow_mut();
            (state.open.take(), std::mem::replace(&mut state.begun, true))
        };
        if open.is_none() && begun {
            return Outcome::Owned(Reply::Doc(DocReply::Cursor(Box::new(std::iter::empty()))));
        }
        let chain = self.chain();
        let database = session.enter();
        session.with_doc(database, answer, |mut cx| {
            let open = match open {
                Some(open) => open,
                None => doc::Cursor::open(&mut cx, &chain)?,
            };
            Ok(DocReply::Cursor(open.into_stream(cx)))
        })
    }

    fn rest(&self, host: &mut Surroundings<'_, '_>, machine: &mut Machine) -> Result<Vec<Bson>, Thrown> {
        let mut all = Vec::new();
        while let Some(value) = self.next(host, machine)? {
            all.push(convert::to_bson(&value)?);
        }
        Ok(all)
    }

    /// Runs the calls so far with one more at the end.
    fn run_with(&self, session: &mut Session, last: ResolvedCall) -> Evaluated {
        let mut calls = self.state.borrow().calls.clone();
        calls.push(last);
        session.run_calls(&self.database, self.collection.as_deref(), calls)
    }
}

/// A method of a cursor.
pub(super) fn call(host: &mut Surroundings<'_, '_>, machine: &mut Machine, call: Call<'_>) -> Evaluated {
    let Some(cursor) = call.target.as_host::<Cursor>() else { return Ok(Value::Undefined) };
    match call.method {
        method if CURSOR_MODIFIERS.contains(&method) => {
            if cursor.state.borrow().begun {
                return Err(Thrown::error("MongoCursorInUseError", "Cursor is already initialized")
                    .hint(format!("call {method}() before the first document is read")));
            }
            let resolved = call.resolved()?;
            cursor.state.borrow_mut().calls.push(resolved);
            Ok(call.target.clone())
        }
        "map" => {
            let function = call.function(0)?;
            cursor.state.borrow_mut().maps.push(function);
            Ok(call.target.clone())
        }
        "forEach" => {
            let function = call.function(0)?;
            while let Some(value) = cursor.next(host, machine)? {
                let answer = machine.call(host, &function, Value::Undefined, vec![value], Some(call.span))?;
                // As the driver does it.
                if matches!(answer, Value::Boolean(false)) {
                    break;
                }
            }
            Ok(Value::Undefined)
        }
        "toArray" => {
            let mut all = Vec::new();
            while let Some(value) = cursor.next(host, machine)? {
                all.push(value);
            }
            Ok(Value::array(all))
        }
        "itcount" => {
            let mut count = 0_usize;
            while cursor.next(host, machine)?.is_some() {
                count += 1;
            }
            Ok(Value::from(count))
        }
        "hasNext" => {
            let ahead = cursor.next(host, machine)?;
            let any = ahead.is_some();
            cursor.state.borrow_mut().ahead = ahead;
            Ok(Value::Boolean(any))
        }
        "next" | "tryNext" => Ok(cursor.next(host, machine)?.unwrap_or(Value::Null)),
        "close" => {
            let mut state = cursor.state.borrow_mut();
            state.closed = true;
            state.open = None;
            state.ahead = None;
            Ok(Value::Undefined)
        }
        "isClosed" => Ok(Value::Boolean(cursor.state.borrow().closed)),
        "isExhausted" => {
            let state = cursor.state.borrow();
            Ok(Value::Boolean(state.ahead.is_none() && (state.closed || state.begun && state.open.is_none())))
        }
        "objsLeftInBatch" => Ok(Value::from(usize::from(cursor.state.borrow().ahead.is_some()))),
        "count" | "size" | "length" | "explain" | "getQueryPlan" => cursor.run_with(host.session, call.resolved()?),
        "help" => {
            Ok(Value::text(format!("methods of a cursor: {}", [CURSOR_MODIFIERS, CURSOR_READERS].concat().join(", "))))
        }
        _ => Err(call.unknown(&[CURSOR_MODIFIERS, CURSOR_READERS].concat())),
    }
}
