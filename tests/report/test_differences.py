"""Small groups cannot be worked out: an attacker who has all tables of one report solves for what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from codeshare.metrics.cells import Cells, explore_cells
from codeshare.metrics.figures import Figures, collect
from codeshare.metrics.queries import run
from tests.metrics.rows import Rows
from tests.report.company import company

Cell = tuple[str, str, str]
"""What is counted, of whom, when."""


@dataclass
class Published:
    """Equations between cells that a report shows, and the cells that it leaves out."""

    unknown: dict[Cell, int] = field(default_factory=dict)
    equations: list[tuple[list[Cell], float]] = field(default_factory=list)

    def add(self, cells: dict[Cell, float | None], total: float) -> None:
        """Cells that add up to a total; None: left out."""
        hidden = [cell for cell, value in cells.items() if value is None]
        for cell in hidden:
            self.unknown.setdefault(cell, len(self.unknown))
        self.equations.append((hidden, total - sum(value for value in cells.values() if value is not None)))

    def spread(self, cell: Cell) -> float:
        """How far apart the least and the most are that a cell may be, nothing being less than nothing."""
        rows = np.zeros((len(self.equations), len(self.unknown)))
        for row, (cells, _) in zip(rows, self.equations, strict=True):
            for each in cells:
                row[self.unknown[each]] = 1
        goal = np.zeros(len(self.unknown))
        goal[self.unknown[cell]] = 1
        rests = [rest for _, rest in self.equations]
        least, most = (linprog(sign * goal, A_eq=rows, b_eq=rests) for sign in (1, -1))
        assert least.status == most.status == 0, "the equations must hold in the truth"
        return -most.fun - least.fun


def published(figures: Figures, cells: Cells) -> Published:
    """What adds up in a report and its explore page: parts to wholes in each period, and a part's quarters to its year."""
    found = Published()
    quarters = figures.volume_quarterly.set_index("quarter")
    whole = figures.splits["class"]
    for part, split in (("team", "team"), ("repository", "repository")):
        by_quarter = figures.worth[f"volume_by_{part}"]
        for quarter, rows in by_quarter.groupby("quarter"):
            found.add(dict(_cells(rows, part, "lines", str(quarter))), quarters.loc[quarter, "lines"])
        if split in figures.splits:
            frame = figures.splits[split]
            for column in ("ai", "assisted", "human", "bot", "denominator", "strict_denominator"):
                found.add(dict(_cells(frame, "part", column, "year", part)), whole[column].sum())
            month = pd.Timestamp(figures.month)
            if month.month % 3 == 0:
                _quarters_of_a_year(found, frame, by_quarter, part, month)
        _months_of_quarters(found, cells.lines, by_quarter, part)
    return found


def _cells(
    frame: pd.DataFrame, name: str, column: str, when: str, kind: str = ""
) -> Iterator[tuple[Cell, float | None]]:
    for part, value in zip(frame[name].astype(str), frame[column], strict=True):
        yield (f"{kind or name} {column}", part, when), None if pd.isna(value) else float(value)


def _quarters_of_a_year(
    found: Published, year: pd.DataFrame, quarters: pd.DataFrame, part: str, month: pd.Timestamp
) -> None:
    """Four quarters are twelve months, where these end with a quarter."""
    inside = quarters[
        (quarters["quarter"] > month - pd.DateOffset(months=12)) & (quarters["quarter"] <= month)
    ]
    for name, lines in zip(year["part"].astype(str), year["denominator"], strict=True):
        rows = inside[inside[part].astype(str) == name]
        cells = {
            cell: value
            for quarter, row in rows.groupby("quarter")
            for cell, value in _cells(row, part, "lines", str(quarter))
        }
        if len(rows) and not pd.isna(lines):
            found.add(cells, float(lines))


def _months_of_quarters(found: Published, cells: pd.DataFrame, by_quarter: pd.DataFrame, part: str) -> None:
    """The months of a part in the explore page are its quarter in the report; nobody's lines are in neither here."""
    own = cells[(cells["cut"] == part) & (cells["file_class"] != "other") & (cells["attribution"] != "bot")]
    when = pd.to_datetime(own["month"]).dt.to_period("Q").dt.start_time
    told = own["lines"].groupby([when, own[part]]).sum()
    for quarter, rows in by_quarter.groupby("quarter"):
        values = dict(_cells(rows, part, "lines", str(quarter)))
        for cell, value in values.items():
            if (quarter, cell[1]) in told.index:
                found.add({cell: value}, told[quarter, cell[1]])


