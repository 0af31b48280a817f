//! The manual runs: every example of the registry is run on an empty database and none may fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test says where")]

use trine::graph::procedures;
use trine::lang::registry::{self, Entry, Kind};
use trine::lang::scanner::SourceStatement;
use trine::render::{self, Look, Stopped};
use trine::reply::{Event, Reply};
use trine::session::{Delivery, Options, Session};
use trine::storage::{self, Store};
use trine::text::{Diagnostic, Model};

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

/// What the registry says of procedures is what they are.
#[test]
fn procedures_are_as_their_pages_say() {
    let mut wrong = Vec::new();
    for procedure in procedures::all() {
        let name = procedure.name();
        let Some(entry) = registry::find(name).into_iter().find(|entry| entry.kind == Kind::Procedure) else {
            wrong.push(format!("{name} has no page"));
            continue;
        };
        let arguments = procedure.inputs().iter().map(|input| input.name.to_string());
        let columns: Vec<_> = procedure.outputs().iter().map(|output| output.name.to_string()).collect();
        let form = entry.syntax.replace(['[', ']', '(', ')', ','], " ");
        let expected = format!("CALL {name} {} YIELD {}", arguments.collect::<Vec<_>>().join(" "), columns.join(" "));
        if form.split_whitespace().ne(expected.split_whitespace()) {
            wrong.push(format!("{}: it is {expected}", entry.syntax));
        }
        if entry.summary != procedure.summary() || entry.writes != (procedure.mode() == "WRITE") {
            wrong.push(format!("{name}: {} ({})", procedure.summary(), procedure.mode()));
        }
        if entry.examples.len() < 2 {
            wrong.push(format!("{name}: {} examples", entry.examples.len()));
        }
    }
    for algorithm in trine::graph::algorithms::ALL {
        let options = registry::find(algorithm.name).into_iter().flat_map(|entry| entry.options);
        let words: Vec<&str> = options.flat_map(|(form, _)| form.split([' ', ':', ','])).collect();
        let write = algorithm.can_write().then_some("write");
        for setting in algorithm.settings.iter().copied().chain(write) {
            if !words.contains(&setting) {
                wrong.push(format!("{}: the setting {setting} is not explained", algorithm.name));
            }
        }
        if !algorithm.can_write() && words.contains(&"write") {
            wrong.push(format!("{} writes nothing", algorithm.name));
        }
    }
    let known: Vec<_> = procedures::all().map(|procedure| procedure.name().to_owned()).collect();
    let pages = registry::all().filter(|entry| entry.kind == Kind::Procedure);
    wrong.extend(pages.filter(|page| !known.iter().any(|name| name == page.name)).map(|page| page.name.to_owned()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Groups of the Redis manual whose commands handle data.
const DATA: &[&str] =
    &["string", "bitmap", "hash", "list", "set", "sorted set", "stream", "geo", "hyperloglog", "generic"];

#[test]
fn every_data_command_explains_its_options_its_cost_and_shows_itself() {
    let mut wanting = Vec::new();
    for entry in registry::of_model(Model::Kv).iter().filter(|entry| DATA.contains(&entry.group)) {
        let explained: Vec<&str> =
            entry.options.iter().flat_map(|(form, _)| form.split(|c: char| !c.is_ascii_alphanumeric())).collect();
        let words = entry.syntax.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').skip(1);
        for word in words.filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase())) {
            if !explained.contains(&word) {
                wanting.push(format!("{}: {word} is not explained", entry.name));
            }
        }
        if entry.complexity.is_empty() || entry.examples.len() < 2 {
            wanting.push(format!("{}: no complexity, or fewer than two examples", entry.name));
        }
    }
    assert!(wanting.is_empty(), "{}", wanting.join("\n"));
}

#[test]
fn twins_of_data_commands_have_pages_of_their_own() {
    let unknown: Vec<String> = registry::of_model(Model::Kv)
        .iter()
        .filter(|entry| DATA.contains(&entry.group))
        .flat_map(|entry| entry.twins.iter().map(move |twin| (entry.name, *twin)))
        .filter(|(_, twin)| registry::find(twin).is_empty())
        .map(|(name, twin)| format!("{name}: {twin}"))
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
