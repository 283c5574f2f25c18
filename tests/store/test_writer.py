from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pytest

from codeshare.store import arrow, stretches
from codeshare.store.arrow import Batches
from codeshare.store.columns import Rows, numbers, texts
from codeshare.store.database import ROW_GROUP, SMALL_ROW_GROUP, open_database
from codeshare.store.registered import registered
from codeshare.store.stretches import Stretches, being_made, few_at_once
from codeshare.store.tables import BIGINT, VARCHAR, Table
from codeshare.store.writer import append
from tests.stored import group_sizes


@pytest.fixture
def stored() -> Callable[[Table | Stretches], list[int]]:
    """Rows as they come back, in the order in which they are stored."""

    def store(rows: Table | Stretches) -> list[int]:
        with duckdb.connect() as connection:
            connection.execute("create table numbers (number integer)")
            append(connection, "numbers", rows)
            return [number for (number,) in connection.execute("from numbers").fetchall()]

    return store


def some(start: int, stop: int) -> Table:
    return Table({"number": numbers(np.arange(start, stop))})


@pytest.mark.parametrize("count", [0, 1, SMALL_ROW_GROUP + 1, 2 * ROW_GROUP, 2 * ROW_GROUP + 1])
def test_rows_come_back_in_their_order(count: int, stored: Callable[[Table | Stretches], list[int]]) -> None:
    assert stored(some(0, count)) == list(range(count))


@pytest.mark.parametrize("count", [3, 2000])
def test_rows_of_several_repositories_come_one_after_the_other(count: int) -> None:
    rows = [Rows([(f"{name}{k}", k) for k in range(count)], {"name": VARCHAR, "k": BIGINT}) for name in "ab"]
    with duckdb.connect() as connection:
        connection.execute("create table several (k bigint, name varchar)")
        for part in rows:
            append(connection, "several", part)
        assert connection.execute("select name, k from several").fetchall() == [*rows[0].rows, *rows[1].rows]


def test_rows_of_some_commits_are_left_out() -> None:
    rows = [("one",), (None,), ("two",), ("three",)]
    edge = Table({"sha": texts(["one", "three", "four"])})
    with duckdb.connect() as connection:
        connection.execute("create table several (sha varchar); create table others (name varchar)")
        with registered(connection, edge=edge):
            append(connection, "several", Rows(rows, {"sha": VARCHAR}), without="edge")
            append(connection, "others", Rows(rows, {"name": VARCHAR}), without="edge")
        assert connection.execute("from several").fetchall() == [(None,), ("two",)]
        assert connection.execute("from others").fetchall() == rows


def test_a_stretch_of_which_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "SIZE", 10)
    shas = [f"{k}" for k in range(25)]
    rows = Stretches(25, lambda start, stop: Table({"sha": texts(shas[start:stop])}))
    with duckdb.connect() as connection:
        connection.execute("create table several (sha varchar)")
        with registered(connection, edge=Table({"sha": texts(shas[:13])})):
            append(connection, "several", rows, without="edge")
        assert connection.execute("from several").fetchall() == [(sha,) for sha in shas[13:]]


def test_rows_that_a_thread_makes(
    stored: Callable[[Table | Stretches], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_FEW", 5)
    with ThreadPoolExecutor(1) as thread:
        for count in (0, 5, 6):
            rows = few_at_once(being_made(count, thread.submit(some, 0, count)))
            assert isinstance(rows, Stretches) == (count > 5)
            assert stored(rows) == list(range(count))


def test_few_rows_come_in_batches_for_several_processors(
    stored: Callable[[Table | Stretches], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Told(Batches):
        def __init__(self, tables: list[Table], size: int) -> None:
            asked.append(size)
            super().__init__(tables, size)

    monkeypatch.setattr(arrow, "Batches", Told)
    for count in (2 * ROW_GROUP, 2 * ROW_GROUP + 1):
        assert stored(some(0, count)) == list(range(count))
    assert asked == [SMALL_ROW_GROUP, ROW_GROUP]


def test_few_rows_are_stored_in_groups_for_several_processors(tmp_path: Path) -> None:
    rows = some(0, 2 * SMALL_ROW_GROUP + 1)
    assert sizes(tmp_path / "large.duckdb", [rows]) == [2 * SMALL_ROW_GROUP + 1]
    assert sizes(tmp_path / "small.duckdb", [rows], is_small=True) == [1, SMALL_ROW_GROUP, SMALL_ROW_GROUP]


def test_rows_that_come_later_leave_a_large_group_alone(tmp_path: Path) -> None:
    size = 2 * SMALL_ROW_GROUP
    assert sizes(tmp_path / "x.duckdb", [some(0, size), some(0, 7), some(0, 7)]) == [14, size]


def sizes(path: Path, parts: list[Table], *, is_small: bool = False) -> list[int]:
    """Rows in each group of a table that is written part by part, each by a connection of its own."""
    for n, part in enumerate(parts):
        with open_database(path, write=True, is_small=is_small) as connection:
            if not n:
                connection.execute("create table numbers (number integer)")
            append(connection, "numbers", part)
    return group_sizes(path, "numbers")
