//! `$accumulator`: an accumulator made of the query author's functions.

use crate::doc::expression::function::{check_language, read};
use crate::doc::{Code, Error, Result};
use crate::script::StoredFunction;
use bson::{Bson, Document};

/// The fields of its specification.
pub(super) const FIELDS: &[&str] = &["init", "initArgs", "accumulate", "accumulateArgs", "merge", "finalize", "lang"];

/// Its functions. `merge` joins states of different servers; there is one here, so it is read and not called.
#[derive(Debug, Clone)]
pub(crate) struct Functions {
    init: StoredFunction,
    accumulate: StoredFunction,
    finalize: Option<StoredFunction>,
}

impl Functions {
    /// From the specification.
    ///
    /// # Errors
    /// A function is missing or cannot be read.
    pub fn parse(fields: &Document) -> Result<Functions> {
        let given = |name: &str| {
            let value = super::required("$accumulator", fields, name)?;
            read(name, value)
        };
        check_language("$accumulator", fields.get("lang"))?;
        given("merge")?;
        Ok(Functions {
            init: given("init")?,
            accumulate: given("accumulate")?,
            finalize: fields.get("finalize").map(|value| read("finalize", value)).transpose()?,
        })
    }

    /// The state of a new group.
    ///
    /// # Errors
    /// What `init` throws; `initArgs` is no array.
    pub fn start(&self, args: Option<Bson>) -> Result<Running> {
        let args = arguments("initArgs", args.or(Some(Bson::Array(Vec::new()))))?;
        let state = self.init.call(None, args).map_err(Error::in_function)?;
        Ok(Running { functions: self.clone(), state })
    }
}

/// The state of a group.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    functions: Functions,
    state: Bson,
}

impl Running {
    /// Takes one document's arguments in.
    ///
    /// # Errors
    /// What `accumulate` throws; `accumulateArgs` is no array.
    pub fn add(&mut self, args: Option<Bson>) -> Result<()> {
        let mut all = vec![std::mem::replace(&mut self.state, Bson::Null)];
        all.extend(arguments("accumulateArgs", args)?);
        self.state = self.functions.accumulate.call(None, all).map_err(Error::in_function)?;
        Ok(())
    }

    /// The state, finished.
    ///
    /// # Errors
    /// What `finalize` throws.
    pub fn value(&self) -> Result<Bson> {
        match &self.functions.finalize {
            None => Ok(self.state.clone()),
            Some(finalize) => finalize.call(None, vec![self.state.clone()]).map_err(Error::in_function),
        }
    }
}

fn arguments(field: &str, value: Option<Bson>) -> Result<Vec<Bson>> {
    match value {
        Some(Bson::Array(values)) => Ok(values),
        _ => Err(Error::new(Code::Location(4_544_712), format!("$accumulator: {field} must evaluate to an array"))),
    }
}
