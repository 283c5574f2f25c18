"""What every command shares: which database, which settings, and how to open it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.config import FILE_NAME, Config, cache_folder, file_name, load_config

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATABASE = "codeshare.duckdb"
PATIENCE = 60
"""Seconds that a command at a terminal waits for a database in use."""


@dataclass
class Settings:
    """The options of the whole command line."""

    db: Path | None
    config_file: Path | None
    wait: float

    @cached_property
    def config(self) -> Config:
        """The settings in force."""
        return load_config(self.config_file)

    @cached_property
    def database(self) -> Path:
        """The database: named, or in the current directory, or inside a repository in the cache folder."""
        here = Path(DATABASE)
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
        click.echo(f"database: {path}", err=True)
        return path

    @contextmanager
    def reading(self, *, external: bool = False) -> Iterator[DuckDBPyConnection]:
        """The database, read-only; ``external``: queries may reach other files and the network."""
        connection = self._opened(write=False, external=external)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def writing(self, *, external: bool = False) -> Iterator[DuckDBPyConnection]:
        """The database, open for writing; it must be there."""
        if not self.database.exists():
            self._opened(write=False).close()  # says that it is not
        connection = self._opened(write=True, external=external)
        try:
            yield connection
        finally:
            connection.close()

    def held(self) -> DuckDBPyConnection | None:
        """The database, read-only, if it is there: for questions that can do without; the caller closes it."""
        return self._opened(write=False) if self.database.exists() else None

    def _opened(self, *, write: bool, external: bool = False) -> DuckDBPyConnection:
        """Open the database; somebody at a terminal would rather wait a minute than ask again."""
        from codeshare.errors import StoreBusy
        from codeshare.store.database import open_database

        try:
            return open_database(self.database, write=write, wait=self.wait, external=external)
        except StoreBusy as busy:
            if self.wait or not sys.stderr.isatty():
                raise
            click.echo(
                f"{str(busy).partition('. Wait')[0]}: waiting up to {PATIENCE} s, Ctrl-C ends it.", err=True
            )
            return open_database(self.database, write=write, wait=PATIENCE, external=external)


def _git_folder(start: Path) -> Path | None:
    """The nearest folder that looks like a work tree or a bare repository; a look at names only."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or all(
            (folder / name).exists() for name in ("HEAD", "objects", "refs")
        ):
            return folder
    return None


pass_settings = click.make_pass_decorator(Settings)
