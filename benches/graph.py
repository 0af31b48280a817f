#!/usr/bin/env python3
"""Graph queries on a power-law graph: trine beside kuzu and networkx, in one run.

    cargo build --release
    python3 benches/graph.py [--trine target/release/trine] [--nodes 100000] [--relationships 1000000]
                             [--peers kuzu,networkx] [--rounds 3] [--only REGEX]

The graph is the same for the same seed: nodes with an id, an age and one of 50 cities, relationships with a
year and a weight, whose ends follow a power law. Each query runs once to warm up (that time is shown too),
then some rounds; the median is shown. Answers of trine and its peers are compared where both have one.
Needs numpy and scipy, and kuzu and networkx for the peers.
"""

import argparse
import csv
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

SEED = 20261122
CITIES = ["City%02d" % i for i in range(50)]


def make(folder, nodes, relationships):
    """Writes nodes.csv and relationships.csv; answers the ends as arrays."""
    rng = np.random.default_rng(SEED)
    rank = np.arange(1, nodes + 1, dtype=float)

    def ends(exponent):
        weights = rank ** -exponent
        drawn = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(relationships))
        return rng.permutation(nodes)[np.minimum(drawn, nodes - 1)]

    source, target = ends(0.55), ends(0.65)
    age = rng.integers(1, 100, nodes)
    city = rng.integers(0, len(CITIES), nodes)
    year = rng.integers(1990, 2027, relationships)
    weight = np.round(rng.random(relationships) * 10 + 0.01, 3)
    with open(os.path.join(folder, "nodes.csv"), "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "name", "age", "city"])
        writer.writerows((i, "Person %d" % i, age[i], CITIES[city[i]]) for i in range(nodes))
    with open(os.path.join(folder, "relationships.csv"), "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["source", "target", "year", "weight"])
        writer.writerows(zip(source.tolist(), target.tolist(), year.tolist(), weight.tolist()))
    return source, target, age, city, year, weight


class Trine:
    """One process, fed statement by statement."""

    def __init__(self, exe, path, folder):
        self.process = subprocess.Popen(
            [exe, "-o", "envelope", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        )

    def ask(self, statement):
        self.process.stdin.write(statement + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["ok"]:
            raise SystemExit("trine: %s\n  %s" % (answer["error"], statement))
        return answer.get("rows")

    def memory(self):
        """Resident bytes: now, and at most."""
        with open("/proc/%d/status" % self.process.pid) as status:
            fields = dict(line.split(":", 1) for line in status if ":" in line)
        return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(run):
    start = time.perf_counter()
    answer = run()
    return time.perf_counter() - start, answer


def measure(run, rounds):
    """First time, median of the further ones, answer."""
    first, answer = timed(run)
    times = []
    for _ in range(rounds):
        seconds, _ = timed(run)
        times.append(seconds)
        if sum(times) > 20:
            break
    return first, statistics.median(times), answer


def text(seconds):
    return "%.1f us" % (seconds * 1e6) if seconds < 1e-3 else "%.2f ms" % (seconds * 1e3) if seconds < 1 else "%.2f s" % seconds


def one(rows):
    return rows[0][0] if rows else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trine", default="target/release/trine")
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--relationships", type=int, default=1_000_000)
    parser.add_argument("--peers", default="kuzu,networkx")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", help="use this folder, and keep what is in it")
    options = parser.parse_args()
    peers = [peer for peer in options.peers.split(",") if peer]
    folder = options.keep or tempfile.mkdtemp(prefix="trine-graph-")
    os.makedirs(folder, exist_ok=True)
    exe = os.path.abspath(options.trine)
    try:
        run(options, peers, folder, exe)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def run(options, peers, folder, exe):
    data = make(folder, options.nodes, options.relationships)
    source, target, age, city, year, weight = data
    wanted = lambda name: re.search(options.only, name)
    report = []

    # ---- loading
    database = os.path.join(folder, "graph.redb")
    if not os.path.exists(database):
        loading = Trine(exe, database, folder)
        loading.ask("CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE;")
        nodes_time, _ = timed(lambda: loading.ask(
            "LOAD CSV WITH HEADERS FROM 'nodes.csv' AS row "
            "CREATE (:Person {id: toInteger(row.id), name: row.name, age: toInteger(row.age), city: row.city});"))
        rels_time, _ = timed(lambda: loading.ask(
            "LOAD CSV WITH HEADERS FROM 'relationships.csv' AS row "
            "MATCH (a:Person {id: toInteger(row.source)}) MATCH (b:Person {id: toInteger(row.target)}) "
            "CREATE (a)-[:KNOWS {year: toInteger(row.year), weight: toFloat(row.weight)}]->(b);"))
        print("load: nodes %s, relationships %s, peak memory %.0f MB" % (
            text(nodes_time), text(rels_time), loading.memory()[1] / 1e6))
        loading.close()
        print("file: %.0f MB" % (os.path.getsize(database) / 1e6))
        report.append(("load", nodes_time + rels_time))

    kuzu_ask = None
    if "kuzu" in peers:
        import kuzu

        path = os.path.join(folder, "graph.kuzu")
        fresh = not os.path.exists(path)
        connection = kuzu.Connection(kuzu.Database(path), num_threads=1)

        def kuzu_ask(query):
            return connection.execute(query).get_as_arrow().to_pylist() if False else connection.execute(query).get_all()

        if fresh:
            connection.execute("CREATE NODE TABLE Person(id INT64, name STRING, age INT64, city STRING, PRIMARY KEY(id))")
            connection.execute("CREATE REL TABLE KNOWS(FROM Person TO Person, year INT64, weight DOUBLE)")
            seconds, _ = timed(lambda: (
                connection.execute("COPY Person FROM '%s/nodes.csv' (HEADER=true)" % folder),
                connection.execute("COPY KNOWS FROM '%s/relationships.csv' (HEADER=true)" % folder)))
            print("load: kuzu COPY %s" % text(seconds))

    graph = None
    if "networkx" in peers:
        import networkx

        def build():
            made = networkx.MultiDiGraph()
            made.add_nodes_from((i, {"age": int(age[i]), "city": int(city[i])}) for i in range(options.nodes))
            made.add_edges_from(
                (s, t, {"weight": w}) for s, t, w in zip(source.tolist(), target.tolist(), weight.tolist()))
            return made

        seconds, graph = timed(build)
        print("load: networkx %s" % text(seconds))

    # ---- queries
    rng = np.random.default_rng(SEED + 1)
    anchors = rng.integers(0, options.nodes, 100).tolist()
    pairs = rng.integers(0, options.nodes, (100, 2)).tolist()
    trine = Trine(exe, database, folder)
    before = trine.memory()[0]

    def each(query, values=anchors):
        """The same query for 100 anchors; the sum of the answers."""
        return lambda ask: sum(one(ask(query % value)) or 0 for value in values)

    single = lambda query: (lambda ask: one(ask(query)))
    rows = lambda query: (lambda ask: ask(query))
    kuzu_shortest = ("MATCH (a:Person {id: %d})-[r:KNOWS* SHORTEST 1..30]->(b:Person {id: %d}) RETURN length(r)")

    def trine_shortest(ask):
        return sum(one(ask("MATCH p = shortestPath((a:Person {id: %d})-[:KNOWS*]->(b:Person {id: %d})) RETURN length(p);" % (a, b))) or 0 for a, b in pairs if a != b)

    def kuzu_paths(ask):
        return sum(one(ask(kuzu_shortest % (a, b))) or 0 for a, b in pairs if a != b)

    def networkx_paths(_):
        total = 0
        for a, b in pairs:
            if a != b:
                try:
                    total += len(networkx.bidirectional_shortest_path(graph, a, b)) - 1
                except networkx.NetworkXNoPath:
                    pass
        return total

    same = lambda query: (query + ";", query)
    def procedure(call):
        """An algorithm, its answers counted."""
        return single("CALL algo.%s YIELD %s RETURN count(*);" % call)

    def simple():
        """Both ways, without loops: what networkx counts triangles and cores on."""
        made = networkx.Graph(graph)
        made.remove_edges_from(list(networkx.selfloop_edges(made)))
        return made

    plain = simple() if graph is not None else None
    hub = int(np.bincount(source).argmax())
    start = "MATCH (a:Person {id: %d}) CALL algo." % hub

    def algorithm_paths(ask):
        return sum(one(ask("MATCH (a:Person {id: %d}), (b:Person {id: %d}) CALL algo.shortestPath(a, b) "
                           "YIELD path RETURN length(path);" % (a, b))) or 0 for a, b in pairs if a != b)

    cases = [
        # name, trine, kuzu, networkx, answers must agree
        ("100 x 1-hop count by key", each("MATCH (a:Person {id: %d})-[:KNOWS]->(b) RETURN count(*);"),
         each("MATCH (a:Person {id: %d})-[:KNOWS]->(b) RETURN count(*)"), None, True),
        ("100 x 2-hop count by key", each("MATCH (a:Person {id: %d})-[:KNOWS]->()-[:KNOWS]->(c) RETURN count(*);"),
         each("MATCH (a:Person {id: %d})-[:KNOWS]->()-[:KNOWS]->(c) RETURN count(*)"), None, True),
        ("10 x 3-hop distinct by key",
         each("MATCH (a:Person {id: %d})-[:KNOWS]->()-[:KNOWS]->()-[:KNOWS]->(d) RETURN count(DISTINCT d);", anchors[:10]),
         each("MATCH (a:Person {id: %d})-[:KNOWS]->()-[:KNOWS]->()-[:KNOWS]->(d) RETURN count(DISTINCT d)", anchors[:10]), None, False),
        ("10 x distinct within 3 hops",
         each("MATCH (a:Person {id: %d})-[:KNOWS*1..3]->(d) RETURN count(DISTINCT d);", anchors[:10]),
         each("MATCH (a:Person {id: %d})-[:KNOWS*1..3]->(d) RETURN count(DISTINCT d)", anchors[:10]), None, False),
        ("1-hop count, all", single("MATCH ()-[r:KNOWS]->() RETURN count(r);"), single("MATCH (:Person)-[r:KNOWS]->(:Person) RETURN count(r)"), None, True),
        ("2-hop count, all", single("MATCH (a:Person)-[:KNOWS]->(b)-[:KNOWS]->(c) RETURN count(*);"),
         single("MATCH (a:Person)-[:KNOWS]->(b)-[:KNOWS]->(c) RETURN count(*)"), None, False),
        ("filter on one end", single("MATCH (a:Person)-[:KNOWS]->(b) WHERE a.age > 30 RETURN count(*);"),
         single("MATCH (a:Person)-[:KNOWS]->(b:Person) WHERE a.age > 30 RETURN count(*)"), None, True),
        ("filter on ends and relationship",
         single("MATCH (a:Person)-[r:KNOWS]->(b:Person) WHERE a.age > 30 AND b.age < 60 AND r.year > 2010 RETURN count(*);"),
         single("MATCH (a:Person)-[r:KNOWS]->(b:Person) WHERE a.age > 30 AND b.age < 60 AND r.year > 2010 RETURN count(*)"), None, True),
        ("group by city of the end", lambda ask: sorted((r[0], round(r[1], 6), r[2]) for r in ask(
            "MATCH (a:Person)-[:KNOWS]->(b:Person) RETURN b.city, avg(a.age), count(*);")),
         lambda ask: sorted((r[0], round(r[1], 6), r[2]) for r in ask(
             "MATCH (a:Person)-[:KNOWS]->(b:Person) RETURN b.city, avg(a.age), count(*)")), None, True),
        ("age > 90, 2 hops, by city", lambda ask: sorted(map(tuple, ask(
            "MATCH (a:Person)-[:KNOWS]->()-[:KNOWS]->(c:Person) WHERE a.age > 90 RETURN c.city, count(*);"))),
         lambda ask: sorted(map(tuple, ask(
             "MATCH (a:Person)-[:KNOWS]->()-[:KNOWS]->(c:Person) WHERE a.age > 90 RETURN c.city, count(*)"))), None, False),
        ("top 10 by in-degree", lambda ask: [r[1] for r in ask(
            "MATCH (a:Person)<-[:KNOWS]-() RETURN a.id, count(*) AS n ORDER BY n DESC LIMIT 10;")],
         lambda ask: [r[1] for r in ask(
             "MATCH (a:Person)<-[:KNOWS]-() RETURN a.id, count(*) AS n ORDER BY n DESC LIMIT 10")], None, True),
        ("triangles, directed", single("MATCH (a:Person)-[:KNOWS]->(b)-[:KNOWS]->(c)-[:KNOWS]->(a) RETURN count(*);"),
         single("MATCH (a:Person)-[:KNOWS]->(b)-[:KNOWS]->(c)-[:KNOWS]->(a) RETURN count(*)"), None, False),
        ("100 shortest paths", trine_shortest, kuzu_paths, networkx_paths, True),
        ("PageRank", single("CALL algo.pageRank() YIELD score RETURN count(*);"), None,
         lambda _: len(networkx.pagerank(graph)), False),
        ("weak components", single("CALL algo.components() YIELD component RETURN count(DISTINCT component);"), None,
         lambda _: networkx.number_weakly_connected_components(graph), True),
        ("strong components", single("CALL algo.stronglyConnectedComponents() YIELD component RETURN count(DISTINCT component);"), None,
         lambda _: networkx.number_strongly_connected_components(graph), True),
        ("BFS from the greatest hub", single(start + "bfs(a) YIELD depth RETURN sum(depth);"), None,
         lambda _: sum(networkx.single_source_shortest_path_length(graph, hub).values()), True),
        ("Dijkstra from the greatest hub", lambda ask: round(one(ask(
            start + "distances(a, {weight: 'weight'}) YIELD distance RETURN sum(distance);")), 3), None,
         lambda _: round(sum(networkx.single_source_dijkstra_path_length(graph, hub, weight="weight").values()), 3), True),
        ("100 shortest paths, procedure", algorithm_paths, None, networkx_paths, True),
        ("triangles by node", lambda ask: one(ask("CALL algo.triangleCount() YIELD triangles RETURN sum(triangles);")), None,
         lambda _: sum(networkx.triangles(plain).values()), True),
        ("k-core", lambda ask: one(ask("CALL algo.kCore() YIELD core RETURN sum(core);")), None,
         lambda _: sum(networkx.core_number(plain).values()), True),
        ("Louvain", procedure(("louvain()", "community")), None, None, False),
        ("Leiden", procedure(("leiden()", "community")), None, None, False),
        ("label propagation", procedure(("labelPropagation()", "community")), None, None, False),
        ("spanning forest", lambda ask: round(one(ask(
            "CALL algo.minSpanningTree({weight: 'weight'}) YIELD weight RETURN sum(weight);")), 3), None, None, False),
        ("bridges", procedure(("bridges()", "relationship")), None, None, False),
        ("PageRank, written", lambda ask: one(ask("CALL algo.pageRank({write: 'rank'}) YIELD written RETURN written;")),
         None, None, False),
    ]
    print("\n%-34s %10s %10s %10s %10s %8s %8s" % ("query", "first", "trine", "kuzu", "networkx", "/kuzu", "/networkx"))
    for name, ours, kuzus, networkxs, agree in cases:
        if not wanted(name):
            continue
        first, seconds, answer = measure(lambda: ours(trine.ask), options.rounds)
        others = {}
        if kuzus and kuzu_ask:
            others["kuzu"] = measure(lambda: kuzus(kuzu_ask), 1)
        if networkxs and graph is not None:
            others["networkx"] = measure(lambda: networkxs(None), 1 if "PageRank" in name else options.rounds)
        for peer, (_, _, theirs) in others.items():
            if agree and normal(theirs) != normal(answer):
                print("  %s differs: trine %s, %s %s" % (name, str(answer)[:80], peer, str(theirs)[:80]), file=sys.stderr)
        cell = lambda peer: text(others[peer][1]) if peer in others else "-"
        ratio = lambda peer: "%.3f" % (seconds / others[peer][1]) if peer in others else "-"
        print("%-34s %10s %10s %10s %10s %8s %8s" % (
            name, text(first), text(seconds), cell("kuzu"), cell("networkx"), ratio("kuzu"), ratio("networkx")), flush=True)
    now, most = trine.memory()
    print("\nmemory of the querying process: %.0f MB at the start, %.0f MB now, %.0f MB at most" % (
        before / 1e6, now / 1e6, most / 1e6))
    print("memory of this script with its peers: %.0f MB" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3))
    trine.close()


def normal(answer):
    if isinstance(answer, (list, tuple)):
        return [normal(item) for item in answer]
    return answer


if __name__ == "__main__":
    main()
