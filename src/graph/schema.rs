//! CREATE and DROP of indexes and constraints, and what SHOW lists.

use super::eval::belongs_to;
use super::store::record::{NodeRecord, RelationshipRecord};
use super::store::{
    self, Constraint, Counted, Index, OfType, Properties, TokenKind, Tokens, constraints, indexes, layout, statistics,
};
use super::{Context, Detail, Error, Kind, Result};
use crate::ast::graph::{
    Clause, ClauseKind, CreateConstraint, CreateIndex, Expr, ExprKind, Name, ProcedureCall, Projection, ProjectionItem,
    Query, Rule, Show, SingleQuery, Statement, Subject, Target, YieldItem,
};
use crate::reply::{GraphReply, GraphStats};
use crate::storage::{Cursor, Direction, KeyRange, Read, Write};
use crate::text::Span;
use crate::value::graph::Value;

/// Runs a statement that changes the schema.
pub fn execute<'a>(cx: Context<'a>, statement: &Statement) -> Result<GraphReply<'a>> {
    let mut stats = GraphStats::default();
    let (tx, database) = (cx.tx, cx.database);
    match statement {
        Statement::CreateIndex(definition) => {
            stats.indexes_added = u64::from(create_index(tx, database, definition)?);
        }
        Statement::CreateConstraint(definition) => {
            stats.constraints_added = u64::from(create_constraint(tx, database, definition)?);
        }
        Statement::DropIndex { name, if_exists } => {
            stats.indexes_removed = u64::from(drop_index(tx, database, name, *if_exists)?);
        }
        Statement::DropConstraint { name, if_exists } => {
            stats.constraints_removed = u64::from(drop_constraint(tx, database, name, *if_exists)?);
        }
        Statement::Query(_) | Statement::Show(_) => {}
    }
    Ok(GraphReply { columns: Vec::new(), rows: Box::new(std::iter::empty()), stats, plan: None, drawn: false })
}

fn exists_already(message: String) -> Error {
    Error::runtime(Kind::Schema, Detail::AlreadyExists, message).hint("IF NOT EXISTS makes this no error")
}

fn not_there(message: String, hint: &str) -> Error {
    Error::runtime(Kind::Schema, Detail::NotFound, message).hint(hint)
}

/// A target with its names as ids, which are made if they are new.
struct Resolved {
    token: u32,
    keys: Vec<u32>,
}

fn resolve(tx: &mut dyn Write, tokens: &Tokens, target: &Target) -> Result<Resolved> {
    let kind = if target.on_relationships { TokenKind::Type } else { TokenKind::Label };
    let token = tokens.id_or_create(tx, kind, &target.label)?;
    let mut keys = Vec::new();
    for key in &target.properties {
        let key = tokens.id_or_create(tx, TokenKind::Key, key)?;
        if keys.contains(&key) {
            return Err(Error::syntax(
                Detail::ColumnNameConflict,
                "A property can stand only once in an index or constraint",
            ));
        }
        keys.push(key);
    }
    Ok(Resolved { token, keys })
}

/// `(:Person {name, age})`, `()-[:KNOWS {since}]-()`
fn shown(target: &Target) -> String {
    let keys = target.properties.join(", ");
    if target.on_relationships {
        format!("()-[:{} {{{keys}}}]-()", target.label)
    } else {
        format!("(:{} {{{keys}}})", target.label)
    }
}

/// Makes an index and fills it; answers whether it was made.
fn create_index(tx: &mut dyn Write, database: u32, definition: &CreateIndex) -> Result<bool> {
    let tokens = Tokens::new(database);
    let target = &definition.target;
    let Resolved { token, keys } = resolve(tx, &tokens, target)?;
    let name = match &definition.name {
        Some(name) => name.clone(),
        None => format!("index_{}_{}", target.label, target.properties.join("_")),
    };
    let all = indexes::all(tx.as_read(), database)?;
    let same = all
        .iter()
        .find(|index| index.on_relationships == target.on_relationships && index.token == token && index.keys == keys);
    let owner = constraints::all(tx.as_read(), database)?;
    let problem = if let Some(index) = same {
        Some(match owner.iter().find(|constraint| constraint.index == Some(index.id)) {
            Some(constraint) => format!(
                "There is a uniqueness constraint on {}, `{}`, so an index is already created that matches this.",
                shown(target),
                constraint.name
            ),
            None => format!("An equivalent index already exists: `{}`.", index.name),
        })
    } else if all.iter().any(|index| index.name == name) {
        Some(format!("There already exists an index called `{name}`."))
    } else if owner.iter().any(|constraint| constraint.name == name) {
        Some(format!("There already exists a constraint called `{name}`."))
    } else {
        None
    };
    match problem {
        Some(_) if definition.if_not_exists => Ok(false),
        Some(message) => Err(exists_already(message)),
        None => {
            let index = indexes::define(tx, database, &name, target.on_relationships, token, keys)?;
            fill(tx, database, &index)?;
            Ok(true)
        }
    }
}

