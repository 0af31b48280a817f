//! Golden scripts: `tests/scripts/*/*.trine`, statements and their expected answers together.
//!
//! ```text
//! # What this file is about.
//! SET a 1
//! ---
//! OK
//!
//! [envelope]
//! db.x.find({
//!   a: 1,
//! })
//! ---
//! {"ok":true,"model":"doc","result":[]}
//! ```
//!
//! A block is: tags in brackets (if any; behind the block's comments), statements, a line `---`, the answers, and a
//! blank line. Answers that hold blank lines are written with `> ` before each line. Comments and
//! blank lines may stand among the statements.
//!
//! * Answers are those of `--output auto` on a terminal, without colour. The tags `[json]`,
//!   `[envelope]`, `[table]` … choose another output mode.
//! * Errors are `error: …`, with the document engine's code or the graph's type, detail and phase before
//!   the message. `[place]` draws them as scripts do: place, caret and hint.
//! * `[+1500ms]` moves the clock on before the block; it stands still otherwise, but for commands that wait.
//! * `[memory]` leaves the second run out, for blocks about what only a running session knows.
//! * Object ids that the statements do not name are written `ObjectId('*')`.
//!
//! Every script runs twice: in memory, and on a file that is closed and opened again after every
//! statement outside of a transaction. Both runs must answer alike. `TRINE_BLESS=1 cargo test --test
//! golden` writes the answers of the first run into the scripts; read the difference before committing it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use trine::lang::scanner::{Scanner, SourceStatement};
use trine::render::{self, Look, Mode, Stopped, envelope};
use trine::reply::{DocReply, Event, Reply};
use trine::session::{Clock, Delivery, Options, Session, Sink};
use trine::storage::{self, Store};
use trine::text::{Diagnostic, Model, report};
use trine::value::ejson;

/// 2024-01-01T00:00:00Z
const START_MS: i64 = 1_704_067_200_000;

macro_rules! rooms {
    ($($room:ident),*) => {
        $(#[test]
        fn $room() {
            run_room(stringify!($room));
        })*
    };
}
rooms!(kv, doc, graph, cross, txn, errors, storage);

#[derive(Clone)]
struct StillClock(Arc<AtomicI64>);

impl Clock for StillClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Whoever waits moves the clock on.
    fn pass(&self, longest: Duration, _wait: &mut dyn FnMut(Duration)) {
        self.0.fetch_add(i64::try_from(longest.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

/// A part of a script.
struct Block {
    /// Tags, statements and the line `---`, verbatim.
    head: String,
    tags: Vec<String>,
    input: String,
    expected: String,
}

fn run_room(room: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(room);
    let mut scripts = Vec::new();
    collect(&folder, &mut scripts);
    scripts.sort();
    let bless = std::env::var_os("TRINE_BLESS").is_some();
    let mut failures = Vec::new();
    for script in scripts {
        if let Err(failure) = run_script(&script, bless) {
            failures.push(format!("{}:\n{failure}", script.strip_prefix(&folder).unwrap_or(&script).display()));
        }
    }
    assert!(failures.is_empty(), "\n{}\n(TRINE_BLESS=1 writes the new answers)", failures.join("\n"));
}

fn collect(folder: &Path, scripts: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, scripts);
        } else if path.extension().is_some_and(|extension| extension == "trine") {
            scripts.push(path);
        }
    }
}

