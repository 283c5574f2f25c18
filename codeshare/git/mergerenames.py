"""Files that a merge has and a parent lacks: what they were called there.

Such a file shows as wholly new against that parent. git's own combined names with rename detection
compare every file that the parents do not share; here only these files are held against what the
merge in turn lacks of that parent's, all merges of a chunk at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from codeshare.git.form import RawEntry, raw_entry, reading
from codeshare.git.mergednames import MergedNames, MergeToRead
from codeshare.git.owntrees import Entry, OwnTrees
from codeshare.git.quoting import unquote_c
from codeshare.git.raw import AS_NAMED, is_file
from codeshare.git.shadow import ask

_COMPARE = ("diff-tree", "--stdin", "-r", "--raw", "--full-index", "-M50%", "-l1000")
_COME_AND_GONE = (*AS_NAMED, "--diff-filter=ADT")
_ABSENT = b":000000"
_MOST_PATHS = 2000  # of one merge and parent


class Lacking(Struct, frozen=True):
    """A merge, the number of a parent, and the files (rows of `MergedNames`) that this parent lacks."""

    merge: MergeToRead
    parent: int
    files: Sequence[int]


def find_renames(git_dir: Path, names: MergedNames, lacking: Sequence[Lacking]) -> MergedNames:
    """The files that a parent has under another name, with that name and blob."""
    found: dict[int, dict[int, tuple[bytes, bytes]]] = {}
    with OwnTrees(git_dir) as trees:
        asked = list(_asked(git_dir, names, lacking, trees))
        compared = _compared(git_dir, _COMPARE, [pair for _, _, pair in asked])
        for (each, gone, _), lines in zip(asked, compared, strict=True):
            blobs = {path: blob for path, _, blob in gone}
            rows = {names.path[file]: file for file in each.files}
            for entry in _entries(lines):
                if entry.status == "R":
                    old, new = (unquote_c(name).removeprefix(trees.folder) for name in entry.names)
                    found.setdefault(rows[new], {})[each.parent] = old, blobs[old]
    return _renamed(names, found)


def _asked(
    git_dir: Path, names: MergedNames, lacking: Sequence[Lacking], trees: OwnTrees
) -> Iterator[tuple[Lacking, list[Entry], str]]:
    parents = [(each.merge.against, *each.merge.others)[each.parent] for each in lacking]
    pairs = [f"{each.merge.sha} {parent}" for each, parent in zip(lacking, parents, strict=True)]
    for each, lines in zip(lacking, _compared(git_dir, _COME_AND_GONE, pairs), strict=True):
        gone, come = [], []
        wanted = {names.path[file] for file in each.files}
        # A parent may lack a whole folder, of which a file or two are wanted.
        for entry in _entries(line for line in lines if line[:7] != _ABSENT or _name(line) in wanted):
            path = unquote_c(entry.names[-1])
            if not is_file(entry.modes[1]) and is_file(entry.modes[0]):
                gone.append((path, entry.modes[0], entry.ids[0]))
            elif path in wanted:
                come.append((path, entry.modes[1], entry.ids[1]))
        if gone and len(gone) + len(come) <= _MOST_PATHS:
            yield each, gone, trees.pair(gone, come)


def _compared(git_dir: Path, command: Sequence[str], pairs: Sequence[str]) -> list[list[bytes]]:
    """The raw entries of each pair of trees or commits, as printed; none where git cannot compare them."""
    status, out, _ = ask(git_dir, command, pairs)
    if status and len(pairs) > 1:
        return [lines for pair in pairs for lines in _compared(git_dir, command, [pair])]
    found: list[list[bytes]] = []
    with reading("diff-tree"):
        for line in filter(None, out.split(b"\n")):
            if line.startswith(b":"):
                found[-1].append(line)
            else:
                found.append([])
    return found if not status else [[]]


def _entries(lines: Iterable[bytes]) -> Iterator[RawEntry]:
    with reading("diff-tree"):
        for line in lines:
            yield raw_entry(line)


def _name(line: bytes) -> bytes:
    return unquote_c(line.rpartition(b"\t")[2])


def _renamed(names: MergedNames, found: Mapping[int, Mapping[int, tuple[bytes, bytes]]]) -> MergedNames:
    result = MergedNames()
    for file, olds in sorted(found.items()):
        paths, blobs = list(names.old_paths[file]), list(names.old_blobs[file])
        for parent, (path, blob) in olds.items():
            paths[parent], blobs[parent] = path, blob
        result.commit.append(names.commit[file])
        result.path.append(names.path[file])
        result.blob.append(names.blob[file])
        result.old_paths.append(tuple(paths))
        result.old_blobs.append(tuple(blobs))
    return result
