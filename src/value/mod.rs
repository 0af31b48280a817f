//! Values: their kinds, their order, and their bytes.
//!
//! * [`raw`]: BSON bytes, read where they lie; [`view`]: a value, decoded or as bytes;
//!   [`body`]: a document that is decoded only when it must be.
//! * [`order`]: BSON comparison order (MongoDB manual, "Comparison/Sort Order").
//! * [`decimal`]: Decimal128 arithmetic.
//! * [`key`]: order-preserving bytes of BSON values, for indexes.
//! * [`ejson`]: Extended JSON v2, relaxed and canonical.
//! * [`construct`]: the value constructors of mongosh; [`notation`]: how JavaScript writes numbers and dates.
//! * [`graph`]: the values of the graph language; [`graph_order`]: their equality, order and hash;
//!   [`graph_key`]: their order-preserving bytes, for indexes; [`graph_bytes`]: their stored bytes.
//! * [`temporal`]: dates, times and durations of the graph language.
//!
//! Redis values are plain bytes and need no room here.

pub mod body;
pub mod collation;
pub mod construct;
pub mod decimal;
pub mod ejson;
pub mod graph;
pub mod graph_bytes;
pub mod graph_key;
pub mod graph_order;
pub mod json;
pub mod key;
pub mod notation;
pub mod order;
pub mod point;
pub mod raw;
pub mod temporal;
pub mod view;
mod wide;
