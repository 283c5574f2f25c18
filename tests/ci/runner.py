"""A runner of GitHub Actions as far as tests need one: how it reads commands, outputs and an action's file.

After actions/runner: src/Runner.Common/ActionCommand.cs, src/Runner.Worker/FileCommandManager.cs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"::([^\s:]+)(?: (.*?))?::(.*)")
_OLD = re.compile(r".*##\[([^\s\]]+)(?: (.*?))?\](.*)")
_KNOWN = {
    "error",
    "warning",
    "notice",
    "debug",
    "group",
    "endgroup",
    "add-mask",
    "stop-commands",
    "add-matcher",
}


@dataclass(frozen=True)
class Command:
    """A workflow command as the runner understands it."""

    name: str
    properties: dict[str, str]
    text: str


def read_commands(log: str) -> list[Command]:
    """The commands in what a step prints; none between ``stop-commands`` and its token."""
    found = []
    token = None
    for line in log.split("\n"):
        line = line.lstrip().rstrip("\r")
        if token is not None:
            token = None if line == f"::{token}::" else token
            continue
        match = _COMMAND.match(line) or _OLD.match(line)
        if match is None or match[1].lower() not in _KNOWN:
            continue
        if match[1] == "stop-commands":
            token = match[3]
            continue
        pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if "=" in pair)
        properties = {name.strip(): _read(value, property=True) for name, _, value in pairs}
        found.append(Command(match[1], properties, _read(match[3])))
    return found


def _read(text: str, *, property: bool = False) -> str:  # noqa: A002  GitHub's word
    pairs = [("%0D", "\r"), ("%0A", "\n")]
    pairs += [("%3A", ":"), ("%2C", ",")] if property else []
    for escaped, sign in [*pairs, ("%25", "%")]:
        text = text.replace(escaped, sign)
    return text


def read_outputs(text: str) -> dict[str, str]:
    """The values in a file of outputs; a line that is none is an error, as it is to the runner."""
    found = {}
    lines = iter(re.split(r"\r\n|\r|\n", text.removesuffix("\n")) if text else ())
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            found[line[:equals]] = line[equals + 1 :]
        elif heredoc >= 0:
            name, _, delimiter = line.partition("<<")
            value = []
            for inner in lines:
                if inner == delimiter:
                    break
                value.append(inner)
            else:
                raise ValueError(f"no {delimiter}")
            found[name] = "\n".join(value)
        else:
            raise ValueError(f"invalid format: {line!r}")
    return found
