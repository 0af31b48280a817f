//! `EXPLAIN` and `PROFILE` before a statement of any model.

use super::{Answer, Delivery, Outcome, Session};
use crate::ast::{self, Statement};
use crate::doc;
use crate::graph;
use crate::lang::registry;
use crate::reply::{Reply, ShellReply};
use crate::text::{Diagnostic, Model};

impl Session {
    pub(super) fn explain(
        &mut self,
        profile: bool,
        statement: &Statement,
        text: &str,
        answer: &mut Answer<'_>,
    ) -> Delivery {
        let outcome = match statement {
            Statement::Graph(statement) => self.with_graph(text, answer, |cx| graph::explain(cx, statement, profile)),
            Statement::Doc(ast::doc::Statement::Chain(chain)) => match self.resolve_chain(chain, answer) {
                Ok(resolved) => {
                    let database = self.enter();
                    self.with_doc(database, answer, |cx| doc::explain(cx, &resolved))
                }
                Err(error) => Outcome::Failed(error),
            },
            Statement::Kv(command) => {
                let reply = kv_plan(command).map(|text| Reply::Shell(ShellReply::Text(text)));
                return answer(reply);
            }
            _ => {
                return answer(Err(Diagnostic::new(Model::Shell, "SyntaxError", "this statement has no plan")
                    .hint("EXPLAIN and PROFILE stand before a Redis command, a document query or a graph statement")));
            }
        };
        self.conclude(outcome, answer)
    }
}

/// A Redis command has one way to run; its entry says how dear it is.
fn kv_plan(command: &ast::kv::Command) -> Result<String, Diagnostic> {
    let name = command.upper();
    let Some(entry) = registry::kv_command(&command.name) else {
        return Err(Diagnostic::new(
            Model::Kv,
            "ERR",
            format!("ERR unknown command '{}'", String::from_utf8_lossy(&command.name)),
        ));
    };
    let access = if entry.writes { "reads and writes" } else { "reads" };
    let complexity = if entry.complexity.is_empty() { "O(1)" } else { entry.complexity };
    let reach = match name.as_str() {
        "KEYS" | "SCAN" | "RANDOMKEY" => "walks the keys of the keyspace in order",
        "SORT" | "SORT_RO" => "reads the key, and for each element the keys that BY and GET name",
        "DBSIZE" | "FLUSHDB" | "FLUSHALL" | "SWAPDB" => "looks at the keyspace as a whole, not at its keys",
        _ => "goes straight to the keys it names",
    };
    Ok(format!("{name}: {complexity}\n  group: {}\n  {access}; {reach}\n  syntax: {}", entry.group, entry.syntax))
}
