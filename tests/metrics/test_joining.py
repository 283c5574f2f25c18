from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from codeshare.config import load_config
from codeshare.errors import ConfigError, OutputError
from codeshare.metrics.joining import join
from codeshare.metrics.people import people, suggestions
from tests.histories import ANN, BOB, History

_ANN_AT_HOME = "Ann Lee <ann@home.example>"
_ANN_ON_GITHUB = "Ann Lee <7+annlee@users.noreply.github.com>"
_CLAUDE = "Claude <noreply@anthropic.com>"
_BOT = "helper[bot] <helper[bot]@users.noreply.github.com>"
Mined = Callable[..., Path]


@pytest.fixture
def team(history: History) -> History:
    """Ann under three addresses, Bob, a namesake of his, somebody at a machine, an agent and a bot."""
    authors = [ANN, ANN, _ANN_AT_HOME, _ANN_ON_GITHUB, BOB, "Bob Ray <bobray@zoo.example>", "Root <root@localhost>", _CLAUDE, _BOT]  # fmt: skip
    for n, author in enumerate(authors):
        history.commit({"a": f"{n}\n"}, author=author)
    return history


@pytest.fixture
def connection(team: History, mined_once: Mined) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(mined_once(team)), read_only=True)


def test_the_list_tells_engineers_from_agents_and_bots(connection: duckdb.DuckDBPyConnection) -> None:
    rows = people(connection).set_index("written_as")[["person", "kind", "commits", "accountable"]]
    found = {
        written: tuple(row) for written, row in zip(rows.index, rows.itertuples(index=False), strict=True)
    }
    assert found["Ann Lee <ann@example.org> (itself)"] == ("Ann Lee", "engineer", 2, 2)
    assert found["Ann Lee <7+annlee@users.noreply.github.com> (noreply)"] == ("Ann Lee", "engineer", 1, 1)
    assert found["Claude <noreply@anthropic.com> (rule)"] == ("Claude Code", "agent", 1, 0)
    assert found[f"{_BOT} (rule)"] == ("helper[bot]", "bot", 1, 0)


def test_without_names_nobody_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    found = people(connection, names=False)
    assert not set(found["person"]) & {"Ann Lee", "Bob Ray"}
    assert found["written_as"].isna().all()


def test_proposals_leave_out_agents_bots_and_mere_names(connection: duckdb.DuckDBPyConnection) -> None:
    found = {(each.person.addresses[0], each.other.addresses[0]) for each in suggestions(connection)}
    assert found == {
        ("ann@example.org", "ann@home.example"),
        ("ann@example.org", "annlee@users.noreply.github.com"),
        ("ann@home.example", "annlee@users.noreply.github.com"),
    }
    assert len(suggestions(connection, weak=True)) == len(found) + 1


_BEFORE = '# ours\ntitle = "x"   # kept\n\n[teams]\ncore = [ "ann@example.org" ]'


def test_joining_appends_and_the_next_mine_applies_it(
    team: History, mined_once: Mined, tmp_path: Path
) -> None:
    file = tmp_path / "codeshare.toml"
    file.write_text(_BEFORE)
    os.chmod(file, 0o640)
    with duckdb.connect(str(mined_once(team)), read_only=True) as connection:
        done = join(connection, ["ANN@example.org", _ANN_AT_HOME, "8+AnnLee@users.noreply.github.com"], file)
        assert (done.main, done.is_new_file) == ("ann@example.org", False)
        assert done.others == ("ann@home.example", "annlee@users.noreply.github.com")
        after = file.read_bytes()
        assert after.startswith(_BEFORE.encode() + b"\n\n[[alias]]\n")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        again = join(connection, ["ann@home.example", "ann@example.org"], file)
        assert (again.others, file.read_bytes()) == ((), after)
    with duckdb.connect(str(mined_once(team, config=load_config(file))), read_only=True) as connection:
        rows = people(connection)
        assert rows.loc[rows["person"] == "Ann Lee", ["commits", "identities", "team"]].values.tolist() == [
            [4, 3, "core"]
        ]
        assert suggestions(connection) == []
        assert join(connection, ["annlee@users.noreply.github.com", "Ann Lee"], file).others == ()
    assert [each.name for each in tmp_path.glob("*codeshare.toml*")] == ["codeshare.toml"]


