//! The prompt: a person types, trine answers.

mod complete;
mod guard;
mod helper;
mod hint;
mod names;
mod screen;

pub use screen::drawn;

use crate::lang::scanner::{Kind, Scanner, SourceStatement};
use crate::render::{Look, style::Role};
use crate::session::{Delivery, Session};
use crate::value::ejson;
use helper::Shell;
use names::SessionNames;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};
use screen::{Screen, say};
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Statements kept between sessions.
const HISTORY: usize = 10_000;
/// Names another history file.
const HISTORY_VARIABLE: &str = "TRINE_HISTORY";

/// How the prompt behaves.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How answers are written.
    pub look: Look,
    /// How documents are written in the envelope.
    pub ejson: ejson::Mode,
    /// No banner, no remarks.
    pub quiet: bool,
    /// Never ask before something is destroyed.
    pub yes: bool,
    /// Keep what is typed for the next time.
    pub history: bool,
}

type Line = Editor<Shell, FileHistory>;

/// Talks until the user leaves; `reading` is set while the line editor waits for keys. Answers the exit status.
pub fn run(session: Session, options: Options, reading: &AtomicBool) -> u8 {
    let session = Rc::new(RefCell::new(session));
    let width = Rc::new(Cell::new(80));
    let room = Rc::new(Cell::new(70));
    let mut line = match editor(&session, &width, &room, options) {
        Ok(line) => line,
        Err(error) => {
            complain(format_args!("trine: the terminal cannot be used: {error}"));
            return 2;
        }
    };
    let history = history_file(options.history);
    if let Some(path) = &history {
        // No history yet is no error.
        let _ = line.load_history(path);
    }
    let mut screen = Screen::new(options.look, options.ejson, options.quiet);
    banner(&screen, &session.borrow());
    let mut warned = false;
    loop {
        if let Some(columns) = columns(&mut line) {
            width.set(usize::from(columns));
            screen.look.width = Some(columns);
        }
        let prompt = prompt(&session.borrow());
        room.set(width.get().saturating_sub(prompt.len() + 1));
        reading.store(true, Ordering::Relaxed);
        let read = line.readline(&prompt);
        reading.store(false, Ordering::Relaxed);
        let typed = match read {
            Ok(typed) => typed,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) if session.borrow().is_in_transaction() && !warned => {
                screen.remark("a transaction is open: COMMIT keeps it; Ctrl-D once more rolls it back and leaves");
                warned = true;
                continue;
            }
            Err(ReadlineError::Eof) => break,
            Err(ReadlineError::Signal(_)) => continue,
            Err(error) => {
                complain(format_args!("trine: {error}"));
                break;
            }
        };
        warned = false;
        if typed.trim().is_empty() {
            continue;
        }
        remember(&mut line, history.as_deref(), &typed);
        if !run_typed(&session, &mut screen, &typed, options) || session.borrow().is_leaving() {
            break;
        }
    }
    match session.borrow_mut().finish() {
        Ok(warning) => {
            if let Some(warning) = warning {
                complain(format_args!("{warning}"));
            }
            0
        }
        Err(error) => {
            complain(format_args!("trine: {error}"));
            1
        }
    }
}

fn editor(
    session: &Rc<RefCell<Session>>,
    width: &Rc<Cell<usize>>,
    room: &Rc<Cell<usize>>,
    options: Options,
) -> rustyline::Result<Line> {
    let colour = options.look.painter.enabled();
    let config = Config::builder()
        .max_history_size(HISTORY)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(if colour { ColorMode::Forced } else { ColorMode::Disabled })
        .build();
    let mut line = Editor::with_config(config)?;
    line.set_helper(Some(Shell {
        names: SessionNames(Rc::clone(session)),
        painter: options.look.painter,
        hints: !options.look.plain,
        width: Rc::clone(width),
        room: Rc::clone(room),
    }));
    Ok(line)
}

