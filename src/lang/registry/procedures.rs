//! Procedures of the graph language: what CALL finds by name.

use super::{Entry, Kind};

const READS: Entry = Entry { kind: Kind::Procedure, ..Entry::GRAPH };
const WRITES: Entry = Entry { kind: Kind::Procedure, writes: true, ..Entry::GRAPH };

/// Three towns; the way over B is the shorter one.
const ROADS: &str = "CREATE (a:Town {name: 'A', x: 0, y: 0})-[:ROAD {km: 4}]->(b:Town {name: 'B', x: 3, y: 0})-[:ROAD {km: 1}]->(c:Town {name: 'C', x: 3, y: 1}), (a)-[:ROAD {km: 7}]->(c);";

/// A circle of three people, and one more.
const PEOPLE: &str = "CREATE (ann:Person {name: 'Ann'})-[:KNOWS]->(bob:Person {name: 'Bob'})-[:KNOWS]->(cid:Person {name: 'Cid'})-[:KNOWS]->(ann), (cid)-[:KNOWS]->(:Person {name: 'Dan'});";

const LABELS: (&str, &str) = ("labels: ['Person']", "nodes with one of these labels; label: 'Person' for one");
const TYPES: (&str, &str) = ("types: ['KNOWS']", "relationships of one of these types; type: 'KNOWS' for one");
const DIRECTION: (&str, &str) = ("direction: 'both'", "'out' as they point, 'in' against that, or 'both' ways");
const WEIGHT: (&str, &str) =
    ("weight: 'km'", "the property that holds a relationship's weight; without it all weigh 1");
const DEFAULT: (&str, &str) = ("defaultWeight: 1", "the weight of a relationship without that property");
const WRITE: (&str, &str) = (
    "write: 'key'",
    "sets the answer as this property and answers written, propertiesSet; {column: 'key'} for several",
);
const MAX_RESULTS: (&str, &str) = ("maxResults: 1000000", "more answers than that are an error");
const ITERATIONS: (&str, &str) = ("iterations: 100", "repetitions after which it is an error if scores still move");
const TOLERANCE: (&str, &str) = ("tolerance: 1e-6", "scores that move by less on the average have settled");

/// Kind, group, name, arguments, columns; summary; complexity; own options, then those of the projection;
/// examples.
macro_rules! procedures {
    ($($kind:ident $group:literal $name:literal ($arguments:literal) $columns:literal
        $summary:literal $complexity:literal [$($own:expr),*] $projection:ident $examples:tt;)*) => {
        &[$(Entry {
            name: $name,
            group: $group,
            syntax: concat!("CALL ", $name, "(", $arguments, ") YIELD ", $columns),
            summary: $summary,
            complexity: $complexity,
            options: procedures!(@ $projection [$($own),*]),
            examples: &$examples,
            ..$kind
        }),*]
    };
    (@ projected [$($own:expr),*]) => { &[$($own,)* LABELS, TYPES, DIRECTION, WEIGHT, DEFAULT] };
    (@ written [$($own:expr),*]) => { &[$($own,)* LABELS, TYPES, DIRECTION, WEIGHT, DEFAULT, WRITE] };
    (@ plain [$($own:expr),*]) => { &[$($own,)*] };
}

