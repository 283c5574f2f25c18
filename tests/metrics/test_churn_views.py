from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from codeshare.estimates import churn, net_volume
from codeshare.metrics.queries import run

from .rows import Rows


@pytest.fixture
def landed(rows: Rows) -> Rows:
    rows.repo("widget", basis="landed")
    return rows


def land(
    rows: Rows,
    sha: str,
    merged_at: str,
    lines: int,
    died: tuple[str, str] | None = None,
    path: str = "src/a.py",
    start: int = 1,
    **values: Any,
) -> None:
    """Put in a run of landed lines; ``died``: by which commit and when."""
    engineer, attribution = rows.rows(f"select engineer, attribution from commits where sha = '{sha}'")[0]
    same: dict[str, Any] = {
        "repo": "widget", "sha": sha, "path": path, "merged_at": merged_at, "file_class": "code",
        "engineer": engineer, "attribution": attribution, "confidence": "low",
    }  # fmt: skip
    fate = {} if died is None else {"died_sha": died[0], "died_at": died[1], "died_merge_sha": died[0]}
    rows.insert(
        "line_spans", line_start=start, line_count=lines, landed=True, merge_sha=sha, **same, **fate, **values
    )
    rows.insert("landed_lines", lines=lines, **same)


def commit(rows: Rows, day: str, engineer: str | None = "ann", **values: Any) -> str:
    return rows.commit(day, {}, engineer=engineer, **values)


def test_churn_counts_what_went_within_each_window(landed: Rows) -> None:
    born = commit(landed, "2024-01-10")
    ends = {"2024-01-24": 10, "2024-01-25": 20, "2024-02-09": 30, "2024-04-09": 15, "2024-04-10": 7}
    start = 1
    for day, lines in ends.items():  # 14, 15, 30, 90 and 91 days later
        land(landed, born, "2024-01-10", lines, died=(commit(landed, day), day), start=start)
        start += lines
    land(landed, born, "2024-01-10", 18, start=start)
    landed.setting("as_of", "2024-06-30")
    row = landed.row("from churn_monthly where attribution = 'all'")
    assert row["lines"] == 100
    assert [row[f"gone_{days}"] for days in (14, 21, 30, 90)] == [10, 30, 60, 75]
    assert [row[f"churn_{days}"] for days in (14, 21, 30, 90)] == [0.1, 0.3, 0.6, 0.75]


@pytest.mark.parametrize(
    ("as_of", "churn_14", "gone"),
    [("2024-02-13", None, 40), ("2024-02-14", 0.4, 40), ("2024-01-11", None, 0)],
    ids=["a day before the window of 31 January closes", "closed", "before the death"],
)
def test_a_month_whose_window_is_open_is_incomplete_not_better(
    landed: Rows, as_of: str, churn_14: float | None, gone: int
) -> None:
    born, end = commit(landed, "2024-01-10"), commit(landed, "2024-01-12")
    land(landed, born, "2024-01-10", 40, died=(end, "2024-01-12"))
    land(landed, born, "2024-01-10", 60, start=41)
    landed.setting("as_of", as_of)
    row = landed.row("from churn_monthly where attribution = 'human'")
    assert (row["churn_14"], row["gone_14"], row["is_complete_14"], row["churn_90"]) == (
        churn_14, gone, churn_14 is not None, None,
    )  # fmt: skip


def test_no_line_is_counted_on_the_basis_added(rows: Rows) -> None:
    rows.commit("2024-01-10", 5)
    for name in ("churn_monthly", "rework", "net_volume_quarterly"):
        assert rows.rows(f"from {name}") == []
    assert list(churn.estimate(rows.connection)) == []


@pytest.mark.parametrize(("raw", "gone"), [(False, 3), (True, 10)])
def test_lines_that_are_only_reformatted_live_on(landed: Rows, raw: bool, gone: int) -> None:
    """Ten lines, eight reformatted twice and two lost by the first formatter; one of the eight goes at last."""
    born = commit(landed, "2024-01-01")
    first = commit(landed, "2024-01-03", is_bulk=True, bulk_reason="whitespace")
    second = commit(landed, "2024-01-05", is_bulk=True, bulk_reason="whitespace")
    end = commit(landed, "2024-01-07")
    land(landed, born, "2024-01-01", 10, died=(first, "2024-01-03"))
    after = {"succeeds_path": "src/a.py"}
    land(
        landed,
        first,
        "2024-01-03",
        8,
        died=(second, "2024-01-05"),
        start=11,
        succeeds_sha=born,
        succeeds_line=3,
        **after,
    )
    land(landed, second, "2024-01-05", 7, start=21, succeeds_sha=first, succeeds_line=11, **after)
    land(
        landed,
        second,
        "2024-01-05",
        1,
        died=(end, "2024-01-07"),
        start=28,
        succeeds_sha=first,
        succeeds_line=18,
        **after,
    )
    landed.setting("as_of", "2024-12-31")
    found = landed.row(f"select lines, gone_14 from churn_by('month', {raw}) where attribution = 'all'")
    assert found == {"lines": 10, "gone_14": gone}
    removers = landed.rows(
        "select died_sha, sum(lines) from line_fates(false) group by all having sum(lines) > 0 order by 1"
    )
    assert removers == [(first, 2), (end, 1), (None, 7)]


