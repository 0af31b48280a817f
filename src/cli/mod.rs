//! The command line: what was typed, and which face answers.

mod import;

use crate::batch::{self, End, Source};
use crate::render::style::ColorChoice;
use crate::render::{Look, Mode};
use crate::session::{Durability, Options, Session};
use crate::shell;
use crate::storage::{self, Store, Watcher};
use crate::text::progress::{Progress, share};
use crate::value::ejson;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The database could not be opened.
const NOT_OPENED: u8 = 3;
/// Wrong usage.
const USAGE: u8 = 2;

/// One shell, three database languages, one file: Redis commands, mongosh calls and Cypher queries.
#[derive(Debug, Parser)]
#[command(name = "trine", version, max_term_width = 100, after_help = AFTER_HELP)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Option<Task>,
    /// The database file, made if it is missing; without one: a database in memory
    #[arg(value_name = "DATABASE")]
    database: Option<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    /// How answers are written
    #[arg(short, long, value_name = "MODE", default_value = "auto", value_parser = mode_parser())]
    output: String,
    /// How documents are written in the envelope
    #[arg(long, value_name = "FORM", default_value = "relaxed")]
    ejson: Ejson,
    /// Go on after a failed statement (the exit status still tells)
    #[arg(long)]
    keep_going: bool,
    /// All statements of this run in one transaction, or none
    #[arg(long)]
    transaction: bool,
    /// When statements are on disk [default: statement at the prompt, group in scripts]
    #[arg(long, value_name = "MODE")]
    durability: Option<When>,
    /// Refuse writes
    #[arg(long)]
    read_only: bool,
    /// Set a variable: a value of the graph language, or else plain text (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    param: Vec<(String, String)>,
    /// When there is colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// No boxes and no colour, for screen readers and dumb terminals
    #[arg(long)]
    plain: bool,
    /// No remarks, only answers and errors
    #[arg(short, long)]
    quiet: bool,
    /// More remarks
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// Answer yes to every question
    #[arg(short, long)]
    yes: bool,
    /// Do not keep what is typed at the prompt
    #[arg(long)]
    no_history: bool,
}

/// What is done instead of running statements; `./import` opens a file of that name.
#[derive(Debug, Subcommand)]
enum Task {
    Import(import::Import),
}

const AFTER_HELP: &str = "\
Without -e and -f, statements are read from standard input: typed at a prompt, or piped.

Exit status: 0 all well, 1 a statement failed, 2 wrong usage, 3 the database could not be opened,
130 interrupted.";

/// `-e` and `-f`, in the order given.
#[derive(Debug, Args)]
struct Sources {
    /// Run statements, then leave (repeatable, mixed with -f)
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    eval: Vec<String>,
    /// Run a script, then leave (repeatable; - is standard input)
    #[arg(short, long, value_name = "SCRIPT", allow_hyphen_values = true)]
    file: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Ejson {
    Relaxed,
    Canonical,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    /// Each statement before it is answered
    Statement,
    /// In groups of a second or less
    Group,
    /// At the end
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn mode_parser() -> clap::builder::PossibleValuesParser {
    Mode::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().into()
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// The sources in the order in which they were given.
fn in_order(matches: &ArgMatches, sources: Sources) -> Vec<Source> {
    let indexes = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
    let texts = indexes("eval").into_iter().zip(sources.eval.into_iter().map(Source::Text));
    let files =
        sources.file.into_iter().map(|path| if path == Path::new("-") { Source::Stdin } else { Source::File(path) });
    let mut all: Vec<(usize, Source)> = texts.chain(indexes("file").into_iter().zip(files)).collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, source)| source).collect()
}

/// Runs the program with these arguments, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = Cli::command().try_get_matches_from(arguments).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches)?;
        Ok((matches, cli))
    });
    match parsed {
        Ok((_, Cli { task: Some(Task::Import(arguments)), .. })) => ExitCode::from(import::run(&arguments)),
        Ok((matches, cli)) => ExitCode::from(run(&matches, cli)),
        Err(error) => {
            // A closed pipe while help is printed is no error.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
        }
    }
}

