//! Methods of a collection that write.

use super::writing;
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    writing(
        "insertOne",
        "write",
        "db.NAME.insertOne(document)",
        "Puts a document in; a missing _id is made.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.insertOne({ name: \"Bob\", tags: [\"new\"], joined: new Date() })",
        ],
        &["CREATE", "HSET"],
    ),
    Entry {
        options: &[("ordered", "true (the default) or false; all are inserted, or none")],
        ..writing(
            "insertMany",
            "write",
            "db.NAME.insertMany([documents])",
            "Puts several documents in, all or none.",
            &[
                "db.users.insertMany([{ name: \"Bob\" }, { name: \"Carol\" }])",
                "db.users.insertMany([{ _id: 7 }, { _id: 8 }], { ordered: false })",
            ],
            &["UNWIND", "MSET"],
        )
    },
    writing(
        "insert",
        "write",
        "db.NAME.insert(document or [documents])",
        "Puts documents in; insertOne and insertMany are its new names.",
        &["db.users.insert({ name: \"Dan\" })", "db.users.insert([{ _id: 11 }, { _id: 12 }])"],
        &["CREATE"],
    ),
    Entry {
        options: &[
            ("upsert", "insert a document if none matches"),
            ("arrayFilters", "what $[name] stands for: [{ \"name.field\": … }]"),
            ("sort", "which of several matches"),
            ("hint, let, collation", "as in find"),
        ],
        ..writing(
            "updateOne",
            "write",
            "db.NAME.updateOne(filter, update [, { upsert, arrayFilters, sort, hint }])",
            "Changes the first document that matches.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.updateOne({ _id: 1 }, { $set: { age: 31 } })",
                "db.users.updateOne({ _id: 2 }, { $set: { age: 5 } }, { upsert: true })",
                "db.users.updateOne({ _id: 2 }, [{ $set: { old: { $gt: [\"$age\", 60] } } }])",
            ],
            &["SET", "HSET"],
        )
    },
    Entry {
        options: &[
            ("upsert", "insert a document if none matches"),
            ("arrayFilters", "what $[name] stands for"),
            ("hint, let, collation", "as in find"),
        ],
        ..writing(
            "updateMany",
            "write",
            "db.NAME.updateMany(filter, update [, options])",
            "Changes all documents that match.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.updateMany({}, { $inc: { age: 1 } })",
                "db.users.updateMany({ age: { $gte: 18 } }, { $set: { adult: true } })",
            ],
            &["SET"],
        )
    },
    writing(
        "update",
        "write",
        "db.NAME.update(filter, update [, { multi, upsert }])",
        "Changes one document, or all with multi; updateOne and updateMany are its new names.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.update({ _id: 1 }, { $set: { age: 5 } })",
            "db.users.update({ age: { $gt: 1 } }, { $inc: { age: 1 } }, { multi: true })",
        ],
        &["SET"],
    ),
    Entry {
        options: &[
            ("upsert", "insert the document if none matches"),
            ("sort", "which of several matches"),
            ("hint, let, collation", "as in find"),
        ],
        ..writing(
            "replaceOne",
            "write",
            "db.NAME.replaceOne(filter, document [, { upsert }])",
            "Puts another document in the place of the first that matches; _id stays.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.replaceOne({ _id: 1 }, { name: \"Eve\" })",
                "db.users.replaceOne({ _id: 3 }, { name: \"Dan\" }, { upsert: true })",
            ],
            &["SET"],
        )
    },
    Entry {
        options: &[("hint, let, collation", "as in find")],
        ..writing(
            "deleteOne",
            "write",
            "db.NAME.deleteOne(filter)",
            "Removes the first document that matches.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.deleteOne({ _id: 1 })",
                "db.users.deleteOne({ name: \"alice\" }, { collation: { locale: \"en\", strength: 2 } })",
            ],
            &["DELETE", "DEL"],
        )
    },
    Entry {
        options: &[("hint, let, collation", "as in find")],
        ..writing(
            "deleteMany",
            "write",
            "db.NAME.deleteMany(filter)",
            "Removes all documents that match.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.deleteMany({ age: { $lt: 50 } })",
                "db.users.deleteMany({})",
            ],
            &["DELETE", "UNLINK"],
        )
    },
    writing(
        "remove",
        "write",
        "db.NAME.remove(filter [, justOne])",
        "Removes documents; deleteOne and deleteMany are its new names.",
        &["db.users.remove({ age: 1 })", "db.users.remove({ age: { $gt: 1 } }, true)"],
        &["DELETE"],
    ),
    Entry {
        options: &[
            ("returnDocument", "\"before\" (the default) or \"after\" the change"),
            ("projection", "what is shown of it"),
            ("sort", "which of several matches"),
            ("upsert, arrayFilters, hint, let, collation", "as in updateOne"),
        ],
        ..writing(
            "findOneAndUpdate",
            "write",
            "db.NAME.findOneAndUpdate(filter, update [, { returnDocument: \"after\", sort, projection, upsert }])",
            "Changes a document and answers it, as it was or as it is.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.findOneAndUpdate({ _id: 1 }, { $inc: { age: 1 } }, { returnDocument: \"after\" })",
                "db.users.findOneAndUpdate({ _id: 9 }, { $inc: { visits: 1 } }, { upsert: true, returnDocument: \"after\" })",
            ],
            &["GETSET"],
        )
    },
    writing(
        "findOneAndReplace",
        "write",
        "db.NAME.findOneAndReplace(filter, document [, options])",
        "Replaces a document and answers it.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.findOneAndReplace({ _id: 1 }, { name: \"Eve\" })",
            "db.users.findOneAndReplace({ _id: 9 }, { name: \"Eve\" }, { upsert: true, returnDocument: \"after\" })",
        ],
        &["GETSET"],
    ),
    writing(
        "findOneAndDelete",
        "write",
        "db.NAME.findOneAndDelete(filter [, options])",
        "Removes a document and answers it.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.findOneAndDelete({ _id: 1 })",
            "db.users.findOneAndDelete({ age: { $gt: 1 } }, { sort: { age: -1 } })",
        ],
        &["GETDEL"],
    ),
    writing(
        "findAndModify",
        "write",
        "db.NAME.findAndModify({ query, update or remove, sort, new, upsert, fields })",
        "Changes or removes a document and answers it.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.findAndModify({ query: { _id: 1 }, update: { $inc: { age: 1 } }, new: true })",
            "db.users.findAndModify({ query: { age: { $gt: 1 } }, sort: { age: 1 }, remove: true })",
        ],
        &["GETSET"],
    ),
    Entry {
        options: &[("ordered", "true (the default) or false")],
        ..writing(
            "bulkWrite",
            "write",
            "db.NAME.bulkWrite([{ insertOne: … }, { updateOne: … }, { deleteOne: … }])",
            "Several writes as one statement, all or none.",
            &[
                "db.users.bulkWrite([{ insertOne: { document: { _id: 9 } } }, { deleteOne: { filter: { _id: 9 } } }])",
                "db.users.bulkWrite([{ insertOne: { document: { _id: 5 } } }, { updateMany: { filter: {}, update: { $inc: { n: 1 } } } }, { deleteOne: { filter: { _id: 5 } } }])",
            ],
            &["MULTI"],
        )
    },
    writing(
        "save",
        "write",
        "db.NAME.save(document)",
        "Replaces the document with this _id, or inserts it.",
        &["db.users.save({ _id: 1, name: \"Alice\" })", "db.users.save({ _id: 1, name: \"Bob\" })"],
        &[],
    ),
    writing(
        "initializeOrderedBulkOp",
        "write",
        "db.NAME.initializeOrderedBulkOp()",
        "Collects changes that execute() makes, in order.",
        &[
            "let bulk = db.users.initializeOrderedBulkOp()",
            "bulk.insert({ _id: 1, name: \"Alice\" })",
            "bulk.find({ _id: 1 }).updateOne({ $set: { age: 30 } })",
            "bulk.execute()",
        ],
        &[],
    ),
    writing(
        "initializeUnorderedBulkOp",
        "write",
        "db.NAME.initializeUnorderedBulkOp()",
        "Collects changes that execute() makes, in any order.",
        &[
            "let bulk = db.users.initializeUnorderedBulkOp()",
            "bulk.insert({ _id: 1 })",
            "bulk.find({ _id: 1 }).deleteOne()",
            "bulk.execute()",
        ],
        &[],
    ),
];
