//! Functions and procedures of older versions and of libraries of Neo4j, and what has their place here.

/// Functions by their lower-case names.
const FUNCTIONS: &[(&str, &str)] = &[
    ("toint", "toInteger() takes its place"),
    ("str", "toString() takes its place"),
    ("has", "write n.name IS NOT NULL"),
    ("rels", "relationships() takes its place"),
    ("filter", "write [x IN list WHERE …]"),
    ("extract", "write [x IN list | …]"),
    ("lcase", "toLower() takes its place"),
    ("ucase", "toUpper() takes its place"),
    ("len", "size() counts the characters of a string or the elements of a list"),
    ("concat", "strings and lists are joined with +"),
    ("ifnull", "coalesce() takes its place"),
    ("isnull", "write n.name IS NULL"),
    ("now", "datetime() is the present moment, date() today, timestamp() milliseconds since 1970"),
];

/// Algorithms of the Graph Data Science library, by their lower-case names without library and mode.
const ALGORITHMS: &[(&str, &str)] = &[
    ("allshortestpaths", "algo.allPairs"),
    ("allshortestpaths.delta", "algo.distances"),
    ("allshortestpaths.dijkstra", "algo.distances"),
    ("articulationpoints", "algo.articulationPoints"),
    ("bellmanford", "algo.bellmanFord"),
    ("betweenness", "algo.betweenness"),
    ("bfs", "algo.bfs"),
    ("bridges", "algo.bridges"),
    ("closeness", "algo.closeness"),
    ("dag.topologicalsort", "algo.topologicalSort"),
    ("degree", "algo.degree"),
    ("dfs", "algo.dfs"),
    ("eigenvector", "algo.eigenvector"),
    ("hits", "algo.hits"),
    ("k1coloring", "algo.coloring"),
    ("kcore", "algo.kCore"),
    ("labelpropagation", "algo.labelPropagation"),
    ("leiden", "algo.leiden"),
    ("localclusteringcoefficient", "algo.triangleCount"),
    ("louvain", "algo.louvain"),
    ("maxflow", "algo.maxFlow"),
    ("nodesimilarity", "algo.nodeSimilarity"),
    ("pagerank", "algo.pageRank"),
    ("scc", "algo.stronglyConnectedComponents"),
    ("shortestpath", "algo.shortestPath"),
    ("shortestpath.astar", "algo.aStar"),
    ("shortestpath.dijkstra", "algo.shortestPath"),
    ("shortestpath.yens", "algo.kShortestPaths"),
    ("spanningtree", "algo.minSpanningTree"),
    ("steinertree", "algo.steinerTree"),
    ("topologicalsort", "algo.topologicalSort"),
    ("trianglecount", "algo.triangleCount"),
    ("triangles", "algo.triangleCount"),
    ("unionfind", "algo.components"),
    ("wcc", "algo.components"),
];

/// The endings of algorithms' names that say what becomes of the answer.
const MODES: [&str; 4] = [".stream", ".stats", ".mutate", ".write"];

const NO_APOC: &str = "APOC is a library of Neo4j that is not here; SHOW FUNCTIONS and SHOW PROCEDURES list what is";
const NO_PROJECTION: &str = "there are no projections to make: algorithms run on the graph itself, and settings choose the part, as in CALL algo.pageRank({labels: ['Person'], types: ['KNOWS']})";

/// What stands for a function that is not here.
pub fn function(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let said = match name.as_str() {
        "gds.util.asnode" | "algo.asnode" => "the algorithms here yield nodes, not their ids: leave it out",
        _ if name.starts_with("gds.graph.") => NO_PROJECTION,
        _ if name.starts_with("apoc.") => NO_APOC,
        _ => FUNCTIONS.iter().find(|(other, _)| *other == name)?.1,
    };
    Some(said.to_owned())
}

/// What stands for a procedure that is not here.
pub fn procedure(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    if let Some(algorithm) = name.strip_prefix("gds.").or_else(|| name.strip_prefix("algo.")) {
        return of_algorithm(algorithm);
    }
    let said = match name.as_str() {
        _ if name.starts_with("apoc.") => NO_APOC,
        _ if name.starts_with("db.index.fulltext.") => "there are no full-text indexes: write CONTAINS or =~",
        _ if name.starts_with("db.index.vector.") => {
            "there are no vector indexes: ORDER BY vector.similarity.cosine(n.embedding, $query) DESC LIMIT 10"
        }
        _ if name.starts_with("db.schema.") => {
            "CALL db.stats() counts labels and types; SHOW INDEXES and SHOW CONSTRAINTS list those"
        }
        "db.awaitindex" | "db.awaitindexes" | "db.resampleindex" => {
            "leave it out: an index is ready when CREATE INDEX has answered"
        }
        _ => return None,
    };
    Some(said.to_owned())
}

fn of_algorithm(name: &str) -> Option<String> {
    if name.starts_with("graph.") {
        return Some(NO_PROJECTION.to_owned());
    }
    let name = name.strip_suffix(".estimate").unwrap_or(name);
    let name = MODES.iter().find_map(|mode| name.strip_suffix(mode)).unwrap_or(name);
    let name = ["alpha.", "beta."].iter().find_map(|tier| name.strip_prefix(tier)).unwrap_or(name);
    let (_, here) = ALGORITHMS.iter().find(|(other, _)| *other == name)?;
    Some(format!("here it is {here}, on the graph itself, without a projection; `help {here}` shows its form"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::algorithms;

    #[test]
    fn algorithms_that_are_named_are_here() {
        for (other, here) in ALGORITHMS {
            assert!(algorithms::ALL.iter().any(|algorithm| algorithm.name == *here), "{here} for {other}");
        }
    }

    #[test]
    fn a_mode_and_a_tier_are_no_part_of_the_name() {
        for name in ["gds.wcc.stream", "gds.alpha.WCC.write", "algo.unionFind.stream", "gds.wcc.stream.estimate"] {
            let hint = procedure(name);
            assert!(hint.is_some_and(|hint| hint.contains("algo.components")), "{name}");
        }
        assert_eq!(procedure("my.own"), None);
    }
}