fn run_script(path: &Path, bless: bool) -> Result<(), String> {
    let text = fs::read_to_string(path).unwrap();
    let (blocks, rest) = parse(&text);
    let known_ids = object_ids(&text);
    let in_memory = answers(&blocks, None, &known_ids);
    let folder = tempfile::tempdir().unwrap();
    let on_file = answers(&blocks, Some(&folder.path().join("golden.redb")), &known_ids);
    let mut failures = String::new();
    for ((block, memory), file) in blocks.iter().zip(&in_memory).zip(&on_file) {
        let only_memory = block.tags.iter().any(|tag| tag == "memory");
        if memory != file && !only_memory {
            failures.push_str(&format!(
                "{}in memory:\n{memory}on a file, opened again after each statement:\n{file}\n",
                block.head
            ));
        }
    }
    if bless && failures.is_empty() {
        let mut blessed = String::new();
        for (block, answer) in blocks.iter().zip(&in_memory) {
            blessed.push_str(&block.head);
            blessed.push_str(&quoted(answer));
            blessed.push('\n');
        }
        blessed.push_str(&rest);
        let blessed = format!("{}\n", blessed.trim_end());
        if blessed != text {
            fs::write(path, blessed).unwrap();
        }
        return Ok(());
    }
    for (block, answer) in blocks.iter().zip(&in_memory) {
        if &block.expected != answer {
            failures.push_str(&format!("{}{}", block.head, difference(&block.expected, answer)));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

/// The blocks of a script, and what stands behind the last.
fn parse(text: &str) -> (Vec<Block>, String) {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    loop {
        let mut head = String::new();
        let mut tags = Vec::new();
        let mut input = String::new();
        let mut ended = false;
        for line in lines.by_ref() {
            head.push_str(line);
            head.push('\n');
            if line == "---" {
                ended = true;
                break;
            }
            let only_comments = input.lines().all(|line| line.is_empty() || line.starts_with('#'));
            let is_tags = only_comments && line.starts_with('[') && line.ends_with(']');
            if is_tags {
                tags.extend(line.trim_matches(['[', ']']).split(',').map(|tag| tag.trim().to_owned()));
            } else if !(input.is_empty() && line.is_empty()) {
                input.push_str(line);
                input.push('\n');
            }
        }
        if !ended {
            return (blocks, head);
        }
        let mut expected = String::new();
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            expected.push_str(
                line.strip_prefix("> ").or(line.strip_prefix('>').filter(|rest| rest.is_empty())).unwrap_or(line),
            );
            expected.push('\n');
        }
        blocks.push(Block { head, tags, input, expected });
    }
}

/// Answers with blank lines, or lines that look quoted, get `> ` before each line.
fn quoted(answer: &str) -> String {
    if answer.lines().all(|line| !line.is_empty() && !line.starts_with('>')) {
        return answer.to_owned();
    }
    answer.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n").collect()
}

/// The answers of all blocks; on a file if there is a path.
fn answers(blocks: &[Block], path: Option<&Path>, known_ids: &HashSet<String>) -> Vec<String> {
    let clock = StillClock(Arc::new(AtomicI64::new(START_MS)));
    let options = Options { clock: Box::new(clock.clone()), seed: Some(7), ..Options::default() };
    let open = || match path {
        Some(path) => Store::open(path, storage::Options::default()),
        None => Store::in_memory(storage::Options::default()),
    };
    let mut session = Session::new(open().unwrap(), options);
    let mut all = Vec::new();
    for block in blocks {
        let mut printer = Printer {
            look: Look { terminal: true, ..Look::default() },
            place: false,
            printed: Vec::new(),
            text: Vec::new(),
        };
        for tag in &block.tags {
            if let Some(mode) = Mode::from_name(tag) {
                printer.look.mode = mode;
            } else if let Some(milliseconds) = tag.strip_prefix('+').and_then(|tag| tag.strip_suffix("ms")) {
                clock.0.fetch_add(milliseconds.parse().unwrap(), Ordering::Relaxed);
            } else if tag == "place" {
                printer.place = true;
            } else {
                assert_eq!(tag, "memory", "unknown tag [{tag}]");
            }
        }
        let mut scanner = Scanner::new();
        scanner.push(block.input.as_bytes());
        scanner.finish();
        while let Some(source) = scanner.next_statement() {
            session.run_source(&source, &mut printer);
            session.checkpoint().unwrap();
            if path.is_some() && !session.is_in_transaction() && !session.is_queueing() {
                session.finish().unwrap();
                session.reattach(open).unwrap();
            }
        }
        let text = String::from_utf8_lossy(&printer.text).into_owned();
        all.push(masked(&text, known_ids).lines().map(|line| format!("{}\n", line.trim_end())).collect());
    }
    all
}

struct Printer {
    look: Look,
    place: bool,
    printed: Vec<Event>,
    text: Vec<u8>,
}

impl Printer {
    fn error(&mut self, source: &SourceStatement, error: &Diagnostic, events: &[Event]) {
        if self.look.mode == Mode::Envelope {
            let place = report::place(error, &source.text, source.start);
            return envelope::write_error(&mut self.text, error, Some(place), events, ejson::Mode::Relaxed).unwrap();
        }
        let text = if self.place {
            report::report("script", &source.text, source.start, error)
        } else {
            let kind = match error.model {
                Model::Kv | Model::Shell => String::new(),
                Model::Doc => format!("{}: ", error.code),
                Model::Graph => {
                    let phase = error.phase.map_or("", |phase| phase.name());
                    format!("{}.{} ({phase}): ", error.code, error.detail.as_deref().unwrap_or("-"))
                }
            };
            format!("error: {kind}{}\n", error.message)
        };
        self.text.extend_from_slice(text.as_bytes());
    }
}

impl Sink for Printer {
    fn answer(
        &mut self,
        source: &SourceStatement,
        answer: Result<Reply<'_>, Diagnostic>,
        events: &[Event],
    ) -> Delivery {
        if self.look.mode == Mode::Envelope
            && let Ok(Reply::Doc(DocReply::Printed(printed))) = answer
        {
            self.printed.push(Event::Printed(printed));
            return Delivery::Taken;
        }
        let mut told = std::mem::take(&mut self.printed);
        told.extend_from_slice(events);
        let events = told.as_slice();
        let written = match answer {
            Err(error) => Err(Stopped::Statement(error)),
            Ok(mut reply) => match self.look.mode {
                Mode::Envelope => envelope::write(&mut self.text, &mut reply, events, ejson::Mode::Relaxed),
                _ => render::write(&mut self.text, &mut reply, &self.look).map(drop),
            },
        };
        let delivery = match written {
            Ok(()) => Delivery::Taken,
            Err(Stopped::Output(error)) => panic!("memory cannot be written: {error}"),
            Err(Stopped::Statement(error)) => {
                self.error(source, &error, events);
                Delivery::Failed(error)
            }
        };
        render::write_events(&mut self.text, events, &self.look).unwrap();
        delivery
    }

    fn note(&mut self, text: &str) {
        if self.look.mode != Mode::Envelope {
            self.text.extend_from_slice(format!("{text}\n").as_bytes());
        }
    }
}

/// Runs of exactly 24 hexadecimal digits.
fn object_ids(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 24).map(str::to_owned).collect()
}

fn masked(text: &str, known: &HashSet<String>) -> String {
    let mut masked = text.to_owned();
    for id in object_ids(text) {
        if !known.contains(&id) {
            masked = masked.replace(&id, "*");
        }
    }
    masked
}

fn difference(expected: &str, found: &str) -> String {
    let mark = |sign: char, text: &str| text.lines().map(|line| format!("{sign} {line}\n")).collect::<String>();
    format!("{}{}", mark('-', expected), mark('+', found))
}
