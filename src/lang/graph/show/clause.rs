//! Queries and their clauses.

use super::expression::expression;
use super::pattern::pattern;
use super::{name_to, separated};
use crate::ast::graph::{
    Batches, Clause, ClauseKind, Expr, ExprKind, Key, Label, MatchMode, Name, OnError, Page, ProcedureCall, Projection,
    ProjectionItem, Query, RemoveItem, SetItem, SingleQuery, SortItem, UnionKind, YieldItem,
};

/// Single queries joined by UNION.
pub(super) fn query(out: &mut String, query: &Query) {
    single(out, &query.first);
    for (kind, next) in &query.unions {
        out.push_str(if *kind == UnionKind::All { " UNION ALL " } else { " UNION " });
        single(out, next);
    }
    if let Some(next) = &query.next {
        out.push_str(" NEXT ");
        self::query(out, next);
    }
}

fn single(out: &mut String, query: &SingleQuery) {
    separated(out, " ", &query.clauses, clause);
}

fn word_and(out: &mut String, word: &str, expr: Option<&Expr>) {
    if let Some(expr) = expr {
        out.push_str(word);
        expression(out, expr);
    }
}

fn clause(out: &mut String, clause: &Clause) {
    match &clause.kind {
        ClauseKind::Match { optional, mode, patterns, filter } => {
            out.push_str(if *optional { "OPTIONAL MATCH " } else { "MATCH " });
            if *mode == MatchMode::RepeatableElements {
                out.push_str("REPEATABLE ELEMENTS ");
            }
            separated(out, ", ", patterns, pattern);
            word_and(out, " WHERE ", filter.as_ref());
        }
        ClauseKind::Unwind { list, variable } => {
            word_and(out, "UNWIND ", Some(list));
            named(out, " AS ", variable);
        }
        ClauseKind::With(body) => projection(out, "WITH ", body),
        ClauseKind::Return(body) => projection(out, "RETURN ", body),
        ClauseKind::Create { patterns } => {
            out.push_str("CREATE ");
            separated(out, ", ", patterns, pattern);
        }
        ClauseKind::Merge { pattern: path, on_create, on_match } => {
            out.push_str("MERGE ");
            pattern(out, path);
            for (word, items) in [(" ON CREATE SET ", on_create), (" ON MATCH SET ", on_match)] {
                if !items.is_empty() {
                    out.push_str(word);
                    separated(out, ", ", items, set_item);
                }
            }
        }
        ClauseKind::Set(items) => {
            out.push_str("SET ");
            separated(out, ", ", items, set_item);
        }
        ClauseKind::Remove(items) => {
            out.push_str("REMOVE ");
            separated(out, ", ", items, remove_item);
        }
        ClauseKind::Delete { detach, targets } => {
            out.push_str(if *detach { "DETACH DELETE " } else { "DELETE " });
            separated(out, ", ", targets, expression);
        }
        ClauseKind::Foreach { variable, list, body } => {
            named(out, "FOREACH (", variable);
            word_and(out, " IN ", Some(list));
            out.push_str(" | ");
            separated(out, " ", body, self::clause);
            out.push(')');
        }
        ClauseKind::Call(call) => procedure(out, call),
        ClauseKind::Subquery { optional, imports, import_all, query: inner, batches } => {
            out.push_str(if *optional { "OPTIONAL CALL " } else { "CALL " });
            if *import_all {
                out.push_str("(*) ");
            } else if let Some(names) = imports {
                out.push('(');
                separated(out, ", ", names, |out, name| name_to(out, &name.text));
                out.push_str(") ");
            }
            out.push_str("{ ");
            query(out, inner);
            out.push_str(" }");
            batches.iter().for_each(|batches| in_transactions(out, batches));
        }
        ClauseKind::Conditional { branches, otherwise } => {
            for (at, (condition, then)) in branches.iter().enumerate() {
                word_and(out, if at == 0 { "WHEN " } else { " WHEN " }, Some(condition));
                out.push_str(" THEN { ");
                query(out, then);
                out.push_str(" }");
            }
            if let Some(otherwise) = otherwise {
                out.push_str(" ELSE { ");
                query(out, otherwise);
                out.push_str(" }");
            }
        }
        ClauseKind::Let(bindings) => {
            out.push_str("LET ");
            separated(out, ", ", bindings, |out, (name, value)| {
                name_to(out, &name.text);
                word_and(out, " = ", Some(value));
            });
        }
        ClauseKind::Filter(condition) => word_and(out, "FILTER ", Some(condition)),
        ClauseKind::Page(body) => {
            let at = out.len();
            page(out, body);
            // The clause begins with its word, not with a blank.
            if out[at..].starts_with(' ') {
                out.remove(at);
            }
        }
        ClauseKind::Finish => out.push_str("FINISH"),
        ClauseKind::LoadCsv { with_headers, url, variable, terminator } => {
            word_and(out, if *with_headers { "LOAD CSV WITH HEADERS FROM " } else { "LOAD CSV FROM " }, Some(url));
            named(out, " AS ", variable);
            word_and(out, " FIELDTERMINATOR ", terminator.as_ref());
        }
    }
}

