//! `algo.*`: groups, triangles, likeness, colours.

use super::projection::{Projection, Reading, Settings};
use super::{Definition, Field};
use crate::graph::eval::EvalContext;
use crate::graph::functions::Types;
use crate::value::graph::Value;
use petgraph::algo::coloring::dsatur_coloring;
use std::collections::BTreeMap;

const SETTINGS: Field = Field::optional("settings", Types::MAP);
const NODE: Field = Field::new("node", Types::NODE);

pub(super) const LABEL_PROPAGATION: Definition = Definition {
    name: "algo.labelPropagation",
    summary: "Communities: each node takes the name that weighs most among its neighbours (`iterations`, 10).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("community", Types::INTEGER)],
    run: |rt, args| {
        let settings = Settings::new(&args[0], &["iterations"])?;
        let iterations = settings.count("iterations", 10)?;
        let projection = Projection::new(rt, &settings, Reading::Both)?;
        let mut names: Vec<usize> = (0..projection.len()).collect();
        for _ in 0..iterations {
            let mut changed = false;
            for place in 0..projection.len() {
                rt.check_interrupt()?;
                let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
                for step in &projection.steps[place] {
                    *weights.entry(names[step.to]).or_default() += step.weight;
                }
                // The smallest name wins among equals, so that the answer is the same each time.
                let best = weights.into_iter().fold(None, |best: Option<(usize, f64)>, (name, weight)| match best {
                    Some((_, most)) if most >= weight => best,
                    _ => Some((name, weight)),
                });
                if let Some((name, _)) = best
                    && name != names[place]
                {
                    names[place] = name;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let row = |place: usize| {
            vec![projection.node(place), Value::Int(i64::try_from(projection.ids[names[place]]).unwrap_or(i64::MAX))]
        };
        Ok((0..projection.len()).map(row).collect())
    },
};

pub(super) const TRIANGLES: Definition = Definition {
    name: "algo.triangleCount",
    summary: "Triangles that each node is part of, and its local clustering coefficient.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("triangles", Types::INTEGER), Field::new("coefficient", Types::FLOAT)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Both)?;
        let sets = projection.neighbour_sets();
        let mut counts = vec![0u64; projection.len()];
        for (a, others) in sets.iter().enumerate() {
            rt.check_interrupt()?;
            for &b in others.iter().filter(|&&b| b > a) {
                for c in common(others, &sets[b]).filter(|&c| c > b) {
                    counts[a] += 1;
                    counts[b] += 1;
                    counts[c] += 1;
                }
            }
        }
        let row = |place: usize| {
            let degree = sets[place].len() as f64;
            let possible = degree * (degree - 1.0) / 2.0;
            let coefficient = if possible > 0.0 { counts[place] as f64 / possible } else { 0.0 };
            let triangles = Value::Int(i64::try_from(counts[place]).unwrap_or(i64::MAX));
            vec![projection.node(place), triangles, Value::Float(coefficient)]
        };
        Ok((0..projection.len()).map(row).collect())
    },
};

pub(super) const SIMILARITY: Definition = Definition {
    name: "algo.nodeSimilarity",
    summary: "Pairs of nodes that share neighbours, with their Jaccard index; setting `cutoff` (0) drops small ones.",
    inputs: &[SETTINGS],
    outputs: &[
        Field::new("node1", Types::NODE),
        Field::new("node2", Types::NODE),
        Field::new("similarity", Types::FLOAT),
    ],
    run: |rt, args| {
        let settings = Settings::new(&args[0], &["cutoff"])?;
        let cutoff = settings.number("cutoff", 0.0)?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        let sets = projection.neighbour_sets();
        let mut by_neighbour: Vec<Vec<usize>> = vec![Vec::new(); projection.len()];
        for (place, others) in sets.iter().enumerate() {
            others.iter().for_each(|&other| by_neighbour[other].push(place));
        }
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (a, others) in sets.iter().enumerate() {
            rt.check_interrupt()?;
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for &other in others {
                for &b in by_neighbour[other].iter().filter(|&&b| b > a) {
                    *shared.entry(b).or_default() += 1;
                }
            }
            for (b, count) in shared {
                let all = others.len() + sets[b].len() - count;
                let similarity = count as f64 / all as f64;
                if similarity >= cutoff {
                    pairs.push((similarity, a, b));
                    rt.check_size(pairs.len(), "algo.nodeSimilarity")?;
                }
            }
        }
        pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        let row = |(similarity, a, b): (f64, usize, usize)| {
            vec![projection.node(a), projection.node(b), Value::Float(similarity)]
        };
        Ok(pairs.into_iter().map(row).collect())
    },
};

pub(super) const COLORING: Definition = Definition {
    name: "algo.coloring",
    summary: "A colour for each node, different from its neighbours' (DSatur).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("color", Types::INTEGER)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Both)?;
        let (colors, _) = dsatur_coloring(&projection.petgraph());
        let mut rows: Vec<(usize, usize)> = colors.into_iter().map(|(node, color)| (node.index(), color)).collect();
        rows.sort_unstable();
        let row = |(place, color): (usize, usize)| {
            vec![projection.node(place), Value::Int(i64::try_from(color).unwrap_or(i64::MAX))]
        };
        Ok(rows.into_iter().map(row).collect())
    },
};

/// What two sorted lists have in common.
fn common<'l>(a: &'l [usize], b: &'l [usize]) -> impl Iterator<Item = usize> + 'l {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    small.iter().copied().filter(move |item| large.binary_search(item).is_ok())
}
