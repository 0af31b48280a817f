//! Expressions without a graph: what stands in a text, evaluated, compared with what another text gives.

use super::*;
use crate::ast::graph::Expr;
use crate::graph::functions::aggregate::Accumulator;
use crate::graph::store::TokenRef;
use crate::graph::{Detail, Kind, Result};
use crate::value::graph::{Value, compare_order};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A graph of one node, `(#1:A:B {p: 1, q: null})`, and one relationship, `#2 [:T {p: 2}]`.
struct Small {
    parameters: BTreeMap<String, Value>,
}

impl EvalContext for Small {
    fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }
    fn node_property(&self, _: u64, key: &TokenRef) -> Result<Value> {
        Ok(if **key.name() == *"p" { Value::Int(1) } else { Value::Null })
    }
    fn relationship_property(&self, _: u64, key: &TokenRef) -> Result<Value> {
        Ok(if **key.name() == *"p" { Value::Int(2) } else { Value::Null })
    }
    fn node_properties(&self, _: u64) -> Result<BTreeMap<String, Value>> {
        Ok(BTreeMap::from([("p".to_owned(), Value::Int(1))]))
    }
    fn relationship_properties(&self, _: u64) -> Result<BTreeMap<String, Value>> {
        Ok(BTreeMap::from([("p".to_owned(), Value::Int(2))]))
    }
    fn labels(&self, _: u64) -> Result<Vec<String>> {
        Ok(vec!["A".to_owned(), "B".to_owned()])
    }
    fn has_label(&self, _: u64, label: &TokenRef) -> Result<bool> {
        Ok(matches!(&**label.name(), "A" | "B"))
    }
    fn relationship_type(&self, _: u64) -> Result<Arc<str>> {
        Ok(Arc::from("T"))
    }
    fn endpoints(&self, _: u64) -> Result<(u64, u64)> {
        Ok((1, 1))
    }
    fn now_ms(&self) -> i64 {
        1_437_514_832_142
    }
    fn random(&self) -> f64 {
        0.5
    }
    /// The sub-plans of these tests answer the row they are given.
    fn run_subquery(&self, _: usize, row: &[Value]) -> Result<Value> {
        Ok(Value::List(row.to_vec()))
    }
    fn check_interrupt(&self) -> Result<()> {
        Ok(())
    }
}

struct Rows;

impl SubqueryCompiler for Rows {
    fn subquery(&mut self, _: &Expr, scope: &Scope) -> Result<usize> {
        Ok(scope.width())
    }
}

