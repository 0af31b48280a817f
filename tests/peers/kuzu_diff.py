#!/usr/bin/env python3
"""Random graphs and random queries through trine and through kuzu, a second engine; what differs is shown.

    cargo build --release
    python3 tests/peers/kuzu_diff.py [--trine target/release/trine] [--seed 1] [--graphs 20] [--queries 100]

Only what means the same in both is asked: kuzu has typed tables, where a relationship may be used twice within
one MATCH, so patterns whose answers hang on that name their relationships and ask for them to differ. Needs the
Python package `kuzu`; says so and ends well where it is absent.
"""

import argparse
import collections
import decimal
import json
import os
import random
import subprocess
import sys

LABELS = ["A", "B"]
TYPES = ["R", "S"]
KEYS = ["p", "q", "s"]  # two integers and a string


class Trine:
    """One process, fed statement by statement."""

    def __init__(self, exe):
        self.process = subprocess.Popen([exe, "-o", "envelope", "-f", "-"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, query):
        # The next line tells the end of the statement.
        self.process.stdin.write(query + ";\nPING\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.process.stdout.readline()
        if not answer["ok"]:
            raise RuntimeError(answer["error"]["message"])
        return answer["rows"]


class Kuzu:
    """A database in memory."""

    def __init__(self):
        import kuzu
        self.connection = kuzu.Connection(kuzu.Database())
        self.kuzu = kuzu

    def run(self, query):
        result = self.connection.execute(query)
        rows = []
        while result.has_next():
            rows.append(result.get_next())
        return rows


def make(rng, engines):
    """A graph in all engines."""
    trine, kuzu = engines
    trine.run("MATCH (n) DETACH DELETE n")
    for label in LABELS:
        kuzu.run(f"CREATE NODE TABLE {label}(id INT64 PRIMARY KEY, p INT64, q INT64, s STRING)")
    for kind in TYPES:
        pairs = ", ".join(f"FROM {a} TO {b}" for a in LABELS for b in LABELS)
        kuzu.run(f"CREATE REL TABLE {kind}({pairs}, id INT64, p INT64)")
    nodes = []
    for at in range(rng.randint(1, 14)):
        label = rng.choice(LABELS)
        nodes.append((at, label))
        parts = [f"id: {at}"]
        for key in KEYS:
            if rng.random() < 0.75:
                parts.append(f"{key}: " + (repr(rng.choice(["a", "ab", "b", ""])) if key == "s" else str(rng.randint(0, 4))))
        for engine in engines:
            engine.run(f"CREATE (:{label} {{{', '.join(parts)}}})")
    for at in range(rng.randint(0, 30)):
        (a, la), (b, lb) = rng.choice(nodes), rng.choice(nodes)
        weight = f", p: {rng.randint(0, 4)}" if rng.random() < 0.75 else ""
        for engine in engines:
            engine.run(f"MATCH (a:{la} {{id: {a}}}), (b:{lb} {{id: {b}}}) "
                       f"CREATE (a)-[:{rng_type(at)} {{id: {at}{weight}}}]->(b)")
    if rng.random() < 0.5:
        trine.run(f"CREATE INDEX by_p IF NOT EXISTS FOR (n:{rng.choice(LABELS)}) ON (n.p)")


def rng_type(at):
    return TYPES[at % len(TYPES)]


class Query:
    """One random query."""

    def __init__(self, rng):
        self.rng, self.nodes, self.rels = rng, [], []

    def node(self):
        rng = self.rng
        if self.nodes and rng.random() < 0.25:
            return f"({rng.choice(self.nodes)})"
        name = f"n{len(self.nodes)}"
        self.nodes.append(name)
        label = rng.choice(["", "", f":{rng.choice(LABELS)}", f":{rng.choice(LABELS)}"])
        property = f" {{p: {rng.randint(0, 4)}}}" if rng.random() < 0.15 else ""
        return f"({name}{label}{property})"

    def rel(self):
        rng = self.rng
        name = f"r{len(self.rels)}"
        self.rels.append(name)
        kind = rng.choice([":R|S", f":{rng.choice(TYPES)}"])
        left, right = rng.choice([("-", "->"), ("<-", "-")])
        return f"{left}[{name}{kind}]{right}"

    def condition(self, depth=2):
        rng = self.rng
        pick = rng.random()
        if depth and pick < 0.3:
            return f"({self.condition(depth - 1)} {rng.choice(['AND', 'OR', 'XOR'])} {self.condition(depth - 1)})"
        if depth and pick < 0.4:
            return f"NOT ({self.condition(depth - 1)})"
        holder = rng.choice(self.nodes + self.rels)
        key = "p" if holder in self.rels else rng.choice(KEYS)
        if key == "s":
            return rng.choice([f"{holder}.s = 'a'", f"{holder}.s STARTS WITH 'a'", f"{holder}.s CONTAINS 'b'",
                               f"{holder}.s IS NULL", f"{holder}.s < 'b'"])
        value = rng.randint(0, 4)
        return rng.choice([f"{holder}.{key} {rng.choice(['=', '<>', '<', '<=', '>', '>='])} {value}",
                           f"{holder}.{key} IS NOT NULL", f"{holder}.{key} IN [{value}, 1]",
                           f"{holder}.{key} + 1 > {value}"])

    def match(self, optional=False):
        text = self.node()
        for _ in range(self.rng.randint(0, 2)):
            text += self.rel() + self.node()
        own = list(self.rels)
        conditions = []
        if self.rng.random() < 0.6:
            conditions.append(self.condition())
        return text, conditions, own

    def text(self):
        rng = self.rng
        pattern, conditions, _ = self.match()
        if rng.random() < 0.25:
            more, others, _ = self.match()
            pattern, conditions = f"{pattern}, {more}", conditions + others
        # Within one MATCH relationships differ; kuzu has to be told.
        different = [f"{a}.id <> {b}.id" for i, a in enumerate(self.rels) for b in self.rels[i + 1:]]
        where = " AND ".join(conditions + different)
        text = f"MATCH {pattern}" + (f" WHERE {where}" if where else "")
        if rng.random() < 0.3:
            anchor = rng.choice(self.nodes)
            kind = rng.choice(TYPES)
            other = f"o{len(self.nodes)}"
            self.nodes.append(other)
            extra = f" WHERE {other}.p > {rng.randint(0, 3)}" if rng.random() < 0.4 else ""
            text += f" OPTIONAL MATCH ({anchor})-[:{kind}]->({other}){extra}"
        ids = ", ".join(f"{name}.id" for name in self.nodes + self.rels)
        holder = rng.choice(self.nodes)
        return text + " " + rng.choice([
            f"RETURN {ids}",
            "RETURN count(*)",
            f"RETURN {holder}.p AS k, count(*) AS c, coalesce(sum({holder}.q), 0) AS t",
            f"RETURN DISTINCT {holder}.s",
            f"RETURN min({holder}.p), max({holder}.q), count(DISTINCT {holder}.s)",
            f"RETURN count({holder}.p), avg({holder}.q)",
            f"RETURN {holder}.id AS a, count(DISTINCT {rng.choice(self.nodes)}.id) AS c",
        ])


def special(rng):
    """Forms that both know under other words: (trine, kuzu)."""
    label = rng.choice(LABELS)
    low, high = rng.choice([(1, 2), (1, 3), (2, 2), (2, 3)])
    kind = rng.choice(["R", "S", "R|S"])
    walk = f"MATCH (a:{label})-[r:{kind}*%s{low}..{high}]->(b) RETURN a.id, b.id, count(*) AS c"
    short = f"MATCH (a:{label})-[r:{kind}* SHORTEST 1..6]->(b) WHERE a.id <> b.id RETURN a.id, b.id, length(r) AS c"
    ours = (f"MATCH (a:{label}), (b) WHERE a.id <> b.id MATCH p = shortestPath((a)-[:{kind}*..6]->(b)) "
            "RETURN a.id, b.id, length(p) AS c")
    every = short.replace("* SHORTEST", "* ALL SHORTEST").replace("length(r) AS c", "count(*) AS c")
    return rng.choice([
        (walk % "", walk % "TRAIL "),
        (ours, short),
        (ours.replace("shortestPath", "allShortestPaths").replace("length(p) AS c", "count(*) AS c"), every),
    ])


def plain(value):
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, decimal.Decimal):  # kuzu's sums are 128 bits wide
        return int(value)
    return value


def multiset(rows):
    return collections.Counter(json.dumps([plain(value) for value in row], default=str) for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trine", default="target/release/trine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--graphs", type=int, default=20)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    try:
        import kuzu  # noqa: F401
    except ImportError:
        print("kuzu is not installed: nothing to compare with")
        return 0
    same, refused, differing = 0, collections.Counter(), 0
    for graph in range(options.graphs):
        rng = random.Random(f"{options.seed}/{graph}")
        engines = (Trine(os.path.abspath(options.trine)), Kuzu())
        make(rng, engines)
        for _ in range(options.queries):
            if rng.random() < 0.15:
                texts = special(rng)
            else:
                texts = (Query(rng).text(),) * 2
            answers = []
            for engine, text in zip(engines, texts):
                try:
                    answers.append(multiset(engine.run(text)))
                except RuntimeError as error:
                    answers.append(f"{type(engine).__name__}: {error}"[:200])
            if any(isinstance(answer, str) for answer in answers):
                if isinstance(answers[0], str):
                    differing += 1
                    print(f"graph {graph}: {texts[0]}\n  {answers[0]}")
                else:
                    refused[answers[1].split(":")[1].strip() if ":" in answers[1] else answers[1]] += 1
            elif answers[0] == answers[1]:
                same += 1
            else:
                differing += 1
                print(f"graph {graph}: {texts[0]}")
                for name, rows in (("trine only", answers[0] - answers[1]), ("kuzu only", answers[1] - answers[0])):
                    print(f"  {name}: {list(rows.items())[:5]}")
    print(f"{same} alike, {differing} differ, {sum(refused.values())} refused by kuzu {dict(refused)}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
