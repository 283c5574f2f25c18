"""The views and macros behind a query: where its own SQL only begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from codeshare.store.database import views

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_START = re.compile(r"^create or replace (?:view|macro) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^comment on (?:view|macro table|macro) (\w+) is '((?:[^']|'')*)'", re.MULTILINE)
_END = re.compile(r"^comment on |^create |^-- [^\n]* -{5,}$", re.MULTILINE)
_HEAD = re.compile(r"\A\s*create or replace (?:view \w+ as|macro \w+\([^)]*\) as(?: table)?)\s")
_NAMED = re.compile(r'"(?:table_name|function_name)":"(\w+)"')
_CALL = re.compile(r"\b(\w+)\s*\(")
_LINE_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class View:
    """A view or macro of every database; ``says`` is its comment."""

    name: str
    says: str
    sql: str


@cache
def all_views() -> Mapping[str, View]:
    """Every view and macro by name, each after those that it is made of."""
    text = views()
    says = {name: words.replace("''", "'") for name, words in _COMMENT.findall(text)}
    found = {}
    for start in _START.finditer(text):
        end = _END.search(text, start.end())
        sql = text[start.start() : end.start() if end else len(text)].strip()
        found[start[1]] = View(start[1], says.get(start[1], ""), sql)
    return found


def views_behind(statements: Iterable[str]) -> list[View]:
    """Return the views and macros that SQL statements are made of, those behind them too, foundations first."""
    import duckdb

    known, wanted = all_views(), set[str]()
    with duckdb.connect() as parser:
        found = _names(parser, statements)
        while new := found & known.keys() - wanted:
            wanted |= new
            found = _names(parser, (known[name].sql for name in sorted(new)))
    return [view for name, view in known.items() if name in wanted]


def _names(parser: DuckDBPyConnection, statements: Iterable[str]) -> set[str]:
    """Return what statements read or call; columns of the same name as a view are not meant."""
    bodies = [_HEAD.sub("", sql).rstrip().removesuffix(";") for sql in statements]
    trees = parser.execute("select json_serialize_sql(unnest(?::varchar[]))", [bodies]).fetchall()
    found = set[str]()
    for body, (tree,) in zip(bodies, trees, strict=True):
        # a scalar macro is an expression and no statement
        is_expression = '"error":true' in tree
        found |= set(_CALL.findall(_LINE_COMMENT.sub("", body)) if is_expression else _NAMED.findall(tree))
    return found
