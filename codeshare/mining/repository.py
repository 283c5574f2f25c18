"""Mine one repository: read its history, attribute each commit, and make the rows to be stored."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.messages import Messages
from codeshare.attribution.people import People
from codeshare.attribution.squash import WORDS as SQUASHES
from codeshare.attribution.squash import request_number, split_squash
from codeshare.attribution.trailers import find_all_trailers
from codeshare.config import Config
from codeshare.files.attributes import Attributes
from codeshare.files.classify import Classifier
from codeshare.files.codeowners import Codeowners
from codeshare.git.broken import Failure
from codeshare.git.content import tip_files
from codeshare.git.dates import GIT_BORN, credible_dates
from codeshare.git.deltas import Deltas
from codeshare.git.diff import Chunk
from codeshare.git.history import Walk, read_commits
from codeshare.git.lines import read_changed_lines
from codeshare.git.mainline import Mainline, find_mainline
from codeshare.git.quoting import text_of
from codeshare.git.repository import Repository, tree_files
from codeshare.git.shadow import Shadow
from codeshare.mining.aside import Branch, find_aside
from codeshare.mining.bursts import add_bursts
from codeshare.mining.change_rows import FileChanges, change_rows
from codeshare.mining.commit_rows import Said, rows_said
from codeshare.mining.fixes import find_fixes, find_named_reverts, users_signs
from codeshare.mining.foxtrots import foxtrot_paths
from codeshare.mining.identities import Behind, Identities, map_identities, resolved_anew
from codeshare.mining.lives import Lives, find_lives
from codeshare.mining.newwork import NotNewWork, Patches, find_not_new_work, find_undone
from codeshare.mining.reading import Begun
from codeshare.mining.records import Records, read_records
from codeshare.mining.recovered import Recovered
from codeshare.mining.recovery import follow, recover
from codeshare.mining.requests import Imported, evidence_of
from codeshare.mining.short_ids import ShortIds
from codeshare.mining.tip import Tip
from codeshare.mining.verdicts import sum_up
from codeshare.model import Attribution, Commit, CommitAttribution, Confidence, Evidence
from codeshare.provenance.followed import CannotResume
from codeshare.provenance.forward import Forward
from codeshare.provenance.landings import Landings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.mining.onward import Following, Onward
    from codeshare.mining.resume import Past
    from codeshare.mining.stored import Stored
    from codeshare.store.stretches import Stretches

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, of how many (0: not known)."""

_log = logging.getLogger(__name__)
UNREADABLE = CommitAttribution(Attribution.UNKNOWN, Confidence.LOW, "unreadable")
_CUT_OFF = "the history is cut off here (shallow clone)"


class CommitFacts(Struct):
    """What a commit's message and identities say, beside its attribution and trailers."""

    request: int | None
    is_squash: bool
    author: str
    committer: str
    engineer: str | None


class Mined(Struct):
    """All that was found out about one repository; ``mining.rows`` turns it into tables."""

    repository: Repository
    walked: Walk
    commits: Sequence[Commit]
    mainline: Mainline
    attributions: list[CommitAttribution]
    engineers: list[str | None]
    identities: Identities
    changes: Stretches
    patches: Patches
    marks: Mapping[bytes, int]
    not_new: NotNewWork
    failures: list[Failure]
    classifier: Classifier
    lives: Lives | None
    records: Records
    recovered: Recovered
    said: Said
    past: Past | None
    seconds: dict[str, float]
    owners: Codeowners | None
    stored: Stored | None = None
    anew: Mapping[int, Behind] = field(default_factory=dict)
    """Stored commits whose persons are others now."""

    @property
    def since(self) -> int:
        """The first commit of the walk that was read and judged; those before it are stored."""
        return self.stored.count if self.stored else 0


