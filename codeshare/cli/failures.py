"""What fails around codeshare rather than in it, as one line: the disk, the memory, a damaged database."""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

from codeshare.errors import CannotKnow, CodeshareError, OutputError, ScopeError

_OF_THE_MACHINE = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE,
)  # fmt: skip
# A library that cannot be loaded, a process or a thread that cannot be started.
_NO_MEMORY = re.compile("failed to map segment|[Cc]annot allocate memory|can't start new thread")


def told(error: Exception) -> CodeshareError | None:
    """The error of ours that it comes to; None where it is a bug, which keeps its traceback."""
    if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):
        return CannotKnow(
            "there is too little memory for this. Nothing that was stored is lost: give it more, or take fewer --jobs."
        )
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return OutputError(f"{error.filename or 'a file'}: {error.strerror}.")
    if "surrogate" in str(error) and (word := next(filter(_is_bytes, sys.argv), None)):
        return ScopeError(f"{word!r} is not UTF-8: nothing in the database is called so.")
    if type(error).__module__.endswith("duckdb"):
        from codeshare.store import failures

        return failures.told(error, Path("the database"))
    return None


def _is_bytes(word: str) -> bool:
    """Whether a word of the command line has bytes in it that are no text."""
    return any("\ud800" <= char <= "\udfff" for char in word)
