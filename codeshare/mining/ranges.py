"""Read only what a range of commits adds, as if it were merged now: for requests and pushes, in a moment.

The commits go through the same steps as in `mining.repository`. What differs: of what is before the range only
patches that it may repeat or undo are read, the whole range lands at once, and all that the repository itself says about how to count (its mailmap,
attributes, ignored revisions, owners) is taken from the base, so that a request has no voice in its own verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.people import People
from codeshare.attribution.rule import BEFORE_ASSISTANTS
from codeshare.attribution.trailers import find_trailers
from codeshare.config import Config
from codeshare.files.classify import Classifier
from codeshare.files.markers import load_markers
from codeshare.git.content import read_blobs
from codeshare.git.diff import Chunk
from codeshare.git.history import Walk, read_commits
from codeshare.git.lines import read_changed_lines
from codeshare.git.mainline import find_mainline
from codeshare.git.mergednames import Paths
from codeshare.git.quoting import text_of
from codeshare.git.ranges import Range, walk_range
from codeshare.git.reading import Pool, open_pool
from codeshare.git.repository import Repository, tree_files
from codeshare.git.requests import list_aside
from codeshare.git.shadow import Shadow
from codeshare.mining.aside import Aside, Branch, find_aside
from codeshare.mining.change_rows import change_rows
from codeshare.mining.commit_rows import rows_said
from codeshare.mining.earlier import alone, find_earlier, of_earlier, put_before, read_patches
from codeshare.mining.identities import Identities, map_identities
from codeshare.mining.lives import find_lives
from codeshare.mining.newwork import NotNewWork, find_not_new_work
from codeshare.mining.reading import Reader
from codeshare.mining.records import read_records
from codeshare.mining.recovered import Recovered
from codeshare.mining.recovery import follow, recover
from codeshare.mining.repository import (
    UNREADABLE,
    Collected,
    Mined,
    attribute_all,
    attributes_of,
    find_facts,
    keep_attribution,
)
from codeshare.mining.requests import Imported
from codeshare.mining.tip import Tip
from codeshare.mining.verdicts import sum_up
from codeshare.model import Commit, Evidence
from codeshare.provenance.ranged import Ranged, at_once

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LEFT_OUT = frozenset(
    {
        "tip_blame",
        "mainline_renames",
        "recurring_lines",
        "fixes",
        "named_reverts",
        "fixed_lines",
        "requests_seen",
    }
)
"""Tables that say nothing of a range by itself."""
_FEW = 300  # commits: for fewer no worker process is worth its start


class RangeRead(Struct, frozen=True):
    """What a range adds: ``mined`` with the ``edge`` commits before it first, to be left out.

    ``self_declared``: new files whose own header says that a program wrote them, which nothing in the base
    confirms.
    """

    mined: Mined
    people: People
    edge: int
    self_declared: tuple[str, ...]


def read_range(
    repository: Repository,
    shadow: Shadow,
    span: Range,
    config: Config,
    catalogue: Catalogue,
    *,
    branch: str | None = None,
    imported: Imported = Imported(),  # noqa: B008  frozen, and empty
) -> RangeRead:
    """Read and attribute the commits of a range; settings are those of the base.

    Args:
        branch: name of the branch that is to be merged, where a forge tells it.
        imported: what forges and vendors say of the repository.

    Raises:
        CannotKnow: the clone is cut off within the range, or its commits are absent.
        GitError: they cannot be read.
    """
    walked, edge = walk_range(repository, shadow, span)
    head = replace(repository, tip=span.head)
    jobs = 1 if len(walked.shas) < _FEW else None
    with open_pool(repository.objects, jobs) as pool:
        commits = list(read_commits(shadow, walked))
        line = find_mainline(
            walked,
            [commit.committed_at for commit in commits],
            lambda i: commits[i].subject,
            branch=repository.branch,
            origins=repository.origins,
            now=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            follow_foxtrots=False,
        )
        earlier = find_earlier(shadow, span, commits[edge:])
        others = [sha for sha in earlier if sha not in walked.shas[:edge]]
        walked, line = put_before(others, walked, line)
        commits = [*read_commits(shadow, alone(others)), *commits]
        edge += len(others)
        cut = "".join(f"{sha}\n" for sha in walked.shas[:edge]).encode("ascii")
        with replace(head, shallow=cut).shadow() as within:
            records = read_records(head, within, walked, commits)
        people = People(catalogue, config.aliases, config.teams)
        base = Tip.look(shadow, span.base)
        identities = Identities(people, map_identities(shadow, base.mailmap, commits, people))
        attributor = Attributor(catalogue)
        told = _of_branch(attributor, commits, branch) | records.shares
        own = [commit.committed_at for commit in commits]
        attributions = attribute_all(attributor, walked, commits, own, line, told, imported)
        facts = find_facts(commits, line, attributions, identities)
        trailers = [find_trailers(commit.message) for commit in commits]
        aside = _find_aside(
            head,
            shadow,
            Branch(walked, commits, line, attributions, [fact.request for fact in facts], records),
            attributor,
        )
        beside = follow(aside, shadow, pool) if aside else None
        chunks, collected, declared = _read_changes(pool, shadow, walked, edge, span)
        collected.patches.put(
            [walked.shas.index(sha) for sha in earlier], read_patches(pool, shadow, earlier)
        )
        landed = at_once(walked, line)
        trees = _trees_before(shadow, walked, edge) if any(chunk.merges.paths for chunk in chunks) else {}
        forward = Ranged(walked, landed, edge, trees)
        for chunk in chunks:
            forward.feed(chunk)
        collected.fail_merges(forward.unread)
        for failure in collected.failures:
            attributions[failure.commit] = UNREADABLE
        recovered = (
            recover(aside, beside, shadow, pool, walked, commits, collected.patches, attributions, records)
            if aside
            else Recovered()
        )
        not_new = find_not_new_work(
            walked,
            line,
            commits,
            attributions,
            collected.patches,
            ignored=base.ignored,
            changed_lines=lambda some: read_changed_lines(shadow.path, {i: walked.shas[i] for i in some}),
        )
        keep_attribution(not_new, attributions, commits)
        lives = find_lives(
            forward,
            shadow,
            pool.executor,
            walked.shas,
            landed.landing,
            NotNewWork(not_new.bulk),
            attributions,
            records,
            recovered,
            None,
        )
        sum_up(lives.verdicts, attributions)
        classifier = Classifier(attributes_of(shadow, span.base), collected.generated(), config.exclude)
        said = rows_said(walked, commits, landed, facts, trailers)
        changes = change_rows(collected.changes, collected.failures, classifier, said.shas)
    mined = Mined(
        replace(head, shallow=b""), walked, commits, landed, attributions, [fact.engineer for fact in facts], identities,
        changes, collected.patches, collected.marks, of_earlier(not_new, edge), collected.failures, classifier, lives, records, recovered, said, None, {}, base.owners,
    )  # fmt: skip
    return RangeRead(mined, people, edge, declared)


def _trees_before(shadow: Shadow, walked: Walk, edge: int) -> dict[int, Paths]:
    """The trees that merges of a range may take whole files from."""
    before = {at for parents in walked.parents[edge:] for at in parents if at < edge}
    return {i: tree_files(shadow, walked.shas[i]) for i in sorted(before)}


def _of_branch(attributor: Attributor, commits: Sequence[Commit], branch: str | None) -> dict[int, Evidence]:
    """What the name of the branch to be merged says of its commits, as it would after the merge."""
    if not branch:
        return {}
    found = (
        (i, attributor.branch_named(branch, commit.committed_at.date(), f"branch {branch}"))
        for i, commit in enumerate(commits)
    )
    return {i: piece for i, piece in found if piece is not None}


def _find_aside(head: Repository, shadow: Shadow, branch: Branch, attributor: Attributor) -> Aside | None:
    """The commits of requests that the range's commits squash, where a ref still leads to them."""
    numbers = {number for number in branch.requests if number is not None}
    requests = tuple(
        each for each in head.requests if each[0] in numbers and each[1] not in branch.walked.shas
    )
    if not requests:
        return None
    rows, _ = list_aside(shadow, [sha for _, sha in requests], head.tip, BEFORE_ASSISTANTS)
    listed = {row[0] for row in rows}
    # Notes are kept for the whole history; those about other commits are none of a range's business.
    places = [place for place in branch.records.places if place[0] in listed]
    few = replace(branch, records=replace(branch.records, places=places))
    return find_aside(replace(head, requests=requests), shadow, few, attributor.attribute)


