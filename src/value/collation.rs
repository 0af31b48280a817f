//! Collations: strings in the order of a language (MongoDB manual, "Collation"; Unicode Technical Standards 10
//! and 35), by the collator of ICU4X.
//!
//! Two strings compare as their sort keys compare as bytes. A value [`Collation::folded`] has each of its strings
//! replaced by its sort key, written as text with a character for each byte; the order, the hashes and the index
//! keys of such values are then those of the collation.

use super::view::{DocumentView, View};
use bson::{Bson, Document, doc};
use icu_collator::options::{AlternateHandling, CaseLevel, CollatorOptions, MaxVariable, Strength};
use icu_collator::preferences::{CollationCaseFirst, CollationNumericOrdering};
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// The version that MongoDB gives its collations.
const VERSION: &str = "57.1";

/// The languages whose collations MongoDB knows; variants (`de_AT`, `sr_Latn`) are variants of these.
const LANGUAGES: &[&str] = &[
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "bo", "bs", "ca", "chr", "cs", "cy", "da", "de", "dsb", "dz", "ee",
    "el", "en", "eo", "es", "et", "fa", "fi", "fil", "fo", "fr", "ga", "gl", "gu", "ha", "haw", "he", "hi", "hr",
    "hsb", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "kl", "km", "kn", "ko", "kok", "ky", "lb", "lkt",
    "ln", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "om", "or", "pa", "pl",
    "ps", "pt", "ro", "ru", "se", "si", "sk", "sl", "smn", "sq", "sr", "sv", "sw", "ta", "te", "th", "to", "tr", "ug",
    "uk", "ur", "vi", "wae", "yi", "yo", "zh", "zu",
];

/// An order of strings.
#[derive(Clone)]
pub struct Collation(Rc<Inner>);

struct Inner {
    collator: CollatorBorrowed<'static>,
    spec: Document,
}

impl fmt::Debug for Collation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Collation").field(&self.0.spec).finish()
    }
}

impl PartialEq for Collation {
    fn eq(&self, other: &Collation) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.spec == other.0.spec
    }
}

/// Why a specification is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// `locale` is not there.
    #[error("BSON field 'collation.locale' is missing but a required field")]
    NoLocale,
    /// A field that no collation has.
    #[error("BSON field 'collation.{0}' is an unknown field.")]
    Unknown(String),
    /// `locale` names none that is known.
    #[error("Field 'locale' is invalid: '{0}'")]
    Locale(String),
    /// A field whose value is of another type or none of those it takes.
    #[error("{0}")]
    Value(String),
    /// MongoDB has it, this collator does not.
    #[error("{0}")]
    Unsupported(String),
}

/// The fields of a specification as given.
struct Given<'d> {
    spec: &'d Document,
}

