//! `algo.*`: which nodes matter.

use super::projection::{Projection, Reading, Settings};
use super::{Definition, Field};
use crate::graph::eval::EvalContext;
use crate::graph::functions::Types;
use crate::value::graph::Value;

const SETTINGS: Field = Field::optional("settings", Types::MAP);
const NODE: Field = Field::new("node", Types::NODE);
const SCORE: Field = Field::new("score", Types::FLOAT);

pub(super) const PAGE_RANK: Definition = Definition {
    name: "algo.pageRank",
    summary: "PageRank by weight: settings `damping` (0.85), `iterations` (20), `tolerance` (1e-7); the scores add up to 1.",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    run: |rt, args| {
        let settings = Settings::new(&args[0], &["damping", "iterations", "tolerance"])?;
        let (damping, iterations) = (settings.number("damping", 0.85)?.min(1.0), settings.count("iterations", 20)?);
        let tolerance = settings.number("tolerance", 1e-7)?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        projection.refuse_negative()?;
        let count = projection.len() as f64;
        let totals: Vec<f64> =
            projection.steps.iter().map(|steps| steps.iter().map(|step| step.weight).sum()).collect();
        let mut ranks = vec![1.0 / count; projection.len()];
        for _ in 0..iterations {
            rt.check_interrupt()?;
            // Nodes without a way out give their rank to all.
            let lost: f64 = ranks.iter().zip(&totals).filter(|(_, total)| **total == 0.0).map(|(rank, _)| rank).sum();
            let mut next = vec![(1.0 - damping) / count + damping * lost / count; projection.len()];
            for (place, steps) in projection.steps.iter().enumerate() {
                for step in steps.iter().filter(|step| step.weight > 0.0) {
                    next[step.to] += damping * ranks[place] * step.weight / totals[place];
                }
            }
            let change: f64 = ranks.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
            ranks = next;
            if change < tolerance {
                break;
            }
        }
        Ok(scored(&projection, ranks))
    },
};

pub(super) const DEGREE: Definition = Definition {
    name: "algo.degree",
    summary: "How many relationships leave each node (or enter it, or both: `direction`).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("degree", Types::INTEGER), Field::new("weight", Types::FLOAT)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Both)?;
        let row = |place: usize| {
            let steps = &projection.steps[place];
            vec![
                projection.node(place),
                Value::Int(i64::try_from(steps.len()).unwrap_or(i64::MAX)),
                Value::Float(steps.iter().map(|step| step.weight).sum()),
            ]
        };
        Ok((0..projection.len()).map(row).collect())
    },
};

pub(super) const CLOSENESS: Definition = Definition {
    name: "algo.closeness",
    summary: "How near a node is to those it reaches, by hops (Wasserman and Faust's form for parted graphs).",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Both)?;
        let mut scores = Vec::with_capacity(projection.len());
        let mut depth = vec![usize::MAX; projection.len()];
        for start in 0..projection.len() {
            rt.check_interrupt()?;
            let mut order = vec![start];
            depth[start] = 0;
            let (mut at, mut sum) = (0, 0usize);
            while let Some(&place) = order.get(at) {
                at += 1;
                sum += depth[place];
                for step in &projection.steps[place] {
                    if depth[step.to] == usize::MAX {
                        depth[step.to] = depth[place] + 1;
                        order.push(step.to);
                    }
                }
            }
            let reached = (order.len() - 1) as f64;
            let others = (projection.len() - 1) as f64;
            scores.push(if sum == 0 { 0.0 } else { reached / others * reached / sum as f64 });
            order.iter().for_each(|&place| depth[place] = usize::MAX);
        }
        Ok(scored(&projection, scores))
    },
};

pub(super) const BETWEENNESS: Definition = Definition {
    name: "algo.betweenness",
    summary: "How many shortest paths by hops lead through a node (Brandes); read both ways, each pair counts once.",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    run: |rt, args| {
        let settings = Settings::new(&args[0], &[])?;
        let projection = Projection::new(rt, &settings, Reading::Both)?;
        let both =
            settings.text("direction")?.is_none_or(|way| matches!(&*way.to_ascii_lowercase(), "both" | "undirected"));
        let count = projection.len();
        let mut scores = vec![0.0; count];
        let (mut depth, mut paths, mut share) = (vec![usize::MAX; count], vec![0.0; count], vec![0.0; count]);
        for start in 0..count {
            rt.check_interrupt()?;
            let mut order = vec![start];
            let mut at = 0;
            depth[start] = 0;
            paths[start] = 1.0;
            while let Some(&place) = order.get(at) {
                at += 1;
                for step in &projection.steps[place] {
                    if depth[step.to] == usize::MAX {
                        depth[step.to] = depth[place] + 1;
                        order.push(step.to);
                    }
                    if depth[step.to] == depth[place] + 1 {
                        paths[step.to] += paths[place];
                    }
                }
            }
            for &place in order.iter().rev() {
                for step in &projection.steps[place] {
                    if depth[step.to] == depth[place] + 1 {
                        share[place] += paths[place] / paths[step.to] * (1.0 + share[step.to]);
                    }
                }
                if place != start {
                    scores[place] += share[place];
                }
            }
            for &place in &order {
                depth[place] = usize::MAX;
                paths[place] = 0.0;
                share[place] = 0.0;
            }
        }
        if both {
            scores.iter_mut().for_each(|score| *score /= 2.0);
        }
        Ok(scored(&projection, scores))
    },
};

/// Nodes with their scores, the greatest first.
fn scored(projection: &Projection, scores: Vec<f64>) -> Vec<Vec<Value>> {
    let mut order: Vec<(usize, f64)> = scores.into_iter().enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().map(|(place, score)| vec![projection.node(place), Value::Float(score)]).collect()
}
