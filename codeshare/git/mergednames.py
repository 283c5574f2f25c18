"""Which files merges changed: paths that differ from a parent, and those that differ from every parent."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from codeshare.git.broken import Ask, absent, damaged
from codeshare.git.form import raw_entry, reading
from codeshare.git.pairs import Pairs
from codeshare.git.quoting import unquote_c
from codeshare.git.raw import AS_NAMED, is_file, parse_raw
from codeshare.git.shadow import last_line

Paths = list[tuple[bytes, bytes]]

COMBINED = (*AS_NAMED, "-c")


class MergeToRead(Struct, frozen=True):
    """A merge: index into the walk, its id, that of the parent against which its paths are wanted, the others'."""

    commit: int
    sha: str
    against: str
    others: tuple[str, ...]


class MergedNames(Struct):
    """What merges changed, as far as names and blobs tell.

    ``paths``: per merge (index into the walk) the paths that differ from its first parent, with the
    blob of the merge (hex id; empty: gone, or no file). ``broken``: merges whose lines git cannot
    compute, with git's words. Per file that differs from every parent: ``commit`` (index into the walk),
    ``path``, ``blob`` (as above), ``old_blobs`` and ``old_paths`` (its blob and path in each parent;
    empty, None: it has none there). ``file_pair``: file, parent, number of the pair of blobs.
    """

    paths: dict[int, Paths] = field(default_factory=dict)
    broken: list[tuple[int, str]] = field(default_factory=list)
    commit: list[int] = field(default_factory=list)
    path: list[bytes] = field(default_factory=list)
    blob: list[bytes] = field(default_factory=list)
    old_blobs: list[tuple[bytes, ...]] = field(default_factory=list)
    old_paths: list[tuple[bytes | None, ...]] = field(default_factory=list)
    file_pair: list[tuple[int, int, int]] = field(default_factory=list)

    def read(self, out: bytes, merges: Sequence[MergeToRead]) -> None:
        """Take in what `COMBINED` printed for merges.

        Raises:
            GitError: it has another form.
        """
        waiting = iter(merges)
        commit = -1
        with reading("diff-tree -c"):
            for line in filter(None, out.split(b"\n")):
                if line.startswith(b":"):
                    self._add(line, commit)
                    continue
                merge = next(waiting, None)
                if merge is None or line != merge.sha.encode("ascii"):
                    raise ValueError("a merge that was not asked for")
                commit = merge.commit

    def _add(self, line: bytes, commit: int) -> None:
        entry = raw_entry(line)
        if commit < 0:
            raise ValueError("a raw entry of no merge")
        path = unquote_c(entry.names[-1])
        held = [blob if is_file(mode) else b"" for mode, blob in zip(entry.modes, entry.ids, strict=True)]
        self.commit.append(commit)
        self.path.append(path)
        self.blob.append(held[-1])
        self.old_blobs.append(tuple(held[:-1]))
        self.old_paths.append(tuple(path if blob else None for blob in held[:-1]))

    def add_to(self, pairs: Pairs) -> None:
        """Have each file compared with what each parent has in its place."""
        self.file_pair = [
            (file, parent, pairs.add(path, old, new))
            for file, (path, olds, new) in enumerate(zip(self.path, self.old_blobs, self.blob, strict=True))
            if new
            for parent, old in enumerate(olds)
            if old != new
        ]

    def leave_out_unreadable(self, once: Ask) -> None:
        """Leave out the files that git cannot read in the merge or a parent; their merges are ``broken``."""
        needs = [
            {blob, *olds} - {b""} if blob else set[bytes]()
            for blob, olds in zip(self.blob, self.old_blobs, strict=True)
        ]
        needed = frozenset[bytes]().union(*needs)
        lost = absent(once, needed) or damaged(once, needed)
        for commit, blobs in zip(self.commit, needs, strict=True):
            for blob in sorted(blobs & lost)[:1]:
                if all(commit != known for known, _ in self.broken):
                    self.broken.append((commit, f"unable to read {blob.decode('ascii')}"))
        kept = [k for k, blobs in enumerate(needs) if not blobs & lost]
        for name in ("commit", "path", "blob", "old_blobs", "old_paths"):
            setattr(self, name, [getattr(self, name)[k] for k in kept])


def read_names(merges: Sequence[MergeToRead], ask: Ask) -> MergedNames:
    """Read what a chunk's merges changed; git needs no content for it."""
    names = MergedNames()
    names.paths, names.broken = read_paths(merges, ask)
    readable = [merge for merge in merges if merge.commit in names.paths]
    while readable:
        status, out, _ = ask(COMBINED, [merge.sha for merge in readable])
        if not status:
            names.read(out, readable)
            break
        # A parent's tree is absent: those that can be read are.
        alone = [(merge, *ask(COMBINED, [merge.sha])) for merge in readable]
        names.broken += [(merge.commit, last_line(err)) for merge, status, _, err in alone if status]
        readable = [merge for merge, status, _, _ in alone if not status]
    return names


def read_paths(merges: Sequence[MergeToRead], ask: Ask) -> tuple[dict[int, Paths], list[tuple[int, str]]]:
    """The paths in which merges differ from the parent named, by index; and the merges that git cannot read."""
    status, out, err = ask(AS_NAMED, [f"{merge.sha} {merge.against}" for merge in merges])
    if status and len(merges) > 1:  # a tree is absent: one by one
        each = [read_paths([merge], ask) for merge in merges]
        return {i: rows for paths, _ in each for i, rows in paths.items()}, [
            one for _, broken in each for one in broken
        ]
    if status:
        return {}, [(merges[0].commit, last_line(err))]
    paths: dict[int, Paths] = {}
    files = parse_raw(out, [merge.commit for merge in merges], [merge.sha for merge in merges])
    for commit in files.done:
        paths[commit] = []
    for commit, path, blob in zip(files.commit, files.path, files.new, strict=True):
        paths[commit].append((path, blob))
    return paths, []
