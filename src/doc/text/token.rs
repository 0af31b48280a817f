//! Texts → words: cut at blanks and punctuation, folded to lower case and, unless asked otherwise, freed of
//! diacritics (text index version 3).

use super::Language;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How words are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folding {
    /// Upper and lower case differ.
    pub case_sensitive: bool,
    /// `e` and `é` differ.
    pub diacritic_sensitive: bool,
}

impl Folding {
    /// Whether anything is told apart that an index does not tell apart.
    pub fn is_sensitive(self) -> bool {
        self.case_sensitive || self.diacritic_sensitive
    }

    /// A text folded so.
    pub fn fold(self, text: &str) -> String {
        let text = if self.diacritic_sensitive { text.nfc().collect() } else { without_diacritics(text) };
        if self.case_sensitive { text } else { text.to_lowercase() }
    }
}

/// A text without its combining marks.
pub fn without_diacritics(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect()
}

/// Whether a letter ends a word.
fn is_delimiter(letter: char, language: Language) -> bool {
    match letter {
        '_' => false,
        '\'' | '\u{2019}' => !language.has_apostrophes(),
        _ => !letter.is_alphanumeric() && !is_combining_mark(letter),
    }
}

/// The words of a text as they stand there.
pub fn words(text: &str, language: Language) -> impl Iterator<Item = &str> {
    text.split(move |letter| is_delimiter(letter, language)).filter(|word| !word.is_empty())
}

/// The stem that a word is indexed and searched by; `None` for a stop word.
pub fn term(word: &str, language: Language, folding: Folding) -> Option<String> {
    let lower = word.to_lowercase().replace('\u{2019}', "'");
    if language.is_stop_word(&lower) {
        return None;
    }
    let stem = if folding.case_sensitive { language.stem(word) } else { language.stem(&lower) };
    Some(folding.fold(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_stems() {
        let terms = |text: &str, language: Language| -> Vec<String> {
            words(text, language).filter_map(|word| term(word, language, Folding::default())).collect()
        };
        let english = Language::named("english").unwrap();
        assert_eq!(terms("The quick-brown FOXES, don't run!", english), ["quick", "brown", "fox", "run"]);
        assert_eq!(terms("Café crème", english), ["cafe", "creme"]);
        assert_eq!(terms("the_end of 16GB", Language::NONE), ["the_end", "of", "16gb"]);
    }
}
