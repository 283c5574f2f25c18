"""The date by which each commit is judged: its own where that can be believed, else when it was merged.

A committer date is whatever a machine's clock said, or whatever somebody wrote. Which marks of agents
are credible, and what is older than any assistant, hangs on it. It may well be years older than the
merge, for branches can wait. But nobody commits on top of what does not exist yet, nor merges it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline

TOLERANCE = timedelta(days=1)
GIT_BORN = datetime(2005, 4, 7)
# A clock without a battery counts from 1970, and what cannot be parsed is read as 0.
CLOCKS_RUN = datetime(1971, 1, 1)
NO_DATE = datetime.max
"""Where no date of a whole history can be believed: then every mark is, and nothing counts as old."""


def credible_dates(
    walked: Walk, own: Sequence[datetime], mainline: Mainline, since: int = 0
) -> list[datetime]:
    """The date to judge each commit by, in the walk's order.

    Args:
        own: their committer dates.
        since: the first commit that is asked for; all before it are the history of the one just before it, and
            the mainline passes through that.

    A committer date is believed unless it is

    - over a day later than the merge that brought the commit in (where that merge's own date was moved:
      than the next one whose was not),
    - over a day earlier than a believed date of an ancestor,
    - of 1970, or earlier than git itself and not that of a parent or a child too: histories that were
      converted from other systems are older than git, single commits are not.

    In its place stands ``merged_at``; where that cannot be believed either, the first that can.
    """
    if since == len(own):
        return []
    if since and (found := _of_new(walked, own, mainline, since)):
        return found
    converted = _converted(walked, own)
    kept = [own[i] for i in mainline.commits if own[i] == mainline.merged_at[i]]
    start = min((day for day in kept if day >= GIT_BORN), default=NO_DATE)
    start = min([start, *(own[i] for i in mainline.commits if i in converted)])
    latest = _latest(own, mainline, start)
    floors: list[datetime] = []
    dates: list[datetime] = []
    for i, (day, parents, m) in enumerate(zip(own, walked.parents, mainline.landing, strict=True)):
        floor = (
            floors[parents[0]]
            if len(parents) == 1
            else max((floors[parent] for parent in parents), default=datetime.min)
        )
        is_usual = day >= GIT_BORN and floor <= day <= latest[m]  # nearly always, and soonest told
        if is_usual or ((day >= GIT_BORN or i in converted) and is_plausible(day, floor, latest[m])):
            dates.append(day)
            floors.append(max(floor, day))
        else:
            dates.append(max(mainline.merged_at[i], start))
            floors.append(floor)
    return dates[since:]


def _of_new(walked: Walk, own: Sequence[datetime], mainline: Mainline, since: int) -> list[datetime] | None:
    """The dates of commits from ``since`` on; None where those of earlier commits may have a say in that.

    No believed date is more than the tolerance later than what the landing allows. So what landed before the
    oldest of the new commits was made does not matter to them, and few others are their ancestors.
    """
    kept = (own[i] for i in mainline.commits if own[i] == mainline.merged_at[i])
    start = min((day for day in kept if day >= GIT_BORN), default=NO_DATE)
    if start > mainline.merged_at[since - 1] or any(day < GIT_BORN for day in own[since:]):
        return None
    latest = _latest(own, mainline, start)
    oldest = min(own[since:])
    tops = _tops(walked, own, {m for m, until in latest.items() if until > oldest}, mainline, since)
    floors: dict[int, datetime] = {}
    dates: list[datetime] = []
    for i in range(since, len(own)):
        day, m, parents = own[i], mainline.landing[i], walked.parents[i]
        tops[i] = max((tops[p] for p in parents if p in tops), default=datetime.min)
        if not is_plausible(day, tops[i], NO_DATE):
            return None
        floors[i] = max((floors[p] for p in parents if p >= since), default=datetime.min)
        if is_plausible(day, floors[i], latest[m]):
            dates.append(day)
            floors[i] = max(floors[i], day)
        else:
            dates.append(mainline.merged_at[i])
    return dates


def _tops(
    walked: Walk, own: Sequence[datetime], late: Container[int], mainline: Mainline, since: int
) -> dict[int, datetime]:
    """Of the ancestors of commits from ``since`` on that landed ``late``: the latest date of each and of its ancestors among these."""
    found: set[int] = set()
    stack = [p for parents in walked.parents[since:] for p in parents if p < since]
    while stack:
        at = stack.pop()
        if at not in found and mainline.landing[at] in late:
            found.add(at)
            stack += walked.parents[at]
    tops: dict[int, datetime] = {}
    for at in sorted(found):
        tops[at] = max([own[at], *(tops[p] for p in walked.parents[at] if p in tops)])
    return tops


def is_plausible(day: datetime, ancestor: datetime, merged_at: datetime) -> bool:
    """Whether a commit of ``day`` can stand on ``ancestor`` and have been merged at ``merged_at``."""
    return (ancestor <= day or ancestor - day <= TOLERANCE) and (
        day <= merged_at or day - merged_at <= TOLERANCE
    )


def _latest(own: Sequence[datetime], mainline: Mainline, start: datetime) -> dict[int, datetime]:
    """By mainline commit the latest time at which it can have been made: that of the next kept date, or ``start``."""
    result: dict[int, datetime] = {}
    until = mainline.merged_at[mainline.commits[-1]]
    for i in reversed(mainline.commits):
        until = own[i] if own[i] == mainline.merged_at[i] else until
        result[i] = max(until, mainline.merged_at[i], start)
    return result


def _converted(walked: Walk, own: Sequence[datetime]) -> set[int]:
    """Commits dated before git that have such a commit as parent or child."""
    old = {i for i, day in enumerate(own) if CLOCKS_RUN <= day < GIT_BORN}
    pairs = [(i, parent) for i in old for parent in walked.parents[i] if parent in old]
    return {i for pair in pairs for i in pair}
