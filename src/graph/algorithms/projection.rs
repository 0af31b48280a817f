//! What an algorithm walks: the graph or the part of it that the settings choose.
//!
//! Nodes have places from 0 in order of their ids. The whole graph without weights is the mirror's own
//! arrays; a part of it, or one with weights, is copied into arrays of the same form.

use super::settings::{Settings, wrong};
use crate::graph::eval::EvalContext;
use crate::graph::exec::Runtime;
use crate::graph::mirror::{Link, Mirror};
use crate::graph::store::{Side, TokenKind};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{PathIds, Value};
use std::cell::{Cell, OnceCell, Ref};
use std::sync::Arc;

/// Which way relationships are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As they point.
    Out,
    /// Against that.
    In,
    /// Both ways.
    Both,
}

impl Reading {
    /// The other way round.
    fn turned(self) -> Self {
        match self {
            Reading::Out => Reading::In,
            Reading::In => Reading::Out,
            Reading::Both => Reading::Both,
        }
    }
}

/// A step from a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The place of the other node.
    pub to: u32,
    /// The relationship.
    pub relationship: u64,
    /// Its weight.
    pub weight: f64,
}

/// Nodes in places from 0, with their steps. Read both ways, a relationship is a step of both its ends;
/// a loop is one step.
pub struct Projection<'c> {
    reading: Reading,
    weight: f64,
    source: Source<'c>,
    interrupt: &'c dyn EvalContext,
    /// Looked at by petgraph's walks: from then on there is nothing to walk.
    pub(super) stopped: Cell<bool>,
}

enum Source<'c> {
    /// The topology of the mirror.
    Mirror(Ref<'c, Mirror>),
    /// A copy of a part; the steps against the reading are sorted out when they are asked for.
    Copy { ids: Vec<u64>, forward: Arrays, backward: OnceCell<Arrays> },
}

/// The links of place `i` stand from `starts[i]` to `starts[i + 1]`.
#[derive(Debug, Default)]
struct Arrays {
    starts: Vec<u32>,
    links: Vec<Link>,
    /// As many as links, or none if all weigh the same.
    weights: Vec<f64>,
}

/// A node that was not chosen.
const NONE: u32 = u32::MAX;

impl<'c> Projection<'c> {
    /// Takes the part of the graph that the settings choose; as a copy, if properties are to be read
    /// while it lives.
    pub fn new(rt: &'c Runtime<'_>, settings: &Settings<'_>, reading: Reading, copy: bool) -> Result<Self> {
        let labels = settings.names("label", "labels")?;
        let types = settings.names("type", "types")?;
        let key = settings.text("weight")?;
        let weight = settings.number("defaultWeight", 1.0)?;
        let kinds = match &types {
            None => None,
            Some(names) => {
                let ids = names.iter().map(|name| rt.token(TokenKind::Type, name)).collect::<Result<Vec<_>>>()?;
                Some(ids.into_iter().flatten().collect::<Vec<u32>>())
            }
        };
        let chosen = match &labels {
            None => None,
            Some(names) => {
                let mut ids = Vec::new();
                for name in names {
                    rt.nodes_with_label(name, &mut ids)?;
                }
                Some(ids)
            }
        };
        let mirror = rt.mirror()?;
        let topology = mirror.topology();
        let all_types =
            kinds.as_ref().is_none_or(|kinds| matches!(kinds.as_slice(), [kind] if topology.has_only(*kind)));
        let projection = |source| Projection { reading, weight, source, interrupt: rt, stopped: Cell::new(false) };
        if !copy && key.is_none() && chosen.is_none() && all_types && topology.len() == topology.bound() {
            return Ok(projection(Source::Mirror(mirror)));
        }
        let (ids, mut forward) = part(&mirror, chosen, kinds.as_deref(), reading, rt)?;
        drop(mirror);
        if let Some(key) = key {
            forward.weights.reserve_exact(forward.links.len());
            let relationships = forward.links.iter().map(|link| link.relationship);
            rt.relationship_values(key, relationships, |value| {
                forward.weights.push(match value {
                    Value::Null => weight,
                    Value::Int(weight) => weight as f64,
                    Value::Float(weight) if weight.is_finite() => weight,
                    other => return Err(wrong(key, "a finite number", &other)),
                });
                Ok(())
            })?;
        }
        Ok(projection(Source::Copy { ids, forward, backward: OnceCell::new() }))
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        match &self.source {
            Source::Mirror(mirror) => mirror.topology().bound(),
            Source::Copy { ids, .. } => ids.len(),
        }
    }

    /// The places of all nodes.
    pub fn places(&self) -> std::ops::Range<u32> {
        0..self.len() as u32
    }

    /// Which way relationships are walked.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// Whether steps may weigh differently.
    pub fn is_weighted(&self) -> bool {
        matches!(&self.source, Source::Copy { forward, .. } if !forward.weights.is_empty())
    }

