"""An empty database kept in the user's cache: copying it is ten times as fast as making its views anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from codeshare.config import cache_folder
from codeshare.errors import OutputError
from codeshare.temporary import placed


def put_empty(path: Path, key: str, make: Callable[[Path], None]) -> bool:
    """Put the empty database at ``path``, where nothing is yet: whole or not at all; whether it is there now.

    Where ``path`` came to be meanwhile, it stays as it is.

    Args:
        key: names the database's content; another key is another database.
        make: makes it, where the cache does not hold it yet, or cannot.

    Raises:
        OutputError: nothing can be written there.
    """
    try:
        with suppress(FileExistsError):
            with placed(path) as made:
                _copy_kept(cache_folder() / "empty" / f"{key}.duckdb", made, make)
            return True
        return False
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}.") from None


def _copy_kept(kept: Path, made: Path, make: Callable[[Path], None]) -> None:
    try:
        if not kept.exists():
            with suppress(FileExistsError), placed(kept) as new:
                make(new)
        shutil.copyfile(kept, made)
    except (OSError, OutputError):
        made.unlink(missing_ok=True)
        make(made)
