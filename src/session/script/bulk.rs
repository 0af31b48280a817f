//! The Bulk API: operations that are gathered, then run together.

use super::collection::{self, Collection};
use super::{Call, Evaluated, Surroundings};
use crate::ast::doc::ResolvedCall;
use crate::script::{HostObject, Thrown, Value, convert};
use bson::{Bson, Document, doc};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const METHODS: &[&str] = &["insert", "find", "execute", "getOperations", "toJSON", "tojson", "toString", "raw"];

const FIND_METHODS: &[&str] = &[
    "update",
    "updateOne",
    "replaceOne",
    "delete",
    "deleteOne",
    "remove",
    "removeOne",
    "upsert",
    "arrayFilters",
    "hint",
    "collation",
];

/// `db.users.initializeOrderedBulkOp()`
#[derive(Debug)]
pub(super) struct Bulk {
    of: Collection,
    ordered: bool,
    /// As `bulkWrite` takes them.
    operations: RefCell<Vec<Document>>,
    executed: Cell<bool>,
}

impl Bulk {
    /// Without operations.
    pub fn new(of: Collection, ordered: bool) -> Bulk {
        Bulk { of, ordered, operations: RefCell::default(), executed: Cell::new(false) }
    }
}

impl HostObject for Bulk {
    fn shown(&self) -> String {
        "bulk".to_owned()
    }

    fn stored(&self) -> Option<Bson> {
        let operations = self.operations.borrow();
        let count = |kinds: &[&str]| {
            let of_kind =
                |operation: &&Document| operation.keys().next().is_some_and(|kind| kinds.contains(&kind.as_str()));
            operations.iter().filter(of_kind).count() as i32
        };
        Some(Bson::Document(doc! {
            "nInsertOps": count(&["insertOne"]),
            "nUpdateOps": count(&["updateOne", "updateMany", "replaceOne"]),
            "nRemoveOps": count(&["deleteOne", "deleteMany"]),
            "nBatches": i32::from(!operations.is_empty()),
        }))
    }
}

/// `bulk.find(filter)`
#[derive(Debug)]
struct BulkFind {
    bulk: Rc<dyn HostObject>,
    filter: Bson,
    /// `upsert`, `arrayFilters`, `hint`.
    options: RefCell<Document>,
}

impl HostObject for BulkFind {
    fn shown(&self) -> String {
        "bulk.find()".to_owned()
    }
}

/// A method of a bulk, or behind its `find` or `explain()`; `None` if the object is none of them.
pub(super) fn call(host: &mut Surroundings<'_, '_>, call: &Call<'_>) -> Option<Evaluated> {
    if let Some(bulk) = call.target.as_host::<Bulk>() {
        return Some(bulk_call(host, bulk, call));
    }
    if let Some(find) = call.target.as_host::<BulkFind>() {
        return Some(find_call(find, call));
    }
    collection::explained(host, call)
}

fn bulk_call(host: &mut Surroundings<'_, '_>, bulk: &Bulk, call: &Call<'_>) -> Evaluated {
    match call.method {
        "insert" | "find" if bulk.executed.get() => Err(Thrown::error(
            "MongoBatchReExecutionError",
            "This batch has already been executed, create new batch to execute",
        )),
        "insert" => {
            let document = call.stored()?.into_iter().next().unwrap_or(Bson::Undefined);
            bulk.operations.borrow_mut().push(doc! { "insertOne": { "document": document } });
            Ok(call.target.clone())
        }
        "find" => {
            let Value::Host(this) = call.target else { return Ok(Value::Undefined) };
            let Some(filter @ Bson::Document(_)) = call.stored()?.into_iter().next() else {
                return Err(Thrown::error("MongoInvalidArgumentError", "Bulk find operation must specify a selector"));
            };
            Ok(Value::Host(Rc::new(BulkFind { bulk: Rc::clone(this), filter, options: RefCell::default() })))
        }
        "execute" => {
            if bulk.executed.replace(true) {
                return Err(Thrown::error(
                    "MongoBatchReExecutionError",
                    "This batch has already been executed, create new batch to execute",
                ));
            }
            let operations = bulk.operations.borrow().iter().cloned().map(Bson::Document).collect();
            let write = ResolvedCall {
                method: "bulkWrite".to_owned(),
                args: vec![Bson::Array(operations), Bson::Document(doc! { "ordered": bulk.ordered })],
                span: call.span,
            };
            host.session.run_calls(&bulk.of.database, Some(&bulk.of.name), vec![write])
        }
        "getOperations" => {
            let operations = bulk.operations.borrow().iter().cloned().map(Bson::Document).collect();
            Ok(convert::from_bson(Bson::Array(operations)))
        }
        "toJSON" | "tojson" => Ok(bulk.stored().map_or(Value::Undefined, convert::from_bson)),
        "toString" => Ok(Value::text(bulk.shown())),
        _ => Err(call.unknown(METHODS)),
    }
}

fn find_call(find: &BulkFind, call: &Call<'_>) -> Evaluated {
    let argument = call.stored()?.into_iter().next();
    let option = |name: &str, value: Bson| {
        find.options.borrow_mut().insert(name, value);
        Ok(call.target.clone())
    };
    let (kind, with) = match call.method {
        "upsert" => return option("upsert", Bson::Boolean(true)),
        "arrayFilters" | "hint" | "collation" => return option(call.method, argument.unwrap_or(Bson::Null)),
        "update" => ("updateMany", Some("update")),
        "updateOne" => ("updateOne", Some("update")),
        "replaceOne" => ("replaceOne", Some("replacement")),
        "delete" | "remove" => ("deleteMany", None),
        "deleteOne" | "removeOne" => ("deleteOne", None),
        _ => return Err(call.unknown(FIND_METHODS)),
    };
    let mut operation = find.options.borrow().clone();
    operation.insert("filter", find.filter.clone());
    if let Some(with) = with {
        operation.insert(with, argument.unwrap_or(Bson::Null));
    }
    let bulk = Value::Host(Rc::clone(&find.bulk));
    if let Some(bulk) = bulk.as_host::<Bulk>() {
        bulk.operations.borrow_mut().push(doc! { kind: operation });
    }
    Ok(bulk)
}
