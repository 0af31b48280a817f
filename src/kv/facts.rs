//! What is known about a command beside what it does: its flags, its categories, and which of its
//! words are keys (redis.io/docs/latest/develop/reference/key-specs).

use super::facts_table::FACTS;
use super::{Args, Error, Result};

/// The facts of one command or subcommand.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// In lower case; a subcommand behind its command and `|`.
    pub name: &'static str,
    /// How many words it has, its name counted; negative: at least as many.
    pub arity: i8,
    /// Flags, apart by blanks.
    pub flags: &'static str,
    /// Categories of access control, apart by blanks, without `@`.
    pub categories: &'static str,
    /// First key, last key and step between keys, as clients before key specifications read them.
    pub span: (i8, i8, i8),
    /// Where its keys are.
    pub keys: &'static [Keys],
}

/// Where some keys of a command are.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// What is done to them, apart by blanks.
    pub flags: &'static str,
    /// Where they begin.
    pub begin: Begin,
    /// How many there are.
    pub find: Find,
}

/// Where keys begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// At this word; the name is word 0.
    Index(i8),
    /// Behind this word, which is looked for from that place on.
    Keyword(&'static str, i8),
}

/// Which words from the beginning on are keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Find {
    /// Up to the last, counted from the first if not negative and from the end of the words if so;
    /// `limit` 2: the first half of them.
    Range {
        /// The last key.
        last: i8,
        /// From key to key.
        step: i8,
        /// Divides what is there.
        limit: i8,
    },
    /// The first word says how many follow.
    Counted,
}

pub(super) const fn facts(
    name: &'static str,
    arity: i8,
    flags: &'static str,
    categories: &'static str,
    span: (i8, i8, i8),
    keys: &'static [Keys],
) -> Facts {
    Facts { name, arity, flags, categories, span, keys }
}

/// One key at a place.
pub(super) const fn at(flags: &'static str, index: i8) -> Keys {
    range(flags, index, 0, 1)
}

/// Keys from a place to another.
pub(super) const fn range(flags: &'static str, index: i8, last: i8, step: i8) -> Keys {
    Keys { flags, begin: Begin::Index(index), find: Find::Range { last, step, limit: 0 } }
}

/// Keys behind their number.
pub(super) const fn counted(flags: &'static str, index: i8) -> Keys {
    Keys { flags, begin: Begin::Index(index), find: Find::Counted }
}

/// One key behind a word.
pub(super) const fn after(flags: &'static str, keyword: &'static str, from: i8) -> Keys {
    Keys { flags, begin: Begin::Keyword(keyword, from), find: Find::Range { last: 0, step: 1, limit: 0 } }
}

/// Keys behind STREAMS, as many as ids behind them.
pub(super) const fn streams(flags: &'static str, from: i8) -> Keys {
    Keys { flags, begin: Begin::Keyword("STREAMS", from), find: Find::Range { last: -1, step: 1, limit: 2 } }
}

/// The facts of all commands and subcommands of Redis that concern keys and values, sorted by name.
pub fn all_facts() -> &'static [Facts] {
    FACTS
}

/// The facts of a command or subcommand; its name in lower case.
pub fn facts_of(name: &str) -> Option<&'static Facts> {
    let place = FACTS.binary_search_by(|facts| facts.name.cmp(name)).ok()?;
    FACTS.get(place)
}

impl Facts {
    /// Whether it has a flag.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.split(' ').any(|known| known == flag)
    }

    /// The keys among its words, name first, each with what is done to it.
    ///
    /// # Errors
    /// The words are not those of the command.
    pub fn keys_in<'w>(&self, words: Args<'w>) -> Result<Vec<(&'w [u8], &'static str)>> {
        let mut found = Vec::new();
        for keys in self.keys {
            let Some(first) = keys.first(words) else { continue };
            let (last, step) = keys.last(words, first)?;
            let mut place = if keys.find == Find::Counted { first + 1 } else { first };
            while place <= last {
                let key = words.get(place).ok_or_else(|| Error::err("Invalid arguments specified for command"))?;
                found.push((key.as_slice(), keys.flags));
                place += step;
            }
        }
        Ok(found)
    }
}

impl Keys {
    fn first(&self, words: Args<'_>) -> Option<usize> {
        match self.begin {
            Begin::Index(index) => usize::try_from(index).ok().filter(|index| *index < words.len()),
            Begin::Keyword(keyword, from) => {
                let from = usize::try_from(from).ok()?;
                let is_it = |word: &Vec<u8>| word.eq_ignore_ascii_case(keyword.as_bytes());
                let place = words.iter().skip(from).position(is_it)? + from + 1;
                (place < words.len()).then_some(place)
            }
        }
    }

    /// The place of the last key, and from key to key.
    fn last(&self, words: Args<'_>, first: usize) -> Result<(usize, usize)> {
        let invalid = || Error::err("Invalid arguments specified for command");
        match self.find {
            Find::Range { last, step, limit } => {
                let mut end = match usize::try_from(last) {
                    Ok(last) => first + last,
                    Err(_) => words.len().saturating_sub(usize::from(last.unsigned_abs())),
                };
                if limit > 1 {
                    let half = (words.len() - first) / usize::from(limit.unsigned_abs());
                    end = (first + half).checked_sub(1).ok_or_else(invalid)?;
                }
                Ok((end, usize::from(step.unsigned_abs()).max(1)))
            }
            Find::Counted => {
                let count = words.get(first).and_then(|word| std::str::from_utf8(word).ok()?.parse::<usize>().ok());
                let count = count.filter(|count| *count < words.len() - first).ok_or_else(invalid)?;
                Ok((first + count, 1))
            }
        }
    }
}
