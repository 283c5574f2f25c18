"""Which cells of a table by part and quarter are of too few people, and which would tell what those hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import pandas as pd


def complemented(
    engineers: Mapping[str, int], minimum: int, *, are_people: bool = True, besides: Collection[str] = ()
) -> set[str]:
    """Return the groups of too few, and the next larger ones until two are left out, so that none follows from the total.

    Args:
        are_people: they are groups of people, so those left out must be enough people together as well.
        besides: groups that are left out for other reasons.
    """
    order = sorted(
        (name for name, many in engineers.items() if many),
        key=lambda name: (engineers[name] >= minimum and name not in besides, engineers[name], name),
    )
    hidden = [name for name in order if engineers[name] < minimum or name in besides]
    for name in order[len(hidden) :]:
        enough = not are_people or sum(engineers[each] for each in hidden) >= minimum
        if not hidden or (len(hidden) > 1 and enough):
            break
        hidden.append(name)
    return set(hidden)


def hidden_quarters(frame: pd.DataFrame, part: str, minimum: int, month: object) -> pd.Series:
    """Say which rows are of few engineers, quarter by quarter, or would tell those.

    A part's quarters add up to what other tables show of it: of all time, and of the twelve months until
    ``month``. So none of it is left out alone, neither among the parts of a quarter nor among its quarters.
    """
    names, engineers = frame[part].astype(str).tolist(), frame["engineers"].tolist()
    last = pd.Timestamp(month)  # type: ignore[arg-type]
    is_late = frame["quarter"].between(last - pd.DateOffset(months=12), last, inclusive="right").tolist()
    quarters, parts = _places(frame["quarter"]), _places(names)
    windows = [window for rows in parts for window in (rows, [row for row in rows if is_late[row]])]
    hidden: set[int] = set()
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for rows in quarters:
            many = {names[row]: engineers[row] for row in rows}
            gone = {names[row] for row in hidden & {*rows}}
            small = complemented(many, minimum, are_people=part == "team", besides=gone)
            hidden |= {row for row in rows if names[row] in small}
        for window in windows:
            hidden |= _second(window, engineers, hidden)
    return pd.Series([row in hidden for row in range(len(frame))], index=frame.index)


def _places(values: Iterable[Hashable]) -> Collection[Sequence[int]]:
    """The rows of each value, in their order."""
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        found[value].append(row)
    return found.values()


def _second(window: Sequence[int], engineers: Sequence[int], hidden: Collection[int]) -> set[int]:
    """Of one part's quarters of which a single one is left out, the one of the fewest engineers besides."""
    there = [row for row in window if engineers[row] > 0]
    shown = [row for row in there if row not in hidden]
    if len(there) - len(shown) != 1 or not shown:
        return set()
    return {min(shown, key=lambda row: engineers[row])}
