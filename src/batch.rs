//! Statements from files, pipes and the command line, one after another.
//!
//! Input is read in pieces, so memory does not grow with it. Answers go to standard output, errors to
//! standard error as `file:line:column: message`; in the envelope, errors are answers too.

use crate::lang::scanner::{Scanner, SourceStatement};
use crate::render::{self, Look, Mode, Stopped, envelope};
use crate::reply::{DocReply, Event, Reply};
use crate::session::{Delivery, Session, Sink};
use crate::text::{Diagnostic, report};
use crate::value::ejson;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// Input is read in pieces of this size.
const PIECE: usize = 64 << 10;
/// While standard input is silent, this often a signal is looked for and a due group committed.
const PATIENCE: Duration = Duration::from_millis(200);
/// No answer waits longer than this while later statements run.
const FLUSH_AFTER: Duration = Duration::from_millis(50);

/// Where statements come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `-e TEXT`
    Text(String),
    /// `-f SCRIPT`
    File(PathBuf),
    /// `-f -`, or a pipe.
    Stdin,
}

/// How a batch is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// How answers are written.
    pub look: Look,
    /// How documents are written in the envelope.
    pub ejson: ejson::Mode,
    /// Go on after a failed statement.
    pub keep_going: bool,
    /// All statements or none.
    pub one_transaction: bool,
    /// No remarks.
    pub quiet: bool,
    /// Set by Ctrl-C.
    pub interrupted: Arc<AtomicBool>,
}

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every statement went well, or nobody read the answers any more.
    Well,
    /// A statement failed.
    Failed,
    /// A source cannot be read.
    Usage,
    /// Ctrl-C.
    Interrupted,
}

impl End {
    /// The process' exit status.
    pub const fn status(self) -> u8 {
        match self {
            End::Well => 0,
            End::Failed => 1,
            End::Usage => 2,
            End::Interrupted => 130,
        }
    }
}

/// Runs all sources in order, then ends the session.
pub fn run(
    session: &mut Session,
    sources: &[Source],
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> End {
    let mut batch = Batch {
        printer: Printer {
            out: BufWriter::with_capacity(PIECE, out),
            err,
            options,
            name: String::new(),
            failed: false,
            interrupted: false,
            printed: Vec::new(),
            output: Output::Open,
            flushed: Instant::now(),
        },
        held_from: None,
        passed: None,
    };
    let mut end = End::Well;
    for source in sources {
        end = batch.source(session, source);
        if end != End::Well || batch.printer.output != Output::Open || session.is_leaving() {
            break;
        }
    }
    batch.finish(session, end)
}

/// What is known about the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Open,
    /// The reader has left: not an error.
    Closed,
    /// Writing failed.
    Broken,
}

struct Batch<'b> {
    printer: Printer<'b>,
    /// The first line whose statement is not committed yet.
    held_from: Option<usize>,
    /// The last line whose statement went well.
    passed: Option<usize>,
}

struct Printer<'b> {
    out: BufWriter<&'b mut dyn Write>,
    err: &'b mut dyn Write,
    options: &'b Options,
    name: String,
    failed: bool,
    interrupted: bool,
    /// What the running statement has printed, where it stands inside its answer's object.
    printed: Vec<Event>,
    output: Output,
    flushed: Instant,
}

