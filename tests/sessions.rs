//! Several sessions of one process on one store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use std::time::Duration;
use trine::ast::{Statement, kv::Command};
use trine::lang::scanner::SourceStatement;
use trine::reply::{DocReply, Event, Reply, Resp};
use trine::session::{Delivery, Durability, Options, Session};
use trine::storage::{self, Store};
use trine::text::Diagnostic;

fn store() -> Store {
    Store::in_memory(storage::Options::default()).unwrap()
}

fn run(session: &mut Session, line: &str) -> Resp {
    let mut words = line.split(' ').map(|word| word.as_bytes().to_vec());
    let command = Command { name: words.next().unwrap(), args: words.collect() };
    match session.execute(&Statement::Kv(command)) {
        Ok(Reply::Kv(reply)) => reply,
        Ok(_) => panic!("{line}: no Redis reply"),
        Err(error) => panic!("{line}: {error}"),
    }
}

/// The messages that came, as `channel payload`.
fn heard(session: &mut Session) -> Vec<String> {
    let show = |event: Event| match event {
        Event::Message { channel, payload } | Event::PatternMessage { channel, payload, .. } => {
            format!("{} {}", channel.escape_ascii(), payload.escape_ascii())
        }
        Event::Change(change) => change.to_string(),
        Event::Printed(printed) => format!("{printed:?}"),
    };
    session.take_events().into_iter().map(show).collect()
}

#[test]
fn a_message_reaches_other_sessions_once_it_is_committed() {
    let store = store();
    let mut ann = Session::new(store.clone(), Options::default());
    let grouped = Options { durability: Durability::Group, ..Options::default() };
    let mut bob = Session::new(store, grouped);
    run(&mut ann, "SUBSCRIBE news");
    run(&mut bob, "PSUBSCRIBE n*");
    assert_eq!(run(&mut bob, "PUBLISH news one"), Resp::Integer(2));
    // Bob's group is not committed yet: he has seen his own message, Ann has not.
    assert_eq!(heard(&mut bob), ["news one"]);
    assert_eq!(heard(&mut ann), [""; 0]);
    bob.finish().unwrap();
    assert_eq!(heard(&mut ann), ["news one"]);
    assert_eq!(heard(&mut bob), [""; 0]);
    run(&mut ann, "PUBLISH news two");
    assert_eq!((heard(&mut ann), heard(&mut bob)), (vec!["news two".to_owned()], vec!["news two".to_owned()]));
    drop(bob);
    assert_eq!(run(&mut ann, "PUBLISH news three"), Resp::Integer(1));
}

/// Runs a line on a session of its own, in a thread of its own.
fn in_thread(store: &Store, line: &'static str) -> std::thread::JoinHandle<Resp> {
    let store = store.clone();
    std::thread::spawn(move || run(&mut Session::new(store, Options::default()), line))
}

fn words(words: &[&str]) -> Resp {
    Resp::Array(words.iter().map(|word| Resp::bulk(*word)).collect())
}

#[test]
fn waiting_pops_end_when_another_session_pushes() {
    let store = store();
    let mut pushing = Session::new(store.clone(), Options::default());
    for (waiting, push, answer) in [
        ("BLPOP a b 0", "RPUSH b one", words(&["b", "one"])),
        ("BRPOP list 60", "RPUSH list one two", words(&["list", "two"])),
        ("BLMOVE from to LEFT RIGHT 0", "RPUSH from x", Resp::bulk("x")),
        ("BRPOPLPUSH from to 0", "RPUSH from y", Resp::bulk("y")),
        ("BLMPOP 0 2 p q LEFT COUNT 2", "RPUSH q 1 2 3", Resp::Array(vec![Resp::bulk("q"), words(&["1", "2"])])),
        ("BZPOPMIN z 0", "ZADD z 2 b 1 a", words(&["z", "a", "1"])),
        ("BZPOPMAX z2 0", "ZADD z2 2 b 1 a", words(&["z2", "b", "2"])),
        (
            "XREAD BLOCK 0 STREAMS s $",
            "XADD s 5-1 f v",
            Resp::Array(vec![Resp::Array(vec![
                Resp::bulk("s"),
                Resp::Array(vec![Resp::Array(vec![Resp::bulk("5-1"), words(&["f", "v"])])]),
            ])]),
        ),
    ] {
        let waiter = in_thread(&store, waiting);
        // It may begin to wait before or behind the push, but for `$`, which wants it to wait first.
        if waiting.starts_with("XREAD") {
            let line = "XADD s * early v";
            while !waiter.is_finished() {
                run(&mut pushing, line);
            }
            assert!(matches!(waiter.join().unwrap(), Resp::Array(_)));
            continue;
        }
        run(&mut pushing, push);
        assert_eq!(waiter.join().unwrap(), answer, "{waiting}");
    }
}

