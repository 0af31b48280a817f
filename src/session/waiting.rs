//! Commands that wait for data: the session waits for commits of others and asks again.
//!
//! Those who wait for a key are served in the order in which they began to wait
//! (redis.io/docs/latest/commands/blpop, "serving order").

use super::Session;
use super::redis::answered;
use super::transaction::storage_error;
use crate::ast::kv::Command;
use crate::kv::{self, Wait};
use crate::reply::Resp;
use crate::storage;
use crate::text::{Diagnostic, Model};
use std::time::Duration;

/// Who waits without end looks this often whether somebody is left who could bring data.
const PIECE: Duration = Duration::from_millis(500);

/// What a command found that was run again.
enum Found {
    /// Data, or a reason to fail.
    Answer(Resp),
    /// Still nothing.
    Nothing,
    /// Another session was quicker: look again.
    Taken,
}

impl Session {
    /// Runs a command again and again until it finds data, fails, or has waited long enough.
    pub(super) fn wait_for_data(&mut self, command: &Command, wait: Wait) -> Result<Resp, Diagnostic> {
        let command = Command { args: wait.again.unwrap_or_else(|| command.args.clone()), ..command.clone() };
        let milliseconds = |longest: Duration| i64::try_from(longest.as_millis()).unwrap_or(i64::MAX);
        let ends = wait.longest.map(|longest| self.clock.now_ms().saturating_add(milliseconds(longest)));
        let place = self.subscriber.stand_in_line(self.database.as_bytes(), self.keyspace, &wait.keys);
        loop {
            // Nobody can write while this session holds a group, and nothing new is seen.
            self.commit()?;
            let version = self.store.version();
            place.wait_for_turn(version);
            match self.ask_again(&command)? {
                Found::Answer(reply) => return answered(Ok(reply)),
                Found::Nothing => place.has_seen(version),
                Found::Taken => continue,
            }
            self.commit()?;
            let left = match ends {
                Some(ends) => Duration::from_millis(u64::try_from(ends - self.clock.now_ms()).unwrap_or(0)),
                None if self.store.is_shared() => PIECE,
                None => return Err(endless(&command)),
            };
            if left.is_zero() {
                return Ok(Resp::Nil);
            }
            let store = &self.store;
            self.clock.pass(left, &mut |longest| {
                store.wait_for_commit(version, longest);
            });
            if self.store.is_interrupted() {
                return Err(storage_error(storage::Error::Interrupted));
            }
        }
    }

    /// Runs the command once more.
    fn ask_again(&mut self, command: &Command) -> Result<Found, Diagnostic> {
        let mut wait = None;
        match self.attempt(command, Some(&mut wait))? {
            Ok(_) if wait.is_some() => Ok(Found::Nothing),
            Ok(reply) => Ok(Found::Answer(reply)),
            Err(kv::Error::Storage(storage::Error::Conflict | storage::Error::Busy(_))) => Ok(Found::Taken),
            // What came is not what is waited for.
            Err(kv::Error::Reply(text)) if text.starts_with("WRONGTYPE") => Ok(Found::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}

fn endless(command: &Command) -> Diagnostic {
    let text = format!("ERR {} would wait without end: no other session is there to bring data", command.upper());
    Diagnostic::new(Model::Kv, "ERR", text).hint("give a timeout; 0 waits for other sessions of this process only")
}
