from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from codeshare.errors import CatalogueError
from codeshare.metrics.queries import Parameter, load_query, queries_folder, query_names, run

from .rows import Rows

GRAIN = {
    "engineers_of_parts": "split, part", "volume_by_group": "quarter, group_number", "review_by_group": "group_number",
    "ai_beside_human": "metric, at_days", "defects": "repo, fix_sha, sha", "defect_rates": "metric, scope, period, part, days",
    "fix_habits": "attribution", "fixes_monthly": "month, attribution", "revert_rates": "metric, scope, period, part",
    "reverts": "repo, sha, reverted_sha",
    "change_points": "scope, series, changed_on", "share_before": "since", "outside_series": "series, date", "ai_share": "period", "ai_share_monthly": "period",
    "ai_share_quarterly": "period", "ai_share_by_tool_monthly": "period, tool", "ai_share_by_tool_quarterly": "period, tool",
    "evidence_kinds_quarterly": "period, kind", "volume_quarterly": "quarter", "volume_by_engineer": "quarter, person_id",
    "volume_by_person": "quarter, person_id", "volume_variants": "variant", "repositories": "repo", "commits_left_out": "repo, sha",
    "commits_left_out_summary": "why", "left_out_lines": "why", "rules_fired": "rule", "foxtrots": "repo, sha", "skewed_dates": "repo, sha", "unknown_bots": "name, repo",
    "stale_repositories": "repo", "languages": "language", "file_classes": "file_class", "top_tools": "tool, attribution", "outliers": "repo, sha",
    "unknown": "repo", "working_days": "quarter", "identities_joined": "person", "events": "date, label", "headline": "as_of", "people": "person_id",
    "baseline_quarters": "quarter", "intermediate_lines": "repo", "alive_lines": "basis", "ai_share_split": "part", "ai_share_parts": "part, period",
    "suppressed_marks": "repo, rule, since", "commit_evidence": "repo, sha, strength",
    "commit_lines": "repo, sha, attribution, confidence, rule, tool", "notes_absent": "repo, tool", "requests_absent": "repo",
    "records_elsewhere": "repo, origin", "overclaims": "repo", "unusable_records": "repo, origin, why", "test_agents": "repo",
    "weak_windows": "repo, rule, since", "unmatched_people": "name", "quality_by_attribution": "metric, scope, part",
    "commit_sizes": "scope, period, part", "tests_touched": "scope, period, part", "review_load": "week, person_id", "review_monthly": "month, part",
    "review_quarterly": "quarter", "reviewers": "person_id", "review_concentration": "rank", "review_by_attribution": "metric, part",
    "unreviewed_requests": "repo, number", "rename_limit": "repo, sha", "better_branch": "repo, better", "survival_curve": "scope, part, age_days",
    "survival_compared": "scope, age_days", "survival_by": "name, part, age_days", "half_lives": "scope, part", "hazard_ratios": "scope",
    "churn_monthly": "period, attribution", "churn_by": "part, attribution, days", "rework_matrix": "attribution, remover_attribution, remover",
    "net_volume_quarterly": "quarter", "volume_by_team": "team, quarter", "volume_by_repository": "repository, quarter",
    "volume_without_repository": "repository",
    "explore_fates": "cut, repository, team, month, file_class, attribution, tool, measure",
    "explore_groups": "quarter, repository, team",
    "explore_lines": "cut, repository, team, month, file_class, attribution, confidence, kind, tool",
}  # fmt: skip
GIVEN = {"weak_windows": {"windows": ["claude-code.trailer|2025-02-01|2025-02-28"]}}


