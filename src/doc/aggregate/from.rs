//! The `from` and `coll` of stages that read other collections.

use crate::doc::{Code, Error, Result};
use bson::Bson;

/// A collection's name: a string, or `{db, coll}` of the same database.
///
/// # Errors
/// It is neither.
pub(super) fn collection(stage: &str, value: &Bson) -> Result<String> {
    match value {
        Bson::String(name) if name.is_empty() => {
            Err(Error::new(Code::InvalidNamespace, format!("{stage}: a collection's name must not be empty")))
        }
        Bson::String(name) => Ok(name.clone()),
        Bson::Document(document) => match document.get_str("coll") {
            Ok(name) => Ok(name.to_owned()),
            Err(_) => {
                Err(Error::failed_to_parse(format!("{stage}: a collection is named by a string or {{ db, coll }}")))
            }
        },
        other => Err(Error::failed_to_parse(format!(
            "{stage} 'from' must be a string, but found {}",
            crate::doc::expression::type_name(Some(other))
        ))),
    }
}
