"""The tables of lines: ``line_spans``, ``landed_lines``, ``tip_blame``, ``mainline_renames``, ``recurring_lines``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from codeshare.git.quoting import text_of
from codeshare.mining.decision_columns import DecisionColumns
from codeshare.model import HANDWRITTEN
from codeshare.provenance.lines import NEVER, UNKNOWN, Ids
from codeshare.store.columns import Flags, Lookup, Rows, flags, instants, numbers, times
from codeshare.store.stretches import of_rows
from codeshare.store.tables import BIGINT, VARCHAR, Column, Table

if TYPE_CHECKING:
    from codeshare.mining.lives import Lives
    from codeshare.mining.repository import Mined
    from codeshare.store.stretches import Arriving


def line_tables(mined: Mined, lives: Lives) -> dict[str, Arriving]:
    """The rows of one repository's lines, by table."""
    rows = _LineRows(mined, lives)
    return {
        "line_spans": of_rows(len(lives.spans.first), rows.line_spans),
        "landed_lines": rows.landed_lines(),
        "tip_blame": rows.tip_blame(),
        "mainline_renames": rows.mainline_renames(),
        "recurring_lines": rows.recurring_lines(),
        "fixed_lines": rows.fixed_lines(),
    }


class _LineRows:
    """Looks up commits and files for the tables, each once."""

    def __init__(self, mined: Mined, lives: Lives) -> None:
        self._mined, self._lives = mined, lives
        self._names = [text_of(name) for name in lives.files.names]
        self._shas, self._paths = mined.said.shas, Lookup(self._names)
        # Whatever landed together did so at one moment.
        landings, which = np.unique(mined.mainline.landing, return_inverse=True)
        self._dates = instants([mined.mainline.merged_at[i] for i in landings.tolist()])[which]
        # By row of `files`: its commit and its path; row 0 also where there is none to ask for.
        self._commit, self._path = (
            np.array(each or [0], dtype=np.int32) for each in (lives.files.commit, lives.files.path)
        )

    def line_spans(self, start: int, stop: int) -> Table:
        """One row per run of lines with one fate, from one number to before another."""
        spans = self._lives.spans.only(self._order[start:stop])
        commit, path = self._commit[spans.file], self._path[spans.file]
        landed, dead = spans.landed_at != NEVER, spans.died_at != NEVER
        landing = np.array(self._mined.mainline.landing, dtype=np.int32)
        return Table(
            self._origin(commit, path, spans.verdict)
            | {
                "line_start": numbers(spans.start),
                "line_count": numbers(spans.count),
                "landed": flags(landed),
                "merge_sha": self._shas(spans.landed_at, landed),
                "merged_at": self._times(np.where(landed, spans.landed_at, landing[commit])),
                "died_sha": self._shas(spans.died_by, dead),
                "died_merge_sha": self._shas(spans.died_at, dead),
                "died_at": self._times(spans.died_at, dead),
                "is_moved": flags(spans.moved),
                "landed_path": self._paths(spans.landed_path, landed & (spans.landed_path != path)),
                "landed_line": numbers(spans.landed_number, landed & (spans.landed_number != spans.start)),
                "died_path": self._paths(spans.died_path, dead & (spans.died_path != path)),
                "died_line": numbers(spans.died_number, dead),
            }
            | self._place("repeats_{}", spans.repeats, spans.repeats != NEVER)
            | self._place("succeeds_{}", spans.succeeds, spans.succeeds != NEVER)
        )

    def landed_lines(self) -> Table:
        """Landed lines summed by commit, file and whatever else of a run can differ within these."""
        spans = self._lives.spans
        landed = np.flatnonzero(spans.landed_at != NEVER)
        keys = [each[landed] for each in (spans.file, spans.landed_at, spans.verdict)]
        order = np.lexsort(keys[::-1])
        keys = [key[order] for key in keys]
        heads = np.ones(len(landed), dtype=bool)
        heads[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
        at = np.flatnonzero(heads)
        lines = spans.count[landed][order]
        moved = np.where(spans.moved[landed][order], lines, 0)
        file, landing, verdict = (key[at] for key in keys)
        summed = {
            name: numbers(np.add.reduceat(each, at) if len(at) else each, kind=BIGINT)
            for name, each in (("lines", lines), ("moved", moved))
        }
        origin = self._origin(self._commit[file], self._path[file], verdict)
        return Table(origin | {"merged_at": self._times(landing)} | summed)

    def fixed_lines(self) -> Table:
        """Lines that commits removed which mend something, by the commit and file that they came from."""
        fixed = self._lives.fixed
        origin = self._origin(self._commit[fixed.file], self._path[fixed.file], fixed.verdict)
        return Table(
            {"fix_sha": self._shas(fixed.fix)}
            | {name: origin[name] for name in ("sha", "path", "file_class", "attribution", "tool")}
            | {
                "merged_at": self._times(fixed.landed_at),
                "fixed_at": self._times(fixed.died_at),
                "lines": numbers(fixed.lines, kind=BIGINT),
                "code_lines": numbers(fixed.lines - fixed.idle, kind=BIGINT),
            }
        )

    def tip_blame(self) -> Table:
        """One row per run of lines at the tip; ``sha`` is null where the origin could not be read."""
        tip = self._lives.tip
        return Table(
            {
                "path": self._paths(tip.path),
                "line_start": numbers(tip.start),
                "line_count": numbers(tip.count),
            }
            | self._original(tip.first, tip.first != UNKNOWN)
        )

    def mainline_renames(self) -> Rows:
        """One row per landing and file that it moved."""
        shas, names = self._mined.walked.shas, self._names
        rows = sorted({(shas[at], names[old], names[new]) for at, old, new in self._lives.renames})
        return Rows(rows, dict.fromkeys(("merge_sha", "old_path", "path"), VARCHAR))

    def recurring_lines(self) -> Table:
        """One row per line that came or went at another landing than those of its `line_spans`."""
        rows = self._lives.recurring
        return Table(
            {
                "merge_sha": self._shas(rows.landing),
                "came": flags(rows.came),
                "path": self._paths(rows.path),
                "line": numbers(rows.number),
            }
            | self._original(rows.line, np.ones(len(rows.line), dtype=bool))
        )

    def _origin(self, commit: Ids, path: Ids, verdict: Ids) -> dict[str, Column]:
        """What rows of lines say of their commit, file and attribution."""
        return (
            {"sha": self._shas(commit), "path": self._paths(path), "engineer": self._engineers(commit)}
            | {name: of_path(path) for name, of_path in self._kinds.items()}
            | self._decided(verdict)
        )

    def _place(self, name: str, line: Ids, there: Flags) -> dict[str, Column]:
        """Commit, path and number of the line that the first line of a run points to."""
        lives = self._lives
        file = lives.born_in.take(line, mode="clip") if len(lives.born_in) else np.zeros_like(line)
        number = lives.number.take(line, mode="clip") if len(lives.number) else np.zeros_like(line)
        return {
            name.format("sha"): self._shas(self._commit[file], there),
            name.format("path"): self._paths(self._path[file], there),
            name.format("line"): numbers(number, there),
        }

    def _original(self, line: Ids, there: Flags) -> dict[str, Column]:
        place = self._place("orig_{}", line, there)
        return {"sha": place.pop("orig_sha")} | place

    def _times(self, at: Ids, where: Flags | None = None) -> Column:
        return times(self._dates.take(at, mode="clip"), where)

    @cached_property
    def _engineers(self) -> Lookup:
        return Lookup(self._mined.engineers)

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """Runs of handwritten files first, then class by class, else as they were born.

        Most questions are of those, and DuckDB passes over groups of rows that are of one other class.
        """
        classes = [self._mined.classifier.classify(name) for name in self._names]
        place = {each: n for n, each in enumerate(sorted({*classes} - HANDWRITTEN), 1)}
        of_path = np.array([place.get(each, 0) for each in classes], dtype=np.uint8)
        return np.argsort(of_path[self._path[self._lives.spans.file]], kind="stable")

    @cached_property
    def _kinds(self) -> dict[str, Lookup]:
        classifier = self._mined.classifier
        return {
            "file_class": Lookup(classifier.classify(name).value for name in self._names),
            "language": Lookup(classifier.language(name) for name in self._names),
        }

    @cached_property
    def _decided(self) -> DecisionColumns:
        return DecisionColumns(self._lives.verdicts.decisions)
