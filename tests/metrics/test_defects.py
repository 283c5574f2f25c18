"""Reverts, fixes and defects on histories counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from codeshare.estimates.defects import estimate as estimate_defects
from codeshare.estimates.reverts import estimate as estimate_reverts
from codeshare.estimates.table import ALL_TIME, Estimate
from codeshare.metrics.queries import run

from .rows import Rows


def landed(
    rows: Rows, at: str, lines: int, attribution: str = "human", path: str = "a.py", **values: object
) -> str:
    """A commit that lands lines of one file."""
    sha = rows.commit(at, lines, attribution=attribution, **values)  # type: ignore[arg-type]
    rows.connection.execute("update commits set added = ? where sha = ?", [lines, sha])
    rows.connection.execute("update repos set basis = 'landed'")
    rows.insert(
        "landed_lines", repo="widget", sha=sha, path=path, file_class="code", attribution=attribution,
        confidence="low", lines=lines, moved=0, merged_at=datetime.fromisoformat(at),
    )  # fmt: skip
    return sha


def mends(
    rows: Rows,
    at: str,
    origin: str,
    code_lines: int,
    confidence: str = "medium",
    lines: int = 0,
    **values: object,
) -> str:
    """A fix that removes lines of ``origin``."""
    fix = landed(rows, at, 1, path="b.py", **values)  # type: ignore[arg-type]
    rows.insert("fixes", repo="widget", sha=fix, kind="subject", confidence=confidence)
    removes(rows, fix, origin, code_lines, lines)
    return fix


def removes(rows: Rows, fix: str, origin: str, code_lines: int, lines: int = 0) -> None:
    path, attribution, at = rows.connection.execute(
        "select path, attribution, merged_at from landed_lines where sha = ?", [origin]
    ).fetchall()[0]
    fixed_at = rows.connection.execute("select merged_at from commits where sha = ?", [fix]).fetchall()[0][0]
    rows.insert(
        "fixed_lines", repo="widget", fix_sha=fix, sha=origin, path=path, file_class="code", attribution=attribution,
        merged_at=at, fixed_at=fixed_at, lines=lines or code_lines, code_lines=code_lines,
    )  # fmt: skip


def by_part(found: list[Estimate], metric: str, at_days: float | None = None) -> dict[str, Estimate]:
    return {
        e.part: e
        for e in found
        if e.metric == metric and e.at_days == at_days and e.scope == "all" and e.period.year == 1970
    }


def reverted(rows: Rows) -> dict[str, tuple[str, bool]]:
    return {
        old: (how, stands)
        for old, how, stands in rows.rows(
            "select reverted_sha, how, stands from reverts order by reverted_sha"
        )
    }


def test_a_revert_of_a_revert_nets_out(rows: Rows) -> None:
    work = landed(rows, "2024-02-01 12:00", 20)
    undo = rows.commit("2024-02-03 12:00", 0)
    redo = rows.commit("2024-02-05 12:00", 20)
    rows.insert("named_reverts", repo="widget", sha=undo, reverted_sha=work, how="message")
    assert reverted(rows) == {work: ("message", True)}
    rows.insert("named_reverts", repo="widget", sha=redo, reverted_sha=undo, how="message")
    assert reverted(rows) == {work: ("message", False), undo: ("message", True)}
    last = rows.commit("2024-02-06 12:00", 0)
    rows.insert("named_reverts", repo="widget", sha=last, reverted_sha=redo, how="forge")
    assert reverted(rows) == {work: ("message", True), undo: ("message", False), redo: ("forge", True)}
    assert rows.rows(f"select days from reverts where reverted_sha = '{work}'") == [(2.0,)]


def test_the_surest_way_is_the_one_that_counts(rows: Rows) -> None:
    work = landed(rows, "2024-02-01 12:00", 20)
    rows.connection.execute("update commits set patch_id = 7, inverse_id = 9")
    undo = rows.commit("2024-02-03 12:00", 0, reverts=work, patch_id=9, inverse_id=7)
    rows.insert("named_reverts", repo="widget", sha=undo, reverted_sha=work, how="forge")
    assert reverted(rows) == {work: ("exact", True)}


def test_who_reverts_a_merge_reverts_what_it_brought_in(rows: Rows) -> None:
    one, two = landed(rows, "2024-02-01 12:00", 20), landed(rows, "2024-02-01 12:00", 20)
    merge = rows.commit("2024-02-01 12:00", 0, is_merge=True)
    rows.connection.execute("update commits set merge_sha = ?", [merge])
    undo = rows.commit("2024-02-03 12:00", 0)
    rows.insert("named_reverts", repo="widget", sha=undo, reverted_sha=merge, how="message")
    assert reverted(rows) == {one: ("message", True), two: ("message", True)}


@pytest.mark.parametrize(
    ("gone", "others", "added", "days", "found"),
    [
        (18, 0, 0, 29, True),
        (17, 0, 0, 29, False),
        (18, 0, 0, 31, False),
        (18, 19, 0, 29, False),
        (18, 0, 10, 29, False),
        (18, 0, 9, 29, True),
    ],
    ids=["nine tenths", "fewer", "too late", "one of many", "written anew", "hardly written anew"],
)
def test_most_lines_gone_at_once(
    rows: Rows, gone: int, others: int, added: int, days: int, found: bool
) -> None:
    work, other = landed(rows, "2024-02-01 12:00", 20), landed(rows, "2020-01-01 12:00", 100, path="c.py")
    undo = rows.commit(f"{_after(days):%Y-%m-%d %H:%M}", 0, added=added, deleted=gone + others)
    for sha, count, born in ((work, gone, "2024-02-01 12:00"), (other, others, "2020-01-01 12:00")):
        if count:
            rows.insert(
                "line_spans", repo="widget", sha=sha, path="a.py", line_start=1, line_count=count, file_class="code",
                attribution="human", confidence="low", landed=True, merged_at=datetime.fromisoformat(born),
                died_sha=undo, died_at=_after(days),
            )  # fmt: skip
    assert reverted(rows) == ({work: ("undone", True)} if found else {})


def _after(days: int) -> datetime:
    return datetime(2024, 2, 1, 12) + timedelta(days=days)


def test_reverted_within_thirty_days_of_commits_whose_days_have_passed(rows: Rows) -> None:
    early = landed(rows, "2024-02-01 12:00", 10, "ai")
    landed(rows, "2024-02-02 12:00", 30, "ai")
    late = landed(rows, "2024-02-03 12:00", 10)
    landed(rows, "2024-05-30 12:00", 1000, "ai")  # its days have not passed
    undo, much_later = rows.commit("2024-02-10 12:00", 0), rows.commit("2024-05-01 12:00", 0)
    rows.insert("named_reverts", repo="widget", sha=undo, reverted_sha=early, how="message")
    rows.insert("named_reverts", repo="widget", sha=much_later, reverted_sha=late, how="message")
    rows.commit("2024-06-01 12:00", 0)
    found = list(estimate_reverts(rows.connection))
    commits, lines = by_part(found, "reverted", 30.0), by_part(found, "reverted_lines", 30.0)
    assert {part: (e.value, e.n, e.unit, e.low) for part, e in commits.items()} == {
        "ai": (0.5, 2, "share", None),
        "human": (0.0, 1, "share", None),
        "all": (pytest.approx(1 / 3), 3, "share", None),
    }
    assert (lines["ai"].value, lines["human"].value) == (0.25, 0.0)


def test_reverts_are_compared_since_agents_came(rows: Rows) -> None:
    """Two commits of early 2024, one reverted, have no AI beside them; of later ones AI's has one of two, the others none."""
    old, _ = landed(rows, "2024-02-01 12:00", 10), landed(rows, "2024-02-02 12:00", 10)
    new = landed(rows, "2024-05-01 12:00", 10, "ai")
    landed(rows, "2024-05-02 12:00", 10, "ai")
    landed(rows, "2024-05-03 12:00", 20)
    for day, sha in (("2024-02-05", old), ("2024-05-05", new)):
        undo = rows.commit(f"{day} 12:00", 0)
        rows.insert("named_reverts", repo="widget", sha=undo, reverted_sha=sha, how="message")
    rows.commit("2024-08-01 12:00", 0)
    found = [e for e in estimate_reverts(rows.connection) if e.metric == "reverted" and e.period == ALL_TIME]
    assert {(e.scope, e.part): (e.value, e.n) for e in found} == {
        ("all", "all"): (0.4, 5), ("all", "ai"): (0.5, 2), ("all", "human"): (pytest.approx(1 / 3), 3),
        ("since/2024-04-01", "all"): (pytest.approx(1 / 3), 3), ("since/2024-04-01", "ai"): (0.5, 2),
        ("since/2024-04-01", "human"): (0.0, 1), ("since/2024-04-01", "ai - human"): (0.5, 1),
        ("since/2024-04-01", "ai / human"): (None, 1),
    }  # fmt: skip


