//! `$match`: the query language of `find`.

use super::pipeline::{Compiled, Role};
use super::row::{Input, Mapped};
use crate::doc::expression::Variables;
use crate::doc::query::{Filter, Search};
use crate::doc::{Code, Error, Result};
use bson::Bson;
use std::rc::Rc;

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    let Bson::Document(document) = spec else {
        return Err(Error::new(Code::Location(15959), "the match filter must be an expression in an object"));
    };
    let filter = Filter::of_query(document)?;
    if let Some(Search::Near(..)) = filter.search() {
        return Err(Error::new(
            Code::Location(5_626_500),
            "$geoNear, $near, and $nearSphere are not allowed in this context, as these operators require sorting geospatial data",
        )
        .hint("$geoNear is the stage for it; $geoWithin needs no order"));
    }
    if filter.holds_function() {
        return Err(Error::bad_value("$where is not allowed in this context")
            .hint("{ $expr: { $function: … } } does the same in a stage"));
    }
    let build = move |input: Input, variables: &Variables| {
        let filter = filter.clone().with_variables(variables.clone());
        Mapped::boxed(input, move |row| Ok(filter.matches(&row.document)?.then_some(row)))
    };
    Ok(Compiled { name: "$match", role: Role::Match(document.clone()), build: Rc::new(build) })
}
