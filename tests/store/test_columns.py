"""Columns hold what they were made of, and those that DuckDB answers with are read as Arrow reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from codeshare.store.arrow import Batches
from codeshare.store.columns import Lookup, alike, instants
from codeshare.store.tables import Column, Table
from codeshare.store.values import parts_of, plain


@pytest.mark.parametrize("values", [[], [None], ["x"], ["x", None, "x", "y"]])
def test_values_of_any_number_are_columns_of_one_type(values: list[str | None]) -> None:
    one, other = Table({"name": alike(values)}), Table({"name": alike(["other"])})
    assert pa.table(Batches([one, other]))["name"].to_pylist() == [*values, "other"]


def test_few_are_looked_up_as_many_are() -> None:
    values = [f"{k % 7}" if k % 5 else None for k in range(100)]
    index = np.array([3, 99, 5, -1, 40, 200])
    there = index >= 0
    few, many = Lookup(values)(index, there), Lookup(values)(np.tile(index, 20), np.tile(there, 20))
    assert plain_of(few) == ["3", "1", None, None, None, "1"]
    assert plain_of(many) == plain_of(few) * 20
    some = Lookup(values)(np.tile(index, 6), np.tile(there, 6))
    assert plain_of(some) == plain_of(few) * 6


def plain_of(column: Column) -> list[str | None]:
    found: list[str | None] = pa.table(Batches([Table({"name": column})]))["name"].to_pylist()
    return found


def test_times_and_lists_come_back_as_arrow_gives_them() -> None:
    found = duckdb.sql(
        "select timestamp '1969-12-31 23:59:59.5' + interval (k) hour as at, [k::varchar, null] as names, k from range(5000) as t (k)"
        " union all select '1950-01-01', [], null"
    ).to_arrow_table()
    for column in found.columns:
        for part in (column, column[10:20], column[:0]):
            assert plain(part) == part.to_pylist()


def test_instants_are_numpys() -> None:
    moments = [datetime(1950, 1, 1) + timedelta(seconds=k * 977_777, microseconds=k) for k in range(5000)]
    assert (instants(moments) == np.array(moments, dtype="datetime64[us]")).all()
    assert np.isnat(instants([None])).all()


def test_lists_of_parts_of_a_column_follow_each_other() -> None:
    lists = pa.array([["a", "b"], [], ["c"], ["d", "e", "f"]])
    column = pa.chunked_array([lists[1:3], lists[:0], lists[3:], lists[:2]])
    values, ends = parts_of(column)
    assert [values[low:high] for low, high in pairwise(ends)] == column.to_pylist() == plain(column)


def test_numbers_come_back_as_arrow_gives_them() -> None:
    for kind in (pa.int32(), pa.int64(), pa.uint64(), pa.float64(), pa.date32(), pa.int16()):
        for values in ([1, 2, 3], [1, None, 3], []):
            column = pa.chunked_array(
                [pa.array(values, pa.int32()).cast(kind) if kind == pa.date32() else pa.array(values, kind)]
            )
            assert plain(column) == column.to_pylist()
