//! What is refused before the run, and what is not.

use std::collections::BTreeMap;

use super::*;
use crate::graph::functions::Types;

fn procedure(call: &ProcedureCall) -> Option<Procedure> {
    let column = |name: &str, types| Output { name: name.to_owned(), types };
    match call.name.as_str() {
        "db.labels" => Some(Procedure { inputs: Vec::new(), outputs: vec![column("label", Types::STRING)] }),
        "test.add" => Some(Procedure {
            inputs: ["a", "b"]
                .map(|name| Input { name: name.to_owned(), types: Types::NUMBER, required: true })
                .to_vec(),
            outputs: vec![column("sum", Types::NUMBER)],
        }),
        _ => None,
    }
}

/// `type/detail`, or nothing if the query passes.
fn checked(text: &str) -> String {
    let statement = crate::lang::graph::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    let parameters = BTreeMap::from([("p".to_owned(), Value::Int(1))]);
    match check(&statement, Context { parameters: &parameters, procedure: &procedure }) {
        Ok(()) => String::new(),
        Err(error) => {
            assert!(error.span.is_some(), "{text}: no place");
            format!("{}/{}", error.kind.name(), error.detail.name())
        }
    }
}

#[test]
fn correct_queries_pass() {
    for text in [
        "MATCH (a)-[r]->(b) WHERE a.x = b.x AND (a)-->(b) RETURN a, r, b",
        "MATCH (a), (b {x: a.x}) RETURN *",
        "CREATE (a:A), (b:B), (a)-[:R {w: 1}]->(b) RETURN a",
        "MATCH (a) MERGE (a)-[:R]-(b:B {x: a.x}) ON CREATE SET b.y = 1 RETURN b",
        "MATCH (n) WITH DISTINCT n.name AS name WHERE n.name = 'B' RETURN name",
        "MATCH (n) RETURN n.age AS age, count(*) AS c ORDER BY n.age, age + count(*)",
        "MATCH (n) WITH n.age AS age ORDER BY n.name, age RETURN age",
        "MATCH (n) RETURN n.age, n.age + count(*)",
        "MATCH (n) RETURN n, {name: n.name, total: count(*)}",
        "MATCH (n) RETURN 1 + count(*), [x IN collect(n) | x.name], $p + sum(n.x)",
        "UNWIND [1, 'a', null] AS x RETURN x + 1",
        "MATCH (n) RETURN [(n)-->(m) WHERE m.x | m.name], exists((n)-->()), COUNT { (n)-->(m) }",
        "MATCH (n) RETURN exists(n.x), exists(n['x']), exists(n[$p]), exists({a: 1}.a)",
        "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WHERE m.x = n.x } RETURN n",
        "MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN n, c",
        "MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN m UNION MATCH (n)<--(m) RETURN m } RETURN n, m",
        "CALL db.labels() YIELD label AS l WHERE l <> 'x' RETURN l",
        "CALL db.labels",
        "RETURN 1 AS x UNION RETURN 2 AS x UNION RETURN 3 AS x",
        "MATCH (n) FOREACH (x IN [1] | SET n.x = x CREATE (:A {x: x}))",
        "MATCH (n) RETURN n ORDER BY n.x SKIP $p LIMIT toInteger(1 + 2)",
        "WITH null AS n MATCH (n) RETURN n",
        "MATCH p = (a)-[rs*]->(b) RETURN length(p), size(rs), [r IN rs | type(r)]",
        "MATCH (a), (b) RETURN shortestPath((a)-[*]-(b))",
        "OPTIONAL MATCH (n) WITH coalesce(n, null) AS m MATCH (m) RETURN m",
        "CREATE (a) WITH * MATCH (b) RETURN a, b",
        "CREATE INDEX FOR (n:A) ON (n.x)",
    ] {
        assert_eq!(checked(text), "", "{text}");
    }
}

