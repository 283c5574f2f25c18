"""The page on dependencies is about those that there are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _names(requirements: list[str]) -> list[str]:
    return sorted(re.split(r"[\[<>=~! ]", each)[0] for each in requirements)


def test_each_dependency_is_justified() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    listed = [
        re.findall(r"^\| ([a-z][a-z0-9-]*) \|(.+)\|$", part, re.MULTILINE) for part in page.split("\n## ")[1:]
    ]
    wanted = (
        settings["project"]["dependencies"],
        settings["project"]["optional-dependencies"]["cluster"],
        [each for group in settings["dependency-groups"].values() for each in group if isinstance(each, str)],
    )
    for rows, requirements in zip(listed, wanted, strict=True):
        assert [name for name, _ in rows if name != "package"] == _names(requirements)
        assert all(cell.strip() for _, cells in rows for cell in cells.split("|"))


@pytest.mark.parametrize(
    ("name", "least"),
    [("requirements.lock", 50), ("requirements-run.lock", 30), ("requirements-install.lock", 1)],
)
def test_everything_is_pinned_by_hash(name: str, least: int) -> None:
    pinned = _pinned(name)
    assert len(pinned) >= least
    assert all("==" in part and "--hash=sha256:" in part for part in pinned)


def test_what_is_needed_at_run_time_is_a_part_of_all() -> None:
    run, everything = (
        {re.sub(r" ;[^\\]*", " ", part) for part in _pinned(name)}  # for some versions of Python each
        for name in ("requirements-run.lock", "requirements.lock")
    )
    assert run < everything
    names = set(_names(list(run)))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = settings["project"]["dependencies"] + settings["dependency-groups"]["build"]
    assert set(_names(wanted)) <= names
    assert not names & {"pytest", "mypy", "moto", "mkdocs"}


def _pinned(name: str) -> list[str]:
    lock = (ROOT / name).read_text(encoding="utf-8")
    return [part.strip() for part in re.split(r"\n(?=\S)", lock) if not part.startswith("#")]
