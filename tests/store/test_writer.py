from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from codeshare.store import stretches
from codeshare.store.database import ROW_GROUP, SMALL_ROW_GROUP, open_database
from codeshare.store.stretches import Stretches, being_made, changed, few_at_once
from codeshare.store.writer import append
from tests.stored import group_sizes


@pytest.fixture
def stored() -> Callable[[pa.Table | Stretches], list[int]]:
    """Rows as they come back, in the order in which they are stored."""

    def store(rows: pa.Table | Stretches) -> list[int]:
        with duckdb.connect() as connection:
            connection.execute("create table numbers (number integer)")
            append(connection, "numbers", rows)
            return [number for (number,) in connection.execute("from numbers").fetchall()]

    return store


def some(start: int, stop: int) -> pa.Table:
    return pa.table({"number": pa.array(range(start, stop), pa.int32())})


@pytest.mark.parametrize("count", [0, 1, SMALL_ROW_GROUP + 1, 2 * ROW_GROUP, 2 * ROW_GROUP + 1])
def test_rows_come_back_in_their_order(
    count: int, stored: Callable[[pa.Table | Stretches], list[int]]
) -> None:
    assert stored(some(0, count)) == list(range(count))


def test_a_stretch_of_which_nothing_is_left(
    stored: Callable[[pa.Table | Stretches], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "SIZE", 10)
    rows = changed(Stretches(25, lambda start, stop: some(start, min(stop, 25))), lambda part: part.filter(pc.greater(part["number"], 12)))  # fmt: skip
    assert stored(rows) == list(range(13, 25))


def test_rows_that_a_thread_makes(
    stored: Callable[[pa.Table | Stretches], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_FEW", 5)
    with ThreadPoolExecutor(1) as thread:
        for count in (0, 5, 6):
            rows = few_at_once(being_made(count, thread.submit(some, 0, count)))
            assert isinstance(rows, Stretches) == (count > 5)
            assert stored(rows) == list(range(count))


def test_few_rows_come_in_batches_for_several_processors(
    stored: Callable[[pa.Table | Stretches], list[int]],
) -> None:
    asked: list[int] = []

    class Told:
        def __init__(self, table: pa.Table) -> None:
            self.table = table

        def __getattr__(self, name: str) -> object:
            return getattr(self.table, name)

        def to_batches(self, size: int) -> list[pa.RecordBatch]:
            asked.append(size)
            batches: list[pa.RecordBatch] = self.table.to_batches(size)
            return batches

    for count in (2 * ROW_GROUP, 2 * ROW_GROUP + 1):
        assert stored(Told(some(0, count))) == list(range(count))
    assert asked == [SMALL_ROW_GROUP, ROW_GROUP]


def test_few_rows_are_stored_in_groups_for_several_processors(tmp_path: Path) -> None:
    rows = some(0, 2 * SMALL_ROW_GROUP + 1)
    assert sizes(tmp_path / "large.duckdb", [rows]) == [2 * SMALL_ROW_GROUP + 1]
    assert sizes(tmp_path / "small.duckdb", [rows], is_small=True) == [1, SMALL_ROW_GROUP, SMALL_ROW_GROUP]


def test_rows_that_come_later_leave_a_large_group_alone(tmp_path: Path) -> None:
    size = 2 * SMALL_ROW_GROUP
    assert sizes(tmp_path / "x.duckdb", [some(0, size), some(0, 7), some(0, 7)]) == [14, size]


def sizes(path: Path, parts: list[pa.Table], *, is_small: bool = False) -> list[int]:
    """Rows in each group of a table that is written part by part, each by a connection of its own."""
    for n, part in enumerate(parts):
        with open_database(path, write=True, is_small=is_small) as connection:
            if not n:
                connection.execute("create table numbers (number integer)")
            append(connection, "numbers", part)
    return group_sizes(path, "numbers")
