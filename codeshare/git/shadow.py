"""The one door to git.

Every git process of codeshare runs in a bare git directory of our own that borrows the objects of
the analysed repository and nothing else: no configuration, hook, attribute, graft, replacement,
promisor or setting of the repository or the user takes part, and nothing is ever written to the
repository. So a work tree and its bare clone give the same numbers, and a hostile repository has
nothing to run.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO
from weakref import WeakSet

from codeshare.errors import CannotKnow, GitError
from codeshare.git.quoting import quote_c
from codeshare.temporary import OwnFolder

# What changes a diff is pinned: git's own defaults, but never those of a user or of another version.
PINNED = (
    "core.quotePath=false",
    # Both only repeat what objects and packs say, and may be damaged, or lie.
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "diff.algorithm=myers",
    "diff.indentHeuristic=true",
    "diff.renames=true",
    "diff.renameLimit=1000",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.graftFileDeprecated=false",
)
# -M50% and the limit decide which renames exist; all oracles use the same options.
DIFF_OPTIONS = (
    "-r",
    "--root",
    "-M50%",
    "-l1000",
    "--ignore-submodules=all",
    "--no-ext-diff",
    "--no-textconv",
)

BINARY_WITHIN = 8000
"""Bytes at a file's beginning: git calls a file binary that has a NUL among them."""

# What a hook or a surrounding git command may have left in the environment.
_INHERITED = frozenset({
    "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE",
})  # fmt: skip
_NETWORK = {
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_NO_LAZY_FETCH": "1",  # nor by the other side, where that is a folder of this machine
}
_running: WeakSet[subprocess.Popen[bytes]] = WeakSet()
_NO_MEMORY = re.compile(rb"[Oo]ut of memory|Cannot allocate memory")
_log = logging.getLogger(__name__)
_MISSING_GIT = "git is not installed or not on PATH: codeshare needs git 2.30 or later."


