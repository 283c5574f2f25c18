"""The commands by name, each loaded when it is asked for: a command line is about one of them."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from codeshare.cli.shared import command_options

NAMES = (
    "mine", "report", "share", "check", "blame", "explain", "estimate", "rules", "people", "sql", "query", "definitions", "doctor",
    "import", "export", "verify", "badge", "ci", "hook", "demo", "lake", "completion", "man",
)  # fmt: skip
_MODULES = {"import": "imports"}
"""Where a module, and the command in it, cannot have the command's name."""


class Commands(MutableMapping[str, click.Command]):
    """What `click.Group` takes for a dictionary of its commands."""

    def __init__(self) -> None:
        self._names = list(NAMES)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._loaded:
            module = _MODULES.get(name, name)
            self[name] = command_options(getattr(import_module(f"codeshare.cli.{module}"), module))
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        if name not in self._names:
            self._names.append(name)
        self._loaded[name] = command

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]
        self._names.remove(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