/// By group, then by name.
pub const ENTRIES: &[Entry] = procedures! {
    READS "path algorithm" "algo.aStar" ("start, end, settings") "path, cost"
        "The cheapest path between two nodes with positions: the straight way guides the search (A*)."
        "O((V + E) log V)"
        [("x: 'x', y: 'y'", "the properties that hold a position in the plane"),
         ("latitude: 'lat', longitude: 'lon'", "or one on the earth, in degrees; weights are kilometres then")] projected
        [ROADS,
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.aStar(a, c, {weight: 'km', x: 'x', y: 'y'}) YIELD path, cost RETURN [n IN nodes(path) | n.name] AS way, cost;"];
    READS "path algorithm" "algo.allPairs" ("[settings]") "source, target, distance"
        "The cost of the cheapest path from every node to every other one that it reaches (Johnson)."
        "O(V (V + E) log V)" [MAX_RESULTS] projected
        [ROADS,
         "CALL algo.allPairs({weight: 'km'}) YIELD source, target, distance RETURN source.name, target.name, distance;"];
    READS "path algorithm" "algo.allSimplePaths" ("start, end[, settings]") "path, length"
        "All paths between two nodes that visit no node twice; `maxLength` (default 8) bounds them."
        "O(paths · length · degree)"
        [("maxLength: 8", "the most relationships of a path"), MAX_RESULTS] projected
        [ROADS,
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.allSimplePaths(a, c) YIELD path RETURN [n IN nodes(path) | n.name] AS way;"];
    WRITES "path algorithm" "algo.bellmanFord" ("start[, settings]") "node, distance, path"
        "The cheapest path to every node that can be reached; weights may be negative (Bellman-Ford)."
        "O(V E)" [] written
        [ROADS,
         "MATCH (a {name: 'A'}) CALL algo.bellmanFord(a, {weight: 'km'}) YIELD node, distance RETURN node.name, distance;"];
    WRITES "path algorithm" "algo.bfs" ("start[, settings]") "node, depth"
        "The nodes that can be reached, nearest first, with their depth; `maxDepth` bounds it."
        "O(V + E)" [("maxDepth: 3", "how many relationships it goes at most")] written
        [PEOPLE,
         "MATCH (ann {name: 'Ann'}) CALL algo.bfs(ann, {maxDepth: 2}) YIELD node, depth RETURN node.name, depth;"];
    WRITES "path algorithm" "algo.dfs" ("start[, settings]") "node, position"
        "The nodes that can be reached, in the order of a walk in depth."
        "O(V + E)" [] written
        [PEOPLE, "MATCH (ann {name: 'Ann'}) CALL algo.dfs(ann) YIELD node, position RETURN node.name, position;"];
    WRITES "path algorithm" "algo.distances" ("start[, settings]") "node, distance"
        "The cost of the cheapest path to every node that can be reached (Dijkstra, by weight)."
        "O((V + E) log V)" [] written
        [ROADS,
         "MATCH (a {name: 'A'}) CALL algo.distances(a, {weight: 'km'}) YIELD node, distance RETURN node.name, distance;",
         "MATCH (a {name: 'A'}) CALL algo.distances(a, {weight: 'km', write: 'far'}) YIELD written RETURN written;"];
    READS "path algorithm" "algo.isReachable" ("start, end[, settings]") "reachable"
        "Whether a path leads from one node to another, along the directions of the relationships."
        "O(V + E)" [] projected
        [PEOPLE,
         "MATCH (ann {name: 'Ann'}), (dan {name: 'Dan'}) CALL algo.isReachable(dan, ann) YIELD reachable RETURN reachable;"];
    READS "path algorithm" "algo.kShortestPaths" ("start, end[, settings]") "index, path, cost"
        "The `k` (default 3) cheapest paths between two nodes that visit no node twice (Yen)."
        "O(k V (V + E) log V)" [("k: 3", "how many")] projected
        [ROADS,
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.kShortestPaths(a, c, {weight: 'km', k: 2}) YIELD index, cost RETURN index, cost;"];
    READS "path algorithm" "algo.shortestPath" ("start, end[, settings]") "path, cost"
        "The cheapest path between two nodes (Dijkstra, by weight)."
        "O((V + E) log V)" [] projected
        [ROADS,
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.shortestPath(a, c) YIELD path RETURN length(path);",
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.shortestPath(a, c, {weight: 'km'}) YIELD path, cost RETURN [n IN nodes(path) | n.name] AS way, cost;"];
    READS "structure algorithm" "algo.articulationPoints" ("[settings]") "node"
        "Nodes whose removal parts a component."
        "O(V + E)" [] projected
        [PEOPLE, "CALL algo.articulationPoints() YIELD node RETURN node.name;"];
    READS "structure algorithm" "algo.bridges" ("[settings]") "relationship"
        "Relationships whose removal parts a component."
        "O(V + E)" [] projected
        [PEOPLE, "CALL algo.bridges() YIELD relationship AS r RETURN startNode(r).name, endNode(r).name;"];
    WRITES "structure algorithm" "algo.components" ("[settings]") "node, component"
        "The weakly connected component of each node, named by its smallest node id."
        "O((V + E) α(V))" [] written
        [PEOPLE,
         "CALL algo.components() YIELD node, component RETURN component, count(node) AS size;",
         "CALL algo.components({labels: ['Person'], write: 'part'});"];
    READS "structure algorithm" "algo.cycles" ("[settings]") "path, length"
        "All cycles that visit no node twice, shortest and smallest first; `maxLength` bounds them."
        "O((V + E)(cycles + V))"
        [("maxLength: 5", "the most relationships of a cycle"), MAX_RESULTS] projected
        [PEOPLE, "CALL algo.cycles({maxLength: 3}) YIELD path, length RETURN [n IN nodes(path) | n.name] AS circle, length;"];
    READS "structure algorithm" "algo.dominators" ("start[, settings]") "node, dominator"
        "For each node that can be reached the last node that every way to it leads through."
        "O(V²), mostly linear" [] projected
        [PEOPLE,
         "MATCH (ann {name: 'Ann'}) CALL algo.dominators(ann) YIELD node, dominator RETURN node.name, dominator.name;"];
    WRITES "structure algorithm" "algo.stronglyConnectedComponents" ("[settings]") "node, component"
        "The strongly connected component of each node, named by its smallest node id (Kosaraju)."
        "O(V + E)" [] written
        [PEOPLE,
         "CALL algo.stronglyConnectedComponents() YIELD node, component RETURN component, collect(node.name) AS names;"];
    WRITES "structure algorithm" "algo.topologicalSort" ("[settings]") "node, position"
        "The nodes in an order in which every relationship points forward; an error names a cycle."
        "O(V + E)" [] written
        [ROADS, "CALL algo.topologicalSort({labels: ['Town']}) YIELD node, position RETURN node.name, position;"];
    WRITES "centrality algorithm" "algo.betweenness" ("[settings]") "node, score"
        "How many shortest paths lead through a node (Brandes); read both ways, each pair counts once."
        "O(V E)" [] written
        [PEOPLE, "CALL algo.betweenness() YIELD node, score RETURN node.name, score LIMIT 3;"];
    WRITES "centrality algorithm" "algo.closeness" ("[settings]") "node, score"
        "How near a node is to those it reaches (Wasserman and Faust's form for parted graphs)."
        "O(V (V + E))" [] written
        [PEOPLE, "CALL algo.closeness() YIELD node, score RETURN node.name, score LIMIT 3;"];
    WRITES "centrality algorithm" "algo.degree" ("[settings]") "node, degree, weight"
        "How many relationships a node has, and what they weigh together; `direction` chooses which."
        "O(V + E)" [] written
        [PEOPLE,
         "CALL algo.degree({direction: 'out'}) YIELD node, degree RETURN node.name, degree;",
         "CALL algo.degree({direction: 'in', write: {degree: 'known', weight: 'load'}});"];
    WRITES "centrality algorithm" "algo.eigenvector" ("[settings]") "node, score"
        "Eigenvector centrality by weight: a node's score is in proportion to those that point to it."
        "O(iterations · (V + E))" [ITERATIONS, TOLERANCE] written
        [PEOPLE, "CALL algo.eigenvector({direction: 'both'}) YIELD node, score RETURN node.name, round(score, 3);"];
    WRITES "centrality algorithm" "algo.hits" ("[settings]") "node, hub, authority"
        "Hubs and authorities by weight (HITS); the scores of each kind add up to 1."
        "O(iterations · (V + E))" [ITERATIONS, ("tolerance: 1e-9", "scores that move by less on the average have settled")] written
        [ROADS, "CALL algo.hits({weight: 'km'}) YIELD node, hub, authority RETURN node.name, round(hub, 3), round(authority, 3);"];
    WRITES "centrality algorithm" "algo.katz" ("[settings]") "node, score"
        "Katz centrality by weight: all ways that lead to a node, longer ones damped by `alpha` (0.1)."
        "O(iterations · (V + E))"
        [("alpha: 0.1", "how much of a score each step hands on"), ("beta: 1.0", "what every node has from the start"),
         ITERATIONS, TOLERANCE] written
        [PEOPLE, "CALL algo.katz({alpha: 0.2}) YIELD node, score RETURN node.name, round(score, 3);"];
    WRITES "centrality algorithm" "algo.pageRank" ("[settings]") "node, score"
        "PageRank by weight; the scores add up to 1."
        "O(iterations · (V + E))"
        [("damping: 0.85", "how likely a walker follows a relationship rather than jumps"),
         ("iterations: 20", "repetitions at most"), ("tolerance: 1e-7", "it ends when all scores together move by less"),
         ("sources: [node, …]", "jumps lead to these nodes only: personalised PageRank")] written
        [PEOPLE,
         "CALL algo.pageRank({labels: ['Person'], types: ['KNOWS']}) YIELD node, score RETURN node.name, round(score, 3);",
         "CALL algo.pageRank({damping: 0.9, write: 'rank'}) YIELD propertiesSet RETURN propertiesSet;"];
    READS "community algorithm" "algo.clusteringCoefficient" ("[settings]") "average, transitivity, triangles"
        "The mean clustering coefficient, the transitivity and the number of triangles of the graph."
        "O(E √E)" [] projected
        [PEOPLE, "CALL algo.clusteringCoefficient() YIELD average, transitivity RETURN average, transitivity;"];
    WRITES "community algorithm" "algo.coloring" ("[settings]") "node, color"
        "A colour for each node, different from its neighbours' (DSatur)."
        "O((V + E) log V)" [] written
        [PEOPLE, "CALL algo.coloring() YIELD node, color RETURN color, collect(node.name) AS names;"];
    WRITES "community algorithm" "algo.kCore" ("[settings]") "node, core"
        "The core number of each node: the greatest k such that it is in a part where all have k neighbours."
        "O(V + E)" [] written
        [PEOPLE, "CALL algo.kCore() YIELD node, core RETURN node.name, core;"];
    WRITES "community algorithm" "algo.labelPropagation" ("[settings]") "node, community"
        "Communities: each node takes the name that weighs most among its neighbours."
        "O(iterations · (V + E))" [("iterations: 10", "rounds at most"), ("seed: 1", "another one draws another order of the nodes")] written
        [PEOPLE, "CALL algo.labelPropagation() YIELD node, community RETURN community, collect(node.name) AS names;"];
    WRITES "community algorithm" "algo.leiden" ("[settings]") "node, community"
        "Communities of high modularity that hang together, by weight (Leiden)."
        "about O(E log V)" [("resolution: 1.0", "higher ones give more and smaller communities")] written
        [PEOPLE, "CALL algo.leiden() YIELD node, community RETURN community, collect(node.name) AS names;"];
    WRITES "community algorithm" "algo.louvain" ("[settings]") "node, community"
        "Communities of high modularity, by weight (Louvain)."
        "about O(E log V)" [("resolution: 1.0", "higher ones give more and smaller communities")] written
        [PEOPLE,
         "CALL algo.louvain() YIELD node, community RETURN community, collect(node.name) AS names;",
         "CALL algo.louvain({resolution: 0.5, write: 'community'});"];
    READS "community algorithm" "algo.maximalCliques" ("[settings]") "nodes, size"
        "Groups of nodes that are all related to one another, as large as they can be (Bron-Kerbosch)."
        "O(3^(V/3))" [("minSize: 1", "the fewest nodes of a group"), MAX_RESULTS] projected
        [PEOPLE, "CALL algo.maximalCliques({minSize: 3}) YIELD nodes RETURN [n IN nodes | n.name] AS names;"];
    READS "community algorithm" "algo.nodeSimilarity" ("[settings]") "node1, node2, similarity"
        "Pairs of nodes that share neighbours, the likest first: `metric` 'jaccard', 'overlap' or 'cosine'."
        "O(Σ degree²)"
        [("metric: 'jaccard'", "what is shared of all, 'overlap': of the smaller set, or 'cosine'"),
         ("cutoff: 0.0", "leaves out pairs that are less alike"),
         ("topK: 10", "only so many pairs for each node; a pair then counts for both"), MAX_RESULTS] projected
        [PEOPLE,
         "CALL algo.nodeSimilarity({direction: 'both'}) YIELD node1, node2, similarity RETURN node1.name, node2.name, similarity;"];
    WRITES "community algorithm" "algo.triangleCount" ("[settings]") "node, triangles, coefficient"
        "Triangles that each node is part of, and its local clustering coefficient."
        "O(E √E)" [] written
        [PEOPLE, "CALL algo.triangleCount() YIELD node, triangles, coefficient RETURN node.name, triangles, coefficient;"];
    READS "network algorithm" "algo.isIsomorphic" ("first, second") "isomorphic"
        "Whether two parts of the graph, each chosen by settings, have the same form (VF2)."
        "exponential at worst" [] projected
        [PEOPLE, ROADS, "CALL algo.isIsomorphic({labels: ['Town']}, {labels: ['Person']}) YIELD isomorphic RETURN isomorphic;"];
    READS "network algorithm" "algo.matching" ("[settings]") "relationship, node1, node2"
        "As many relationships as can be chosen so that no node has two of them (Edmonds)."
        "O(V² E)" [] projected
        [PEOPLE, "CALL algo.matching() YIELD node1, node2 RETURN node1.name, node2.name;"];
    READS "network algorithm" "algo.maxFlow" ("source, target[, settings]") "flow"
        "How much can flow from one node to another; weights are capacities (Dinic)."
        "O(V² E)" [] projected
        [ROADS, "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.maxFlow(a, c, {weight: 'km'}) YIELD flow RETURN flow;"];
    WRITES "network algorithm" "algo.minCut" ("source, target[, settings]") "relationship, capacity"
        "The relationships of least weight whose removal leaves no path from one node to another."
        "O(V² E)" [] written
        [ROADS,
         "MATCH (a {name: 'A'}), (c {name: 'C'}) CALL algo.minCut(a, c, {weight: 'km'}) YIELD relationship AS r RETURN startNode(r).name, endNode(r).name, r.km;"];
    WRITES "network algorithm" "algo.minSpanningTree" ("[settings]") "relationship, weight"
        "The relationships of a spanning forest of the least weight, read both ways (Kruskal)."
        "O(E log E)" [] written
        [ROADS, "CALL algo.minSpanningTree({weight: 'km'}) YIELD relationship AS r, weight RETURN startNode(r).name, endNode(r).name, weight;"];
    WRITES "network algorithm" "algo.steinerTree" ("terminals[, settings]") "relationship, weight"
        "Relationships of small weight that join all given nodes: at most twice the least (Mehlhorn)."
        "O(E log V)" [] written
        [ROADS,
         "MATCH (t:Town) WHERE t.name <> 'B' WITH collect(t) AS towns CALL algo.steinerTree(towns, {weight: 'km'}) YIELD weight RETURN sum(weight);"];
    READS "catalogue procedure" "db.constraints" ("") "name, type, entityType, labelsOrTypes, properties, ownedIndex, propertyType"
        "All constraints." "" [] plain
        ["CALL db.constraints();", "CALL db.constraints() YIELD name RETURN count(name);"];
    READS "catalogue procedure" "db.indexes" ("") "name, state, type, entityType, labelsOrTypes, properties, owningConstraint, id, populationPercent, entries, distinctValues"
        "All property indexes." "" [] plain
        ["CALL db.indexes();", "CALL db.indexes() YIELD name, labelsOrTypes RETURN name, labelsOrTypes;"];
    READS "catalogue procedure" "db.labels" ("") "label"
        "All labels in use." "" [] plain
        [PEOPLE, "CALL db.labels();"];
    READS "catalogue procedure" "db.propertyKeys" ("") "propertyKey"
        "All property keys ever used." "" [] plain
        [PEOPLE, "CALL db.propertyKeys();"];
    READS "catalogue procedure" "db.relationshipTypes" ("") "relationshipType"
        "All relationship types in use." "" [] plain
        [PEOPLE, "CALL db.relationshipTypes();"];
    READS "catalogue procedure" "db.stats" ("") "kind, name, count"
        "Counts of nodes and relationships, in all and by label and type." "" [] plain
        [PEOPLE, "CALL db.stats();"];
    READS "catalogue procedure" "dbms.functions" ("") "name, category, signature, aggregating"
        "All functions." "" [] plain
        ["CALL dbms.functions() YIELD name WHERE name STARTS WITH 'date' RETURN name;", "SHOW FUNCTIONS;"];
    READS "catalogue procedure" "dbms.procedures" ("") "name, signature, description, mode"
        "All procedures." "" [] plain
        ["CALL dbms.procedures() YIELD name WHERE name STARTS WITH 'algo.' RETURN name;", "SHOW PROCEDURES;"];
};
