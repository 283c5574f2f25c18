"""Identities and the persons, agents and bots behind them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from codeshare.attribution.aliases import Aliases
from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.identities import IdentityRules
from codeshare.attribution.rule import Rule
from codeshare.attribution.union import Union
from codeshare.config import Alias
from codeshare.errors import ConfigError
from codeshare.model import Attribution, Identity, PersonKind

_GITHUB = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$")
_GITLAB = re.compile(r"(?:\d+-)?([^@]+)@users\.noreply\.gitlab\.com$")
_ANY_BOT = re.compile(r"\[bot\](?:@users\.noreply\.github\.com)?$")
_TOOL_SUFFIX = re.compile(r"\s*\(aider\)\s*$", re.IGNORECASE)

SHARED_ADDRESSES = frozenset(
    {
        *(
            "",
            "noreply@github.com",
            "noreply@gitlab.com",
            "root@localhost",
            "devnull@localhost",
            "unknown",
            "none@none",
        ),
        *(
            "you@example.com",
            "your_email@example.com",
            "your@email.com",
            "user@example.com",
            "test@example.com",
        ),
    }
)
"""Addresses that stand for nobody: whoever uses one is told apart by name."""


class Person(Struct, frozen=True):
    """Who stands behind an identity. ``how`` it was joined: itself, mailmap, alias, noreply or rule."""

    person: str
    name: str
    email: str
    kind: PersonKind
    how: str


def normalise_email(email: str) -> str:
    """Return the address in lower case, GitHub's and GitLab's no-reply forms without their number."""
    lower = email.strip().lower()
    if match := _GITHUB.match(lower):
        return f"{match[1]}@users.noreply.github.com"
    if match := _GITLAB.match(lower):
        return f"{match[1]}@users.noreply.gitlab.com"
    return lower


def person_id(key: str) -> str:
    """Return the id made from a canonical address (or what stands for one)."""
    return "p_" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class People:
    """Finds the person behind an identity. Holds no state but caches: ids depend on addresses alone."""

    def __init__(
        self,
        catalogue: Catalogue,
        aliases: Sequence[Alias] = (),
        teams: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Read aliases and teams (of addresses).

        Raises:
            ConfigError: an address stands in two aliases or two teams.
        """
        kinds = ("author", "bot_author", "trailer", "committer")
        # The rules of one entry look at the same identity: one of them will do.
        entries = {rule.entry: rule for rule in catalogue.rules if rule.kind in kinds}
        self._rules = IdentityRules(entries.values(), catalogue.rules)
        self._aliases = Aliases(aliases, normalise_email)
        self._teams: dict[str, str] = {}
        for team, addresses in (teams or {}).items():
            for address in addresses:
                if self._teams.setdefault(self.person_of(address), team) != team:
                    raise ConfigError(f"teams: {address} stands in two teams; keep one.")
        self._known: dict[tuple[Identity, Identity], Person] = {}
        # The last that were joined: a mine asks before and after it stores them.
        self._joined: tuple[frozenset[tuple[str, str, str, str]], dict[str, str]] = (frozenset(), {})

    def resolve(self, identity: Identity, mapped: Identity | None = None) -> Person:
        """Return who stands behind ``identity``; ``mapped`` is what the mailmap gave for it."""
        key = (identity, mapped or identity)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._automaton(identity) or self._person(*key)
        return known

    def person_of(self, address: str) -> str:
        """Return the person (id) whose address this is, by its canonical form or an alias."""
        return self._id(self._canonical(normalise_email(address)))

    def team(self, person: str) -> str | None:
        """Return the configured team of a person (id), by its main address."""
        return self._teams.get(person)

    def join(self, rows: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
        """Join persons over several repositories' mailmaps.

        Args:
            rows: name, address, mapped name, mapped address of all identities of all repositories.

        Returns:
            Old id to the id that takes its place; persons that stay are left out. An address that
            mailmaps give to different persons by name (a shared machine's) joins nobody.
        """
        given = frozenset(rows)
        if given != self._joined[0]:
            self._joined = given, self._join(given)
        return self._joined[1]

    def _join(self, rows: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
        seen = sorted({(Identity(a, b), Identity(c, d)) for a, b, c, d in rows}, key=_words)
        union = Union()
        targets: dict[Identity, set[str]] = {}
        for identity, mapped in seen:
            person = self.resolve(identity, mapped)
            if person.kind is PersonKind.PERSON:
                targets.setdefault(identity, set()).add(person.person)
        for ids in targets.values():
            union.join(*sorted(ids))
        by_address: dict[str, set[str]] = {}
        for identity, ids in targets.items():
            alone = self.resolve(identity).person
            by_address.setdefault(alone, set()).update(ids - {alone})
        for alone, ids in by_address.items():
            if ids and len({union.root(each) for each in ids}) == 1:
                union.join(alone, *sorted(ids))
        sources = {alone for alone, ids in by_address.items() if ids}
        return union.mapping(prefer=lambda each: each not in sources)

    def _automaton(self, identity: Identity) -> Person | None:
        rule = next(iter(self._rules.matching(identity)), None)
        if rule is not None and not rule.is_person:
            return self._tool(rule)
        if not (_ANY_BOT.search(identity.name.lower()) or _ANY_BOT.search(identity.email.lower())):
            return None
        login = normalise_email(identity.email).partition("@")[0]
        name = login if login.endswith("[bot]") else identity.name
        return Person(person_id(f"bot:{name.lower()}"), name, identity.email, PersonKind.BOT, "rule")

    def _tool(self, rule: Rule) -> Person:
        kind = PersonKind.BOT if rule.attribution is Attribution.BOT else PersonKind.AGENT
        return Person(person_id(f"{kind.value}:{rule.tool}"), rule.tool, "", kind, "rule")

    def _person(self, identity: Identity, mapped: Identity) -> Person:
        address = normalise_email(mapped.email)
        canonical = self._canonical(address)
        name = _TOOL_SUFFIX.sub("", mapped.name).strip()
        if canonical != address:
            how = "alias"
        elif address != normalise_email(identity.email):
            how = "mailmap"
        else:
            how = "itself" if address == mapped.email.strip().lower() else "noreply"
        key = f"{name} <{canonical}>" if canonical in SHARED_ADDRESSES else canonical
        return Person(self._id(key), self._aliases.name(canonical) or name, canonical, PersonKind.PERSON, how)

    def _canonical(self, address: str) -> str:
        return self._aliases.main(address)

    @staticmethod
    def _id(key: str) -> str:
        return person_id(key)


def _words(pair: tuple[Identity, Identity]) -> tuple[str, str, str, str]:
    identity, mapped = pair
    return (identity.email, identity.name, mapped.email, mapped.name)
