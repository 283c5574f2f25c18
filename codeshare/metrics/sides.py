"""What is compared: names resolved to repositories, teams, tools and periods."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.errors import ComparisonError
from codeshare.store.side import KINDS, Side

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_NAMES = {
    "repository": "select repo from repos",
    "team": "select distinct team from memberships",
    "tool": "select distinct tool from commits where attribution in ('ai', 'assisted') and tool is not null "
    "union select distinct tool from landed_lines where attribution in ('ai', 'assisted') and tool is not null",
}
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-?[Qq](?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?)?"
)


class Comparison(Struct, frozen=True, eq=False):
    """Two sides, figure by figure.

    Attributes:
        first: how the first side is called.
        frame: one row a figure; see ``codeshare.estimates.comparison.compare``.
        sentence: what may be said.
        facts: how much each side is, a sentence each.
        notes: what was left out and why.
    """

    first: str
    second: str
    frame: pd.DataFrame
    sentence: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]


def resolve_sides(connection: DuckDBPyConnection, first: str, second: str) -> tuple[Side, Side]:
    """Resolve two names, which must not mean the same.

    Raises:
        ComparisonError: a name is unknown (the nearest is named), means several things, or both mean one.
    """
    one, two = resolve(connection, first), resolve(connection, second)
    if (one.kind, one.since or one.name, one.until) == (two.kind, two.since or two.name, two.until):
        raise ComparisonError(f"{first} and {second} are both {one.kind} {one.name}: name two that differ.")
    return one, two


def resolve(connection: DuckDBPyConnection, text: str) -> Side:
    """Resolve ``NAME`` or ``KIND:NAME``: a repository, else a team, a tool or a period.

    A repository goes by its whole name or the part after the last slash; upper case, spaces and dashes do
    not matter. A period is a year, quarter, month or day, or two of them with dots between: ``2025``,
    ``2025-Q2``, ``2025-01..2025-06`` (the last one belongs to it).
    """
    kind, colon, rest = text.partition(":")
    kinds, wanted = ((kind,), rest) if colon and kind in KINDS else (KINDS, text)
    known = [(k, name) for k in kinds for name in _names(connection, k)]
    found = [Side(k, name) for k, name in known if is_called(wanted, k, name)]
    exact = {side.kind for side in found if side.name == wanted}
    found = [side for side in found if side.name == wanted or side.kind not in exact]
    if "period" in kinds and (period := parse_period(wanted)):
        found.append(Side("period", wanted, *period))
    if len(found) == 1:
        return found[0]
    if found:
        forms = " or ".join(f"{side.kind}:{side.name}" for side in found)
        raise ComparisonError(f"--compare {text}: means several things: write {forms}.")
    raise ComparisonError(f"--compare {text}: {_unknown(wanted, kinds, known)}")


def parse_period(text: str) -> tuple[date, date] | None:
    """Return first day and first day after it; None for what is no period."""
    first, dots, last = text.partition("..")
    ends = [_span(part) for part in ((first, last) if dots else (first,))]
    known = [span for span in ends if span is not None]
    if len(known) != len(ends) or known[-1][1] <= known[0][0]:
        return None
    return known[0][0], known[-1][1]


def _span(text: str) -> tuple[date, date] | None:
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    year, quarter, month, day = (
        int(match[name]) if match[name] else None for name in ("year", "quarter", "month", "day")
    )
    try:
        assert year is not None
        if day and month:
            first = date(year, month, day)
            return first, first + timedelta(days=1)
        start = month or (3 * quarter - 2 if quarter else 1)
        months = 1 if month else 3 if quarter else 12
        return date(year, start, 1), date(year + (start + months - 1) // 12, (start + months - 1) % 12 + 1, 1)
    except ValueError:
        return None


def _names(connection: DuckDBPyConnection, kind: str) -> Iterator[str]:
    if kind in _NAMES:
        for (name,) in sorted(connection.execute(_NAMES[kind]).fetchall()):
            yield name


def is_called(wanted: str, kind: str, name: str) -> bool:
    """Whether a name means that repository, team or tool."""
    names = {name, name.rsplit("/", 1)[-1]} if kind == "repository" else {name}
    return folded(wanted) in {folded(each) for each in names}


def folded(name: str) -> str:
    """Return a name without what does not matter in it."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _unknown(wanted: str, kinds: tuple[str, ...], known: list[tuple[str, str]]) -> str:
    by_word = {folded(name): f"{kind}:{name}" for kind, name in known}
    by_word |= {
        folded(name.rsplit("/", 1)[-1]): f"{kind}:{name}" for kind, name in known if kind == "repository"
    }
    word = folded(wanted)
    near = (
        difflib.get_close_matches(word, by_word, n=1)
        or [name for name in by_word if word and word in name][:1]
    )
    what = kinds[0] if len(kinds) == 1 else "repository, team, tool or period"
    if near:
        return f"no {what} of that name; did you mean {by_word[near[0]]}?"
    if kinds == ("period",):
        return "no period: write 2025, 2025-Q2, 2025-06 or 2025-01..2025-06."
    some = ", ".join(f"{kind}:{name}" for kind, name in known[:6])
    return f"no {what} of that name; there are {some or 'none'}, and periods such as period:2025-Q2."