impl Batch<'_> {
    fn source(&mut self, session: &mut Session, source: &Source) -> End {
        self.passed = None;
        match source {
            Source::Text(text) => {
                "-e".clone_into(&mut self.printer.name);
                self.pieces(session, &mut Whole(Some(text.as_bytes().to_vec())))
            }
            Source::Stdin => {
                "stdin".clone_into(&mut self.printer.name);
                self.pieces(session, &mut Piped::start())
            }
            Source::File(path) => {
                self.printer.name = path.display().to_string();
                match open_script(path) {
                    Ok(file) => self.pieces(session, &mut Opened(file)),
                    Err(why) => {
                        self.printer.remark(&format!("trine: {why}"));
                        End::Usage
                    }
                }
            }
        }
    }

    fn pieces(&mut self, session: &mut Session, input: &mut dyn Input) -> End {
        let mut scanner = Scanner::new();
        loop {
            while let Some(source) = scanner.next_statement() {
                match self.statement(session, &source) {
                    Some(end) => return end,
                    None if session.is_leaving() => return End::Well,
                    None => {}
                }
            }
            self.printer.flush();
            match self.more(session, &mut scanner, input) {
                Ok(true) => {}
                Ok(false) => return End::Well,
                Err(end) => return end,
            }
        }
    }

    /// Gets the next bytes; false at the end of the source.
    fn more(&mut self, session: &mut Session, scanner: &mut Scanner, input: &mut dyn Input) -> Result<bool, End> {
        loop {
            if self.printer.output != Output::Open {
                return Ok(false);
            }
            if self.printer.options.interrupted.load(Ordering::Relaxed) {
                return Err(End::Interrupted);
            }
            match input.next() {
                Ok(Next::Bytes(bytes)) => {
                    scanner.push(&bytes);
                    return Ok(true);
                }
                Ok(Next::NotYet) => {
                    if let Some(end) = self.checkpoint(session, Instant::now()) {
                        return Err(end);
                    }
                }
                Ok(Next::End) if scanner.is_finished() => return Ok(false),
                Ok(Next::End) => {
                    scanner.finish();
                    return Ok(true);
                }
                Err(error) => {
                    let name = std::mem::take(&mut self.printer.name);
                    self.printer.remark(&format!("trine: cannot read {name}: {error}"));
                    return Err(End::Usage);
                }
            }
        }
    }

    /// Runs one statement; answers how the batch ends, if it ends here.
    fn statement(&mut self, session: &mut Session, source: &SourceStatement) -> Option<End> {
        let failed_before = std::mem::take(&mut self.printer.failed);
        let delivery = session.run_source(source, &mut self.printer);
        let failed = self.printer.failed;
        self.printer.failed |= failed_before;
        if session.holds_writes() {
            self.held_from.get_or_insert(source.start.line);
        } else {
            self.held_from = None;
        }
        if !failed {
            self.passed = Some(source.last_line());
        }
        let now = session.now();
        if let Some(end) = self.checkpoint(session, now) {
            return Some(end);
        }
        if self.printer.interrupted || self.printer.options.interrupted.load(Ordering::Relaxed) {
            return Some(End::Interrupted);
        }
        if delivery == Delivery::Closed {
            return Some(if self.printer.output == Output::Broken { End::Failed } else { End::Well });
        }
        if now.duration_since(self.printer.flushed) > FLUSH_AFTER {
            self.printer.flush();
        }
        let goes_on = self.printer.options.keep_going || self.printer.options.look.mode == Mode::Envelope;
        (failed && !goes_on).then_some(End::Failed)
    }

    fn checkpoint(&mut self, session: &mut Session, now: Instant) -> Option<End> {
        let result = session.checkpoint_at(now);
        if !session.holds_writes() && result.is_ok() {
            self.held_from = None;
        }
        self.lost(result.err()?);
        Some(End::Failed)
    }

    /// Reports a commit that failed.
    fn lost(&mut self, error: Diagnostic) {
        let last = self.passed.unwrap_or_default();
        let name = self.printer.name.clone();
        let lost_from = self.held_from.take();
        if let Some(first) = lost_from {
            self.passed = first.checked_sub(1).filter(|line| *line > 0);
        }
        let range = match lost_from {
            Some(first) if first < last => format!("; lines {first} to {last} of {name} are lost"),
            Some(first) => format!("; line {first} of {name} is lost"),
            None => String::new(),
        };
        self.printer.failed = true;
        self.printer.remark(&format!("trine: {error}{range}"));
    }

    fn finish(mut self, session: &mut Session, end: End) -> End {
        let failed = self.printer.failed || end != End::Well;
        if self.printer.options.one_transaction && failed {
            session.abandon();
            self.printer.remark("trine: nothing of this run was kept (--transaction)");
        } else {
            let was_open = session.is_in_transaction();
            match session.finish() {
                Ok(Some(warning)) => self.printer.remark(&format!("trine: {warning}")),
                Ok(None) => {
                    if end == End::Failed && !was_open && self.printer.output == Output::Open {
                        self.kept(session);
                    }
                }
                Err(error) => self.lost(error),
            }
        }
        self.printer.flush();
        match end {
            End::Well if self.printer.failed || self.printer.output == Output::Broken => End::Failed,
            end => end,
        }
    }

    /// After a failure in a file: what of it is in the database.
    fn kept(&mut self, session: &Session) {
        if let Some(line) = self.passed
            && session.store().path().is_some()
            && self.printer.name != "-e"
            && !self.printer.options.quiet
        {
            let name = self.printer.name.clone();
            self.printer.remark(&format!("trine: {name} was run and kept through line {line}"));
        }
    }
}

