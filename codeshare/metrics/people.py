"""Who takes part, and which persons may be one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from codeshare.attribution.people import normalise_email
from codeshare.attribution.suggestions import Known, Suggestion, suggest
from codeshare.metrics.queries import run

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection


def people(connection: DuckDBPyConnection, *, names: bool = True) -> pd.DataFrame:
    """List persons, agents and bots, those with most commits first.

    Args:
        names: call persons by name, with the names and addresses they wrote under; else by pseudonym.

    Source: ``queries/people.sql``.
    """
    return run(connection, "people", names=names)


def suggestions(connection: DuckDBPyConnection, *, weak: bool = False) -> list[Suggestion]:
    """Propose persons that may be one, the surest first; agents and bots are never among them.

    Args:
        weak: also those who have only a name in common.
    """
    found = suggest(known(connection))
    return found if weak else [each for each in found if not each.is_weak]


def known(connection: DuckDBPyConnection) -> list[Known]:
    """The persons of the database with their names and addresses, the most used first."""
    rows = connection.execute(
        "select person, name, mapped_name, mapped_email, commits from identities where kind = 'person' order by all"
    ).fetchall()
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    addresses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for person, name, mapped, email, commits in rows:
        # Ahead of a name without commits: what the mailmap makes of it.
        names[person][mapped] += commits + 1
        names[person][name] += commits
        addresses[person][normalise_email(email)] += commits
    return [
        Known(person, _most_used(names[person]), _most_used(addresses[person]), addresses[person].total())
        for person in sorted(names)
    ]


def _most_used(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda each: (-counted[each], each)))
