"""What is not new work: bulk commits, duplicates, reverts. Pure functions over a walk and its patches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct, field

from codeshare.attribution.hints import any_of
from codeshare.attribution.messages import Messages
from codeshare.git.history import Walk
from codeshare.git.lines import ChangedLines
from codeshare.git.mainline import Mainline
from codeshare.mining.short_ids import ShortIds
from codeshare.model import Attribution, Commit, CommitAttribution

IMPORT_LINES = 10_000
WHITESPACE_SHARE = 0.9
UNDONE_SHARE = 0.9
# Smaller patches repeat by accident: a version bump, a closing brace.
DUPLICATE_LINES = 5
_REVERTED_SHA = re.compile(r"\bThis (?:reverts|partially reverts) commit ([0-9a-f]{7,64})")
_REVERTED_SUBJECT = re.compile(r'\ARevert "(.*)"\s*(?:\(#\d+\))?\Z', re.DOTALL)
_UNDOING = ("evert", "eapply", "eapplies")
_MAY_UNDO = any_of([f"r{word}" for word in _UNDOING])
_SUBTREE = re.compile(r"^git-subtree-(?:split|mainline|dir): ", re.MULTILINE)


class Patches(Struct):
    """Per commit of a walk (lists by walk index): counts and hashes of its whole patch."""

    added: list[int]
    deleted: list[int]
    whitespace: list[int]
    patch: list[int]
    inverse: list[int]

    @classmethod
    def empty(cls, commits: int) -> Patches:
        """Nothing read yet."""
        return cls(*([0] * commits for _ in range(5)))

    def put(self, commits: Sequence[int], others: Patches) -> None:
        """Take in those of some commits, in their order."""
        for mine, theirs in zip(self._columns(), others._columns(), strict=True):
            for at, value in zip(commits, theirs, strict=True):
                mine[at] = value

    def _columns(self) -> tuple[list[int], ...]:
        return self.added, self.deleted, self.whitespace, self.patch, self.inverse

    def size(self, commit: int) -> int:
        """Lines added and deleted."""
        return self.added[commit] + self.deleted[commit]


class NotNewWork(Struct):
    """By walk index: why a commit is bulk, which commit it repeats, which it undoes."""

    bulk: dict[int, str] = field(default_factory=dict)
    dup_of: dict[int, int] = field(default_factory=dict)
    reverts: dict[int, int] = field(default_factory=dict)


def find_not_new_work(
    walked: Walk,
    mainline: Mainline,
    commits: Sequence[Commit],
    attributions: Sequence[CommitAttribution],
    patches: Patches,
    *,
    ignored: Collection[str],
    changed_lines: Callable[[Iterable[int]], Mapping[int, ChangedLines]],
    known: NotNewWork | None = None,
    undone: Mapping[int, int] | None = None,
    since: int = 0,
) -> NotNewWork:
    """Apply the definitions of bulk, duplicate and revert.

    Args:
        known: what was found of the commits before ``since``, which nothing merged later changes.
        ignored: ids named in the tip's ``.git-blame-ignore-revs``.
        changed_lines: reads the lines of commits whose message names a revert; asked once.
        undone: what `find_undone` says, if it is known already.
    """
    result = known or NotNewWork()
    _find_bulk(result, walked, mainline, commits, attributions, patches, ignored, since)
    _find_repeats(result, _as_merged(_alike(patches, since), mainline), patches, since)
    if undone is None:
        undone = find_undone(walked, commits, mainline, since, result.reverts)
    _find_named_reverts(result, undone, patches, changed_lines)
    return result


def _as_merged(commits: Iterable[int], mainline: Mainline) -> list[int]:
    return sorted(commits, key=lambda i: (mainline.merged_at[i], mainline.landing[i], i))


def parse_ignored(blob: bytes) -> frozenset[str]:
    """Commit ids of a ``.git-blame-ignore-revs``: one a line, ``#`` begins a comment."""
    lines = (line.partition(b"#")[0].strip() for line in blob.splitlines())
    return frozenset(line.decode("ascii", "replace").lower() for line in lines if line)


def _find_bulk(
    result: NotNewWork,
    walked: Walk,
    mainline: Mainline,
    commits: Sequence[Commit],
    attributions: Sequence[CommitAttribution],
    patches: Patches,
    ignored: Collection[str],
    since: int,
) -> None:
    by_ai = (Attribution.AI, Attribution.ASSISTED)
    roots = [i for i, parents in enumerate(walked.parents) if not parents and i not in walked.boundary]
    first_root = mainline.commits[0] if mainline.commits else -1
    joining = {mainline.landing[i] for i in roots if mainline.landing[i] != mainline.landing[first_root]}
    new = range(since, len(commits))
    # Pass after pass over plain lists, the reason that comes first last: few commits are asked for more than a number.
    counts = enumerate(zip(patches.added[since:], patches.whitespace[since:], strict=True), since)
    bulk = {i: "whitespace" for i, (added, white) in counts if added and white >= WHITESPACE_SHARE * added}
    squashed = (i for i in new if commits[i].message.startswith("Squashed '"))
    bulk |= {i: "subtree" for i in squashed if _SUBTREE.search(commits[i].message)}
    large = (i for i in roots if i >= since and patches.added[i] > IMPORT_LINES)
    bulk |= {i: "import" for i in large if attributions[i].attribution not in by_ai}
    if joining:
        bulk |= {i: "joined_history" for i in new if mainline.landing[i] in joining}
    if ignored:
        bulk |= {i: "ignore_revs" for i in new if commits[i].sha in ignored}
    result.bulk |= dict(sorted(bulk.items()))


