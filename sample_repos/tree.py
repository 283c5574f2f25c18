"""The files of a repository as they are now, and changes to them that numstat counts exactly.

One commit makes at most one change to a file: it inserts whole blocks, inserts into, replaces or removes
a part of a block's core, removes a block, creates, renames or deletes the file. Each shows as one hunk.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sample_repos.languages import Block, Language


@dataclass(slots=True)
class Run:
    """Consecutive new lines with one writer."""

    count: int
    writer: str
    landed: bool = True


@dataclass(slots=True, eq=False)
class Edit:
    """What a commit did to one file; ``start`` is 1-based in the file as the commit left it."""

    path: str
    file_class: str
    start: int = 0
    runs: list[Run] = field(default_factory=list)
    deleted: int = 0
    old_path: str | None = None
    removed: bool = False
    block: Block | None = None
    content: bytes | None = None

    @property
    def added(self) -> int:
        """Lines added, as numstat counts them."""
        return sum(run.count for run in self.runs)


@dataclass(slots=True, eq=False)
class SourceFile:
    """A text file; ``touched`` is the landing that last changed it, ``item`` the work that did."""

    path: str
    file_class: str
    language: Language
    blocks: list[Block]
    kind: str = ""
    touched: int = 0
    item: int = -1
    lines: int = 0

    def render(self) -> bytes:
        """Return the file's bytes."""
        text = "\n".join(["\n".join(block.lines) for block in self.blocks if block.lines])
        return (text + "\n").encode()


class Tree:
    """The text files of a repository by path, and lists of them by sort, for drawing."""

    def __init__(self) -> None:
        """Start empty."""
        self.files: dict[str, SourceFile] = {}
        self.by_kind: dict[str, list[SourceFile]] = {}
        self.lines = 0
        self.used: set[str] = set()

    def create(self, file: SourceFile, writer: str) -> Edit:
        """Add a new file, all of whose lines are new; without a kind it is kept from ordinary work."""
        count = sum(len(block.lines) for block in file.blocks)
        file.lines = count
        self.lines += count
        self.files[file.path] = file
        self.used.add(file.path)
        if file.kind:
            self.by_kind.setdefault(file.kind, []).append(file)
        return Edit(file.path, file.file_class, 1, [Run(count, writer)])

    def insert(self, file: SourceFile, at: int, blocks: list[Block], writer: str) -> Edit:
        """Insert whole blocks before the block number ``at`` (1 or more, so that the header stays first)."""
        start = 1 + sum(len(block.lines) for block in file.blocks[:at])
        count = sum(len(block.lines) for block in blocks)
        file.blocks[at:at] = blocks
        self._grow(file, count)
        return Edit(file.path, file.file_class, start, [Run(count, writer)], block=blocks[0])

    def replace(self, file: SourceFile, at: int, offset: int, old: int, new: list[str], writer: str) -> Edit:
        """Replace ``old`` lines of a block's core, from ``offset`` on, by new ones; either may be none."""
        block = file.blocks[at]
        first = block.core + offset
        start = 1 + sum(len(b.lines) for b in file.blocks[:at]) + first
        block.lines[first : first + old] = new
        block.size += len(new) - old
        self._grow(file, len(new) - old)
        runs = [Run(len(new), writer)] if new else []
        return Edit(file.path, file.file_class, start, runs, deleted=old)

    def remove_block(self, file: SourceFile, at: int) -> Edit:
        """Remove a whole block."""
        gone = len(file.blocks.pop(at).lines)
        self._grow(file, -gone)
        return Edit(file.path, file.file_class, deleted=gone)

    def delete(self, file: SourceFile) -> Edit:
        """Delete the file."""
        self.lines -= file.lines
        del self.files[file.path]
        self.hide(file)
        return Edit(file.path, file.file_class, deleted=file.lines, removed=True)

    def hide(self, file: SourceFile) -> None:
        """Keep a file from ordinary work."""
        if file in self.by_kind.get(file.kind, ()):
            self.by_kind[file.kind].remove(file)

    def show(self, file: SourceFile, at: int) -> None:
        """Let ordinary work edit a file again."""
        self.by_kind[file.kind].insert(at, file)

    def rename(self, file: SourceFile, path: str) -> str:
        """Give the file another path; return the old one."""
        old, file.path = file.path, path
        del self.files[old]
        self.files[path] = file
        self.used.add(path)
        return old

    def _grow(self, file: SourceFile, lines: int) -> None:
        file.lines += lines
        self.lines += lines
