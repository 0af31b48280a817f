//! Methods of mongosh and operators of MongoDB, a file for each group.

mod accumulators;
mod collection;
mod cursor;
mod database;
mod expression;
mod index;
mod query;
mod read;
mod stages;
mod update;
mod write;

use super::{Entry, Kind};
use std::sync::LazyLock;

/// All of them.
pub static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let groups = [
        read::ENTRIES,
        write::ENTRIES,
        index::ENTRIES,
        collection::ENTRIES,
        database::ENTRIES,
        cursor::ENTRIES,
        query::ENTRIES,
        update::ENTRIES,
        stages::ENTRIES,
        accumulators::ENTRIES,
    ];
    [groups.as_slice(), expression::GROUPS].concat().concat()
});

type Texts = &'static [&'static str];

const fn method(
    name: &'static str,
    group: &'static str,
    syntax: &'static str,
    summary: &'static str,
    examples: Texts,
    twins: Texts,
) -> Entry {
    Entry { name, group, syntax, summary, examples, twins, ..Entry::DOC }
}

const fn writing(
    name: &'static str,
    group: &'static str,
    syntax: &'static str,
    summary: &'static str,
    examples: Texts,
    twins: Texts,
) -> Entry {
    Entry { writes: true, ..method(name, group, syntax, summary, examples, twins) }
}

const fn query(name: &'static str, syntax: &'static str, summary: &'static str, examples: Texts) -> Entry {
    Entry { kind: Kind::QueryOperator, ..method(name, "query operator", syntax, summary, examples, &[]) }
}

const fn update(name: &'static str, syntax: &'static str, summary: &'static str, examples: Texts) -> Entry {
    Entry { kind: Kind::UpdateOperator, ..writing(name, "update operator", syntax, summary, examples, &[]) }
}

const fn expression(
    name: &'static str,
    group: &'static str,
    syntax: &'static str,
    summary: &'static str,
    examples: Texts,
) -> Entry {
    Entry { kind: Kind::ExpressionOperator, ..method(name, group, syntax, summary, examples, &[]) }
}
