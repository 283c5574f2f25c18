from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.metrics.weaknesses import WEAKNESSES, find_weaknesses
from tests.git.notes import add_note
from tests.histories import ANN, BOB, History

from .rows import Rows

WINDOW = "copilot.trailer|2026-04-22|2026-05-06"


def _commit(**values: object) -> Callable[[Rows], object]:
    return lambda rows: rows.commit("2026-05-01", 10, **values)


def _records(state: str, **values: object) -> Callable[[Rows], object]:
    return lambda rows: rows.insert(
        "records", repo="widget", state=state, origin="refs/notes/ai", count=7, **values
    )


def _evidence(day: str, rule: str = "copilot.trailer", **values: object) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        sha = rows.commit(day, 10)
        rows.insert(
            "evidence", repo="widget", sha=sha, rule=rule, kind="trailer", attribution="ai", confidence="low",
            scope="commit", origin="message", decides=True, **values,
        )  # fmt: skip

    return plant


def _identity(name: str, email: str, person: str) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        if person not in rows.people:
            rows.person(person, name=name)
        rows.insert("identities", repo="widget", name=name, email=email, mapped_name=name, mapped_email=email, person=person, kind="person", how="itself", commits=2)  # fmt: skip

    return plant


def _together(*plants: Callable[[Rows], object]) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        for each in plants:
            each(rows)

    return plant


def _files(added: int, deleted: int) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        sha = rows.commit("2026-05-01", {})
        rows.connection.execute(
            "insert into changes (repo, sha, path, status, file_class, is_binary, added)"
            " select 'widget', ?, range::varchar, if(range < ?, 'A', 'D'), 'data', false, 2 from range(?)",
            [sha, added, added + deleted],
        )

    return plant


def _request(**values: object) -> Callable[[Rows], object]:
    return lambda rows: rows.insert("pull_requests", repo="widget", number=7, **values)


def _seen(what: str, count: int) -> Callable[[Rows], object]:
    return lambda rows: rows.insert("observations", repo="widget", what=what, name="", count=count)


SQUASHED = _commit(request=7, subject="One (#7)")
PLANTED = [
    ("shallow", 1, lambda rows: rows.repo(is_shallow=True)),
    ("partial", 1, lambda rows: rows.repo(is_partial=True)),
    ("unknown", 1, _commit(is_unknown=True)),
    ("notes_absent", 1, lambda rows: rows.commit("2026-05-01", {".github/workflows/git-ai.yaml": 1})),
    ("notes_absent", 2, _identity("Git AI Bot", "bot@usegitai.com", "bot")),
    ("notes_absent", 1, lambda rows: rows.insert("trailers", repo="widget", sha="a" * 40, key="Entire-Checkpoint", value="a1b2c3d4e5f6")),
    ("records_elsewhere", 7, _records("elsewhere")),
    ("requests_absent", 1, SQUASHED),
    ("overclaims", 40, lambda rows: rows.insert("overclaimed", repo="widget", sha="a" * 40, path="a.py", lines=40)),
    ("unusable_records", 1, lambda rows: rows.insert("unusable_records", repo="widget", origin="refs/notes/ai", why="no JSON")),
    ("test_agents", 7, _records("test agent")),
    ("weak_windows", 1, _evidence("2026-04-25")),
    ("unknown_bots", 1, _commit(author="thing[bot]", engineer=None, attribution="bot", rule="bot.unknown")),
    ("unmatched_people", 2, _together(_identity("Ann Lee", "ann@example.org", "ann"), _identity("ann lee ", "ann@example.net", "ann2"))),
    ("foxtrots", 1, _commit(is_foxtrot=True)),
    ("skewed_dates", 1, _commit(is_skewed=True)),
    ("rename_limit", 1, _files(1001, 1000)),
    ("better_branch", 1, _together(_commit(), _seen("landings", 900))),
    ("stale_repositories", 1, _together(_commit(), lambda rows: rows.repo("old", last_merged_at=datetime(2026, 1, 1)))),
    ("suppressed_marks", 1, lambda rows: rows.insert(
        "signals", repo="widget", sign="switch", rule="switch.aider", tool="aider", path=".aider.conf.yml",
        since_sha="a" * 40, since="2026-05-01")),
    ("outliers", 1, lambda rows: rows.commit("2026-05-01", 5001)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "count", "plant"), PLANTED, ids=[row[0] for row in PLANTED])
