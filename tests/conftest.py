from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import History
from tests.metrics.rows import Rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "codeshare",
    deadline=None,
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("codeshare")


@pytest.fixture(scope="session")
def empty_databases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests keep the empty database: making it takes longer than most of them."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test has a cache of its own while it runs: beside its `tmp_path` each would be looked for among all before it."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, caches: Path, empty_databases: Path) -> Iterator[None]:
    """Nothing of the CI job or the user that runs the tests takes part in them."""
    for name in (
        "CI",
        "GITHUB_BASE_REF",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "CI_DEFAULT_BRANCH",
        "GIT_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    cache = Path(tempfile.mkdtemp(dir=caches))
    (cache / "codeshare").mkdir()
    (cache / "codeshare" / "empty").symlink_to(empty_databases)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    yield
    shutil.rmtree(cache, ignore_errors=True)


@pytest.fixture(scope="session")
def database() -> Iterator[Rows]:
    """One database in memory for all tests: making it takes longer than most of them."""
    made = Rows()
    yield made
    made.connection.close()


@pytest.fixture
def rows(database: Rows) -> Rows:
    """That database, emptied."""
    database.clear()
    return database


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of pages: a process can have one Playwright only."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        if os.environ.get("CODESHARE_REQUIRE_BROWSER") == "1":
            pytest.fail("CODESHARE_REQUIRE_BROWSER=1, but no Chromium was found.")
        pytest.skip("no Chromium here")
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def history(tmp_path: Path) -> History:
    """An empty repository."""
    return History(tmp_path / "project")


@pytest.fixture
def mined(tmp_path: Path) -> Callable[..., Path]:
    """Mine repositories into a database of this test; returns its path."""

    def run(*repositories: History | Path, config: Config | None = None, name: str = "mined.duckdb") -> Path:
        where = [each.path if isinstance(each, History) else each for each in repositories]
        mine([Target(str(path)) for path in where], tmp_path / name, config or Config(), jobs=2)
        return tmp_path / name

    return run


@pytest.fixture(scope="session")
def mined_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases of `mined_once` are."""
    return tmp_path_factory.mktemp("mined")


@pytest.fixture
def mined_once(tmp_path: Path, mined_before: Path) -> Callable[..., Path]:
    """As `mined`; the same repositories, mined for a test before this one, are not mined again but copied."""

    def run(*histories: History, config: Config | None = None, name: str = "mined.duckdb") -> Path:
        config = config or Config()
        key = hashlib.sha256(repr((config, [each.digest() for each in histories])).encode()).hexdigest()
        known = mined_before / f"{key}.duckdb"
        if not known.exists():
            mine([Target(str(each.path)) for each in histories], known, config, jobs=2)
        return Path(shutil.copyfile(known, tmp_path / name))

    return run


THOROUGH = ("ci/", "benchmarks/test_accuracy.py", "pseudonymous/", "report/test_same_bytes.py", "report/test_explore_browser.py", "report/test_accessible.py", "report/test_differences.py",
            "docs/test_guides.py", "fleet/test_s3.py", "fleet/test_cluster.py", "cli/test_report_scope.py", "cli/test_worth.py", "metrics/test_figures.py", "report/test_baseline.py", "estimates/test_comparison.py", "provenance/test_same_lives.py",
            "store/test_filter.py", "store/test_plain_duckdb.py", "test_package.py", "cli/test_demo.py", "report/test_browser.py", "report/test_links.py", "mining/test_squash_recovery.py", "mining/test_imports.py",
            "mining/test_staff.py", "docs/test_schemas.py", "cli/test_json_schemas.py", "cli/test_range.py", "report/test_scope.py", "estimates/test_changes.py", "cli/test_explain.py", "cli/test_asking.py",
            "report/test_report_json.py", "report/test_explore.py", "fleet/test_command.py", "metrics/test_alive.py", "metrics/test_weaknesses.py", "mining/test_quality.py")  # fmt: skip
"""What takes long for what it finds: `make check` and CI run it, `make test` leaves it out."""


LONG = Path(__file__).parent / "long.txt"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """To read a file, and load what it imports, takes time, too."""
    return True if _is_thorough(collection_path) and "not thorough" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = {line for line in LONG.read_text("utf-8").splitlines() if not line.startswith("#")}
    for item in items:
        if _is_thorough(item.path):
            item.add_marker("thorough")
        if {item.nodeid, item.nodeid.partition("[")[0]} & long:
            item.add_marker("long")


def _is_thorough(file: Path) -> bool:
    return file.relative_to(Path(__file__).parent).as_posix().startswith(THOROUGH)
