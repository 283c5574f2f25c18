"""From rows of SQL to counts by commit and group, and rates of events too rare for an interval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from codeshare.estimates.rates import SINCE, Counts, Group, is_of_one_time, rates
from codeshare.estimates.resampling import Codes, Floats
from codeshare.estimates.table import ALL_TIME, Estimate

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

MINIMUM_EVENTS = 5
"""Fewer commits with an event give no interval: replicates would draw none, and 0 would look certain."""

_NUMBERED = """
select
    dense_rank() over (order by repo, sha) - 1 as commit, part, repo, quarter, at_days::double as at_days,
    numerator::double as numerator, denominator::double as denominator
from ({rows})
"""


class _Labels(NamedTuple):
    """A column of few values: these, and the place of each row's among them."""

    names: list[Any]
    codes: Codes

    def where(self, chosen: NDArray[np.bool_]) -> _Labels:
        return self._replace(codes=self.codes[chosen])


class Cells(Struct, frozen=True, eq=False):
    """Numerators and denominators of commits, one or more rows a commit.

    Attributes:
        commit: index of the commit, 0-based.
        part: whose lines or commit.
        repo: the commit's repository.
        quarter: in which it was merged.
        at_days: the age that the row is for; None: for none.
    """

    commit: Codes
    part: _Labels
    repo: _Labels
    quarter: _Labels
    at_days: _Labels
    numerator: Floats
    denominator: Floats

    def counts(self) -> Counts:
        """Sum up by commit and group: parts and all, in all and by repository (if there are several), parts by quarter."""
        is_one_of_many = len(self.repo.names) > 1
        by_repository = [(False, True, False), (True, True, False)] if is_one_of_many else []
        return self._summed((False, False, False), (True, False, False), (True, False, True), *by_repository)

    def counts_since(self, day: date) -> Counts:
        """Sum up parts and all of what was merged since the first day of a quarter, undivided."""
        is_late = np.array([quarter >= day for quarter in self.quarter.names], dtype=bool)
        late = is_late[self.quarter.codes]
        _, commit = np.unique(self.commit[late], return_inverse=True)
        cells = Cells(
            commit, self.part.where(late), self.repo.where(late), self.quarter.where(late), self.at_days.where(late),
            self.numerator[late], self.denominator[late],
        )  # fmt: skip
        counts = cells._summed((False, False, False), (True, False, False))
        groups = [group._replace(scope=f"{SINCE}{day}") for group in counts.groups]
        return replace(counts, groups=groups)

    def _summed(self, *splits: tuple[bool, bool, bool]) -> Counts:
        """Sum up in several ways: whether by part, by repository, by quarter."""
        scopes = [f"repository/{repo}" for repo in self.repo.names]
        names = [
            [*self.part.names, "all"],
            [*scopes, "all"],
            [*self.quarter.names, ALL_TIME],
            self.at_days.names,
        ]
        shape = [max(len(each), 1) for each in names]
        every = int(np.prod(shape))
        found = []
        for split in splits:
            codes = [
                each.codes if is_split else np.full_like(each.codes, len(each.names))
                for each, is_split in zip((self.part, self.repo, self.quarter), split, strict=True)
            ]
            group = np.ravel_multi_index([*codes, self.at_days.codes], shape)
            held, row = np.unique(self.commit * every + group, return_inverse=True)
            sums = (np.bincount(row, each, len(held)) for each in (self.numerator, self.denominator))
            found.append((*np.divmod(held, every), *sums))
        commit, group, numerator, denominator = (np.concatenate(each) for each in zip(*found, strict=True))
        held, group = np.unique(group, return_inverse=True)
        places = zip(*np.unravel_index(held, shape), strict=True)
        groups = [Group(*(each[code] for each, code in zip(names, place, strict=True))) for place in places]
        return Counts(groups, commit, group, numerator, denominator)


def read_cells(connection: DuckDBPyConnection, rows: str) -> Cells:
    """Read rows of commits; summing them up, which takes longer, is for whoever computes with them.

    Args:
        connection: the database.
        rows: a select of repo, sha, quarter, part, at_days, numerator, denominator.
    """
    found = connection.sql(_NUMBERED.format(rows=rows)).to_arrow_table()
    part, repo, quarter, at_days = (
        _labels(found[name].combine_chunks()) for name in ("part", "repo", "quarter", "at_days")
    )
    commit, numerator, denominator = (
        found[name].to_numpy() for name in ("commit", "numerator", "denominator")
    )
    return Cells(commit.astype(np.intp), part, repo, quarter, at_days, numerator, denominator)


def _labels(column: pa.Array) -> _Labels:
    encoded = column.dictionary_encode("encode")
    return _Labels(encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.intp))


def days_since_ai(connection: DuckDBPyConnection) -> list[date]:
    """The day since when AI's lines count, for `Cells.counts_since`; none before that."""
    return [since for (since,) in connection.execute("select since from ai_since").fetchall()]


def event_rates(metric: str, unit: str, counts: Counts, *, scale: float = 1.0) -> Iterator[Estimate]:
    """As `rates`, without intervals where an event befell too few commits; compared are parts of one time."""
    return rates(metric, unit, counts, scale=scale, is_compared=is_of_one_time, minimum_events=MINIMUM_EVENTS)