fn parse(text: &str) -> Expr {
    crate::lang::graph::expression(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn run(text: &str) -> Result<Value> {
    let scope: Scope = ["n", "r", "nothing"].into_iter().collect();
    let compiled = compile(&parse(text), &scope, &mut Rows)?;
    let cx = Small { parameters: BTreeMap::from([("one".to_owned(), Value::Int(1))]) };
    evaluate(&compiled, &[Value::Node(1), Value::Relationship(2), Value::Null], &cx)
}

fn same(text: &str, expected: &str) {
    let value = run(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let wanted = run(expected).unwrap_or_else(|error| panic!("{expected}: {error}"));
    let same_kind = value.type_name() == wanted.type_name();
    assert!(same_kind && compare_order(&value, &wanted).is_eq(), "{text}\n gives {value:?}\n not   {wanted:?}");
}

fn fails(text: &str, kind: Kind, detail: Detail) {
    match run(text) {
        Ok(value) => panic!("{text} gives {value:?}"),
        Err(error) => assert_eq!((error.kind, error.detail), (kind, detail), "{text}: {error}"),
    }
}

#[test]
fn logic_has_three_values() {
    for (text, expected) in [
        ("true AND null", "null"),
        ("false AND null", "false"),
        ("null AND false", "false"),
        ("true OR null", "true"),
        ("null OR false", "null"),
        ("null XOR true", "null"),
        ("true XOR false", "true"),
        ("NOT null", "null"),
        ("null = null", "null"),
        ("null <> null", "null"),
        ("1 = '1'", "false"),
        ("1 < '1'", "null"),
        ("[1, null] = [1, 2]", "null"),
        ("[1, null] = [2, 2]", "false"),
        ("[1, 2] = [1]", "false"),
        ("{a: null} = {a: 1}", "null"),
        ("{a: 1} = {b: 1}", "false"),
        ("[1, 2] < [1, 2, 3]", "true"),
        ("[1, 2] >= [1, null]", "null"),
        ("[1, 2] >= [3, null]", "false"),
        ("0.0 / 0.0 = 0.0 / 0.0", "false"),
        ("0.0 / 0.0 <> 0.0 / 0.0", "true"),
        ("0.0 / 0.0 > 1", "false"),
        ("0.0 / 0.0 > 'a'", "null"),
        ("1 < 2 < 3", "true"),
        ("1 < 3 < 2", "false"),
        ("1 < 2 < null", "null"),
        ("3 < 2 < null", "false"),
        ("9007199254740993 = 9007199254740992.0", "false"),
        ("1 = 1.0", "true"),
        ("1 IN [2, null]", "null"),
        ("1 IN [1, null]", "true"),
        ("null IN []", "false"),
        ("null IN [1]", "null"),
        ("[1] IN [[1], [null]]", "true"),
        ("[] IN []", "false"),
        ("1 IN null", "null"),
        ("'abc' STARTS WITH null", "null"),
        ("'abc' CONTAINS 1", "null"),
        ("nothing IS NULL", "true"),
        ("n IS NOT NULL", "true"),
        ("CASE null WHEN null THEN 1 ELSE 2 END", "2"),
        ("CASE WHEN null THEN 1 WHEN true THEN 2 END", "2"),
        ("CASE 3 WHEN 1 THEN 'a' END", "null"),
        ("false AND 1 / 0 = 1", "false"),
        ("true OR 1 / 0 = 1", "true"),
    ] {
        same(text, expected);
    }
    fails("1 AND true", Kind::Type, Detail::InvalidArgumentType);
    fails("NOT 'x'", Kind::Type, Detail::InvalidArgumentType);
}

#[test]
fn arithmetic_keeps_integers_whole() {
    for (text, expected) in [
        ("12 / 4 * 3 - 2 * 4", "1"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("7.5 % 2", "1.5"),
        ("2 ^ 3 ^ 2", "64.0"),
        ("-3 ^ 2", "9.0"),
        ("1 + 2.0", "3.0"),
        ("'a' + 1", "'a1'"),
        ("1.5 + 'a'", "'1.5a'"),
        ("[1] + 2", "[1, 2]"),
        ("1 + [2]", "[1, 2]"),
        ("[1] + [2]", "[1, 2]"),
        ("[1] + null", "null"),
        ("'a' || 'b'", "'ab'"),
        ("[1] || [2]", "[1, 2]"),
        ("1.0 / 0 > 1000000", "true"),
        ("1 + null", "null"),
    ] {
        same(text, expected);
    }
    fails("9223372036854775807 + 1", Kind::Arithmetic, Detail::IntegerOverflow);
    fails("-9223372036854775808 / -1", Kind::Arithmetic, Detail::IntegerOverflow);
    fails("1 / 0", Kind::Arithmetic, Detail::DivisionByZero);
    fails("1 % 0", Kind::Arithmetic, Detail::DivisionByZero);
    fails("true + 1", Kind::Type, Detail::InvalidArgumentType);
}

#[test]
fn parts_of_values() {
    for (text, expected) in [
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][5]", "null"),
        ("[1, 2, 3][-5]", "null"),
        ("[1, 2, 3, 4][1..3]", "[2, 3]"),
        ("[1, 2, 3, 4][-3..]", "[2, 3, 4]"),
        ("[1, 2, 3][3..1]", "[]"),
        ("[1, 2, 3][-9..9]", "[1, 2, 3]"),
        ("[1, 2, 3][null..1]", "null"),
        ("{a: 1}.a", "1"),
        ("{a: 1}.b", "null"),
        ("{a: 1}['a']", "1"),
        ("nothing.a", "null"),
        ("n.p + r.p", "3"),
        ("n['p']", "1"),
        ("n:A", "true"),
        ("n:A:C", "false"),
        ("r:T", "true"),
        ("nothing:A", "null"),
        ("labels(n)", "['A', 'B']"),
        ("type(r)", "'T'"),
        ("keys(n)", "['p']"),
        ("properties(r)", "{p: 2}"),
        ("id(startNode(r))", "1"),
        ("n {.p, .x, y: 1, .*}", "{p: 1, x: null, y: 1}"),
        ("nothing {.p}", "null"),
        ("$one", "1"),
    ] {
        same(text, expected);
    }
    fails("true.a", Kind::Type, Detail::InvalidArgumentType);
    fails("[1]['a']", Kind::Type, Detail::ListElementAccessByNonInteger);
    fails("{a: 1}[0]", Kind::Type, Detail::MapElementAccessByNonString);
    fails("$two", Kind::ParameterMissing, Detail::MissingParameter);
    fails("x", Kind::Syntax, Detail::UndefinedVariable);
}

#[test]
fn local_variables() {
    for (text, expected) in [
        ("[x IN [1, 2, 3] WHERE x > 1 | x * 2]", "[4, 6]"),
        ("[x IN [1, 2] | [y IN [10, 20] | x + y]]", "[[11, 21], [12, 22]]"),
        ("[n IN [1] | n]", "[1]"),
        ("[x IN null | x]", "null"),
        ("reduce(s = 0, x IN [1, 2, 3] | s + x)", "6"),
        ("reduce(s = '', x IN [1, 2] | s + reduce(t = s, y IN [x] | t + y))", "'112'"),
        ("reduce(l = [], x IN [1, 2] | l + x * 2 + [x])", "[2, 1, 4, 2]"),
        ("reduce(l = [], x IN [1, 2] | l + size(l))", "[0, 1]"),
        ("reduce(l = [0], x IN [1, 2] | [l, x])", "[[[0], 1], 2]"),
        ("size(reduce(l = [], x IN range(1, 100000) | l + x))", "100000"),
        ("all(x IN [1, 2] WHERE x > 0)", "true"),
        ("all(x IN [1, null] WHERE x > 0)", "null"),
        ("all(x IN [0, null] WHERE x > 0)", "false"),
        ("any(x IN [0, null] WHERE x > 0)", "null"),
        ("any(x IN [1, null] WHERE x > 0)", "true"),
        ("none(x IN [0, null] WHERE x > 0)", "null"),
        ("none(x IN [] WHERE x > 0)", "true"),
        ("single(x IN [1, 0] WHERE x > 0)", "true"),
        ("single(x IN [1, null] WHERE x > 0)", "null"),
        ("single(x IN [1, 1, null] WHERE x > 0)", "false"),
        ("all(x IN null WHERE x)", "null"),
        // Sub-plans see the row and the local variables behind it.
        ("[x IN [7] | EXISTS { (n)-->(x) }]", "[[n, r, null, 7]]"),
        ("[x IN [7] | [y IN [8] | EXISTS { (n)-->(y) }]]", "[[[n, r, null, 7, 8]]]"),
    ] {
        same(text, expected);
    }
}

#[test]
fn chains_of_operators() {
    let sum = vec!["1"; 200].join(" + ");
    same(&sum, "200");
}

#[test]
fn regular_expressions_match_the_whole() {
    for (text, expected) in [
        ("'abc' =~ 'a.*'", "true"),
        ("'abc' =~ 'b'", "false"),
        ("'ABC' =~ '(?i)abc'", "true"),
        ("'aa' =~ '(a)\\\\1'", "true"),
        ("'ab' =~ 'a|ab'", "true"),
        ("null =~ 'a'", "null"),
        ("1 =~ 'a'", "null"),
        ("[x IN ['a', 'b'] | 'a' =~ x]", "[true, false]"),
    ] {
        same(text, expected);
    }
    fails("'a' =~ '('", Kind::Syntax, Detail::InvalidRegularExpression);
}

#[test]
fn functions() {
    for (text, expected) in [
        ("COALESCE(null, 1, 1 / 0)", "1"),
        ("size('hällo')", "5"),
        ("reverse('abc')", "'cba'"),
        ("range(0, 10, 3)", "[0, 3, 6, 9]"),
        ("range(3, 1)", "[]"),
        ("range(9223372036854775806, 9223372036854775807)", "[9223372036854775806, 9223372036854775807]"),
        ("toInteger('12.9')", "12"),
        ("toInteger('x')", "null"),
        ("toInteger(-1.9)", "-1"),
        ("toFloat('1e3')", "1000.0"),
        ("toFloat('inf')", "null"),
        ("toBoolean(' TRUE ')", "true"),
        ("toString(1.0)", "'1.0'"),
        ("toString(1e10)", "'1.0E10'"),
        ("toString(1.5e-7)", "'1.5E-7'"),
        ("toString(1e-305)", "'1.0E-305'"),
        ("toStringOrNull([])", "null"),
        ("toIntegerList(['1', [], 2.5])", "[1, null, 2]"),
        ("left('hällo', 2)", "'hä'"),
        ("right('hällo', 4)", "'ällo'"),
        ("substring('hello', 1, 3)", "'ell'"),
        ("substring('hello', 9)", "''"),
        ("split('a,b;c', [',', ';'])", "['a', 'b', 'c']"),
        ("split('ab', '')", "['a', 'b']"),
        ("trim('  x ')", "'x'"),
        ("ltrim('xxa', 'x')", "'a'"),
        ("replace('aaa', 'a', 'b')", "'bbb'"),
        ("round(2.5)", "3.0"),
        ("round(-1.5)", "-1.0"),
        ("round(1.249, 1, 'UP')", "1.3"),
        ("round(3.14159, 2)", "3.14"),
        ("sign(-3.2)", "-1"),
        ("abs(-3)", "3"),
        ("ceil(1.2)", "2.0"),
        ("atan2(0, 1)", "0.0"),
        ("sqrt(-1) = sqrt(-1)", "false"),
        ("isNaN(sqrt(-1))", "true"),
        ("head([])", "null"),
        ("tail([1, 2])", "[2]"),
        ("isEmpty('')", "true"),
        ("nullIf(1, 1.0)", "null"),
        ("valueType([1, 'a'])", "'LIST<INTEGER NOT NULL | STRING NOT NULL> NOT NULL'"),
        ("size(randomUUID())", "36"),
        ("timestamp()", "1437514832142"),
        ("sin(null)", "null"),
    ] {
        same(text, expected);
    }
    fails("toInteger([])", Kind::Type, Detail::InvalidArgumentValue);
    fails("toString({})", Kind::Type, Detail::InvalidArgumentValue);
    fails("range(1, 2, 0)", Kind::Argument, Detail::NumberOutOfRange);
    fails("range(1.0, 2)", Kind::Argument, Detail::InvalidArgumentType);
    fails("nonsense(1)", Kind::Syntax, Detail::UnknownFunction);
    fails("sin()", Kind::Syntax, Detail::InvalidNumberOfArguments);
    fails("abs(-9223372036854775808)", Kind::Arithmetic, Detail::IntegerOverflow);
}

fn prints(text: &str, expected: &str) {
    match run(&format!("toString({text})")) {
        Ok(Value::String(value)) => assert_eq!(&*value, expected, "{text}"),
        other => panic!("{text} gives {other:?}"),
    }
}

#[test]
fn temporal_values() {
    for (text, expected) in [
        ("date()", "2015-07-21"),
        ("datetime()", "2015-07-21T21:40:32.142Z"),
        ("datetime({timezone: 'Europe/Stockholm'})", "2015-07-21T23:40:32.142+02:00[Europe/Stockholm]"),
        ("date({timezone: 'America/Los Angeles'})", "2015-07-21"),
        ("time.realtime('america/new_york').timezone = 'x'", "false"),
        ("date({year: 1984, week: 10, dayOfWeek: 3})", "1984-03-07"),
        ("date({date: date('1816-12-31'), week: 2})", "1817-01-07"),
        ("date({date: date('1984-11-11'), quarter: 3})", "1984-08-11"),
        ("date({date: date('1984-11-11'), week: 1})", "1984-01-08"),
        ("date({year: 1984, quarter: 3, dayOfQuarter: 45})", "1984-08-14"),
        (
            "localtime({hour: 12, minute: 31, second: 14, nanosecond: 789, millisecond: 123, microsecond: 456})",
            "12:31:14.123456789",
        ),
        ("localtime({hour: 12})", "12:00"),
        ("time({hour: 12, timezone: '+02:05:59'})", "12:00+02:05:59"),
        ("time({time: time('12:31:14.645876+01:00'), second: 42, timezone: '+05:00'})", "16:31:42.645876+05:00"),
        (
            "datetime({date: localdatetime('1984-03-07T12:31:14.645'), time: datetime('1984-10-11T12:00+01:00[Europe/Stockholm]'), day: 28, second: 42, timezone: 'Pacific/Honolulu'})",
            "1984-03-28T00:00:42-10:00[Pacific/Honolulu]",
        ),
        ("datetime({date: datetime('1984-10-11T12:00+01:00'), hour: 10})", "1984-10-11T10:00Z"),
        ("datetime({epochMillis: 237821673987})", "1977-07-15T13:34:33.987Z"),
        ("datetime.fromepoch(416779, 999999999)", "1970-01-05T19:46:19.999999999Z"),
        ("datetime.truncate('weekYear', localdatetime('1984-01-01T12:31'), {day: 5})", "1983-01-05T00:00Z"),
        (
            "datetime.truncate('millisecond', localdatetime('1984-10-11T12:31:14.645876123'), {nanosecond: 2})",
            "1984-10-11T12:31:14.645000002Z",
        ),
        ("time.truncate('hour', datetime('1984-10-11T12:31-01:00'), {timezone: '+01:00'})", "12:00+01:00"),
        ("date.truncate('week', date('1984-10-11'), {dayOfWeek: 2})", "1984-10-09"),
        ("duration({months: 0.75})", "P22DT19H51M49.5S"),
        ("duration({minutes: 1.5, seconds: 1})", "PT1M31S"),
        ("duration.between(date('-999999999-01-01'), date('+999999999-12-31'))", "P1999999998Y11M30D"),
        (
            "duration.inSeconds(localdatetime('-999999999-01-01'), localdatetime('+999999999-12-31T23:59:59'))",
            "PT17531639991215H59M59S",
        ),
        (
            "duration.between(localdatetime('2018-01-02T10:00:00.1'), localdatetime('2018-01-01T10:00:00.2'))",
            "PT-23H-59M-59.9S",
        ),
        (
            "duration.between(datetime('2017-10-28T23:00+02:00[Europe/Stockholm]'), datetime('2017-10-29T04:00+01:00[Europe/Stockholm]'))",
            "PT6H",
        ),
        ("duration.inSeconds(datetime('2017-10-29T00:00[Europe/Stockholm]'), date('2017-10-30'))", "PT25H"),
        (
            "duration.inMonths(datetime('2018-07-21T21:40:36.143+0500'), datetime('1984-07-21T22:40:36.143+0200'))",
            "P-33Y-11M",
        ),
        ("duration.inMonths(localtime('14:30'), date('2015-06-24'))", "PT0S"),
        (
            "date('1984-10-11') + duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})",
            "1997-10-11",
        ),
        (
            "localtime('12:31:14.000000001') - duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})",
            "02:33:00.499999998",
        ),
        ("date('2020-01-31') + duration('P1M')", "2020-02-29"),
        ("duration('P1Y') * 2.5", "P2Y6M"),
        ("duration('P1D') / 2", "PT12H"),
        ("duration('P1Y2M') + duration('PT1S') - duration('P1M')", "P1Y1MT1S"),
        (
            "datetime('2017-03-25T02:30[Europe/Stockholm]') + duration('P1D')",
            "2017-03-26T03:30+02:00[Europe/Stockholm]",
        ),
    ] {
        prints(text, expected);
    }
    for (text, expected) in [
        ("date('1984-01-01').weekYear", "1983"),
        ("date('1984-11-11').dayOfQuarter", "42"),
        ("datetime('1984-11-11T12:31:14.645876123+01:00').epochMillis", "469020674645"),
        ("time('12:00+01:00').offset", "'+01:00'"),
        ("datetime('1984-11-11T12:00[Europe/Stockholm]').timezone", "'Europe/Stockholm'"),
        ("duration('P1Y4M10DT1H1M1.111111111S').nanosecondsOfSecond", "111111111"),
        ("duration('P1Y4M').monthsOfQuarter", "1"),
        ("time('10:00+01:00') < time('09:35Z')", "true"),
        ("date('2020-01-01') < localdatetime('2021-01-01')", "null"),
        ("duration('P1D') < duration('P2D')", "null"),
        ("duration('P1D') = duration('PT24H')", "false"),
        ("date(null)", "null"),
        ("date.truncate('day', null)", "null"),
    ] {
        same(text, expected);
    }
    fails("date('2015-02-30')", Kind::Argument, Detail::InvalidArgumentValue);
    fails("date({year: 1984, week: 1, month: 1})", Kind::Argument, Detail::InvalidArgumentValue);
    fails("date({month: 1})", Kind::Argument, Detail::InvalidArgumentValue);
    fails("date({yaer: 1})", Kind::Argument, Detail::InvalidArgumentValue);
    fails("date('+999999999-12-31') + duration('P1D')", Kind::Arithmetic, Detail::IntegerOverflow);
}

#[test]
fn aggregates_are_split_out() {
    let mut calls = Vec::new();
    let rewritten = split_aggregates(&parse("1 + count(n.p) * count( n.p ) + sum(DISTINCT n.p)"), &mut calls);
    assert_eq!(calls.len(), 2);
    assert!(calls[1].distinct);
    let scope: Scope = calls.iter().map(|call| call.placeholder.as_str()).collect();
    let compiled = compile(&rewritten, &scope, &mut NoSubqueries).unwrap();
    let cx = Small { parameters: BTreeMap::new() };
    let value = evaluate(&compiled, &[Value::Int(3), Value::Int(10)], &cx).unwrap();
    assert_eq!(value, Value::Int(20));
    assert!(contains_aggregate(&parse("[x IN collect(n) | x]")));
}

#[test]
fn aggregates_gather() {
    use crate::graph::functions::aggregate::AggregateKind as K;
    let gather = |kind: K, distinct: bool, values: &str, extra: Option<f64>| {
        let mut accumulator = Accumulator::new(kind, distinct);
        let Value::List(values) = run(values).unwrap() else { panic!() };
        let extra = extra.map(Value::Float);
        for value in values {
            accumulator.update(value, extra.as_ref())?;
        }
        accumulator.finish()
    };
    for (kind, distinct, values, extra, expected) in [
        (K::CountStar, false, "[1, null]", None, "2"),
        (K::Count, false, "[1, null]", None, "1"),
        (K::Count, true, "[1, 1.0, 2, null]", None, "2"),
        (K::Sum, false, "[]", None, "0"),
        (K::Sum, false, "[1, 2.5]", None, "3.5"),
        (K::Sum, false, "[duration('P1D'), duration('PT1H')]", None, "duration('P1DT1H')"),
        (K::Avg, false, "[1, 2]", None, "1.5"),
        (K::Avg, false, "[null]", None, "null"),
        (K::Min, false, "[1, 'a', [1, 2], null, [1]]", None, "[1]"),
        (K::Max, false, "[1, 'a', [1, 2], null, 0.2]", None, "1"),
        (K::Collect, true, "[1, null, 1]", None, "[1]"),
        (K::PercentileDisc, false, "[10, 20, 30]", Some(0.5), "20"),
        (K::PercentileDisc, false, "[10, 20, 30]", Some(0.0), "10"),
        (K::PercentileDisc, false, "[10, 20, 30]", Some(1.0), "30"),
        (K::PercentileCont, false, "[10, 20, 30]", Some(0.25), "15.0"),
        (K::StDev, false, "[2, 4]", None, "sqrt(2)"),
        (K::StDevP, false, "[2, 4]", None, "1.0"),
        (K::StDev, false, "[]", None, "0.0"),
    ] {
        let value = gather(kind, distinct, values, extra).unwrap();
        let wanted = run(expected).unwrap();
        assert!(compare_order(&value, &wanted).is_eq(), "{kind:?} of {values}: {value:?}");
    }
    assert_eq!(gather(K::PercentileCont, false, "[1]", Some(1.5)).unwrap_err().detail, Detail::NumberOutOfRange);
    assert_eq!(gather(K::Sum, false, "['a']", None).unwrap_err().kind, Kind::Type);
    assert_eq!(gather(K::Sum, false, "[9223372036854775807, 1]", None).unwrap_err().detail, Detail::IntegerOverflow);
}
