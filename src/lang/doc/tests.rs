use super::*;
use crate::ast::doc::Generated;
use bson::{bson, doc};

fn value(text: &str) -> Bson {
    match literal(text) {
        Ok(Literal::Value(value)) => value,
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
        matches!(value("/a[/]b/gi"), Bson::RegularExpression(r) if r.pattern.as_str() == "a[/]b" && r.options.as_str() == "i")
    );
    assert!(matches!(literal("new Date()"), Ok(Literal::Generated(Generated::Now))));
    assert!(matches!(literal("Date.now() - 5"), Ok(Literal::Arithmetic { .. })));
    assert!(matches!(literal("d => print(d.name, [1])"), Ok(Literal::Function { .. })));
    assert!(matches!(literal("function (d) { return {a: 1} }"), Ok(Literal::Function { .. })));
    assert!(matches!(literal("rows[0].name"), Ok(Literal::Variable { path, .. }) if path == ["rows", "0", "name"]));
}

#[test]
fn chains() {
    let chain = chain_of("db.stores\n  .find({a: 1})\n  .limit(5);");
    assert_eq!(chain.collection.as_deref(), Some("stores"));
    assert_eq!(chain.calls.iter().map(|call| call.method.as_str()).collect::<Vec<_>>(), ["find", "limit"]);
    assert_eq!(chain.calls[0].args, [Literal::Value(Bson::Document(doc! {"a": 1}))]);
    assert_eq!(chain_of("db.system.users.find()").collection.as_deref(), Some("system.users"));
    assert_eq!(chain_of("db['a b'].find()").collection.as_deref(), Some("a b"));
    assert_eq!(chain_of("db.getCollection('a').find()").collection.as_deref(), Some("a"));
    assert_eq!(chain_of("db.dropDatabase()").collection, None);
    assert_eq!(chain_of("db.a.findOne()._id").calls[1].method, ".");
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
        ("db.a.find({a: ObjectID('x')})", "ReferenceError", 14),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.code, class, "{text}: {}", error.message);
        assert_eq!(error.span.map(|span| span.start), Some(start), "{text}: {}", error.message);
    }
    for open in ["[", "{a:", "(", "-", "db.a.find(["] {
        let text = open.repeat(10_000);
        let error = literal(&text).unwrap_err();
        assert!(error.span.is_some(), "{open}");
    }
}
