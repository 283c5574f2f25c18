from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import codeshare
from codeshare.errors import CatalogueError, NotADatabase
from codeshare.store.database import open_database
from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"


@pytest.fixture
def database(history: History, tmp_path: Path) -> Path:
    """Ten lines of a person and thirty of an agent; an agent's fix of five of them, and its revert."""
    body = [f"a_{n} = {n}\n" for n in range(30)]
    history.commit({"src/b.py": "".join(f"b_{n} = {n}\n" for n in range(10))}, "Count", author=BOB)
    history.commit({"src/a.py": "".join(body)}, "Count more", trailers=[CLAUDE])
    history.commit({"src/a.py": "".join([f"c_{n} = {n}\n" for n in range(5)] + body[5:])}, "Fix the count")
    history.commit({"src/a.py": "".join(body)}, 'Revert "Fix the count"')
    codeshare.mine([history.path], tmp_path / "x.duckdb")
    return tmp_path / "x.duckdb"


def test_estimates_are_computed_once(database: Path) -> None:
    first = codeshare.estimate(database)
    assert {"survival", "churn", "defects"} <= set(first)
    assert codeshare.estimate(database) == {}
    assert set(codeshare.estimate(database, again=True)) == set(first)


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotADatabase, match="no such database"):
        codeshare.estimate(tmp_path / "none.duckdb")
    assert not (tmp_path / "none.duckdb").exists()


@pytest.fixture
def estimated(database: Path) -> Iterator[Any]:
    codeshare.estimate(database)
    with codeshare.open_database(database) as connection:
        yield connection


@pytest.mark.parametrize(
    ("function", "given", "query", "parameters"),
    [
        (codeshare.survival, {}, "survival_curve", {}),
        (codeshare.survival, {"by": "class"}, "survival_by", {"split": "class"}),
        (codeshare.half_lives, {}, "half_lives", {}),
        (codeshare.hazard_ratios, {}, "hazard_ratios", {}),
        (codeshare.churn, {}, "churn_monthly", {}),
        (codeshare.churn, {"raw": True}, "churn_monthly", {"raw": True}),
        (codeshare.churn, {"by": "all"}, "churn_by", {}),
        (codeshare.churn, {"by": "class"}, "churn_by", {"split": "class"}),
        (codeshare.rework, {}, "rework_matrix", {}),
        (codeshare.net_volume, {}, "net_volume_quarterly", {}),
        (codeshare.variants, {}, "volume_variants", {}),
        (codeshare.reverts, {}, "reverts", {}),
        (codeshare.reverts, {"by": "attribution"}, "revert_rates", {}),
        (codeshare.fixes, {}, "fixes_monthly", {}),
        (codeshare.fixes, {"by": "attribution"}, "fix_habits", {}),
        (codeshare.fixes, {"by": "commit"}, "defects", {}),
        (codeshare.defects, {}, "defect_rates", {}),
        (codeshare.quality, {}, "quality_by_attribution", {}),
        (codeshare.quality, {"of": "size"}, "commit_sizes", {}),
        (codeshare.quality, {"of": "tests"}, "tests_touched", {}),
        (codeshare.review, {}, "review_quarterly", {}),
        (codeshare.review, {"by": "month"}, "review_monthly", {}),
        (codeshare.review, {"by": "attribution"}, "review_by_attribution", {}),
        (codeshare.review, {"by": "week"}, "review_load", {}),
        (codeshare.review, {"by": "reviewer"}, "reviewers", {}),
        (codeshare.review, {"by": "rank"}, "review_concentration", {}),
        (codeshare.change_points, {}, "change_points", {}),
        (codeshare.outside_series, {}, "outside_series", {}),
        (codeshare.ai_beside_human, {}, "ai_beside_human", {}),
        (codeshare.ai_beside_human, {"scope": "class/code"}, "ai_beside_human", {"scope": "class/code"}),
        (codeshare.volume, {}, "volume_quarterly", {}),
        (codeshare.volume, {"by": "engineer"}, "volume_by_engineer", {}),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_each_function_gives_the_rows_of_its_query(
    estimated: Any,
    function: Callable[..., pd.DataFrame],
    given: dict[str, Any],
    query: str,
    parameters: dict[str, Any],
) -> None:
    pd.testing.assert_frame_equal(
        function(estimated, **given), codeshare.query(estimated, query, **parameters)
    )


def test_figures_by_hand(estimated: Any) -> None:
    (undone,) = codeshare.reverts(estimated).to_dict("records")
    assert (undone["how"], undone["stands"], undone["reverted_attribution"]) == ("exact", True, "human")
    curve = codeshare.survival(estimated).query("scope == 'all' and part == 'ai' and age_days == 0")
    assert curve["lines_at_risk"].tolist() == [30]
    # the fix removed five lines of the agent's, the revert those of the fix
    gone = codeshare.rework(estimated)[["attribution", "remover", "lines"]]
    assert gone.values.tolist() == [["ai", "same engineer", 5], ["human", "same engineer", 5]]
    fixes = codeshare.fixes(estimated, by="commit")
    assert fixes[["attribution", "lines", "share"]].values.tolist() == [["ai", 5, 1.0]]


@pytest.mark.parametrize(
    ("function", "given", "message"),
    [
        (codeshare.survival, {"by": "month"}, "by 'month': must be one of age, tool, class, repository, cohort."),
        (codeshare.churn, {"by": "week"}, "by 'week': must be one of all, repository, tool, class, month."),
        (codeshare.churn, {"by": "tool", "raw": True}, "raw: only by month"),
        (codeshare.quality, {"of": "size and tests"}, "of 'size and tests': must be one of sample, size, tests."),
        (codeshare.volume, {"by": "day"}, "by 'day': must be one of quarter, repository, team, engineer."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(
    tmp_path: Path, function: Callable[..., pd.DataFrame], given: dict[str, str], message: str
) -> None:
    connection = open_database(tmp_path / "empty.duckdb", write=True)
    try:
        with pytest.raises(CatalogueError, match=message):
            function(connection, **given)
    finally:
        connection.close()
