//! `find`, `findOne`, `aggregate` and `explain`.

use super::arguments::Arguments;
use super::cursor::{Modifiers, Terminal};
use super::explain;
use crate::ast::doc::ResolvedCall;
use crate::doc::aggregate::row::{Input, Mapped, Row, Rows, Variation, pull};
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::Collection;
use crate::doc::expression::{Expression, Variables};
use crate::doc::index::{Field, Index};
use crate::doc::plan::{self, Access, Match, Request, Search, Shown, Verbosity};
use crate::doc::query::Filter;
use crate::doc::sort::Sorter;
use crate::doc::{Context, Error, Result, aggregate};
use crate::reply::{DocReply, Stream};
use crate::storage::Read;
use crate::text::Diagnostic;
use bson::{Bson, Document, doc};
use std::rc::Rc;

/// A filter with what is asked beside it.
pub struct Query {
    /// Which documents.
    pub filter: Filter,
    /// How many, in which order, and what of them.
    pub modifiers: Modifiers,
    /// What `$expr` and computed fields see.
    pub variables: Variables,
}

impl Query {
    /// From the arguments of `find` and `findOne`: filter, projection, options.
    pub fn from_arguments(cx: &Context<'_>, args: &Arguments<'_>) -> Result<Query> {
        let filter = args.optional_document(0, "filter")?;
        let mut modifiers = Modifiers::default();
        modifiers.set(args.method, "projection", args.get(1))?;
        let options = args.optional_document(2, "options")?;
        modifiers.set_options(&options)?;
        Query::new(&filter, modifiers, variables(cx, &options)?)
    }

    /// From its parts.
    pub fn new(filter: &Document, modifiers: Modifiers, variables: Variables) -> Result<Query> {
        let filter = Filter::of_query(filter)?.with_variables(variables.clone());
        let mut query = Query { filter, modifiers, variables };
        query.settle();
        Ok(query)
    }

    /// Tells its parts the collation, which may have been given after the filter.
    fn settle(&mut self) {
        if let Some(collation) = self.modifiers.collation.take() {
            self.variables.collation = collation;
            self.filter.set_variables(self.variables.clone());
        }
        let collation = self.variables.collation.as_ref();
        self.modifiers.sort = self.modifiers.sort.take().map(|sort| sort.collated(collation));
    }

    /// Reads the calls behind `find()`; answers what the last one does with the documents.
    pub fn read_calls(&mut self, start: &str, calls: &[ResolvedCall]) -> Result<Terminal> {
        let terminal = self.modifiers.read_calls(start, calls)?;
        self.settle();
        Ok(terminal)
    }

    /// What it asks of the planner.
    pub fn request(&self, counted: bool) -> Request<'_> {
        Request {
            filter: &self.filter,
            sort: self.modifiers.sort.as_ref(),
            hint: self.modifiers.hint.as_ref(),
            limited: self.modifiers.limit.is_some(),
            limits: self.modifiers.limits.as_ref(),
            shown: match &self.modifiers.projection {
                _ if counted => Shown::Nothing,
                _ if self.modifiers.return_key || self.modifiers.show_record => Shown::Whole,
                Some(projection) => Shown::Projected(projection),
                None => Shown::Whole,
            },
        }
    }
}

/// The time, the collation, and the variables that `let` among the options defines.
pub fn variables(cx: &Context<'_>, options: &Document) -> Result<Variables> {
    let mut variables = Variables::new(cx.now_ms).with_collation(super::arguments::collation(cx, options)?);
    match options.get("let") {
        None | Some(Bson::Null | Bson::Undefined) => {}
        Some(Bson::Document(bindings)) => {
            for (name, value) in bindings {
                let value = Expression::parse(value)?.evaluate(&Document::new(), &variables)?;
                variables.set(name.as_str(), value);
            }
        }
        Some(_) => return Err(Error::type_mismatch("let must be an object")),
    }
    Ok(variables)
}

/// `find(filter, projection, options)` and the cursor methods behind it.
pub fn find<'a>(mut cx: Context<'a>, name: &str, args: &Arguments<'_>, rest: &[ResolvedCall]) -> Result<DocReply<'a>> {
    let mut query = Query::from_arguments(&cx, args)?;
    let terminal = query.read_calls(&format!("db.{name}.find()"), rest)?;
    match &terminal {
        Terminal::Explain(verbosity) => {
            let verbosity = Verbosity::of(Some(verbosity));
            return Ok(DocReply::Value(explain::query(&cx, name, &query, None, verbosity)?));
        }
        Terminal::Count => {
            query.modifiers.skip = 0;
            query.modifiers.limit = None;
            query.modifiers.sort = None;
        }
        Terminal::Next | Terminal::HasNext => query.modifiers.limit = Some(1),
        _ => {}
    }
    if matches!(terminal, Terminal::Count | Terminal::Size) {
        query.modifiers.projection = None;
    }
    let top = open(&mut cx, name, query, terminal == Terminal::Count)?;
    end(aggregate::stream(cx, top), terminal)
}

