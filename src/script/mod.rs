//! Scripts: the evaluator of the part of JavaScript that users of mongosh write.
//!
//! A [`Machine`] walks the tree of a script and keeps its variables between scripts; what it asks of its
//! surroundings is the [`Host`]: the time, the names that the database stands behind, where prints go. It knows
//! neither storage nor engines nor text. Steps, calls inside each other and the memory of values are bounded.
//!
//! Numbers are doubles, strings are counted in UTF-16 units, dates are in UTC; there are no classes, generators,
//! modules or promises (`await` does nothing: all has answered when it returns).

mod binding;
mod builtin;
mod call;
pub mod convert;
mod expression;
mod heap;
mod host;
mod machine;
mod operator;
mod scope;
mod statement;
mod stored;
#[cfg(test)]
mod tests;
mod value;

pub use heap::{Closure, mutations};
pub use host::{Argument, Host, Thrown};
pub use machine::Machine;
pub use stored::{StoredFunction, Surroundings, surround};
pub use value::{HostObject, Value};
