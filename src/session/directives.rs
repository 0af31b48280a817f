//! Directives of the shell: `:reset`, `:param`, `:params`, `:unset`, `:help`, and the words that leave.

use super::{Session, transaction::storage_error};
use crate::ast::{TransactionControl, shell::Directive};
use crate::doc;
use crate::exchange::Touch;
use crate::help;
use crate::reply::{GraphReply, Reply, ShellReply};
use crate::storage::Catalog;
use crate::text::{Diagnostic, Model, Span, suggest};
use crate::value::graph::Value;
use crate::{graph, kv, lang};
use bson::Bson;

/// Directives of graph shells and browsers, and what has their place here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("auto", "leave it out: a statement is a transaction of its own"),
    ("connect", "a database is a file: leave, and open it with trine FILE"),
    ("history", "the arrow keys and Ctrl-R go through what was typed"),
    ("play", "there are no guides here: paste their statements, they run as they stand"),
    ("schema", "CALL db.stats() counts labels and types; SHOW INDEXES and SHOW CONSTRAINTS list those"),
    ("source", "run a script with load(\"FILE\"), or trine -f FILE"),
    ("sysinfo", "CALL db.stats() counts what is in the graph"),
    ("use", "write it without the colon: use NAME"),
];

const NAMES: &[&str] = &[
    ":begin",
    ":clear",
    ":commit",
    ":draw",
    ":exit",
    ":help",
    ":max-memory",
    ":max-paths",
    ":param",
    ":params",
    ":quit",
    ":reset",
    ":rollback",
    ":tck-procedure",
    ":unset",
];

fn refused(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Model::Shell, "SyntaxError", message)
}