def test_who_removed_what(landed: Rows) -> None:
    ai = {"attribution": "ai", "confidence": "high", "kind": "trailer"}
    born = commit(landed, "2024-01-01", engineer="ann", **ai)
    plain = commit(landed, "2024-01-01", engineer="ben")
    removers = [
        (commit(landed, "2024-01-11", engineer="ann"), 5, 1),
        (commit(landed, "2024-01-11", engineer="ben"), 7, 0),
        (commit(landed, "2024-01-11", engineer="cat", **ai), 11, 0),
        (commit(landed, "2024-01-11", engineer=None, attribution="bot"), 13, 0),
        (commit(landed, "2024-01-11", engineer="ann", attribution="unknown", is_unknown=True), 17, 0),
        (commit(landed, "2024-07-11", engineer="ben"), 19, 0),
    ]
    start = 1
    for sha, lines, added in removers:
        day = str(landed.rows(f"select merged_at from commits where sha = '{sha}'")[0][0])
        land(landed, born, "2024-01-01", lines, died=(sha, day), start=start)
        start += lines
        if added:
            landed.change(sha, "src/a.py", added)
    land(landed, plain, "2024-01-01", 23, died=(removers[2][0], "2024-01-11"), path="src/b.py")
    landed.setting("as_of", "2024-12-31")
    columns = "attribution, remover_attribution, remover, lines_90, deleted_90, lines"
    assert landed.rows(f"select {columns} from rework") == [
        ("ai", "ai", "agent", 11, 11, 11),
        ("ai", "human", "another engineer", 7, 7, 26),
        ("ai", "human", "same engineer", 5, 0, 5),
        ("ai", "bot", "bot", 13, 13, 13),
        ("ai", "unknown", "unknown", 17, 0, 17),
        ("human", "ai", "agent", 23, 23, 23),
    ]
    shares = run(landed.connection, "rework_matrix").query("attribution == 'ai'")["share_90"]
    assert list(shares) == [n / 53 for n in (11, 7, 5, 13, 17)]
    found = {(e.metric, e.part): e for e in churn.estimate(landed.connection)}
    agent = found["rework_by_agent", "ai"]
    assert (agent.value, agent.n, agent.unit, agent.at_days, agent.low) == (11 / 53, 1, "share", 90, None)
    assert found["rework_by_agent", "human"].value == 1
    assert found["rework_by_agent", "ai - human"].value == pytest.approx(11 / 53 - 1)
    assert found["rework_deletion", "all"].value == (11 + 7 + 13 + 23) / 76


def test_estimates_of_churn_are_those_of_the_view_with_intervals(landed: Rows) -> None:
    """Forty commits of ten lines; every fourth loses half of them at once."""
    end = commit(landed, "2024-01-20")
    for number in range(40):
        sha = commit(landed, "2024-01-10")
        path = f"src/{number}.py"
        lost = 5 if number % 4 == 0 else 0
        if lost:
            land(landed, sha, "2024-01-10", lost, died=(end, "2024-01-20"), path=path)
        land(landed, sha, "2024-01-10", 10 - lost, path=path, start=lost + 1)
    landed.setting("as_of", "2024-02-20")
    found = list(churn.estimate(landed.connection))
    whole = {(e.scope, e.part, e.period, e.at_days): e for e in found}
    first = date(1970, 1, 1)
    for scope, period in (("all", first), ("class/code", first), ("all", date(2024, 1, 1))):
        rate = whole[scope, "all", period, 14.0]
        assert (rate.metric, rate.value, rate.n, rate.unit) == ("churn", 0.125, 40, "share")
        assert rate.low is not None
        assert rate.high is not None
        assert 0 < rate.low < 0.125 < rate.high < 0.25
        # nothing has been there for 90 days
        assert (scope, "all", period, 90.0) not in whole
    assert not [e for e in found if e.scope.startswith("repository/")]
    landed.estimates([e._asdict() for e in found])
    month = run(landed.connection, "churn_monthly").query("attribution == 'all'").iloc[0]
    assert month["churn_14"] == 0.125
    assert month["low_14"] < 0.125 < month["high_14"]
    table = run(landed.connection, "churn_by", split="class")
    assert list(table.query("days == 14")["churn"]) == [0.125, 0.125]


