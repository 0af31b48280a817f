//! Dates, times and durations: `date()`, `datetime.truncate()`, `duration.between()` and their siblings.
//! Without a zone they are in UTC.

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use crate::value::temporal::fields::{Fields, offset_of, zone_of};
use crate::value::temporal::truncate::{self, Unit};
use crate::value::temporal::zone::Zone;
use crate::value::temporal::{
    Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, TemporalError, Time, between, parse,
};

const GROUP: Group = Group::Temporal;
const ANY: Types = Types::ANY;
const DURATION: Types = Types::DURATION;

macro_rules! instant {
    ($kind:ident, $returns:expr, $plain:literal, $transaction:literal, $statement:literal, $realtime:literal, $truncate:literal) => {
        [
            Signature::new($plain, GROUP, &[ANY], $returns, construct::<$kind>).optional(1),
            Signature::new($transaction, GROUP, &[ANY], $returns, |args, cx| now::<$kind>(args, cx.transaction_ms()))
                .optional(1),
            Signature::new($statement, GROUP, &[ANY], $returns, |args, cx| now::<$kind>(args, cx.now_ms())).optional(1),
            Signature::new($realtime, GROUP, &[ANY], $returns, |args, _| now::<$kind>(args, realtime_ms()))
                .optional(1)
                .volatile(),
            Signature::new($truncate, GROUP, &[ANY, ANY, ANY], $returns, truncate_to::<$kind>).optional(2),
        ]
    };
}

const DATE: [Signature; 5] =
    instant!(DateKind, Types::DATE, "date", "date.transaction", "date.statement", "date.realtime", "date.truncate");
const LOCAL_TIME: [Signature; 5] = instant!(
    LocalTimeKind,
    Types::LOCAL_TIME,
    "localtime",
    "localtime.transaction",
    "localtime.statement",
    "localtime.realtime",
    "localtime.truncate"
);
const TIME: [Signature; 5] =
    instant!(TimeKind, Types::TIME, "time", "time.transaction", "time.statement", "time.realtime", "time.truncate");
const LOCAL_DATE_TIME: [Signature; 5] = instant!(
    LocalDateTimeKind,
    Types::LOCAL_DATE_TIME,
    "localdatetime",
    "localdatetime.transaction",
    "localdatetime.statement",
    "localdatetime.realtime",
    "localdatetime.truncate"
);
const DATE_TIME: [Signature; 5] = instant!(
    DateTimeKind,
    Types::DATE_TIME,
    "datetime",
    "datetime.transaction",
    "datetime.statement",
    "datetime.realtime",
    "datetime.truncate"
);
const OTHERS: [Signature; 7] = [
    Signature::new("datetime.fromEpoch", GROUP, &[Types::NUMBER, Types::NUMBER], Types::DATE_TIME, from_epoch)
        .optional(1),
    Signature::new("datetime.fromEpochMillis", GROUP, &[Types::NUMBER], Types::DATE_TIME, from_epoch_millis),
    Signature::new("duration", GROUP, &[ANY], DURATION, duration),
    Signature::new("duration.between", GROUP, &[ANY, ANY], DURATION, |args, _| span(args, between::between)),
    Signature::new("duration.inMonths", GROUP, &[ANY, ANY], DURATION, |args, _| span(args, between::in_months)),
    Signature::new("duration.inDays", GROUP, &[ANY, ANY], DURATION, |args, _| span(args, between::in_days)),
    Signature::new("duration.inSeconds", GROUP, &[ANY, ANY], DURATION, |args, _| span(args, between::in_seconds)),
];

pub(super) const FUNCTIONS: &[&[Signature]] = &[&DATE, &LOCAL_TIME, &TIME, &LOCAL_DATE_TIME, &DATE_TIME, &OTHERS];

/// A temporal type as the functions named after it see it.
trait InstantKind {
    /// Its name in messages.
    const NAME: &'static str;

    /// From a moment.
    fn from_moment(moment: &DateTime) -> Temporal;

    /// From text.
    fn parse(text: &str) -> Result<Temporal, TemporalError>;

    /// From components; `now` is in seconds since 1970.
    fn from_fields(fields: Fields, now: i64) -> Result<Temporal, TemporalError>;

    /// The part of another value that is of this type.
    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>>;

    /// Truncates to a unit and sets components.
    fn truncate(unit: Unit, value: &Temporal, fields: Fields, now: i64) -> Result<Temporal, TemporalError>;
}

