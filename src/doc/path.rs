//! Dotted paths and MongoDB's ways of walking them through arrays.

use bson::{Bson, Document};

/// A dotted path such as `a.b.0`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    name: String,
    /// The position that the name also is, if it is all digits.
    index: Option<usize>,
}

/// Where a value was found: the position in the first array that was walked through.
pub type Position = Option<usize>;

/// What is done with an array at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// Its elements are visited, then the array itself.
    Elements,
    /// Only the array itself is visited.
    Whole,
}

/// What a walk calls for each value at the end of the path, `None` for a missing one; `true` stops the walk.
pub type Visitor<'v> = dyn FnMut(Option<&Bson>, Position) -> bool + 'v;

impl Path {
    /// A path from its text.
    pub fn new(text: &str) -> Path {
        Path { text: text.to_owned(), parts: text.split('.').map(Part::new).collect() }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its first component: the top-level field.
    pub fn root(&self) -> &str {
        self.parts.first().map_or("", |part| &part.name)
    }

    /// The text of its first components.
    pub fn prefix(&self, components: usize) -> &str {
        match self.text.match_indices('.').nth(components.saturating_sub(1)) {
            Some((end, _)) => &self.text[..end],
            None => &self.text,
        }
    }

    /// Walks the path as queries do: arrays on the way are entered element by element, a numeric component
    /// is a position as well as a field name. Answers whether the visitor stopped the walk.
    pub fn visit(&self, document: &Document, leaf: Leaf, visit: &mut Visitor<'_>) -> bool {
        walk_document(document, &self.parts, leaf, None, visit)
    }

    /// Every value that the path reaches, arrays at its end taken apart ([`Leaf::Elements`] without the
    /// whole array): the values that an index holds and that `distinct` answers. Also answers how many
    /// components lead to the first array on the way.
    pub fn values<'d>(&self, document: &'d Document) -> (Vec<Option<&'d Bson>>, Option<usize>) {
        let mut found = Vec::new();
        let mut array = None;
        collect_document(document, &self.parts, self.parts.len(), &mut found, &mut array);
        (found, array)
    }
}

impl Part {
    fn new(name: &str) -> Part {
        let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let index = if digits && (name.len() == 1 || !name.starts_with('0')) { name.parse().ok() } else { None };
        Part { name: name.to_owned(), index }
    }
}

fn walk_document(document: &Document, parts: &[Part], leaf: Leaf, position: Position, visit: &mut Visitor<'_>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return false };
    match document.get(&part.name) {
        None => visit(None, position),
        Some(value) => walk_value(value, rest, leaf, position, visit),
    }
}

fn walk_value(value: &Bson, rest: &[Part], leaf: Leaf, position: Position, visit: &mut Visitor<'_>) -> bool {
    if rest.is_empty() {
        return visit_leaf(value, leaf, position, visit);
    }
    match value {
        Bson::Document(inner) => walk_document(inner, rest, leaf, position, visit),
        Bson::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let here = position.or(Some(at));
                if let Bson::Document(inner) = item
                    && walk_document(inner, rest, leaf, here, visit)
                {
                    return true;
                }
                if rest[0].index == Some(at) {
                    let stopped = match item {
                        // An element named by position is not taken apart.
                        _ if rest.len() == 1 => visit(Some(item), here),
                        Bson::Array(_) => walk_value(item, &rest[1..], leaf, here, visit),
                        Bson::Document(inner) => walk_document(inner, &rest[1..], leaf, here, visit),
                        _ => false,
                    };
                    if stopped {
                        return true;
                    }
                }
            }
            false
        }
        _ => visit(None, position),
    }
}

fn visit_leaf(value: &Bson, leaf: Leaf, position: Position, visit: &mut Visitor<'_>) -> bool {
    if leaf == Leaf::Elements
        && let Bson::Array(items) = value
    {
        for (at, item) in items.iter().enumerate() {
            if visit(Some(item), position.or(Some(at))) {
                return true;
            }
        }
    }
    visit(Some(value), position)
}

fn collect_document<'d>(
    document: &'d Document,
    parts: &[Part],
    total: usize,
    found: &mut Vec<Option<&'d Bson>>,
    array: &mut Option<usize>,
) {
    let Some((part, rest)) = parts.split_first() else { return };
    match document.get(&part.name) {
        None => found.push(None),
        Some(value) => collect_value(value, rest, total, found, array),
    }
}

fn collect_value<'d>(
    value: &'d Bson,
    rest: &[Part],
    total: usize,
    found: &mut Vec<Option<&'d Bson>>,
    array: &mut Option<usize>,
) {
    match value {
        Bson::Array(items) if rest.is_empty() => {
            array.get_or_insert(total);
            if items.is_empty() {
                found.push(Some(&Bson::Undefined));
            }
            found.extend(items.iter().map(Some));
        }
        Bson::Array(items) => {
            array.get_or_insert(total - rest.len());
            let before = found.len();
            for (at, item) in items.iter().enumerate() {
                match item {
                    Bson::Document(inner) => collect_document(inner, rest, total, found, array),
                    // Where a field should be, other elements count as null.
                    _ if rest[0].index.is_none() => found.push(None),
                    _ => {}
                }
                if rest[0].index == Some(at) {
                    match item {
                        Bson::Document(inner) if rest.len() > 1 => {
                            collect_document(inner, &rest[1..], total, found, array)
                        }
                        _ if rest.len() == 1 || matches!(item, Bson::Array(_)) => {
                            collect_value(item, &rest[1..], total, found, array);
                        }
                        _ => {}
                    }
                }
            }
            if found.len() == before {
                found.push(None);
            }
        }
        Bson::Document(inner) if !rest.is_empty() => collect_document(inner, rest, total, found, array),
        value if rest.is_empty() => found.push(Some(value)),
        _ => found.push(None),
    }
}
