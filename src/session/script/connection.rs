//! The connection: other databases, sessions with transactions, functions of the shell.

use super::database::Database;
use super::{Call, Evaluated, Surroundings, stream};
use crate::ast::{Statement, TransactionControl, doc};
use crate::lang::parse;
use crate::lang::scanner::{Kind, Scanner};
use crate::script::{Argument, HostObject, Machine, Thrown, Value};
use crate::session::transaction::storage_error;
use crate::storage::Catalog;
use crate::text::{Diagnostic, Model};
use bson::Bson;
use std::cell::Cell;
use std::rc::Rc;

/// `db.getMongo()`
#[derive(Debug)]
pub(super) struct Connection;

impl HostObject for Connection {
    fn shown(&self) -> String {
        "Mongo".to_owned()
    }
}

/// `db.getMongo().startSession()`: its transaction is the shell's.
#[derive(Debug, Default)]
struct ClientSession {
    ended: Cell<bool>,
}

impl HostObject for ClientSession {
    fn shown(&self) -> String {
        "session".to_owned()
    }
}

const METHODS: &[&str] =
    &["getDB", "watch", "getDBNames", "startSession", "getCollection", "setReadPref", "getReadPref", "close"];

const SESSION_METHODS: &[&str] = &[
    "startTransaction",
    "commitTransaction",
    "abortTransaction",
    "withTransaction",
    "getDatabase",
    "endSession",
    "inTransaction",
    "hasEnded",
    "getOptions",
];

/// Methods that only mean something to a server.
const WITHOUT_EFFECT: &[&str] = &[
    "setReadPref",
    "setReadConcern",
    "setWriteConcern",
    "setSecondaryOk",
    "setSlaveOk",
    "close",
    "advanceClusterTime",
];

/// A method of the connection or of a session.
pub(super) fn call(host: &mut Surroundings<'_, '_>, machine: &mut Machine, call: Call<'_>) -> Evaluated {
    if let Some(session) = call.target.as_host::<ClientSession>() {
        return session_call(host, machine, session, &call);
    }
    match call.method {
        "getDB" => Ok(Value::Host(Rc::new(Database { name: Rc::from(call.text(0)?) }))),
        "getCollection" => match call.text(0)?.split_once('.') {
            Some((database, name)) => {
                let database = Value::Host(Rc::new(Database { name: Rc::from(database) }));
                Ok(super::database::field(&database, name).unwrap_or(Value::Undefined))
            }
            None => Err(Thrown::type_error("a namespace is needed: database.collection")),
        },
        "getDBNames" => {
            host.session.enter_for_reading()?;
            let names = match &host.session.held {
                Some(held) => Catalog::databases(&held.tx).map_err(storage_error)?,
                None => Vec::new(),
            };
            Ok(Value::array(names.into_iter().map(|(name, _)| Value::text(name)).collect()))
        }
        "watch" => stream::watch(host, None, None, &call),
        "startSession" => Ok(Value::Host(Rc::new(ClientSession::default()))),
        method if WITHOUT_EFFECT.contains(&method) => Ok(Value::Undefined),
        _ => Err(call.unknown(METHODS)),
    }
}

fn session_call(
    host: &mut Surroundings<'_, '_>,
    machine: &mut Machine,
    session: &ClientSession,
    call: &Call<'_>,
) -> Evaluated {
    if session.ended.get() && call.method != "hasEnded" && call.method != "endSession" {
        return Err(Thrown::error("MongoExpiredSessionError", "Cannot use a session that has ended"));
    }
    match call.method {
        "startTransaction" => control(host, TransactionControl::Begin),
        "commitTransaction" => control(host, TransactionControl::Commit),
        "abortTransaction" => control(host, TransactionControl::Rollback),
        "withTransaction" => {
            let function = call.function(0)?;
            control(host, TransactionControl::Begin)?;
            match machine.call(host, &function, Value::Undefined, vec![call.target.clone()], Some(call.span)) {
                Ok(value) => {
                    if host.session.is_in_transaction() {
                        control(host, TransactionControl::Commit)?;
                    }
                    Ok(value)
                }
                Err(thrown) => {
                    if host.session.is_in_transaction() {
                        control(host, TransactionControl::Rollback)?;
                    }
                    Err(thrown)
                }
            }
        }
        "getDatabase" => Ok(Value::Host(Rc::new(Database { name: Rc::from(call.text(0)?) }))),
        "endSession" => {
            if !session.ended.replace(true) && host.session.is_in_transaction() {
                control(host, TransactionControl::Rollback)?;
            }
            Ok(Value::Undefined)
        }
        "inTransaction" => Ok(Value::Boolean(host.session.is_in_transaction())),
        "hasEnded" => Ok(Value::Boolean(session.ended.get())),
        "getOptions" => Ok(Value::object::<&str>([])),
        _ => Err(call.unknown(SESSION_METHODS)),
    }
}

