#!/usr/bin/env python3
"""The graph algorithms against networkx, on random graphs.

    python3 tests/algorithms.py target/release/trine [rounds [seed]]

Directed and undirected, weighted and not, with parallel relationships, loops, parts that do not hang together,
no node and one node. What is exact must be equal; what is approximate must be as good.
"""

import itertools
import json
import math
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict

import networkx as nx


class Case:
    """A graph, and the questions about it with what is expected of the answers."""

    def __init__(self, rng, nodes, edges, positions=None):
        self.rng, self.n, self.edges = rng, nodes, edges
        self.script = [":reset"]
        self.checks = [None]
        # Other nodes and relationships beside those that are asked about, or such that are gone again.
        self.others = rng.choice(["none", "there", "gone"])
        if self.others != "none":
            self.run("UNWIND range(1, 3) AS x CREATE (:X)-[:R {w: 1}]->(:X:Y)-[:S]->(:Y);")
        if nodes:
            places = positions or [(0, 0)] * nodes
            listed = ", ".join(f"[{x}, {y}]" for x, y in places)
            self.run(f"UNWIND range(0, {nodes - 1}) AS i WITH i, [{listed}][i] AS p CREATE (:N {{i: i, x: p[0], y: p[1]}});")
        if edges:
            rows = ", ".join(f"[{a}, {b}, {w}, {k}]" for k, (a, b, w) in enumerate(edges))
            self.run(f"UNWIND [{rows}] AS e MATCH (a:N {{i: e[0]}}), (b:N {{i: e[1]}}) CREATE (a)-[:R {{w: e[2], k: e[3]}}]->(b);")
        if self.others != "none":
            self.run("MATCH (x:X), (n:N) WHERE n.i % 2 = 0 CREATE (x)-[:R {w: 1}]->(n)-[:S {w: 1}]->(x);")
            self.run("MATCH (a:N), (b:N) WHERE a.i = b.i + 1 CREATE (a)-[:S {w: 1}]->(b), (a)-[:T]->(a);")
        if self.others == "gone":
            self.run("CALL algo.degree() YIELD degree RETURN count(degree);")
            self.run("MATCH (x) WHERE NOT x:N DETACH DELETE x;")
            self.run("MATCH ()-[r:S|T]->() DELETE r;")
        self.multi = nx.MultiDiGraph()
        self.multi.add_nodes_from(range(nodes))
        self.both = nx.MultiGraph()
        self.both.add_nodes_from(range(nodes))
        for key, (a, b, w) in enumerate(edges):
            self.multi.add_edge(a, b, key=key, w=w)
            self.both.add_edge(a, b, key=key, w=w)
        self.simple = nx.Graph((a, b) for a, b, _ in edges if a != b)
        self.simple.add_nodes_from(range(nodes))
        self.is_simple = len({(a, b) for a, b, _ in edges}) == len(edges)
        self.directed = nx.DiGraph()
        self.directed.add_nodes_from(range(nodes))
        for a, b, w in edges:
            before = self.directed.get_edge_data(a, b, {"w": 0, "least": math.inf})
            self.directed.add_edge(a, b, w=before["w"] + w, least=min(before["least"], w))

    def run(self, statement):
        self.script.append(statement)
        self.checks.append(None)

    def ask(self, query, check):
        """`check` gets the rows, or the message of an error as a string; it asserts."""
        self.script.append(self.chosen(query) if self.others == "there" else query)
        self.checks.append(check)

    def chosen(self, query):
        """The query about the right labels and types only."""
        parts = re.fullmatch(r"(.*CALL algo\.(\w+)\()(.*)(\) YIELD .*)", query)
        if not parts or parts[2] == "isIsomorphic":
            return query
        choice = "labels: ['N'], types: ['R']}"
        settings = parts[3]
        if settings.endswith("}"):
            settings = settings[:-1] + ", " + choice
        else:
            settings += (", {" if settings else "{") + choice
        return parts[1] + settings + parts[4]


def near(a, b, tolerance=1e-6):
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)


def same(found, expected, tolerance=1e-6):
    assert found.keys() == expected.keys(), (found, expected)
    for key in found:
        assert near(found[key], expected[key], tolerance), (key, found[key], expected[key])


