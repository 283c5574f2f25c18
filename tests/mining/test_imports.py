from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.config import Config
from codeshare.errors import ConfigError
from codeshare.estimates.run import estimate, is_current
from codeshare.exports.commit_lines import CommitLines
from codeshare.exports.forms import read_requests
from codeshare.mining.imports import import_lines, import_requests
from codeshare.mining.run import Target, mine
from codeshare.store.database import open_database
from tests.histories import ANN, History

BRANCH = "claude/count-boats-01AbCdEf"


class Imported:
    """A repository, mined, into whose database requests come."""

    def __init__(self, history: History, folder: Path) -> None:
        self.history, self.database, self.folder = history, folder / "x.duckdb", folder

    def mine(self) -> bool:
        """Whether something was to be done."""
        (outcome,) = mine([Target(str(self.history.path))], self.database, Config(), jobs=1)
        return not outcome.was_current

    def requests(self, *raw: dict[str, Any], repo: str | None = None) -> dict[str, int]:
        file = self.folder / "requests.json"
        file.write_text(json.dumps(list(raw)))
        with open_database(self.database, write=True) as connection:
            return import_requests(connection, read_requests(file), repo)

    def lines(self, *lines: CommitLines) -> dict[str | None, int]:
        with open_database(self.database, write=True) as connection:
            return import_lines(connection, lines)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def attributions(self) -> dict[str, tuple[str, str, str | None]]:
        rows = self.rows("select subject, attribution, confidence, rule from commits")
        return {subject: (a, b, c) for subject, a, b, c in rows}


@pytest.fixture
def project(history: History, tmp_path: Path) -> Imported:
    history.commit({"a.py": "a = 1\n"}, "Begin")
    return Imported(history, tmp_path)


def request(number: int, **values: Any) -> dict[str, Any]:
    return {
        "number": number,
        "headRefName": BRANCH,
        "state": "MERGED",
        "mergedAt": "2026-01-06T09:00:00Z",
    } | values


def test_the_branch_of_a_squashed_request_counts(project: Imported) -> None:
    squash = project.history.commit({"b.py": "b = 1\n"}, "Count boats (#7)")
    project.history.commit({"c.py": "c = 1\n"}, "Fix it (#8)")
    project.mine()
    assert project.attributions()["Count boats (#7)"][0] == "human"
    assert project.requests(request(7, mergeCommit={"oid": squash})) == {"project": 1}
    assert project.mine()
    found = project.attributions()
    assert found["Count boats (#7)"][0] == "ai"
    assert found["Count boats (#7)"][1] == "medium"
    assert found["Fix it (#8)"][0] == "human"
    assert project.rows("select kind, origin, excerpt from evidence") == [("branch", "request #7", BRANCH)]
    assert not project.mine(), "what is imported is part of what was mined with"


def test_importing_again_changes_nothing_and_other_rows_do(project: Imported) -> None:
    squash = project.history.commit({"b.py": "b = 1\n"}, "Count boats (#7)")
    raw = request(7, mergeCommit={"oid": squash}, commits=[{"oid": "d" * 40, "messageHeadline": "x"}], reviews=[{"author": {"login": "bob"}, "state": "APPROVED"}])  # fmt: skip
    project.mine()
    project.requests(raw)
    project.mine()
    everything = "select * from pull_requests, request_commits, reviews"
    before = project.rows(everything)
    project.requests(raw)
    assert project.rows(everything) == before
    assert len(before) == 1
    assert not project.mine()
    project.requests(request(7, mergeCommit={"oid": squash}))
    assert len(project.rows("from request_commits")) == len(project.rows("from reviews")) == 1, "not told, so not known better"  # fmt: skip
    project.requests(request(7, mergeCommit={"oid": squash}, headRefName="fix"))
    assert project.mine()
    assert project.attributions()["Count boats (#7)"][0] == "human"


@pytest.mark.parametrize("has_sha", [True, False])
def test_a_rewritten_branch_is_found_by_the_number(project: Imported, has_sha: bool) -> None:
    project.history.commit({"b.py": "b = 1\n"}, "Count boats (#7)")
    project.mine()
    project.requests(request(7, mergeCommit={"oid": "e" * 40} if has_sha else None))
    project.mine()
    assert project.attributions()["Count boats (#7)"][0] == "ai"


def test_a_number_in_two_messages_says_nothing(project: Imported) -> None:
    for n in range(2):
        project.history.commit({"b.py": f"b = {n}\n"}, f"Count boats {n} (#7)")
    project.mine()
    project.requests(request(7))
    project.mine()
    assert {a for a, _, _ in project.attributions().values()} == {"human"}


def test_all_commits_of_a_rebase_merge_are_its_requests(project: Imported) -> None:
    project.history.commit({"z.py": "z = 1\n"}, "Other work")
    project.history.commit({"b.py": "b = 1\n"}, "One")
    last = project.history.commit({"b.py": "b = 2\n"}, "Two")
    project.mine()
    project.requests(
        request(
            7,
            mergeCommit={"oid": last},
            commits=[
                {"oid": "d" * 40, "messageHeadline": "One"},
                {"oid": "e" * 40, "messageHeadline": "Two"},
            ],
        )
    )
    project.mine()
    found = project.attributions()
    assert [found[subject][0] for subject in ("Other work", "One", "Two")] == ["human", "ai", "ai"]


def test_a_merge_that_does_not_name_its_branch(project: Imported) -> None:
    history = project.history
    history.switch("side")
    history.commit({"b.py": "b = 1\n"}, "Boats")
    history.switch("main")
    merge = history.merge("side", message="Count boats (#7)")
    project.mine()
    project.requests(request(7, mergeCommit={"oid": merge}))
    project.mine()
    found = project.attributions()
    assert (found["Boats"][0], found["Count boats (#7)"][0], found["Begin"][0]) == ("ai", "human", "human")


