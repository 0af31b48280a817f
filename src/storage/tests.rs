//! Storage against a plain ordered map, and every way a path can be wrong.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

const A: Space = Space::named("a");
const B: Space = Space::numbered("b", 1);

type Model = BTreeMap<(Space, Vec<u8>), Vec<u8>>;

#[derive(Debug, Clone)]
enum Step {
    Put(Space, Vec<u8>, Vec<u8>),
    Delete(Space, Vec<u8>),
    Drop(Space),
    EndStatement,
    RollbackStatement,
    Spill,
    Commit,
    RollbackAll,
}

fn step() -> impl Strategy<Value = Step> {
    let space = prop_oneof![Just(A), Just(B)];
    let key = prop::collection::vec(0u8..4, 0..3);
    let value = prop::collection::vec(any::<u8>(), 0..4);
    prop_oneof![
        8 => (space.clone(), key.clone(), value).prop_map(|(s, k, v)| Step::Put(s, k, v)),
        4 => (space.clone(), key).prop_map(|(s, k)| Step::Delete(s, k)),
        1 => space.prop_map(Step::Drop),
        3 => Just(Step::EndStatement),
        2 => Just(Step::RollbackStatement),
        1 => Just(Step::Spill),
        1 => Just(Step::Commit),
        1 => Just(Step::RollbackAll),
    ]
}

fn rows(tx: &dyn Read, space: Space, direction: Direction) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    tx.scan(space, &KeyRange::all(), direction, &mut |key, value| {
        // Reading inside a scan is allowed.
        assert_eq!(tx.get(space, key).unwrap().as_deref(), Some(value));
        rows.push((key.to_vec(), value.to_vec()));
        Ok(std::ops::ControlFlow::Continue(()))
    })
    .unwrap();
    rows
}