def test_two_groups_become_one(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = tmp_path / "codeshare.toml"
    assert join(connection, ["ann@example.org", "ann@home.example"], file).is_new_file
    join(connection, ["bob@example.org", "bobray@zoo.example"], file)
    done = join(connection, ["bobray@zoo.example", "ann@home.example"], file)
    assert (done.main, done.others) == ("bob@example.org", ("ann@example.org",))
    assert join(connection, ["ann@home.example", "bob@example.org"], file).others == ()


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        ("noreply@anthropic.com", "noreply@anthropic.com: Claude Code is an agent; only persons are joined."),
        ("Claude", "Claude: Claude Code is an agent; only persons are joined."),
        ("helper[bot]", r"helper[bot]: helper[bot] is a bot; only persons are joined."),
        ("anne@example.org", "anne@example.org: nobody in the database has this address; did you mean ann@example.org?"),
        ("Zoe", "Zoe: nobody in the database has this name; `codeshare people` lists all."),
        ("Bob Ray", "Bob Ray: stands for several people (bob@example.org, bobray@zoo.example); name one address."),
        ("root@localhost", "root@localhost: this address stands for nobody; its users are told apart by name."),
        ("Root", "Root: stands for several people (no address of their own); name one address."),
    ],
)  # fmt: skip
def test_who_cannot_be_joined(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, whom: str, words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        join(connection, ["ann@example.org", whom], tmp_path / "codeshare.toml")
    assert str(error.value) == words
    assert not (tmp_path / "codeshare.toml").exists()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ('alias = [{email = "bob@example.org", emails = ["b@x"]}]\n', "an [[alias]] cannot be added"),
        ('[teams]\none = ["ann@example.org"]\ntwo = ["ann@home.example"]\n', "stands in two teams at once"),
        ("title = \n", "not valid TOML"),
    ],
)
def test_a_file_that_the_next_mine_would_refuse_stays_as_it_is(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, before: str, words: str
) -> None:
    file = tmp_path / "codeshare.toml"
    file.write_text(before)
    with pytest.raises(ConfigError) as error:
        join(connection, ["ann@example.org", "ann@home.example"], file)
    assert words in str(error.value)
    assert file.read_text() == before


def test_line_ends_and_links_are_kept(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "real.toml"
    target.write_bytes(b'title = "x"\r\n')
    link = tmp_path / "codeshare.toml"
    link.symlink_to(target)
    join(connection, ["ann@example.org", "ann@home.example"], link)
    assert link.is_symlink()
    assert target.read_bytes() == (
        b'title = "x"\r\n\r\n[[alias]]\r\nemail = "ann@example.org"\r\nemails = ["ann@home.example"]\r\n'
    )


def test_a_folder_that_cannot_be_written(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"codeshare.toml: cannot be written: No such file or directory"):
        join(connection, ["ann@example.org", "ann@home.example"], tmp_path / "none" / "codeshare.toml")


def test_who_the_mailmap_makes_one_is_one_already(
    history: History, mined_once: Mined, tmp_path: Path
) -> None:
    history.commit({".mailmap": "Ann Lee <ann@example.org> <ann@home.example>\n"}, author=ANN)
    history.commit({"a": "1\n"}, author=_ANN_AT_HOME)
    history.commit({"a": "2\n"}, author=BOB)
    file = tmp_path / "codeshare.toml"
    with duckdb.connect(str(mined_once(history)), read_only=True) as connection:
        assert join(connection, ["ann@example.org", "ann@home.example"], file).others == ()
        # The alias names the address that the mailmap gives, or it would have no effect.
        assert join(connection, ["bob@example.org", "ann@home.example"], file).others == ("ann@example.org",)
