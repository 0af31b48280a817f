//! `$sort`: stable; before a `$limit` it holds little more than that many rows.

use super::pipeline::{Compiled, Role, object};
use super::row::{Blocking, Input, Row, Variation, pull};
use super::sort_pattern::SortPattern;
use crate::doc::expression::Variables;
use crate::doc::{Context, Result};
use bson::Bson;
use std::collections::VecDeque;
use std::rc::Rc;

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    let document = object(15973, "$sort", spec)?;
    let pattern = SortPattern::parse(document)?;
    Ok(compiled(document.clone(), pattern, None))
}

/// A `$sort` stage of which only the first `limit` rows are wanted.
pub(super) fn compiled(document: bson::Document, pattern: SortPattern, limit: Option<u64>) -> Compiled {
    let shared = Rc::new(pattern.clone());
    let build = move |input: Input, variables: &Variables| {
        let pattern = Rc::clone(&shared);
        let variables = variables.clone();
        Blocking::boxed(input, move |input, cx| run(&pattern, limit, input, &variables, cx))
    };
    Compiled { name: "$sort", role: Role::Sort(document, pattern), build: Rc::new(build) }
}

fn run(
    pattern: &SortPattern,
    limit: Option<u64>,
    input: &mut Input,
    variables: &Variables,
    cx: &mut Context<'_>,
) -> Result<VecDeque<Row>> {
    let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let mut rows: Vec<(Vec<Bson>, Row)> = Vec::new();
    let mut at_row = Variation::new(variables);
    let order = |rows: &mut Vec<(Vec<Bson>, Row)>| {
        rows.sort_by(|a, b| pattern.compare(&a.0, &b.0));
        if let Some(limit) = limit {
            rows.truncate(limit);
        }
    };
    while let Some(row) = pull(input, cx)? {
        let key = pattern.key(&row.document, at_row.at(&row))?;
        rows.push((key, row));
        if limit.is_some_and(|limit| rows.len() > limit.saturating_mul(2).saturating_add(64)) {
            order(&mut rows);
        }
    }
    order(&mut rows);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
