//! Redis commands: syntax, arity and complexity as the manual has them (redis.io/docs/latest/commands).

mod bitmaps;
mod connection;
mod field_expiry;
mod geo;
mod hashes;
mod hyperloglog;
mod keys;
mod lists;
mod pubsub;
mod scripting;
mod server;
mod sets;
mod sorted_sets;
mod streams;
mod strings;
mod transactions;

use super::Entry;

/// How long a command waits.
const TIMEOUT: (&str, &str) = (
    "timeout",
    "how many seconds to wait for other sessions of this process; 0: without end, or until Ctrl-C; inside MULTI and \
     BEGIN the answer is nil at once",
);

/// The options of commands that wait and have no others.
const WAITING: &[(&str, &str)] = &[TIMEOUT];

/// One table a group of the manual.
const GROUPS: &[&[Entry]] = &[
    strings::ENTRIES,
    bitmaps::ENTRIES,
    hashes::ENTRIES,
    field_expiry::ENTRIES,
    lists::ENTRIES,
    sets::ENTRIES,
    sorted_sets::ENTRIES,
    streams::ENTRIES,
    geo::ENTRIES,
    hyperloglog::ENTRIES,
    keys::ENTRIES,
    pubsub::ENTRIES,
    connection::ENTRIES,
    transactions::ENTRIES,
    scripting::ENTRIES,
    server::ENTRIES,
];

/// By group, then by name.
pub const ENTRIES: &[Entry] = &all();

const fn all() -> [Entry; count()] {
    let mut entries = [Entry::KV; count()];
    let (mut at, mut group) = (0, 0);
    while group < GROUPS.len() {
        let mut place = 0;
        while place < GROUPS[group].len() {
            entries[at] = GROUPS[group][place];
            at += 1;
            place += 1;
        }
        group += 1;
    }
    entries
}

const fn count() -> usize {
    let (mut count, mut group) = (0, 0);
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::ENTRIES;
    use crate::ast::kv::Command;

    #[test]
    fn the_engine_knows_every_command_with_the_arity_of_its_entry() {
        let session = ["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "SAVE", "BGSAVE", "RESET"];
        for entry in ENTRIES.iter().filter(|entry| !session.contains(&entry.name)) {
            let arity = entry.arity.unwrap();
            let mut command = Command {
                name: entry.name.as_bytes().to_vec(),
                args: vec![b"help".to_vec(); arity.unsigned_abs() as usize - 1],
            };
            let check = |command: &Command| crate::kv::check(command).map_err(|error| error.to_string());
            // Their subcommands have arities of their own.
            let container = [
                "CLIENT", "COMMAND", "CONFIG", "DEBUG", "LATENCY", "MEMORY", "OBJECT", "PUBSUB", "SCRIPT", "SLOWLOG",
                "XGROUP", "XINFO",
            ]
            .contains(&entry.name);
            if entry.name != "OBJECT" {
                assert_eq!(check(&command), Ok(()), "{}", entry.name);
            }
            command.args.push(Vec::new());
            assert_eq!(check(&command).is_ok(), arity < 0 && !container, "{}", entry.name);
        }
    }
}
