//! CONFIG: reading and setting parameters (redis.io/docs/latest/commands/config-get).

use super::parameters::{parameter, parameters};
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::text::glob;

/// CONFIG and its subcommands.
pub const CONFIG: Container = Container {
    name: "config",
    subcommands: &[("get", -3), ("help", 2), ("resetstat", 2), ("rewrite", 2), ("set", -4)],
    help: &[
        "CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GET <pattern>",
        "    Return parameters matching the glob-like <pattern> and their values.",
        "SET <directive> <value>",
        "    Set the configuration <directive> to <value>.",
        "RESETSTAT",
        "    Reset statistics reported by the INFO command.",
        "REWRITE",
        "    Rewrite the configuration file.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// CONFIG GET|SET|RESETSTAT|REWRITE|HELP
pub fn config(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match CONFIG.choose(args)? {
        ("get", patterns) => Ok(get(cx, patterns)),
        ("set", pairs) => set(cx, pairs),
        ("resetstat", _) => {
            cx.server.stats.reset();
            Ok(Resp::ok())
        }
        ("rewrite", _) => Err(Error::err("The server is running without a config file")),
        _ => Ok(CONFIG.help()),
    }
}

/// Names and values of all parameters that match one of the patterns, an older name by itself.
fn get(cx: &Context<'_>, patterns: Args<'_>) -> Resp {
    let mut found = Vec::new();
    for parameter in parameters() {
        for name in [parameter.name, parameter.alias] {
            let lower = |pattern: &Vec<u8>| pattern.to_ascii_lowercase();
            if !name.is_empty() && patterns.iter().any(|pattern| glob::matches(&lower(pattern), name.as_bytes())) {
                found.extend([Resp::bulk(name), Resp::bulk(cx.server.settings.show(parameter))]);
            }
        }
    }
    Resp::Array(found)
}

/// Sets all of them, or none and says which one cannot be set and why.
fn set(cx: &Context<'_>, pairs: Args<'_>) -> Answer {
    if !pairs.len().is_multiple_of(2) {
        return Err(Error::syntax());
    }
    let named = |name: &Vec<u8>| {
        parameter(name).ok_or_else(|| {
            let name = String::from_utf8_lossy(name);
            Error::err(format_args!("Unknown option or number of arguments for CONFIG SET - '{name}'"))
        })
    };
    let parameters = pairs.iter().step_by(2).map(named).collect::<Result<Vec<_>>>()?;
    let mut changes = Vec::new();
    for (place, (parameter, pair)) in parameters.iter().zip(pairs.chunks(2)).enumerate() {
        let [typed, value] = pair else { return Err(Error::syntax()) };
        let is_first = parameters.iter().take(place).all(|earlier| earlier.name != parameter.name);
        let change =
            if is_first { cx.server.settings.check(parameter, value) } else { Err("duplicate parameter".into()) };
        changes.push(change.map_err(|why| {
            let typed = String::from_utf8_lossy(typed);
            Error::err(format_args!("CONFIG SET failed (possibly related to argument '{typed}') - {why}"))
        })?);
    }
    changes.into_iter().for_each(|change| cx.server.settings.set(change));
    Ok(Resp::ok())
}
