//! Languages of text search: their stems and stop words.

use super::stop_words;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashSet;
use std::sync::LazyLock;

/// A language, or none: then words are taken as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(Option<usize>);

struct Entry {
    name: &'static str,
    code: &'static str,
    algorithm: Algorithm,
    stop_words: LazyLock<HashSet<String>>,
}

macro_rules! languages {
    ($($name:literal $code:literal $algorithm:ident $words:ident;)*) => {
        static LANGUAGES: LazyLock<Vec<Entry>> = LazyLock::new(|| vec![$(Entry {
            name: $name,
            code: $code,
            algorithm: Algorithm::$algorithm,
            stop_words: LazyLock::new(|| words(stop_words::$words)),
        }),*]);
    };
}

languages! {
    "danish" "da" Danish DANISH;
    "dutch" "nl" Dutch DUTCH;
    "english" "en" English ENGLISH;
    "finnish" "fi" Finnish FINNISH;
    "french" "fr" French FRENCH;
    "german" "de" German GERMAN;
    "hungarian" "hu" Hungarian HUNGARIAN;
    "italian" "it" Italian ITALIAN;
    "norwegian" "nb" Norwegian NORWEGIAN;
    "portuguese" "pt" Portuguese PORTUGUESE;
    "romanian" "ro" Romanian ROMANIAN;
    "russian" "ru" Russian RUSSIAN;
    "spanish" "es" Spanish SPANISH;
    "swedish" "sv" Swedish SWEDISH;
    "turkish" "tr" Turkish TURKISH;
}

/// Stop words are looked up with and without their diacritics.
fn words(list: &str) -> HashSet<String> {
    list.split_whitespace().flat_map(|word| [word.to_owned(), super::token::without_diacritics(word)]).collect()
}

impl Language {
    /// No language: no stems, no stop words.
    pub const NONE: Language = Language(None);

    /// By its name or its code of two letters, in any case.
    pub fn named(name: &str) -> Option<Language> {
        if name.eq_ignore_ascii_case("none") {
            return Some(Language::NONE);
        }
        let at = LANGUAGES
            .iter()
            .position(|entry| entry.name.eq_ignore_ascii_case(name) || entry.code.eq_ignore_ascii_case(name))?;
        Some(Language(Some(at)))
    }

    fn entry(self) -> Option<&'static Entry> {
        self.0.and_then(|at| LANGUAGES.get(at))
    }

    /// Whether an apostrophe belongs to words.
    pub fn has_apostrophes(self) -> bool {
        self.entry().is_some_and(|entry| entry.code == "en")
    }

    /// Whether a lower-case word says nothing.
    pub fn is_stop_word(self, word: &str) -> bool {
        self.entry().is_some_and(|entry| entry.stop_words.contains(word))
    }

    /// The stem of a lower-case word.
    pub fn stem(self, word: &str) -> String {
        match self.entry() {
            Some(entry) => Stemmer::create(entry.algorithm).stem(word).into_owned(),
            None => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_know_their_words() {
        assert_eq!(LANGUAGES.len(), 15);
        for (name, word, stem) in [
            ("english", "running", "run"),
            ("german", "häuser", "haus"),
            ("spanish", "corriendo", "corr"),
            ("none", "running", "running"),
        ] {
            assert_eq!(Language::named(name).unwrap().stem(word), stem, "{name}");
        }
        for (name, word) in [("EN", "the"), ("french", "à"), ("fr", "a"), ("ru", "что"), ("turkish", "çok")] {
            assert!(Language::named(name).unwrap().is_stop_word(word), "{name} {word}");
        }
        assert_eq!(Language::named("klingon"), None);
    }
}
