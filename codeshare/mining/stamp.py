"""What decides the rows that are stored of a repository and is no part of its history."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct

from codeshare.attribution.catalogue import Catalogue
from codeshare.config import Config
from codeshare.git.repository import Repository
from codeshare.mining.standing import Standing
from codeshare.staff import memberships
from codeshare.version import PATCH_IDS, VERSION


class Stamp(Struct, frozen=True):
    """What is in force for a repository: another stamp means mining anew.

    ``request_heads``: of imported requests, by number, the commit that merged each and its head where
    that is known; ``requests_with`` changes with them and with the requests that can be read.
    """

    mined_with: str
    requests_with: str
    request_heads: Mapping[int, tuple[str, str | None]]


def stamp_of(standing: Standing, repository: Repository, decided: str) -> Stamp:
    """The stamp of a repository under settings of this `fingerprint`; ``standing``: what is stored of it."""
    heads = standing.heads.get(repository.name, {})
    requests_with = _hash((repository.requests, sorted(heads.items())))
    return Stamp(mined_with(standing, repository, decided), requests_with, heads)


def fingerprint(config: Config, catalogue: Catalogue) -> str:
    """Changes when anything that decides a stored row changes."""
    teams = [(each.person, each.team, each.since, each.until) for each in memberships(config)]
    signs = tuple(config.fix_patterns)
    people = (config.aliases, sorted(teams, key=str), config.pseudonym_salt)
    return _hash(
        (
            VERSION,
            PATCH_IDS,
            catalogue.hash,
            config.mainline,
            config.exclude,
            people,
            *((signs,) if signs else ()),
        )
    )


def _hash(deciding: object) -> str:
    return hashlib.sha256(repr(deciding).encode()).hexdigest()[:16]


def mined_with(standing: Standing, repository: Repository, decided: str) -> str:
    """What `repos.mined_with` is where a repository was mined under settings of this `fingerprint`."""
    imported = tuple(standing.imported.get(repository.name, ()))
    return _hash((decided, repository.records, *((imported,) if imported else ())))
