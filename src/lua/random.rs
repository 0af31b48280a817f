//! `math.random`: the same sequence on every machine.
//!
//! The generator is `lrand48` of POSIX, which a fresh Redis begins at the same place.

use super::arguments::Arguments;
use super::raise::{bad_argument, error};
use mlua::{Lua, Table, Value};
use std::cell::Cell;
use std::rc::Rc;

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const INCREMENT: u64 = 0xB;
const MASK: u64 = (1 << 48) - 1;
/// Where a fresh generator begins.
const START: u64 = 0x1234_ABCD_330E;
/// The largest result.
const MAX: u64 = (1 << 31) - 1;

/// The state of the generator.
#[derive(Debug, Clone)]
pub struct Random(Rc<Cell<u64>>);

impl Random {
    pub fn new() -> Self {
        Random(Rc::new(Cell::new(START)))
    }

    fn seed(&self, seed: i64) {
        self.0.set(((seed.cast_unsigned() & 0xFFFF_FFFF) << 16 | 0x330E) & MASK);
    }

    fn next(&self) -> u64 {
        let next = self.0.get().wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        self.0.set(next);
        next >> 17
    }

    /// Puts `random` and `randomseed` into the library `math`.
    pub fn install(&self, lua: &Lua, math: &Table) -> mlua::Result<()> {
        let random = self.clone();
        let draw = lua.create_function(move |lua, args| {
            let args = Arguments::new(lua, args);
            let part = (random.next() % MAX) as f64 / MAX as f64;
            let (from, to) = match args.len() {
                0 => return Ok(part),
                1 => (1, args.integer(1)?),
                2 => (args.integer(1)?, args.integer(2)?),
                _ => return Err(error(lua, "wrong number of arguments")),
            };
            if from > to {
                return Err(bad_argument(lua, args.len(), "interval is empty"));
            }
            Ok((part * (to as f64 - from as f64 + 1.0)).floor() + from as f64)
        })?;
        math.raw_set("random", draw)?;
        let random = self.clone();
        let seed = lua.create_function(move |lua, args| {
            random.seed(Arguments::new(lua, args).integer(1)?);
            Ok(Value::Nil)
        })?;
        math.raw_set("randomseed", seed)
    }
}
