//! Key patterns and options of `createIndex`, checked as MongoDB checks them.

use super::wildcard::Wildcard;
use super::{Field, FieldKind, Index, Kind};
use crate::doc::expression::Variables;
use crate::doc::geo::Plane;
use crate::doc::path::Path;
use crate::doc::query::Filter;
use crate::doc::text::{EVERYTHING, Language, Weights, checked_weight, unsupported};
use crate::doc::{Code, Error, Result, shell_text};
use crate::value::collation::Collation;
use crate::value::view::View;
use bson::{Bson, Document, doc};
use std::collections::BTreeMap;

const OPTIONS: &[&str] = &[
    "name",
    "unique",
    "sparse",
    "partialFilterExpression",
    "hidden",
    "expireAfterSeconds",
    "background",
    "v",
    "collation",
    "key",
    "ns",
    "comment",
    "commitQuorum",
    "dropDups",
    "maxTimeMS",
    "writeConcern",
    "weights",
    "default_language",
    "language_override",
    "textIndexVersion",
    "2dsphereIndexVersion",
    "bits",
    "min",
    "max",
    "wildcardProjection",
    "clustered",
    "storageEngine",
];

/// Options that say how the index is built and are not kept.
const OF_THE_BUILD: &[&str] = &[
    "name",
    "v",
    "key",
    "ns",
    "background",
    "comment",
    "commitQuorum",
    "dropDups",
    "maxTimeMS",
    "writeConcern",
    "clustered",
    "storageEngine",
];

/// The most seconds of `expireAfterSeconds`.
const LONGEST_LIFE: f64 = i32::MAX as f64;

pub(super) fn cannot(message: impl Into<String>) -> Error {
    Error::new(Code::CannotCreateIndex, message)
}

/// An index from its key pattern and options.
pub(super) fn index(id: u32, pattern: &Document, options: &Document) -> Result<Index> {
    if pattern.is_empty() {
        return Err(cannot("Index keys cannot be an empty object."));
    }
    if pattern.len() > 32 {
        return Err(cannot("Index key pattern has more than 32 fields"));
    }
    if let Some(option) = options.keys().find(|option| !OPTIONS.contains(&option.as_str())) {
        return Err(Error::new(
            Code::InvalidIndexSpecificationOption,
            format!(
                "The field '{option}' is not valid for an index specification. Specification: {}",
                shell_text::document(options)
            ),
        ));
    }
    let flag = |name: &str| -> Result<bool> {
        match options.get(name) {
            None | Some(Bson::Null) => Ok(false),
            Some(Bson::Boolean(value)) => Ok(*value),
            Some(number) => match View::from(number).number() {
                Some(number) => Ok(number != 0.0),
                None => Err(Error::type_mismatch(format!("The field '{name}' must be a boolean"))),
            },
        }
    };
    let mut index = Index {
        id,
        name: name_of(pattern, options)?,
        kind: Kind::Keys,
        fields: Vec::new(),
        pattern: pattern.clone(),
        unique: flag("unique")?,
        sparse: flag("sparse")?,
        partial: None,
        collation: collation(options)?,
        hidden: flag("hidden")?,
        expires: None,
        multikey: false,
        keeps_types: true,
        options: Document::new(),
    };
    read_pattern(&mut index, pattern, options)?;
    let variables = Variables::new(0).with_collation(index.collation.clone());
    index.partial = partial(options.get("partialFilterExpression"))?.map(|partial| partial.with_variables(variables));
    if index.partial.is_some() && index.sparse {
        return Err(cannot("cannot mix \"partialFilterExpression\" and \"sparse\" options"));
    }
    index.expires = expires(&index, options.get("expireAfterSeconds"))?;
    check_kind(&index, options)?;
    index.options = kept(&index, options, flag)?;
    Ok(index)
}

fn collation(options: &Document) -> Result<Option<Collation>> {
    match options.get("collation") {
        None | Some(Bson::Null) => Ok(None),
        Some(value) => crate::doc::command::named_collation(value),
    }
}

