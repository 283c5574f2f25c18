"""Going on from what is stored: which commits stay, and the lines that new commits may touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import immutables
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.blame import blame_file
from codeshare.git.diff import Chunk, text_lines
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.quoting import bytes_of, text_of
from codeshare.git.repository import tree_files
from codeshare.git.shadow import Shadow
from codeshare.mining.loaded import Carried, Loaded, Recurrences, events, lines_at_tip, load, recurring_at
from codeshare.mining.newwork import NotNewWork
from codeshare.mining.stored import Stored, has_same_attributes
from codeshare.model import Commit, CommitAttribution
from codeshare.provenance.followed import CannotResume, Resumed
from codeshare.provenance.lines import UNKNOWN, Ids
from codeshare.provenance.recurring import moved_to
from codeshare.provenance.trees import NO_LINES, Tree, Unsettled
from codeshare.store.values import plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_REPLAYED = 4000  # commits; beyond that reading everything is no slower


class Past(Struct):
    """What the database holds of a repository, and how much of it still stands.

    ``landings``: ids and times of the stored landings, oldest first; ``kept``: commits (index into the new
    walk) whose rows stay, ``standing``: how many of the stored landings do; ``left``: stored commits whose
    rows go: off the branch, or landed in another way now. ``has_lookups``: `keep_lookups` was done for the ``connection``.
    """

    connection: DuckDBPyConnection
    repo: str
    landings: list[tuple[str, Any]]
    left: list[str]
    kept: Collection[int]
    standing: int
    index: Mapping[str, int]
    has_lookups: bool = False

    @property
    def base(self) -> str:
        """The last landing that stands."""
        return self.landings[self.standing - 1][0]

    def patches(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Index of each commit that stays, and its lines added, deleted, whitespace, and hashes."""
        sql = "select sha, added, deleted, whitespace, patch_id, inverse_id from commits where repo = ?"
        for sha, *row in self.query(sql):
            i = self.index.get(sha)
            if i is not None and i in self.kept:
                yield i, tuple(row)

    def marks(self) -> dict[bytes, int]:
        """Lines that say "generated", by path; only where no commit left."""
        rows = self.query("select path, marks from generated_marks where repo = ?")
        if rows and self.standing < len(self.landings):
            raise CannotResume
        return {bytes_of(path): marks for path, marks in rows}

    def has_flipped(self, marks: Mapping[bytes, int]) -> bool:
        """Whether a file with stored changes became generated, or ceased to be."""
        before = {path for path, count in self.marks().items() if count > 0}
        flipped = before ^ {path for path, count in marks.items() if count > 0}
        stored = "select 1 from changes where repo = ? and list_contains(?, path) limit 1"
        return bool(flipped and self.query(stored, [text_of(path) for path in flipped]))

    def agrees(
        self, commits: Sequence[Commit], attributions: Sequence[CommitAttribution], not_new: NotNewWork
    ) -> bool:
        """Whether what is stored of the commits that stay is what is found out about them now."""
        sql = "select sha, attribution, confidence, rule, tool, model, bulk_reason, dup_of, reverts from commits where repo = ?"
        for sha, *stored in self.query(sql):
            i = self.index.get(sha)
            if i is None or i not in self.kept:
                continue
            found = attributions[i]
            dup, undone = not_new.dup_of.get(i), not_new.reverts.get(i)
            now = [
                found.attribution.value, found.confidence.value, found.rule, found.tool, found.model,
                not_new.bulk.get(i), commits[dup].sha if dup is not None else None,
                commits[undone].sha if undone is not None else None,
            ]  # fmt: skip
            if stored != now:
                return False
        return True

    def has_recovered(self) -> bool:
        """Whether stored lines have evidence that was carried to them from commits off the branch."""
        return bool(self.query("select 1 from requests_seen where repo = ? and found > 0 limit 1"))

    def has_brought_back(self) -> bool:
        """Whether a landing that no longer stands brought lines back, or once more."""
        gone = [sha for sha, _ in self.landings[self.standing :]]
        back = "select 1 from recurring_lines where repo = ? and came and list_contains(?, merge_sha) limit 1"
        return bool(gone and self.query(back, gone))

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the repository; the first parameter is its name."""
        return self.connection.execute(sql, [self.repo, *values]).fetchall()


def find_past(
    connection: DuckDBPyConnection,
    repo: str,
    shadow: Shadow,
    walked: Walk,
    mainline: Mainline,
    fingerprint: str,
) -> Past | None:
    """Find out how much of a stored history stands; None: nothing that one could go on from."""
    tips = connection.execute(
        "select tip_sha from repos where repo = ? and mined_with = ? and basis = 'landed' and unknown_commits = 0"
        " and not is_shallow",
        [repo, fingerprint],
    ).fetchall()
    # An attribution that changed is noticed one by one.
    new = walked.shas[walked.tip]
    if not tips or walked.boundary or not has_same_attributes(shadow, tips[0][0], new):
        return None
    sql = "select sha, merge_sha, merged_at from commits where repo = ? order by ordinal"
    columns = [plain(column) for column in connection.sql(sql, params=[repo]).to_arrow_table().columns]
    landings = [(sha, at) for sha, merge, at in zip(*columns, strict=True) if sha == merge]
    landing_of = dict(zip(columns[0], columns[1], strict=True))
    shas = walked.shas
    now = list(dict.fromkeys(mainline.landing[c] for c in mainline.commits))
    standing = 0
    for (sha, at), m in zip(landings, now, strict=False):
        if sha != shas[m] or at != mainline.merged_at[m]:
            break
        standing += 1
    stand = set(now[:standing])
    kept = frozenset(i for i, m in enumerate(mainline.landing) if m in stand)
    if not standing or any(landing_of.get(shas[i]) != shas[mainline.landing[i]] for i in kept):
        return None
    stood = {sha for sha, _ in landings[:standing]}
    if sum(merge in stood for merge in landing_of.values()) != len(kept):
        return None
    index = {sha: i for i, sha in enumerate(shas)}
    left = [sha for sha in landing_of if index.get(sha, -1) not in kept]
    return Past(connection, repo, landings, left, kept, standing, index)


def grown(connection: DuckDBPyConnection, repo: str, stored: Stored) -> Past:
    """The past of a history to which commits were only added, if the mainline leaves it so (`stands`)."""
    landing, dates = stored.landings()
    landings = [(stored.shas[i], dates[i]) for i, at in enumerate(landing) if i == at]
    return Past(connection, repo, landings, [], range(stored.count), len(landings), stored.index)


def stands(stored: Stored, mainline: Mainline) -> bool:
    """Whether all stored commits landed with those, and when, that they did before commits were added."""
    landing, dates = stored.landings()
    if landing != mainline.landing[: stored.count]:
        return False
    return all(dates[i] == mainline.merged_at[i] for i, at in enumerate(landing) if i == at)


def replayed_commits(past: Past, walked: Walk, targets: Iterable[int]) -> tuple[set[int], set[int]]:
    """Commits to read once more, and the landings from whose trees that begins.

    A new commit may stand on one of a branch that was merged long ago, whose tree is not stored; the
    trees of landings are. ``targets``: kept commits whose changes are wanted themselves.
    """
    kept = past.kept
    landings = {past.index[sha] for sha, _ in past.landings[: past.standing]}
    wanted = list(targets)
    replayed: set[int] = set(wanted)
    seeds: set[int] = {past.index[past.base]}
    stack = [p for i in range(len(walked.shas)) if i not in kept for p in walked.parents[i] if p in kept]
    stack += [p for i in wanted for p in walked.parents[i]]
    while stack:
        at = stack.pop()
        if at in landings:
            seeds.add(at)
        elif at not in replayed:
            replayed.add(at)
            stack += walked.parents[at]
        if len(replayed) > _MOST_REPLAYED:
            raise CannotResume
    # A target that is itself a landing is read again, and its tree is known all the same.
    return replayed, seeds


_LEFT = """
with gone as (select unnest($gone) as sha)
select g.path, g.old_path from changes as g join commits as c on c.repo = g.repo and c.sha = g.sha
where g.repo = $repo and c.merge_sha in (select sha from gone)
union
select coalesce(died_path, path), landed_path from line_spans where repo = $repo and died_merge_sha in (select sha from gone)
union
select coalesce(landed_path, path), path from line_spans where repo = $repo and merge_sha in (select sha from gone)
union
select old_path, path from mainline_renames where repo = $repo and merge_sha in (select sha from gone)
union
select path, orig_path from recurring_lines where repo = $repo and merge_sha in (select sha from gone)
"""


def touched_paths(
    past: Past, chunks: Sequence[Chunk], foxtrots: Mapping[int, Sequence[tuple[bytes, bytes]]]
) -> set[bytes]:
    """Every path that new, replayed or departed commits speak of."""
    paths: set[bytes] = {path for rows in foxtrots.values() for path, _ in rows}
    for chunk in chunks:
        paths.update(chunk.deltas.path, (old for old in chunk.deltas.old_path if old is not None))
        paths.update(path for rows in chunk.merges.paths.values() for path, _ in rows)
        for files in chunk.merges.files:
            paths.update(
                files.path, (name for names in files.old_paths for name in names if name is not None)
            )
    gone = [sha for sha, _ in past.landings[past.standing :]]
    if gone:
        left = past.connection.execute(_LEFT, {"repo": past.repo, "gone": gone}).fetchall()
        paths.update(bytes_of(name) for row in left for name in row if name is not None)
    return paths


def resume(
    past: Past,
    shadow: Shadow,
    walked: Walk,
    paths: set[bytes],
    replayed: set[int],
    seeds: set[int],
) -> tuple[Resumed, Carried]:
    """Load the lines that new commits may touch, and rebuild the trees from which they go on.

    Where a rebuilt file has not as many lines as git's, `git blame` is asked for that file if it turns out to be needed.

    Raises:
        CannotResume: what is stored contradicts itself.
    """
    if past.has_brought_back():
        raise CannotResume  # how such lines had ended before is not stored with them
    place = {sha: k for k, (sha, _) in enumerate(past.landings)}
    shas = walked.shas
    oldest = min(place[shas[seed]] for seed in seeds)
    with ThreadPoolExecutor(1) as beside:  # git is at work there, and DuckDB here
        listing = beside.submit(_list_seeds, shadow, {seed: shas[seed] for seed in sorted(seeds)}, paths)
        loaded = load(past, paths, [shas[i] for i in replayed], past.landings[oldest][1])
        tip = lines_at_tip(past, paths, loaded)
        renames: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
        for sha, old, new in past.query(
            "select merge_sha, old_path, path from mainline_renames where repo = ?"
        ):
            if place.get(sha, -1) > oldest:
                renames[place[sha]].append((bytes_of(old), bytes_of(new)))
        recurring = recurring_at(past, paths, loaded, place)
        rebuilt = _undo(
            tip, loaded, {place[shas[seed]]: seed for seed in seeds}, renames, recurring, len(past.landings)
        )
        trees, counts = listing.result()

    def lines_at(seed: int, path: bytes, blob: bytes) -> Ids:
        ids = rebuilt[seed].get(path, NO_LINES)
        if ids is not None and len(ids) == counts.get(blob, 0):
            return ids
        return cast("Ids", Unsettled(partial(_blamed, shadow, shas[seed], path, loaded)))

    result: dict[int, Tree] = {
        seed: immutables.Map({path: (blob, lines_at(seed, path, blob)) for path, blob in files.items()})
        for seed, files in trees.items()
    }
    carried = loaded.finish([past.index[sha] for sha, _ in past.landings[: past.standing]], paths)
    return Resumed(loaded.lines, loaded.files, result, frozenset(replayed), loaded.known(replayed)), carried


def _list_seeds(
    shadow: Shadow, sha_of: Mapping[int, str], paths: set[bytes]
) -> tuple[dict[int, dict[bytes, bytes]], dict[bytes, int]]:
    """The blobs of the paths in the trees of commits, and how many lines each blob has."""
    trees = {seed: dict(tree_files(shadow, sha, paths)) for seed, sha in sha_of.items()}
    return trees, text_lines(
        shadow.path, sorted({blob for files in trees.values() for blob in files.values()})
    )


def _blamed(shadow: Shadow, sha: str, path: bytes, loaded: Loaded) -> Ids:
    """The ids of a file's lines by git's own account of them."""
    origins = blame_file(shadow, sha, path)
    rows = [loaded.row_of.get((each.sha, text_of(each.path))) for each in origins or ()]
    known = [row for row in rows if row is not None]
    if origins is None or len(known) < len(rows):
        raise CannotResume
    return loaded.ids_of(known, [each.number for each in origins])


def _undo(
    tip: dict[bytes, Ids],
    loaded: Loaded,
    seeds: Mapping[int, int],
    renames: Mapping[int, Sequence[tuple[bytes, bytes]]],
    recurring: Recurrences,
    landings: int,
) -> dict[int, dict[bytes, Ids | None]]:
    """The lines of the paths after earlier landings (by place), undoing one landing after the other.

    Returns:
        By the walk's index of each seed; of a path None where what is stored of it does not add up.
    """
    lines, count, names = loaded.lines, loaded.lines.count, loaded.files.names
    oldest = min(seeds)
    came = events(lines.landed_at[:count], lines.landed_path[:count], oldest)
    left = events(lines.died_at[:count], lines.died_path[:count], oldest)
    now: dict[bytes, Ids | None] = dict(tip)
    result: dict[int, dict[bytes, Ids | None]] = {}
    for at in range(landings - 1, oldest - 1, -1):
        if at in seeds:
            result[seeds[at]] = dict(now)
            if at == oldest:
                break
        again, away = recurring[True].get(at, {}), recurring[False].get(at, {})
        dead = left.get(at, {})
        changed = {names[path] for path in (*came.get(at, {}), *dead, *again, *away)}
        moved = moved_to(renames.get(at, ()))
        after = {path: now.pop(path, NO_LINES) for path in sorted({*changed, *moved})}
        stay: dict[bytes, list[Ids | None]] = defaultdict(list)
        for path, ids in after.items():
            kept = _without(ids, lines.landed_at, at, again.get(loaded.files.path_of(path)))
            stay[moved.get(path, path)].append(kept)
        for path, parts in stay.items():
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                now[path] = None
            elif path not in now or any(map(len, known)):
                now[path] = np.concatenate(known)
        for path in changed:
            index = loaded.files.path_of(path)
            ids = dead.get(index, NO_LINES)
            others, places = away.get(index, (NO_LINES, NO_LINES))
            if len(ids) or len(others):
                back = np.concatenate((ids, others)), np.concatenate((lines.died_number[ids], places))
                now[path] = _put_back(now.get(path, NO_LINES), *back)
    return result


def _without(ids: Ids | None, landed_at: Ids, landing: int, again: tuple[Ids, Ids] | None) -> Ids | None:
    """Lines without those that a landing brought in, ``again``: ids and numbers of those that came once more."""
    if ids is None:
        return None
    stays: npt.NDArray[np.bool_] = landed_at[ids] != landing
    if again is not None:
        which, number = again
        if int(number.max()) > len(ids) or not np.array_equal(ids[number - 1], which):
            return None
        stays[number - 1] = False
    return ids[stays]


def _put_back(kept: Ids | None, dead: Ids, number: Ids) -> Ids | None:
    """Lines in their places: ``number`` is 1-based in the file that comes of it; None: they leave gaps."""
    if kept is None:
        return None
    whole = np.full(len(kept) + len(dead), UNKNOWN, dtype=np.int32)
    if int(number.max()) > len(whole):
        return None
    is_dead = np.zeros(len(whole), dtype=bool)
    is_dead[number - 1] = True
    if int(is_dead.sum()) != len(dead):
        return None
    whole[number - 1] = dead
    whole[~is_dead] = kept
    return whole
