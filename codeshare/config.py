"""Settings, read from ``codeshare.toml`` into typed values.

Every key says beside its type what it is for; ``docs/configuration.md`` is printed from that. A wrong
key names the file and the nearest right key. Paths inside the file are relative to the file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, cast, get_args, get_origin

from msgspec import NODEFAULT, Struct, field
from msgspec.structs import fields, replace

from codeshare.errors import ConfigError
from codeshare.nearest import nearest
from codeshare.reading import parse_toml, read_text

FILE_NAME = "codeshare.toml"
_LARGEST = 1 << 20
"""Bytes."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]+", re.ASCII)


def cache_folder() -> Path:
    """The user's cache folder of codeshare."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "codeshare"


def file_name(words: str, key: str) -> str:
    """A name for a file in the cache: words for people, whatever they hold, and what tells ``key`` from others."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"{_NOT_IN_NAMES.sub('+', words)[:80]}-{digest}"


class RepoConfig(Struct, frozen=True):
    """``[[repo]]``: a repository to mine, or several."""

    path: Annotated[
        str,
        "work tree, bare repository, `.bundle` file or URL, or a pattern of folders such as `services/*`; relative to this file, `~` is your home folder",
    ] = ""
    name: Annotated[str | None, "name in the database; default: owner/name of origin, else the folder's"] = None  # fmt: skip
    branch: Annotated[str | None, "branch to mine; default: what origin/HEAD points at, else HEAD"] = None
    list: Annotated[
        str | None,
        "instead of `path`: a file that lists repositories, as lines, as CSV, or what `gh repo list --json` writes",
    ] = None
    skip: Annotated[tuple[str, ...], "patterns of names or paths in a list or folder that are not mined"] = ()
    team: Annotated[str | None, "the team of whoever works most here and is in no other"] = None
    exclude: Annotated[tuple[str, ...], "further path patterns whose files are left out, here only"] = ()
    requests: Annotated[bool, "fetch the heads of pull and merge requests, as `--fetch-requests` does"] = False  # fmt: skip


class Alias(Struct, frozen=True):
    """``[[alias]]``: addresses that belong to one person."""

    email: Annotated[str, "the person's main address"]
    emails: Annotated[tuple[str, ...], "the person's other addresses"]
    name: Annotated[str | None, "the name to show"] = None


class EventConfig(Struct, frozen=True):
    """``[[event]]``: something the volume chart marks."""

    date: Annotated[date, "the day"]
    label: Annotated[str, "what the chart says"]
    source: Annotated[str, "where the date is from"]
    short_label: Annotated[str | None, "a shorter form for phones"] = None
    kind: Annotated[str, "`release` is kept first when there are too many"] = "company"


class FixPattern(Struct, frozen=True):
    """``[[fix_pattern]]``: words by which your messages say that a commit mends something."""

    pattern: Annotated[str, "regular expression, searched for in the first 300 characters"]
    where: Annotated[str, "`subject`, or `message` for all of it"] = "subject"
    confidence: Annotated[str, "`high`, `medium` or `low`: how sure it is"] = "medium"


SHARED_COMMITS = ("first-merged", "first-listed", "each")
"""Where a commit counts that several repositories hold."""

LEVELS = ("off", "warn", "fail")
"""What a broken rule of ``[check]`` comes to."""


class PathCheck(Struct, frozen=True):
    """``[[check.path]]``: rules for some files only."""

    path: Annotated[str, "pattern of files; `*` also matches `/`, a folder stands for all in it"]
    at_most: Annotated[float | None, "the share of AI may be at most this, 0 to 1"] = None
    at_least: Annotated[float | None, "the share of AI must be at least this, 0 to 1"] = None
    level: Annotated[str | None, "`off`, `warn` or `fail`; default: that of `[check]`"] = None


