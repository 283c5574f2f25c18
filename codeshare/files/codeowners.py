"""Who owns a path, as the ``CODEOWNERS`` file of a tree says, in GitHub's or GitLab's form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from codeshare.files.wildmatch import compile_pattern

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may be; the forges read the first one that is there."""

_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?:\s+(?P<owners>.*))?$")
_OWNER = re.compile(r"@{0,2}[^\s@]+@[^\s@]+|@{1,2}[^\s@]+")
_WORD = re.compile(r"(?:\\.|[^\s\\]|\\$)+")


class _Rule(Struct, frozen=True):
    """A line of the file; ``is_taken_out``: its paths have no owner in the section."""

    section: int
    order: int
    pattern: re.Pattern[str]
    owners: tuple[str, ...]
    is_taken_out: bool = False


class Codeowners:
    """The rules of one file. Within a section the last one that matches a path counts."""

    def __init__(self, rules: Collection[tuple[str, _Rule]]) -> None:
        # Most rules name a folder at the root: a path asks only those that name its own.
        self._anywhere = [rule for first, rule in rules if not first]
        self._by_first: dict[str, list[_Rule]] = {}
        for first, rule in rules:
            if first:
                self._by_first.setdefault(first, []).append(rule)
        self._of_folder = lru_cache(maxsize=256)(self._rules_of)

    @staticmethod
    def find(paths: Collection[str]) -> str | None:
        """Return the file that counts among the paths of a tree."""
        return next((place for place in PLACES if place in paths), None)

    @classmethod
    def parse(cls, content: bytes, *, is_gitlab: bool = False) -> Codeowners:
        """Read a file; one with sections is GitLab's whatever ``is_gitlab`` says.

        Lines that the forge would refuse own nothing and are left out.
        """
        lines = list(_lines(content))
        is_gitlab = is_gitlab or any(_SECTION.match(line) for line in lines)
        rules: list[tuple[str, _Rule]] = []
        sections: dict[str, tuple[int, tuple[str, ...]]] = {"": (0, ())}
        section, defaults = sections[""]
        for order, line in enumerate(lines):
            if is_gitlab and (head := _SECTION.match(line)):
                name = head["name"].strip().lower()
                number, _ = sections.get(name, (len(sections), ()))
                section, defaults = sections[name] = number, tuple(_OWNER.findall(head["owners"] or ""))
                continue
            words = _WORD.findall(line)
            glob, owners = words[0], _owners(words[1:], is_gitlab)
            if owners is None:
                continue
            is_taken_out = is_gitlab and glob.startswith("!")
            found = _pattern(glob.removeprefix("!") if is_taken_out else glob, is_gitlab)
            if found is not None:
                first, pattern = found
                rules.append((first, _Rule(section, order, pattern, owners or defaults, is_taken_out)))
        return cls(rules)

    def owners(self, path: bytes) -> tuple[str, ...]:
        """Return the owners of a path as the file names them (``@org/team``, ``@user``, an address)."""
        text = path.decode("utf-8", "surrogateescape")
        by_section: dict[int, _Rule] = {}
        for rule in self._of_folder(text.partition("/")[0]):
            known = by_section.get(rule.section)
            if (known is None or not known.is_taken_out) and rule.pattern.fullmatch(text):
                by_section[rule.section] = rule
        kept = (by_section[number] for number in sorted(by_section))
        return tuple(dict.fromkeys(name for rule in kept if not rule.is_taken_out for name in rule.owners))

    def _rules_of(self, first: str) -> list[_Rule]:
        return sorted([*self._anywhere, *self._by_first.get(first, ())], key=lambda rule: rule.order)


def team_of(owners: tuple[str, ...], teams: Mapping[str, str] | None = None) -> str | None:
    """Return the first owner that is a team (``@org/team``), by the name that ``teams`` gives it."""
    for owner in owners:
        if owner.startswith("@") and "/" in owner:
            return (teams or {}).get(owner, owner)
    return None


def _lines(content: bytes) -> Iterator[str]:
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield stripped


def _owners(words: list[str], is_gitlab: bool) -> tuple[str, ...] | None:
    """Owners of a line; None where GitHub skips it for a word that names nobody."""
    owners = []
    for word in words:
        if word.startswith("#") and not is_gitlab:
            break
        if _OWNER.fullmatch(word):
            owners.append(word)
        elif not is_gitlab:
            return None
    return tuple(owners)


def _pattern(glob: str, is_gitlab: bool) -> tuple[str, re.Pattern[str]] | None:
    """The folder at the root that a pattern names (empty: any), and what whole paths must match."""
    if not is_gitlab and (glob.startswith(("!", "\\#")) or "[" in glob):
        return None
    inner = glob.strip("/")
    if not inner:
        return ("", re.compile(".*", re.DOTALL)) if glob == "/" else None
    is_rooted = glob.startswith("/") or (not is_gitlab and "/" in glob.rstrip("/"))
    if is_gitlab and inner.endswith("/**"):
        inner = inner.removesuffix("*")  # to GitLab `**` at the end is one level, as `*`
    below = _below(glob, inner, is_rooted, is_gitlab)
    pattern = re.compile(
        ("" if is_rooted else "(?:.*/)?") + compile_pattern(inner).pattern + below, re.DOTALL
    )
    first = inner.partition("/")[0]
    is_plain = is_rooted and not any(char in first for char in "*?[\\")
    return (first if is_plain else ""), pattern


def _below(glob: str, inner: str, is_rooted: bool, is_gitlab: bool) -> str:
    """What may follow in a path: a folder owns all in it, a last segment of `*` only what is right there."""
    if glob.endswith("/"):
        return "/.*"
    is_one_level = inner.rpartition("/")[2] in ("*", "**") and (is_rooted or "/" in inner)
    return "" if is_gitlab or is_one_level else "(?:/.*)?"
