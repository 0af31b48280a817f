//! Names for completion, asked of the open session when Tab is pressed and never before.

use super::complete::{MOST, Names};
use crate::ast::{Statement, doc, kv};
use crate::lang;
use crate::reply::{DocReply, Reply, Resp};
use crate::session::Session;
use crate::value::graph::Value;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Looking for keys ends after this time, whatever was found.
const PATIENCE: Duration = Duration::from_millis(30);
/// Fields are taken from this many documents.
const SAMPLE: i32 = 20;

/// The names of a session.
pub struct SessionNames(pub Rc<RefCell<Session>>);

impl SessionNames {
    fn ask(&self, statement: &Statement) -> Option<Reply<'static>> {
        let mut session = self.0.try_borrow_mut().ok()?;
        // Between MULTI and EXEC a question would be queued.
        if session.is_queueing() {
            return None;
        }
        session.execute(statement).ok()
    }

    fn document(&self, text: &str) -> Option<Reply<'static>> {
        self.ask(&Statement::Doc(lang::doc::parse(text).ok()?))
    }

    fn listing(&self, what: &str) -> Vec<String> {
        match self.ask(&Statement::Doc(doc::Statement::Show(what.to_owned()))) {
            Some(Reply::Doc(DocReply::Listing(entries))) => entries.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }

    fn column(&self, text: &str) -> Vec<String> {
        let Ok(statement) = lang::graph::parse(text) else { return Vec::new() };
        let Some(Reply::Graph(reply)) = self.ask(&Statement::Graph(statement)) else { return Vec::new() };
        let first = reply.rows.filter_map(|row| row.ok()?.into_iter().next());
        let texts =
            first.filter_map(|value| if let Value::String(text) = value { Some(text.to_string()) } else { None });
        texts.take(MOST + 1).collect()
    }
}

impl Names for SessionNames {
    fn keys(&self, prefix: &str) -> Vec<String> {
        let started = Instant::now();
        let mut found = Vec::new();
        let mut cursor = b"0".to_vec();
        let mut pattern: Vec<u8> = Vec::new();
        for byte in prefix.bytes() {
            if b"*?[]^\\".contains(&byte) {
                pattern.push(b'\\');
            }
            pattern.push(byte);
        }
        pattern.push(b'*');
        loop {
            let args = vec![cursor, b"MATCH".to_vec(), pattern.clone(), b"COUNT".to_vec(), b"1000".to_vec()];
            let Some(Reply::Kv(Resp::Array(page))) =
                self.ask(&Statement::Kv(kv::Command { name: b"SCAN".to_vec(), args }))
            else {
                return found;
            };
            let [Resp::Bulk(next), Resp::Array(keys)] = page.as_slice() else { return found };
            let texts = keys.iter().filter_map(|key| match key {
                Resp::Bulk(bytes) => String::from_utf8(bytes.clone()).ok(),
                _ => None,
            });
            found.extend(texts.filter(|key| !key.contains(char::is_control)));
            if next == b"0" || found.len() > MOST || started.elapsed() > PATIENCE {
                return found;
            }
            cursor = next.clone();
        }
    }

    fn collections(&self) -> Vec<String> {
        self.listing("collections")
    }

    fn fields(&self, collection: &str) -> Vec<String> {
        let Some(Reply::Doc(DocReply::Cursor(stream))) =
            self.document(&format!("db.getCollection({collection:?}).find().limit({SAMPLE})"))
        else {
            return Vec::new();
        };
        stream.filter_map(Result::ok).flat_map(|document| document.keys().cloned().collect::<Vec<_>>()).collect()
    }

    fn labels(&self) -> Vec<String> {
        self.column("CALL db.labels() YIELD label RETURN label")
    }

    fn relationship_types(&self) -> Vec<String> {
        self.column("CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType")
    }

    fn property_keys(&self) -> Vec<String> {
        self.column("CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey")
    }

    fn databases(&self) -> Vec<String> {
        self.listing("dbs")
    }

    fn variables(&self) -> Vec<String> {
        self.0.try_borrow().map(|session| session.variable_names().map(str::to_owned).collect()).unwrap_or_default()
    }
}