fn in_transactions(out: &mut String, batches: &Batches) {
    out.push_str(" IN TRANSACTIONS");
    if let Some(rows) = &batches.rows {
        word_and(out, " OF ", Some(rows));
        out.push_str(" ROWS");
    }
    match batches.on_error {
        OnError::Fail => {}
        OnError::Continue => out.push_str(" ON ERROR CONTINUE"),
        OnError::Break => out.push_str(" ON ERROR BREAK"),
    }
    batches.status.iter().for_each(|name| named(out, " REPORT STATUS AS ", name));
}

fn named(out: &mut String, word: &str, name: &Name) {
    out.push_str(word);
    name_to(out, &name.text);
}

pub(super) fn projection(out: &mut String, word: &str, body: &Projection) {
    out.push_str(word);
    if body.distinct {
        out.push_str("DISTINCT ");
    }
    if body.star {
        out.push_str(if body.items.is_empty() { "*" } else { "*, " });
    }
    separated(out, ", ", &body.items, projection_item);
    page(out, &body.page);
    word_and(out, " WHERE ", body.filter.as_ref());
}

fn page(out: &mut String, body: &Page) {
    if !body.order_by.is_empty() {
        out.push_str(" ORDER BY ");
        separated(out, ", ", &body.order_by, |out, item: &SortItem| {
            expression(out, &item.expr);
            if item.descending {
                out.push_str(" DESC");
            }
        });
    }
    word_and(out, " SKIP ", body.skip.as_ref());
    word_and(out, " LIMIT ", body.limit.as_ref());
}

fn projection_item(out: &mut String, item: &ProjectionItem) {
    match &item.alias {
        Some(alias) => {
            expression(out, &item.expr);
            named(out, " AS ", alias);
        }
        // The text is the column's name: it stays as it was written.
        None if !item.text.is_empty() => out.push_str(&item.text),
        None => expression(out, &item.expr),
    }
}

fn set_item(out: &mut String, item: &SetItem) {
    match item {
        SetItem::Property { target, key, value } => {
            property(out, target, key);
            word_and(out, " = ", Some(value));
        }
        SetItem::All { target, merge, value } => {
            name_to(out, &target.text);
            word_and(out, if *merge { " += " } else { " = " }, Some(value));
        }
        SetItem::Labels { target, labels } => label_list(out, target, labels),
    }
}

fn remove_item(out: &mut String, item: &RemoveItem) {
    match item {
        RemoveItem::Property { target, key } => property(out, target, key),
        RemoveItem::Labels { target, labels } => label_list(out, target, labels),
    }
}

fn property(out: &mut String, target: &Expr, key: &Key) {
    let target_box = Box::new(target.clone());
    let kind = match key {
        Key::Name(name) => ExprKind::Property(target_box, name.clone()),
        Key::Dynamic(key) => ExprKind::Index(target_box, Box::new(key.clone())),
    };
    expression(out, &Expr { kind, span: target.span });
}

fn label_list(out: &mut String, target: &Name, labels: &[Label]) {
    name_to(out, &target.text);
    for label in labels {
        out.push(':');
        match label {
            Label::Name(name) => name_to(out, name),
            Label::Dynamic(names) => {
                word_and(out, "$(", Some(names));
                out.push(')');
            }
        }
    }
}

fn procedure(out: &mut String, call: &ProcedureCall) {
    out.push_str(if call.optional { "OPTIONAL CALL " } else { "CALL " });
    separated(out, ".", &call.name.split('.').collect::<Vec<_>>(), |out, part| name_to(out, part));
    if let Some(args) = &call.args {
        out.push('(');
        separated(out, ", ", args, expression);
        out.push(')');
    }
    match &call.yields {
        _ if call.yield_all => out.push_str(" YIELD *"),
        Some(items) if items.is_empty() => out.push_str(" YIELD -"),
        Some(items) => {
            out.push_str(" YIELD ");
            separated(out, ", ", items, yield_item);
        }
        None => {}
    }
    word_and(out, " WHERE ", call.filter.as_ref());
}

fn yield_item(out: &mut String, item: &YieldItem) {
    name_to(out, &item.column.text);
    if let Some(alias) = &item.alias {
        named(out, " AS ", alias);
    }
}
