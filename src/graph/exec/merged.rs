//! MERGE of single nodes whose label has no index for the properties: a statement that merges many reads the
//! label once and then keeps a table of its own, in step with what it writes, instead of reading it each time.

use super::scan::is_exact;
use super::{Row, Runtime};
use crate::graph::Result;
use crate::graph::eval::{EvalContext, evaluate};
use crate::graph::plan::{Create, CreateStep, Naming, NodeSource, Operator, PlanRef, Properties};
use crate::graph::store::{Counted, Index, NodeRecord, layout};
use crate::storage::{Direction, KeyRange};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// So many nodes are looked for before a table pays.
const PATIENCE: u32 = 8;

/// A label with more nodes than this gets no table.
const MOST: u64 = 2_000_000;

type Ids = SmallVec<[u64; 1]>;

/// The nodes of a label by their values of some keys.
#[derive(Debug)]
struct Table {
    /// What it would be the index of; it has no space.
    shape: Index,
    nodes: HashMap<Vec<u8>, Ids, foldhash::fast::RandomState>,
}

/// What is known of the labels and keys that were merged.
#[derive(Debug, Default)]
pub struct Tables {
    tables: Vec<Table>,
    asked: HashMap<(u32, Vec<u32>), u32>,
}

impl Tables {
    /// Everything may be different now.
    pub fn forget(&mut self) {
        self.tables.clear();
    }

    /// A node was written.
    pub(super) fn change(&mut self, id: u64, before: Option<&NodeRecord>, after: Option<&NodeRecord>) {
        for table in &mut self.tables {
            let key = |record: Option<&NodeRecord>| {
                let record = record.filter(|record| record.labels.contains(&table.shape.token))?;
                table.shape.key(&record.properties)
            };
            let (old, new) = (key(before), key(after));
            if old == new {
                continue;
            }
            if let Some(ids) = old.and_then(|old| table.nodes.get_mut(&old)) {
                ids.retain(|known| *known != id);
            }
            if let Some(new) = new {
                let ids = table.nodes.entry(new).or_default();
                ids.push(id);
                ids.sort_unstable();
            }
        }
        self.tables.retain(|table| table.nodes.len() as u64 <= MOST);
    }
}

/// Whether a pattern is one node with a label and properties of fixed names, that would be looked for among all
/// nodes of the label.
pub fn is_one_of_label(find: &PlanRef, create: &Create) -> bool {
    let mut plan = find;
    while let Operator::Filter(input, _) = &plan.operator {
        plan = input;
    }
    let by_label = match &plan.operator {
        Operator::NodeScan(input, scan) => {
            matches!(scan.source, NodeSource::Label(_)) && matches!(input.operator, Operator::Argument)
        }
        _ => false,
    };
    by_label
        && create.paths.is_empty()
        && matches!(
            create.steps.as_slice(),
            [CreateStep::Node { labels, properties: Properties::Keys(keys), .. }]
                if matches!(labels.as_slice(), [Naming::Name(_)]) && !keys.is_empty()
        )
}

impl Runtime<'_> {
    /// The nodes that such a pattern finds, in order of their ids; `None` if they must be looked for.
    pub(super) fn merged(&self, create: &Create, row: &Row) -> Result<Option<Ids>> {
        let [CreateStep::Node { labels, properties: Properties::Keys(properties), .. }] = create.steps.as_slice()
        else {
            return Ok(None);
        };
        let [Naming::Name(label)] = labels.as_slice() else { return Ok(None) };
        let Some(label) = self.token_of(label)? else { return Ok(None) };
        let (mut keys, mut values) = (Vec::with_capacity(properties.len()), Vec::with_capacity(properties.len()));
        for (key, value) in properties {
            let value = evaluate(value, row, self)?;
            let Some(key) = self.token_of(key)? else { return Ok(None) };
            if !is_exact(&value) {
                return Ok(None);
            }
            keys.push(key);
            values.push((key, value));
        }
        let mut tables = self.merged.borrow_mut();
        let known = |table: &Table| table.shape.token == label && table.shape.keys == keys;
        let at = match tables.tables.iter().position(known) {
            Some(at) => at,
            None => {
                let asked = tables.asked.entry((label, keys.clone())).or_default();
                *asked = asked.saturating_add(1);
                if *asked < PATIENCE || self.count(Counted::Label(label))? > MOST {
                    return Ok(None);
                }
                let shape = Index { name: String::new(), id: 0, on_relationships: false, token: label, keys };
                tables.tables.push(self.table_of(shape)?);
                tables.tables.len() - 1
            }
        };
        let Some(table) = tables.tables.get(at) else { return Ok(None) };
        let Some(key) = table.shape.key(&values) else { return Ok(None) };
        Ok(Some(table.nodes.get(&key).cloned().unwrap_or_default()))
    }

    /// Reads the nodes of a label.
    fn table_of(&self, shape: Index) -> Result<Table> {
        let mut ids = Vec::new();
        let range = KeyRange::prefix(&shape.token.to_be_bytes());
        self.read(|tx| {
            tx.scan(layout::labels(self.database), &range, Direction::Forward, &mut |key, _| {
                ids.push(layout::trailing_id(key));
                Ok(ControlFlow::Continue(()))
            })
        })?;
        let mut table = Table { shape, nodes: HashMap::default() };
        for id in ids {
            self.check_interrupt()?;
            if let Some(key) = table.shape.key(&self.node_record(id)?.properties) {
                table.nodes.entry(key).or_default().push(id);
            }
        }
        Ok(table)
    }
}
