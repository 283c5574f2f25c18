from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from codeshare.config import Config, RepoConfig
from codeshare.errors import ConfigError, GitError
from codeshare.mining.run import mine
from codeshare.mining.targets import Target, targets_of
from tests.histories import History, clean_environment
from tests.stored import rows

_AGENTS = (
    "Co-Authored-By: Claude Sonnet 4.5 <noreply@anthropic.com>",
    "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>",
)


def test_a_clone_without_any_content_is_all_unknown(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    history.commit({"a.py": "a = 2\n", "b.py": "b = 1\n"})
    history.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{history.path}", str(tmp_path / "part")],
        check=True,
        env=clean_environment(),
    )  # fmt: skip
    (outcome,) = mine([Target(str(tmp_path / "part"))], tmp_path / "x.duckdb", Config())
    assert (outcome.unknown_commits, outcome.unknown_files) == (2, 3)
    assert rows(tmp_path / "x.duckdb", "select path, status, added from changes order by all") == [
        ("a.py", "?", None),
        ("a.py", "?", None),
        ("b.py", "?", None),
    ]


@pytest.mark.parametrize("trailers", [_AGENTS, _AGENTS[::-1]], ids=["one order", "the other"])
def test_the_piece_that_decides_is_the_one_the_commit_speaks_of(
    history: History, tmp_path: Path, trailers: tuple[str, ...]
) -> None:
    history.commit({"a.py": "a = 1\n"}, trailers=trailers)
    mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    found = rows(
        tmp_path / "x.duckdb",
        "select count(*), any_value(c.model = e.model) from commits c join evidence e using (repo, sha, rule) where e.decides",
    )
    assert found == [(1, True)]


def test_another_salt_or_team_takes_effect_at_once(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    target, database = [Target(str(history.path))], tmp_path / "x.duckdb"
    mine(target, database, Config(pseudonym_salt="another"))
    before = rows(database, "select pseudonym, team from people")
    mine(target, database, Config(pseudonym_salt="secret", teams={"core": ("ann@example.org",)}))
    ((pseudonym, team),) = rows(database, "select pseudonym, team from people")
    assert team == "core"
    assert pseudonym != before[0][0]


def test_pseudonyms_are_salted_by_database_and_stay(history: History, tmp_path: Path) -> None:
    """Who knows the addresses cannot work them out, and mining again changes none."""
    for number in range(20):
        history.commit({"a.py": f"a = {number}\n"}, author=f"Rowan Hazel{number} <a{number}@example.org>")
    target, words = [Target(str(history.path))], "select person, pseudonym from people order by all"
    found = []
    for name in ("x.duckdb", "y.duckdb"):
        mine(target, tmp_path / name, Config())
        found.append(rows(tmp_path / name, words))
        history.commit({"b.py": f"{name}\n"}, author="Rowan Hazel1 <a1@example.org>")
        mine(target, tmp_path / name, Config())
        assert rows(tmp_path / name, words) == found[-1]
    assert found[0] != found[1]
    assert [person for person, _ in found[0]] == [person for person, _ in found[1]]
    assert "Rowan" not in {word for _, word in (*found[0], *found[1])}, "no word that somebody is called"


def test_configured_repositories_of_one_name_are_refused(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    twice = Config(repos=(RepoConfig(str(history.path), "one"), RepoConfig(str(history.path), "one")))
    with pytest.raises(ConfigError, match="both named 'one'"):
        mine(targets_of(twice, []), tmp_path / "x.duckdb", twice)


@pytest.mark.parametrize(
    ("path", "is_url"),
    [("git@forge.example:o/n.git", True), ("https://forge.example/o/n", True), ("../n", False)],
)
def test_configured_paths_and_urls(path: str, is_url: bool) -> None:
    config = Config(repos=(RepoConfig(path),))
    (target,) = targets_of(config, [])
    assert target.where == (path if is_url else str(config.folder / path))


def test_what_git_says_names_the_repository(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    (history.path / ".git" / "refs" / "heads" / "main").write_text("0" * 40 + "\n")
    with pytest.raises(GitError, match=r"^project: .*bad object"):
        mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())


def test_what_was_absent_and_is_there_now_is_read(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    history.commit({"a.py": "a = 2\n"})
    blob = history.git("rev-parse", "HEAD:a.py")
    file, kept = history.path / ".git" / "objects" / blob[:2] / blob[2:], tmp_path / "kept"
    file.rename(kept)
    target = [Target(str(history.path))]
    (outcome,) = mine(target, tmp_path / "x.duckdb", Config())
    assert outcome.unknown_commits == 1
    kept.rename(file)
    (outcome,) = mine(target, tmp_path / "x.duckdb", Config())
    assert (outcome.unknown_commits, outcome.was_current) == (0, False)
    (outcome,) = mine(target, tmp_path / "x.duckdb", Config())
    assert outcome.was_current


def test_an_agents_commit_is_not_put_down_to_whoever_pushed_next(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    agent = "Claude <noreply@anthropic.com>"
    history.commit({"b.py": "b = 1\n"}, author=agent, at=history.now)
    history.commit({"c.py": "c = 1\n"}, at=history.now - timedelta(hours=1, seconds=-30))
    mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    found = rows(
        tmp_path / "x.duckdb", "select engineer is null, merge_sha = sha from commits order by ordinal"
    )
    assert found == [(False, True), (True, False), (False, True)]
