//! Several sessions of one process on one store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use std::time::Duration;
use trine::ast::{Statement, kv::Command};
use trine::reply::{Event, Reply, Resp};
use trine::session::{Durability, Options, Session};
use trine::storage::{self, Store};

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
