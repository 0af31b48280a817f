//! Projections of `find` (MongoDB manual, "Project Fields to Return" and the projection operators).

use super::expression::{Expression, Variables};
use super::path::Position;
use super::query::Filter;
use super::{Code, Error, Result};
use crate::value::construct;
use crate::value::raw::RawDocument;
use crate::value::view::{ArrayView, DocumentView, View};
use bson::{Bson, Document};

/// A compiled projection.
#[derive(Debug, Clone)]
pub struct Projection {
    inclusion: bool,
    tree: Vec<(String, Node)>,
    /// Whether `_id` stays: `Some` if the projection says so.
    id: bool,
}

#[derive(Debug, Clone)]
enum Node {
    Include,
    Exclude,
    Inner(Vec<(String, Node)>),
    Computed(Box<Expression>),
    Slice { skip: Option<i64>, count: i64 },
    ElementMatch(Box<Filter>),
    Positional,
}

impl Node {
    /// Whether the field is made rather than chosen.
    fn is_computed(&self) -> bool {
        match self {
            Node::Computed(_) => true,
            Node::Inner(children) => children.iter().any(|(_, child)| child.is_computed()),
            _ => false,
        }
    }

    /// Whether it only cuts arrays.
    fn is_slice(&self) -> bool {
        match self {
            Node::Slice { .. } => true,
            Node::Inner(children) => children.iter().all(|(_, child)| child.is_slice()),
            _ => false,
        }
    }

    /// Whether the positional operator stands in it.
    fn is_positional(&self) -> bool {
        match self {
            Node::Positional => true,
            Node::Inner(children) => children.iter().any(|(_, child)| child.is_positional()),
            _ => false,
        }
    }
}

/// Projections may be nested this deep.
const MAX_DEPTH: usize = 100;

struct Builder {
    entries: Vec<(Vec<String>, Node)>,
    include: Option<String>,
    exclude: Option<String>,
    id: Option<bool>,
    computed: bool,
    element: bool,
}

impl Projection {
    /// Compiles a projection document.
    ///
    /// # Errors
    /// Inclusion mixed with exclusion (31253, 31254), paths that collide (31249, 31250), wrong operands.
    pub fn new(projection: &Document) -> Result<Projection> {
        let mut builder =
            Builder { entries: Vec::new(), include: None, exclude: None, id: None, computed: false, element: false };
        builder.add_all(projection, &[], 0)?;
        let inclusion = match (&builder.include, &builder.exclude) {
            (Some(_), _) => true,
            (None, Some(_)) => false,
            (None, None) if builder.computed => true,
            // A slice by itself keeps everything.
            (None, None) if builder.entries.iter().any(|(_, node)| matches!(node, Node::Slice { .. })) => false,
            (None, None) => builder.element || builder.id == Some(true),
        };
        if builder.element && builder.entries.iter().any(|(_, node)| matches!(node, Node::Positional)) {
            return Err(Error::new(
                Code::Location(31255),
                "Cannot specify positional operator and $elemMatch in the same projection",
            ));
        }
        let mut tree = Vec::new();
        for (path, node) in builder.entries {
            insert(&mut tree, &path, &path, node)?;
        }
        Ok(Projection { inclusion, tree, id: builder.id.unwrap_or(true) })
    }

    /// The paths that are shown, if that is all it does.
    pub fn included(&self) -> Option<Vec<String>> {
        fn collect(tree: &[(String, Node)], prefix: &str, paths: &mut Vec<String>) -> bool {
            tree.iter().all(|(name, node)| {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                match node {
                    Node::Include => {
                        paths.push(path);
                        true
                    }
                    Node::Inner(children) => collect(children, &path, paths),
                    _ => false,
                }
            })
        }
        let mut paths = Vec::new();
        let plain = self.inclusion && collect(&self.tree, "", &mut paths);
        if self.id && !paths.iter().any(|path| path == "_id") {
            paths.push("_id".to_owned());
        }
        plain.then_some(paths)
    }

