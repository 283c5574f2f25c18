"""The views and macros behind a query: where its own SQL only begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from codeshare.store.database import views

_START = re.compile(r"^create or replace (?:view|macro) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^comment on (?:view|macro table|macro) (\w+) is '((?:[^']|'')*)'", re.MULTILINE)
_END = re.compile(r"^comment on |^create |^-- [^\n]* -{5,}$", re.MULTILINE)
_HEAD = re.compile(r"\A\s*create or replace (?:view \w+ as|macro \w+\([^)]*\) as(?: table)?)\s")
_NAMED = re.compile(r'"(?:table_name|function_name)":"(\w+)"')
_CALL = re.compile(r"\b(\w+)\s*\(")
_LINE_COMMENT = re.compile(r"--[^\n]*")


class View(Struct, frozen=True):
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


def views_of_each(statements: Iterable[str]) -> list[list[View]]:
    """Return the views and macros that each SQL statement is made of, those behind them too, foundations first."""
    known, made_of = all_views(), _made_of()
    found = []
    for names in _names(list(statements)):
        wanted = names & known.keys()
        while new := {name for view in wanted for name in made_of[view]} - wanted:
            wanted |= new
        found.append([view for name, view in known.items() if name in wanted])
    return found


def together(each: Iterable[Iterable[View]]) -> list[View]:
    """Return the views of several statements, foundations first."""
    wanted = {view.name for views in each for view in views}
    return [view for name, view in all_views().items() if name in wanted]


@cache
def _made_of() -> Mapping[str, set[str]]:
    """Each view's name → those of the views that it reads itself."""
    known = all_views()
    read = _names([view.sql for view in known.values()])
    return {name: names & known.keys() - {name} for name, names in zip(known, read, strict=True)}


def _names(statements: Sequence[str]) -> list[set[str]]:
    """Return what each statement reads or calls; columns of the same name as a view are not meant."""
    import duckdb

    bodies = [_HEAD.sub("", sql).rstrip().removesuffix(";") for sql in statements]
    with duckdb.connect() as parser:
        trees = parser.execute("select json_serialize_sql(unnest(?::varchar[]))", [bodies]).fetchall()
    return [_named(body, tree) for body, (tree,) in zip(bodies, trees, strict=True)]


def _named(body: str, tree: str) -> set[str]:
    # a scalar macro is an expression and no statement
    is_expression = '"error":true' in tree
    return set(_CALL.findall(_LINE_COMMENT.sub("", body)) if is_expression else _NAMED.findall(tree))
