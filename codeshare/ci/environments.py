"""Agents at work: what the variables of a shell say about who runs the commands in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import tomli
from msgspec import Struct

from codeshare.shipped import shipped

_OFF = ("", "0", "false")


class Environment(Struct, frozen=True):
    """A variable that an agent sets, and the trailer that its commits may carry."""

    variable: str
    tool: str
    trailer: str
    source: str
    value: str = ""

    def is_in(self, variables: Mapping[str, str]) -> bool:
        """Whether the variable is set, and where several tools set it, to this one's name."""
        found = variables.get(self.variable, "").strip().lower()
        if self.value:
            return found == self.value or found.startswith((f"{self.value}@", f"{self.value}/"))
        return found not in _OFF


@cache
def environments() -> tuple[Environment, ...]:
    """All that are known, in the file's order."""
    text = shipped("ci/environments.toml")
    return tuple(Environment(**entry) for entry in tomli.loads(text)["environment"])


def agent_at_work(variables: Mapping[str, str]) -> Environment | None:
    """The agent that runs here, or None where no variable tells of one: which is no proof that none does."""
    return next((each for each in environments() if each.is_in(variables)), None)