#[test]
fn wrong_queries_are_refused() {
    for (text, expected) in [
        ("RETURN x", "SyntaxError/UndefinedVariable"),
        ("MATCH (n) WITH n.x AS x RETURN n", "SyntaxError/UndefinedVariable"),
        ("MATCH (n) WHERE (n)-->(m) RETURN n", "SyntaxError/UndefinedVariable"),
        ("MATCH (n) RETURN DISTINCT n.x ORDER BY n.y", "SyntaxError/UndefinedVariable"),
        (
            "MATCH (n) CALL (n) { RETURN 1 AS one } CALL () { RETURN n.x AS x } RETURN x",
            "SyntaxError/UndefinedVariable",
        ),
        ("CALL db.labels() YIELD lable RETURN lable", "SyntaxError/UndefinedVariable"),
        ("MATCH (r)-[r]-() RETURN r", "SyntaxError/VariableTypeConflict"),
        ("WITH 1 AS n MATCH (n) RETURN n", "SyntaxError/VariableTypeConflict"),
        ("MATCH ()-[r]-() MATCH ()-[r*]-() RETURN r", "SyntaxError/VariableTypeConflict"),
        ("MATCH (a) MATCH a = ()--() RETURN a", "SyntaxError/VariableAlreadyBound"),
        ("MATCH (a) CREATE (a)", "SyntaxError/VariableAlreadyBound"),
        ("MATCH (a) MERGE (a:B)-[:R]->()", "SyntaxError/VariableAlreadyBound"),
        ("MATCH (a) UNWIND [1] AS a RETURN a", "SyntaxError/VariableAlreadyBound"),
        ("MATCH (label) CALL db.labels() YIELD label RETURN label", "SyntaxError/VariableAlreadyBound"),
        ("MATCH (a)-[r]->()-[r]->(a) RETURN r", "SyntaxError/RelationshipUniquenessViolation"),
        ("MATCH (n {x: 1} ) WHERE count(n) > 1 RETURN n", "SyntaxError/InvalidAggregation"),
        ("MATCH (n) RETURN [x IN [1] | count(x)]", "SyntaxError/InvalidAggregation"),
        ("MATCH (n) RETURN n.x ORDER BY max(n.y)", "SyntaxError/InvalidAggregation"),
        ("RETURN count(count(*))", "SyntaxError/NestedAggregation"),
        ("RETURN count(rand())", "SyntaxError/NonConstantExpression"),
        ("MATCH (n) RETURN n.x + count(*)", "SyntaxError/AmbiguousAggregationExpression"),
        ("MATCH (n) RETURN n.x + n.y, n.x + n.y + count(*)", "SyntaxError/AmbiguousAggregationExpression"),
        ("MATCH (n) WITH n.x RETURN 1", "SyntaxError/NoExpressionAlias"),
        ("RETURN 1 AS a, 2 AS a", "SyntaxError/ColumnNameConflict"),
        ("MATCH () RETURN *", "SyntaxError/NoVariablesInScope"),
        ("RETURN 1 AND true", "SyntaxError/InvalidArgumentType"),
        ("RETURN any(x IN ['a'] WHERE x % 2 = 0)", "SyntaxError/InvalidArgumentType"),
        ("MATCH p = ()--() RETURN p.x", "SyntaxError/InvalidArgumentType"),
        ("WITH 1 AS x RETURN x.y", "TypeError/InvalidArgumentType"),
        ("MATCH (n) DELETE 1 + 1", "SyntaxError/InvalidArgumentType"),
        ("MATCH (n) DELETE n:A", "SyntaxError/InvalidDelete"),
        ("CREATE (n {x: {y: 1}})", "TypeError/InvalidPropertyType"),
        ("CREATE (n) SET n.x = [{y: 1}]", "TypeError/InvalidPropertyType"),
        ("RETURN 1 LIMIT -1", "SyntaxError/NegativeIntegerArgument"),
        ("RETURN 1 LIMIT 1.5", "SyntaxError/InvalidArgumentType"),
        ("MATCH (n) RETURN n SKIP n.x", "SyntaxError/NonConstantExpression"),
        ("CREATE (a)-[:R]-(b)", "SyntaxError/RequiresDirectedRelationship"),
        ("CREATE (a)-->(b)", "SyntaxError/NoSingleRelationshipType"),
        ("MERGE (a)-[:A|B]->(b)", "SyntaxError/NoSingleRelationshipType"),
        ("CREATE (a)-[:R*2]->(b)", "SyntaxError/CreatingVarLength"),
        ("MATCH (n $p) RETURN n", "SyntaxError/InvalidParameterUse"),
        ("MATCH (n) RETURN (n)-->()", "SyntaxError/UnexpectedSyntax"),
        ("MATCH (n) RETURN size((n)-->())", "SyntaxError/UnexpectedSyntax"),
        ("MATCH (n) RETURN exists(n)", "SyntaxError/UnexpectedSyntax"),
        ("MATCH (n) WHERE exists(n.x + 1) RETURN n", "SyntaxError/UnexpectedSyntax"),
        ("MATCH (n) RETURN toString((n)-->())", "SyntaxError/UnexpectedSyntax"),
        ("RETURN 1 AS a UNION RETURN 2 AS b", "SyntaxError/DifferentColumnsInUnion"),
        ("RETURN 1 AS a UNION ALL RETURN 2 AS a UNION RETURN 3 AS a", "SyntaxError/InvalidClauseComposition"),
        ("MATCH (n)", "SyntaxError/InvalidClauseComposition"),
        ("CREATE (a) MATCH (b) RETURN b", "SyntaxError/InvalidClauseComposition"),
        ("MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n", "SyntaxError/InvalidClauseComposition"),
        ("FOREACH (x IN [1] | MATCH (n))", "SyntaxError/InvalidClauseComposition"),
        ("RETURN foo(1)", "SyntaxError/UnknownFunction"),
        ("RETURN head()", "SyntaxError/InvalidNumberOfArguments"),
        ("RETURN $q", "ParameterMissing/MissingParameter"),
        ("CALL no.such.thing()", "ProcedureError/ProcedureNotFound"),
        ("CALL test.add(1)", "SyntaxError/InvalidNumberOfArguments"),
        ("CALL test.add(1, 'a')", "SyntaxError/InvalidArgumentType"),
        ("CALL test.add", "ParameterMissing/MissingParameter"),
        ("MATCH (n) CALL test.add YIELD sum RETURN sum", "SyntaxError/InvalidArgumentPassingMode"),
        ("MATCH (n) CALL db.labels() YIELD * RETURN n", "SyntaxError/UnexpectedSyntax"),
    ] {
        assert_eq!(checked(text), expected, "{text}");
    }
}
