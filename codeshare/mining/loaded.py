"""Stored lines, loaded so that a pass can go on with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.patch import counting
from codeshare.git.quoting import bytes_of, text_of
from codeshare.mining.stored import keep_lookups
from codeshare.provenance.followed import CannotResume
from codeshare.provenance.lines import NEVER, UNKNOWN, Files, Ids, Lines
from codeshare.provenance.trees import NO_LINES
from codeshare.store.columns import texts
from codeshare.store.registered import registered
from codeshare.store.tables import Table
from codeshare.store.values import values_of

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from codeshare.mining.resume import Past


class Carried(Struct):
    """Of the loaded lines, what the pass does not work out itself, and what they were before it.

    ``is_dirty``: what is stored no longer stands; ``rows``: rows of `Files` they take; ``paths``: the
    paths whose lines at the tip may have changed.
    """

    count: int
    died_by: Ids
    repeats: Ids
    succeeds: Ids
    is_dirty: Any
    before: dict[str, Ids]
    rows: int
    paths: set[bytes]


Recurrences = Mapping[bool, Mapping[int, Mapping[int, tuple[Ids, Ids]]]]
"""Ids and numbers of lines that came (True) or went (False), by landing and path, which their rows do not tell."""

_FATES = ("landed_at", "landed_path", "landed_number", "died_at", "died_path", "died_number")


class Loaded:
    """Stored lines with ids of their own; landings by their place among the stored ones until `finish`."""

    def __init__(self) -> None:
        self.lines, self.files = Lines(), Files()
        self.row_of: dict[tuple[str, str], int] = {}
        self.keys = np.empty(0, dtype=np.int64)
        self.died_by = self.repeats = self.succeeds = NO_LINES

    def path_of(self, name: str) -> int:
        """The index of a path as the database has it."""
        return self.files.path_of(bytes_of(name))

    def ids_of(self, file: Any, number: Any) -> Ids:
        """The ids of lines by row of `Files` and number."""
        wanted = (np.asarray(file, dtype=np.int64) << 32) | np.asarray(number, dtype=np.int64)
        at = np.searchsorted(self.keys, wanted)
        if len(wanted) and ((at >= len(self.keys)).any() or not np.array_equal(self.keys[at], wanted)):
            raise CannotResume
        return at.astype(np.int32)

    def rows_at(self, runs: pa.Table, sha: str, path: str) -> Ids:
        """The rows of `Files` that two columns of ids and paths name; `NEVER` where there is none."""
        named = zip(runs.column(sha).to_pylist(), runs.column(path).to_pylist(), strict=True)
        return np.array([self.row_of.get(each, NEVER) for each in named], dtype=np.int32)

    def known(self, commits: Container[int]) -> dict[tuple[int, int], tuple[Ids, Ids]]:
        """Numbers and ids of the lines born in some commits, by commit and path."""
        files = self.files
        rows = [row for row, commit in enumerate(files.commit) if commit in commits]
        edges = np.searchsorted(self.lines.file[: self.lines.count], [rows, [row + 1 for row in rows]]).T
        return {
            (files.commit[row], files.path[row]): (
                self.lines.number[low:high].copy(),
                np.arange(low, high, dtype=np.int32),
            )
            for row, (low, high) in zip(rows, edges.tolist(), strict=True)
        }

    def finish(self, standing: Sequence[int], paths: set[bytes]) -> Carried:
        """Forget landings that no longer stand, and name the others as the walk does (``standing``)."""
        lines, count = self.lines, self.lines.count
        names = np.array([*standing, NEVER], dtype=np.int32)
        is_dirty = np.zeros(count, dtype=bool)
        for side in ("landed", "died"):
            column = getattr(lines, f"{side}_at")[:count]
            gone = column >= len(standing)
            is_dirty |= gone
            column[:] = names[np.where(gone | (column == NEVER), len(standing), column)]
            for part in ("path", "number"):
                getattr(lines, f"{side}_{part}")[:count][gone] = NEVER
        self.died_by[lines.died_at[:count] == NEVER] = NEVER
        before = {name: getattr(lines, name)[:count].copy() for name in _FATES}
        return Carried(
            count, self.died_by, self.repeats, self.succeeds, is_dirty, before, len(self.files.commit), paths
        )


# Of millions of lines few came or went lately: their times tell which before any name is compared.
_NEAR = """
create or replace temp table near as
    select sha, orig_path as path from tip_blame
    where repo = $repo and path in (select path from wanted) and sha is not null
    union
    select sha, path from line_spans
    where repo = $repo and merged_at >= $since and coalesce(landed_path, path) in (select path from wanted)
    union
    select sha, path from line_spans
    where repo = $repo and died_at >= $since and coalesce(died_path, path) in (select path from wanted)
    union
    select sha, path from line_spans where repo = $repo and sha in (select unnest($shas))
    union
    select sha, orig_path from recurring_lines
    where repo = $repo and path in (select path from wanted)
"""
_GONE = """
insert into near
    select sha, path from line_spans
    where repo = $repo and (merge_sha in (select unnest($gone)) or died_merge_sha in (select unnest($gone)))
    except from near