impl<'d> Given<'d> {
    fn text(&self, name: &str, default: &'d str, known: &[&str]) -> Result<&'d str, Invalid> {
        match self.spec.get(name) {
            None => Ok(default),
            Some(Bson::String(text)) if known.contains(&text.as_str()) => Ok(text),
            Some(other) => Err(Invalid::Value(format!(
                "Enumeration value '{}' for field 'collation.{name}' is not a valid value: it is one of {}.",
                other.as_str().map_or_else(|| other.to_string(), str::to_owned),
                known.join(", ")
            ))),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Invalid> {
        match self.spec.get(name) {
            None => Ok(false),
            Some(Bson::Boolean(flag)) => Ok(*flag),
            Some(other) => match View::from(other).number() {
                Some(number) => Ok(number != 0.0),
                None => Err(Invalid::Value(format!("BSON field 'collation.{name}' is the wrong type, expected bool"))),
            },
        }
    }

    fn strength(&self) -> Result<(i32, Strength), Invalid> {
        let number = match self.spec.get("strength") {
            None => 3.0,
            Some(value) => View::from(value).number().unwrap_or(f64::NAN),
        };
        let level =
            [Strength::Primary, Strength::Secondary, Strength::Tertiary, Strength::Quaternary, Strength::Identical];
        (1..=5)
            .zip(level)
            .find(|(level, _)| f64::from(*level) == number)
            .ok_or_else(|| Invalid::Value("Collation strength must be an integer from 1 to 5".to_owned()))
    }
}

const FIELDS: &[&str] = &[
    "locale",
    "caseLevel",
    "caseFirst",
    "strength",
    "numericOrdering",
    "alternate",
    "maxVariable",
    "normalization",
    "backwards",
    "version",
];

impl Collation {
    /// From its specification; `None` for `{ locale: "simple" }`, which compares bytes.
    ///
    /// # Errors
    /// A locale that is not known, a field that is none or has another type.
    pub fn new(spec: &Document) -> Result<Option<Collation>, Invalid> {
        if let Some(field) = spec.keys().find(|field| !FIELDS.contains(&field.as_str())) {
            return Err(Invalid::Unknown(field.clone()));
        }
        let locale = match spec.get("locale") {
            Some(Bson::String(locale)) => locale.as_str(),
            None => return Err(Invalid::NoLocale),
            Some(_) => {
                return Err(Invalid::Value(
                    "BSON field 'collation.locale' is the wrong type, expected type 'string'".to_owned(),
                ));
            }
        };
        if locale == "simple" {
            return match spec.len() {
                1 => Ok(None),
                _ => Err(Invalid::Value("the collation { locale: \"simple\" } takes no other fields".to_owned())),
            };
        }
        let given = Given { spec };
        let case_first = given.text("caseFirst", "off", &["upper", "lower", "off"])?;
        let alternate = given.text("alternate", "non-ignorable", &["non-ignorable", "shifted"])?;
        let max_variable = given.text("maxVariable", "punct", &["punct", "space"])?;
        let (number, strength) = given.strength()?;
        let (case_level, numeric) = (given.flag("caseLevel")?, given.flag("numericOrdering")?);
        let backwards = given.flag("backwards")?;
        if backwards && locale != "fr_CA" {
            return Err(Invalid::Unsupported("the collation option backwards is not supported".to_owned()));
        }
        let mut preferences = CollatorPreferences::from(&known_locale(locale)?);
        preferences.case_first = match case_first {
            "upper" => Some(CollationCaseFirst::Upper),
            "lower" => Some(CollationCaseFirst::Lower),
            _ => preferences.case_first,
        };
        preferences.numeric_ordering = Some(match numeric {
            true => CollationNumericOrdering::True,
            false => CollationNumericOrdering::False,
        });
        let mut options = CollatorOptions::default();
        options.strength = Some(strength);
        options.case_level = Some(if case_level { CaseLevel::On } else { CaseLevel::Off });
        options.alternate_handling = Some(match alternate {
            "shifted" => AlternateHandling::Shifted,
            _ => AlternateHandling::NonIgnorable,
        });
        options.max_variable = Some(match max_variable {
            "space" => MaxVariable::Space,
            _ => MaxVariable::Punctuation,
        });
        let collator = Collator::try_new(preferences, options)
            .map_err(|error| Invalid::Value(format!("the collation of '{locale}' cannot be used: {error}")))?;
        let spec = doc! {
            "locale": locale, "caseLevel": case_level, "caseFirst": case_first, "strength": number,
            "numericOrdering": numeric, "alternate": alternate, "maxVariable": max_variable,
            "normalization": given.flag("normalization")?, "backwards": backwards, "version": VERSION,
        };
        Ok(Some(Collation(Rc::new(Inner { collator, spec }))))
    }

    /// All fields of its specification.
    pub fn spec(&self) -> &Document {
        &self.0.spec
    }

    /// The bytes by which a text is compared.
    pub fn key(&self, text: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(text.len() * 2 + 8);
        let Ok(()) = self.0.collator.write_sort_key_utf8_to(text, &mut key);
        key
    }

    /// How two values compare.
    pub fn compare(&self, a: View<'_>, b: View<'_>) -> Ordering {
        match (a, b) {
            (View::String(a) | View::Symbol(a), View::String(b) | View::Symbol(b)) => {
                self.0.collator.compare_utf8(a, b)
            }
            _ => {
                let (mut left, mut right) = (None, None);
                super::order::compare(self.folded(a, &mut left), self.folded(b, &mut right))
            }
        }
    }

    /// Whether it matters for a value: a string, or one that holds strings.
    pub fn concerns(value: View<'_>) -> bool {
        match value {
            View::String(_) | View::Symbol(_) => true,
            View::Array(items) => items.iter().any(Collation::concerns),
            View::Document(document) => document.fields().any(|(_, value)| Collation::concerns(value)),
            _ => false,
        }
    }

    /// The value with each string replaced by its sort key; the place holds it, if one had to be made.
    pub fn folded<'v>(&self, value: View<'v>, place: &'v mut Option<Bson>) -> View<'v> {
        if Collation::concerns(value) { View::from(&*place.insert(self.fold(value))) } else { value }
    }

    /// As [`Collation::folded`], always made.
    pub fn fold(&self, value: View<'_>) -> Bson {
        match value {
            View::String(text) | View::Symbol(text) => {
                Bson::String(self.key(text).into_iter().map(char::from).collect())
            }
            View::Array(items) => Bson::Array(items.iter().map(|item| self.fold(item)).collect()),
            View::Document(document) => Bson::Document(self.fold_document(document)),
            other => other.to_bson(),
        }
    }

    fn fold_document(&self, document: DocumentView<'_>) -> Document {
        document.fields().map(|(name, value)| (name.into_owned(), self.fold(value))).collect()
    }
}

/// The locale of MongoDB's name for it: `fr_CA`, `de@collation=phonebook`.
fn known_locale(name: &str) -> Result<Locale, Invalid> {
    let unknown = || Invalid::Locale(name.to_owned());
    let (base, variant) = name.split_once('@').unwrap_or((name, ""));
    let language = base.split('_').next().unwrap_or_default();
    if !LANGUAGES.contains(&language) {
        return Err(unknown());
    }
    let mut tag = base.replace('_', "-");
    match variant.strip_prefix("collation=") {
        None if variant.is_empty() => {}
        Some(kind) => {
            let short = match kind {
                "phonebook" => "phonebk",
                "traditional" => "trad",
                "dictionary" => "dict",
                other => other,
            };
            tag = format!("{tag}-u-co-{short}");
        }
        None => return Err(unknown()),
    }
    tag.parse().map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test says where")]
    use super::*;

    fn sorted(spec: Document, mut words: Vec<&str>) -> String {
        let collation = Collation::new(&spec).unwrap().expect("not the simple one");
        words.sort_by(|a, b| collation.compare(View::String(a.as_bytes()), View::String(b.as_bytes())));
        for pair in words.windows(2) {
            assert!(collation.key(pair[0].as_bytes()) <= collation.key(pair[1].as_bytes()), "{pair:?}");
        }
        words.join(" ")
    }

    fn same(spec: Document, a: &str, b: &str) -> bool {
        let collation = Collation::new(&spec).unwrap().expect("not the simple one");
        let equal = collation.compare(View::String(a.as_bytes()), View::String(b.as_bytes())).is_eq();
        assert_eq!(equal, collation.key(a.as_bytes()) == collation.key(b.as_bytes()));
        equal
    }

    #[test]
    fn strengths_tell_letters_accents_and_case_apart() {
        let spec = |strength: i32| doc! { "locale": "en", "strength": strength };
        assert!(same(spec(1), "resume", "RÉSUMÉ"));
        assert!(same(spec(2), "résumé", "RÉSUMÉ"));
        assert!(!same(spec(2), "resume", "résumé"));
        assert!(!same(spec(3), "resume", "Resume"));
        let with_case = doc! { "locale": "en", "strength": 1, "caseLevel": true };
        assert!(!same(with_case.clone(), "resume", "Resume"));
        assert!(same(with_case, "resume", "résumé"));
    }

    #[test]
    fn languages_have_orders_of_their_own() {
        assert_eq!(sorted(doc! { "locale": "en" }, vec!["b", "A", "a", "B", "ä"]), "a A ä b B");
        assert_eq!(sorted(doc! { "locale": "sv" }, vec!["ö", "z", "ä", "å", "a"]), "a z å ä ö");
        assert_eq!(sorted(doc! { "locale": "en", "caseFirst": "upper" }, vec!["a", "A", "b"]), "A a b");
        assert_eq!(sorted(doc! { "locale": "de@collation=phonebook" }, vec!["af", "ä", "ad"]), "ad ä af");
        assert_eq!(sorted(doc! { "locale": "en", "numericOrdering": true }, vec!["a10", "a2", "a1"]), "a1 a2 a10");
        let shifted = doc! { "locale": "en", "alternate": "shifted", "strength": 1 };
        assert!(same(shifted, "black-bird", "blackbird"));
    }

    #[test]
    fn specifications_are_checked() {
        assert!(Collation::new(&doc! { "locale": "simple" }).unwrap().is_none());
        for wrong in [
            doc! {},
            doc! { "locale": "nowhere" },
            doc! { "locale": "en", "strength": 6 },
            doc! { "locale": "en", "strenght": 1 },
            doc! { "locale": "en", "caseFirst": "both" },
            doc! { "locale": "simple", "strength": 1 },
            doc! { "locale": "en", "backwards": true },
        ] {
            assert!(Collation::new(&wrong).is_err(), "{wrong}");
        }
    }
}
