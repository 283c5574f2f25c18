"""The share split by repository, team, folder, agent and class of file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.errors import CannotKnow, CatalogueError, NotARepository
from codeshare.metrics.guard import check_known
from codeshare.metrics.share import SPLITS, share_rows, shares

from .rows import Rows

AI: dict[str, Any] = {
    "attribution": "ai",
    "confidence": "high",
    "kind": "trailer",
    "tool": "Claude Code",
    "rule": "claude-code.trailer",
}
OWN: dict[str, Any] = {
    "attribution": "ai",
    "confidence": "high",
    "kind": "author",
    "tool": "Devin",
    "rule": "devin.author",
}
HELPED: dict[str, Any] = {
    "attribution": "assisted",
    "confidence": "medium",
    "kind": "trailer",
    "tool": "Cursor",
    "rule": "cursor.trailer",
}
ADDING = (
    "strict_numerator",
    "strict_denominator",
    "high_numerator",
    "min_numerator",
    "max_numerator",
    "covered",
)

law = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
commits = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.integers(0, 60),
            "repo": st.sampled_from(["widget", "gadget"]),
            "lines": st.dictionaries(
                st.sampled_from(
                    ["a.py", "src/b.py", "src/x/c.py", "docs/d.md", '"s\\303/e.py"', '"src/\\303/f.py"']
                ),
                st.integers(0, 900),
                max_size=4,
            ),
            "file_class": st.sampled_from(["code", "test", "docs", "config", "generated", "lock", "data"]),
            "values": st.fixed_dictionaries(
                {
                    "attribution": st.sampled_from(["ai", "assisted", "human", "bot", "unknown"]),
                    "confidence": st.sampled_from(["high", "medium", "low"]),
                    "scope": st.sampled_from(["line", "commit"]),
                    "kind": st.sampled_from(
                        [None, "line_record", "author", "trailer", "branch", "heuristic"]
                    ),
                    "tool": st.sampled_from([None, "Claude Code", "Cursor"]),
                    "engineer": st.sampled_from([None, "ann", "bob", "eve"]),
                    "is_bulk": st.booleans(),
                    "is_unknown": st.sampled_from([False, False, True]),
                }
            ),
        }
    ),
    min_size=1,
    max_size=10,
)


def fill(rows: Rows, drawn: list[dict[str, Any]]) -> None:
    rows.clear()
    rows.connection.begin()
    for person, team in (("ann", "core"), ("bob", "web"), ("eve", None)):
        rows.person(person, team=team)
    for commit in drawn:
        day = (date(2025, 3, 1) + timedelta(days=commit["day"])).isoformat()
        rows.commit(
            day, commit["lines"], repo=commit["repo"], file_class=commit["file_class"], **commit["values"]
        )
    rows.connection.commit()


@pytest.mark.thorough
@law
@given(drawn=commits, split=st.sampled_from(sorted(SPLITS)), depth=st.integers(1, 3))
def test_shares_of_parts_keep_their_order_and_parts_add_up(
    rows: Rows, drawn: list[dict[str, Any]], split: str, depth: int
) -> None:
    fill(rows, drawn)
    (whole,) = shares(rows.connection).to_dict("records")
    parts = shares(rows.connection, split, depth=depth)
    assert parts[SPLITS[split]].is_unique
    for part in parts[parts["denominator"] > 0].to_dict("records"):
        assert 0 <= part["share_min"] <= part["share"] <= part["share_high"] <= part["share_max"] <= 1
        assert part["share_strict"] <= part["share"]
        assert part["high_numerator"] <= part["covered"] <= part["denominator"]
        assert part["numerator"] / part["denominator"] == part["share"]
    assert parts["numerator"].sum() == whole["numerator"]
    if split == "tool":
        for name in ("strict_numerator", "high_numerator", "min_numerator", "ai", "assisted"):
            assert parts[name].sum() == whole[name], name
        for name in ("denominator", "strict_denominator", "covered", "commits", "unknown_commits"):
            assert set(parts[name]) <= {whole[name]}, name
        return
    for name in (
        "denominator",
        "ai",
        "assisted",
        "human",
        "bot",
        "unknown_lines",
        "mixed_lines",
        "commit_scope_lines",
        *ADDING,
    ):
        assert parts[name].sum() == whole[name], name


@law
@given(drawn=commits, split=st.sampled_from(["repository", "path"]))
def test_a_part_is_the_answer_about_it_alone(rows: Rows, drawn: list[dict[str, Any]], split: str) -> None:
    for commit in drawn:  # a folder is no beginning of a quoted path
        commit["lines"] = {path: lines for path, lines in commit["lines"].items() if not path.startswith('"')}
    fill(rows, drawn)
    for part in shares(rows.connection, split).to_dict("records"):
        name = part.pop(SPLITS[split])
        if name == ".":
            continue  # no pattern means the files at the top alone
        only: dict[str, Any] = {"repos": [name]} if split == "repository" else {"path": name}
        (alone,) = shares(rows.connection, **only).to_dict("records")
        for key in ("numerator", "denominator", "strict_denominator", *ADDING, "commits", "unknown_commits"):
            assert alone[key] == part[key], (name, key)


@pytest.fixture
def company(rows: Rows) -> Rows:
    rows.person("ann", team="core")
    rows.person("bob", team="web")
    rows.commit("2025-03-01", {"src/a.py": 60, "src/deep/er/b.py": 20, "setup.py": 20}, engineer="ann")
    rows.commit("2025-03-02", {"src/a.py": 100}, engineer="bob", **AI)
    rows.commit("2025-03-03", {"src/deep/c.py": 40}, engineer=None, repo="gadget", **OWN)
    rows.commit("2025-03-04", {"docs/é.md": 10}, engineer="cat", file_class="docs", **HELPED)
    rows.commit("2025-03-05", {'"lib\\377/x.py"': 5}, engineer="bob")
    rows.commit("2025-03-06", {"uv.lock": 1000}, engineer="bob", file_class="lock", **AI)
    return rows


@pytest.mark.parametrize(
    ("split", "depth", "expected"),
    [
        ("repository", 1, {"widget": (100, 215), "gadget": (40, 40)}),
        ("team", 1, {"core": (0, 100), "web": (100, 105), "(unassigned)": (40, 40), "(no team)": (0, 10)}),
        ("path", 1, {"src": (140, 220), ".": (0, 20), "docs": (0, 10), '"lib\\377"': (0, 5)}),
        ("path", 2, {"src/.": (100, 160), "src/deep": (40, 60), ".": (0, 20), "docs/.": (0, 10), '"lib\\377/."': (0, 5)}),
        ("class", 1, {"code": (140, 245), "docs": (0, 10), "lock": (0, 0)}),
        ("tool", 1, {"Claude Code": (100, 255), "Devin": (40, 255), "Cursor": (0, 255)}),
    ],
    ids=["repository", "team", "path", "depth", "class", "tool"],
)  # fmt: skip
def test_parts(company: Rows, split: str, depth: int, expected: dict[str, tuple[int, int]]) -> None:
    parts = shares(company.connection, split, depth=depth)
    found = zip(parts[SPLITS[split]], zip(parts["numerator"], parts["denominator"], strict=True), strict=True)
    assert dict(found) == expected


def test_bounds_of_one_agent_leave_out_what_others_are_attested_for(company: Rows) -> None:
    found = shares(company.connection, "tool").set_index("tool")
    assert found.loc["Devin", "share_min"] == found.loc["Devin", "share"] == 40 / 255
    assert found.loc["Claude Code", "min_numerator"] == 0
    assert found.loc["Claude Code", "max_numerator"] == 255 - 40
    assert found.loc["Devin", "max_numerator"] == 255


def test_lines_of_one_commit_fall_to_several_agents(rows: Rows) -> None:
    rows.repo(basis="landed")
    sha = rows.commit("2025-03-01", {"src/a.py": 30}, scope="line", **AI)
    for lines, who in ((10, AI), (5, HELPED), (15, {"attribution": "human", "confidence": "high"})):
        rows.insert("landed_lines", repo="widget", sha=sha, path="src/a.py", merged_at="2025-03-01", file_class="code",
                    lines=lines, moved=0, **who)  # fmt: skip
    found = shares(rows.connection, "tool").set_index("tool")
    assert list(found["high_numerator"]) == [10, 5]
    assert set(found["denominator"]) == {30}
    assert list(found["basis"]) == ["landed", "landed"]


def test_days_paths_and_commits_limit_the_parts(company: Rows) -> None:
    march_second: dict[str, Any] = {"since": date(2025, 3, 2), "until": date(2025, 3, 3)}
    assert list(shares(company.connection, "team", **march_second)["team"]) == ["web"]
    inside = shares(company.connection, "class", path="src")
    assert list(zip(inside["file_class"], inside["denominator"], inside["commits"], strict=True)) == [
        ("code", 220, 3)
    ]
    assert list(shares(company.connection, "repository", shas=[f"{2:040x}"])["repo"]) == ["gadget"]
    assert list(shares(company.connection, "tool", repos=["gadget"])["tool"]) == ["Devin"]


def test_rows_for_programs(company: Rows) -> None:
    first, second = share_rows(company.connection, "repository")
    assert (first["repo"], second["repo"]) == ("widget", "gadget")
    whole = list(share_rows(company.connection)[0])
    assert list(first) == [name for name in whole if not name.startswith("share_calibrated")]
    (row, *_) = share_rows(company.connection, "class")
    assert row["repo"] == "gadget, widget"
    assert list(row)[list(row).index("period") + 1] == "file_class"
    lock = share_rows(company.connection, "class")[-1]
    assert (lock["share"], lock["share_strict"], lock["denominator"]) == (None, 0.0, 0)


def test_wrong_questions(company: Rows) -> None:
    with pytest.raises(
        CatalogueError,
        match=r"by 'colour': must be one of day, .*, repository, team, owner, path, file, commit, tool, class",
    ):
        shares(company.connection, "colour")
    with pytest.raises(NotARepository):
        shares(company.connection, "team", repos=["nothing"])


@pytest.mark.parametrize(
    ("split", "where"),
    [("repository", "^widget: 1 of 11"), ("team", "widget, web: 1 of 2"), ("path", "widget, big: 1 of 1 commits"), ("class", "widget, docs: 1 of 1 commits")],
    ids=["repository", "team", "path", "class"],
)  # fmt: skip
def test_the_guard_looks_at_each_part(rows: Rows, split: str, where: str) -> None:
    """One commit of 200 could not be read: 0.5 % of the whole, more of what it belongs to."""
    rows.person("bob", team="web")
    rows.daily("2025-01-01", 189, 10, repo="gadget")
    rows.daily("2025-01-01", 9, 10)
    rows.commit("2025-01-10", {"src/a.py": 10}, engineer="bob")
    unread = rows.commit("2025-01-11", {}, engineer="bob", is_unknown=True)
    rows.change(unread, "big/guide.md", None, file_class="docs")
    rows.connection.execute("update repos set unknown_commits = 1 where repo = 'widget'")
    rows.insert("skipped", repo="widget", sha=unread, path="big/guide.md", why="missing blob")
    check_known(rows.connection, by="all")
    check_known(rows.connection, by="tool")
    with pytest.raises(CannotKnow, match=where):
        check_known(rows.connection, by=split)
    check_known(rows.connection, allow_unknown=True, by=split)


def test_a_commit_read_nowhere_counts_in_every_folder(rows: Rows) -> None:
    rows.daily("2025-01-01", 99, 10)
    rows.commit("2025-02-01", {"docs/a.md": 5}, file_class="docs")
    rows.commit("2025-02-02", {}, is_unknown=True)
    found = shares(rows.connection, "path").set_index("path")
    assert list(found["unknown_commits"]) == [1, 1]
    assert found.loc["docs", "is_incomplete"]
    assert not found.loc["src", "is_incomplete"]