impl Session {
    pub(super) fn directive(&mut self, directive: &Directive) -> Result<Reply<'static>, Diagnostic> {
        let reply = match directive.name.as_str() {
            "help" => ShellReply::Text(help::about(&directive.rest)?),
            "exit" | "quit" => {
                self.leaving = true;
                ShellReply::None
            }
            "cls" | "clear" => ShellReply::None,
            "param" => self.parameter(directive)?,
            "params" => {
                let names: Vec<String> = self.variables.names().map(str::to_owned).collect();
                self.read_named_cursors(&names.join(" "))?;
                ShellReply::Value(Bson::Document(self.variables.document()))
            }
            "unset" => {
                if !self.variables.remove(&directive.rest) {
                    return Err(refused(format!("there is no variable {:?}", directive.rest)));
                }
                ShellReply::None
            }
            "reset" => {
                self.reset()?;
                ShellReply::None
            }
            "draw" => return self.draw(directive),
            "max-memory" => self.max_memory(directive)?,
            "max-paths" => self.max_paths(directive)?,
            "tck-procedure" => self.table_procedure(directive)?,
            "begin" => return self.control(TransactionControl::Begin),
            "commit" => return self.control(TransactionControl::Commit),
            "rollback" => return self.control(TransactionControl::Rollback),
            name => {
                let error = refused(format!("there is no directive :{name}")).at(Span::new(0, name.len() + 1));
                if let Some((_, hint)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
                    return Err(error.hint(*hint));
                }
                let near = suggest::nearest(&format!(":{name}"), NAMES.iter().copied(), 2);
                return Err(if near.is_empty() {
                    error.hint(format!("there are {}", NAMES.join(" ")))
                } else {
                    error.hint(format!("did you mean {}?", near.join(" or ")))
                });
            }
        };
        Ok(Reply::Shell(reply))
    }

    /// `:reset`: the current database is empty, and nothing is open.
    fn reset(&mut self) -> Result<(), Diagnostic> {
        self.end_transactions()?;
        self.keyspace = 0;
        self.variables = Default::default();
        self.streams.clear();
        self.changes.clear();
        self.subscriber.reset();
        let database = self.enter()?;
        let removed = self.remove_database(database);
        match removed {
            Ok(()) => {
                self.database_id = None;
                self.mirror = graph::Mirror::default();
                self.procedures = graph::Procedures::default();
                self.settle()
            }
            Err(error) => {
                self.undo_statement();
                Err(error)
            }
        }
    }

    fn remove_database(&mut self, database: u32) -> Result<(), Diagnostic> {
        let Some(held) = &mut self.held else { return Ok(()) };
        held.forget_making();
        let tx = &mut held.tx;
        kv::remove_database(tx, &mut held.keyspaces, database)?;
        let emptied = (0..kv::layout::KEYSPACES as u8).map(Touch::Keyspace).collect();
        self.touches.note(&self.subscriber, &self.database, emptied);
        doc::remove_database(tx, database)?;
        graph::remove_database(tx, database)?;
        Catalog::forget_database(tx, &self.database).map_err(storage_error)
    }

    /// `:param NAME => EXPRESSION`, or `:param {name: value, …}`.
    fn parameter(&mut self, directive: &Directive) -> Result<ShellReply, Diagnostic> {
        let text = directive.rest.as_str();
        let form = ":param NAME => VALUE";
        if text.starts_with('{') {
            let Value::Map(map) = self.evaluate(text).map_err(|error| error.shifted(directive.rest_start))? else {
                return Err(refused(format!("expected {form}, or a map")));
            };
            for (name, value) in map {
                self.variables.set(&name, value.into());
            }
            return Ok(ShellReply::None);
        }
        let Some((name, value)) = text.split_once("=>") else {
            return Err(refused(format!("expected {form}"))
                .at(Span::new(directive.rest_start, directive.rest_start + text.len())));
        };
        let value_start = directive.rest_start + name.len() + 2;
        let name = name.trim();
        let name = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or(name);
        if name.is_empty() || name.contains(|c: char| c.is_whitespace()) {
            return Err(refused(format!("expected {form}")).at(Span::new(directive.rest_start, value_start)));
        }
        let value = self.evaluate(value).map_err(|error| error.shifted(value_start))?;
        self.variables.set(name, value.into());
        Ok(ShellReply::None)
    }

    /// `:draw QUERY`: the answer of a query as a drawing, if it is small.
    fn draw(&mut self, directive: &Directive) -> Result<Reply<'static>, Diagnostic> {
        let text = directive.rest.trim_end_matches([';', ' ']);
        let back = |error: Diagnostic| error.shifted(directive.rest_start);
        let statement = lang::graph::parse(text).map_err(back)?;
        match self.collect(&crate::ast::Statement::Graph(statement), text).map_err(back)? {
            Reply::Graph(reply) => Ok(Reply::Graph(GraphReply { drawn: true, ..reply })),
            reply => Ok(reply),
        }
    }

    /// `:max-memory [MIB]`: how much the operators of a graph statement may hold in memory.
    fn max_memory(&mut self, directive: &Directive) -> Result<ShellReply, Diagnostic> {
        if directive.rest.is_empty() {
            return Ok(ShellReply::Text((self.max_memory >> 20).to_string()));
        }
        let place = Span::new(directive.rest_start, directive.rest_start + directive.rest.len());
        let mebibytes: u64 = directive
            .rest
            .parse()
            .map_err(|_| refused("expected :max-memory MIB, a whole number that is not negative").at(place))?;
        self.max_memory = mebibytes.saturating_mul(1 << 20);
        Ok(ShellReply::None)
    }

    /// `:max-paths [N]`: how many paths a pattern without an upper bound of its length may find.
    fn max_paths(&mut self, directive: &Directive) -> Result<ShellReply, Diagnostic> {
        if !directive.rest.is_empty() {
            let place = Span::new(directive.rest_start, directive.rest_start + directive.rest.len());
            self.max_paths = directive
                .rest
                .parse()
                .map_err(|_| refused("expected :max-paths N, a whole number that is not negative").at(place))?;
            return Ok(ShellReply::None);
        }
        Ok(ShellReply::Text(self.max_paths.to_string()))
    }

    /// `:tck-procedure NAME(IN :: TYPE?, …) :: (OUT :: TYPE?, …) => [[IN, …, OUT, …], …]`: a procedure by
    /// a table of its inputs and outputs, as the openCypher TCK defines those that its scenarios call.
    fn table_procedure(&mut self, directive: &Directive) -> Result<ShellReply, Diagnostic> {
        let form = ":tck-procedure NAME(IN :: TYPE?, …) :: (OUT :: TYPE?, …) => [[IN, …, OUT, …], …]";
        let Some((signature, rows)) = directive.rest.split_once("=>") else {
            return Err(refused(format!("expected {form}")));
        };
        let rows_start = directive.rest_start + signature.len() + 2;
        let signature = lang::graph::signature(signature).map_err(|error| error.shifted(directive.rest_start))?;
        let rows = match self.evaluate(rows).map_err(|error| error.shifted(rows_start))? {
            Value::List(rows) => rows,
            _ => return Err(refused(format!("expected {form}"))),
        };
        let width = signature.inputs.len() + signature.outputs.len();
        let row = |row| match row {
            Value::List(values) if values.len() == width => Ok(values),
            _ => Err(refused(format!("each row needs {width} values: the inputs, then the outputs"))),
        };
        let rows = rows.into_iter().map(row).collect::<Result<_, _>>()?;
        self.procedures.define(graph::Table::new(signature, rows));
        Ok(ShellReply::None)
    }

    /// The value of an expression of the graph language; spans of its errors lie in `text`.
    fn evaluate(&mut self, text: &str) -> Result<Value, Diagnostic> {
        const BEFORE: &str = "RETURN ";
        if let Ok(value) = lang::graph::literal(text) {
            return Ok(value);
        }
        let source = format!("{BEFORE}{text}\nAS value");
        let back = |mut error: Diagnostic| {
            error.span = error.span.map(|span| {
                let back = |at: usize| at.saturating_sub(BEFORE.len()).min(text.len());
                Span::new(back(span.start), back(span.end))
            });
            error
        };
        let statement = lang::graph::parse(&source).map_err(back)?;
        match self.collect(&crate::ast::Statement::Graph(statement), &source).map_err(back)? {
            Reply::Graph(GraphReply { mut rows, .. }) => {
                Ok(rows.next().transpose()?.and_then(|row| row.into_iter().next()).unwrap_or(Value::Null))
            }
            _ => Ok(Value::Null),
        }
    }

    /// Sets a variable from the command line: an expression of the graph language, or else plain text.
    pub fn set_parameter(&mut self, name: &str, text: &str) {
        let value = self.evaluate(text).unwrap_or_else(|_| Value::String(text.into()));
        self.variables.set(name, value.into());
    }
}
