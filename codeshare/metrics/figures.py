"""Everything that a report draws, collected once so that words, charts and tables agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
from msgspec import Struct, field

from codeshare.metrics.evidence import EvidenceState, evidence_state, last_full_month
from codeshare.metrics.parts import Parts, parts
from codeshare.metrics.queries import run
from codeshare.metrics.sides import Comparison
from codeshare.metrics.small_groups import protect
from codeshare.metrics.suppressed import Suppressed, suppressed
from codeshare.store.filter import Filter
from codeshare.version import VERSION

if TYPE_CHECKING:
    import duckdb

_COUNTED = ("rework_matrix", "fixes_monthly", "outside_series", "review_by_group", "unmatched_people")
_ESTIMATED = (
    "survival_curve",
    "survival_compared",
    "churn_monthly",
    "churn_by",
    "net_volume_quarterly",
    "volume_by_team",
    "volume_by_repository",
    "volume_without_repository",
    "fix_habits",
    "change_points",
    "ai_beside_human",
    "review_quarterly",
    "review_by_attribution",
)
WORTH: tuple[str, ...] = (*_COUNTED, *_ESTIMATED)
"""Queries that take no parameters and name nobody."""

_SPLIT_BY = ("repository", "team", "owner", "path", "tool", "class")
"""What a report's tables of shares are split by; not single files and commits, which are many and lead to persons."""

_SEVERAL = {
    "repository": "select count(*) > 1 from repos",
    "team": "select count(*) > 0 from memberships",
    "owner": "select count(*) > 0 from path_owners",
}


class Figures(Struct, frozen=True, eq=False):
    """The frames are the rows of the named queries; days in them are ``datetime64``."""

    title: str
    as_of: datetime
    basis: str
    month: date | None
    """The last full month, also where nothing merged in it."""
    quarter: date | None
    """The latest quarter with a ratio, running or not."""
    codeshare_version: str
    minimum_engineers: int
    baseline_since: date
    baseline_until: date
    has_names: bool
    """Whether people are named, by choice: then their own figures, commits and identities are listed too."""
    share_monthly: pd.DataFrame
    share_quarterly: pd.DataFrame
    tools_monthly: pd.DataFrame
    evidence_kinds: pd.DataFrame
    volume_quarterly: pd.DataFrame
    volume_people: pd.DataFrame
    """Of the last ten quarters, and with names or by person only: quarter, person (the label), lines_per_day, ratio, ai,
    assisted, human, is_running."""
    variants: pd.DataFrame
    events: pd.DataFrame
    repositories: pd.DataFrame
    left_out: pd.DataFrame
    """Per reason; ``left_out_commits`` lists the commits where people are named."""
    rules_fired: pd.DataFrame
    identities: pd.DataFrame
    unknown: pd.DataFrame
    headline: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out_commits: pd.DataFrame = field(default_factory=pd.DataFrame)
    outliers: pd.DataFrame = field(default_factory=pd.DataFrame)
    """One by one where people are named, else how many by attribution."""
    volume_groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The rows of ``volume_by_group``."""
    has_persons: bool = False
    """Whether engineers' own figures are shown, by pseudonym unless ``has_names``."""
    baseline_quarters: pd.DataFrame = field(default_factory=pd.DataFrame)
    intermediate: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Lines gone again within their own landing, by repository; none on the basis ``added``."""
    splits: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Shares of the twelve months to the last full one, by what they are split by; only those of two parts or more."""
    worth: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Rows of the queries of ``WORTH``, by name: what the lines are worth, who reviews them, when it changed."""
    comparison: Comparison | None = None
    """What `--compare` asked for."""
    suppressed: tuple[Suppressed, ...] = ()
    """Settings and bans that keep agents' marks out."""
    filter: Filter = field(default_factory=Filter)
    """What the report is about; of nothing asked for, everything."""
    parts: Parts | None = None
    """What `--by` asked for; none also where all lines belong together."""

    @property
    def evidence_state(self) -> EvidenceState:
        """What the last full month's evidence allows to be said."""
        return evidence_state(self.share_monthly)


def collect(
    connection: duckdb.DuckDBPyConnection,
    title: str | None = None,
    names: bool = False,
    persons: bool = False,
    asked: Filter | None = None,
    by: str | None = None,
    counts: Mapping[str, Any] | None = None,
) -> Figures:
    """Run every query that a report shows, and leave out what few people stand behind.

    Args:
        connection: an open database in which at least one commit is merged (``guard.check_known``).
        title: whose code it is; without it what the configuration said when it was mined, else the
            repository's name, or how many they are.
        names: each engineer's own figures by name, joined identities, and commits with their subjects. Without,
            nothing in the figures is about one person: volumes and reviews are those of groups.
        persons: each engineer's own figures by pseudonym.
        asked: the filter that the connection is what is left by (``codeshare.store.filter.filtered``).
        by: what the share is broken down by, one of ``parts.SPLITS``.
        counts: what `collect_counts` gave for the same connection, names, persons and by, if it was called before.
    """
    known = collect_counts(connection, names, persons, by) if counts is None else counts
    figures = _collected(connection, title, asked or Filter(), known)
    return figures if names else protect(connection, figures)


