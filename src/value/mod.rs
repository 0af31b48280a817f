//! Values: their kinds, their order, and their bytes.
//!
//! * [`order`]: BSON comparison order (MongoDB manual, "Comparison/Sort Order").
//! * [`decimal`]: Decimal128 arithmetic.
//! * [`key`]: order-preserving bytes of BSON values, for indexes.
//! * [`ejson`]: Extended JSON v2, relaxed and canonical.
//! * [`construct`]: the value constructors of mongosh.
//! * [`graph`]: the values of the graph language; [`graph_order`]: their equality, order and hash;
//!   [`graph_key`]: their order-preserving bytes, for indexes; [`graph_bytes`]: their stored bytes.
//! * [`temporal`]: dates, times and durations of the graph language.
//!
//! Redis values are plain bytes and need no room here.

pub mod construct;
pub mod decimal;
pub mod ejson;
pub mod graph;
pub mod graph_bytes;
pub mod graph_key;
pub mod graph_order;
pub mod key;
pub mod order;
pub mod point;
pub mod temporal;
mod wide;
