"""The commands that the benchmarks compare with one another, and the surroundings that all of them get."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

# Neither the user's git settings nor work that git does behind one's back make a run slower or faster.
SETTINGS = "[safe]\n\tdirectory = *\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"


def environment(folder: Path) -> dict[str, str]:
    """Return an environment with git settings of our own only, put into ``folder``, and no branch named by CI."""
    settings = folder / "gitconfig"
    settings.write_text(SETTINGS, encoding="utf-8")
    # Python would compile anew what nobody has compiled before, in every run.
    names = ("GIT_", "GITHUB_", "CI_", "PYTHONDONTWRITEBYTECODE")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(names)}
    return clean | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C.UTF-8",
    }


def git(repository: Path, *arguments: str) -> str:
    """Ask git; end the benchmark with git's words where it knows no answer."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repository), *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{repository}: {done.stderr.strip()}")
    return done.stdout.strip()


def current_branch(repository: Path) -> str:
    """Return the branch that HEAD is on."""
    name = git(repository, "rev-parse", "--abbrev-ref", "HEAD")
    if name == "HEAD":
        sys.exit(f"{repository}: HEAD is on no branch. Check one out, or name it with --branch.")
    return name


def git_log(repository: Path, branch: str) -> list[str]:
    """Let git count the lines of every commit."""
    return ["git", "-C", str(repository), "log", "--numstat", "-M", branch, "--"]


def mine(database: Path, *arguments: str) -> list[str]:
    """Let codeshare mine into a database, with the arguments of its command."""
    return [sys.executable, "-m", "codeshare", "--db", str(database), "mine", *arguments]


def warm(repository: Path) -> None:
    """Read a repository's objects once, so that whoever comes first does not wait for the disk alone."""
    objects = Path(git(repository, "rev-parse", "--path-format=absolute", "--git-path", "objects"))
    for path in objects.rglob("*"):
        if path.is_file():
            with path.open("rb") as content:
                while content.read(1 << 20):
                    pass


def machine() -> str:
    """Say in a line what the figures were measured on."""
    version = git(Path.cwd(), "--version").removeprefix("git version ")
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, git {version}"
    )
