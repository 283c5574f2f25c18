"""What a report may show of few people: nothing. Cells of small groups are emptied, and so is what would tell them.

A group is small with fewer than ``minimum_engineers`` people, and at least one. Where a single cell would
be left out of several that add up, the next smallest goes with it, else it would follow from the total.
Where the whole report is about fewer people than that, its own totals stay: it then is about these few
whatever it shows, and only what is per engineer, team or owner goes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from codeshare.errors import ComparisonError
from codeshare.metrics.identifying import identifying
from codeshare.metrics.queries import run
from codeshare.metrics.small_quarters import complemented, hidden_quarters

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.figures import Figures
    from codeshare.metrics.identifying import Identifying

_NOBODY = ("(unassigned)", "(no owner)")
_OTHERS = "Others, unnamed"
_HIDDEN = "(not named)"
_OF_FEW = "(of few engineers)"
_PER_ENGINEER = (
    "median",
    "mean",
    "ratio_median",
    "ratio_mean",
    "low_median",
    "high_median",
    "low_mean",
    "high_mean",
)
_BASELINE = ("baseline_median", "baseline_mean", "ratio_median", "ratio_mean", "low_median", "high_median", "low_mean", "high_mean")  # fmt: skip
_PER_REVIEWER = ("reviewers", "reviewed_commits", "lines_per_reviewer_day", "ratio", "low", "high")
_ALWAYS = ("team", "owner")


class _Groups(Struct, frozen=True):
    """Engineers behind each part, and the least number of them that may be shown."""

    engineers: dict[tuple[str, str], int]
    minimum: int

    def of(self, split: str, part: object) -> int:
        return self.engineers.get((split, str(part)), 0)

    def is_small(self, split: str, part: object) -> bool:
        return str(part) not in _NOBODY and 0 < self.of(split, part) < self.minimum

    def hides(self, split: str) -> bool:
        """Whether parts of this kind are hidden at all."""
        return split in _ALWAYS or self.of("all", "all") >= self.minimum

    def small(self, split: str, parts: Iterable[object]) -> set[str]:
        """The parts of too few engineers."""
        return {str(part) for part in parts if self.is_small(split, part)} if self.hides(split) else set()


def refuse_small_teams(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Refuse to compare a team of so few people that its figures are figures of persons.

    Raises:
        ComparisonError: names the team.
    """
    from codeshare.metrics.sides import resolve

    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    engineers, _ = _counted(connection, int(minimum))
    for name in names:
        side = resolve(connection, name)
        if side.kind == "team" and engineers.is_small("team", side.name):
            raise ComparisonError(
                f"team {side.name}: fewer than {minimum} engineers, so its figures would be figures of persons. "
                "Compare a larger one, or say --names."
            )


def protect(connection: duckdb.DuckDBPyConnection, figures: Figures) -> Figures:
    """Return the figures without what only names would allow to be shown, and without small groups."""
    minimum = figures.minimum_engineers
    every, year = _counted(connection, minimum, figures)
    found = identifying(connection)
    worth = dict(figures.worth)
    if "volume_by_team" in worth:
        worth["volume_by_team"] = _quarters(worth["volume_by_team"], "team", minimum, figures.month)
    if "volume_by_repository" in worth:
        worth["volume_by_repository"] = _quarters(
            worth["volume_by_repository"], "repository", minimum, figures.month
        )
    if "volume_without_repository" in worth:
        worth["volume_without_repository"] = _without(worth, figures.volume_quarterly, minimum)
    if "net_volume_quarterly" in worth:
        net = worth["net_volume_quarterly"]
        kept = ("quarter", "engineers", "working_days", "is_running", "basis")
        worth["net_volume_quarterly"] = _empty(
            net, _few(net["engineers"], minimum), [c for c in net if c not in kept]
        )
    if "review_quarterly" in worth:
        review = worth["review_quarterly"]
        worth["review_quarterly"] = _empty(review, _few(review["reviewers"], minimum), _PER_REVIEWER)
    return replace(
        figures,
        worth=worth,
        volume_quarterly=_volume(figures.volume_quarterly, figures, minimum),
        tools_monthly=_tools(figures.tools_monthly, every),
        splits=_splits(figures.splits, year, found),
        repositories=_repositories(figures.repositories, every),
        rules_fired=_rules(figures.rules_fired, minimum, every.hides("rule")),
        suppressed=tuple(
            replace(each, excerpt="", path=_HIDDEN if found.is_in(each.path) else each.path)
            for each in figures.suppressed
        ),
    )