fn run(matches: &ArgMatches, cli: Cli) -> u8 {
    let mut sources = in_order(matches, cli.sources);
    let prompt = sources.is_empty() && io::stdin().is_terminal();
    if sources.is_empty() && !prompt {
        sources.push(Source::Stdin);
    }
    let store = match open(cli.database.as_deref(), cli.read_only) {
        Ok(store) => store,
        Err(error) => {
            eprintln!("trine: {error}");
            return NOT_OPENED;
        }
    };
    let reading = Arc::new(AtomicBool::new(false));
    let interrupted = listen(&store, &reading);
    let durability = match cli.durability {
        Some(When::Statement) => Durability::Statement,
        Some(When::Group) => Durability::Group,
        Some(When::None) => Durability::None,
        None if prompt => Durability::Statement,
        None => Durability::Group,
    };
    let mut session =
        Session::new(store, Options { durability, one_transaction: cli.transaction, ..Options::default() });
    for (name, value) in &cli.param {
        session.set_parameter(name, value);
    }
    let terminal = io::stdout().is_terminal();
    let color = match cli.color {
        _ if cli.plain => ColorChoice::Never,
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let look = Look {
        mode: Mode::from_name(&cli.output).unwrap_or_default(),
        terminal,
        painter: color.decide(terminal, |name| std::env::var(name).ok()),
        plain: cli.plain,
        ..Look::default()
    };
    let ejson = match cli.ejson {
        Ejson::Relaxed => ejson::Mode::Relaxed,
        Ejson::Canonical => ejson::Mode::Canonical,
    };
    if prompt {
        let options = shell::Options { look, ejson, quiet: cli.quiet, yes: cli.yes, history: !cli.no_history };
        return shell::run(session, options, &reading);
    }
    let options = batch::Options {
        look,
        ejson,
        keep_going: cli.keep_going,
        one_transaction: cli.transaction,
        quiet: cli.quiet,
        interrupted,
    };
    let end: End = batch::run(&mut session, &sources, &options, &mut io::stdout(), &mut io::stderr());
    end.status()
}

/// Notices Ctrl-C: the running statement stops, and the flag that is answered is set. While `reading`, the program
/// leaves at once.
fn listen(store: &Store, reading: &Arc<AtomicBool>) -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let (flag, statement, idle) = (Arc::clone(&interrupted), store.interrupt(), Arc::clone(reading));
    let listening = ctrlc::set_handler(move || {
        if idle.load(Ordering::Relaxed) {
            // The line editor takes Ctrl-C as a key: this came from outside, and asks the program to leave.
            std::process::exit(i32::from(End::Interrupted.status()));
        }
        flag.store(true, Ordering::Relaxed);
        statement.store(true, Ordering::Relaxed);
    });
    if let Err(error) = listening {
        eprintln!("trine: Ctrl-C will not be noticed: {error}");
    }
    interrupted
}

/// The line that shows how far a long statement is.
#[derive(Default)]
struct Line(Mutex<Option<Progress>>);

impl Line {
    fn progress(&self) -> MutexGuard<'_, Option<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Line {
    fn at(&self, what: &str, done: u64, of: u64, things: &str) {
        let mut progress = self.progress();
        let progress = progress.get_or_insert_with(|| Progress::new(true));
        progress.show(|| format!("{what} {}", share(done, of, things)));
    }

    fn over(&self) {
        *self.progress() = None;
    }
}

fn open(path: Option<&Path>, read_only: bool) -> Result<Store, storage::OpenError> {
    let on_repair: fn(f64) = |progress| {
        if io::stderr().is_terminal() {
            eprint!("\rtrine: repairing the database: {:.0} %", progress * 100.0);
        }
    };
    let watcher = io::stderr().is_terminal().then(|| Arc::new(Line::default()) as Arc<dyn Watcher>);
    let options = storage::Options { read_only, on_repair: Some(on_repair), watcher, ..storage::Options::default() };
    match path {
        None => Store::in_memory(options),
        Some(path) if path == Path::new(":memory:") => Store::in_memory(options),
        Some(path) => Store::open(path, options),
    }
}
