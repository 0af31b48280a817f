//! Dotted paths and MongoDB's ways of walking them through arrays.

use crate::value::view::{ArrayView, DocumentView, View};

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
pub type Visitor<'v, 'd> = dyn FnMut(Option<View<'d>>, Position) -> bool + 'v;

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
    pub fn visit<'d>(&self, document: DocumentView<'d>, leaf: Leaf, visit: &mut Visitor<'_, 'd>) -> bool {
        walk_document(document, &self.parts, leaf, None, visit)
    }

    /// Every value that the path reaches, arrays at its end taken apart ([`Leaf::Elements`] without the
    /// whole array): the values that an index holds and that `distinct` answers. Also answers how many
    /// components lead to the first array on the way.
    pub fn values<'d>(&self, document: DocumentView<'d>) -> (Vec<Option<View<'d>>>, Option<usize>) {
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

fn walk_document<'d>(
    document: DocumentView<'d>,
    parts: &[Part],
    leaf: Leaf,
    position: Position,
    visit: &mut Visitor<'_, 'd>,
) -> bool {
    let Some((part, rest)) = parts.split_first() else { return false };
    match document.get(&part.name) {
        None => visit(None, position),
        Some(value) => walk_value(value, rest, leaf, position, visit),
    }
}

fn walk_value<'d>(value: View<'d>, rest: &[Part], leaf: Leaf, position: Position, visit: &mut Visitor<'_, 'd>) -> bool {
    let Some((next, deeper)) = rest.split_first() else { return visit_leaf(value, leaf, position, visit) };
    match value {
        View::Document(inner) => walk_document(inner, rest, leaf, position, visit),
        View::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let here = position.or(Some(at));
                if let View::Document(inner) = item
                    && walk_document(inner, rest, leaf, here, visit)
                {
                    return true;
                }
                if next.index == Some(at) {
                    let stopped = match item {
                        // An element named by position is not taken apart.
                        _ if deeper.is_empty() => visit(Some(item), here),
                        View::Array(_) => walk_value(item, deeper, leaf, here, visit),
                        View::Document(inner) => walk_document(inner, deeper, leaf, here, visit),
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

fn visit_leaf<'d>(value: View<'d>, leaf: Leaf, position: Position, visit: &mut Visitor<'_, 'd>) -> bool {
    if leaf == Leaf::Elements
        && let View::Array(items) = value
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
    document: DocumentView<'d>,
    parts: &[Part],
    total: usize,
    found: &mut Vec<Option<View<'d>>>,
    array: &mut Option<usize>,
) {
    let Some((part, rest)) = parts.split_first() else { return };
    match document.get(&part.name) {
        None => found.push(None),
        Some(value) => collect_value(value, rest, total, found, array),
    }
}

fn collect_value<'d>(
    value: View<'d>,
    rest: &[Part],
    total: usize,
    found: &mut Vec<Option<View<'d>>>,
    array: &mut Option<usize>,
) {
    match (value, rest.split_first()) {
        (View::Array(items), None) => {
            array.get_or_insert(total);
            if items.is_empty() {
                found.push(Some(View::Undefined));
            }
            found.extend(items.iter().map(Some));
        }
        (View::Array(items), Some((next, _))) => {
            array.get_or_insert(total - rest.len());
            collect_items(items, next, rest, total, found, array);
        }
        (View::Document(inner), Some(_)) => collect_document(inner, rest, total, found, array),
        (value, None) => found.push(Some(value)),
        (_, Some(_)) => found.push(None),
    }
}

/// An array in the middle of a path: `rest` begins with `next`.
fn collect_items<'d>(
    items: ArrayView<'d>,
    next: &Part,
    rest: &[Part],
    total: usize,
    found: &mut Vec<Option<View<'d>>>,
    array: &mut Option<usize>,
) {
    let deeper = rest.get(1..).unwrap_or_default();
    let before = found.len();
    for (at, item) in items.iter().enumerate() {
        match item {
            View::Document(inner) => collect_document(inner, rest, total, found, array),
            // Where a field should be, other elements count as null.
            _ if next.index.is_none() => found.push(None),
            _ => {}
        }
        if next.index == Some(at) {
            match item {
                View::Document(inner) if !deeper.is_empty() => collect_document(inner, deeper, total, found, array),
                _ if deeper.is_empty() || matches!(item, View::Array(_)) => {
                    collect_value(item, deeper, total, found, array);
                }
                _ => {}
            }
        }
    }
    if found.len() == before {
        found.push(None);
    }
}
