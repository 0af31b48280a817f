//! From an array of stages to a chain of iterators.

use super::row::Input;
use super::{
    add_fields, bucket, bucket_auto, count, densify, documents, facet, fill, graph_lookup, group, limit, lookup,
    matching, output, project, redact, replace_root, sample, sort, union_with, unset, unwind, window,
};
use crate::doc::expression::Variables;
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};
use std::rc::Rc;

/// The most stages of a pipeline.
const MAX_STAGES: usize = 1000;
/// How deep pipelines may stand inside pipelines.
const MAX_DEPTH: usize = 20;

/// What a pipeline is parsed in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// Names of the variables that surround it.
    pub declared: Vec<String>,
    /// The stage whose part it is: `$facet`, `$lookup` …
    pub inside: Option<&'static str>,
    /// How many pipelines it stands in.
    pub depth: usize,
}

impl Scope {
    /// The scope of a pipeline inside a stage, with more variables.
    ///
    /// # Errors
    /// Pipelines stand too deep inside each other.
    pub fn nested(&self, inside: &'static str, more: impl IntoIterator<Item = String>) -> Result<Scope> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::new(
                Code::Location(5_107_204),
                format!("pipelines may stand {MAX_DEPTH} deep inside each other at most"),
            ));
        }
        let mut declared = self.declared.clone();
        declared.extend(more);
        Ok(Scope { declared, inside: Some(inside), depth: self.depth + 1 })
    }
}

/// A function that puts a stage behind another.
pub(crate) type Build = Rc<dyn Fn(Input, &Variables) -> Input>;

/// A compiled stage.
#[derive(Clone)]
pub(crate) struct Compiled {
    /// With its `$`.
    pub name: &'static str,
    /// What the planner must know of it.
    pub role: Role,
    /// Makes it run.
    pub build: Build,
}

/// What the planner must know of a stage.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    /// `$match`
    Match(Document),
    /// `$sort`, and how many rows are wanted of it.
    Sort(SortSpec),
    /// `$limit`
    Limit(u64),
    /// `$skip`
    Skip(u64),
    /// Makes its own rows and reads none: `$documents`.
    Source,
    /// `$geoNear` and its specification: reads the collection its own way.
    Near(Document),
    /// `$collStats`, `$indexStats`: about the collection, not its documents.
    Statistics(Rc<super::statistics::About>),
    /// `$out`, `$merge`.
    Write(Rc<output::Target>),
    /// Anything else.
    Other,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple(self.name).field(&self.role).finish()
    }
}

impl Compiled {
    /// Whether it is a `$match` with `$text`, which only a collection's text index can answer.
    pub fn is_text(&self) -> bool {
        matches!(&self.role, Role::Match(filter) if filter.contains_key("$text")
        || filter.get_array("$and").is_ok_and(|clauses| {
            clauses.iter().any(|clause| clause.as_document().is_some_and(|clause| clause.contains_key("$text")))
        }))
    }

    /// A stage without special role.
    pub fn other(name: &'static str, build: impl Fn(Input, &Variables) -> Input + 'static) -> Compiled {
        Compiled { name, role: Role::Other, build: Rc::new(build) }
    }
}

type Parse = fn(&Bson, &Scope) -> Result<Vec<Compiled>>;

/// The stages by name.
pub(crate) const STAGES: &[(&str, Parse)] = &[
    ("$addFields", |spec, scope| one(add_fields::parse("$addFields", spec, scope)?)),
    ("$bucket", |spec, scope| bucket::parse(spec, scope)),
    ("$bucketAuto", |spec, scope| one(bucket_auto::parse(spec, scope)?)),
    ("$collStats", |spec, _| one(super::statistics::collection(spec)?)),
    ("$count", |spec, _| one(count::parse(spec)?)),
    ("$densify", |spec, scope| one(densify::parse(spec, scope)?)),
    ("$documents", |spec, scope| one(documents::parse(spec, scope)?)),
    ("$facet", |spec, scope| one(facet::parse(spec, scope)?)),
    ("$fill", |spec, scope| fill::parse(spec, scope)),
    ("$geoNear", |spec, scope| one(super::near::parse(spec, scope)?)),
    ("$graphLookup", |spec, scope| one(graph_lookup::parse(spec, scope)?)),
    ("$group", |spec, scope| one(group::parse(spec, scope)?)),
    ("$indexStats", |spec, _| one(super::statistics::indexes(spec)?)),
    ("$limit", |spec, _| one(limit::parse_limit(spec)?)),
    ("$lookup", |spec, scope| one(lookup::parse(spec, scope)?)),
    ("$match", |spec, _| one(matching::parse(spec)?)),
    ("$merge", |spec, scope| one(output::parse_merge(spec, scope)?)),
    ("$out", |spec, _| one(output::parse_out(spec)?)),
    ("$project", |spec, scope| one(project::parse(spec, scope)?)),
    ("$redact", |spec, scope| one(redact::parse(spec, scope)?)),
    ("$replaceRoot", |spec, scope| one(replace_root::parse_root(spec, scope)?)),
    ("$replaceWith", |spec, scope| one(replace_root::parse_with(spec, scope)?)),
    ("$sample", |spec, _| one(sample::parse(spec)?)),
    ("$set", |spec, scope| one(add_fields::parse("$set", spec, scope)?)),
    ("$setWindowFields", |spec, scope| one(window::parse(spec, scope)?)),
    ("$skip", |spec, _| one(limit::parse_skip(spec)?)),
    ("$sort", |spec, _| one(sort::parse(spec)?)),
    ("$sortByCount", |spec, scope| count::parse_sort_by(spec, scope)),
    ("$unionWith", |spec, scope| one(union_with::parse(spec, scope)?)),
    ("$unset", |spec, scope| one(unset::parse(spec, scope)?)),
    ("$unwind", |spec, _| one(unwind::parse(spec)?)),
];

