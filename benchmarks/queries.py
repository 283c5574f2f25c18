"""Time every named query on a mined database: ``python benchmarks/queries.py git.duckdb``.

Each runs with the defaults of its parameters and is read to its last row, ``--runs`` times one after the other in one
connection; printed are the slowest of the medians, with the processors' seconds, which a busy machine inflates less,
and what lies over the limit. Exit status 1: one does.
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


def seconds(connection: DuckDBPyConnection, name: str) -> tuple[float, float]:
    """Seconds on the clock and of the processors (all threads, user and system)."""
    query = load_query(name)
    started, used = time.perf_counter(), time.process_time()
    connection.execute(query.sql, query.bind({})).fetchall()
    return time.perf_counter() - started, time.process_time() - used


def medians(connection: DuckDBPyConnection, name: str, runs: int) -> tuple[float, float]:
    clock, processors = zip(*(seconds(connection, name) for _ in range(runs)), strict=True)
    return statistics.median(clock), statistics.median(processors)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("queries", nargs="*", metavar="QUERY", help="default: all")
    parser.add_argument("--runs", type=int, default=3, help="runs of each query, default 3")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds that none should take, default 2")
    parser.add_argument("--show", type=int, default=15, help="how many to print, default 15")
    given = parser.parse_args(arguments)
    connection = open_database(given.database)
    taken = {name: medians(connection, name, given.runs) for name in given.queries or query_names()}
    for name, (clock, processors) in sorted(taken.items(), key=lambda each: -each[1][0])[: given.show]:
        print(f"{clock:7.2f} s  {processors:7.2f} s of processors  {name}")
    over = sum(clock > given.limit for clock, _ in taken.values())
    print(
        f"{len(taken)} queries, {over} over {given.limit:g} s, {sum(c for c, _ in taken.values()):.1f} s together"
    )
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
