//! `db` and other databases.

use super::collection::Collection;
use super::connection::Connection;
use super::cursor::Cursor;
use super::{Call, Evaluated, Surroundings, stream};
use crate::script::{HostObject, Thrown, Value};
use std::rc::Rc;

/// A database.
#[derive(Debug, Clone)]
pub(super) struct Database {
    /// Its name.
    pub name: Rc<str>,
}

impl HostObject for Database {
    fn shown(&self) -> String {
        "db".to_owned()
    }
}

/// The name that a database or a collection is shown by.
pub(super) fn full_name(value: &Value) -> Option<String> {
    if let Some(database) = value.as_host::<Database>() {
        return Some(database.name.to_string());
    }
    value.as_host::<Collection>().map(|collection| format!("{}.{}", collection.database, collection.name))
}

/// `db.name`, `db.name.more`: a collection.
pub(super) fn field(value: &Value, name: &str) -> Option<Value> {
    let (database, name) = match (value.as_host::<Database>(), value.as_host::<Collection>()) {
        (Some(database), _) => (&database.name, name.to_owned()),
        (None, Some(collection)) => (&collection.database, format!("{}.{name}", collection.name)),
        (None, None) => return None,
    };
    Some(Value::Host(Rc::new(Collection { database: Rc::clone(database), name: Rc::from(name) })))
}

/// A method of a database.
pub(super) fn call(host: &mut Surroundings<'_, '_>, call: Call<'_>) -> Evaluated {
    let Some(database) = call.target.as_host::<Database>() else { return Ok(Value::Undefined) };
    match call.method {
        "getCollection" => {
            let name = call.text(0)?;
            Ok(field(call.target, &name).unwrap_or(Value::Undefined))
        }
        "getSiblingDB" | "getDB" => {
            let name = call.text(0)?;
            if name.is_empty() || name.len() > 63 || name.contains(['/', '\\', '.', ' ', '"', '$', '\0']) {
                return Err(Thrown::error("InvalidNamespace", format!("Invalid database name: '{name}'")));
            }
            Ok(Value::Host(Rc::new(Database { name: Rc::from(name) })))
        }
        "getMongo" => Ok(Value::Host(Rc::new(Connection))),
        "watch" => stream::watch(host, Some(&database.name), None, &call),
        "aggregate" => Ok(Value::Host(Rc::new(Cursor::new(Rc::clone(&database.name), None, call.resolved()?)))),
        "toString" | "valueOf" => Ok(Value::text(&*database.name)),
        _ => host.session.run_calls(&database.name, None, vec![call.resolved()?]),
    }
}
