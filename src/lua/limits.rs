//! How long a script may run and how much it may hold.

use super::machine::Stop;
use mlua::{HookTriggers, Lua, VmState};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Bytes of Lua's heap.
pub const MEMORY: usize = 256 << 20;

/// How long a script may run.
pub const TIME: Duration = Duration::from_secs(60);

/// So many instructions run between two looks at the clock.
const INSTRUCTIONS: u32 = 1000;

/// Steps of pattern matching between two looks at the clock.
const STEPS: u32 = 1 << 14;

/// Shared by the machine and the functions it lends to scripts.
#[derive(Debug)]
pub struct Limits {
    interrupt: Arc<AtomicBool>,
    deadline: Cell<Option<Instant>>,
    stop: Cell<Option<Stop>>,
    steps: Cell<u32>,
}

impl Limits {
    pub fn new(interrupt: Arc<AtomicBool>) -> Rc<Self> {
        Rc::new(Limits { interrupt, deadline: Cell::new(None), stop: Cell::new(None), steps: Cell::new(0) })
    }

    /// A script begins.
    pub fn start(&self, time: Duration) {
        self.stop.set(None);
        self.deadline.set(Instant::now().checked_add(time));
    }

    /// Why the script was stopped, if it was.
    pub fn stopped(&self) -> Option<Stop> {
        self.stop.get()
    }

    /// Stops the script: every error that it catches is raised again.
    pub fn stop(&self, why: Stop) -> mlua::Error {
        self.stop.set(Some(why));
        mlua::Error::external(why)
    }

    /// Fails once the script has to stop.
    pub fn check(&self) -> mlua::Result<()> {
        if let Some(why) = self.stop.get() {
            return Err(self.stop(why));
        }
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(self.stop(Stop::Interrupted));
        }
        if self.deadline.get().is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(self.stop(Stop::TimeLimit));
        }
        Ok(())
    }

    /// One step of a long computation outside of Lua.
    pub fn step(&self) -> mlua::Result<()> {
        let steps = self.steps.get().wrapping_add(1);
        self.steps.set(steps);
        if steps.is_multiple_of(STEPS) { self.check() } else { Ok(()) }
    }

    /// Watches over a machine, coroutines included.
    pub fn watch(self: &Rc<Self>, lua: &Lua) -> mlua::Result<()> {
        let limits = Rc::clone(self);
        lua.set_memory_limit(MEMORY)?;
        let triggers = HookTriggers::new().every_nth_instruction(INSTRUCTIONS);
        lua.set_global_hook(triggers, move |_, _| limits.check().map(|()| VmState::Continue))
    }
}
