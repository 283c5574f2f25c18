from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.files.codeowners import PLACES, Codeowners, team_of
from tests.histories import clean_environment


def _owners(rules: str, path: str, *, is_gitlab: bool = False) -> tuple[str, ...]:
    return Codeowners.parse(rules.encode(), is_gitlab=is_gitlab).owners(path.encode())


@pytest.mark.parametrize(
    ("pattern", "path", "is_owned"),
    [
        ("*", "a.py", True),
        ("*", "src/deep/a.py", True),
        ("/*", "a.py", True),
        ("/*", "src/a.py", False),
        ("*.js", "a.js", True),
        ("*.js", "src/a.js", True),
        ("*.js", "src/a.jsx", False),
        ("/build/logs/", "build/logs/x/y.txt", True),
        ("/build/logs/", "src/build/logs/x.txt", False),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/deep/a.md", False),
        ("docs/**", "docs/deep/a.md", True),
        ("apps/", "apps/x.py", True),
        ("apps/", "src/apps/x.py", True),
        ("apps/", "apps", False),
        ("/docs/", "docs/a.md", True),
        ("/scripts", "scripts/a/b.sh", True),
        ("**/logs", "a/b/logs/x", True),
        ("**/logs", "logs/x", True),
        ("src/**/test_*.py", "src/a/b/test_x.py", True),
        ("src/**/test_*.py", "src/test_x.py", True),
        ("foo*", "food/x", True),
        ("/a?c", "abc", True),
        ("docs/a\\ b.md", "docs/a b.md", True),
        ("Docs/", "docs/a.md", False),
        ("!a.py", "a.py", False),
        ("[ab].py", "a.py", False),
        ("\\#a", "#a", False),
    ],
)
def test_patterns_of_github(pattern: str, path: str, is_owned: bool) -> None:
    assert _owners(f"{pattern} @org/team\n", path) == (("@org/team",) if is_owned else ())


@pytest.mark.parametrize("line", ["\\", "\\ @a", "x\\", "[a @a", "**/" * 40 + "z @a"])
def test_a_line_that_makes_no_sense_owns_nothing(line: str) -> None:
    owners = Codeowners.parse(f"*.md @acme/docs\n{line}\n".encode())
    assert (owners.owners(b"a.md"), owners.owners(b"a/" * 60 + b"x")) == (("@acme/docs",), ())


def test_the_last_line_that_matches_counts() -> None:
    rules = "* @org/all\n/src/ @org/core @ann  # both\n/src/gen/\n*.md ann@example.org\n"
    found = {path: _owners(rules, path) for path in ("a.py", "src/a.py", "src/gen/a.py", "src/gen/a.md")}
    assert found == {
        "a.py": ("@org/all",),
        "src/a.py": ("@org/core", "@ann"),
        "src/gen/a.py": (),
        "src/gen/a.md": ("ann@example.org",),
    }


def test_a_line_that_names_nobody_is_skipped() -> None:
    assert _owners("* @org/all\n*.py core team\n", "a.py") == ("@org/all",)


_SECTIONS = """
* @general
[Documentation][2] @docs
docs/
README.md @writers
^[Database] @db @dba
model/db/
!model/db/seed/
model/db/seed/x.sql
[DOCUMENTATION]
/docs/api/ @api
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", ("@general",)),
        ("docs/a.md", ("@general", "@docs")),
        ("src/docs/a.md", ("@general", "@docs")),
        ("docs/api/a.md", ("@general", "@api")),
        ("lib/README.md", ("@general", "@writers")),
        ("model/db/a.sql", ("@general", "@db", "@dba")),
        ("model/db/seed/x.sql", ("@general",)),
    ],
)
def test_sections_of_gitlab_each_name_an_owner(path: str, owners: tuple[str, ...]) -> None:
    assert _owners(_SECTIONS, path) == owners


@pytest.mark.parametrize(
    ("pattern", "path", "is_owned"),
    [
        ("internal", "internal/a.py", False),
        ("internal/", "x/internal/a/b.py", True),
        ("a/b.md", "x/a/b.md", True),
        ("/a/b.md", "x/a/b.md", False),
        ("/docs/*", "docs/x/a.md", False),
        ("/docs/**/*.md", "docs/x/a.md", True),
        ("/docs/**", "docs/x/a.md", False),
        ("[Ab", "[Ab", False),
        ("\\#a", "#a", True),
    ],
)
def test_patterns_of_gitlab(pattern: str, path: str, is_owned: bool) -> None:
    assert bool(_owners(f"{pattern} @org/team\n", path, is_gitlab=True)) == is_owned


@pytest.mark.parametrize(
    ("owners", "team"),
    [
        (("@ann", "@org/core", "@org/docs"), "core"),
        (("@org/docs",), "@org/docs"),
        (("@ann", "bo@example.org"), None),
        ((), None),
    ],
)
def test_the_first_team_among_the_owners(owners: tuple[str, ...], team: str | None) -> None:
    assert team_of(owners, {"@org/core": "core"}) == team


def test_the_file_that_counts() -> None:
    assert Codeowners.find(["CODEOWNERS", "docs/CODEOWNERS"]) == "CODEOWNERS"
    assert Codeowners.find([*PLACES]) == ".github/CODEOWNERS"
    assert Codeowners.find(["src/CODEOWNERS"]) is None


_SEGMENTS = st.sampled_from(["a", "b", "ab", "*", "a*", "?b", "*.c", "**", "x.c"])
_NAMES = st.lists(st.sampled_from(["a", "b", "ab", "x.c", "abc"]), min_size=1, max_size=4)


@given(st.lists(_SEGMENTS, min_size=1, max_size=3), st.booleans(), st.booleans(), _NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_but_for_a_last_star_patterns_are_those_of_gitignore(
    tmp_path: Path, segments: list[str], is_rooted: bool, is_folder: bool, names: list[str]
) -> None:
    if "/".join(segments).endswith("*"):
        segments = [*segments, "ab"]
    pattern = ("/" if is_rooted else "") + "/".join(segments) + ("/" if is_folder else "")
    path = "/".join(names)
    if not (tmp_path / ".git").exists():
        _git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text(pattern + "\n")
    is_ignored = _git(tmp_path, "check-ignore", "--no-index", "--quiet", path) == 0
    assert bool(_owners(f"{pattern} @org/team\n", path)) == is_ignored


def _git(folder: Path, *args: str) -> int:
    return subprocess.run(["git", *args], cwd=folder, env=clean_environment(), check=False).returncode


def test_thousands_of_rules_and_paths_take_seconds_at_most() -> None:
    rules = "".join(f"/folder{n}/*/x{n}/ @org/team{n}\n" for n in range(3000))
    owners = Codeowners.parse(rules.encode())
    began = time.process_time()
    found = [owners.owners(f"folder{n % 3000}/a/x{n % 3000}/f{n}".encode()) for n in range(20_000)]
    assert all(found)
    assert time.process_time() - began < 5
