"""What fails around codeshare rather than in it, as one line: the disk, the memory, a damaged database."""

from __future__ import annotations

import errno
from pathlib import Path

from codeshare.errors import CannotKnow, CodeshareError, OutputError

_OF_THE_MACHINE = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE,
)  # fmt: skip


def told(error: Exception) -> CodeshareError | None:
    """The error of ours that it comes to; None where it is a bug, which keeps its traceback."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return CannotKnow(
            "there is too little memory for this. Nothing that was stored is lost: give it more, or take fewer --jobs."
        )
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return OutputError(f"{error.filename or 'a file'}: {error.strerror}.")
    if type(error).__module__.endswith("duckdb"):
        from codeshare.store import failures

        return failures.told(error, Path("the database"))
    return None
