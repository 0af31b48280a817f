//! What the grammar accepts, what it refuses, and how it says so.

use super::*;
use crate::ast::graph::*;

fn returned(text: &str) -> Expr {
    expression(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// The shape of an expression, fully parenthesised.
fn shape(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Variable(v) => v.clone(),
        ExprKind::Unary(op, x) => format!("({op:?} {})", shape(x)),
        ExprKind::Binary(op, a, b) => format!("({} {op:?} {})", shape(a), shape(b)),
        ExprKind::Comparison(a, rest) => {
            format!("({}{})", shape(a), rest.iter().map(|(op, b)| format!(" {op:?} {}", shape(b))).collect::<String>())
        }
        ExprKind::IsNull(x) => format!("({} null?)", shape(x)),
        ExprKind::Property(x, key) => format!("{}.{key}", shape(x)),
        ExprKind::Index(x, i) => format!("{}[{}]", shape(x), shape(i)),
        ExprKind::HasLabels(x, _) => format!("({}:…)", shape(x)),
        ExprKind::PatternPredicate(_) => "pattern".into(),
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_in_opencypher() {
    for (text, expected) in [
        ("1 + 2 * 3", "(1 Add (2 Multiply 3))"),
        ("-3 ^ 2", "(-3 Power 2)"),
        ("4 ^ 3 ^ 2", "((4 Power 3) Power 2)"),
        ("-a.b", "(Minus a.b)"),
        ("1 - -1", "(1 Subtract -1)"),
        ("NOT a AND b OR c XOR d", "(((Not a) And b) Or (c Xor d))"),
        ("NOT a = b", "(Not (a Eq b))"),
        ("a = b IS NULL", "(a Eq (b null?))"),
        ("a + b IN c + d", "((a Add b) In (c Add d))"),
        ("1 < a <= 3", "(1 Lt a Le 3)"),
        ("a = b:L", "(a Eq (b:…))"),
        ("a.b[1].c", "a.b[1].c"),
        ("a<-1", "(a Lt -1)"),
        ("(a)-->(b)", "pattern"),
        ("(a) - (b)", "(a Subtract b)"),
        ("(1) - [1][0]", "(1 Subtract List([Expr { kind: Int(1), span: Span { start: 7, end: 8 } }])[0])"),
        ("a OR b OR c OR d", "((a Or b) Or (c Or d))"),
    ] {
        assert_eq!(shape(&returned(text)), expected, "{text}");
    }
}

const STATEMENTS: &[&str] = &[
    "MATCH (a)-->(b)<--(c)--(d)<-->(e) RETURN *",
    "MATCH p = (a:A:B {x: 1})-[r:T|:U*1..3 {y: $z}]->(b $props) WHERE a.x > 1 RETURN p, count( * ) AS n ORDER BY n DESC, p SKIP 1 LIMIT $l;",
    "MATCH (n:A&!(B|C) WHERE n.x > 1)-[r:T WHERE r.w = 1]-() RETURN n",
    "MATCH (a), (b) MATCH q = shortestPath((a)-[*..5]-(b)) RETURN length(q), shortestPath((a)-[*]-(b)) IS NULL",
    "MATCH (a)-[*]->(), ()-[*2]-(), ()-[*2..]-(), ()-[r*..3]-() RETURN a",
    "UNWIND [1, 2] AS x WITH DISTINCT x AS y WHERE y > 1 RETURN collect(DISTINCT y)[0..1]",
    "CREATE (a:Person {name: 'x', order: 1})-[:KNOWS]->(b), (c) SET a.x = 1, b += {y: 2}, b = a, c:L:M REMOVE a.x, c:L",
    "MERGE (a:A {id: 1}) ON CREATE SET a.x = 1 ON MATCH SET a.y = 2, a:B",
    "MATCH (n) DETACH DELETE n",
    "FOREACH (x IN [1, 2] | CREATE (:A {v: x}) SET n.v = x)",
    "CALL db.labels() YIELD label AS l WHERE l <> 'x' RETURN l",
    "CALL db.labels",
    "CALL { MATCH (n) RETURN n } RETURN n",
    "MATCH (a) CALL (a) { WITH a RETURN 1 AS x UNION ALL RETURN 2 AS x } RETURN x",
    "LOAD CSV WITH HEADERS FROM 'f.csv' AS row FIELDTERMINATOR ';' RETURN row.a",
    "RETURN [x IN range(1, 3) WHERE x > 1 | x * 2], [x IN [1] | x], [x IN [1]], [1 IN [1], 2]",
    "MATCH (a) RETURN [(a)-[:T]->(b) WHERE b.x | b.name], [p = (a)--() | p], exists((a)-->()), (a)--()",
    "RETURN all(x IN [1] WHERE x > 0) AND any(x IN [] WHERE true) OR none(x IN [1] WHERE x) XOR single(x IN [1] WHERE x)",
    "RETURN reduce(acc = 0, x IN [1, 2] | acc + x)",
    "RETURN CASE WHEN 1 = 1 THEN 'a' ELSE 'b' END, CASE x WHEN 1 THEN 2 END",
    "MATCH (n) RETURN n {.name, .*, x: 1, n}",
    "MATCH (n) WHERE EXISTS { (n)-->(:A) WHERE n.x } AND COUNT { MATCH (n)--(m) RETURN m } > 1 RETURN COLLECT { MATCH (x) RETURN x }",
    "MATCH (n) WHERE n.name STARTS WITH 'a' AND n.name ENDS WITH 'b' OR n.name CONTAINS 'c' OR n.name =~ '.*' RETURN n.a + 'x' || 'y'",
    "RETURN {null: 1, match: 2, `a b`: 3}.match, $1, $`a b`, 0xff, 0o17, .5, 1e9, -9223372036854775808",
    "MATCH (order:Order)-[:CONTAINS]->(end) RETURN order.id, end ORDER BY order.id",
    "CREATE INDEX IF NOT EXISTS FOR (n:Person) ON (n.name, n.age)",
    "CREATE INDEX person_name FOR ()-[r:KNOWS]-() ON (r.since)",
    "CREATE INDEX ON :Person(name)",
    "DROP INDEX person_name IF EXISTS",
    "SHOW INDEXES",
    "show constraints;",
    "RETURN 1 AS x UNION RETURN 2 AS x",
    "match (n) where n.a is not null return n.a as x // done",
    "MATCH (a) USING INDEX a:P(name) WHERE a.name = 'x' RETURN a",
    "MATCH (a)-[:R]->+(b)-[:S]->{1,3}(c) RETURN a",
    "MATCH (n) WHERE [x IN [n] WHERE x:A | x] <> [] RETURN n",
];

#[test]
fn statements_are_accepted() {
    for text in STATEMENTS {
        if let Err(problem) = parse(text) {
            panic!("{text}: {problem} at {:?}", problem.span);
        }
    }
}

#[test]
fn mistakes_are_explained() {
    for (text, detail, message) in [
        ("MATCH (n RETURN n", "UnexpectedSyntax", "found `RETURN`"),
        ("MATCH (n) RETURN", "UnexpectedSyntax", "expected an expression, found the end of the statement"),
        ("MATCH (n) RETRUN n", "UnexpectedSyntax", "found `RETRUN`"),
        ("RETURN [1, 2", "UnexpectedSyntax", "`]`"),
        ("RETURN [, ] AS x", "UnexpectedSyntax", "found `,`"),
        ("RETURN {1B2c3e67:1} AS x", "UnexpectedSyntax", "found `1B2c3e67`"),
        ("RETURN 12ab", "InvalidNumberLiteral", "`12ab` is not a number"),
        ("RETURN 9223372036854775808", "IntegerOverflow", "too large"),
        ("RETURN 42 — 41", "InvalidUnicodeCharacter", "U+2014"),
        ("RETURN 'abc", "UnexpectedSyntax", "not closed"),
        ("MATCH ()-[:T..]->() RETURN 1", "InvalidRelationshipPattern", "star"),
        ("MATCH ()-[:T*-2]->() RETURN 1", "InvalidRelationshipPattern", "negative"),
        ("RETURN 1 MATCH (n)", "UnexpectedSyntax", "found `MATCH`"),
    ] {
        let problem = parse(text).expect_err(text);
        assert_eq!(problem.detail.as_deref(), Some(detail), "{text}: {problem}");
        assert!(problem.message.contains(message), "{text}: {problem}");
        let span = problem.span.expect("a span");
        assert!(span.start <= span.end && span.end <= text.len(), "{text}: {span:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{a: ", "}"),
        ("(n {a: ", "})-->()"),
        ("[x IN ", "]"),
        ("x[", "]"),
        ("NOT (", ")"),
        ("f(", ")"),
    ] {
        let text = format!("RETURN {}1{}", open.repeat(10_000), close.repeat(10_000));
        let problem = parse(&text).expect_err(open);
        assert!(problem.message.contains("nested deeper than 50"), "{open}: {problem}");
        let text = format!("RETURN {}1{}", open.repeat(20), close.repeat(20));
        parse(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    }
    for text in [
        "1".to_owned() + &" + 1".repeat(10_000),
        "NOT ".repeat(10_000) + "true",
        "- ".repeat(10_000) + "x",
        "x".to_owned() + &".a".repeat(10_000),
    ] {
        assert!(expression(&text).expect_err("too long").message.contains("more than 250"));
    }
    expression(&("a = 1".to_owned() + &" OR a = 1".repeat(5_000))).expect("long disjunctions are balanced");
    let text = format!("RETURN {}1{}", "[x IN ".repeat(40), ", 1]".repeat(40));
    parse(&text).expect("backtracking stays cheap");
}

#[test]
fn columns_keep_their_text() {
    let Ok(Statement::Query(query)) = parse("RETURN cOuNt( * ), (list[1]).missing, NULL, ( a )") else {
        panic!("not a query")
    };
    let ClauseKind::Return(projection) = &query.first.clauses[0].kind else { panic!("not a RETURN") };
    let texts: Vec<_> = projection.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["cOuNt( * )", "(list[1]).missing", "NULL", "( a )"]);
}

#[test]
fn statements_survive_being_shown() {
    let long = format!("MATCH (n) WHERE n.x = 1{} RETURN n.y{} AS z", " OR n.x = 1".repeat(300), " + 1".repeat(200));
    let tricky = [
        "RETURN -(5) AS a, - -x AS b, -5 AS c, (-5).x AS d, NOT NOT a AS e, (a OR b) AND NOT (c = d) AS f, (a = b) = c AS g",
        "RETURN (1 + 2) * 3 - (4 - 5) AS a, (2 ^ 3) ^ (2 ^ 3) AS b, (a IN b) IN c AS d, a IN (b IN c) AS e, (a + b) - -(c + d) AS f",
        "RETURN `x y`.`a``b` AS a, $`x y` AS b, {`1`: 1} AS c, `count`(1) AS d, x:(A|B)&!C AS e, [y IN x WHERE y:A:B | y] AS f",
        "RETURN x[1..] AS a, x[..2] AS b, x[..] AS c, x[1..2][0].z AS d, 'it\\'s \\\\ \n' AS e, 1e300 AS f, 1.5 AS g",
    ];
    for text in STATEMENTS.iter().copied().chain(tricky).chain([long.as_str()]) {
        let shown = show(&parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}")));
        let again = parse(&shown).unwrap_or_else(|problem| panic!("{text}\n{shown}: {problem}"));
        assert_eq!(show(&again), shown, "{text}");
    }
}