struct DateKind;
struct LocalTimeKind;
struct TimeKind;
struct LocalDateTimeKind;
struct DateTimeKind;

impl InstantKind for DateKind {
    const NAME: &'static str = "Date";

    fn from_moment(moment: &DateTime) -> Temporal {
        moment.local.date.into()
    }

    fn parse(text: &str) -> Result<Temporal, TemporalError> {
        parse::date(text).map(Temporal::from)
    }

    fn from_fields(fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.into_date().map(Temporal::from)
    }

    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>> {
        value.date().map(|date: Date| Ok(date.into()))
    }

    fn truncate(unit: Unit, value: &Temporal, fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        truncate::date(unit, value, &fields).map(Temporal::from)
    }
}

impl InstantKind for LocalTimeKind {
    const NAME: &'static str = "LocalTime";

    fn from_moment(moment: &DateTime) -> Temporal {
        moment.local.time.into()
    }

    fn parse(text: &str) -> Result<Temporal, TemporalError> {
        parse::local_time(text).map(Temporal::from)
    }

    fn from_fields(fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.into_local_time().map(Temporal::from)
    }

    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>> {
        value.local_time().map(|time: LocalTime| Ok(time.into()))
    }

    fn truncate(unit: Unit, value: &Temporal, fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.refuse(&["timezone"], Self::NAME)?;
        truncate::local_time(unit, value, fields).map(Temporal::from)
    }
}

impl InstantKind for TimeKind {
    const NAME: &'static str = "Time";

    fn from_moment(moment: &DateTime) -> Temporal {
        Time { local: moment.local.time, offset: moment.offset }.into()
    }

    fn parse(text: &str) -> Result<Temporal, TemporalError> {
        parse::time(text, 0).map(Temporal::from)
    }

    fn from_fields(fields: Fields, now: i64) -> Result<Temporal, TemporalError> {
        fields.into_time(now).map(Temporal::from)
    }

    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>> {
        let offset = offset_of(value).unwrap_or(0);
        value.local_time().map(|local| Ok(Time { local, offset }.into()))
    }

    fn truncate(unit: Unit, value: &Temporal, fields: Fields, now: i64) -> Result<Temporal, TemporalError> {
        truncate::time(unit, value, fields, now).map(Temporal::from)
    }
}

impl InstantKind for LocalDateTimeKind {
    const NAME: &'static str = "LocalDateTime";

    fn from_moment(moment: &DateTime) -> Temporal {
        moment.local.into()
    }

    fn parse(text: &str) -> Result<Temporal, TemporalError> {
        parse::local_date_time(text).map(Temporal::from)
    }

    fn from_fields(fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.into_local_date_time().map(Temporal::from)
    }

    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>> {
        let time = value.local_time().unwrap_or(LocalTime::MIDNIGHT);
        value.date().map(|date| Ok(LocalDateTime { date, time }.into()))
    }

    fn truncate(unit: Unit, value: &Temporal, fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.refuse(&["timezone"], Self::NAME)?;
        truncate::local_date_time(unit, value, fields).map(Temporal::from)
    }
}

impl InstantKind for DateTimeKind {
    const NAME: &'static str = "DateTime";

    fn from_moment(moment: &DateTime) -> Temporal {
        moment.clone().into()
    }

    fn parse(text: &str) -> Result<Temporal, TemporalError> {
        parse::date_time(text, &Zone::UTC).map(Temporal::from)
    }

    fn from_fields(fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        fields.into_date_time().map(Temporal::from)
    }

    fn select(value: &Temporal) -> Option<Result<Temporal, TemporalError>> {
        if let Temporal::DateTime(_) = value {
            return Some(Ok(value.clone()));
        }
        let time = value.local_time().unwrap_or(LocalTime::MIDNIGHT);
        let zone = zone_of(value).unwrap_or(Zone::UTC);
        value.date().map(|date| DateTime::from_local(LocalDateTime { date, time }, &zone).map(Temporal::from))
    }

    fn truncate(unit: Unit, value: &Temporal, fields: Fields, _: i64) -> Result<Temporal, TemporalError> {
        truncate::date_time(unit, value, fields).map(Temporal::from)
    }
}

/// What is wrong with a value that should become a temporal one.
fn wrong_value(error: TemporalError) -> Error {
    Error::argument(Detail::InvalidArgumentValue, error.to_string())
}

fn done(value: Result<Temporal, TemporalError>) -> Result<Value> {
    value.map(Value::Temporal).map_err(wrong_value)
}

