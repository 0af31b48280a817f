//! Redis replies as redis-cli prints them: typed and numbered on a terminal
//! (`cliFormatReplyTTY`), bare in a pipe (`--raw`, `cliFormatReplyRaw`).

use super::style::{Painter, Role};
use crate::reply::Resp;
use std::io::{self, Write};

/// The terminal form: `(integer) 1`, `1) "a"`, `(nil)`.
///
/// # Errors
/// When `out` cannot be written.
pub fn typed(out: &mut dyn Write, reply: &Resp, painter: Painter) -> io::Result<()> {
    match reply {
        Resp::Series(replies) => replies.iter().try_for_each(|reply| typed(out, reply, painter)),
        reply => typed_at(out, reply, painter, 0),
    }
}

fn typed_at(out: &mut dyn Write, reply: &Resp, painter: Painter, indent: usize) -> io::Result<()> {
    match reply {
        Resp::Status(text) => writeln!(out, "{}", super::sanitize::one_line(text)),
        // As redis-cli shows INFO.
        Resp::Text(text) => text.lines().try_for_each(|line| writeln!(out, "{}", super::sanitize::one_line(line))),
        Resp::Bulk(bytes) => writeln!(out, "{}", painter.paint(Role::String, quoted(bytes))),
        Resp::Integer(number) => {
            writeln!(
                out,
                "{} {}",
                painter.paint(Role::Dim, "(integer)"),
                painter.paint(Role::Number, number.to_string())
            )
        }
        Resp::Nil => writeln!(out, "{}", painter.paint(Role::Dim, "(nil)")),
        Resp::Error(text) => {
            writeln!(out, "{} {}", painter.paint(Role::Error, "(error)"), super::sanitize::one_line(text))
        }
        Resp::Array(items) | Resp::Series(items) if items.is_empty() => {
            writeln!(out, "{}", painter.paint(Role::Dim, "(empty array)"))
        }
        Resp::Array(items) | Resp::Series(items) => {
            let width = items.len().to_string().len();
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    write!(out, "{:indent$}", "")?;
                }
                write!(out, "{} ", painter.paint(Role::Dim, format!("{:>width$})", at + 1)))?;
                typed_at(out, item, painter, indent + width + 2)?;
            }
            Ok(())
        }
    }
}

/// The pipe form: bytes as they are, array elements one a line, nil an empty line. An empty array
/// at the top prints an empty line too, as redis-cli does.
///
/// # Errors
/// When `out` cannot be written.
pub fn bare(out: &mut dyn Write, reply: &Resp) -> io::Result<()> {
    bare_part(out, reply)?;
    out.write_all(b"\n")
}

fn bare_part(out: &mut dyn Write, reply: &Resp) -> io::Result<()> {
    match reply {
        Resp::Status(text) | Resp::Error(text) | Resp::Text(text) => out.write_all(text.as_bytes()),
        Resp::Bulk(bytes) => out.write_all(bytes),
        Resp::Integer(number) => write!(out, "{number}"),
        Resp::Nil => Ok(()),
        Resp::Array(items) | Resp::Series(items) => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.write_all(b"\n")?;
                }
                bare_part(out, item)?;
            }
            Ok(())
        }
    }
}

/// Bytes in double quotes, with `\" \\ \n \r \t \a \b` and `\xhh` for all that is not printable
/// ASCII (`sdscatrepr`).
pub fn quoted(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for &byte in bytes {
        match byte {
            b'\\' | b'"' => {
                text.push('\\');
                text.push(byte as char);
            }
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x07 => text.push_str("\\a"),
            0x08 => text.push_str("\\b"),
            b' '..=b'~' => text.push(byte as char),
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(reply: &Resp) -> String {
        let mut out = Vec::new();
        typed(&mut out, reply, Painter::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn strings(items: &[&str]) -> Vec<Resp> {
        items.iter().map(|item| Resp::bulk(*item)).collect()
    }

    #[test]
    fn scalars() {
        assert_eq!(show(&Resp::ok()), "OK\n");
        assert_eq!(show(&Resp::Text("# Server\r\nos:linux\r\n".into())), "# Server\nos:linux\n");
        assert_eq!(show(&Resp::Integer(-3)), "(integer) -3\n");
        assert_eq!(show(&Resp::Nil), "(nil)\n");
        assert_eq!(show(&Resp::Array(vec![])), "(empty array)\n");
        assert_eq!(show(&Resp::Error("ERR no".into())), "(error) ERR no\n");
        assert_eq!(show(&Resp::bulk("é\n\"\\\x07\x00")), "\"\\xc3\\xa9\\n\\\"\\\\\\a\\x00\"\n");
    }

    #[test]
    fn nested_arrays_line_up() {
        let reply = Resp::Array(vec![
            Resp::bulk("0"),
            Resp::Array(strings(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])),
            Resp::Array(vec![Resp::Array(vec![]), Resp::Nil]),
        ]);
        let expected = "\
1) \"0\"
2)  1) \"a\"
    2) \"b\"
    3) \"c\"
    4) \"d\"
    5) \"e\"
    6) \"f\"
    7) \"g\"
    8) \"h\"
    9) \"i\"
   10) \"j\"
3) 1) (empty array)
   2) (nil)
";
        assert_eq!(show(&reply), expected);
    }

    #[test]
    fn bare_values() {
        let bare_text = |reply: &Resp| {
            let mut out = Vec::new();
            bare(&mut out, reply).unwrap();
            out
        };
        assert_eq!(bare_text(&Resp::bulk(vec![0xff, b'a'])), b"\xffa\n");
        assert_eq!(bare_text(&Resp::Array(strings(&["a", "b"]))), b"a\nb\n");
        assert_eq!(bare_text(&Resp::Nil), b"\n");
        assert_eq!(bare_text(&Resp::Array(vec![])), b"\n");
    }
}
