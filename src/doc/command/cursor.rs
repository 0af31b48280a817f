//! The methods behind `find()` and `aggregate()`.

use super::arguments::{named_collation, wrong};
use super::no_function;
use crate::ast::doc::{CURSOR_MODIFIERS, CURSOR_READERS, ResolvedCall};
use crate::doc::plan::{Hint, Limits};
use crate::doc::projection::Projection;
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use crate::value::collation::Collation;
use crate::value::construct;
use bson::{Bson, Document};

/// Methods that change nothing here.
const WITHOUT_EFFECT: &[&str] = &[
    "pretty",
    "batchSize",
    "comment",
    "maxTimeMS",
    "readConcern",
    "readPref",
    "noCursorTimeout",
    "tailable",
    "allowPartialResults",
    "addOption",
    "maxAwaitTimeMS",
    "disableBlockWarnings",
    "setReadPreference",
];

/// What is asked of a query beside its filter.
#[derive(Debug, Clone)]
pub struct Modifiers {
    /// Order.
    pub sort: Option<SortSpec>,
    /// Documents left out at the start.
    pub skip: u64,
    /// The most documents; `None` for all.
    pub limit: Option<u64>,
    /// What is shown of each document.
    pub projection: Option<Projection>,
    /// The projection as given.
    pub projection_source: Document,
    /// Which index.
    pub hint: Option<Hint>,
    /// Between which keys of it.
    pub limits: Option<Limits>,
    /// The fields of the index are shown instead of the document.
    pub return_key: bool,
    /// `$recordId` is shown, too.
    pub show_record: bool,
    /// How strings compare, if that was said; `None` inside is the simple order.
    pub collation: Option<Option<Collation>>,
    /// A sort may use temporary files.
    pub disk: bool,
}

impl Default for Modifiers {
    fn default() -> Self {
        Modifiers {
            sort: None,
            skip: 0,
            limit: None,
            projection: None,
            projection_source: Document::new(),
            hint: None,
            limits: None,
            return_key: false,
            show_record: false,
            collation: None,
            disk: true,
        }
    }
}

/// What is done with the documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Terminal {
    /// They are the answer.
    Cursor,
    /// `toArray`
    Array,
    /// `next`, `tryNext`: the first, or null.
    Next,
    /// `hasNext`
    HasNext,
    /// `count`: without skip and limit.
    Count,
    /// `size`, `itcount`, `length`
    Size,
    /// `explain`, with its verbosity.
    Explain(Bson),
    /// `isClosed`, `isExhausted`: always false before it was read; `close`, `objsLeftInBatch`.
    Value(Bson),
}

impl Modifiers {
    /// Sets the modifiers of an options document (the third argument of `find`).
    pub fn set_options(&mut self, options: &Document) -> Result<()> {
        for (name, value) in options {
            match name.as_str() {
                "sort" | "skip" | "limit" | "projection" | "hint" | "min" | "max" | "returnKey" | "showRecordId"
                | "collation" | "allowDiskUse" => {
                    self.set("find", name, Some(value))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Sets one modifier.
    pub fn set(&mut self, method: &str, name: &str, value: Option<&Bson>) -> Result<()> {
        match (name, value) {
            ("sort", Some(Bson::Document(sort))) => {
                self.sort = (!sort.is_empty()).then(|| SortSpec::new(sort)).transpose()?
            }
            ("sort", None | Some(Bson::Null)) => self.sort = None,
            ("sort", Some(other)) => return Err(wrong(method, "sort", "an object", other)),
            ("projection" | "project", Some(Bson::Document(projection))) => {
                self.projection = (!projection.is_empty()).then(|| Projection::new(projection)).transpose()?;
                self.projection_source = projection.clone();
            }
            ("projection" | "project", None | Some(Bson::Null)) => {}
            ("projection" | "project", Some(other)) => return Err(wrong(method, "projection", "an object", other)),
            ("skip", value) => {
                self.skip = u64::try_from(whole("Skip", value)?).map_err(|_| {
                    Error::new(Code::Location(51024), "BSON field 'skip' value must be >= 0, actual value is negative")
                })?;
            }
            ("limit", value) => {
                // A negative limit means one batch of that many.
                let limit = whole("Limit", value)?.unsigned_abs();
                self.limit = (limit > 0).then_some(limit);
            }
            ("hint", Some(value)) => self.hint = Some(Hint::new(value)?),
            ("min", Some(Bson::Document(key))) => self.limits.get_or_insert_default().min = Some(key.clone()),
            ("max", Some(Bson::Document(key))) => self.limits.get_or_insert_default().max = Some(key.clone()),
            ("min" | "max", Some(other)) => return Err(wrong(method, name, "an object", other)),
            ("allowDiskUse", value) => self.disk = value.is_none_or(is_true),
            ("returnKey", value) => self.return_key = value.is_none_or(is_true),
            ("collation", None | Some(Bson::Null | Bson::Undefined)) => {}
            ("collation", Some(value)) => self.collation = Some(named_collation(value)?),
            ("showRecordId" | "showDiskLoc", value) => self.show_record = value.is_none_or(is_true),
            _ => {}
        }
        Ok(())
    }

    /// Reads the calls behind `find()`; answers what the last one does with the documents.
    pub fn read_calls(&mut self, start: &str, calls: &[ResolvedCall]) -> Result<Terminal> {
        let mut terminal = Terminal::Cursor;
        for call in calls {
            let arg = call.args.first();
            if terminal != Terminal::Cursor {
                return Err(no_function(&call.method, &call.method, &[]).at(call.span));
            }
            let here = |error: Error| error.at(call.span);
            terminal = match call.method.as_str() {
                "sort" | "skip" | "limit" | "projection" | "project" | "hint" | "min" | "max" | "returnKey"
                | "showRecordId" | "showDiskLoc" | "collation" | "allowDiskUse" => {
                    self.set(&call.method, &call.method, arg).map_err(here)?;
                    continue;
                }
                name if WITHOUT_EFFECT.contains(&name) => continue,
                "toArray" => Terminal::Array,
                "next" | "tryNext" => Terminal::Next,
                "hasNext" => Terminal::HasNext,
                "count" => Terminal::Count,
                "size" | "itcount" | "length" => Terminal::Size,
                "explain" | "getQueryPlan" => {
                    Terminal::Explain(arg.cloned().unwrap_or_else(|| Bson::String("queryPlanner".to_owned())))
                }
                "close" => Terminal::Value(Bson::Undefined),
                "isClosed" | "isExhausted" => Terminal::Value(Bson::Boolean(false)),
                "objsLeftInBatch" => Terminal::Value(Bson::Int32(0)),
                other => {
                    let methods = [CURSOR_MODIFIERS, CURSOR_READERS].concat();
                    return Err(no_function(&format!("{start}.{other}"), other, &methods).at(call.span));
                }
            };
        }
        Ok(terminal)
    }
}

/// Whether an option that was given is on.
fn is_true(value: &Bson) -> bool {
    !matches!(value, Bson::Boolean(false) | Bson::Null | Bson::Undefined | Bson::Int32(0))
}

fn whole(what: &str, value: Option<&Bson>) -> Result<i64> {
    match construct::number(value) {
        Some(number) if number.is_finite() => Ok(number.trunc() as i64),
        _ => {
            Err(Error::new(Code::InvalidArgument, format!("Operation \"{}\" requires an integer", what.to_lowercase())))
        }
    }
}
