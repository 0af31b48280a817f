//! `$fill`: a `$setWindowFields` for its methods and an `$addFields` for its values.

use super::pipeline::{Compiled, Pipeline, Scope, known_fields, object};
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document, doc};

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Vec<Compiled>> {
    let spec = object(6_050_204, "$fill", spec)?;
    known_fields(40415, "$fill", spec, &["partitionBy", "partitionByFields", "sortBy", "output"])?;
    let Some(Bson::Document(output)) = spec.get("output") else {
        return Err(Error::new(Code::Location(40414), "BSON field '$fill.output' is missing but a required field"));
    };
    if output.is_empty() {
        return Err(Error::new(Code::Location(6_050_203), "The 'output' field of $fill must not be empty"));
    }
    let mut methods = Document::new();
    let mut values = Document::new();
    for (name, fill) in output {
        let wrong = || {
            Error::new(
                Code::Location(6_050_202),
                format!("the fill of '{name}' must be {{ value: … }} or {{ method: … }}"),
            )
        };
        let Bson::Document(fill) = fill else { return Err(wrong()) };
        let mut fields = fill.iter();
        let (Some((kind, argument)), None) = (fields.next(), fields.next()) else { return Err(wrong()) };
        let path = format!("${name}");
        match (kind.as_str(), argument) {
            ("value", value) => {
                values.insert(name.clone(), doc! { "$ifNull": [path, value.clone()] });
            }
            ("method", Bson::String(method)) if method == "locf" => {
                methods.insert(name.clone(), doc! { "$locf": path });
            }
            ("method", Bson::String(method)) if method == "linear" => {
                methods.insert(name.clone(), doc! { "$linearFill": path });
            }
            ("method", _) => {
                return Err(Error::new(Code::Location(6_050_202), "Method must be either 'locf' or 'linear'"));
            }
            _ => return Err(wrong()),
        }
    }
    let mut stages = Vec::new();
    if !methods.is_empty() {
        let mut window = Document::new();
        match (spec.get("partitionBy"), spec.get("partitionByFields")) {
            (Some(_), Some(_)) => {
                return Err(Error::new(
                    Code::Location(6_050_204),
                    "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
                ));
            }
            (Some(expression), None) => {
                window.insert("partitionBy", expression.clone());
            }
            (None, Some(Bson::Array(fields))) => {
                let mut key = Document::new();
                for field in fields {
                    let Bson::String(field) = field else {
                        return Err(Error::type_mismatch("'partitionByFields' of $fill must be strings"));
                    };
                    if field.starts_with('$') {
                        return Err(Error::new(
                            Code::Location(6_050_203),
                            "'partitionByFields' of $fill must not begin with $",
                        ));
                    }
                    key.insert(field.replace('.', "_"), format!("${field}"));
                }
                window.insert("partitionBy", key);
            }
            (None, Some(_)) => return Err(Error::type_mismatch("'partitionByFields' of $fill must be an array")),
            (None, None) => {}
        }
        if let Some(sort) = spec.get("sortBy") {
            window.insert("sortBy", sort.clone());
        } else {
            return Err(Error::new(Code::Location(6_050_200), "$fill with a method requires a sortBy"));
        }
        window.insert("output", methods);
        stages.push(Bson::Document(doc! { "$setWindowFields": window }));
    }
    if !values.is_empty() {
        stages.push(Bson::Document(doc! { "$addFields": values }));
    }
    Ok(Pipeline::parse(&stages, scope)?.stages)
}