def partition(rows):
    groups = defaultdict(set)
    for node, group in rows:
        groups[group].add(node)
    return sorted(map(sorted, groups.values()))


def paths(case):
    rng, multi, n = case.rng, case.multi, case.n
    start, end = rng.randrange(n), rng.randrange(n)

    def bfs(rows):
        assert dict(map(tuple, rows)) == nx.single_source_shortest_path_length(multi, start)
        assert [d for _, d in rows] == sorted(d for _, d in rows)

    case.ask(f"MATCH (a {{i: {start}}}) CALL algo.bfs(a) YIELD node, depth RETURN node.i, depth", bfs)

    def dfs(rows):
        order = [node for (node,) in rows]
        assert set(order) == {start} | nx.descendants(multi, start) and order[0] == start
        stack, seen = [start], {start}
        for node in order[1:]:
            while not set(multi.successors(stack[-1])) - seen:
                stack.pop()
            assert node in multi.successors(stack[-1])
            seen.add(node)
            stack.append(node)

    case.ask(f"MATCH (a {{i: {start}}}) CALL algo.dfs(a) YIELD node RETURN node.i", dfs)
    for direction, graph in [("out", multi), ("in", multi.reverse()), ("both", case.both)]:
        costs = nx.single_source_dijkstra_path_length(graph, start, weight="w")
        case.ask(
            f"MATCH (a {{i: {start}}}) CALL algo.distances(a, {{weight: 'w', direction: '{direction}'}}) "
            "YIELD node, distance RETURN node.i, distance",
            lambda rows, costs=costs: same(dict(map(tuple, rows)), costs),
        )
        for weight in [None, "w"]:
            settings = f"{{direction: '{direction}'" + (", weight: 'w'}" if weight else "}")
            least = nx.single_source_dijkstra_path_length(graph, start, weight=weight or (lambda *_: 1)).get(end)

            def shortest(rows, graph=graph, least=least, weight=weight):
                if least is None:
                    assert rows == []
                    return
                [[nodes, keys, cost]] = rows
                assert near(cost, least) and nodes[0] == start and nodes[-1] == end
                total = 0
                for a, b, key in zip(nodes, nodes[1:], keys):
                    total += graph.edges[a, b, key]["w"] if weight else 1
                assert near(total, cost), (total, cost)

            case.ask(
                f"MATCH (a {{i: {start}}}), (b {{i: {end}}}) CALL algo.shortestPath(a, b, {settings}) YIELD path, cost "
                "RETURN [n IN nodes(path) | n.i], [r IN relationships(path) | r.k], cost",
                shortest,
            )
    case.ask(
        f"MATCH (a {{i: {start}}}), (b {{i: {end}}}) CALL algo.isReachable(a, b) YIELD reachable RETURN reachable",
        lambda rows: [[nx.has_path(multi, start, end)]] == rows or fail(rows),
    )
    pairs = {(a, b): d for a, ds in nx.all_pairs_dijkstra_path_length(multi, weight="w") for b, d in ds.items() if a != b}
    case.ask(
        "CALL algo.allPairs({weight: 'w'}) YIELD source, target, distance RETURN source.i, target.i, distance",
        lambda rows: same({(a, b): d for a, b, d in rows}, pairs),
    )
    hops = {(a, b): d for a, ds in nx.all_pairs_shortest_path_length(multi) for b, d in ds.items() if a != b}
    case.ask(
        "CALL algo.allPairs() YIELD source, target, distance RETURN source.i, target.i, distance",
        lambda rows: same({(a, b): d for a, b, d in rows}, hops),
    )
    if start != end:
        every = {tuple(key for _, _, key in way) for way in nx.all_simple_edge_paths(multi, start, end, cutoff=4)}
        case.ask(
            f"MATCH (a {{i: {start}}}), (b {{i: {end}}}) CALL algo.allSimplePaths(a, b, {{maxLength: 4}}) YIELD path "
            "RETURN [r IN relationships(path) | r.k]",
            lambda rows: {tuple(way) for (way,) in rows} == every and len(rows) == len(every) or fail(rows, every),
        )
        if case.is_simple:
            try:
                ways = list(itertools.islice(nx.shortest_simple_paths(case.directed, start, end, weight="w"), 6))
            except nx.NetworkXNoPath:
                ways = []
            costs = [nx.path_weight(case.directed, way, "w") for way in ways]

            def yen(rows):
                assert [cost for _, _, cost in rows] == costs, (rows, costs)
                assert len({tuple(nodes) for _, nodes, _ in rows}) == len(rows)
                assert all(near(nx.path_weight(case.directed, nodes, "w"), cost) for _, nodes, cost in rows)

            case.ask(
                f"MATCH (a {{i: {start}}}), (b {{i: {end}}}) CALL algo.kShortestPaths(a, b, {{k: 6, weight: 'w'}}) "
                "YIELD index, path, cost RETURN index, [n IN nodes(path) | n.i], cost",
                yen,
            )


