"""What a report shows of people: nothing that names one, and nothing that is one person's."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from codeshare.errors import ComparisonError
from codeshare.metrics.figures import collect
from codeshare.metrics.small_groups import refuse_small_teams
from codeshare.metrics.small_quarters import complemented, hidden_quarters
from codeshare.report.write import write_report
from codeshare.store.database import open_database
from tests.pseudonymous.company import BODY, LOGINS, PEOPLE, SALT, SUBJECTS, build, secrets_of
from tests.stored import rows

SECRETS = (
    *PEOPLE,
    *PEOPLE.values(),
    *LOGINS,
    *SUBJECTS,
    BODY,
    SALT,
    "Ann Elfrida",
    "secret-token",
    "for Ann Lee",
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("company"))


def written(source: Path, folder: Path, *, names: bool = False, persons: bool = False) -> dict[str, bytes]:
    with open_database(source) as connection:
        figures = collect(connection, names=names, persons=persons)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in write_report(figures, folder)}


@pytest.fixture(scope="module")
def report(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(source, tmp_path_factory.mktemp("report"))


def test_no_byte_of_a_report_names_anybody(source: Path, report: dict[str, bytes]) -> None:
    secrets = {*SECRETS, *secrets_of(source)}
    assert len(secrets) > 60
    assert {"report.html", "report.md", "charts/volume.svg", "charts/people.svg", "charts/people.png", "tables/volume_by_group.csv"} <= set(report)  # fmt: skip
    found = [(name, secret) for name, data in report.items() for secret in secrets if secret.encode() in data]
    assert found == []


def test_no_id_of_a_commit_but_the_tips(source: Path, report: dict[str, bytes]) -> None:
    tips = {tip for (tip,) in rows(source, "select tip_sha from repos")}
    shas = {sha for (sha,) in rows(source, "select sha from commits")} - tips
    assert [name for name, data in report.items() for sha in shas if sha[:10].encode() in data] == []


def test_no_pseudonym_of_anybody(source: Path, report: dict[str, bytes]) -> None:
    """Not even a pseudonym: figures are those of groups."""
    words = [word for (word,) in rows(source, "select pseudonym from people where kind = 'person'")]
    assert len(words) == 7
    assert [(name, word) for name, data in report.items() for word in words if re.search(rb"\b" + word.encode() + rb"\b", data)] == []  # fmt: skip


def test_pseudonyms_and_names_are_a_choice(source: Path, tmp_path: Path) -> None:
    persons = written(source, tmp_path / "persons", persons=True)
    table = persons["tables/volume_by_person.csv"].decode()
    words = {word for (word,) in rows(source, "select pseudonym from people where kind = 'person'")}
    assert {line.split(",")[1] for line in table.splitlines()[1:]} == words
    assert [(name, secret) for name, data in persons.items() for secret in (*SECRETS, *secrets_of(source)) if secret.encode() in data] == []  # fmt: skip
    names = written(source, tmp_path / "names", names=True)
    assert "Ann Lee-Wright" in names["report.html"].decode()
    assert "Ann Lee-Wright" in names["tables/volume_by_person.csv"].decode()


def test_a_report_says_what_it_is_for(report: dict[str, bytes]) -> None:
    for name in ("report.html", "report.md"):
        text = report[name].decode()
        assert "never about a person" in text
        assert "Judging, comparing, ranking, paying, promoting or dismissing anybody" in text
        assert "Settings in force: no group below 5 engineers; people in groups; pseudonyms keyed by database; basis: landed" in text  # fmt: skip


def test_teams_of_few_have_no_figures(source: Path, report: dict[str, bytes]) -> None:
    """Three and four people: neither, nor what they would add up to."""
    with open_database(source) as connection:
        assert "team" not in collect(connection).splits
        assert "team" in collect(connection, names=True).splits
    assert "tables/volume_by_team.csv" not in report


def test_no_table_has_a_group_of_few(report: dict[str, bytes]) -> None:
    """Whatever has a count of engineers or reviewers beside its figures has five of them, or none."""
    import csv
    import io

    counted = 0
    for name, data in report.items():
        if name.startswith("tables/"):
            for row in csv.DictReader(io.StringIO(data.decode())):
                for column in ("engineers", "reviewers", "n_engineers"):
                    if value := row.get(column):
                        counted += 1
                        assert not 0 < float(value) < 5, (name, row)
    assert counted > 5


def test_groups_hold_everybody_and_no_one_alone(source: Path) -> None:
    groups = rows(source, "select quarter, count(*), sum(lines) from volume_by_engineer group by quarter order by quarter")  # fmt: skip
    with open_database(source) as connection:
        frame = collect(connection).volume_groups
    found = frame.groupby(frame["quarter"].dt.date)["engineers"].sum()
    assert dict(found) == {quarter: many for quarter, many, _ in groups}
    assert frame["engineers"].min() >= 5
    for quarter, _, lines in groups:
        these = frame[frame["quarter"].dt.date == quarter]
        assert these["ai"].sum() + these["assisted"].sum() + these["human"].sum() == lines


@pytest.mark.parametrize(
    ("engineers", "hidden"),
    [
        ({"a": 5, "b": 9}, ""), ({"a": 4, "b": 9}, "ab"), ({"a": 4, "b": 9, "c": 7}, "ac"), ({"a": 1, "b": 1, "c": 7, "d": 9}, "abc"),
        ({"a": 3, "b": 3, "c": 7}, "ab"), ({"a": 0, "b": 9}, ""), ({"a": 1}, "a"), ({}, ""),
    ],
)  # fmt: skip
def test_what_is_hidden_does_not_follow_from_the_total(engineers: dict[str, int], hidden: str) -> None:
    assert complemented(engineers, 5) == set(hidden)


@pytest.mark.parametrize(
    ("engineers", "hidden"),
    [
        (["9 9 9 9", "9 9 9 9"], ["....", "...."]),
        (["4 9 9 9", "9 8 9 9", "9 9 9 9"], ["xx..", "xx..", "...."]),
        (["4 4 9 9", "9 9 9 9", "8 8 9 9"], ["xx..", "....", "xx.."]),
        # of the last four quarters a second one goes, too: they make up the year that other tables show
        (["9 9 9 4 9", "4 9 9 9 9"], ["xx.x.", "xx.x."]),
    ],
    ids=["large", "one cell", "two cells", "year"],
)
def test_no_quarter_of_a_part_is_left_out_alone(engineers: list[str], hidden: list[str]) -> None:
    quarters = pd.date_range(end="2025-10-01", periods=len(hidden[0]), freq="QS")
    rows = [(part, quarter, int(many)) for part, text in enumerate(engineers) for quarter, many in zip(quarters, text.split(), strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["repository", "quarter", "engineers"])
    found = hidden_quarters(frame, "repository", 5, pd.Timestamp("2025-12-01"))
    assert "".join("x" if each else "." for each in found) == "".join(hidden)


def test_a_team_of_few_is_not_compared(source: Path) -> None:
    with open_database(source) as connection:
        refuse_small_teams(connection, "2025-Q4", "2026-Q1")
        with pytest.raises(ComparisonError, match="team harbour: fewer than 5 engineers"):
            refuse_small_teams(connection, "harbour", "river")
