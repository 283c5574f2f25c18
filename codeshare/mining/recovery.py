"""Carry the evidence of commits off the branch to the lines of those that landed their work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from codeshare.attribution.decision import AI_CLASSES, strongest
from codeshare.attribution.records.claim import Source
from codeshare.git.deltas import Deltas
from codeshare.git.history import Walk
from codeshare.git.reading import Pool, merges_to_read, read_deltas
from codeshare.git.shadow import Shadow
from codeshare.mining.aside import Aside, Link
from codeshare.mining.matching import Found, Landed, match
from codeshare.mining.newwork import DUPLICATE_LINES, Patches
from codeshare.mining.records import Records, added_runs, kind_of
from codeshare.mining.recovered import NOTHING_LOST, PARTLY, RECOVERED, UNMATCHED, Recovered, Seen
from codeshare.mining.verdicts import Verdicts, born_in, judge_lines
from codeshare.model import Commit, CommitAttribution, Confidence
from codeshare.provenance.lines import Ids
from codeshare.provenance.parts import Parts

WHOLE = 0.9
"""Share of a squash's lines that must be found in its request for it to count as recovered."""


def follow(aside: Aside, shadow: Shadow, pool: Pool) -> Followed | None:
    """Begin to read the commits aside that say more than the branch; None: there are none."""
    return Followed(aside, shadow, pool) if aside.links or aside.alone else None


def recover(
    aside: Aside,
    followed: Followed | None,
    shadow: Shadow,
    pool: Pool,
    walked: Walk,
    commits: Sequence[Commit],
    patches: Patches,
    attributions: Sequence[CommitAttribution],
    records: Records,
) -> Recovered:
    """Find the lines of the branch that those of the commits aside became.

    Args:
        followed: what `follow` began.
    """
    result = Recovered(seen=list(aside.seen))
    if followed is None:
        return result
    followed.finish()
    pairs = _rebased(followed, walked, commits, patches, attributions, records)
    wanted = sorted({link.commit for link in aside.links} | set(pairs))
    landed = _read_landed(pool, shadow, walked, wanted)
    sources = _Sources(followed, result)
    squashes = [
        Landed(landed.get(link.commit, {}), followed.pass_.tree(followed.place[link.head]))
        for link in aside.links
    ]
    best: dict[int, tuple[Link, Found]] = {}
    for link, found in zip(aside.links, match(shadow, squashes), strict=True):
        if link.commit not in best or found.count > best[link.commit][1].count:
            best[link.commit] = link, found
    for commit, (link, found) in best.items():
        label = f"request #{link.number}, " if link.number is not None else ""
        parts = [aside.attributions[i] for i in aside.reach(link.head)]
        sources.carry(commit, found, label, "", _is_accounted(attributions[commit], parts))
        lines = sum(len(added[1]) for added in landed.get(commit, {}).values())
        state = _state(lines, found.count)
        head = aside.walked.shas[link.head]
        result.seen.append(Seen(commit, link.number, head, state, link.how, lines, found.count))
    for commit, original in pairs.items():
        found = followed.same_patch(original, landed.get(commit, {}))
        sources.carry(commit, found, "", " of the same patch", False)
        head = aside.walked.shas[original]
        result.seen.append(Seen(commit, None, head, RECOVERED, "patch", found.count, found.count))
    return result


def _state(lines: int, found: int) -> str:
    if not lines:
        return NOTHING_LOST
    return UNMATCHED if not found else RECOVERED if found >= WHOLE * lines else PARTLY


