"""Survival of lines (Kaplan and Meier) with intervals over commits, half-lives, AI beside human."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from codeshare.estimates.away import Do, here
from codeshare.estimates.hazards import hazards
from codeshare.estimates.lives import (
    CLASSES,
    PARTS,
    Lives,
    ai_since,
    read_lives,
    repository_names,
    tool_names,
)
from codeshare.estimates.rates import SINCE
from codeshare.estimates.resampling import METHOD as BOOTSTRAP
from codeshare.estimates.resampling import (
    MINIMUM_COMMITS,
    REPLICATES,
    SEED,
    Codes,
    Floats,
    interval,
    random_groups,
    replicate_sums,
)
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from scipy.sparse import csr_array

METHOD = f"Kaplan-Meier over lines; {BOOTSTRAP}"
AGES = (0, 1, 2, 3, 7, 14, 21, 30, 45, 60, 90, 120, 150, 180, 225, 270, 315, 365, 455, 545, 635, 730)
YEARS = tuple(range(1095, 40 * 365, 365))
FEW_AGES = (14, 30, 90, 180, 365)
COMPARED_AT = (30, 90, 365)
REACHED = 0.05
"""A curve ends at the last age at which this part of its lines is still at risk."""

_COHORTS = 12
_OF_ONE_TIME = (SINCE, "cohort/")
"""Scopes in which AI is compared with others: over all years most of the others are older than agents."""
_GROUPS, _FEWER_GROUPS = 1000, 400
# Replicates need no finer ages: the figure itself is computed by the day.
_DAILY, _STEP = 60, 1.03
_DENSE = 0.1


class Curve(Struct, frozen=True, eq=False):
    """One curve by the day (index: age) and its replicates at ``edges``."""

    survival: Floats
    lines_at_risk: Floats
    commits_at_risk: Codes
    longest: int
    edges: Codes
    replicates: Floats

    def at(self, age: int) -> tuple[float, Floats]:
        """Value and replicates at an age that is an edge."""
        place = int(np.searchsorted(self.edges, age))
        return float(self.survival[age]), self.replicates[:, place]


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Estimate ``survival`` at ages and ``half_life``, for all lines and by tool, class, repository and cohort.

    With them the figures of `hazards`, which are of the same lines.

    Returns:
        Nothing on the basis ``added``. ``n`` of ``survival``: commits with a line at risk at that age.
    """
    lives = read_lives(connection)
    if not len(lives.commit):
        return ()
    return do(_of, lives, ai_since(connection), repository_names(connection), tool_names(connection))


def _of(
    lives: Lives, since: np.datetime64 | None, repos: Sequence[str], tools: Sequence[str]
) -> Iterator[Estimate]:
    yield from curves("all", lives, AGES + YEARS, is_whole=True)
    if since is not None:
        yield from curves(f"{SINCE}{since}", lives.where(lives.quarter >= since), AGES + YEARS)
    for scope, chosen in _scopes(lives, repos, tools):
        yield from curves(scope, lives.where(chosen), FEW_AGES)
    if since is not None:
        yield from hazards(lives, since)


def _scopes(
    lives: Lives, repos: Sequence[str], tools: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.bool_] | slice]]:
    """Name the parts of the data and say which rows they hold."""
    for code, name in enumerate(CLASSES):
        yield f"class/{name}", lives.file_class == code
    if len(repos) > 1:
        # Commits stand in the order of their repositories.
        ends = np.searchsorted(lives.repo, range(len(repos) + 1))
        for name, bounds in zip(repos, pairwise(ends), strict=True):
            yield f"repository/{name}", slice(*bounds)
    by_agent = lives.part != PARTS.index("human")
    if by_agent.any():
        for code, name in enumerate(tools):
            yield f"tool/{name}", by_agent & (lives.tool == code)
    for quarter in np.unique(lives.quarter)[-_COHORTS:]:
        yield f"cohort/{quarter}", lives.quarter == quarter


