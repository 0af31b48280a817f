//! SAVE and BGSAVE: everything acknowledged goes to the disk now (redis.io/docs/latest/commands/save).

use super::Session;
use crate::ast::kv::Command;
use crate::reply::Resp;
use crate::storage;
use crate::text::{Diagnostic, Model};

/// Whether a command saves.
pub(super) fn is_saving(command: &Command) -> bool {
    ["SAVE", "BGSAVE"].iter().any(|name| command.name.eq_ignore_ascii_case(name.as_bytes()))
}

impl Session {
    /// Runs SAVE or BGSAVE; nothing for another command. BGSAVE answers as Redis does, and is done then.
    pub(super) fn save(&mut self, command: &Command) -> Option<Result<Resp, Diagnostic>> {
        if !is_saving(command) {
            return None;
        }
        let refuse = |text: &str| Some(Err(Diagnostic::new(Model::Kv, "ERR", format!("ERR {text}"))));
        let in_background = command.name.len() == "BGSAVE".len();
        match command.args.as_slice() {
            [] => {}
            [word] if in_background && word.eq_ignore_ascii_case(b"SCHEDULE") => {}
            _ if in_background => return refuse("syntax error"),
            _ => return refuse("wrong number of arguments for 'save' command"),
        }
        if self.store.path().is_none() {
            return refuse("the database is in memory only: there is no file to save it to");
        }
        if self.is_in_transaction() || self.one_transaction {
            return refuse("a transaction is open: its end saves it");
        }
        let done = if in_background { Resp::Status("Background saving started".to_owned()) } else { Resp::ok() };
        Some(self.commit_as(storage::Durability::Immediate).map(|()| done))
    }
}