class Followed:
    """The pass over the commits that matter, and whose each of their lines is.

    They begin to be read at once, and are followed once the branch has been.
    ``place``: where each commit of `Aside` stands in the pass; ``origin`` the other way round.
    """

    def __init__(self, aside: Aside, shadow: Shadow, pool: Pool) -> None:
        self.aside = aside
        old = aside.walked
        linked = sorted({i for link in aside.links for i in aside.reach(link.head)})
        inside = set(linked)
        edge = sorted({p for i in linked for p in old.parents[i]} - inside)
        self.origin = [*edge, *linked, *aside.alone]
        self.place = {i: k for k, i in enumerate(self.origin)}
        parents = [tuple(self.place[p] for p in old.parents[i]) if i in inside else () for i in self.origin]
        walked = Walk([old.shas[i] for i in self.origin], parents, frozenset())
        heads = {self.place[link.head] for link in aside.links}
        self.pass_ = Parts(walked, range(len(edge)), heads)
        self.patch: dict[int, int] = {}
        self.size: dict[int, int] = {}
        self._edge = len(edge)
        fed = range(self._edge, len(self.origin))
        self._chunks = read_deltas(pool, shadow.path, fed, walked.shas, merges=merges_to_read(walked, fed))

    def finish(self) -> None:
        """Follow the lines of what was read."""
        aside = self.aside
        alone = {self.place[i] for i in aside.alone}
        for chunk in self._chunks:
            self.pass_.feed(chunk)
            self._sum(chunk.deltas, alone)
        attributions = [aside.attributions[i] for i in self.origin]
        claims = {
            k: aside.records.claims[i] for k, i in enumerate(self.origin) if i in aside.records.claims and k >= self._edge
        }  # fmt: skip
        self.verdicts: Verdicts = judge_lines(
            self.pass_.lines, self.pass_.files, attributions, Records(claims=claims)
        )
        self.born: dict[int, dict[bytes, tuple[Ids, Ids]]] = {}
        for k, path, *born in born_in(self.pass_.lines, self.pass_.files, alone):
            self.born.setdefault(k, {})[path] = born[0], born[1]

    def _sum(self, deltas: Deltas, alone: set[int]) -> None:
        """Hash and size of each lone commit's patch, as those of the branch's commits are made."""
        columns = (deltas.commit, deltas.patch, deltas.added, deltas.deleted)
        for commit, patch, added, deleted in zip(*(each.tolist() for each in columns), strict=True):
            if commit in alone:
                self.patch[commit] = (self.patch.get(commit, 0) + patch) % (1 << 64)
                self.size[commit] = self.size.get(commit, 0) + max(added, 0) + max(deleted, 0)

    def same_patch(self, original: int, files: Mapping[bytes, tuple[bytes, Ids]]) -> Found:
        """The lines of a commit whose patch is that of a lone one: they come in the same order."""
        found = Found()
        for path, (_, ids) in self.born.get(self.place[original], {}).items():
            if path in files and len(files[path][1]) == len(ids):
                found.lines[path] = files[path][1], ids
        return found


class _Sources:
    """Names where carried evidence comes from, each commit and decision once for each that it is carried to."""

    def __init__(self, followed: Followed, result: Recovered) -> None:
        self._followed, self._result = followed, result
        files = followed.pass_.files
        self._commit = np.array(files.commit or [0], dtype=np.int32)
        self._known: dict[tuple[int, str, int, int, bool], int] = {}
        self._noted: set[int] = set()

    def carry(self, commit: int, found: Found, before: str, after: str, is_accounted: bool) -> None:
        """Note what the found lines of a commit are.

        Args:
            is_accounted: all that marks the commit as an agent's is said by its parts too, so that
                lines of parts without marks have none.
        """
        lines, verdicts = self._followed.pass_.lines, self._followed.verdicts
        carried: dict[bytes, tuple[Ids, Ids]] = {}
        for path, (numbers, ids) in found.lines.items():
            parts = self._commit[lines.file[ids]].tolist()
            moved = found.by_content.get(path, ())
            rows = zip(numbers.tolist(), parts, verdicts.of_line[ids].tolist(), strict=True)
            index = [
                self._source(commit, part, decision, before, after, number in moved, is_accounted)
                for number, part, decision in rows
            ]
            sources = np.array(index, dtype=np.int32)
            if (known := sources >= 0).any():
                carried[path] = numbers[known], sources[known]
        if carried:
            self._result.lines[commit] = carried

    def _source(
        self, commit: int, part: int, decision: int, before: str, after: str, is_moved: bool, is_accounted: bool
    ) -> int:  # fmt: skip
        key = commit, before, part, decision, is_moved
        known = self._known.get(key)
        if known is None:
            source = self._named(part, decision, before, after, is_moved)
            if source.kind is None and not is_accounted:
                known = -1
            else:
                known = len(self._result.sources)
                self._result.sources.append(source)
            self._known[key] = known
        return known

    def _named(self, part: int, decision: int, before: str, after: str, is_moved: bool) -> Source:
        verdicts = self._followed.verdicts
        decided = verdicts.decisions[decision]
        record = verdicts.sources.get(decision)
        sha = self._followed.aside.walked.shas[self._followed.origin[part]]
        where = f"{before}commit {sha[:12]}{after}"
        if record is not None:
            self._count_note(part, record)
            source = replace(record, origin=f"{where}: {record.origin}")
        else:
            piece = strongest(decided.evidence) if decided.evidence else None
            source = Source(
                decided.rule, where, decided.attribution, decided.confidence, decided.tool, decided.model,
                piece.excerpt if piece else "", decided.kind,
            )  # fmt: skip
        if is_moved and source.confidence is Confidence.HIGH:
            source = replace(source, confidence=Confidence.MEDIUM)
        return source

    def _count_note(self, part: int, record: Source) -> None:
        if part not in self._noted:
            self._noted.add(part)
            self._result.notes[kind_of(record.origin)] += 1