/// The documents of a query on a collection or view.
pub fn open(cx: &mut Context<'_>, name: &str, query: Query, counted: bool) -> Result<Input> {
    let info = catalog::find(cx.tx.as_read(), cx.database, name)?;
    if let Some((source, mut pipeline)) = info.as_ref().and_then(CollectionInfo::view) {
        pipeline.extend(as_stages(&query));
        let mut cx = Context { collation: query.variables.collation.clone(), ..cx.reborrow() };
        let options = doc! { "allowDiskUse": query.modifiers.disk };
        return aggregate::open(&mut cx, Some(source), &pipeline, &options);
    }
    match info {
        Some(info) => input(cx.tx.as_read(), &info, query, counted),
        None => Ok(Rows::boxed([])),
    }
}

/// The stages that do what a query asks, for reading through a view.
pub fn as_stages(query: &Query) -> Vec<Bson> {
    let mut stages = Vec::new();
    let mut stage = |name: &str, value: Bson| stages.push(Bson::Document(doc! { name: value }));
    if !query.filter.is_empty() {
        stage("$match", Bson::Document(query.filter.source().clone()));
    }
    if let Some(sort) = &query.modifiers.sort {
        stage("$sort", Bson::Document(sort.source().clone()));
    }
    if query.modifiers.skip > 0 {
        stage("$skip", Bson::Int64(query.modifiers.skip as i64));
    }
    if let Some(limit) = query.modifiers.limit {
        stage("$limit", Bson::Int64(limit as i64));
    }
    if query.modifiers.projection.is_some() {
        stage("$project", Bson::Document(query.modifiers.projection_source.clone()));
    }
    stages
}

/// The documents of a query, one by one; with a sort that no index gives, they are sorted first.
fn input(tx: &dyn Read, info: &CollectionInfo, query: Query, counted: bool) -> Result<Input> {
    let plan = plan::choose(tx, info, &query.request(counted))?;
    let Query { filter, modifiers, variables } = query;
    let sorted = plan.sorted || modifiers.sort.is_none();
    let shown_key = modifiers.return_key.then(|| key_of(&plan.access));
    let most = modifiers.limit.map(|limit| limit.saturating_add(modifiers.skip));
    let mut top = aggregate::scan(Search::new(info, plan, filter, most.filter(|_| sorted)));
    if let Some(sort) = modifiers.sort.filter(|_| !sorted) {
        top = aggregate::sorted(&Rc::new(sort), most, top, modifiers.disk);
    }
    top = aggregate::paged(modifiers.skip, modifiers.limit, top);
    if let Some(index) = shown_key {
        return Ok(Mapped::boxed(top, move |mut row| {
            row.document = index.as_ref().map_or_else(Document::new, |index| key_document(index, &row)).into();
            Ok(Some(row))
        }));
    }
    if modifiers.show_record {
        let projection = modifiers.projection.clone();
        let mut variables = Variation::new(&variables);
        return Ok(Mapped::boxed(top, move |mut row| {
            let mut document = match &projection {
                None => row.document.into_document(),
                Some(projection) => projection.apply(&row.document, row.position, variables.at(&row))?,
            };
            document.insert("$recordId", row.metadata.record.map_or(Bson::Null, |record| Bson::Int64(record as i64)));
            row.document = document.into();
            Ok(Some(row))
        }));
    }
    Ok(match modifiers.projection {
        None => top,
        Some(projection) => {
            let mut variables = Variation::new(&variables);
            Mapped::boxed(top, move |mut row| {
                row.document = projection.apply(&row.document, row.position, variables.at(&row))?.into();
                Ok(Some(row))
            })
        }
    })
}

/// The index whose keys `returnKey` shows.
fn key_of(access: &Access) -> Option<Index> {
    match access {
        Access::Index(scan) => Some(scan.index.clone()),
        _ => None,
    }
}

/// The fields of an index in a document.
fn key_document(index: &Index, row: &Row) -> Document {
    let value = |field: &Field| {
        let (values, _) = field.path.values(row.document.view());
        values.into_iter().flatten().next().map_or(Bson::Null, |value| value.to_bson())
    };
    index.fields.iter().map(|field| (field.path.as_str().to_owned(), value(field))).collect()
}

