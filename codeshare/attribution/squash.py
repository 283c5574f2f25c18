"""Squash merges: the parts a message lists, and the request it names."""

from __future__ import annotations

import re

from msgspec import Struct

from codeshare.attribution.hints import any_of
from codeshare.attribution.trailers import parse_person
from codeshare.model import Identity

_SEPARATOR = "---------"
_MOST_PARTS = 1000
"""Forges list 250 commits at most; a longer list is something else."""

GIT_SQUASH = "Squashed commit of the following:"
"""How `git merge --squash` begins; it names the authors of the parts."""

WORDS = any_of([GIT_SQUASH.lower(), _SEPARATOR])
"""Of `Messages`: the pattern of those that may be a squash although they name no request."""

_GIT_COMMIT = re.compile(r"commit [0-9a-f]{7,64}$")
_HEADER = re.compile(r"(?:Author|Date|Merge|Commit|AuthorDate|CommitDate):[ \t]")
_TRAILER = re.compile(r"[A-Za-z0-9-]+:[ \t]")
_REQUEST_SUBJECT = (
    re.compile(r".*\([#!](\d{1,9})\)\s*$"),
    re.compile(r"Merge pull request #(\d{1,9})\b"),
    re.compile(r"Merged in .{1,250} \(pull request #(\d{1,9})\)"),
    re.compile(r"Pull request #(\d{1,9}):"),
)
_REQUEST_LINE = re.compile(r"See merge request [^\s!]{0,250}!(\d{1,9})\s*$")


class Part(Struct, frozen=True):
    """One commit of a squash: its message and, where the squash tells it, its author."""

    message: str
    author: Identity | None = None


class Squash(Struct, frozen=True):
    """A squash's message: what speaks of the whole (``head``), the parts, what was collected at the end.

    GitHub leaves the parts' trailers where they stand and repeats all co-authors in ``tail``, so a
    mark in ``tail`` tells nothing about a part that has none itself.
    """

    head: str
    parts: tuple[Part, ...]
    tail: str


def squash_parts(message: str) -> list[str] | None:
    """Return the messages of the commits that a squash lists; ``None`` below two.

    Known forms: lists of ``* subject`` as GitHub and GitLab write them (where the message names its
    request or has the separator ``---------``), git's own ``Squashed commit of the following``, and
    messages joined by ``---------``.
    """
    squash = split_squash(message)
    return [part.message for part in squash.parts] if squash else None


def split_squash(message: str) -> Squash | None:
    """As `squash_parts`, with what stands before and after the parts."""
    if GIT_SQUASH in message:
        squash: Squash | None = _git_squash(message)
    elif _SEPARATOR in message:
        squash = _list_squash(message) or _joined_squash(message)
    elif "\n* " in message and request_number(message) is not None:
        squash = _list_squash(message)
    else:
        return None
    return squash if squash and 1 < len(squash.parts) <= _MOST_PARTS else None


def request_number(message: str) -> int | None:
    """Return the number of the pull or merge request that the message names as its own."""
    subject = message.lstrip("\n").partition("\n")[0]
    if "#" in subject or "!" in subject:
        for pattern in _REQUEST_SUBJECT:
            if match := pattern.match(subject[:2000]):
                return int(match[1])
    if "See merge request " in message:
        for line in message.split("\n"):
            if match := _REQUEST_LINE.match(line):
                return int(match[1])
    return None


def _list_squash(message: str) -> Squash | None:
    lines = message.split("\n")
    end = next((n for n, line in enumerate(lines) if line.rstrip() == _SEPARATOR), None)
    body = lines if end is None else lines[:end]
    starts = [n for n in range(1, len(body)) if _starts_part(body, n)]
    if not starts:
        return None
    bounds = zip(starts, [*starts[1:], len(body)], strict=True)
    parts = tuple(Part("\n".join([body[a][2:], *body[a + 1 : b]]).strip("\n")) for a, b in bounds)
    tail = [] if end is None else lines[end + 1 :]
    return Squash("\n".join(body[: starts[0]]), parts, "\n".join(tail))


def _starts_part(lines: list[str], n: int) -> bool:
    """Whether a part begins: ``* subject`` between blank lines, so no item of a tight list."""
    return (
        lines[n].startswith("* ")
        and not lines[n - 1].strip()
        and (n + 1 == len(lines) or not lines[n + 1].strip())
    )


def _joined_squash(message: str) -> Squash | None:
    sections: list[list[str]] = [[]]
    for line in message.split("\n"):
        if line.rstrip() == _SEPARATOR:
            sections.append([])
        else:
            sections[-1].append(line)
    tail = sections.pop() if len(sections) > 1 and _is_only_trailers(sections[-1]) else []
    parts = tuple(
        Part("\n".join(section).strip("\n")) for section in sections if any(map(str.strip, section))
    )
    return Squash("", parts, "\n".join(tail))


def _is_only_trailers(lines: list[str]) -> bool:
    return all(_TRAILER.match(line) or not line.strip() for line in lines)


def _git_squash(message: str) -> Squash:
    head, _, rest = message.partition(GIT_SQUASH)
    parts: list[Part] = []
    tail: list[str] = []
    text: list[str] = []
    author: Identity | None = None
    is_open = False
    for line in rest.split("\n"):
        if _GIT_COMMIT.match(line):
            if is_open:
                parts.append(Part("\n".join(text).strip("\n"), author))
            text, author, is_open = [], None, True
        elif line.startswith("Author: "):
            author = parse_person(line.removeprefix("Author: "))
        elif _HEADER.match(line):
            continue
        elif is_open and (line.startswith("    ") or not line.strip()):
            text.append(line[4:])
        elif line.strip():
            tail.append(line)
    if is_open:
        parts.append(Part("\n".join(text).strip("\n"), author))
    return Squash(head, tuple(parts), "\n".join(tail))