"""
_FURTHER = """
insert into near
    select sha, path from (
        select repeats_sha as sha, repeats_path as path from linked semi join near using (sha, path)
        union
        select succeeds_sha, succeeds_path from linked semi join near using (sha, path))
    where sha is not null and (sha, path) not in (select (sha, path) from near)
"""
_ROWS = """
create or replace temp table near_rows as
    select sha, path, (row_number() over (order by sha, path) - 1)::integer as number from near
"""
_LINKS = """
create or replace temp table links as
    select line, repeats_line, succeeds_line, repeated.number as repeats, before.number as succeeds
    from linked as l semi join near using (sha, path)
    left join near_rows as repeated on repeated.sha = l.repeats_sha and repeated.path = l.repeats_path
    left join near_rows as before on before.sha = l.succeeds_sha and before.path = l.succeeds_path
"""
# Numbers in the place of names: a Python look-up for each takes longer than all of this.
_SPANS = """
select near.number as born, s.line_start, s.line_count,
    coalesce(landed.place, -1) as landed_at, s.landed_path,
    coalesce(s.landed_line, s.line_start) as landed_line,
    coalesce(died.place, -1) as died_at, s.died_path,
    coalesce(s.died_line, -1) as died_line, s.died_sha as died_by, s.is_moved,
    coalesce(l.repeats, -1) as repeats, coalesce(l.repeats_line, -1) as repeats_line,
    coalesce(l.succeeds, -1) as succeeds, coalesce(l.succeeds_line, -1) as succeeds_line
from line_spans as s
join near_rows as near using (sha, path)
left join landing_places as landed on landed.sha = s.merge_sha
left join landing_places as died on died.sha = s.died_merge_sha
left join links as l on l.line = s.rowid
where repo = $repo order by born, s.line_start
"""

_TIP = """
select t.line_count, coalesce(near.number, -1) as born, coalesce(t.orig_line, -1) as orig_line
from tip_blame as t left join near_rows as near on near.sha = t.sha and near.path = t.orig_path
where repo = ? and t.path in (select path from wanted) order by t.path, t.line_start
"""
_SIZES = """
select path, sum(line_count)::integer from tip_blame
where repo = ? and path in (select path from wanted) group by path order by path
"""

_RECURRING = """
select merge_sha, came, path, line, sha, orig_path, orig_line
from recurring_lines where repo = ? and path in (select path from wanted)
"""


def _wanted(connection: DuckDBPyConnection, paths: Iterable[bytes]) -> AbstractContextManager[None]:
    """Paths as the relation ``wanted``."""
    return registered(connection, wanted=Table({"path": texts(sorted(text_of(path) for path in paths))}))


def load(
    past: Past,
    paths: set[bytes],
    shas: list[str],
    since: Any,
) -> Loaded:
    """All lines born in the commits and files that the paths' lines come from."""
    connection = past.connection
    gone = [sha for sha, _ in past.landings[past.standing :]]
    with _wanted(connection, paths):
        connection.execute(_NEAR, {"repo": past.repo, "since": since, "shas": shas})
        if gone:
            connection.execute(_GONE, {"repo": past.repo, "gone": gone})
        if not past.has_lookups:
            keep_lookups(connection, past.repo)
        while connection.execute(_FURTHER).fetchall()[0][0]:
            pass
        connection.execute(_ROWS)
        connection.execute(_LINKS)
        born_in = connection.execute("select sha, path from near_rows order by number").fetchall()
        rows = connection.sql(_SPANS, params={"repo": past.repo}).to_arrow_table()
    loaded = Loaded()
    _name_files(loaded, born_in, past)
    count = values_of(rows.column("line_count"))
    loaded.lines.bear(
        np.repeat(values_of(rows.column("born")), count), _along(values_of(rows.column("line_start")), count)
    )
    loaded.keys = loaded.lines.file[: loaded.lines.count].astype(np.int64) << 32
    loaded.keys |= loaded.lines.number[: loaded.lines.count]
    _fates(loaded, rows, count, past)
    for name in ("repeats", "succeeds"):
        setattr(loaded, name, _links(loaded, rows, count, name))
    return loaded


def _name_files(loaded: Loaded, born_in: Sequence[tuple[str, str]], past: Past) -> None:
    """Make the rows of `Files`: commits (ids) and paths that lines were born in."""
    loaded.row_of = {key: row for row, key in enumerate(born_in)}
    indexes = [past.index.get(sha, NEVER) for sha, _ in born_in]
    loaded.files.commit += [at if at in past.kept else NEVER for at in indexes]
    loaded.files.path += [loaded.path_of(path) for _, path in born_in]


