//! `$group`: hashed, groups in the order of their first document.

use super::accumulator::{Accumulator, State};
use super::pipeline::{Compiled, Scope, object};
use super::row::{Blocking, Input, Row, Variation, pull};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Context, Error, Result};
use crate::value::order::BsonKey;
use crate::value::view::DocumentView;
use bson::{Bson, Document};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// Named accumulators, as `$group`, `$bucket` and `$bucketAuto` take them.
#[derive(Debug, Clone, Default)]
pub(super) struct Outputs(Vec<(String, Accumulator)>);

impl Outputs {
    /// Adds `name: {$accumulator: …}`.
    ///
    /// # Errors
    /// It is no accumulator.
    pub fn push(&mut self, name: &str, value: &Bson, scope: &Scope) -> Result<()> {
        let fail = |number: i32, message: String| Err(Error::new(Code::Location(number), message));
        if name.contains('.') {
            return fail(40235, format!("The field name '{name}' cannot contain '.'"));
        }
        if name.starts_with('$') {
            return fail(40236, format!("The field name '{name}' cannot be an operator name"));
        }
        let Bson::Document(document) = value else {
            return fail(40234, format!("The field '{name}' must be an accumulator object"));
        };
        let mut fields = document.iter();
        let (Some((operator, argument)), None) = (fields.next(), fields.next()) else {
            return fail(40238, format!("The field '{name}' must specify one accumulator"));
        };
        match Accumulator::parse(operator, argument, &scope.declared)? {
            Some(accumulator) => {
                self.0.push((name.to_owned(), accumulator));
                Ok(())
            }
            None => fail(15952, format!("unknown group operator '{operator}'")),
        }
    }

    /// Empty states for a group.
    pub fn start(&self, id: &Bson, variables: &Variables) -> Result<Vec<State>> {
        let key = match id {
            Bson::Document(key) => key.clone(),
            other => bson::doc! { "_id": other.clone() },
        };
        self.0.iter().map(|(_, accumulator)| accumulator.start(&key, variables)).collect()
    }

    /// Takes a document in.
    pub fn add(&self, states: &mut [State], document: DocumentView<'_>, variables: &Variables) -> Result<()> {
        for ((_, accumulator), state) in self.0.iter().zip(states) {
            state.add(accumulator.input(document, variables)?)?;
        }
        Ok(())
    }

    /// Writes the results into a document; missing ones as null.
    pub fn finish(&self, states: &[State], into: &mut Document) -> Result<()> {
        for ((name, _), state) in self.0.iter().zip(states) {
            into.insert(name.clone(), state.value()?.unwrap_or(Bson::Null));
        }
        Ok(())
    }
}

struct Group {
    id: Expression,
    outputs: Outputs,
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let document = object(15947, "$group", spec)?;
    let id = document
        .get("_id")
        .ok_or_else(|| Error::new(Code::Location(15955), "a group specification must include an _id"))?;
    let id = Expression::parse_with(id, &scope.declared)?;
    let mut outputs = Outputs::default();
    for (name, value) in document.iter().filter(|(name, _)| *name != "_id") {
        outputs.push(name, value, scope)?;
    }
    Ok(compiled(id, outputs))
}

/// A `$group` stage.
pub(super) fn compiled(id: Expression, outputs: Outputs) -> Compiled {
    let group = Rc::new(Group { id, outputs });
    Compiled::other("$group", move |input, variables| {
        let group = Rc::clone(&group);
        let variables = variables.clone();
        Blocking::boxed(input, move |input, cx| run(&group, input, &variables, cx))
    })
}

fn run(group: &Group, input: &mut Input, variables: &Variables, cx: &mut Context<'_>) -> Result<VecDeque<Row>> {
    let mut places: HashMap<BsonKey, usize> = HashMap::new();
    let mut groups: Vec<(Bson, Vec<State>)> = Vec::new();
    let mut at_row = Variation::new(variables);
    while let Some(row) = pull(input, cx)? {
        let variables = at_row.at(&row);
        let id = match group.id.evaluate(&row.document, variables)? {
            None | Some(Bson::Undefined) => Bson::Null,
            Some(id) => id,
        };
        let key = BsonKey(match &variables.collation {
            Some(collation) => collation.fold((&id).into()),
            None => id.clone(),
        });
        let place = match places.get(&key) {
            Some(place) => *place,
            None => {
                groups.push((id.clone(), group.outputs.start(&id, variables)?));
                places.insert(key, groups.len() - 1);
                groups.len() - 1
            }
        };
        if let Some((_, states)) = groups.get_mut(place) {
            group.outputs.add(states, row.document.view(), variables)?;
        }
    }
    groups
        .into_iter()
        .map(|(id, states)| {
            let mut document = Document::new();
            document.insert("_id", id);
            group.outputs.finish(&states, &mut document)?;
            Ok(Row::from(document))
        })
        .collect()
}
