"""Same input, same answer: whatever the user's git, settings, language, clock, processors and hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from tests.faults.kills import ROOT, history
from tests.faults.project import build
from tests.histories import clean_environment
from tests.stored import content

SETTINGS = """
[diff]
    algorithm = patience
    noprefix = true
    mnemonicPrefix = true
    renames = copies
    renameLimit = 1
    interHunkContext = 9
    context = 9
    indentHeuristic = false
    suppressBlankEmpty = true
    orderFile = /dev/null
    ignoreSubmodules = all
    wsErrorHighlight = all
    colorMoved = zebra
    relative = true
    external = false
[log]
    showSignature = true
    follow = true
    date = relative
    mailmap = false
    showRoot = false
    decorate = full
    diffMerges = first-parent
[core]
    quotePath = true
    abbrev = 4
    attributesFile = {folder}/attributes
    excludesFile = {folder}/attributes
    bigFileThreshold = 1
    precomposeUnicode = true
    ignoreCase = true
    autocrlf = true
    commentChar = "c"
    pager = false
    fsmonitor = false
[i18n]
    logOutputEncoding = UTF-16
    commitEncoding = ISO-8859-1
[merge]
    renames = false
    renameLimit = 1
    conflictStyle = diff3
[color]
    ui = always
    diff = always
[format]
    pretty = raw
[mailmap]
    file = {folder}/mailmap
[grep]
    patternType = perl
[feature]
    experimental = true
"""

PLACES = {
    "in Turkish, in Kolkata": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "1"},
    "in C, in Newfoundland": {"LC_ALL": "C", "LANGUAGE": "de", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
    "in German, on Tonga": {"LC_ALL": "de_DE@euro", "TZ": "Pacific/Tongatapu", "PYTHONHASHSEED": "3", "COLUMNS": "20"},
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two repositories, mined as it is done everywhere in these tests."""
    folder = tmp_path_factory.mktemp("same")
    one = build(folder / "project")
    one.commit({"ünï/a b.py": "x\r\n\r\ny", "crlf.txt": "a\r\nb\r\n", "ğ\u0131.py": "I\n"}, "Übung")
    history(folder / "larger")
    mine([Target(str(folder / name)) for name in ("project", "larger")], folder / "x.duckdb", Config(), jobs=2)  # fmt: skip
    return folder, folder / "x.duckdb"


def answer(folder: Path, database: Path, environment: dict[str, str], *words: str) -> dict[str, list[tuple[object, ...]]]:  # fmt: skip
    """The rows that mining in another environment comes to."""
    command = [sys.executable, "-m", "tests.faults.driver", "threads", "--db", str(database), "mine", *words]
    places = [str(folder / name) for name in ("project", "larger")]
    done = subprocess.run([*command, *places], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return content(database)


@pytest.mark.parametrize(
    "name",
    [next(iter(PLACES)), *(pytest.param(each, marks=pytest.mark.thorough) for each in list(PLACES)[1:])],
)
def test_elsewhere(whole: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    folder, database = whole
    assert answer(folder, tmp_path / "x.duckdb", PLACES[name]) == content(database)


LANGUAGES = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "POSIX": {"LC_ALL": "POSIX"},
    "one that is not there": {"LC_ALL": "xx_YY.ISO-8859-9", "PYTHONUTF8": "0"},
    "a stream of Latin letters": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
} | {name: {"LC_ALL": name} for name in ("tr_TR.UTF-8", "tr_TR.ISO-8859-9", "de_DE.ISO-8859-1", "ja_JP.EUC-JP")}  # fmt: skip


@pytest.mark.parametrize(
    "name", ["C", *(pytest.param(name, marks=pytest.mark.thorough) for name in LANGUAGES if name != "C")]
)
def test_arguments_and_answers_are_utf8_in_any_language(
    whole: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    if LANGUAGES[name]["LC_ALL"] == name and "." in name and not _is_made(tmp_path, *name.split(".", 1)):
        pytest.skip(f"this machine has nothing to make the locale {name} of")
    query = "select distinct path, 'İıß✓' as word from changes where path like 'ünï/%'"
    command = [sys.executable, "-m", "codeshare.cli.main", "--db", str(whole[1]), "sql", query, "--format", "csv"]  # fmt: skip
    environment = clean_environment() | LANGUAGES[name] | {"LOCPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "path,word\nünï/a b.py,İıß✓\n", b"")


def _is_made(folder: Path, language: str, letters: str) -> bool:
    """Make a locale in a folder, for few machines have many."""
    if (program := shutil.which("localedef")) is None:
        return False
    command = [program, "-i", language, "-f", letters, str(folder / f"{language}.{letters}")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.thorough
def test_with_the_settings_of_any_user(whole: tuple[Path, Path], tmp_path: Path) -> None:
    folder, database = whole
    (tmp_path / ".gitconfig").write_text(SETTINGS.format(folder=tmp_path))
    (tmp_path / "attributes").write_text("*.py -diff binary\n*.md diff=x\n")
    (tmp_path / "mailmap").write_text("Nobody <nobody@example.org> <ann@example.org>\n")
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / ".gitconfig"), "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "diff.algorithm", "GIT_CONFIG_VALUE_0": "minimal", "GIT_DIFF_OPTS": "-u9", "GIT_TRACE": str(tmp_path / "trace")}  # fmt: skip
    assert answer(folder, tmp_path / "x.duckdb", home) == content(database)
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("jobs", [1, pytest.param(5, marks=pytest.mark.thorough)])
def test_with_any_number_of_jobs(
    whole: tuple[Path, Path], tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, database = whole
    monkeypatch.setattr("codeshare.git.reading.CHUNKS", (7, 7))
    names = ("project", "larger")[:: -1 if jobs == 1 else 1]
    mine([Target(str(folder / name)) for name in names], tmp_path / "x.duckdb", Config(), jobs=jobs)
    assert content(tmp_path / "x.duckdb") == content(database)


GITS = [place for place in os.environ.get("CODESHARE_TEST_GITS", "").split(os.pathsep) if place]


@pytest.mark.skipif(not GITS, reason="CODESHARE_TEST_GITS names no folders of other gits")
@pytest.mark.parametrize("place", GITS)
def test_with_another_git(whole: tuple[Path, Path], tmp_path: Path, place: str) -> None:
    folder, database = whole
    path = f"{place}{os.pathsep}{os.environ['PATH']}"
    assert answer(folder, tmp_path / "x.duckdb", {"PATH": path}) == content(database)
