"""The repository that is damaged, and how its objects are found and broken."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.histories import BOB, START, History, clean_environment

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
LINES = [f"line {n}\n" for n in range(12)]


def edited(**changes: str) -> str:
    """Twelve lines, some of them changed: ``_3="new"``."""
    lines = {f"_{n}": line for n, line in enumerate(LINES)} | {k: f"{v}\n" for k, v in changes.items()}
    return "".join(lines.values())


def build(path: Path) -> History:
    """Eleven commits of two people and an agent; a merge whose result differs from both parents, a rename, a picture."""
    history = History(path)
    history.commit({"a.py": edited(), "lib/b.py": edited(), "docs/c.md": edited(), ".mailmap": "Ann Lee <ann@example.org>\n"})  # fmt: skip
    history.commit({"a.py": edited(_1="one")}, "one", trailers=[CLAUDE])
    history.switch("topic")
    history.commit({"lib/b.py": edited(_2="topic")}, "topic", author=BOB, trailers=[CLAUDE])
    history.commit({"lib/new.py": "new = 1\n" * 4}, "new", author=BOB)
    history.switch("main")
    history.commit({"lib/b.py": edited(_9="main"), "a.py": edited(_1="one", _9="nine")}, "main")
    history.merge("topic", author=BOB)
    history.commit({"a.py": edited(_1="one", _5="five", _9="nine")}, "five", trailers=[CLAUDE])
    history.git("mv", "docs/c.md", "docs/d.md")
    history.commit({"docs/d.md": edited(_0="moved")}, "move")
    history.commit({"picture.png": b"\x89PNG\0" * 9, "a.py": edited(_1="one", _5="5", _9="nine")}, "picture")
    history.commit({"lib/b.py": edited(_2="topic", _9="main", _4="last")}, "last", author=BOB)
    history.commit({"a.py": None}, "away")
    return history


class Project(History):
    """A copy of the project, to be damaged."""

    def __init__(self, whole: Path, path: Path) -> None:
        shutil.copytree(whole, path, symlinks=True)
        self.now = START
        self.path, self.branch = path, "main"

    @property
    def objects(self) -> Path:
        """The object directory."""
        return self.path / ".git" / "objects"

    def id_of(self, name: str) -> str:
        """The object that a name such as ``main~2:a.py`` stands for."""
        return self.git("rev-parse", name)

    def loose(self, name: str) -> Path:
        """The file of a loose object, writable."""
        sha = self.id_of(name)
        file = self.objects / sha[:2] / sha[2:]
        file.chmod(0o644)
        return file

    def lose(self, *names: str) -> None:
        """Remove objects."""
        for file in [self.loose(name) for name in names]:
            file.unlink()

    def rewrite(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Put something else in the place of a loose object's content, under its old name."""
        file = self.loose(name)
        file.write_bytes(zlib.compress(change(zlib.decompress(file.read_bytes()))))

    def pack(self) -> Path:
        """All objects into one pack; its path."""
        self.git("repack", "-adq")
        (pack,) = (self.objects / "pack").glob("*.pack")
        for file in pack.parent.iterdir():
            file.chmod(0o644)
        return pack

    def clone(self, *options: str) -> Path:
        """A bare clone beside it, as ``options`` filter it."""
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        place = self.path.parent / "clone.git"
        command = ["git", "clone", "--quiet", "--bare", *options, f"file://{self.path}", str(place)]
        subprocess.run(command, check=True, env=clean_environment(), capture_output=True)
        return place

    def object(self, kind: str, content: bytes) -> str:
        """Write an object that git itself would refuse to make; its id."""
        return self.git("hash-object", "--literally", "-t", kind, "-w", "--stdin", feed=content)