#[test]
fn what_is_pushed_once_is_popped_once() {
    let store = store();
    let waiters: Vec<_> = (0..4).map(|_| in_thread(&store, "BLPOP queue 0")).collect();
    let mut pushing = Session::new(store.clone(), Options::default());
    for value in ["a", "b", "c", "d"] {
        run(&mut pushing, &format!("RPUSH queue {value}"));
    }
    let mut popped: Vec<_> = waiters.into_iter().map(|waiter| format!("{:?}", waiter.join().unwrap())).collect();
    popped.sort();
    popped.dedup();
    assert_eq!(popped.len(), 4);
    assert_eq!(run(&mut pushing, "LLEN queue"), Resp::Integer(0));
}

#[test]
fn a_wait_is_over_in_time_and_with_ctrl_c() {
    let store = store();
    let mut session = Session::new(store.clone(), Options::default());
    assert_eq!(run(&mut session, "BLPOP nothing 0.001"), Resp::Nil);
    assert_eq!(run(&mut session, "XREAD BLOCK 1 STREAMS nothing $"), Resp::Nil);
    let interrupt = store.interrupt();
    let waiter = std::thread::spawn({
        let store = store.clone();
        move || {
            let command = Command { name: b"BLPOP".to_vec(), args: vec![b"nothing".to_vec(), b"0".to_vec()] };
            Session::new(store, Options::default()).execute(&Statement::Kv(command)).map(drop).unwrap_err().code
        }
    });
    while !waiter.is_finished() {
        interrupt.store(true, std::sync::atomic::Ordering::Relaxed);
        std::thread::yield_now();
    }
    assert_eq!(waiter.join().unwrap(), "Interrupted");
}

#[test]
fn exec_sees_what_other_sessions_have_changed() {
    let store = store();
    let mut ann = Session::new(store.clone(), Options::default());
    let grouped = Options { durability: Durability::Group, ..Options::default() };
    let mut bob = Session::new(store.clone(), grouped);
    let exec = |ann: &mut Session| {
        run(ann, "MULTI");
        run(ann, "SET mine 1");
        run(ann, "EXEC")
    };
    let done = Resp::Array(vec![Resp::ok()]);
    run(&mut ann, "SET k 0");
    // Another key.
    run(&mut ann, "WATCH k");
    run(&mut bob, "SET other 1");
    bob.finish().unwrap();
    assert_eq!(exec(&mut ann), done);
    // This key, each way it can change.
    for change in ["SET k 1", "APPEND k x", "DEL k", "SET k 1", "EXPIRE k 100", "RENAME k k2", "SET k 1", "FLUSHDB"] {
        run(&mut ann, "WATCH k");
        run(&mut bob, change);
        // Bob's group is not committed: Ann would have to wait for it, and sees nothing of it.
        bob.finish().unwrap();
        assert_eq!(exec(&mut ann), Resp::Nil, "{change}");
        assert_eq!(exec(&mut ann), done, "the watch is over");
    }
    // A keyspace that is emptied changes no key that was not there.
    run(&mut ann, "WATCH nothing");
    run(&mut bob, "FLUSHALL");
    bob.finish().unwrap();
    assert_eq!(exec(&mut ann), done);
    // What is written in another keyspace or database is another key.
    run(&mut ann, "WATCH k");
    run(&mut bob, "SELECT 1");
    run(&mut bob, "SET k 1");
    bob.finish().unwrap();
    assert_eq!(exec(&mut ann), done);
    // What was written before the watch and is committed behind it.
    run(&mut bob, "SELECT 0");
    run(&mut bob, "SET k 2");
    let mut carol = Session::new(store, Options::default());
    run(&mut carol, "WATCH k");
    bob.finish().unwrap();
    run(&mut carol, "MULTI");
    run(&mut carol, "SET k 3");
    assert_eq!(run(&mut carol, "EXEC"), Resp::Nil);
}