    /// The projected document. `position` is what the filter found for the positional operator.
    ///
    /// # Errors
    /// 51246 if there is no position, and what expressions say of their operands.
    pub fn apply<'d>(
        &self,
        document: impl Into<DocumentView<'d>>,
        position: Position,
        variables: &Variables,
    ) -> Result<Document> {
        let document = document.into();
        let scope = Scope { root: document, position, variables, inclusion: self.inclusion };
        let mut answer = Document::new();
        if self.id
            && let Some(id) = document.get("_id")
            && !self.tree.iter().any(|(name, _)| name == "_id")
        {
            answer.insert("_id", id.to_bson());
        }
        scope.document(document, &self.tree, true, &mut answer)?;
        Ok(answer)
    }
}

impl Builder {
    fn add_all(&mut self, projection: &Document, prefix: &[String], depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Error::bad_value(format!("the projection is nested deeper than {MAX_DEPTH} levels")));
        }
        for (name, value) in projection {
            if name.is_empty() || name.split('.').any(str::is_empty) {
                return Err(Error::new(
                    Code::Location(if name.is_empty() { 40352 } else { 15998 }),
                    "FieldPath cannot be constructed with an empty field name",
                ));
            }
            if let Some(array) = name.strip_suffix(".$") {
                if prefix.is_empty() && truth(value) == Some(true) {
                    self.note(name, true)?;
                    self.entries.push((array.split('.').map(str::to_owned).collect(), Node::Positional));
                    continue;
                }
                return Err(Error::new(Code::Location(31271), "positional projection only takes a true value"));
            }
            if name.starts_with('$') {
                return Err(Error::new(
                    Code::Location(16410),
                    format!(
                        "FieldPath field names may not start with '$'. Consider using $getField or $setField: {name}"
                    ),
                ));
            }
            let mut path = prefix.to_vec();
            path.extend(name.split('.').map(str::to_owned));
            self.add(path, value, depth)?;
        }
        Ok(())
    }

    fn add(&mut self, path: Vec<String>, value: &Bson, depth: usize) -> Result<()> {
        let full = path.join(".");
        if let Some(include) = truth(value) {
            if full == "_id" {
                self.id = Some(include);
                return Ok(());
            }
            self.note(&full, include)?;
            self.entries.push((path, if include { Node::Include } else { Node::Exclude }));
            return Ok(());
        }
        match value {
            Bson::Document(inner) => {
                let first = inner.keys().next().map(String::as_str);
                match first {
                    None => Err(Error::new(
                        Code::Location(51270),
                        "An empty sub-projection is not a valid value. Found empty object at path",
                    )),
                    Some("$slice") if inner.len() == 1 && slice(inner.get("$slice")).is_some() => {
                        let node = slice(inner.get("$slice")).ok_or_else(|| Error::bad_value("$slice"))??;
                        self.entries.push((path, node));
                        Ok(())
                    }
                    Some("$elemMatch") if inner.len() == 1 => {
                        let Some(Bson::Document(query)) = inner.get("$elemMatch") else {
                            return Err(Error::new(
                                Code::Location(31274),
                                format!("elemMatch: Invalid argument, object required, but got {}", inner),
                            ));
                        };
                        if path.len() > 1 {
                            return Err(Error::new(
                                Code::Location(31275),
                                "Cannot use $elemMatch projection on a nested field",
                            ));
                        }
                        let mut wrapped = Document::new();
                        wrapped.insert(full, Bson::Document(bson::doc! { "$elemMatch": query.clone() }));
                        self.element = true;
                        self.entries.push((path, Node::ElementMatch(Box::new(Filter::new(&wrapped)?))));
                        Ok(())
                    }
                    Some(operator) if operator.starts_with('$') => self.compute(path, value),
                    Some(_) => self.add_all(inner, &path, depth + 1),
                }
            }
            _ => self.compute(path, value),
        }
    }

    fn compute(&mut self, path: Vec<String>, value: &Bson) -> Result<()> {
        // What is known beside the document stands beside its fields, whichever are chosen.
        if value.as_document().is_some_and(|value| value.contains_key("$meta")) {
            self.entries.push((path, Node::Computed(Box::new(Expression::parse(value)?))));
            return Ok(());
        }
        if let Some(exclude) = &self.exclude {
            return Err(Error::new(
                Code::Location(31252),
                format!(
                    "Cannot use an expression {}: {} in an exclusion projection (of {exclude})",
                    path.join("."),
                    super::shell_text::value(value)
                ),
            ));
        }
        self.computed = true;
        self.entries.push((path, Node::Computed(Box::new(Expression::parse(value)?))));
        Ok(())
    }

    /// Notes what a path asks for, and refuses a mixture.
    fn note(&mut self, path: &str, include: bool) -> Result<()> {
        let (code, what, mode) =
            if include { (31253, "inclusion", "exclusion") } else { (31254, "exclusion", "inclusion") };
        let other = if include { &self.exclude } else { &self.include };
        if other.is_some() || !include && self.computed {
            return Err(Error::new(
                Code::Location(code),
                format!("Cannot do {what} on field {path} in {mode} projection"),
            ));
        }
        if include { &mut self.include } else { &mut self.exclude }.get_or_insert_with(|| path.to_owned());
        Ok(())
    }
}