    /// The weight of all steps, unless they differ.
    pub fn common_weight(&self) -> f64 {
        self.weight
    }

    /// The id of a node.
    pub fn id(&self, place: u32) -> u64 {
        match &self.source {
            Source::Mirror(mirror) => mirror.topology().id_of(place),
            Source::Copy { ids, .. } => ids.get(place as usize).copied().unwrap_or_default(),
        }
    }

    /// A node of the answer.
    pub fn node(&self, place: u32) -> Value {
        Value::Node(self.id(place))
    }

    /// The place of a node argument.
    pub fn place(&self, value: &Value, name: &str) -> Result<u32> {
        let id = value.node_id().ok_or_else(|| wrong(name, "a node", value))?;
        let place = match &self.source {
            Source::Mirror(mirror) => mirror.topology().index_of(id),
            Source::Copy { ids, .. } => ids.binary_search(&id).ok().map(|place| place as u32),
        };
        place.ok_or_else(|| {
            Error::argument(Detail::InvalidArgumentValue, format!("`{name}` is not among the chosen nodes"))
                .hint("the settings label and labels choose the nodes")
        })
    }

    /// The steps from a node.
    pub fn steps(&self, place: u32) -> Steps<'_> {
        match &self.source {
            Source::Mirror(mirror) => self.mirrored(mirror, place, self.reading),
            Source::Copy { forward, .. } => forward.steps(place, self.weight),
        }
    }

    /// The steps that lead to a node, as steps from it.
    pub fn steps_back(&self, place: u32) -> Steps<'_> {
        match &self.source {
            Source::Mirror(mirror) => self.mirrored(mirror, place, self.reading.turned()),
            Source::Copy { forward, .. } if self.reading == Reading::Both => forward.steps(place, self.weight),
            Source::Copy { forward, backward, .. } => {
                backward.get_or_init(|| forward.turned()).steps(place, self.weight)
            }
        }
    }

    fn mirrored<'p>(&'p self, mirror: &'p Mirror, place: u32, reading: Reading) -> Steps<'p> {
        let links = |side| mirror.topology().links(place, side);
        let (first, second) = match reading {
            Reading::Out => (links(Side::Out), &[][..]),
            Reading::In => (links(Side::In), &[][..]),
            Reading::Both => (links(Side::Out), links(Side::In)),
        };
        Steps { first: first.iter(), weights: [].iter(), weight: self.weight, second: second.iter(), place }
    }

    /// The number of steps from a node.
    pub fn degree(&self, place: u32) -> usize {
        self.steps(place).count()
    }

    /// Fails if a weight is negative.
    pub fn refuse_negative(&self) -> Result<()> {
        let Source::Copy { forward, .. } = &self.source else { return Ok(()) };
        if forward.weights.iter().any(|weight| *weight < 0.0) {
            return Err(Error::argument(Detail::NumberOutOfRange, "Weights must not be negative here")
                .hint("algo.bellmanFord and algo.allPairs take negative weights"));
        }
        Ok(())
    }

    /// The same with each weight raised by the difference of the heights of its ends, never below 0.
    pub fn raised(&self, heights: &[f64]) -> Projection<'c> {
        let mut arrays = Arrays::default();
        for place in self.places() {
            arrays.starts.push(arrays.links.len() as u32);
            for step in self.steps(place) {
                let raised = step.weight + heights[place as usize] - heights[step.to as usize];
                arrays.links.push(Link { other: step.to, kind: 0, relationship: step.relationship });
                arrays.weights.push(raised.max(0.0));
            }
        }
        arrays.starts.push(arrays.links.len() as u32);
        let ids = self.places().map(|place| self.id(place)).collect();
        let source = Source::Copy { ids, forward: arrays, backward: OnceCell::new() };
        Projection { source, stopped: Cell::new(false), ..*self }
    }

    /// The neighbours of each place, each once, without the place itself, in order.
    pub fn neighbour_sets(&self) -> Result<Vec<Vec<u32>>> {
        let mut sets = Vec::with_capacity(self.len());
        for place in self.places() {
            let mut others: Vec<u32> = self.steps(place).map(|step| step.to).filter(|&to| to != place).collect();
            others.sort_unstable();
            others.dedup();
            if place % 1024 == 0 {
                self.interrupt.check_interrupt()?;
            }
            sets.push(others);
        }
        Ok(sets)
    }

    /// Each relationship once, with its ends as it is walked; read both ways, loops included.
    pub fn relationships(&self) -> impl Iterator<Item = (u32, Step)> + '_ {
        let both = self.reading == Reading::Both;
        self.places().flat_map(move |place| {
            let steps = self.steps(place).map(move |step| (place, step));
            // The step of the end that comes first stands for the relationship.
            steps.filter(move |(place, step)| !both || step.to >= *place)
        })
    }

    /// A path from a place along steps.
    pub fn path(&self, start: u32, steps: impl IntoIterator<Item = Step>) -> Value {
        let mut path = PathIds { nodes: vec![self.id(start)], relationships: Vec::new() };
        for step in steps {
            path.relationships.push(step.relationship);
            path.nodes.push(self.id(step.to));
        }
        Value::Path(Arc::new(path))
    }

    /// The ids of nodes along a circle, as an error names them; of a long one the beginning.
    pub fn circle(&self, places: impl ExactSizeIterator<Item = u32>) -> String {
        const SHOWN: usize = 20;
        let count = places.len();
        let mut names: Vec<String> = places.take(SHOWN).map(|place| self.id(place).to_string()).collect();
        if count > SHOWN {
            names.push(format!("… ({} in all)", count - 1));
        }
        names.join(" → ")
    }

    /// Whether the user has asked to stop; there are no steps for petgraph from then on.
    pub(super) fn is_stopped(&self) -> bool {
        if !self.stopped.get() && self.interrupt.check_interrupt().is_err() {
            self.stopped.set(true);
        }
        self.stopped.get()
    }

    /// Called after petgraph has walked: what it found is worth nothing if the walk was stopped.
    pub fn check_stopped(&self) -> Result<()> {
        self.interrupt.check_interrupt()
    }
}