impl Printer<'_> {
    fn flush(&mut self) {
        let result = self.out.flush();
        self.flushed = Instant::now();
        self.check(result);
    }

    /// A line on standard error, behind the answers so far.
    fn remark(&mut self, text: &str) {
        self.flush();
        // A standard error that cannot be written leaves nobody to tell.
        let _ = writeln!(self.err, "{text}");
    }

    fn check(&mut self, result: io::Result<()>) -> bool {
        let Err(error) = result else { return true };
        if self.output == Output::Open {
            self.output = if error.kind() == ErrorKind::BrokenPipe { Output::Closed } else { Output::Broken };
            if self.output == Output::Broken {
                let _ = writeln!(self.err, "trine: cannot write the answer: {error}");
            }
        }
        false
    }

    fn error(&mut self, source: &SourceStatement, error: &Diagnostic, events: &[Event]) {
        self.failed = true;
        self.interrupted |= error.code == "Interrupted";
        if self.options.look.mode == Mode::Envelope {
            let place = report::place(error, &source.text, source.start);
            let result = envelope::write_error(&mut self.out, error, Some(place), events, self.options.ejson);
            self.check(result);
        } else {
            let text = report::report(&self.name, &source.text, source.start, error);
            self.remark(text.trim_end());
        }
    }
}

impl Sink for Printer<'_> {
    fn answer(
        &mut self,
        source: &SourceStatement,
        answer: Result<Reply<'_>, Diagnostic>,
        events: &[Event],
    ) -> Delivery {
        let look = &self.options.look;
        if look.mode == Mode::Envelope
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
            Ok(mut reply) => match look.mode {
                Mode::Envelope => envelope::write(&mut self.out, &mut reply, events, self.options.ejson),
                _ => render::write(&mut self.out, &mut reply, look).map(drop),
            },
        };
        let failure = match written {
            Ok(()) => None,
            Err(Stopped::Statement(error)) => {
                self.error(source, &error, events);
                Some(error)
            }
            Err(Stopped::Output(error)) => {
                self.check(Err(error));
                return Delivery::Closed;
            }
        };
        if let Err(Stopped::Output(error)) = render::write_events(&mut self.out, events, look) {
            self.check(Err(error));
        }
        match failure {
            _ if self.output != Output::Open => Delivery::Closed,
            Some(error) => Delivery::Failed(error),
            None => Delivery::Taken,
        }
    }

    fn note(&mut self, text: &str) {
        if matches!(self.options.look.mode, Mode::Auto | Mode::Table) && !self.options.quiet {
            let result = writeln!(self.out, "{text}");
            self.check(result);
        }
    }
}

/// The next bytes of a source.
enum Next {
    Bytes(Vec<u8>),
    /// Nothing came for a while.
    NotYet,
    End,
}

trait Input {
    fn next(&mut self) -> io::Result<Next>;
}

/// A text that is there at once.
struct Whole(Option<Vec<u8>>);

impl Input for Whole {
    fn next(&mut self) -> io::Result<Next> {
        Ok(self.0.take().map_or(Next::End, Next::Bytes))
    }
}

struct Opened(std::fs::File);

impl Input for Opened {
    fn next(&mut self) -> io::Result<Next> {
        read_piece(&mut self.0)
    }
}

/// Standard input, read by its own thread: a silent pipe must not keep the batch from committing what
/// is due, or from being interrupted.
struct Piped(Receiver<io::Result<Next>>);

impl Piped {
    fn start() -> Self {
        let (sender, receiver) = sync_channel(2);
        std::thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            loop {
                let piece = read_piece(&mut stdin);
                let last = !matches!(piece, Ok(Next::Bytes(_)));
                if sender.send(piece).is_err() || last {
                    break;
                }
            }
        });
        Piped(receiver)
    }
}

impl Input for Piped {
    fn next(&mut self) -> io::Result<Next> {
        match self.0.recv_timeout(PATIENCE) {
            Ok(piece) => piece,
            Err(RecvTimeoutError::Timeout) => Ok(Next::NotYet),
            Err(RecvTimeoutError::Disconnected) => Ok(Next::End),
        }
    }
}

fn read_piece(input: &mut dyn Read) -> io::Result<Next> {
    let mut piece = vec![0; PIECE];
    loop {
        match input.read(&mut piece) {
            Ok(0) => return Ok(Next::End),
            Ok(length) => {
                piece.truncate(length);
                return Ok(Next::Bytes(piece));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn open_script(path: &Path) -> Result<std::fs::File, String> {
    let why = |what: &str| format!("cannot read the script {}: {what}", path.display());
    if path.is_dir() {
        return Err(why("it is a folder"));
    }
    std::fs::File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => why("there is no such file"),
        ErrorKind::PermissionDenied => why("no permission"),
        _ => why(&error.to_string()),
    })
}
