//! `$text`: the entries of each term, their scores added up.

use super::choice::{equality_prefix, no_plan};
use crate::doc::catalog::CollectionInfo;
use crate::doc::index::{Index, Kind};
use crate::doc::query::Filter;
use crate::doc::text::{Terms, TextQuery, Weights};
use crate::doc::{Code, Error, Result, layout};
use crate::storage::{Direction, KeyRange, Read};
use crate::value::key;
use crate::value::view::View;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A text search.
#[derive(Debug, Clone)]
pub struct TextScan {
    /// The text index.
    pub index: Index,
    /// The keys of the fields before the terms.
    prefix: Vec<u8>,
    /// What is looked for.
    pub terms: Terms,
}

impl TextScan {
    /// A search by the collection's text index.
    ///
    /// # Errors
    /// There is none (27), or its leading fields have no equality.
    pub fn new(info: &CollectionInfo, text: &TextQuery, filter: &Filter) -> Result<TextScan> {
        let found = info.indexes.iter().find_map(|index| match &index.kind {
            Kind::Text { prefix, weights } if !index.hidden => Some((index, *prefix, weights)),
            _ => None,
        });
        let Some((index, prefix, weights)) = found else {
            return Err(Error::new(Code::IndexNotFound, "text index required for $text query").hint(format!(
                "db.{}.createIndex({{ title: \"text\" }}) makes one of the field title, {{ \"$**\": \"text\" }} of all fields",
                info.name
            )));
        };
        let fields = index.fields.get(..prefix).unwrap_or_default();
        let prefix = equality_prefix(fields, filter).ok_or_else(|| {
            no_plan("failed to use text index to satisfy $text query (if text index is compound, are equality predicates given for all prefix fields?)")
        })?;
        Ok(TextScan { index: index.clone(), prefix, terms: text.terms(weights) })
    }

    /// The weights of the index.
    pub fn weights(&self) -> Option<&Weights> {
        match &self.index.kind {
            Kind::Text { weights, .. } => Some(weights),
            _ => None,
        }
    }

    /// The records that hold one of the terms, with their scores, in their own order; and the entries looked at.
    ///
    /// # Errors
    /// Storage.
    pub fn records(&self, tx: &dyn Read) -> Result<(Vec<(u64, f64)>, u64)> {
        let mut scores: BTreeMap<u64, f64> = BTreeMap::new();
        let mut examined = 0;
        let mut failure = None;
        for term in &self.terms.wanted {
            let mut start = self.prefix.clone();
            key::encode(View::String(term.as_bytes()), &mut start);
            tx.scan(layout::index(self.index.id), &KeyRange::prefix(&start), Direction::Forward, &mut |key, value| {
                examined += 1;
                let (_, score) = self.index.entry(key, value);
                match (self.index.record(key, value), score.first_chunk::<8>()) {
                    (Ok(record), Some(score)) => *scores.entry(record).or_default() += f64::from_be_bytes(*score),
                    (Err(error), _) => failure = Some(error),
                    (_, None) => failure = Some(layout::damaged("the score of a term")),
                }
                Ok(if failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        match failure {
            Some(error) => Err(error),
            None => Ok((scores.into_iter().collect(), examined)),
        }
    }
}
