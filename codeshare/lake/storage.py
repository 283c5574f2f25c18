"""Where a lake lies: a folder, or whatever fsspec reaches (``s3://``, ``gs://``).

A file is there whole or not at all. Steps that fail are tried again: storage does fail.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from codeshare.errors import CannotKnow, OutputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

TRIES = 4
PAUSE = 0.5  # seconds before the second try, then twice as long each time


class Stored(Struct, frozen=True):
    """A file: its name in the storage, when it was written (seconds since 1970), its bytes."""

    name: str
    written: float
    size: int


class Storage(ABC):
    """Files by name; ``url`` is what the user called it."""

    url: str

    @abstractmethod
    def names(self, folder: str) -> list[Stored]:
        """The files below a folder; none where it is not there."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """A file's content."""

    @abstractmethod
    def put(self, files: Mapping[str, Path]) -> None:
        """Store local files under these names, in the place of what is there."""

    @abstractmethod
    def create(self, name: str, content: bytes) -> None:
        """Store a file that is not there yet.

        Raises:
            FileExistsError: somebody else's is.
        """

    @abstractmethod
    def remove(self, names: Iterable[str]) -> None:
        """Remove files that may be gone already."""

    @abstractmethod
    def near(self, names: Iterable[str], folder: Path) -> Folder:
        """A storage on this machine that has these files: ``folder``, where they are copied if need be."""

    @abstractmethod
    def readable(self, connection: DuckDBPyConnection, names: Iterable[str]) -> list[str]:
        """The same files as DuckDB reads them where they are."""


class Folder(Storage):
    """A folder that every process that takes part can see."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()  # others may work elsewhere
        self.url = str(self.path)

    def names(self, folder: str) -> list[Stored]:  # noqa: D102
        found = []
        for file in (self.path / folder).rglob("*"):
            if file.is_file():
                stat = file.stat()
                found.append(Stored(file.relative_to(self.path).as_posix(), stat.st_mtime, stat.st_size))
        return found

    def read(self, name: str) -> bytes:  # noqa: D102
        return (self.path / name).read_bytes()

    def put(self, files: Mapping[str, Path]) -> None:  # noqa: D102
        for name, source in files.items():
            part = self._part(name)
            shutil.copyfile(source, part)
            os.replace(part, self.path / name)

    def create(self, name: str, content: bytes) -> None:  # noqa: D102
        part = self._part(name)
        part.write_bytes(content)
        try:
            os.link(part, self.path / name)
        finally:
            part.unlink()

    def remove(self, names: Iterable[str]) -> None:  # noqa: D102
        for name in names:
            (self.path / name).unlink(missing_ok=True)

    def near(self, names: Iterable[str], folder: Path) -> Folder:  # noqa: D102
        return self

    def readable(self, connection: DuckDBPyConnection, names: Iterable[str]) -> list[str]:  # noqa: D102
        return [str(self.path / name) for name in names]

    def _part(self, name: str) -> Path:
        """A temporary name beside the file's own."""
        target = self.path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{target.parent}: cannot be made: {error.strerror}.") from None
        return target.with_name(f".{uuid.uuid4().hex}.part")  # not mkstemp's: others are to read it


class Remote(Storage):
    """What fsspec reaches; its own settings and variables of the environment say how."""

    def __init__(self, url: str) -> None:
        """Find the file system of a URL.

        Raises:
            CannotKnow: what it takes is not installed.
        """
        try:
            from fsspec.core import url_to_fs

            self._fs, self._root = url_to_fs(url)
        except ImportError as error:
            raise CannotKnow(
                f"{url}: cannot be reached: {error}. Install it with `pip install '.[cluster]'` in a checkout of codeshare."
            ) from None
        except ValueError as error:
            raise OutputError(f"{url}: no storage that is known: {error}.") from None
        self.url = url
        self._scheme = url.partition("://")[0]

    def names(self, folder: str) -> list[Stored]:  # noqa: D102
        self._fs.invalidate_cache()
        details = self._again(lambda: self._fs.find(self._path(folder), detail=True))
        return [
            Stored(path.removeprefix(f"{self._root}/"), _moment(each), int(each["size"]))
            for path, each in details.items()
        ]

    def read(self, name: str) -> bytes:  # noqa: D102
        return bytes(self._again(lambda: self._fs.cat_file(self._path(name))))

    def put(self, files: Mapping[str, Path]) -> None:  # noqa: D102
        if files:
            sources, names = [str(path) for path in files.values()], [self._path(name) for name in files]
            self._again(lambda: self._fs.put(sources, names))

    def create(self, name: str, content: bytes) -> None:  # noqa: D102
        self._again(lambda: self._fs.pipe_file(self._path(name), content, mode="create"))

    def remove(self, names: Iterable[str]) -> None:  # noqa: D102
        if paths := [self._path(name) for name in names]:
            self._again(lambda: self._fs.rm(paths))

    def near(self, names: Iterable[str], folder: Path) -> Folder:  # noqa: D102
        if found := list(names):
            sources, targets = [self._path(name) for name in found], [str(folder / name) for name in found]
            self._again(lambda: self._fs.get(sources, targets))
        return Folder(folder)

    def readable(self, connection: DuckDBPyConnection, names: Iterable[str]) -> list[str]:  # noqa: D102
        if not connection.filesystem_is_registered(self._scheme):
            connection.register_filesystem(self._fs)
        return [f"{self._scheme}://{self._path(name)}" for name in names]

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _again(self, step: Callable[[], T]) -> T:
        """Do a step, a few times if the storage fails; that a file is there or not is no failure."""
        for number in range(TRIES):
            try:
                return step()
            except (FileNotFoundError, FileExistsError, PermissionError):
                raise
            except Exception as error:
                if number == TRIES - 1:
                    raise OutputError(f"{self.url}: the storage fails: {error}. Run it again: what is complete is kept.") from error  # fmt: skip
                time.sleep(PAUSE * 2**number)
        raise AssertionError


def open_storage(url: str) -> Storage:
    """The storage that a URL or a path names; nothing is made or read yet."""
    if url.startswith("file://"):
        return Folder(Path(url.removeprefix("file://")))
    return Remote(url.rstrip("/")) if "://" in url else Folder(Path(url))


def _moment(details: Mapping[str, Any]) -> float:
    """When a file was written, as the different file systems tell it."""
    found = details.get("LastModified") or details.get("mtime") or details.get("updated") or details.get("created")  # fmt: skip
    if found is None:
        return time.time()
    return float(found) if isinstance(found, int | float) else float(found.timestamp())