@pytest.fixture
def full(rows: Rows) -> Rows:
    """Something for every query to find."""
    ai = {
        "attribution": "ai",
        "confidence": "high",
        "kind": "trailer",
        "rule": "claude-code.trailer",
        "tool": "Claude Code",
    }
    rows.daily("2024-02-01", 12, 100)
    rows.daily("2024-02-01", 12, 50, engineer="ben")
    rows.daily("2025-02-01", 12, 600, **ai)
    large = rows.commit("2025-02-20", 5001, engineer="ben")
    rows.commit("2025-02-21", 10, dup_of=large)
    rows.commit("2025-02-21", 30, is_bulk=True, bulk_reason="import")
    rows.commit("2025-02-22", {}, is_foxtrot=True, is_skewed=True)
    rows.commit("2025-02-23", {}, is_unknown=True, repo="gadget")
    rows.commit("2025-02-24", 10, engineer=None, author="helper[bot]", attribution="bot", rule="bot.unknown")
    rows.repo("old", last_merged_at=date(2020, 1, 1))
    rows.insert("skipped", repo="gadget", sha="a" * 40, why="missing blob")
    rows.insert(
        "events", date=date(2025, 2, 24), label="Claude Code preview", kind="release", source="announcement"
    )
    for email in ("ann@example.org", "ann@example.net"):
        rows.insert(
            "identities", repo="widget", name="Ann", email=email, person="ann", how="mailmap", commits=3
        )
    rows.insert(
        "evidence", repo="widget", sha=large, rule="claude-code.trailer", kind="trailer", attribution="ai", confidence="high",
        scope="commit", origin="message", decides=False,
    )  # fmt: skip
    rows.insert("line_spans", repo="widget", sha=large, path="src/a.py", line_count=5001, file_class="code", landed=True,
                merged_at="2025-02-20")  # fmt: skip
    rows.insert("signals", repo="widget", sign="switch", rule="switch.claude-code", tool="Claude Code",
                path=".claude/settings.json", since_sha=large, since="2025-02-20")  # fmt: skip
    _weaken(rows, large)
    for metric in ("commit_size_median", "large_commits", "tests_touched", "dmm_unit_size"):
        rows.insert(
            "estimates",
            metric=metric,
            scope="all",
            part="ai",
            period="1970-01-01",
            value=0.5,
            n=1,
            unit="share",
        )
    _estimate(rows)
    _review(rows)
    _mend(rows, large)
    rows.insert(
        "estimates",
        metric="change_points_volume",
        scope="all",
        period=date(1970, 1, 1),
        value=0,
        n=14,
        unit="change points",
    )
    rows.insert(
        "external_metrics",
        series="lines_per_engineer_day_ratio",
        date=date(2025, 3, 31),
        value=1.2,
        unit="ratio to 2024",
    )
    rows.setting("as_of", "2025-03-31")
    return rows


def _estimate(rows: Rows) -> None:
    """Something for every query of estimates."""
    for scope in ("all", "since/2025-01-01", "tool/Claude Code"):
        for part in ("ai", "human", "ai - human"):
            for metric in ("survival", "lines_at_risk"):
                rows.insert(
                    "estimates",
                    metric=metric,
                    scope=scope,
                    part=part,
                    period=date(1970, 1, 1),
                    at_days=30,
                    value=0.5,
                    n=9,
                )
            rows.insert(
                "estimates",
                metric="half_life",
                scope=scope,
                part=part,
                period=date(1970, 1, 1),
                value=30,
                n=9,
            )
    for metric in ("hazard_ratio", "log_rank"):
        rows.insert(
            "estimates",
            metric=metric,
            scope="class/code",
            part="ai / human",
            period=date(1970, 1, 1),
            value=1.0,
            n=60,
        )


def _mend(rows: Rows, at_fault: str) -> None:
    """Something for every query of reverts and fixes."""
    fix = rows.commit("2025-02-27", 10)
    rows.insert("named_reverts", repo="widget", sha=fix, reverted_sha=at_fault, how="message")
    rows.insert("fixes", repo="widget", sha=fix, kind="trailer", confidence="high", named_sha=at_fault)
    rate = {"scope": "all", "part": "ai", "period": "1970-01-01", "value": 0.5, "n": 40}
    rows.insert("estimates", metric="reverted", at_days=30, unit="share", **rate)
    rows.insert("estimates", metric="defects", at_days=90, unit="per 1,000 lines", **rate)


def _review(rows: Rows) -> None:
    """Something for every query about review."""
    for number in (8, 9):
        sha = rows.commit("2025-02-26", 10, repo="gadget")
        rows.insert(
            "pull_requests", repo="gadget", number=number, merge_sha=sha, author="ben", merged_at="2025-02-26"
        )
    for login in ("amy", "bob", "col", "dot", "eve"):
        rows.insert("reviews", repo="gadget", number=8, reviewer=login, state="approved")
    rows.insert(
        "estimates",
        metric="reviewed_share",
        scope="all",
        part="all",
        period="1970-01-01",
        value=0.5,
        unit="share",
    )


