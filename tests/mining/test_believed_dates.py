from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from codeshare.config import load_config
from codeshare.mining.targets import targets_of
from tests.histories import History
from tests.stored import rows

Mine = Callable[..., Path]
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.mark.parametrize("at", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2012, 5, 1, tzinfo=UTC)])
@pytest.mark.parametrize("where", ["main", "topic"])
def test_a_wrong_clock_neither_hides_a_mark_nor_makes_a_person(
    history: History, mined: Mine, at: datetime, where: str
) -> None:
    for n in range(3):
        history.commit({"a.py": f"{n}\n"})
    history.switch(where)
    marked = history.commit({"b.py": "1\n"}, at=at, trailers=[CLAUDE])
    plain = history.commit({"b.py": "2\n"}, at=at)
    history.commit({"b.py": "3\n"})
    if where == "topic":
        history.switch("main")
        history.merge("topic")
    found = rows(
        mined(history),
        f"select attribution, confidence, rule from commits where sha in ('{marked}', '{plain}') order by ordinal",
    )
    assert found == [("ai", "high", "claude-code.trailer"), ("human", "low", "no-evidence")]


def test_a_date_that_cannot_be_parsed_is_none(history: History, mined: Mine) -> None:
    first = history.commit({"a.py": "1\n"})
    raw = history.git("cat-file", "commit", first) + f"\n\n{CLAUDE}\n"
    broken = "\n".join(
        line.rpartition("> ")[0] + "> not-a-date" if line.startswith(("author ", "committer ")) else line
        for line in raw.split("\n")
    )
    sha = history.git("hash-object", "--literally", "-t", "commit", "-w", "--stdin", feed=broken.encode())
    history.git("reset", "--quiet", "--hard", sha)
    history.commit({"a.py": "2\n"})
    assert rows(mined(history), f"select attribution, confidence from commits where sha = '{sha}'") == [
        ("ai", "high")
    ]


def test_a_branch_that_waited_long_keeps_its_date(history: History, mined: Mine) -> None:
    history.now = datetime(2020, 1, 1, tzinfo=UTC)
    history.commit({"a.py": "1\n"})
    history.switch("topic")
    old = history.commit({"b.py": "1\n"})
    history.switch("main")
    history.tick(timedelta(days=2000))
    history.commit({"a.py": "2\n"})
    history.merge("topic")
    database = mined(history)
    assert rows(database, f"select rule from commits where sha = '{old}'") == [("before-assistants",)]
    assert rows(database, "select distinct rule from commits where committed_at > '2025-01-01'") == [
        ("no-evidence",)
    ]


def test_a_mark_older_than_its_agent_is_on_record(history: History, mined: Mine) -> None:
    history.now = datetime(2019, 1, 1, tzinfo=UTC)
    history.commit({"a.py": "1\n"}, trailers=[CLAUDE])
    database = mined(history)
    assert rows(database, "select attribution, confidence, rule, kind from commits") == [
        ("human", "low", "untimely-mark", None)
    ]
    assert rows(database, "select rule, kind, tool, confidence, excerpt, decides from evidence") == [
        ("claude-code.trailer", "untimely", "Claude Code", "low", CLAUDE, False)
    ]


def test_no_path_is_stored_as_origin(history: History, mined: Mine, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n"})
    history.git("remote", "add", "origin", "https://ann:secret@forge.example/acme/widget.git")
    history.git("clone", "--quiet", "--bare", str(history.path), str(tmp_path / "copy.git"))
    assert rows(mined(history, tmp_path / "copy.git"), "select repo, origin from repos order by repo") == [
        ("acme/widget", "https://forge.example/acme/widget.git"),
        ("copy", None),
    ]


def test_a_configured_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = tmp_path / "settings" / "codeshare.toml"
    file.parent.mkdir()
    file.write_text(
        '[[repo]]\npath = "~/work/widget"\n[[repo]]\npath = "https://forge.example/~ann/widget"\n'
    )
    config = load_config(file)
    wanted = [str(tmp_path / "work/widget"), "https://forge.example/~ann/widget"]
    assert [target.where for target in targets_of(config, [])] == wanted
    assert targets_of(config, [wanted[0]]) == targets_of(config, [])[:1], "as the shell hands it over"