def collect_counts(
    connection: duckdb.DuckDBPyConnection, names: bool = False, persons: bool = False, by: str | None = None
) -> dict[str, Any]:
    """Run the queries of a report that read no estimate but those that mining stores (``estimates.run.at_once``).

    They can run while others are still computed.

    Args:
        connection: as in `collect`, and likewise the others.

    Returns:
        Fields of ``Figures``; of ``worth`` a part.
    """
    monthly = run(connection, "ai_share_monthly")
    month = last_full_month(monthly)
    return {
        "month": None if month is None else month["period"].date(),
        "has_names": names,
        "has_persons": persons or names,
        "splits": _splits(connection, month),
        "worth": {name: run(connection, name) for name in _COUNTED},
        "suppressed": tuple(suppressed(connection)),
        "parts": parts(connection, by, len(monthly), is_protected=not names) if by else None,
        "share_monthly": monthly,
        "share_quarterly": run(connection, "ai_share_quarterly"),
        "tools_monthly": run(connection, "ai_share_by_tool_monthly"),
        "evidence_kinds": run(connection, "evidence_kinds_quarterly"),
        "volume_people": run(connection, "volume_by_person", names=names)
        if persons or names
        else pd.DataFrame(),
        "volume_groups": run(connection, "volume_by_group"),
        "events": run(connection, "events"),
        "repositories": run(connection, "repositories"),
        "left_out": run(connection, "commits_left_out_summary"),
        "left_out_commits": run(connection, "commits_left_out") if names else pd.DataFrame(),
        "rules_fired": run(connection, "rules_fired"),
        "identities": _identities(connection, names),
        "outliers": _outliers(connection, names),
        "baseline_quarters": run(connection, "baseline_quarters"),
        "intermediate": run(connection, "intermediate_lines"),
        "unknown": run(connection, "unknown"),
    }


def _collected(
    connection: duckdb.DuckDBPyConnection, title: str | None, asked: Filter, counts: Mapping[str, Any]
) -> Figures:
    settings = connection.execute("from scope_settings").df().iloc[0]
    volumes = run(connection, "volume_quarterly")
    with_ratio = volumes.loc[volumes["ratio_median"].notna(), "quarter"]
    estimated = {name: run(connection, name) for name in _ESTIMATED}
    return Figures(
        **{**counts, "worth": {**counts["worth"], **estimated}},
        title=title or _title(connection, list(counts["repositories"]["repo"])),
        as_of=settings["as_of"].to_pydatetime(),
        basis=str(settings["basis"]),
        quarter=None if with_ratio.empty else with_ratio.iloc[-1].date(),
        codeshare_version=VERSION,
        minimum_engineers=int(settings["minimum_engineers"]),
        baseline_since=settings["baseline_since"].date(),
        baseline_until=settings["baseline_until"].date(),
        filter=asked,
        headline=run(connection, "headline"),
        volume_quarterly=volumes,
        variants=run(connection, "volume_variants"),
    )


def _outliers(connection: duckdb.DuckDBPyConnection, names: bool) -> pd.DataFrame:
    """List outlier commits; a commit's id leads to its author, so without names only how many they are."""
    every = run(connection, "outliers")
    if names or every.empty:
        return every
    counted = every.groupby("attribution", as_index=False).agg(
        commits=("sha", "size"), lines=("lines", "sum")
    )
    return counted.sort_values("attribution").reset_index(drop=True)


def _identities(connection: duckdb.DuckDBPyConnection, names: bool) -> pd.DataFrame:
    """List joined people; without names how many were joined, and what joined them."""
    every = run(connection, "identities_joined", names=names)
    if names or every.empty:
        return every
    counted = every.groupby(["kind", "how"], as_index=False).agg(
        people=("person", "size"), identities=("identities", "sum")
    )
    return counted.sort_values(["kind", "how"]).reset_index(drop=True)


def _splits(connection: duckdb.DuckDBPyConnection, month: pd.Series | None) -> dict[str, pd.DataFrame]:
    if month is None:
        return {}
    until = month["period"] + pd.DateOffset(months=1)
    days = {"since": (until - pd.DateOffset(months=12)).date(), "until": until.date()}
    splits = [split for split in _SPLIT_BY if _has_parts(connection, split)]
    found = {split: run(connection, "ai_share_split", split=split, **days) for split in splits}
    # "(no team)" and the like: nothing is known of teams or owners at all
    return {
        split: frame
        for split, frame in found.items()
        if len(frame) > 1 and not frame["part"].str.startswith("(").all()
    }


def _has_parts(connection: duckdb.DuckDBPyConnection, split: str) -> bool:
    """Whether there can be two parts: cheaper to ask than to find a single one."""
    return split not in _SEVERAL or bool(connection.execute(_SEVERAL[split]).fetchall()[0][0])


def _title(connection: duckdb.DuckDBPyConnection, repos: list[str]) -> str:
    mined_with = connection.execute("select value from settings where key = 'title'").fetchone()
    if mined_with and mined_with[0]:
        return str(mined_with[0])
    return repos[0] if len(repos) == 1 else f"{len(repos)} repositories"
