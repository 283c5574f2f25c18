"""Settings as a commit has them: what mining goes by where the work tree is a stranger's."""

from __future__ import annotations

from pathlib import Path

from codeshare.config import FILE_NAME, Config, load_config, root_of
from codeshare.errors import ConfigError
from codeshare.git.ranges import end_of
from codeshare.git.repository import open_repository
from codeshare.mining.deciding import settings_at


def settings_of(rev: str, config_file: Path | None = None, where: str = ".") -> Config:
    """The settings that a commit's tree holds; the defaults where it has none.

    A file named with ``--config`` that lies outside of the repository is nobody's in the repository, and is
    read as it is.

    Raises:
        NoSuchRevision: the repository has no such commit.
        CannotKnow: the clone lacks it.
        ConfigError: the settings are wrong, or the named file is not in the commit's tree.
    """
    root = root_of(Path(where).resolve())
    file = (config_file or Path(where) / FILE_NAME).resolve()
    if config_file is not None and (root is None or not file.is_relative_to(root)):
        return load_config(config_file)
    inside = file.relative_to(root).as_posix() if root else FILE_NAME
    repository = open_repository(where)
    with repository.shadow() as shadow:
        commit = end_of(repository, shadow, rev)
        found = settings_at(shadow, commit, inside)
    if found is None and config_file is not None:
        raise ConfigError(
            f"{inside}: {rev} has no such file. Name one outside of the repository, or leave --config out."
        )
    return found or Config()