def fail(*what):
    raise AssertionError(what)


def structure(case):
    multi, both, n = case.multi, case.both, case.n
    case.ask(
        "CALL algo.components() YIELD node, component RETURN node.i, component",
        lambda rows: partition(rows) == sorted(map(sorted, nx.weakly_connected_components(multi))) or fail(rows),
    )
    for settings in ["", "{direction: 'in'}"]:
        case.ask(
            f"CALL algo.stronglyConnectedComponents({settings}) YIELD node, component RETURN node.i, component",
            lambda rows: partition(rows) == sorted(map(sorted, nx.strongly_connected_components(multi))) or fail(rows),
        )
    # Ids and numbers differ by as much for all nodes of a case: an error names ids.
    case.ask("MATCH (n:N) RETURN min(id(n) - n.i)", lambda rows: setattr(case, "first", rows[0][0] or 0))

    def topological(rows):
        if isinstance(rows, str):
            circle = [int(id) - case.first for id in rows.split("nodes ")[1].split(" → ")]
            assert circle[0] == circle[-1] and all(multi.has_edge(a, b) for a, b in zip(circle, circle[1:])), rows
            return
        at = {node: position for node, position in rows}
        assert len(at) == n and all(at[a] < at[b] for a, b in multi.edges())

    def topological_right(rows):
        assert isinstance(rows, str) != nx.is_directed_acyclic_graph(multi), rows
        topological(rows)

    case.ask("CALL algo.topologicalSort() YIELD node, position RETURN node.i, position", topological_right)
    case.ask(
        "CALL algo.bridges() YIELD relationship RETURN relationship.k",
        lambda rows: sorted(key for (key,) in rows) == sorted(bridge_keys(both)) or fail(rows, bridge_keys(both)),
    )
    case.ask(
        "CALL algo.articulationPoints() YIELD node RETURN node.i",
        lambda rows: {node for (node,) in rows} == set(nx.articulation_points(both)) or fail(rows),
    )
    if n:
        start = case.rng.randrange(n)
        expected = {a: b for a, b in nx.immediate_dominators(case.directed, start).items() if a != start}
        case.ask(
            f"MATCH (a {{i: {start}}}) CALL algo.dominators(a) YIELD node, dominator RETURN node.i, dominator.i",
            lambda rows, expected=expected: {a: b for a, b in rows if a != start} == expected or fail(rows, expected),
        )
    if case.is_simple and len(case.edges) <= 2 * n <= 40:
        for bound in [None, 4]:
            expected = {rotated(way) for way in nx.simple_cycles(case.directed, length_bound=bound)}
            settings = f"{{maxLength: {bound}}}" if bound else ""
            case.ask(
                f"CALL algo.cycles({settings}) YIELD path RETURN [n IN nodes(path) | n.i]",
                lambda rows, expected=expected: len(rows) == len(expected)
                and {rotated(way[:-1]) for (way,) in rows} == expected
                or fail(rows, expected),
            )
        if len({frozenset(edge[:2]) for edge in case.edges}) == len(case.edges):
            loose = nx.Graph(both)
            expected = {unturned(way) for way in nx.simple_cycles(loose)}
            case.ask(
                "CALL algo.cycles({direction: 'both'}) YIELD path RETURN [n IN nodes(path) | n.i]",
                lambda rows: len(rows) == len(expected)
                and {unturned(way[:-1]) for (way,) in rows} == expected
                or fail(rows, expected),
            )


