"""Any `duckdb` since 1.2 answers what codeshare answers, without codeshare.

``CODESHARE_DUCKDB_PYTHONS`` names Python interpreters, parted by ``:``, each with a `duckdb` of its own; ``make duckdb``
makes some and runs this. Without it only the installed one is asked, in a process that cannot import codeshare.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.metrics.queries import load_query, query_names
from codeshare.store.database import open_database
from tests.pseudonymous.company import build

SCRIPT = Path(__file__).parent / "plain_duckdb.py"
OTHERS = [each for each in os.environ.get("CODESHARE_DUCKDB_PYTHONS", "").split(os.pathsep) if each]
Question = tuple[str, dict[str, Any]]
MACROS = {
    "ai_share_by": "from ai_share_by('month')",
    "ai_share_by_tool": "from ai_share_by_tool('quarter')",
    "ai_share_in": "from ai_share_in('week', date '2025-11-01', null, ['acme/boats'], 'src/*', null)",
    "ai_share_split": "from ai_share_split('path')",
    "ai_share_split_in": "from ai_share_split_in('class', 1, null, date '2026-01-01', null, null, null)",
    "churn_by": "from churn_by('month', false)",
    "explore_places": "from explore_places(250)",
    "is_over": "select is_over(date '2026-01-01', date '2026-01-01')",
    "line_fates": "from line_fates(true)",
    "period_end": "select period_end('quarter', date '2026-01-01')",
    "period_of": "select period_of('week', timestamp '2026-01-01 12:00')",
    "rework_by_commit": "from rework_by_commit(false)",
    "survival_in": "from survival_in('class', false)",
}

SPLITS = ("repository", "team", "owner", "path", "class", "tool")
VARIANTS = {
    **{f"query ai_share_parts {split}": ("ai_share_parts", {"split": split}) for split in SPLITS},
    **{f"query churn_by {split}": ("churn_by", {"split": split}) for split in ("tool", "class")},
    **{f"query survival_by {split}": ("survival_by", {"split": split}) for split in ("tool", "class", "cohort")},
}  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def questions(database: Path) -> dict[str, Question]:
    """Every table and view, a call of every macro, every named query with its defaults."""
    with open_database(database) as connection:
        relations = connection.execute(
            "select table_name from duckdb_tables() where not internal union all select view_name from duckdb_views() where not internal"
        ).fetchall()
    asked = {f"query {name}": (name, {}) for name in query_names()} | VARIANTS
    return {
        **{f"relation {name}": (f'from "{name}"', {}) for (name,) in relations},
        **{f"macro {name}": (sql, {}) for name, sql in MACROS.items()},
        **{f"split {split}": ("from ai_share_split($split, 2)", {"split": split}) for split in SPLITS},
        **{
            title: (load_query(name).sql, _plain(load_query(name).bind(given)))
            for title, (name, given) in asked.items()
        },
    }


def _plain(bound: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in bound.items()}


@pytest.fixture(scope="module")
def here(database: Path, questions: dict[str, Question]) -> dict[str, Any]:
    return _asked(sys.executable, database, questions)


def _asked(python: str, database: Path, questions: dict[str, Question]) -> dict[str, Any]:
    asked = json.dumps({"database": str(database), "questions": questions})
    done = subprocess.run([python, "-I", SCRIPT], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_macro_is_asked(database: Path) -> None:
    with open_database(database) as connection:
        found = connection.execute(
            "select distinct function_name from duckdb_functions() where not internal"
        ).fetchall()
    assert {name for (name,) in found} == set(MACROS)


def test_what_is_installed_answers_without_codeshare(
    here: dict[str, Any], questions: dict[str, Question]
) -> None:
    assert here["version"] == duckdb.__version__
    assert set(here["answers"]) == set(questions)
    empty = {name for name, (rows, _) in here["answers"].items() if not rows}
    assert not empty & {
        "relation ai_share_monthly",
        "relation volume_quarterly",
        "macro survival_in",
        "query headline",
    }
    assert {"macro ai_share_split", "macro line_fates"}.isdisjoint(empty)


@pytest.mark.parametrize("python", OTHERS, ids=lambda each: Path(each).parents[1].name)
def test_other_versions_answer_the_same(
    python: str, here: dict[str, Any], database: Path, questions: dict[str, Question]
) -> None:
    found = _asked(python, database, questions)
    assert found["version"] != here["version"], f"{python}: is the installed version"
    assert [name for name in questions if found["answers"][name] != here["answers"][name]] == []
