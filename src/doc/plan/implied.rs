//! Whether a partial index holds every document that a query asks for: its own conditions must follow from the
//! query's.

use crate::doc::index::Index;
use crate::doc::query::{Filter, is_operators};
use crate::value::collation::Collation;
use crate::value::order;
use bson::{Bson, Document};

/// Whether every document that matches the filter has an entry.
pub fn holds_all(index: &Index, filter: &Filter) -> bool {
    match &index.partial {
        None => true,
        Some(partial) if index.collation.is_some() || filter.collation().is_some() => {
            // What follows from what depends on the order of strings: only the same conditions count.
            let same = |(path, condition): (&String, &Bson)| filter.source().get(path) == Some(condition);
            let text = partial.source().values().any(|condition| Collation::concerns(condition.into()));
            match text {
                true => index.collation.as_ref() == filter.collation() && partial.source().iter().all(same),
                false => follows(filter.source(), partial.source()),
            }
        }
        Some(partial) => follows(filter.source(), partial.source()),
    }
}

fn follows(query: &Document, conditions: &Document) -> bool {
    conditions.iter().all(|(path, condition)| match (path.as_str(), condition) {
        ("$and", Bson::Array(clauses)) => {
            clauses.iter().filter_map(Bson::as_document).all(|clause| follows(query, clause))
        }
        ("$or", Bson::Array(clauses)) => {
            clauses.iter().filter_map(Bson::as_document).any(|clause| follows(query, clause))
        }
        (path, Bson::Document(operators)) if is_operators(operators) && operators.len() > 1 => {
            // Each operator is a condition of its own.
            operators.iter().all(|(operator, operand)| {
                let mut one = Document::new();
                one.insert(operator.as_str(), operand.clone());
                implied(query, path, &Bson::Document(one))
            })
        }
        (path, condition) => implied(query, path, condition),
    })
}

fn implied(query: &Document, path: &str, condition: &Bson) -> bool {
    let in_clauses = || {
        query.get_array("$and").is_ok_and(|clauses| {
            clauses.iter().any(|clause| clause.as_document().is_some_and(|clause| implied(clause, path, condition)))
        })
    };
    let Some(asked) = query.get(path) else { return in_clauses() };
    if asked == condition {
        return true;
    }
    let found = match asked {
        Bson::Document(operators) if is_operators(operators) => {
            operators.iter().any(|(operator, operand)| match operator.as_str() {
                "$eq" => satisfies(operand, condition),
                "$in" => match operand {
                    Bson::Array(values) => !values.is_empty() && values.iter().all(|value| satisfies(value, condition)),
                    _ => false,
                },
                _ => false,
            }) || stronger(operators, condition)
        }
        Bson::RegularExpression(_) => false,
        value => satisfies(value, condition),
    };
    found || in_clauses()
}

/// Whether a value by itself satisfies a condition.
fn satisfies(value: &Bson, condition: &Bson) -> bool {
    // Equality with null also holds for missing fields, which satisfy no `$exists`.
    if matches!(value, Bson::Null | Bson::RegularExpression(_)) {
        return false;
    }
    let mut probe = Document::new();
    let mut wanted = Document::new();
    probe.insert("v", value.clone());
    wanted.insert("v", condition.clone());
    Filter::new(&wanted).and_then(|filter| filter.matches(&probe)).unwrap_or(false)
}

/// `{ $gt: 10 }` implies `{ $gt: 5 }` and `{ $exists: true }`.
fn stronger(asked: &Document, condition: &Bson) -> bool {
    let Bson::Document(condition) = condition else { return false };
    let within = |operator: &str, limit: &Bson, both: [&str; 2], beyond: fn(std::cmp::Ordering) -> bool| {
        both.iter().any(|key| {
            asked.get(key).is_some_and(|value| {
                order::bracket(value) == order::bracket(limit)
                    && (beyond(order::compare(value, limit))
                        || order::equal(value, limit) && (*key == both[0] || operator == both[1]))
            })
        })
    };
    condition.iter().all(|(operator, limit)| match operator.as_str() {
        "$exists" => {
            limit == &Bson::Boolean(true)
                && asked.iter().any(|(key, operand)| {
                    matches!(key.as_str(), "$gt" | "$gte" | "$lt" | "$lte" | "$type" | "$regex" | "$size" | "$mod")
                        && !matches!(operand, Bson::Null | Bson::MinKey | Bson::MaxKey)
                })
        }
        "$gt" | "$gte" => within(operator, limit, ["$gt", "$gte"], std::cmp::Ordering::is_gt),
        "$lt" | "$lte" => within(operator, limit, ["$lt", "$lte"], std::cmp::Ordering::is_lt),
        _ => false,
    })
}
