"""What ``diff-tree --raw`` says that commits changed: files and their blobs, for which git reads no content.

Only where it looks for renames it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from codeshare.errors import GitError
from codeshare.git.form import reading
from codeshare.git.quoting import unquote_c
from codeshare.git.shadow import DIFF_OPTIONS

NAMES = ("diff-tree", "--stdin", "--always", "--raw", "--full-index", *DIFF_OPTIONS)
"""Has git name what commits changed, renames among it."""
AS_NAMED = ("diff-tree", "--stdin", "--always", "--raw", "--full-index", "-r", "--root", "--no-renames", "--ignore-submodules=all")  # fmt: skip
"""The same, a rename being one file that goes and one that comes."""
_ROW = re.compile(
    rb"^(?:([0-9a-f]{40,64})"
    rb"|:([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])\d*\t([^\t\n]+)(?:\t([^\t\n]+))?)$",
    re.MULTILINE,
)
_NO_FILE = (b"000000", b"160000")  # modes


class RawFiles(Struct):
    """The files that commits changed, in git's order. ``done``: the commits (indexes into the walk) that came back.

    Per file: ``commit`` (index into the walk), ``status`` (git's letter), ``path`` and ``old_path`` (bytes;
    None unless renamed), ``old`` and ``new``: the blobs (hex ids; empty: none, or a submodule), ``objects``:
    both ids as git names them.
    """

    done: list[int] = field(default_factory=list)
    commit: list[int] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    path: list[bytes] = field(default_factory=list)
    old_path: list[bytes | None] = field(default_factory=list)
    old: list[bytes] = field(default_factory=list)
    new: list[bytes] = field(default_factory=list)
    objects: list[bytes] = field(default_factory=list)

    def refuse_fewer(self, expected: int) -> None:
        """One absent object ends git, and nothing else says that commits are missing.

        Raises:
            GitError: another number of commits came back than ``expected``.
        """
        if len(self.done) != expected:
            raise GitError(f"git diff-tree ended after {len(self.done)} of {expected} commits")

    def extend(self, more: RawFiles) -> None:
        """Take in what came after."""
        for name in self.__struct_fields__:
            getattr(self, name).extend(getattr(more, name))

    def number(self, commits: Sequence[int]) -> None:
        """Let commits have these numbers, given by the ones they had."""
        self.done = [commits[k] for k in self.done]
        self.commit = [commits[k] for k in self.commit]

    def sort(self) -> list[int]:
        """Put the files in order of their commits; the new number of each."""
        order = sorted(range(len(self.commit)), key=self.commit.__getitem__)
        for name in self.__struct_fields__:
            if name != "done":
                values = getattr(self, name)
                setattr(self, name, [values[k] for k in order])
        self.done.sort()
        number = [0] * len(order)
        for new, k in enumerate(order):
            number[k] = new
        return number

    def unchanged(self) -> list[tuple[int, bytes]]:
        """Number and blob of the files that were only renamed or whose mode changed."""
        both = enumerate(zip(self.old, self.new, strict=True))
        return [(k, new) for k, (old, new) in both if old == new != b""]


def parse_raw(out: bytes, commits: Sequence[int], shas: Sequence[str]) -> RawFiles:
    """Parse what `NAMES` printed for ``commits``.

    Args:
        out: it may end after any commit, then fewer come back.
        commits: indexes into the walk, in the order in which they were fed.
        shas: their ids, in the same order.

    Raises:
        GitError: it has another form.
    """
    with reading("diff-tree"):
        rows = _ROW.findall(out)
        if len(rows) != out.count(b"\n"):
            raise ValueError("a raw entry in another form")
        return _files(rows, dict(zip((sha.encode("ascii") for sha in shas), commits, strict=True)))


def _files(rows: Sequence[tuple[bytes, ...]], commits: dict[bytes, int]) -> RawFiles:
    files = RawFiles()
    waiting = iter(commits.items())
    current = -1
    for sha, old_mode, new_mode, old, new, status, name, other in rows:
        if sha:
            expected, current = next(waiting, (b"", -1))
            if sha != expected:
                raise ValueError("a commit that was not asked for")
            files.done.append(current)
            continue
        if current < 0:
            raise ValueError("a raw entry of no commit")
        files.commit.append(current)
        files.status.append(status.decode("ascii"))
        files.path.append(unquote_c(other or name))
        files.old_path.append(unquote_c(name) if other else None)
        files.old.append(b"" if old_mode in _NO_FILE else old)
        files.new.append(b"" if new_mode in _NO_FILE else new)
        files.objects.append(old + new)
    return files


def is_file(mode: bytes) -> bool:
    """Whether a tree entry's mode is that of a file or symbolic link: neither absent nor a submodule."""
    return mode not in _NO_FILE
