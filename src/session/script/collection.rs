//! Collections.

use super::bulk::Bulk;
use super::connection::Connection;
use super::cursor::Cursor;
use super::database::{Database, field};
use super::{Call, Evaluated, Surroundings, stream};
use crate::ast::doc::ResolvedCall;
use crate::script::{HostObject, Value};
use bson::Bson;
use std::rc::Rc;

/// A collection.
#[derive(Debug, Clone)]
pub(super) struct Collection {
    /// The name of its database.
    pub database: Rc<str>,
    /// Its own name.
    pub name: Rc<str>,
}

impl HostObject for Collection {
    fn shown(&self) -> String {
        format!("db.{}", self.name)
    }
}

/// `db.users.explain()`
#[derive(Debug)]
pub(super) struct Explained {
    of: Collection,
    verbosity: Option<Bson>,
}

impl HostObject for Explained {
    fn shown(&self) -> String {
        format!("db.{}.explain()", self.of.name)
    }
}

/// A method of a collection.
pub(super) fn call(host: &mut Surroundings<'_, '_>, call: Call<'_>) -> Evaluated {
    let Some(collection) = call.target.as_host::<Collection>() else { return Ok(Value::Undefined) };
    let cursor =
        |first: ResolvedCall| Cursor::new(Rc::clone(&collection.database), Some(Rc::clone(&collection.name)), first);
    match call.method {
        "find" | "aggregate" => Ok(Value::Host(Rc::new(cursor(call.resolved()?)))),
        "explain" => {
            Ok(Value::Host(Rc::new(Explained { of: collection.clone(), verbosity: call.stored()?.into_iter().next() })))
        }
        "getCollection" => {
            let name = call.text(0)?;
            Ok(field(call.target, &name).unwrap_or(Value::Undefined))
        }
        "getDB" => Ok(Value::Host(Rc::new(Database { name: Rc::clone(&collection.database) }))),
        "getMongo" => Ok(Value::Host(Rc::new(Connection))),
        "watch" => stream::watch(host, Some(&collection.database), Some(&collection.name), &call),
        "initializeOrderedBulkOp" | "initializeUnorderedBulkOp" => {
            let ordered = call.method == "initializeOrderedBulkOp";
            Ok(Value::Host(Rc::new(Bulk::new(collection.clone(), ordered))))
        }
        "toString" | "valueOf" => Ok(Value::text(format!("{}.{}", collection.database, collection.name))),
        _ => host.session.run_calls(&collection.database, Some(&collection.name), vec![call.resolved()?]),
    }
}

/// A method behind `explain()`.
pub(super) fn explained(host: &mut Surroundings<'_, '_>, call: &Call<'_>) -> Option<Evaluated> {
    let explained = call.target.as_host::<Explained>()?;
    let of = &explained.of;
    Some(call.resolved().and_then(|resolved| {
        let explain = ResolvedCall {
            method: "explain".to_owned(),
            args: explained.verbosity.iter().cloned().collect(),
            span: call.span,
        };
        host.session.run_calls(&of.database, Some(&of.name), vec![explain, resolved])
    }))
}