def bridge_keys(both):
    """networkx names the ends; of parallel relationships none is a bridge."""
    return [next(iter(both[a][b])) for a, b in nx.bridges(both) if a != b]


def rotated(way):
    at = way.index(min(way))
    return tuple(way[at:] + way[:at])


def unturned(way):
    return min(rotated(list(way)), rotated(list(way)[::-1]))


def centrality(case):
    directed, simple, n = case.directed, case.simple, case.n

    def scores(query, expected, tolerance=1e-6):
        case.ask(query, lambda rows: same(dict(map(tuple, rows)), expected, tolerance))

    ask = "CALL algo.{}({}) YIELD node, score RETURN node.i, score"
    settings = "iterations: 500, tolerance: 1e-12"
    scores(ask.format("pageRank", f"{{{settings}}}"), nx.pagerank(case.multi, weight=None, tol=1e-12, max_iter=1000))
    scores(
        ask.format("pageRank", f"{{weight: 'w', damping: 0.7, {settings}}}"),
        nx.pagerank(case.multi, alpha=0.7, weight="w", tol=1e-12, max_iter=1000),
    )
    if n:
        source = case.rng.randrange(n)
        # What leads nowhere jumps to the sources, too, as networkx has it.
        case.ask(
            f"MATCH (s {{i: {source}}}) CALL algo.pageRank({{sources: [s], {settings}}}) YIELD node, score RETURN node.i, score",
            lambda rows: same(
                dict(map(tuple, rows)),
                nx.pagerank(case.multi, weight=None, tol=1e-12, max_iter=1000, personalization={source: 1}),
            ),
        )
    loops = Counter(a for a, b, _ in case.edges if a == b)
    scores(
        "CALL algo.degree() YIELD node, degree RETURN node.i, degree",
        {node: degree - loops[node] for node, degree in case.both.degree()},
    )
    for direction, degrees in [("out", case.multi.out_degree), ("in", case.multi.in_degree)]:
        scores(
            f"CALL algo.degree({{weight: 'w', direction: '{direction}'}}) YIELD node, weight RETURN node.i, weight",
            dict(degrees(weight="w")),
        )
    scores(ask.format("closeness", ""), nx.closeness_centrality(simple))
    scores(ask.format("closeness", "{direction: 'in'}"), nx.closeness_centrality(directed))
    scores(ask.format("closeness", "{direction: 'in', weight: 'w'}"), nx.closeness_centrality(directed, distance="least"))
    if case.is_simple:
        scores(ask.format("betweenness", "{direction: 'out'}"), nx.betweenness_centrality(directed, normalized=False))
        scores(
            ask.format("betweenness", "{direction: 'out', weight: 'w'}"),
            nx.betweenness_centrality(directed, normalized=False, weight="w"),
        )
        if len({frozenset(edge[:2]) for edge in case.edges}) == len(case.edges):
            scores(ask.format("betweenness", ""), nx.betweenness_centrality(simple, normalized=False))
    if n > 1 and nx.is_strongly_connected(directed):
        scores(
            ask.format("eigenvector", "{weight: 'w', iterations: 10000, tolerance: 1e-12}"),
            nx.eigenvector_centrality(directed, max_iter=10000, tol=1e-12, weight="w"),
            1e-4,
        )
    most = max((w for w in dict(case.multi.in_degree()).values()), default=0)
    alpha = 0.5 / (most + 1)
    if n:
        scores(
            ask.format("katz", f"{{alpha: {alpha}, iterations: 1000, tolerance: 1e-12}}"),
            nx.katz_centrality(nx.DiGraph(directed), alpha=alpha, weight=None, max_iter=10000, tol=1e-12)
            if case.is_simple
            else katz(case.multi, alpha),
        )

    def hits(rows):
        if isinstance(rows, str):
            assert "settled" in rows
            return
        hubs, authorities = {i: h for i, h, _ in rows}, {i: a for i, _, a in rows}
        if not case.edges:
            return
        for scores, graph, other in [(authorities, case.multi, hubs), (hubs, case.multi.reverse(), authorities)]:
            assert near(sum(scores.values()), 1)
            spread = Counter()
            for a, b in graph.edges():
                spread[b] += other[a]
            total = sum(spread.values())
            same(scores, {node: spread[node] / total for node in graph}, 1e-4)

    case.ask("CALL algo.hits({iterations: 10000}) YIELD node, hub, authority RETURN node.i, hub, authority", hits)


