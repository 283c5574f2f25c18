"""Where agents keep records of who wrote which lines: found among refs, read in bulk, not yet understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from codeshare.errors import GitError
from codeshare.git.content import blobs_by_id
from codeshare.git.recordrefs import AUTHORSHIP, CHECKPOINTS, NOTES
from codeshare.git.repository import tree_entries
from codeshare.git.shadow import Shadow, communicate_in, last_line
from codeshare.git.trees import list_tree

TRACES = b".agent-trace"
_NOTE_PATH = re.compile(rb"[0-9a-f/]+\Z")
_COMMIT = re.compile(rb"commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\Z")


class Record(Struct, frozen=True):
    """One record as it is stored: what it is about, where it was found, its content (None: absent)."""

    commit: str
    origin: str
    content: bytes | None


class Found(Struct):
    """Places of records: (commit's id, ref, blob's id), the ref that counts most first; refs that cannot be read."""

    places: list[tuple[str, str, str]] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def find_notes(shadow: Shadow, refs: Iterable[tuple[str, str]]) -> Found:
    """List the records that are kept a commit each: notes, and the objects from before there were notes."""
    found = Found()
    for name, target in refs:
        if name.startswith(AUTHORSHIP):
            if commit := _noted(
                name.removeprefix(AUTHORSHIP).encode("utf-8", "surrogateescape"), shadow.hex_length
            ):
                found.places.append((commit, name, target))
        elif name.startswith(NOTES):
            try:
                listed = list_tree(shadow.path, target)
            except GitError as error:
                found.unreadable.append((name, str(error)))
                continue
            found.places += [
                (commit, name, blob.decode("ascii"))
                for path, blob in listed
                if (commit := _noted(path, shadow.hex_length))
            ]
    return found


def read_notes(shadow: Shadow, places: Sequence[tuple[str, str, str]]) -> Iterator[Record]:
    """Read what `find_notes` listed, in order and one at a time: old ones hold whole conversations."""
    contents = blobs_by_id(shadow, [blob for _, _, blob in places])
    for (commit, origin, _), (_, content) in zip(places, contents, strict=True):
        yield Record(commit, origin, content)


def read_checkpoints(
    shadow: Shadow,
    refs: Iterable[tuple[str, str]],
    wanted: Mapping[str, object],
    id_of: Callable[[bytes], str | None],
) -> tuple[list[Record], list[tuple[str, str]]]:
    """Read what the checkpoint branches hold on the ``wanted`` checkpoints; and the refs that cannot be read.

    Args:
        id_of: the checkpoint that a path of the branch describes.

    Returns:
        Records whose ``commit`` is the checkpoint's id; the same file of two branches comes once.
    """
    places: dict[bytes, tuple[str, str, str]] = {}
    unreadable = []
    for name, target in refs:
        if CHECKPOINTS not in name:
            continue
        try:
            for path, blob in list_tree(shadow.path, target):
                if (checkpoint := id_of(path)) in wanted and checkpoint is not None:
                    places.setdefault(path, (checkpoint, name, blob.decode("ascii")))
        except GitError as error:
            unreadable.append((name, str(error)))
    return list(read_notes(shadow, list(places.values()))), unreadable


def read_traces(shadow: Shadow, tip: str) -> tuple[list[Record], str | None]:
    """Every line that a commit added to a trace file, oldest first; and why not all could be read."""
    status, out, err = communicate_in(
        shadow.path, "log", "--reverse", "--full-history", "--topo-order", "--format=commit %H", "-p", "-U0",
        "--text", "--no-renames", "--no-ext-diff", "--no-textconv", tip, "--", TRACES.decode("ascii"),
    )  # fmt: skip
    return list(_added_lines(out)), last_line(err) if status else None


def has_traces(shadow: Shadow, tip: str) -> bool:
    """Whether the tree of a commit has trace files; false where it is absent."""
    return bool(tree_entries(shadow, tip, [TRACES.decode("ascii")]))


def _added_lines(out: bytes) -> Iterator[Record]:
    commit, path, in_hunk = "", "", False
    for line in out.split(b"\n"):
        if in_hunk and line.startswith(b"+"):
            if line[1:].strip() and path.endswith(".jsonl"):
                yield Record(commit, path, line[1:])
        elif line.startswith(b"@@"):
            in_hunk = True
        elif line.startswith(b"diff --git "):
            in_hunk = False
        elif line.startswith(b"+++ b/"):
            path = line[6:].rstrip(b"\t").decode("utf-8", "replace")
        elif match := _COMMIT.match(line):
            commit, in_hunk = match[1].decode("ascii"), False


def _noted(path: bytes, length: int) -> str | None:
    """The commit that a file of a notes tree is about: its path without the slashes, however deep."""
    if not _NOTE_PATH.match(path):
        return None
    name = path.replace(b"/", b"")
    return name.decode("ascii") if len(name) == length else None
