from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codeshare.mining.standing import Standing, read_standing
from codeshare.store.database import open_database
from tests.histories import History

_STORED = (
    "insert into exported_lines values ('cursor', 'aa', null, 'Cursor', 1, 1, 0, 0)",
    "insert into pull_requests by name select 'shop' as repo, 1 as number, false as author_is_bot, 'open' as state",
    "insert into imported values ('shop', 'requests', 1, 'ff')",
)


def test_nothing_is_known_of_a_new_database(tmp_path: Path) -> None:
    with open_database(tmp_path / "x.duckdb", write=True) as connection:
        assert read_standing(connection, ["shop"]) == Standing()


@pytest.mark.parametrize("statement", _STORED)
def test_what_was_imported_before_the_first_mine_counts(tmp_path: Path, statement: str) -> None:
    with open_database(tmp_path / "x.duckdb", write=True) as connection:
        connection.execute(statement)
        standing = read_standing(connection, ["shop"])
    assert standing != Standing()
    assert standing.repos == {}


def test_a_repository_that_is_stored_is_known(history: History, mined: Callable[..., Path]) -> None:
    history.commit({"a.txt": "a\n"})
    with open_database(mined(history.path)) as connection:
        ((name, tip),) = connection.execute("select repo, tip_sha from repos").fetchall()
        assert read_standing(connection, [name]).repos[name].tip_sha == tip
        assert read_standing(connection, ["other"]).repos == {}
