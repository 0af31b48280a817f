//! How far it is from a place in the pattern to its end, at least: breadth first from the end, against
//! the pattern, without its conditions and counts. It tells the walk which ways cannot lead there in time.

use crate::graph::Result;
use crate::graph::eval::EvalContext;
use crate::graph::exec::Runtime;
use crate::graph::exec::types::{TypeMatcher, sides};
use crate::graph::plan::{PathSearch, Segment};
use crate::graph::store::Neighbour;
use std::collections::HashMap;
use std::sync::Arc;

/// A place in the pattern (before a step) and a node.
type State = (usize, u64);

/// Distances to one end node.
pub struct Distances {
    search: Arc<PathSearch>,
    /// The number of the first step of each segment; behind the last the end of the pattern.
    first: Vec<usize>,
    /// Of each step: its segment and its place in it.
    steps: Vec<(usize, usize)>,
    types: Vec<TypeMatcher>,
    known: HashMap<State, usize>,
    front: Vec<State>,
    depth: usize,
}

impl Distances {
    /// To a node.
    pub fn new(search: Arc<PathSearch>, end: u64) -> Self {
        let mut first = Vec::new();
        let mut steps = Vec::new();
        let mut types = Vec::new();
        for (at, segment) in search.segments.iter().enumerate() {
            first.push(steps.len());
            for (place, step) in segment.steps.iter().enumerate() {
                steps.push((at, place));
                types.push(TypeMatcher::new(&step.types));
            }
        }
        first.push(steps.len());
        let mut distances =
            Distances { search, first, steps, types, known: HashMap::new(), front: Vec::new(), depth: 0 };
        let last = distances.steps.len();
        distances.reach(last, end, 0);
        distances
    }

    /// Whether all that can reach the end is known.
    pub fn is_exhausted(&self) -> bool {
        self.front.is_empty()
    }

    /// The least number of relationships from where a step leads to, if it is at most `most`; a greater
    /// number, or `None`, if it is more.
    pub fn behind(
        &mut self,
        rt: &Runtime<'_>,
        segment: usize,
        place: usize,
        node: u64,
        most: usize,
    ) -> Result<Option<usize>> {
        let step = self.first.get(segment).copied().unwrap_or_default() + place;
        let length = self.search.segments.get(segment).map_or(0, |segment| segment.steps.len());
        // Behind the last step of a segment stands what follows it: the next segment or another turn.
        let next = if place + 1 < length { step + 1 } else { self.first.get(segment + 1).copied().unwrap_or_default() };
        let again = self.first.get(segment).copied().unwrap_or_default();
        let turns =
            place + 1 == length && self.search.segments.get(segment).is_some_and(|segment| segment.repeat.is_some());
        loop {
            let mut found = self.known.get(&(next, node)).copied();
            if turns {
                let other = self.known.get(&(again, node)).copied();
                found = found.into_iter().chain(other).min();
            }
            if found.is_some() || self.front.is_empty() || self.depth >= most {
                return Ok(found);
            }
            self.widen(rt)?;
        }
    }

    /// The least number of relationships from a start; `None` if there is no way.
    pub fn of_start(&mut self, rt: &Runtime<'_>, start: u64) -> Result<Option<usize>> {
        while !self.known.contains_key(&(0, start)) && !self.front.is_empty() {
            self.widen(rt)?;
        }
        Ok(self.known.get(&(0, start)).copied())
    }

    /// A place reached at a depth, and those before it that need no relationship.
    fn reach(&mut self, step: usize, node: u64, depth: usize) {
        if self.known.insert((step, node), depth).is_some_and(|known| known <= depth) {
            return;
        }
        self.front.push((step, node));
        // A segment that may be left out, or whose turn may end here, stands before the next one.
        if let Some(segment) = self.first.iter().position(|&first| first == step)
            && let Some(before) = segment.checked_sub(1)
            && let Some(Segment { repeat: Some(repeat), .. }) = self.search.segments.get(before)
            && repeat.min == 0
        {
            let first = self.first.get(before).copied().unwrap_or_default();
            if !self.known.contains_key(&(first, node)) {
                self.reach(first, node, depth);
            }
        }
    }

    fn widen(&mut self, rt: &Runtime<'_>) -> Result<()> {
        let search = self.search.clone();
        let mut neighbours: Vec<Neighbour> = Vec::new();
        self.depth += 1;
        for (place, node) in std::mem::take(&mut self.front) {
            rt.check_interrupt()?;
            for step in self.before(place) {
                let Some(&(segment, at)) = self.steps.get(step) else { continue };
                let Some(direction) =
                    search.segments.get(segment).and_then(|segment| segment.steps.get(at)).map(|step| step.direction)
                else {
                    continue;
                };
                let against = direction.reversed();
                let Some(types) = self.types.get_mut(step) else { continue };
                types.refresh(rt)?;
                neighbours.clear();
                if !types.is_empty() {
                    rt.neighbours(node, sides(against), &mut neighbours)?;
                }
                let mut reached = Vec::new();
                for neighbour in &neighbours {
                    if types.allows(rt, neighbour.kind)? && !self.known.contains_key(&(step, neighbour.node)) {
                        reached.push(neighbour.node);
                    }
                }
                for node in reached {
                    if !self.known.contains_key(&(step, node)) {
                        self.reach(step, node, self.depth);
                    }
                }
            }
        }
        Ok(())
    }

    /// The steps that lead to a place.
    fn before(&self, place: usize) -> Vec<usize> {
        let mut before = Vec::new();
        if !self.first.contains(&place) {
            before.extend(place.checked_sub(1));
            return before;
        }
        for (segment, &first) in self.first.iter().enumerate() {
            if first != place {
                continue;
            }
            // The last step of the segment before it, and of its own segment for another turn.
            before.extend(first.checked_sub(1));
            let own = self.search.segments.get(segment);
            if own.is_some_and(|own| own.repeat.is_some()) {
                before.extend(self.first.get(segment + 1).and_then(|next| next.checked_sub(1)));
            }
        }
        before.sort_unstable();
        before.dedup();
        before
    }
}
