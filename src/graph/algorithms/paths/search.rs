//! The search for cheapest paths that Dijkstra's algorithm, A*, Yen's and others share.

use crate::graph::Result;
use crate::graph::algorithms::projection::Steps;
use crate::graph::algorithms::{Call, Projection, Step};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// No node.
pub const NONE: u32 = u32::MAX;

/// What a search has found, by place.
pub struct Found {
    start: u32,
    /// What it costs to get there; infinite: it was not reached.
    pub costs: Vec<f64>,
    /// The node before it, and the step from there.
    before: Vec<(u32, Step)>,
    /// The nodes in the order in which their costs became final.
    pub order: Vec<u32>,
}

impl Found {
    /// Nothing but the start so far.
    pub fn new(count: usize, start: u32) -> Self {
        let nothing = (NONE, Step { to: NONE, relationship: 0, weight: 0.0 });
        let mut found =
            Found { start, costs: vec![f64::INFINITY; count], before: vec![nothing; count], order: Vec::new() };
        if let Some(cost) = found.costs.get_mut(start as usize) {
            *cost = 0.0;
        }
        found
    }

    /// Forgets all but a new start. Every node that was reached must be in the order.
    fn restart(&mut self, start: u32) {
        for place in self.order.drain(..) {
            self.costs[place as usize] = f64::INFINITY;
        }
        self.start = start;
        self.costs[start as usize] = 0.0;
    }

    /// Whether a node was reached.
    pub fn reached(&self, place: u32) -> bool {
        self.costs[place as usize] < f64::INFINITY
    }

    /// The node before another one, and the step from there.
    pub fn last_step(&self, place: u32) -> (u32, Step) {
        self.before[place as usize]
    }

    /// Takes a step if it is the cheapest way so far.
    pub fn relax(&mut self, from: u32, step: Step) -> bool {
        let cost = self.costs[from as usize] + step.weight;
        let better = cost < self.costs[step.to as usize];
        if better {
            self.costs[step.to as usize] = cost;
            self.before[step.to as usize] = (from, step);
        }
        better
    }

    /// The steps of the way to a node that was reached.
    pub fn steps_to(&self, end: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = end;
        while at != self.start {
            let (from, step) = self.before[at as usize];
            steps.push(step);
            at = from;
        }
        steps.reverse();
        steps
    }
}

/// A node that waits to be looked at, the cheapest first, equal ones by place.
struct Waiting {
    /// The cost so far and what is to come at least.
    total: f64,
    cost: f64,
    place: u32,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.total.total_cmp(&self.total).then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

/// The cheapest ways from a node over the steps that are allowed, to `goal` or, without one, to every node
/// (Dijkstra 1959). With an estimate of what is to come at least, a goal is found sooner (A*; Hart, Nilsson
/// and Raphael 1968); a node whose cost falls again is looked at again, so the estimate need not be
/// consistent. Weights must not be negative. O((V + E) log V).
pub fn cheapest(
    call: &Call<'_, '_>,
    projection: &Projection<'_>,
    start: u32,
    goal: Option<u32>,
    allowed: impl Fn(u32, &Step) -> bool,
    estimate: impl FnMut(u32) -> Result<f64>,
) -> Result<Found> {
    let mut found = Found::new(projection.len(), start);
    search(call, |place| projection.steps(place), goal, allowed, estimate, &mut found)?;
    Ok(found)
}

/// What it costs to get from each node to `end`.
pub fn costs_to(call: &Call<'_, '_>, projection: &Projection<'_>, end: u32) -> Result<Vec<f64>> {
    let mut found = Found::new(projection.len(), end);
    search(call, |place| projection.steps_back(place), None, |_, _| true, |_| Ok(0.0), &mut found)?;
    Ok(found.costs)
}

fn search<'p>(
    call: &Call<'_, '_>,
    steps: impl Fn(u32) -> Steps<'p>,
    goal: Option<u32>,
    allowed: impl Fn(u32, &Step) -> bool,
    mut estimate: impl FnMut(u32) -> Result<f64>,
    found: &mut Found,
) -> Result<()> {
    let start = found.start;
    let mut waiting = BinaryHeap::from([Waiting { total: estimate(start)?, cost: 0.0, place: start }]);
    while let Some(Waiting { cost, place, .. }) = waiting.pop() {
        if cost > found.costs[place as usize] {
            continue;
        }
        found.order.push(place);
        if Some(place) == goal {
            break;
        }
        for step in steps(place) {
            call.work(1)?;
            if allowed(place, &step) && found.relax(place, step) {
                let cost = found.costs[step.to as usize];
                waiting.push(Waiting { total: cost + estimate(step.to)?, cost, place: step.to });
            }
        }
    }
    Ok(())
}

/// The costs of all nodes that can be reached from `start`, and the order in which they were: by steps if all
/// weigh the same, else by weight. What was found before is overwritten, in as much work as it took to find.
pub fn distances(call: &Call<'_, '_>, projection: &Projection<'_>, start: u32, found: &mut Found) -> Result<()> {
    found.restart(start);
    if projection.is_weighted() {
        return search(call, |place| projection.steps(place), None, |_, _| true, |_| Ok(0.0), found);
    }
    found.order.push(start);
    let mut at = 0;
    while let Some(&place) = found.order.get(at) {
        at += 1;
        for step in projection.steps(place) {
            call.work(1)?;
            if found.costs[step.to as usize] == f64::INFINITY {
                found.relax(place, step);
                found.order.push(step.to);
            }
        }
    }
    Ok(())
}
