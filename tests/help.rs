//! The manual runs: every example of the registry is run on an empty database and none may fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test says where")]

use trine::lang::registry::{self, Entry};
use trine::lang::scanner::SourceStatement;
use trine::render::{self, Look, Stopped};
use trine::reply::{Event, Reply};
use trine::session::{Delivery, Options, Session};
use trine::storage::{self, Store};
use trine::text::Diagnostic;

fn failures(entry: &Entry) -> Vec<String> {
    let store = Store::in_memory(storage::Options::default()).unwrap();
    let mut session = Session::new(store, Options { seed: Some(1), ..Options::default() });
    let mut failures = Vec::new();
    for example in entry.examples {
        let mut taker = |_: &SourceStatement, answer: Result<Reply<'_>, Diagnostic>, _: &[Event]| {
            let mut reply = match answer {
                Ok(reply) => reply,
                Err(error) => {
                    failures.push(format!("{} ({:?}): {example}: {error}", entry.name, entry.kind));
                    return Delivery::Taken;
                }
            };
            match render::write(&mut Vec::new(), &mut reply, &Look::default()) {
                Ok(_) => Delivery::Taken,
                Err(Stopped::Statement(error)) => {
                    failures.push(format!("{} ({:?}): {example}: {error}", entry.name, entry.kind));
                    Delivery::Failed(error)
                }
                Err(Stopped::Output(error)) => panic!("{error}"),
            }
        };
        session.run(example, &mut taker).unwrap();
    }
    failures
}

#[test]
fn every_example_runs() {
    let failures: Vec<String> = registry::all().flat_map(failures).collect();
    assert!(failures.is_empty(), "{} examples fail\n{}", failures.len(), failures.join("\n"));
}
