#!/usr/bin/env python3
"""Documents: trine beside SQLite with JSON, in one run.

    cargo build --release
    python3 benches/documents.py [--trine target/release/trine] [--documents 1000000] [--rounds 3] [--only REGEX]

The orders are the same for the same seed: an _id, a customer among 50,000, a city, a status, a date, one to five
items with sku, quantity and price. trine imports them with `trine import`; SQLite (Python's) inserts the lines into
one table of JSON in one transaction, as jsonb where it is there (3.45). Then both answer the same questions, trine
in one process that is fed statement by statement, SQLite in this one; the first run of each is not counted, the
median of the others is shown, and answers are compared where both have one. The peak of memory is trine's.
"""

import argparse
import json
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SEED = 20261122
CITIES = ["Berlin", "Bern", "Graz", "Hamburg", "Linz", "Lyon", "Nice", "Oslo", "Porto", "Turin", "Wien", "Zug"]
STATUS = ["cancelled", "new", "open", "paid", "returned", "shipped"]


def make(path, count):
    """Writes the orders, one a line."""
    rng = random.Random(SEED)
    with open(path, "w") as out:
        for number in range(count):
            items = [
                {"sku": "SKU%04d" % rng.randrange(2000), "qty": rng.randrange(1, 10), "price": rng.randrange(100, 20000) / 100}
                for _ in range(rng.randrange(1, 4))
            ]
            order = {
                "_id": number,
                "customer": rng.randrange(50_000),
                "status": rng.choice(STATUS),
                "address": {"city": rng.choice(CITIES), "zip": "%05d" % rng.randrange(100_000)},
                "placed": "2026-%02d-%02dT%02d:00:00Z" % (rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24)),
                "total": rng.randrange(100, 100_000) / 100,
                "items": items,
            }
            out.write(json.dumps(order, separators=(",", ":")) + "\n")


