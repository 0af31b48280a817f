//! Lending the transaction to the document and graph engines.

use super::{Answer, Delivery, Outcome, Session};
use crate::ast;
use crate::doc;
use crate::graph;
use crate::lang;
use crate::reply::{DocReply, GraphReply, GraphStats, Reply};
use crate::script;
use crate::text::{Diagnostic, Model};

impl Session {
    /// Runs a document statement.
    pub(super) fn doc(&mut self, statement: &ast::doc::Statement, answer: &mut Answer<'_>) -> Delivery {
        let outcome = match statement {
            ast::doc::Statement::Use(name) => {
                let reply = self.use_database(name);
                return answer(reply);
            }
            ast::doc::Statement::It => {
                // Pages are the prompt's; elsewhere a cursor is written to its end. The words are mongosh's.
                self.notes.push("no cursor".to_owned());
                return answer(Ok(Reply::Doc(DocReply::None)));
            }
            ast::doc::Statement::Show(what) => {
                let database = self.enter_for_reading();
                self.with_doc(database, answer, |cx| doc::show(cx, what))
            }
            ast::doc::Statement::Script(script) => return self.script(script, answer),
            ast::doc::Statement::Chain(chain) => {
                let resolved = match self.resolve_chain(chain, answer) {
                    Ok(resolved) => resolved,
                    Err(error) => return self.conclude(Outcome::Failed(error), answer),
                };
                loop {
                    let database = self.enter();
                    let outcome = self.with_doc(database, answer, |cx| doc::execute(cx, &resolved));
                    if !self.begins_anew(&outcome) {
                        break outcome;
                    }
                }
            }
        };
        self.conclude(outcome, answer)
    }

    pub(super) fn with_doc(
        &mut self,
        database: Result<u32, Diagnostic>,
        answer: &mut Answer<'_>,
        run: impl for<'a> FnOnce(doc::Context<'a>) -> doc::Result<DocReply<'a>>,
    ) -> Outcome {
        let database = match database {
            Ok(database) => database,
            Err(error) => return Outcome::Failed(error),
        };
        self.lend_to_functions();
        let Some(held) = &mut self.held else { return Outcome::Failed(no_transaction(Model::Doc)) };
        let changes = self.subscriber.exchange().is_watched().then_some(&mut self.outbox.statement);
        let cx = doc::Context {
            tx: &mut held.tx,
            database,
            database_name: &self.database,
            now_ms: self.clock.now_ms(),
            collation: None,
            changes,
            memory: &self.memory,
        };
        match run(cx) {
            Err(error) => Outcome::Failed(error.into()),
            Ok(DocReply::None) => Outcome::Owned(Reply::Doc(DocReply::None)),
            Ok(DocReply::Value(value)) => Outcome::Owned(Reply::Doc(DocReply::Value(value))),
            Ok(DocReply::Listing(names)) => Outcome::Owned(Reply::Doc(DocReply::Listing(names))),
            Ok(printed @ DocReply::Printed(_)) => Outcome::Delivered(answer(Ok(Reply::Doc(printed)))),
            Ok(cursor @ DocReply::Cursor(_)) => Outcome::Delivered(answer(Ok(Reply::Doc(cursor)))),
        }
    }

    /// What functions inside queries and stages see of the statement.
    pub(super) fn lend_to_functions(&self) {
        script::surround(script::Surroundings {
            reader: lang::doc::function,
            interrupt: self.store.interrupt(),
            now_ms: self.clock.now_ms(),
        });
    }

    /// Runs a graph statement; `source` is its text.
    pub(super) fn graph(
        &mut self,
        statement: &ast::graph::Statement,
        source: &str,
        answer: &mut Answer<'_>,
    ) -> Delivery {
        loop {
            let outcome = self.with_graph(source, answer, |cx| graph::execute(cx, statement));
            if !self.begins_anew(&outcome) {
                return self.conclude(outcome, answer);
            }
        }
    }

    pub(super) fn with_graph(
        &mut self,
        source: &str,
        answer: &mut Answer<'_>,
        run: impl for<'a> FnOnce(graph::Context<'a>) -> graph::Result<GraphReply<'a>>,
    ) -> Outcome {
        let database = match self.enter().and_then(|database| self.read_named_cursors(source).map(|()| database)) {
            Ok(database) => database,
            Err(error) => return Outcome::Failed(error),
        };
        let Some(held) = &mut self.held else { return Outcome::Failed(no_transaction(Model::Graph)) };
        let cx = graph::Context {
            tx: &mut held.tx,
            database,
            source,
            parameters: self.variables.parameters(source),
            now_ms: self.clock.now_ms(),
            mirror: &mut self.mirror,
            rng: &mut self.rng,
            procedures: &self.procedures,
            max_paths: self.max_paths,
            max_memory: self.max_memory,
            planning: graph::Planning::Best,
        };
        match run(cx) {
            Err(error) => Outcome::Failed(error.into()),
            Ok(reply) if reply.stats == GraphStats::default() => Outcome::Delivered(answer(Ok(Reply::Graph(reply)))),
            // What was written is committed before it is answered.
            Ok(reply) => match super::owned(Reply::Graph(reply)) {
                Ok(reply) => Outcome::Owned(reply),
                Err(error) => Outcome::Failed(error),
            },
        }
    }

    /// `use NAME`: all three models move.
    pub(super) fn use_database(&mut self, name: &str) -> Result<Reply<'static>, Diagnostic> {
        let wrong = name.is_empty()
            || name.len() > 63
            || name.contains(|c: char| c.is_whitespace() || "/\\.\"$*<>:|?\0".contains(c));
        if wrong {
            let mut error = Diagnostic::new(Model::Doc, "InvalidNamespace", format!("Invalid database name: '{name}'"))
                .hint("a name has 1 to 63 characters, without blanks and without / \\ . \" $ * < > : | ?");
            error.number = Some(73);
            return Err(error);
        }
        if self.database != name {
            self.database = name.to_owned();
            self.database_id = None;
        }
        self.notes.push(format!("switched to db {name}"));
        Ok(Reply::Doc(DocReply::None))
    }
}

fn no_transaction(model: Model) -> Diagnostic {
    Diagnostic::new(model, "InternalError", "internal error: no transaction is open")
}
