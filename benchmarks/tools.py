"""The tools that codeshare is compared with: where they come from and how each is called.

They are no dependencies of codeshare. Each of the Python tools gets a virtual environment of its own in a
cache folder, made once; hercules, written in Go, is taken where it is found. What cannot be had is
unavailable, which ends nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# GitPython is pinned too, because PyDriller and git-of-theseus spend their time in it.
PACKAGES = {
    "pydriller": ["pydriller==2.12", "gitpython==3.2.1"],
    "git-of-theseus": ["git-of-theseus==0.3.4", "gitpython==3.2.1"],
    "git-fame": ["git-fame==4.2.1"],
}
WALK = Path(__file__).with_name("pydriller_walk.py")


class Unavailable(Exception):
    """A tool cannot be had on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool works: a clone that is its own, with the branch checked out, and a folder for its results."""

    clone: Path
    branch: str
    results: Path


Call = Callable[[Path, Place], list[str]]


def pydriller(programs: Path, place: Place) -> list[str]:
    """Traverse all commits and their modified files."""
    return [str(programs / "python"), str(WALK), str(place.clone)]


def git_of_theseus(programs: Path, place: Place) -> list[str]:
    """Count what of each year's lines is alive, at one commit a week: its defaults, on all processors."""
    options = ["--quiet", "--procs", str(os.cpu_count()), "--branch", place.branch, "--outdir"]
    return [str(programs / "git-of-theseus-analyze"), *options, str(place.results), str(place.clone)]


def git_fame(programs: Path, place: Place) -> list[str]:
    """Count the lines alive at the tip by author: its defaults, on all processors."""
    return [str(programs / "git-fame"), "--silent-progress", f"--branch={place.branch}", str(place.clone)]


def hercules(program: Path, place: Place) -> list[str]:
    """Follow the age of all lines through the whole history."""
    return [str(program), "--burndown", "--quiet", str(place.clone)]


CALLS: dict[str, Call] = {
    "pydriller": pydriller,
    "git-of-theseus": git_of_theseus,
    "git-fame": git_fame,
    "hercules": hercules,
}


def find(name: str, cache: Path, binary: str) -> Path:
    """Return where a tool's programs are, installed first if need be; of hercules the program itself.

    Raises:
        Unavailable: it cannot be installed or found.
    """
    return _go_program(binary) if name == "hercules" else _installed(name, cache)


def _go_program(binary: str) -> Path:
    found = shutil.which(binary)
    if not found:
        raise Unavailable(f"no program {binary!r} found; name one with --hercules")
    # The package of that name on PyPI is something else; the Go program knows its commit.
    said = _run([found, "version"]).stdout
    if "Git:" not in said:
        raise Unavailable(f"{found} is not the Go program of that name")
    return Path(found).resolve()


def _installed(name: str, cache: Path) -> Path:
    packages = PACKAGES[name]
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folder = cache / f"{'-'.join(packages).replace('==', '-')}-{python}"
    done = folder / "installed"
    if not done.exists():
        print(f"{name}: installing {' '.join(packages)} into {folder}", flush=True)
        _try([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _try([*pip, "install", "--quiet", *packages])
        done.touch()
    return folder / "bin"


def _try(command: list[str]) -> None:
    done = _run(command)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"cannot be installed: {words[-1] if words else command[0]}")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=900
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from None
