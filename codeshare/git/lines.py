"""The changed lines of single commits, whitespace aside: what tells whether one undoes another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from codeshare.git.shadow import DIFF_OPTIONS, ask

_PATCH = ("diff-tree", "--stdin", "--always", "-p", "-U0", *DIFF_OPTIONS)
_SPACE = b" \t\r\f\v"


class ChangedLines(Struct):
    """How often each line that is not blank was added and removed, whatever the file."""

    added: Counter[bytes] = field(default_factory=Counter)
    removed: Counter[bytes] = field(default_factory=Counter)

    def undoes(self, other: ChangedLines) -> float:
        """The share of ``other``'s changed lines that this change takes back, 0 to 1."""
        total = other.added.total() + other.removed.total()
        back = (self.added & other.removed).total() + (self.removed & other.added).total()
        return back / total if total else 0.0

    def brings_back(self, other: ChangedLines) -> float:
        """The share of this change's added lines that ``other`` removed, 0 to 1; of none all."""
        total = self.added.total()
        return (self.added & other.removed).total() / total if total else 1.0


class ChangedText(Struct, frozen=True):
    """A commit's changed lines without whitespace, in git's order: (number of the file, text)."""

    added: list[tuple[int, bytes]]
    removed: list[tuple[int, bytes]]


def read_changed_lines(git_dir: Path, shas: Mapping[int, str]) -> dict[int, ChangedLines]:
    """Read commits (index → id); those that git cannot compute are left out."""
    return {
        i: ChangedLines(*(Counter(line for _, line in side if line) for side in (text.added, text.removed)))
        for i, text in read_changed_text(git_dir, shas).items()
    }


def read_changed_text(git_dir: Path, shas: Mapping[int, str]) -> dict[int, ChangedText]:
    """Read commits (index → id) line by line, as the hunks of lines' lives have them.

    Those that git cannot compute are left out.
    """
    number = {sha.encode("ascii"): i for i, sha in shas.items()}
    result: dict[int, ChangedText] = {}
    current, in_hunk, file = ChangedText([], []), False, 0
    for line in _patches(git_dir, list(shas.values())).split(b"\n"):
        if line in number:
            current, in_hunk = result.setdefault(number[line], ChangedText([], [])), False
        elif line.startswith(b"@@"):
            in_hunk = True
        elif line.startswith(b"diff --git "):
            in_hunk = False
            file += 1
        elif in_hunk and line[:1] in (b"+", b"-"):
            side = current.added if line[:1] == b"+" else current.removed
            side.append((file, line[1:].translate(None, _SPACE)))
    return result


def _patches(git_dir: Path, shas: Sequence[str]) -> bytes:
    """The patches of commits; when one ends git, each half goes on without the other."""
    status, out, _ = ask(git_dir, _PATCH, shas)
    if not status:
        return out
    half = len(shas) // 2
    return _patches(git_dir, shas[:half]) + _patches(git_dir, shas[half:]) if half else b""