/// Enters everything that is there; answers two entities with the same key, if there are some.
fn fill(tx: &mut dyn Write, database: u32, index: &Index) -> Result<Option<(u64, u64)>> {
    let mut entries = Vec::new();
    for_each(tx.as_read(), database, index.on_relationships, index.token, &mut |id, properties| {
        entries.extend(index.key(properties).map(|key| (key, id)));
        Ok(())
    })?;
    entries.sort_unstable();
    let mut doubled: Option<(u64, u64)> = None;
    let mut repeated = 0;
    for pair in entries.windows(2) {
        if let [(key, id), (next, other)] = pair
            && key == next
        {
            repeated += 1;
            let pair = (*id, *other);
            doubled = Some(doubled.map_or(pair, |first| first.min(pair)));
        }
    }
    for (key, id) in &entries {
        index.put(tx, key, *id)?;
    }
    statistics::add(tx, database, Counted::IndexEntries(index.id), entries.len() as i64)?;
    statistics::add(tx, database, Counted::IndexKeys(index.id), entries.len() as i64 - repeated)?;
    Ok(doubled)
}

type Visitor<'v> = dyn FnMut(u64, &Properties) -> Result<()> + 'v;

/// Visits every node of a label or relationship of a type.
fn for_each(tx: &dyn Read, database: u32, on_relationships: bool, token: u32, visit: &mut Visitor<'_>) -> Result<()> {
    if on_relationships {
        let mut list = OfType::new(database, token);
        while let Some((id, _)) = list.next(tx)? {
            if let Some(row) = store::pages::row(tx, database, id)? {
                visit(id, &RelationshipRecord::decode(&row)?.properties)?;
            }
        }
        return Ok(());
    }
    let range = KeyRange::prefix(&token.to_be_bytes());
    let mut cursor = Cursor::new(layout::labels(database), range, Direction::Forward);
    while let Some((key, _)) = cursor.next(tx)? {
        let id = layout::trailing_id(&key);
        if let Some(row) = store::node_row(tx, database, id)? {
            visit(id, &NodeRecord::decode(&row)?.properties)?;
        }
    }
    Ok(())
}

fn drop_index(tx: &mut dyn Write, database: u32, name: &str, if_exists: bool) -> Result<bool> {
    let all = indexes::all(tx.as_read(), database)?;
    let Some(index) = all.iter().find(|index| index.name == name) else {
        if if_exists {
            return Ok(false);
        }
        let message = format!("Unable to drop index called `{name}`. There is no such index.");
        return Err(not_there(message, "SHOW INDEXES lists them"));
    };
    if constraints::all(tx.as_read(), database)?.iter().any(|constraint| constraint.index == Some(index.id)) {
        let message = format!("Unable to drop index: Index belongs to constraint: `{name}`");
        return Err(Error::runtime(Kind::Schema, Detail::AlreadyExists, message)
            .hint(format!("DROP CONSTRAINT {name} drops both")));
    }
    remove_index(tx, database, index)?;
    Ok(true)
}

fn remove_index(tx: &mut dyn Write, database: u32, index: &Index) -> Result<()> {
    for what in [Counted::IndexEntries(index.id), Counted::IndexKeys(index.id)] {
        statistics::forget(tx, database, what)?;
    }
    Ok(indexes::remove(tx, database, index)?)
}

/// The word for a rule in names that are chosen.
const fn word(rule: &Rule) -> &'static str {
    match rule {
        Rule::Unique => "unique",
        Rule::Exists => "exists",
        Rule::Key => "key",
        Rule::Type(_) => "type",
    }
}