def katz(multi, alpha):
    scores = dict.fromkeys(multi, 0.0)
    for _ in range(300):
        scores = {v: 1 + alpha * sum(scores[a] for a, _ in multi.in_edges(v)) for v in multi}
    length = math.sqrt(sum(score**2 for score in scores.values()))
    return {v: score / length for v, score in scores.items()}


def community(case):
    simple, both, n = case.simple, case.both, case.n
    weighted = nx.Graph()
    weighted.add_nodes_from(range(n))
    for a, b, w in case.edges:
        weighted.add_edge(a, b, w=weighted.get_edge_data(a, b, {"w": 0})["w"] + w)
    for name in ["louvain", "leiden"]:

        def communities(rows, name=name):
            found = partition(rows)
            assert sum(map(len, found)) == n
            if not case.edges:
                return
            quality = nx.community.modularity(weighted, found, weight="w")
            best = max(
                nx.community.modularity(weighted, nx.community.louvain_communities(weighted, weight="w", seed=seed), weight="w")
                for seed in range(3)
            )
            # On a handful of nodes the order of moves matters much, and this is the best of three.
            assert quality >= best - 0.1, (name, quality, best)
            if name == "leiden":
                assert all(nx.is_connected(weighted.subgraph(group)) for group in found)

        case.ask(f"CALL algo.{name}({{weight: 'w'}}) YIELD node, community RETURN node.i, community", communities)

    def propagation(rows):
        group = dict(map(tuple, rows))
        for node in group:
            heard = Counter()
            for _, other in both.edges(node):
                if other != node:
                    heard[group[other]] += 1
            assert not heard or heard[group[node]] == max(heard.values()), (node, heard, group)

    case.ask("CALL algo.labelPropagation({iterations: 1000}) YIELD node, community RETURN node.i, community", propagation)
    triangles, clustering = nx.triangles(simple), nx.clustering(simple)
    case.ask(
        "CALL algo.triangleCount() YIELD node, triangles, coefficient RETURN node.i, triangles, coefficient",
        lambda rows: (same({i: t for i, t, _ in rows}, triangles), same({i: c for i, _, c in rows}, clustering)),
    )
    average = nx.average_clustering(simple) if n else 0
    expected = [average, nx.transitivity(simple), sum(triangles.values()) // 3]
    case.ask(
        "CALL algo.clusteringCoefficient() YIELD average, transitivity, triangles RETURN average, transitivity, triangles",
        lambda rows: all(near(a, b) for a, b in zip(rows[0], expected)) or fail(rows, expected),
    )

    def coloring(rows):
        color = dict(map(tuple, rows))
        assert len(color) == n and all(color[a] != color[b] for a, b in simple.edges())
        most = max((degree for _, degree in simple.degree()), default=0)
        assert max(color.values(), default=0) <= most

    case.ask("CALL algo.coloring() YIELD node, color RETURN node.i, color", coloring)
    case.ask(
        "CALL algo.kCore() YIELD node, core RETURN node.i, core",
        lambda rows: same(dict(map(tuple, rows)), nx.core_number(simple)),
    )
    cliques = sorted(sorted(clique) for clique in nx.find_cliques(simple))
    case.ask(
        "CALL algo.maximalCliques() YIELD nodes RETURN [n IN nodes | n.i]",
        lambda rows: sorted(sorted(clique) for (clique,) in rows) == cliques or fail(rows, cliques),
    )
    sets = {node: set(case.directed.successors(node)) - {node} for node in range(n)}
    for metric, measure in [
        ("jaccard", lambda a, b: len(a & b) / len(a | b)),
        ("overlap", lambda a, b: len(a & b) / min(len(a), len(b))),
        ("cosine", lambda a, b: len(a & b) / math.sqrt(len(a) * len(b))),
    ]:
        like = {(a, b): measure(sets[a], sets[b]) for a in sets for b in sets if a < b and sets[a] & sets[b]}
        case.ask(
            f"CALL algo.nodeSimilarity({{metric: '{metric}'}}) YIELD node1, node2, similarity RETURN node1.i, node2.i, similarity",
            lambda rows, like=like: same({(a, b): s for a, b, s in rows}, like),
        )


def network(case):
    both, n = case.both, case.n

    def tree(rows):
        edges = [case.edges[key] for (key,) in rows]
        forest = nx.Graph((a, b) for a, b, _ in edges)
        assert len(edges) == n - nx.number_connected_components(both) if n else not edges
        assert not edges or nx.is_forest(forest)
        least = sum(w for *_, w in nx.minimum_spanning_edges(both, weight="w", data=True) for w in [w["w"]])
        assert near(sum(w for *_, w in edges), least)

    case.ask("CALL algo.minSpanningTree({weight: 'w'}) YIELD relationship RETURN relationship.k", tree)
    expected = len(nx.max_weight_matching(case.simple, maxcardinality=True, weight=None))

    def matching(rows):
        assert len(rows) == expected, (rows, expected)
        ends = [node for _, a, b in rows for node in (a, b)]
        assert len(set(ends)) == len(ends) and all(case.simple.has_edge(a, b) for _, a, b in rows)
        assert all({a, b} == set(case.edges[key][:2]) for key, a, b in rows)

    case.ask(
        "CALL algo.matching() YIELD relationship, node1, node2 RETURN relationship.k, node1.i, node2.i", matching
    )
    if n < 2:
        return
    source, target = case.rng.sample(range(n), 2)
    capacities = {"out": nx.DiGraph(), "both": nx.DiGraph()}
    for direction, graph in capacities.items():
        graph.add_nodes_from(range(n))
        for a, b, w in case.edges:
            for x, y in [(a, b), (b, a)] if direction == "both" else [(a, b)]:
                graph.add_edge(x, y, w=graph.get_edge_data(x, y, {"w": 0})["w"] + w)
        value = nx.maximum_flow_value(graph, source, target, capacity="w")
        ends = f"MATCH (a {{i: {source}}}), (b {{i: {target}}})"
        settings = f"{{weight: 'w', direction: '{direction}'}}"
        case.ask(f"{ends} CALL algo.maxFlow(a, b, {settings}) YIELD flow RETURN flow", lambda rows, value=value: near(rows[0][0], value) or fail(rows, value))

        def cut(rows, value=value, direction=direction):
            assert near(sum(capacity for _, capacity in rows), value), (rows, value)
            rest = (case.both if direction == "both" else case.multi).copy()
            for key, _ in rows:
                rest.remove_edge(*case.edges[key][:2], key=key)
            assert not nx.has_path(rest, source, target)

        case.ask(f"{ends} CALL algo.minCut(a, b, {settings}) YIELD relationship, capacity RETURN relationship.k, capacity", cut)
    part = sorted(max(nx.connected_components(both), key=len))
    terminals = case.rng.sample(part, min(3, len(part)))

    def steiner(rows):
        edges = [case.edges[key] for (key,) in rows]
        graph = nx.Graph((a, b) for a, b, _ in edges)
        graph.add_nodes_from(terminals)
        assert nx.is_tree(graph), rows
        weight = sum(w for *_, w in edges)
        if len(part) <= 9:
            others = [node for node in part if node not in terminals]
            least = min(
                sum(d["w"] for *_, d in nx.minimum_spanning_edges(inner, weight="w", data=True))
                for size in range(len(others) + 1)
                for chosen in itertools.combinations(others, size)
                for inner in [both.subgraph([*terminals, *chosen])]
                if nx.is_connected(inner)
            )
            assert least <= weight + 1e-9 and weight <= 2 * least + 1e-9, (weight, least)

    case.ask(
        f"MATCH (t:N) WHERE t.i IN {terminals} WITH collect(t) AS ts CALL algo.steinerTree(ts, {{weight: 'w'}}) "
        "YIELD relationship RETURN relationship.k",
        steiner,
    )


def negative(rng):
    """Negative weights, mostly without negative cycles: differences of heights make those impossible."""
    n = rng.randrange(2, 14)
    heights = [rng.randrange(10) for _ in range(n)]
    edges = []
    for _ in range(rng.randrange(3 * n)):
        a, b = rng.randrange(n), rng.randrange(n)
        edges.append((a, b, rng.randrange(6) + heights[b] - heights[a]))
    if rng.random() < 0.3 and edges:
        a, b, w = edges.pop()
        edges.append((a, b, w - 8))
    case = Case(rng, n, edges)
    start = rng.randrange(n)
    reached = nx.MultiDiGraph(case.multi.subgraph({start} | nx.descendants(case.multi, start)))
    if nx.negative_edge_cycle(reached, weight="w"):
        expected = None
    else:
        expected = nx.single_source_bellman_ford_path_length(case.multi, start, weight="w")
    case.ask("MATCH (n:N) RETURN min(id(n) - n.i)", lambda rows: setattr(case, "first", rows[0][0]))

    def bellman_ford(rows):
        if expected is None:
            circle = [int(id) - case.first for id in rows.split("nodes ")[1].split(" → ")]
            assert circle[0] == circle[-1] and len(circle) > 1
            least = lambda a, b: min(data["w"] for data in case.multi[a][b].values())
            assert sum(least(a, b) for a, b in zip(circle, circle[1:])) < 0, rows
            return
        same({node: distance for node, distance, _ in rows}, expected)
        for node, distance, keys in rows:
            assert near(sum(case.edges[key][2] for key in keys), distance)

    case.ask(
        f"MATCH (a {{i: {start}}}) CALL algo.bellmanFord(a, {{weight: 'w'}}) YIELD node, distance, path "
        "RETURN node.i, distance, [r IN relationships(path) | r.k]",
        bellman_ford,
    )

    def all_pairs(rows):
        if nx.negative_edge_cycle(nx.MultiDiGraph(case.multi), weight="w"):
            assert "negative weight" in rows
            return
        expected = {(a, b): nx.path_weight(case.directed, way, "least") for a, ways in nx.johnson(case.directed, weight="least").items() for b, way in ways.items() if a != b}
        same({(a, b): d for a, b, d in rows}, expected)

    case.ask(
        "CALL algo.allPairs({weight: 'w'}) YIELD source, target, distance RETURN source.i, target.i, distance", all_pairs
    )
    return case


def positioned(rng):
    """Weights that are never less than the straight way."""
    n = rng.randrange(2, 25)
    places = [(rng.randrange(100), rng.randrange(100)) for _ in range(n)]
    edges = []
    for _ in range(3 * n):
        a, b = rng.randrange(n), rng.randrange(n)
        edges.append((a, b, math.dist(places[a], places[b]) * (1 + rng.random())))
    case = Case(rng, n, edges, places)
    start, end = rng.randrange(n), rng.randrange(n)
    least = nx.single_source_dijkstra_path_length(case.multi, start, weight="w").get(end)
    case.ask(
        f"MATCH (a {{i: {start}}}), (b {{i: {end}}}) CALL algo.aStar(a, b, {{weight: 'w', x: 'x', y: 'y'}}) YIELD cost RETURN cost",
        lambda rows: (rows == [] if least is None else near(rows[0][0], least)) or fail(rows, least),
    )
    return case


def twins(rng):
    """A graph and another one with its nodes in another order, now and then with a relationship elsewhere."""
    n = rng.randrange(1, 9)
    edges = [(rng.randrange(n), rng.randrange(n), 1) for _ in range(rng.randrange(2 * n + 1))]
    order = rng.sample(range(n), n)
    other = [(order[a], order[b], 1) for a, b, _ in edges]
    if other and rng.random() < 0.5:
        other[rng.randrange(len(other))] = (rng.randrange(n), rng.randrange(n), 1)
    case = Case(rng, n, edges)
    case.run(f"UNWIND range(0, {n - 1}) AS i CREATE (:M {{j: i}});")
    if other:
        rows = ", ".join(f"[{a}, {b}]" for a, b, _ in other)
        case.run(f"UNWIND [{rows}] AS e MATCH (a:M {{j: e[0]}}), (b:M {{j: e[1]}}) CREATE (a)-[:R]->(b);")
    second = nx.MultiDiGraph((a, b) for a, b, _ in other)
    second.add_nodes_from(range(n))
    expected = nx.is_isomorphic(case.multi, second)
    case.ask(
        "CALL algo.isIsomorphic({label: 'N', type: 'R'}, {label: 'M'}) YIELD isomorphic RETURN isomorphic",
        lambda rows: rows == [[expected]] or fail(rows, expected),
    )
    return case


def planted(rng):
    """Communities that are there to be found."""
    graph = nx.planted_partition_graph(4, 12, 0.7, 0.04, seed=rng.randrange(1 << 30))
    case = Case(rng, len(graph), [(a, b, 1) for a, b in graph.edges()])
    for name in ["louvain", "leiden", "labelPropagation"]:

        def communities(rows, name=name):
            quality = nx.community.modularity(graph, partition(rows))
            best = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1))
            # Names may run through two communities at once.
            assert quality >= best - (0.01 if name != "labelPropagation" else 0.3), (name, quality, best)

        case.ask(f"CALL algo.{name}() YIELD node, community RETURN node.i, community", communities)
    return case