/// The chosen nodes of the mirror with their links, renumbered.
fn part(
    mirror: &Mirror,
    chosen: Option<Vec<u64>>,
    kinds: Option<&[u32]>,
    reading: Reading,
    interrupt: &dyn EvalContext,
) -> Result<(Vec<u64>, Arrays)> {
    let topology = mirror.topology();
    let mut indices: Vec<u32> = match chosen {
        None => topology.nodes().collect(),
        Some(ids) => ids.into_iter().filter_map(|id| topology.index_of(id)).collect(),
    };
    indices.sort_unstable();
    indices.dedup();
    let mut places = vec![NONE; topology.bound()];
    for (place, &index) in indices.iter().enumerate() {
        places[index as usize] = place as u32;
    }
    let mut arrays = Arrays { starts: Vec::with_capacity(indices.len() + 1), ..Arrays::default() };
    for (place, &index) in (0u32..).zip(&indices) {
        if place % 1024 == 0 {
            interrupt.check_interrupt()?;
        }
        arrays.starts.push(arrays.links.len() as u32);
        let mut add = |side, loops: bool| {
            for link in topology.links(index, side) {
                let other = places[link.other as usize];
                if other != NONE && (loops || other != place) && kinds.is_none_or(|kinds| kinds.contains(&link.kind)) {
                    arrays.links.push(Link { other, ..*link });
                }
            }
        };
        if reading != Reading::In {
            add(Side::Out, true);
        }
        if reading != Reading::Out {
            add(Side::In, reading == Reading::In);
        }
    }
    arrays.starts.push(arrays.links.len() as u32);
    Ok((indices.into_iter().map(|index| topology.id_of(index)).collect(), arrays))
}

impl Arrays {
    fn steps(&self, place: u32, weight: f64) -> Steps<'_> {
        let at = place as usize;
        let range = match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        };
        Steps {
            first: self.links.get(range.clone()).unwrap_or(&[]).iter(),
            weights: self.weights.get(range).unwrap_or(&[]).iter(),
            weight,
            second: [].iter(),
            place,
        }
    }

    /// The same links from their other ends.
    fn turned(&self) -> Arrays {
        let nodes = self.starts.len().saturating_sub(1);
        let mut starts = vec![0u32; nodes + 1];
        for link in &self.links {
            starts[link.other as usize + 1] += 1;
        }
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut links = vec![Link { other: 0, kind: 0, relationship: 0 }; self.links.len()];
        let mut weights = vec![0.0; self.weights.len()];
        for place in 0..nodes {
            for at in self.starts[place] as usize..self.starts[place + 1] as usize {
                let link = self.links[at];
                let to = &mut next[link.other as usize];
                links[*to as usize] = Link { other: place as u32, ..link };
                if let Some(weight) = self.weights.get(at) {
                    weights[*to as usize] = *weight;
                }
                *to += 1;
            }
        }
        Arrays { starts, links, weights }
    }
}

/// Steps from a node.
#[derive(Debug, Clone)]
pub struct Steps<'p> {
    first: std::slice::Iter<'p, Link>,
    /// Those of `first`, or none if all weigh the same.
    weights: std::slice::Iter<'p, f64>,
    weight: f64,
    /// Links of the other side; loops among them were seen already.
    second: std::slice::Iter<'p, Link>,
    place: u32,
}

impl Iterator for Steps<'_> {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        if let Some(link) = self.first.next() {
            let weight = self.weights.next().copied().unwrap_or(self.weight);
            return Some(Step { to: link.other, relationship: link.relationship, weight });
        }
        loop {
            let link = self.second.next()?;
            if link.other != self.place {
                return Some(Step { to: link.other, relationship: link.relationship, weight: self.weight });
            }
        }
    }
}
