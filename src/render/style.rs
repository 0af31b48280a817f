//! Colour: the only place that knows any. One switch decides for a whole run whether there is some.

use owo_colors::{OwoColorize, Style as Ansi};
use std::borrow::Cow;

/// What a piece of text is; its colour follows from that. Colour never says what the text does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Plain,
    /// A string value.
    String,
    /// A number.
    Number,
    /// `true`, `false`.
    Boolean,
    /// `null`, `(nil)`, `undefined`.
    Null,
    /// Dates, ids and other typed values.
    Special,
    /// A command, clause or method name that the registry knows.
    Keyword,
    /// An operator of a query language such as `$gt`.
    Operator,
    /// A variable or parameter.
    Variable,
    /// A label, relationship type or collection.
    Name,
    /// A comment.
    Comment,
    /// What is wrong.
    Error,
    /// Something to look out for.
    Warning,
    /// A help text's heading; the name in the prompt.
    Heading,
    /// Side remarks: counts, hints, type names.
    Dim,
}

/// When there is colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// The decision: `--color` before `NO_COLOR` before `FORCE_COLOR` before `TERM=dumb` before
    /// whether there is a terminal (<https://no-color.org>, <https://force-color.org>).
    pub fn decide(self, terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Painter {
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        Painter::new(match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto if set("FORCE_COLOR") => variable("FORCE_COLOR").is_some_and(|value| value != "0"),
            ColorChoice::Auto => terminal && variable("TERM").is_none_or(|term| term != "dumb"),
        })
    }
}

/// Paints text, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Painter {
    enabled: bool,
}

impl Painter {
    /// A painter that paints, or one that does not.
    pub const fn new(enabled: bool) -> Self {
        Painter { enabled }
    }

    /// Whether it paints.
    pub const fn enabled(self) -> bool {
        self.enabled
    }

    /// `text` in the colour of `role`.
    pub fn paint<'t>(self, role: Role, text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        let text = text.into();
        if !self.enabled || role == Role::Plain || text.is_empty() {
            return text;
        }
        Cow::Owned(text.style(ansi(role)).to_string())
    }
}

/// Sixteen-colour ANSI only: it follows the terminal's own theme, light or dark.
fn ansi(role: Role) -> Ansi {
    let style = Ansi::new();
    match role {
        Role::Plain => style,
        Role::String => style.green(),
        Role::Number | Role::Boolean => style.yellow(),
        Role::Null => style.bold(),
        Role::Special => style.magenta(),
        Role::Keyword => style.bold().blue(),
        Role::Operator => style.magenta(),
        Role::Variable => style.cyan(),
        Role::Name => style.cyan(),
        Role::Comment | Role::Dim => style.bright_black(),
        Role::Error => style.bold().red(),
        Role::Warning => style.yellow(),
        Role::Heading => style.bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_is_decided_in_order() {
        let decide = |choice: ColorChoice, terminal, variables: &[(&str, &str)]| {
            choice
                .decide(terminal, |name| {
                    variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
                })
                .enabled()
        };
        for (choice, terminal, variables, expected, why) in [
            (ColorChoice::Auto, true, &[][..], true, "a terminal"),
            (ColorChoice::Auto, false, &[], false, "a pipe"),
            (ColorChoice::Auto, true, &[("NO_COLOR", "1")], false, "NO_COLOR"),
            (ColorChoice::Auto, true, &[("NO_COLOR", "")], true, "an empty NO_COLOR does not count"),
            (ColorChoice::Auto, false, &[("FORCE_COLOR", "1")], true, "FORCE_COLOR in a pipe"),
            (ColorChoice::Auto, true, &[("FORCE_COLOR", "0")], false, "FORCE_COLOR=0"),
            (ColorChoice::Auto, true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false, "NO_COLOR is stronger"),
            (ColorChoice::Always, false, &[("NO_COLOR", "1")], true, "the flag is strongest"),
            (ColorChoice::Never, true, &[("FORCE_COLOR", "1")], false, "the flag is strongest"),
            (ColorChoice::Auto, true, &[("TERM", "dumb")], false, "a dumb terminal"),
        ] {
            assert_eq!(decide(choice, terminal, variables), expected, "{why}");
        }
    }

    #[test]
    fn a_painter_that_is_off_changes_nothing() {
        assert_eq!(Painter::new(false).paint(Role::Error, "x"), "x");
        assert_ne!(Painter::new(true).paint(Role::Error, "x"), "x");
    }
}
