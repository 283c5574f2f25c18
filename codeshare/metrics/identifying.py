"""Names, addresses and logins of a database's people, and which texts hold one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from codeshare.shipped import shipped

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHORTEST = 3
"""Letters of a single word that counts as a name; shorter ones are in everything."""
_WORDS = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_NO_REPLY = re.compile(r"(?:\d+[+-])?([^@+]+)@users\.noreply\.git(?:hub|lab)\.com")
_NAMES = """
    select name from identities where kind = 'person' union select mapped_name from identities where kind = 'person'
    union select name from people where kind = 'person' union select author_name from request_commits
"""
_ADDRESSES = """
    select email from identities where kind = 'person' union select mapped_email from identities where kind = 'person'
    union select author_email from request_commits union select value from trailers where value like '%@%'
"""
_LOGINS = """
    select author from pull_requests where not author_is_bot union select merged_by from pull_requests
    union select reviewer from reviews where not reviewer_is_bot union select author_login from request_commits
    union select ltrim(owner, '@') from path_owners where owner not like '@%/%'
"""
_NOBODY = "select repo from repos union select tool from evidence"


class Identifying:
    """What names somebody, to be looked for in paths, repositories' names and labels.

    A word or run of words counts that is a whole name, account, address or the part of it before the @;
    a first name alone does not, for it is a common word too often, and neither does a single word that is
    an office (``roles.txt``), an agent or the repository.
    """

    def __init__(
        self,
        names: Iterable[str],
        addresses: Iterable[str],
        logins: Iterable[str],
        without: Collection[str] = (),
    ) -> None:
        self._without = frozenset(without) | _roles()
        self._runs: dict[str, set[tuple[str, ...]]] = {}
        self._letters: set[str] = set()
        whole = [*names, *logins]
        for address in addresses:
            whole += [address, address.partition("@")[0]]
            if match := _NO_REPLY.fullmatch(address):
                whole.append(match[1])
        for text in whole:
            self._add(text)

    def _add(self, text: str) -> None:
        words = tuple(words_of(text))
        joined = "".join(words)
        if len(joined) < (_SHORTEST if joined.isascii() else 2) or (
            len(words) == 1 and joined in self._without
        ):
            return
        self._runs.setdefault(words[0], set()).add(words)
        if len(words) > 1 and joined not in self._without:
            self._runs.setdefault(joined, set()).add((joined,))
        if not joined.isascii():
            self._letters.add(joined)

    def is_in(self, text: str) -> bool:
        """Whether ``text`` holds a name, an address or an account of somebody."""
        words = words_of(text)
        if any(
            tuple(words[place : place + len(run)]) == run
            for place, word in enumerate(words)
            for run in self._runs.get(word, ())
        ):
            return True
        return not text.isascii() and any(name in "".join(words) for name in self._letters)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, letters and digits only."""
    return _WORDS.findall(unicodedata.normalize("NFC", text).casefold())


def identifying(connection: DuckDBPyConnection) -> Identifying:
    """Collect what names the people of a database."""
    return Identifying(
        _texts(connection, _NAMES),
        _addresses(_texts(connection, _ADDRESSES)),
        _texts(connection, _LOGINS),
        {word for text in _texts(connection, _NOBODY) for word in words_of(text.rpartition("/")[2])},
    )


def words_of_names(connection: DuckDBPyConnection) -> set[str]:
    """Each word of people's names: no pseudonym may be one."""
    return {word for name in _texts(connection, _NAMES) for word in words_of(name)}


@cache
def _roles() -> frozenset[str]:
    return frozenset(shipped("metrics/roles.txt").split())


def _addresses(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        found = _ADDRESS.search(value)
        yield (found[1] if found else value).strip().lower()


def _texts(connection: DuckDBPyConnection, query: str) -> list[str]:
    return [text for (text,) in connection.execute(query).fetchall() if text]
