use super::*;
use proptest::prelude::*;

fn scan(source: &[u8], chunk: usize) -> Vec<SourceStatement> {
    let mut scanner = Scanner::new();
    let mut found = Vec::new();
    for piece in source.chunks(chunk.max(1)) {
        scanner.push(piece);
        while let Some(statement) = scanner.next_statement() {
            found.push(statement);
        }
    }
    scanner.finish();
    while let Some(statement) = scanner.next_statement() {
        found.push(statement);
    }
    found
}

fn texts(source: &str) -> Vec<String> {
    scan(source.as_bytes(), 7).into_iter().map(|s| String::from_utf8_lossy(&s.text).into_owned()).collect()
}

#[test]
fn scripts_end_when_their_blocks_are_whole() {
    for (source, expected) in [
        ("if (a) {\n}\nelse {\n}\nGET a", vec!["if (a) {\n}\nelse {\n}", "GET a"]),
        ("if (a)\n  f()\nelse\n  g()\nGET a", vec!["if (a)\n  f()\nelse\n  g()", "GET a"]),
        ("for (let i = 0; i < 3; i++)\n  print(i);\nGET a", vec!["for (let i = 0; i < 3; i++)\n  print(i)", "GET a"]),
        ("while (f(a))\n{\n}\nGET a", vec!["while (f(a))\n{\n}", "GET a"]),
        ("do {\n}\nwhile (a)\nGET a", vec!["do {\n}\nwhile (a)", "GET a"]),
        ("do { } while (a)\nGET a", vec!["do { } while (a)", "GET a"]),
        ("try {\n}\ncatch (e) {\n}\nfinally {\n}\nGET a", vec!["try {\n}\ncatch (e) {\n}\nfinally {\n}", "GET a"]),
        ("function f(a)\n{\n return a\n}\nf(1)", vec!["function f(a)\n{\n return a\n}", "f(1)"]),
        ("const f = (a) =>\n  a + 1\nf(1)", vec!["const f = (a) =>\n  a + 1", "f(1)"]),
        ("let x = a ?\n 1 :\n 2\nGET a", vec!["let x = a ?\n 1 :\n 2", "GET a"]),
        ("let x = a\n ? 1\n : 2\nGET a", vec!["let x = a\n ? 1\n : 2", "GET a"]),
        ("let x = a +\n b\nGET a", vec!["let x = a +\n b", "GET a"]),
        ("let x = a\n  && b\nGET a", vec!["let x = a\n  && b", "GET a"]),
        ("i++\nGET a", vec!["i++", "GET a"]),
        ("let s = `a\n${b}`\nGET a", vec!["let s = `a\n${b}`", "GET a"]),
        ("total = 5\nx.y += 2; print(1)\n:params", vec!["total = 5", "x.y += 2", "print(1)", ":params"]),
        ("db.if(a)\nGET a", vec!["db.if(a)", "GET a"]),
        ("load(\"a.js\")\nLOAD CSV FROM 'a' AS b RETURN b;", vec!["load(\"a.js\")", "LOAD CSV FROM 'a' AS b RETURN b"]),
        ("(() => {\n})()\nGET a", vec!["(() => {\n})()", "GET a"]),
    ] {
        assert_eq!(texts(source), expected, "{source}");
    }
    for (line, kind) in [
        ("set = 5", Kind::Kv),
        ("SET a 1", Kind::Kv),
        ("total = 5", Kind::Script),
        ("total == 5", Kind::Kv),
        ("a.b = 5", Kind::Script),
        ("n++", Kind::Script),
        ("n -= 1", Kind::Script),
        ("new Date()", Kind::Script),
        ("RETURN 1", Kind::Graph),
        ("do {", Kind::Script),
    ] {
        assert_eq!(classify(line.as_bytes()).kind, kind, "{line}");
    }
}

