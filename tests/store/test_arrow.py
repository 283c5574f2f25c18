"""Tables as others read them: pyarrow and DuckDB."""

from __future__ import annotations

import gc
import sys
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from codeshare.store.arrow import Batches
from codeshare.store.columns import Rows, alike, few, lists
from codeshare.store.registered import registered
from codeshare.store.tables import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    TIMESTAMP,
    UBIGINT,
    VARCHAR,
    Column,
    Table,
)
from codeshare.store.writer import append

KINDS = {
    VARCHAR: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    BOOLEAN: st.booleans(),
    INTEGER: st.integers(-(2**31), 2**31 - 1),
    BIGINT: st.integers(-(2**63), 2**63 - 1),
    UBIGINT: st.integers(0, 2**64 - 1),
    DOUBLE: st.floats(allow_nan=False),
    DATE: st.dates(),
    TIMESTAMP: st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)),
}
ROW = st.tuples(*(st.none() | values for values in KINDS.values()), *[st.none() | st.text("aé", max_size=2)] * 2, st.lists(st.sampled_from(["a", "", "é"]), max_size=3))  # fmt: skip


def made(rows: list[tuple[Any, ...]]) -> Table:
    """Rows as a table: a column of each kind, two with a dictionary, and one of lists."""
    own = len(KINDS)
    kinds = {f"c{k}": kind for k, kind in enumerate(KINDS)}
    by_row = {n: row[own + 1] for n, row in enumerate(rows) if row[own + 1] is not None}
    others = {
        "alike": alike([row[own] for row in rows]),
        "few": few(by_row, range(len(rows))),
        "lists": lists([row[own + 2] for row in rows]),
    }
    return Table({**Rows([row[:own] for row in rows], kinds).table().columns, **others})


@given(rows=st.lists(ROW, max_size=40), data=st.data())
def test_a_table_is_what_it_was_made_of(rows: list[tuple[Any, ...]], data: st.DataObject) -> None:
    table = made(rows)
    start = data.draw(st.integers(0, len(rows)))
    count = data.draw(st.integers(0, len(rows)))
    size = data.draw(st.integers(1, 50))
    assert [tuple(row.values()) for row in pa.table(Batches([table])).to_pylist()] == rows
    assert [tuple(row.values()) for row in pa.table(Batches([table.slice(start, count)])).to_pylist()] == rows[start : start + count]  # fmt: skip
    with duckdb.connect() as connection, registered(connection, arriving=Batches([table, table], size)):
        connection.execute("create table read as from arriving")
        assert connection.execute("from read").fetchall() == rows * 2
        assert connection.execute("select lists, c0 from arriving").fetchall() == [(row[-1], row[0]) for row in rows] * 2  # fmt: skip


def test_many_rows_are_read_by_several_threads() -> None:
    rows = Rows([(k, f"é{k}" if k % 3 else None, date(2026, 1, 1)) for k in range(50_000)], {"k": INTEGER, "name": VARCHAR, "day": DATE})  # fmt: skip
    with duckdb.connect() as connection, registered(connection, arriving=Batches([rows.table()], 999)):
        connection.execute("create table read as from arriving")
        assert connection.execute("from read").fetchall() == rows.rows


def test_what_nobody_reads_is_let_go_of() -> None:
    numbers = np.arange(1000, dtype=np.int32)
    kept = sys.getrefcount(numbers)
    for use in (lambda rows: rows.__arrow_c_stream__(), pa.table, pa.RecordBatchReader.from_stream):
        rows = Batches([Table({"k": Column(INTEGER, 1000, (None, numbers))})] * 3, 100)
        assert use(rows) is not None
        del rows
        gc.collect()
        assert sys.getrefcount(numbers) == kept


def test_what_was_stored_is_let_go_of_before_its_transaction_ends() -> None:
    numbers = np.arange(2000, dtype=np.int32)
    kept = sys.getrefcount(numbers)
    with duckdb.connect() as connection:
        connection.execute("create table numbers (k integer)")
        connection.execute("begin")
        append(connection, "numbers", Table({"k": Column(INTEGER, 2000, (None, numbers))}))
        assert sys.getrefcount(numbers) == kept
        with registered(connection, more=Table({"k": Column(INTEGER, 2000, (None, numbers))})):
            connection.execute("insert into numbers from more")
        assert sys.getrefcount(numbers) == kept
        connection.execute("commit")
        assert connection.execute("select count(*), sum(k) from numbers").fetchone() == (
            4000,
            2 * sum(range(2000)),
        )