_SHARES = ("commits", "lines", "numerator", "denominator", "share", "unknown_commits")


def _counted(
    connection: duckdb.DuckDBPyConnection, minimum: int, figures: Figures | None = None
) -> tuple[_Groups, _Groups]:
    """Count the engineers of parts, of all time and of the twelve months that shares are split over."""
    days: dict[str, Any] = {}
    if figures is not None and figures.month is not None:
        until = pd.Timestamp(figures.month) + pd.DateOffset(months=1)
        days = {"since": (until - pd.DateOffset(months=12)).date(), "until": until.date()}
    frame = run(connection, "engineers_of_parts", **days)
    parts = list(zip(frame["split"].astype(str), frame["part"].astype(str), strict=True))
    ever, within = (
        _Groups(dict(zip(parts, frame[name].astype(int), strict=True)), minimum)
        for name in ("engineers_ever", "engineers")
    )
    return ever, within


def _few(engineers: pd.Series, minimum: int) -> pd.Series:
    return (engineers > 0) & (engineers < minimum)


def _empty(frame: pd.DataFrame, where: pd.Series, columns: Iterable[Hashable]) -> pd.DataFrame:
    """Empty the cells of some rows; whole numbers stay whole."""
    if not bool(where.any()):
        return frame
    shown = frame.copy()
    for name in columns:
        if name in shown:
            kind = str(shown[name].dtype)
            if kind.startswith(("int", "uint")):
                shown[name] = shown[name].astype("Int64")
            elif kind == "bool":
                shown[name] = shown[name].astype("boolean")
            shown[name] = shown[name].mask(where)
    return shown


def _volume(frame: pd.DataFrame, figures: Figures, minimum: int) -> pd.DataFrame:
    """Empty what is per engineer in quarters of few, and every ratio to a baseline that has such a quarter."""
    shown = _empty(frame, _few(frame["engineers"], minimum), _PER_ENGINEER)
    since, until = pd.Timestamp(figures.baseline_since), pd.Timestamp(figures.baseline_until)
    is_baseline = (frame["quarter"] >= since) & (frame["quarter"] < until)
    if bool((_few(frame["engineers"], minimum) & is_baseline).any()):
        shown = _empty(shown, pd.Series(True, index=shown.index), _BASELINE)
    return shown


def _quarters(frame: pd.DataFrame, part: str, minimum: int, month: object) -> pd.DataFrame:
    """Empty the cells of few engineers quarter by quarter, with those that would tell them."""
    kept = (part, "quarter", "working_days", "is_running")
    hidden = hidden_quarters(frame, part, minimum, month)
    return _empty(frame, hidden, [name for name in frame if name not in kept])


