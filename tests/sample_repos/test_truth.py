from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from statistics import mean, median

import pytest

from sample_repos.marks import marks
from tests.sample_repos.built import Built, Row

HANDWRITTEN = ("code", "test", "docs", "config")
WRITERS = ("ai", "assisted", "human", "bot")
BASES = ("added", "landed")
each_basis = pytest.mark.parametrize("basis", BASES)


def new_work(company: Built) -> list[Row]:
    return [row for row in company.rows("commits") if row["is_new_work"] == "1" and row["is_merge"] == "0"]


def quarter(row: Row) -> str:
    day = date.fromisoformat(row["merged_at"][:10])
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1).isoformat()


def test_runs_of_lines_add_up_to_commits(company: Built) -> None:
    runs: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in company.rows("lines"):
        count = runs[row["repo"], row["sha"]]
        lines = int(row["line_count"])
        count["added"] += lines
        if row["file_class"] in HANDWRITTEN:
            count["added_handwritten"] += lines
            count["landed_handwritten"] += lines * int(row["landed"])
            count[row["writer"]] += lines
    wrong = {
        key: (row, runs[key])
        for key, row in company.commits().items()
        for name in ("added", "added_handwritten", "landed_handwritten", *WRITERS)
        if int(row[name]) != runs[key][name]
    }
    assert wrong == {}


def test_runs_of_one_file_do_not_overlap(company: Built) -> None:
    ends: dict[tuple[str, str, str], int] = {}
    for row in company.rows("lines"):
        key, start = (row["repo"], row["sha"], row["path"]), int(row["line_start"])
        assert start > ends.get(key, 0)
        ends[key] = start + int(row["line_count"]) - 1


def test_months_are_the_sums_of_their_commits(company: Built) -> None:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in new_work(company):
        month, lines = sums[row["merged_at"][:7] + "-01"], int(row["added_handwritten"])
        for writer in WRITERS:
            month[writer] += int(row[writer])
        month["marked_" + row["marked_class"]] += lines
        month["text_lines"] += int(row["added"])
        if row["marked_class"] == "ai" and row["marked_confidence"] in ("high", "medium"):
            month["numerator"] += lines
            month["strict_numerator"] += lines * (row["marked_confidence"] == "high")
    names = [
        *WRITERS,
        *(f"marked_{writer}" for writer in WRITERS),
        "text_lines",
        "numerator",
        "strict_numerator",
    ]
    written = {
        row["month"]: {name: int(row[name]) for name in names}
        for row in company.rows("monthly")
        if row["basis"] == "added"
    }
    assert written == {month: {name: count[name] for name in names} for month, count in sorted(sums.items())}


@each_basis
def test_quarters_are_the_volumes_of_their_engineers(company: Built, basis: str) -> None:
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for row in company.rows("commits"):
        if row["engineer"]:
            counted = row["is_new_work"] == "1" and row["is_merge"] == "0"
            lines[quarter(row)][row["engineer"]] += int(row[f"{basis}_handwritten"]) * counted
    engineers = {
        (r["quarter"], r["engineer"]): int(r["lines"])
        for r in company.rows("engineers")
        if r["basis"] == basis
    }
    assert engineers == {(q, person): n for q, people in lines.items() for person, n in people.items()}
    for row in (row for row in company.rows("quarterly") if row["basis"] == basis):
        people, days = lines[row["quarter"]], int(row["working_days"])
        assert int(row["engineers"]) == len(people)
        assert float(row["median"]) == pytest.approx(median(people.values()) / days, abs=1e-6)
        assert float(row["mean"]) == pytest.approx(mean(people.values()) / days, abs=1e-6)


