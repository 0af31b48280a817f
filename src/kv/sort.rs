//! SORT: lists, sets and sorted sets in order, perhaps by the values of other keys
//! (redis.io/docs/latest/commands/sort).

use super::fields::Fields;
use super::layout::Kind;
use super::lists::{End, List};
use super::number::{double, integer_argument};
use super::sorted_sets::SortedSet;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::storage::Direction;
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// SORT's words.
#[derive(Default)]
struct Options<'a> {
    by: Option<&'a [u8]>,
    limit: Option<(i64, i64)>,
    get: Vec<&'a [u8]>,
    descending: bool,
    alphabetic: bool,
    store: Option<&'a [u8]>,
}

/// SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC|DESC] [ALPHA] [STORE destination]
pub fn sort(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, args, true)
}

/// SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC|DESC] [ALPHA]
pub fn sort_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, args, false)
}

fn parse(args: Args<'_>, may_store: bool) -> Result<Options<'_>> {
    let mut options = Options::default();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_slice() {
            b"ASC" => options.descending = false,
            b"DESC" => options.descending = true,
            b"ALPHA" => options.alphabetic = true,
            b"LIMIT" if words.len() >= 2 => {
                let offset = words.next().map_or(Ok(0), |word| integer_argument(word))?;
                let count = words.next().map_or(Ok(-1), |word| integer_argument(word))?;
                options.limit = Some((offset, count));
            }
            b"STORE" if may_store => options.store = Some(words.next().ok_or_else(Error::syntax)?),
            b"BY" => options.by = Some(words.next().ok_or_else(Error::syntax)?),
            b"GET" => options.get.push(words.next().ok_or_else(Error::syntax)?),
            _ => return Err(Error::syntax()),
        }
    }
    Ok(options)
}

fn run(cx: &mut Context<'_>, args: Args<'_>, may_store: bool) -> Answer {
    let mut options = parse(&args[1..], may_store)?;
    let (mut elements, kind) = load(cx, &args[0])?;
    // A BY pattern without a star asks for no order at all; a stored set gets one all the same.
    let mut unsorted = options.by.is_some_and(|pattern| !pattern.contains(&b'*'));
    if unsorted && kind == Some(Kind::Set) && options.store.is_some() {
        unsorted = false;
        options.alphabetic = true;
        options.by = None;
    }
    if unsorted {
        if kind == Some(Kind::SortedSet) && options.descending {
            elements.reverse();
        }
    } else {
        elements = order(cx, elements, &options)?;
    }
    if let Some((offset, count)) = options.limit {
        let start = usize::try_from(offset).unwrap_or(0).min(elements.len());
        elements.drain(..start);
        elements.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    }
    let mut items = Vec::new();
    for element in elements {
        if options.get.is_empty() {
            items.push(Some(element));
            continue;
        }
        for pattern in &options.get {
            items.push(look_up(cx, pattern, &element)?);
        }
    }
    match options.store {
        None => Ok(Resp::Array(items.into_iter().map(|item| item.map_or(Resp::Nil, Resp::Bulk)).collect())),
        Some(key) => {
            let mut list = List::new(cx.head(key)?);
            for item in &items {
                list.push(cx, End::Tail, item.as_deref().unwrap_or_default())?;
            }
            list.save_new(cx, key)?;
            Ok(Resp::Integer(items.len() as i64))
        }
    }
}

/// The elements to sort, in their own order.
fn load(cx: &Context<'_>, key: &[u8]) -> Result<(Vec<Vec<u8>>, Option<Kind>)> {
    let Some(row) = cx.find(key)? else { return Ok((Vec::new(), None)) };
    let kind = row.kind();
    let mut elements = Vec::new();
    match kind {
        Kind::List => {
            if let Some(list) = List::open(cx, key)? {
                list.each(cx, 0, list.len(), Direction::Forward, &mut |_, element| {
                    elements.push(element.to_vec());
                    ControlFlow::Continue(())
                })?;
            }
        }
        Kind::Set => elements = Fields::of_row(cx, row)?.all(cx)?.into_iter().map(|(member, _)| member).collect(),
        Kind::SortedSet => {
            elements = SortedSet::of_row(row)?.all(cx)?.into_iter().map(|(member, _)| member).collect();
        }
        Kind::String | Kind::Hash | Kind::Stream => return Err(Error::wrong_type()),
    }
    Ok((elements, Some(kind)))
}

/// What an element is sorted by.
enum Weight {
    Number(f64),
    Text(Option<Vec<u8>>),
}

fn order(cx: &Context<'_>, elements: Vec<Vec<u8>>, options: &Options<'_>) -> Result<Vec<Vec<u8>>> {
    let mut weighted = Vec::with_capacity(elements.len());
    for element in elements {
        let by = match options.by {
            Some(pattern) => look_up(cx, pattern, &element)?,
            None => Some(element.clone()),
        };
        let weight = if options.alphabetic { Weight::Text(by) } else { Weight::Number(number(by)?) };
        weighted.push((weight, element));
    }
    weighted.sort_by(|(left, left_element), (right, right_element)| {
        let order = match (left, right) {
            (Weight::Number(left), Weight::Number(right)) => {
                left.partial_cmp(right).unwrap_or(Ordering::Equal).then_with(|| left_element.cmp(right_element))
            }
            (Weight::Text(left), Weight::Text(right)) if options.store.is_some() => left.cmp(right),
            (Weight::Text(left), Weight::Text(right)) => {
                left.as_deref().map(until_nul).cmp(&right.as_deref().map(until_nul))
            }
            _ => Ordering::Equal,
        };
        if options.descending { order.reverse() } else { order }
    });
    Ok(weighted.into_iter().map(|(_, element)| element).collect())
}

/// What C takes for the text: Redis sorts by `strtod` and `strcoll`, and by all bytes only for STORE.
fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// A numeric weight: a missing one is 0, as is an empty one; blanks before the number do not matter.
fn number(text: Option<Vec<u8>>) -> Result<f64> {
    let text = text.as_deref().map(until_nul).unwrap_or_default();
    if text.is_empty() {
        return Ok(0.0);
    }
    double(text.trim_ascii_start()).ok_or_else(|| Error::err("One or more scores can't be converted into double"))
}

/// The value that a pattern names for an element: `#` is the element; the first `*` of a key is
/// replaced by it; `->field` behind that names a hash field.
fn look_up(cx: &Context<'_>, pattern: &[u8], element: &[u8]) -> Result<Option<Vec<u8>>> {
    if pattern == b"#" {
        return Ok(Some(element.to_vec()));
    }
    let Some(star) = pattern.iter().position(|&byte| byte == b'*') else { return Ok(None) };
    let (before, behind) = (&pattern[..star], &pattern[star + 1..]);
    let arrow = behind.windows(2).position(|pair| pair == b"->").filter(|arrow| arrow + 2 < behind.len());
    let (behind, field) = match arrow {
        Some(arrow) => (&behind[..arrow], Some(&behind[arrow + 2..])),
        None => (behind, None),
    };
    let key = [before, element, behind].concat();
    let Some(row) = cx.find(&key)? else { return Ok(None) };
    match (field, row.kind()) {
        (Some(field), Kind::Hash) => Fields::of_row(cx, row)?.get(cx, field),
        (None, Kind::String) => Ok(Some(row.into_body())),
        _ => Ok(None),
    }
}