def _without(worth: dict[str, pd.DataFrame], volumes: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Drop a repository of few engineers, or that few would be missing without: the difference would show them."""
    frame = worth["volume_without_repository"]
    every = dict(zip(volumes["quarter"], volumes["engineers"], strict=True))
    only = frame["quarter"].map(every) - frame["engineers"]
    shown = worth.get("volume_by_repository")
    hidden: set[tuple[object, object]] = set()
    if shown is not None:
        gone = shown[shown["engineers"].isna()]
        hidden = set(zip(gone["repository"], gone["quarter"], strict=True))
    is_hidden = [key in hidden for key in zip(frame["repository"], frame["quarter"], strict=True)]
    return frame[
        ~(_few(only, minimum) | _few(frame["engineers"], minimum) | pd.Series(is_hidden, index=frame.index))
    ]


def _repositories(frame: pd.DataFrame, groups: _Groups) -> pd.DataFrame:
    if not groups.hides("repository"):
        return frame
    engineers = {str(repo): groups.of("repository", repo) for repo in frame["repo"]}
    small = complemented(engineers, groups.minimum, are_people=False)
    return _empty(frame, frame["repo"].astype(str).isin(small), _SHARES)


def _splits(
    splits: Mapping[str, pd.DataFrame], groups: _Groups, found: Identifying
) -> dict[str, pd.DataFrame]:
    """Protect each split; one of which a single part or none is left says nothing."""
    shown = {split: _split(frame, split, groups, found) for split, frame in splits.items()}
    return {split: frame for split, frame in shown.items() if frame["strict_denominator"].notna().sum() > 1}


def _split(frame: pd.DataFrame, split: str, groups: _Groups, found: Identifying) -> pd.DataFrame:
    numbers = [name for name in frame if name not in ("part", "basis")]
    parts = frame["part"].astype(str)
    if split == "repository":
        engineers = {part: groups.of(split, part) for part in parts}
        small = complemented(engineers, groups.minimum, are_people=False) if groups.hides(split) else set()
        return _empty(frame, parts.isin(small), numbers)
    if split == "team":
        engineers = {part: groups.of(split, part) for part in parts if part not in _NOBODY}
        return _empty(frame, parts.isin(complemented(engineers, groups.minimum)), numbers)
    few = groups.small(split, parts)
    names = {part: _OF_FEW if part in few else _part(part, split, found) for part in parts}
    return _folded(frame, parts.map(names), numbers)


def _part(part: str, split: str, found: Identifying) -> str:
    """A part's name where it names nobody: of owners only teams, for an account or address is a person."""
    if split == "owner":
        return part if part.startswith("(") or (part.startswith("@") and "/" in part) else _HIDDEN
    return _HIDDEN if split == "path" and found.is_in(part) else part


def _folded(frame: pd.DataFrame, names: pd.Series, numbers: Iterable[Hashable]) -> pd.DataFrame:
    """Put parts that are not named together in one row without numbers: it is there, and that is all."""
    shown = _empty(frame, names.isin([_OF_FEW, _HIDDEN]), numbers)
    shown = shown.assign(part=names)
    return shown[~(names.isin([_OF_FEW, _HIDDEN]) & names.duplicated())].reset_index(drop=True)


def _tools(frame: pd.DataFrame, groups: _Groups) -> pd.DataFrame:
    """Put agents of few engineers to those without a name; their lines still add up to the share."""
    small = groups.small("tool", set(frame["tool"])) - {_OTHERS}
    if not small:
        return frame
    shown = frame.copy()
    shown["tool"] = shown["tool"].where(~shown["tool"].isin(small), _OTHERS)
    groups_of = shown.groupby(["period", "tool"])
    summed = groups_of.agg({"lines": "sum", "denominator": "first"})
    summed["share"] = groups_of["share"].sum(min_count=1)
    summed = summed.reset_index()
    return summed[list(frame.columns)]


def _rules(frame: pd.DataFrame, minimum: int, is_hidden: bool) -> pd.DataFrame:
    """Put rules that fired for few engineers together in one row; of bots' rules nobody is an engineer."""
    if frame.empty or not is_hidden:
        return frame
    few = _few(frame["engineers"], minimum) & frame["attribution"].isin(["ai", "assisted"])
    if not bool(few.any()):
        return frame
    together = frame[few][["pieces", "commits", "lines"]].sum()
    row = pd.DataFrame([{"rule": _OF_FEW, **together.to_dict()}]).reindex(columns=frame.columns)
    row = row.astype({name: frame[name].dtype for name in ("pieces", "commits", "lines")})
    row["engineers"] = 0
    return pd.concat([frame[~few], row.astype({"engineers": frame["engineers"].dtype})], ignore_index=True)
