//! COMMAND: what is known about commands (redis.io/docs/latest/commands/command).

use crate::kv::dispatch::exists;
use crate::kv::facts::{Begin, Facts, Find, Keys, all_facts, facts_of};
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::text::glob;

/// COMMAND and its subcommands.
pub const COMMAND: Container = Container {
    name: "command",
    subcommands: &[
        ("count", 2),
        ("docs", -2),
        ("getkeys", -4),
        ("getkeysandflags", -4),
        ("help", 2),
        ("info", -2),
        ("list", -2),
    ],
    help: &[
        "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "(no subcommand)",
        "    Return details about all Redis commands.",
        "COUNT",
        "    Return the total number of commands in this Redis server.",
        "LIST",
        "    Return a list of all commands in this Redis server.",
        "INFO [<command-name> ...]",
        "    Return details about multiple Redis commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "DOCS [<command-name> ...]",
        "    Return documentation details about multiple Redis commands.",
        "    If no command names are given, documentation details for all",
        "    commands are returned.",
        "GETKEYS <full-command>",
        "    Return the keys from a full Redis command.",
        "GETKEYSANDFLAGS <full-command>",
        "    Return the keys and the access flags from a full Redis command.",
        "HELP",
        "    Prints this help.",
    ],
    alone: Some("info"),
};

/// What the manual says about a command.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// One line: what it does.
    pub summary: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// The manual's group.
    pub group: &'static str,
    /// What it costs.
    pub complexity: &'static str,
}

/// Finds the page of a command. The manual is kept beside the languages, which the engine does not know.
pub type Manual = fn(&str) -> Option<Page>;

/// COMMAND [COUNT|LIST|INFO|DOCS|GETKEYS|GETKEYSANDFLAGS|HELP]
pub fn command(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match COMMAND.choose(args)? {
        ("count", _) => Ok(Resp::Integer(commands().count() as i64)),
        ("docs", names) => Ok(docs(cx, names)),
        ("getkeys", words) => Ok(Resp::Array(keys(words)?.into_iter().map(|(key, _)| Resp::bulk(key)).collect())),
        ("getkeysandflags", words) => {
            let shown = |(key, flags)| Resp::Array(vec![Resp::bulk(key), statuses(flags, "")]);
            Ok(Resp::Array(keys(words)?.into_iter().map(shown).collect()))
        }
        ("help", _) => Ok(COMMAND.help()),
        ("info", []) => Ok(Resp::Array(commands().map(info).collect())),
        ("info", names) => Ok(Resp::Array(names.iter().map(|name| named(name).map_or(Resp::Nil, info)).collect())),
        (_, filter) => list(filter),
    }
}

/// All commands there are, subcommands left out.
fn commands() -> impl Iterator<Item = &'static Facts> {
    all_facts().iter().filter(|facts| !facts.name.contains('|') && exists(facts.name))
}

fn subcommands(of: &'static str) -> impl Iterator<Item = &'static Facts> {
    let is_its = move |facts: &&Facts| facts.name.split_once('|').is_some_and(|(command, _)| command == of);
    all_facts().iter().filter(is_its).filter(|facts| exists(facts.name))
}

/// The command or subcommand of this name, in any case.
fn named(name: &[u8]) -> Option<&'static Facts> {
    let lower = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    facts_of(&lower).filter(|facts| exists(facts.name))
}

/// Words as statuses, each behind a prefix.
fn statuses(words: &str, prefix: &str) -> Resp {
    Resp::Array(words.split_whitespace().map(|word| Resp::Status(format!("{prefix}{word}"))).collect())
}

fn integer(number: i8) -> Resp {
    Resp::Integer(i64::from(number))
}

/// A map as RESP2 writes it.
fn map<const N: usize>(pairs: [(&str, Resp); N]) -> Resp {
    Resp::Array(pairs.into_iter().flat_map(|(name, value)| [Resp::bulk(name), value]).collect())
}

/// Name, arity, flags, first key, last key, step, categories, tips, key specifications, subcommands.
fn info(facts: &'static Facts) -> Resp {
    let (first, last, step) = facts.span;
    Resp::Array(vec![
        Resp::bulk(facts.name),
        integer(facts.arity),
        statuses(facts.flags, ""),
        integer(first),
        integer(last),
        integer(step),
        statuses(facts.categories, "@"),
        Resp::Array(Vec::new()),
        Resp::Array(facts.keys.iter().map(specification).collect()),
        Resp::Array(subcommands(facts.name).map(info).collect()),
    ])
}

