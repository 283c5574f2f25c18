"""The catalogue of rules: ours and the user's, in force or switched off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.attribution.entry import Source, read_entry
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.identity_table import identity_entries
from codeshare.attribution.rule import Rule
from codeshare.config import FILE_NAME, Config
from codeshare.errors import CatalogueError
from codeshare.model import Attribution
from codeshare.nearest import nearest
from codeshare.shipped import shipped

_FILES = (("agents.toml", None, Attribution.AI), ("bots.toml", "bot_author", Attribution.BOT))


class Catalogue(Struct, frozen=True):
    """Rules in force, the user's first, and those ``off``: by the user, or until the user switches them on.

    ``hash`` changes with whatever a rule in force looks for or says.
    """

    rules: tuple[Rule, ...]
    hash: str
    models: re.Pattern[str]
    off: tuple[Rule, ...] = ()

    def rule(self, id: str) -> Rule:  # noqa: A002  the word of the catalogue
        """Return the rule called ``id``, in force or not.

        Raises:
            KeyError: no rule has this id.
        """
        for rule in (*self.rules, *self.off):
            if rule.id == id:
                return rule
        raise KeyError(id)

    @property
    def trailer_keys(self) -> frozenset[str]:
        """Keys, in lower case, that some rule looks for."""
        return frozenset(key for rule in self.rules for key in rule.keys)

    @property
    def windows(self) -> list[str]:
        """``rule|first day|last day`` of every window of weaker confidence of the rules in force."""
        return [f"{rule.id}|{window.since}|{window.until}" for rule in self.rules for window in rule.windows]

    def rows(self) -> list[dict[str, Any]]:
        """One row a rule, those in force first; ``state``: on, off, or off by default."""
        states = [(rule, "on") for rule in self.rules]
        states += [(rule, "off by default" if rule.is_opt_in else "off") for rule in self.off]
        return [
            {
                "rule": rule.id,
                "tool": rule.tool,
                "kind": rule.kind,
                "class": rule.attribution.value,
                "confidence": rule.confidence.value,
                "not_before": rule.not_before,
                "not_after": rule.not_after,
                "state": state,
                "file": rule.file,
                "source": rule.source,
            }
            for rule, state in states
        ]

    def of(self, rules: Iterable[Rule]) -> Catalogue:
        """The same catalogue with other rules in force."""
        return _catalogue(rules, (), self.models)


def configured_catalogue(config: Config) -> Catalogue:
    """Return the catalogue that the settings ask for.

    Raises:
        CatalogueError: the settings' rules are wrong, or they switch what is not there.
    """
    file = str(config.file or FILE_NAME)
    extra = [*identity_entries(config.identities, file), *config.rules]
    return load_catalogue(extra, config.disabled_rules, file, enabled=config.enabled_rules)


def load_catalogue(
    extra: Sequence[Mapping[str, object]] = (),
    disabled: Collection[str] = (),
    file: str = FILE_NAME,
    *,
    enabled: Collection[str] = (),
) -> Catalogue:
    """Read the catalogue files.

    Args:
        extra: further entries, in the form of ``agents.toml``; they come before ours.
        disabled: ids of rules, or of entries, to leave out; ``*`` stands for anything.
        file: where ``extra``, ``disabled`` and ``enabled`` come from, for errors.
        enabled: ids of rules, or of entries, to switch on that are off by default.

    Raises:
        CatalogueError: an entry is wrong, an id is there twice, or a rule to switch is not there.
    """
    if extra or disabled or enabled:
        return _read_catalogue(extra, disabled, file, enabled)
    return _shipped()


@cache
def _shipped() -> Catalogue:
    return _read_catalogue((), (), FILE_NAME, ())


def _read_catalogue(
    extra: Sequence[Mapping[str, object]], disabled: Collection[str], file: str, enabled: Collection[str]
) -> Catalogue:
    words = _read("agents.toml")
    agents, models = str(words["agents"]), str(words["models"])
    users = Source(file, agents=agents, is_users=True)
    rules = [rule for n, raw in enumerate(extra) for rule in read_entry(raw, users, n)]
    rules += _own_rules()
    _check_ids(rules, file)
    _check_switched("disabled_rules", rules, disabled, file)
    _check_switched("enabled_rules", rules, enabled, file)
    for both in sorted(set(disabled) & set(enabled)):
        raise CatalogueError(f"{file}: {both} is in disabled_rules and in enabled_rules: take it out of one.")
    on = [rule for rule in rules if _is_on(rule, disabled, enabled)]
    kept = {rule.id for rule in on}
    return _catalogue(on, [rule for rule in rules if rule.id not in kept], re.compile(models, re.IGNORECASE))


@cache
def known_keys() -> frozenset[str]:
    """Trailer keys of our own catalogue, in lower case."""
    return frozenset(key for rule in _own_rules() if _is_on(rule, (), ()) for key in rule.keys)


@cache
def _own_rules() -> tuple[Rule, ...]:
    """The rules of our own files, those that are off by default among them."""
    agents = str(_read("agents.toml")["agents"])
    rules: list[Rule] = []
    for name, kind, attribution in _FILES:
        source = Source(name, kind, attribution, agents)
        for raw in _read(name)["rule"]:
            rules += read_entry(raw, source, len(rules))
    return (*rules, *load_heuristics().rules)


def _catalogue(rules: Iterable[Rule], off: Iterable[Rule], models: re.Pattern[str]) -> Catalogue:
    on = tuple(rules)
    return Catalogue(on, _hash(on, models.pattern), models, tuple(off))


def _is_on(rule: Rule, disabled: Collection[str], enabled: Collection[str]) -> bool:
    if _is_named(rule, disabled):
        return False
    return not rule.is_opt_in or _is_named(rule, enabled)


def _is_named(rule: Rule, names: Collection[str]) -> bool:
    return any(fnmatchcase(rule.id, name) or rule.entry == name for name in names)


@cache
def _read(name: str) -> dict[str, Any]:
    try:
        return tomli.loads(shipped(f"attribution/{name}"))
    except tomli.TOMLDecodeError as error:
        raise CatalogueError(f"{name}: not valid TOML: {error}.") from None


def _check_ids(rules: Sequence[Rule], file: str) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise CatalogueError(f"{file}: rule {rule.id}: the id is there twice; give the rule another one.")
        seen.add(rule.id)


def _check_switched(key: str, rules: Sequence[Rule], names: Collection[str], file: str) -> None:
    known = sorted({rule.id for rule in rules} | {rule.entry for rule in rules})
    for name in names:
        if name not in known and not any(fnmatchcase(each, name) for each in known):
            meant = nearest(name, known, "`codeshare rules` lists all.")
            raise CatalogueError(f"{file}: {key}: no rule is called {name!r}, {meant}")


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
            str((rule.on_subject, rule.is_person, rule.is_fallback, rule.not_before, rule.not_after)),
            *(f"{window.since} {window.until} {window.confidence.value}" for window in rule.windows),
        )
        digest.update("\0".join(fields).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:12]