class CheckConfig(Struct, frozen=True):
    """``[check]``: what `codeshare check` holds a range or the database to."""

    level: Annotated[
        str, "what a broken rule comes to where nothing else is said: `off`, `warn` or `fail`"
    ] = "fail"
    levels: Annotated[Mapping[str, str], "rule = level, for single rules"] = field(default_factory=dict)
    at_most: Annotated[float | None, "the share of AI may be at most this, 0 to 1"] = None
    at_least: Annotated[float | None, "the share of AI must be at least this, 0 to 1"] = None
    ratchet: Annotated[
        float | None,
        "the share of AI may be at most so much above the mean of the weeks before, 0 to 1; needs a mined database",
    ] = None
    ratchet_weeks: Annotated[int, "how many weeks that mean is of"] = 12
    coverage: Annotated[float | None, "evidence must speak of at least this part of the lines, 0 to 1"] = None
    churn: Annotated[
        float | None,
        "of merged lines at most this part may be gone again within 14 days, 0 to 1; needs a mined database",
    ] = None
    left_out: Annotated[
        int | None,
        "a range may bring at most so many lines that no share counts (imports, subtrees, new vendored and generated files, bots' code); "
        "where it is not set and another rule is, any are a warning",
    ] = None
    trailers: Annotated[bool, "agents' trailers must be well formed"] = False
    agent_trailers: Annotated[bool, "commits of agents' identities must carry their trailer"] = False
    required_trailer: Annotated[
        str | None, "regular expression that a trailer of every commit must match, such as `^Signed-off-by: `"
    ] = None
    settings: Annotated[bool, "a range must not change files that decide how it is counted"] = False
    paths: Annotated[tuple[PathCheck, ...], "rules for some files only"] = ()

    def level_of(self, rule: str) -> str:
        """What a broken rule comes to."""
        return self.levels.get(rule, self.level)

    @property
    def is_empty(self) -> bool:
        """Whether no rule is set."""
        unset = CheckConfig()
        return all(getattr(self, rule) == getattr(unset, rule) for rule in _RULES) and not self.paths


class Config(Struct, frozen=True):
    """All settings; the defaults are those of a repository without ``codeshare.toml``."""

    title: Annotated[str | None, "whose code it is, in the report's masthead"] = None
    mainline: Annotated[
        str, "`foxtrots` follows the branch through foxtrot merges; `first-parent` does not"
    ] = "foxtrots"
    baseline_since: Annotated[date, "first day of the baseline, the start of a quarter"] = date(2024, 1, 1)
    baseline_until: Annotated[date, "first day after the baseline, the start of a quarter"] = date(2025, 1, 1)
    minimum_engineers: Annotated[int, "with fewer active engineers no per-engineer chart is drawn"] = 5
    holidays: Annotated[tuple[date, ...], "days that are no working days"] = ()
    exclude: Annotated[
        tuple[str, ...], "path patterns (as in .gitignore) whose files are left out, as class `data`"
    ] = ()
    pseudonym_salt: Annotated[
        str, "a secret that pseudonyms are made with; without one each database draws its own"
    ] = ""
    rules: Annotated[
        tuple[Mapping[str, object], ...], "further attribution rules, in the form of agents.toml"
    ] = ()
    identities: Annotated[
        tuple[Mapping[str, object], ...], "agents and bots of your own, by address, account or name"
    ] = ()
    disabled_rules: Annotated[tuple[str, ...], "ids of attribution rules to switch off"] = ()
    enabled_rules: Annotated[
        tuple[str, ...], "ids of attribution rules to switch on that are off by default"
    ] = ()
    repos: Annotated[tuple[RepoConfig, ...], "the repositories"] = ()
    shared_commits: Annotated[
        str,
        "which of several repositories that hold a commit (forks, mirrors) it counts in: `first-merged`, `first-listed`, or `each`",
    ] = "first-merged"
    fetches_per_host: Annotated[int, "clones and fetches from one host at once"] = 4
    aliases: Annotated[tuple[Alias, ...], "addresses that belong to one person"] = ()
    teams: Annotated[
        Mapping[str, tuple[str, ...]],
        "team = list of addresses; or the name of a CSV file: person, team, from, to",
    ] = field(default_factory=dict)
    headcount: Annotated[
        str | None, "CSV file of how many engineers there were: quarter, engineers, and team if you like"
    ] = None
    events: Annotated[tuple[EventConfig, ...], "more for the volume chart to mark"] = ()
    fix_patterns: Annotated[tuple[FixPattern, ...], "further signs of fix commits"] = ()
    check: Annotated[CheckConfig, "what `codeshare check` holds a range or the database to"] = CheckConfig()
    teams_file: str | None = None
    file: Path | None = None

    @property
    def folder(self) -> Path:
        """What relative paths are relative to."""
        return self.file.parent if self.file else Path.cwd()