def test_each_weakness_is_found_alone(
    rows: Rows, name: str, count: int, plant: Callable[[Rows], object]
) -> None:
    plant(rows)
    found = find_weaknesses(rows.connection, [WINDOW])
    assert set(found) == {name}
    assert found[name].count == count
    assert found[name].figure.startswith(f"{count} ")
    assert found[name].weakness.remedy
    assert found[name].rows


def test_all_are_planted() -> None:
    assert {weakness.name for weakness in WEAKNESSES} == {row[0] for row in PLANTED}


@pytest.mark.parametrize(
    "plant",
    [
        _commit(),
        _together(SQUASHED, _request()),
        _together(SQUASHED, _seen("request_refs", 3)),
        _together(lambda rows: rows.commit("2026-05-01", {".git-ai/config": 1}), _records("used")),
        _evidence("2026-06-25"),
        _evidence("2026-04-25", rule="claude-code.trailer"),
        _together(_identity("Ann Lee", "ann@example.org", "ann"), _identity("Ann Lee", "ann@example.net", "ann")),
        _together(_identity("root", "root@one", "one"), _identity("root", "root@two", "two")),
        _files(1000, 1000),
        _records("used"),
    ],
    ids=["plain", "requests", "refs", "notes", "later", "other-rule", "joined", "one-word", "within-limit", "used"],
)  # fmt: skip
def test_what_is_no_weakness(rows: Rows, plant: Callable[[Rows], object]) -> None:
    plant(rows)
    assert find_weaknesses(rows.connection, [WINDOW]) == {}


def _findings(database: Path) -> dict[str, int]:
    windows = load_catalogue().windows
    with duckdb.connect(str(database), read_only=True) as connection:
        return {name: finding.count for name, finding in find_weaknesses(connection, windows).items()}


def test_in_a_real_repository(history: History, mined: Callable[..., Path]) -> None:
    """Refs, notes, a squash and a weak window, as git itself makes them."""
    begun = history.commit({"a.py": "a = 1\n"})
    history.switch("work")
    lost = history.commit({"a.py": "a = 1\nb = 1\n"}, "Count boats")
    history.switch("main")
    squash = history.commit({"a.py": "a = 1\nb = 1\n"}, "Count boats (#7)")
    history.commit(
        {"c.py": "c = 1\n"},
        trailers=["Co-authored-by: Copilot <copilot@github.com>"],
        at=datetime.fromisoformat("2026-04-25T09:00:00+00:00"),
    )

    def note(*lines: str) -> str:
        session = {"agent_id": {"tool": "claude", "id": "1", "model": "m"}, "human_author": None}
        head = {
            "schema_version": "authorship/3.0.0",
            "sessions": {"s_0a1b2c3d4e5f60": session},
            "prompts": {},
        }
        return "a.py\n" + "".join(f"  s_0a1b2c3d4e5f60::t_1a2b3c4d5e6f70 {each}\n" for each in lines) + "---\n" + json.dumps(head)  # fmt: skip

    add_note(history, lost, note("2"))
    add_note(history, begun, note("1-5"))
    wanted = {"records_elsewhere": 1, "requests_absent": 1, "overclaims": 4, "weak_windows": 1}
    assert _findings(mined(history)) == wanted
    history.git("update-ref", "refs/pull/7/head", lost)
    assert _findings(mined(history)) == {k: v for k, v in wanted.items() if k != "requests_absent"}
    assert squash == history.git("rev-parse", "main~1")


def test_a_branch_that_fits_better(history: History, mined: Callable[..., Path]) -> None:
    """A release branch takes everything in by two merges; the work happened on develop."""
    history.commit({"a.py": "0\n"})
    history.git("branch", "develop")
    for release in range(2):
        history.switch("develop")
        stream = []
        for n in range(210):
            number = release * 210 + n
            stream.append(f"commit refs/heads/develop\ncommitter {BOB} {1767700000 + number * 3600} +0000\ndata 1\nx\n")  # fmt: skip
            stream.append("from refs/heads/develop^0\n" if n == 0 else "")
            stream.append(f"M 100644 inline b.py\ndata {len(str(number)) + 1}\n{number}\n\n")
        history.git("fast-import", "--quiet", feed="".join(stream).encode())
        history.git("reset", "--quiet", "--hard")
        history.switch("main")
        history.merge("develop", message=f"Release {release}", author=ANN)
    database = mined(history)
    assert _findings(database) == {"better_branch": 1}
    with duckdb.connect(str(database), read_only=True) as connection:
        (row,) = find_weaknesses(connection)["better_branch"].rows
    assert (row["branch"], row["landings"], row["better"], row["its_landings"]) == ("main", 3, "develop", 421)