fn name_of(pattern: &Document, options: &Document) -> Result<String> {
    match options.get("name") {
        None => Ok(super::default_name(pattern)),
        Some(Bson::String(name)) if !name.is_empty() => Ok(name.clone()),
        Some(Bson::String(_)) => Err(cannot("The index name cannot be empty")),
        Some(_) => Err(cannot("The index name must be a string that is not empty")),
    }
}

/// The fields of a key pattern, and what kind of index they make.
fn read_pattern(index: &mut Index, pattern: &Document, options: &Document) -> Result<()> {
    // As `getIndexes` shows a text index, whose fields are its weights.
    let mut texts: BTreeMap<String, f64> = BTreeMap::new();
    let mut is_text = false;
    for (path, kind) in pattern {
        match kind {
            Bson::String(kind) if kind == "text" => {
                if is_text && index.fields.len() > index.text_prefix() {
                    return Err(cannot("'text' fields in index must all be adjacent"));
                }
                if !is_text {
                    index.kind = Kind::Text {
                        prefix: index.fields.len(),
                        weights: Box::new(weights(BTreeMap::new(), options)?),
                    };
                    is_text = true;
                }
                if path != "_fts" {
                    if path != EVERYTHING {
                        check_path(path)?;
                    }
                    texts.insert(path.clone(), 1.0);
                }
            }
            _ if path == "_ftsx" && is_text => {}
            Bson::String(kind) => {
                let kind = match kind.as_str() {
                    "hashed" => FieldKind::Hashed,
                    "2dsphere" => FieldKind::Sphere,
                    "2d" => FieldKind::Plane(plane(options)?),
                    other => return Err(cannot(format!("Unknown index plugin '{other}'"))),
                };
                check_path(path)?;
                index.fields.push(Field { path: Path::new(path), kind, collation: index.collation.clone() });
            }
            number => {
                let descending = direction(number)?;
                if path.contains(EVERYTHING) {
                    index.kind = Kind::Wildcard(Wildcard::new(
                        path,
                        options.get("wildcardProjection"),
                        index.collation.clone(),
                    )?);
                    if pattern.len() > 1 {
                        return Err(Error::not_yet("a compound wildcard index")
                            .hint("index the other fields by themselves: a query uses one index at a time"));
                    }
                    continue;
                }
                check_path(path)?;
                index.fields.push(Field {
                    path: Path::new(path),
                    kind: FieldKind::Ordered { descending },
                    collation: index.collation.clone(),
                });
            }
        }
    }
    if let Kind::Text { weights: found, .. } = &mut index.kind {
        **found = weights(texts, options)?;
    }
    Ok(())
}

fn direction(number: &Bson) -> Result<bool> {
    match View::from(number).number() {
        Some(0.0) => Err(cannot("Values in the index key pattern cannot be 0.")),
        Some(number) if number.is_nan() => Err(cannot("Values in the index key pattern cannot be NaN.")),
        Some(number) => Ok(number < 0.0),
        None => Err(cannot(format!(
            "Values in v:2 index key pattern cannot be of type {}. Only numbers > 0, numbers < 0, and strings are allowed.",
            crate::doc::expression::type_name(Some(number))
        ))),
    }
}

fn check_path(path: &str) -> Result<()> {
    if path.is_empty() || path.split('.').any(str::is_empty) {
        return Err(cannot("Index keys cannot contain an empty field."));
    }
    if path.split('.').any(|part| part.starts_with('$') && !matches!(part, "$id" | "$ref" | "$db")) {
        return Err(cannot(format!("Index key contains an illegal field name: field name starts with '$': {path}")));
    }
    Ok(())
}

