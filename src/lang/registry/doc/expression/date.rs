//! Expression operators: date.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$dateAdd",
        "expression: date",
        "{ $dateAdd: { startDate, unit, amount, timezone } }",
        "A date moved forward; days clamp to the month.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateAdd: { startDate: ISODate(\"2024-01-31\"), unit: \"month\", amount: 1 } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateAdd: { startDate: \"$dt\", unit: \"year\", amount: 1 } } } }])",
        ],
    ),
    expression(
        "$dateDiff",
        "expression: date",
        "{ $dateDiff: { startDate, endDate, unit, timezone, startOfWeek } }",
        "How many boundaries of a unit lie between two dates.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateDiff: { startDate: ISODate(\"2023-12-31\"), endDate: ISODate(\"2024-01-01\"), unit: \"year\" } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateDiff: { startDate: ISODate(\"2024-01-31\"), endDate: \"$dt\", unit: \"month\" } } } }])",
        ],
    ),
    expression(
        "$dateFromParts",
        "expression: date",
        "{ $dateFromParts: { year, month, day, hour, … } }",
        "A date from its parts.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromParts: { year: 2024, month: 2, day: 29 } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromParts: { year: 2024, month: 14, day: -1 } } } }])",
        ],
    ),
    expression(
        "$dateFromString",
        "expression: date",
        "{ $dateFromString: { dateString, format, timezone, onError, onNull } }",
        "A date read from text.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromString: { dateString: \"2024-02-29T12:00:00Z\" } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromString: { dateString: \"06/15/2018\", format: \"%m/%d/%Y\" } } } }])",
        ],
    ),
    expression(
        "$dateSubtract",
        "expression: date",
        "{ $dateSubtract: { startDate, unit, amount, timezone } }",
        "A date moved back.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateSubtract: { startDate: ISODate(\"2024-03-01\"), unit: \"day\", amount: 1 } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateSubtract: { startDate: \"$dt\", unit: \"month\", amount: 1 } } } }])",
        ],
    ),
    expression(
        "$dateToParts",
        "expression: date",
        "{ $dateToParts: { date, timezone, iso8601 } }",
        "The parts of a date as an object.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateToParts: { date: ISODate(\"2024-02-29\") } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateToParts: { date: \"$dt\", iso8601: true } } } }])",
        ],
    ),
    expression(
        "$dateToString",
        "expression: date",
        "{ $dateToString: { date, format, timezone, onNull } }",
        "A date as text.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateToString: { date: ISODate(\"2024-02-29\"), format: \"%Y-%m\" } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateToString: { date: \"$dt\" } } } }])",
        ],
    ),
    expression(
        "$dateTrunc",
        "expression: date",
        "{ $dateTrunc: { date, unit, binSize, timezone, startOfWeek } }",
        "The start of the unit a date lies in.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateTrunc: { date: ISODate(\"2024-02-29T12:34:56Z\"), unit: \"hour\" } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dateTrunc: { date: \"$dt\", unit: \"quarter\" } } } }])",
        ],
    ),
    expression(
        "$dayOfMonth",
        "expression: date",
        "{ $dayOfMonth: date }",
        "The day of the month, 1 to 31.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfMonth: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dayOfMonth: { date: \"$dt\", timezone: \"Asia/Tokyo\" } } } }])",
        ],
    ),
    expression(
        "$dayOfWeek",
        "expression: date",
        "{ $dayOfWeek: date }",
        "The day of the week, 1 (Sunday) to 7.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfWeek: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dayOfWeek: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$dayOfYear",
        "expression: date",
        "{ $dayOfYear: date }",
        "The day of the year, 1 to 366.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfYear: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $dayOfYear: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$hour",
        "expression: date",
        "{ $hour: date }",
        "The hour, 0 to 23.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $hour: { date: ISODate(\"2024-02-29T12:00:00Z\"), timezone: \"Europe/Paris\" } } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $hour: { date: \"$dt\", timezone: \"+05:30\" } } } }])",
        ],
    ),
    expression(
        "$isoDayOfWeek",
        "expression: date",
        "{ $isoDayOfWeek: date }",
        "The day of the week, 1 (Monday) to 7.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoDayOfWeek: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $isoDayOfWeek: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$isoWeek",
        "expression: date",
        "{ $isoWeek: date }",
        "The ISO 8601 week, 1 to 53.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoWeek: ISODate(\"2024-12-30\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $isoWeek: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$isoWeekYear",
        "expression: date",
        "{ $isoWeekYear: date }",
        "The year the ISO 8601 week belongs to.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoWeekYear: ISODate(\"2024-12-30\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $isoWeekYear: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$millisecond",
        "expression: date",
        "{ $millisecond: date }",
        "The millisecond, 0 to 999.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $millisecond: ISODate(\"2024-02-29T12:00:00.250Z\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $millisecond: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$minute",
        "expression: date",
        "{ $minute: date }",
        "The minute, 0 to 59.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $minute: ISODate(\"2024-02-29T12:34:00Z\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $minute: { date: \"$dt\", timezone: \"+05:30\" } } } }])",
        ],
    ),
    expression(
        "$month",
        "expression: date",
        "{ $month: date }",
        "The month, 1 to 12.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $month: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $month: { date: \"$dt\", timezone: \"America/New_York\" } } } }])",
        ],
    ),
    expression(
        "$second",
        "expression: date",
        "{ $second: date }",
        "The second, 0 to 59.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $second: ISODate(\"2024-02-29T12:34:56Z\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $second: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$tsIncrement",
        "expression: date",
        "{ $tsIncrement: timestamp }",
        "The counter of a timestamp.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tsIncrement: Timestamp(1, 2) } } }])",
            "db.aggregate([{ $documents: [{ ts: Timestamp({ t: 100, i: 2 }) }] }, { $project: { answer: { $tsIncrement: \"$ts\" } } }])",
        ],
    ),
    expression(
        "$tsSecond",
        "expression: date",
        "{ $tsSecond: timestamp }",
        "The seconds of a timestamp.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tsSecond: Timestamp(1, 2) } } }])",
            "db.aggregate([{ $documents: [{ ts: Timestamp({ t: 100, i: 2 }) }] }, { $project: { answer: { $tsSecond: \"$ts\" } } }])",
        ],
    ),
    expression(
        "$week",
        "expression: date",
        "{ $week: date }",
        "The week, 0 to 53; weeks begin on Sunday.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $week: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $week: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$year",
        "expression: date",
        "{ $year: date }",
        "The year.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $year: ISODate(\"2024-02-29\") } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $year: \"$dt\" } } }])",
        ],
    ),
];
