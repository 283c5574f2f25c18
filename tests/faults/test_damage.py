from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.errors import CannotKnow, CodeshareError
from codeshare.metrics.guard import check_known
from codeshare.mining.run import Target, mine
from codeshare.store.database import open_database
from tests.faults.damage import DAMAGES, SAME, Damage, Refused, Unknown
from tests.faults.project import Project, build
from tests.stored import content, rows

OFTEN = (
    "a blob absent that a merge made", "a blob with a wrong bit", "a commit absent", "a branch that points at a tree",
    "an index over packs that tells wrong places", "records of lines that are a file",
)  # fmt: skip
"""What `make test` tries: one of each kind; `make fuzz` tries the others, too."""

# Of what is known of a commit, nothing may hang on what is not.
_KNOWN = {
    "commits": "sha, committed_at, merged_at, merge_sha, author, engineer, attribution, confidence, rule, tool, added, deleted, is_bulk",
    "changes": "sha, path, status, file_class, added, deleted",
    "evidence": "sha, rule, tool, attribution, confidence, excerpt",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("whole")
    build(folder / "project")
    mine([Target(str(folder / "project"))], folder / "whole.duckdb", Config(), jobs=2)
    return folder


PARAMETERS = [
    pytest.param(each, id=each.name, marks=() if each.name in OFTEN else pytest.mark.long) for each in DAMAGES
]


@pytest.mark.parametrize("damage", PARAMETERS)
def test_damage(
    damage: Damage, whole: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What is there is told as ever, what is not is counted and named, nothing is silently less."""
    record_property("tried: kinds of damage", 1)
    project = Project(whole / "project", tmp_path / "project")
    place = damage.do(project) or project.path
    database, target = tmp_path / "x.duckdb", Target(str(place), "project", damage.branch)
    if isinstance(damage.then, Refused):
        _is_refused(damage.then, target, database)
        return
    (outcome,) = mine([target], database, Config(), jobs=2)
    if damage.then == SAME:
        assert _rows(database) == _rows(whole / "whole.duckdb")
        return
    assert Unknown(outcome.unknown_commits, outcome.unknown_files) == damage.then
    _is_told(database, whole / "whole.duckdb", damage.then)


def _is_refused(then: Refused, target: Target, database: Path) -> None:
    with pytest.raises(CodeshareError) as caught:
        mine([target], database, Config(), jobs=2)
    assert then.words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_status == then.status
    assert not database.exists() or rows(database, "select count(*) from repos") == [(0,)]


def _is_told(database: Path, whole: Path, then: Unknown) -> None:
    known = "sha in (select sha from commits where not is_unknown)"
    lost = {sha for (sha,) in rows(database, "select sha from commits where is_unknown")}
    assert len(lost) == then.commits
    for table, columns in _KNOWN.items():
        ours = rows(database, f"select {columns} from {table} where {known} order by all")
        assert ours == [row for row in rows(whole, f"select {columns} from {table} order by all") if _sha(row, columns) not in lost]  # fmt: skip
    with open_database(database) as connection, pytest.raises(CannotKnow, match="--allow-unknown"):
        check_known(connection)


def _sha(row: tuple[object, ...], columns: str) -> object:
    return row[columns.split(", ").index("sha")]


def _rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows but what is said of the place itself."""
    found = content(database)
    for name in ("meta", "repos", "unusable_records", "observations"):
        del found[name]
    return found
