//! Every script of `examples/` through the real binary, in memory and on a file, against the answers in
//! `tests/examples/`. `TRINE_BLESS=1 cargo test --test examples` writes them: read the difference before
//! committing it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

mod program;

use program::run;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn scripts() -> Vec<PathBuf> {
    let mut scripts = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "trine") {
                scripts.push(path);
            }
        }
    }
    scripts.sort();
    assert!(!scripts.is_empty());
    scripts
}

/// The answers to `examples/doc/shop.trine` lie in `tests/examples/doc/shop.out`.
fn blessed(script: &Path) -> PathBuf {
    let name = script.strip_prefix(folder()).unwrap();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples").join(name).with_extension("out")
}

#[test]
fn examples_answer_as_blessed_in_memory_and_on_a_file() {
    let bless = std::env::var_os("TRINE_BLESS").is_some();
    for script in scripts() {
        let path = script.to_str().unwrap();
        let memory = run(&["-f", path]);
        assert_eq!((memory.status, memory.err.as_str()), (0, ""), "{path}");
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("example.redb");
        let file = run(&[database.to_str().unwrap(), "-f", path]);
        assert_eq!((file.status, file.err.as_str()), (0, ""), "{path} on a file");
        assert_eq!(memory.out, file.out, "{path}: memory and file must answer alike");
        let blessed = blessed(&script);
        if bless {
            fs::create_dir_all(blessed.parent().unwrap()).unwrap();
            fs::write(&blessed, &memory.out).unwrap();
        }
        let expected = fs::read_to_string(&blessed).unwrap_or_default();
        assert_eq!(expected, memory.out, "{path}: TRINE_BLESS=1 writes {}", blessed.display());
    }
}

#[test]
fn blessed_answers_hold_nothing_that_differs_from_run_to_run() {
    for script in scripts() {
        let answers = fs::read_to_string(blessed(&script)).unwrap();
        assert!(!answers.contains("ObjectId("), "{}", script.display());
        assert!(!answers.contains("ISODate("), "{}", script.display());
    }
}