#[test]
fn statements_end_where_their_language_says() {
    for (why, source, expected) in [
        ("kv ends with its line", "SET a 1\nGET a\r\n", vec!["SET a 1", "GET a"]),
        (
            "several on one line",
            "BEGIN; SET a 1; db.x.insertOne({a: 1}); CREATE (n); COMMIT",
            vec!["BEGIN", "SET a 1", "db.x.insertOne({a: 1})", "CREATE (n)", "COMMIT"],
        ),
        (
            "a call on the next line",
            "db.stores\n  .find({})\n\n  // sorted\n  .sort({a: 1})\nGET a",
            vec!["db.stores\n  .find({})\n\n  // sorted\n  .sort({a: 1})", "GET a"],
        ),
        (
            "a # line inside is blanked out",
            "db.x.insertMany([\n# one\n{a: 1},\n])",
            vec!["db.x.insertMany([\n     \n{a: 1},\n])"],
        ),
        (
            "brackets in strings do not count",
            "db.x.find({a: ')', b: \"]\", c: `}`})\nGET a",
            vec!["db.x.find({a: ')', b: \"]\", c: `}`})", "GET a"],
        ),
        (
            "brackets in regex literals do not count",
            "db.x.find({a: /[)/]\\//i})\nGET a",
            vec!["db.x.find({a: /[)/]\\//i})", "GET a"],
        ),
        (
            "an unclosed doc string ends with its line",
            "db.x.find({a: \"b})\nGET a",
            vec!["db.x.find({a: \"b})", "GET a"],
        ),
        (
            "a closing bracket closes what was left open inside",
            "db.x.find({a: [1, 2)\nGET a",
            vec!["db.x.find({a: [1, 2)", "GET a"],
        ),
        (
            "graph goes over lines, blank ones too",
            "MATCH (n)\n\nRETURN n;\nGET a",
            vec!["MATCH (n)\n\nRETURN n", "GET a"],
        ),
        (
            "graph ends before another model's line",
            "MATCH (n) RETURN n\nSELECT 1\nCREATE (n)\ndb.x.find()\n",
            vec!["MATCH (n) RETURN n", "SELECT 1", "CREATE (n)", "db.x.find()"],
        ),
        ("but not while it is not whole", "MATCH (n)\nGET a\nRETURN n;", vec!["MATCH (n)\nGET a\nRETURN n"]),
        ("a comma asks for more", "RETURN 1,\nTYPE (r)\n;", vec!["RETURN 1,\nTYPE (r)"]),
        (
            "SET belongs to the graph statement before it",
            "MATCH (n)\nRETURN n\nSET n.x = 1;",
            vec!["MATCH (n)\nRETURN n\nSET n.x = 1"],
        ),
        (
            "CASE is not whole before END",
            "RETURN CASE WHEN a THEN 1\n:help\nEND;",
            vec!["RETURN CASE WHEN a THEN 1\n:help\nEND"],
        ),
        (
            "STARTS WITH is no clause",
            "MATCH (n) RETURN n.a STARTS WITH 'x'\nSELECT 1",
            vec!["MATCH (n) RETURN n.a STARTS WITH 'x'", "SELECT 1"],
        ),
        ("a ; in a graph string", "RETURN 'a;\nGET b' AS x;", vec!["RETURN 'a;\nGET b' AS x"]),
        ("comments between statements", "// one\n# two\n/* three\nGET no */ GET a\n  # four\n", vec!["GET a"]),
        ("a comment at the end of a doc line", "db.x.find() // all\nGET a", vec!["db.x.find()", "GET a"]),
        (
            "a whole callback is one statement",
            "stream.on(\"change\", (c) => {\n  print(c);\n});\nGET a",
            vec!["stream.on(\"change\", (c) => {\n  print(c);\n})", "GET a"],
        ),
        (
            "let takes the end of what it holds",
            "let a = GET x\nlet b = { a: 1,\n b: 2 }\nlet c = MATCH (n)\nRETURN n;\nGET y",
            vec!["let a = GET x", "let b = { a: 1,\n b: 2 }", "let c = MATCH (n)\nRETURN n", "GET y"],
        ),
        (
            ":param goes on while brackets are open",
            ":param a => {b: [1,\n2]}\nGET a",
            vec![":param a => {b: [1,\n2]}", "GET a"],
        ),
        (
            "EXPLAIN takes the end of its statement",
            "EXPLAIN db.x\n.find()\nEXPLAIN GET a\nGET b",
            vec!["EXPLAIN db.x\n.find()", "EXPLAIN GET a", "GET b"],
        ),
        ("a byte order mark is no word", "\u{feff}GET a", vec!["GET a"]),
        ("empty statements are none", ";;\n ; \n", vec![]),
    ] {
        assert_eq!(texts(source), expected, "{why}");
    }
}

