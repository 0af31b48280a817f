//! `$text`: terms of which one must occur, phrases that all must occur, and what must not occur.

use super::token::{self, Folding};
use super::{Language, Weights};
use crate::doc::{Code, Error, Result};
use crate::value::view::DocumentView;
use bson::{Bson, Document};
use std::collections::BTreeSet;

/// A compiled `$text`.
#[derive(Debug, Clone)]
pub struct TextQuery {
    source: Document,
    search: String,
    /// `None`: that of the index.
    language: Option<Language>,
    folding: Folding,
}

/// A `$text` in the language of its index.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// What the index is asked for.
    pub wanted: BTreeSet<String>,
    /// As folded by the query, where that tells more apart than the index.
    exact: BTreeSet<String>,
    unwanted: BTreeSet<String>,
    phrases: Vec<String>,
    unwanted_phrases: Vec<String>,
    folding: Folding,
    language: Option<Language>,
}

impl TextQuery {
    /// From the operand of `$text`.
    ///
    /// # Errors
    /// `$search` is missing, an unknown language or field.
    pub fn new(operand: &Bson) -> Result<TextQuery> {
        let Bson::Document(source) = operand else {
            return Err(Error::failed_to_parse("$text expects an object"));
        };
        let mut query =
            TextQuery { source: source.clone(), search: String::new(), language: None, folding: Folding::default() };
        let mut found = false;
        for (name, value) in source {
            let wrong = |what: &str| {
                Error::type_mismatch(format!("\"{name}\" had the wrong type. Expected {what}, found {value}"))
            };
            match (name.as_str(), value) {
                ("$search", Bson::String(text)) => {
                    query.search = text.clone();
                    found = true;
                }
                ("$language", Bson::String(name)) => {
                    query.language = Some(Language::named(name).ok_or_else(|| unsupported(name))?);
                }
                ("$caseSensitive", Bson::Boolean(flag)) => query.folding.case_sensitive = *flag,
                ("$diacriticSensitive", Bson::Boolean(flag)) => query.folding.diacritic_sensitive = *flag,
                ("$search" | "$language", _) => return Err(wrong("string")),
                ("$caseSensitive" | "$diacriticSensitive", _) => return Err(wrong("bool")),
                _ => return Err(Error::bad_value(format!("extra fields in $text: {name}"))),
            }
        }
        if !found {
            return Err(Error::new(Code::NoSuchKey, "Missing expected field \"$search\""));
        }
        Ok(query)
    }

    /// The operand.
    pub fn source(&self) -> &Document {
        &self.source
    }

    /// The terms and phrases of the search, in the query's language or else the index's.
    pub fn terms(&self, weights: &Weights) -> Terms {
        let language = self.language.unwrap_or(weights.language);
        let mut terms = Terms { folding: self.folding, language: self.language, ..Terms::default() };
        let mut rest = self.search.as_str();
        let mut before_word = true;
        while let Some(letter) = rest.chars().next() {
            let negated = letter == '-' && before_word;
            let at = if negated { rest[1..].trim_start_matches('-') } else { rest };
            if let Some(inside) = at.strip_prefix('"') {
                let (phrase, after) = inside.split_once('"').unwrap_or((inside, ""));
                terms.phrase(phrase, negated, language);
                rest = after;
                before_word = true;
                continue;
            }
            let end = at.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(at.len());
            if end == 0 {
                let width = at.chars().next().map_or(0, char::len_utf8);
                before_word = at.starts_with(char::is_whitespace);
                rest = &at[width..];
                continue;
            }
            terms.words(&at[..end], negated, language);
            rest = &at[end..];
            before_word = false;
        }
        terms
    }
}

/// MongoDB's answer to a language it has no stems for.
pub fn unsupported(name: &str) -> Error {
    Error::bad_value(format!("unsupported language: \"{name}\" for text index version 3"))
}

impl Terms {
    fn words(&mut self, text: &str, negated: bool, language: Language) {
        for word in token::words(text, language) {
            let Some(term) = token::term(word, language, Folding::default()) else { continue };
            let exact = token::term(word, language, self.folding).unwrap_or_default();
            if negated {
                self.unwanted.insert(exact);
            } else {
                self.wanted.insert(term);
                self.exact.insert(exact);
            }
        }
    }

