//! `$group`: hashed, groups in the order of their first document; those that outgrow their memory are partitioned.

use super::accumulator::{Accumulator, State};
use super::pipeline::{Compiled, Scope, object};
use super::row::{Input, Row, Stage, Variation, pull};
use crate::doc::expression::{Expression, Variables};
use crate::doc::spill::{Budget, Part, Spool, Spooled, bytes_of};
use crate::doc::{Code, Context, Error, Result};
use crate::value::key;
use crate::value::order::BsonKey;
use crate::value::view::DocumentView;
use bson::{Bson, Document};
use std::collections::HashMap;
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

impl Group {
    /// The group of a row.
    fn id(&self, row: &Row, variables: &Variables) -> Result<Bson> {
        Ok(match self.id.evaluate(&row.document, variables)? {
            None | Some(Bson::Undefined) => Bson::Null,
            Some(id) => id,
        })
    }
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
        Box::new(Running {
            group: Rc::clone(&group),
            variables: variables.clone(),
            at_row: Variation::new(variables),
            input: Some(input),
            finished: Vec::new().into_iter(),
            partitions: Vec::new(),
        })
    })
}

/// A `$group` at work. Groups that outgrow their memory are partitioned (Graefe, "Query evaluation techniques for
/// large databases", 1993, §4.2): rows that follow are spooled by the hash of their group, and each partition is then
/// a smaller `$group` by itself, which begins with the groups that were there.
struct Running {
    group: Rc<Group>,
    variables: Variables,
    at_row: Variation,
    /// Until it has been read.
    input: Option<Input>,
    finished: std::vec::IntoIter<(Bson, Vec<State>)>,
    partitions: Vec<Partition>,
}

/// Groups, and rows that were not looked at yet.
struct Partition {
    table: Table,
    rows: Spooled,
    depth: u32,
}

/// A table that is too large is divided into so many.
const PARTITIONS: usize = 16;
/// Groups that are divided this often and still too large will not become smaller.
const DEEPEST: u32 = 6;

impl Stage for Running {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((id, states)) = self.finished.next() {
                let mut document = Document::new();
                document.insert("_id", id);
                self.group.outputs.finish(&states, &mut document)?;
                return Ok(Some(Row::from(document)));
            }
            if let Some(mut input) = self.input.take() {
                self.read(Table::default(), 0, &mut |cx| pull(&mut input, cx), cx)?;
            } else if let Some(Partition { table, rows, depth }) = self.partitions.pop() {
                let mut rows = rows.rows();
                let next = &mut |cx: &mut Context<'_>| {
                    cx.tx.check_interrupt()?;
                    rows.next()
                };
                self.read(table, depth, next, cx)?;
            } else {
                return Ok(None);
            }
        }
    }
}

type NextRow<'n> = &'n mut dyn FnMut(&mut Context<'_>) -> Result<Option<Row>>;

impl Running {
    /// The group as it compares.
    fn folded(&self, id: &Bson) -> Bson {
        folded(id, &self.variables)
    }

    /// Reads rows into a table, and divides it if it becomes too large.
    fn read(&mut self, mut table: Table, depth: u32, next: NextRow<'_>, cx: &mut Context<'_>) -> Result<()> {
        let push = cx.memory.budget(Part::Push, false);
        let mut budget = cx.memory.budget(Part::Group, self.variables.disk);
        if depth > DEEPEST {
            // Few groups are left; each by itself is bounded.
            budget.bytes = budget.bytes.max(push.bytes.saturating_mul(2));
        }
        while table.bytes <= budget.bytes {
            let Some(row) = next(cx)? else {
                self.finished = table.groups.into_iter();
                return Ok(());
            };
            let variables = self.at_row.at(&row);
            let id = self.group.id(&row, variables)?;
            table.add(&self.group.outputs, id, &row, variables, push)?;
        }
        budget.check_disk("$group")?;
        if depth > DEEPEST {
            push.check("$group", table.bytes)?;
        }
        // What waits to be written counts little beside the tables.
        let waiting = Budget { bytes: budget.bytes / PARTITIONS / 8, disk: true };
        let mut parts: Vec<(Table, Spool)> =
            (0..PARTITIONS).map(|_| (Table::default(), Spool::new("$group", waiting))).collect();
        while let Some(row) = next(cx)? {
            let id = self.group.id(&row, self.at_row.at(&row))?;
            if let Some((_, spool)) = parts.get_mut(partition(&self.folded(&id), depth)) {
                spool.push(&row)?;
            }
        }
        for (id, states) in table.groups {
            if let Some((table, _)) = parts.get_mut(partition(&self.folded(&id), depth)) {
                table.insert(BsonKey(self.folded(&id)), id, states);
            }
        }
        let mut finished = Vec::new();
        for (table, rows) in parts {
            if rows.is_empty() {
                finished.extend(table.groups);
            } else {
                self.partitions.push(Partition { table, rows: rows.finish()?, depth: depth + 1 });
            }
        }
        self.finished = finished.into_iter();
        Ok(())
    }
}

/// A group as it compares under the collation.
fn folded(id: &Bson, variables: &Variables) -> Bson {
    match &variables.collation {
        Some(collation) => collation.fold(id.into()),
        None => id.clone(),
    }
}

/// The partition of a group among [`PARTITIONS`]; at each depth another part of the hash decides.
fn partition(id: &Bson, depth: u32) -> usize {
    let hash = key::of(id).iter().fold(0xcbf2_9ce4_8422_2325_u64 ^ u64::from(depth), |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) as usize >> 40 & (PARTITIONS - 1)
}

/// Groups in the order of their first rows.
#[derive(Default)]
struct Table {
    places: HashMap<BsonKey, usize, foldhash::fast::RandomState>,
    groups: Vec<(Bson, Vec<State>)>,
    bytes: usize,
}

impl Table {
    fn insert(&mut self, key: BsonKey, id: Bson, states: Vec<State>) -> usize {
        self.bytes +=
            2 * bytes_of(&id) + 64 + states.iter().map(|state| size_of::<State>() + state.bytes()).sum::<usize>();
        let place = self.groups.len();
        self.places.insert(key, place);
        self.groups.push((id, states));
        place
    }

    fn add(&mut self, outputs: &Outputs, id: Bson, row: &Row, variables: &Variables, push: Budget) -> Result<()> {
        let key = BsonKey(folded(&id, variables));
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                let states = outputs.start(&id, variables)?;
                self.insert(key, id, states)
            }
        };
        let Some((_, states)) = self.groups.get_mut(place) else { return Ok(()) };
        for ((_, accumulator), state) in outputs.0.iter().zip(states) {
            let before = state.bytes();
            state.add(accumulator.input(row.document.view(), variables)?)?;
            let now = state.bytes();
            if now != before {
                push.check(accumulator.name(), now)?;
                self.bytes = (self.bytes + now).saturating_sub(before);
            }
        }
        Ok(())
    }
}
