"""What each commit of a chunk changed, from what git answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from msgspec import Struct, field

from codeshare.git.answers import Answers, ask_about
from codeshare.git.broken import Failure
from codeshare.git.deltas import Deltas, deltas_of
from codeshare.git.mergednames import MergeToRead
from codeshare.git.merges import Merges, read_merges
from codeshare.git.patch import PairHunks
from codeshare.git.quoting import unquote_c
from codeshare.git.raw import RawFiles
from codeshare.git.shadow import BINARY_WITHIN, DIFF_OPTIONS, ask, communicate_in, refuse_failed
from codeshare.git.trees import Listing, list_trees
from codeshare.git.wanted import LINES, Wanted

_NUMSTAT = ("diff-tree", "--stdin", "--always", "--numstat", *DIFF_OPTIONS)


@cache
def _no_deltas() -> Deltas:
    return deltas_of(PairHunks(b"", ()), RawFiles(), ())


class Chunk(Struct):
    """What a stretch of ``commits`` (indexes into the walk) came to; ``merges`` where lines are followed.

    ``uncompared``: commits of which it is not known what they changed, since a tree is absent, merges too,
    with what can be read of their own.
    """

    commits: Sequence[int]
    deltas: Deltas
    failures: list[Failure]
    merges: Merges = field(default_factory=Merges)
    uncompared: dict[int, Listing] = field(default_factory=dict)

    @classmethod
    def of_nothing(cls, commits: Sequence[int]) -> Chunk:
        """A stretch of which nothing is told here."""
        return cls(commits, _no_deltas(), [])


def read_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    wanted: Wanted = LINES,
    merges: Sequence[MergeToRead] = (),
) -> Chunk:
    """Compute the changes of one chunk of commits, and what its merges did."""
    answers = ask_about(git_dir, commits, shas, merges, lines=wanted.lines)
    return parse_chunk(git_dir, commits, shas, answers, wanted, merges)


def parse_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    answers: Answers,
    wanted: Wanted,
    merges: Sequence[MergeToRead],
) -> Chunk:
    """As `read_chunk`, with git's ``answers`` at hand."""
    stretch = sorted([*commits, *(merge.commit for merge in merges)])
    patches = PairHunks(answers.patches, answers.pairs.order)
    deltas = deltas_of(patches, answers.files, answers.file_pair, wanted)
    counts_to_mend(git_dir, answers.files, dict(zip(commits, shas, strict=True))).mend(deltas)
    if not wanted.lines:
        return Chunk(stretch, deltas, answers.failures)
    _follow_files_only(git_dir, deltas)
    sha_of = dict(zip(commits, shas, strict=True)) | {merge.commit: merge.sha for merge in merges}
    return Chunk(
        stretch,
        deltas,
        answers.failures,
        read_merges(git_dir, merges, answers.merged, patches, text_lines),
        list_trees(git_dir, {commit: sha_of[commit] for commit in _uncompared(answers, merges)}),
    )


def _uncompared(answers: Answers, merges: Sequence[MergeToRead]) -> list[int]:
    """Commits whose tree, or that of a parent, is absent."""
    alone = [failure.commit for failure in answers.failures if not failure.changed]
    return alone + [merge.commit for merge in merges if merge.commit not in answers.merged.paths]


def _follow_files_only(git_dir: Path, deltas: Deltas) -> None:
    """Make the hunks those of the lines to follow: a text that was binary is all new."""
    hidden = [
        k
        for k, (added, status) in enumerate(zip(deltas.added.tolist(), deltas.status, strict=True))
        if added < 0 and status in "MR" and deltas.blob[k]  # a type change shows its new lines
    ]
    if hidden:
        lines = text_lines(git_dir, [deltas.blob[k] for k in hidden])
        born = [(k, lines[deltas.blob[k]]) for k in hidden if lines.get(deltas.blob[k])]
        deltas.hunks = np.concatenate(
            (deltas.hunks, np.array([(0, 0, 1, n) for _, n in born], dtype=np.int64).reshape(-1, 4))
        )
        deltas.hunk_file = np.concatenate((deltas.hunk_file, np.array([k for k, _ in born], dtype=np.int64)))
        order = np.argsort(deltas.hunk_file, kind="stable")
        deltas.hunks, deltas.hunk_file = deltas.hunks[order], deltas.hunk_file[order]
    deltas.hunks = deltas.hunks.astype(np.int32)
    deltas.moved_lines = deltas.moved_lines[deltas.moved[deltas.moved_lines[:, 0]] > 0].astype(np.int32)