/// Whether a value says include or exclude; `None` if it is something else.
fn truth(value: &Bson) -> Option<bool> {
    match value {
        Bson::Boolean(include) => Some(*include),
        Bson::Decimal128(number) => Some(!crate::value::decimal::Decimal::from_bson(*number).is_zero()),
        number => construct::number(Some(number)).map(|number| number != 0.0),
    }
}

/// `$slice: n` or `$slice: [skip, n]`; `None` if it is the expression operator.
fn slice(operand: Option<&Bson>) -> Option<Result<Node>> {
    let whole = |value: &Bson| {
        let number = match value {
            Bson::Decimal128(number) => Some(crate::value::decimal::Decimal::from_bson(*number).to_f64()),
            other => construct::number(Some(other)),
        };
        // Casting takes NaN to 0.
        number.map(|number| number.clamp(-2e9, 2e9) as i64)
    };
    match operand? {
        Bson::Array(parts) => match parts.as_slice() {
            [skip, count] => {
                let (skip, count) = (whole(skip)?, whole(count)?);
                Some(if count > 0 {
                    Ok(Node::Slice { skip: Some(skip), count })
                } else {
                    Err(Error::new(
                        Code::Location(28724),
                        format!("Third argument to $slice must be positive: {count}"),
                    ))
                })
            }
            _ => None,
        },
        one => whole(one).map(|count| Ok(Node::Slice { skip: None, count })),
    }
}

fn insert(tree: &mut Vec<(String, Node)>, path: &[String], full: &[String], node: Node) -> Result<()> {
    let Some((name, rest)) = path.split_first() else { return Ok(()) };
    let at = match tree.iter().position(|(known, _)| known == name) {
        Some(at) => at,
        None if rest.is_empty() => {
            tree.push((name.clone(), node));
            return Ok(());
        }
        None => {
            tree.push((name.clone(), Node::Inner(Vec::new())));
            tree.len() - 1
        }
    };
    match tree.get_mut(at) {
        Some((_, Node::Inner(children))) if !rest.is_empty() => insert(children, rest, full, node),
        Some((_, Node::Inner(_))) => {
            Err(Error::new(Code::Location(31250), format!("Path collision at {}", full.join("."))))
        }
        _ => {
            let remaining = rest.join(".");
            let code = if rest.is_empty() { 31250 } else { 31249 };
            let tail = if rest.is_empty() { String::new() } else { format!(" remaining portion {remaining}") };
            Err(Error::new(Code::Location(code), format!("Path collision at {}{tail}", full.join("."))))
        }
    }
}

/// What a projection sees while it walks a document.
struct Scope<'a> {
    root: DocumentView<'a>,
    position: Position,
    variables: &'a Variables,
    inclusion: bool,
}