#[test]
fn positions_are_those_of_the_source() {
    let found = scan("SET a 1\n\n  GET a; GET é; GET b\n".as_bytes(), 3);
    let places: Vec<(usize, usize)> = found.iter().map(|s| (s.start.line, s.start.column)).collect();
    assert_eq!(places, [(1, 1), (3, 3), (3, 10), (3, 17)]);
}

#[test]
fn problems_are_told() {
    for (source, problem) in [
        (&b"db.x.find({"[..], Some(Problem::Unclosed('}'))),
        (b"RETURN 'a", Some(Problem::Unclosed('\''))),
        (b"/* open", Some(Problem::Unclosed('*'))),
        (b"RETURN '\xff'", Some(Problem::InvalidUtf8(8))),
        (b"use \xff", Some(Problem::InvalidUtf8(4))),
        (b"SET a \xff", None),
    ] {
        let found = scan(source, 4);
        assert_eq!((found.len(), found[0].problem), (1, problem), "{source:?}");
    }
    let found = scan(b"db.x.find({a:\n'\xff'})\nGET a", 4);
    assert_eq!((found[0].problem, found[1].text.as_slice()), (Some(Problem::InvalidUtf8(15)), &b"GET a"[..]));
}

#[test]
fn enter_runs_what_is_whole() {
    use Status::{Complete, Incomplete};
    for (typed, expected) in [
        ("", Complete),
        ("GET a", Complete),
        ("db", Complete),
        ("db.stores", Incomplete { missing: None }),
        ("db.stores\n", Complete),
        ("db.stores\n.find()", Complete),
        ("db.stores.find({", Incomplete { missing: Some('}') }),
        ("db.stores.find({\n", Incomplete { missing: Some('}') }),
        ("MATCH (n)", Incomplete { missing: None }),
        ("MATCH (n)\n", Complete),
        ("MATCH (n) RETURN", Incomplete { missing: None }),
        ("MATCH (n) RETURN *", Complete),
        ("MATCH (n) RETURN n.a,", Incomplete { missing: None }),
        ("CREATE (a", Incomplete { missing: Some(')') }),
        ("CALL db.labels()", Complete),
        ("MATCH (n) RETURN n;", Complete),
        ("let x = 5.5", Complete),
        ("/* open", Incomplete { missing: Some('*') }),
    ] {
        assert_eq!(status(typed), expected, "{typed:?}");
    }
}

/// Pieces that make the interesting states likely.
fn source() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"db.x.find(",
        b"\n.sort(",
        b"{a: ",
        b"}",
        b")",
        b"[",
        b"]",
        b"'",
        b"\"",
        b"`",
        b"/",
        b"//",
        b"/*",
        b"*/",
        b"\\",
        b";",
        b"; ",
        b"#",
        b"  # ",
        b"\n",
        b"\r\n",
        b" ",
        b"\0",
        b"\xff",
        b"MATCH (n) ",
        b"RETURN n",
        b"SET a 1",
        b"GET a",
        b"let x = ",
        b":param a => ",
        b"EXPLAIN ",
        b"BEGIN",
        b"\xc3\xa9",
        b"\xef\xbb\xbf",
        b"CASE ",
        b".on(",
    ];
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_give_the_same_statements(source in source(), chunk in 1usize..9) {
        prop_assert_eq!(scan(&source, chunk), scan(&source, usize::MAX));
    }

    #[test]
    fn any_bytes_are_scanned(source in prop::collection::vec(any::<u8>(), 0..200)) {
        let found = scan(&source, 13);
        prop_assert!(found.iter().map(|s| s.text.len()).sum::<usize>() <= source.len());
    }
}
