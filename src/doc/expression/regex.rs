//! `$regexMatch`, `$regexFind`, `$regexFindAll`.

use super::operator::{Arguments, Operator, fail, named};
use super::string::count;
use crate::doc::{Error, Result};
use crate::text::pattern::Pattern;
use bson::{Bson, Document};
use std::rc::Rc;

pub(super) const OPERATORS: &[Operator] = &[
    named("$regexFind", FIELDS, 2, |a| Ok(Some(matches(a, 1)?.into_iter().next().map_or(Bson::Null, Bson::Document)))),
    named("$regexFindAll", FIELDS, 2, |a| {
        Ok(Some(Bson::Array(matches(a, usize::MAX)?.into_iter().map(Bson::Document).collect())))
    }),
    named("$regexMatch", FIELDS, 2, |a| {
        let found = match asked(a)? {
            Some((pattern, text)) => pattern.is_match(text).map_err(|error| too_hard(a.name, &error))?,
            None => false,
        };
        Ok(Some(Bson::Boolean(found)))
    }),
];

const FIELDS: &[&str] = &["input", "regex", "options"];

/// The compiled pattern.
fn compiled(name: &str, pattern: &str, options: &str) -> Result<Rc<Pattern>> {
    if let Some(flag) = options.chars().find(|flag| !"imsxu".contains(*flag)) {
        return Err(fail(51108, format!("{name}: invalid flag in regex options: {flag}")));
    }
    Pattern::remembered(pattern, options).map_err(|error| fail(51111, format!("Invalid Regex in {name}: {error}")))
}

fn too_hard(name: &str, error: &str) -> Error {
    fail(51156, format!("Error occurred while executing the regular expression in {name}: {error}"))
}

/// The pattern and the text it is looked for in; `None` if either is null.
fn asked<'a>(arguments: &'a Arguments<'_>) -> Result<Option<(Rc<Pattern>, &'a str)>> {
    let name = arguments.name;
    let input = match (arguments.is_null(0), arguments.string(0)) {
        (_, Some(text)) => Some(text),
        (true, None) => None,
        (false, None) => {
            return Err(fail(51104, format!("{name} needs 'input' to be of type string")));
        }
    };
    let options = match (arguments.is_null(2), arguments.string(2)) {
        (_, Some(options)) => options,
        (true, None) => "",
        (false, None) => return Err(fail(51106, format!("{name} needs 'options' to be of type string"))),
    };
    let pattern = match arguments.get(1) {
        Some(Bson::String(pattern)) => {
            if pattern.contains('\0') {
                return Err(fail(51109, format!("{name}: regular expression cannot contain an embedded null byte")));
            }
            compiled(name, pattern, options)?
        }
        Some(Bson::RegularExpression(regex)) => {
            let own = regex.options.as_str();
            if !own.is_empty() && !options.is_empty() {
                return Err(fail(
                    51107,
                    format!("{name}: found regex options specified in both 'regex' and 'options' fields"),
                ));
            }
            compiled(name, regex.pattern.as_str(), if own.is_empty() { options } else { own })?
        }
        _ if arguments.is_null(1) => return Ok(None),
        _ => return Err(fail(51105, format!("{name} needs 'regex' to be of type string or regex"))),
    };
    Ok(input.map(|text| (pattern, text)))
}

fn matches(arguments: &Arguments<'_>, most: usize) -> Result<Vec<Document>> {
    let Some((pattern, text)) = asked(arguments)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut from = 0;
    let (mut counted, mut characters) = (0, 0);
    while found.len() < most && from <= text.len() {
        let hit = pattern.find_at(text, from).map_err(|error| too_hard(arguments.name, &error))?;
        let Some(hit) = hit else { break };
        let (start, end) = hit.whole;
        characters += text.get(counted..start).map_or(0, |part| part.chars().count());
        counted = start;
        let slice = |(start, end): (usize, usize)| Bson::String(text.get(start..end).unwrap_or_default().to_owned());
        let mut document = Document::new();
        document.insert("match", slice((start, end)));
        document.insert("idx", count(characters));
        document.insert("captures", Bson::Array(hit.groups.into_iter().map(|g| g.map_or(Bson::Null, slice)).collect()));
        found.push(document);
        // An empty match moves on by one character.
        from = if end > start {
            end
        } else {
            end + text.get(end..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
        };
    }
    Ok(found)
}