#[test]
fn counting_with_watch_loses_nothing() {
    const TIMES: usize = 50;
    let store = store();
    let count = |store: Store| {
        let mut session = Session::new(store, Options::default());
        for _ in 0..TIMES {
            loop {
                run(&mut session, "WATCH counter");
                let value = match run(&mut session, "GET counter") {
                    Resp::Bulk(text) => String::from_utf8(text).unwrap().parse::<usize>().unwrap(),
                    _ => 0,
                };
                run(&mut session, "MULTI");
                run(&mut session, &format!("SET counter {}", value + 1));
                if run(&mut session, "EXEC") != Resp::Nil {
                    break;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let store = store.clone();
            scope.spawn(move || count(store));
        }
    });
    assert_eq!(run(&mut Session::new(store, Options::default()), "GET counter"), Resp::bulk((3 * TIMES).to_string()));
}

#[test]
fn a_wait_for_a_commit_ends_with_the_commit_of_another_session() {
    let store = store();
    let version = store.version();
    let waiting = store.clone();
    let waiter = std::thread::spawn(move || waiting.wait_for_commit(version, Duration::from_secs(60)));
    run(&mut Session::new(store.clone(), Options::default()), "SET a 1");
    assert!(waiter.join().unwrap());
    assert!(!store.wait_for_commit(store.version(), Duration::ZERO));
}

#[test]
fn a_swap_stays_when_the_next_command_of_its_group_fails() {
    let grouped = Options { durability: Durability::Group, ..Options::default() };
    let mut session = Session::new(store(), grouped);
    run(&mut session, "SET c 1");
    session.finish().unwrap();
    run(&mut session, "SWAPDB 0 1");
    let refused = Statement::Kv(Command { name: b"GET".to_vec(), args: Vec::new() });
    assert!(session.execute(&refused).is_err());
    assert_eq!(run(&mut session, "EXISTS c"), Resp::Integer(0));
}

/// Runs statements of any language, each with its answer as text or its error.
fn answers(session: &mut Session, text: &str) -> Vec<Result<String, String>> {
    let mut found = Vec::new();
    let mut sink = |_: &SourceStatement, answer: Result<Reply<'_>, Diagnostic>, _: &[Event]| {
        found.push(match answer {
            Ok(Reply::Doc(DocReply::Value(value))) => Ok(value.to_string()),
            Ok(_) => Ok(String::new()),
            Err(error) => Err(error.to_string()),
        });
        Delivery::Taken
    };
    session.run(text, &mut sink).unwrap();
    found
}

/// Runs one statement.
fn answer(session: &mut Session, text: &str) -> Result<String, String> {
    answers(session, text).remove(0)
}

