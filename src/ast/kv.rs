//! Redis commands: words.

/// A command as Redis receives it: a name and binary arguments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    /// The name as typed (Redis' error texts repeat it); match on [`Command::upper`].
    pub name: Vec<u8>,
    /// The arguments after the name.
    pub args: Vec<Vec<u8>>,
}

impl Command {
    /// The name in upper case, for dispatch.
    pub fn upper(&self) -> String {
        String::from_utf8_lossy(&self.name).to_ascii_uppercase()
    }
}