def _read_changes(
    pool: Pool, shadow: Shadow, walked: Walk, edge: int, span: Range
) -> tuple[list[Chunk], Collected, tuple[str, ...]]:
    """Read what the commits changed; a header that the base has decides for its file, whatever the range makes of it."""
    reader = Reader(pool, shadow, lines=True)
    reader.start(walked, range(edge, len(walked.shas)))
    chunks = list(reader.chunks())
    paths = {
        path for chunk in chunks for path in (*chunk.deltas.path, *chunk.deltas.old_path) if path is not None
    }
    marked = _marks_at(shadow, span.base, sorted(paths))
    collected = Collected(len(walked.shas))
    collected.marks.update({path: count for path, count in marked.items() if count})
    for chunk in chunks:
        collected.add(chunk)
    for path, count in marked.items():
        collected.marks[path] = count
    confirmed = {path for path, count in marked.items() if count}
    known = {*marked, *(new for new, old in _renames(chunks) if old in confirmed)}
    declared = (path for path, count in collected.marks.items() if count > 0 and path not in known)
    return chunks, collected, tuple(sorted(map(text_of, declared)))


def _renames(chunks: Iterable[Chunk]) -> Iterator[tuple[bytes, bytes]]:
    """New and old path of every file that was renamed."""
    for chunk in chunks:
        for new, old in zip(chunk.deltas.path, chunk.deltas.old_path, strict=True):
            if old is not None:
                yield new, old


