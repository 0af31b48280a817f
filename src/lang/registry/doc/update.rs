//! Update operators.

use super::update;
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    update(
        "$set",
        "{ $set: { field: value } }",
        "Sets fields, making them where they are missing.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $set: { age: 31 } })",
            "db.users.updateOne({ _id: 1 }, { $set: { \"address.city\": \"Rome\", tags: [\"a\"] } })",
        ],
    ),
    update(
        "$unset",
        "{ $unset: { field: \"\" } }",
        "Removes fields.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $unset: { age: \"\" } })",
            "db.users.updateOne({ _id: 1 }, { $unset: { age: \"\", name: \"\" } })",
        ],
    ),
    update(
        "$inc",
        "{ $inc: { field: number } }",
        "Adds to a number; a missing one counts as 0.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $inc: { age: 1 } })",
            "db.users.updateOne({ _id: 1 }, { $inc: { age: -1, visits: 1 } })",
        ],
    ),
    update(
        "$mul",
        "{ $mul: { field: number } }",
        "Multiplies a number.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $mul: { age: 2 } })",
            "db.users.updateOne({ _id: 1 }, { $mul: { age: 1.5 } })",
        ],
    ),
    update(
        "$min",
        "{ $min: { field: value } }",
        "Sets the value if it is less than what is there.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $min: { age: 18 } })",
            "db.users.updateOne({ _id: 1 }, { $min: { least: 3 } })",
        ],
    ),
    update(
        "$max",
        "{ $max: { field: value } }",
        "Sets the value if it is greater than what is there.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $max: { age: 99 } })",
            "db.users.updateOne({ _id: 1 }, { $max: { most: 3 } })",
        ],
    ),
    update(
        "$rename",
        "{ $rename: { field: \"name\" } }",
        "Gives a field another name.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $rename: { age: \"years\" } })",
            "db.users.updateOne({ _id: 1 }, { $rename: { age: \"years\" } })",
        ],
    ),
    update(
        "$setOnInsert",
        "{ $setOnInsert: { field: value } }",
        "Sets fields only where an upsert makes the document.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $setOnInsert: { made: true } })",
            "db.users.updateOne({ _id: 1 }, { $set: { age: 31 }, $setOnInsert: { made: true } }, { upsert: true })",
        ],
    ),
    update(
        "$currentDate",
        "{ $currentDate: { field: true } }",
        "Sets a field to the time.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $currentDate: { seen: true } })",
            "db.users.updateOne({ _id: 1 }, { $currentDate: { stamp: { $type: \"timestamp\" } } })",
        ],
    ),
    update(
        "$bit",
        "{ $bit: { field: { and, or, xor: number } } }",
        "Works on the bits of an integer.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $bit: { age: { or: 1 } } })",
            "db.users.updateOne({ _id: 1 }, { $bit: { flags: { or: 4 } } })",
        ],
    ),
    update(
        "$push",
        "{ $push: { field: value or { $each, $position, $sort, $slice } } }",
        "Puts values into an array.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $push: { tags: { $each: [\"a\", \"b\"], $slice: -5 } } })",
            "db.users.updateOne({ _id: 1 }, { $push: { scores: { $each: [5, 9], $sort: -1, $slice: 3 } } })",
        ],
    ),
    update(
        "$addToSet",
        "{ $addToSet: { field: value or { $each } } }",
        "Puts values into an array that are not there yet.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $addToSet: { tags: \"a\" } })",
            "db.users.updateOne({ _id: 1 }, { $addToSet: { tags: { $each: [\"a\", \"b\"] } } })",
        ],
    ),
    update(
        "$pull",
        "{ $pull: { field: value or condition } }",
        "Removes the elements that match.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $pull: { tags: \"a\" } })",
            "db.users.updateOne({ _id: 1 }, { $pull: { tags: { $in: [\"a\", \"b\"] } } })",
        ],
    ),
    update(
        "$pullAll",
        "{ $pullAll: { field: [values] } }",
        "Removes these values.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $pullAll: { tags: [\"a\", \"b\"] } })",
        ],
    ),
    update(
        "$pop",
        "{ $pop: { field: 1 or -1 } }",
        "Removes the last element, or the first.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.updateOne({ _id: 1 }, { $pop: { tags: 1 } })",
            "db.users.updateOne({ _id: 1 }, { $pop: { tags: -1 } })",
        ],
    ),
];
