//! Regular expressions: the engine of linear time where it suffices, the backtracking one for look-around and
//! back-references.

use std::cell::RefCell;
use std::rc::Rc;

/// Steps that the backtracking engine may take for one text.
const BACKTRACK_LIMIT: usize = 1_000_000;
/// A compiled expression may take this many bytes.
const SIZE_LIMIT: usize = 1 << 24;
/// How many expressions that were compiled lately are remembered.
const REMEMBERED: usize = 16;

/// A compiled expression.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Runs in linear time.
    Linear(regex::Regex),
    /// Knows look-around and back-references.
    Backtracking(Box<fancy_regex::Regex>),
}

/// One match, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where the whole stands.
    pub whole: (usize, usize),
    /// Where each group stands, if it took part.
    pub groups: Vec<Option<(usize, usize)>>,
}

impl Pattern {
    /// Compiles an expression; the flags `i`, `m`, `s` and `x` count, others are ignored.
    ///
    /// # Errors
    /// What neither engine reads, in one line.
    pub fn new(source: &str, flags: &str) -> Result<Pattern, String> {
        let flags: String = flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
        let text = if flags.is_empty() { source.to_owned() } else { format!("(?{flags}){source}") };
        match regex::RegexBuilder::new(&text).size_limit(SIZE_LIMIT).build() {
            Ok(regex) => Ok(Pattern::Linear(regex)),
            Err(_) => match fancy_regex::RegexBuilder::new(&text).backtrack_limit(BACKTRACK_LIMIT).build() {
                Ok(regex) => Ok(Pattern::Backtracking(Box::new(regex))),
                Err(error) => Err(error.to_string().lines().last().unwrap_or_default().to_owned()),
            },
        }
    }

    /// As [`Pattern::new`]; what was compiled lately is not compiled again.
    ///
    /// # Errors
    /// As [`Pattern::new`].
    pub fn remembered(source: &str, flags: &str) -> Result<Rc<Pattern>, String> {
        type Known = (String, String, Rc<Pattern>);
        thread_local! {
            static LATELY: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
        }
        LATELY.with_borrow_mut(|lately| {
            if let Some(at) = lately.iter().position(|(known, with, _)| known == source && with == flags) {
                // The one used last stands first.
                lately[..=at].rotate_right(1);
                return Ok(Rc::clone(&lately[0].2));
            }
            let pattern = Rc::new(Pattern::new(source, flags)?);
            lately.truncate(REMEMBERED - 1);
            lately.insert(0, (source.to_owned(), flags.to_owned(), Rc::clone(&pattern)));
            Ok(pattern)
        })
    }

    /// Whether it is found in a text.
    ///
    /// # Errors
    /// Too many steps.
    pub fn is_match(&self, text: &str) -> Result<bool, String> {
        match self {
            Pattern::Linear(regex) => Ok(regex.is_match(text)),
            Pattern::Backtracking(regex) => regex.is_match(text).map_err(|error| error.to_string()),
        }
    }

    /// The first match that begins at `from` or behind.
    ///
    /// # Errors
    /// Too many steps.
    pub fn find_at(&self, text: &str, from: usize) -> Result<Option<Found>, String> {
        Ok(match self {
            Pattern::Linear(regex) => regex.captures_at(text, from).and_then(|captures| {
                let whole = captures.get(0)?;
                let groups = captures.iter().skip(1).map(|group| group.map(|group| (group.start(), group.end())));
                Some(Found { whole: (whole.start(), whole.end()), groups: groups.collect() })
            }),
            Pattern::Backtracking(regex) => {
                regex.captures_from_pos(text, from).map_err(|error| error.to_string())?.and_then(|captures| {
                    let whole = captures.get(0)?;
                    let groups = captures.iter().skip(1).map(|group| group.map(|group| (group.start(), group.end())));
                    Some(Found { whole: (whole.start(), whole.end()), groups: groups.collect() })
                })
            }
        })
    }

    /// The names of the groups; those without a name are `None`.
    pub fn group_names(&self) -> Vec<Option<String>> {
        match self {
            Pattern::Linear(regex) => regex.capture_names().skip(1).map(|name| name.map(str::to_owned)).collect(),
            Pattern::Backtracking(regex) => regex.capture_names().skip(1).map(|name| name.map(str::to_owned)).collect(),
        }
    }
}
