//! Random statements in random order: after each of them everything that is kept twice agrees, a failed
//! one leaves no trace, and queries answer the same whatever the plan.
//!
//! `TRINE_RANDOM=N` runs N statements that write in each of the tests, `TRINE_SEED=N` others.

use super::generate::{self, Reading};
use super::{Planning, Session, integrity, show};
use crate::graph::mirror::Of;
use crate::graph::store;
use crate::storage::{Options, Store};

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Runs statements that write; `between` is called after each.
fn random_writes(seed: u64, count: u64, mut between: impl FnMut(&mut Session, &mut fastrand::Rng, u64)) {
    let mut rng = fastrand::Rng::with_seed(number("TRINE_SEED", seed));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.redb");
    let mut session = Session::on(&Store::open(&path, Options::default()).unwrap());
    let mut before = integrity::image(&session.tx, 1);
    let mut committed = before.clone();
    let mut statements: Vec<String> = Vec::new();
    let (mut done, mut failed) = (0, 0);
    for step in 0..count {
        let crowded = session.rows("MATCH (n) RETURN count(*)").parse::<u64>().unwrap() > 120;
        let text = generate::write(&mut rng, crowded);
        statements.push(text.clone());
        // Whoever reads the panic wants to know what led there.
        let result = session.run(&text);
        let now = integrity::image(&session.tx, 1);
        match result {
            Ok(_) => done += 1,
            Err(error) => {
                failed += 1;
                assert_ne!(error.code, "InternalError", "{text}: {}", error.message);
                assert_ne!(error.detail.as_deref(), Some("UnexpectedSyntax"), "{text}: {}", error.message);
                assert!(now == before, "step {step}: a trace of a failed statement: {text}\n{}", error.message);
            }
        }
        before = now;
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            integrity::check(&session.tx, 1, &mut session.mirror);
            between(&mut session, &mut rng, step);
        }));
        if let Err(panic) = checked {
            let last = statements.len().saturating_sub(10);
            eprintln!("step {step}, after\n{}", statements[last..].join("\n"));
            std::panic::resume_unwind(panic);
        }
        match rng.u32(..40) {
            0..=2 => {
                session.commit();
                committed.clone_from(&before);
            }
            3 => {
                session.roll_back();
                before = integrity::image(&session.tx, 1);
                assert!(before == committed, "step {step}: rolled back to something else");
            }
            4 => {
                drop(session);
                session = Session::on(&Store::open(&path, Options::default()).unwrap());
                // Stamps are random: no two of them are the same.
                session.rng = rng.fork();
                before = integrity::image(&session.tx, 1);
                assert!(before == committed, "step {step}: reopened as something else");
            }
            _ => {}
        }
    }
    assert!(done > count / 2 && failed > count / 50, "{done} done, {failed} failed of {count}");
}

#[test]
fn everything_kept_twice_agrees() {
    random_writes(11, number("TRINE_RANDOM", 1200), |session, rng, _| {
        // Asks for the mirror now and then, so that it is in step from there on.
        if rng.u32(..8) == 0 {
            have_mirror(session, rng.u32(..2) == 0);
        }
    });
}

/// Has the mirror built; with columns and label sets, if wanted.
fn have_mirror(session: &mut Session, with_data: bool) {
    let tx = &session.tx;
    let stamp = store::stamp(tx, 1).unwrap();
    if !session.mirror.is_in_step(1, stamp) {
        session.mirror.build(tx, 1, stamp).unwrap();
    }
    session.mirror.use_data(store::data_stamp(tx, 1).unwrap());
    for token in 0..8 {
        if with_data {
            session.mirror.read_column(tx, Of::Nodes, token).unwrap();
            session.mirror.read_column(tx, Of::Relationships, token).unwrap();
            session.mirror.read_label(tx, token).unwrap();
        }
    }
}

/// The rows in an order of their own, if the query gives none.
fn answer(session: &mut Session, text: &str) -> Vec<String> {
    let (_, rows, _) = session.run(text).unwrap_or_else(|error| panic!("{text}: {}", error.message));
    let mut lines: Vec<String> = rows.iter().map(|row| row.iter().map(show).collect::<Vec<_>>().join(" | ")).collect();
    let decided = text.split("RETURN").last().is_some_and(|end| end.contains("LIMIT"));
    if !decided {
        lines.sort();
    }
    lines
}

#[test]
fn queries_answer_the_same_whatever_the_plan() {
    random_writes(5, number("TRINE_RANDOM", 400), |session, rng, step| {
        if step % 5 != 4 {
            return;
        }
        for _ in 0..6 {
            let text = Reading::query(rng);
            session.mirror.forget();
            session.planning = Planning::Plain;
            let plain = answer(session, &text);
            session.planning = Planning::Best;
            let plan = session.plan(&text);
            assert_eq!(answer(session, &text), plain, "{text}\n{plan}");
            have_mirror(session, true);
            assert_eq!(answer(session, &text), plain, "with the mirror: {text}\n{plan}");
        }
    });
}
