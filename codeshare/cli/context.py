"""What every command shares: which database, which settings, and how to open it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.config import FILE_NAME, Config, cache_folder, load_config

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATABASE = "codeshare.duckdb"


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
        key = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:10]
        path = cache_folder() / "databases" / f"{folder.name}-{key}.duckdb"
        click.echo(f"database: {path}", err=True)
        return path

    @contextmanager
    def reading(self) -> Iterator[DuckDBPyConnection]:
        """The database, read-only."""
        from codeshare.store.database import open_database

        connection = open_database(self.database, wait=self.wait)
        try:
            yield connection
        finally:
            connection.close()

    def held(self) -> DuckDBPyConnection | None:
        """The database, read-only, if it is there: for questions that can do without; the caller closes it."""
        from codeshare.store.database import open_database

        return open_database(self.database, wait=self.wait) if self.database.exists() else None


def _git_folder(start: Path) -> Path | None:
    """The nearest folder that looks like a work tree or a bare repository; a look at names only."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or all(
            (folder / name).exists() for name in ("HEAD", "objects", "refs")
        ):
            return folder
    return None


pass_settings = click.make_pass_decorator(Settings)
