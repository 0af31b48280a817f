use super::*;
use crate::lang;
use crate::reply::Printed;
use crate::text::{Diagnostic, Span};
use ::bson::Bson;
use std::rc::Rc;

/// A host with nothing but a clock.
#[derive(Default)]
struct Alone {
    printed: Vec<String>,
}

impl Host for Alone {
    fn now_ms(&self) -> i64 {
        1_704_067_200_000
    }
    fn random(&mut self) -> f64 {
        0.5
    }
    fn check(&mut self) -> Result<(), Diagnostic> {
        Ok(())
    }
    fn print(&mut self, printed: Printed) -> Result<(), Diagnostic> {
        let texts: Vec<String> = printed
            .values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect();
        self.printed.push(texts.join(" "));
        Ok(())
    }
    fn sleep(&mut self, _: f64) -> Result<(), Diagnostic> {
        Ok(())
    }
    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }
    fn field(&mut self, _: &mut Machine, _: &Rc<dyn HostObject>, _: &str) -> Result<Value, Thrown> {
        Ok(Value::Undefined)
    }
    fn call(
        &mut self,
        _: &mut Machine,
        _: &Rc<dyn HostObject>,
        _: &str,
        _: Vec<Argument>,
        _: Span,
    ) -> Result<Value, Thrown> {
        Ok(Value::Undefined)
    }
    fn function(&mut self, _: &mut Machine, _: &str, _: Vec<Value>) -> Result<Option<Value>, Thrown> {
        Ok(None)
    }
    fn next(&mut self, _: &mut Machine, _: &Rc<dyn HostObject>) -> Result<Option<Value>, Thrown> {
        Ok(None)
    }
}

fn run(text: &str) -> Result<Value, Diagnostic> {
    let script = lang::doc::script(text).unwrap_or_else(|error| panic!("{text}: {}", error.message));
    Machine::default().run(&mut Alone::default(), &script)
}

/// The answer as relaxed Extended JSON.
fn answer(text: &str) -> String {
    let value = run(text).unwrap_or_else(|error| panic!("{text}: {}: {}", error.code, error.message));
    match convert::to_shown(&value) {
        convert::Shown::Nothing => "undefined".to_owned(),
        convert::Shown::Text(text) => text,
        convert::Shown::Value(value) => {
            let mut text = String::new();
            crate::value::ejson::write(&value, crate::value::ejson::Mode::Relaxed, &mut text);
            text
        }
    }
}

fn all(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(answer(text), *expected, "{text}");
    }
}