def _weaken(rows: Rows, sha: str) -> None:
    """Something for every query of doctor's."""
    for person, name in (("one", "Bo Ray"), ("two", "bo ray")):
        rows.person(person, name=name)
        rows.insert("identities", repo="widget", name=name, email=f"{person}@x", mapped_name=name, mapped_email=f"{person}@x",
                    person=person, how="itself", commits=1)  # fmt: skip
    rows.commit("2025-02-25", 1, subject="One (#7)", request=7)
    rows.commit("2025-02-25", {".github/workflows/git-ai.yml": 3}, repo="gadget")
    for state in ("used", "elsewhere", "test agent"):
        rows.insert("records", repo="widget", state=state, origin="refs/notes/ai", count=3)
    rows.insert("overclaimed", repo="widget", sha=sha, path="a.py", lines=9)
    rows.insert("unusable_records", repo="widget", origin="refs/notes/ai", sha=sha, why="no JSON")
    rows.insert("observations", repo="widget", what="landings", name="develop", count=900)
    rows.connection.execute(
        "insert into changes (repo, sha, path, status, file_class, is_binary, added)"
        " select 'widget', ?, range::varchar, if(range < 1001, 'A', 'D'), 'data', false, 1 from range(2001)",
        [sha],
    )


LANDED = {"churn_monthly", "explore_fates", "rework_matrix", "net_volume_quarterly"}
"""Queries about the lives of lines: empty on the basis ``added``."""


def _worth(rows: Rows, name: str) -> None:
    """Something for the queries of churn, of net volume and of the volume's parts."""
    if name in LANDED:
        rows.connection.execute("update repos set basis = 'landed'")
        (sha,) = rows.rows(
            "select sha from commits where added = 0 and engineer = 'ben' order by ordinal limit 1"
        )[0]
        rows.insert("line_spans", repo="widget", sha=sha, path="src/c.py", line_count=3, file_class="code", landed=True,
                    attribution="human", engineer="ben", merged_at="2024-02-01", died_sha=sha, died_at="2024-02-03")  # fmt: skip
    rows.insert("memberships", person="ann", team="core")
    same = {"value": 0.5, "n": 40, "unit": "share", "method": "bootstrap"}
    rows.insert("estimates", metric="churn", scope="all", part="ai", period="1970-01-01", at_days=14, **same)
    rows.insert(
        "estimates",
        metric="ratio_median_without",
        scope="repository/widget",
        part="all",
        period="2025-01-01",
        **same,
    )


def test_every_question_of_the_report_has_its_query() -> None:
    assert set(GRAIN) == set(query_names())


@pytest.mark.parametrize("name", sorted(GRAIN))
def test_a_query_runs_and_keeps_its_grain(full: Rows, name: str) -> None:
    _worth(full, name)
    if name == "volume_by_group":
        full.setting("minimum_engineers", "1")
    frame = run(full.connection, name, **GIVEN.get(name, {}))
    assert not frame.empty
    assert not frame.duplicated(GRAIN[name].split(", ")).any()


@pytest.mark.thorough
@pytest.mark.parametrize("name", sorted(GRAIN))
def test_a_query_runs_on_an_empty_database(rows: Rows, name: str) -> None:
    assert run(rows.connection, name).empty


@pytest.mark.parametrize("name", sorted(GRAIN))
def test_a_query_says_what_it_answers(name: str) -> None:
    query = load_query(name)
    assert query.question.endswith("?")
    assert query.grain.startswith("one row")
    assert query.units
    body = re.sub(r"--.*|'(?:[^']|'')*'", "", query.sql)
    assert body == body.lower()
    assert set(re.findall(r"\$(\w+)", body)) == {parameter.name for parameter in query.parameters}


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(
        CatalogueError,
        match=r"no query 'ai_share_montly'; did you mean ai_share_monthly\?$",
    ):
        load_query("ai_share_montly")
    with pytest.raises(CatalogueError, match="no query 'zzz'; `codeshare query --list` lists all"):
        load_query("zzz")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"path": "src", "colour": "red"},
            "query ai_share: no parameter 'colour'; it takes: part, since, until, repos, path, shas",
        ),
        ({"since": "yesterday"}, "since=yesterday: must be of type date"),
    ],
)
def test_wrong_parameters(rows: Rows, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(message)):
        run(rows.connection, "ai_share", **parameters)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("date", "2025-02-24", date(2025, 2, 24)),
        ("date", date(2025, 2, 24), date(2025, 2, 24)),
        ("integer", "4", 4),
        ("boolean", "Yes", True),
        ("boolean", "false", False),
        ("varchar", "src/*", "src/*"),
        ("varchar[]", "one,two", ["one", "two"]),
        ("varchar[]", ("one",), ["one"]),
        ("varchar[]", (), None),
        ("varchar", None, None),
        ("varchar", "", None),
    ],
)
def test_values_from_a_command_line_take_the_parameters_type(
    kind: str, given: object, expected: object
) -> None:
    assert Parameter("name", kind, None).value(given) == expected