def test_a_fix_counts_once_over_all_that_it_mended(rows: Rows) -> None:
    one = landed(rows, "2024-01-10 12:00", 100, "ai")
    two = landed(rows, "2024-01-20 12:00", 300, path="c.py")
    fix = mends(rows, "2024-02-01 12:00", one, 3, lines=8)
    removes(rows, fix, two, 1)
    mends(rows, "2024-07-01 12:00", two, 5)  # after 90 days, within 180
    mends(rows, "2024-02-02 12:00", two, 5, confidence="low")
    rows.setting("as_of", "2024-12-31")
    assert rows.rows("select sha, share, days from fix_origins where how = 'lines' order by fix_sha, sha")[:2] == [
        (one, 0.75, 22.0), (two, 0.25, 12.0),
    ]  # fmt: skip
    found = list(estimate_defects(rows.connection))
    crude = by_part(found, "defects_crude", 90)
    # the fixes' own lines, three without AI evidence, stand in the denominator too
    assert crude["ai"].value == pytest.approx(1000 * 0.75 / 100)
    assert crude["human"].value == pytest.approx(1000 * 0.25 / 303)
    assert crude["human"].n == 4
    assert crude["human"].unit == "per 1,000 lines"
    assert by_part(found, "defects_crude", 180)["human"].value == pytest.approx(1000 * 1.25 / 303)
    assert by_part(found, "fixed_lines", 90)["ai"].value == pytest.approx(1000 * 3 / 100)
    habit = by_part(found, "fix_commits")
    assert (habit["ai"].value, habit["human"].value, habit["human"].n) == (0.0, 0.5, 4)