/// The weights of a text index: 1 unless `weights` says otherwise, which may name more fields.
fn weights(mut fields: BTreeMap<String, f64>, options: &Document) -> Result<Weights> {
    match options.get("weights") {
        None => {}
        Some(Bson::Document(given)) => {
            for (path, weight) in given {
                let weight = checked_weight(weight).ok_or_else(|| {
                    cannot(format!(
                        "text index weight must be in the exclusive interval (0,100000) but found: {}",
                        shell_text::value(weight)
                    ))
                })?;
                fields.insert(path.clone(), weight);
            }
        }
        Some(Bson::String(path)) if path == EVERYTHING => {
            fields.insert(path.clone(), 1.0);
        }
        Some(_) => return Err(cannot("text index option 'weights' must be an object")),
    }
    let text = |name: &str, default: &str| match options.get(name) {
        None => Ok(default.to_owned()),
        Some(Bson::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(_) => Err(cannot(format!("text index option '{name}' must be a string that is not empty"))),
    };
    let language = text("default_language", "english")?;
    let language = Language::named(&language).ok_or_else(|| cannot(unsupported(&language).message))?;
    Ok(Weights::new(fields, language, text("language_override", "language")?))
}

/// The plane of a `2d` index: degrees, unless `min` and `max` say otherwise.
fn plane(options: &Document) -> Result<Plane> {
    let number = |name: &str, default: f64| match options.get(name) {
        None => Ok(default),
        Some(value) => View::from(value).number().filter(|number| number.is_finite()).ok_or_else(|| {
            Error::new(Code::InvalidOptions, format!("the option '{name}' of a 2d index must be a number"))
        }),
    };
    let bits = number("bits", 26.0)?;
    if !(1.0..=32.0).contains(&bits) {
        return Err(Error::new(Code::InvalidOptions, "bits for hash must be > 0 and <= 32"));
    }
    let plane = Plane { min: number("min", -180.0)?, max: number("max", 180.0)? };
    if plane.min >= plane.max {
        return Err(Error::new(Code::InvalidOptions, "region for hash must be valid and have positive area"));
    }
    Ok(plane)
}

/// What a partial index may ask of its documents.
fn partial(filter: Option<&Bson>) -> Result<Option<Filter>> {
    let filter = match filter {
        None => return Ok(None),
        Some(Bson::Document(filter)) => filter,
        Some(_) => return Err(Error::type_mismatch("The field 'partialFilterExpression' must be an object")),
    };
    check_partial(filter, 0)?;
    Filter::new(filter).map(Some)
}

fn check_partial(filter: &Document, depth: usize) -> Result<()> {
    let unsupported = |what: &str| Err(cannot(format!("Expression not supported in partial index: {what}")));
    for (name, value) in filter {
        match (name.as_str(), value) {
            ("$and" | "$or", Bson::Array(clauses)) => {
                for clause in clauses.iter().filter_map(Bson::as_document) {
                    if depth > 4 {
                        return unsupported("filter tree too deep");
                    }
                    check_partial(clause, depth + 1)?;
                }
            }
            (operator, _) if operator.starts_with('$') => return unsupported(operator),
            (_, Bson::Document(operators)) if crate::doc::query::is_operators(operators) => {
                for (operator, operand) in operators {
                    let allowed = match operator.as_str() {
                        "$eq" | "$gt" | "$gte" | "$lt" | "$lte" | "$type" | "$in" | "$geoWithin" | "$geoIntersects" => {
                            true
                        }
                        "$exists" => crate::doc::expression::is_true(Some(operand)),
                        _ => false,
                    };
                    if !allowed {
                        return unsupported(&format!("{name}: {{ {operator}: {} }}", shell_text::value(operand)));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `expireAfterSeconds`: how long a document lives after the date in the field, in milliseconds.
fn expires(index: &Index, option: Option<&Bson>) -> Result<Option<i64>> {
    let Some(option) = option else { return Ok(None) };
    let seconds = View::from(option).number().ok_or_else(|| {
        cannot("TTL index 'expireAfterSeconds' option must be numeric, but received a type of value that is not")
    })?;
    if !(0.0..=LONGEST_LIFE).contains(&seconds) {
        return Err(cannot(format!(
            "TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than {seconds}"
        )));
    }
    match index.fields.as_slice() {
        [only] if only.path.as_str() == "_id" => Err(Error::new(
            Code::InvalidIndexSpecificationOption,
            "The field 'expireAfterSeconds' is not valid for an _id index specification.",
        )),
        [Field { kind: FieldKind::Ordered { .. }, .. }] => Ok(Some((seconds * 1000.0) as i64)),
        _ => Err(cannot("TTL indexes are single-field indexes, compound indexes do not support TTL.")),
    }
}

/// Options that a kind of index cannot have.
fn check_kind(index: &Index, options: &Document) -> Result<()> {
    let hashed = index.fields.iter().filter(|field| matches!(field.kind, FieldKind::Hashed)).count();
    if hashed > 1 {
        return Err(Error::new(
            Code::Location(31303),
            "A maximum of one index field is allowed to be hashed but found 2",
        ));
    }
    if hashed == 1 && index.unique {
        return Err(Error::new(
            Code::Location(16764),
            "Currently hashed indexes cannot guarantee uniqueness. Use a regular index.",
        ));
    }
    if let Kind::Wildcard(_) = &index.kind {
        for (option, set) in
            [("unique", index.unique), ("sparse", index.sparse), ("expireAfterSeconds", index.expires.is_some())]
        {
            if set {
                return Err(cannot(format!("Index type 'wildcard' does not support the '{option}' option")));
            }
        }
    } else if options.contains_key("wildcardProjection") {
        return Err(Error::bad_value("The field 'wildcardProjection' is only allowed in an 'wildcard' index"));
    }
    let flat = index.fields.iter().filter(|field| matches!(field.kind, FieldKind::Plane(_))).count();
    if flat > 1 || flat == 1 && !matches!(index.fields.first(), Some(Field { kind: FieldKind::Plane(_), .. })) {
        return Err(Error::new(Code::Location(16801), "2d has to be first in index"));
    }
    let kind = match (&index.kind, flat) {
        (Kind::Text { .. }, _) => Some("text"),
        (_, 1) => Some("2d"),
        _ => None,
    };
    if let (Some(kind), Some(collation)) = (kind, &index.collation) {
        return Err(cannot(format!(
            "Index type '{kind}' does not support collation: {}",
            shell_text::document(collation.spec())
        ))
        .hint("give the option collation: { locale: \"simple\" }"));
    }
    if let Kind::Text { .. } = &index.kind
        && index.unique
    {
        return Err(cannot("a text index cannot be unique"));
    }
    Ok(())
}

/// The options as `getIndexes` shows them and the catalog keeps them.
fn kept(index: &Index, options: &Document, flag: impl Fn(&str) -> Result<bool>) -> Result<Document> {
    let mut kept = doc! { "v": 2, "key": index.pattern.clone(), "name": index.name.as_str() };
    if let Kind::Text { weights, .. } = &index.kind {
        let mut key = Document::new();
        for (path, kind) in &index.pattern {
            match kind {
                Bson::String(kind) if kind == "text" => {
                    key.insert("_fts", "text");
                    key.insert("_ftsx", 1);
                }
                _ => drop(key.insert(path.as_str(), kind.clone())),
            }
        }
        kept.insert("key", key);
        kept.insert("weights", weights.to_document());
        kept.insert("default_language", options.get_str("default_language").unwrap_or("english"));
        kept.insert("language_override", weights.language_override.as_str());
        kept.insert("textIndexVersion", 3);
    }
    if index.fields.iter().any(|field| matches!(field.kind, FieldKind::Sphere)) {
        kept.insert("2dsphereIndexVersion", 3);
    }
    if let Some(collation) = &index.collation {
        kept.insert("collation", collation.spec().clone());
    }
    for (option, value) in options {
        match option.as_str() {
            // The simple one is not shown.
            "collation" => {}
            "unique" | "sparse" | "hidden" => {
                if flag(option)? {
                    kept.insert(option.as_str(), true);
                }
            }
            name if OF_THE_BUILD.contains(&name) || kept.contains_key(name) => {}
            _ => {
                kept.insert(option.as_str(), value.clone());
            }
        }
    }
    Ok(kept)
}
