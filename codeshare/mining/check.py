"""A check: rules held against what a range adds, or against all that is mined."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.config import CheckConfig, Config
from codeshare.errors import ConfigError
from codeshare.git.quoting import text_of
from codeshare.git.trees import list_tree
from codeshare.metrics.checks import Checked, Verdict
from codeshare.metrics.gates import Merged, Subject, judge_lines
from codeshare.metrics.guard import check_known
from codeshare.metrics.hygiene import Attributed, judge_commits
from codeshare.metrics.left_out import judge_left_out
from codeshare.metrics.revisions import find_held
from codeshare.metrics.share import share_rows
from codeshare.metrics.suppressed import suppressed
from codeshare.mining.beside import imported_beside, merged_beside
from codeshare.mining.opened import Found, Opened, find, read

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Overrule = Callable[[CheckConfig], CheckConfig]
"""Puts what the user asked for on the command line over the settings."""

_OF_RANGES = ("left_out", "trailers", "agent_trailers", "required_trailer", "settings")
_LONG = 40  # commits, named one by one


def check_range(
    text: str,
    *,
    overrule: Overrule = lambda rules: rules,
    config_file: Path | None = None,
    connection: DuckDBPyConnection | None = None,
    database: Path | None = None,
    allow_unknown: bool = False,
    needs_rule: bool = True,
    where: str = ".",
) -> Checked:
    """Hold what a range adds to the rules of its base.

    Args:
        text: ``BASE..HEAD``.
        overrule: what goes before the base's ``[check]``.
        config_file: settings as named by the user.
        connection: the mined database, for the rules that need one.
        database: its file; one that is part of the repository is not believed.
        allow_unknown: judge also where much could not be read.
        needs_rule: without any it is an error, for a gate that checks nothing would pass.
        where: the repository's folder.

    Raises:
        ValueError: ``text`` is no range.
        CannotKnow: it cannot be told from this clone, or it is empty.
        ConfigError: the base's settings are wrong, or hold no rule.
    """
    with find(text, config_file, where) as found:
        rules = overrule(found.config.check)
        if needs_rule and rules.is_empty and not found.changed:
            raise ConfigError(_no_rule(f"[check] of the settings at the base {found.span.base[:12]}"))
        with read(found, imported_beside(found, connection, database)) as opened:
            return _checked(rules, opened, merged_beside(found, connection, database), allow_unknown)


def check_database(
    connection: DuckDBPyConnection,
    config: Config,
    *,
    overrule: Overrule = lambda rules: rules,
    repos: tuple[str, ...] = (),
    allow_unknown: bool = False,
    needs_rule: bool = True,
) -> Checked:
    """Hold all that is mined to the rules.

    Raises:
        EmptyHistory, CannotKnow: there is nothing to judge.
        ConfigError: there is no rule.
    """
    rules = overrule(config.check)
    if needs_rule and rules.is_empty:
        raise ConfigError(_no_rule("[check] of codeshare.toml"))
    repos = find_held(connection, repos)
    check_known(connection, True, "all", repos=repos)
    row = share_rows(connection, repos=repos)[0]
    commits = _count(connection)
    words = f"{commits:,} commits merged {row['period'].replace('..', ' to ')}"
    subject = Subject(connection, words, repos, False, lambda: _paths_of(connection))
    verdicts = judge_lines(rules, subject, Merged(connection, repos), allow_unknown=allow_unknown)
    notes = [
        f"{rule}: looks at ranges only, so it was left out."
        for rule in _OF_RANGES
        if getattr(rules, rule) not in (None, False)
    ]
    notes += [str(each) for each in suppressed(connection, repos)]
    return _result(row, None, None, commits, verdicts, (), notes)


def _no_rule(where: str) -> str:
    return f"{where} has no rule to check. Write one, or give one as an option, such as --at-most 0.5."


def _checked(rules: CheckConfig, opened: Opened, merged: Merged, allow_unknown: bool) -> Checked:
    found, mined = opened.found, opened.read.mined
    commits = [
        Attributed(commit, attribution)
        for commit, attribution in zip(mined.commits, mined.attributions, strict=True)
    ][opened.read.edge :]
    words = f"{len(commits):,} commit{'s' if len(commits) > 1 else ''} of {found.span}"
    subject = Subject(opened.connection, words, (), True, lambda: _paths_at(found))
    verdicts = judge_lines(rules, subject, merged, allow_unknown=allow_unknown)
    if not rules.is_empty:
        verdicts += judge_left_out(rules, opened.connection, words)
    verdicts += judge_commits(rules, commits, found.catalogue, found.changed, words)
    row = share_rows(opened.connection)[0]
    notes = [
        f"{path} is changed in this range; it counts as at the base {found.span.base[:12]}."
        for path in found.changed
    ]
    notes += [*opened.notes, *(str(each) for each in suppressed(opened.connection))]
    if rules.is_empty:
        notes.append("no rule is set at the base, so nothing was checked.")
    return _result(row, found.span.base, found.span.head, len(commits), verdicts, found.changed, notes)


def _result(
    row: object,
    base: str | None,
    head: str | None,
    commits: int,
    verdicts: list[Verdict],
    changed: tuple[str, ...],
    notes: list[str],
) -> Checked:
    fields = {name: value for name, value in dict(row).items() if not name.startswith("share_calibrated")}  # type: ignore[call-overload]
    return Checked(
        **fields,
        base=base,
        head=head,
        commits=commits,
        verdicts=tuple(verdicts),
        changed_settings=changed,
        notes=tuple(notes),
    )


def _paths_at(found: Found) -> Collection[str]:
    ends = (found.span.base, found.span.head)
    return {text_of(path) for sha in ends for path, _ in list_tree(found.shadow.path, sha)}


def _paths_of(connection: DuckDBPyConnection) -> Collection[str]:
    return {path for (path,) in connection.execute("select distinct path from changes").fetchall()}


def _count(connection: DuckDBPyConnection) -> int:
    (count,) = connection.execute("select count(*) from merged_commits").fetchone() or (0,)
    return int(count)
