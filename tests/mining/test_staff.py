"""Teams, head counts and holidays that were imported stay through mining; the settings go before them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codeshare.config import Config
from codeshare.errors import ConfigError, ExportError
from codeshare.mining.run import Target, mine
from codeshare.mining.staff_imports import Taken, import_staff
from codeshare.staff import READERS
from codeshare.store.database import open_database
from tests.histories import ANN, BOB, History

TEAMS = "person,team,from,to\nAnn Lee,core,,2026-01-31\nann@example.org,docs,2026-02-01,\nBOB@example.org,docs,,\nCyd,docs,,\n"
Import = Callable[..., Taken]
IN_FORCE = {
    "teams": "select p.name, m.team, m.since from memberships as m join people as p using (person) order by all",
    "people": "select name, team from people where kind = 'person' order by all",
    "headcount": "select period, team, engineers from headcount order by all",
    "holidays": "from holidays order by all",
}


@pytest.fixture
def database(tmp_path: Path, history: History, mined_once: Callable[..., Path]) -> Path:
    history.commit({"a.py": "1\n"}, author=ANN)
    history.commit({"b.py": "1\n"}, author=BOB)
    return mined_once(history)


@pytest.fixture
def take(tmp_path: Path, database: Path) -> Import:
    """Import a text as if it were a file of this name."""

    def run(
        kind: str, text: str, name: str = "file.csv", config: Config | None = None, *, replace: bool = False
    ) -> Taken:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        with open_database(database, write=True) as connection:
            return import_staff(
                connection, config or Config(), kind, name, READERS[kind](file), replace=replace
            )

    return run


def in_force(database: Path, kind: str) -> list[tuple[Any, ...]]:
    with open_database(database) as connection:
        return connection.execute(IN_FORCE[kind]).fetchall()


def mine_again(history: History, database: Path, config: Config | None = None) -> None:
    mine([Target(str(history.path))], database, config or Config(), jobs=1)


def test_teams_are_in_force_at_once_and_stay(database: Path, take: Import, history: History) -> None:
    taken = take("teams", TEAMS)
    assert (taken.rows, taken.removed, taken.before) == (4, 0, None)
    assert [row.person for row in taken.unknown] == ["Cyd"]
    expected = [("Ann Lee", "core", None), ("Ann Lee", "docs", date(2026, 2, 1)), ("Bob Ray", "docs", None)]
    assert in_force(database, "teams") == expected
    assert in_force(database, "people") == [("Ann Lee", "docs"), ("Bob Ray", "docs")]
    mine_again(history, database)  # nothing new
    history.commit({"c.py": "1\n"}, author="Cyd <cyd@example.org>")
    mine_again(history, database)
    assert in_force(database, "teams") == [*expected, ("Cyd", "docs", None)]
    assert in_force(database, "people")[2] == ("Cyd", "docs")


def test_the_same_file_twice_is_the_same_state(database: Path, take: Import) -> None:
    for kind, text in (
        ("teams", TEAMS),
        ("headcount", "quarter,engineers\n2026Q1,7\n"),
        ("holidays", "day\n2026-05-01\n"),
    ):
        take(kind, text)
        before = in_force(database, kind)
        with open_database(database) as connection:
            rows = connection.execute(f"from imported_{kind}").fetchall()
        assert take(kind, text).removed == len(rows)
        assert in_force(database, kind) == before
        with open_database(database) as connection:
            assert connection.execute(f"from imported_{kind}").fetchall() == rows


def test_files_add_up_are_replaced_by_name_and_removed(database: Path, take: Import) -> None:
    take("holidays", "day,name\n2026-05-01,Labour Day\n2026-12-25,Christmas\n", "a.csv")
    take("holidays", "day,name\n2026-05-01,Tag der Arbeit\n2027-01-01,\n", "b.csv")
    days = [date(2026, 5, 1), date(2026, 12, 25), date(2027, 1, 1)]
    assert in_force(database, "holidays") == [
        (days[0], "Labour Day"),
        (days[1], "Christmas"),
        (days[2], "holiday"),
    ]
    take("holidays", "day\n2026-12-24\n", "a.csv")
    assert [day for day, _ in in_force(database, "holidays")] == [days[0], date(2026, 12, 24), days[2]]
    take("holidays", "day\n2026-12-31\n", "c.csv", replace=True)
    assert in_force(database, "holidays") == [(date(2026, 12, 31), "holiday")]
    with open_database(database, write=True) as connection:
        assert import_staff(connection, Config(), "holidays", "c.csv", ()).removed == 1
    assert in_force(database, "holidays") == []


def test_two_files_do_not_tell_of_one_quarter(database: Path, take: Import) -> None:
    take("headcount", "quarter,engineers,team\n2026-Q1,3,core\n", "core.csv")
    take("headcount", "quarter,engineers,team\n2026-Q1,4,docs\n", "docs.csv")
    for text in ("quarter,engineers\n2026-Q1,9\n", "quarter,engineers,team\n2026-Q1,5,docs\n"):
        with pytest.raises(ExportError, match=r"all.csv: 2026-Q1 is in \w+.csv too.* --replace"):
            take("headcount", text, "all.csv")
    assert in_force(database, "headcount") == [
        (date(2026, 1, 1), "core", 3.0),
        (date(2026, 1, 1), "docs", 4.0),
    ]


def test_nothing_is_stored_where_a_row_contradicts_another(database: Path, take: Import) -> None:
    take("teams", "person,team\nAnn Lee,core\n", "core.csv")
    with pytest.raises(
        ConfigError,
        match=r"docs.csv \(imported\): row 2: ann@example.org stands in two teams at once, core and docs",
    ):
        take("teams", "person,team\nann@example.org,docs\n", "docs.csv")
    assert in_force(database, "teams") == [("Ann Lee", "core", None)]
    with open_database(database) as connection:
        assert connection.execute("select count(*) from imported_teams").fetchone() == (1,)


def test_the_settings_go_before(database: Path, take: Import, history: History) -> None:
    own = Config(holidays=(date(2026, 1, 6),), teams={"base": ("ann@example.org",)})
    mine_again(history, database, own)
    # also where the import does not see them: those that it was mined by count
    for config in (own, Config()):
        assert take("holidays", "day\n2026-05-01\n", config=config).before == "codeshare.toml"
        assert take("teams", TEAMS, config=config).before == "codeshare.toml"
        assert in_force(database, "holidays") == [(date(2026, 1, 6), "holiday")]
        assert in_force(database, "teams") == [("Ann Lee", "base", None)]
    mine_again(history, database)  # they say nothing any more
    assert in_force(database, "holidays") == [(date(2026, 5, 1), "holiday")]
    assert in_force(database, "people") == [("Ann Lee", "docs"), ("Bob Ray", "docs")]


def test_what_estimates_rest_on_is_computed_anew(database: Path, take: Import) -> None:
    def estimates() -> list[tuple[Any, ...]]:
        with open_database(database) as connection:
            return connection.execute("select metric, value from estimates order by all").fetchall()

    with open_database(database, write=True) as connection:
        connection.execute(
            "insert into estimates (metric, scope, part, period, at_days, unit, method) values ('old', 'all', 'all', '2026-01-01', 0, '', '')"
        )
    take("headcount", "quarter,engineers\n2026Q1,7\n")
    assert ("old", None) in estimates(), "no estimate rests on head counts"
    take("holidays", "day\n2026-01-06\n")
    assert estimates()
    assert ("old", None) not in estimates()


def test_rows_of_another_origin_stay(database: Path, take: Import, history: History) -> None:
    with open_database(database, write=True) as connection:
        connection.execute("insert into headcount values ('2025-01-01', null, 5)")
    mine_again(history, database)
    assert in_force(database, "headcount") == [(date(2025, 1, 1), None, 5.0)]
