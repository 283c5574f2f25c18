"""What the files of a repository say of agents: instructions to them, and marks switched off or forbidden.

They are context, never evidence of a line: since when an agent may be at work, and since when the share
is a lower one because its marks are kept out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from codeshare.attribution.limits import Shipped

_LONGEST = 1000
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])')
_YAML_LINE = re.compile(r"(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]*(?P<value>.*)$")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Sign(StrEnum):
    """What kind of thing a file says."""

    INSTRUCTIONS = "instructions"
    SWITCH = "switch"
    BAN = "ban"


class Finding(Struct, frozen=True):
    """What one version of a file says."""

    sign: Sign
    rule: str
    tool: str
    path: str
    excerpt: str


class Version(Struct, frozen=True):
    """A file as a landing left it; ``content`` None: it is gone."""

    sha: str
    at: datetime
    path: str
    content: bytes | None


class Period(Struct, frozen=True):
    """From which landing to which a finding held; ``until`` None: it still does."""

    finding: Finding
    since_sha: str
    since: datetime
    until_sha: str | None = None
    until: datetime | None = None


class InstructionFile(Struct, frozen=True):
    """Files that only a user of ``tool`` has."""

    tool: str
    paths: Shipped

    def read(self, path: str, content: bytes) -> Finding | None:
        """Return a finding for whatever the file holds."""
        rule = f"file.{self.tool.lower().replace(' ', '-')}"
        return Finding(Sign.INSTRUCTIONS, rule, self.tool, path, path) if self.paths.fullmatch(path) else None


class Switch(Struct, frozen=True):
    """Settings that keep a tool from leaving marks: all of ``when``, none of ``unless``."""

    id: str
    tool: str
    explanation: str
    paths: Shipped
    form: str
    when: Mapping[str, Sequence[Any]]
    unless: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    source: str = ""

    def read(self, path: str, content: bytes) -> Finding | None:
        """Return a finding where the file holds the settings."""
        if not self.paths.fullmatch(path):
            return None
        settings = _json(content) if self.form == "json" else _yaml(content)
        found = {key: _value(settings, key) for key in self.when}
        if not all(_is_among(found[key], values) for key, values in self.when.items()):
            return None
        if any(_is_among(_value(settings, key), values) for key, values in self.unless.items()):
            return None
        words = ", ".join(f"{key} = {json.dumps(value)}" for key, value in found.items())
        return Finding(Sign.SWITCH, self.id, self.tool, path, words)


class Ban(Struct, frozen=True):
    """A line that forbids marks, in words or in a hook."""

    id: str
    explanation: str
    paths: Shipped
    line: Shipped
    unless: Shipped

    def read(self, path: str, content: bytes) -> Finding | None:
        """Return a finding with the first such line."""
        if not self.paths.fullmatch(path):
            return None
        for line in content.decode("utf-8", "replace").splitlines():
            text = line.strip()[:_LONGEST]
            if self.line.match(text) and not self.unless.search(text):
                return Finding(Sign.BAN, self.id, "any agent", path, text[:200])
        return None


class Artefacts:
    """All that files can say of agents."""

    def __init__(
        self, files: Sequence[InstructionFile], switches: Sequence[Switch], bans: Sequence[Ban]
    ) -> None:
        self._readers: tuple[InstructionFile | Switch | Ban, ...] = (*files, *switches, *bans)
        self._instructions = _any(each.paths for each in files)
        self._any = _any([*(each.paths for each in files), *_paths(switches, bans)])
        self._any_content = _any(_paths(switches, bans))

    def wants(self, path: str) -> bool:
        """Whether a file at ``path`` may say anything."""
        return self._any.fullmatch(path) is not None

    def is_instructions(self, path: str) -> bool:
        """Whether only a user of some agent has a file at ``path``."""
        return self._instructions.fullmatch(path) is not None

    def wants_content(self, path: str) -> bool:
        """Whether it matters what the file holds; else that it is there is all."""
        return self._any_content.fullmatch(path) is not None

    def find(self, path: str, content: bytes) -> list[Finding]:
        """Return what a file says."""
        return [found for reader in self._readers if (found := reader.read(path, content)) is not None]

    def periods(self, versions: Iterable[Version]) -> list[Period]:
        """Follow files through the landings of a branch.

        Args:
            versions: of files that are wanted, in the order of the mainline.

        Returns:
            One period for each rule and time in which one file or another held to it, the earliest first.
        """
        held: dict[str, dict[str, Finding]] = {}
        opened: dict[str, Period] = {}
        ended: list[Period] = []
        for version in versions:
            now = (
                {f.rule: f for f in self.find(version.path, version.content)}
                if version.content is not None
                else {}
            )
            for rule in {*now, *(rule for rule, paths in held.items() if version.path in paths)}:
                paths = held.setdefault(rule, {})
                if rule in now:
                    paths[version.path] = now[rule]
                    opened.setdefault(rule, Period(now[rule], version.sha, version.at))
                else:
                    del paths[version.path]
                    if not paths:
                        start = opened.pop(rule)
                        ended.append(
                            Period(start.finding, start.since_sha, start.since, version.sha, version.at)
                        )
        return sorted([*ended, *opened.values()], key=lambda each: (each.since, each.finding.rule))


def _paths(switches: Sequence[Switch], bans: Sequence[Ban]) -> list[Shipped]:
    return [*(each.paths for each in switches), *(each.paths for each in bans)]


def _any(patterns: Iterable[Shipped]) -> Shipped:
    return Shipped("|".join(sorted({f"(?:{each.pattern})" for each in patterns})) or "(?!)", re.DOTALL)


def path_pattern(globs: Iterable[str]) -> Shipped:
    """Translate globs (``**/`` any folders, ``/**`` all below, ``*`` within a name) into one pattern."""
    return Shipped("|".join(f"(?:{''.join(_translated(glob))})" for glob in globs), re.DOTALL)


def _translated(glob: str) -> Iterator[str]:
    for piece in re.split(r"(\*\*/|\*\*|\*)", glob):
        yield {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}.get(piece) or re.escape(piece)


def _json(content: bytes) -> Any:
    """Settings in JSON, with the comments and last commas that editors allow; {} where they cannot be read."""
    text = content.decode("utf-8-sig", "replace")
    text = _STRING_OR_COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    text = _STRING_OR_COMMA.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def _yaml(content: bytes) -> dict[str, Any]:
    """The top level's plain values of a YAML file."""
    settings: dict[str, Any] = {}
    for line in content.decode("utf-8-sig", "replace").splitlines():
        if match := _YAML_LINE.match(line):
            value = re.sub(r"\s+#.*$", "", match["value"]).strip().strip("'\"")
            settings[match["key"]] = _WORDS.get(value.lower(), value)
    return settings


def _value(settings: Any, key: str) -> Any:
    """A value by its dotted key, which may be one key with dots; a workspace keeps them under ``settings``."""
    if not isinstance(settings, dict):
        return None
    if key in settings:
        return settings[key]
    first, _, rest = key.partition(".")
    if rest and (found := _value(settings.get(first), rest)) is not None:
        return found
    inner = settings.get("settings")
    return _value(inner, key) if isinstance(inner, dict) else None


def _is_among(value: Any, values: Sequence[Any]) -> bool:
    """Equality that tells false from 0 and an empty text from nothing."""
    return any(type(value) is type(each) and value == each for each in values)
