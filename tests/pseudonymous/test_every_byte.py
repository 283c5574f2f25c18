"""All that is made to be shared, searched byte by byte for whoever is behind it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from codeshare.exporting import export
from codeshare.reporting import write_report
from codeshare.store.database import open_database
from tests.histories import clean_environment
from tests.pseudonymous.company import BODY, LOGINS, PEOPLE, SALT, SUBJECTS, build, secrets_of
from tests.pseudonymous.hidden import found_in, packed

ROOT = Path(__file__).parents[2]
NAMED = (
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
TOLD = ("--at-most", "0.1", "--comment", "comment.md", "--metrics", "metrics.txt", "--code-quality", "quality.json", "--github")  # fmt: skip
PRINTED = (
    ("badge", "-o", "badge.svg"), ("badge", "--format", "shields", "-o", "badge.json"), ("report", "--format", "json"), ("report", "--format", "markdown"),
    ("report", "--terminal"), ("report", "--compare", "2025-Q4", "2026-Q1", "-o", "compared"), ("check", *TOLD),
    *(("share", "--by", "month", "--format", form) for form in ("json", "csv")),
)  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def shared(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file and every output, by name."""
    folder = tmp_path_factory.mktemp("shared")
    with open_database(source) as connection:
        write_report(connection, folder / "report", explore=True)
    export(source, folder / "handed.duckdb", pseudonymous=True)
    for form in ("parquet", "csv"):
        export(source, folder / form, form, pseudonymous=True)
    environment = clean_environment() | {"PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "outputs")}  # fmt: skip
    said = {}
    for words in PRINTED:
        done = subprocess.run([sys.executable, "-m", "codeshare.cli.main", "--db", str(source), *words], cwd=folder, env=environment, capture_output=True, check=False)  # fmt: skip
        assert done.returncode in (0, 1), (words, done.stderr)
        said[" ".join(words)] = done.stdout
    return said | {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def test_a_search_finds_what_is_hidden() -> None:
    for word in ("Zoë Ångström", "Ann Lee-Wright", "bob'ray@example.org", "rowan-octo"):
        for number, data in enumerate(packed(word)):
            assert found_in({"x": data}, [word, "Nobody of this name"]) == [("x", word)], (word, number)


def test_no_byte_of_anything_shared_names_anybody(source: Path, shared: Mapping[str, bytes]) -> None:
    assert {"report/report.html", "report/explore.html", "report/report.json", "handed.duckdb", "parquet/commits.parquet", "csv/commits.csv",
            "badge.svg", "comment.md", "metrics.txt", "summary.md", "compared/report.html"} <= set(shared)  # fmt: skip
    words = {*NAMED, *(word for word in secrets_of(source) if len(word) > 5)}
    assert found_in(shared, words) == []