class Trine:
    """One process, fed statement by statement."""

    def __init__(self, program, database):
        self.process = subprocess.Popen(
            [program, "-o", "envelope", database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, statement):
        self.process.stdin.write(statement + ";\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["ok"]:
            raise SystemExit("%s: %s" % (statement, answer["error"]))
        return answer["result"]

    def close(self):
        self.process.stdin.close()
        _, _, usage = os.wait4(self.process.pid, 0)
        return usage.ru_maxrss / 1024


def timed(action):
    start = time.perf_counter()
    answer = action()
    return time.perf_counter() - start, answer


QUESTIONS = [
    # name, trine, SQLite, what of trine's answer is compared
    ("filter scan",
     'db.o.countDocuments({ "address.city": "Oslo", total: { $gt: 500 } })',
     "SELECT count(*) FROM o WHERE d->>'$.address.city' = 'Oslo' AND d->>'$.total' > 500",
     lambda answer: answer),
    ("group by status",
     'db.o.aggregate([{ $group: { _id: "$status", n: { $sum: 1 }, sum: { $sum: "$total" } } }, { $sort: { _id: 1 } }])',
     "SELECT d->>'$.status', count(*), sum(d->>'$.total') FROM o GROUP BY 1 ORDER BY 1",
     lambda answer: [row["n"] for row in answer]),
    ("unwind and group",
     'db.o.aggregate([{ $unwind: "$items" }, { $group: { _id: "$items.sku", n: { $sum: "$items.qty" } } }, '
     '{ $sort: { n: -1, _id: 1 } }, { $limit: 10 }])',
     "SELECT i.value->>'$.sku', sum(i.value->>'$.qty') FROM o, json_each(o.d, '$.items') i "
     "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
     lambda answer: [row["n"] for row in answer]),
    ("lookup and group",
     'db.o.aggregate([{ $lookup: { from: "c", localField: "customer", foreignField: "_id", as: "c" } }, '
     '{ $unwind: "$c" }, { $group: { _id: "$c.tier", sum: { $sum: "$total" }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }])',
     "SELECT c.d->>'$.tier', sum(o.d->>'$.total'), count(*) FROM o JOIN c ON c.id = o.d->>'$.customer' GROUP BY 1 ORDER BY 1",
     lambda answer: [row["n"] for row in answer]),
    ("sort and limit",
     'db.o.aggregate([{ $sort: { total: -1, _id: 1 } }, { $limit: 10 }, { $project: { total: 1 } }])',
     "SELECT id, d->>'$.total' FROM o ORDER BY 2 DESC, 1 LIMIT 10",
     lambda answer: [row["_id"] for row in answer]),
    ("sort of everything",
     'db.o.aggregate([{ $sort: { "address.zip": 1, _id: 1 } }, { $skip: %(last)d }, { $project: { _id: 1 } }])',
     "SELECT id FROM o ORDER BY d->>'$.address.zip', id LIMIT 1 OFFSET %(last)d",
     lambda answer: [row["_id"] for row in answer]),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--trine", default="target/release/trine")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    wanted = lambda name: re.search(options.only, name)
    with tempfile.TemporaryDirectory(prefix="trine-bench-") as folder:
        run(options, folder, wanted)


def report(name, ours, theirs):
    ratio = " ratio %.3f" % (statistics.median(ours) / statistics.median(theirs)) if theirs else ""
    peer = "   SQLite %9.1f ms" % (statistics.median(theirs) * 1e3) if theirs else ""
    print("%-22s trine %9.1f ms%s%s" % (name, statistics.median(ours) * 1e3, peer, ratio), flush=True)


def run(options, folder, wanted):
    lines, database = os.path.join(folder, "o.ndjson"), os.path.join(folder, "o.redb")
    peer = os.path.join(folder, "o.sqlite")
    make(lines, options.documents)
    binary = sqlite3.sqlite_version_info >= (3, 45)
    print("%d orders, %.0f bytes each; SQLite %s, %s" % (
        options.documents, os.path.getsize(lines) / options.documents, sqlite3.sqlite_version,
        "jsonb" if binary else "JSON text"))
    ours, theirs = [], []
    for _ in range(options.rounds if wanted("import") else 1):
        for path in (database, peer):
            if os.path.exists(path):
                os.remove(path)
        command = [options.trine, "import", "-q", "-c", "o", database, lines]
        ours.append(timed(lambda: subprocess.run(command, check=True))[0])

        def load():
            connection = sqlite3.connect(peer)
            connection.execute("CREATE TABLE o (id INTEGER PRIMARY KEY, d)")
            value = "jsonb(?1)" if binary else "json(?1)"
            with connection, open(lines) as file:
                connection.executemany("INSERT INTO o VALUES (?1->>'$._id', %s)" % value, ((line,) for line in file))
            connection.close()

        theirs.append(timed(load)[0])
    report("import", ours, theirs)
    print("%-22s %.0f MiB at most" % ("", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))

    trine, connection = Trine(options.trine, database), sqlite3.connect(peer)
    connection.execute("CREATE TABLE c (id INTEGER PRIMARY KEY, d)")
    tiers = [(n, json.dumps({"_id": n, "tier": "t%d" % (n % 7)})) for n in range(50_000)]
    connection.executemany("INSERT INTO c VALUES (?, ?)", tiers)
    for start in range(0, len(tiers), 5000):
        trine.ask("db.c.insertMany([%s])" % ",".join(text for _, text in tiers[start:start + 5000]))

    def both(name, statement, query, compared):
        if not wanted(name):
            return
        values = {"last": options.documents - 1}
        if "%(" in statement:
            statement, query = statement % values, query % values
        answer = trine.ask(statement)
        expected = connection.execute(query).fetchall()
        got = compared(answer)
        same = [row[1] if name == "unwind and group" else row[0] for row in expected]
        if name in ("unwind and group", "sort and limit", "sort of everything", "filter scan"):
            same = same[0] if name == "filter scan" else same
            if got != same:
                raise SystemExit("%s: %s is not %s" % (name, got, same))
        times = [timed(lambda: trine.ask(statement))[0] for _ in range(options.rounds)]
        peers = [timed(lambda: connection.execute(query).fetchall())[0] for _ in range(options.rounds)]
        report(name, times, peers)

    for question in QUESTIONS:
        both(*question)
    if wanted("index"):
        ours = [timed(lambda: trine.ask('db.o.createIndex({ "address.zip": 1 })'))[0]]
        theirs = [timed(lambda: connection.execute("CREATE INDEX z ON o (d->>'$.address.zip')"))[0]]
        report("index build", ours, theirs)
        zips = ["%05d" % n for n in random.Random(1).sample(range(100_000), 1000)]
        statement = 'db.o.find({ "address.zip": { $in: %s } }, { total: 1 }).itcount()' % json.dumps(zips)
        query = "SELECT d->>'$.total' FROM o WHERE d->>'$.address.zip' IN (%s)" % ",".join("'%s'" % z for z in zips)
        ours = [timed(lambda: trine.ask(statement)) for _ in range(options.rounds)]
        theirs = [timed(lambda: len(connection.execute(query).fetchall())) for _ in range(options.rounds)]
        if ours[0][1] != theirs[0][1]:
            raise SystemExit("1000 look-ups: %s is not %s" % (ours[0][1], theirs[0][1]))
        report("1000 look-ups", [t for t, _ in ours], [t for t, _ in theirs])
    if wanted("update"):
        ours = [timed(lambda: trine.ask('db.o.updateMany({ status: "open" }, { $set: { seen: true }, $inc: { total: 1 } })'))[0]]

        def update():
            change = "jsonb_set" if binary else "json_set"
            with connection:
                connection.execute(
                    "UPDATE o SET d = %s(d, '$.seen', json('true'), '$.total', (d->>'$.total') + 1) WHERE d->>'$.status' = 'open'" % change)

        report("update many", ours, [timed(update)[0]])
    print("%-22s %.0f MiB at most" % ("trine, all questions", trine.close()))


if __name__ == "__main__":
    main()