/// Makes a constraint, if all that is there keeps it; answers whether it was made.
fn create_constraint(tx: &mut dyn Write, database: u32, definition: &CreateConstraint) -> Result<bool> {
    let tokens = Tokens::new(database);
    let target = &definition.target;
    let Resolved { token, keys } = resolve(tx, &tokens, target)?;
    let name = match &definition.name {
        Some(name) => name.clone(),
        None => format!("{}_{}_{}", word(&definition.rule), target.label, target.properties.join("_")),
    };
    let mut constraint = Constraint {
        name,
        on_relationships: target.on_relationships,
        token,
        keys,
        rule: definition.rule.clone(),
        index: None,
    };
    if let Some(message) = constraint_in_the_way(tx.as_read(), database, &constraint, target)? {
        return if definition.if_not_exists { Ok(false) } else { Err(exists_already(message)) };
    }
    if constraint.is_unique() {
        let on_relationships = constraint.on_relationships;
        let all = indexes::all(tx.as_read(), database)?;
        if let Some(index) = all.iter().find(|index| {
            index.on_relationships == on_relationships && index.token == token && index.keys == constraint.keys
        }) {
            let message = format!(
                "There already exists an index {}, `{}`. A constraint cannot be created until the index has been dropped.",
                shown(target),
                index.name
            );
            return Err(Error::runtime(Kind::Schema, Detail::AlreadyExists, message)
                .hint(format!("DROP INDEX {} comes first: the constraint brings its own", index.name)));
        }
        let index = indexes::define(tx, database, &constraint.name, on_relationships, token, constraint.keys.clone())?;
        if let Some((one, two)) = fill(tx, database, &index)? {
            let what = if on_relationships { "Relationship" } else { "Node" };
            return Err(unfit(target, format!("Both {what}({one}) and {what}({two}) have the same values")));
        }
        constraint.index = Some(index.id);
    }
    let mut broken = None;
    for_each(tx.as_read(), database, constraint.on_relationships, token, &mut |id, properties| {
        if broken.is_none() {
            broken = constraint.broken_by(properties, belongs_to).map(|key| (id, key));
        }
        Ok(())
    })?;
    if let Some((id, key)) = broken {
        let what = if constraint.on_relationships { "Relationship" } else { "Node" };
        let key = tokens.name(tx.as_read(), TokenKind::Key, key)?;
        let how = match &constraint.rule {
            Rule::Type(wanted) => format!("has a `{key}` that is no {wanted}"),
            _ => format!("has no `{key}`"),
        };
        return Err(unfit(target, format!("{what}({id}) {how}")));
    }
    constraints::define(tx, database, &constraint)?;
    Ok(true)
}

fn unfit(target: &Target, why: String) -> Error {
    Error::runtime(
        Kind::ConstraintVerification,
        Detail::CreateBlockedByData,
        format!("Unable to create a constraint on {}: {why}", shown(target)),
    )
}

/// What keeps a constraint from being made: the same one, or one of the same name.
fn constraint_in_the_way(tx: &dyn Read, database: u32, wanted: &Constraint, target: &Target) -> Result<Option<String>> {
    let all = constraints::all(tx, database)?;
    let clashes = |one: &&Constraint| {
        one.on_relationships == wanted.on_relationships
            && one.token == wanted.token
            && one.keys == wanted.keys
            && (one.rule == wanted.rule
                || one.is_unique() && wanted.is_unique()
                || matches!((&one.rule, &wanted.rule), (Rule::Type(_), Rule::Type(_))))
    };
    if let Some(one) = all.iter().find(clashes) {
        return Ok(Some(if one.rule == wanted.rule {
            format!("An equivalent constraint already exists: `{}` on {}.", one.name, shown(target))
        } else {
            format!("A conflicting constraint already exists: `{}` on {}.", one.name, shown(target))
        }));
    }
    if all.iter().any(|one| one.name == wanted.name) {
        return Ok(Some(format!("There already exists a constraint called `{}`.", wanted.name)));
    }
    if indexes::all(tx, database)?.iter().any(|index| index.name == wanted.name) {
        return Ok(Some(format!("There already exists an index called `{}`.", wanted.name)));
    }
    Ok(None)
}