fn moment(millis: i64, zone: &Zone) -> Result<DateTime> {
    DateTime::from_epoch(millis.div_euclid(1000), millis.rem_euclid(1000) * 1_000_000, zone).map_err(wrong_value)
}

fn realtime_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `date()`, `date('2015-07-21')`, `date({year: 2015})`, `date(other)`.
fn construct<K: InstantKind>(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let Some(value) = args.first() else { return now::<K>(args, cx.now_ms()) };
    match value {
        Value::String(text) => done(K::parse(text)),
        Value::Map(map) => {
            let fields = Fields::new(map).map_err(wrong_value)?;
            if fields.only_zone() {
                let zone = fields.zone.unwrap_or(Zone::UTC);
                return Ok(Value::Temporal(K::from_moment(&moment(cx.now_ms(), &zone)?)));
            }
            done(K::from_fields(fields, cx.now_ms().div_euclid(1000)))
        }
        Value::Temporal(other) => match K::select(other) {
            Some(selected) => done(selected),
            None => {
                Err(wrong_value(TemporalError::new(format!("A {} cannot be made of a {}", K::NAME, value.type_name()))))
            }
        },
        other => Err(wrong_type("String, Map or a temporal value", other)),
    }
}

/// The moment of a clock, in a zone if one is given by name or as `{timezone: …}`.
fn now<K: InstantKind>(args: &[&Value], millis: i64) -> Result<Value> {
    let zone = match args.first() {
        None => Zone::UTC,
        Some(Value::String(name)) => Zone::parse(name).map_err(wrong_value)?,
        Some(Value::Map(map)) => Fields::new(map).map_err(wrong_value)?.zone.unwrap_or(Zone::UTC),
        Some(other) => return Err(wrong_type("String or Map", other)),
    };
    Ok(Value::Temporal(K::from_moment(&moment(millis, &zone)?)))
}

/// `date.truncate(unit[, value[, fields]])`
fn truncate_to<K: InstantKind>(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let unit = match first(args) {
        Value::String(name) => Unit::parse(name).map_err(wrong_value)?,
        other => return Err(wrong_type("String", other)),
    };
    let current;
    let value = match args.get(1) {
        Some(Value::Temporal(value)) => value,
        Some(other) => return Err(wrong_type("a temporal value", other)),
        None => {
            current = Temporal::from(moment(cx.now_ms(), &Zone::UTC)?);
            &current
        }
    };
    let fields = match args.get(2) {
        Some(Value::Map(map)) => Fields::new(map).map_err(wrong_value)?,
        Some(other) => return Err(wrong_type("Map", other)),
        None => Fields::default(),
    };
    done(K::truncate(unit, value, fields, cx.now_ms().div_euclid(1000)))
}

fn whole(value: &Value) -> Result<i64> {
    match value {
        Value::Int(value) => Ok(*value),
        Value::Float(value) if value.fract() == 0.0 && value.abs() < 9e18 => Ok(*value as i64),
        other => Err(wrong_type("Integer", other)),
    }
}

/// `datetime.fromEpoch(seconds, nanoseconds)`
fn from_epoch(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let seconds = whole(first(args))?;
    let nanos = args.get(1).map_or(Ok(0), |nanos| whole(nanos))?;
    let carried = seconds.checked_add(nanos.div_euclid(1_000_000_000)).ok_or_else(TemporalError::overflow);
    let made = carried
        .and_then(|seconds| DateTime::from_epoch(seconds, nanos.rem_euclid(1_000_000_000), &Zone::UTC))
        .map(Temporal::from);
    done(made)
}

/// `datetime.fromEpochMillis(milliseconds)`
fn from_epoch_millis(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    moment(whole(first(args))?, &Zone::UTC).map(Value::from)
}

fn duration(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let made = match first(args) {
        Value::String(text) => parse::duration(text),
        Value::Map(map) => Duration::from_map(map),
        Value::Temporal(Temporal::Duration(duration)) => Ok(**duration),
        other => return Err(wrong_type("String or Map", other)),
    };
    done(made.map(Temporal::from))
}

fn span(args: &[&Value], measure: fn(&Temporal, &Temporal) -> Result<Duration, TemporalError>) -> Result<Value> {
    match args {
        [Value::Temporal(from), Value::Temporal(to)] => done(measure(from, to).map(Temporal::from)),
        [Value::Temporal(_), other] | [other, ..] => Err(wrong_type("a temporal value", other)),
        [] => Ok(Value::Null),
    }
}