def test_ai_is_compared_with_lines_of_its_own_time(landed: Rows) -> None:
    """Of 2024's lines, all without evidence, nine in ten go at once; of 2025's a tenth of AI's and a fifth of the others."""
    ai = {"attribution": "ai", "confidence": "high", "kind": "trailer"}
    parts: tuple[tuple[str, int, dict[str, Any]], ...] = (
        ("2024-02", 9, {}),
        ("2025-02", 1, ai),
        ("2025-02", 2, {}),
    )
    for number, (month, gone, values) in enumerate(parts):
        for day in range(1, 4):
            born, end = commit(landed, f"{month}-0{day}", **values), commit(landed, f"{month}-1{day}")
            path = f"src/{number}_{day}.py"
            land(landed, born, f"{month}-0{day}", gone, died=(end, f"{month}-1{day}"), path=path)
            land(landed, born, f"{month}-0{day}", 10 - gone, path=path, start=gone + 1)
    landed.setting("as_of", "2025-12-31")
    found = [e for e in churn.estimate(landed.connection) if e.metric == "churn"]
    told = {(e.scope, e.part): e.value for e in found if (e.at_days, e.period.year) == (14, 1970)}
    since = "since/2025-01-01"
    assert (told["all", "ai"], told["all", "human"], told[since, "human"]) == (0.1, 0.55, 0.2)
    assert (told[since, "ai - human"], told[since, "ai / human"]) == (pytest.approx(-0.1), 0.5)
    assert [scope for scope, part in told if part == "ai - human"] == [since]
    landed.estimates([e._asdict() for e in found])
    table = run(landed.connection, "churn_by").query("days == 14 and attribution == 'human'")
    assert table[["part", "churn"]].values.tolist() == [["all", 0.55], [since, 0.2]]


def test_net_volume_is_what_is_alive_90_days_later(landed: Rows) -> None:
    """Five engineers merge 650 lines each in 65 days; two fifths of everybody's go within the window in 2025, none in 2024."""
    for year, gone in ((2024, 0), (2025, 260)):
        for engineer in ("ann", "ben", "cat", "dan", "eve"):
            days = 65 if year == 2024 else 64
            sha = commit(landed, f"{year}-01-10", engineer=engineer)
            end = commit(landed, f"{year}-02-10", engineer=engineer)
            path = f"src/{engineer}{year}.py"
            if gone:
                land(landed, sha, f"{year}-01-10", gone, died=(end, f"{year}-02-10"), path=path)
            land(landed, sha, f"{year}-01-10", 10 * days - gone, path=path, start=gone + 1)
    landed.setting("as_of", "2025-06-29")
    landed.setting("baseline_until", "2024-04-01")
    quarter = landed.row("from net_volume_quarterly where quarter = '2025-01-01'")
    assert (quarter["engineers"], quarter["gross_median"], quarter["ratio_median"]) == (5, 10.0, 1.0)
    assert quarter["net_median"] == quarter["net_mean"] == quarter["net_ratio_median"] * 10 == 380 / 64
    found = {(e.metric, e.period): e for e in net_volume.estimate(landed.connection)}
    net = found["net_ratio_median", date(2025, 1, 1)]
    assert (net.value, net.low, net.high, net.n, net.unit, net.at_days) == (
        0.59375,
        0.59375,
        0.59375,
        5,
        "ratio",
        90,
    )
    row = run(landed.connection, "volume_variants").query("variant == 'net'").iloc[0]
    assert (row["value"], row["headline"], row["quarter"]) == (0.59375, 1.0, datetime(2025, 1, 1))


def test_a_quarter_that_ended_too_lately_has_no_net(landed: Rows) -> None:
    sha = commit(landed, "2024-01-10")
    land(landed, sha, "2024-01-10", 65)
    landed.setting("as_of", "2024-06-28")  # 89 days after the quarter's end
    row = landed.row("from net_volume_quarterly")
    assert (row["is_complete"], row["gross_mean"], row["net_mean"], row["net_lines"]) == (
        False,
        1.0,
        None,
        None,
    )
    assert list(net_volume.estimate(landed.connection)) == []
