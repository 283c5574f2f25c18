"""What git is asked about a chunk of commits: which files they changed, and how, every pair of blobs once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from msgspec import Struct, field

from codeshare.git.broken import Failure, without_broken
from codeshare.git.mergednames import MergedNames, MergeToRead, read_names
from codeshare.git.pairs import Pairs
from codeshare.git.raw import NAMES, RawFiles, parse_raw
from codeshare.git.shadow import Answer, ask, last_line, refuse_failed


class Answers(Struct):
    """What git answered.

    ``patches``: what it printed for ``pairs``; ``file_pair``: (number of the file, of the pair) for each
    patch of ``files``; ``merged``: the files of merges. ``failures``: commits that it cannot compute.
    """

    files: RawFiles
    merged: MergedNames
    failures: list[Failure] = field(default_factory=list)
    pairs: Pairs = field(default_factory=Pairs)
    file_pair: list[tuple[int, int]] = field(default_factory=list)
    patches: bytes = b""

    def compare(self, git_dir: Path, *, lines: bool) -> tuple[int, bytes]:
        """Fill in what git says of the pairs; its status and error output."""
        self.file_pair = self.pairs.add_files(self.files)
        self.merged.add_to(self.pairs)
        status, self.patches, err = self.pairs.compare(git_dir, lines=lines) if self.pairs else (0, b"", b"")
        return status, err


def ask_about(
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str],
    merges: Sequence[MergeToRead] = (),
    *,
    lines: bool = True,
) -> Answers:
    """Ask what ``commits`` (indexes into the walk, with their ids) and ``merges`` changed.

    One absent blob ends git, and everything after it is silently absent. So every exit status is looked
    at, the commits that came back are counted, and after a failure the rest goes on without what cannot
    be read.

    Args:
        lines: to follow them, as `git blame` would; else to count them as numstat does.

    Raises:
        GitError: git ends all the same.
    """
    merged = read_names(merges, partial(ask, git_dir))
    status, out, err = ask(git_dir, NAMES, shas)
    if not status:
        answers = Answers(parse_raw(out, commits, shas), merged)
        status, err = answers.compare(git_dir, lines=lines)
    if status:
        answers = _around_broken(git_dir, dict(zip(commits, shas, strict=True)), merged, last_line(err))
        status, err = answers.compare(git_dir, lines=lines)
    refuse_failed("diff-tree", status, err)
    expected = len(commits) - len({failure.commit for failure in answers.failures} - set(answers.files.done))
    answers.files.refuse_fewer(expected)
    return answers


def _around_broken(git_dir: Path, sha_of: Mapping[int, str], merged: MergedNames, why: str) -> Answers:
    failures, partly = without_broken(git_dir, sha_of, why)
    lost = {failure.commit for failure in failures} - partly.keys()
    commits = [commit for commit in sha_of if commit not in lost]
    shas = [sha_of[commit] for commit in commits]
    status, out, err = _ask_around(git_dir, commits, shas, partly)
    refuse_failed("diff-tree", status, err)
    merged.leave_out_unreadable(partial(ask, git_dir))
    return Answers(parse_raw(out, commits, shas), merged, failures)


def _ask_around(
    git_dir: Path, commits: Sequence[int], shas: Sequence[str], known: Mapping[int, bytes]
) -> Answer:
    """What `NAMES` prints, with what is ``known`` of some commits in its place."""
    parts: list[bytes] = []
    for is_known, group in groupby(zip(commits, shas, strict=True), lambda each: each[0] in known):
        members = list(group)
        if is_known:
            parts += [known[commit] for commit, _ in members]
            continue
        status, out, err = ask(git_dir, NAMES, [sha for _, sha in members])
        parts.append(out)
        if status:
            return status, b"".join(parts), err
    return 0, b"".join(parts), b""
