"""Commits that git cannot compute: which of their files cannot be read, and what can be read beside them.

A blob that is absent or damaged ends git at the first commit that needs it. Raw entries name the blobs
without reading them, so they tell which files to leave out for the rest to be computed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from codeshare.git.form import raw_entry, reading
from codeshare.git.quoting import unquote_c
from codeshare.git.raw import AS_NAMED, NAMES, is_file
from codeshare.git.shadow import DIFF_OPTIONS, Answer, ask, last_line

Ask = Callable[[Sequence[str], Sequence[str]], Answer]
"""Runs a git command (first argument) over lines of input (second)."""

_PATCH = ("diff-tree", "--stdin", "--always", "-p", *DIFF_OPTIONS)
_TYPE_CHANGE = re.compile(rb"^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ T\t", re.MULTILINE)
_MOST_APART = 500  # files of one commit; more would not fit a command line


class Failure(Struct, frozen=True):
    """A commit whose changes git cannot compute: index into the walk, its paths as far as known, why.

    ``changed``: the paths that differ from its parent and of which nothing else is known, with their blobs
    (hex id; empty: gone, or no file). What is known of the commit's other files is in the chunk's deltas.
    """

    commit: int
    paths: tuple[bytes, ...]
    why: str
    changed: tuple[tuple[bytes, bytes], ...] = ()


class Entry(Struct, frozen=True):
    """A raw entry: the path, the blobs (hex ids) that its patch needs, the commit's own (empty: gone, or no file)."""

    path: bytes
    needs: frozenset[bytes]
    blob: bytes


def parse_entries(out: bytes) -> list[Entry]:
    """Read raw entries; those of merges, too.

    Raises:
        GitError: one has another form.
    """
    with reading("diff-tree"):
        return [_parse_entry(line) for line in out.split(b"\n") if line.startswith(b":")]


def _parse_entry(line: bytes) -> Entry:
    entry = raw_entry(line)
    held = [blob if is_file(mode) else b"" for mode, blob in zip(entry.modes, entry.ids, strict=True)]
    return Entry(unquote_c(entry.names[-1]), frozenset(held) - {b""}, held[-1])


def needs_of(entries: Iterable[Entry]) -> frozenset[bytes]:
    """All blobs that the patches of some entries need."""
    return frozenset[bytes]().union(*(entry.needs for entry in entries))


def absent(ask: Ask, blobs: Iterable[bytes]) -> frozenset[bytes]:
    """Those of some blobs that are not there."""
    _, out, _ = ask(("cat-file", "--batch-check", "--buffer"), _ids(blobs))
    return frozenset(line.split(b" ")[0] for line in out.split(b"\n") if line.endswith(b" missing"))


def damaged(ask: Ask, blobs: Iterable[bytes]) -> frozenset[bytes]:
    """Those of some blobs that are there and cannot be read. git ends at each, so it goes on behind it."""
    waiting, found = _ids(blobs), set[bytes]()
    while waiting:
        status, out, _ = ask(("cat-file", "--batch", "--buffer"), waiting)
        if not status:
            break
        whole = _count_whole(out)
        found.update(name.encode("ascii") for name in waiting[whole : whole + 1])
        waiting = waiting[whole + 1 :]
    return frozenset(found)


def _ids(blobs: Iterable[bytes]) -> list[str]:
    return sorted(name.decode("ascii") for name in blobs)


def _count_whole(out: bytes) -> int:
    """How many objects a batch holds to their ends."""
    at = count = 0
    while (end := out.find(b"\n", at)) >= 0:
        fields = out[at:end].split(b" ")
        at = end + 1 + (int(fields[2]) + 1 if len(fields) == 3 else 0)
        count += at <= len(out)
    return count


def unreadable(ask: Ask, entries: Sequence[Entry], gone: frozenset[bytes]) -> list[Entry]:
    """The entries whose patches cannot be made; ``gone``: blobs known to be absent."""
    needed = needs_of(entries)
    lost = needed & gone or damaged(ask, needed)
    return [entry for entry in entries if entry.needs & lost]


def without(ask: Ask, command: Sequence[str], sha: str, apart: Sequence[Entry]) -> bytes | None:
    """What a command prints for a commit without some of its files; None where it fails all the same."""
    if not 0 < len(apart) <= _MOST_APART:
        return None
    paths = (f":(top,exclude,literal){os.fsdecode(entry.path)}" for entry in apart)
    status, out, _ = ask((*command, "--", ":(top)", *paths), [sha])
    return None if status else out


def without_broken(git_dir: Path, of: Mapping[int, str], why: str) -> tuple[list[Failure], dict[int, bytes]]:
    """Find the commits that git cannot compute, and what `NAMES` prints for them without the files it cannot read.

    One absent picture must not end the lines of all files that were changed with it.

    Args:
        of: index and id of the commits among which they are.
        why: git's words, where it says nothing of a commit alone.
    """
    once = partial(ask, git_dir)
    entries = _entries(git_dir, list(of.values()))
    gone = absent(once, needs_of(entry for rows in entries.values() for entry in rows))
    # Only a commit that names an absent object can break, unless a tree is absent or an object damaged.
    suspects = {sha for sha, rows in entries.items() if needs_of(rows) & gone} or set(of.values())
    failures: list[Failure] = []
    partly: dict[int, bytes] = {}
    for commit, sha in of.items():
        status, _, err = ask(git_dir, _PATCH, [sha]) if sha in suspects else (0, b"", b"")
        if status:
            rows = entries.get(sha) or parse_entries(ask(git_dir, AS_NAMED, [sha])[1])
            apart = unreadable(once, rows, gone)
            out = without(once, NAMES, sha, apart) if len(apart) < len(rows) else None
            # What numstat says of a change of type is asked for by commit, not by file.
            if out is not None and not _TYPE_CHANGE.search(out):
                partly[commit], rows = out, apart
            changed = tuple((entry.path, entry.blob) for entry in rows)
            paths = tuple(entry.path for entry in apart)
            failures.append(Failure(commit, paths, last_line(err) if err else why, changed))
    return failures, partly


def _entries(git_dir: Path, shas: list[str]) -> dict[str, list[Entry]]:
    """The raw entries of some commits; none at all where a tree is absent."""
    status, out, _ = ask(git_dir, AS_NAMED, shas)
    if status:
        return {}
    heads = list(re.finditer(rb"^[0-9a-f]+$", out, re.MULTILINE))
    ends = [*(head.start() for head in heads[1:]), len(out)]
    return {
        head[0].decode("ascii"): parse_entries(out[head.end() : end])
        for head, end in zip(heads, ends, strict=True)
    }