class Key(Struct, frozen=True):
    """A key of a table: the type of the values that it takes, its default (`msgspec.NODEFAULT`: there is none), its purpose."""

    type: Any
    default: object
    help: str


@cache
def keys_of(kind: type[Struct]) -> Mapping[str, Key]:
    """The keys of a table, in the order in which they are documented."""
    found: dict[str, Key] = {}
    for each in fields(kind):
        if get_origin(each.type) is Annotated:
            of, words = get_args(each.type)
            if isinstance(of, UnionType):  # None, which TOML cannot write, is its default
                (of,) = (one for one in get_args(of) if one is not NoneType)
            default = each.default_factory() if each.default_factory is not NODEFAULT else each.default
            found[each.name] = Key(of, default, words)
    return found


_MISTAKEN: dict[type, type] = {int: bool, date: datetime}
_TABLES: dict[str, tuple[str, type[Struct]]] = {
    "repo": ("repos", RepoConfig),
    "alias": ("aliases", Alias),
    "event": ("events", EventConfig),
    "fix_pattern": ("fix_patterns", FixPattern),
}
_NO_RULES = ("level", "levels", "ratchet_weeks", "paths")
_RULES = [key for key in CheckConfig.__struct_fields__ if key not in _NO_RULES]
"""Keys of ``[check]`` that are rules."""

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
        return _inside(load_config(path))
    try:
        data = parse_toml(read_text(path, _LARGEST))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file. Name an existing one with --config.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}.") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}.") from None
    return parse_config(data, path.resolve())


def root_of(folder: Path) -> Path | None:
    """The work tree that a folder lies in; a look at names only."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _inside(config: Config) -> Config:
    """Settings that nobody named, but that were found: those of a repository speak of that repository alone.

    Raises:
        ConfigError: they name a place outside of it, or a URL.
    """
    root = root_of(config.folder)
    named = {f"[[repo]] path = {repo.path!r}": repo.path for repo in config.repos}
    named |= {f"{key} = {file!r}": file for key, file in (("teams", config.teams_file), ("headcount", config.headcount)) if file}  # fmt: skip
    for words, place in named.items():
        where = Path(os.path.realpath(config.folder / os.path.expanduser(place)))
        if root is not None and ("://" in place or not where.is_relative_to(root)):
            raise ConfigError(
                f"{config.file}: {words}: leads out of the repository that holds this file. "
                f"If the file is your own, name it: --config {FILE_NAME}."
            )
    return config


def parse_config(data: Mapping[str, Any], file: Path) -> Config:
    """Turn the file's tables into settings."""
    known = dict(keys_of(Config))
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
        elif key == "check":
            values[key] = _check_rules(value, file)
        elif key in known and key not in _RAW.values():
            values[key] = _value(known[key].type, key, value, file)
        else:
            raise _unknown_key(
                file, "", key, [*(key for key in known if key not in _RAW.values()), *_TABLES, *_RAW]
            )
    if "repos" in values:  # as the shell would have it
        values["repos"] = tuple(
            replace(
                repo, path=os.path.expanduser(repo.path), list=repo.list and os.path.expanduser(repo.list)
            )
            for repo in values["repos"]
        )
    config = Config(**values, file=file)
    _check(config, file)
    return config


def _check(config: Config, file: Path) -> None:
    if config.mainline not in ("foxtrots", "first-parent"):
        raise ConfigError(f"{file}: mainline = {config.mainline!r}: must be 'foxtrots' or 'first-parent'.")
    if config.shared_commits not in SHARED_COMMITS:
        raise ConfigError(
            f"{file}: shared_commits = {config.shared_commits!r}: must be one of {', '.join(SHARED_COMMITS)}."
        )
    if config.fetches_per_host < 1:
        raise ConfigError(f"{file}: fetches_per_host = {config.fetches_per_host}: must be 1 or more.")
    for repo in config.repos:
        if not (repo.path or repo.list):
            raise ConfigError(f"{file}: [[repo]] lacks 'path', or 'list'.")
        if repo.path and repo.list:
            raise ConfigError(f"{file}: [[repo]] has both 'path' and 'list'; make two of it.")
    for day in (config.baseline_since, config.baseline_until):
        if day.day != 1 or day.month % 3 != 1:
            raise ConfigError(
                f"{file}: the baseline must begin and end with a quarter; {day} does not start one."
            )
    if config.baseline_since >= config.baseline_until:
        raise ConfigError(f"{file}: baseline_since must be before baseline_until.")


