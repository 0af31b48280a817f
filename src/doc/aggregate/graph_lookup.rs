//! `$graphLookup`: a breadth-first walk over the documents of a collection.

use super::join::{Hashed, local_keys};
use super::pipeline::{Compiled, Pipeline, Role, Scope, known_fields, object};
use super::row::{Input, Row, Stage, Variation, pull};
use super::{from, limit, matching, nested, source};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Context, Error, Result};
use crate::value::key;
use crate::value::view::View;
use bson::Bson;
use std::collections::HashSet;
use std::rc::Rc;

struct Walk {
    from: String,
    start: Expression,
    connect_from: String,
    connect_to: String,
    target: Vec<String>,
    max_depth: Option<u64>,
    depth_field: Option<Vec<String>>,
    restriction: Pipeline,
}

struct Running {
    input: Input,
    walk: Rc<Walk>,
    variables: Variables,
    at_row: Variation,
    hashed: Option<Hashed>,
}

impl Stage for Running {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        let Some(mut row) = pull(&mut self.input, cx)? else { return Ok(None) };
        if self.hashed.is_none() {
            let mut rows = source::run(cx, Some(&self.walk.from), &self.walk.restriction, &self.variables, None)?;
            self.hashed = Some(Hashed::new("$graphLookup", &mut rows, &self.walk.connect_to, &self.variables, cx)?);
        }
        let start = self.walk.start.evaluate(&row.document, self.at_row.at(&row))?;
        let found = self.reach(start, cx)?;
        nested::set(&mut row.document, &self.walk.target, Bson::Array(found));
        Ok(Some(row))
    }
}

impl Running {
    fn reach(&self, start: Option<Bson>, cx: &Context<'_>) -> Result<Vec<Bson>> {
        let Some(hashed) = &self.hashed else { return Ok(Vec::new()) };
        let mut frontier = match start {
            Some(Bson::Array(items)) => items.iter().map(key::of).collect(),
            Some(value) => vec![key::of(&value)],
            None => vec![key::of(View::Null)],
        };
        let nowhere = key::of(View::Null);
        let mut asked: HashSet<Vec<u8>> = frontier.iter().cloned().collect();
        let mut visited = HashSet::new();
        let mut found = Vec::new();
        let mut depth = 0u64;
        while !frontier.is_empty() && self.walk.max_depth.is_none_or(|most| depth <= most) {
            cx.tx.check_interrupt()?;
            let mut next = Vec::new();
            for place in hashed.find(&frontier) {
                if !visited.insert(place) {
                    continue;
                }
                let mut document = hashed.row(place)?.document.into_document();
                for key in local_keys((&document).into(), &self.walk.connect_from, self.variables.collation.as_ref()) {
                    // A missing link leads nowhere.
                    if key != nowhere && asked.insert(key.clone()) {
                        next.push(key);
                    }
                }
                if let Some(path) = &self.walk.depth_field {
                    nested::set_in(&mut document, path, Bson::Int64(i64::try_from(depth).unwrap_or(i64::MAX)));
                }
                found.push(Bson::Document(document));
            }
            frontier = next;
            depth += 1;
        }
        Ok(found)
    }
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let spec = object(40327, "$graphLookup", spec)?;
    const FIELDS: &[&str] = &[
        "from",
        "startWith",
        "connectFromField",
        "connectToField",
        "as",
        "maxDepth",
        "depthField",
        "restrictSearchWithMatch",
    ];
    known_fields(40104, "$graphLookup", spec, FIELDS)?;
    let missing = || {
        Error::new(
            Code::Location(40105),
            "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
        )
    };
    let text = |name: &str| match spec.get(name) {
        None => Ok(None),
        Some(Bson::String(text)) => Ok(Some(text.clone())),
        Some(other) => {
            Err(Error::new(Code::Location(40103), format!("expected string as argument for {name}, found: {other}")))
        }
    };
    let connect_from = text("connectFromField")?.ok_or_else(missing)?;
    let connect_to = text("connectToField")?.ok_or_else(missing)?;
    super::field_path(&connect_from)?;
    super::field_path(&connect_to)?;
    let max_depth = match spec.get("maxDepth") {
        None => None,
        Some(depth) => Some(limit::whole("maxDepth of $graphLookup", 40101, depth)?),
    };
    let mut restriction = Pipeline::default();
    if let Some(filter) = spec.get("restrictSearchWithMatch") {
        let stage = matching::parse(filter)
            .map_err(|_| Error::new(Code::Location(40185), "restrictSearchWithMatch must be an object"))?;
        debug_assert!(matches!(stage.role, Role::Match(_)));
        restriction.stages.push(stage);
    }
    let walk = Rc::new(Walk {
        from: from::collection("$graphLookup", spec.get("from").ok_or_else(missing)?)?,
        start: Expression::parse_with(spec.get("startWith").ok_or_else(missing)?, &scope.declared)?,
        connect_from,
        connect_to,
        target: super::field_path(&text("as")?.ok_or_else(missing)?)?,
        max_depth,
        depth_field: text("depthField")?.map(|path| super::field_path(&path)).transpose()?,
        restriction,
    });
    Ok(Compiled::other("$graphLookup", move |input, variables| {
        Box::new(Running {
            input,
            walk: Rc::clone(&walk),
            variables: variables.clone(),
            at_row: Variation::new(variables),
            hashed: None,
        })
    }))
}
