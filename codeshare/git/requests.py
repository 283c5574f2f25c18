"""The heads of pull and merge requests: refs that still hold what a squash left behind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from codeshare.config import file_name
from codeshare.errors import GitError
from codeshare.git.refs import Refs
from codeshare.git.remotes import parse_remote
from codeshare.git.shadow import Shadow, communicate_in, fetch_request_refs, init_bare

# Where forges keep them, and where clones that fetch them put them.
_PREFIXES = (
    "refs/pull/",
    "refs/merge-requests/",
    "refs/remotes/origin/pull/",
    "refs/remotes/origin/pr/",
    "refs/remotes/origin/merge-requests/",
)
_NUMBER = re.compile(r"(\d{1,9})(?:/head)?\Z")

Heads = tuple[tuple[int, str], ...]
"""Number of each request and the id of its last commit, by number."""


def request_heads(refs: Refs) -> Heads:
    """The head of every request that has a ref; the merge that a forge tries out (``/merge``) is none."""
    found: dict[int, str] = {}
    for prefix in _PREFIXES:
        for name, sha in refs.under(prefix).items():
            if match := _NUMBER.match(name, len(prefix)):
                found.setdefault(int(match[1]), sha)
    return tuple(sorted(found.items()))


def requests_folder(url: str, cache: Path) -> Path:
    """Where the requests of the repository at ``url`` are kept, once they were fetched."""
    return cache / "requests" / f"{file_name(parse_remote(url).name, url)}.git"


def fetch_requests(
    url: str, folder: Path, *, objects: Sequence[Path], tip: str, object_format: str = "sha1"
) -> int:
    """Fetch the heads of all requests of ``url`` into a bare repository of our own; how many there are.

    Args:
        objects: object directories to borrow, so that only what the requests add comes over the wire;
            none where they lack objects themselves.
        tip: the commit up to which those have everything.

    Raises:
        GitError: it cannot be fetched.
    """
    if folder.exists() and not _borrows(folder, objects):
        shutil.rmtree(folder)  # what it borrowed from has moved
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        init_bare(folder, object_format, objects)
    fetch_request_refs(folder, url, tip if objects else None)
    return len(request_heads(Refs(folder, folder)))


def _borrows(folder: Path, objects: Sequence[Path]) -> bool:
    file = folder / "objects" / "info" / "alternates"
    return (file.read_bytes() if file.is_file() else b"") == Shadow.alternates(objects)


def absent_commits(shadow: Shadow, shas: Iterable[str]) -> set[str]:
    """Which of these ids are no commits that can be read."""
    wanted = sorted(set(shas))
    feed = b"".join(sha.encode("ascii") + b"\n" for sha in wanted)
    _, out, _ = communicate_in(shadow.path, "cat-file", "--batch-check", "--buffer", feed=feed)
    present = {fields[0].decode("ascii") for line in out.split(b"\n") if (fields := line.split(b" "))[1:2] == [b"commit"]}  # fmt: skip
    return set(wanted) - present


def trees_of(shadow: Shadow, shas: Sequence[str]) -> Iterator[bytes]:
    """The id of each commit's tree, in order; empty where it cannot be told."""
    feed = b"".join(sha.encode("ascii") + b"^{tree}\n" for sha in shas)
    _, out, _ = communicate_in(
        shadow.path, "cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer", feed=feed
    )
    for line in out.split(b"\n")[:-1]:
        name, _, kind = line.partition(b" ")
        yield name if kind == b"tree" else b""


def list_aside(
    shadow: Shadow, heads: Sequence[str], tip: str, since: date
) -> tuple[list[tuple[str, ...]], set[str]]:
    """Commits reachable from ``heads`` and not from ``tip``, parents first, each with its parents' ids.

    Args:
        since: older ones are left out.

    Returns:
        The rows (commit, parent, …), and the heads that lead to objects that are absent.
    """
    feed = b"".join(sha.encode("ascii") + b"\n" for sha in (*heads, f"^{tip}"))
    if not heads:
        return [], set()
    try:
        out = shadow.run(
            "rev-list", "--topo-order", "--reverse", "--parents", f"--since={since}T00:00:00Z", "--stdin", feed=feed
        )  # fmt: skip
    except GitError:
        if len(heads) == 1:
            return [], set(heads)
        half = len(heads) // 2
        first, broken = list_aside(shadow, heads[:half], tip, since)
        second, more = list_aside(shadow, heads[half:], tip, since)
        known = {row[0] for row in first}
        return [*first, *(row for row in second if row[0] not in known)], broken | more
    return [tuple(line.split(" ")) for line in out.decode("ascii").split("\n")[:-1]], set()
