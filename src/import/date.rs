//! Layouts of dates as `mongoimport --columnsHaveTypes` takes them: of Go, of Microsoft and of Oracle.

use crate::value::construct;
use bson::{Bson, DateTime};
use jiff::fmt::strtime;

/// How the dates of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(Option<String>);

/// What stands for what, longest first: the layout's word, that of `strftime`.
type Words = &'static [(&'static str, &'static str)];

const GO: Words = &[
    ("Z07:00", "%:z"),
    ("-07:00", "%:z"),
    ("January", "%B"),
    ("Monday", "%A"),
    ("Z0700", "%z"),
    ("-0700", "%z"),
    ("2006", "%Y"),
    (".000000", "%.6f"),
    (".000", "%.3f"),
    ("Jan", "%b"),
    ("Mon", "%a"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("1", "%m"),
    ("2", "%d"),
    ("3", "%I"),
    ("4", "%M"),
    ("5", "%S"),
];

const MICROSOFT: Words = &[
    ("MMMM", "%B"),
    ("dddd", "%A"),
    ("yyyy", "%Y"),
    ("MMM", "%b"),
    ("ddd", "%a"),
    ("zzz", "%:z"),
    (".fff", "%.3f"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("tt", "%p"),
    ("yy", "%y"),
    ("M", "%m"),
    ("d", "%d"),
    ("H", "%H"),
    ("h", "%I"),
    ("m", "%M"),
    ("s", "%S"),
];

const ORACLE: Words = &[
    ("MONTH", "%B"),
    ("HH24", "%H"),
    ("HH12", "%I"),
    ("YYYY", "%Y"),
    (".FF", "%.f"),
    ("DAY", "%A"),
    ("MON", "%b"),
    ("AM", "%p"),
    ("DD", "%d"),
    ("DY", "%a"),
    ("HH", "%I"),
    ("MI", "%M"),
    ("MM", "%m"),
    ("PM", "%p"),
    ("SS", "%S"),
    ("YY", "%y"),
];

impl Layout {
    /// The layout of `date(…)`, `date_go(…)`, `date_ms(…)` or `date_oracle(…)`; ISO 8601 without an argument.
    pub fn new(kind: &str, argument: &str) -> Layout {
        if argument.is_empty() {
            return Layout(None);
        }
        let words = match kind {
            "date_ms" => MICROSOFT,
            "date_oracle" => ORACLE,
            _ => GO,
        };
        let mut format = String::new();
        let mut rest = argument;
        while let Some(letter) = rest.chars().next() {
            match words.iter().find(|(word, _)| rest.starts_with(word)) {
                Some((word, meaning)) => {
                    format.push_str(meaning);
                    rest = &rest[word.len()..];
                }
                None => {
                    format.push(letter);
                    if letter == '%' {
                        format.push('%');
                    }
                    rest = &rest[letter.len_utf8()..];
                }
            }
        }
        Layout(Some(format))
    }

    /// The date that a text is, in UTC unless it says otherwise.
    pub fn read(&self, text: &str) -> Option<Bson> {
        let Some(format) = &self.0 else {
            return construct::construct("ISODate", &[Bson::String(text.to_owned())]).ok();
        };
        let time = strtime::parse(format, text).ok()?;
        let moment = time
            .to_timestamp()
            .or_else(|_| time.to_datetime()?.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()))
            .or_else(|_| time.to_date()?.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()));
        Some(Bson::DateTime(DateTime::from_millis(moment.ok()?.as_millisecond())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_of_three_houses() {
        let expected = Some(Bson::DateTime(DateTime::from_millis(1_583_157_840_000)));
        for (kind, layout, text) in [
            ("date", "", "2020-03-02T14:04:00Z"),
            ("date", "2006-01-02 15:04", "2020-03-02 14:04"),
            ("date_go", "Jan 2, 2006 at 3:04PM", "Mar 2, 2020 at 2:04PM"),
            ("date_go", "2006-01-02T15:04:05Z07:00", "2020-03-02T15:04:00+01:00"),
            ("date_ms", "dd.MM.yyyy HH:mm:ss", "02.03.2020 14:04:00"),
            ("date_oracle", "YYYY/MM/DD HH24:MI", "2020/03/02 14:04"),
        ] {
            assert_eq!(Layout::new(kind, layout).read(text), expected, "{kind}({layout}) of {text}");
        }
        assert_eq!(Layout::new("date", "2006-01-02").read("2020-13-02"), None);
    }
}