def curves(
    scope: str,
    lives: Lives,
    ages: tuple[int, ...],
    *,
    is_whole: bool = False,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Iterator[Estimate]:
    """Estimate the curve of each attribution, its half-life, and in scopes of one time ``ai - human``.

    Args:
        is_whole: also that of all lines together, as part ``all``.
    """
    if not len(lives.commit):
        return
    if lives.commits < MINIMUM_COMMITS:
        replicates = 0  # there are no intervals then
    found = fit(lives, ages, is_whole=is_whole, replicates=replicates, seed=seed, minimum=MINIMUM_COMMITS)
    for part, curve in found.items():
        for age in (age for age in ages if age <= curve.longest):
            value, drawn = curve.at(age)
            commits = int(curve.commits_at_risk[age])
            yield _estimate(scope, part, age, value, drawn, commits)
            lines = float(curve.lines_at_risk[age])
            yield Estimate("lines_at_risk", lines, commits, "lines", "count", scope, part, at_days=float(age))
        yield _half_life(scope, part, curve, seed)
    if "ai" not in found or "human" not in found or not scope.startswith(_OF_ONE_TIME):
        return
    ai, human = found["ai"], found["human"]
    for age in COMPARED_AT:
        if age in ages and age <= min(ai.longest, human.longest):
            fewer = int(min(ai.commits_at_risk[age], human.commits_at_risk[age]))
            (mine, my_draws), (theirs, their_draws) = ai.at(age), human.at(age)
            drawn = my_draws - their_draws if fewer >= MINIMUM_COMMITS else my_draws[:0]
            yield _estimate(scope, "ai - human", age, mine - theirs, drawn, fewer)


def fit(
    lives: Lives,
    ages: tuple[int, ...] = (),
    *,
    is_whole: bool = False,
    replicates: int = REPLICATES,
    seed: int = SEED,
    minimum: int = 0,
) -> dict[str, Curve]:
    """Fit a curve for every attribution that is there, and ``all``; each on the same replicates of commits.

    A part of fewer commits than the ``minimum`` has no replicates.

    Of more than 1,000 commits (400 for parts of the data) random groups are drawn instead of single ones: their sums vary as those of
    commits do (random groups: Wolter, Introduction to Variance Estimation, 2007, chapter 2).
    """
    lives = lives.numbered()
    days = int(lives.age.max()) + 1
    edges = _edges(days, ages)
    at_most = _GROUPS if len(ages) > len(FEW_AGES) else _FEWER_GROUPS
    groups = random_groups(int(lives.commit.max()) + 1, at_most, seed)
    parts = {name: lives.where(lives.part == code) for code, name in enumerate(PARTS)}
    parts = {name: part for name, part in parts.items() if len(part.commit)}
    if is_whole:
        parts["all"] = lives
    resampled = [name for name, part in parts.items() if replicates and part.commits >= minimum]
    drawn = _drawn([parts[name] for name in resampled], groups, edges, replicates, seed)
    by_part = dict(zip(resampled, drawn, strict=True))
    return {name: _curve(part, days, edges, by_part.get(name)) for name, part in parts.items()}


def _drawn(
    parts: Sequence[Lives], groups: Codes, edges: Codes, replicates: int, seed: int
) -> Iterator[Floats]:
    """The curve of each part in each replicate; row 0 is the sample itself."""
    if not parts:
        return
    width, height = len(edges), int(groups.max()) + 1
    rows, columns, counts = [], [], []
    for place, part in enumerate(parts):
        at = 2 * place * width + np.searchsorted(edges, part.age)
        rows += [groups[part.commit]] * 2
        columns += [at, at + width]
        counts += [part.lines * part.dead, part.lines]
    table = _table(rows, columns, counts, (height, 2 * width * len(parts)))
    sums = replicate_sums(table, replicates, seed)
    each = np.split(sums, 2 * len(parts), axis=1)
    for deaths, exits in zip(each[::2], each[1::2], strict=True):
        yield _product_limit(deaths, exits, edges)


def _edges(days: int, ages: tuple[int, ...]) -> Codes:
    """Ends of the spans of age that replicates tell apart: days, then spans 3 % longer each."""
    edges = [*range(min(days, _DAILY + 1))]
    while edges[-1] < days - 1:
        edges.append(math.ceil(edges[-1] * _STEP))
    return np.unique(np.array([*edges, *(age for age in ages if age < days)], dtype=np.intp))


def _table(
    rows: Sequence[Codes], columns: Sequence[Codes], counts: Sequence[Floats], shape: tuple[int, int]
) -> csr_array | Floats:
    """Few commits have a death at a given age: such tables are multiplied faster without their zeros."""
    from scipy.sparse import coo_array

    cells = np.concatenate(counts), (np.concatenate(rows), np.concatenate(columns))
    table = coo_array(cells, shape=shape)
    return table.tocsr() if table.nnz < _DENSE * shape[0] * shape[1] else table.toarray()


def _product_limit(deaths: Floats, exits: Floats, edges: Codes) -> Floats:
    """Survival at each edge; within a span the censored count as watched for half of it."""
    at_risk = np.cumsum(exits[:, ::-1], axis=1)[:, ::-1]
    half = np.where(np.diff(edges, prepend=-1) > 1, 0.5, 0.0)
    watched = at_risk - half * (exits - deaths)
    hazard = np.divide(deaths, watched, out=np.zeros_like(deaths), where=watched > 0)
    curve: Floats = np.cumprod(1 - np.minimum(hazard, 1.0), axis=1)
    # nobody left: not known, which is no survival
    curve[at_risk <= 0] = np.nan
    return curve


def _curve(lives: Lives, days: int, edges: Codes, drawn: Floats | None) -> Curve:
    deaths = np.bincount(lives.age, lives.lines * lives.dead, minlength=days)
    exits = np.bincount(lives.age, lives.lines, minlength=days)
    at_risk = exits[::-1].cumsum()[::-1]
    hazard = np.divide(deaths, at_risk, out=np.zeros_like(deaths), where=at_risk > 0)
    survival = np.cumprod(1 - hazard)
    commits_at_risk = np.bincount(lives.longest(), minlength=days)[::-1].cumsum()[::-1]
    longest = int(np.flatnonzero(at_risk >= REACHED * exits.sum())[-1])
    replicates = np.empty((0, len(edges))) if drawn is None else _scaled(drawn, survival, edges)
    return Curve(survival, at_risk, commits_at_risk, longest, edges, replicates)


def _scaled(drawn: Floats, survival: Floats, edges: Codes) -> Floats:
    """Replicates, with what spans of age lose, as row 0 shows, put back into all of them."""
    known = edges[edges < len(survival)]
    exact = np.append(survival[known], np.full(len(edges) - len(known), np.nan))
    scale = np.divide(exact, drawn[0], out=np.ones_like(exact), where=drawn[0] > 0)
    scaled: Floats = np.minimum(drawn[1:] * scale, 1.0)
    return scaled


def _half_life(scope: str, part: str, curve: Curve, seed: int) -> Estimate:
    commits = int(curve.commits_at_risk[0])
    below = np.flatnonzero(curve.survival[: curve.longest + 1] <= 0.5)
    value = float(below[0]) if len(below) else None
    known = curve.edges <= curve.longest
    reached = curve.replicates[:, known] <= 0.5
    drawn = np.where(reached.any(axis=1), curve.edges[known][reached.argmax(axis=1)], np.inf)
    low = high = None
    if commits >= MINIMUM_COMMITS:
        ends = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
        low, high = (float(end) if np.isfinite(end) else None for end in ends)
    return Estimate("half_life", value, commits, "days", METHOD, scope, part, low=low, high=high, seed=seed)


def _estimate(scope: str, part: str, age: int, value: float, drawn: Floats, commits: int) -> Estimate:
    ends = interval(drawn) if commits >= MINIMUM_COMMITS else None
    low, high = ends or (None, None)
    return Estimate(
        "survival",
        value,
        commits,
        "share",
        METHOD,
        scope,
        part,
        at_days=float(age),
        low=low,
        high=high,
        seed=SEED,
    )
