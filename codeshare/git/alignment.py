"""Which lines of one file stand in another: pairs of blobs compared by a single git process.

A line is found again where it is alone of its kind in both files, or stands in one piece with such a
line. A lone brace that git pairs with another lone brace proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from codeshare.git.content import blobs_by_id
from codeshare.git.shadow import Shadow, communicate_in, is_binary

Run = tuple[int, int, int]
"""First line in the one file and in the other (0-based), and how many."""

_MOST = 500  # pairs in one comparison: its output is held in memory
_LONGEST = 4 << 20  # bytes of a file that is still looked at
_SPACE = b" \t\r\f\v"
_NO_WORD = bytes(n for n in range(128) if not (chr(n).isalnum() or chr(n) == "_"))
_TELLING = 4  # letters, digits and underscores
_HEADER = re.compile(
    rb"^(?:diff --git a/(\d+) b/\d+|@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@|Binary files )", re.MULTILINE
)


def squeezed(content: bytes) -> list[bytes]:
    """The lines of a file without any whitespace, as git counts lines."""
    lines = content.translate(None, _SPACE).split(b"\n")
    return lines if lines[-1] else lines[:-1]


def is_telling(line: bytes) -> bool:
    """Whether a squeezed line says enough to be known again: braces and ``else`` alone do not."""
    return len(line.translate(None, _NO_WORD)) >= _TELLING


def same_runs(shadow: Shadow, pairs: Sequence[tuple[bytes, bytes]]) -> Iterator[list[Run]]:
    """For each pair of blobs (hex ids) the runs of lines that are the same but for whitespace.

    Nothing of a pair that is binary, very long or absent.
    """
    for low in range(0, len(pairs), _MOST):
        part = pairs[low : low + _MOST]
        lines = read_squeezed(shadow, {blob for pair in part for blob in pair})
        known = [k for k, pair in enumerate(part) if all(lines[blob] is not None for blob in pair)]
        hunks = _compare(shadow, [part[k] for k in known])
        found: dict[int, list[Run]] = {}
        for k, mine in zip(known, hunks, strict=True):
            before, after = (lines[blob] or [] for blob in part[k])
            found[k] = list(_proved(_between(mine, len(before), len(after)), before, after))
        yield from (found.get(k, []) for k in range(len(part)))


def read_squeezed(shadow: Shadow, blobs: set[bytes]) -> dict[bytes, list[bytes] | None]:
    """The squeezed lines of blobs (hex ids); None of what is binary, very long or absent."""
    names = sorted(blobs)
    contents = blobs_by_id(shadow, [name.decode("ascii") for name in names])
    result: dict[bytes, list[bytes] | None] = {}
    for name, (_, content) in zip(names, contents, strict=True):
        is_known = content is not None and len(content) <= _LONGEST and not is_binary(content)
        result[name] = squeezed(content) if content is not None and is_known else None
    return result


def _compare(shadow: Shadow, pairs: Sequence[tuple[bytes, bytes]]) -> list[list[tuple[int, ...]]]:
    """Hunks of each pair: two trees are made in the shadow, whose files are the pairs' blobs."""
    trees = [_make_tree(shadow, [pair[side] for pair in pairs]) for side in (0, 1)]
    hunks: list[list[tuple[int, ...]]] = [[] for _ in pairs]
    if trees[0] == trees[1]:
        return hunks
    _, out, _ = communicate_in(
        shadow.path, "diff-tree", "-p", "-U0", "-w", "--no-renames", "--no-ext-diff", "--no-textconv", *trees
    )
    current: list[tuple[int, ...]] = []
    for match in _HEADER.finditer(out):
        if match[1] is not None:
            current = hunks[int(match[1])]
        elif match[2] is not None:
            current.append(tuple(1 if text is None else int(text) for text in match.groups()[1:]))
    return hunks


def _make_tree(shadow: Shadow, blobs: Sequence[bytes]) -> str:
    feed = b"".join(b"100644 blob %s\t%08d\0" % (blob, k) for k, blob in enumerate(blobs))
    return shadow.run("mktree", "-z", "--missing", feed=feed).decode("ascii").strip()


def _between(hunks: Sequence[tuple[int, ...]], before: int, after: int) -> Iterator[Run]:
    """What lies between the hunks of a comparison."""
    old = new = 0
    for old_start, old_count, new_start, new_count in hunks:
        start_old = old_start - (old_count > 0)
        start_new = new_start - (new_count > 0)
        if start_old > old:
            yield old, new, start_old - old
        old, new = start_old + old_count, start_new + new_count
    if old < before and new < after:
        yield old, new, min(before - old, after - new)


def _proved(runs: Iterator[Run], before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[Run]:
    """The runs with a line that is telling and alone of its kind in both files."""
    often_before, often_after = Counter(before), Counter(after)
    for run in runs:
        lines = before[run[0] : run[0] + run[2]]
        if any(often_before[line] == 1 == often_after[line] and is_telling(line) for line in lines):
            yield run
