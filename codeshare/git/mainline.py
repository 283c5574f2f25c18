"""The branch's own line of commits, what each of its landings brings in, and when.

The mainline follows first parents from the tip, except at a foxtrot: somebody ran a plain
``git pull`` on the branch and pushed the merge, so the branch's earlier state is the *second*
parent, and following the first would declare that person's local commits to be the mainline.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from codeshare.git.history import Walk
from codeshare.git.remotes import same_url

SERIES_GAP = timedelta(seconds=60)
SKEW = timedelta(days=1)
_PULL = re.compile(
    r"Merge (?:remote-tracking branch '(?P<remote>[^']+)'|branch '(?P<branch>[^']+)' of (?P<url>\S+))(?: into (?P<into>\S+))?\Z"
)


class Mainline(Struct, frozen=True):
    """``commits``: indexes into the walk, oldest first. ``landing`` and ``merged_at``: by walk index."""

    commits: list[int]
    foxtrots: frozenset[int]
    landing: list[int]
    merged_at: list[datetime]
    skewed: frozenset[int]


def find_mainline(
    walked: Walk,
    dates: Sequence[datetime],
    subject: Callable[[int], str],
    *,
    branch: str,
    origins: Sequence[str],
    now: datetime,
    follow_foxtrots: bool = True,
) -> Mainline:
    """Work out the mainline of a walk.

    Args:
        dates: the commits' committer dates, in the walk's order; ``subject``: that of one of them.
        branch: short name of the mined branch.
        origins: addresses of the repository's origin: what a pull of the branch names.
        now: time of mining, UTC; a date over a day later is never believed.
    """
    line: list[int] = []
    foxtrots: set[int] = set()
    at: int | None = walked.tip
    while at is not None:
        line.append(at)
        parents = walked.parents[at]
        if follow_foxtrots and len(parents) == 2 and is_foxtrot(subject(at), branch, origins):
            foxtrots.add(at)
            at = parents[1]
        else:
            at = parents[0] if parents else None
    line.reverse()
    own = [dates[i] for i in line]
    landing = _brought_in(walked, line, _landings(walked, own, line))
    merged, skewed_line = merge_dates(own, now)
    date_of = dict(zip(line, merged, strict=True))
    skewed = {line[k] for k in skewed_line}
    return Mainline(
        commits=line,
        foxtrots=frozenset(foxtrots),
        landing=landing,
        merged_at=[date_of[m] for m in landing],
        skewed=frozenset(i for i, m in enumerate(landing) if m in skewed),
    )


def is_foxtrot(subject: str, branch: str, origins: Sequence[str]) -> bool:
    """Whether a merge with this subject is the branch pulled into somebody's copy of it.

    ``Merge branch 'master' of <somebody else's repository>`` is how a maintainer takes work in.
    """
    match = _PULL.match(subject.rstrip())
    if match is None or (match["into"] or branch).strip("'") != branch:
        return False
    if match["remote"]:
        return match["remote"] == f"origin/{branch}"
    return match["branch"] == branch and any(same_url(match["url"], origin) for origin in origins)


def _landings(walked: Walk, own: Sequence[datetime], line: list[int]) -> list[int]:
    """For each mainline commit, with its date, its landing: a series pushed at once lands with its last commit."""
    landings = list(line)
    for k in range(len(line) - 2, -1, -1):
        here, following = line[k], line[k + 1]
        if (
            len(walked.parents[here]) == 1 == len(walked.parents[following])
            and timedelta(0) <= own[k + 1] - own[k] <= SERIES_GAP
        ):
            landings[k] = landings[k + 1]
    return landings


def _brought_in(walked: Walk, line: list[int], landings: list[int]) -> list[int]:
    """For each commit the landing that first makes it reachable from the mainline."""
    landing = [-1] * len(walked.shas)
    for commit, lands in zip(line, landings, strict=True):
        stack = [commit]
        while stack:
            at = stack.pop()
            if landing[at] < 0:
                landing[at] = lands
                stack.extend(walked.parents[at])
    return landing


def merge_dates(dates: Sequence[datetime], now: datetime) -> tuple[list[datetime], list[int]]:
    """Make the mainline's committer dates non-decreasing, and say which moved by over a day.

    The longest non-decreasing subsequence keeps its dates; every other commit takes the date of the
    nearest kept one before it (before the first: after it). A date over a day after ``now`` is not
    kept; where all are, the clock was wrong throughout, and what they say of each other still holds.
    """
    kept = _longest_non_decreasing(dates, now + SKEW) or _longest_non_decreasing(dates, datetime.max)
    result: list[datetime] = []
    current = dates[kept[0]]
    keep = set(kept)
    for k, day in enumerate(dates):
        current = day if k in keep else current
        result.append(current)
    return result, [k for k, day in enumerate(dates) if abs(day - result[k]) > SKEW]


def _longest_non_decreasing(dates: Sequence[datetime], latest: datetime) -> list[int]:
    """Indexes of the longest non-decreasing subsequence (patience sorting, O(n log n))."""
    tails: list[datetime] = []
    ends: list[int] = []
    before: list[int] = [-1] * len(dates)
    for k, day in enumerate(dates):
        if day > latest:
            continue
        place = bisect_right(tails, day)
        before[k] = ends[place - 1] if place else -1
        if place == len(tails):
            tails.append(day)
            ends.append(k)
        else:
            tails[place] = day
            ends[place] = k
    chain: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
