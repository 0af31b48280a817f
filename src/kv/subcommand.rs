//! Commands with subcommands: which there are, and how many words each takes.

use super::{Args, Error, Result};
use crate::reply::Resp;

/// A command whose first argument names what to do.
pub struct Container {
    /// The command, in lower case.
    pub name: &'static str,
    /// The subcommands in lower case with their arity, both names counted; negative: at least as many.
    pub subcommands: &'static [(&'static str, i8)],
    /// What HELP answers, line by line.
    pub help: &'static [&'static str],
    /// The subcommand that the command by itself stands for.
    pub alone: Option<&'static str>,
}

impl Container {
    /// What a container is filled up with.
    pub const EMPTY: Container = Container { name: "", subcommands: &[], help: &[], alone: None };

    /// The subcommand asked for, by its name here, and its arguments.
    pub fn choose<'a>(&self, args: Args<'a>) -> Result<(&'static str, Args<'a>)> {
        let [typed, rest @ ..] = args else {
            return self.alone.map(|name| (name, args)).ok_or_else(|| Error::arity(self.name));
        };
        let known = self.subcommands.iter().find(|(name, _)| typed.eq_ignore_ascii_case(name.as_bytes()));
        let Some(&(name, arity)) = known else {
            let typed = String::from_utf8_lossy(typed.get(..128).unwrap_or(typed));
            let container = self.name.to_ascii_uppercase();
            return Err(Error::err(format_args!("unknown subcommand '{typed}'. Try {container} HELP.")));
        };
        let (words, wanted) = (args.len() + 1, usize::from(arity.unsigned_abs()));
        let fits = if arity >= 0 { words == wanted } else { words >= wanted };
        if fits { Ok((name, rest)) } else { Err(Error::arity(&format!("{}|{name}", self.name))) }
    }

    /// Whether the subcommand is known and has a possible number of arguments.
    pub fn check(&self, args: Args<'_>) -> Result<()> {
        self.choose(args).map(|_| ())
    }

    /// The answer of HELP.
    pub fn help(&self) -> Resp {
        Resp::Array(self.help.iter().map(|line| Resp::Status((*line).to_owned())).collect())
    }
}
