//! Answers that are kept in the graph: `{write: 'rank'}`.

use super::settings::{WRITE, wrong};
use super::{Algorithm, Rows, int};
use crate::graph::exec::{Runtime, set_property};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;

/// Runs an algorithm and sets what it answers about each node or relationship as properties: a string names
/// the property of the first column of answers, a map the property of each column, as in
/// `{write: {hub: 'h', authority: 'a'}}`.
///
/// One row: how many nodes or relationships there were, and how many properties were set.
pub fn run(algorithm: &Algorithm, rt: &Runtime<'_>, arguments: &[Value]) -> Result<Rows> {
    let settings = arguments.last().and_then(|settings| match settings {
        Value::Map(settings) => settings.get(WRITE),
        _ => None,
    });
    let targets = targets(algorithm, settings.unwrap_or(&Value::Null))?;
    let rows = algorithm.answers(rt, arguments, true)?;
    let mut count = 0;
    for row in &rows {
        let Some(entity) = row.first() else { continue };
        for (column, key) in &targets {
            if let Some(value) = row.get(*column) {
                set_property(entity, key, value.clone(), rt)?;
                count += 1;
            }
        }
    }
    Ok(vec![vec![int(rows.len()), int(count)]])
}

/// Which columns go to which properties.
fn targets<'v>(algorithm: &Algorithm, write: &'v Value) -> Result<Vec<(usize, &'v str)>> {
    match write {
        Value::String(key) => Ok(vec![(1, key)]),
        Value::Map(keys) => {
            let target = |(column, key): (&'v String, &'v Value)| {
                let known = algorithm.outputs.iter().skip(1).position(|output| output.name == *column);
                let at = known.ok_or_else(|| {
                    let columns: Vec<_> = algorithm.outputs.iter().skip(1).map(|output| &*output.name).collect();
                    let message = format!("{} has no column `{column}` to write", algorithm.name);
                    Error::argument(Detail::InvalidArgumentValue, message)
                        .hint(format!("its columns are {}", columns.join(", ")))
                })?;
                match key {
                    Value::String(key) => Ok((at + 1, &**key)),
                    other => Err(wrong(WRITE, "a property name or a map of columns to property names", other)),
                }
            };
            keys.iter().map(target).collect()
        }
        other => Err(wrong(WRITE, "a property name or a map of columns to property names", other)),
    }
}
