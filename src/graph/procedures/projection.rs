//! What an algorithm works on: a part of the graph, chosen by a map of settings.
//!
//! | setting | meaning | default |
//! |---|---|---|
//! | `label`, `labels` | nodes with one of these labels | all nodes |
//! | `type`, `types` | relationships of one of these types | all |
//! | `direction` | `'out'`, `'in'` or `'both'` | the algorithm's |
//! | `weight` | the relationship property that holds the weight | every weight is 1 |
//! | `defaultWeight` | the weight of a relationship without that property | 1 |

use crate::graph::eval::EvalContext;
use crate::graph::exec::{Runtime, Sides};
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use petgraph::Graph;
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashMap};

/// Settings of a call.
pub struct Settings<'v> {
    entries: Option<&'v BTreeMap<String, Value>>,
}

/// Settings that every algorithm knows.
const COMMON: [&str; 7] = ["label", "labels", "type", "types", "direction", "weight", "defaultWeight"];

impl<'v> Settings<'v> {
    /// Of a map or null; other names than the common ones and `own` are refused.
    pub fn new(value: &'v Value, own: &[&str]) -> Result<Self> {
        let entries = match value {
            Value::Null => None,
            Value::Map(entries) => Some(entries),
            other => return Err(wrong("settings", "a map", other)),
        };
        for name in entries.into_iter().flatten().map(|(name, _)| name.as_str()) {
            if !COMMON.contains(&name) && !own.contains(&name) {
                let known = COMMON.iter().chain(own).copied();
                let near = crate::text::suggest::nearest(name, known.clone(), 1);
                let error = Error::argument(Detail::InvalidArgumentValue, format!("There is no setting `{name}`"));
                return Err(match near.first() {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("the settings are {}", known.collect::<Vec<_>>().join(", "))),
                });
            }
        }
        Ok(Settings { entries })
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.entries?.get(name).filter(|value| !value.is_null())
    }

    /// A string.
    pub fn text(&self, name: &str) -> Result<Option<&'v str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a string", other)),
        }
    }

    /// A number of at least 0.
    pub fn number(&self, name: &str, default: f64) -> Result<f64> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Int(number)) if *number >= 0 => Ok(*number as f64),
            Some(Value::Float(number)) if *number >= 0.0 => Ok(*number),
            Some(other) => Err(wrong(name, "a number that is not negative", other)),
        }
    }

    /// A whole number of at least 0.
    pub fn count(&self, name: &str, default: usize) -> Result<usize> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Int(number)) if *number >= 0 => Ok(usize::try_from(*number).unwrap_or(usize::MAX)),
            Some(other) => Err(wrong(name, "a whole number that is not negative", other)),
        }
    }

    fn names(&self, one: &str, many: &str) -> Result<Option<Vec<&'v str>>> {
        let list = match (self.get(one), self.get(many)) {
            (None, None) => return Ok(None),
            (Some(Value::String(name)), None) | (None, Some(Value::String(name))) => return Ok(Some(vec![name])),
            (Some(list), _) | (None, Some(list)) => list,
        };
        let Value::List(items) = list else { return Err(wrong(many, "a string or a list of strings", list)) };
        items
            .iter()
            .map(|item| match item {
                Value::String(name) => Ok(&**name),
                other => Err(wrong(many, "a string or a list of strings", other)),
            })
            .collect::<Result<_>>()
            .map(Some)
    }
}

fn wrong(name: &str, expected: &str, value: &Value) -> Error {
    Error::argument(
        Detail::InvalidArgumentType,
        format!("`{name}` must be {expected}, not a value of type {}", value.type_name()),
    )
}

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

/// A step from a node.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The place of the other node.
    pub to: usize,
    /// The relationship.
    pub relationship: u64,
    /// Its weight.
    pub weight: f64,
}

/// Nodes in places from 0, with their steps.
pub struct Projection {
    /// The node of each place, by id.
    pub ids: Vec<u64>,
    /// The steps of each place. Read both ways, a relationship is a step of both its ends.
    pub steps: Vec<Vec<Step>>,
    places: HashMap<u64, usize>,
}

