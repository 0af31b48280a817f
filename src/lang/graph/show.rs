//! Statements back to text: `parse(show(statement))` is the statement again, spans aside.

mod clause;
mod expression;
mod pattern;

use crate::ast::graph::{CreateIndex, Statement};

/// The text of a statement, in one line.
pub fn show(statement: &Statement) -> String {
    let mut out = String::new();
    match statement {
        Statement::Query(query) => clause::query(&mut out, query),
        Statement::CreateIndex(index) => create_index(&mut out, index),
        Statement::DropIndex { name, if_exists } => {
            out.push_str("DROP INDEX ");
            name_to(&mut out, name);
            if *if_exists {
                out.push_str(" IF EXISTS");
            }
        }
        Statement::Show(what) => {
            out.push_str("SHOW ");
            out.push_str(what);
        }
    }
    out
}

fn create_index(out: &mut String, index: &CreateIndex) {
    out.push_str("CREATE INDEX ");
    if let Some(name) = &index.name {
        name_to(out, name);
        out.push(' ');
    }
    if index.if_not_exists {
        out.push_str("IF NOT EXISTS ");
    }
    out.push_str(if index.on_relationships { "FOR ()-[x:" } else { "FOR (x:" });
    name_to(out, &index.label);
    out.push_str(if index.on_relationships { "]-() ON (" } else { ") ON (" });
    separated(out, ", ", &index.properties, |out, key| {
        out.push_str("x.");
        name_to(out, key);
    });
    out.push(')');
}

/// A name, always in backticks: then it is never mistaken for a keyword.
fn name_to(out: &mut String, name: &str) {
    out.push('`');
    out.push_str(&name.replace('`', "``"));
    out.push('`');
}

fn separated<T>(out: &mut String, between: &str, items: &[T], mut one: impl FnMut(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        one(out, item);
    }
}