def graphs(rng):
    """(nodes, relationships) of every sort."""
    yield 0, []
    yield 1, []
    yield 1, [(0, 0, 3)]
    yield 2, [(0, 1, 2), (0, 1, 1), (1, 0, 4)]
    for sort in ["sparse", "dense", "simple", "thin", "tree"]:
        n = rng.randrange(2, 16)
        if sort == "tree":
            edges = [(rng.randrange(i), i, rng.randrange(1, 9)) for i in range(1, n)]
        else:
            count = {"sparse": n, "dense": 4 * n, "simple": 3 * n, "thin": n // 2}[sort]
            edges = [(rng.randrange(n), rng.randrange(n), rng.randrange(1, 9)) for _ in range(count)]
            if sort == "simple":
                edges = [(a, b, w) for (a, b), w in {tuple(sorted((a, b))): w for a, b, w in edges if a != b}.items()]
        yield n, edges


def plain(row):
    return [float(value["$float"]) if isinstance(value, dict) and "$float" in value else value for value in row]


def main():
    trine = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    cases = []
    for turn in range(rounds):
        rng = random.Random(seed * 1000 + turn)
        for nodes, edges in graphs(rng):
            case = Case(rng, nodes, edges)
            if nodes:
                paths(case)
            for room in [structure, centrality, community, network]:
                room(case)
            cases.append(case)
        cases += [negative(rng) for _ in range(6)] + [positioned(rng), twins(rng), twins(rng), planted(rng)]
    script = "\n".join(line if line.startswith(":") else line.rstrip(";") + ";" for case in cases for line in case.script)
    run = subprocess.run([trine, "-o", "envelope"], input=script, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    asked = [(case, query, check) for case in cases for query, check in zip(case.script, case.checks)]
    assert len(answers) == len(asked), (len(answers), len(asked), run.stderr[-2000:])
    wrong, checked = Counter(), Counter()
    for answer, (case, query, check) in zip(answers, asked):
        if check is None:
            assert answer["ok"], (query, answer)
            continue
        name = query.split("algo.")[1].split("(")[0] if "algo." in query else "other"
        checked[name] += 1
        try:
            check([plain(row) for row in answer["rows"]] if answer["ok"] else answer["error"]["message"])
        except Exception as problem:
            wrong[name] += 1
            if wrong[name] <= 2:
                print(f"{query}\n  on {case.n} nodes, {case.edges}\n  {type(problem).__name__}: {str(problem)[:600]}\n")
    print(f"{sum(checked.values())} answers of {len(checked)} procedures compared, {sum(wrong.values())} wrong {dict(wrong) or ''}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
