"""Addresses that the configuration joins: which one stands for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from codeshare.config import Alias
from codeshare.errors import ConfigError


class Aliases:
    """From any address of a person to the main one; a main address may be another alias's further address."""

    def __init__(self, aliases: Iterable[Alias], normalise: Callable[[str], str]) -> None:
        """Read the aliases.

        Raises:
            ConfigError: an address stands in two aliases, or aliases go round in a circle.
        """
        self._main: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for alias in aliases:
            main = normalise(alias.email)
            if alias.name:
                self._names.setdefault(main, alias.name)
            for address in map(normalise, alias.emails):
                if address != main and self._main.setdefault(address, main) != main:
                    raise ConfigError(
                        f"[[alias]]: {address} stands in the aliases of {self._main[address]} and {main}; keep one."
                    )
        for address in self._main:
            self._refuse_circle(address)

    def main(self, address: str) -> str:
        """Return the main address of a person; an address in no alias is its own."""
        while address in self._main:
            address = self._main[address]
        return address

    def name(self, main: str) -> str | None:
        """Return the name that an alias gives to whom this main address stands for."""
        return self._names.get(main)

    def _refuse_circle(self, address: str) -> None:
        seen = [address]
        while (following := self._main.get(seen[-1])) is not None:
            if following in seen:
                raise ConfigError(
                    f"[[alias]]: {address} stands in a circle: {' → '.join([*seen, following])}."
                )
            seen.append(following)
