//! Which fields of a document a text index takes in, and how much each of its terms counts.

use super::Language;
use super::token::{self, Folding};
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document};
use std::collections::BTreeMap;

/// The weights of a text index.
#[derive(Debug, Clone)]
pub struct Weights {
    /// The weight of each path; `$**` stands for all fields.
    fields: BTreeMap<String, f64>,
    /// The language of texts that name none.
    pub language: Language,
    /// The field that names the language of the document it stands in.
    pub language_override: String,
}

/// The path that stands for all fields.
pub const EVERYTHING: &str = "$**";

/// Documents nested deeper than this are not looked into.
const DEEPEST: usize = 100;

impl Weights {
    /// From paths and their weights.
    pub fn new(fields: BTreeMap<String, f64>, language: Language, language_override: String) -> Weights {
        Weights { fields, language, language_override }
    }

    /// As `getIndexes` shows them.
    pub fn to_document(&self) -> Document {
        self.fields.iter().map(|(path, weight)| (path.clone(), crate::value::construct::js_number(*weight))).collect()
    }

    /// The score of each term of a document.
    pub fn scores(&self, document: DocumentView<'_>) -> BTreeMap<String, f64> {
        let mut scores = BTreeMap::new();
        self.texts(document, &mut |text, language, weight| score(text, language, weight, &mut scores));
        scores
    }

    /// Calls `visit` for each indexed text with its language and weight.
    pub fn texts(&self, document: DocumentView<'_>, visit: &mut dyn FnMut(&str, Language, f64)) {
        self.walk(document, "", self.language, 0, visit);
    }

    fn walk(
        &self,
        document: DocumentView<'_>,
        prefix: &str,
        language: Language,
        depth: usize,
        visit: &mut dyn FnMut(&str, Language, f64),
    ) {
        if depth > DEEPEST {
            return;
        }
        let language = match document.get(&self.language_override) {
            Some(name) => name.text().and_then(Language::named).unwrap_or(language),
            None => language,
        };
        for (name, value) in document.fields() {
            // The field that names the language is no text of the document.
            if name == self.language_override.as_str() {
                continue;
            }
            let path = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") };
            self.value(value, &path, language, depth, visit);
        }
    }

    fn value(
        &self,
        value: View<'_>,
        path: &str,
        language: Language,
        depth: usize,
        visit: &mut dyn FnMut(&str, Language, f64),
    ) {
        match value {
            View::String(_) | View::Symbol(_) => {
                if let (Some(text), Some(weight)) = (value.text(), self.weight(path)) {
                    visit(text, language, weight);
                }
            }
            View::Document(inner) if self.leads_on(path) => self.walk(inner, path, language, depth + 1, visit),
            View::Array(items) => {
                for item in items.iter() {
                    match item {
                        View::Array(_) => {}
                        item => self.value(item, path, language, depth + 1, visit),
                    }
                }
            }
            _ => {}
        }
    }

    fn weight(&self, path: &str) -> Option<f64> {
        self.fields.get(path).or_else(|| self.fields.get(EVERYTHING)).copied()
    }

    /// Whether an indexed field may lie below a path.
    fn leads_on(&self, path: &str) -> bool {
        self.fields.contains_key(EVERYTHING)
            || self.fields.keys().any(|field| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    }
}

/// Adds the scores of one text: for each term `weight · (1 + 1/2 + 1/4 …) · (count / (2 · tokens) + 1/2)`, and a
/// tenth more if the text is nothing but the term.
fn score(text: &str, language: Language, weight: f64, scores: &mut BTreeMap<String, f64>) {
    #[derive(Default)]
    struct Met {
        count: f64,
        frequency: f64,
        next: f64,
    }
    let mut met: BTreeMap<String, Met> = BTreeMap::new();
    let mut tokens = 0.0;
    for word in token::words(text, language) {
        let Some(term) = token::term(word, language, Folding::default()) else { continue };
        let here = met.entry(term).or_insert_with(|| Met { next: 1.0, ..Met::default() });
        here.count += 1.0;
        here.frequency += here.next;
        here.next /= 2.0;
        tokens += 1.0;
    }
    for (term, Met { count, frequency, .. }) in met {
        let coefficient = 0.5 * count / tokens + 0.5;
        let adjustment = if text.eq_ignore_ascii_case(&term) { 1.1 } else { 1.0 };
        *scores.entry(term).or_default() += weight * frequency * coefficient * adjustment;
    }
}

/// A weight as an index takes it: 1 to 99,999.
pub fn checked_weight(value: &Bson) -> Option<f64> {
    View::from(value).number().filter(|weight| (1.0..100_000.0).contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    #[test]
    fn scores_are_the_servers() {
        let weights = Weights::new(
            [("title".to_owned(), 1.0), ("tags".to_owned(), 2.0)].into(),
            Language::named("english").unwrap(),
            "language".to_owned(),
        );
        let scores = |document: Document| weights.scores((&document).into());
        // The well-known figures: one hit in a field of one word, of two words, twice in two.
        assert_eq!(scores(doc! { "title": "coffee" })["coffe"], 1.0);
        assert_eq!(scores(doc! { "title": "cake" })["cake"], 1.1);
        assert_eq!(scores(doc! { "title": "coffee shop" })["shop"], 0.75);
        assert_eq!(scores(doc! { "title": "shop the shops" })["shop"], 1.5);
        assert_eq!(scores(doc! { "title": "cake", "tags": ["cake", "tea"] })["cake"], 1.1 + 2.2);
        assert!(scores(doc! { "other": "cake" }).is_empty());
        assert!(scores(doc! { "title": "the cats", "language": "none" }).contains_key("cats"));
    }
}
