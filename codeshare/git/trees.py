"""All files of trees, as far as the trees can be read."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from codeshare.errors import GitError
from codeshare.git.broken import absent
from codeshare.git.mergednames import Paths
from codeshare.git.shadow import ask, run_in

_MOST_NAMED = 400  # paths on one command line


class Listing(Struct, frozen=True):
    """Path and blob (hex id) of the files of a tree; ``is_whole``: of all, no folder of it is unreadable."""

    files: Paths
    is_whole: bool


def list_tree(git_dir: Path, tree: str, paths: Collection[bytes] | None = None) -> Paths:
    """Path and blob (hex id) of every file of a tree, or of those of some ``paths``.

    Raises:
        GitError: the tree, or that of a folder, is absent, or it is none.
    """
    if paths is not None and not paths:
        return []
    # git would take a path apart that no file can have, and look for another one.
    is_few = paths is not None and len(paths) <= _MOST_NAMED and not any(map(_is_odd, paths))
    named = [f":(literal){os.fsdecode(path)}" for path in paths or ()] if is_few else []
    entries = _entries(git_dir, tree, "-r", paths=named)
    return [
        (name, sha) for kind, sha, name in entries if kind == b"blob" and (paths is None or name in paths)
    ]


def list_trees(git_dir: Path, sha_of: Mapping[int, str]) -> dict[int, Listing]:
    """What can be read of the trees of commits, by their keys."""
    # One question about all: where a whole history lacks its trees, a process each would take hours.
    _, out, _ = ask(git_dir, ("cat-file", "--batch-check"), [f"{sha}^{{tree}}" for sha in sha_of.values()])
    there = [b" tree " in line for line in out.split(b"\n")]
    return {
        key: _list_readable(git_dir, sha) if is_there else Listing([], False)
        for (key, sha), is_there in zip(sha_of.items(), there, strict=False)
    }


def _list_readable(git_dir: Path, tree: str) -> Listing:
    try:
        return Listing(list_tree(git_dir, tree), True)
    except GitError:
        return Listing(_list_around(git_dir, tree), False)


def _list_around(git_dir: Path, tree: str) -> Paths:
    """The files of a tree but for those of folders that cannot be read."""
    try:
        entries = _entries(git_dir, tree)
    except GitError:
        return []
    files = [(name, sha) for kind, sha, name in entries if kind == b"blob"]
    folders = [(name, sha) for kind, sha, name in entries if kind == b"tree"]
    gone = absent(partial(ask, git_dir), {sha for _, sha in folders})
    for folder, sha in folders:
        if sha not in gone:
            inside = _list_readable(git_dir, sha.decode("ascii")).files
            files += [(folder + b"/" + name, blob) for name, blob in inside]
    return files


def _is_odd(path: bytes) -> bool:
    return not {b"", b".", b".."}.isdisjoint(path.split(b"/"))


def _entries(
    git_dir: Path, tree: str, *options: str, paths: Sequence[str] = ()
) -> list[tuple[bytes, bytes, bytes]]:
    """Kind, id and name of each entry."""
    out = run_in(git_dir, "ls-tree", *options, "-z", "--full-tree", "--end-of-options", tree, *paths)
    rows = (entry.split(b" ", 2) for entry in out.split(b"\0")[:-1])
    return [(kind, sha, name) for _, kind, rest in rows for sha, _, name in (rest.partition(b"\t"),)]
