"""The catalogue of file classes, read once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.errors import CatalogueError
from codeshare.model import FileClass
from codeshare.nearest import nearest
from codeshare.shipped import shipped

_KEYS = ("class", "source", "names", "suffixes", "patterns", "directories", "roots", "paths")


@cache
def read_classes() -> Mapping[str, Any]:
    """Return ``classes.toml`` as it stands.

    Raises:
        CatalogueError: it is no TOML.
    """
    try:
        return tomli.loads(shipped("files/classes.toml"))
    except tomli.TOMLDecodeError as error:
        raise CatalogueError(f"classes.toml: not valid TOML: {error}.") from None


class PathRules(Struct, frozen=True):
    """The groups, turned into tables: what a path is looked up by gives the number of its group."""

    classes: tuple[FileClass, ...]
    names: Mapping[str, int]
    suffixes: Mapping[str, tuple[tuple[str, int], ...]]
    patterns: Mapping[str, tuple[tuple[re.Pattern[str], int], ...]]
    directories: Mapping[str, int]
    roots: Mapping[str, int]
    paths: tuple[tuple[re.Pattern[str], int], ...]

    def group(self, path: str, refused: Collection[FileClass] = ()) -> int | None:
        """Return the number of the first group that ``path`` falls in, of no class in ``refused``."""
        ranks = [rank for rank in self._ranks(path) if self.classes[rank] not in refused]
        return min(ranks, default=None)

    def _ranks(self, path: str) -> Iterator[int]:
        folders = path.split("/")
        name = folders.pop()
        lower = name.lower()
        ending = lower.rpartition(".")[2]
        if lower in self.names:
            yield self.names[lower]
        for suffix, rank in self.suffixes.get(ending, ()):
            if lower.endswith(suffix):
                yield rank
        for pattern, rank in (*self.patterns.get(ending, ()), *self.patterns[""]):
            if pattern.match(name):
                yield rank
        if folders and (root := folders[0].lower()) in self.roots:
            yield self.roots[root]
        for folder in folders:
            if (lowered := folder.lower()) in self.directories:
                yield self.directories[lowered]
        for pattern, rank in self.paths:
            if pattern.search(path):
                yield rank


@cache
def path_rules() -> PathRules:
    """Build the tables of the catalogue's groups.

    Raises:
        CatalogueError: a group has a wrong key or class.
    """
    groups = read_classes()["group"]
    check_groups(groups)
    return PathRules(
        classes=tuple(FileClass(group["class"]) for group in groups),
        names=_first(groups, "names"),
        suffixes=_by_ending(groups),
        patterns=_patterns(groups),
        directories=_first(groups, "directories"),
        roots=_first(groups, "roots"),
        paths=tuple(
            (re.compile(p, re.IGNORECASE), n) for n, g in enumerate(groups) for p in g.get("paths", ())
        ),
    )


def check_groups(groups: Sequence[Mapping[str, Any]]) -> None:
    """Check groups of ``classes.toml``.

    Raises:
        CatalogueError: names the group, the wrong key or class, and the nearest right one.
    """
    for n, group in enumerate(groups, 1):
        where = f"classes.toml: group {n}"
        for key in group:
            if key not in _KEYS:
                raise CatalogueError(f"{where}: {key}: unknown key, {_meant(key, _KEYS)}")
        named = str(group.get("class"))
        if named not in tuple(FileClass):
            raise CatalogueError(f"{where}: class = {named!r}: {_meant(named, tuple(FileClass))}")
        for key in _KEYS[1:]:
            value = group.get(key, "" if key == "source" else [])
            is_right = isinstance(value, str) if key == "source" else _is_texts(value)
            if not is_right:
                raise CatalogueError(
                    f"{where}: {key} must be {'text' if key == 'source' else 'a list of texts'}."
                )
        for pattern in group.get("paths", ()):
            try:
                re.compile(pattern, re.IGNORECASE)  # as it is used: `re` keeps it
            except re.error as error:
                raise CatalogueError(
                    f"{where}: paths: {pattern!r} is no regular expression: {error}."
                ) from None


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _meant(word: str, known: Sequence[str]) -> str:
    return nearest(word, known, f"known: {', '.join(known)}.")


def _first(groups: list[dict[str, Any]], key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, group in enumerate(groups):
        for name in group.get(key, ()):
            found.setdefault(name, n)
    return found


def _by_ending(groups: list[dict[str, Any]]) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for n, group in enumerate(groups):
        for suffix in group.get("suffixes", ()):
            found.setdefault(suffix.rpartition(".")[2], []).append((suffix, n))
    return {ending: tuple(suffixes) for ending, suffixes in found.items()}


def _patterns(groups: list[dict[str, Any]]) -> dict[str, tuple[tuple[re.Pattern[str], int], ...]]:
    found: dict[str, list[tuple[re.Pattern[str], int]]] = {"": []}
    for n, group in enumerate(groups):
        for glob in group.get("patterns", ()):
            ending = glob.rpartition(".")[2].lower()
            ending = "" if "*" in ending or "." not in glob else ending
            flags = re.IGNORECASE if glob == glob.lower() else 0
            found.setdefault(ending, []).append((re.compile(translate(glob), flags), n))
    return {ending: tuple(patterns) for ending, patterns in found.items()}
