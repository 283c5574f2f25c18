"""What is to be mined: arguments, the configuration's repositories, or the one around here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from codeshare.config import Config, RepoConfig
from codeshare.errors import NotARepository
from codeshare.git.repository import is_url
from codeshare.nearest import named, nearest


class Target(Struct, frozen=True):
    """A repository to mine: where it is, what the user calls it, and what holds for it alone.

    ``exclude``: path patterns whose files are left out, beside those of all; ``team``: of whoever works
    most there and is in no other; ``requests``: their heads are to be fetched.
    """

    where: str
    name: str | None = None
    branch: str | None = None
    exclude: tuple[str, ...] = ()
    team: str | None = None
    requests: bool = False

    def settings(self, config: Config) -> Config:
        """The settings that hold for it."""
        return replace(config, exclude=(*config.exclude, *self.exclude)) if self.exclude else config


def targets_of(config: Config, repos: Sequence[str], branch: str | None = None) -> list[Target]:
    """What to mine: the arguments, else the repositories of the configuration, else the one around here.

    An argument that is the name of a configured repository stands for that.

    Raises:
        ConfigError: a list of repositories cannot be read, or a pattern matches none.
        NotARepository: an argument is neither a folder nor a name; the nearest is named.
    """
    if not (repos or config.repos):
        return [Target(".", None, branch)]
    entries: Sequence[RepoConfig] = ()
    if config.repos:
        from codeshare.listing import listed  # it loads what nothing but lists needs

        entries = listed(config)
    configured = {entry.name or entry.path: entry for entry in entries}
    if not repos:
        return [_of_config(entry, config, branch) for entry in entries]
    _refuse_unknown(repos, configured)
    return [
        _of_config(configured[repo], config, branch) if repo in configured else Target(repo, None, branch)
        for repo in repos
    ]


def _refuse_unknown(repos: Sequence[str], configured: Collection[str]) -> None:
    """Name the nearest of the configured ones where an argument is nothing at all."""
    for repo in repos if configured else ():
        if repo not in configured and not is_url(repo) and not Path(repo).exists():
            meant = nearest(repo, configured, f"that has {named(list(configured))}.")
            raise NotARepository(f"{repo}: neither a folder nor a repository of codeshare.toml; {meant}")


def _of_config(entry: RepoConfig, config: Config, branch: str | None) -> Target:
    where = entry.path if is_url(entry.path) else str(config.folder / entry.path)
    return Target(where, entry.name, branch or entry.branch, entry.exclude, entry.team, entry.requests)
