"""The volume's ratio by team and by repository, and without each repository, with intervals over persons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from codeshare.estimates.away import Do, here
from codeshare.estimates.table import Estimate
from codeshare.metrics.bootstrap import METHOD, SEED, Floats, Resampling, average, interval, ratio
from codeshare.metrics.variants import Row, positions, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_LEFT_OUT = 50
"""Repositories that are left out one at a time: those with most lines in the latest quarter."""

_FIRST_DAYS = 15  # a running quarter has no ratio before


class _Window(Struct, frozen=True, eq=False):
    """A quarter, whole or cut, with each active engineer's lines per working day."""

    quarter: date
    is_cut: bool
    is_baseline: bool
    is_short: bool
    is_early: bool
    lines_per_day: dict[str, float]
    rows: Counter[str]

    def less(self, part: _Window | None) -> _Window:
        """The window without a part of its rows; who has no other row is not in it."""
        if part is None:
            return self
        left = {
            person: lines - part.lines_per_day.get(person, 0.0)
            for person, lines in self.lines_per_day.items()
            if self.rows[person] > part.rows[person]
        }
        return replace(self, lines_per_day=left)


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Compute ``ratio_median`` and ``ratio_mean`` by ``team/…`` and ``repository/…``, and ``ratio_…_without``.

    Where there is but one repository, its figures are those of all. The values are those of
    ``volume_by_part``; none for fewer engineers than ``minimum_engineers``, now or in the baseline.
    ``ratio_median_without`` of ``repository/NAME``: the latest quarter's ratio when NAME does not exist.
    """
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    (repositories_known, has_teams) = connection.execute(
        "select (select count(*) from repos), exists (from memberships)"
    ).fetchone() or (0, False)
    teams = rows_of(connection, "from volume_by_team_and_engineer order by all") if has_teams else []
    everywhere = "from volume_by_repository_and_engineer where person is not null order by all"
    repositories = rows_of(connection, everywhere) if repositories_known > 1 else []
    return do(_of, teams, repositories, minimum)


def _of(teams: list[Row], repositories: list[Row], minimum: int) -> Iterator[Estimate]:
    names = {row["repo"] for row in repositories}
    persons = sorted({row["person"] for row in (*teams, *repositories)})
    places = {person: place for place, person in enumerate(persons)}
    if not (teams or len(names) > 1):
        return
    resampling = Resampling.draw(len(places))
    scopes = _by_scope("team", teams)
    if len(names) > 1:
        scopes |= _by_scope("repository", repositories)
    for scope, rows in sorted(scopes.items()):
        yield from _ratios(scope, "", _windows(rows), None, places, resampling, minimum)
    if len(names) > 1:
        yield from _without(repositories, places, resampling, minimum)


def _by_scope(kind: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[f"{kind}/{row['team' if kind == 'team' else 'repo']}"].append(row)
    return dict(found)


def _without(
    rows: list[Row], places: dict[str, int], resampling: Resampling, minimum: int
) -> Iterator[Estimate]:
    """Leave out one repository at a time, in the baseline and now."""
    windows = _windows(rows)
    known = [w for w in windows if not w.is_cut and not w.is_early]
    if not known:
        return
    latest = known[-1].quarter
    lines: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["quarter"] == latest and not row["is_cut"]:
            lines[row["repo"]] += row["lines"]
    largest = sorted(lines, key=lambda repo: (-lines[repo], repo))[:MOST_LEFT_OUT]
    windows = [w for w in windows if w.quarter == latest or w.is_baseline]
    own = _by_scope("repository", (row for row in rows if row["repo"] in largest))
    for scope in sorted(own):
        parts = {(part.quarter, part.is_cut): part for part in _windows(own[scope])}
        left = [window.less(parts.get((window.quarter, window.is_cut))) for window in windows]
        yield from _ratios(scope, "_without", left, latest, places, resampling, minimum)


def _windows(rows: Iterable[Row]) -> list[_Window]:
    """Sum each engineer's lines over repositories; oldest first."""
    found: dict[tuple[date, bool], _Window] = {}
    for row in rows:
        key = (row["quarter"], row["is_cut"])
        window = found.get(key)
        if window is None:
            early = row["is_running"] and row["working_days"] < _FIRST_DAYS
            window = found[key] = _Window(
                *key, row["is_baseline"], row["is_short"], early, defaultdict(float), Counter()
            )
        window.lines_per_day[row["person"]] += row["lines"] / row["working_days"]
        window.rows[row["person"]] += 1
    return [found[key] for key in sorted(found)]


def _ratios(
    scope: str, suffix: str, windows: list[_Window], only: date | None,
    places: dict[str, int], resampling: Resampling, minimum: int,
) -> Iterator[Estimate]:  # fmt: skip
    bases = {is_cut: [w for w in windows if w.is_baseline and w.is_cut == is_cut] for is_cut in (False, True)}
    behind = {is_cut: len({p for w in base for p in w.lines_per_day}) for is_cut, base in bases.items()}
    for name in ("median", "mean"):
        averages = {
            is_cut: average([_volumes(name, w, places, resampling) for w in base])
            for is_cut, base in bases.items()
        }
        for window in windows:
            engineers, is_short = len(window.lines_per_day), window.is_short
            is_wanted = not window.is_cut and not window.is_early and only in (None, window.quarter)
            if is_wanted and min(engineers, behind[is_short]) >= minimum:
                values = ratio(_volumes(name, window, places, resampling), averages[is_short])
                if values is not None and not np.isnan(values[0]):
                    low, high = interval(values) or (None, None)
                    yield Estimate(
                        f"ratio_{name}{suffix}", float(values[0]), engineers, "ratio", METHOD, scope,
                        period=window.quarter, low=low, high=high, seed=SEED,
                    )  # fmt: skip


def _volumes(name: str, window: _Window, places: dict[str, int], resampling: Resampling) -> Floats:
    persons = positions(window.lines_per_day, places)
    values = np.array(list(window.lines_per_day.values()), dtype=np.float64)
    return resampling.medians(persons, values) if name == "median" else resampling.means(persons, values)
