"""The lines of a file as they stood after an earlier landing, rebuilt from ``line_spans``.

Landings are undone one after the other, newest first: the lines that a landing brought in leave,
those that it ended come back to where they stood. What results is checked against the lines that
landed in the file up to then and had not died: two roads, one from the tip back and one from the
beginning on. Where they do not meet there is no answer: a merge may hold a line twice, or take lines
from a file to another without a rename. What neither road shows are lines that the mainline had lost
when a later merge brought them back; they seem to have been there throughout.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.patch import counting

if TYPE_CHECKING:
    import duckdb

Keys = npt.NDArray[np.int64]
_END = 1 << 62


class Place(NamedTuple):
    """Where a line was born: commit, file as that commit left it, 1-based number there."""

    sha: str
    path: str
    number: int


class Stretch(NamedTuple):
    """A file that went by ``path`` between two landings: after ``since``, which may have moved it there, and before ``until``."""

    path: str
    since: int
    until: int
    is_moved: bool


def lines_at_tip(connection: duckdb.DuckDBPyConnection, repo: str, path: str) -> list[Place | None]:
    """The lines of a file at the mined tip; None for one whose origin could not be read."""
    rows = connection.execute(
        "select line_count, sha, orig_path, orig_line from tip_blame where repo = ? and path = ? order by line_start",
        [repo, path],
    ).fetchall()
    return [
        Place(sha, orig_path, orig_line + k) if sha else None
        for count, sha, orig_path, orig_line in rows
        for k in range(count)
    ]


def lines_at(
    connection: duckdb.DuckDBPyConnection, repo: str, path: str, landing: int
) -> list[Place | None] | None:
    """The lines of a file after a landing, by the landing's ordinal; None where the database cannot tell."""
    moves = _Moves(connection, repo)
    later, last_path = moves.forward(path, landing)
    earlier = moves.backward(path, landing)
    if later is None or earlier is None:
        return None
    history = _History(connection, repo, {each.path for each in (*later, *earlier)})
    state: Keys | None = history.keys_of(lines_at_tip(connection, repo, last_path) if last_path else [])
    for stretch in reversed(later):
        state = history.undo(stretch, state)
    if state is None or not _is_in_order(state):
        return None
    if not np.array_equal(np.sort(state), history.living(earlier, landing)):
        return None
    return history.places(state)


