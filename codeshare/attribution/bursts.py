"""Bursts: an engineer lands far more lines within an hour than is usual for the same engineer."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from codeshare.attribution.rule import Rule
from codeshare.model import Evidence


class Landed(Struct, frozen=True):
    """The handwritten lines that a commit landed, when it was committed, and who answers for it."""

    sha: str
    engineer: str
    at: datetime
    lines: int


class Burst(Struct, frozen=True):
    """The measure: at least ``lines`` lines in ``minutes`` and ``times`` the usual of ``history_days``.

    The usual is the median of the engineer's own hours with a landed line, of which ``history_hours``
    or more must lie behind.
    """

    times: float
    lines: int
    minutes: int
    history_days: int
    history_hours: int

    def find(self, commits: Iterable[Landed]) -> dict[str, str]:
        """Return the commits (ids) of bursts, each with the words that say so. The order does not matter."""
        by_engineer: defaultdict[str, list[Landed]] = defaultdict(list)
        for commit in commits:
            if commit.lines > 0:
                by_engineer[commit.engineer].append(commit)
        found: dict[str, str] = {}
        for engineer in sorted(by_engineer):
            found |= self._of(sorted(by_engineer[engineer], key=lambda each: (each.at, each.sha)))
        return found

    def _of(self, commits: list[Landed]) -> dict[str, str]:
        """Bursts of one engineer, the commits in the order of time."""
        usual = _Usual(timedelta(days=self.history_days))
        span = timedelta(minutes=self.minutes)
        within: deque[Landed] = deque()
        found: dict[str, str] = {}
        total = 0
        for commit in commits:
            within.append(commit)
            total += commit.lines
            while within[0].at <= commit.at - span:
                total -= within.popleft().lines
            median = usual.before(commit.at - span)
            if (
                median is not None
                and usual.count >= self.history_hours
                and total >= max(self.lines, self.times * median)
            ):
                words = (
                    f"{total:,} lines within {self.minutes} minutes, {median:,g} in the median hour before"
                )
                found |= {each.sha: words for each in within if each.sha not in found}
            usual.add(commit)
        return found


class Bursts:
    """The measures that are switched on."""

    def __init__(self, rules: Sequence[Rule], bursts: Mapping[str, Burst]) -> None:
        """Pair rules in force with what they look for, by id."""
        self._bursts = [(rule, bursts[rule.id]) for rule in rules if rule.id in bursts]

    def find(self, commits: Sequence[Landed]) -> dict[str, list[Evidence]]:
        """Return the evidence for commits (ids) of bursts; nothing where no measure is on.

        Args:
            commits: all of one repository, or of all; each at most once.
        """
        found: defaultdict[str, list[Evidence]] = defaultdict(list)
        for rule, burst in self._bursts:
            dates = {commit.sha: commit.at.date() for commit in commits}
            for sha, words in burst.find(commits).items():
                if rule.fires(dates[sha]):
                    found[sha].append(rule.evidence(words, "landed lines"))
        return dict(found)


class _Usual:
    """The median of one engineer's hours, by the clock, over a sliding span of days."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._waiting: deque[tuple[datetime, int]] = deque()
        self._hours: deque[tuple[datetime, int]] = deque()
        self._sorted: list[int] = []

    @property
    def count(self) -> int:
        return len(self._sorted)

    def add(self, commit: Landed) -> None:
        hour = commit.at.replace(minute=0, second=0, microsecond=0)
        if self._waiting and self._waiting[-1][0] == hour:
            self._waiting[-1] = (hour, self._waiting[-1][1] + commit.lines)
        else:
            self._waiting.append((hour, commit.lines))

    def before(self, time: datetime) -> float | None:
        """The median of the hours that ended before ``time``; None: there is none."""
        while self._waiting and self._waiting[0][0] + timedelta(hours=1) <= time:
            hour, lines = self._waiting.popleft()
            self._hours.append((hour, lines))
            insort(self._sorted, lines)
        while self._hours and self._hours[0][0] < time - self._span:
            del self._sorted[bisect_left(self._sorted, self._hours.popleft()[1])]
        if not self._sorted:
            return None
        middle = len(self._sorted) // 2
        if len(self._sorted) % 2:
            return float(self._sorted[middle])
        return (self._sorted[middle - 1] + self._sorted[middle]) / 2