fn drop_constraint(tx: &mut dyn Write, database: u32, name: &str, if_exists: bool) -> Result<bool> {
    let all = constraints::all(tx.as_read(), database)?;
    let Some(constraint) = all.iter().find(|constraint| constraint.name == name) else {
        if if_exists {
            return Ok(false);
        }
        let message = format!("Unable to drop constraint `{name}`. There is no such constraint.");
        return Err(not_there(message, "SHOW CONSTRAINTS lists them"));
    };
    constraints::remove(tx, database, name)?;
    if let Some(id) = constraint.index
        && let Some(index) = indexes::all(tx.as_read(), database)?.iter().find(|index| index.id == id)
    {
        remove_index(tx, database, index)?;
    }
    Ok(true)
}

/// The columns of SHOW INDEXES and db.indexes; the first [`INDEX_DEFAULTS`] are shown without YIELD.
pub const INDEX_COLUMNS: [&str; 11] = [
    "name",
    "state",
    "type",
    "entityType",
    "labelsOrTypes",
    "properties",
    "owningConstraint",
    "id",
    "populationPercent",
    "entries",
    "distinctValues",
];
const INDEX_DEFAULTS: usize = 7;

/// The rows of SHOW INDEXES and db.indexes.
pub fn index_rows(tx: &dyn Read, database: u32) -> Result<Vec<Vec<Value>>> {
    let tokens = Tokens::new(database);
    let owners = constraints::all(tx, database)?;
    let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let mut rows = Vec::new();
    for index in indexes::all(tx, database)? {
        let owner = owners.iter().find(|constraint| constraint.index == Some(index.id));
        let on = on_what(tx, &tokens, index.on_relationships, index.token, &index.keys)?;
        let mut row = vec![Value::string(index.name.as_str()), Value::string("ONLINE"), Value::string("RANGE")];
        row.extend(on);
        row.extend([
            owner.map_or(Value::Null, |owner| Value::string(owner.name.as_str())),
            number(u64::from(index.id)),
            Value::Float(100.0),
            number(statistics::count(tx, database, Counted::IndexEntries(index.id))?),
            number(statistics::count(tx, database, Counted::IndexKeys(index.id))?),
        ]);
        rows.push(row);
    }
    Ok(rows)
}

/// Entity type, labels or types, properties.
fn on_what(tx: &dyn Read, tokens: &Tokens, on_relationships: bool, token: u32, keys: &[u32]) -> Result<[Value; 3]> {
    let (kind, entity) = if on_relationships { (TokenKind::Type, "RELATIONSHIP") } else { (TokenKind::Label, "NODE") };
    let mut names = Vec::new();
    for &key in keys {
        names.push(Value::String(tokens.name(tx, TokenKind::Key, key)?));
    }
    let token = Value::String(tokens.name(tx, kind, token)?);
    Ok([Value::string(entity), Value::List(vec![token]), Value::List(names)])
}

/// The columns of SHOW CONSTRAINTS and db.constraints.
pub const CONSTRAINT_COLUMNS: [&str; 7] =
    ["name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex", "propertyType"];

/// The rows of SHOW CONSTRAINTS and db.constraints.
pub fn constraint_rows(tx: &dyn Read, database: u32) -> Result<Vec<Vec<Value>>> {
    let tokens = Tokens::new(database);
    let mut rows = Vec::new();
    for constraint in constraints::all(tx, database)? {
        let kind = match (&constraint.rule, constraint.on_relationships) {
            (Rule::Unique, false) => "UNIQUENESS",
            (Rule::Unique, true) => "RELATIONSHIP_UNIQUENESS",
            (Rule::Exists, false) => "NODE_PROPERTY_EXISTENCE",
            (Rule::Exists, true) => "RELATIONSHIP_PROPERTY_EXISTENCE",
            (Rule::Key, false) => "NODE_KEY",
            (Rule::Key, true) => "RELATIONSHIP_KEY",
            (Rule::Type(_), false) => "NODE_PROPERTY_TYPE",
            (Rule::Type(_), true) => "RELATIONSHIP_PROPERTY_TYPE",
        };
        let on = on_what(tx, &tokens, constraint.on_relationships, constraint.token, &constraint.keys)?;
        let mut row = vec![Value::string(constraint.name.as_str()), Value::string(kind)];
        row.extend(on);
        row.push(constraint.index.map_or(Value::Null, |_| Value::string(constraint.name.as_str())));
        row.push(match &constraint.rule {
            Rule::Type(wanted) => Value::string(wanted.to_string()),
            _ => Value::Null,
        });
        rows.push(row);
    }
    Ok(rows)
}