def mine_repository(
    begun: Begun,
    config: Config,
    catalogue: Catalogue,
    people: People,
    *,
    now: datetime,
    connection: DuckDBPyConnection | None = None,
    mined_with: str = "",
    imported: Imported = Imported(),  # noqa: B008  frozen, and empty
    request_heads: Mapping[int, tuple[str, str | None]] | None = None,
    progress: Progress = lambda what, done, total: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Mined:
    """Read and attribute the whole history of a repository's branch.

    Args:
        connection: where the repository is stored already, to go on from that; then nothing is being read yet
            but what was added to stored commits.
        mined_with: hash of the rules and settings in force, as it would be stored.
        imported: what forges and vendors say of the repository.
        request_heads: of imported requests, by number: the commit that merged each, its head where known.
        meanwhile: is called where git or stored lines are waited for.

    Raises:
        CannotResume: what is stored does not fit; mine without ``connection``.
        GitError: the history itself (commit objects, the tip's tree) cannot be read.
    """
    clock = _Clock(begun.repository.name)
    repository, shadow, pool, walked = begun.repository, begun.shadow, begun.pool, begun.walked
    reader, lines, stored = begun.reader, begun.lines, begun.stored
    since = stored.count if stored else 0
    looked = begun.beside.submit(Tip.look, shadow, repository.tip)
    attributes = begun.beside.submit(attributes_of, shadow, repository.tip)
    new = list(read_commits(shadow, walked, since))
    if stored:  # only here: a first mine has no use for it
        from codeshare.mining.stored import GoneOn, has_same_attributes
    commits: Sequence[Commit] = GoneOn(stored.commit, since, new) if stored else new
    clock.lap("commits")
    tip = looked.result()
    records = read_records(repository, shadow, walked, commits, tip.has_traces) if lines else Records()
    clock.lap("records")
    collected = Collected(len(commits))
    waiting: list[Chunk] = []
    past = onward = following = None
    if stored:
        if records.claims:
            raise CannotResume
        # Not waited for yet: in a tree that is made to have no end git does not end either, and others notice.
        is_alike = begun.beside.submit(has_same_attributes, shadow, stored.tip, repository.tip)
    dates = [*(stored.dates() if stored else ()), *(commit.committed_at for commit in new)]
    mainline = find_mainline(
        walked,
        dates,
        _subjects(commits, stored),
        branch=repository.branch,
        origins=repository.origins,
        now=now,
        follow_foxtrots=config.mainline == "foxtrots",
    )
    clock.lap("mainline")
    if connection:  # likewise
        from codeshare.mining.onward import Onward
        from codeshare.mining.resume import find_past, grown, stands
    if stored and connection:
        past = grown(connection, repository.name, stored)
        if not stands(stored, mainline) or not _dates_stand(commits, mainline, since):
            raise CannotResume
        onward, following = _go_on(begun, past, stored, mainline, collected, new)
        if not is_alike.result():
            raise CannotResume
    elif connection:
        if lines and not records.claims:
            past = find_past(connection, repository.name, shadow, walked, mainline, mined_with)
        if past:
            onward = Onward(past, reader, shadow, walked, waiting, mainline)
        else:
            reader.start(walked, range(len(walked.shas)))
    clock.lap("loading")
    known = stored.identities if stored else ()
    identities = Identities(people, map_identities(shadow, tip.mailmap, new, people, known))
    clock.lap("people")
    attributor = Attributor(catalogue)
    attributions = stored.attributions() if stored else []
    messages = Messages([commit.message for commit in new])
    attributions += attribute_all(
        attributor, walked, commits, dates, mainline, records.shares, imported, since, messages=messages
    )
    facts = find_facts(commits, mainline, attributions, identities, since, messages=messages)
    anew = resolved_anew(stored, identities, shadow, walked, mainline.landing, attributions) if stored else {}
    engineers = _engineers(stored, anew, facts)
    clock.lap("attribution")
    requests = [*(stored.requests() if stored else ()), *(fact.request for fact in facts)]
    trailers, ids = find_all_trailers(messages), ShortIds(walked.shas)
    fixes = find_fixes(commits, trailers, users_signs(config), since, messages=messages, ids=ids)
    named_reverts = find_named_reverts(commits, requests, since, messages=messages, ids=ids)
    requests[:since] = [None] * since  # those that stored commits name have been looked for
    branch = Branch(walked, commits, mainline, attributions, requests, records)
    aside = find_aside(repository, shadow, branch, attributor.attribute, request_heads) if lines else None
    clock.lap("requests")
    if past is not None:
        # Lines that stay as they are stored would keep what was once carried to them.
        past = None if aside and (aside.links or past.has_recovered()) else past
        if stored and past is None:
            raise CannotResume
        if not stored:  # else it was begun with the walk
            kept = past.kept if past else ()
            reader.start(walked, (i for i in range(len(walked.shas)) if i not in kept))
    beside = follow(aside, shadow, pool) if aside else None
    if past and not stored:
        collected.carry(past, stored)
    forward = _begin(shadow, walked, mainline) if lines and not past else None
    said = rows_said(walked, commits, mainline, facts, trailers, fixes, named_reverts, since)
    undone = None if stored else find_undone(walked, commits, mainline, ids=ids, messages=messages)
    del trailers, ids, messages
    if not past and pool.only_ask:  # of a large repository the workers need the memory now
        begun.beside.submit(meanwhile)
    for chunk in () if stored else reader.chunks():
        collected.add(chunk)
        if forward:
            forward.feed(chunk)
        elif past:
            waiting.append(chunk)
        progress("reading changes", reader.done, reader.total)
    if forward:
        collected.fail_merges(forward.unread)
    collected.failures += [Failure(i, (), _CUT_OFF) for i in sorted(walked.boundary)]
    for failure in collected.failures:
        attributions[failure.commit] = UNREADABLE
    clock.lap("changes")
    recovered = Recovered()
    if aside:
        recovered = recover(
            aside, beside, shadow, pool, walked, commits, collected.patches, attributions, records
        )
        if past and recovered.lines:
            raise CannotResume
    clock.lap("recovery")
    classifier = Classifier(attributes.result(), collected.generated(), config.exclude)
    changed = change_rows(collected.changes, collected.failures, classifier, said.shas)
    not_new = find_not_new_work(
        walked,
        mainline,
        commits,
        attributions,
        collected.patches,
        ignored=tip.ignored,
        changed_lines=lambda some: read_changed_lines(shadow.path, {i: walked.shas[i] for i in some}),
        known=NotNewWork({}, *stored.links()) if stored else NotNewWork(),
        undone=undone,
        since=since,
    )
    keep_attribution(not_new, attributions, commits, stored)
    clock.lap("not_new_work")
    carried = None
    if past and onward:
        if collected.is_partly_unread() or past.has_flipped(collected.marks):
            raise CannotResume
        if not stored and not past.agrees(commits, attributions, not_new):
            raise CannotResume
        meanwhile()
        forward, carried = onward.follow(not_new, following)
        if forward.unread:
            raise CannotResume
    pool.dismiss()  # what follows takes most memory
    lives = (
        find_lives(
            forward,
            shadow,
            begun.beside,
            walked.shas,
            mainline.landing,
            not_new,
            attributions,
            records,
            recovered,
            carried,
            {fix.commit for fix in fixes},
        )
        if forward
        else None
    )
    if lives:
        sum_up(lives.verdicts, attributions)
    clock.lap("lives")
    if lives:
        add_bursts(
            catalogue.rules, load_heuristics().bursts, lives, commits, engineers, classifier, attributions
        )
    return Mined(
        repository, walked, commits, mainline, attributions, engineers, identities,
        changed, collected.patches, collected.marks, not_new, collected.failures, classifier, lives, records, recovered, said, past, clock.laps, tip.owners, stored, anew,
    )  # fmt: skip


def _go_on(
    begun: Begun, past: Past, stored: Stored, mainline: Mainline, collected: Collected, new: Sequence[Commit]
) -> tuple[Onward, Following]:
    """Take in the changes of new commits, and begin to follow their lines while these are still judged."""
    from codeshare.mining.onward import Onward

    chunks = list(begun.reader.chunks())
    collected.carry(past, stored)
    for chunk in chunks:
        collected.add(chunk)
    onward = Onward(past, begun.reader, begun.shadow, begun.walked, chunks, mainline)
    return onward, onward.begin(stored, collected.patches, new)


def _engineers(
    stored: Stored | None, anew: Mapping[int, Behind], facts: Sequence[CommitFacts]
) -> list[str | None]:
    """The engineer of each commit; ``anew``: stored ones of other persons now, ``facts``: of the others."""
    found = list(stored.engineers()) if stored else []
    for i, (_, _, engineer) in anew.items():
        found[i] = engineer
    return found + [fact.engineer for fact in facts]


def _subjects(commits: Sequence[Commit], stored: Stored | None) -> Callable[[int], str]:
    return lambda i: stored.subject(i) if stored and i < stored.count else commits[i].subject


def _dates_stand(commits: Sequence[Commit], mainline: Mainline, since: int) -> bool:
    """Whether the dates by which commits before ``since`` are judged stay, whatever came after (`credible_dates`)."""
    last = max(i for i in mainline.commits if i < since)
    is_kept = commits[last].committed_at == mainline.merged_at[last] >= GIT_BORN
    return is_kept and all(commit.committed_at >= GIT_BORN for commit in commits[since:])


def find_facts(
    commits: Sequence[Commit],
    mainline: Mainline,
    attributions: Sequence[CommitAttribution],
    identities: Identities,
    since: int = 0,
    *,
    messages: Messages | None = None,
) -> list[CommitFacts]:
    """Read request, squash, people of each commit from ``since`` on; while git computes the changes.

    ``messages``: those of the commits from ``since`` on.
    """
    messages = messages or Messages([commit.message for commit in commits[since:]])
    may_be_squash = messages.may_hold(SQUASHES).tolist()
    rows = zip(commits[since:], attributions[since:], mainline.landing[since:], may_be_squash, strict=True)
    facts = []
    for commit, attributed, landing, may_be in rows:
        request = request_number(commit.message)
        is_squash = (
            (may_be or request is not None)
            and not commit.is_merge
            and split_squash(commit.message) is not None
        )
        behind = identities.behind(commit, attributed, commits[landing])
        facts.append(CommitFacts(request, is_squash, *behind))
    return facts


def attribute_all(
    attributor: Attributor,
    walked: Walk,
    commits: Sequence[Commit],
    own: Sequence[datetime],
    mainline: Mainline,
    shares: Mapping[int, Evidence],
    imported: Imported,
    since: int = 0,
    *,
    messages: Messages | None = None,
) -> list[CommitAttribution]:
    """Attribute each commit from ``since`` on; the name of the branch that brought it in counts where it has no mark of its own.

    Args:
        own: committer dates.
        shares: per commit what a record says of it as a whole.
        imported: what forges and vendors say of the repository.
        messages: those of the commits from ``since`` on.
    """
    dates = [*own[:since], *credible_dates(walked, own, mainline, since)]  # nobody asks for those before
    told = evidence_of(imported, attributor, walked, commits, mainline, dates)
    branch: dict[int, tuple[Evidence, ...]] = {}
    for i in set(mainline.landing[since:]):
        if commits[i].is_merge and (piece := attributor.branch_evidence(commits[i], dates[i])):
            branch[i] = (piece,)
    messages = messages or Messages([commit.message for commit in commits[since:]])
    may_speak = attributor.may_speak(messages, dates[since:])
    has_more = bool(shares or branch or told)

    def inherited(i: int, landing: int) -> tuple[Evidence, ...]:
        share = (shares[i],) if i in shares else ()
        return *share, *(branch.get(landing, ()) if landing != i else ()), *told.get(i, ())

    return [
        attributor.attribute(commit, inherited(i, landing) if has_more else (), at=at, may_speak=speaks)
        for i, (commit, landing, at, speaks) in enumerate(
            zip(commits[since:], mainline.landing[since:], dates[since:], may_speak, strict=True), since
        )
    ]


def keep_attribution(
    not_new: NotNewWork,
    attributions: list[CommitAttribution],
    commits: Sequence[Commit],
    stored: Stored | None = None,
) -> None:
    """Give what a revert of a revert brings back the attribution of the commit that it repeats."""
    since = stored.count if stored else 0
    for i, undone in not_new.reverts.items():
        repeated = not_new.reverts.get(undone)
        if i < since or repeated is None or attributions[i] is UNREADABLE:
            continue
        origin = f"brought back from {commits[repeated].sha}"
        known = attributions[repeated].evidence
        if stored and repeated < since:
            known = stored.evidence(commits[repeated].sha)
        evidence = tuple(replace(piece, origin=origin) for piece in known)
        attributions[i] = replace(attributions[repeated], evidence=evidence)


def attributes_of(shadow: Shadow, tip: str) -> Attributes:
    """What all ``.gitattributes`` of a tree say."""
    return Attributes.parse(tip_files(shadow, tip, ".gitattributes"))


def _begin(shadow: Shadow, walked: Walk, mainline: Mainline) -> Forward:
    """A pass before the first commit, with what a shallow boundary and foxtrots need beforehand."""
    cut = {i: tree_files(shadow, walked.shas[i]) for i in walked.boundary}
    landings = Landings.of(mainline)
    foxtrots = foxtrot_paths(shadow, walked, mainline, landings)
    return Forward(walked, mainline, landings, cut=cut, foxtrots=foxtrots)


class Collected:
    """Chunks of deltas, put together."""

    def __init__(self, commits: int) -> None:
        self._why: dict[int, str] = {}
        self.changes = FileChanges()
        self.patches = Patches.empty(commits)
        self.failures: list[Failure] = []
        self.marks: Counter[bytes] = Counter()

    def carry(self, past: Past, stored: Stored | None) -> None:
        """Begin with what is stored of the commits that stay."""
        if stored:
            rest = [0] * (len(self.patches.added) - stored.count)
            self.patches = Patches(*([*column, *rest] for column in stored.patches()))
        for i, row in () if stored else past.patches():
            for name, value in zip(("added", "deleted", "whitespace", "patch", "inverse"), row, strict=True):
                getattr(self.patches, name)[i] = value
        self.marks.update(past.marks())

    def add(self, chunk: Chunk) -> None:
        """Take a chunk in; in order of the walk."""
        deltas, changes = chunk.deltas, self.changes
        changes.commit += deltas.commit.tolist()
        changes.status += deltas.status
        changes.path += deltas.path
        changes.old_path += deltas.old_path
        changes.added += deltas.added.tolist()
        changes.deleted += deltas.deleted.tolist()
        changes.moved += deltas.moved.tolist()
        changes.whitespace += deltas.whitespace.tolist()
        self.failures += chunk.failures
        self._why |= dict(chunk.merges.broken)
        self.sum_patches(chunk)
        self._count_markers(deltas)

    def is_partly_unread(self) -> bool:
        """Whether git could not compute a commit's changes or a merge's lines."""
        return bool(self.failures or self._why)

    def fail_merges(self, unread: Mapping[int, Sequence[bytes]]) -> None:
        """Note the merges whose lines git could not compute; ``unread``: the paths, as far as known."""
        for commit in sorted({*self._why, *unread}):
            why = self._why.get(commit, "its lines cannot be told from its parents'")
            self.failures.append(Failure(commit, tuple(unread.get(commit, ())), why))

    def sum_patches(self, chunk: Chunk) -> None:
        """A commit's patch is the sum of its files' hashes, so that their order does not matter.

        One that was read in part has no sums: it would repeat or undo what it only resembles.
        """
        deltas, failed = chunk.deltas, {failure.commit for failure in chunk.failures}
        if not len(deltas.commit):
            return
        heads = np.flatnonzero(
            np.concatenate((np.ones(1, dtype=bool), deltas.commit[1:] != deltas.commit[:-1]))
        )
        owners = deltas.commit[heads].tolist()
        for name in ("added", "deleted", "whitespace", "patch", "inverse"):
            values = getattr(deltas, name)
            values = np.maximum(values, 0) if values.dtype == np.int64 else values
            column = getattr(self.patches, name)
            for owner, total in zip(owners, np.add.reduceat(values, heads).tolist(), strict=True):
                if owner not in failed:
                    column[owner] = total

    def _count_markers(self, deltas: Deltas) -> None:
        """Follow the lines that say "generated": added ones less removed ones, through renames."""
        at: dict[int, int] = {}
        for file, sign in deltas.markers:
            at[file] = at.get(file, 0) + sign
        renamed = [k for k, old in enumerate(deltas.old_path) if old is not None]
        for k in sorted({*at, *renamed}):
            old = deltas.old_path[k]
            if old is not None and self.marks.get(old, 0) > 0:
                self.marks[deltas.path[k]] = self.marks[old]
            if k in at:
                self.marks[deltas.path[k]] += at[k]

    def generated(self) -> frozenset[str]:
        """Paths whose content says that a program wrote it."""
        return frozenset(text_of(path) for path, count in self.marks.items() if count > 0)


class _Clock:
    def __init__(self, repo: str) -> None:
        self._repo = repo
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self._last, 3)
        self._last = now
        _log.info("%s: %s: %.2f s", self._repo, name, self.laps[name])