/// What the documents become.
pub fn end(documents: Stream<'_, Document>, terminal: Terminal) -> Result<DocReply<'_>> {
    Ok(DocReply::Value(match terminal {
        Terminal::Cursor => return Ok(DocReply::Cursor(documents)),
        Terminal::Array => Bson::Array(
            documents
                .map(|document| document.map(Bson::Document))
                .collect::<Result<_, _>>()
                .map_err(from_diagnostic)?,
        ),
        Terminal::Next => first(documents)?.map_or(Bson::Null, Bson::Document),
        Terminal::HasNext => Bson::Boolean(first(documents)?.is_some()),
        Terminal::Count | Terminal::Size => {
            let mut count = 0_u64;
            for document in documents {
                document.map_err(from_diagnostic)?;
                count += 1;
            }
            count_value(count)
        }
        Terminal::Value(value) => value,
        Terminal::Explain(_) => Bson::Null,
    }))
}

fn first(mut documents: Stream<'_, Document>) -> Result<Option<Document>> {
    documents.next().transpose().map_err(from_diagnostic)
}

/// A stream's failures are diagnostics already; inside the engine they travel as errors again.
pub fn from_diagnostic(diagnostic: Diagnostic) -> Error {
    Error::from_diagnostic(diagnostic)
}

/// A count as the shell shows it: an int32 if it fits.
pub fn count_value(count: u64) -> Bson {
    i32::try_from(count).map_or(Bson::Int64(count as i64), Bson::Int32)
}

/// `findOne(filter, projection, options)`
pub fn find_one(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let mut query = Query::from_arguments(cx, args)?;
    query.modifiers.limit = Some(1);
    let mut top = open(cx, name, query, false)?;
    Ok(pull(&mut top, cx)?.map_or(Bson::Null, |row| Bson::Document(row.document.into_document())))
}

/// The first match of a query in its order, with its record id, for the methods that write.
pub fn first_match(cx: &Context<'_>, collection: &Collection, query: &Query) -> Result<Option<Match>> {
    let tx = cx.tx.as_read();
    let sort = query.modifiers.sort.as_ref();
    let plan = plan::choose(tx, &collection.info, &query.request(false))?;
    let sorted = plan.sorted;
    let one = (sorted || sort.is_none()).then_some(1);
    let mut search = Search::new(&collection.info, plan, query.filter.clone(), one);
    match sort {
        Some(sort) if !sorted => {
            let mut sorter = Sorter::new(Some(1));
            while let Some(found) = search.next(tx)? {
                sorter.push(sort.key(&found.document, &found.metadata)?, found);
            }
            Ok(sorter.finish().next())
        }
        _ => search.next(tx),
    }
}

/// All matches of a filter as record ids and positions, found before the first of them is written.
pub fn all_matches(
    cx: &Context<'_>,
    collection: &Collection,
    query: &Query,
) -> Result<Vec<(u64, crate::doc::path::Position)>> {
    let tx = cx.tx.as_read();
    let plan = plan::choose(
        tx,
        &collection.info,
        &Request { hint: query.modifiers.hint.as_ref(), ..Request::new(&query.filter) },
    )?;
    let mut search = Search::new(&collection.info, plan, query.filter.clone(), None);
    let mut found = Vec::new();
    while let Some(matched) = search.next(tx)? {
        found.push((matched.record, matched.position));
    }
    Ok(found)
}

/// `aggregate(pipeline, options)`, or the stages as arguments, and the cursor methods behind it.
pub fn aggregate<'a>(
    mut cx: Context<'a>,
    name: Option<&str>,
    args: &Arguments<'_>,
    rest: &[ResolvedCall],
) -> Result<DocReply<'a>> {
    if let Some(name) = name
        && let Some(verbosity) = explained(args, rest)?
    {
        let (stages, options) = pipeline_of(args)?;
        return Ok(DocReply::Value(explain::pipeline(&cx, name, &stages, &options, verbosity)?));
    }
    let (top, terminal) = open_pipeline(&mut cx, name, args, rest)?;
    end(aggregate::stream(cx, top), terminal)
}

/// Whether a pipeline is explained instead of run: `aggregate(…).explain()`, `{ explain: true }`.
fn explained(args: &Arguments<'_>, rest: &[ResolvedCall]) -> Result<Option<Verbosity>> {
    let options = pipeline_of(args)?.1;
    Ok(match rest.last() {
        Some(last) if last.method == "explain" => Some(Verbosity::of(last.args.first())),
        _ => options.get_bool("explain").unwrap_or(false).then_some(Verbosity::Planner),
    })
}

/// The documents of a pipeline, and what is done with them.
pub fn open_pipeline(
    cx: &mut Context<'_>,
    name: Option<&str>,
    args: &Arguments<'_>,
    rest: &[ResolvedCall],
) -> Result<(Input, Terminal)> {
    let (mut stages, options) = pipeline_of(args)?;
    let mut query = Query::new(&Document::new(), Modifiers::default(), variables(cx, &options)?)?;
    let start = name.map_or_else(|| "db.aggregate()".to_owned(), |name| format!("db.{name}.aggregate()"));
    let terminal = query.read_calls(&start, rest)?;
    // What is asked of the cursor is asked behind the stages.
    stages.extend(as_stages(&query));
    Ok((aggregate::open(cx, name, &stages, &options)?, terminal))
}

/// The stages and options of `aggregate`'s arguments.
pub fn pipeline_of(args: &Arguments<'_>) -> Result<(Vec<Bson>, Document)> {
    match args.get(0) {
        None => Ok((Vec::new(), Document::new())),
        Some(Bson::Array(stages)) => Ok((stages.clone(), args.optional_document(1, "options")?)),
        Some(Bson::Document(_)) => Ok((args.values.to_vec(), Document::new())),
        Some(other) => Err(super::arguments::wrong(args.method, "pipeline", "an array", other)),
    }
}
