"""All commits reachable from a tip: order, parents, identities, dates, whole messages."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from subprocess import Popen

from msgspec import Struct

from codeshare.errors import GitError
from codeshare.git.shadow import Shadow, begin_in, last_line, refuse_failed
from codeshare.model import Commit, Identity

_EPOCH = datetime(1970, 1, 1)
_LAST_SECOND = int((datetime(9999, 12, 31, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
# git itself is lenient about identity lines: whatever stands before the first `<` is the name.
_IDENTITY = re.compile(rb"^(.*?<[^>]*)>[^0-9-]*(-?\d+)?")


class Walk(Struct, frozen=True):
    """The graph: ``shas`` parents first; ``parents`` as indexes into ``shas``, those in the walk only.

    A parent that the repository does not hold (a shallow clone's boundary) is in no list.
    """

    shas: list[str]
    parents: list[tuple[int, ...]]
    boundary: frozenset[int]

    @property
    def tip(self) -> int:
        """Index of the newest commit."""
        return len(self.shas) - 1


def walk(shadow: Shadow, tip: str) -> Walk:
    """List every commit reachable from ``tip``, parents before children.

    Raises:
        GitError: a commit object is absent, so the history itself cannot be known; or ``tip`` is no commit.
        CannotKnow: git was ended.
    """
    return begin_walk(shadow, tip)()


def begin_walk(shadow: Shadow, tip: str) -> Callable[[], Walk]:
    """Have git list every commit reachable from ``tip``; what is given waits for that, and raises what `walk` does.

    Raises:
        CannotKnow: there is no git.
    """
    listing = ("rev-list", "--topo-order", "--reverse", "--parents", "--end-of-options", tip, "--")
    wait = begin_in(shadow.path, *listing)

    def listed() -> Walk:
        status, out, err = wait()
        refuse_failed("rev-list", status, err)
        return _walk_of(shadow, tip, out)

    return listed


def _walk_of(shadow: Shadow, tip: str, out: bytes) -> Walk:
    rows = [line.split(" ") for line in out.decode("ascii").split("\n")[:-1]]
    shas = [row[0] for row in rows]
    index = dict(zip(shas, range(len(shas)), strict=True))
    if tip not in index:
        raise GitError(f"what the branch points at, {tip}, is not a commit")
    parents = [tuple([index[parent] for parent in row[1:]]) for row in rows]
    shallow = shadow.path / "shallow"
    cut = shallow.read_text("ascii").split() if shallow.exists() else []
    return Walk(shas, parents, frozenset(index[sha] for sha in cut if sha in index))


def rows_since(shadow: Shadow, old: str, tip: str) -> list[list[str]] | None:
    """What a ``tip`` adds whose first parents lead back to ``old``: each commit's id and its parents'; None where they do not.

    Then git lists what is new after all that was there: a merge's other parents, and what only they reach,
    come before its first parent, so that the old tip is listed once nothing new is left.
    """
    try:
        out = shadow.run("rev-list", "--topo-order", "--reverse", "--parents", "--end-of-options", tip, f"^{old}", "--")  # fmt: skip
    except GitError:  # the old tip is gone
        return None
    rows = [line.split(" ") for line in out.decode("ascii").split("\n")[:-1]]
    first = {row[0]: row[1] for row in rows if len(row) > 1}
    at = tip
    while at in first:
        at = first[at]
    return rows if at == old else None


def read_commits(shadow: Shadow, walked: Walk, since: int = 0) -> Iterator[Commit]:
    """Read the commit objects of a walk, in its order, from ``since`` on."""
    if since == len(walked.shas):
        return
    with tempfile.TemporaryFile() as wanted:
        wanted.write("\n".join(walked.shas[since:]).encode("ascii") + b"\n")
        wanted.seek(0)
        process = shadow.spawn("cat-file", "--batch", "--buffer", stdin=wanted)
        try:
            yield from _commits(process, walked, shadow.object_format, since)
        finally:
            process.kill()
            process.communicate()


def read_commit(shadow: Shadow, sha: str) -> Commit | None:
    """Read one commit object; None where it is absent. Its parents are left out."""
    try:
        raw = shadow.run("cat-file", "commit", sha)
    except GitError:
        return None
    return parse_commit(sha, (), raw)


def _commits(process: Popen[bytes], walked: Walk, object_format: str, since: int) -> Iterator[Commit]:
    assert process.stdout is not None
    assert process.stderr is not None
    shas = walked.shas
    readline, read = process.stdout.readline, process.stdout.read
    digest = getattr(hashlib, object_format)
    for sha, parents in zip(shas[since:], walked.parents[since:], strict=True):
        head = readline().split()
        if len(head) != 3:
            raise GitError(
                f"commit {sha} cannot be read: {last_line(process.stderr.read()) if not head else head[-1].decode()}"
            )
        raw = read(int(head[2]) + 1)[:-1]
        # git believes what an index says, also that another commit's content is this one's.
        if digest(b"commit %d\0%b" % (len(raw), raw)).hexdigest() != sha:
            raise GitError(f"commit {sha} cannot be read: what is stored there is something else")
        yield parse_commit(sha, tuple([shas[i] for i in parents]), raw)


def parse_commit(sha: str, parents: tuple[str, ...], raw: bytes) -> Commit:
    """Turn a commit object's content into a `Commit`; ``parents`` are those of the walk."""
    header, _, body = raw.partition(b"\n\n")
    start = header.find(b"\nauthor ") + 8
    author_line = header[start : header.find(b"\n", start)]
    start = header.find(b"\ncommitter ", start) + 11
    end = header.find(b"\n", start)
    committer_line = header[start : end if end >= 0 else None]
    at = header.find(b"\nencoding ", start)
    encoding = header[at + 10 :].partition(b"\n")[0].decode("ascii", "replace") if at >= 0 else ""
    author, authored_at = who = _identity(author_line, encoding)
    committer, committed_at = who if committer_line == author_line else _identity(committer_line, encoding)
    return Commit(sha, parents, author, committer, authored_at, committed_at, decode(body, encoding))


def decode(raw: bytes, encoding: str = "") -> str:
    """UTF-8, else the declared encoding, else UTF-8 with surrogate escapes."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode(encoding or "utf-8")
    except (ValueError, LookupError):  # no such encoding, or a name with NUL
        return raw.decode("utf-8", "surrogateescape")


def _identity(line: bytes, encoding: str) -> tuple[Identity, datetime]:
    who, _, when = line.rpartition(b"> ")
    try:
        stamp = int(when.partition(b" ")[0])
    except ValueError:
        who, stamp = _lenient(line)
    if not 0 <= stamp <= _LAST_SECOND:
        stamp = min(max(stamp, 0), _LAST_SECOND)
    return _who(who, encoding), _EPOCH + timedelta(0, stamp)


def _lenient(line: bytes) -> tuple[bytes, int]:
    """Name and address, and the time, of a line that is not quite in git's form."""
    match = _IDENTITY.match(line)
    if match is None:
        return line, 0
    return match[1], int(match[2] or 0)


@lru_cache(maxsize=65_536)
def _who(raw: bytes, encoding: str) -> Identity:
    name, _, email = raw.partition(b"<")
    return Identity(decode(name, encoding).strip(), decode(email.rstrip(b">"), encoding).strip())


def identities_by_mailmap(
    shadow: Shadow, identities: Sequence[Identity], mailmap_blob: str | None
) -> list[Identity]:
    """Each identity as git's own mailmap code maps it, in the same order.

    ``mailmap_blob`` is the object id of the tip's ``.mailmap``; None: nothing is mapped. Identities
    that ``git check-mailmap`` cannot take (line breaks, angle brackets, no address) stay as they are.
    """
    if mailmap_blob is None:
        return list(identities)
    takeable = [i for i, identity in enumerate(identities) if _can_be_mapped(identity)]
    lines = [
        f"{identities[i].name} <{identities[i].email}>".encode("utf-8", "surrogateescape") for i in takeable
    ]
    feed = b"".join(line + b"\n" for line in lines)
    out = shadow.run(
        "-c", f"mailmap.blob={mailmap_blob}", "-c", "mailmap.file=", "check-mailmap", "--stdin", feed=feed
    )
    mapped = list(identities)
    for i, line in zip(takeable, out.split(b"\n"), strict=False):
        name, _, email = line.rpartition(b" <")
        if not name and line.startswith(b"<"):
            email = line[1:]
        mapped[i] = Identity(decode(name).strip(), decode(email.removesuffix(b">")).strip())
    return mapped


def _can_be_mapped(identity: Identity) -> bool:
    return bool(identity.email) and not set("\n\0<>") & set(identity.name + identity.email)
