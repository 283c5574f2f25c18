"""What messages say of mending and undoing: fix commits with how sure that is, and whom reverts name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.attribution.hints import any_key, any_of
from codeshare.attribution.limits import Limited, Pattern, is_too_slow
from codeshare.attribution.messages import Messages
from codeshare.config import Config
from codeshare.errors import ConfigError
from codeshare.mining.newwork import may_undo
from codeshare.mining.short_ids import ShortIds
from codeshare.model import Commit, Confidence, Trailer
from codeshare.shipped import shipped

_STEPS = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)
_OWN_WORDS = frozenset({"issue", "words", "subject", "pattern"})
_EXCERPT = 120
_MOST_READ = 20_000  # characters of a message


class Sign(Struct, frozen=True):
    """One way in which a message says that a commit mends something; see ``fixes.toml``.

    ``hint``: the pattern of messages that may have it (`Messages`); none: any may.
    """

    kind: str
    where: str
    confidence: Confidence
    pattern: Pattern
    contains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    key: str = ""
    hint: str = ""


class Fix(Struct, frozen=True):
    """A sign found. ``named``: index of the commit that it says was at fault."""

    commit: int
    kind: str
    confidence: Confidence
    excerpt: str
    named: int | None


class NamedRevert(Struct, frozen=True):
    """A commit that says which one it undoes (``named``), by its id, its subject, or its request's number."""

    commit: int
    named: int
    how: str


class _Knowledge(Struct, frozen=True):
    signs: tuple[Sign, ...]
    trivial: re.Pattern[str]
    other: re.Pattern[str]
    revert: Mapping[str, re.Pattern[str]]


@cache
def _knowledge() -> _Knowledge:
    data = tomli.loads(shipped("mining/fixes.toml"))
    signs = tuple(_sign(row) for row in data["sign"])
    lowers = data["lowers"]
    revert = {key: re.compile(value) for key, value in data["revert"].items() if key != "source"}
    return _Knowledge(signs, re.compile(lowers["trivial"]), re.compile(lowers["other"]), revert)


def _sign(row: Mapping[str, Any]) -> Sign:
    contains = tuple(row.get("contains", ()))
    hint = (
        any_key([row["key"]]) if "key" in row else row.get("hint") or (any_of(contains) if contains else "")
    )
    return Sign(
        row["kind"],
        row["where"],
        Confidence(row["confidence"]),
        re.compile(row["pattern"]),
        contains,
        tuple(row.get("also", ())),
        row.get("key", ""),
        rf"^\n*[^\n]*(?:{hint})" if hint and row["where"] == "subject" else hint,
    )


def users_signs(config: Config) -> tuple[Sign, ...]:
    """Patterns of the configuration, for the subject or the whole message.

    Raises:
        ConfigError: one is no regular expression, could take long, or has no such confidence or place.
    """
    found = []
    for entry in config.fix_patterns:
        where = f"{config.file}: [[fix_pattern]] {entry.pattern!r}"
        if entry.where not in ("subject", "message"):
            raise ConfigError(f"{where}: where = {entry.where!r}: must be 'subject' or 'message'.")
        if entry.confidence not in list(Confidence):
            raise ConfigError(f"{where}: confidence = {entry.confidence!r}: must be high, medium or low.")
        try:
            compiled = re.compile(entry.pattern)
        except re.error as error:
            raise ConfigError(f"{where}: no regular expression: {error}.") from None
        if is_too_slow(entry.pattern, is_searched=True):
            raise ConfigError(f"{where}: could take very long; begin it with ^ or bound what repeats.")
        limited = Limited(compiled, f"fix_pattern {entry.pattern}")
        found.append(Sign("pattern", entry.where, Confidence(entry.confidence), limited))
    return tuple(found)


def find_fixes(
    commits: Sequence[Commit],
    trailers: Sequence[Sequence[Trailer]],
    users: Sequence[Sign] = (),
    since: int = 0,
    *,
    messages: Messages | None = None,
    ids: ShortIds | None = None,
) -> list[Fix]:
    """Find all signs, at most one of a kind and named commit for each commit of the walk from ``since`` on.

    ``trailers``, ``messages``: of those from ``since`` on.
    """
    known, ids = _knowledge(), ids or ShortIds([commit.sha for commit in commits])
    messages = messages or Messages([commit.message for commit in commits[since:]])
    signs = (*known.signs, *users)
    of_trailers = [sign for sign in signs if sign.where == "trailer"]

    @cache
    def of_words(subject: bool, message: bool) -> list[Sign]:
        places = {"subject": subject, "message": message}
        return [sign for sign in signs if places.get(sign.where)]

    may_have = [_may_have(messages, signs, where) for where in ("trailer", "subject", "message")]
    result: list[Fix] = []
    for n, (in_trailers, in_subject, in_message) in enumerate(zip(*may_have, strict=True)):
        if not (in_trailers or in_subject or in_message):
            continue
        commit = commits[since + n]
        subject = commit.subject
        found = list(_in_trailers(trailers[n], of_trailers))
        if not commit.is_merge and not subject.startswith(("Revert", "Reapply", "revert")):
            found += _in_words(commit.message, subject, of_words(in_subject, in_message))
        if found:
            result += _graded(since + n, subject, found, known, ids)
    return result


