"""Two repositories, teams, tools or periods side by side, every figure with its interval.

Each side is the database as if it held nothing else (``codeshare.store.side``), on which the estimators of
the whole run; the interval of a difference comes from those of the two sides (``codeshare.estimates.mover``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from codeshare.estimates.mover import Bounded, difference, ratio
from codeshare.estimates.run import ESTIMATORS
from codeshare.estimates.side_figures import FIGURES, Scene, facts, figures
from codeshare.estimates.table import ALL_TIME, Estimate
from codeshare.metrics.measures import Measure, measures
from codeshare.metrics.sides import Comparison, resolve_sides
from codeshare.store.side import Side, open_sides

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LITTLE_EVIDENCE = 0.25
"""Coverage below which shares are not compared."""
UNCLEAR = "no clear difference"
TOO_FEW = "too few"
NOT_COMPARED = "not compared"

Found = dict[tuple[str, float | None], Estimate]


class Row(Struct, frozen=True):
    """A figure of both sides, and what may be said of their difference."""

    metric: str
    at_days: float | None
    label: str
    unit: str
    first: float
    first_low: float | None
    first_high: float | None
    first_n: int
    second: float
    second_low: float | None
    second_high: float | None
    second_n: int
    difference: float
    difference_low: float | None
    difference_high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    verdict: str
    method: str
    says: str


def compare(
    connection: DuckDBPyConnection,
    first: str,
    second: str,
    tell: Callable[[str], None] = lambda what: None,
) -> Comparison:
    """Compare two sides of a database.

    Args:
        connection: open for reading or writing; nothing is written to it.
        first: a repository, team, tool or period; see ``codeshare.metrics.sides.resolve``.
        tell: called with the name of what is being computed.

    Returns:
        ``frame`` has one row a figure that both sides have: ``first`` and ``second`` with ``_low``, ``_high``
        (95 %, null where the sample is too small) and ``_n``, ``difference`` (first - second), ``ratio``, and
        ``verdict``: ``no clear difference`` where the interval of the difference holds 0, ``higher`` or
        ``lower`` (the first side's) where it does not, ``too few`` where there is none, ``not compared``
        of shares with little evidence. Shares and volume are those of the last four full quarters, or of the
        periods compared; what became of lines is that of all lines of a side.

    Raises:
        ComparisonError: a name is unknown or ambiguous, or the sides are one and the same.
    """
    import pandas as pd

    sides = resolve_sides(connection, first, second)
    names = _names(*sides)
    with open_sides(connection, *sides) as (one, two, common):
        scenes = tuple(Scene.of(view, side) for view, side in zip((one, two), sides, strict=True))
        mine, theirs = (_estimates(scene, tell) for scene in scenes)
        known = [facts(scene) for scene in scenes]
    thin = [name for name, fact in zip(names, known, strict=True) if fact.coverage < LITTLE_EVIDENCE]
    is_blind = bool(thin) and "tool" not in (side.kind for side in sides)
    rows = [
        _row(mine[measure.key], theirs[measure.key], measure, is_blind)
        for measure in (*FIGURES, *measures("sides"))
        if measure.key in mine and measure.key in theirs
    ]
    frame = pd.DataFrame([asdict(row) for row in rows], columns=list(Row.__struct_fields__))
    return Comparison(
        first=names[0],
        second=names[1],
        frame=frame,
        sentence=_sentence(names, rows),
        facts=tuple(fact.words(name) for name, fact in zip(names, known, strict=True)),
        notes=tuple(_notes(names, scenes, common, thin if is_blind else [])),
    )


def _names(one: Side, two: Side) -> tuple[str, str]:
    """What sides are called: repositories without what stands before the slash, unless both then have one name."""
    short = tuple(
        side.name.rsplit("/", 1)[-1] if side.kind == "repository" else side.name for side in (one, two)
    )
    names = short if short[0] != short[1] else (one.name, two.name)
    if names[0] == names[1]:
        names = (f"{one.kind} {one.name}", f"{two.kind} {two.name}")
    return names[0], names[1]


def _estimates(scene: Scene, tell: Callable[[str], None]) -> Found:
    """Every figure of a side that may be compared, by metric and age."""
    rows = [*figures(scene)]
    for name in sorted({measure.estimator for measure in measures("sides")} & set(ESTIMATORS)):
        tell(f"{name} of {scene.side.name}")
        rows.extend(import_module(f"codeshare.estimates.{name}").estimate(scene.connection))
    return {
        (row.metric, row.at_days): row
        for row in rows
        if (row.scope, row.part, row.period) == ("all", "all", ALL_TIME) and row.value is not None
    }


def _row(mine: Estimate, theirs: Estimate, measure: Measure, is_blind: bool) -> Row:
    a, b = _bounded(mine), _bounded(theirs)
    gap = difference(a, b) if a and b else None
    times = ratio(a, b) if a and b else None
    assert mine.value is not None
    assert theirs.value is not None
    verdict = _verdict(gap)
    if is_blind and measure.metric == "share":
        verdict, gap, times = NOT_COMPARED, None, None
    return Row(
        measure.metric, measure.at_days, measure.label, mine.unit,
        mine.value, mine.low, mine.high, mine.n, theirs.value, theirs.low, theirs.high, theirs.n,
        mine.value - theirs.value, *_ends(gap)[1:], *_ends(times),
        verdict, mine.method, measure.says,
    )  # fmt: skip


def _ends(known: Bounded | None) -> tuple[float | None, float | None, float | None]:
    return (known.value, known.low, known.high) if known else (None, None, None)


def _bounded(row: Estimate) -> Bounded | None:
    if row.value is None or row.low is None or row.high is None:
        return None
    # A percentile interval of a skewed figure may leave the figure itself out.
    return Bounded(row.value, min(row.low, row.value), max(row.high, row.value))


def _verdict(gap: Bounded | None) -> str:
    if gap is None:
        return TOO_FEW
    if gap.low <= 0 <= gap.high:
        return UNCLEAR
    return "higher" if gap.low > 0 else "lower"


def _sentence(names: tuple[str, str], rows: list[Row]) -> str:
    both = f"{names[0]} and {names[1]}"
    told = [row for row in rows if row.verdict not in (TOO_FEW, NOT_COMPARED)]
    clear = [row for row in told if row.verdict != UNCLEAR]
    if not told:
        return f"No difference can be told between {both}: too little was merged on one side or both."
    if not clear:
        return f"No difference can be told between {both}: in every figure the interval of the difference holds 0."
    said = [
        f"{way} in {_listed([row.label[0].lower() + row.label[1:] if row.label[:2] != 'AI' else row.label for row in group])}"
        for way in ("higher", "lower")
        if (group := [row for row in clear if row.verdict == way])
    ]
    rest = len(told) - len(clear)
    left = f" In the other {rest} no difference can be told." if rest > 1 else ""
    left = " In the other one no difference can be told." if rest == 1 else left
    of = (
        f"in {len(clear)} of {len(told)} figures"
        if len(told) > 1
        else "in the one figure that can be compared"
    )
    return f"{both} differ clearly {of}: {names[0]} is {' and '.join(said)}.{left}"


def _listed(labels: list[str]) -> str:
    return "; ".join(f"“{label}”" for label in labels)


def _notes(names: tuple[str, str], scenes: tuple[Scene, ...], common: int, thin: list[str]) -> Iterator[str]:
    if common:
        commits = "1 commit belongs" if common == 1 else f"{common:,} commits belong"
        yield f"{commits} to both and {'is' if common == 1 else 'are'} left out of both."
    if thin:
        yield (
            f"Shares are not compared: under a quarter of the lines of {' and of '.join(thin)} carry evidence of who "
            "wrote them."
        )
    for name, scene in zip(names, scenes, strict=True):
        if scene.has_engineers and scene.engineers < scene.minimum_engineers:
            yield f"{name} has fewer than {scene.minimum_engineers} active engineers: nothing per engineer is compared."
