from __future__ import annotations

from collections.abc import Iterator

import pytest

from .rows import Rows


@pytest.fixture(scope="session")
def database() -> Iterator[Rows]:
    """One database for all tests: making it takes longer than most of them."""
    made = Rows()
    yield made
    made.connection.close()


@pytest.fixture
def rows(database: Rows) -> Rows:
    """The database, emptied."""
    database.clear()
    return database
