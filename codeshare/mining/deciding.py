"""What a repository itself says about how its lines are counted: read at the base of a range, never at its head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from codeshare.attribution.heuristics import load_heuristics
from codeshare.config import FILE_NAME, Config, parse_config
from codeshare.errors import ConfigError, GitError
from codeshare.files.codeowners import PLACES
from codeshare.git.content import read_blobs
from codeshare.git.quoting import text_of
from codeshare.git.ranges import Range, changed_paths
from codeshare.git.repository import tip_blob
from codeshare.git.shadow import Shadow
from codeshare.git.trees import list_tree
from codeshare.reading import parse_toml

_BY_NAME = frozenset({b".gitattributes", FILE_NAME.encode()})
_AT_ROOT = frozenset({".mailmap", ".git-blame-ignore-revs", *PLACES})


def settings_at(shadow: Shadow, commit: str, path: str) -> Config | None:
    """The settings that a commit's tree has at ``path``; None where it has no such file.

    Files that they name (teams, head counts) are not read: they could be anybody's.

    Raises:
        ConfigError: they are wrong, or cannot be read.
    """
    label = Path(f"{path} at {commit[:12]}")
    blob = tip_blob(shadow, commit, path)
    if blob is None:
        return None
    try:
        data = parse_toml(shadow.run("cat-file", "blob", blob).decode("utf-8"))
    except (GitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{label}: cannot be read: {error}.") from None
    except ValueError as error:
        raise ConfigError(f"{label}: not valid TOML: {error}.") from None
    return parse_config(data, label)


def deciding_changes(shadow: Shadow, span: Range, settings: str | None) -> tuple[str, ...]:
    """The files that decide and that a range changes, sorted; ``settings``: path of the file of settings."""
    return tuple(sorted(_deciding(shadow, span, changed_paths(shadow, span), settings)))


def _deciding(shadow: Shadow, span: Range, paths: Sequence[bytes], settings: str | None) -> Iterator[str]:
    artefacts = load_heuristics().artefacts
    agents = []
    for path in paths:
        name = text_of(path)
        if path.rpartition(b"/")[2] in _BY_NAME or name in _AT_ROOT or name == settings:
            yield name
        elif artefacts.wants_content(name):
            agents.append(path)
    ends = {
        sha: {path: content for (_, path), content in read_blobs(shadow, [(sha, path) for path in agents])}
        for sha in (span.base, span.head)
    }
    for path in agents:
        said = [_said(text_of(path), ends[sha].get(path)) for sha in (span.base, span.head)]
        if said[0] != said[1]:
            yield text_of(path)


def _said(path: str, content: bytes | None) -> frozenset[tuple[str, str]]:
    """What a file of an agent's settings keeps out."""
    if content is None:
        return frozenset()
    artefacts = load_heuristics().artefacts
    found = artefacts.find(path, content)
    return frozenset((each.rule, each.excerpt) for each in found if each.sign.value != "instructions")


def kept_out(shadow: Shadow, commit: str) -> list[str]:
    """Where a tree keeps agents' marks out, a sentence each."""
    artefacts = load_heuristics().artefacts
    try:
        files = list_tree(shadow.path, commit)
        wanted = [path for path, _ in files if artefacts.wants_content(text_of(path))]
    except GitError:
        return []
    found = []
    for (_, path), content in read_blobs(shadow, [(commit, path) for path in wanted]):
        for rule, excerpt in sorted(_said(text_of(path), content)):
            found.append(
                f"{text_of(path)} keeps agents' marks out ({rule}: {excerpt}): the share is a lower one."
            )
    return found