def _check_rules(value: Any, file: Path) -> CheckConfig:
    """``[check]`` with its ``[[check.path]]``."""
    given = dict(_typed(dict, "a table", "check", value, file))
    paths = _list("check.path", given.pop("path", []), file)
    known = dict(keys_of(CheckConfig))
    del known["paths"]
    for key in given:
        if key not in known:
            raise _unknown_key(file, "[check] ", key, [*known, "path"])
    values = {key: _value(known[key].type, f"check.{key}", each, file) for key, each in given.items()}
    rules = CheckConfig(**values, paths=tuple(_entry(PathCheck, "check.path", row, file) for row in paths))
    _check_levels(rules, file)
    return rules


def _check_levels(rules: CheckConfig, file: Path) -> None:
    levels = {"check.level": rules.level}
    levels |= {f"check.levels.{rule}": level for rule, level in rules.levels.items()}
    levels |= {f"check.path {each.path}: level": each.level for each in rules.paths if each.level is not None}
    for key, level in levels.items():
        if level not in LEVELS:
            raise ConfigError(f"{file}: {key} = {level!r}: must be one of {', '.join(LEVELS)}.")
    for rule in rules.levels:
        if rule not in _RULES:
            raise _unknown_key(file, "[check] levels: ", rule, _RULES)
    parts = {
        f"check.{name}": getattr(rules, name)
        for name in ("at_most", "at_least", "ratchet", "coverage", "churn")
    }
    for each in rules.paths:
        parts |= {f"check.path {each.path}: {name}": getattr(each, name) for name in ("at_most", "at_least")}
    for key, part in parts.items():
        if part is not None and not 0 <= part <= 1:
            raise ConfigError(f"{file}: {key} = {part}: must be a part of 1, such as 0.2 for 20 %.")
    if rules.left_out is not None and rules.left_out < 0:
        raise ConfigError(f"{file}: check.left_out = {rules.left_out}: must be 0 or more.")
    if rules.ratchet_weeks < 1:
        raise ConfigError(f"{file}: check.ratchet_weeks = {rules.ratchet_weeks}: must be 1 or more.")
    if rules.required_trailer is not None:
        try:
            re.compile(rules.required_trailer)
        except re.error as error:
            raise ConfigError(f"{file}: check.required_trailer: no regular expression: {error}.") from None


def _entry(kind: type[Struct], table: str, row: Any, file: Path) -> Any:
    if not isinstance(row, dict):
        raise ConfigError(f"{file}: [[{table}]] must be a table.")
    known = keys_of(kind)
    for key in row:
        if key not in known:
            raise _unknown_key(file, f"[[{table}]] ", key, list(known))
    for name, each in known.items():
        if each.default is NODEFAULT and name not in row:
            raise ConfigError(f"{file}: [[{table}]] lacks {name!r}: {each.help}.")
    return kind(**{key: _value(known[key].type, f"{table}.{key}", value, file) for key, value in row.items()})


def _value(wanted: Any, key: str, value: Any, file: Path) -> Any:
    if wanted == tuple[str, ...]:
        return _strings(key, value, file)
    if wanted == tuple[date, ...]:
        return tuple(_typed(date, "a date", key, day, file) for day in _list(key, value, file))
    if wanted is date:
        return _typed(date, "a date such as 2024-01-01", key, value, file)
    if wanted is float:
        number = float(value) if type(value) is int else value
        return _typed(float, "a number", key, number, file)
    if wanted is bool:
        return _typed(bool, "true or false", key, value, file)
    if get_origin(wanted) is Mapping:
        table = _typed(dict, "a table", key, value, file)
        return {name: _typed(str, "text", f"{key}.{name}", each, file) for name, each in table.items()}
    if wanted is int:
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
    meant = nearest(key, known, f"known are: {', '.join(sorted(known))}.")
    return ConfigError(f"{file}: {where}{key}: unknown key, {meant}")