def test_a_commit_that_is_named_decides_over_lines(rows: Rows) -> None:
    named, other = (
        landed(rows, "2024-01-10 12:00", 100, "ai"),
        landed(rows, "2024-01-20 12:00", 300, path="c.py"),
    )
    fix = mends(rows, "2024-02-01 12:00", other, 3)
    rows.insert("fixes", repo="widget", sha=fix, kind="trailer", confidence="high", named_sha=named)
    assert rows.rows("select sha, how, share, confidence from fix_origins") == [(named, "named", 1.0, "high")]


def test_what_is_no_new_work_and_no_code_has_no_part(rows: Rows) -> None:
    bulk = landed(rows, "2024-01-10 12:00", 100, is_bulk=True)
    work = landed(rows, "2024-01-11 12:00", 100, path="c.py")
    fix = mends(rows, "2024-02-01 12:00", bulk, 90)
    removes(rows, fix, work, 1)
    assert rows.rows("select sha, share from fix_origins") == [(work, 1.0)]


def test_a_fix_of_documentation_is_less_sure(rows: Rows) -> None:
    work = landed(rows, "2024-01-10 12:00", 100)
    fix, doc = mends(rows, "2024-02-01 12:00", work, 1), mends(rows, "2024-02-02 12:00", work, 1)
    rows.connection.execute("update changes set file_class = 'docs' where sha = ?", [doc])
    unsure = mends(rows, "2024-02-03 12:00", work, 1, confidence="low")
    rows.connection.execute("update changes set file_class = 'test' where sha = ?", [unsure])
    assert rows.rows("select sha, confidence, is_counted from fix_commits order by sha") == [
        (fix, "medium", True), (doc, "low", False),
    ]  # fmt: skip


