//! Functions about the file that LOAD CSV reads.

use super::signature::{Group, Signature, Types};
use crate::value::graph::Value;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("file", Group::LoadCsv, &[], Types::STRING, |_, cx| {
        let absolute = |path: &str| std::fs::canonicalize(path).unwrap_or_else(|_| path.into());
        Ok(cx.csv_place().map_or(Value::Null, |(path, _)| Value::string(absolute(&path).to_string_lossy())))
    }),
    Signature::new("linenumber", Group::LoadCsv, &[], Types::INTEGER, |_, cx| {
        Ok(cx.csv_place().map_or(Value::Null, |(_, line)| Value::Int(i64::try_from(line).unwrap_or(i64::MAX))))
    }),
];
