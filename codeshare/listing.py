"""Which repositories ``[[repo]]`` stands for: patterns of folders and list files, written out."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from codeshare.config import Config, RepoConfig
from codeshare.errors import ConfigError
from codeshare.sheet import Sheet

# What forges' tools call the same thing, the better first: GitLab's `path` and GitHub's `name` are a part of it.
_KEYS = {
    "path": ("clone_url", "http_url_to_repo", "url", "sshUrl", "ssh_url", "ssh_url_to_repo", "path"),
    "name": ("nameWithOwner", "full_name", "path_with_namespace", "name"),
    "branch": ("defaultBranchRef", "default_branch", "branch"),
    "team": ("team",),
    "fork": ("isFork", "fork"),
    "empty": ("isEmpty", "empty_repo"),
}
_COLUMNS = {
    "path": ("url", "clone_url", "repository"),
    "name": (),
    "branch": (),
    "team": (),
    "fork": ("isfork",),
}
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
        name=row.get("name") or None,
        branch=entry.branch or row.get("branch") or None,
        team=row.get("team") or entry.team,
    )


def _rows(file: Path) -> list[Mapping[str, str]]:
    """The list's repositories, forks after all others: what both hold is then not the fork's."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}.") from None
    if text.lstrip().startswith("["):
        rows = list(_of_json(text, file))
    elif file.suffix.lower() == ".csv":
        rows = list(_of_sheet(file))
    else:
        rows = [{"path": line} for each in text.splitlines() if (line := each.partition("#")[0].strip())]
    if not rows:
        raise ConfigError(f"{file}: lists no repository.")
    return sorted(rows, key=lambda row: row.get("fork", "").lower() in _TRUE)


def _of_sheet(file: Path) -> Iterator[Mapping[str, str]]:
    sheet = Sheet(file, _COLUMNS, ("path",), ConfigError)
    for row in sheet.rows():
        row.text("path")
        yield row.cells
    sheet.check()


def _of_json(text: str, file: Path) -> Iterator[Mapping[str, str]]:
    """What ``gh repo list --json`` and the forges' own interfaces write; repositories without a commit left out."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{file}: not valid JSON: {error}.") from None
    for number, row in enumerate(found, 1):
        known = {name: value for name, keys in _KEYS.items() if (value := _first(row, keys))}
        if "path" not in known:
            raise ConfigError(
                f"{file}: entry {number}: names no repository. Ask for its address: `gh repo list OWNER --json url,nameWithOwner,isFork`."
            )
        if known.get("empty", "").lower() not in _TRUE:
            yield known


def _first(row: Any, keys: tuple[str, ...]) -> str:
    value = next((row[key] for key in keys if row.get(key)), "") if isinstance(row, dict) else ""
    return str(value.get("name", "") if isinstance(value, dict) else value)  # GitHub's default branch
