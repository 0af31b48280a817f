//! `getParameter` and `setParameter`: how much memory stages may take.

use super::find::count_value;
use crate::doc::{Code, Context, Error, Result};
use crate::text::suggest;
use crate::value::construct;
use bson::{Bson, Document, doc};

/// `{ getParameter: 1, name: 1 }`, `{ getParameter: "*" }`
pub fn get(cx: &Context<'_>, given: &Document) -> Result<Bson> {
    let version = || Bson::Document(doc! { "version": "8.0" });
    let mut answer = Document::new();
    if given.get_str("getParameter").is_ok_and(|all| all == "*") {
        answer.insert("featureCompatibilityVersion", version());
        answer.extend(cx.memory.all().map(|(name, bytes)| (name.to_owned(), count_value(bytes as u64))));
    }
    for name in parameters(given) {
        let value = match name.as_str() {
            "featureCompatibilityVersion" => Some(version()),
            name => cx.memory.get(name).map(|bytes| count_value(bytes as u64)),
        };
        if let Some(value) = value {
            answer.insert(name, value);
        }
    }
    if answer.is_empty() {
        return Err(Error::new(Code::InvalidOptions, "no option found to get")
            .hint("db.adminCommand({ getParameter: \"*\" }) shows all of them"));
    }
    answer.insert("ok", 1);
    Ok(Bson::Document(answer))
}

/// `{ setParameter: 1, name: value }`: until the session ends.
pub fn set(cx: &Context<'_>, given: &Document) -> Result<Bson> {
    let mut was = None;
    for name in parameters(given) {
        let known = cx.memory.get(name).ok_or_else(|| unknown(cx, name))?;
        let bytes = match construct::number(given.get(name)) {
            Some(bytes) if bytes >= 1.0 && bytes.fract() == 0.0 && bytes < 9e15 => bytes as usize,
            _ => {
                return Err(Error::bad_value(format!(
                    "Invalid value for parameter {name}: it must be a number of bytes, 1 at least"
                )));
            }
        };
        cx.memory.set(name, bytes);
        was.get_or_insert(known);
    }
    match was {
        Some(was) => Ok(Bson::Document(doc! { "was": count_value(was as u64), "ok": 1 })),
        None => Err(Error::new(Code::InvalidOptions, "no option found to set, use help:true to see options ")),
    }
}

/// The fields that name parameters.
fn parameters(given: &Document) -> impl Iterator<Item = &String> {
    given.keys().skip(1).filter(|name| !matches!(name.as_str(), "$db" | "comment" | "lsid"))
}

fn unknown(cx: &Context<'_>, name: &str) -> Error {
    let message = format!("attempted to set unrecognized parameter [{name}], use help:true to see options ");
    let error = Error::new(Code::InvalidOptions, message);
    match suggest::nearest(name, cx.memory.all().map(|(known, _)| known), 1).first() {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error.hint("db.adminCommand({ getParameter: \"*\" }) shows all of them"),
    }
}