impl Projection {
    /// Takes the part of the graph that the settings choose.
    pub fn new(rt: &Runtime<'_>, settings: &Settings<'_>, default: Reading) -> Result<Self> {
        let reading = match settings.text("direction")?.map(str::to_ascii_lowercase).as_deref() {
            None => default,
            Some("out" | "outgoing" | "natural") => Reading::Out,
            Some("in" | "incoming" | "reverse") => Reading::In,
            Some("both" | "undirected") => Reading::Both,
            Some(other) => {
                return Err(Error::argument(
                    Detail::InvalidArgumentValue,
                    format!("direction must be 'out', 'in' or 'both', not '{other}'"),
                ));
            }
        };
        let (labels, types) = (settings.names("label", "labels")?, settings.names("type", "types")?);
        let weight = settings.text("weight")?;
        let default_weight = settings.number("defaultWeight", 1.0)?;
        let mut kinds = Vec::new();
        for name in types.iter().flatten() {
            kinds.extend(rt.token(TokenKind::Type, name)?);
        }
        let mut ids = Vec::new();
        let all: Vec<u64> = {
            let mirror = rt.mirror()?;
            mirror.topology().nodes().map(|index| mirror.topology().id_of(index)).collect()
        };
        'nodes: for id in all {
            if let Some(labels) = &labels {
                let mut has = false;
                for label in labels {
                    has = has || rt.has_label(id, &TokenRef::new(TokenKind::Label, *label))?;
                }
                if !has {
                    continue 'nodes;
                }
            }
            ids.push(id);
        }
        let places: HashMap<u64, usize> = ids.iter().enumerate().map(|(place, &id)| (id, place)).collect();
        let mut steps: Vec<Vec<Step>> = vec![Vec::new(); ids.len()];
        for (place, &id) in ids.iter().enumerate() {
            rt.check_interrupt()?;
            let mut links = Vec::new();
            rt.neighbours(id, Sides::Out, &mut links)?;
            for link in links {
                if types.is_some() && !kinds.contains(&link.kind) {
                    continue;
                }
                let Some(&other) = places.get(&link.node) else { continue };
                let weight = match weight {
                    None => default_weight,
                    Some(key) => {
                        match rt.relationship_property(link.relationship, &TokenRef::new(TokenKind::Key, key))? {
                            Value::Null => default_weight,
                            Value::Int(weight) => weight as f64,
                            Value::Float(weight) => weight,
                            other => return Err(wrong(key, "a number", &other)),
                        }
                    }
                };
                let step = |to| Step { to, relationship: link.relationship, weight };
                if reading != Reading::In {
                    steps[place].push(step(other));
                }
                if reading == Reading::In || (reading == Reading::Both && other != place) {
                    steps[other].push(step(place));
                }
            }
        }
        Ok(Projection { ids, steps, places })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// A node of the answer.
    pub fn node(&self, place: usize) -> Value {
        Value::Node(self.ids.get(place).copied().unwrap_or_default())
    }

    /// The place of a node argument.
    pub fn place(&self, value: &Value, name: &str) -> Result<usize> {
        let id = value.node_id().ok_or_else(|| wrong(name, "a node", value))?;
        self.places.get(&id).copied().ok_or_else(|| {
            Error::argument(Detail::InvalidArgumentValue, format!("`{name}` is not among the chosen nodes"))
        })
    }

    /// Fails if a weight is negative: shortest paths need that.
    pub fn refuse_negative(&self) -> Result<()> {
        if self.steps.iter().flatten().any(|step| step.weight < 0.0 || step.weight.is_nan()) {
            return Err(Error::argument(Detail::NumberOutOfRange, "Weights must not be negative here"));
        }
        Ok(())
    }

    /// The same as a petgraph graph; nodes carry their place.
    pub fn petgraph(&self) -> Graph<usize, Step> {
        let mut graph = Graph::with_capacity(self.len(), self.steps.iter().map(Vec::len).sum());
        for place in 0..self.len() {
            graph.add_node(place);
        }
        for (place, steps) in self.steps.iter().enumerate() {
            for step in steps {
                graph.add_edge(NodeIndex::new(place), NodeIndex::new(step.to), *step);
            }
        }
        graph
    }

    /// The neighbours of each place, each once, without the place itself, in order.
    pub fn neighbour_sets(&self) -> Vec<Vec<usize>> {
        self.steps
            .iter()
            .enumerate()
            .map(|(place, steps)| {
                let mut others: Vec<usize> = steps.iter().map(|step| step.to).filter(|&to| to != place).collect();
                others.sort_unstable();
                others.dedup();
                others
            })
            .collect()
    }
}
