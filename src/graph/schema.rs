//! CREATE INDEX, DROP INDEX, SHOW.

use super::store::record::{NodeRecord, RelationshipRecord};
use super::store::{self, Index, TokenKind, Tokens, indexes, layout};
use super::{Context, Detail, Error, Kind, Result, procedures};
use crate::ast::graph::{CreateIndex, Statement};
use crate::reply::{GraphReply, GraphStats};
use crate::storage::{Cursor, Direction, KeyRange, Write};
use crate::value::graph::Value;

/// Runs a statement that is no query.
pub fn execute<'a>(cx: Context<'a>, statement: &Statement) -> Result<GraphReply<'a>> {
    let mut stats = GraphStats::default();
    match statement {
        Statement::CreateIndex(definition) => {
            stats.indexes_added = u64::from(create(cx.tx, cx.database, definition)?);
        }
        Statement::DropIndex { name, if_exists } => {
            let all = indexes::all(cx.tx.as_read(), cx.database)?;
            match all.iter().find(|index| index.name == *name) {
                Some(index) => {
                    indexes::remove(cx.tx, cx.database, index)?;
                    stats.indexes_removed = 1;
                }
                None if *if_exists => {}
                None => {
                    return Err(Error::runtime(
                        Kind::Schema,
                        Detail::NotFound,
                        format!("Unable to drop index called `{name}`. There is no such index."),
                    )
                    .hint("SHOW INDEXES lists them"));
                }
            }
        }
        Statement::Show(what) => return show(cx, what),
        Statement::Query(_) => {}
    }
    Ok(table(Vec::new(), Vec::new(), stats))
}

fn table<'a>(columns: Vec<&str>, rows: Vec<Vec<Value>>, stats: GraphStats) -> GraphReply<'a> {
    GraphReply {
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows: Box::new(rows.into_iter().map(Ok)),
        stats,
        plan: None,
    }
}

/// Makes an index and fills it; answers whether it was made.
fn create(tx: &mut dyn Write, database: u32, definition: &CreateIndex) -> Result<bool> {
    let tokens = Tokens::new(database);
    let kind = if definition.on_relationships { TokenKind::Type } else { TokenKind::Label };
    let token = tokens.id_or_create(tx, kind, &definition.label)?;
    let mut keys = Vec::new();
    for key in &definition.properties {
        keys.push(tokens.id_or_create(tx, TokenKind::Key, key)?);
    }
    let name = definition
        .name
        .clone()
        .unwrap_or_else(|| format!("index_{}_{}", definition.label, definition.properties.join("_")));
    let all = indexes::all(tx.as_read(), database)?;
    let same = all.iter().find(|index| {
        index.on_relationships == definition.on_relationships && index.token == token && index.keys == keys
    });
    let taken = all.iter().find(|index| index.name == name);
    if let Some(index) = same.or(taken) {
        if definition.if_not_exists {
            return Ok(false);
        }
        let message = if same.is_some() {
            format!("An equivalent index already exists: `{}`.", index.name)
        } else {
            format!("There already exists an index called `{name}`.")
        };
        return Err(
            Error::runtime(Kind::Schema, Detail::AlreadyExists, message).hint("IF NOT EXISTS makes this no error")
        );
    }
    let index = indexes::define(tx, database, &name, definition.on_relationships, token, keys)?;
    fill(tx, database, &index)?;
    Ok(true)
}

/// Enters everything that is there.
fn fill(tx: &mut dyn Write, database: u32, index: &Index) -> Result<()> {
    let space = if index.on_relationships { layout::types(database) } else { layout::labels(database) };
    let mut cursor = Cursor::new(space, KeyRange::prefix(&index.token.to_be_bytes()), Direction::Forward);
    while let Some((key, _)) = cursor.next(tx.as_read())? {
        let id = layout::trailing_id(&key);
        let properties = if index.on_relationships {
            store::relationship_row(tx.as_read(), database, id)?
                .map(|row| RelationshipRecord::decode(&row).map(|record| record.properties))
        } else {
            store::node_row(tx.as_read(), database, id)?
                .map(|row| NodeRecord::decode(&row).map(|record| record.properties))
        };
        if let Some(properties) = properties.transpose()?
            && let Some(key) = index.key(&properties)
        {
            index.insert(tx, key, id)?;
        }
    }
    Ok(())
}

fn show<'a>(cx: Context<'a>, what: &str) -> Result<GraphReply<'a>> {
    let stats = GraphStats::default();
    match what.to_ascii_uppercase().as_str() {
        "INDEXES" | "INDEX" => {
            let rows = index_rows(cx.tx.as_read(), cx.database)?;
            Ok(table(INDEX_COLUMNS.to_vec(), rows, stats))
        }
        "CONSTRAINTS" => {
            Ok(table(vec!["name", "type", "entityType", "labelsOrTypes", "properties"], Vec::new(), stats))
        }
        "PROCEDURES" => {
            let rows = procedures::ALL
                .iter()
                .map(|procedure| {
                    vec![
                        Value::string(procedure.name),
                        Value::string(procedure.summary),
                        Value::string("READ"),
                        Value::string(procedure.signature()),
                    ]
                })
                .collect();
            Ok(table(vec!["name", "description", "mode", "signature"], rows, stats))
        }
        "FUNCTIONS" => {
            let row = |function: &super::functions::Signature| {
                vec![
                    Value::string(function.name),
                    Value::string(function.group.name()),
                    Value::string(function.describe()),
                ]
            };
            let rows = super::functions::all().map(row).collect();
            Ok(table(vec!["name", "category", "signature"], rows, stats))
        }
        other => Err(Error::syntax(Detail::UnexpectedSyntax, format!("SHOW {other} is not known"))
            .hint("SHOW INDEXES, SHOW CONSTRAINTS, SHOW PROCEDURES and SHOW FUNCTIONS are")),
    }
}

/// The columns of SHOW INDEXES and db.indexes.
pub const INDEX_COLUMNS: [&str; 6] = ["name", "state", "type", "entityType", "labelsOrTypes", "properties"];

/// The rows of SHOW INDEXES and db.indexes.
pub fn index_rows(tx: &dyn crate::storage::Read, database: u32) -> Result<Vec<Vec<Value>>> {
    let tokens = Tokens::new(database);
    let mut rows = Vec::new();
    for index in indexes::all(tx, database)? {
        let (kind, entity) =
            if index.on_relationships { (TokenKind::Type, "RELATIONSHIP") } else { (TokenKind::Label, "NODE") };
        let mut keys = Vec::new();
        for &key in &index.keys {
            keys.push(Value::String(tokens.name(tx, TokenKind::Key, key)?));
        }
        rows.push(vec![
            Value::string(index.name.as_str()),
            Value::string("ONLINE"),
            Value::string("RANGE"),
            Value::string(entity),
            Value::List(vec![Value::String(tokens.name(tx, kind, index.token)?)]),
            Value::List(keys),
        ]);
    }
    Ok(rows)
}