/// A line on standard error, if anybody reads it.
fn complain(text: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn columns(line: &mut Line) -> Option<u16> {
    let (columns, _) = line.dimensions()?;
    (columns > 0).then_some(columns)
}

/// `trine> `, `trine:campus[3](tx)> `: the database and keyspace if they are not the first ones, and
/// whether something is open.
pub fn prompt(session: &Session) -> String {
    let mut prompt = "trine".to_owned();
    if session.database() != "test" {
        prompt.push(':');
        prompt.push_str(&crate::render::sanitize::one_line(session.database()));
    }
    if session.keyspace() != 0 {
        prompt.push_str(&format!("[{}]", session.keyspace()));
    }
    if session.is_queueing() {
        prompt.push_str("(multi)");
    } else if session.is_in_transaction() {
        prompt.push_str("(tx)");
    }
    prompt.push_str("> ");
    prompt
}

fn banner(screen: &Screen, session: &Session) {
    if screen.quiet {
        return;
    }
    let place = match session.store().path() {
        Some(path) => path.display().to_string(),
        None => "a database in memory, gone when you leave".to_owned(),
    };
    let painter = screen.look.painter;
    say(&format!("{} {} · {place}", painter.paint(Role::Heading, "trine"), env!("CARGO_PKG_VERSION")));
    screen.remark("Redis commands, mongosh calls, Cypher queries · help explains · Tab completes");
}

/// Where what is typed is kept.
fn history_file(wanted: bool) -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    if !wanted {
        return None;
    }
    let path = match std::env::var_os(HISTORY_VARIABLE) {
        Some(path) if path.is_empty() => return None,
        Some(path) => PathBuf::from(path),
        None => etcetera::choose_base_strategy().ok()?.data_dir().join("trine").join("history.txt"),
    };
    std::fs::create_dir_all(path.parent()?).ok()?;
    Some(path)
}

fn remember(line: &mut Line, path: Option<&std::path::Path>, typed: &str) {
    if let Ok(true) = line.add_history_entry(typed.trim_end())
        && let Some(path) = path
    {
        // A history that cannot be written must not stop the shell.
        let _ = line.append_history(path);
    }
}

/// Runs what was typed; false if nobody reads the answers any more.
fn run_typed(session: &Rc<RefCell<Session>>, screen: &mut Screen, typed: &str, options: Options) -> bool {
    let mut scanner = Scanner::new();
    scanner.push(typed.as_bytes());
    scanner.finish();
    while let Some(source) = scanner.next_statement() {
        match bare_word(&source).as_deref() {
            Some("it") if screen.more() => continue,
            Some("cls" | ":cls" | ":clear") => {
                ask("\x1b[2J\x1b[3J\x1b[H");
                continue;
            }
            _ => {}
        }
        if !options.yes
            && let Some(what) = guard::danger(&source)
            && !confirmed(&what)
        {
            screen.remark("nothing was done");
            continue;
        }
        let started = Instant::now();
        let mut session = session.borrow_mut();
        let delivery = session.run_source(&source, screen);
        if let Err(error) = session.checkpoint() {
            screen.error(&source, &error, &[]);
        }
        screen.time(started.elapsed());
        if delivery == Delivery::Closed {
            return false;
        }
        if session.is_leaving() {
            return true;
        }
    }
    true
}

/// The statement if it is one short word, in lower case.
fn bare_word(source: &SourceStatement) -> Option<String> {
    if !matches!(source.kind, Kind::Doc | Kind::Directive) || source.text.len() > 8 {
        return None;
    }
    Some(std::str::from_utf8(&source.text).ok()?.trim().to_ascii_lowercase())
}

/// Text without a line end.
fn ask(text: &str) {
    let mut out = io::stdout();
    // Like `say`: a terminal that is gone leaves nobody to tell.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Asks; only a plain yes is one.
fn confirmed(what: &str) -> bool {
    ask(&format!("This removes {what}. Go on? [y/N] "));
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