#[test]
fn operators() {
    all(&[
        ("1 + 2 * 3", "7"),
        ("'a' + 1 + 2", "\"a12\""),
        ("1 + 2 + 'a'", "\"3a\""),
        ("'5' * '2'", "10"),
        ("'5' - 2", "3"),
        ("[1, 2] + ''", "\"1,2\""),
        ("({}) + ''", "\"[object Object]\""),
        ("7 % 3 + -7 % 3", "0"),
        ("2 ** 3 ** 2", "512"),
        ("1 == '1' && null == undefined && null != 0", "true"),
        ("1 === '1'", "false"),
        ("NaN === NaN", "false"),
        ("'b' > 'a' && '10' < '9' && 10 > '9'", "true"),
        ("null ?? 'x'", "\"x\""),
        ("0 || 'x'", "\"x\""),
        ("0 && 'x'", "0"),
        ("let o = null; o?.a.b.c", "undefined"),
        ("let o = { a: { f: () => 5 } }; o?.a?.f() + (o.g?.() ?? 1)", "6"),
        (
            "typeof missing + typeof 1 + typeof 'a' + typeof null + typeof (() => 1)",
            "\"undefinednumberstringobjectfunction\"",
        ),
        ("5 & 3 | 8 ^ 1", "9"),
        ("-1 >>> 28", "15"),
        ("1 << 4 >> 2", "4"),
        ("let x = 5; x += 2; x *= 3; x--; [x, x++, ++x]", "[20,20,22]"),
        ("let a; a ??= 4; a ||= 5; a &&= 6; a", "6"),
        ("(1, 2, 3)", "3"),
        ("void 0", "undefined"),
        ("'a' in { a: 1 }", "true"),
        ("[] instanceof Array && new Date() instanceof Date", "true"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1 / 0", "{\"$numberDouble\":\"Infinity\"}"),
        ("`${1 + 1} and ${[1, 2].map(x => `<${x}>`).join('')}`", "\"2 and <1><2>\""),
        ("NumberLong(5) + 1", "6"),
        ("NumberLong('9007199254740993').add(1)", "9007199254740994"),
        ("new Date(5) - new Date(2)", "3"),
        ("new Date(2) < new Date(5)", "true"),
    ]);
}

#[test]
fn statements() {
    all(&[
        ("let s = 0; for (let i = 0; i < 5; i++) { if (i == 3) continue; s += i } s", "7"),
        ("let s = ''; for (const c of 'abc') s = c + s; s", "\"cba\""),
        ("let s = []; for (const k in { a: 1, b: 2 }) s.push(k); s", "[\"a\",\"b\"]"),
        ("let n = 0; while (true) { if (++n > 4) break } n", "5"),
        ("let n = 0; do { n++ } while (n < 3); n", "3"),
        (
            "let r = []; outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b == 2) continue outer; r.push(a * 10 + b) } } r",
            "[11,21]",
        ),
        ("function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } f(15)", "610"),
        ("f(2); function f(x) { return x * 2 }", "4"),
        ("const f = (a, { b, c = 3 }, ...rest) => [a, b, c, rest]; f(1, { b: 2 }, 4, 5)", "[1,2,3,[4,5]]"),
        ("const { a, b: [c, , d], ...rest } = { a: 1, b: [2, 3, 4], e: 5 }; [a, c, d, rest]", "[1,2,4,{\"e\":5}]"),
        ("let a = 1, b = 2; [a, b] = [b, a]; [a, b]", "[2,1]"),
        (
            "try { null.x } catch (e) { e.name + ': ' + e.message }",
            "\"TypeError: Cannot read properties of null (reading 'x')\"",
        ),
        ("try { throw new Error('no') } catch (e) { e.message } finally { 1 }", "1"),
        ("function f() { try { return 1 } finally { print('x') } } f()", "1"),
        (
            "function f(x) { switch (x) { case 1: return 'one'; case 2: case 3: return 'some'; default: return 'many' } } [f(1), f(3), f(9)]",
            "[\"one\",\"some\",\"many\"]",
        ),
        ("let fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); fs.map(f => f())", "[0,1,2]"),
        ("var fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); fs.map(f => f())", "[3,3,3]"),
        ("function Point(x) { this.x = x } new Point(4)", "{\"x\":4}"),
        ("const o = { n: 2, f() { return this.n }, g: function () { return this.n + 1 } }; [o.f(), o.g()]", "[2,3]"),
        ("const counter = (() => { let n = 0; return () => ++n })(); counter(); counter()", "2"),
        ("x = 5; x", "5"),
        ("if (false) 1", "undefined"),
        ("let o = { a: 1, b: 2 }; delete o.a; o", "{\"b\":2}"),
        ("const o = {}; o['a' + 1] = 2; o.b = [1]; o.b[2] = 3; o", "{\"a1\":2,\"b\":[1,{\"$undefined\":true},3]}"),
        ("[...'ab', ...[1, 2], ...new Set([1, 1])]", "[\"a\",\"b\",1,2,1]"),
        ("Math.max(...[1, 5, 3])", "5"),
        ("async function f() { return await 5 } f()", "5"),
    ]);
}

#[test]
fn methods_of_arrays_and_objects() {
    all(&[
        ("[3, 1, 2].sort()", "[1,2,3]"),
        ("[10, 9, 1].sort()", "[1,10,9]"),
        ("[10, 9, 1].sort((a, b) => a - b)", "[1,9,10]"),
        ("[1, 2, 3, 4].filter(x => x % 2 == 0).map(x => x * 10).reduce((a, b) => a + b, 1)", "61"),
        ("[1, [2, [3]]].flat(Infinity).concat(4, [5]).join('-')", "\"1-2-3-4-5\""),
        ("[1, 2, 3].indexOf(2) + [1, 2].findIndex(x => x > 5)", "0"),
        ("let a = [1, 2, 3, 4]; [a.splice(1, 2, 'x'), a, a.slice(-1), a.at(-1)]", "[[2,3],[1,\"x\",4],[4],4]"),
        ("let a = [1]; a.push(2, 3); a.unshift(0); [a.pop(), a.shift(), a, a.length]", "[3,0,[1,2],2]"),
        ("Array.from({ length: 3 }, (_, i) => i * i)", "[0,1,4]"),
        ("new Array(2).fill(7)", "[7,7]"),
        ("[1, 2].includes(2) && [1].some(x => x) && [1].every(Boolean)", "true"),
        ("['b', 'a'].map(String).reverse().toString()", "\"a,b\""),
        ("Object.entries({ a: 1 }).map(([k, v]) => k + v)", "[\"a1\"]"),
        ("Object.fromEntries([['a', 1], ['b', 2]])", "{\"a\":1,\"b\":2}"),
        ("({ ...{ a: 1, b: 2 }, b: 3 })", "{\"a\":1,\"b\":3}"),
        ("Object.assign({ a: 1 }, { b: 2 })", "{\"a\":1,\"b\":2}"),
        (
            "const m = new Map([['a', 1]]); m.set('b', 2); [m.get('b'), m.has('c'), m.size, [...m.keys()]]",
            "[2,false,2,[\"a\",\"b\"]]",
        ),
        ("Object.keys(Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even'))", "[\"odd\",\"even\"]"),
        (
            "JSON.stringify({ a: [1, 'x', null, undefined], f() {}, d: new Date(0) })",
            "\"{\\\"a\\\":[1,\\\"x\\\",null,null],\\\"d\\\":\\\"1970-01-01T00:00:00.000Z\\\"}\"",
        ),
        ("JSON.parse('{\"a\": [1.5, true]}').a", "[1.5,true]"),
        (
            "EJSON.stringify({ n: NumberLong(5) }, { relaxed: false })",
            "\"{\\\"n\\\":{\\\"$numberLong\\\":\\\"5\\\"}}\"",
        ),
        ("JSON.stringify([1, { a: 2 }], null, 2)", "\"[\\n  1,\\n  {\\n    \\\"a\\\": 2\\n  }\\n]\""),
    ]);
}

#[test]
fn methods_of_strings_numbers_and_dates() {
    all(&[
        ("'Hello'.toUpperCase().slice(1, -1) + 'x'.repeat(3) + 'a'.padStart(3, '-')", "\"ELLxxx--a\""),
        ("'a,b,c'.split(',').length + 'héllo'.length + '😀'.length", "10"),
        ("'a-b-c'.replace('-', '+') + 'a-b-c'.replaceAll('-', '+')", "\"a+b-ca+b+c\""),
        ("'John Smith'.replace(/(\\w+) (\\w+)/, '$2 $1')", "\"Smith John\""),
        ("'x1y22'.replace(/\\d+/g, d => d * 2)", "\"x2y44\""),
        ("'x1y22'.match(/\\d+/g)", "[\"1\",\"22\"]"),
        ("/(?<y>\\d{4})-(?<m>\\d\\d)/.exec('on 2024-05').groups.m", "\"05\""),
        ("/^a.c$/i.test('ABC')", "true"),
        ("'abc'.includes('b') && 'abc'.startsWith('ab') && 'abc'.endsWith('c')", "true"),
        ("' a '.trim() + 'abc'.charAt(1) + 'abc'.charCodeAt(0) + 'abc'.at(-1)", "\"ab97c\""),
        (
            "(1234.5678).toFixed(2) + ' ' + (255).toString(16) + ' ' + (1234567.891).toLocaleString()",
            "\"1234.57 ff 1,234,567.891\"",
        ),
        ("parseInt('42px') + parseFloat('3.5 kg') + Number('0x10')", "61.5"),
        ("Number('abc')", "{\"$numberDouble\":\"NaN\"}"),
        ("Math.round(2.5) + Math.round(-2.5) + Math.floor(-1.5) + Math.trunc(1.9)", "0"),
        ("new Date('2024-01-15T10:30:00Z').getMonth()", "0"),
        (
            "const d = new Date('2024-01-31'); d.setDate(d.getDate() + 1); d.toISOString()",
            "\"2024-02-01T00:00:00.000Z\"",
        ),
        ("const d = new Date(2024, 0, 31); d.setMonth(1); d.toISOString()", "\"2024-03-02T00:00:00.000Z\""),
        ("new Date(0).getDay()", "4"),
        ("Date.now()", "1704067200000.0"),
        ("String(new Date(0))", "\"Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)\""),
        ("ObjectId('64a1f0c2e4b0a1b2c3d4e5f6').getTimestamp().getFullYear()", "2023"),
        ("`${ObjectId('64a1f0c2e4b0a1b2c3d4e5f6')}`", "\"64a1f0c2e4b0a1b2c3d4e5f6\""),
        ("ObjectId('64a1f0c2e4b0a1b2c3d4e5f6').equals(ObjectId('64a1f0c2e4b0a1b2c3d4e5f6'))", "true"),
        ("isNaN(new Date('soon'))", "true"),
    ]);
}

#[test]
fn errors_name_what_is_wrong_and_where() {
    for (text, code, message, start) in [
        ("let a = b + 1", "ReferenceError", "b is not defined", 8),
        ("[1].forEeach(x => x)", "TypeError", "(…).forEeach is not a function", 4),
        ("let s = 'x'; s.toUpper()", "TypeError", "s.toUpper is not a function", 15),
        ("let o = {}; o.f()", "TypeError", "o.f is not a function", 14),
        ("null.x", "TypeError", "Cannot read properties of null (reading 'x')", 0),
        ("for (const a of 5) {}", "TypeError", "5 is not iterable", 16),
        ("throw 'text'", "Error", "uncaught: text", 6),
        ("throw new TypeError('own')", "TypeError", "own", 6),
        ("function f() { return f() } f()", "RangeError", "Maximum call stack size exceeded (1000 calls)", 22),
        ("'x'.repeat(1e9)", "RangeError", "Invalid string length", 0),
        ("require('fs')", "ReferenceError", "require is not defined", 0),
        ("ObjectId('x')", "BSONError", "input must be a 24 character hex string, 12 byte Uint8Array, or an integer", 0),
        ("(() => { const a = 1; a = 2 })()", "TypeError", "Assignment to constant variable.", 22),
    ] {
        let run = match lang::doc::script(text) {
            Ok(_) => {
                let text = text.to_owned();
                // The program's own stack is larger, too.
                std::thread::Builder::new()
                    .stack_size(256 << 20)
                    .spawn(move || run(&text).unwrap_err())
                    .unwrap()
                    .join()
                    .unwrap()
            }
            Err(error) => error,
        };
        assert_eq!((run.code.as_str(), run.message.as_str()), (code, message), "{text}");
        assert_eq!(run.span.map(|span| span.start), Some(start), "{text}");
    }
    let hint = |text: &str| run(text).unwrap_err().hint.unwrap_or_default();
    assert_eq!(hint("[1].forEeach(x => x)"), "did you mean forEach?");
    assert_eq!(hint("ObjectID('x')"), "did you mean ObjectId?");
    assert!(hint("setTimeout(() => 1, 5)").contains("sleep"));
}

#[test]
fn variables_stay_from_script_to_script() {
    let mut machine = Machine::default();
    let mut host = Alone::default();
    let mut run = |text: &str| machine.run(&mut host, &lang::doc::script(text).unwrap());
    run("let list = []; const add = x => { list.push(x); return list.length }").unwrap();
    run("add(1)").unwrap();
    let count = run("add(2)").unwrap();
    assert_eq!(count.as_number(), Some(2.0));
    // The place of an error inside add() lies in another text: the call is named.
    run("const fail = () => nothing").unwrap();
    let error = run("1; fail()").unwrap_err();
    assert_eq!(error.span.map(|span| span.start), Some(3));
}

#[test]
fn prints_are_handed_out_as_they_come() {
    let mut host = Alone::default();
    let script = lang::doc::script("print('a', 1, { b: [2] }); printjson(null); console.log(() => 1)").unwrap();
    Machine::default().run(&mut host, &script).unwrap();
    assert_eq!(host.printed, ["a 1 { \"b\": [2] }", "null", "[Function (anonymous)]"]);
}

#[test]
fn what_a_script_may_use_is_bounded() {
    let error = run("const a = []; while (true) a.push('x'.repeat(1000000))").unwrap_err();
    assert_eq!(error.code, "TooLarge");
    let cyclic = run("const a = {}; a.a = a; JSON.stringify(a)").unwrap_err();
    assert_eq!(cyclic.code, "TypeError");
    let stored = convert::to_bson(&run("const a = {}; a.a = a; a").unwrap()).unwrap_err().into_diagnostic();
    assert_eq!(stored.code, "BSONError");
    assert!(matches!(convert::to_bson(&run("NumberInt(5)").unwrap()), Ok(Bson::Int32(5))));
    assert!(matches!(convert::to_bson(&run("Double(5)").unwrap()), Ok(Bson::Double(_))));
}
