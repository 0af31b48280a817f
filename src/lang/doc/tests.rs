use super::*;
use crate::ast::doc::Chain;
use crate::ast::script::{Item, Statement as Step};
use bson::{Bson, bson, doc};

fn value(text: &str) -> Bson {
    match expression(text).map(|expression| expression.node) {
        Ok(Node::Constant(value)) => value,
        other => panic!("{text}: {other:?}"),
    }
}

fn chain_of(text: &str) -> Chain {
    match parse(text) {
        Ok(Statement::Chain(chain)) => chain,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn literals() {
    for (text, expected) in [
        ("1", bson!(1)),
        ("1.0", bson!(1)),
        ("96.0", bson!(96)),
        ("2147483648", bson!(2_147_483_648.0)),
        ("1.5", bson!(1.5)),
        ("-5", bson!(-5)),
        ("0xff", bson!(255)),
        ("60*60*24", bson!(86_400)),
        ("2 + 3 * 4", bson!(14)),
        ("'a' + \"b\" + 1", bson!("ab1")),
        ("\"\\u00e9\\x41\\n\"", bson!("éA\n")),
        ("`x`", bson!("x")),
        ("{5: 89, 'q r': 1, $x: [1, 2,], /* c */ e: {},}", bson!({"5": 89, "q r": 1, "$x": [1, 2], "e": {}})),
        ("{\"$numberLong\": \"5\"}", bson!(5_i64)),
        ("NumberLong('7')", bson!(7_i64)),
        ("NumberLong(7)", bson!(7_i64)),
        ("Double(1)", bson!(1.0)),
        ("[true, null, // x\n false]", bson!([true, null, false])),
        ("new Date(0)", Bson::DateTime(bson::DateTime::from_millis(0))),
        ("ISODate(\"2024-12-31\")", Bson::DateTime(bson::DateTime::from_millis(1_735_603_200_000))),
        ("MinKey", Bson::MinKey),
        ("MaxKey()", Bson::MaxKey),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    assert!(
        matches!(value("/a[/]b/i"), Bson::RegularExpression(r) if r.pattern.as_str() == "a[/]b" && r.options.as_str() == "i")
    );
    let node = |text: &str| expression(text).unwrap().node;
    assert!(matches!(node("new Date()"), Node::Call { is_new: true, .. }));
    assert!(matches!(node("Date.now() - 5"), Node::Binary(..)));
    assert!(matches!(node("d => print(d.name, [1])"), Node::Function(f) if f.is_arrow && f.parameters.len() == 1));
    assert!(
        matches!(node("function (d) { return {a: 1} }"), Node::Function(f) if &*f.source == "function (d) { return {a: 1} }")
    );
    assert!(matches!(node("rows[0].name"), Node::Member { .. }));
    assert!(matches!(node("a?.b.c"), Node::Optional(_)));
    assert!(matches!(node("`a${b}`"), Node::Template(pieces) if pieces.len() == 2));
    assert!(matches!(node("[...a, 1]"), Node::Array(items) if matches!(items[0], Item::Spread(_))));
}

#[test]
fn operators_bind_as_in_javascript() {
    for (text, same) in [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a ** b ** c", "a ** (b ** c)"),
        ("a || b && c", "a || (b && c)"),
        ("a == b < c", "a == (b < c)"),
        ("!a && b", "(!a) && b"),
        ("a ? b : c ? d : e", "a ? b : (c ? d : e)"),
        ("a = b = c", "a = (b = c)"),
        ("a ?? b | c", "a ?? (b | c)"),
        ("-a.b", "-(a.b)"),
        ("typeof a.b === 'x'", "(typeof (a.b)) === 'x'"),
        ("a in b && c", "(a in b) && c"),
        ("x => x + 1, y", "(x => x + 1), y"),
    ] {
        let shape = |text: &str| {
            let text = format!("{:?}", statement_of(text));
            // Where things stand is another matter.
            let mut shape = String::new();
            for (at, part) in text.split("Span {").enumerate() {
                shape.push_str(if at == 0 { part } else { part.split_once('}').unwrap().1 });
            }
            shape.replace("(x => x + 1)", "x => x + 1")
        };
        assert_eq!(shape(text), shape(same), "{text}");
    }
}

fn statement_of(text: &str) -> Step {
    script(text).unwrap().body.remove(0)
}

#[test]
fn statements() {
    for text in [
        "for (let i = 0; i < 3; i++) { db.a.insertOne({ i }) }",
        "for (;;) break",
        "for (const [k, v] of Object.entries(o)) print(k, v)",
        "for (x in o) print(x)",
        "while (a) { if (b) continue; else break }",
        "do { i-- } while (i > 0)",
        "function f(a, { b, c = 1 }, ...rest) { return a\n + b }",
        "try { f() } catch { g() } finally { h() }",
        "switch (a) { case 1: case 2: f(); break; default: g() }",
        "outer: for (const a of b) { for (const c of a) continue outer }",
        "const { a, b: [c, , d], ...rest } = x",
        "[a, b] = [b, a]",
        "({ a, b } = x)",
        "let a = 1,\n    b\nvar c",
        "if (a) { b() } else if (c) d()\nelse { e() }",
        "throw new Error('x')",
        "const f = async (a) => { await a }",
        "o.f = function () { return this.x }",
        "x ??= 1; y **= 2",
        "a\n  .b()\n  .c()",
        "print(/a'b/.test(x), x / 2 / 3)",
        "`a${b ? `c${d}` : ''}`",
    ] {
        assert!(script(text).is_ok(), "{text}: {:?}", script(text));
    }
    for (text, start) in [
        ("if (a", 5),
        ("for (let i = 0; i < 3) {}", 21),
        ("const a", 0),
        ("let a = ", 8),
        ("class A {}", 0),
        ("return 1", 0),
        ("break", 0),
        ("1 = 2", 0),
        ("let db = 1", 4),
        ("a b", 2),
        ("function* f() {}", 8),
        ("let class = 1", 4),
        ("try { a }", 9),
    ] {
        let error = script(text).unwrap_err();
        assert_eq!(error.span.map(|span| span.start), Some(start), "{text}: {}", error.message);
    }
}

#[test]
fn chains() {
    let chain = chain_of("db.stores\n  .find({a: 1})\n  .limit(5);");
    assert_eq!(chain.collection.as_deref(), Some("stores"));
    assert_eq!(chain.calls.iter().map(|call| call.method.as_str()).collect::<Vec<_>>(), ["find", "limit"]);
    assert_eq!(chain.calls[0].args[0].node, Node::Constant(Bson::Document(doc! {"a": 1})));
    assert_eq!(chain_of("db.system.users.find()").collection.as_deref(), Some("system.users"));
    assert_eq!(chain_of("db['a b'].find()").collection.as_deref(), Some("a b"));
    assert_eq!(chain_of("db.getCollection('a').find()").collection.as_deref(), Some("a"));
    assert_eq!(chain_of("db.dropDatabase()").collection, None);
    for script in [
        "db.a.findOne()._id",
        "db.a.find().forEach(printjson)",
        "db.a.find().sort({}).map(d => d.a)",
        "db.getSiblingDB('x').a.find()",
        "db.a.find(...x)",
        "db.a.find()[0]",
        "db[name].find()",
    ] {
        assert!(matches!(parse(script), Ok(Statement::Script(_))), "{script}");
    }
    assert_eq!(parse("show dbs"), Ok(Statement::Show("dbs".to_owned())));
    assert_eq!(parse("use shop"), Ok(Statement::Use("shop".to_owned())));
    assert_eq!(parse("it"), Ok(Statement::It));
}

#[test]
fn errors_have_places() {
    for (text, class, start) in [
        ("db.a.find({", "SyntaxError", 10),
        ("db.a.find({a: 'x)", "SyntaxError", 14),
        ("db.a.insertOne({_id: ObjectId('...')})", "BSONError", 21),
        ("db.a.find({a 1})", "SyntaxError", 13),
        ("db.a.find() x", "SyntaxError", 12),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.code, class, "{text}: {}", error.message);
        assert_eq!(error.span.map(|span| span.start), Some(start), "{text}: {}", error.message);
    }
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep = || {
        for open in [
            "[",
            "{a:",
            "(",
            "-",
            "db.a.find([",
            "a => ",
            "a ? ",
            "a = ",
            "`${",
            "!",
            "if (a) {",
            "f(",
            "{ ",
            "a[",
            "new ",
        ] {
            let text = open.repeat(10_000);
            let error = script(&text).unwrap_err();
            assert!(error.span.is_some(), "{open}");
        }
    };
    // The program's own stack is larger, too.
    std::thread::Builder::new().stack_size(64 << 20).spawn(deep).unwrap().join().unwrap();
}