    fn phrase(&mut self, phrase: &str, negated: bool, language: Language) {
        if phrase.trim().is_empty() {
            return;
        }
        if negated {
            self.unwanted_phrases.push(self.folding.fold(phrase));
        } else {
            self.phrases.push(self.folding.fold(phrase));
            self.words(phrase, false, language);
        }
    }

    /// As `explain` shows them.
    pub fn to_document(&self) -> Document {
        let list = |words: &BTreeSet<String>| Bson::Array(words.iter().cloned().map(Bson::String).collect());
        let texts = |words: &[String]| Bson::Array(words.iter().cloned().map(Bson::String).collect());
        let mut document = Document::new();
        document.insert("terms", list(&self.wanted));
        document.insert("negatedTerms", list(&self.unwanted));
        document.insert("phrases", texts(&self.phrases));
        document.insert("negatedPhrases", texts(&self.unwanted_phrases));
        document
    }

    /// Whether a document that holds a wanted term must be looked at before it is known to match.
    pub fn need_document(&self) -> bool {
        self.folding.is_sensitive()
            || !(self.unwanted.is_empty() && self.phrases.is_empty() && self.unwanted_phrases.is_empty())
    }

    /// Whether a document that holds a wanted term matches.
    pub fn hold(&self, document: DocumentView<'_>, weights: &Weights) -> bool {
        let mut phrases: BTreeSet<&str> = self.phrases.iter().map(String::as_str).collect();
        let (mut exact, mut refused) = (!self.folding.is_sensitive(), false);
        weights.texts(document, &mut |text, language, _| {
            let folded = self.folding.fold(text);
            phrases.retain(|phrase| !folded.contains(phrase));
            refused |= self.unwanted_phrases.iter().any(|phrase| folded.contains(phrase.as_str()));
            if exact && self.unwanted.is_empty() {
                return;
            }
            let language = self.language.unwrap_or(language);
            for word in token::words(text, language) {
                if let Some(term) = token::term(word, language, self.folding) {
                    exact |= self.exact.contains(&term);
                    refused |= self.unwanted.contains(&term);
                }
            }
        });
        phrases.is_empty() && exact && !refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    fn weights() -> Weights {
        Weights::new([("t".to_owned(), 1.0)].into(), Language::named("english").unwrap(), "language".to_owned())
    }

    fn terms(search: &str) -> Terms {
        TextQuery::new(&Bson::Document(doc! { "$search": search })).unwrap().terms(&weights())
    }

    #[test]
    fn searches_are_taken_apart() {
        let found = terms("Gaming laptops -cheap \"high performance\" -\"second hand\" pre-market the");
        assert_eq!(Vec::from_iter(found.wanted.iter()), ["game", "high", "laptop", "market", "perform", "pre"]);
        assert_eq!(Vec::from_iter(found.unwanted.iter()), ["cheap"]);
        assert_eq!(found.phrases, ["high performance"]);
        assert_eq!(found.unwanted_phrases, ["second hand"]);
    }

    #[test]
    fn phrases_and_negations_are_looked_for_in_the_document() {
        for (search, text, holds) in [
            ("\"coffee shop\"", "Best Coffee Shop in town", true),
            ("\"coffee shop\"", "shop for coffee", false),
            ("coffee -shop", "coffee shops", false),
            ("coffee -shop", "coffee", true),
            ("coffee -\"dark roast\"", "coffee, dark roast", false),
        ] {
            let document = doc! { "t": text };
            assert_eq!(terms(search).hold((&document).into(), &weights()), holds, "{search} in {text}");
        }
        let sensitive = TextQuery::new(&Bson::Document(doc! { "$search": "Coffee", "$caseSensitive": true })).unwrap();
        let terms = sensitive.terms(&weights());
        assert!(terms.hold((&doc! { "t": "Coffee" }).into(), &weights()));
        assert!(!terms.hold((&doc! { "t": "coffee" }).into(), &weights()));
    }
}
