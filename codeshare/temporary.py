"""Folders that are gone after use, where a process was killed as soon as the next one makes its own; files put in place whole."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeshare.errors import OutputError


class OwnFolder:
    """A new folder, locked as long as this process lives. Close it after use."""

    def __init__(self, prefix: str, suffix: str = "", inside: Path | None = None) -> None:
        """Make the folder, and remove those of that name that nobody holds any more.

        Args:
            prefix: begins its name, and that of no other folder.
            suffix: ends its name.
            inside: where to make it; default: the temporary folder.
        """
        place = inside or Path(tempfile.gettempdir())
        for left in place.glob(f"{glob.escape(prefix)}*{glob.escape(suffix)}"):
            _remove_unheld(left)
        self.path = Path(tempfile.mkdtemp(suffix, prefix, place))
        self._lock = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A place next to ``path`` where a file is made, which is then moved there: whole or not at all.

    Raises:
        OutputError: nothing can be written there.
        FileExistsError: ``path`` came to be meanwhile, and stays as it is.
    """
    with _unwritable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = OwnFolder(".codeshare-making-", inside=path.parent)
    try:
        made = folder.path / path.name
        yield made
        with _unwritable(path):
            try:
                os.link(made, path)  # never over another's file
            except PermissionError:  # a file system without links
                os.rename(made, path)
    finally:
        folder.close()


@contextmanager
def _unwritable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}.") from None


def _remove_unheld(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # gone meanwhile, or another user's
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if any(folder.iterdir()):  # else somebody is about to lock it
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass  # in use
    finally:
        os.close(lock)
