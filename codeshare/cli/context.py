"""What every command shares: which database, which settings, and how to open it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct

from codeshare.cli.logs import say
from codeshare.config import FILE_NAME, Config, cache_folder, file_name, load_config

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Done = TypeVar("_Done")
DATABASE = "codeshare.duckdb"
PATIENCE = 60
"""Seconds that a command at a terminal waits for a database in use."""


class Settings(Struct, dict=True):
    """The options of the whole command line."""

    db: Path | None = None
    config_file: Path | None = None
    wait: float = 0.0
    lake: str | None = None
    quiet: bool = False
    verbose: int = 0
    log_file: Path | None = None
    timeout: float | None = None
    max_memory: int | None = None

    def use(self, db: str) -> None:
        """Take this database, or lake."""
        self.db, self.lake = Path(db), db if is_lake(db) else None

    @cached_property
    def config(self) -> Config:
        """The settings in force."""
        return load_config(self.config_file)

    @cached_property
    def database(self) -> Path:
        """The database: named, or in the current directory, or inside a repository in the cache folder."""
        here = Path(DATABASE)
        if self.lake is not None:
            return self._pulled(self.lake)
        if self.db is not None:
            return self.db
        if (
            self.config_file
            or Path(FILE_NAME).is_file()
            or here.exists()
            or not (folder := _git_folder(Path.cwd()))
        ):
            return here
        path = cache_folder() / "databases" / f"{file_name(folder.name, str(folder))}.duckdb"
        say(f"database: {path}")
        return path

    def is_cold(self) -> bool:
        """Whether a lake is named of which the cache holds nothing: its answers are all to be computed."""
        from codeshare.fleet.pull import pulled_database

        return self.lake is not None and not pulled_database(self.lake).exists()

    def reading(self, *, external: bool = False) -> AbstractContextManager[DuckDBPyConnection]:
        """The database, read-only; ``external``: queries may reach other files and the network."""
        return closing(self.open(external=external))

    def reading_if_there(self) -> AbstractContextManager[DuckDBPyConnection | None]:
        """The same for questions that can do without."""
        return self.reading() if self.database.exists() else nullcontext()

    def writing(self, *, external: bool = False) -> AbstractContextManager[DuckDBPyConnection]:
        """The database, open for writing; it must be there."""
        self._refuse_lake()
        if not self.database.exists():
            self.open().close()  # says that it is not
        return closing(self.open(write=True, external=external))

    @contextmanager
    def adding(self) -> Iterator[DuckDBPyConnection]:
        """The database, made where there is none; one that was handed on takes nothing in."""
        from codeshare.store.database import refuse_handed_on

        self._refuse_lake()
        with closing(self.open(write=True)) as connection:
            refuse_handed_on(connection, self.database)
            yield connection

    def open(self, *, write: bool = False, external: bool = False) -> DuckDBPyConnection:
        """Open the database, with ``write`` made where there is none; the caller closes it."""
        from codeshare.store.database import open_database

        return self.patiently(partial(open_database, self.database, write=write, external=external))

    def _refuse_lake(self) -> None:
        if self.lake is not None:
            raise click.UsageError(
                f"{self.lake}: a lake is only read. Make a database of it with `codeshare lake pull`."
            )

    def _pulled(self, lake: str) -> Path:
        """A lake as a database in the cache folder, up to date."""
        from codeshare.fleet.pull import pull, pulled_database

        path = pulled_database(lake)
        self.patiently(partial(pull, lake, path))
        return path

    def patiently(self, work: Callable[..., _Done]) -> _Done:
        """Do work that begins by opening the database, and is told how long to ``wait`` for it.

        Somebody at a terminal would rather wait a minute than ask again.
        """
        from codeshare.errors import StoreBusy

        try:
            return work(wait=self.wait)
        except StoreBusy as busy:
            if self.wait or not sys.stderr.isatty():
                raise
            say(f"{str(busy).partition('. Wait')[0]}: waiting up to {PATIENCE} s, Ctrl-C ends it.")
            return work(wait=PATIENCE)


def is_lake(db: str) -> bool:
    """Whether a database is named by a URL or the folder of a lake."""
    return "://" in db or (Path(db) / "manifests").is_dir()


def _git_folder(start: Path) -> Path | None:
    """The nearest folder that looks like a work tree or a bare repository; a look at names only."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or all(
            (folder / name).exists() for name in ("HEAD", "objects", "refs")
        ):
            return folder
    return None


pass_settings = click.make_pass_decorator(Settings)