def _marks_at(shadow: Shadow, base: str, paths: Sequence[bytes]) -> dict[bytes, int]:
    """Of the paths that a tree has, how many lines of each header declare the file generated."""
    markers = load_markers()
    found: dict[bytes, int] = {}
    for (_, path), content in read_blobs(shadow, [(base, path) for path in paths]):
        if content is not None:
            head = content.split(b"\n", markers.within)[: markers.within]
            found[path] = sum(markers.found_in(line) for line in head)
    return found


def store_range(read: RangeRead, config: Config, span: Range) -> DuckDBPyConnection:
    """Put a range into a database of its own, in memory, for the figures to be computed from; the caller closes it."""
    import duckdb

    from codeshare.mining.rows import tables
    from codeshare.mining.shared import write_shared
    from codeshare.mining.signals import write_signals
    from codeshare.store.columns import texts
    from codeshare.store.database import create_share_schema
    from codeshare.store.registered import registered
    from codeshare.store.tables import Table
    from codeshare.store.writer import REPOSITORY_TABLES, append

    mined = read.mined
    connection = duckdb.connect()
    create_share_schema(connection)
    rows = tables(mined, now=datetime.now(UTC).replace(tzinfo=None, microsecond=0), mined_with="")
    edge = Table({"sha": texts(mined.walked.shas[: read.edge])})
    with registered(connection, edge=edge):
        for name in REPOSITORY_TABLES:
            if name in rows and name not in _LEFT_OUT:
                append(connection, name, rows[name], without="edge")
    connection.execute("update repos set commits = commits - ?", [read.edge])
    alone = replace(config, teams_file=None, headcount=None)
    write_shared(connection, alone, read.people)
    write_signals(
        connection, replace(mined.repository, tip=span.base), load_heuristics().artefacts, mined.owners
    )
    return connection
