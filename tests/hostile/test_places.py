"""Whatever lies in a git directory in the place of what belongs there: it is read as data or refused, and nobody waits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from codeshare.errors import CodeshareError
from codeshare.git.repository import open_repository
from tests.histories import History
from tests.hostile.canary import Canary

Plant = Callable[[Path, Canary], None]
"""Puts something into a git directory."""
HUGE = 6 << 30


def pipe(name: str) -> Plant:
    """A pipe: whoever reads it waits for ever."""

    def plant(git_dir: Path, canary: Canary) -> None:
        _clear(git_dir / name)
        os.mkfifo(git_dir / name)

    return plant


def device(name: str) -> Plant:
    """A link to a device that never ends."""

    def plant(git_dir: Path, canary: Canary) -> None:
        _clear(git_dir / name)
        (git_dir / name).symlink_to("/dev/zero")

    return plant


def huge(name: str) -> Plant:
    """A file that takes no space and would fill the memory."""

    def plant(git_dir: Path, canary: Canary) -> None:
        _clear(git_dir / name)
        with (git_dir / name).open("wb") as file:
            file.truncate(HUGE)

    return plant


def text(name: str, content: str | bytes) -> Plant:
    """A file that says something; braces as in the settings."""

    def plant(git_dir: Path, canary: Canary) -> None:
        _clear(git_dir / name)
        raw = content if isinstance(content, bytes) else content.format(**canary.words(git_dir.name)).encode()
        (git_dir / name).write_bytes(raw)

    return plant


def link(name: str, target: str) -> Plant:
    """A link that leads out of the repository."""

    def plant(git_dir: Path, canary: Canary) -> None:
        _clear(git_dir / name)
        (git_dir / name).symlink_to(target)

    return plant


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)


GOES_ON = {
    "config is a pipe": pipe("config"),
    "config is a device": device("config"),
    "config is garbage": text("config", b"\0\xff[[[\n" * 1000),
    "commondir is a pipe": pipe("commondir"),
    "packed-refs is a pipe": pipe("packed-refs"),
    "packed-refs is garbage": text("packed-refs", b"\0\xff \xfe\n" * 1000 + b"0" * 40 + b" \n"),
    "shallow is a pipe": pipe("shallow"),
    "alternates names a pipe": text("objects/info/alternates", "{pipe}\n/dev/zero\n"),
    "alternates names itself": text("objects/info/alternates", "../objects\n../../../.git/objects\n"),
    "alternates is garbage": text("objects/info/alternates", b'\0\n"\\777\n\xff\n/nowhere\n'),
    "grafts is a pipe": pipe("info/grafts"),
    "attributes is a pipe": pipe("info/attributes"),
    "index is a pipe": pipe("index"),
    "index is locked by somebody": text("index.lock", ""),
    "a branch is a pipe": pipe("refs/heads/other"),
    "a branch is a device": device("refs/heads/other"),
    "a branch is garbage": text("refs/heads/other", b"\0\xff"),
    "a branch leads out": text("refs/heads/other", "ref: refs/../../../{pipe}\n"),
    "a branch is a link to a password": link("refs/heads/other", "/etc/passwd"),
    "a branch called like an option": text("refs/heads/--upload-pack=x", "0" * 40),
    "a branch with a line end": text("refs/heads/a\nb", "0" * 40),
    "a branch that turns round": text("refs/heads/\u202egpj.exe", "0" * 40),
    "branches that point at each other": text("refs/heads/other", "ref: refs/heads/other\n"),
    "notes are a pipe": pipe("refs/notes/ai"),
    "origin's HEAD is a pipe": pipe("refs/remotes/origin/HEAD"),
    "packed objects called by a program": text("objects/pack/pack-$(touch x).idx", b"garbage"),
}  # fmt: skip
REFUSED = {
    "HEAD is a pipe": pipe("HEAD"),
    "HEAD is a device": device("HEAD"),
    "HEAD is a link to a password": link("HEAD", "/etc/passwd"),
    "HEAD leads out": text("HEAD", "ref: ../../{pipe}\n"),
    "HEAD is huge": huge("HEAD"),
    "config is huge": huge("config"),
    "packed-refs is huge": huge("packed-refs"),
    "commondir leads out": text("commondir", "/etc\n"),
    "the branch is a pipe": pipe("refs/heads/main"),
    "alternates is a pipe": pipe("objects/info/alternates"),
    "alternates is a device": device("objects/info/alternates"),
    "objects are a pipe": pipe("objects"),
    "a pack is a pipe": pipe("objects/pack/pack-1234.idx"),
    "an object is a pipe": pipe("objects/ab/cdefabcdefabcdefabcdefabcdefabcdefabcd"),
    "an object is a device": device("objects/ab/cdefabcdefabcdefabcdefabcdefabcdefabcd"),
    "refs are a reftable": text("reftable/tables.list", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> History:
    history = History(tmp_path_factory.mktemp("places") / "project")
    history.commit({"a.py": "a = 1\n"})
    history.commit({"a.py": "a = 2\n"})
    return history


def planted(project: History, tmp_path: Path, canary: Canary, plant: Plant) -> Path:
    copy = tmp_path / "project"
    shutil.copytree(project.path, copy, symlinks=True)
    plant(copy / ".git", canary)
    return copy


@pytest.mark.parametrize("name", GOES_ON)
def test_it_goes_on(
    project: History, tmp_path: Path, canary: Canary, name: str, count: Callable[[str, int], None]
) -> None:
    where = planted(project, tmp_path, canary, GOES_ON[name])
    opened = open_repository(str(where))
    with opened.shadow() as shadow:
        assert shadow.run("rev-list", "--count", opened.tip) == b"2\n"
    assert opened.tip == project.head()
    assert all("\n" not in note for note in opened.notes)
    assert canary.disturbed() == []
    count("places", 1)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_line(
    project: History, tmp_path: Path, canary: Canary, name: str, count: Callable[[str, int], None]
) -> None:
    where = planted(project, tmp_path, canary, REFUSED[name])
    with pytest.raises(CodeshareError) as caught:
        open_repository(str(where))
    assert "\n" not in str(caught.value)
    assert "root:" not in str(caught.value), "it quotes a file that it was led to"
    assert canary.disturbed() == []
    count("places", 1)


@pytest.mark.parametrize("content", [None, "gitdir: {pipe}", "gitdir: /etc", "gitdir: ../../..", "x" * (2 << 20), "gitdir: .git"], ids=["pipe", "to a pipe", "elsewhere", "above", "huge", "itself"])  # fmt: skip
def test_a_file_that_points_at_the_git_directory(tmp_path: Path, canary: Canary, content: str | None) -> None:
    (tmp_path / "project").mkdir()
    dotgit = tmp_path / "project" / ".git"
    if content is None:
        os.mkfifo(dotgit)
    else:
        dotgit.write_text(content.format(**canary.words("dotgit")))
    with pytest.raises(CodeshareError):
        open_repository(str(tmp_path / "project"))