class Mended(Struct):
    """Counts that patches do not tell: of type changes (added, deleted; −1: binary), and which files are ``binary``."""

    counts: dict[int, tuple[int, int]]
    binary: list[int]

    def add(self, more: Mended, number: Sequence[int]) -> None:
        """Take in those of other files, which have these numbers here."""
        self.counts |= {number[k]: counts for k, counts in more.counts.items()}
        self.binary += [number[k] for k in more.binary]

    def mend(self, deltas: Deltas) -> None:
        """Put them in."""
        for k, (added, deleted) in self.counts.items():
            deltas.added[k], deltas.deleted[k] = added, deleted
            deltas.moved[k] = deltas.whitespace[k] = 0
        deltas.added[self.binary] = deltas.deleted[self.binary] = -1


def counts_to_mend(git_dir: Path, files: RawFiles, sha_of: Mapping[int, str]) -> Mended:
    """Ask git for what the patches of some commits' files do not tell."""
    return Mended(_type_changes(git_dir, files, sha_of), _unchanged_binaries(git_dir, files))


def _type_changes(git_dir: Path, files: RawFiles, sha_of: Mapping[int, str]) -> dict[int, tuple[int, int]]:
    """The counts of numstat, which compares contents where the patch replaces them."""
    changed = [k for k, status in enumerate(files.status) if status == "T"]
    if not changed:
        return {}
    commits = sorted({files.commit[k] for k in changed})
    status, out, err = ask(git_dir, _NUMSTAT, [sha_of[commit] for commit in commits])
    refuse_failed("diff-tree", status, err)
    counts: dict[tuple[str, bytes], tuple[int, int]] = {}
    names, current = {sha_of[commit] for commit in commits}, ""
    for line in out.split(b"\n"):
        fields = line.split(b"\t")
        if len(fields) == 3:
            binary = fields[0] == b"-"
            counts[current, unquote_c(fields[2])] = (-1, -1) if binary else (int(fields[0]), int(fields[1]))
        elif (sha := line.decode("ascii", "replace")) in names:
            current = sha
    return {k: counts[sha_of[files.commit[k]], files.path[k]] for k in changed}


def _unchanged_binaries(git_dir: Path, files: RawFiles) -> list[int]:
    """Binary files that were only renamed or whose mode changed: their patch shows no content."""
    unchanged = files.unchanged()
    text = text_lines(git_dir, sorted({name for _, name in unchanged})) if unchanged else {}
    return [file for file, name in unchanged if name not in text]


def text_lines(git_dir: Path, blobs: Sequence[bytes]) -> dict[bytes, int]:
    """How many lines each blob (hex ids) has; binary ones are left out, absent ones and submodules count 0."""
    wanted = sorted(set(blobs))
    feed = b"".join(name + b"\n" for name in wanted)
    _, out, _ = communicate_in(git_dir, "cat-file", "--batch", "--buffer", feed=feed)
    lines = dict.fromkeys(wanted, 0)
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        fields = out[at:end].split(b" ")
        at = end + 1
        if len(fields) == 3:
            stop = at + int(fields[2])
            if fields[1] == b"blob" and out.find(b"\0", at, min(stop, at + BINARY_WITHIN)) >= 0:
                del lines[fields[0]]
            else:
                lines[fields[0]] = out.count(b"\n", at, stop) + (stop > at and out[stop - 1 : stop] != b"\n")
            at = stop + 1
    return lines
