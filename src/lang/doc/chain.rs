//! Calls on the database or a collection that the engine runs by itself: `db.users.find(…).sort(…)`.
//!
//! They are scripts, too; seen as what they are, they stream their answers and can be explained.

use crate::ast::doc::{CURSOR_MODIFIERS, Call, Chain};
use crate::ast::script::{Expression, Item, Node, Script, Statement};
use crate::text::Span;
use bson::Bson;

/// Methods of a cursor that read it.
const ENDS: &[&str] =
    &["toArray", "next", "tryNext", "hasNext", "count", "size", "itcount", "length", "explain", "getQueryPlan"];

/// Methods whose answer is something to call methods on.
const OBJECTS: &[&str] = &[
    "getSiblingDB",
    "getMongo",
    "getDB",
    "watch",
    "initializeOrderedBulkOp",
    "initializeUnorderedBulkOp",
    "getPlanCache",
];

/// The script as a chain of calls, if it is one.
///
/// # Errors
/// It is none: here it is again.
pub fn of_script(mut script: Script) -> Result<Chain, Script> {
    match script.body.pop() {
        Some(Statement::Expression(expression)) if script.body.is_empty() && is_chain(&expression) => {
            Ok(of_expression(expression))
        }
        last => {
            script.body.extend(last);
            Err(script)
        }
    }
}

/// One step from `db` outwards.
enum Link<'e> {
    Name(&'e str),
    Call(&'e [Item]),
}

/// Whether an expression is made of names and calls on `db`, and the engine runs all of them.
fn is_chain(expression: &Expression) -> bool {
    let mut links = Vec::new();
    let mut at = expression;
    loop {
        match &at.node {
            Node::Name(name) if &**name == "db" => break,
            Node::Member { object, name, optional: false } => {
                links.push(Link::Name(name));
                at = object;
            }
            Node::Call { callee, args, optional: false, is_new: false } => {
                links.push(Link::Call(args));
                at = callee;
            }
            _ => return false,
        }
    }
    let mut methods: Vec<&str> = Vec::new();
    let mut named = false;
    let mut links = links.into_iter().rev().peekable();
    while let Some(link) = links.next() {
        match (link, links.next_if(|next| matches!(next, Link::Call(_)))) {
            (Link::Name("getCollection"), Some(Link::Call([Item::One(name)]))) if !named && methods.is_empty() => {
                if !matches!(name.node, Node::Constant(Bson::String(_))) {
                    return false;
                }
                named = true;
            }
            (Link::Name(method), Some(Link::Call(args))) if args.iter().all(|arg| matches!(arg, Item::One(_))) => {
                methods.push(method);
            }
            // Names behind a call are fields of its answer.
            (Link::Name(_), None) if methods.is_empty() => named = true,
            _ => return false,
        }
    }
    runs_alone(&methods)
}

fn of_expression(expression: Expression) -> Chain {
    let span = expression.span;
    let mut names: Vec<String> = Vec::new();
    let mut calls: Vec<Call> = Vec::new();
    let mut pending: Option<Vec<Item>> = None;
    let mut at = expression;
    loop {
        match at.node {
            Node::Member { object, name, .. } => {
                let span = Span::new(at.span.end.saturating_sub(name.len()), at.span.end);
                match pending.take() {
                    Some(args) => calls.push(Call { method: name.to_string(), args: values(args), span }),
                    None => names.push(name.to_string()),
                }
                at = *object;
            }
            Node::Call { callee, args, .. } => {
                pending = Some(args);
                at = *callee;
            }
            _ => break,
        }
    }
    names.reverse();
    calls.reverse();
    if let Some(Call { method, args, .. }) = calls.first()
        && method == "getCollection"
        && let [Expression { node: Node::Constant(Bson::String(name)), .. }] = args.as_slice()
    {
        names.insert(0, name.clone());
        calls.remove(0);
    }
    let collection = (!names.is_empty()).then(|| names.join("."));
    Chain { collection, calls, span }
}

fn values(items: Vec<Item>) -> Vec<Expression> {
    let value = |item| match item {
        Item::One(value) | Item::Spread(value) => Some(value),
        Item::Hole => None,
    };
    items.into_iter().filter_map(value).collect()
}

/// Whether the engine runs all of these methods.
fn runs_alone(calls: &[&str]) -> bool {
    let Some((first, rest)) = calls.split_first() else { return true };
    let Some((last, middle)) = rest.split_last() else { return !OBJECTS.contains(first) };
    match *first {
        "find" | "aggregate" => {
            middle.iter().all(|method| CURSOR_MODIFIERS.contains(method))
                && (CURSOR_MODIFIERS.contains(last) || ENDS.contains(last))
        }
        "explain" => true,
        _ => false,
    }
}
