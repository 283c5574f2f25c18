"""A range of commits, as a request or a push has it: what its head reaches and its base does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from codeshare.errors import CannotKnow, GitError, NoSuchRevision
from codeshare.git.history import Walk
from codeshare.git.repository import Repository, commit_at
from codeshare.git.shadow import Shadow

_ZEROS = re.compile(r"0{40}(?:0{24})?")
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
FETCH = "Fetch the whole history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` in GitLab, else `git fetch --unshallow`"


class Range(Struct, frozen=True):
    """``base`` and ``head`` are commit ids; ``text`` is how it was written."""

    text: str
    base: str
    head: str

    def __str__(self) -> str:
        """Short, for people."""
        return f"{self.base[:12]}..{self.head[:12]}"


def split_range(text: str) -> tuple[str, str]:
    """``BASE..HEAD``, or ``BASE...HEAD``, which here means the same; HEAD where the second is left out.

    Raises:
        ValueError: it is neither.
    """
    base, dots, head = text.partition("...") if "..." in text else text.partition("..")
    if not dots or not base or head.startswith(".") or ".." in head:
        raise ValueError(text)
    return base, head or "HEAD"


def find_range(repository: Repository, shadow: Shadow, base: str, head: str, default: str | None) -> Range:
    """Find the two ends.

    Args:
        base: a branch, tag or commit; all zeros, as forges have it for a new branch: where ``head`` left ``default``.
        head: likewise.
        default: commit at the tip of the default branch, where that is known.

    Raises:
        CannotKnow: one of them is not here, and a deeper or wider fetch would bring it.
        NoSuchRevision: one of them is nothing that the repository could have.
    """
    text = f"{base}..{head}"
    if _ZEROS.fullmatch(head):
        raise CannotKnow(f"{text}: the branch was deleted, so it adds nothing. Leave such a push out.")
    last = end_of(repository, shadow, head)
    if not _ZEROS.fullmatch(base):
        return Range(text, end_of(repository, shadow, base), last)
    if default is None:
        raise CannotKnow(
            f"{text}: the branch is new, and where it began is unknown, since the default branch is. "
            "Name it: `--range origin/main..HEAD`, or run `git remote set-head origin --auto` before."
        )
    status_or_base = shadow.run("merge-base", default, last, ok=(0, 1)).decode("ascii").split()
    if not status_or_base:
        raise CannotKnow(
            f"{text}: the branch is new, and here it shares no commit with the default one. {FETCH}."
        )
    return Range(text, status_or_base[0], last)


def end_of(repository: Repository, shadow: Shadow, name: str) -> str:
    """The commit that one end of a range names.

    Raises:
        CannotKnow, NoSuchRevision: as `find_range`.
    """
    try:
        return commit_at(repository, shadow, name)
    except NoSuchRevision:
        if repository.is_shallow:
            raise CannotKnow(f"{name}: not in this shallow clone. {FETCH}.") from None
        if _ID.fullmatch(name):
            raise CannotKnow(
                f"{name}: this commit is not here; after a forced push it may be gone. Fetch it with `git fetch origin {name}`, "
                "or name another base."
            ) from None
        if name.startswith(("origin/", "refs/remotes/")):
            raise CannotKnow(
                f"{name}: this branch was not fetched. {FETCH}, or `git fetch origin {name.rpartition('origin/')[2]}`."
            ) from None
        raise


def commits_of(shadow: Shadow, span: Range) -> list[str]:
    """Ids of the commits of a range, newest first."""
    return shadow.run("rev-list", f"^{span.base}", span.head, "--").decode("ascii").split()


def walk_range(repository: Repository, shadow: Shadow, span: Range) -> tuple[Walk, int]:
    """The commits of a range, parents first, behind those of their parents that it leaves out; how many these are.

    Those on the edge have no parents in the walk, and are its boundary.

    Raises:
        CannotKnow: the range is empty, or the clone is cut off within it, so what it adds cannot be told.
    """
    try:
        out = shadow.run(
            "rev-list", "--topo-order", "--reverse", "--parents", f"^{span.base}", span.head, "--"
        )
    except GitError as error:
        raise CannotKnow(f"{span.text}: its commits cannot be listed: {error}. {FETCH}.") from None
    rows = [line.split(" ") for line in out.decode("ascii").split("\n")[:-1]]
    if not rows:
        raise CannotKnow(
            f"{span.text}: no commit is reachable from the second and not from the first, so nothing is added. "
            "Write the base first, then the head."
        )
    inside = {row[0] for row in rows}
    _refuse_cut(repository, shadow, span, inside)
    edge = sorted({parent for row in rows for parent in row[1:]} - inside)
    shas = [*edge, *(row[0] for row in rows)]
    index = {sha: i for i, sha in enumerate(shas)}
    parents: list[tuple[int, ...]] = [()] * len(edge)
    parents += [tuple(index[parent] for parent in row[1:]) for row in rows]
    return Walk(shas, parents, frozenset(range(len(edge)))), len(edge)


def _refuse_cut(repository: Repository, shadow: Shadow, span: Range, inside: set[str]) -> None:
    """A shallow clone answers only where it holds every commit of the range with its parents."""
    cut = set(repository.shallow.decode("ascii", "replace").split())
    if cut & inside:
        raise CannotKnow(
            f"{span.text}: this clone is cut off within the range, so what it adds cannot be told. {FETCH}."
        )
    # A commit that the base reaches only past the cut looks as if the range added it.
    if cut and _true_parents(shadow, cut) & inside:
        raise CannotKnow(f"{span.text}: this clone is cut off between the range and its base. {FETCH}.")


def _true_parents(shadow: Shadow, shas: set[str]) -> set[str]:
    """The parents that the commits themselves name, whatever the clone says of them."""
    wanted = "".join(f"{sha}\n" for sha in sorted(shas)).encode("ascii")
    out = shadow.run("cat-file", "--batch", "--buffer", feed=wanted)
    return {match.decode("ascii") for match in re.findall(rb"^parent ([0-9a-f]+)$", out, re.MULTILINE)}


def changed_paths(shadow: Shadow, span: Range) -> list[bytes]:
    """Paths whose file at the head is neither the base's nor that of where the two parted: what the range changed.

    A file that only the base changed since is none.
    """
    since_base = _differing(shadow, span.base, span.head)
    try:
        parted = shadow.run("merge-base", span.base, span.head, ok=(0, 1)).decode("ascii").split()
    except GitError:
        parted = []
    if not parted or parted[0] == span.base:
        return sorted(since_base)
    return sorted(since_base & _differing(shadow, parted[0], span.head))


def _differing(shadow: Shadow, old: str, new: str) -> set[bytes]:
    command: Sequence[str] = (
        "diff-tree",
        "-r",
        "-z",
        "--name-only",
        "--no-renames",
        "--ignore-submodules=all",
    )
    try:
        return set(shadow.run(*command, old, new, "--").split(b"\0")[:-1])
    except GitError as error:
        raise CannotKnow(
            f"{old[:12]}..{new[:12]}: what differs cannot be told: {error}. Fetch what a partial clone left out with "
            "`git fetch --refetch --no-filter`."
        ) from None
