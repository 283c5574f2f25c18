from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codeshare.errors import CannotKnow, EmptyHistory, GitError, NotARepository, OutputError
from codeshare.git.repository import commits_in_range, open_repository
from codeshare.git.shadow import clone_bare, git_version, without_credentials
from tests.histories import History


def test_settings_included_from_elsewhere_are_not_opened(history: History, tmp_path: Path) -> None:
    tip = history.commit({"a": "1\n"})
    os.mkfifo(tmp_path / "pipe")  # whoever opens it to read waits for ever
    history.git("config", "include.path", str(tmp_path / "pipe"))
    script = f"from codeshare.git.repository import open_repository; print(open_repository({str(history.path)!r}).tip)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == tip


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:p@ss@host/o/n.git", "https://host/o/n.git"),
        ("git+ssh://user:secret@host/o/n", "git+ssh://host/o/n"),
        ("https://token@host:8443/o/n", "https://host:8443/o/n"),
        ("https://host/o/n@v2", "https://host/o/n@v2"),
    ],
    ids=["at sign in the password", "compound scheme", "token and port", "at sign in the path"],
)
def test_credentials_are_cut_out(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


def test_a_failed_clone_does_not_repeat_the_password(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="cannot be cloned") as caught:
        clone_bare("https://user:secret@127.0.0.1:1/o/n.git", tmp_path / "clone")
    assert "secret" not in str(caught.value)


def test_without_git_one_line_says_so(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"a": "1\n"})
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotKnow, match="git is not installed"):
        git_version()
    script = f"from codeshare.git.repository import open_repository; print(open_repository({str(history.path)!r}).branch)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "main\n"


def test_a_full_branch_name_is_a_branch(history: History) -> None:
    tip = history.commit({"a": "1\n"})
    opened = open_repository(str(history.path), branch="refs/heads/main")
    assert (opened.branch, opened.tip) == ("main", tip)


@pytest.mark.parametrize("base", ["HEAD~2", "main^^", "refs/heads/main~2", "start"])
def test_ranges_take_steps_back(history: History, base: str) -> None:
    history.commit({"a": "1\n"})
    history.git("tag", "--annotate", "-m", "start", "start", env=history.identity("Ann <ann@example.org>"))
    wanted = [history.commit({"a": f"{n}\n"}) for n in (2, 3)]
    assert commits_in_range(str(history.path), base, "HEAD") == wanted[::-1]


def test_a_bundle_of_a_part_says_what_it_needs(history: History, tmp_path: Path) -> None:
    first = history.commit({"a": "1\n"})
    history.commit({"a": "2\n"})
    history.git("bundle", "create", "--quiet", str(tmp_path / "part.bundle"), "HEAD~1..main")
    with pytest.raises(NotARepository, match=f"needs commit {first}"):
        open_repository(str(tmp_path / "part.bundle"))


def test_a_bundle_without_a_branch(history: History, tmp_path: Path) -> None:
    history.commit({"a": "1\n"})
    history.git("tag", "v1")
    history.git("bundle", "create", "--quiet", str(tmp_path / "tags.bundle"), "v1")
    with pytest.raises(EmptyHistory, match="no branch"):
        open_repository(str(tmp_path / "tags.bundle"))


def test_a_bundle_of_sha256(tmp_path: Path) -> None:
    history = History(tmp_path / "wide", object_format="sha256")
    tip = history.commit({"a": "1\n"})
    history.git("bundle", "create", "--quiet", str(tmp_path / "wide.bundle"), "main")
    opened = open_repository(str(tmp_path / "wide.bundle"))
    assert (opened.tip, opened.object_format) == (tip, "sha256")


def test_a_cache_that_cannot_be_made(history: History, tmp_path: Path) -> None:
    history.commit({"a": "1\n"})
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be made"):
        open_repository(f"file://{history.path}", cache=tmp_path / "file" / "cache")


@pytest.mark.parametrize("text", ["[core", "[core]\n\tbare = maybe\n"], ids=["torn", "no truth value"])
def test_a_broken_settings_file_stops_nothing(history: History, tmp_path: Path, text: str) -> None:
    tip = history.commit({"a": "1\n"})
    bare = history.bare(tmp_path / "bare.git")
    (bare / "config").write_text(text)
    assert open_repository(str(bare)).tip == tip
