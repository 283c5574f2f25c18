"""The rules of a check about lines, each held against what a range adds or what was merged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.config import CheckConfig, PathCheck
from codeshare.errors import CannotKnow, EmptyHistory
from codeshare.metrics.checks import Asked, Finding, Verdict, settle
from codeshare.metrics.guard import check_known
from codeshare.metrics.queries import run
from codeshare.metrics.share import shares
from codeshare.store.filter import Filter, filtered

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARE = "AI lines of high or medium confidence, as a part of all landed handwritten new-work lines but bots'"
COVERAGE = "lines of which evidence of AI or of a person's own hand tells anything, as a part of the same lines as in share"
RISE = "the share here less the share of all lines merged in the weeks before"
CHURN = "landed handwritten new-work lines gone again within 14 days of landing, as a part of all of them"
_MINE = "Run `codeshare mine` first, on the branch that work is merged into"
_SLACK = 1e-9


class Subject(Struct, frozen=True):
    """What is judged.

    Attributes:
        connection: a database of it; the range's own, or the mined one.
        words: for people, such as ``10 commits of 1a2b3c4..5d6e7f8``.
        repos: repositories looked at; none: all.
        is_range: whether it is a range.
        paths: tells every path there is; asked only where a pattern met no line.
    """

    connection: DuckDBPyConnection
    words: str
    repos: tuple[str, ...]
    is_range: bool
    paths: Callable[[], Collection[str]]


class Merged(Struct, frozen=True):
    """The mined database; ``connection`` None: there is none, or ``doubt`` says why it cannot be used.

    ``leaving_out``: ids of the range's commits.
    """

    connection: DuckDBPyConnection | None
    repos: tuple[str, ...] = ()
    leaving_out: Sequence[str] = ()
    doubt: str | None = None


def judge_lines(
    rules: CheckConfig, subject: Subject, merged: Merged, *, allow_unknown: bool = False
) -> list[Verdict]:
    """Hold a subject to every rule about lines that is set, in the order of the settings."""
    known = partial(check_known, subject.connection, allow_unknown, "all", repos=subject.repos)
    whole = PathCheck("", rules.at_most, rules.at_least)
    found = [verdict for each in (whole, *rules.paths) for verdict in _of_path(rules, each, subject, known)]
    if rules.ratchet is not None:
        asked = Asked("ratchet", rules.ratchet, rules.level_of("ratchet"), "share", subject.words, RISE)
        find = partial(_rise, asked, rules.ratchet_weeks, subject, merged, allow_unknown)
        found.append(settle(asked, find))
    if rules.coverage is not None:
        asked = Asked(
            "coverage", rules.coverage, rules.level_of("coverage"), "share", subject.words, COVERAGE
        )
        found.append(settle(asked, partial(_coverage, asked, subject, known)))
    if rules.churn is not None:
        asked = Asked(
            "churn",
            rules.churn,
            rules.level_of("churn"),
            "share",
            ", ".join(merged.repos) or "all that is mined",
            CHURN,
        )
        found.append(settle(asked, partial(_churn, asked, merged)))
    return found


def _of_path(
    rules: CheckConfig, each: PathCheck, subject: Subject, known: Callable[[], None]
) -> Iterator[Verdict]:
    scope = f"{each.path} in {subject.words}" if each.path else subject.words
    for rule in ("at_most", "at_least"):
        limit = getattr(each, rule)
        if limit is not None:
            level = each.level or rules.level_of(rule)
            asked = Asked(rule, limit, level, "share", scope, SHARE, each.path or None)
            yield settle(asked, partial(_share, asked, subject, known))


def _share(asked: Asked, subject: Subject, known: Callable[[], None]) -> Finding:
    known()
    row = _row(subject, asked.path)
    if not row["denominator"]:
        return _nothing(asked, subject)
    share, limit = row["share"], asked.limit or 0.0
    bounds = f"{row['numerator']:,} of {row['denominator']:,} lines; it lies between {percent(row['share_min'])} and {percent(row['share_max'])}"
    if asked.rule == "at_most":
        is_broken = share > limit + _SLACK
        what = f"share of AI {percent(share)} ({bounds}), at most {percent(limit)} allowed"
        remedy = f"`codeshare share --range … --by commit` and `codeshare explain` show where it is from{_where(asked)}"
    else:
        is_broken = share < limit - _SLACK
        what = f"share of AI {percent(share)} ({bounds}), at least {percent(limit)} asked for"
        remedy = "agents' marks may be missing: `codeshare doctor` says where"
    return Finding(share, is_broken, what, remedy)


def _where(asked: Asked) -> str:
    return f", with --path '{asked.path}'" if asked.path else ""


def _nothing(asked: Asked, subject: Subject) -> Finding:
    """No line that counts: of a range that is an answer, unless the pattern fits no file at all."""
    if asked.path and not any(_matches(path, asked.path) for path in subject.paths()):
        raise CannotKnow(
            f"{asked.path}: no file is called so. Name a path from the top of the repository; `*` also matches `/`."
        )
    if subject.is_range:
        return Finding(None, False, "no line that counts is added here, so there is nothing to judge")
    raise CannotKnow("no line that counts was merged here. Widen the scope, or mine the repository.")


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or path.startswith(pattern.rstrip("/") + "/")


def _coverage(asked: Asked, subject: Subject, known: Callable[[], None]) -> Finding:
    known()
    row = _row(subject)
    if not row["denominator"]:
        return _nothing(asked, subject)
    part, limit = row["coverage"], asked.limit or 0.0
    says = f"evidence tells of {percent(part)} of {row['denominator']:,} lines, at least {percent(limit)} asked for"
    return Finding(
        part, part < limit - _SLACK, says, "let agents leave their marks: docs/attribution-records.md"
    )


def _rise(asked: Asked, weeks: int, subject: Subject, merged: Merged, allow_unknown: bool) -> Finding:
    connection = _usable(merged)
    if subject.is_range:
        check_known(subject.connection, allow_unknown, "all", repos=subject.repos)
        row, before = _row(subject), None
        here = "the range's share"
        if not row["denominator"]:
            return _nothing(asked, subject)
    else:
        until = _last_monday(connection)
        before = until - timedelta(days=7)
        check_known(connection, allow_unknown, "all", before, until, merged.repos)
        row = shares(connection, "all", before, until, merged.repos).iloc[0].to_dict()
        here = f"the share of the week from {before}"
        if not row["denominator"]:
            raise CannotKnow(
                f"nothing that counts was merged in the week from {before}. Widen the scope, or mine what is new"
            )
    base = run(connection, "share_before", weeks=weeks, before=before, repos=list(merged.repos) or None, leaving_out=list(merged.leaving_out) or None).iloc[0].to_dict()  # fmt: skip
    since, until = _day(base["since"]), _day(base["until"])
    if not base["denominator"]:
        raise CannotKnow(
            f"nothing that counts was merged from {since} to {until}, so there is no mean to compare with. Set ratchet_weeks to more"
        )
    try:
        check_known(connection, allow_unknown, "all", since, until, merged.repos)
    except EmptyHistory as error:
        raise CannotKnow(str(error)) from None
    rise, limit = row["share"] - base["share"], asked.limit or 0.0
    says = (
        f"{here}, {percent(row['share'])}, is {_points(rise)} that of the {weeks} weeks before {until}, {percent(base['share'])}; "
        f"{100 * limit:.1f} points above it are allowed"
    )
    return Finding(rise, rise > limit + _SLACK, says, "`codeshare share --by week` shows the weeks")


def _last_monday(connection: DuckDBPyConnection) -> date:
    (monday,) = connection.execute(
        "select date_trunc('week', as_of)::date from scope_settings"
    ).fetchone() or (None,)
    if monday is None:
        raise CannotKnow(f"nothing is mined. {_MINE}")
    return _day(monday)


def _day(moment: Any) -> date:
    return date.fromisoformat(str(moment)[:10])


def _churn(asked: Asked, merged: Merged) -> Finding:
    connection = _usable(merged)
    with filtered(connection, Filter(repos=merged.repos)) as shown:
        frame = run(shown, "churn_monthly")
    frame = frame[(frame["attribution"] == "all") & frame["churn_14"].notna()]
    if frame.empty:
        raise CannotKnow("no month's lines have been watched for 14 days. Mine more of the history")
    row = frame.iloc[-1].to_dict()
    part, limit = float(row["churn_14"]), asked.limit or 0.0
    month = f"{_day(row['period']):%Y-%m}"
    says = f"of the lines merged in {month} {percent(part)} were gone after 14 days, at most {percent(limit)} allowed"
    return Finding(part, part > limit + _SLACK, says, "`codeshare query churn_monthly` shows the months")


def _usable(merged: Merged) -> DuckDBPyConnection:
    """The mined database, where it holds lines and nothing speaks against it."""
    if merged.doubt or merged.connection is None:
        raise CannotKnow(merged.doubt or f"this rule needs a mined database. {_MINE}")
    (basis,) = merged.connection.execute("select basis from scope_settings").fetchone() or ("added",)
    if basis != "landed":
        raise CannotKnow(
            "the database was mined with --no-lines, so what landed is not known. Mine it without"
        )
    return merged.connection


def _row(subject: Subject, path: str | None = None) -> dict[Any, Any]:
    frame = shares(subject.connection, "all", repos=subject.repos, path=path)
    return dict(frame.iloc[0].to_dict())


def percent(part: float) -> str:
    """A fraction of 1 as people read it."""
    return f"{100 * part:.1f} %"


def _points(rise: float) -> str:
    return f"{abs(100 * rise):.1f} points {'above' if rise >= 0 else 'below'}"
