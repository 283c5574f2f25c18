"""Trees of our own, for git to compare what no two commits hold: loose objects in the shadow git directory."""

from __future__ import annotations

import hashlib
import os
import zlib
from binascii import unhexlify
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import TracebackType

from codeshare.errors import OutputError

Entry = tuple[bytes, bytes, bytes]
"""Path, mode and blob (hex id) of a file."""

_numbers = count()


class OwnTrees:
    """Makes trees, and takes them away again once git has read them. Use it as a context manager."""

    def __init__(self, git_dir: Path) -> None:
        self._objects = git_dir / "objects"
        # No two requests share a tree, so that none takes away another's.
        self.folder = b"%x.%x/" % (os.getpid(), next(_numbers))
        self._made: list[Path] = []

    def __enter__(self) -> OwnTrees:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self._made:
            path.unlink(missing_ok=True)

    def pair(self, old: Sequence[Entry], new: Sequence[Entry]) -> str:
        """Two trees of these files, as ``diff-tree --stdin`` takes them; at least one of them has some.

        They are flat: `diff-tree` puts paths together and never asks whether a name has a slash. Every path
        begins with `folder`.
        """
        algorithm = "sha1" if len((old or new)[0][2]) == 40 else "sha256"
        return " ".join(self._store(side, algorithm) for side in (old, new))

    def _store(self, files: Sequence[Entry], algorithm: str) -> str:
        entries = b"".join(
            b"%b %b%b\0%b" % (mode, self.folder, path, unhexlify(blob)) for path, mode, blob in sorted(files)
        )
        content = b"tree %d\0%b" % (len(entries), entries)
        name = hashlib.new(algorithm, content).hexdigest()
        if entries:  # git knows the empty tree
            path = self._objects / name[:2] / name[2:]
            try:
                path.parent.mkdir(exist_ok=True)
                self._made.append(path)
                path.write_bytes(zlib.compress(content, 0))
            except OSError as error:
                raise OutputError(
                    f"{self._objects}: cannot be written: {error.strerror}. TMPDIR names another folder for what git needs."
                ) from None
        return name