def environment(git_dir: Path | None) -> dict[str, str]:
    """The whole environment of a git process: nothing of the user's configuration is in it."""
    kept = {key: value for key in ("TMPDIR", "SYSTEMROOT") if (value := os.environ.get(key))} | _path()
    home = str(git_dir) if git_dir else os.devnull
    closed = {
        "LC_ALL": "C",
        "HOME": home,  # else ~/.config/git/attributes would be read
        "XDG_CONFIG_HOME": home,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        # glibc gives large blocks back to the kernel at once; on git/git that is a sixth of the time.
        "MALLOC_MMAP_THRESHOLD_": "1000000000",
        "MALLOC_TRIM_THRESHOLD_": "1000000000",
        "MALLOC_TOP_PAD_": "67108864",
        # In large pages, where the kernel gives them, a tenth of the page faults are left.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }
    return kept | closed | ({"GIT_DIR": str(git_dir)} if git_dir else {})


def _path() -> dict[str, str]:
    """Where programs are looked for: never in the current directory, whose files may be a stranger's."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return {"PATH": os.pathsep.join(filter(os.path.isabs, folders))}


def enclose() -> None:
    """Give this process the closed environment for good, so that whatever starts git in it starts it so.

    Only for worker processes of our own.
    """
    closed = environment(None) | {"GIT_PYTHON_REFRESH": "quiet"}
    os.environ.clear()
    os.environ.update(closed)


def is_binary(content: bytes) -> bool:
    """Whether git would call a file of this content binary."""
    return b"\0" in content[:BINARY_WITHIN]


class Shadow:
    """A bare git directory that borrows a repository's objects. Use it as a context manager."""

    def __init__(
        self,
        objects: Iterable[Path],
        *,
        object_format: str = "sha1",
        shallow: bytes = b"",
        folder: Path | None = None,
    ) -> None:
        """Make the directory.

        Args:
            objects: object directories to borrow, the repository's own first.
            object_format: ``sha1`` or ``sha256``, as the repository's.
            shallow: content of the repository's ``shallow`` file: commits whose parents are absent.
            folder: where to make it; default: the temporary folder.
        """
        objects = list(objects)
        self._folder = OwnFolder("codeshare-shadow-", ".git", folder)
        self.path = self._folder.path
        self.object_format = object_format
        self.hex_length = 64 if object_format == "sha256" else 40
        (self.path / "objects" / "info").mkdir(parents=True)
        (self.path / "refs").mkdir()
        (self.path / "HEAD").write_bytes(b"ref: refs/heads/none\n")
        lines = [
            b"[core]",
            b"\tbare = true",
            b"\trepositoryFormatVersion = " + (b"1" if self.hex_length == 64 else b"0"),
            b"\tdeltaBaseCacheLimit = %dm" % _delta_bases(objects),
        ]
        if self.hex_length == 64:
            lines += [b"[extensions]", b"\tobjectFormat = sha256"]
        (self.path / "config").write_bytes(b"\n".join(lines) + b"\n")
        (self.path / "objects" / "info" / "alternates").write_bytes(self.alternates(objects))
        if shallow:
            (self.path / "shallow").write_bytes(shallow)

    def clone(self) -> Path:
        """Make a clone with a folder for files, empty, for tools that want one; it goes with the shadow.

        It borrows the same objects and has the same settings as our own git processes. A tool that starts
        git itself needs the environment of `enclose` besides.
        """
        folder = self.path / "clone"
        git_dir = folder / ".git"
        (git_dir / "refs").mkdir(parents=True)
        shutil.copytree(self.path / "objects", git_dir / "objects")
        for name in ("HEAD", "shallow"):
            if (self.path / name).exists():
                shutil.copyfile(self.path / name, git_dir / name)
        config = (self.path / "config").read_text().replace("bare = true", "bare = false")
        pinned = (setting.partition("=") for setting in PINNED)
        lines = (
            f"[{key.partition('.')[0]}]\n\t{key.partition('.')[2]} = {value}\n" for key, _, value in pinned
        )
        (git_dir / "config").write_text(config + "".join(lines))
        return folder

    @staticmethod
    def alternates(objects: Iterable[Path]) -> bytes:
        """What git's file of that name holds for these object directories."""
        return b"".join(quote_c(os.fsencode(path)) + b"\n" for path in objects)

    def __enter__(self) -> Shadow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the directory."""
        self._folder.close()

    def spawn(self, *args: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start git with ``args``; the caller reads ``stdout`` and looks at the exit status."""
        return start(self.path, args, stdin, subprocess.PIPE, subprocess.PIPE)

    def run(self, *args: str, feed: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
        """Run git to its end and return its output.

        Raises:
            GitError: the exit status is not among ``ok``; the message holds git's last line.
        """
        return run_in(self.path, *args, feed=feed, ok=ok)


def pack_bytes(objects: Iterable[Path]) -> int:
    """What the packs of object directories take, bytes."""
    return sum(pack.stat().st_size for folder in objects for pack in folder.glob("pack/*.pack"))


def _delta_bases(objects: Iterable[Path]) -> int:
    """MiB for objects on which others are built, six times what packs take: with more at hand fewer delta chains are undone twice.

    Contents are read version by version, so that in a small repository few are enough; memory has its price, too.
    """
    return max(16, min(6 * pack_bytes(objects) >> 20, 48))


def start(
    git_dir: Path,
    args: Sequence[str],
    stdin: IO[bytes] | int,
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | int,
) -> subprocess.Popen[bytes]:
    """Start git in a shadow git directory given by its path (worker processes have only that)."""
    settings = (*PINNED, "core.deltaBaseCacheLimit=16m") if "--raw" in args else PINNED
    command = ["git", *(part for setting in settings for part in ("-c", setting)), *args]
    _log.debug("git %s", " ".join(args))
    try:
        process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment(git_dir)
        )
    except FileNotFoundError:
        raise CannotKnow(_MISSING_GIT) from None
    _running.add(process)
    return process


def end_running() -> None:
    """Kill what git processes this process has: nobody waits for them any more."""
    ended = list(_running)
    for process in ended:
        process.kill()
    for process in ended:
        process.wait()


def refuse_killed(command: str, status: int, err: bytes) -> None:
    """A git process that was ended, or had no memory, has told less than there is, and nothing about the repository.

    Raises:
        CannotKnow: it was so.
    """
    if status < 0 or _NO_MEMORY.search(err):
        why = "had too little memory" if status >= 0 else f"was ended by a signal ({-status})"
        raise CannotKnow(
            f"git {command} {why}. Nothing is lost: mine again, with fewer --jobs or more memory."
        )


def refuse_failed(command: str, status: int, err: bytes, ok: Sequence[int] = (0,)) -> None:
    """A git process that gave up has told less than there is.

    Raises:
        GitError: the exit status is not among ``ok``; the message holds git's last line.
    """
    if status not in ok:
        raise GitError(f"git {command} ended with status {status}: {last_line(err)}")


Answer = tuple[int, bytes, bytes]
"""Exit status, output, error output."""


def communicate_in(git_dir: Path, *args: str, feed: bytes = b"") -> Answer:
    """Run git to its end whatever its exit status.

    Raises:
        CannotKnow: it was ended by somebody else, or there is none.
    """
    return begin_in(git_dir, *args, feed=feed)()


def begin_in(git_dir: Path, *args: str, feed: bytes = b"") -> Callable[[], Answer]:
    """Start git; what is given must be called, and waits for its end, whatever its exit status.

    Through files in memory, not pipes: git then never waits for its reader, nor the two for turns.

    Raises:
        CannotKnow: there is no git; when called: it was ended by somebody else.
    """
    with ExitStack() as files:
        given, out, err = (files.enter_context(scratch()) for _ in range(3))
        given.write(feed)
        given.seek(0)
        process = start(git_dir, args, given, out, err)
        kept = files.pop_all()

    def wait() -> Answer:
        with kept:
            try:
                status = process.wait()
            except BaseException:
                process.kill()
                raise
            out.seek(0)
            err.seek(0)
            told = err.read()
            refuse_killed(args[0], status, told)
            return status, out.read(), told

    return wait


def ask(git_dir: Path, command: Sequence[str], lines: Sequence[str]) -> Answer:
    """Run a git command over lines of input."""
    if not lines:
        return 0, b"", b""
    return communicate_in(git_dir, *command, feed=b"".join(line.encode("ascii") + b"\n" for line in lines))


def scratch() -> IO[bytes]:
    """A file that exists in memory alone, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("codeshare"), "w+b")
    return tempfile.TemporaryFile()


def run_in(git_dir: Path, *args: str, feed: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
    """Run git in a shadow git directory given by its path and return its output."""
    status, out, err = communicate_in(git_dir, *args, feed=feed)
    refuse_failed(args[0], status, err, ok)
    return out


def clone_bare(url: str, folder: Path) -> None:
    """Clone ``url`` bare into ``folder``, with the user's own git configuration for credentials.

    The only git process that talks to a network, and only when a URL was given. Transports that
    run commands (``ext::``) stay shut, no template brings hooks, and tags and branches come whole.
    """
    command = ["git", "-c", "core.hooksPath=/dev/null"]
    command += ["clone", "--quiet", "--bare", "--template=", "--no-local", "--", url, str(folder)]
    _plain(command, f"{without_credentials(url)}: cannot be cloned")


def fetch_bare(folder: Path) -> None:
    """Bring a clone made by `clone_bare` up to date: branches, tags, records of lines; forced pushes included."""
    command = ["git", "--git-dir", str(folder), "-c", "core.hooksPath=/dev/null"]
    command += [
        "fetch",
        "--quiet",
        "--prune",
        "origin",
        "+refs/heads/*:refs/heads/*",
        "+refs/tags/*:refs/tags/*",
        # With a star: a ref that is named and is not there would be an error.
        "+refs/notes/ai*:refs/notes/ai*",
        "+refs/ai/authorship/*:refs/ai/authorship/*",
    ]
    _plain(command, f"{folder.name}: cannot be brought up to date")


def init_bare(folder: Path, object_format: str, objects: Iterable[Path]) -> None:
    """Make an empty bare repository that borrows objects."""
    command = ["git", "init", "--quiet", "--bare", "--template=", f"--object-format={object_format}"]
    _plain([*command, str(folder)], f"{folder}: cannot be made")
    (folder / "objects" / "info").mkdir(exist_ok=True)
    (folder / "objects" / "info" / "alternates").write_bytes(Shadow.alternates(objects))


def fetch_request_refs(folder: Path, url: str, have: str | None = None) -> None:
    """Fetch the heads of pull and merge requests of ``url`` into a bare repository of our own.

    Args:
        have: a commit whose history it borrows, so that this need not come again.
    """
    # Else git would run in the repository from which objects are borrowed, to list its refs.
    command = ["git", "--git-dir", str(folder), "-c", "core.hooksPath=/dev/null", "-c", "core.alternateRefsCommand=true"]  # fmt: skip
    what = f"{without_credentials(url)}: its requests cannot be fetched"
    if have:
        _plain([*command, "update-ref", "refs/codeshare/have", have], what)
    refs = ("pull", "merge-requests")
    wanted = [f"+refs/{name}/*/head:refs/{name}/*/head" for name in refs]
    _plain([*command, "fetch", "--quiet", "--no-tags", "--prune", "--no-write-fetch-head", "--", url, *wanted], what)  # fmt: skip


def without_credentials(url: str) -> str:
    """The URL without user name and password."""
    return re.sub(r"^([\w+.-]+://)[^/]*@", r"\1", url)


def _plain(command: list[str], what: str) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in _INHERITED}
    _log.info("%s", " ".join(map(without_credentials, command)))
    try:
        done = subprocess.run(command, env=kept | _path() | _NETWORK, capture_output=True, check=False)
    except FileNotFoundError:
        raise CannotKnow(_MISSING_GIT) from None
    if done.returncode:
        # Of a remote that is not there git says so first, and then what one may look at.
        fatal = [line for line in done.stderr.splitlines() if line.startswith(b"fatal: ")]
        raise GitError(f"{what}: {last_line(fatal[0] if fatal else done.stderr)}")


def last_line(err: bytes) -> str:
    """git's reason for giving up, without its ``fatal:``."""
    lines = [line for line in err.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "it gave no reason"


def git_version() -> str:
    """``2.39.5``, say."""
    return (
        run_in(Path(os.devnull).parent, "version")
        .decode("ascii", "replace")
        .removeprefix("git version ")
        .strip()
    )