fn assert_same(tx: &dyn Read, model: &Model) {
    for space in [A, B] {
        let expected: Vec<_> =
            model.iter().filter(|((s, _), _)| *s == space).map(|((_, k), v)| (k.clone(), v.clone())).collect();
        assert_eq!(rows(tx, space, Direction::Forward), expected);
        let mut backward = rows(tx, space, Direction::Backward);
        backward.reverse();
        assert_eq!(backward, expected);
        let mut cursor = Cursor::new(space, KeyRange::prefix(&[1]), Direction::Forward);
        let mut from_cursor = Vec::new();
        while let Some(row) = cursor.next(tx).unwrap() {
            from_cursor.push(row);
        }
        assert_eq!(from_cursor, expected.iter().filter(|(k, _)| k.starts_with(&[1])).cloned().collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_transaction_is_an_ordered_map_with_undo(steps in prop::collection::vec(step(), 1..60)) {
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let (mut committed, mut ended, mut now) = (Model::new(), Model::new(), Model::new());
        for step in steps {
            match step {
                Step::Put(space, key, value) => {
                    tx.put(space, &key, &value).unwrap();
                    now.insert((space, key), value);
                }
                Step::Delete(space, key) => {
                    tx.delete(space, &key).unwrap();
                    now.remove(&(space, key));
                }
                Step::Drop(space) => {
                    tx.drop_space(space).unwrap();
                    now.retain(|(s, _), _| *s != space);
                }
                Step::EndStatement => {
                    tx.end_statement().unwrap();
                    ended = now.clone();
                }
                Step::RollbackStatement => {
                    tx.rollback_statement();
                    now = ended.clone();
                }
                Step::Spill => {
                    tx.end_statement().unwrap();
                    tx.spill_now().unwrap();
                    ended = now.clone();
                }
                Step::Commit => {
                    tx.end_statement().unwrap();
                    tx.commit(Durability::Eventual).unwrap();
                    tx = store.begin().unwrap();
                    ended = now.clone();
                    committed = now.clone();
                }
                Step::RollbackAll => {
                    drop(tx);
                    tx = store.begin().unwrap();
                    now = committed.clone();
                    ended = committed.clone();
                }
            }
            assert_same(&tx, &now);
        }
    }
}

#[test]
fn an_inner_mark_undoes_only_what_came_after_it() {
    let store = Store::in_memory(Options::default()).unwrap();
    let mut tx = store.begin().unwrap();
    tx.put(A, b"k", b"1").unwrap();
    let mark = tx.mark();
    tx.put(A, b"k", b"2").unwrap();
    tx.put(A, b"l", b"2").unwrap();
    tx.rollback_to(mark);
    assert_eq!(rows(&tx, A, Direction::Forward), vec![(b"k".to_vec(), b"1".to_vec())]);
}

#[test]
fn rows_dense_or_sparse_among_old_ones_reach_the_file() {
    let store = Store::in_memory(Options::default()).unwrap();
    let mut rng = fastrand::Rng::with_seed(5);
    let mut model = BTreeMap::new();
    // How many rows each commit writes, and among how many keys.
    for (count, keys) in [(3_000, 100_000), (9_000, 100_000), (50, 100_000), (6_000, 7_000), (4_000, 1_000_000)] {
        let mut tx = store.begin().unwrap();
        for _ in 0..count {
            let key = rng.u32(..keys).to_be_bytes();
            if rng.u8(..4) == 0 {
                tx.delete(A, &key).unwrap();
                model.remove(key.as_slice());
            } else {
                let value = vec![rng.u8(..); rng.usize(..40)];
                tx.put(A, &key, &value).unwrap();
                model.insert(key.to_vec(), value);
            }
        }
        tx.end_statement().unwrap();
        tx.commit(Durability::Eventual).unwrap();
        let tx = store.begin().unwrap();
        assert_eq!(rows(&tx, A, Direction::Forward), model.clone().into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn committed_rows_are_there_after_reopening_and_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.redb");
    let store = Store::open(&path, Options::default()).unwrap();
    let mut tx = store.begin().unwrap();
    tx.put(A, b"k", b"1").unwrap();
    tx.commit(Durability::Immediate).unwrap();
    let mut tx = store.begin().unwrap();
    tx.put(A, b"k", b"2").unwrap();
    drop(tx);
    drop(store);
    let store = Store::open(&path, Options { read_only: true, ..Options::default() }).unwrap();
    let mut tx = store.begin().unwrap();
    assert_eq!(tx.get(A, b"k").unwrap(), Some(b"1".to_vec()));
    assert!(matches!(tx.put(A, b"k", b"3"), Err(Error::ReadOnly)));
}

#[test]
fn a_second_writer_waits_in_vain_and_a_stale_snapshot_conflicts() {
    let options = Options { writer_wait: std::time::Duration::ZERO, ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    let (mut first, mut second) = (store.begin().unwrap(), store.begin().unwrap());
    first.put(A, b"k", b"1").unwrap();
    assert!(matches!(second.put(A, b"k", b"2"), Err(Error::Busy(0))));
    assert_eq!(second.get(A, b"k").unwrap(), None, "an uncommitted row is not seen elsewhere");
    first.commit(Durability::Immediate).unwrap();
    assert!(matches!(second.put(A, b"k", b"2"), Err(Error::Conflict)));
    let mut third = store.begin().unwrap();
    assert_eq!(third.get(A, b"k").unwrap(), Some(b"1".to_vec()));
    third.put(A, b"k", b"3").unwrap();
}

#[test]
fn an_interrupt_stops_reading_and_writing() {
    let store = Store::in_memory(Options::default()).unwrap();
    let mut tx = store.begin().unwrap();
    store.interrupt().store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(tx.get(A, b"k"), Err(Error::Interrupted)));
    assert!(matches!(tx.put(A, b"k", b"1"), Err(Error::Interrupted)));
}

#[test]
fn numbers_of_a_counter_grow_and_survive() {
    let store = Store::in_memory(Options::default()).unwrap();
    let mut tx = store.begin().unwrap();
    assert_eq!(Catalog::next_number(&mut tx, "n").unwrap(), 1);
    assert_eq!(Catalog::reserve_numbers(&mut tx, "n", 10).unwrap(), 2);
    tx.commit(Durability::Immediate).unwrap();
    let mut tx = store.begin().unwrap();
    assert_eq!(Catalog::next_number(&mut tx, "n").unwrap(), 12);
    let id = Catalog::database_or_create(&mut tx, "test").unwrap();
    assert_eq!(Catalog::database_or_create(&mut tx, "test").unwrap(), id);
    assert_eq!(Catalog::databases(&tx).unwrap(), vec![("test".to_owned(), id)]);
}

fn refusal(path: &Path, read_only: bool) -> OpenError {
    match Store::open(path, Options { read_only, ..Options::default() }) {
        Ok(_) => panic!("{path:?} was opened"),
        Err(error) => error,
    }
}

#[test]
fn every_wrong_path_has_its_own_error() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(matches!(refusal(folder.path(), false), OpenError::Directory(_)));
    assert!(matches!(refusal(&at("missing"), true), OpenError::Missing(_)));
    assert!(matches!(refusal(&at("no/folder"), false), OpenError::NoFolder(_)));
    std::fs::write(at("empty"), b"").unwrap();
    assert!(matches!(refusal(&at("empty"), false), OpenError::Empty(_)));
    assert!(matches!(refusal(&at("empty"), true), OpenError::Empty(_)));
    for (name, bytes) in [("text", b"hello".repeat(10)), ("long", b"hello".repeat(10_000))] {
        std::fs::write(at(name), bytes).unwrap();
        assert!(matches!(refusal(&at(name), false), OpenError::NotADatabase(_)), "{name}");
        assert!(matches!(refusal(&at(name), true), OpenError::NotADatabase(_)), "{name}");
    }
    drop(redb::Database::create(at("foreign")).unwrap());
    assert!(matches!(refusal(&at("foreign"), false), OpenError::Foreign(_)));
    let newer = redb::Database::create(at("newer")).unwrap();
    let txn = newer.begin_write().unwrap();
    txn.open_table(redb::TableDefinition::<&[u8], &[u8]>::new("meta"))
        .unwrap()
        .insert(b"format".as_slice(), 99u32.to_be_bytes().as_slice())
        .unwrap();
    txn.commit().unwrap();
    drop(newer);
    assert!(matches!(refusal(&at("newer"), false), OpenError::NewerFormat { found: 99, .. }));
    let held = Store::open(&at("held"), Options::default()).unwrap();
    assert!(matches!(refusal(&at("held"), false), OpenError::Locked(..)));
    drop(held);
}

#[test]
fn scans_over_many_removed_rows_miss_nothing() {
    let store = Store::in_memory(Options::default()).unwrap();
    let mut rng = fastrand::Rng::with_seed(11);
    let key = |n: u16| n.to_be_bytes().to_vec();
    let mut model: BTreeMap<Vec<u8>, Vec<u8>> = (0..600).map(|n| (key(n), vec![1])).collect();
    let mut tx = store.begin().unwrap();
    for (key, value) in &model {
        tx.put(A, key, value).unwrap();
    }
    tx.end_statement().unwrap();
    tx.commit(Durability::Eventual).unwrap();
    let mut tx = store.begin().unwrap();
    for _ in 0..400 {
        // A stretch is removed, a few rows come back, and now and then all of it is undone.
        let before = model.clone();
        let start = rng.u16(..600);
        for n in start..start + rng.u16(1..120) {
            tx.delete(A, &key(n)).unwrap();
            model.remove(&key(n));
        }
        for _ in 0..rng.u8(..4) {
            let n = rng.u16(..700);
            tx.put(A, &key(n), &[2]).unwrap();
            model.insert(key(n), vec![2]);
        }
        let mut bound = |n: u16| match rng.u8(..3) {
            0 => Bound::Included(key(n)),
            1 => Bound::Excluded(key(n)),
            _ => Bound::Unbounded,
        };
        let range = KeyRange { start: bound(start.saturating_sub(20)), end: bound(start + 90) };
        let mut expected: Vec<_> = model.range::<Vec<u8>, _>((range.start.clone(), range.end.clone())).collect();
        for direction in [Direction::Forward, Direction::Backward] {
            let mut found = Vec::new();
            // Twice: the second scan knows what the first one saw.
            for _ in 0..2 {
                found.clear();
                tx.scan(A, &range, direction, &mut |key, value| {
                    found.push((key.to_vec(), value.to_vec()));
                    Ok(ControlFlow::Continue(()))
                })
                .unwrap();
                assert!(found.iter().map(|(key, value)| (key, value)).eq(expected.iter().copied()));
            }
            expected.reverse();
        }
        match rng.u8(..8) {
            0 => {
                tx.rollback_statement();
                model = before;
            }
            1 => tx.spill_now().unwrap(),
            _ => {}
        }
        tx.end_statement().unwrap();
        assert_eq!(rows(&tx, A, Direction::Forward), model.clone().into_iter().collect::<Vec<_>>());
    }
}
