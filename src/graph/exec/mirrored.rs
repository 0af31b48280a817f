//! What the mirror answers for a running statement: neighbours, degrees, properties, labels.

use super::Runtime;
use super::changes::Change;
use super::types::TypeMatcher;
use crate::graph::Result;
use crate::graph::eval::EvalContext;
use crate::graph::mirror::{Link, Mirror, Of, Topology};
use crate::graph::store::{self, Counted, List, Neighbour, Side, TokenKind, TokenRef, adjacency, layout};
use crate::storage::{Direction, KeyRange};
use crate::value::graph::Value;
use std::cell::Ref;
use std::ops::ControlFlow;

/// How many values are read from columns between looks at the interrupt flag.
const INTERRUPT_INTERVAL: u64 = 4096;

/// So many lists are read from the storage before the mirror is built.
const PATIENCE: u64 = 64;

/// How the mirror's topology stands to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Standing {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// It shows something else.
    Behind,
    /// It shows the graph as it was before the statement.
    Before,
    /// It shows the graph with all that the statement has done. It bears no stamp before the statement
    /// has ended: whatever happens, it is not taken for something else.
    Along,
}

impl Runtime<'_> {
    /// Adds the neighbours of a node to `out`. The mirror answers if it is in step; a statement that
    /// walks many lists of the storage has it built.
    pub fn neighbours(&self, node: u64, sides: Sides, out: &mut Vec<Neighbour>) -> Result<()> {
        let start = out.len();
        if self.mirror_answers()? {
            self.check_interrupt()?;
            let mirror = self.mirror.borrow();
            for side in sides.each() {
                mirror.neighbours(node, side, out);
            }
        } else {
            for side in sides.each() {
                self.write_list(List::Neighbours(node, side))?;
                let chunks = self.read(|tx| adjacency::walk(tx, self.database, node, side, &mut |n| out.push(n)))?;
                self.count_hits(chunks);
            }
            self.lists_read.set(self.lists_read.get() + 1);
        }
        if sides == Sides::Both {
            // A loop stands in both lists but is one relationship.
            drop_second_loops(out, start, node);
        }
        Ok(())
    }

    /// The relationships between two nodes, as neighbours of the first one.
    pub fn between(&self, from: u64, to: u64, sides: Sides, out: &mut Vec<Neighbour>) -> Result<()> {
        if !self.mirror_answers()? || sides == Sides::Both {
            self.neighbours(from, sides, out)?;
            out.retain(|neighbour| neighbour.node == to);
            return Ok(());
        }
        self.check_interrupt()?;
        let mirror = self.mirror.borrow();
        let topology = mirror.topology();
        let (Some(here), Some(there)) = (topology.index_of(from), topology.index_of(to)) else { return Ok(()) };
        let (side, against) = if sides == Sides::Out { (Side::Out, Side::In) } else { (Side::In, Side::Out) };
        let (forward, backward) = (topology.links(here, side), topology.links(there, against));
        let (shorter, other) = if forward.len() <= backward.len() { (forward, there) } else { (backward, here) };
        out.extend(shorter.iter().filter(|link| link.other == other).map(|link| Neighbour {
            kind: link.kind,
            node: to,
            relationship: link.relationship,
        }));
        Ok(())
    }

    /// Whether the nodes of a label can be listed from the mirror; the set of a large label is read for that.
    pub fn label_in_mirror(&self, label: u32) -> Result<bool> {
        if !self.data_in_step()? {
            return Ok(false);
        }
        if !self.mirror.borrow().knows_label(label) {
            if self.count(Counted::Label(label))? < 4096 {
                return Ok(false);
            }
            self.mirror.borrow_mut().read_label(self.tx.borrow().as_read(), label)?;
        }
        Ok(true)
    }

    /// The first node of a label from a place in the mirror on, with its place. The list is that of the
    /// beginning of the statement: whatever it writes stands behind an Eager.
    pub fn next_with_label(&self, label: u32, from: u32) -> Result<Option<(u64, u32)>> {
        if from.is_multiple_of(INTERRUPT_INTERVAL as u32) {
            self.check_interrupt()?;
        }
        let mirror = self.mirror.borrow();
        Ok(mirror.next_with_label(from, label).map(|place| (mirror.topology().id_of(place), place)))
    }

    /// How many relationships of some types a node has, some relationships left out; `None` if that must
    /// be counted one by one.
    pub fn degree(&self, node: u64, sides: Sides, types: &TypeMatcher, without: &[u64]) -> Result<Option<u64>> {
        if sides == Sides::Both || !types.is_simple() || !self.mirror_answers()? {
            return Ok(None);
        }
        let mirror = self.mirror.borrow();
        let topology = mirror.topology();
        let Some(index) = topology.index_of(node) else { return Ok(Some(0)) };
        let mut number = 0;
        for side in sides.each() {
            let links = topology.links(index, side);
            let all = if allows_all(topology, types) {
                links.len()
            } else {
                links.iter().filter(|link| allows(types, link)).count()
            };
            let left_out = |id: &&u64| {
                let place = links.binary_search_by_key(*id, |link| link.relationship);
                place.is_ok_and(|at| allows(types, &links[at]))
            };
            number += all - without.iter().filter(left_out).count();
        }
        Ok(Some(number as u64))
    }

    /// How many relationships stand on two sides of a node, or twice on the same, and are of some types both
    /// times; `None` as above.
    pub fn degree_in_both(&self, node: u64, sides: [Sides; 2], types: [&TypeMatcher; 2]) -> Result<Option<u64>> {
        if sides.contains(&Sides::Both) || types.iter().any(|types| !types.is_simple()) || !self.mirror_answers()? {
            return Ok(None);
        }
        let mirror = self.mirror.borrow();
        let topology = mirror.topology();
        let Some(index) = topology.index_of(node) else { return Ok(Some(0)) };
        let lists = sides.map(|sides| topology.links(index, if sides == Sides::Out { Side::Out } else { Side::In }));
        let links = if lists[0].len() < lists[1].len() { lists[0] } else { lists[1] };
        let same = sides[0] == sides[1];
        let every = types.iter().all(|types| allows_all(topology, types));
        if same && every {
            return Ok(Some(links.len() as u64));
        }
        // What stands on both sides is a loop.
        let fits =
            |link: &&Link| (same || link.other == index) && (every || types.iter().all(|types| allows(types, link)));
        Ok(Some(links.iter().filter(fits).count() as u64))
    }

    /// Whether columns and label sets show what this statement sees. A statement that reads many
    /// properties has the mirror built for their sake.
    pub fn data_in_step(&self) -> Result<bool> {
        if self.changes.borrow().wrote {
            return Ok(false);
        }
        if let Some(in_step) = self.data_in_step.get() {
            return Ok(in_step);
        }
        let (topology, data) =
            self.read(|tx| Ok((store::stamp(tx, self.database)?, store::data_stamp(tx, self.database)?)))?;
        let in_step = self.mirror.borrow().is_in_step(self.database, topology);
        if in_step {
            self.mirror.borrow_mut().use_data(data);
        }
        self.data_in_step.set(Some(in_step));
        Ok(in_step)
    }

    /// A property from its column, if that was read or pays by now.
    pub(super) fn column_value(&self, of: Of, id: u64, key: u32) -> Result<Option<Value>> {
        if self.data_in_step()? {
            let mirror = self.mirror.borrow();
            if let Some(column) = mirror.column(of, key) {
                self.columns_read.set(self.columns_read.get() + 1);
                if self.columns_read.get().is_multiple_of(INTERRUPT_INTERVAL) {
                    self.check_interrupt()?;
                }
                return match of {
                    Of::Nodes => Ok(mirror.topology().index_of(id).map(|index| column.at(index))),
                    Of::Relationships => Ok(Some(column.of_relationship(id))),
                };
            }
        }
        if self.pays((of, key, false))? {
            self.have_mirror()?;
            let mut mirror = self.mirror.borrow_mut();
            if mirror.column(of, key).is_none() {
                mirror.read_column(self.tx.borrow().as_read(), of, key)?;
            }
        }
        Ok(None)
    }

    /// The values of a property of many relationships, in their order: from its column where there can be one.
    /// The mirror must not be held meanwhile.
    pub fn relationship_values(
        &self,
        key: &str,
        mut relationships: impl Iterator<Item = u64>,
        mut take: impl FnMut(Value) -> Result<()>,
    ) -> Result<()> {
        let name = TokenRef::new(TokenKind::Key, key);
        let Some(token) = self.token_of(&name)? else { return relationships.try_for_each(|_| take(Value::Null)) };
        if !self.changes.borrow().wrote {
            self.have_mirror()?;
            let mut mirror = self.mirror.borrow_mut();
            let there = mirror.column(Of::Relationships, token).is_some()
                || mirror.read_column(self.tx.borrow().as_read(), Of::Relationships, token)?;
            if let (true, Some(column)) = (there, mirror.column(Of::Relationships, token)) {
                return relationships.try_for_each(|id| take(column.of_relationship(id)));
            }
        }
        relationships.try_for_each(|id| {
            self.check_interrupt()?;
            take(self.relationship_property(id, &name)?)
        })
    }

    /// Adds the nodes of a label to `out`.
    pub fn nodes_with_label(&self, label: &str, out: &mut Vec<u64>) -> Result<()> {
        let Some(label) = self.token(TokenKind::Label, label)? else { return Ok(()) };
        let range = KeyRange::prefix(&label.to_be_bytes());
        self.read(|tx| {
            tx.scan(layout::labels(self.database), &range, Direction::Forward, &mut |key, _| {
                out.push(layout::trailing_id(key));
                Ok(ControlFlow::Continue(()))
            })
        })
    }

    /// Whether a node bears a label, if the label's set was read or pays by now.
    pub(super) fn label_set_has(&self, id: u64, label: u32) -> Result<Option<bool>> {
        if self.data_in_step()? {
            let mirror = self.mirror.borrow();
            if let Some(index) = mirror.topology().index_of(id)
                && let Some(has) = mirror.has_label(index, label)
            {
                return Ok(Some(has));
            }
        }
        if self.pays((Of::Nodes, label, true))? {
            self.have_mirror()?;
            self.mirror.borrow_mut().read_label(self.tx.borrow().as_read(), label)?;
        }
        Ok(None)
    }

    /// Counts a look-up that a column or set would answer; whether there were as many by now as make it
    /// worth reading (asked at powers of two).
    fn pays(&self, what: (Of, u32, bool)) -> Result<bool> {
        if self.changes.borrow().wrote {
            return Ok(false);
        }
        let count = {
            let mut wanted = self.wanted.borrow_mut();
            let count = wanted.entry(what).or_default();
            *count += 1;
            *count
        };
        if count < 512 || !count.is_power_of_two() {
            return Ok(false);
        }
        let all = self.count(if what.0 == Of::Nodes { Counted::Nodes } else { Counted::Relationships })?;
        Ok(count >= all / 16)
    }

    /// Has the mirror built, if it is not in step. Nothing was written so far.
    fn have_mirror(&self) -> Result<()> {
        let (topology, data) =
            self.read(|tx| Ok((store::stamp(tx, self.database)?, store::data_stamp(tx, self.database)?)))?;
        let mut mirror = self.mirror.borrow_mut();
        if !mirror.is_in_step(self.database, topology) {
            mirror.build(self.tx.borrow().as_read(), self.database, topology)?;
        }
        mirror.use_data(data);
        self.data_in_step.set(Some(true));
        self.standing.set(Standing::Before);
        Ok(())
    }

    /// Whether the mirror shows what this statement sees, or is worth bringing there by now.
    fn mirror_answers(&self) -> Result<bool> {
        let changed = self.changes.borrow().topology_changed;
        let read = self.lists_read.get();
        match self.standing.get() {
            Standing::Along => return Ok(true),
            Standing::Before if !changed => return Ok(true),
            Standing::Unknown if !changed => {
                let stamp = self.read(|tx| store::stamp(tx, self.database))?;
                let in_step = self.mirror.borrow().is_in_step(self.database, stamp);
                self.standing.set(if in_step { Standing::Before } else { Standing::Behind });
                if in_step {
                    return Ok(true);
                }
            }
            _ => {}
        }
        if read < PATIENCE || !read.is_power_of_two() {
            return Ok(false);
        }
        let costs = if changed && self.changes.borrow().log.is_some() { 0 } else { self.count(Counted::Nodes)? / 8 };
        if read < costs {
            return Ok(false);
        }
        self.bring_along()?;
        Ok(true)
    }

    /// Brings the mirror to where this statement is.
    fn bring_along(&self) -> Result<()> {
        if self.standing.get() == Standing::Along {
            return Ok(());
        }
        self.write_lists()?;
        let (changed, log) = {
            let mut changes = self.changes.borrow_mut();
            (changes.topology_changed, changes.log.take())
        };
        let mut mirror = self.mirror.borrow_mut();
        if !changed {
            let stamp = self.read(|tx| store::stamp(tx, self.database))?;
            if !mirror.is_in_step(self.database, stamp) {
                mirror.build(self.tx.borrow().as_read(), self.database, stamp)?;
            }
            self.standing.set(Standing::Before);
            return Ok(());
        }
        match log {
            Some(log) => log.iter().for_each(|change| mirror.change(change)),
            None => mirror.build(self.tx.borrow().as_read(), self.database, 0)?,
        }
        mirror.forget();
        self.standing.set(Standing::Along);
        Ok(())
    }

    /// The mirror, in step with everything this statement has written so far.
    pub fn mirror(&self) -> Result<Ref<'_, Mirror>> {
        self.bring_along()?;
        Ok(Ref::map(self.mirror.borrow(), |mirror| &**mirror))
    }

    /// Called before the first change of nodes or relationships: a mirror that is in step will be kept
    /// so from the change list.
    pub(super) fn before_topology_change(&self) -> Result<()> {
        if self.changes.borrow().topology_changed {
            return Ok(());
        }
        let stamp = self.read(|tx| store::stamp(tx, self.database))?;
        let in_step = self.mirror.borrow().is_in_step(self.database, stamp);
        self.standing.set(if in_step { Standing::Before } else { Standing::Behind });
        let mut changes = self.changes.borrow_mut();
        changes.topology_changed = true;
        changes.log = in_step.then(Vec::new);
        Ok(())
    }

    /// Notes a change of the topology.
    pub(super) fn note(&self, change: Change) {
        if self.standing.get() == Standing::Along {
            if matches!(change, Change::RemoveRelationship(..)) {
                // To take many out of long lists one by one costs more than to build it anew.
                self.leave_mirror();
            } else {
                self.mirror.borrow_mut().change(&change);
            }
        } else if let Some(log) = &mut self.changes.borrow_mut().log {
            log.push(change);
        }
    }

    /// The mirror no longer shows what this statement sees.
    pub(super) fn leave_mirror(&self) {
        if self.standing.get() == Standing::Along {
            self.mirror.borrow_mut().forget();
            self.changes.borrow_mut().log = None;
            self.standing.set(Standing::Behind);
        }
    }

    /// Gives the mirror the stamp of the graph as the statement leaves it, if it shows that.
    pub(super) fn stamp_mirror(&self, log: Option<Vec<Change>>, stamp: u64) {
        let mut mirror = self.mirror.borrow_mut();
        match (self.standing.get(), log) {
            (Standing::Along, _) => mirror.apply(&[], stamp),
            (_, Some(log)) => mirror.apply(&log, stamp),
            (_, None) => mirror.forget(),
        }
        self.standing.set(Standing::Unknown);
    }
}

