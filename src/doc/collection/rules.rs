//! What the options of a collection ask of its documents: a validator, a cap, the date of a time series.

use crate::doc::catalog::CollectionInfo;
use crate::doc::query::Filter;
use crate::doc::{Code, Error, Result};
use crate::value::construct;
use crate::value::raw::RawDocument;
use bson::{Bson, Document, doc};

/// The rules of one collection.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    validator: Option<Filter>,
    /// Documents that broke the rule before may go on doing so.
    moderate: bool,
    /// The most it may hold.
    pub cap: Option<Cap>,
    /// The field that must hold a date.
    pub time_field: Option<String>,
}

/// The most that a capped collection holds.
#[derive(Debug, Clone, Copy)]
pub struct Cap {
    /// Bytes.
    pub bytes: u64,
    /// Documents.
    pub documents: Option<u64>,
}

impl Rules {
    /// The rules of a collection.
    ///
    /// # Errors
    /// A validator that cannot be compiled.
    pub fn of(info: &CollectionInfo) -> Result<Rules> {
        let options = &info.options;
        if options.is_empty() {
            return Ok(Rules::default());
        }
        let text = |name: &str| options.get_str(name).unwrap_or_default();
        let validator = match options.get("validator") {
            Some(Bson::Document(validator))
                if text("validationAction") != "warn" && text("validationLevel") != "off" =>
            {
                Some(Filter::new(validator)?)
            }
            _ => None,
        };
        let number = |name: &str| construct::number(options.get(name)).map(|number| number as u64);
        let cap = options.get_bool("capped").unwrap_or(false).then(|| Cap {
            bytes: number("size").unwrap_or(u64::MAX),
            documents: number("max").filter(|most| *most > 0),
        });
        let time_field = options.get_document("timeseries").ok().and_then(|series| series.get_str("timeField").ok());
        Ok(Rules {
            validator,
            moderate: text("validationLevel") == "moderate",
            cap,
            time_field: time_field.map(str::to_owned),
        })
    }

    /// Whether nothing is asked of a document.
    pub fn is_empty(&self) -> bool {
        self.validator.is_none() && self.time_field.is_none()
    }

    /// Whether a document may stand in the collection; `old` is the one it replaces.
    ///
    /// # Errors
    /// It breaks a rule.
    pub fn check(&self, document: &Document, old: Option<RawDocument<'_>>) -> Result<()> {
        if let Some(field) = &self.time_field
            && !matches!(document.get(field), Some(Bson::DateTime(_)))
        {
            return Err(Error::bad_value(format!(
                "'{field}' must be present and contain a valid BSON UTC datetime value"
            )));
        }
        let Some(validator) = &self.validator else { return Ok(()) };
        if validator.matches(document)? {
            return Ok(());
        }
        if let Some(old) = old
            && self.moderate
            && !validator.matches(old)?
        {
            return Ok(());
        }
        let error = Error::new(Code::DocumentValidationFailure, "Document failed validation");
        Err(match validator.failure(document) {
            Some(why) => error.hint(why),
            None => error.hint("db.getCollectionInfos() shows the validator of the collection"),
        })
    }
}

