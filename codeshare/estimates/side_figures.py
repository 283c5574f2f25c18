"""Figures of a side that no estimator has over all time: share, volume, and how much it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from codeshare.estimates.rates import Counts, Group, rates
from codeshare.estimates.table import Estimate
from codeshare.metrics.bootstrap import METHOD, SEED, Resampling, average, interval
from codeshare.metrics.measures import Measure
from codeshare.metrics.variants import positions
from codeshare.metrics.volume import estimate as estimate_volume
from codeshare.store.side import Side

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIGURES = (
    Measure(
        "share", "AI share of merged lines",
        "AI lines of high and medium confidence, of handwritten lines merged in the window", "ai_share_quarterly", "",
    ),
    Measure(
        "volume_median", "Lines per engineer and day (median)",
        "handwritten lines of the median active engineer by working day, the mean of the window's quarters",
        "volume_quarterly", "",
    ),
    Measure(
        "volume_mean", "Lines per engineer and day (mean)",
        "handwritten lines of engineers by their working days, the mean of the window's quarters", "volume_quarterly", "",
    ),
    Measure(
        "ratio_median", "Ratio to the baseline (median)",
        "the median engineer's volume in the window's last quarter by that of the baseline", "volume_quarterly", "",
    ),
)  # fmt: skip
"""What is compared beside the measures of ``codeshare.metrics.measures``."""

_LINES = """
    select
        coalesce(sum(lines) filter (attribution = 'ai' and confidence <> 'low'), 0)::double as ai,
        sum(lines)::double as lines
    from merged_lines
    where is_handwritten and is_new_work and attribution in ('ai', 'assisted', 'human')
        and merged_at >= $since and merged_at < $until
    group by repo, sha order by repo, sha"""
_FACTS = """
    select
        coalesce(sum(lines), 0), count(distinct (repo, sha)), count(distinct engineer),
        coalesce(sum(lines) filter (attribution in ('ai', 'assisted') or confidence = 'high') / sum(lines), 0)
    from merged_lines
    where is_handwritten and is_new_work and attribution in ('ai', 'assisted', 'human')
        and merged_at >= $since and merged_at < $until"""
_VOLUME = """
    from volume_by_window
    where not is_cut and not is_running and lines_per_day is not null
        and quarter >= $since and quarter + interval 3 month <= $until
    order by quarter, person"""


class Scene(Struct, frozen=True):
    """A side with its window: a period itself, else the last four quarters that are over.

    Attributes:
        until: first day after the window.
        engineers: fewest active engineers of a quarter of the window in which anybody was.
    """

    connection: DuckDBPyConnection
    side: Side
    since: date
    until: date
    volumes: tuple[dict[str, Any], ...]
    minimum_engineers: int

    @classmethod
    def of(cls, connection: DuckDBPyConnection, side: Side) -> Scene:
        """Read what a side's volume is made of."""
        found = connection.execute("select as_of, minimum_engineers from scope_settings").fetchone()
        assert found is not None
        as_of, minimum = found
        since, until = (side.since, side.until) if side.since and side.until else last_year(as_of)
        until = min(until, as_of.date() + timedelta(days=1))
        rows = _rows(connection, {"since": since, "until": until})
        return cls(connection, side, since, until, tuple(rows), int(minimum))

    @property
    def days(self) -> dict[str, date]:
        """What queries bind."""
        return {"since": self.since, "until": self.until}

    @property
    def has_engineers(self) -> bool:
        """Whether figures per engineer mean anything: a tool's lines are but a part of anybody's."""
        return self.side.kind != "tool" and bool(self.volumes)

    @property
    def engineers(self) -> int:
        """Fewest active engineers of a quarter."""
        return min((len(list(part)) for _, part in groupby(self.volumes, itemgetter("quarter"))), default=0)


def _rows(connection: DuckDBPyConnection, days: dict[str, date]) -> list[dict[str, Any]]:
    found = connection.execute(_VOLUME, days)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class Facts(Struct, frozen=True):
    """How much a side is."""

    lines: int
    commits: int
    engineers: int
    coverage: float
    since: date
    until: date

    def words(self, name: str) -> str:
        """Say it in a sentence."""
        last = self.until - timedelta(days=1)
        people = f"{self.engineers:,} engineer{'' if self.engineers == 1 else 's'}"
        commits = f"{self.commits:,} commit{'' if self.commits == 1 else 's'}"
        return f"{name}: {self.lines:,} lines in {commits} by {people}, {self.since:%-d %B %Y} to {last:%-d %B %Y}."


def last_year(as_of: datetime) -> tuple[date, date]:
    """First day of the last four quarters that are over, and first day after them."""
    after = (as_of + timedelta(seconds=1)).date()
    until = date(after.year, (after.month - 1) // 3 * 3 + 1, 1)
    return date(until.year - 1, until.month, 1), until


def facts(scene: Scene) -> Facts:
    """Count a side's lines in its window."""
    found = scene.connection.execute(_FACTS, scene.days).fetchone()
    assert found is not None
    lines, commits, engineers, coverage = found
    return Facts(int(lines), int(commits), int(engineers), float(coverage), scene.since, scene.until)


def figures(scene: Scene) -> Iterator[Estimate]:
    """Give share and volume; of a tool neither, for its lines are all AI's and nobody's whole work."""
    if scene.side.kind == "tool":
        return
    yield from _share(scene)
    if scene.engineers >= scene.minimum_engineers:
        yield from _volumes(scene)
        if scene.side.kind != "period":
            yield from _ratio(scene)


def _share(scene: Scene) -> Iterator[Estimate]:
    columns = scene.connection.execute(_LINES, scene.days).fetchnumpy()
    commits = len(columns["lines"])
    ai, lines = (np.asarray(columns[name], dtype=np.float64) for name in ("ai", "lines"))
    counts = Counts((Group(),), np.arange(commits), np.zeros(commits, dtype=np.intp), ai, lines)
    yield from rates("share", "share", counts)


def _volumes(scene: Scene) -> Iterator[Estimate]:
    places = {person: place for place, person in enumerate(sorted({row["person"] for row in scene.volumes}))}
    resampling = Resampling.draw(len(places))
    quarters = [list(part) for _, part in groupby(scene.volumes, itemgetter("quarter"))]
    for name, of in (("median", resampling.medians), ("mean", resampling.means)):
        values = [
            of(
                positions((row["person"] for row in part), places),
                np.array([row["lines_per_day"] for row in part], dtype=np.float64),
            )
            for part in quarters
        ]
        replicates = average(values)
        if replicates is not None:
            low, high = interval(replicates) or (None, None)
            yield Estimate(
                f"volume_{name}", float(replicates[0]), len(places), "lines per working day", METHOD,
                low=low, high=high, seed=SEED,
            )  # fmt: skip


def _ratio(scene: Scene) -> Iterator[Estimate]:
    """The ratio of the window's last quarter, where enough engineers give it an interval."""
    last = scene.volumes[-1]["quarter"]
    for row in estimate_volume(scene.connection):
        if row["metric"] == "ratio_median" and row["period"] == last and row["low"] is not None:
            yield Estimate(**{key: value for key, value in row.items() if key not in ("period", "scope")})
