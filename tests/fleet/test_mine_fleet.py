"""Whatever way a fleet is mined, and whatever happens meanwhile, the end is that of one plain mine."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from codeshare.attribution.catalogue import configured_catalogue
from codeshare.config import Config
from codeshare.errors import OutputError
from codeshare.fleet import homes, processes
from codeshare.fleet.homes import DatabaseHome, Home, LakeHome
from codeshare.fleet.processes import Here, Processes, Result, Workers
from codeshare.fleet.pull import pull
from codeshare.fleet.run import Fleet, Options, mine_fleet
from codeshare.fleet.tasks import Orders, Task
from codeshare.lake.compact import compact, vacuum
from codeshare.lake.manifest import read_manifest
from codeshare.lake.storage import Folder
from codeshare.metrics.commit_evidence import explain_commit
from codeshare.mining.run import mine
from tests.stored import content, rows

from .conftest import add, targets

Rows = dict[str, list[tuple[object, ...]]]


def into(home: Home, folder: Path, workers: Workers | None = None) -> Fleet:
    """Mine all repositories of a folder."""
    with closing(home):
        return mine_fleet(targets(folder), home, workers or Here(), Config(), Options())


def pulled(lake: Path, database: Path) -> Rows:
    """What a database has that is made of a lake."""
    pull(str(lake), database)
    return content(database)


@pytest.fixture
def plain(folder: Path, tmp_path: Path) -> Callable[[], Rows]:
    """The fleet as one process mines it, one repository after the other."""

    def run() -> Rows:
        database = tmp_path / f"plain-{time.monotonic_ns()}.duckdb"
        mine(targets(folder), database, Config(), jobs=1)
        return comparable(content(database))

    return run


def comparable(found: Rows) -> Rows:
    """Without what is known of a whole configuration alone, and of which lake it was made."""
    return found | {"listed_repositories": [], "meta": [row for row in found["meta"] if row[0] != "lake"]}


class Twice(Here):
    """Does every task twice, as a cluster may."""

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        for task in tasks:
            list(super().run([task], orders))
            yield from super().run([task], orders)


@pytest.mark.thorough
def test_database_and_lake_hold_what_a_plain_mine_stores(
    folder: Path, tmp_path: Path, plain: Callable[[], Rows]
) -> None:
    database, lake, home = tmp_path / "x.duckdb", tmp_path / "lake", tmp_path / "home.duckdb"
    assert [outcome.repo for outcome in into(DatabaseHome(database), folder).outcomes] == ["app", "fork", "lib", "site"]  # fmt: skip
    into(LakeHome(Folder(lake)), folder, Twice())
    expected = plain()
    assert comparable(content(database)) == expected
    assert comparable(pulled(lake, home)) == expected
    before = read_manifest(Folder(lake)).batch_of()
    add(folder, "app")
    for where in (DatabaseHome(database), LakeHome(Folder(lake))):
        found = into(where, folder)
        assert found.failed == ()
        assert [outcome.repo for outcome in found.outcomes if not outcome.was_current] == ["app"]
    expected = plain()
    assert comparable(content(database)) == expected
    assert comparable(pulled(lake, home)) == expected
    after = read_manifest(Folder(lake)).batch_of()
    assert [repo for repo in after if after[repo].id != before[repo].id] == ["app"]


@pytest.mark.thorough
def test_another_lake_in_the_place_of_one_is_read_anew(folder: Path, tmp_path: Path) -> None:
    lake, home = tmp_path / "lake", tmp_path / "home.duckdb"
    into(LakeHome(Folder(lake)), folder)
    version = pull(str(lake), home).version
    shutil.rmtree(lake)
    add(folder, "app")
    into(LakeHome(Folder(lake)), folder)
    assert pull(str(lake), home).version == version
    assert rows(home, "select commits from repos where repo = 'app'") == [(3,)]


def test_a_pull_that_fails_leaves_no_database(folder: Path, tmp_path: Path) -> None:
    into(LakeHome(Folder(tmp_path / "lake")), folder)
    (tmp_path / "home").mkdir()
    home = tmp_path / "home" / "x.duckdb"
    spoilt = next((tmp_path / "lake/data/line_spans").iterdir())
    whole = spoilt.read_bytes()
    spoilt.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(duckdb.Error, match="line_spans"):
        pull(str(tmp_path / "lake"), home)
    assert [*home.parent.iterdir()] == []
    spoilt.write_bytes(whole)
    assert pulled(tmp_path / "lake", home) == pulled(tmp_path / "lake", tmp_path / "y.duckdb")
    assert [*home.parent.iterdir()] == [home]


@pytest.mark.thorough
def test_a_database_that_comes_to_be_meanwhile_stays_and_is_brought_up_to_date(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, home = tmp_path / "lake", tmp_path / "home" / "x.duckdb"
    into(LakeHome(Folder(lake)), folder)

    def fill_late(*given: object) -> None:
        monkeypatch.undo()
        pull(str(lake), home)
        add(folder, "app")
        into(LakeHome(Folder(lake)), folder)

    monkeypatch.setattr("codeshare.fleet.pull.fill", fill_late)
    pull(str(lake), home)
    assert rows(home, "select commits from repos where repo = 'app'") == [(2,)]
    assert pulled(lake, home) == pulled(lake, tmp_path / "y.duckdb")
    assert [*home.parent.iterdir()] == [home]


def test_a_person_is_one_in_all_repositories(folder: Path, tmp_path: Path) -> None:
    into(LakeHome(Folder(tmp_path / "lake")), folder)
    pull(str(tmp_path / "lake"), tmp_path / "x.duckdb")
    assert rows(tmp_path / "x.duckdb", "select count(*), count(distinct person) from people where kind = 'person'") == [(2, 2)]  # fmt: skip
    (bobs,) = rows(tmp_path / "x.duckdb", "select list(distinct c.repo order by repo) from commits as c join people on person = author where name = 'Bob Ray'")  # fmt: skip
    assert bobs == (["app", "fork", "lib", "site"],)


@pytest.mark.parametrize(
    ("rule", "listed", "shared"),
    [("first-merged", ["app", "fork"], "fork"), pytest.param("first-listed", ["fork", "app"], "app", marks=pytest.mark.thorough),
     pytest.param("each", ["app", "fork"], None, marks=pytest.mark.thorough)],
)  # fmt: skip
def test_a_commit_of_a_fork_counts_once(
    folder: Path, tmp_path: Path, rule: str, listed: list[str], shared: str | None
) -> None:
    database = tmp_path / "x.duckdb"
    with closing(DatabaseHome(database)) as home:
        mine_fleet(targets(folder, *listed), home, Here(), Config(shared_commits=rule), Options())
    found = rows(database, "select repo, count(*) from shared_commits group by all")
    assert found == ([(shared, 2)] if shared else [])
    assert rows(database, "select count(*) from merged_commits") == [(3 if shared else 5,)]
    assert rows(database, "select sum(lines) from merged_lines") == [(6 if shared else 11,)]
    left = rows(database, "select distinct repo from commits_left_out where why = 'shared'")
    assert left == ([(shared,)] if shared else [])
    ((sha,),) = rows(database, "select sha from commits where repo = 'fork' and len(parents) = 0")
    with duckdb.connect(str(database), read_only=True) as connection:
        why = explain_commit(connection, "fork", str(sha), configured_catalogue(Config()), None)
    assert ("Its lines count in app, not here." in why["conclusion"]) == (shared == "fork")
    assert ("shared" in why["flags"]) == (shared == "fork")


def test_the_team_of_a_repository_is_that_of_whoever_works_there(folder: Path, tmp_path: Path) -> None:
    config = Config(teams={"web": ("ann@example.org",)})
    owned = [*targets(folder, "app"), targets(folder, "lib")[0].__class__(str(folder / "lib"), team="core")]
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        mine_fleet(owned, home, Here(), config, Options())
    assert rows(tmp_path / "x.duckdb", "select name, team from people where kind = 'person' order by all") == [("Ann Lee", "web"), ("Bob Ray", "core")]  # fmt: skip


def test_one_that_fails_leaves_the_others(folder: Path, tmp_path: Path) -> None:
    (folder / "lib" / ".git" / "refs" / "heads" / "main").write_text("0" * 40 + "\n")
    (folder / "none").mkdir()
    (folder / "other").mkdir()
    (folder / "app").rename(folder / "other" / "site")
    wanted = [*targets(folder, "fork", "lib", "none", "site"), *targets(folder / "other", "site")]
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        found = mine_fleet(wanted, home, Here(), Config(), Options())
    assert [outcome.repo for outcome in found.outcomes] == ["fork", "site"]
    why = {Path(failed.repo).name: failed.why for failed in found.failed}
    assert why.keys() == {"lib", "none", "site"}
    assert "bad object" in why["lib"]
    assert "not a git repository" in why["none"]
    assert "has the same name" in why["site"]


@pytest.mark.thorough
def test_a_repository_that_grows_while_it_is_mined_is_stored_as_it_then_was(
    folder: Path, tmp_path: Path, plain: Callable[[], Rows]
) -> None:
    class Late(Here):
        def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
            add(folder, "lib")
            return super().run(tasks, orders)

    into(DatabaseHome(tmp_path / "x.duckdb"), folder, Late())
    assert comparable(content(tmp_path / "x.duckdb")) == plain()


@pytest.mark.thorough
def test_what_is_complete_stays_where_somebody_interrupts(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plain: Callable[[], Rows],
) -> None:
    monkeypatch.setattr(homes, "_PUBLISHED_EVERY", 0)

    class Interrupted(Here):
        count = 4

        def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
            yield from super().run(tasks[:2], orders)
            raise KeyboardInterrupt

    lake = tmp_path / "lake"
    with pytest.raises(KeyboardInterrupt):
        into(LakeHome(Folder(lake)), folder, Interrupted())
    held = read_manifest(Folder(lake)).batch_of()
    assert len(held) == 2
    found = into(LakeHome(Folder(lake)), folder)
    assert {outcome.repo for outcome in found.outcomes if outcome.was_current} == held.keys()
    assert comparable(pulled(lake, tmp_path / "x.duckdb")) == plain()


@pytest.mark.thorough
def test_storage_that_fails_changes_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    into(LakeHome(Folder(lake)), folder)
    before = content_of_lake(lake, tmp_path / "x.duckdb")
    add(folder, "app")
    put = Folder.put

    def full(storage: Folder, files: dict[str, Path]) -> None:
        put(storage, dict(list(files.items())[:2]))
        raise OutputError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", full)
        with pytest.raises(OutputError, match="no space left"):
            into(LakeHome(Folder(lake)), folder)
    assert content_of_lake(lake, tmp_path / "x.duckdb") == before
    into(LakeHome(Folder(lake)), folder)
    assert vacuum(Folder(lake), 0).files > 2
    assert content_of_lake(lake, tmp_path / "x.duckdb") == content_of_lake(lake, tmp_path / "y.duckdb")


def content_of_lake(lake: Path, database: Path) -> list[tuple[object, ...]]:
    pull(str(lake), database)
    return rows(database, "from commits order by all")


@pytest.mark.thorough
def test_compacting_merges_files_and_keeps_rows(folder: Path, tmp_path: Path) -> None:
    lake = Folder(tmp_path / "lake")
    into(LakeHome(lake), folder, Here())
    add(folder, "app")
    into(LakeHome(lake), folder)
    before = comparable(pulled(lake.path, tmp_path / "x.duckdb"))
    manifest = compact(lake)
    assert len(manifest.batches) == 1
    assert not manifest.batches[0].replaced
    assert comparable(pulled(lake.path, tmp_path / "y.duckdb")) == before
    assert vacuum(lake, keep_hours=1).files == 0
    vacuum(lake, keep_hours=0)
    assert {stored.name for stored in lake.names("data")} == manifest.files()
    assert comparable(pulled(lake.path, tmp_path / "z.duckdb")) == before
    assert compact(lake).version == manifest.version, "there is nothing left to merge"


@pytest.mark.thorough
def test_a_worker_that_is_killed_changes_nothing(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plain: Callable[[], Rows],
) -> None:
    monkeypatch.setattr(processes, "SMALL", 0)
    killed: list[int] = []

    def kill() -> None:
        import multiprocessing

        while not (children := multiprocessing.active_children()):
            time.sleep(0.01)
        time.sleep(0.2)
        killed.append(children[0].pid or 0)
        os.kill(killed[0], signal.SIGKILL)

    threading.Thread(target=kill).start()
    found = into(DatabaseHome(tmp_path / "x.duckdb"), folder, Processes(2))
    assert killed
    assert not found.failed
    assert comparable(content(tmp_path / "x.duckdb")) == plain()