/// Whether all relationships are of some types; these are no expression.
fn allows_all(topology: &Topology, types: &TypeMatcher) -> bool {
    match types.ids() {
        None => true,
        Some(kinds) => kinds.iter().any(|&kind| topology.has_only(kind)),
    }
}

/// Whether a relationship is of some types; these are no expression.
fn allows(types: &TypeMatcher, link: &Link) -> bool {
    types.ids().is_none_or(|kinds| kinds.contains(&link.kind))
}

/// Which neighbour lists are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Relationships that leave.
    Out,
    /// Relationships that enter.
    In,
    /// Both.
    Both,
}

impl Sides {
    fn each(self) -> impl Iterator<Item = Side> {
        let (out, into) = match self {
            Sides::Out => (true, false),
            Sides::In => (false, true),
            Sides::Both => (true, true),
        };
        out.then_some(Side::Out).into_iter().chain(into.then_some(Side::In))
    }
}

/// Keeps the first of each relationship of a node with itself.
fn drop_second_loops(out: &mut Vec<Neighbour>, start: usize, node: u64) {
    let loops = out[start..].iter().filter(|neighbour| neighbour.node == node).count();
    if loops == 0 {
        return;
    }
    let mut seen = std::collections::HashSet::with_capacity(loops / 2);
    let mut at = 0;
    out.retain(|neighbour| {
        at += 1;
        at <= start || neighbour.node != node || seen.insert(neighbour.relationship)
    });
}
