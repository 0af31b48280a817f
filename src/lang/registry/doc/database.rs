//! Methods of a database.

use super::{method, writing};
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    method(
        "getCollection",
        "database",
        "db.getCollection(name)",
        "A collection whose name is no JavaScript name.",
        &["db.getCollection(\"odd name\").find()"],
        &[],
    ),
    Entry {
        options: &[
            (
                "validator, validationLevel, validationAction",
                "a filter or { $jsonSchema } that documents must match; off | strict | moderate; error | warn",
            ),
            ("capped, size, max", "the oldest documents go when it holds more bytes or documents"),
            ("timeseries", "{ timeField, metaField, granularity }"),
            ("collation", "how strings compare in its queries and indexes"),
            ("viewOn, pipeline", "a view"),
            ("expireAfterSeconds", "of a time series"),
        ],
        ..writing(
            "createCollection",
            "database",
            "db.createCollection(name [, { validator }])",
            "Makes a collection; the first insert does so too.",
            &[
                "db.createCollection(\"people\", { validator: { $jsonSchema: { required: [\"name\"] } } })",
                "db.createCollection(\"log\", { capped: true, size: 4096, max: 100 })",
                "db.createCollection(\"names\", { collation: { locale: \"en\", strength: 2 } })",
            ],
            &[],
        )
    },
    method(
        "getCollectionNames",
        "database",
        "db.getCollectionNames()",
        "The names of the collections.",
        &["db.getCollectionNames()"],
        &["KEYS"],
    ),
    method(
        "getCollectionInfos",
        "database",
        "db.getCollectionInfos([filter])",
        "The collections with their options.",
        &["db.getCollectionInfos()"],
        &[],
    ),
    method("getName", "database", "db.getName()", "The name of the database.", &["db.getName()"], &[]),
    writing(
        "dropDatabase",
        "database",
        "db.dropDatabase()",
        "Removes all collections of the database.",
        &["db.dropDatabase()"],
        &["FLUSHDB"],
    ),
    writing(
        "createView",
        "database",
        "db.createView(name, source, pipeline [, options])",
        "A collection that is a pipeline on another one.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.createView(\"names\", \"users\", [{ $project: { name: 1 } }])",
            "db.names.find()",
        ],
        &[],
    ),
    writing(
        "runCommand",
        "database",
        "db.runCommand(command), db.NAME.runCommand(command)",
        "A command of the server, as drivers send it.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.runCommand({ count: \"users\", query: { age: 30 } })",
            "db.runCommand({ collMod: \"users\", validator: { age: { $gte: 0 } } })",
        ],
        &[],
    ),
    writing(
        "adminCommand",
        "database",
        "db.adminCommand(command)",
        "A command about the whole file.",
        &["db.adminCommand({ listDatabases: 1 })", "db.adminCommand({ ping: 1 })"],
        &[],
    ),
    method(
        "getSiblingDB",
        "database",
        "db.getSiblingDB(name)",
        "Another database of the file.",
        &["db.getSiblingDB(\"other\").users.insertOne({ _id: 1 })", "db.getSiblingDB(\"other\").users.find()"],
        &[],
    ),
    method("getMongo", "database", "db.getMongo()", "The connection: what has sessions.", &["db.getMongo()"], &[]),
    method("version", "database", "db.version()", "The version of trine.", &["db.version()"], &[]),
    method(
        "serverStatus",
        "database",
        "db.serverStatus()",
        "What runs and how much it holds.",
        &["db.serverStatus().ok"],
        &[],
    ),
    method(
        "serverBuildInfo",
        "database",
        "db.serverBuildInfo()",
        "What was built, and how.",
        &["db.serverBuildInfo().version"],
        &[],
    ),
    method("hostInfo", "database", "db.hostInfo()", "The machine.", &["db.hostInfo().ok"], &[]),
    method("hello", "database", "db.hello()", "What a driver asks first.", &["db.hello().isWritablePrimary"], &[]),
    method(
        "listCommands",
        "database",
        "db.listCommands()",
        "The commands of runCommand.",
        &["db.listCommands().ok"],
        &[],
    ),
    method(
        "printCollectionStats",
        "database",
        "db.printCollectionStats()",
        "The sizes of all collections.",
        &["db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })", "db.printCollectionStats()"],
        &[],
    ),
];
