"""Where a repository keeps its things, found and read by us: whatever bears a name there may be anything.

A pipe in the place of a file would make its reader wait for ever, a sparse file fill the memory, and a
variable or a setting lead elsewhere. So only regular files of a sane size are read, and of settings and
variables nothing is obeyed here.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from msgspec import Struct

from codeshare.errors import RepositoryError

SMALL, LARGE = 1 << 20, 1 << 29
"""Bytes: more than a ref or a list of alternates, more than ``packed-refs`` of millions of refs ever has."""

_POINTER = b"gitdir: "
_HEX = frozenset("0123456789abcdef")


class Places(Struct, frozen=True):
    """A git directory; ``common`` differs from it in a linked worktree, ``root`` is the work tree's, if there is one."""

    git_dir: Path
    common: Path
    root: Path | None


def find_places(start: Path) -> Places | None:
    """The repository in a folder or in the nearest one above it; None where there is none.

    Raises:
        RepositoryError: one of its files cannot be read.
    """
    folder = Path(os.path.abspath(os.path.expanduser(start)))
    for each in (folder, *folder.parents):
        dotgit = each / ".git"
        if found := _places(_pointed_at(dotgit) or dotgit, each):
            return found
        # os.path says no, where pathlib raises, of what may not be looked at or cannot be a name.
        if os.path.exists(dotgit) and not os.path.isdir(dotgit):
            return None  # as git has it: what it points at is gone
        if found := _places(each, each.parent if each.name == ".git" else None):
            return found
    return None


def read_file(path: Path, most: int = SMALL) -> bytes | None:
    """The content of a regular file; None where there is none.

    Raises:
        RepositoryError: it must not be read, or is larger than ``most`` bytes.
    """
    try:
        # Not to wait for whoever writes, if it is a pipe.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as error:
        raise RepositoryError(f"{path}: cannot be read: {error.strerror}.") from None
    except (OSError, ValueError):
        return None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        if found.st_size > most:
            raise RepositoryError(f"{path}: larger than such a file ever is; it is not read.")
        return file.read(most)


def check_objects(objects: Path) -> None:
    """Refuse an object directory in which git would wait for ever.

    Raises:
        RepositoryError: it holds a pipe, socket or device in the place of objects.
    """
    names = [each.name for each in _entries(objects) if len(each.name) == 2 and set(each.name) <= _HEX]
    for folder in (objects / name for name in ("info", "pack", *names)):
        for entry in _entries(folder):
            if not (entry.is_file() or entry.is_dir() or entry.is_symlink()) or _leads_to_no_file(entry):
                raise RepositoryError(
                    f"{entry.path}: a pipe, socket or device in the place of objects; it is not read."
                )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _leads_to_no_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a link to what is there and is neither file nor folder."""
    return entry.is_symlink() and os.path.exists(entry) and not (entry.is_file() or entry.is_dir())


def _places(git_dir: Path, root: Path | None) -> Places | None:
    pointer = read_file(git_dir / "commondir")
    common = git_dir if pointer is None else Path(os.path.normpath(git_dir / _path(pointer)))
    has_folders = all(os.path.isdir(common / name) for name in ("objects", "refs"))
    is_one = has_folders and _is_head(git_dir / "HEAD")
    return Places(git_dir, common, root) if is_one else None


def _pointed_at(dotgit: Path) -> Path | None:
    """Where a ``.git`` that is a file says that the git directory is."""
    content = read_file(dotgit)
    if content is None or not content.startswith(_POINTER):
        return None
    return Path(os.path.normpath(dotgit.parent / _path(content.removeprefix(_POINTER))))


def _is_head(path: Path) -> bool:
    if os.path.islink(path):  # as git once wrote it
        return os.readlink(path).startswith("refs/")
    content = read_file(path)
    return content is not None and (content.startswith(b"ref:") or len(content.split(b"\n")[0]) in (40, 64))


def _path(content: bytes) -> str:
    return os.fsdecode(content.rstrip(b"\r\n").replace(b"\0", b""))
