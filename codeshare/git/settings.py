"""The few settings of a repository that matter, from its own file alone.

GitPython reads them, which loads slowly; a file in the form in which git writes it is read without.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from types import ModuleType

from codeshare.git.places import read_file

Sections = Mapping[str, Mapping[str, str]]
"""Values by section and key; of a key that is there twice the last one."""

_HEADER = re.compile(rb'\[([A-Za-z][A-Za-z0-9.-]*(?: "[A-Za-z0-9_./-]+")?)\]')
_SETTING = re.compile(rb"[\t ]+([A-Za-z][A-Za-z0-9-]*) = ([\w@:/.,+*~%&?!-]+(?: [\w@:/.,+*~%&?!-]+)*)")
_WANTED = {
    "origin": ('remote "origin"', "url"),
    "object_format": ("extensions", "objectformat"),
    "promisor": ("extensions", "partialclone"),
}


def own_settings(file: Path) -> dict[str, str | None]:
    """The few settings that matter, from the repository's own file alone."""
    result: dict[str, str | None] = {"origin": None, "object_format": None, "promisor": None}
    content = read_file(file)
    if content is None:
        return result
    try:
        sections = plain_sections(content)
        if sections is None:
            sections = _parsed(content)
    except Exception as error:  # a broken file must not stop the reading of history
        if isinstance(error, KeyboardInterrupt):
            raise
        return result
    for key, (section, option) in _WANTED.items():
        result[key] = sections.get(section, {}).get(option)
    remotes = (options for name, options in sections.items() if name.startswith("remote "))
    if result["promisor"] is None and any("promisor" in options for options in remotes):
        result["promisor"] = "true"
    return result


def plain_sections(content: bytes) -> Sections | None:
    """What a file says that has nothing but headers and settings in git's own form; None: it has something else."""
    found: dict[str, dict[str, str]] = {}
    options: dict[str, str] | None = None
    for line in content.split(b"\n"):
        if header := _HEADER.fullmatch(line):
            options = found.setdefault(header[1].decode("ascii"), {})
        elif options is not None and (setting := _SETTING.fullmatch(line)):
            options[setting[1].decode("ascii")] = setting[2].decode("ascii")
        elif line:
            return None
    return None if "DEFAULT" in found else found


def _parsed(content: bytes) -> Sections:
    """The same of any file."""
    # Included files are not followed: they may lie anywhere.
    parser = _git_python().GitConfigParser(_Settings(content), read_only=True, merge_includes=False)
    found: dict[str, dict[str, str]] = {}
    wanted = [
        *_WANTED.values(),
        *((name, "promisor") for name in parser.sections() if name.startswith("remote ")),
    ]
    for section, option in wanted:
        if parser.has_section(section) and parser.has_option(section, option):
            found.setdefault(section, {})[option] = str(parser.get_values(section, option)[-1])
    return found


class _Settings(BytesIO):
    """Settings that were read; GitPython wants a name."""

    name = "config"


@cache
def _git_python() -> ModuleType:
    """GitPython, loaded without the git process by which it looks for git: that one would not go through our door."""
    given = {"GIT_PYTHON_REFRESH": "quiet", "GIT_PYTHON_GIT_EXECUTABLE": os.devnull}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        import git  # loads slowly
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
    return git
