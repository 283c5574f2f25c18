"""Settings, read from ``codeshare.toml`` into typed values.

Every field carries its own documentation in ``metadata["help"]``; ``docs/configuration.md`` is
printed from it. A wrong key names the file and the nearest right key. Paths inside the file are
relative to the file.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from codeshare.errors import ConfigError

FILE_NAME = "codeshare.toml"


def cache_folder() -> Path:
    """The user's cache folder of codeshare."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "codeshare"


def _setting(help: str, default: Any = MISSING, factory: Any = MISSING) -> Any:  # noqa: A002  the word users know
    if factory is not MISSING:
        return field(default_factory=factory, metadata={"help": help})
    if default is not MISSING:
        return field(default=default, metadata={"help": help})
    return field(metadata={"help": help})


@dataclass(frozen=True, slots=True)
class RepoConfig:
    """``[[repo]]``: a repository to mine."""

    path: str = _setting(
        "work tree, bare repository, `.bundle` file or URL; relative to this file, `~` is your home folder"
    )
    name: str | None = _setting(
        "name in the database; default: owner/name of origin, else the folder's", None
    )
    branch: str | None = _setting("branch to mine; default: what origin/HEAD points at, else HEAD", None)


@dataclass(frozen=True, slots=True)
class Alias:
    """``[[alias]]``: addresses that belong to one person."""

    email: str = _setting("the person's main address")
    emails: tuple[str, ...] = _setting("the person's other addresses")
    name: str | None = _setting("the name to show", None)


@dataclass(frozen=True, slots=True)
class EventConfig:
    """``[[event]]``: something the volume chart marks."""

    date: date = _setting("the day")
    label: str = _setting("what the chart says")
    source: str = _setting("where the date is from")
    short_label: str | None = _setting("a shorter form for phones", None)
    kind: str = _setting("`release` is kept first when there are too many", "company")


@dataclass(frozen=True, slots=True)
class FixPattern:
    """``[[fix_pattern]]``: words by which your messages say that a commit mends something."""

    pattern: str = _setting("regular expression, searched for in the first 300 characters")
    where: str = _setting("`subject`, or `message` for all of it", "subject")
    confidence: str = _setting("`high`, `medium` or `low`: how sure it is", "medium")


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; the defaults are those of a repository without ``codeshare.toml``."""

    title: str | None = _setting("whose code it is, in the report's masthead", None)
    mainline: str = _setting(
        "`foxtrots` follows the branch through foxtrot merges; `first-parent` does not", "foxtrots"
    )
    baseline_since: date = _setting("first day of the baseline, the start of a quarter", date(2024, 1, 1))
    baseline_until: date = _setting("first day after the baseline, the start of a quarter", date(2025, 1, 1))
    minimum_engineers: int = _setting("with fewer active engineers no per-engineer chart is drawn", 5)
    holidays: tuple[date, ...] = _setting("days that are no working days", ())
    exclude: tuple[str, ...] = _setting(
        "path patterns (as in .gitignore) whose files are left out, as class `data`", ()
    )
    pseudonym_salt: str = _setting(
        "a secret that pseudonyms are made with; without one each database draws its own", ""
    )
    rules: tuple[Mapping[str, object], ...] = _setting(
        "further attribution rules, in the form of agents.toml", ()
    )
    identities: tuple[Mapping[str, object], ...] = _setting(
        "agents and bots of your own, by address, account or name", ()
    )
    disabled_rules: tuple[str, ...] = _setting("ids of attribution rules to switch off", ())
    enabled_rules: tuple[str, ...] = _setting(
        "ids of attribution rules to switch on that are off by default", ()
    )
    repos: tuple[RepoConfig, ...] = _setting("the repositories", ())
    aliases: tuple[Alias, ...] = _setting("addresses that belong to one person", ())
    teams: Mapping[str, tuple[str, ...]] = _setting(
        "team = list of addresses; or the name of a CSV file: person, team, from, to", factory=dict
    )
    headcount: str | None = _setting(
        "CSV file of how many engineers there were: quarter, engineers, and team if you like", None
    )
    events: tuple[EventConfig, ...] = _setting("more for the volume chart to mark", ())
    fix_patterns: tuple[FixPattern, ...] = _setting("further signs of fix commits", ())
    teams_file: str | None = field(default=None, metadata={})
    file: Path | None = field(default=None, metadata={})

    @property
    def folder(self) -> Path:
        """What relative paths are relative to."""
        return self.file.parent if self.file else Path.cwd()


_MISTAKEN: dict[type, type] = {int: bool, date: datetime}
_TABLES: dict[str, tuple[str, type]] = {
    "repo": ("repos", RepoConfig),
    "alias": ("aliases", Alias),
    "event": ("events", EventConfig),
    "fix_pattern": ("fix_patterns", FixPattern),
}
_RAW = {"rule": "rules", "identity": "identities"}
"""Tables that the catalogue of rules checks."""


def load_config(path: Path | None = None) -> Config:
    """Read ``path``, else ``codeshare.toml`` of the current directory, else return the defaults.

    Raises:
        ConfigError: the file is missing (when named), is no TOML, or has a wrong key or value.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.is_file():
            return Config()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file. Name an existing one with --config.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}.") from None
    return parse_config(data, path.resolve())