def _may_have(messages: Messages, signs: Iterable[Sign], where: str) -> list[bool]:
    """Which messages may have one of the signs that are looked for at that place."""
    hints = [sign.hint for sign in signs if sign.where == where]
    may_have: list[bool] = messages.may_hold(*hints if all(hints) else [""]).tolist()
    return may_have


def _in_trailers(
    trailers: Iterable[Trailer], signs: Sequence[Sign]
) -> Iterator[tuple[Sign, re.Match[str], str]]:
    for trailer in trailers:
        key = trailer.key.lower()
        for sign in signs:
            if key == sign.key and (match := sign.pattern.search(trailer.value)):
                yield sign, match, f"{trailer.key}: {trailer.value}"
                break


def _in_words(message: str, subject: str, signs: Sequence[Sign]) -> list[tuple[Sign, re.Match[str], str]]:
    found: list[tuple[Sign, re.Match[str], str]] = []
    message = message[:_MOST_READ]
    small_message, small_subject = message.lower(), subject.lower()
    for sign in signs:
        if found and sign.kind == "words":
            continue
        text, small = (subject, small_subject) if sign.where == "subject" else (message, small_message)
        if (sign.contains and not _has_any(small, sign.contains)) or (
            sign.also and not _has_any(small, sign.also)
        ):
            continue
        if match := sign.pattern.search(text):
            found.append((sign, match, match[0]))
    return found


def _has_any(text: str, words: Iterable[str]) -> bool:
    for word in words:  # noqa: SIM110  a generator for each commit and sign would cost more than the search
        if word in text:
            return True
    return False


def _graded(
    i: int, subject: str, found: Sequence[tuple[Sign, re.Match[str], str]], known: _Knowledge, ids: ShortIds
) -> Iterator[Fix]:
    is_trivial = known.trivial.search(subject) is not None
    is_other = known.other.search(subject) is not None
    surest: dict[tuple[str, int | None], Fix] = {}
    for sign, match, excerpt in found:
        named = ids.only_before(match["sha"], i) if "sha" in sign.pattern.groupindex else None
        if sign.kind == "named" and named is None:
            continue
        steps = _STEPS.index(sign.confidence) - is_trivial - (is_other and sign.kind in _OWN_WORDS)
        before = surest.get((sign.kind, named))
        if steps >= 0 and (before is None or _STEPS.index(before.confidence) < steps):
            surest[sign.kind, named] = Fix(
                i, sign.kind, _STEPS[steps], " ".join(excerpt.split())[:_EXCERPT], named
            )
    yield from surest.values()


def find_named_reverts(
    commits: Sequence[Commit],
    requests: Sequence[int | None],
    since: int = 0,
    *,
    messages: Messages | None = None,
    ids: ShortIds | None = None,
) -> list[NamedRevert]:
    """Find whom reverts from ``since`` on name: first by id, then by request, then by subject; always an earlier commit.

    ``messages``: of those from ``since`` on.
    """
    speaking = may_undo(commits, since, messages)
    if not speaking:
        return []
    patterns, ids = _knowledge().revert, ids or ShortIds([commit.sha for commit in commits])
    undoing = (patterns["subject"].search(commits[i].subject) for i in speaking)
    by_subject, without_number = _by_title(commits, {_title(match) for match in undoing if match})
    by_request: dict[int, list[int]] = {}
    for i, request in enumerate(requests):
        if request is not None:
            by_request.setdefault(request, []).append(i)

    def earlier(places: Sequence[int], i: int) -> int | None:
        at = bisect_left(places, i)
        return places[at - 1] if at else None

    result: list[NamedRevert] = []
    for i in speaking:
        message, subject = commits[i].message, commits[i].subject
        by_sha = [
            ids.only_before(match["sha"], i) for match in patterns["sha"].finditer(message[:_MOST_READ])
        ]
        shas = list(dict.fromkeys(named for named in by_sha if named is not None))
        if shas:
            result += [NamedRevert(i, named, "message") for named in shas]
            continue
        by_number = patterns["number"].search(subject) or patterns["line"].search(message)
        if by_number:
            named = earlier(by_request.get(int(by_number["number"]), ()), i)
            if named is not None:
                result.append(NamedRevert(i, named, "forge"))
                continue
        if match := patterns["subject"].search(subject):
            title = _title(match)
            named = earlier(by_subject.get(title, ()), i)
            if named is None:
                named = earlier(without_number.get(_bare(title), ()), i)
            if named is not None:
                result.append(NamedRevert(i, named, "forge" if match[0].endswith(")") else "message"))
    return result


def _title(undoing: re.Match[str]) -> str:
    """The subject that another one says it undoes."""
    title = undoing["subject"]
    return f'Revert "{title}"' if undoing.string.startswith("Reapply") else title


def _by_title(
    commits: Sequence[Commit], titles: Collection[str]
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The commits with one of some titles as their subject, and those that have it but for a request's number."""
    bare = {_bare(title) for title in titles}
    exact: dict[str, list[int]] = {}
    numbered: dict[str, list[int]] = {}
    for i, commit in enumerate(commits) if titles else ():
        subject = commit.subject
        if subject in titles:
            exact.setdefault(subject, []).append(i)
        if subject[-1:] == ")" and _bare(subject) in bare:
            numbered.setdefault(subject, []).append(i)
    return exact, {_bare(subject): places for subject, places in numbered.items()}


def _bare(subject: str) -> str:
    """A subject without the number of its request at the end."""
    return re.sub(r"\s*\([#!]\d+\)\Z", "", subject)
