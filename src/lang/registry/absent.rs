//! Redis commands that are about servers, and those of its modules: that they are not there, and what is instead.

/// Names, and why there are none of them. A name that ends with `.` is the prefix of a module's commands.
const ABSENT: &[(&[&str], &str)] = &[
    (
        &["ACL", "AUTH"],
        "there are no users and passwords: the permissions of the database file say who reads and writes it",
    ),
    (
        &["ASKING", "CLUSTER", "READONLY", "READWRITE", "RESTORE-ASKING", "SFLUSH"],
        "there is no cluster: the whole database is one file; the option --read-only refuses writes",
    ),
    (
        &["FAILOVER", "PSYNC", "REPLCONF", "REPLICAOF", "ROLE", "SENTINEL", "SLAVEOF", "SYNC"],
        "there are no replicas: a copy of the closed file is one",
    ),
    (
        &["WAIT", "WAITAOF"],
        "there are no replicas to wait for: what was answered is on disk, to the level of --durability",
    ),
    (&["MIGRATE"], "there is no other server: DUMP and RESTORE carry a value into another database"),
    (&["SPUBLISH"], "there are no shards: PUBLISH sends the message"),
    (&["SSUBSCRIBE", "SUNSUBSCRIBE"], "there are no shards: SUBSCRIBE and UNSUBSCRIBE do the same here"),
    (
        &["FCALL", "FCALL_RO", "FUNCTION"],
        "there are no libraries of functions: EVAL runs a script, SCRIPT LOAD and EVALSHA keep one",
    ),
    (
        &["MONITOR"],
        "sessions are not listened to: after CONFIG SET slowlog-log-slower-than 0, SLOWLOG GET lists each command",
    ),
    (&["MODULE"], "there are no modules to load: documents and graphs are here from the start"),
    (&["SHUTDOWN"], "there is no server to stop: exit leaves, and SAVE puts what is done on disk"),
    (&["PFDEBUG", "PFSELFTEST"], "it looks into Redis itself: PFCOUNT tells what is in a key"),
    (
        &["JSON."],
        "JSON is kept as documents: db.users.insertOne({ _id: 1, name: \"Ann\" }), \
         db.users.updateOne({ _id: 1 }, { $set: { name: \"Bea\" } })",
    ),
    (
        &["FT."],
        "it is documents that are searched: db.users.createIndex({ name: 1 }), db.users.find({ name: \"Ann\" })",
    ),
    (&["GRAPH."], "graphs are asked without a command in front: MATCH (p:Person) RETURN p.name;"),
    (
        &["BF.", "CF.", "CMS.", "TDIGEST.", "TOPK."],
        "the probabilistic structures of modules are not there: PFADD and PFCOUNT count what is different, sets and \
         sorted sets are exact",
    ),
    (
        &["TS."],
        "series over time are kept in sorted sets (ZADD key time value), streams (XADD) or documents with a date",
    ),
];

/// Why there is no such command, if it is one of Redis or its modules that makes no sense in a file.
pub fn absent(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let is_meant = |known: &str| if known.ends_with('.') { upper.starts_with(known) } else { upper == known };
    ABSENT.iter().find(|(names, _)| names.iter().any(|known| is_meant(known))).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::registry;

    #[test]
    fn what_is_there_is_not_absent() {
        for entry in registry::of_model(crate::text::Model::Kv) {
            assert_eq!(absent(entry.name), None, "{}", entry.name);
        }
        assert!(absent("json.set").is_some_and(|reason| reason.contains("documents")));
        assert!(absent("Wait").is_some_and(|reason| reason.contains("replicas")));
        assert_eq!(absent("TSX"), None);
    }
}
