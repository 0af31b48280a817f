//! From BSON to the compiled tree.

use super::node::{Call, Node, undefined_variable};
use super::operator::{Arguments, Form, Operator, fail, find, names};
use crate::doc::{Code, Error, Result};
use crate::value::collation::Collation;
use bson::{Bson, Document};

/// The deepest nesting of an expression.
const MAX_DEPTH: usize = 150;

/// Compiles expressions; knows which variables are in scope.
pub(super) struct Parser<'p> {
    /// Variables of the surrounding pipeline; `None` if they are not known.
    declared: Option<&'p [String]>,
    /// Variables bound inside the expression, the innermost last.
    bound: Vec<String>,
    depth: usize,
}

impl<'p> Parser<'p> {
    pub fn new(declared: Option<&'p [String]>) -> Self {
        Parser { declared, bound: Vec::new(), depth: 0 }
    }

    /// Any expression: a string may be a path or a variable, an object an operator or a literal object.
    pub fn operand(&mut self, value: &Bson) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::new(
                Code::FailedToParse,
                format!("an expression may be nested {MAX_DEPTH} levels deep at most"),
            ));
        }
        let node = match value {
            Bson::String(text) if text.starts_with('$') => self.path(text),
            Bson::Array(items) => self.array(items),
            Bson::Document(document) => match legacy_regex(document) {
                Some(regex) => Ok(Node::Constant(regex)),
                None => self.object(document),
            },
            other => Ok(Node::Constant(other.clone())),
        };
        self.depth -= 1;
        node
    }

    /// Compiles `value` with more variables in scope.
    pub fn operand_with(&mut self, names: &[String], value: &Bson) -> Result<Node> {
        let before = self.bound.len();
        self.bound.extend_from_slice(names);
        let node = self.operand(value);
        self.bound.truncate(before);
        node
    }

    fn array(&mut self, items: &[Bson]) -> Result<Node> {
        let nodes = items.iter().map(|item| self.operand(item)).collect::<Result<Vec<_>>>()?;
        if nodes.iter().all(|node| matches!(node, Node::Constant(_))) {
            let values = nodes.into_iter().filter_map(|node| match node {
                Node::Constant(value) => Some(value),
                _ => None,
            });
            return Ok(Node::Constant(Bson::Array(values.collect())));
        }
        Ok(Node::Array(nodes))
    }

    fn object(&mut self, document: &Document) -> Result<Node> {
        let mut fields = document.iter();
        if let Some((name, argument)) = fields.next()
            && name.starts_with('$')
        {
            if fields.next().is_some() {
                return Err(fail(
                    15983,
                    format!(
                        "an object representing an expression must have exactly one field: {}",
                        crate::doc::expression::literal::show(document)
                    ),
                ));
            }
            return self.operator(name, argument);
        }
        let mut nodes = Vec::with_capacity(document.len());
        for (name, value) in document {
            check_field_name(name)?;
            nodes.push((name.clone(), self.operand(value)?));
        }
        if nodes.iter().all(|(_, node)| matches!(node, Node::Constant(_))) {
            let constant = nodes.into_iter().filter_map(|(name, node)| match node {
                Node::Constant(value) => Some((name, value)),
                _ => None,
            });
            return Ok(Node::Constant(Bson::Document(constant.collect())));
        }
        Ok(Node::Object(nodes))
    }

    fn operator(&mut self, name: &str, argument: &Bson) -> Result<Node> {
        let Some(operator) = find(name) else {
            let error = Error::new(Code::InvalidPipelineOperator, format!("Unrecognized expression '{name}'"));
            let nearest = crate::text::suggest::nearest(name, names(), 3);
            return Err(if nearest.is_empty() {
                error
            } else {
                error.hint(format!("did you mean {}?", nearest.join(", ")))
            });
        };
        match operator.form {
            Form::Special(parse) => parse(operator.name, argument, self),
            Form::Named(fields, required, _) => {
                let arguments = self.named(operator.name, argument, fields, required)?;
                fold(operator, arguments)
            }
            Form::Positional(min, max, _) | Form::Volatile(min, max, _) => {
                let arguments = self.positional(operator.name, argument, min, max)?;
                fold(operator, arguments.into_iter().map(Some).collect())
            }
        }
    }

    /// Arguments in an array, or one alone.
    pub fn positional(&mut self, name: &str, argument: &Bson, min: usize, max: usize) -> Result<Vec<Node>> {
        let nodes = match argument {
            Bson::Array(items) => items.iter().map(|item| self.operand(item)).collect::<Result<Vec<_>>>()?,
            other => vec![self.operand(other)?],
        };
        let count = nodes.len();
        if min == max && count != min {
            return Err(fail(
                16020,
                format!("Expression {name} takes exactly {min} arguments. {count} were passed in."),
            ));
        }
        if count < min || count > max {
            let message = if max == usize::MAX {
                format!("Expression {name} takes at least {min} arguments, but {count} were passed in.")
            } else {
                format!(
                    "Expression {name} takes at least {min} arguments, and at most {max}, but {count} were passed in."
                )
            };
            return Err(fail(28667, message));
        }
        Ok(nodes)
    }

    /// Arguments in an object, in the order of `fields`.
    pub fn named(
        &mut self,
        name: &str,
        argument: &Bson,
        fields: &[&str],
        required: usize,
    ) -> Result<Vec<Option<Node>>> {
        let Bson::Document(document) = argument else {
            return Err(failed(format!("{name} only supports an object as its argument")));
        };
        for key in document.keys() {
            if !fields.contains(&key.as_str()) {
                return Err(failed(format!("Unrecognized argument to {name}: {key}")));
            }
        }
        let mut nodes = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            match document.get(field) {
                Some(value) => nodes.push(Some(self.operand(value)?)),
                None if index < required => {
                    return Err(failed(format!("Missing '{field}' parameter to {name}")));
                }
                None => nodes.push(None),
            }
        }
        Ok(nodes)
    }

    /// `$a.b` or `$$variable.a.b`.
    fn path(&mut self, text: &str) -> Result<Node> {
        if let Some(variable) = text.strip_prefix("$$") {
            return self.variable(variable);
        }
        let path = split_path(&text[1..])?;
        if self.bound.iter().any(|name| name == "CURRENT") {
            return Ok(Node::Variable("CURRENT".to_owned(), path));
        }
        Ok(Node::Field(path))
    }

    fn variable(&mut self, text: &str) -> Result<Node> {
        let (name, path) = match text.split_once('.') {
            Some((name, path)) => (name, split_path(path)?),
            None => (text, Vec::new()),
        };
        if name.is_empty() {
            return Err(Error::new(Code::FailedToParse, "empty variable names are not allowed"));
        }
        if self.bound.iter().any(|bound| bound == name) {
            return Ok(Node::Variable(name.to_owned(), path));
        }
        Ok(match name {
            "ROOT" => Node::Root(path),
            "CURRENT" if path.is_empty() => Node::Current,
            "CURRENT" => Node::Field(path),
            "REMOVE" => Node::Missing,
            "NOW" | "CLUSTER_TIME" if path.is_empty() => Node::Now,
            "NOW" | "CLUSTER_TIME" => Node::Missing,
            "DESCEND" | "PRUNE" | "KEEP" if path.is_empty() => {
                Node::Constant(Bson::Symbol(format!("$${}", name.to_ascii_lowercase())))
            }
            _ => {
                if self.declared.is_some_and(|declared| !declared.iter().any(|known| known == name)) {
                    return Err(undefined_variable(name));
                }
                Node::Variable(name.to_owned(), path)
            }
        })
    }
}

