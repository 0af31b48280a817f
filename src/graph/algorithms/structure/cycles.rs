//! All simple cycles.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, Projection, Reading, Rows, SETTINGS, Step, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use petgraph::algo::kosaraju_scc;

/// Johnson's algorithm (1975) within strongly connected components: from each node the cycles through it and
/// nodes of greater ids, with nodes blocked that lead nowhere. Parallel relationships make cycles of their
/// own; read both ways, the two directions of a cycle are one. O((V + E)(cycles + 1)).
pub const CYCLES: Algorithm = Algorithm {
    name: "algo.cycles",
    summary: "All cycles that visit no node twice, shortest and smallest first; `maxLength` bounds them.",
    inputs: &[SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("length", Types::INTEGER)],
    settings: &["maxLength", "maxResults"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let max = call.settings.count("maxLength", usize::MAX)?;
    let projection = call.project(Reading::Out)?;
    let mut groups = vec![0; projection.len()];
    for (group, component) in kosaraju_scc(&projection).into_iter().enumerate() {
        component.into_iter().for_each(|place| groups[place as usize] = group);
    }
    projection.check_stopped()?;
    let mut cycles: Vec<(u32, Vec<Step>)> = Vec::new();
    for start in projection.places() {
        if max == usize::MAX {
            all_through(call, &projection, &groups, start, &mut cycles)?;
        } else {
            short_through(call, &projection, &groups, start, max, &mut cycles)?;
        }
    }
    let key = |way: &[Step]| way.iter().map(|step| step.relationship).collect::<Vec<_>>();
    cycles.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.cmp(&b.0)).then_with(|| key(&a.1).cmp(&key(&b.1))));
    Ok(cycles
        .into_iter()
        .map(|(start, way)| {
            let length = way.len();
            vec![projection.path(start, way), int(length)]
        })
        .collect())
}

/// Takes a cycle, unless it is the other direction of one that was taken.
fn take(
    call: &Call<'_, '_>,
    projection: &Projection<'_>,
    start: u32,
    way: Vec<Step>,
    cycles: &mut Vec<(u32, Vec<Step>)>,
) -> Result<()> {
    if projection.reading() == Reading::Both {
        let (first, last) = (way.first().map(|step| step.relationship), way.last().map(|step| step.relationship));
        if way.len() > 1 && first >= last {
            return Ok(());
        }
    }
    cycles.push((start, way));
    call.check_count(cycles.len(), "cycles")
}

/// The cycles whose smallest node is `start`.
fn all_through(
    call: &Call<'_, '_>,
    projection: &Projection<'_>,
    groups: &[usize],
    start: u32,
    cycles: &mut Vec<(u32, Vec<Step>)>,
) -> Result<()> {
    let inside = |place: u32| place >= start && groups[place as usize] == groups[start as usize];
    let mut blocked = std::collections::HashSet::from([start]);
    // Who is to be unblocked with a node.
    let mut with: std::collections::HashMap<u32, Vec<u32>> = std::collections::HashMap::new();
    let mut way: Vec<Step> = Vec::new();
    let mut open = vec![(start, projection.steps(start), false)];
    while let Some((place, steps, closed)) = open.last_mut() {
        call.work(1)?;
        let place = *place;
        if let Some(step) = steps.next() {
            if step.to == start {
                *closed = true;
                let circle = way.iter().copied().chain([step]).collect();
                take(call, projection, start, circle, cycles)?;
            } else if inside(step.to) && blocked.insert(step.to) {
                way.push(step);
                open.push((step.to, projection.steps(step.to), false));
            }
            continue;
        }
        let closed = *closed;
        if closed {
            let mut free = vec![place];
            while let Some(place) = free.pop() {
                if blocked.remove(&place) {
                    free.extend(with.remove(&place).unwrap_or_default());
                }
            }
        } else {
            for step in projection.steps(place).filter(|step| inside(step.to)) {
                let waiting = with.entry(step.to).or_default();
                if !waiting.contains(&place) {
                    waiting.push(place);
                }
            }
        }
        open.pop();
        way.pop();
        if let Some((_, _, outer)) = open.last_mut() {
            *outer |= closed;
        }
    }
    Ok(())
}

/// The cycles of bounded length whose smallest node is `start`: a plain walk in depth, as blocking does not
/// know how many steps are left.
fn short_through(
    call: &Call<'_, '_>,
    projection: &Projection<'_>,
    groups: &[usize],
    start: u32,
    max: usize,
    cycles: &mut Vec<(u32, Vec<Step>)>,
) -> Result<()> {
    let inside = |place: u32| place > start && groups[place as usize] == groups[start as usize];
    let mut on_way = std::collections::HashSet::new();
    let mut way: Vec<Step> = Vec::new();
    let mut open = vec![projection.steps(start)];
    while let Some(steps) = open.last_mut() {
        call.work(1)?;
        match steps.next() {
            Some(step) if way.len() >= max || !(step.to == start || inside(step.to)) => {}
            Some(step) if step.to == start => {
                let circle = way.iter().copied().chain([step]).collect();
                take(call, projection, start, circle, cycles)?;
            }
            Some(step) => {
                if on_way.insert(step.to) {
                    way.push(step);
                    open.push(projection.steps(step.to));
                }
            }
            None => {
                open.pop();
                if let Some(step) = way.pop() {
                    on_way.remove(&step.to);
                }
            }
        }
    }
    Ok(())
}
