"""The share of AI in the lines that are there: at the tip, or at an earlier day or landing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from codeshare.errors import CannotKnow, EmptyHistory
from codeshare.metrics.guard import check_sources
from codeshare.metrics.queries import run
from codeshare.metrics.revisions import choose_repository, find_held, find_revision, held, parse_day
from codeshare.metrics.share import Readings, scope_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from codeshare.metrics.at_hand import AtHand


class AliveRow(Readings):
    """What ``share --alive --format json`` prints; ``period``: the day of ``rev``, the landing.

    The lines by attribution are handwritten ones. ``not_new_work``: of the denominator, lines of imports,
    duplicates, reverts and whatever else is no new work; ``share_new_work``: the share without them.
    """

    rev: str
    ai: int
    assisted: int
    human: int
    bot: int
    unknown_lines: int
    not_new_work: int
    share_new_work: float | None


def alive(
    connection: duckdb.DuckDBPyConnection,
    rev: str | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    at_hand: AtHand | None = None,
    allow_unknown: bool = False,
) -> pd.DataFrame:
    """Count the lines alive by attribution.

    Args:
        connection: an open database of codeshare.
        rev: a day, or as `find_revision` takes it, of one repository; None: the last landing of ``as_of``.
        repos: names of repositories; none: all.
        path: a pattern in which ``*`` also matches ``/``, or a folder; of files as they went by then.
        at_hand: the repository itself, for names of tags and branches.
        allow_unknown: answer also where much could not be read.

    Returns:
        The row of the query ``alive_lines``, with ``repo`` and ``rev``, the landings, of all of them.

    Raises:
        NotARepository, NoSuchRevision: the database does not hold it.
        EmptyHistory: nothing had been merged by then.
        CannotKnow: the lives of lines are not known, too much could not be read, or the commit is no landing.
    """
    repos = find_held(connection, repos)
    day = parse_day(rev) if rev is not None else None
    landing = None
    if rev is not None and day is None:
        if not repos:
            repos = (choose_repository(connection, None, at_hand.name if at_hand else None),)
        landing = _landing(connection, repos, rev, at_hand)
    chosen = list(repos) or held(connection)
    _check_basis(connection, chosen)
    frame = run(connection, "alive_lines", day=day, landing=landing, repos=chosen, path=path)
    if frame.empty:
        raise EmptyHistory(
            f"nothing had been merged{f' by {rev}' if rev else ''}: mine a repository, or name another --rev."
        )
    if not allow_unknown:
        row = frame.iloc[0]
        check_sources(connection, chosen, int(row["unknown_commits"]), int(row["commits"]))
    if path and not frame["strict_denominator"].iloc[0]:
        raise CannotKnow(
            f"{path}: no line was there in such a file. Quote the pattern, name a path from the top of the repository "
            "as it was then, or leave --path out."
        )
    points = _points(connection, chosen, day, landing)
    frame.insert(0, "repo", ", ".join(repo for repo, _, _ in points))
    frame.insert(1, "rev", ", ".join(sha for _, sha, _ in points))
    frame.insert(2, "day", max(at for _, _, at in points))
    return frame


def alive_row(
    connection: duckdb.DuckDBPyConnection,
    rev: str | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    at_hand: AtHand | None = None,
    allow_unknown: bool = False,
) -> AliveRow:
    """Count the same as a record for JSON."""
    frame = alive(connection, rev, repos, path, at_hand, allow_unknown)
    found: dict[Any, Any] = frame.iloc[0].to_dict()
    scope = scope_of(connection, found["repo"].split(", "), None, None)

    def fraction(name: str) -> float | None:
        value = found[name]
        return None if value is None or math.isnan(value) else float(value)

    def count(name: str) -> int:
        return int(found[name])

    return AliveRow(
        schema_version=scope["schema_version"],
        repo=scope["repo"],
        branch=scope["branch"],
        tip=scope["tip"],
        as_of=scope["as_of"],
        basis=found["basis"],
        period=str(found["day"]),
        rev=found["rev"],
        share=fraction("share"),
        share_strict=fraction("share_strict"),
        share_high=fraction("share_high"),
        share_min=fraction("share_min"),
        share_max=fraction("share_max"),
        numerator=count("numerator"),
        denominator=count("denominator"),
        coverage=fraction("coverage"),
        unknown=fraction("unknown"),
        ai=count("ai"),
        assisted=count("assisted"),
        human=count("human"),
        bot=count("bot"),
        unknown_lines=count("unknown_lines"),
        not_new_work=count("not_new_work"),
        share_new_work=fraction("share_new_work"),
    )


def _landing(
    connection: duckdb.DuckDBPyConnection, repos: Sequence[str], rev: str, at_hand: AtHand | None
) -> str:
    if len(repos) > 1:
        raise CannotKnow(f"{rev}: a commit is one repository's. Name one with --repo, or a day for several.")
    revision = find_revision(
        connection, repos[0], rev, at_hand if at_hand and at_hand.name == repos[0] else None
    )
    if revision.ordinal is not None:
        return revision.sha
    row = connection.execute(
        "select merge_sha from commits where repo = ? and sha = ?", [repos[0], revision.sha]
    ).fetchone()
    why = (
        f"it landed with {row[0][:10]}: name that" if row else "it is not merged: mine a branch that holds it"
    )
    raise CannotKnow(
        f"{rev}: the lines alive are known at the landings of the mainline, and this commit is none; {why}."
    )


def _check_basis(connection: duckdb.DuckDBPyConnection, repos: Sequence[str]) -> None:
    without = [
        name
        for (name,) in connection.execute(
            "select repo from repos where list_contains(?, repo) and basis <> 'landed' order by repo",
            [list(repos)],
        ).fetchall()
    ]
    if without:
        raise CannotKnow(
            f"{', '.join(without)}: the lives of lines are not known there. Mine it again without --no-lines."
        )


def _points(
    connection: duckdb.DuckDBPyConnection, repos: Sequence[str], day: date | None, landing: str | None
) -> list[tuple[str, str, date]]:
    """Of each repository the landing whose lines are counted, and its day."""
    return connection.execute(
        """select repo, arg_max(sha, ordinal), arg_max(merged_at, ordinal)::date
        from commits, scope_settings as s
        where is_mainline and merge_sha = sha and list_contains($repos, repo)
            and case when $landing::varchar is not null then sha = $landing::varchar
                     when $day::date is not null then merged_at::date <= $day::date else merged_at <= s.as_of end
        group by repo order by repo""",
        {"repos": list(repos), "day": day, "landing": landing},
    ).fetchall()