/// Checks the options of `createCollection` (and of `collMod`, for those that it may change); answers them as they
/// are kept.
///
/// # Errors
/// An option that is unknown, or wrong.
pub fn check_options(options: &Document) -> Result<Document> {
    let mut kept = Document::new();
    let whole = |name: &str, value: &Bson| match construct::number(Some(value)) {
        Some(number) if number >= 0.0 && number.is_finite() => Ok(number.trunc()),
        _ => Err(Error::type_mismatch(format!("BSON field 'create.{name}' must be a number that is not negative"))),
    };
    for (name, value) in options {
        match (name.as_str(), value) {
            ("validator", Bson::Document(validator)) => {
                Filter::new(validator)?;
                kept.insert("validator", validator.clone());
            }
            ("validator", _) => return Err(Error::type_mismatch("the validator must be an object")),
            ("validationLevel", value) => {
                kept.insert(name, one_of(name, value, &["off", "strict", "moderate"])?);
            }
            ("validationAction", value) => {
                kept.insert(name, one_of(name, value, &["error", "warn", "errorAndLog"])?);
            }
            ("collation", value) => {
                if let Some(collation) = crate::doc::command::named_collation(value)? {
                    kept.insert("collation", collation.spec().clone());
                }
            }
            ("viewOn" | "pipeline", value) => drop(kept.insert(name, value.clone())),
            ("capped", value) => {
                if crate::doc::expression::is_true(Some(value)) {
                    kept.insert("capped", true);
                }
            }
            ("size", value) => {
                // As the server rounds it.
                let size = (whole(name, value)?.max(4096.0) / 256.0).ceil() * 256.0;
                kept.insert("size", construct::js_number(size));
            }
            ("max", value) => drop(kept.insert("max", construct::js_number(whole(name, value)?))),
            ("timeseries", Bson::Document(series)) => drop(kept.insert("timeseries", time_series(series)?)),
            ("expireAfterSeconds", value) => {
                kept.insert(name, construct::js_number(whole(name, value)?));
            }
            ("clusteredIndex", Bson::Document(index)) => {
                let key = index.get_document("key").ok();
                if key != Some(&doc! { "_id": 1 }) || !index.get_bool("unique").unwrap_or(false) {
                    return Err(Error::new(
                        Code::InvalidIndexSpecificationOption,
                        "The clusteredIndex option is only supported for key: {_id: 1} with unique: true",
                    ));
                }
                kept.insert("clusteredIndex", index.clone());
            }
            ("clusteredIndex", Bson::Boolean(_)) => {}
            ("changeStreamPreAndPostImages", Bson::Document(images)) => drop(kept.insert(name, images.clone())),
            ("comment" | "writeConcern" | "autoIndexId" | "storageEngine" | "indexOptionDefaults" | "temp", _) => {}
            ("timeseries" | "changeStreamPreAndPostImages" | "clusteredIndex", _) => {
                return Err(Error::type_mismatch(format!("BSON field 'create.{name}' must be an object")));
            }
            _ => {
                return Err(Error::new(
                    Code::Location(40415),
                    format!("BSON field 'create.{name}' is an unknown field."),
                ));
            }
        }
    }
    let has = |name: &str| kept.contains_key(name);
    let invalid = |message: &str| Err(Error::new(Code::InvalidOptions, message));
    if has("capped") && !has("size") {
        return invalid("the 'size' field is required when 'capped' is true");
    }
    if !has("capped") && (has("size") || has("max")) {
        return invalid("the 'capped' field needs to be true when either the 'size' or 'max' fields are present");
    }
    if has("timeseries") && (has("capped") || has("viewOn")) {
        return invalid("timeseries collections can be neither capped nor views");
    }
    if has("expireAfterSeconds") && !has("timeseries") {
        return invalid(
            "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
        );
    }
    Ok(kept)
}

fn one_of(name: &str, value: &Bson, known: &[&str]) -> Result<Bson> {
    match value {
        Bson::String(text) if known.contains(&text.as_str()) => Ok(value.clone()),
        _ => Err(Error::bad_value(format!(
            "Enumeration value '{}' for field 'create.{name}' is not a valid value.",
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        ))
        .hint(format!("it may be {}", known.join(", ")))),
    }
}

fn time_series(series: &Document) -> Result<Document> {
    let mut kept = Document::new();
    for (name, value) in series {
        match (name.as_str(), value) {
            ("timeField" | "metaField", Bson::String(field)) => {
                if field.is_empty() || field.contains(['.', '$', '\0']) {
                    return Err(Error::bad_value(format!("'{name}' must be the name of a field at the top")));
                }
                if name == "metaField" && field == "_id" {
                    return Err(Error::new(Code::InvalidOptions, "The 'metaField' cannot be \"_id\""));
                }
                kept.insert(name, field.as_str());
            }
            ("granularity", value) => drop(kept.insert(name, one_of(name, value, &["seconds", "minutes", "hours"])?)),
            ("bucketMaxSpanSeconds" | "bucketRoundingSeconds", value) => drop(kept.insert(name, value.clone())),
            _ => {
                return Err(Error::new(
                    Code::Location(40415),
                    format!("BSON field 'create.timeseries.{name}' is an unknown field."),
                ));
            }
        }
    }
    if !kept.contains_key("timeField") {
        return Err(Error::new(
            Code::Location(40414),
            "BSON field 'create.timeseries.timeField' is missing but a required field",
        ));
    }
    if kept.get("timeField") == kept.get("metaField") {
        return Err(Error::new(
            Code::InvalidOptions,
            "The 'metaField' cannot be the same as the time-series 'timeField'",
        ));
    }
    Ok(kept)
}
