"""The catalogue of rules in force: ours, without those switched off, and the user's."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from codeshare.attribution.entry import Source, read_entry
from codeshare.attribution.rule import Rule
from codeshare.errors import CatalogueError
from codeshare.model import Attribution

_FILES = (("agents.toml", None, Attribution.AI), ("bots.toml", "bot_author", Attribution.BOT))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rules in force, the user's first. ``hash`` changes with whatever a rule looks for or says."""

    rules: tuple[Rule, ...]
    hash: str
    models: re.Pattern[str] = field(repr=False)

    def rule(self, id: str) -> Rule:  # noqa: A002  the word of the catalogue
        """Return the rule called ``id``.

        Raises:
            KeyError: no rule in force has this id.
        """
        for rule in self.rules:
            if rule.id == id:
                return rule
        raise KeyError(id)

    @property
    def trailer_keys(self) -> frozenset[str]:
        """Keys, in lower case, that some rule looks for."""
        return frozenset(key for rule in self.rules for key in rule.keys)


def load_catalogue(
    extra: Sequence[Mapping[str, object]] = (), disabled: Collection[str] = (), file: str = "codeshare.toml"
) -> Catalogue:
    """Read the catalogue files.

    Args:
        extra: further entries, in the form of ``agents.toml``; they come before ours.
        disabled: ids of rules, or of entries, to leave out.
        file: where ``extra`` and ``disabled`` come from, for errors.

    Raises:
        CatalogueError: an entry is wrong, an id is there twice, or ``disabled`` names no rule.
    """
    words = _read("agents.toml")
    agents, models = str(words["agents"]), str(words["models"])
    rules = [rule for n, raw in enumerate(extra) for rule in read_entry(raw, Source(file, agents=agents), n)]
    for name, kind, attribution in _FILES:
        source = Source(name, kind, attribution, agents)
        for raw in _read(name)["rule"]:
            rules += read_entry(raw, source, len(rules))
    _check_ids(rules, disabled, file)
    kept = [rule for rule in rules if rule.id not in disabled and rule.entry not in disabled]
    ordered = tuple(replace(rule, order=n) for n, rule in enumerate(kept))
    return Catalogue(ordered, _hash(ordered, models), re.compile(models, re.IGNORECASE))


@cache
def known_keys() -> frozenset[str]:
    """Trailer keys of our own catalogue, in lower case."""
    return load_catalogue().trailer_keys


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("codeshare.attribution") / name).read_text(encoding="utf-8"))


def _check_ids(rules: Sequence[Rule], disabled: Collection[str], file: str) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise CatalogueError(f"{file}: rule {rule.id}: the id is there twice; give the rule another one.")
        seen.add(rule.id)
    known = seen | {rule.entry for rule in rules}
    for name in disabled:
        if name not in known:
            raise CatalogueError(f"{file}: disabled_rules: no rule is called {name!r}{_nearest(name, known)}")


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return (
        f", did you mean {near[0]}?" if near else "; `codeshare query rules_fired` names those that matched."
    )


def _hash(rules: Sequence[Rule], models: str) -> str:
    digest = hashlib.sha256(models.encode())
    for rule in rules:
        fields = (
            rule.id,
            rule.tool,
            rule.kind,
            rule.attribution.value,
            rule.confidence.value,
            *(
                pattern.pattern if pattern else ""
                for pattern in (rule.name, rule.address, rule.value, rule.pattern)
            ),
            *rule.keys,
            "|",
            *rule.contains,
            "|",
            *rule.also,
            str((rule.on_subject, rule.is_person, rule.not_before, rule.not_after)),
            *(f"{window.since} {window.until} {window.confidence.value}" for window in rule.windows),
        )
        digest.update("\0".join(fields).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:12]