fn one(stage: Compiled) -> Result<Vec<Compiled>> {
    Ok(vec![stage])
}

/// A compiled pipeline; it can be run many times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pipeline {
    /// Its stages; one written stage may have become several.
    pub stages: Vec<Compiled>,
}

impl Pipeline {
    /// Compiles an array of stages.
    ///
    /// # Errors
    /// An unknown stage, a wrong specification, or a stage where it may not stand.
    pub fn parse(stages: &[Bson], scope: &Scope) -> Result<Pipeline> {
        if stages.len() > MAX_STAGES {
            return Err(Error::new(
                Code::Location(7_749_501),
                format!("Pipeline length must be no longer than {MAX_STAGES} stages"),
            ));
        }
        let mut compiled = Vec::with_capacity(stages.len());
        for (at, stage) in stages.iter().enumerate() {
            let Bson::Document(stage) = stage else {
                return Err(Error::type_mismatch("Each element of the 'pipeline' array must be an object"));
            };
            let mut fields = stage.iter();
            let (Some((name, spec)), None) = (fields.next(), fields.next()) else {
                return Err(Error::new(
                    Code::Location(40323),
                    "A pipeline stage specification object must contain exactly one field.",
                ));
            };
            let Some((name, parse)) = STAGES.iter().find(|(known, _)| known == name) else {
                return Err(unknown(name));
            };
            check_place(name, at, stages.len(), scope)?;
            compiled.extend(parse(spec, scope)?);
            if at > 0 && compiled.last().is_some_and(Compiled::is_text) {
                return Err(Error::new(
                    Code::Location(17313),
                    "$match with $text is only allowed as the first pipeline stage",
                ));
            }
        }
        Ok(Pipeline { stages: compiled })
    }

    /// Puts the stages from `from` on behind a source.
    pub fn build(&self, source: Input, from: usize, variables: &Variables) -> Input {
        let stages = self.stages.get(from..).unwrap_or_default();
        stages.iter().fold(source, |input, stage| (stage.build)(input, variables))
    }

    /// Whether it makes its own documents.
    pub fn is_source(&self) -> bool {
        matches!(self.stages.first(), Some(Compiled { role: Role::Source, .. }))
    }
}

fn unknown(name: &str) -> Error {
    let error = Error::new(Code::Location(40324), format!("Unrecognized pipeline stage name: '{name}'"));
    let nearest = crate::text::suggest::nearest(name, STAGES.iter().map(|(known, _)| *known), 3);
    if nearest.is_empty() { error } else { error.hint(format!("did you mean {}?", nearest.join(", "))) }
}

fn check_place(name: &str, at: usize, count: usize, scope: &Scope) -> Result<()> {
    let first_only = matches!(name, "$documents" | "$geoNear" | "$collStats" | "$indexStats");
    let last_only = matches!(name, "$out" | "$merge");
    if scope.inside == Some("$facet") && (first_only || last_only || name == "$facet") {
        return Err(Error::new(
            Code::Location(40600),
            format!("{name} is not allowed to be used within a $facet stage"),
        ));
    }
    if last_only && let Some(inside) = scope.inside {
        return Err(Error::new(
            Code::Location(51047),
            format!("{name} is not allowed within a {inside} stage's sub-pipeline"),
        ));
    }
    if first_only && at != 0 {
        return Err(Error::new(
            Code::Location(40602),
            format!("{name} is only valid as the first stage in a pipeline"),
        ));
    }
    if last_only && at + 1 != count {
        return Err(Error::new(Code::Location(40601), format!("{name} can only be the final stage in the pipeline")));
    }
    Ok(())
}

/// A stage's specification as an object.
///
/// # Errors
/// It is none.
pub(crate) fn object<'d>(number: i32, name: &str, spec: &'d Bson) -> Result<&'d Document> {
    spec.as_document().ok_or_else(|| {
        Error::new(
            Code::Location(number),
            format!(
                "the {name} stage specification must be an object, but found {}",
                crate::doc::expression::type_name(Some(spec))
            ),
        )
    })
}

/// Refuses fields other than those known.
///
/// # Errors
/// There is one.
pub(crate) fn known_fields(number: i32, name: &str, document: &Document, known: &[&str]) -> Result<()> {
    match document.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Error::new(Code::Location(number), format!("Unrecognized option to {name}: {key}"))),
        None => Ok(()),
    }
}
