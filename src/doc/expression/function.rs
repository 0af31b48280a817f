//! `$function`: a function of the query's author, called with evaluated arguments.

use super::node::{Node, Value};
use super::operator::{Operator, fail, special};
use super::parse::Parser;
use super::scope::Scope;
use crate::doc::{Error, Result};
use crate::script::StoredFunction;
use bson::Bson;
use std::borrow::Cow;

pub(super) const OPERATORS: &[Operator] = &[special("$function", parse)];

/// `$function`
#[derive(Debug, Clone)]
pub(super) struct Function {
    body: StoredFunction,
    args: Node,
}

impl Function {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let args = match self.args.evaluate(scope)?.map(Cow::into_owned) {
            Some(Bson::Array(args)) => args,
            _ => return Err(fail(4_660_809, "The args field must be of type array")),
        };
        Ok(Some(Cow::Owned(self.body.call(None, args).map_err(Error::in_function)?)))
    }
}

fn parse(_: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let Bson::Document(spec) = argument else {
        return Err(fail(4_660_800, "The specification for $function must be an object"));
    };
    for key in spec.keys() {
        if !["body", "args", "lang"].contains(&key.as_str()) {
            return Err(fail(4_660_806, format!("$function: unknown argument {key}")));
        }
    }
    let body = spec.get("body").ok_or_else(|| fail(4_660_802, "The body function must be specified."))?;
    let args = spec.get("args").ok_or_else(|| fail(4_660_804, "The args field must be specified."))?;
    check_language("$function", spec.get("lang"))?;
    Ok(Node::Function(Box::new(Function { body: read("body", body)?, args: parser.operand(args)? })))
}

/// The text of a function, compiled.
///
/// # Errors
/// It is no text, or no function.
pub(in crate::doc) fn read(field: &str, value: &Bson) -> Result<StoredFunction> {
    match value {
        Bson::String(source) | Bson::JavaScriptCode(source) => StoredFunction::new(source).map_err(Error::in_function),
        Bson::JavaScriptCodeWithScope(code) => {
            StoredFunction::with_variables(&code.code, code.scope.clone()).map_err(Error::in_function)
        }
        _ => Err(fail(4_660_803, format!("The {field} function must be a string or code"))),
    }
}

/// Refuses all languages but JavaScript.
///
/// # Errors
/// `lang` is missing or another one.
pub(in crate::doc) fn check_language(operator: &str, language: Option<&Bson>) -> Result<()> {
    match language {
        Some(Bson::String(language)) if language == "js" => Ok(()),
        None => Err(fail(4_660_805, "The lang field must be specified.")),
        Some(_) => Err(fail(4_660_807, format!("{operator} requires 'lang' to be 'js'"))),
    }
}
