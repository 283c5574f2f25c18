"""Whom a record means by a name: an agent under the name that the rules use, a model, a test's stand-in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.attribution.records.claim import word
from codeshare.shipped import shipped


class Names(Struct, frozen=True):
    """The names that are known; all of them in lower case."""

    tools: dict[str, str]
    tests: frozenset[str]
    no_model: frozenset[str]
    models: re.Pattern[str]

    def tool(self, name: Any) -> str | None:
        """The agent that records call ``name``; a name not known stays as it is."""
        found = word(name)
        if found is None or found.lower() in ("unknown", "none"):
            return None
        return self.tools.get(found.lower(), found)

    def model(self, name: Any) -> str | None:
        """The model without its provider; None where a record says nothing."""
        found = word(name)
        if found is None or found.lower() in self.no_model:
            return None
        return found.rpartition("/")[2] or None

    def is_test(self, name: Any) -> bool:
        """Whether an agent of that name exists in tests alone."""
        return isinstance(name, str) and name.lower() in self.tests

    def is_agent(self, name: str) -> bool:
        """Whether ``name`` is a known agent's, and no person's."""
        return name.lower() in self.tools

    def is_model(self, name: str) -> bool:
        """Whether ``name`` has the form of a model's."""
        return self.models.match(name.lower()) is not None


@cache
def load_names() -> Names:
    """Read ``names.toml``."""
    data = tomli.loads(shipped("attribution/records/names.toml"))
    return Names(
        tools=data["tools"],
        tests=frozenset(data["tests"]),
        no_model=frozenset(data["no_model"]),
        models=re.compile(data["models"]),
    )
