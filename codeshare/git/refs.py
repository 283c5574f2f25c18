"""Read refs from the files of a repository: once, without running git, of any object format."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from codeshare.git.places import LARGE, read_file

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REQUEST = re.compile(r"refs/(?:pull|merge-requests)/\d+/head")
_DEPTH = 5  # symbolic refs that point at symbolic refs, as git has it


class Refs:
    """The refs of one repository; ``git_dir`` differs from ``common_dir`` in a linked worktree."""

    def __init__(self, git_dir: Path, common_dir: Path) -> None:
        self._git_dir = git_dir
        self._common_dir = common_dir

    def resolve(self, name: str) -> str | None:
        """The object id that a full ref name (or ``HEAD``) stands for, None if there is no such ref."""
        name, content = self._end(name)
        if content is None:
            return self._packed.get(name)
        match = _ID.match(content)
        return match[0].decode("ascii") if match else None

    def damaged(self, name: str) -> str | None:
        """The ref at which ``name`` ends in a file that holds no object id, None if all is well or nothing there."""
        name, content = self._end(name)
        return None if content is None or content.startswith(b"ref:") or _ID.match(content) else name

    def _end(self, name: str) -> tuple[str, bytes | None]:
        """The last of the refs that point at one another, and what its file holds."""
        for _ in range(_DEPTH):
            content = self._loose(name)
            if content is None or not content.startswith(b"ref:"):
                break
            name = _text(content[4:].strip())
        return name, content

    def symbolic(self, name: str) -> str | None:
        """The full name of the ref that a symbolic ref points at."""
        content = self._loose(name)
        return _text(content[4:].strip()) if content is not None and content.startswith(b"ref:") else None

    def branches(self) -> list[str]:
        """Short names of all branches, those of origin included, sorted."""
        found = set()
        for prefix in ("refs/heads/", "refs/remotes/origin/"):
            found |= {name.removeprefix(prefix) for name in self._packed if name.startswith(prefix)}
            folder = self._common_dir / prefix
            if folder.is_dir():
                found |= {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        return sorted(found - {"HEAD"})

    def under(self, prefix: str) -> dict[str, str]:
        """Full name and object id of every ref below ``prefix`` (which ends with a slash), sorted."""
        names = {name for name in self._packed if name.startswith(prefix)}
        folder = self._common_dir / prefix
        if not folder.is_dir():
            return {name: self._packed[name] for name in sorted(names)}
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
        names |= {prefix + str(path.relative_to(folder)) for path in files}
        return {name: sha for name in sorted(names) if (sha := self.resolve(name))}

    def count_requests(self) -> int:
        """How many requests of a forge have the ref of their last commit here."""
        names = {name for name in self._packed if _REQUEST.fullmatch(name)}
        for folder in ("refs/pull", "refs/merge-requests"):
            found = (self._common_dir / folder).glob("*/head")
            names |= {f"{folder}/{path.parent.name}/head" for path in found}
        return len(names)

    @property
    def is_readable(self) -> bool:
        """Whether refs are stored as files; ``reftable`` is another form."""
        return not (self._common_dir / "reftable").is_dir()

    def _loose(self, name: str) -> bytes | None:
        if ".." in name.split("/") or name.startswith("/"):
            return None
        for folder in (self._git_dir, self._common_dir):
            if (content := read_file(folder / name)) is not None:
                return content
        return None

    @cached_property
    def _packed(self) -> dict[str, str]:
        result: dict[str, str] = {}
        for line in (read_file(self._common_dir / "packed-refs", LARGE) or b"").splitlines():
            sha, _, name = line.partition(b" ")
            if name and _ID.fullmatch(sha):
                result[_text(name)] = sha.decode("ascii")
        return result


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