def _rebased(
    followed: Followed,
    walked: Walk,
    commits: Sequence[Commit],
    patches: Patches,
    attributions: Sequence[CommitAttribution],
    records: Records,
) -> dict[int, int]:
    """Commits of the branch (index) whose patch is that of a lone commit aside, with that commit."""
    if not followed.patch:
        return {}
    aside = followed.aside
    taken = {link.commit for link in aside.links} | set(records.claims)
    landed: dict[int, list[int]] = {}
    for i, patch in enumerate(patches.patch):
        if patch and i not in taken and len(walked.parents[i]) < 2:
            landed.setdefault(patch, []).append(i)
    result: dict[int, int] = {}
    for k, patch in followed.patch.items():
        original = followed.origin[k]
        commit = aside.commits[original]
        for i in landed.get(patch, ()) if patch else ():
            is_same = commits[i].author == commit.author and commits[i].authored_at == commit.authored_at
            if (is_same or followed.size[k] >= DUPLICATE_LINES) and _says_more(aside, original, commits[i], attributions[i]):  # fmt: skip
                if i not in result or _counts_more(aside, original, result[i]):
                    result[i] = original
                break
    return result


def _says_more(aside: Aside, original: int, landed: Commit, own: CommitAttribution) -> bool:
    """Whether a lone commit has a record, or a mark that the commit that landed its patch lost.

    A copy made later, and whoever carried it, say nothing about who wrote it.
    """
    if aside.records.claims.get(original):
        return True
    said = aside.attributions[original]
    is_original = aside.commits[original].committed_at <= landed.committed_at
    is_by_agent = said.attribution in AI_CLASSES and said.kind in ("author", "trailer", "footer")
    return own.attribution not in AI_CLASSES and is_original and is_by_agent


def _counts_more(aside: Aside, new: int, old: int) -> bool:
    ranks = [(bool(aside.records.claims.get(i)), aside.commits[i].committed_at) for i in (new, old)]
    return ranks[0] > ranks[1]


def _is_accounted(own: CommitAttribution, parts: Iterable[CommitAttribution]) -> bool:
    """Whether every mark of AI on a squash is one that its parts have."""
    said = {(piece.rule, piece.tool) for part in parts for piece in part.evidence}
    tools = {tool for _, tool in said}
    return all(
        (piece.rule, piece.tool) in said or piece.tool in tools
        for piece in own.evidence
        if piece.attribution in AI_CLASSES
    )


def _read_landed(
    pool: Pool, shadow: Shadow, walked: Walk, wanted: Sequence[int]
) -> dict[int, dict[bytes, tuple[bytes, Ids]]]:
    """By commit and path the blob and the numbers of the added lines."""
    result: dict[int, dict[bytes, tuple[bytes, Ids]]] = {}
    for chunk in read_deltas(pool, shadow.path, wanted, walked.shas):
        deltas = chunk.deltas
        blobs = dict(zip(zip(deltas.commit.tolist(), deltas.path, strict=True), deltas.blob, strict=True))
        for commit, paths in added_runs(deltas).items():
            for path, runs in paths.items():
                numbers = np.concatenate([np.arange(a, a + n, dtype=np.int32) for a, n in sorted(runs)])
                result.setdefault(commit, {})[path] = blobs[commit, path], numbers
    return result
