"""Asks everything of a database with nothing but `duckdb`, and prints what was answered: run by test_plain_duckdb.py.

Standard input: {"database": file, "questions": {name: [SQL, parameters]}}; standard output: the version, and by
name how many rows came and a digest of them.
"""

from __future__ import annotations

import hashlib
import json
import sys

import duckdb


def told(value: object) -> str:
    """A value as all versions print it; sums of floats differ in the last digits with the order of rows."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, (list, tuple)):
        return ",".join(map(told, value))
    return repr(value)


def answer(connection: duckdb.DuckDBPyConnection, sql: str, bound: dict[str, object]) -> tuple[int, str]:
    """Rows in any order: where a query does not say one, versions differ."""
    rows = sorted(told(row) for row in connection.execute(sql, bound or None).fetchall())
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


asked = json.load(sys.stdin)
connection = duckdb.connect(asked["database"], read_only=True)
answers = {name: answer(connection, sql, bound) for name, (sql, bound) in asked["questions"].items()}
json.dump({"version": duckdb.__version__, "answers": answers}, sys.stdout)