/// What the script did before is settled, as by a statement of its own.
fn control(host: &mut Surroundings<'_, '_>, control: TransactionControl) -> Evaluated {
    host.session.settle()?;
    host.session.control(control)?;
    Ok(Value::Undefined)
}

/// A function of the shell; `None` if there is none of this name.
pub(super) fn function(
    host: &mut Surroundings<'_, '_>,
    machine: &mut Machine,
    name: &str,
    args: Vec<Value>,
) -> Result<Option<Value>, Thrown> {
    let text = |at: usize| match args.get(at).cloned().map(|value| Argument::Value(value).into_bson()).transpose() {
        Ok(Some(Bson::String(text))) => Ok(text),
        _ => Err(Thrown::type_error(format!("{name} needs a string"))),
    };
    Ok(Some(match name {
        "version" => Value::text(env!("CARGO_PKG_VERSION")),
        "Mongo" => Value::Host(Rc::new(Connection)),
        "connect" => {
            return Err(Thrown::error("MongoshInvalidInputError", "trine is connected to its own file only")
                .hint("`use NAME` or db.getSiblingDB(\"NAME\") moves between the databases of the file"));
        }
        "load" => {
            load(host, machine, &text(0)?)?;
            Value::Boolean(true)
        }
        "use" => {
            host.session.settle()?;
            host.session.use_database(&text(0)?)?;
            Value::Undefined
        }
        "quit" | "exit" => {
            host.session.leaving = true;
            Value::Undefined
        }
        "pwd" | "cat" | "cls" | "passwordPrompt" => {
            return Err(Thrown::error("NotImplemented", format!("{name}() is not supported"))
                .hint("a script sees the database and its own variables only"));
        }
        _ => return Ok(None),
    }))
}

/// `load(file)`: runs the scripts in a file; their answers are not shown, what they print is.
fn load(host: &mut Surroundings<'_, '_>, machine: &mut Machine, path: &str) -> Result<(), Thrown> {
    let failed = |message: String| Thrown::from(Diagnostic::new(Model::Doc, "FileNotFound", message));
    let bytes = std::fs::read(path).map_err(|error| failed(format!("cannot read {path}: {error}")))?;
    let mut scanner = Scanner::new();
    scanner.push(&bytes);
    scanner.finish();
    while let Some(source) = scanner.next_statement() {
        let line = source.start.line;
        let at = |mut error: Diagnostic| {
            error.message = format!("{path}, line {line}: {}", error.message);
            error.span = None;
            error
        };
        if !matches!(source.kind, Kind::Doc | Kind::Script | Kind::Let) {
            return Err(Thrown::from(at(Diagnostic::new(
                Model::Doc,
                "NotImplemented",
                "load() runs scripts of mongosh only",
            )
            .hint("`:source FILE` runs statements of all models"))));
        }
        let text = String::from_utf8_lossy(&source.text).into_owned();
        match parse::parse(&source).map_err(at)?.statement {
            Statement::Doc(doc::Statement::Use(name)) => {
                host.session.use_database(&name).map_err(at)?;
            }
            Statement::Doc(doc::Statement::Chain(_) | doc::Statement::Script(_)) => {
                let script = crate::lang::doc::script(&text).map_err(at)?;
                machine.run_inside(host, &script).map_err(|thrown| Thrown::from(at(thrown.into_diagnostic())))?;
            }
            _ => {}
        }
    }
    Ok(())
}