/// SHOW as a query: the procedure that lists, then the columns and conditions that were asked for.
pub fn listing(show: &Show) -> Query {
    let (procedure, columns, defaults): (&str, Vec<&str>, usize) = match show.subject {
        Subject::Indexes => ("db.indexes", INDEX_COLUMNS.to_vec(), INDEX_DEFAULTS),
        Subject::Constraints(_) => ("db.constraints", CONSTRAINT_COLUMNS.to_vec(), CONSTRAINT_COLUMNS.len()),
        Subject::Procedures => ("dbms.procedures", vec!["name", "description", "mode", "signature"], 4),
        Subject::Functions => ("dbms.functions", vec!["name", "category", "signature", "aggregating"], 3),
    };
    let yields = columns.iter().map(|column| YieldItem { column: name(column), alias: None }).collect();
    let call = ProcedureCall {
        optional: false,
        name: procedure.to_owned(),
        name_span: Span::default(),
        args: Some(Vec::new()),
        yields: Some(yields),
        yield_all: false,
        filter: rule_filter(show.subject),
    };
    let mut clauses = vec![clause(ClauseKind::Call(call))];
    let all = |columns: &[&str]| columns.iter().map(|column| item(column)).collect::<Vec<_>>();
    let shown: Vec<String> = match &show.yields {
        None => {
            let filter = show.filter.clone();
            if filter.is_some() {
                let body = Projection { items: all(&columns), filter, ..Projection::default() };
                clauses.push(clause(ClauseKind::With(body)));
            }
            columns.iter().take(defaults).map(|column| (*column).to_owned()).collect()
        }
        Some(yields) => {
            let mut body = yields.clone();
            if body.star {
                body.star = false;
                body.items = all(&columns);
            }
            let named =
                |item: &ProjectionItem| item.alias.as_ref().map_or(item.text.clone(), |alias| alias.text.clone());
            let shown = body.items.iter().map(named).collect();
            clauses.push(clause(ClauseKind::With(body)));
            shown
        }
    };
    let returned = show.returns.clone().unwrap_or_else(|| {
        let items = shown.iter().map(|column| item(column)).collect();
        Projection { items, ..Projection::default() }
    });
    clauses.push(clause(ClauseKind::Return(returned)));
    Query { first: SingleQuery { clauses, span: Span::default() }, unions: Vec::new(), next: None }
}

fn clause(kind: ClauseKind) -> Clause {
    Clause { kind, span: Span::default() }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn variable(text: &str) -> Expr {
    Expr { kind: ExprKind::Variable(text.to_owned()), span: Span::default() }
}

fn item(column: &str) -> ProjectionItem {
    ProjectionItem { expr: variable(column), alias: None, text: column.to_owned() }
}

/// `SHOW NODE UNIQUE CONSTRAINTS`: only those.
fn rule_filter(subject: Subject) -> Option<Expr> {
    use crate::ast::graph::{BinaryOp, CompareOp};
    let Subject::Constraints(Some(shown)) = subject else { return None };
    let at = Span::default();
    let text = |text: &str| Expr { kind: ExprKind::String(text.to_owned()), span: at };
    let kind = ExprKind::Binary(BinaryOp::EndsWith, Box::new(variable("type")), Box::new(text(shown.kind)));
    let ends = Expr { kind, span: at };
    let Some(on_relationships) = shown.on_relationships else { return Some(ends) };
    let entity = text(if on_relationships { "RELATIONSHIP" } else { "NODE" });
    let kind = ExprKind::Comparison(Box::new(variable("entityType")), vec![(CompareOp::Eq, entity)]);
    let same = Expr { kind, span: at };
    Some(Expr { kind: ExprKind::Binary(BinaryOp::And, Box::new(ends), Box::new(same)), span: at })
}
