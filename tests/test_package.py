"""What is handed out: the source archive, and the wheel made of it, in an environment that knows nothing of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from codeshare.metrics.queries import query_names
from codeshare.version import VERSION

ROOT = Path(__file__).resolve().parents[1]
MADE = {"__pycache__", ".venv", "build", "dist"}


def _run(*command: str | Path, cwd: Path) -> str:
    alone = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "VIRTUAL_ENV", "COV_"))
    }
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (packed,) = folder.glob("*.tar.gz")
    with tarfile.open(packed) as content:
        content.extractall(folder, filter="data")
    return folder / packed.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(archive: Path) -> Path:
    """The wheel that is made of the archive."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", archive.parent, cwd=archive)
    (made,) = archive.parent.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with the wheel in it; what codeshare needs is lent by this one."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False)
    _run(sys.executable, "-m", "pip", "--python", home, "install", "--quiet", "--no-index", "--no-deps", "--no-compile", wheel, cwd=home)  # fmt: skip
    (packages,) = home.glob("lib/python*/site-packages")
    # A path in a .pth file comes last, and the .pth files in that folder, ours among them, are not read.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin"


def _files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not MADE & set(path.parts) and path.suffix != ".pyc"}


def test_the_archive_holds_what_the_tests_need(archive: Path) -> None:
    for folder in ("codeshare", "queries", "templates", "sample_repos", "docs", "tests", "benchmarks"):
        assert _files(archive / folder) == _files(ROOT / folder)
    for name in (
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
        "mkdocs.yml",
        "requirements.lock",
        "requirements-run.lock",
        "requirements-install.lock",
        "pyproject.toml",
    ):
        assert (archive / name).is_file()


def test_the_wheel_holds_programs_queries_templates_and_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = {name for name in content.namelist() if ".dist-info/" not in name}
    wanted = {
        f"{package}/{name}" for package in ("codeshare", "sample_repos") for name in _files(ROOT / package)
    }
    assert names == wanted | {f"codeshare/queries/{name}.sql" for name in query_names()}
    assert "codeshare/py.typed" in names


def test_it_runs_from_a_fresh_environment(programs: Path, tmp_path: Path) -> None:
    run = programs / "codeshare"
    assert VERSION in _run(run, "--version", cwd=tmp_path)
    where = _run(programs / "python", "-c", "import codeshare; print(codeshare.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(programs.parent)
    listed = _run(run, "query", "--list", cwd=tmp_path)
    assert [name for name in query_names() if name not in listed] == []


def test_the_demonstration_needs_nothing_else(programs: Path, tmp_path: Path) -> None:
    said = _run(programs / "codeshare", "demo", "--scale", "0.02", cwd=tmp_path)
    assert "of the code we merged in May 2026" in said
    report = tmp_path / "codeshare-demo" / "report"
    assert (report / "report.html").stat().st_size > 100_000
    assert list((report / "charts").glob("*.svg"))
    assert list((report / "queries").glob("*.sql"))
    assert list((report / "tables").glob("*.csv"))
