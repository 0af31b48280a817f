//! The walls between the rooms: which room may name which, read from the source.
//!
//! Every `crate::room` under `src/` is an arrow from the file's own room; code under `#[cfg(test)]` and
//! files named `tests.rs` or `testing.rs` are left out. The arrows allowed are listed here and nowhere else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Room and what it may name, from the ground floor up; siblings never name each other.
const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("value", &["text"]),
    ("storage", &["text"]),
    ("ast", &["text", "value"]),
    ("reply", &["text", "value"]),
    ("exchange", &["text", "reply"]),
    ("lang", &["text", "value", "ast"]),
    ("script", &["text", "value", "ast", "reply"]),
    ("lua", &["reply"]),
    ("kv", &["text", "value", "storage", "ast", "reply", "exchange", "lua"]),
    ("doc", &["text", "value", "storage", "ast", "reply", "exchange", "script"]),
    ("graph", &["text", "value", "storage", "ast", "reply"]),
    ("render", &["text", "value", "ast", "reply"]),
    ("help", &["text", "value", "ast", "reply", "lang"]),
    (
        "session",
        &["text", "value", "storage", "ast", "reply", "exchange", "lang", "script", "kv", "doc", "graph", "help"],
    ),
    ("shell", &["text", "value", "storage", "ast", "reply", "lang", "kv", "doc", "graph", "render", "help", "session"]),
    ("batch", &["text", "value", "ast", "reply", "lang", "render", "session"]),
    ("import", &["text", "value", "session"]),
    ("cli", &["text", "value", "storage", "render", "session", "shell", "batch", "import"]),
    ("main", &["cli"]),
];

/// Crates that belong to one room.
const OWNERS: &[(&str, &[&str])] = &[
    ("redb", &["storage"]),
    ("comfy_table", &["render"]),
    ("owo_colors", &["render"]),
    ("petgraph", &["graph"]),
    ("rustyline", &["shell"]),
    ("clap", &["cli"]),
    ("nom", &["lang"]),
    ("mlua", &["lua"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file without comments and test modules, and the room it belongs to.
fn code(path: &Path) -> Option<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(&root).unwrap();
    let file = inside.file_name()?.to_str()?;
    if matches!(file, "lib.rs" | "tests.rs" | "testing.rs") || inside.iter().any(|part| part == "tests") {
        return None;
    }
    let room = inside.iter().next()?.to_str()?.trim_end_matches(".rs").to_owned();
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    Some((room, code))
}

/// The names that follow `prefix` in a text: `crate::a`, and each of `crate::{a, b::c}`.
fn named(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = code;
    while let Some(at) = rest.find(prefix) {
        let before = rest[..at].chars().next_back();
        rest = &rest[at + prefix.len()..];
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let word = |text: &str| {
            text.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default().to_owned()
        };
        match rest.strip_prefix('{') {
            None => {
                names.insert(word(rest));
            }
            Some(group) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.insert(word(&item));
                            item.clear();
                            continue;
                        }
                        _ => {}
                    }
                    item.push(c);
                }
                names.insert(word(&item));
            }
        }
    }
    names.remove("");
    names
}

#[test]
fn rooms_name_only_what_lies_below_them() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20);
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in files {
        let Some((room, code)) = code(&path) else { continue };
        let Some(arrows) = allowed.get(room.as_str()) else {
            wrong.push(format!("{}: a room without a place in the list of arrows", path.display()));
            continue;
        };
        for name in named(&code, "crate::") {
            let is_macro = !allowed.contains_key(name.as_str());
            if name != room && !is_macro && !arrows.contains(&name.as_str()) {
                wrong.push(format!("{}: {room} names {name}", path.display()));
            }
        }
        for (library, owners) in OWNERS {
            if !owners.contains(&room.as_str()) && code.contains(&format!("{library}::")) {
                wrong.push(format!("{}: {library} belongs to {}", path.display(), owners.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn groups_of_names_are_read() {
    let code = "use crate::text::{Span, Model};\nuse crate::{ast::{self, doc}, value};\nlet x = crate::storage::META; mycrate::no";
    let names: Vec<String> = named(code, "crate::").into_iter().collect();
    assert_eq!(names, ["ast", "storage", "text", "value"]);
}
