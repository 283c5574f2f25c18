"""Small real git repositories made in code, with a fixed clock."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday
ANN = "Ann Lee <ann@example.org>"
BOB = "Bob Ray <bob@example.org>"
# Without the last, git starts a process after every commit to see whether there is something to tidy up.
SETTINGS = """[core]
	autocrlf = false
	quotePath = false
[commit]
	gpgSign = false
[maintenance]
	auto = false
"""
Content = str | bytes | None
"""What a file becomes; None: it goes."""


class History:
    """A repository that is written commit by commit; each commit is an hour after the one before."""

    def __init__(self, path: Path, *, branch: str = "main", object_format: str = "sha1") -> None:
        self.path = path
        self.branch = branch
        self.now = START
        path.mkdir(parents=True)
        # Without git's samples of hooks, which are most of what it would write.
        self.git(
            "init", "--quiet", "--template=", f"--initial-branch={branch}", f"--object-format={object_format}"
        )
        for folder in ("hooks", "info"):
            (path / ".git" / folder).mkdir()
        with (path / ".git" / "config").open("a", encoding="utf-8") as config:
            config.write(SETTINGS)

    def git(self, *args: str, feed: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
        """Run git here; its output without the last newline."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            input=feed,
            env=clean_environment() | dict(env or {}),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def tick(self, gap: timedelta = timedelta(hours=1)) -> None:
        """Let time pass."""
        self.now += gap

    def write(self, files: Mapping[str, Content]) -> None:
        """Write or remove files, and stage everything."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all", "--force")

    def commit(
        self,
        files: Mapping[str, Content] | None = None,
        message: str = "change",
        *,
        author: str = ANN,
        committer: str | None = None,
        trailers: Sequence[str] = (),
        at: datetime | None = None,
    ) -> str:
        """Commit ``files``; the new id."""
        self.write(files or {})
        text = message + ("\n\n" + "\n".join(trailers) if trailers else "") + "\n"
        self.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-F", "-", feed=text.encode("utf-8", "surrogateescape"), env=self.identity(author, committer, at))  # fmt: skip
        self.tick()
        return self.head()

    def identity(
        self, author: str, committer: str | None = None, at: datetime | None = None
    ) -> dict[str, str]:
        """The environment of a commit by these people at this time."""
        result = {}
        for role, who in (("AUTHOR", author), ("COMMITTER", committer or author)):
            name, _, email = who.partition(" <")
            result |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email.removesuffix(">")}
            result[f"GIT_{role}_DATE"] = f"@{int((at or self.now).timestamp())} +0000"
        return result

    def switch(self, branch: str, *, at: str | None = None) -> None:
        """Go to a branch; a new one where there is none, or begun at ``at``."""
        if at is not None or not self.git("branch", "--list", branch):
            self.git("switch", "--quiet", "--create", branch, *([at] if at else []))
        else:
            self.git("switch", "--quiet", branch)

    def merge(
        self, *branches: str, message: str = "Merge", author: str = ANN, options: Sequence[str] = ()
    ) -> str:
        """Merge branches into the current one with a merge commit; the new id."""
        self.git("merge", "--quiet", "--no-ff", *options, "-m", message, *branches, env=self.identity(author))
        self.tick()
        return self.head()

    def head(self) -> str:
        """The id of the current commit: mostly two files say it, and that a thousand times over all tests."""
        folder = self.path / ".git"
        where = (folder / "HEAD").read_text().strip()
        branch = folder / where.removeprefix("ref: ")
        return branch.read_text().strip() if branch.is_file() else self.git("rev-parse", "HEAD")

    def digest(self) -> str:
        """Another one for each repository of another name or content."""
        found = hashlib.sha256(self.path.name.encode())
        for file in sorted((self.path / ".git").rglob("*")):
            if file.is_file() and file.name != "index" and "logs" not in file.parts:
                found.update(b"%b\0%b\0" % (bytes(file.relative_to(self.path)), file.read_bytes()))
        return found.hexdigest()

    def bare(self, path: Path) -> Path:
        """A bare clone without a remote, so that only the objects and branches are the same."""
        self.git("clone", "--quiet", "--bare", "--no-local", str(self.path), str(path))
        subprocess.run(
            ["git", "-C", str(path), "remote", "remove", "origin"],
            check=True,
            env=clean_environment(),
            capture_output=True,
        )
        return path


def clean_environment() -> dict[str, str]:
    """An environment in which no configuration of the user takes part."""
    kept = {
        key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME")
    }
    return kept | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}