def test_names_are_shown_only_when_asked_for(full: Rows) -> None:
    for name in ("volume_by_engineer", "volume_by_person", "identities_joined"):
        assert "Bird of ann" in set(run(full.connection, name)["person"])
        named = run(full.connection, name, names=True)
        assert "Ann" in set(named["person"])
    assert run(full.connection, "identities_joined")["written_as"].isna().all()
    written = run(full.connection, "identities_joined", names=True)["written_as"]
    assert list(written) == ["Ann <ann@example.net>, Ann <ann@example.org>"]


def test_the_queries_of_the_source_tree_are_found() -> None:
    assert queries_folder().name == "queries"


@pytest.mark.parametrize(
    ("parameters", "lines"),
    [
        ({}, 31),
        ({"since": "2025-02-02"}, 30),
        ({"until": date(2025, 2, 2)}, 1),
        ({"repos": ["one"]}, 29),
        ({"repos": "two"}, 2),
        ({"path": "src/*.py"}, 5),
        ({"path": "src"}, 5),
        ({"path": "src/"}, 5),
        ({"path": "*.md"}, 26),
        ({"path": "sr"}, None),
        ({"shas": ["0" * 40]}, 1),
    ],
    ids=[
        "all",
        "since",
        "until",
        "repository",
        "text",
        "pattern",
        "folder",
        "folder with slash",
        "star crosses folders",
        "no folder",
        "commits",
    ],
)
def test_ai_share_takes_limits(rows: Rows, parameters: dict[str, Any], lines: int | None) -> None:
    rows.commit("2025-02-01", {"src/a.py": 1}, repo="one")
    rows.commit("2025-02-02", {"src/deep/b.py": 2}, repo="two")
    rows.commit("2025-02-03", {"README.md": 8, "docs/guide.md": 16, "src/c.md": 2}, repo="one")
    rows.connection.execute("update changes set path = 'src/c.py' where path = 'src/c.md'")
    rows.change("2".rjust(40, "0"), "docs/src.md", 2, repo="one")
    found = run(rows.connection, "ai_share", part="all", **parameters)
    assert found["denominator"].tolist() == [lines or 0]


def test_intermediate_lines_are_those_of_new_work_that_never_landed(rows: Rows) -> None:
    kept, undone = rows.commit("2025-02-01", 10), rows.commit("2025-02-02", 5)
    later, again = rows.commit("2025-03-01", 4), rows.commit("2025-02-03", 7, dup_of=kept)
    for sha, count, landed, file_class, day in [
        (kept, 8, True, "code", "2025-02-01"),
        (kept, 2, False, "code", "2025-02-01"),
        (undone, 5, False, "docs", "2025-02-02"),
        (undone, 90, False, "generated", "2025-02-02"),
        (again, 7, False, "code", "2025-02-03"),
        (later, 4, False, "code", "2025-03-01"),
    ]:
        rows.insert("line_spans", repo="widget", sha=sha, path="a", line_count=count, landed=landed, file_class=file_class,
                    merged_at=day)  # fmt: skip
    rows.setting("as_of", "2025-02-28")
    found = run(rows.connection, "intermediate_lines").to_dict("records")
    assert found == [
        {"repo": "widget", "born": 15, "landed": 8, "intermediate": 7, "part": pytest.approx(7 / 15)}
    ]


def test_single_digits_last_until_the_first_month_above(rows: Rows) -> None:
    ai = {"attribution": "ai", "confidence": "high", "kind": "trailer"}
    for month, share in (("2025-01", 5), ("2025-02", 9), ("2025-04", 20), ("2025-05", 3), ("2025-06", 50)):
        rows.commit(f"{month}-10", 100 - share)
        rows.commit(f"{month}-10", share, **ai)
    rows.setting("as_of", "2025-06-30")
    found = run(rows.connection, "headline").iloc[0]
    assert (
        str(found["single_digits_until"])[:10] == "2025-03-01"
        or str(found["single_digits_until"])[:10] == "2025-02-01"
    )
    assert (str(found["month"])[:10], found["share"], found["numerator"], found["denominator"]) == (
        "2025-06-01",
        0.5,
        50,
        100,
    )