def test_among_like_lines_the_comparison_is_mantel_and_haenszels(rows: Rows) -> None:
    # two strata: small commits in new files (AI 10 and 30 lines, 1 defect of 10; others 20, 1) and large ones
    small_ai, small_other = (
        landed(rows, "2024-01-10 12:00", 40, "ai", path="p"),
        landed(rows, "2024-01-11 12:00", 20, path="q"),
    )
    large_ai, large_other = (
        landed(rows, "2024-01-12 12:00", 600, "ai", path="r"),
        landed(rows, "2024-01-13 12:00", 1800, path="s"),
    )
    for at, origin in (
        ("02-01", small_ai),
        ("02-02", small_other),
        ("02-03", large_ai),
        ("02-04", large_other),
        ("02-05", large_other),
    ):
        fix = rows.commit(f"2025-{at} 12:00", 0, attribution="bot")
        rows.insert(
            "changes", repo="widget", sha=fix, path="a.py", file_class="code", status="M", is_binary=False
        )
        rows.connection.execute(
            "update commits set merged_at = ? where sha = ?",
            [datetime.fromisoformat(f"2024-{at} 12:00"), fix],
        )
        rows.insert("fixes", repo="widget", sha=fix, kind="subject", confidence="medium")
        removes(rows, fix, origin, 1)
    rows.setting("as_of", "2024-12-31")
    found = by_part(list(estimate_defects(rows.connection)), "defects", 90)
    # a T0 / T over b T1 / T: (1*20/60 + 1*1800/2400) / (1*40/60 + 2*600/2400)
    assert found["ai / human"].value == pytest.approx((20 / 60 + 1800 / 2400) / (40 / 60 + 1200 / 2400))
    weight = 40 * 20 / 60 + 600 * 1800 / 2400
    assert found["ai"].value == pytest.approx(1000 * (20 / 60 + 1800 / 2400) / weight)
    assert found["ai - human"].value == pytest.approx((found["ai"].value or 0) - (found["human"].value or 0))
    assert (found["ai"].n, found["ai - human"].n, found["ai"].low) == (2, 2, None)


def test_fixes_by_month_and_attribution(rows: Rows) -> None:
    work = landed(rows, "2024-01-10 12:00", 100, "ai")
    mends(rows, "2024-02-01 12:00", work, 1, attribution="ai")
    mends(rows, "2024-02-02 12:00", work, 1, attribution="ai", confidence="low")
    rows.commit("2024-02-03 12:00", 1)
    found = run(rows.connection, "fixes_monthly")
    assert found[["attribution", "commits", "fixes", "fixes_any", "is_running"]].values.tolist() == [
        ["ai", 1, 0, 0, False], ["ai", 2, 1, 2, True], ["human", 1, 0, 0, True],
    ]  # fmt: skip
    habits = run(rows.connection, "fix_habits").set_index("attribution")
    assert habits.loc["ai", ["commits", "fixes", "share_any"]].tolist() == [3, 1, pytest.approx(2 / 3)]


def test_without_lives_of_lines_nothing_is_said_of_defects_and_reverts(rows: Rows) -> None:
    rows.commit("2024-01-10 12:00", 100, attribution="ai", added=100)
    rows.commit("2024-12-10 12:00", 100)
    found = [*estimate_defects(rows.connection), *estimate_reverts(rows.connection)]
    assert {e.metric for e in found} == {"fix_commits"}


@pytest.mark.parametrize(
    "name", ["reverts", "revert_rates", "defects", "defect_rates", "fixes_monthly", "fix_habits"]
)
def test_queries_run_on_an_empty_database(rows: Rows, name: str) -> None:
    assert run(rows.connection, name).empty
