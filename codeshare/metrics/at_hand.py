"""A mined repository that can be read again: the one around here, or the configured one of that name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from codeshare.config import Config, root_of
from codeshare.errors import CodeshareError, NotARepository, RepositoryError
from codeshare.git.repository import Repository, is_url, open_again
from codeshare.listing import listed


class AtHand(Struct, frozen=True):
    """A repository on this machine under its name in the database; ``root``: of its work tree, if it has one."""

    name: str
    folder: Path
    repository: Repository
    root: Path | None

    def path_from_root(self, path: str) -> str:
        """A path as the user gave it, from the root: relative to the current directory inside the work tree, as git has it.

        Raises:
            RepositoryError: it leads out of the work tree.
        """
        here = Path.cwd()
        if self.root is None or not (here.is_relative_to(self.root) or os.path.isabs(path)):
            return os.path.normpath(path)
        inside = os.path.relpath(os.path.join(here, path), self.root)
        if inside == ".." or inside.startswith(f"..{os.sep}"):
            raise RepositoryError(f"{path}: lies outside of {self.root}. Name a file of that repository.")
        return inside


def find_at_hand(config: Config, repo: str | None = None, branch: str | None = None) -> AtHand | None:
    """The repository called ``repo``, or without a name the one around here; None where there is none.

    Nothing is fetched: of a URL the clone that mining made is read as it is.
    """
    for where, name in _places(config, is_named=repo is not None):
        found = open_at_hand(where, name, branch)
        if found is not None and repo in (None, found.name):
            return found
    return None


def _places(config: Config, *, is_named: bool) -> Iterator[tuple[str, str | None]]:
    here = root_of(Path.cwd()) or Path.cwd()
    entries = [
        (entry.path if is_url(entry.path) else str(config.folder / entry.path), entry.name)
        for entry in listed(config)
    ]
    for where, name in entries:
        # A configured name goes before the one that origin or the folder gives.
        if is_named or Path(where).resolve() == here:
            yield where, name
    yield ".", None


def open_at_hand(where: str, name: str | None = None, branch: str | None = None) -> AtHand | None:
    """Open a repository without a network, on ``branch`` if it has that; None where it cannot be read."""
    try:
        opened = open_again(where, branch=branch, name=name)
    except (CodeshareError, OSError):
        return None
    if opened is None:
        return None
    folder, repository = opened
    return AtHand(repository.name, folder, repository, root_of(folder.resolve()))


def open_named(where: str, name: str | None = None) -> AtHand:
    """Open the repository in a folder as that of a name in the database.

    Raises:
        NotARepository: it is none.
    """
    found = open_at_hand(where, name)
    if found is None:
        raise NotARepository(
            f"{where}: no repository that can be read. Name a work tree, a bare repository or a bundle."
        )
    return found