def test_the_label_of_claude_codes_own_analysis_is_evidence(project: Imported) -> None:
    squash = project.history.commit({"b.py": "b = 1\n"}, "Count boats (#7)")
    project.mine()
    project.requests(request(7, headRefName="boats", mergeCommit={"oid": squash}, labels=[{"name": "claude-code-assisted"}]))  # fmt: skip
    project.mine()
    assert project.attributions()["Count boats (#7)"] == ("assisted", "medium", "claude-code.request-label")


def test_requests_know_their_repository(project: Imported) -> None:
    project.history.git("remote", "add", "origin", "https://github.com/Acme/Web.git")
    (outcome,) = mine([Target(str(project.history.path), name="boats")], project.database, Config(), jobs=1)
    assert outcome.repo == "boats"
    url = "https://github.com/acme/web/pull/7"
    assert project.requests(request(7, url=url)) == {"boats": 1}
    other = request(9, url="https://github.com/acme/other/pull/9")
    assert project.requests(other) == {"acme/other": 1}
    assert project.requests(request(7, url=url), repo="elsewhere") == {"elsewhere": 1}
    with pytest.raises(ConfigError, match="leave --repo out"):
        project.requests(request(7, url=url), other, repo="boats")


def test_whose_requests_they_are_must_be_known(tmp_path: Path, history: History) -> None:
    with pytest.raises(ConfigError, match="--repo"):
        Imported(history, tmp_path).requests(request(7))


def test_logins_are_persons_where_an_address_tells(project: Imported) -> None:
    project.history.commit({"b.py": "1\n"}, author="Bob Ray <12+BobRay@users.noreply.github.com>")
    project.mine()
    project.requests(
        request(
            7,
            author={"login": "BobRay"},
            commits=[{"oid": "d" * 40, "authors": [{"login": "annlee", "email": "ANN@example.org"}]}],
        )
    )
    named = project.rows("select login, p.name from logins join people as p using (person) order by login")
    assert named == [("annlee", ANN.partition(" <")[0]), ("bobray", "Bob Ray")]


def test_lines_of_vendors_are_evidence_of_their_own_kind(project: Imported) -> None:
    some = project.history.commit({"b.py": "1\n2\n3\n"}, "Some")
    whole = project.history.commit({"c.py": "1\n2\n3\n"}, "Whole")
    project.mine()
    rows = (
        CommitLines("cursor", "Cursor", some, 3, 1, 1, 1),
        CommitLines("cursor", "Cursor", whole[:9], 3, 3, 0, 0),
        CommitLines("cursor", "Cursor", "e" * 40, 3, 3, 0, 0),
    )
    assert project.lines(*rows) == {"project": 2, None: 1}
    assert project.mine()
    found = project.attributions()
    assert found["Some"] == ("assisted", "high", "cursor.export")
    assert found["Whole"] == ("ai", "medium", "cursor.export")
    assert project.rows("select distinct kind, scope, origin from evidence") == [("export", "commit", "export of Cursor")]  # fmt: skip
    assert project.lines(*rows) == {"project": 2, None: 1}
    assert not project.mine()


def test_lines_imported_before_their_commit_is_mined(project: Imported) -> None:
    project.mine()
    sha = project.history.commit({"b.py": "1\n"}, "New")
    project.lines(CommitLines("claude-code", "Claude Code", sha, 1, 1))
    project.mine()
    assert project.attributions()["New"][0] == "ai"
    assert not project.mine()


@pytest.mark.long
def test_fifty_thousand_requests_in_seconds(project: Imported, tmp_path: Path) -> None:
    import time

    project.mine()
    raw = [request(n, commits=[{"oid": f"{n:040x}", "messageHeadline": "x"}], reviews=[{"author": {"login": "bob"}, "state": "APPROVED"}]) for n in range(1, 50_001)]  # fmt: skip
    began = time.perf_counter()
    assert project.requests(*raw) == {"project": 50_000}
    assert project.requests(*raw[:10]) == {"project": 10}
    assert time.perf_counter() - began < 30
    assert project.rows("select count(*), count(distinct number) from pull_requests") == [(50_000, 50_000)]


@pytest.mark.thorough
def test_an_import_makes_estimates_of_review_stale_and_no_others(project: Imported) -> None:
    squash = project.history.commit({"b.py": "b = 1\n"}, "Count boats (#7)")
    project.mine()
    with open_database(project.database, write=True) as connection:
        estimate(connection)
        connection.execute("insert into estimates (metric, scope, period, unit) values ('reviewed_share', 'all', '1970-01-01', 'share'), ('half_life', 'all', '1970-01-01', 'days')")  # fmt: skip
        assert is_current(connection)
    given = {"nodes": [{"author": {"login": "bob", "__typename": "User"}, "state": "APPROVED", "submittedAt": "2026-01-05T13:30:00Z"}]}  # fmt: skip
    project.requests(request(7, mergeCommit={"oid": squash}, createdAt="2026-01-05T09:00:00Z", author={"login": "ann"}, reviews=given))  # fmt: skip
    assert project.rows("select distinct metric from estimates where metric in ('reviewed_share', 'half_life')") == [("half_life",)]  # fmt: skip
    with open_database(project.database, write=True) as connection:
        assert not is_current(connection)
        estimate(connection)
    found = project.rows("select metric, value from estimates where part = 'all' and period = '1970-01-01' order by metric")  # fmt: skip
    assert {"time_to_first_review": 4.5, "time_to_merge": 24.0, "unreviewed_requests_share": 0.0}.items() <= dict(found).items()  # fmt: skip