#[test]
fn an_index_that_is_built_beside_inserts_holds_them_all() {
    const TIMES: usize = 60;
    let store = store();
    let insert = |store: Store, from: usize| {
        let mut session = Session::new(store, Options::default());
        for number in from..from + TIMES {
            let found = answer(&mut session, &format!("db.c.insertOne({{ _id: {number}, k: {} }})\n", number % 7));
            assert!(found.is_ok(), "{found:?}");
        }
    };
    std::thread::scope(|scope| {
        for from in [0, TIMES] {
            let store = store.clone();
            scope.spawn(move || insert(store, from));
        }
        let mut building = Session::new(store.clone(), Options::default());
        for _ in 0..10 {
            for change in ["db.c.createIndex({ k: 1 })\n", "db.c.dropIndex({ k: 1 })\n"] {
                let found = answer(&mut building, change);
                assert!(found.is_ok(), "{found:?}");
            }
        }
        assert!(answer(&mut building, "db.c.createIndex({ k: 1 })\n").is_ok());
    });
    let mut after = Session::new(store, Options::default());
    let found = answers(
        &mut after,
        "db.c.validate().valid\ndb.c.validate().keysPerIndex.k_1\ndb.c.countDocuments()\n\
         db.c.find({ k: 3 }).hint({ k: 1 }).itcount()\ndb.c.find({ k: 3 }).hint({ $natural: 1 }).itcount()\n",
    );
    assert_eq!(found[0], Ok("true".to_owned()));
    assert_eq!((&found[1], &found[2]), (&Ok((2 * TIMES).to_string()), &Ok((2 * TIMES).to_string())));
    assert_eq!(found[3], found[4]);
}

#[test]
fn a_unique_index_and_inserts_of_duplicates_exclude_each_other() {
    let store = store();
    let (refused, built) = std::thread::scope(|scope| {
        let beside = store.clone();
        let inserting = scope.spawn(move || {
            let mut session = Session::new(beside, Options::default());
            let one = |n: usize| answer(&mut session, &format!("db.c.insertOne({{ _id: {n}, k: {} }})\n", n / 2));
            (0..60).map(one).filter_map(Result::err).collect::<Vec<_>>()
        });
        let mut building = Session::new(store.clone(), Options::default());
        let built = answer(&mut building, "db.c.createIndex({ k: 1 }, { unique: true })\n");
        (inserting.join().unwrap(), built)
    });
    let mut after = Session::new(store, Options::default());
    let found = answers(
        &mut after,
        "db.c.validate().valid\ndb.c.getIndexes().length\ndb.c.countDocuments() - db.c.distinct(\"k\").length\n\
         db.c.countDocuments()\n",
    );
    assert_eq!(found[0], Ok("true".to_owned()));
    match &built {
        // It stands, and whatever came later twice was refused.
        Ok(_) => assert_eq!((&found[1], &found[2]), (&Ok("2".to_owned()), &Ok("0".to_owned()))),
        Err(error) => {
            assert!(error.contains("E11000"), "{error}");
            assert_eq!((&found[1], refused.len()), (&Ok("1".to_owned()), 0));
        }
    }
    assert!(refused.iter().all(|error| error.contains("E11000")), "{refused:?}");
    assert_eq!(found[3], Ok((60 - refused.len()).to_string()));
}

#[test]
fn statements_that_stand_alone_begin_anew_when_another_session_commits() {
    const TIMES: usize = 60;
    let store = store();
    std::thread::scope(|scope| {
        for at in 0..3 {
            let store = store.clone();
            scope.spawn(move || {
                let mut session = Session::new(store, Options::default());
                for _ in 0..TIMES {
                    let update = "db.counters.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { upsert: true })\n";
                    let merge = "MERGE (c:Counter {id: 1}) SET c.n = coalesce(c.n, 0) + 1\n";
                    let found = answer(&mut session, if at == 0 { merge } else { update });
                    assert!(found.is_ok(), "{found:?}");
                }
            });
        }
    });
    let mut after = Session::new(store, Options::default());
    assert_eq!(answer(&mut after, "db.counters.findOne().n\n"), Ok((2 * TIMES).to_string()));
    let mut counted = None;
    let mut sink = |_: &SourceStatement, answer: Result<Reply<'_>, Diagnostic>, _: &[Event]| {
        if let Ok(Reply::Graph(mut reply)) = answer {
            counted = reply.rows.next().map(|row| format!("{row:?}"));
        }
        Delivery::Taken
    };
    after.run("MATCH (c:Counter) RETURN c.n = 60 AS all\n", &mut sink).unwrap();
    assert!(counted.is_some_and(|row| row.contains("true")));
}
