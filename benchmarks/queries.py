"""Time every named query on a mined database: ``python benchmarks/queries.py git.duckdb``.

Each runs with the defaults of its parameters and is read to its last row, ``--runs`` times one after the other in one
connection; printed are the slowest of the medians and what lies over the limit. Exit status 1: one does.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.metrics.queries import load_query, query_names
from codeshare.store.database import open_database

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def seconds(connection: DuckDBPyConnection, name: str) -> float:
    query = load_query(name)
    started = time.perf_counter()
    connection.execute(query.sql, query.bind({})).fetchall()
    return time.perf_counter() - started


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="runs of each query, default 3")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds that none should take, default 2")
    parser.add_argument("--show", type=int, default=15, help="how many to print, default 15")
    given = parser.parse_args(arguments)
    connection = open_database(given.database)
    taken = {
        name: statistics.median(seconds(connection, name) for _ in range(given.runs))
        for name in query_names()
    }
    for name in sorted(taken, key=lambda each: -taken[each])[: given.show]:
        print(f"{taken[name]:7.2f} s  {name}")
    over = sum(each > given.limit for each in taken.values())
    print(f"{len(taken)} queries, {over} over {given.limit:g} s, {sum(taken.values()):.1f} s together")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
