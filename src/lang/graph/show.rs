//! Statements back to text: `parse(show(statement))` is the statement again, spans aside.

mod clause;
mod expression;
mod pattern;

use crate::ast::graph::{CreateConstraint, Rule, Show, Statement, Subject, Target};

/// The text of a statement, in one line.
pub fn show(statement: &Statement) -> String {
    let mut out = String::new();
    match statement {
        Statement::Query(query) => clause::query(&mut out, query),
        Statement::CreateIndex(index) => {
            head(&mut out, "INDEX", index.name.as_deref(), index.if_not_exists);
            target(&mut out, &index.target, " ON ");
        }
        Statement::CreateConstraint(constraint) => create_constraint(&mut out, constraint),
        Statement::DropIndex { name, if_exists } => drop(&mut out, "DROP INDEX ", name, *if_exists),
        Statement::DropConstraint { name, if_exists } => drop(&mut out, "DROP CONSTRAINT ", name, *if_exists),
        Statement::Show(listed) => show_schema(&mut out, listed),
    }
    out
}

/// `CREATE … [name] [IF NOT EXISTS] FOR …`
fn head(out: &mut String, what: &str, name: Option<&str>, if_not_exists: bool) {
    out.push_str("CREATE ");
    out.push_str(what);
    out.push(' ');
    if let Some(name) = name {
        name_to(out, name);
        out.push(' ');
    }
    if if_not_exists {
        out.push_str("IF NOT EXISTS ");
    }
}

/// `FOR (x:Label) ON (x.key, …)`
fn target(out: &mut String, target: &Target, between: &str) {
    out.push_str(if target.on_relationships { "FOR ()-[x:" } else { "FOR (x:" });
    name_to(out, &target.label);
    out.push_str(if target.on_relationships { "]-()" } else { ")" });
    out.push_str(between);
    out.push('(');
    separated(out, ", ", &target.properties, |out, key| {
        out.push_str("x.");
        name_to(out, key);
    });
    out.push(')');
}

fn create_constraint(out: &mut String, constraint: &CreateConstraint) {
    head(out, "CONSTRAINT", constraint.name.as_deref(), constraint.if_not_exists);
    target(out, &constraint.target, " REQUIRE ");
    match &constraint.rule {
        Rule::Unique => out.push_str(" IS UNIQUE"),
        Rule::Exists => out.push_str(" IS NOT NULL"),
        Rule::Key => out.push_str(" IS KEY"),
        Rule::Type(wanted) => out.push_str(&format!(" IS :: {wanted}")),
    }
}

fn drop(out: &mut String, what: &str, name: &str, if_exists: bool) {
    out.push_str(what);
    name_to(out, name);
    if if_exists {
        out.push_str(" IF EXISTS");
    }
}

fn show_schema(out: &mut String, show: &Show) {
    out.push_str("SHOW ");
    match show.subject {
        Subject::Indexes => out.push_str("INDEXES"),
        Subject::Procedures => out.push_str("PROCEDURES"),
        Subject::Functions => out.push_str("FUNCTIONS"),
        Subject::Constraints(shown) => {
            if let Some(shown) = shown {
                match shown.on_relationships {
                    Some(true) => out.push_str("RELATIONSHIP "),
                    Some(false) => out.push_str("NODE "),
                    None => {}
                }
                out.push_str(match shown.kind {
                    "UNIQUENESS" => "UNIQUE",
                    "EXISTENCE" => "EXIST",
                    other => other,
                });
                out.push(' ');
            }
            out.push_str("CONSTRAINTS");
        }
    }
    if let Some(yields) = &show.yields {
        clause::projection(out, " YIELD ", yields);
    }
    if let Some(filter) = &show.filter {
        out.push_str(" WHERE ");
        expression::expression(out, filter);
    }
    if let Some(returns) = &show.returns {
        clause::projection(out, " RETURN ", returns);
    }
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