def _fates(loaded: Loaded, rows: pa.Table, count: Any, past: Past) -> None:
    """What became of the lines."""
    lines, total = loaded.lines, loaded.lines.count
    own = np.array(loaded.files.path, dtype=np.int32)[values_of(rows.column("born"))]
    for side in ("landed", "died"):
        at = values_of(rows.column(f"{side}_at"))
        path = _coded(rows, f"{side}_path", loaded.path_of)
        path = np.where(at == NEVER, NEVER, np.where(path == NEVER, own, path))
        number = np.where(at == NEVER, NEVER, values_of(rows.column(f"{side}_line")))
        getattr(lines, f"{side}_at")[:total] = np.repeat(at, count)
        getattr(lines, f"{side}_path")[:total] = np.repeat(path, count)
        getattr(lines, f"{side}_number")[:total] = _along(number, count)
    lines.moved[:total] = np.repeat(values_of(rows.column("is_moved")), count)
    loaded.died_by = np.repeat(_coded(rows, "died_by", lambda sha: past.index.get(sha, NEVER)), count)


def _links(loaded: Loaded, rows: pa.Table, count: Any, name: str) -> Ids:
    """The lines (ids) that lines bring back, or take the place of."""
    there = np.repeat(values_of(rows.column(name)), count)
    links = _along(values_of(rows.column(f"{name}_line")), count)
    linked = there != NEVER
    links[linked] = loaded.ids_of(there[linked], links[linked])
    return links


def _along(first: Any, count: Any) -> Ids:
    """Of each line of runs the number that grows by one from that of the first; `NEVER` of all, where that is."""
    base = np.repeat(first, count)
    return np.where(base == NEVER, NEVER, base + counting(count)).astype(np.int32)


def _coded(rows: pa.Table, name: str, code: Callable[[str], int]) -> Ids:
    """A number for each text of a column, found once for all that are alike; `NEVER` where there is none."""
    names = rows.column(name).to_pylist()
    codes = {text: NEVER if text is None else code(text) for text in dict.fromkeys(names)}
    return np.fromiter((codes[text] for text in names), dtype=np.int32, count=len(names))


def lines_at_tip(past: Past, paths: set[bytes], loaded: Loaded) -> dict[bytes, Ids]:
    """The lines of the paths at the stored tip."""
    with _wanted(past.connection, paths):
        runs = past.connection.sql(_TIP, params=[past.repo]).to_arrow_table()
        sizes = past.query(_SIZES)
    count = values_of(runs.column("line_count"))
    number = _along(values_of(runs.column("orig_line")), count)
    row = np.repeat(values_of(runs.column("born")), count)
    ids = np.full(len(number), UNKNOWN, dtype=np.int32)
    ids[number != NEVER] = loaded.ids_of(row[number != NEVER], number[number != NEVER])
    parts = np.split(ids, np.cumsum([size for _, size in sizes]))
    return {bytes_of(path): part for (path, _), part in zip(sizes, parts, strict=False)}


def recurring_at(past: Past, paths: set[bytes], loaded: Loaded, place: Mapping[str, int]) -> Recurrences:
    """What is stored of lines that came or went once more; ``place``: of each landing among those stored."""
    with _wanted(past.connection, paths):
        rows = past.connection.sql(_RECURRING, params=[past.repo]).to_arrow_table()
    number = values_of(rows.column("line"))
    ids = loaded.ids_of(loaded.rows_at(rows, "sha", "orig_path"), values_of(rows.column("orig_line")))
    at = _coded(rows, "merge_sha", lambda sha: place.get(sha, NEVER))
    path = _coded(rows, "path", loaded.path_of)
    came = values_of(rows.column("came"))
    return {
        side: {
            landing: {key: (ids[of], number[of]) for key, of in by_path.items()}
            for landing, by_path in events(np.where(came == side, at, NEVER), path).items()
        }
        for side in (True, False)
    }


def events(at: Ids, path: Ids, since: int = 0) -> dict[int, dict[int, Ids]]:
    """Ids by landing, from the place ``since`` on, and path."""
    known = np.flatnonzero(at >= since)
    order = known[np.lexsort((known, path[known], at[known]))]
    result: dict[int, dict[int, Ids]] = defaultdict(dict)
    if len(order):
        heads = np.flatnonzero(
            np.append(True, (at[order][1:] != at[order][:-1]) | (path[order][1:] != path[order][:-1]))
        )
        for low, high in zip(heads.tolist(), [*heads.tolist()[1:], len(order)], strict=True):
            first = order[low]
            result[int(at[first])][int(path[first])] = order[low:high].astype(np.int32)
    return result


def carry_over(
    lines: Lines, died_by: Ids, repeats: Ids, succeeds: Ids, carried: Carried
) -> npt.NDArray[np.bool_]:
    """Give loaded lines back what the pass does not know of them.

    Returns:
        Per row of `Files` that was loaded, whether anything about its lines changed.
    """
    count = carried.count
    same = lines.died_at[:count] == carried.before["died_at"]
    died_by[:count] = np.where(same, carried.died_by, died_by[:count])
    repeats[:count], succeeds[:count] = carried.repeats, carried.succeeds
    changed = carried.is_dirty | (died_by[:count] != carried.died_by)
    for name in _FATES:
        changed |= getattr(lines, name)[:count] != carried.before[name]
    rows = np.zeros(carried.rows, dtype=bool)
    rows[lines.file[:count][changed]] = True
    return rows
