"""The same history gives the same lives: from a work tree and its bare clone, with SHA-1 and SHA-256 ids."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import History
from tests.provenance.store import store
from tests.provenance.tales import Plan, Tale, plans

TABLES = ("line_spans", "landed_lines", "tip_blame")


def lives(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for name in TABLES}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_work_tree_and_its_bare_clone(tmp_path: Path, object_format: str) -> None:
    history = History(tmp_path / "work" / "project", object_format=object_format)
    history.commit({"a.py": "one\ntwo\nthree\n", ".gitattributes": "*.py -diff\n"})
    history.switch("topic")
    history.commit({"a.py": "one\n2\nthree\nfour\n"})
    history.switch("main")
    history.commit({"b.py": "x\n", "a.py": "zero\none\ntwo\nthree\n"})
    history.merge("topic")
    found = []
    for place in (history.path, history.bare(tmp_path / "bare" / "project.git")):
        mine([Target(str(place), branch="main")], tmp_path / f"{place.name}.duckdb", Config(), jobs=2)
        found.append(lives(tmp_path / f"{place.name}.duckdb"))
    assert sum(int(str(row[4])) for row in found[0]["line_spans"]) == 3 + 1 + 2 + 2
    assert found[0] == found[1]


@settings(max_examples=5)
@given(plans(12))
def test_ids_of_either_kind(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    folder = tmp_path_factory.mktemp("tale")
    tale = Tale.of(plan)
    found = []
    for kind in ("sha1", "sha256"):
        stored = store(tale, folder / kind / "tale.git", every=False, object_format=kind)
        mine([Target(str(stored.path))], folder / f"{kind}.duckdb", Config(), jobs=1)
        number = {sha: k for k, sha in enumerate(stored.shas)}
        found.append(
            {
                name: sorted(tuple(str(number.get(str(value), value)) for value in row) for row in rows)
                for name, rows in lives(folder / f"{kind}.duckdb").items()
            }
        )
    assert found[0] == found[1]
