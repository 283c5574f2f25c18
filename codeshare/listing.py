"""Which repositories ``[[repo]]`` stands for: patterns of folders and list files, written out."""

from __future__ import annotations

import csv
import glob
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from codeshare.config import Config, RepoConfig
from codeshare.errors import ConfigError

# What forges' tools and people call the same thing, the better first.
_COLUMNS = {
    # GitLab's `path` and GitHub's `name` are a part of what is wanted.
    "path": ("clone_url", "http_url_to_repo", "url", "sshUrl", "ssh_url", "ssh_url_to_repo", "path"),
    "name": ("nameWithOwner", "full_name", "path_with_namespace", "name"),
    "branch": ("branch", "defaultBranchRef", "default_branch"),
    "team": ("team",),
}
_FORK = ("isFork", "fork")
_EMPTY = ("isEmpty", "empty_repo")
_TRUE = ("true", "yes", "1")


def listed(config: Config) -> tuple[RepoConfig, ...]:
    """Every repository of the configuration as an entry of its own; ``path`` is then a folder, file or URL.

    Raises:
        ConfigError: a list cannot be read, or a pattern matches nothing.
    """
    return tuple(repo for entry in config.repos for repo in _written_out(entry, config))


def _written_out(entry: RepoConfig, config: Config) -> Iterator[RepoConfig]:
    if entry.list is not None:
        file = config.folder / entry.list
        found = [_merged(entry, row) for row in _rows(file)]
    elif _is_pattern(entry.path, config.folder):
        paths = sorted(
            path for path in glob.glob(str(config.folder / entry.path)) if _is_repository(Path(path))
        )
        if not paths:
            raise ConfigError(f"{config.file}: [[repo]] path = {entry.path!r}: no repository matches.")
        found = [replace(entry, path=path) for path in paths]
    else:
        found = [entry]
    if entry.name and found != [entry]:
        raise ConfigError(
            f"{config.file}: [[repo]] name = {entry.name!r}: is of one repository, not of several."
        )
    for repo in found:
        if not any(fnmatchcase(each, skipped) for skipped in entry.skip for each in _called(repo)):
            yield repo


def _is_pattern(path: str, folder: Path) -> bool:
    return "://" not in path and any(sign in path for sign in "*?[") and not (folder / path).exists()


def _is_repository(path: Path) -> bool:
    return path.suffix == ".bundle" or (path / ".git").exists() or (path / "HEAD").is_file()


def _called(repo: RepoConfig) -> Iterator[str]:
    """What a pattern of ``skip`` may mean: name, path, or the last part of it."""
    yield from filter(None, (repo.name, repo.path))
    yield repo.path.rstrip("/").rpartition("/")[2].removesuffix(".git")


def _merged(entry: RepoConfig, row: Mapping[str, str]) -> RepoConfig:
    """What the list says of a repository, beside what the entry says of all."""
    return replace(
        entry,
        path=row["path"],
        list=None,
        name=row.get("name"),
        branch=entry.branch or row.get("branch"),
        team=row.get("team") or entry.team,
    )


def _rows(file: Path) -> list[dict[str, str]]:
    """The list's repositories, forks after all others: what both hold is then not the fork's."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}.") from None
    if text.lstrip().startswith("["):
        rows = _json(text, file)
    elif "," in (first := next(iter(text.splitlines()), "")) or first in _COLUMNS["path"]:
        rows = list(csv.DictReader(io.StringIO(text)))
    else:
        rows = [{"path": line} for each in text.splitlines() if (line := each.partition("#")[0].strip())]
    known = [_known(row, f"{file}: row {number}") for number, row in enumerate(rows, 1) if not _says(row, _EMPTY)]  # fmt: skip
    if not known:
        raise ConfigError(f"{file}: lists no repository.")
    forks = [_says(row, _FORK) for row in rows if not _says(row, _EMPTY)]
    return [row for _, row in sorted(zip(forks, known, strict=True), key=lambda each: each[0])]


def _json(text: str, file: Path) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{file}: not valid JSON: {error}.") from None
    if not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{file}: must be a list of objects, as `gh repo list --json url,nameWithOwner` writes it.")  # fmt: skip
    return list(rows)


def _known(row: Mapping[str, Any], place: str) -> dict[str, str]:
    """A row under our own names."""
    found = {}
    for name, columns in _COLUMNS.items():
        value = next((row[column] for column in columns if row.get(column)), None)
        if isinstance(value, dict):  # GitHub's default branch
            value = value.get("name")
        if value:
            found[name] = str(value).strip()
    if "path" not in found:
        raise ConfigError(
            f"{place}: names no repository; known are the columns {', '.join(_COLUMNS['path'])}."
        )
    return found


def _says(row: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    return any(str(row.get(column, "")).lower() in _TRUE for column in columns)