@each_basis
def test_the_story_of_volume(company: Built, basis: str) -> None:
    rows = {row["quarter"]: row for row in company.rows("quarterly") if row["basis"] == basis}
    assert abs(float(rows["2026-04-01"]["ratio_median"]) - 8.0) < 0.05
    assert abs(float(rows["2026-04-01"]["ratio_mean"]) - 7.1) < 0.05
    for name in ("median", "mean"):
        baseline = [float(row[name]) for q, row in rows.items() if q.startswith("2024")]
        assert len(baseline) == 4
        assert all(abs(one / other - 1) < 0.1 for one in baseline for other in baseline)
    ratios = [float(rows[q]["ratio_median"]) for q in sorted(rows) if q >= "2025"]
    assert ratios == pytest.approx([1.2, 1.5, 1.9, 2.5, 5.8, 8.0], abs=0.06)


@each_basis
def test_the_story_of_shares(company: Built, basis: str) -> None:
    rows = [row for row in company.rows("monthly") if row["basis"] == basis]
    assert len(rows) == 63
    for row in rows:
        true, strict = float(row["true_share"]), float(row["share_strict"])
        if row["month"] < "2025-03":
            assert max(true, strict) < 0.1, row["month"]
        if row["month"] == "2026-05-01":
            assert min(true, strict) > 0.8
        assert float(row["share_min"]) <= true <= float(row["share_max"]), row["month"]
        assert strict <= float(row["share"]) <= float(row["share_high"]), row["month"]


@each_basis
def test_some_ai_lines_are_unmarked_and_some_marks_are_false(company: Built, basis: str) -> None:
    sums: Counter[str] = Counter()
    for row in company.rows("monthly"):
        if row["basis"] == basis:
            sums.update(
                {name: int(row[name]) for name in ("ai", "marked_ai", "unmarked_ai", "falsely_marked")}
            )
    assert 0.05 < sums["unmarked_ai"] / sums["ai"] < 0.15
    assert 0.025 < sums["falsely_marked"] / sums["marked_ai"] < 0.035


def test_few_lines_are_taken_back_before_they_land(company: Built) -> None:
    rows = [row for row in company.rows("lines") if row["landed"] == "0"]
    assert 10 < sum(int(row["line_count"]) for row in rows) < 1000
    commits = company.commits()
    years = {commits[row["repo"], row["sha"]]["merged_at"][:4] for row in rows}
    assert years.isdisjoint({"2024", "2026"})


def test_no_mark_is_older_than_its_agent(company: Built) -> None:
    marked = [row for row in company.rows("commits") if row["mark"]]
    early = [row for row in marked if row["committed_at"][:10] < marks()[row["mark"]].since.isoformat()]
    assert len(marked) > 100
    assert early == []


def test_agents_of_several_vendors_leave_marks(company: Built) -> None:
    tools = {marks()[row["mark"]].tool for row in company.rows("commits") if row["mark"]}
    assert tools >= {"Claude Code", "Cursor", "GitHub Copilot", "Codex", "Aider", "Devin", "Jules"}


def test_landings_are_on_the_mainline_or_at_a_foxtrot(company: Built) -> None:
    for repo in company.repos:
        landings = {row["landing"] for row in company.rows("commits") if row["repo"] == repo}
        foxtrots = [e for e in company.elements("foxtrot") if e["repo"] == repo]
        mainline, tip = set(), "HEAD"
        for foxtrot in reversed(foxtrots):
            merge, before = foxtrot["commits"]["merge"], foxtrot["commits"]["mainline_parent"]
            mainline |= {merge, *company.git(repo, "rev-list", "--first-parent", f"{merge}..{tip}").split()}
            tip = before
        mainline |= set(company.git(repo, "rev-list", "--first-parent", tip).split())
        assert landings <= mainline


@pytest.mark.parametrize("way", ["mailmap", "alias", "noreply"])
def test_people_have_two_addresses(company: Built, way: str) -> None:
    from sample_repos.people import engineers

    people = [person for person in engineers().values() if person.how == way]
    assert people
    for person in people:
        authors = {row["author"] for row in company.rows("commits") if row["engineer"] == person.canonical}
        addresses = {author[author.index("<") + 1 : -1] for author in authors}
        assert addresses >= {person.email, *person.other}
