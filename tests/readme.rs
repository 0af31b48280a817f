//! The README tells the truth: its session at the prompt is run and compared, its options are those of
//! `trine --help`, and its first commands are those that `.ci/run` runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

mod program;

use program::run;
use std::fs;
use std::path::{Path, PathBuf};
use trine::lang::scanner::{SourceStatement, Status, status};
use trine::render::style::Painter;
use trine::render::{Look, Stopped, write, write_events};
use trine::reply::{Event, Reply};
use trine::session::{Delivery, Options, Session, Sink};
use trine::shell;
use trine::storage::Store;
use trine::text::Diagnostic;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The first fenced block of this kind behind a heading (or from the top).
fn block(readme: &str, heading: &str, fence: &str) -> String {
    let behind = readme.split_once(heading).unwrap().1;
    let inside = behind.split_once(&format!("```{fence}\n")).unwrap().1;
    inside.split_once("```\n").unwrap().0.to_owned()
}

/// A terminal of 90 columns that keeps what is written.
struct Paper {
    look: Look,
    text: Vec<u8>,
}

impl Sink for Paper {
    fn answer(
        &mut self,
        source: &SourceStatement,
        answer: Result<Reply<'_>, Diagnostic>,
        events: &[Event],
    ) -> Delivery {
        let written = match answer {
            Ok(mut reply) => write(&mut self.text, &mut reply, &self.look)
                .and_then(|_| write_events(&mut self.text, events, &self.look)),
            Err(error) => Err(Stopped::Statement(error)),
        };
        match written {
            Ok(()) => {}
            Err(Stopped::Statement(error)) => {
                self.text.extend_from_slice(shell::drawn(source, &error, Painter::default()).as_bytes());
            }
            Err(Stopped::Output(error)) => panic!("{error}"),
        }
        Delivery::Taken
    }

    fn note(&mut self, text: &str) {
        self.text.extend_from_slice(format!("{text}\n").as_bytes());
    }
}

/// What the session of the README would look like today.
fn replayed(shown: &str) -> String {
    let mut session = Session::new(Store::in_memory(Default::default()).unwrap(), Options::default());
    let look = Look { terminal: true, width: Some(90), ..Look::default() };
    let mut paper = Paper { look, text: Vec::new() };
    let mut lines = shown.lines();
    while let Some(line) = lines.next() {
        // Everything else is an answer, which is made again.
        let Some((_, typed)) = line.split_once("> ").filter(|(before, _)| before.starts_with("trine")) else {
            continue;
        };
        let mut typed = typed.to_owned();
        while !matches!(status(&typed), Status::Complete) {
            typed.push('\n');
            typed.push_str(lines.next().expect("a whole statement"));
        }
        paper.text.extend_from_slice(format!("{}{typed}\n", shell::prompt(&session)).as_bytes());
        session.run(&typed, &mut paper).unwrap();
    }
    String::from_utf8(paper.text).unwrap()
}

#[test]
fn the_minute_at_the_prompt_is_what_the_prompt_shows() {
    let readme = read("README.md");
    let shown = block(&readme, "## A minute at the prompt", "console");
    assert!(shown.lines().filter(|line| line.starts_with("trine")).count() > 5);
    let today = replayed(&shown);
    // Blanks at the end of a line are not seen.
    assert!(
        shown.lines().map(str::trim_end).eq(today.lines().map(str::trim_end)),
        "the README shows\n\n{shown}\nbut it is\n\n{today}"
    );
}

#[test]
fn every_option_of_the_readme_exists() {
    let help = run(&["--help"]);
    assert_eq!((help.status, help.err.as_str()), (0, ""));
    let help = help.out;
    let usage = block(&read("README.md"), "## Using it", "text");
    let mut options = 0;
    for line in usage.lines().filter(|line| line.trim_start().starts_with('-')) {
        for word in line.split_whitespace().take_while(|word| word.starts_with('-')) {
            let word = word.trim_end_matches(',');
            assert!(
                help.split(|c: char| c.is_whitespace() || c == ',').any(|known| known == word),
                "{word} is not in --help"
            );
            options += 1;
        }
    }
    assert!(options >= 10, "{options}");
    let modes = usage.lines().find(|line| line.contains("--output")).unwrap();
    for mode in modes.split("MODE").nth(1).unwrap().split('|').map(str::trim) {
        assert!(help.contains(mode), "the mode {mode} is not in --help");
    }
}

#[test]
fn the_first_commands_are_those_of_ci() {
    let readme = read("README.md");
    let first = block(&readme, "# trine", "sh");
    let commands: Vec<&str> = first.lines().collect();
    let [main, tests] = commands[..] else { panic!("two commands, got {commands:?}") };
    let ci = read(".ci/run");
    assert!(ci.contains("$(readme_command 1)") && ci.contains("$(readme_command 2)"));
    // What .ci/run puts its scratch folder in front of.
    assert!(ci.contains("${command/campus.redb/") && main.contains(" campus.redb "));
    assert!(main.starts_with("cargo run --release -- "));
    assert!(tests.starts_with("cargo test"));
    let script = main.split_whitespace().skip_while(|word| *word != "-f").nth(1).unwrap();
    assert!(Path::new(&root().join(script)).exists(), "{script}");
}