fn specification(keys: &Keys) -> Resp {
    let begin = match keys.begin {
        Begin::Index(index) => map([("type", Resp::bulk("index")), ("spec", map([("index", integer(index))]))]),
        Begin::Keyword(keyword, from) => map([
            ("type", Resp::bulk("keyword")),
            ("spec", map([("keyword", Resp::bulk(keyword)), ("startfrom", integer(from))])),
        ]),
    };
    let find = match keys.find {
        Find::Range { last, step, limit } => map([
            ("type", Resp::bulk("range")),
            ("spec", map([("lastkey", integer(last)), ("keystep", integer(step)), ("limit", integer(limit))])),
        ]),
        Find::Counted => map([
            ("type", Resp::bulk("keynum")),
            ("spec", map([("keynumidx", integer(0)), ("firstkey", integer(1)), ("keystep", integer(1))])),
        ]),
    };
    map([("flags", statuses(keys.flags, "")), ("begin_search", begin), ("find_keys", find)])
}

/// Name and page of each command; unknown ones are left out.
fn docs(cx: &Context<'_>, names: Args<'_>) -> Resp {
    let chosen: Vec<_> = match names {
        [] => commands().collect(),
        names => names.iter().filter_map(|name| named(name)).collect(),
    };
    let manual = cx.server.manual.get();
    let page = |facts: &Facts| manual.and_then(|manual| manual(facts.name));
    let shown = chosen.into_iter().filter_map(|facts| {
        let page = page(facts)?;
        let group = page.group.replace(' ', "-");
        let mut fields = Vec::new();
        for (name, text) in
            [("summary", page.summary), ("since", page.since), ("group", &group), ("complexity", page.complexity)]
        {
            if !text.is_empty() {
                fields.extend([Resp::bulk(name), Resp::bulk(text)]);
            }
        }
        Some([Resp::bulk(facts.name), Resp::Array(fields)])
    });
    Resp::Array(shown.flatten().collect())
}

/// The keys among the words of a whole command, each with what the command does to it.
fn keys(words: Args<'_>) -> Result<Vec<(&[u8], &'static str)>> {
    let invalid = || Error::err("Invalid command specified");
    let name = words.first().and_then(|word| std::str::from_utf8(word).ok()).ok_or_else(invalid)?;
    let mut facts = named(name.as_bytes()).ok_or_else(invalid)?;
    if let Some(subcommand) = words.get(1).and_then(|word| std::str::from_utf8(word).ok())
        && let Some(found) = named(format!("{name}|{subcommand}").as_bytes())
    {
        facts = found;
    }
    let wanted = usize::from(facts.arity.unsigned_abs());
    let fits = if facts.arity >= 0 { words.len() == wanted } else { words.len() >= wanted };
    if facts.keys.is_empty() {
        return Err(Error::err("The command has no key arguments"));
    }
    if !fits {
        return Err(Error::err("Invalid number of arguments specified for command"));
    }
    let mut found = facts.keys_in(words)?;
    if found.is_empty() && !facts.has("no_mandatory_keys") {
        return Err(Error::err("Invalid arguments specified for command"));
    }
    for (_, flags) in &mut found {
        if flags.contains("variable_flags") {
            *flags = what_it_does(facts.name, words);
        }
    }
    Ok(found)
}

/// What SET and BITFIELD do to their key, which depends on their options.
fn what_it_does(name: &str, words: Args<'_>) -> &'static str {
    let has = |option: &str| words.iter().any(|word| word.eq_ignore_ascii_case(option.as_bytes()));
    match name {
        "set" if has("GET") => "RW access update",
        "set" => "OW update",
        _ if has("SET") || has("INCRBY") => "RW access update",
        _ => "RO access",
    }
}

/// LIST [FILTERBY MODULE|ACLCAT|PATTERN what]: names, subcommands among them.
fn list(filter: Args<'_>) -> Answer {
    let wants: Box<dyn Fn(&Facts) -> bool> = match filter {
        [] => Box::new(|_| true),
        [by, kind, what] if by.eq_ignore_ascii_case(b"FILTERBY") => match kind.to_ascii_lowercase().as_slice() {
            b"module" => Box::new(|_| false),
            b"aclcat" => {
                let what = String::from_utf8_lossy(what).to_ascii_lowercase();
                Box::new(move |facts| facts.categories.split(' ').any(|category| category == what))
            }
            b"pattern" => {
                let pattern = what.to_ascii_lowercase();
                Box::new(move |facts| glob::matches(&pattern, facts.name.as_bytes()))
            }
            _ => return Err(Error::syntax()),
        },
        _ => return Err(Error::syntax()),
    };
    let named = all_facts().iter().filter(|facts| exists(facts.name) && wants(facts));
    Ok(Resp::Array(named.map(|facts| Resp::bulk(facts.name)).collect()))
}
