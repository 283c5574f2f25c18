from __future__ import annotations

import re

import click
import pytest

from codeshare.cli.main import codeshare
from tests.docs.documents import ROOT

DOCUMENT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
OPTIONS = [
    (name, option)
    for name, command in {"": codeshare, **codeshare.commands}.items()
    for parameter in command.params
    if isinstance(parameter, click.Option) and not parameter.hidden
    for option in parameter.opts
]


NAMING = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "queries").glob("*.sql"),
    *(
        path
        for path in (ROOT / "codeshare").rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".sql", ".html"}
    ),
]
_NAMED = re.compile(r"`codeshare (?:--\w+ [^\s`]+ )*([a-z]+)\b")


def test_no_command_is_named_that_does_not_exist() -> None:
    named = {
        (command, str(path.relative_to(ROOT)))
        for path in NAMING
        for command in _NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert {command for command, _ in named} >= {"mine", "query", "report"}
    assert sorted(each for each in named if each[0] not in codeshare.commands) == []


def _section(command: str) -> str:
    """The part of the document under a command's heading."""
    heading = f"## codeshare {command}".rstrip()
    _, found, rest = DOCUMENT.partition(f"{heading}\n")
    assert found, heading
    return re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", sorted(codeshare.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"Usage: codeshare {name}" in _section(name)
    assert f"(docs/commands.md#codeshare-{name})" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=[f"{c or 'codeshare'} {o}" for c, o in OPTIONS])
def test_every_option_is_documented(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", _section(command))


@pytest.mark.parametrize("name", sorted(codeshare.commands))
def test_no_command_or_option_is_without_help(name: str) -> None:
    command = codeshare.commands[name]
    assert command.help
    assert all(each.help for each in command.params if isinstance(each, click.Option))
