"""One `git fast-import` process a repository; the generator only writes to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

Content = bytes | int | None


class GitFailed(Exception):
    """A git process ended with an error."""


def environment() -> dict[str, str]:
    """Return an environment in which no setting of the user or the system reaches git."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return clean | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C", "TZ": "UTC"}


def git(folder: Path, *arguments: str, text: str | None = None) -> str:
    """Run git in a repository and return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=environment(),
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise GitFailed(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


class Importer:
    """Writes commits into a new bare repository."""

    def __init__(self, folder: Path, branch: str) -> None:
        """Create the repository and start the process."""
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--bare", f"--initial-branch={branch}", ".")
        self.folder = folder
        self.mark = 0
        self.marks = folder / "sample.marks"
        options = ["-c", "pack.compression=1", "-c", "core.compression=1", "-c", "fastimport.unpackLimit=0"]
        command = ["git", "-C", str(folder), *options, "fast-import", "--quiet", "--depth=10"]
        self.process = subprocess.Popen(
            [*command, f"--export-marks={self.marks}"],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout

    def blob(self, content: bytes) -> int:
        """Store a blob; return its mark."""
        self.mark += 1
        self._write(b"blob\nmark :%d\ndata %d\n%b\n" % (self.mark, len(content), content))
        return self.mark

    def commit(
        self,
        ref: str,
        author: tuple[str, int, str],
        committer: tuple[str, int, str],
        message: str,
        parents: Iterable[int],
        files: Iterable[tuple[str, Content]],
        root_tree: str | None = None,
    ) -> int:
        """Store a commit; return its mark.

        Args:
            ref: what to move; where its tip is not the first parent, it is set there first.
            author: identity, Unix time, time zone.
            committer: as ``author``.
            message: the whole message.
            parents: marks; without any the commit is a root.
            files: path and bytes, or the mark of a blob, or None to delete.
            root_tree: a tree to start from in place of the first parent's.
        """
        self.mark += 1
        text = message.rstrip("\n").encode() + b"\n"
        head = f"commit {ref}\nmark :{self.mark}\nauthor {_stamp(author)}\ncommitter {_stamp(committer)}\n"
        parts = [head.encode(), b"data %d\n%b" % (len(text), text)]
        word = b"from"
        for parent in parents:
            parts.append(b"%b :%d\n" % (word, parent))
            word = b"merge"
        if root_tree:
            parts.append(f'M 040000 {root_tree} ""\n'.encode())
        for path, content in files:
            if content is None:
                parts.append(f"D {path}\n".encode())
            elif isinstance(content, int):
                parts.append(f"M 100644 :{content} {path}\n".encode())
            else:
                parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
        self._write(b"".join(parts) + b"\n")
        return self.mark

    def orphan(self, ref: str) -> None:
        """Let the next commit on ``ref`` be a root."""
        self._write(f"reset {ref}\n\n".encode())

    def sha(self, mark: int) -> str:
        """Return the id of a commit already stored."""
        return self._ask(f"get-mark :{mark}\n")

    def tree(self, mark: int) -> str:
        """Return the id of a commit's root tree."""
        return self._ask(f'ls :{mark} ""\n').split()[2]

    def reset(self, ref: str, mark: int) -> None:
        """Point a ref at a commit."""
        self._write(f"reset {ref}\nfrom :{mark}\n\n".encode())

    def finish(self, scratch: Iterable[str]) -> dict[int, str]:
        """End the import, delete scratch refs; return the ids by mark."""
        self._in.close()
        self._out.close()
        if self.process.wait():
            raise GitFailed(f"git fast-import ended with status {self.process.returncode} in {self.folder}")
        with self.marks.open(encoding="ascii") as lines:
            ids = {int(mark[1:]): sha for mark, sha in map(str.split, lines)}
        self.marks.unlink()
        git(self.folder, "update-ref", "--stdin", text="".join(f"delete {ref}\n" for ref in scratch))
        git(self.folder, "pack-refs", "--all")
        return ids

    def _ask(self, question: str) -> str:
        self._write(question.encode())
        self._in.flush()
        return self._out.readline().decode("ascii").strip()

    def _write(self, data: bytes) -> None:
        try:
            self._in.write(data)
        except BrokenPipeError:
            raise GitFailed(f"git fast-import ended early in {self.folder}") from None


def _stamp(who: tuple[str, int, str]) -> str:
    return f"{who[0]} {who[1]} {who[2]}"