class _Moves:
    """The renames of a repository's mainline."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, repo: str) -> None:
        self._out: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._in: dict[str, list[tuple[int, str]]] = defaultdict(list)
        rows = connection.execute(
            """select c.ordinal, r.old_path, r.path
            from mainline_renames as r join commits as c on c.repo = r.repo and c.sha = r.merge_sha
            where r.repo = ? order by all""",
            [repo],
        ).fetchall()
        for ordinal, old, new in rows:
            self._out[old].append((ordinal, new))
            self._in[new].append((ordinal, old))

    def forward(self, path: str, landing: int) -> tuple[list[Stretch] | None, str | None]:
        """What became of a file after a landing: stretches oldest first, and its path at the tip if it got there."""
        stretches: list[Stretch] = []
        at = landing
        while True:
            leaves, to = _next(self._out[path], at)
            taken, _ = _next(self._in[path], at)
            if taken < leaves:  # another file took its place: all its lines are gone by then
                return [*stretches, Stretch(path, at, taken, bool(stretches))], None
            stretches.append(Stretch(path, at, leaves, bool(stretches)))
            if leaves == _END:
                return stretches, path
            if len(to) > 1:
                return None, None
            path, at = to[0], leaves

    def backward(self, path: str, landing: int) -> list[Stretch] | None:
        """The paths that a file went by up to a landing, newest first; None where two files became this one."""
        stretches: list[Stretch] = []
        at = landing
        while True:
            came, sources = _last(self._in[path], at)
            left, _ = _last(self._out[path], at)
            stretches.append(Stretch(path, max(came, left, 0), at + 1, is_moved=True))
            if came < 0 or left > came:
                return stretches
            if len(sources) > 1:
                return None
            path, at = sources[0], came - 1


def _next(moves: list[tuple[int, str]], after: int) -> tuple[int, list[str]]:
    ordinal = min((at for at, _ in moves if at > after), default=_END)
    return ordinal, [path for at, path in moves if at == ordinal]


def _last(moves: list[tuple[int, str]], until: int) -> tuple[int, list[str]]:
    ordinal = max((at for at, _ in moves if at <= until), default=-1)
    return ordinal, [path for at, path in moves if at == ordinal]


class _Runs(Struct, frozen=True):
    """Spans as columns: key of the first line, count, landing, landing that ended it, places at both."""

    key: Keys
    count: Keys
    landed: Keys
    landed_path: npt.NDArray[np.object_]
    landed_line: Keys
    died: Keys
    died_path: npt.NDArray[np.object_]
    died_line: Keys

    def landed_in(self, stretch: Stretch) -> Keys:
        """Rows that landed in a file during a stretch."""
        first = stretch.since if stretch.is_moved else stretch.since + 1
        return np.flatnonzero(
            (self.landed >= first) & (self.landed < stretch.until) & (self.landed_path == stretch.path)
        )


class _History:
    """All lines that ever stood in some files; a line is a number: its file's in the upper half, its own in the lower."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, repo: str, paths: set[str]) -> None:
        self._files: dict[tuple[str, str], int] = {}
        self._names: list[tuple[str, str]] = []
        frame = connection.execute(
            """select s.sha, s.path, s.line_start, s.line_count, l.ordinal as landed,
                coalesce(s.landed_path, s.path) as landed_path, coalesce(s.landed_line, s.line_start) as landed_line,
                coalesce(d.ordinal, $none) as died, coalesce(s.died_path, s.path) as died_path, coalesce(s.died_line, 0) as died_line
            from line_spans as s
            join commits as l on l.repo = s.repo and l.sha = s.merge_sha
            left join commits as d on d.repo = s.repo and d.sha = s.died_merge_sha
            where s.repo = $repo and s.landed and (coalesce(s.landed_path, s.path) in (select unnest($paths))
                or (s.died_merge_sha is not null and coalesce(s.died_path, s.path) in (select unnest($paths))))""",
            {"repo": repo, "paths": sorted(paths), "none": _END},
        ).fetchnumpy()
        first = [self._file(sha, path) << 32 for sha, path in zip(frame["sha"], frame["path"], strict=True)]

        def whole(name: str) -> Keys:
            return np.asarray(frame[name], dtype=np.int64)

        self._runs = _Runs(
            key=np.array(first, dtype=np.int64) + whole("line_start"),
            count=whole("line_count"),
            landed=whole("landed"),
            landed_path=np.asarray(frame["landed_path"], dtype=object),
            landed_line=whole("landed_line"),
            died=whole("died"),
            died_path=np.asarray(frame["died_path"], dtype=object),
            died_line=whole("died_line"),
        )

    def _file(self, sha: str, path: str) -> int:
        known = self._files.get((sha, path))
        if known is None:
            known = self._files[sha, path] = len(self._names)
            self._names.append((sha, path))
        return known

    def keys_of(self, lines: list[Place | None]) -> Keys | None:
        """Lines as numbers; None where one is unknown, for then nobody can say where the others stood."""
        known = [line for line in lines if line is not None]
        if len(known) < len(lines):
            return None
        return np.array(
            [(self._file(sha, path) << 32) + number for sha, path, number in known], dtype=np.int64
        )

    def places(self, keys: Keys) -> list[Place | None]:
        """Numbers as lines."""
        born = [(self._names[key >> 32], key & 0xFFFFFFFF) for key in keys.tolist()]
        return [Place(sha, path, number) for (sha, path), number in born]

    def undo(self, stretch: Stretch, state: Keys | None) -> Keys | None:
        """Go back to before the first landing of a stretch; None where the lines are not as the landings left them."""
        runs = self._runs
        came = runs.landed_in(stretch)
        # The landing that moves a file on ends lines under the old path and brings others in under the new.
        went = np.flatnonzero(
            (runs.died > stretch.since)
            & (runs.died <= stretch.until)
            & (runs.died < _END)
            & (runs.died_path == stretch.path)
        )
        for landing in np.unique(np.concatenate((runs.landed[came], runs.died[went])))[::-1].tolist():
            if state is None:
                return None
            state = self._without(state, came[runs.landed[came] == landing])
            if state is not None:
                state = self._with(state, went[runs.died[went] == landing])
        return state

    def _without(self, state: Keys, rows: Keys) -> Keys | None:
        keys, at = _spread(self._runs.key[rows], self._runs.landed_line[rows], self._runs.count[rows])
        if not len(keys):
            return state
        if at.max() >= len(state) or not np.array_equal(state[at], keys):
            return None
        # By number and not by place: a merge whose sides match equal lines differently holds a line twice.
        return state[~np.isin(state, keys)]

    def _with(self, state: Keys, rows: Keys) -> Keys | None:
        keys, at = _spread(self._runs.key[rows], self._runs.died_line[rows], self._runs.count[rows])
        if not len(keys):
            return state
        size = len(state) + len(keys)
        is_back = np.zeros(size, dtype=bool)
        if at.min() < 0 or at.max() >= size or len(np.unique(at)) < len(at):
            return None
        is_back[at] = True
        result = np.empty(size, dtype=np.int64)
        result[at] = keys
        result[~is_back] = state
        return result

    def living(self, stretches: list[Stretch], landing: int) -> Keys:
        """The lines that landed in a file up to a landing and had not died by then, in order of their numbers."""
        runs = self._runs
        rows = np.concatenate([runs.landed_in(each) for each in stretches])
        rows = rows[runs.died[rows] > landing]
        return np.sort(_spread(runs.key[rows], runs.landed_line[rows], runs.count[rows])[0])


def _is_in_order(state: Keys) -> bool:
    """Whether lines born in one commit and file stand in the order in which they stood there: nothing ever changes it."""
    by_file = state[np.argsort(state >> 32, kind="stable")]
    return bool(np.all(np.diff(by_file) > 0))


def _spread(first: Keys, line: Keys, count: Keys) -> tuple[Keys, Keys]:
    """Runs as single lines: their numbers, and their 0-based places."""
    steps = counting(count)
    return np.repeat(first, count) + steps, np.repeat(line, count) - 1 + steps
