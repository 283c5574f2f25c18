"""The named queries of ``queries/``: the one way from SQL files to rows."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.errors import CatalogueError
from codeshare.nearest import nearest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_log = logging.getLogger(__name__)
_PACKAGE = Path(__file__).resolve().parents[1]
_HEADER = re.compile(r"^--(?: (?P<key>question|grain|units|parameters):| ) *(?P<text>.*)$")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Parameter(Struct, frozen=True):
    """A value that a query takes, written ``$name`` in its SQL."""

    name: str
    type: str
    default: str | None

    def value(self, given: object) -> object:
        """Turn what was given, text from a command line too, into what DuckDB binds."""
        if given is None or given == "" or given in ((), []):
            return None
        try:
            if self.type == "varchar[]":
                return given.split(",") if isinstance(given, str) else list(given)  # type: ignore[call-overload]
            if isinstance(given, str) and self.type in _READ:
                return _READ[self.type](given)
        except (KeyError, ValueError):
            raise CatalogueError(f"{self.name}={given}: must be of type {self.type}.") from None
        return given


_READ: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "integer": int,
    "boolean": lambda text: _BOOLEANS[text.lower()],
}


class Query(Struct, frozen=True):
    """One file of ``queries/`` with what its header says."""

    name: str
    question: str
    grain: str
    units: str
    parameters: tuple[Parameter, ...]
    sql: str

    def bind(self, given: Mapping[str, object]) -> dict[str, Any]:
        """Return a value for every parameter, from ``given`` or by default.

        Raises:
            CatalogueError: a parameter is unknown, or a value has the wrong type.
        """
        known = {p.name: p for p in self.parameters}
        for name in given:
            if name not in known:
                meant = nearest(name, known, f"it takes: {', '.join(known) or 'none'}.")
                raise CatalogueError(f"query {self.name}: no parameter {name!r}; {meant}")
        return {name: p.value(given.get(name, p.default)) for name, p in known.items()}


@cache
def queries_folder() -> Path:
    """Where the queries are: inside the installed package, else at the top of the source tree."""
    for folder in (_PACKAGE / "queries", _PACKAGE.parent / "queries"):
        if folder.is_dir():
            return folder
    raise CatalogueError("the queries are missing from this installation; install codeshare again.")


@cache
def query_names() -> tuple[str, ...]:
    """Names of all queries, sorted."""
    return tuple(sorted(path.stem for path in queries_folder().glob("*.sql")))


@cache
def load_query(name: str) -> Query:
    """Read one query.

    Raises:
        CatalogueError: there is none of that name (the nearest is named), or its header lacks a key.
    """
    names = query_names()
    if name not in names:
        raise CatalogueError(
            f"no query {name!r}; {nearest(name, names, '`codeshare query --list` lists all.')}"
        )
    sql = (queries_folder() / f"{name}.sql").read_text(encoding="utf-8")
    header = _header(sql)
    missing = {"question", "grain", "units", "parameters"} - header.keys()
    if missing:
        raise CatalogueError(f"queries/{name}.sql: the header lacks {', '.join(sorted(missing))}.")
    parameters = _parameters(header.pop("parameters"))
    return Query(name=name, parameters=parameters, sql=sql, **header)


def _header(sql: str) -> dict[str, str]:
    found: dict[str, str] = {}
    key = None
    for line in sql.splitlines():
        match = _HEADER.match(line)
        if match is None:
            break
        if match["key"]:
            key = match["key"]
            found[key] = match["text"]
        elif key:
            found[key] += " " + match["text"]
    return found


def _parameters(text: str) -> tuple[Parameter, ...]:
    if text == "none":
        return ()
    parts = [part.split() for part in text.split(",")]
    return tuple(
        Parameter(name, kind, None if default == "null" else default) for name, kind, default in parts
    )


def run(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> pd.DataFrame:
    """Run a named query.

    Args:
        connection: an open database of codeshare.
        name: as in ``query_names()``.
        parameters: by name; those left out take the query's default.

    Returns:
        Its rows, in the order and with the columns that the SQL file says. Days and times are
        ``datetime64``, UTC without zone.

    Raises:
        CatalogueError: no such query or parameter.
    """
    query = load_query(name)
    bound = query.bind(parameters)
    began = time.perf_counter()
    found = (connection.execute(query.sql, bound) if bound else connection.execute(query.sql)).df()
    _log.debug("query %s: %d rows, %.3f s", name, len(found), time.perf_counter() - began)
    return found