def may_repeat(patches: Patches, new: Sequence[Commit], index: Mapping[str, int]) -> set[int]:
    """The commits before the ``new`` ones, the last of the walk, that one of these may repeat or undo.

    Those it names by subject alone are left out, and those that it names by a shortened id.

    Args:
        index: the places of those before them, by id.
    """
    since = len(patches.patch) - len(new)
    large = [i for i in range(since, len(patches.patch)) if patches.size(i) >= DUPLICATE_LINES]
    wanted = {each for i in large for each in (patches.patch[i], patches.inverse[i])} - {0}
    found = {i for i, patch in enumerate(patches.patch[:since]) if patch in wanted}
    said = (_REVERTED_SHA.search(commit.message) for commit in new)
    return found | {index[match[1]] for match in said if match and match[1] in index}


def _alike(patches: Patches, since: int) -> list[int]:
    """Commits among which are all from ``since`` on that repeat or undo another, and those that they repeat or undo."""
    if since:
        wanted = {*patches.patch[since:], *patches.inverse[since:]} - {0}
        before = (i for i, patch in enumerate(patches.patch[:since]) if patch in wanted)
        return [*before, *range(since, len(patches.patch))]
    # Most share no patch with any other: they need not be put in order.
    times = Counter(patches.patch)
    both = enumerate(zip(patches.patch, patches.inverse, strict=True))
    return [i for i, (patch, inverse) in both if patch and (times[patch] > 1 or inverse in times)]


def _find_repeats(result: NotNewWork, order: list[int], patches: Patches, since: int) -> None:
    """Duplicates, and reverts that are exact inverses; the earlier is the one merged first."""
    first: dict[int, int] = {}
    latest: dict[int, int] = {}
    for i in order:
        patch = patches.patch[i]
        if not patch:
            continue
        if i >= since and patches.size(i) >= DUPLICATE_LINES:
            undone = latest.get(patches.inverse[i])
            if undone is not None:
                result.reverts[i] = undone
            elif patch in first:
                result.dup_of[i] = first[patch]
        first.setdefault(patch, i)
        latest[patch] = i


def _find_named_reverts(
    result: NotNewWork,
    undone: Mapping[int, int],
    patches: Patches,
    changed_lines: Callable[[Iterable[int]], Mapping[int, ChangedLines]],
) -> None:
    """Reverts that say so, undo at least nine tenths of what they name, and bring back as much of what they add.

    Without the second any work could be called a revert of a trifle, and would be no new work.
    """
    named = {i: c for i, c in undone.items() if i not in result.reverts}
    exact = {i: c for i, c in named.items() if patches.patch[i] and patches.inverse[i] == patches.patch[c]}
    result.reverts |= exact
    open_pairs = {i: c for i, c in named.items() if i not in exact and patches.size(i) and patches.size(c)}
    if not open_pairs:
        return
    lines = changed_lines({*open_pairs, *open_pairs.values()})
    for i, c in open_pairs.items():
        if i in lines and c in lines and _reverts(lines[i], lines[c]):
            result.reverts[i] = c


def _reverts(new: ChangedLines, old: ChangedLines) -> bool:
    return new.undoes(old) >= UNDONE_SHARE and new.brings_back(old) >= UNDONE_SHARE


def undone_by(commit: Commit) -> tuple[str | None, str | None] | None:
    """The id (it may be short) and the subject of the commit that a message says it undoes; None: it says nothing of it."""
    sha, subject = _REVERTED_SHA.search(commit.message), _REVERTED_SUBJECT.match(commit.subject)
    return (sha and sha[1], subject and subject[1]) if sha or subject else None


def may_undo(commits: Sequence[Commit], since: int, messages: Messages | None = None) -> list[int]:
    """The commits from ``since`` on that may say that they undo another; ``messages``: theirs."""
    messages = messages or Messages([commit.message for commit in commits[since:]])
    candidates = (np.flatnonzero(messages.may_hold(_MAY_UNDO)) + since).tolist()
    return [i for i in candidates if any(word in commits[i].message for word in _UNDOING)]


def find_undone(
    walked: Walk,
    commits: Sequence[Commit],
    mainline: Mainline,
    since: int = 0,
    besides: Container[int] = (),
    *,
    ids: ShortIds | None = None,
    messages: Messages | None = None,
) -> dict[int, int]:
    """The earlier commits that commits from ``since`` on say they undo; ``besides``: of which it is known already.

    ``ids``: those of the walk; ``messages``: those of the commits from ``since`` on.
    """
    speaking = {
        i: said
        for i in may_undo(commits, since, messages)
        if i not in besides and not commits[i].is_merge and (said := undone_by(commits[i]))
    }
    if not speaking:
        return {}
    ids = ids or ShortIds(walked.shas)
    by_sha = {i: found[0] for i, (sha, _) in speaking.items() if sha and (found := ids.starting(sha))}
    # Of the whole history only what somebody speaks of is put in order.
    subjects = {subject for _, subject in speaking.values() if subject is not None}
    spoken_of = [i for i, commit in enumerate(commits) if commit.subject in subjects] if subjects else []
    order = _as_merged({*speaking, *by_sha.values(), *spoken_of}, mainline)
    place = {i: k for k, i in enumerate(order)}
    by_subject: dict[str, list[int]] = {}
    for i in sorted(spoken_of, key=place.__getitem__):
        by_subject.setdefault(commits[i].subject, []).append(i)
    named: dict[int, int] = {}
    for i in sorted(speaking, key=place.__getitem__):
        subject = speaking[i][1]
        target = by_sha.get(i)
        if target is None and subject is not None:
            earlier = [c for c in by_subject.get(subject, ()) if place[c] < place[i]]
            target = earlier[-1] if earlier else None
        if target is not None and place[target] < place[i]:
            named[i] = target
    return named
