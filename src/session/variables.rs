//! Variables: one value, three ways to use it.
//!
//! `let` and `:param` set the same variables, which are those of scripts. Graph statements read them as the
//! parameter `$alice`, Redis words as `${alice._id}`.

use super::Session;
use super::redis::Expanded;
use super::values::{document_value, graph_value, variable_of, word_of};
use crate::ast::kv::Command;
use crate::ast::shell::Let;
use crate::lang::scanner;
use crate::reply::{Reply, ShellReply};
use crate::script::{self, HostObject, Machine, convert};
use crate::text::Diagnostic;
use crate::value::graph::Value;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A variable's value in the two languages that have types; Redis words are its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// For documents.
    pub bson: Bson,
    /// For graph statements, where it is more than the document value says.
    pub graph: Option<Value>,
}

impl From<Bson> for Variable {
    fn from(bson: Bson) -> Self {
        Variable { graph: None, bson }
    }
}

impl From<Value> for Variable {
    fn from(graph: Value) -> Self {
        Variable { bson: document_value(&graph), graph: Some(graph) }
    }
}

/// All variables of a session.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// What runs scripts, and holds their variables.
    pub(super) machine: Machine,
    /// Values that came from graph statements, and the state of their variables then.
    exact: BTreeMap<String, (Value, u64)>,
    /// For the graph statement that runs.
    parameters: BTreeMap<String, Value>,
}

impl Variables {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.machine.globals().map(|(name, _)| &**name)
    }

    pub(super) fn set(&mut self, name: &str, value: Variable) {
        self.machine.set_global(name, convert::from_bson(value.bson));
        match value.graph {
            Some(graph) => drop(self.exact.insert(name.to_owned(), (graph, self.machine.state_of(name)))),
            None => drop(self.exact.remove(name)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> bool {
        self.machine.forget_global(name)
    }

    fn has(&self, name: &str) -> bool {
        self.machine.global(name).is_some()
    }

    /// The parameters that a graph statement names; all of them if it calls a procedure, whose arguments
    /// may be left out.
    pub(super) fn parameters(&mut self, text: &str) -> &BTreeMap<String, Value> {
        self.parameters.clear();
        let calls = text.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"call"));
        for (name, value) in self.machine.globals() {
            if !calls && !text.contains(&**name) {
                continue;
            }
            let exact = self.exact.get(&**name).filter(|(_, state)| *state == self.machine.state_of(name));
            let value = match exact {
                Some((value, _)) => value.clone(),
                None => graph_value(&shown(value)),
            };
            self.parameters.insert(name.to_string(), value);
        }
        &self.parameters
    }

    /// All as one document.
    pub(super) fn document(&self) -> Document {
        self.machine.globals().map(|(name, value)| (name.to_string(), shown(value))).collect()
    }

    /// Puts `${name.path}` into the words of a command. What names no variable stays as it is, because
    /// Redis would take it literally too.
    pub(super) fn expand<'c>(&self, command: &'c Command) -> Expanded<'c> {
        if !holds_reference(command) || self.names().next().is_none() {
            return Cow::Borrowed(command);
        }
        let args = command.args.iter().map(|arg| self.expand_word(arg)).collect();
        Cow::Owned(Command { name: command.name.clone(), args })
    }

    fn expand_word(&self, word: &[u8]) -> Vec<u8> {
        let mut expanded = Vec::with_capacity(word.len());
        let mut rest = word;
        while let Some(start) = rest.windows(2).position(|pair| pair == b"${") {
            let (before, from) = rest.split_at(start);
            expanded.extend_from_slice(before);
            let end = from.iter().position(|&byte| byte == b'}').unwrap_or(from.len() - 1);
            let (reference, after) = from.split_at(end + 1);
            let path = reference.get(2..end).and_then(|path| std::str::from_utf8(path).ok());
            match path.and_then(|path| self.follow(path)) {
                // Bytes that are no text stay what they are.
                Some(Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })) => expanded.extend(bytes),
                Some(value) => expanded.extend_from_slice(word_of(&value).as_bytes()),
                None => expanded.extend_from_slice(reference),
            }
            rest = after;
        }
        expanded.extend_from_slice(rest);
        expanded
    }

    /// The value at a path such as `alice.tags[0]`.
    fn follow(&self, path: &str) -> Option<Bson> {
        let mut steps = path.split(['.', '[']).map(|step| step.strip_suffix(']').unwrap_or(step).trim());
        let value = shown(self.machine.global(steps.next()?)?);
        let mut value = &value;
        for step in steps {
            value = match value {
                Bson::Document(document) => document.get(step)?,
                Bson::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value.clone())
    }

    /// The objects of the host that a text names.
    pub(super) fn host_objects(&self, text: &str) -> Vec<Rc<dyn HostObject>> {
        let named = self.machine.globals().filter(|(name, _)| text.contains(&***name));
        named
            .filter_map(
                |(_, value)| if let script::Value::Host(object) = value { Some(Rc::clone(object)) } else { None },
            )
            .collect()
    }
}

/// Whether a command's words may name variables.
pub(super) fn holds_reference(command: &Command) -> bool {
    command.args.iter().any(|arg| arg.windows(2).any(|pair| pair == b"${"))
}

/// The stored form of a value; what has none is its text.
fn shown(value: &script::Value) -> Bson {
    match convert::to_shown(value) {
        convert::Shown::Nothing => Bson::Null,
        convert::Shown::Text(text) => Bson::String(text),
        convert::Shown::Value(value) => value,
    }
}

impl Session {
    /// Sets a variable, as `let` does.
    pub fn set_variable(&mut self, name: &str, value: impl Into<Variable>) {
        self.variables.set(name, value.into());
    }

    /// Whether a word is a variable, and no Redis command.
    pub(super) fn names_variable(&self, word: &[u8]) -> bool {
        std::str::from_utf8(word).is_ok_and(|name| self.variables.has(name)) && !scanner::is_kv_command(word)
    }

    /// `let NAME = …` with a statement of another language.
    pub(super) fn assign(&mut self, variable: &Let, text: &str) -> Result<Reply<'static>, Diagnostic> {
        let value = variable_of(self.collect(&variable.value, text)?)?;
        self.variables.set(&variable.name, value);
        Ok(Reply::Shell(ShellReply::None))
    }
}