/// Evaluates an operator whose arguments are constant, once and for all. As in MongoDB, one that fails
/// makes the whole expression fail, even in a branch that is never taken.
fn fold(operator: &'static Operator, arguments: Vec<Option<Node>>) -> Result<Node> {
    let function = match operator.form {
        Form::Positional(_, _, function) | Form::Named(_, _, function) => function,
        _ => return Ok(Node::Call(Call { operator, arguments })),
    };
    // How strings compare is known only when the expression runs.
    let collated = |value: &Bson| operator.is_collated() && Collation::concerns(value.into());
    let constant = arguments.iter().all(|argument| match argument {
        None => true,
        Some(Node::Constant(value)) => !collated(value),
        Some(_) => false,
    });
    if constant {
        let values: Vec<_> = arguments
            .iter()
            .map(|argument| match argument {
                Some(Node::Constant(value)) => Some(std::borrow::Cow::Borrowed(value)),
                _ => None,
            })
            .collect();
        let answer = function(&Arguments { name: operator.name, values: &values, nodes: &arguments, collation: None });
        return Ok(answer?.map_or(Node::Missing, Node::Constant));
    }
    Ok(Node::Call(Call { operator, arguments }))
}

/// `{$regex: "…", $options: "…"}`: a regular expression in legacy Extended JSON.
fn legacy_regex(document: &Document) -> Option<Bson> {
    let pattern = match document.get("$regex") {
        Some(Bson::String(pattern)) => bson::raw::CString::try_from(pattern.as_str()).ok()?,
        Some(Bson::RegularExpression(regex)) => regex.pattern.clone(),
        _ => return None,
    };
    let options = match (document.get("$options"), document.len()) {
        (None, 1) => bson::raw::CString::try_from("").ok()?,
        (Some(Bson::String(options)), 2) => bson::raw::CString::try_from(options.as_str()).ok()?,
        _ => return None,
    };
    Some(Bson::RegularExpression(bson::Regex { pattern, options }))
}

/// The components of a path, checked.
pub(crate) fn split_path(path: &str) -> Result<Vec<String>> {
    if path.is_empty() {
        return Err(fail(16872, "'$' by itself is not a valid FieldPath"));
    }
    if path.ends_with('.') {
        return Err(fail(40353, "FieldPath must not end with a '.'."));
    }
    path.split('.')
        .map(|component| {
            if component.is_empty() {
                return Err(fail(15998, "FieldPath field names may not be empty strings."));
            }
            if component.starts_with('$') {
                return Err(fail(
                    16410,
                    "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
                ));
            }
            if component.contains('\0') {
                return Err(fail(16411, "FieldPath field names may not contain '\\0'."));
            }
            Ok(component.to_owned())
        })
        .collect()
}

fn check_field_name(name: &str) -> Result<()> {
    if name.contains('.') {
        return Err(fail(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField."));
    }
    if name.starts_with('$') {
        return Err(fail(
            16410,
            "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
        ));
    }
    Ok(())
}

pub(super) fn failed(message: impl Into<String>) -> Error {
    Error::new(Code::FailedToParse, message)
}
