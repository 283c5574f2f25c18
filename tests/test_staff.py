from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from codeshare.attribution.teams import Teams
from codeshare.config import Config, load_config
from codeshare.errors import ConfigError
from codeshare.staff import Headcount, Membership, headcounts, memberships
from tests.histories import ANN, BOB, History


def _config(folder: Path, text: str, **tables: str) -> Config:
    (folder / "codeshare.toml").write_text(text)
    for name, content in tables.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return load_config(folder / "codeshare.toml")


def test_teams_are_a_table_or_a_file(tmp_path: Path) -> None:
    table = _config(tmp_path, '[teams]\ncore = ["ann@example.org"]\n')
    assert memberships(table) == [Membership("ann@example.org", "core")]
    content = "\ufeffPerson, Team,From,To\nann@example.org,core,2024-01-01,2024-12-31\n\nBob Ray,docs,,\n"
    rows = memberships(_config(tmp_path, 'teams = "teams.csv"\n', teams=content))
    assert [(row.person, row.team, row.since, row.until) for row in rows] == [
        ("ann@example.org", "core", date(2024, 1, 1), date(2024, 12, 31)),
        ("Bob Ray", "docs", None, None),
    ]
    assert rows[1].place.endswith("teams.csv: row 4")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "teams.csv: row 1: there is no column person."),
        ("person,taem\n", "teams.csv: row 1: 'taem': unknown column, did you mean team?"),
        ("person|team\n", "'person|team': unknown column, "),
        ("person,address,team\n", "teams.csv: row 1: two columns mean the same."),
        ("person,team\nann@example.org,\n", "teams.csv: row 2, column team: must not be empty."),
        ("person,team\na@x,core,2024\n", "teams.csv: row 2: 3 values for 2 columns."),
        ("person,team,from\na@x,core,spring\n", "teams.csv: row 2, column from: 'spring' must be a day such as 2025-01-31"),
        ("person,team,from,to\na@x,core,2025-01-02,2025-01-01\n", "row 2, column to: 2025-01-01 is before 2025-01-02."),
        ('person,team\n"a@x,core\n', "teams.csv: row 2: no CSV"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_team_file(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        memberships(_config(tmp_path, 'teams = "teams.csv"\n', teams=content))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = _config(tmp_path, 'teams = "none.csv"\nheadcount = "none.csv"\n')
    for read in (memberships, headcounts):
        with pytest.raises(ConfigError, match=r"none.csv: no such file, which \w+ in codeshare.toml names"):
            read(config)


def test_head_counts_by_quarter(tmp_path: Path) -> None:
    content = "quarter,engineers,team\n2025Q1,10,core\n2024-Q4,4,core\n2025-01-01,2.5,docs\n"
    found = headcounts(_config(tmp_path, 'headcount = "h.csv"\n', h=content))
    assert found == [
        Headcount(date(2024, 10, 1), "core", 4.0),
        Headcount(date(2025, 1, 1), "core", 10.0),
        Headcount(date(2025, 1, 1), "docs", 2.5),
    ]
    assert headcounts(Config()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("quarter\n2025Q1\n", "row 1: there is no column engineers."),
        ("quarter,headcount\n2025Q5,1\n", "row 2, column quarter: '2025Q5' must be a quarter such as 2025-Q1."),
        ("quarter,headcount\n2025-02-01,1\n", "row 2, column quarter: 2025-02-01 does not start a quarter."),
        ("quarter,engineers\n2025Q1,many\n", "row 2, column engineers: 'many' must be a number such as 1234.5."),
        ("quarter,engineers\n2025Q1,nan\n", "row 2, column engineers: 'nan' must be a number such as 1234.5."),
        ("quarter,engineers\n2025Q1,-1\n", "row 2, column engineers: -1 must be a number of people."),
        ("quarter,engineers\n2025Q1,1\n2025-Q1,2\n", "row 3, column quarter: 2025-Q1 is there twice for the same team."),
        ("quarter,engineers,team\n2025Q1,1,\n2025Q1,2,core\n", "row 3, column team: a quarter has rows of teams or one of the whole organisation, not both."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_head_count_file(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        headcounts(_config(tmp_path, 'headcount = "h.csv"\n', h=content))
    assert words in str(error.value)


def _teams(*rows: Membership) -> Teams:
    return Teams(rows, lambda address: f"p_{address}", {"Ann Lee": ["p_ann"], "Bo": ["p_1", "p_2"]})


def test_the_team_of_a_day_and_the_latest() -> None:
    teams = _teams(
        Membership("ann", "nobody's name"),
        Membership("Ann Lee", "core", None, date(2024, 6, 30)),
        Membership("Ann Lee", "docs", date(2024, 7, 1), None),
        Membership("Ann Lee <a@x>", "data"),
    )
    assert [teams.team("p_ann", date(2024, 6, day)) for day in (1, 30)] == ["core", "core"]
    assert teams.team("p_ann", date(2024, 7, 1)) == teams.team("p_ann") == "docs"
    assert teams.team("p_a@x") == "data"
    assert teams.team("p_b@x") is None
    assert teams.rows() == [
        ("p_a@x", "data", None, None),
        ("p_ann", "core", None, date(2024, 6, 30)),
        ("p_ann", "docs", date(2024, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([Membership("a@x", "one"), Membership("a@x", "two", place="t.csv: row 3")], "t.csv: row 3: a@x stands in two teams at once, one and two"),
        ([Membership("a@x", "one", date(2024, 1, 1)), Membership("a@x", "two", None, date(2024, 1, 1))], "two teams at once"),
        ([Membership("Bo", "one")], "teams: Bo is the name of 2 people; write an address instead"),
    ],
)  # fmt: skip
def test_contradictions(rows: list[Membership], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        _teams(*rows)


_CLAUDE = "Claude <noreply@anthropic.com>"


def test_mining_reads_both_files_and_forgets_what_is_named_no_more(
    tmp_path: Path, history: History, mined: Callable[..., Path]
) -> None:
    history.commit({"a": "1\n"}, author=ANN)
    history.commit({"b": "1\n"}, author=BOB)
    history.commit({"c": "1\n"}, author=_CLAUDE)
    team = "person,team\nAnn Lee,core\nBOB@example.org,docs\nnoreply@anthropic.com,robots\n"
    settings = 'teams = "team.csv"\nheadcount = "heads.csv"\n'
    config = _config(tmp_path, settings, team=team, heads="quarter,engineers\n2026Q1,7\n")
    assert _read(mined(history, config=config)) == ([("Ann Lee", "core"), ("Bob Ray", "docs")], [7.0])
    config = _config(
        tmp_path, settings, team=team.replace("core", "base"), heads="quarter,engineers\n2026Q1,8\n"
    )
    assert _read(mined(history, config=config)) == ([("Ann Lee", "base"), ("Bob Ray", "docs")], [8.0])
    assert _read(mined(history)) == ([], [])


def _read(database: Path) -> tuple[list[tuple[str, str]], list[float]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        people = connection.execute("select name, team from people where team is not null order by all")
        return people.fetchall(), [
            row[0] for row in connection.execute("select engineers from headcount").fetchall()
        ]