impl Scope<'_> {
    fn document(
        &self,
        document: DocumentView<'_>,
        tree: &[(String, Node)],
        top: bool,
        answer: &mut Document,
    ) -> Result<()> {
        for (name, value) in document.fields() {
            let node = tree.iter().find(|(known, _)| *known == name).map(|(_, node)| node);
            match node {
                None if top && name == "_id" => {}
                None => {
                    if !self.inclusion {
                        answer.insert(name, value.to_bson());
                    }
                }
                Some(Node::Computed(_)) => {}
                Some(node) => {
                    if let Some(value) = self.value(value, node)? {
                        answer.insert(name, value);
                    }
                }
            }
        }
        for (name, node) in tree.iter().filter(|(_, node)| node.is_computed()) {
            match node {
                Node::Computed(expression) => match expression.evaluate(self.root, self.variables)? {
                    Some(value) => drop(answer.insert(name.as_str(), value)),
                    None => drop(answer.remove(name)),
                },
                // An object that is not there yet is made for the fields inside it.
                Node::Inner(children) if !answer.contains_key(name) => {
                    let mut inner = Document::new();
                    self.document(RawDocument::empty().into(), children, false, &mut inner)?;
                    answer.insert(name.as_str(), inner);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn value(&self, value: View<'_>, node: &Node) -> Result<Option<Bson>> {
        Ok(match node {
            Node::Include => Some(value.to_bson()),
            Node::Exclude | Node::Computed(_) => None,
            Node::Inner(children) => self.inner(value, children, node.is_computed(), 0)?,
            Node::Slice { skip, count } => Some(match value {
                View::Array(items) => Bson::Array(sliced(items, *skip, *count)),
                other => other.to_bson(),
            }),
            Node::ElementMatch(filter) => match (value, filter.matches_at(self.root)?) {
                (View::Array(items), Some(Some(at))) => items.get(at).map(|item| Bson::Array(vec![item.to_bson()])),
                _ => None,
            },
            Node::Positional => Some(self.positional(value)?),
        })
    }

    fn inner(
        &self,
        value: View<'_>,
        children: &[(String, Node)],
        computed: bool,
        depth: usize,
    ) -> Result<Option<Bson>> {
        Ok(match value {
            View::Document(document) => {
                let mut inner = Document::new();
                self.document(document, children, false, &mut inner)?;
                Some(Bson::Document(inner))
            }
            // `$slice` alone looks at the objects in an array, not at arrays inside it.
            View::Array(_) if depth > 0 && !self.inclusion && children.iter().all(|(_, node)| node.is_slice()) => {
                Some(value.to_bson())
            }
            // The first array on the path of the positional operator is the one that it is about.
            View::Array(items) if children.iter().any(|(_, node)| node.is_positional()) => {
                let projected = self.inner(self.at_position(items)?, &all_of(children), computed, depth + 1)?;
                Some(Bson::Array(projected.into_iter().collect()))
            }
            View::Array(items) if depth < MAX_DEPTH => {
                let mut projected = Vec::new();
                for item in items.iter() {
                    projected.extend(self.inner(item, children, computed, depth + 1)?);
                }
                Some(Bson::Array(projected))
            }
            _ if computed => {
                let mut inner = Document::new();
                self.document(RawDocument::empty().into(), children, false, &mut inner)?;
                Some(Bson::Document(inner))
            }
            // What is no document cannot hold an included field, and has nothing to exclude.
            other => (!self.inclusion).then(|| other.to_bson()),
        })
    }

    fn positional(&self, value: View<'_>) -> Result<Bson> {
        match value {
            View::Array(items) => Ok(Bson::Array(vec![self.at_position(items)?.to_bson()])),
            other => Ok(other.to_bson()),
        }
    }

    fn at_position<'v>(&self, items: ArrayView<'v>) -> Result<View<'v>> {
        self.position.and_then(|at| items.get(at)).ok_or_else(|| {
            Error::new(
                Code::Location(51246),
                "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
            )
        })
    }
}

/// The fields of a tree, with whole arrays where a position was asked for.
fn all_of(tree: &[(String, Node)]) -> Vec<(String, Node)> {
    let all = |node: &Node| match node {
        Node::Positional => Node::Include,
        Node::Inner(children) => Node::Inner(all_of(children)),
        other => other.clone(),
    };
    tree.iter().map(|(name, node)| (name.clone(), all(node))).collect()
}

/// The first `count` elements (the last, if it is negative) behind `skip`.
fn sliced(items: ArrayView<'_>, skip: Option<i64>, count: i64) -> Vec<Bson> {
    let length = items.len() as i64;
    let (start, take) = match skip {
        None if count < 0 => ((length + count).max(0), -count),
        None => (0, count),
        Some(skip) if skip < 0 => ((length + skip).max(0), count),
        Some(skip) => (skip.min(length), count),
    };
    items.iter().skip(start as usize).take(take as usize).map(View::to_bson).collect()
}
