"""A fleet of four tiny repositories, one a fork of another, made once."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from codeshare.mining.targets import Target
from tests.histories import ANN, BOB, START, History

ROBERT = "Robert <robert@home.example>"
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``app``, its fork with a commit more, ``lib`` whose mailmap joins Bob's addresses, ``site`` that has the other one."""
    folder = tmp_path_factory.mktemp("fleet")
    app = History(folder / "app")
    app.commit({"a.py": "a = 1\n" * 3})
    app.commit({"b.py": "b = 1\nb = 2\n"}, "by an agent", author=BOB, trailers=[CLAUDE])
    shutil.copytree(folder / "app", folder / "fork")
    again(folder / "fork").commit({"c.py": "c = 1\n"}, at=app.now)
    lib = History(folder / "lib")
    lib.commit(
        {"l.py": "l = 1\n", ".mailmap": "Bob Ray <bob@example.org> <robert@home.example>\n"}, author=BOB
    )
    lib.commit({"m.py": "m = 1\n"}, author=ROBERT)
    site = History(folder / "site")
    site.commit({"s.html": "<p>\n"}, author=ROBERT)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The fleet, to be changed."""
    shutil.copytree(made, tmp_path / "fleet")
    return tmp_path / "fleet"


def targets(folder: Path, *names: str) -> list[Target]:
    """The repositories of a fleet, in alphabetical order unless named."""
    return [Target(str(folder / name)) for name in names or sorted(each.name for each in folder.iterdir())]


def add(folder: Path, name: str) -> None:
    """One more commit in a repository."""
    again(folder / name).commit({"new.py": "n = 1\n"}, author=ANN, at=START + timedelta(days=30))


def again(path: Path) -> History:
    """A repository that is there, to go on with."""
    history = History.__new__(History)
    history.path, history.branch, history.now = path, "main", START
    return history
