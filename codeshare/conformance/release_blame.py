"""Lines of releases as ``git blame`` counts them by given rules, beside the published counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from codeshare.conformance.blame_rules import BlameRules
from codeshare.conformance.comparison import TOLERANCE, Compared, Figure
from codeshare.errors import ExportError, NoSuchRevision
from codeshare.exports.documents import read_values
from codeshare.exports.plain_yaml import read_plain_yaml
from codeshare.git.blame import blame_since, changed_paths, messages_since
from codeshare.git.repository import find_commit
from codeshare.git.shadow import Shadow
from codeshare.metrics.at_hand import AtHand

_MOST_NAMED = 3


class _Counted(Struct):
    """Lines by commit, of one release."""

    by_file: dict[str, Counter[str]] = field(default_factory=dict)
    agents: frozenset[str] = frozenset()
    unread: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return sum(counts.total() for counts in self.by_file.values())

    @property
    def ai(self) -> int:
        return sum(self.of_agent(counts) for counts in self.by_file.values())

    def of_agent(self, counts: Counter[str]) -> int:
        return sum(lines for sha, lines in counts.items() if sha in self.agents)


def compare_releases(
    at_hand: AtHand,
    path: Path,
    rules: BlameRules,
    *,
    only: Sequence[str] = (),
    tolerance: float = TOLERANCE,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Compared:
    """Count each release anew and compare.

    Args:
        at_hand: the repository.
        path: the published file, YAML as a program writes it, or JSON.
        rules: by which was counted.
        only: releases (their later tag) to look at; none: all.
        tolerance: see `Figure.verdict`.
        tell: called with how many releases are done, of how many.

    Raises:
        ExportError: the file is in no known form, or holds none of the releases.
    """
    entries = [each for each in _entries(path, rules) if not only or each[rules.keys["to"]] in only]
    if not entries:
        raise ExportError(f"{path}: holds no such release.")
    figures: list[Figure] = []
    with at_hand.repository.shadow() as shadow:
        for n, entry in enumerate(entries):
            tell(n, len(entries))
            figures += _release(shadow, at_hand, entry, rules)
    notes = (
        "counted with the same options of git blame; a publisher's later script or clone may have had other files",
    )
    return Compared(figures, tolerance, notes)


def _entries(path: Path, rules: BlameRules) -> list[dict[str, Any]]:
    is_json = path.suffix.lower() in (".json", ".jsonl")
    value = read_values(path) if is_json else read_plain_yaml(path)
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    found = value if isinstance(value, list) else [value]
    keys = [rules.keys[key] for key in ("from", "to", "lines", "ai")]
    for n, entry in enumerate(found, 1):
        if not isinstance(entry, dict) or (lacking := [key for key in keys if key not in entry]):
            raise ExportError(f"{path}: entry {n} lacks {', '.join(lacking) if isinstance(entry, dict) else 'everything'}.")  # fmt: skip
    return found


def _release(shadow: Shadow, at_hand: AtHand, entry: Mapping[str, Any], rules: BlameRules) -> list[Figure]:
    start, end = str(entry[rules.keys["from"]]), str(entry[rules.keys["to"]])
    names = ("lines", "ai", *(("percent",) if rules.keys.get("percent") in entry else ()))
    published = {name: float(entry[rules.keys[name]]) for name in names}
    try:
        ends = find_commit(at_hand.folder, start), find_commit(at_hand.folder, end)
    except NoSuchRevision:
        return [Figure(end, name, published[name], None, f"{start} or {end} is not in this repository: fetch its tags") for name in names]  # fmt: skip
    counted = _count(shadow, *ends, rules)
    if counted.unread:
        why = f"git cannot blame {len(counted.unread)} files, the first {counted.unread[0]}: objects are absent; git fetch --refetch --no-filter"
        return [Figure(end, name, published[name], None, why) for name in names]
    ours = {"lines": float(counted.lines), "ai": float(counted.ai)}
    ours["percent"] = round(100 * counted.ai / counted.lines, 2) if counted.lines else 0.0
    why = _why(counted, entry.get(rules.keys.get("files", "")))
    return [Figure(end, name, published[name], ours[name], why) for name in names]


def _count(shadow: Shadow, start: str, end: str, rules: BlameRules) -> _Counted:
    agents = frozenset(
        sha for sha, author, message in messages_since(shadow, start, end) if rules.is_agents(author, message)
    )
    counted = _Counted(agents=agents)
    # A file that did not change between the two has no line from between them.
    for path in changed_paths(shadow, start, end):
        if not rules.counts_file(path):
            continue
        lines = blame_since(shadow, start, end, path, rules.options)
        if lines is None:
            counted.unread.append(path)
        elif lines:
            counted.by_file[path] = lines
    return counted


def _why(counted: _Counted, files: Any) -> str:
    """Which files make the difference, where the published file says what it counted in each."""
    if not isinstance(files, dict):
        return ""
    published = {
        str(path): sum(lines for lines in counts.values() if isinstance(lines, int))
        for path, counts in files.items()
        if isinstance(counts, dict)
    }
    ours = {path: counts.total() for path, counts in counted.by_file.items()}
    parts = []
    for words, paths in (
        ("counted there alone", sorted(set(published) - set(ours))),
        ("counted here alone", sorted(set(ours) - set(published))),
        (
            "with other counts",
            sorted(path for path in set(ours) & set(published) if ours[path] != published[path]),
        ),
    ):
        if paths:
            named = ", ".join(paths[:_MOST_NAMED])
            parts.append(f"{len(paths)} files {words}: {named}{', …' if len(paths) > _MOST_NAMED else ''}")
    return "; ".join(parts) or "the same lines of each file, of other commits"
