from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.metrics.suppressed import suppressed
from codeshare.mining.run import Target, mine
from tests.histories import History
from tests.stored import rows

Mine = Callable[..., Path]
OFF = '{"attribution": {"commit": ""}}'


def test_a_setting_that_keeps_marks_out_is_known_from_landing_to_landing(
    history: History, mined: Mine
) -> None:
    history.commit({"a.py": "1\n"})
    history.switch("topic")
    history.commit({".claude/settings.json": OFF})
    history.switch("main")
    landing = history.merge("topic")
    end = history.commit({".claude/settings.json": "{}"})
    again = history.commit({".claude/settings.json": OFF})
    history.git("mv", ".claude", "elsewhere")
    last = history.commit({"a.py": "2\n"})
    found = rows(mined(history), "select sign, rule, since_sha, until_sha from signals order by since, sign")
    assert [row for row in found if row[0] == "switch"] == [
        ("switch", "switch.claude-code", landing, end),
        ("switch", "switch.claude-code", again, last),
    ]
    assert ("instructions", "file.claude-code", landing, last) in found


def test_the_share_says_that_it_is_a_lower_one(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n"})
    database = tmp_path / "x.duckdb"
    mine([Target(str(history.path))], database, Config(), jobs=2)
    run = CliRunner().invoke
    assert "lower" not in run(codeshare, ["--db", str(database), "share"]).stderr
    history.commit({".claude/settings.json": OFF})
    mine([Target(str(history.path))], database, Config(), jobs=2)  # goes on
    said = run(codeshare, ["--db", str(database), "share", "--format", "json"])
    assert said.exit_code == 0
    assert ".claude/settings.json switches off Claude Code's marks" in said.stderr
    assert "the share is a lower one" in said.stderr
    assert said.stdout.startswith("{")
    before = run(codeshare, ["--db", str(database), "share", "--until", "2000-01-01"])
    assert "lower" not in before.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        assert [each.tool for each in suppressed(connection)] == ["Claude Code"]
        assert suppressed(connection, ["another"]) == []


def test_owners_of_paths_split_the_share(history: History, mined: Mine) -> None:
    history.commit({"src/a.py": "1\n2\n", "web/b.py": "1\n", "c.py": "1\n"})
    history.commit({"CODEOWNERS": "/src/ @org/core @ann\n/web/ @ben\n"})
    database = mined(history)
    assert rows(database, "select path, position, owner from path_owners order by all") == [
        ("src/a.py", 1, "@org/core"),
        ("src/a.py", 2, "@ann"),
        ("web/b.py", 1, "@ben"),
    ]
    said = CliRunner().invoke(
        codeshare, ["--db", str(database), "share", "--by", "owner", "--format", "json"]
    )
    parts = {row["owner"]: row["denominator"] for row in json.loads(said.stdout)}
    assert parts == {"@org/core": 2, "@ben": 1, "(no owner)": 3}


def test_a_person_counts_in_the_team_of_the_day(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n"})
    (tmp_path / "teams.csv").write_text(
        "person,team,from,to\nann@example.org,Core,2000-01-01,2099-12-31\n", encoding="utf-8"
    )
    (tmp_path / "codeshare.toml").write_text('teams = "teams.csv"\n', encoding="utf-8")
    from codeshare.config import load_config

    mine([Target(str(history.path))], tmp_path / "x.duckdb", load_config(tmp_path / "codeshare.toml"), jobs=2)
    assert [row[1] for row in rows(tmp_path / "x.duckdb", "from memberships")] == ["Core"]
    said = CliRunner().invoke(
        codeshare, ["--db", str(tmp_path / "x.duckdb"), "share", "--by", "team", "--format", "csv"]
    )
    assert "Core" in said.stdout


def test_bursts_attribute_only_where_they_are_switched_on(history: History, tmp_path: Path) -> None:
    for number in range(30):
        history.commit({f"{number}.py": "1\n"})
    large = history.commit({"large.py": "x\n" * 600})
    for name, config in (("off", Config()), ("on", Config(enabled_rules=("burst",)))):
        mine([Target(str(history.path))], tmp_path / name, config, jobs=2)
    sql = f"select rule, attribution, confidence from {{}} where sha = '{large}' group by all"
    for table in ("commits", "line_spans", "landed_lines"):
        assert rows(tmp_path / "off", sql.format(table)) == [("no-evidence", "human", "low")]
        assert [row[0] for row in rows(tmp_path / "on", sql.format(table))] == ["burst"]
