"""``[[identity]]`` of ``codeshare.toml``: agents and bots that only one organisation has, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from codeshare.attribution.addresses import LOGIN_END
from codeshare.errors import CatalogueError
from codeshare.nearest import nearest

_WHO = ("emails", "logins", "names")
_CARRIED = ("class", "class_as_author", "confidence", "not_before", "not_after", "source")
_KEYS = ("tool", "id", *_WHO, *_CARRIED)


def identity_entries(rows: Sequence[Mapping[str, object]], file: str) -> list[Mapping[str, object]]:
    """Turn identities into catalogue entries of kind ``identity``: one for addresses, one for names.

    Raises:
        CatalogueError: names the file, the identity, and the nearest right key.
    """
    return [entry for n, row in enumerate(rows, 1) for entry in _entries(row, f"{file}: [[identity]] {n}")]


def _entries(row: Mapping[str, object], where: str) -> Iterator[Mapping[str, object]]:
    if not isinstance(row, Mapping):
        raise CatalogueError(f"{where}: must be a table of keys and values.")
    for key in row:
        if key not in _KEYS:
            raise CatalogueError(f"{where}: {key}: unknown key, {nearest(key, _KEYS, _known())}")
    tool = row.get("tool")
    if not isinstance(tool, str) or not tool.strip():
        raise CatalogueError(f"{where}: tool must be text: the name to show.")
    emails, logins, names = (_texts(row, key, f"{where} ({tool})") for key in _WHO)
    if not (emails or logins or names):
        raise CatalogueError(f"{where} ({tool}): needs emails, logins or names.")
    entry = {
        "id": row.get("id", "own." + re.sub(r"\W+", "-", tool.lower()).strip("-")),
        "tool": tool,
        "kind": "identity",
        "source": "codeshare.toml",
        **{key: row[key] for key in _CARRIED if key in row},
    }
    if emails or logins:
        yield {**entry, "address": "|".join((*map(re.escape, emails), *map(_login, logins)))}
    if names:
        own = {**entry, "id": f"{entry['id']}.name"} if emails or logins else entry
        yield {**own, "name": f"^(?:{'|'.join(map(re.escape, names))})$"}


def _login(login: str) -> str:
    number, _, name = login.partition("+")
    known = number.isdigit() and name
    return (re.escape(login) if known else rf"(?:\d+\+)?{re.escape(login)}") + LOGIN_END


def _texts(row: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    value = row.get(key, ())
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) and each for each in values):
        raise CatalogueError(f"{where}: {key} must be a list of texts.")
    return tuple(values)


def _known() -> str:
    return f"known: {', '.join(_KEYS)}."
