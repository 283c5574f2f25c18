"""A range of the repository one stands in, read under the settings of its base and ready for questions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codeshare.attribution.catalogue import Catalogue, configured_catalogue
from codeshare.config import FILE_NAME, Config, load_config, root_of
from codeshare.errors import ConfigError
from codeshare.git.ranges import Range, find_range, split_range
from codeshare.git.repository import Repository, commit_at, open_repository, target_branch
from codeshare.git.shadow import Shadow
from codeshare.mining.deciding import deciding_changes, kept_out, settings_at
from codeshare.mining.ranges import RangeRead, read_range, store_range
from codeshare.mining.requests import Imported

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REQUEST_BRANCHES = ("GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")


class Found(Struct, frozen=True):
    """Where a range is, under which settings it is judged, and what of these it changes itself."""

    where: Path
    repository: Repository
    shadow: Shadow
    span: Range
    config: Config
    catalogue: Catalogue
    settings: str | None
    changed: tuple[str, ...]


class Opened(Struct, frozen=True):
    """A range that was read: ``connection`` holds it and nothing else."""

    found: Found
    read: RangeRead
    connection: DuckDBPyConnection
    notes: tuple[str, ...]


@contextmanager
def find(text: str, config_file: Path | None = None, where: str = ".") -> Iterator[Found]:
    """Find a range, without reading its commits.

    Settings: a file named with ``--config`` that lies outside of the repository, else the file of that
    name, or ``codeshare.toml``, in the tree of the base. Nothing of the work tree or the head has a say.

    Args:
        text: ``BASE..HEAD``.
        config_file: as named by the user.
        where: the repository's folder.

    Raises:
        ValueError: ``text`` is no range.
        CannotKnow: it cannot be told from this clone.
        ConfigError: the base's settings are wrong, or have no such file.
    """
    base, head = split_range(text)
    repository = open_repository(where)
    assert repository.refs is not None
    target = target_branch(repository.refs)
    with repository.shadow() as shadow:
        span = find_range(repository, shadow, base, head, target[1] if target else None)
        config, settings = _settings(shadow, span, config_file, Path(where))
        changed = deciding_changes(shadow, span, settings)
        yield Found(
            Path(where).resolve(),
            _named(repository, config, where),
            shadow,
            span,
            config,
            configured_catalogue(config),
            settings,
            changed,
        )


@contextmanager
def read(found: Found, imported: Imported = Imported()) -> Iterator[Opened]:  # noqa: B008  frozen, and empty
    """Read the commits of a range into a database in memory.

    Args:
        imported: what forges and vendors say of the repository.

    Raises:
        CannotKnow: the range is empty, or cut off in this clone.
    """
    result = read_range(
        found.repository,
        found.shadow,
        found.span,
        found.config,
        found.catalogue,
        branch=_branch(found),
        imported=imported,
    )
    notes = kept_out(found.shadow, found.span.base)
    if result.self_declared:
        notes.append(
            f"new files whose own header says that a program wrote them, and so are not counted: {', '.join(result.self_declared[:5])}"
            + (f" and {len(result.self_declared) - 5} more." if len(result.self_declared) > 5 else ".")
        )
    if found.repository.is_shallow:
        notes.append(
            "the clone is cut off: what repeats or undoes a commit that it lacks counts as new work."
        )
    connection = store_range(result, found.config, found.span)
    try:
        yield Opened(found, result, connection, (*found.repository.notes, *notes))
    finally:
        connection.close()


def _settings(
    shadow: Shadow, span: Range, config_file: Path | None, where: Path
) -> tuple[Config, str | None]:
    """The settings in force, and the path in the repository where they are or would be."""
    root = root_of(where.resolve())
    file = (where / FILE_NAME if config_file is None else config_file).resolve()
    if root is None or not file.is_relative_to(root):
        if config_file is not None:
            return load_config(config_file), None
        file, root = Path("/") / FILE_NAME, Path("/")  # a bare repository
    inside = file.relative_to(root).as_posix()
    if (config := settings_at(shadow, span.base, inside)) is not None:
        return config, inside
    if config_file is not None:
        raise ConfigError(
            f"{inside}: the base {span.base[:12]} has no such file, and a range is judged by the settings of its base. "
            "Name a file outside of the repository, or leave --config out."
        )
    return settings_at(shadow, span.base, FILE_NAME) or Config(), FILE_NAME


def _named(repository: Repository, config: Config, where: str) -> Repository:
    """Under the name that the settings give it."""
    here = root_of(Path(where).resolve()) or Path(where).resolve()
    for entry in config.repos:
        if entry.name and os.path.realpath(here / entry.path) == str(here):
            return replace(repository, name=entry.name)
    return repository


def _branch(found: Found) -> str | None:
    """In a job about a request the name of its branch, if that is what is looked at."""
    name = next(filter(None, map(os.environ.get, _REQUEST_BRANCHES)), None) if os.environ.get("CI") else None
    if name is None or found.span.head != commit_at(found.repository, found.shadow, "HEAD"):
        return None
    return name