def parse_config(data: Mapping[str, Any], file: Path) -> Config:
    """Turn the file's tables into settings."""
    known = {f.name: f for f in fields(Config) if "help" in f.metadata}
    for name, _ in _TABLES.values():
        del known[name]
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key in _TABLES:
            name, kind = _TABLES[key]
            values[name] = tuple(_entry(kind, key, row, file) for row in _list(key, value, file))
        elif key in _RAW:
            values[_RAW[key]] = tuple(_list(key, value, file))
        elif key == "teams" and isinstance(value, str):
            values["teams_file"] = value
        elif key == "teams":
            teams = _typed(
                dict, "a table of lists: team = [addresses], or the name of a file", key, value, file
            )
            values[key] = {team: _strings(f"teams.{team}", people, file) for team, people in teams.items()}
        elif key in known and key not in _RAW.values():
            values[key] = _value(known[key], key, value, file)
        else:
            raise _unknown_key(
                file, "", key, [*(key for key in known if key not in _RAW.values()), *_TABLES, *_RAW]
            )
    if "repos" in values:  # as the shell would have it
        values["repos"] = tuple(replace(repo, path=os.path.expanduser(repo.path)) for repo in values["repos"])
    config = Config(**values, file=file)
    _check(config, file)
    return config


def _check(config: Config, file: Path) -> None:
    if config.mainline not in ("foxtrots", "first-parent"):
        raise ConfigError(f"{file}: mainline = {config.mainline!r}: must be 'foxtrots' or 'first-parent'.")
    for day in (config.baseline_since, config.baseline_until):
        if day.day != 1 or day.month % 3 != 1:
            raise ConfigError(
                f"{file}: the baseline must begin and end with a quarter; {day} does not start one."
            )
    if config.baseline_since >= config.baseline_until:
        raise ConfigError(f"{file}: baseline_since must be before baseline_until.")


def _entry(kind: type, table: str, row: Any, file: Path) -> Any:
    if not isinstance(row, dict):
        raise ConfigError(f"{file}: [[{table}]] must be a table.")
    known = {f.name: f for f in fields(kind)}
    for key in row:
        if key not in known:
            raise _unknown_key(file, f"[[{table}]] ", key, list(known))
    for f in known.values():
        if f.default is MISSING and f.default_factory is MISSING and f.name not in row:
            raise ConfigError(f"{file}: [[{table}]] lacks {f.name!r}: {f.metadata['help']}.")
    return kind(**{key: _value(known[key], f"{table}.{key}", value, file) for key, value in row.items()})


def _value(f: Field[Any], key: str, value: Any, file: Path) -> Any:
    wanted = str(f.type)
    if wanted.startswith("tuple[str"):
        return _strings(key, value, file)
    if wanted.startswith("tuple[date"):
        return tuple(_typed(date, "a date", key, day, file) for day in _list(key, value, file))
    if wanted == "date":
        return _typed(date, "a date such as 2024-01-01", key, value, file)
    if wanted == "int":
        return _typed(int, "a whole number", key, value, file)
    return _typed(str, "text", key, value, file)


def _typed(kind: type, words: str, key: str, value: Any, file: Path) -> Any:
    # To Python a yes is a number and a time of day a date.
    if not isinstance(value, kind) or isinstance(value, _MISTAKEN.get(kind, ())):
        raise ConfigError(f"{file}: {key} = {value!r}: must be {words}.")
    return value


def _list(key: str, value: Any, file: Path) -> list[Any]:
    return cast("list[Any]", _typed(list, "a list", key, value, file))


def _strings(key: str, value: Any, file: Path) -> tuple[str, ...]:
    return tuple(_typed(str, "text", key, item, file) for item in _list(key, value, file))


def _unknown_key(file: Path, where: str, key: str, known: list[str]) -> ConfigError:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(sorted(known))}."
    return ConfigError(f"{file}: {where}{key}: unknown key, {hint}")
