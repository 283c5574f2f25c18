"""Join persons: an ``[[alias]]`` at the end of ``codeshare.toml``, which the next mine applies."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import tomli
from msgspec import Struct

from codeshare.attribution.aliases import Aliases
from codeshare.attribution.people import SHARED_ADDRESSES, normalise_email
from codeshare.attribution.teams import Teams
from codeshare.config import Config, load_config, parse_config
from codeshare.errors import ConfigError, OutputError
from codeshare.model import PersonKind
from codeshare.nearest import nearest
from codeshare.staff import memberships

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Joined(Struct, frozen=True):
    """What came of it: ``others`` are the addresses that were written down, none where nothing was to do."""

    main: str
    others: tuple[str, ...]
    file: Path
    is_new_file: bool


class _Row(Struct, frozen=True):
    name: str
    email: str
    mapped: str
    kind: str
    shown: str
    person: str
    commits: int


def join(connection: DuckDBPyConnection, whom: Sequence[str], file: Path) -> Joined:
    """Write down that addresses, or the only bearers of names, are one person. The first is the main one.

    The file keeps every byte that it had; it is put in its place whole. Joining once more changes nothing.

    Args:
        whom: two or more, each ``ann@example.org``, ``Ann Lee <ann@example.org>`` or ``Ann Lee``.
        file: the configuration; made where it is absent.

    Raises:
        ConfigError: somebody is not in the database, is an agent or a bot, or the file would contradict itself.
        OutputError: the file cannot be written.
    """
    config = load_config(file) if file.exists() else Config()
    aliases = Aliases(config.aliases, normalise_email)
    rows = _rows(connection)
    found = [_address(rows, words, aliases) for words in whom]
    main = found[0]
    others = tuple(dict.fromkeys(address for address in found[1:] if address != main))
    if others:
        _append(file, main, others)
    return Joined(main, others, file, bool(others) and config.file is None)


def _rows(connection: DuckDBPyConnection) -> list[_Row]:
    rows = connection.execute(
        "select i.name, i.email, i.mapped_email, i.kind, coalesce(p.name, i.name), i.person, i.commits"
        " from identities as i left join people as p using (person) order by all"
    ).fetchall()
    return [_Row(*row) for row in rows]


def _address(rows: Sequence[_Row], words: str, aliases: Aliases) -> str:
    """The main address of whom ``words`` name."""
    text = words.strip()
    if text.endswith(">") and "<" in text:
        text = text[text.rindex("<") + 1 : -1]
    if "@" in text:
        wanted = normalise_email(text)
        if wanted in SHARED_ADDRESSES:
            raise ConfigError(f"{words}: this address stands for nobody; its users are told apart by name.")
        named = [row for row in rows if wanted in (normalise_email(row.email), normalise_email(row.mapped))]
    else:
        named = [row for row in rows if text in (row.name, row.shown)]
    if not named:
        raise ConfigError(f"{words}: nobody in the database has this {_kind(text)}; {_nearest(rows, text)}")
    persons = [row for row in named if row.kind == PersonKind.PERSON]
    if not persons:
        row = named[0]
        raise ConfigError(f"{words}: {row.shown} is {_article(row.kind)}; only persons are joined.")
    return _only(persons, words, aliases)


def _only(rows: Sequence[_Row], words: str, aliases: Aliases) -> str:
    """The main address, where all rows are one person's."""
    commits: dict[str, int] = {}
    for row in rows:
        main = aliases.main(normalise_email(row.mapped))
        commits[main] = commits.get(main, 0) + row.commits
    kept = sorted(commits.keys() - SHARED_ADDRESSES, key=lambda main: (-commits[main], main))
    if len({row.person for row in rows}) > 1 or not kept:
        several = ", ".join(kept) or "no address of their own"
        raise ConfigError(f"{words}: stands for several people ({several}); name one address.")
    return kept[0]


def _kind(text: str) -> str:
    return "address" if "@" in text else "name"


def _article(kind: str) -> str:
    return f"an {kind}" if kind == PersonKind.AGENT else f"a {kind}"


def _nearest(rows: Sequence[_Row], text: str) -> str:
    known = {row.email for row in rows} if "@" in text else {row.name for row in rows}
    return nearest(text, known, "`codeshare people` lists all.")


def _append(file: Path, main: str, others: Sequence[str]) -> None:
    try:
        before = file.read_bytes() if file.exists() else b""
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error}.") from None
    newline = "\r\n" if b"\r\n" in before else "\n"
    lines = ["[[alias]]", f"email = {_quoted(main)}", f"emails = [{', '.join(map(_quoted, others))}]", ""]
    if before:
        lines.insert(0, "" if before.endswith(b"\n") else newline)
    after = before + newline.join(lines).encode()
    _check(after, file)
    _replace(file.resolve(), after)


def _quoted(address: str) -> str:
    return json.dumps(address, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(content: bytes, file: Path) -> None:
    """Refuse what the next mine would refuse."""
    try:
        data = tomli.loads(content.decode("utf-8"))
    except tomli.TOMLDecodeError:
        raise ConfigError(
            f"{file}: an [[alias]] cannot be added. Write its aliases as [[alias]] tables, not as a list in one line."
        ) from None
    config = parse_config(data, file.resolve())
    aliases = Aliases(config.aliases, normalise_email)
    Teams(memberships(config), lambda address: aliases.main(normalise_email(address)), {})


def _replace(file: Path, content: bytes) -> None:
    try:
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, mode)
            os.replace(temporary, file)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror or error}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
