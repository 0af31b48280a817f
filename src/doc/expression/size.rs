//! `$bsonSize`, `$binarySize`.

use super::operator::{Answer, Arguments, NULL, Operator, fail, positional};
use super::string::count;
use super::type_name::type_name;
use crate::value::order::is_nullish;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] =
    &[positional("$binarySize", 1, 1, binary), positional("$bsonSize", 1, 1, document)];

fn binary(arguments: &Arguments<'_>) -> Answer {
    match arguments.get(0) {
        Some(Bson::String(text)) => Ok(Some(count(text.len()))),
        Some(Bson::Binary(binary)) => Ok(Some(count(binary.bytes.len()))),
        value if is_nullish(value) => NULL,
        value => {
            Err(fail(51276, format!("$binarySize requires a string or BinData argument, found: {}", type_name(value))))
        }
    }
}

fn document(arguments: &Arguments<'_>) -> Answer {
    match arguments.get(0) {
        Some(Bson::Document(document)) => match document.to_vec() {
            Ok(bytes) => Ok(Some(count(bytes.len()))),
            Err(error) => Err(fail(31393, format!("$bsonSize: {error}"))),
        },
        value if is_nullish(value) => NULL,
        value => Err(fail(31393, format!("$bsonSize requires a document input, found: {}", type_name(value)))),
    }
}
