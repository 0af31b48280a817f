//! Answers on their way to the terminal: each model as its own shell prints it, errors with a caret,
//! long cursors in pages, and the time of what took long.

use crate::lang::scanner::SourceStatement;
use crate::render::style::{Painter, Role};
use crate::render::{self, Look, Mode, Stopped, envelope};
use crate::reply::{DocReply, Event, Reply};
use crate::session::{Delivery, Sink};
use crate::text::{Diagnostic, Model, report};
use crate::value::ejson;
use std::io::{self, Write};
use std::time::Duration;

/// Documents a page of a cursor, as in mongosh.
pub const PAGE: usize = 20;
/// So many documents of a cursor are kept for `it`.
const KEPT: usize = 10_000;
/// What took longer than this shows its time.
const SLOW: Duration = Duration::from_millis(500);

/// The terminal as a taker of answers.
pub struct Screen {
    /// How answers are written.
    pub look: Look,
    /// How documents are written in the envelope.
    pub ejson: ejson::Mode,
    /// No remarks.
    pub quiet: bool,
    /// A statement failed since this was last set to false.
    pub failed: bool,
    /// What the running statement has printed, where it stands inside its answer's object.
    printed: Vec<Event>,
    /// What `it` goes on with.
    rest: Option<Reply<'static>>,
}

impl Screen {
    /// A screen that looks like this.
    pub fn new(look: Look, ejson: ejson::Mode, quiet: bool) -> Self {
        Screen { look, ejson, quiet, failed: false, printed: Vec::new(), rest: None }
    }

    /// The next page of the last cursor; false if there is none.
    pub fn more(&mut self) -> bool {
        let Some(mut rest) = self.rest.take() else { return false };
        if let Ok(true) = self.page(&mut rest, &[]) {
            self.rest = Some(rest);
            self.remark("Type \"it\" for more");
        }
        true
    }

    fn page(&self, reply: &mut Reply<'_>, events: &[Event]) -> Result<bool, Stopped> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let more = match self.look.mode {
            Mode::Envelope => envelope::write(&mut out, reply, events, self.ejson).map(|()| false),
            Mode::Auto | Mode::Table => render::write(&mut out, reply, &Look { page: Some(PAGE), ..self.look }),
            _ => render::write(&mut out, reply, &self.look),
        }?;
        render::write_events(&mut out, events, &self.look)?;
        out.flush()?;
        Ok(more)
    }

    /// Keeps the rest of a cursor, whose transaction ends with the statement.
    fn keep(&mut self, reply: Reply<'_>) -> Result<(), Diagnostic> {
        let Reply::Doc(DocReply::Cursor(stream)) = reply else { return Ok(()) };
        let mut kept = Vec::new();
        for document in stream.take(KEPT) {
            kept.push(document?);
        }
        if kept.len() == KEPT {
            self.remark(&format!("\"it\" goes on for {KEPT} documents; export or limit() for more"));
        }
        self.rest = Some(Reply::Doc(DocReply::Cursor(Box::new(kept.into_iter().map(Ok)))));
        Ok(())
    }

    /// A dim line for people.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            say(&self.look.painter.paint(Role::Dim, text));
        }
    }

    /// The time a statement took, if it was long.
    pub fn time(&self, taken: Duration) {
        if taken >= SLOW && self.look.mode != Mode::Envelope {
            self.remark(&format!("({:.2}s)", taken.as_secs_f64()));
        }
    }

    /// An error: what, where, and what to do.
    pub fn error(&mut self, source: &SourceStatement, error: &Diagnostic, events: &[Event]) {
        self.failed = true;
        if self.look.mode == Mode::Envelope {
            let place = report::place(error, &source.text, source.start);
            let mut out = io::stdout().lock();
            // A terminal that is gone leaves nobody to tell.
            let _ = envelope::write_error(&mut out, error, Some(place), events, self.ejson);
            return;
        }
        say(drawn(source, error, self.look.painter).trim_end());
        let _ = render::write_events(&mut io::stdout().lock(), events, &self.look);
    }
}

/// A line on the terminal. One that is gone leaves nobody to tell: the next reading ends the program.
pub fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// An error as the prompt shows it: what, under it the place, and what to do. Ends with a newline.
pub fn drawn(source: &SourceStatement, error: &Diagnostic, painter: Painter) -> String {
    let text = report::report("", &source.text, source.start, error);
    let (_, details) = text.split_once('\n').unwrap_or((&text, ""));
    let kind = match (error.model, error.number) {
        (Model::Kv, _) => "(error)".to_owned(),
        (Model::Doc, Some(_)) => format!("MongoServerError[{}]:", error.code),
        _ => format!("{}:", error.code),
    };
    let mut drawn = format!("{} {}\n", painter.paint(Role::Error, &kind), render::sanitize::lines(&error.message));
    for line in details.lines() {
        let role = if line.trim_start().starts_with("hint:") { Role::Plain } else { Role::Dim };
        drawn.push_str(&painter.paint(role, line));
        drawn.push('\n');
    }
    drawn
}

impl Sink for Screen {
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
        let mut reply = match answer {
            Ok(reply) => reply,
            Err(error) => {
                self.error(source, &error, events);
                return Delivery::Taken;
            }
        };
        if matches!(reply, Reply::Doc(_)) {
            self.rest = None;
        }
        match self.page(&mut reply, events) {
            Ok(false) => Delivery::Taken,
            Ok(true) => match self.keep(reply) {
                Ok(()) => {
                    self.remark("Type \"it\" for more");
                    Delivery::Taken
                }
                Err(error) => {
                    self.error(source, &error, &[]);
                    Delivery::Failed(error)
                }
            },
            Err(Stopped::Output(_)) => Delivery::Closed,
            Err(Stopped::Statement(error)) => {
                self.error(source, &error, events);
                Delivery::Failed(error)
            }
        }
    }

    fn note(&mut self, text: &str) {
        if self.look.mode != Mode::Envelope {
            self.remark(text);
        }
    }
}
