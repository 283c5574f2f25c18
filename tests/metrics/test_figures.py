from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from codeshare.metrics.evidence import EvidenceState
from codeshare.metrics.figures import collect
from codeshare.metrics.volume import estimate

from .rows import Rows

AI = {"attribution": "ai", "confidence": "high", "kind": "trailer", "tool": "Claude Code"}


def filled(rows: Rows) -> Rows:
    for number, person in enumerate(("ann", "ben", "cat", "dan", "eve")):
        rows.commit("2024-02-10", 100 + number, engineer=person)
        rows.commit("2026-05-10", 400 + number, engineer=person, **AI)
    rows.setting("as_of", "2026-06-12")
    rows.estimates(estimate(rows.connection, replicates=50))
    return rows


def test_everything_a_report_draws(rows: Rows) -> None:
    figures = collect(filled(rows).connection, title="Widgets & Co")
    assert (figures.title, figures.as_of, figures.basis) == (
        "Widgets & Co",
        datetime(2026, 6, 12, 23, 59, 59),
        "added",
    )
    assert (figures.month, figures.quarter) == (date(2026, 5, 1), date(2026, 4, 1))
    assert (figures.baseline_since, figures.baseline_until) == (date(2024, 1, 1), date(2025, 1, 1))
    assert (figures.minimum_engineers, figures.has_names, figures.evidence_state) == (
        5,
        False,
        EvidenceState.HIGH,
    )
    assert {"low_median", "high_median", "low_mean", "high_mean"} <= set(figures.volume_quarterly.columns)
    assert list(figures.volume_groups["engineers"]) == [5, 5]
    assert figures.volume_people.empty
    assert {"quarter", "person", "lines_per_day", "ratio", "ai", "assisted", "human", "is_running"} <= set(
        collect(rows.connection, persons=True).volume_people.columns
    )
    assert {"variant", "label", "value", "low", "high", "n", "note"} <= set(figures.variants.columns)
    assert figures.volume_quarterly["low_median"].iloc[-1] > 0


def test_commits_are_listed_with_names_only(rows: Rows) -> None:
    """Their ids lead to their authors, and people stand in their subjects."""
    filled(rows)
    rows.commit("2026-05-11", 10, reverts="a" * 40, subject="Undo what Ann Lee did")
    rows.commit("2026-05-12", 5001, subject="Import Ann Lee's parser")
    figures = collect(rows.connection, names=True)
    for frame in (figures.left_out_commits, figures.outliers):
        assert len(frame) == 1
        assert {"repo", "sha", "lines", "subject"} <= set(frame)
    figures = collect(rows.connection)
    assert figures.left_out_commits.empty
    assert figures.outliers.to_dict("records") == [{"attribution": "human", "commits": 1, "lines": 5001}]
    assert figures.left_out["commits"].sum() == 1


def test_the_title_is_the_one_given_else_that_of_the_configuration_else_the_repository(rows: Rows) -> None:
    filled(rows)
    untitled = collect(rows.connection).title
    assert untitled == rows.connection.execute("select repo from repos").fetchone()[0]
    rows.setting("title", "Widgets & Co")
    assert collect(rows.connection).title == "Widgets & Co"
    assert collect(rows.connection, title="Gadgets").title == "Gadgets"


def test_numbers_of_the_headline_are_those_of_the_frames(rows: Rows) -> None:
    figures = collect(filled(rows).connection)
    headline = figures.headline.iloc[0]
    month = figures.share_monthly.set_index("period").loc[pd.Timestamp(figures.month)]
    for name in (
        "share",
        "share_strict",
        "share_high",
        "share_min",
        "share_max",
        "numerator",
        "denominator",
        "coverage",
    ):
        assert headline[name] == month[name]
    quarter = figures.volume_quarterly.set_index("quarter").loc[pd.Timestamp(figures.quarter)]
    for name in (
        "ratio_median",
        "ratio_mean",
        "low_median",
        "high_median",
        "median",
        "baseline_median",
        "engineers",
    ):
        assert headline[name] == quarter[name]
    variants = figures.variants.set_index("variant")
    assert variants["value"]["median"] == quarter["ratio_median"]
    assert variants["low"]["mean"] == quarter["low_mean"]


def test_the_title_is_the_repositorys_name_or_how_many_they_are(rows: Rows) -> None:
    rows.commit("2026-05-10", 1)
    assert collect(rows.connection).title == "widget"
    rows.commit("2026-05-10", 1, repo="gadget")
    figures = collect(rows.connection, names=True)
    assert (figures.title, figures.has_names) == ("2 repositories", True)
    assert figures.quarter is None
    assert list(figures.volume_people["person"]) == ["Ann"]


def test_shares_are_split_by_what_has_parts(rows: Rows) -> None:
    rows.person("ann", team="core")
    filled(rows)
    rows.commit("2026-05-11", {"web/b.py": 50}, engineer="ben", **AI)
    assert collect(rows.connection).splits == {}, "one of them in the team, one in the folder"
    figures = collect(rows.connection, names=True)
    assert set(figures.splits) == {"team", "path"}
    folders = figures.splits["path"].set_index("part")["denominator"]
    assert folders["web"] == 50
    assert folders.sum() == sum(400 + number for number in range(5)) + 50
