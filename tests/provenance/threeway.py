"""Three-way merges of trees in memory; the lines of files are merged by git itself."""

from __future__ import annotations

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from tests.histories import clean_environment

Entry = tuple[bytes, bytes]
"""Mode and content; of a submodule the commit."""
Tree = dict[bytes, Entry]


def join(base: Tree, ours: Tree, theirs: Tree, favour: str) -> Tree:
    """Merge two trees; conflicts go as ``favour`` says: ``ours``, ``theirs`` or ``union``."""
    our_names, their_names = moved_names(base, ours), moved_names(base, theirs)
    result: Tree = {}
    for name in sorted({*base, *ours, *theirs}):
        if name not in base and (name in our_names.values() or name in their_names.values()):
            continue  # comes with the name that it had
        old = base.get(name)
        mine = ours.get(our_names.get(name, name))
        other = theirs.get(their_names.get(name, name))
        where = our_names.get(name) or their_names.get(name) or name
        if (entry := _entry(old, mine, other, favour)) is not None:
            _place(result, where, entry)
    return result


def moved_names(base: Tree, side: Tree) -> dict[bytes, bytes]:
    """Names that a side has given to files of the base: at least half of their lines are there."""
    found: dict[bytes, bytes] = {}
    for name in sorted(set(base) - set(side)):
        lines = set(base[name][1].split(b"\n")) - {b""}
        for new in sorted(set(side) - set(base) - set(found.values())):
            shared = lines & set(side[new][1].split(b"\n"))
            if lines and base[name][0] == side[new][0] and len(shared) * 2 >= len(lines):
                found[name] = new
                break
    return found


def _entry(old: Entry | None, mine: Entry | None, other: Entry | None, favour: str) -> Entry | None:
    if mine == other or other == old:
        return mine
    if mine == old:
        return other
    if mine is None or other is None or not all(_is_text(each) for each in (mine, other, old) if each):
        return (other if favour == "theirs" else mine) or mine or other
    return mine[0], _lines(old[1] if old else b"", mine[1], other[1], favour)


def _is_text(entry: Entry) -> bool:
    return entry[0].startswith(b"100") and b"\0" not in entry[1]


@lru_cache(maxsize=4096)
def _lines(base: bytes, mine: bytes, other: bytes, favour: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("mine", mine), ("base", base), ("other", other)):
            (Path(folder) / name).write_bytes(content)
        command = ["git", "merge-file", "-p", "-q", f"--{favour}", "mine", "base", "other"]
        return subprocess.run(
            command, cwd=folder, env=clean_environment(), capture_output=True, check=True
        ).stdout


def _place(tree: Tree, name: bytes, entry: Entry) -> None:
    """Put a file where no other, and no folder, is in its way."""
    if not any(other.startswith(name + b"/") or name.startswith(other + b"/") for other in tree):
        tree.setdefault(name, entry)