def _with_a_quarter_of_few() -> Rows:
    """The company until the middle of 2025; in one quarter two of a team of six merge nothing."""
    rows = company()
    rows.connection.execute("delete from commits where merged_at >= '2025-07-01'")
    rows.connection.execute("delete from changes where (repo, sha) not in (select (repo, sha) from commits)")
    rows.connection.execute("update settings set value = '2025-06-30' where key = 'as_of'")
    quarter = "merged_at between '2024-10-01' and '2024-12-31' and engineer in ('gate0', 'gate1')"
    rows.connection.execute(
        f"delete from changes where (repo, sha) in (select (repo, sha) from commits where {quarter})"
    )
    rows.connection.execute(f"delete from commits where {quarter}")
    return rows


@pytest.mark.parametrize("make", [company, _with_a_quarter_of_few], ids=["small teams", "a quarter of few"])
def test_no_cell_that_is_left_out_follows_from_the_others(make: object) -> None:
    connection = make().connection  # type: ignore[operator]
    figures = collect(connection)
    found = published(figures, explore_cells(connection, beside=figures))
    assert len(found.unknown) > 10
    told = [cell for cell in found.unknown if found.spread(cell) < 1 and not _is_nothing(found, cell)]
    assert told == []


_WITHIN = {("api", "red"): 3, ("api", "green"): 6, ("api", "blue"): 8, ("web", "red"): 6, ("web", "green"): 7}
"""Engineers of teams within repositories: without api's three of red and its six of green, web still shows its seven of green."""


def _drawn(seed: int) -> dict[tuple[str, str], int]:
    random = Random(seed)
    return {(repo, team): random.choice((0, 1, 2, 5, 6, 8)) for repo in ("api", "cli", "web") for team in ("blue", "green", "red")}  # fmt: skip


@pytest.mark.parametrize("engineers", [_WITHIN, *map(_drawn, range(6))], ids=["the cover of one is the only one of another", *"abcdef"])  # fmt: skip
def test_no_small_team_within_a_repository_follows_from_the_others(
    rows: Rows, engineers: dict[tuple[str, str], int]
) -> None:
    people = [place for place, count in engineers.items() for _ in range(count)]
    for number, (repo, team) in enumerate(people):
        rows.person(f"p{number}", team=team)
        rows.commit("2025-02-10", 10 + number, engineer=f"p{number}", repo=repo)
    cells = explore_cells(rows.connection).lines
    found = _within(cells)
    small = run(rows.connection, "explore_groups").query("is_small")
    places = zip(small["repository"], small["team"], strict=True)
    told = [
        cell for place in places if (cell := ("within", *place)) in found.unknown and found.spread(cell) < 1
    ]
    assert told == []


def _within(cells: pd.DataFrame) -> Published:
    """What adds up in the explore page of one quarter: teams within repositories, to both."""
    found = Published()
    shown = cells[cells["cut"] == "both"].groupby(["repository", "team"])["lines"].sum()
    totals = {
        part: cells[cells["cut"] == part].groupby(part)["lines"].sum() for part in ("repository", "team")
    }
    places = [[(repo, team) for team in totals["team"].index] for repo in totals["repository"].index]
    for whole, lines in ((totals["repository"], places), (totals["team"], zip(*places, strict=True))):
        for total, line in zip(whole, lines, strict=True):
            found.add({("within", *place): shown.get(place) for place in line}, float(total))
    return found


def _is_nothing(found: Published, cell: Cell) -> bool:
    """Whether all of the cells left out together are nothing: that is said of a group that is large enough."""
    return any(cell in cells and len(cells) > 1 and abs(rest) < 0.5 for cells, rest in found.equations)


def test_the_attack_finds_what_is_told() -> None:
    found = Published()
    found.add({("lines", "a", "q"): None, ("lines", "b", "q"): 7.0}, 9)
    found.add({("lines", "c", "q"): None, ("lines", "d", "q"): None}, 9)
    assert found.spread(("lines", "a", "q")) < 1e-6
    assert found.spread(("lines", "c", "q")) == pytest.approx(9)
