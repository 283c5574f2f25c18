"""Trailers of a message: where git looks for them, and where squash merges leave them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.attribution.hints import any_key, any_of
from codeshare.model import Identity, Trailer

if TYPE_CHECKING:
    from codeshare.attribution.messages import Messages

_KEY_LINE = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_QUOTED = re.compile(r" {0,3}\t| {4}|[ \t]*>")
_PERSON = re.compile(r"([^<>]*)<([^<>]*)>")
_GIT_GENERATED = ("Signed-off-by: ", "(cherry picked from commit ")
_REVERT = re.compile(r'Revert "(.*?)"(?: \(#\d+\))?$')
_SHORT = 200
_AIDER_CHAT = "# Aider chat conversation:"


class Line(Struct, frozen=True):
    """A line of a message that may count; ``is_quoted``: indented as quotations are."""

    text: str
    is_quoted: bool


def find_trailers(message: str, keys: Collection[str] | None = None) -> list[Trailer]:
    """Return the trailers of a whole message, in their order.

    The last paragraph is read by git's own rule, any key counts there. Elsewhere (squash merges
    leave trailers in the middle) only keys that end in ``-by`` count, and ``keys``: lower case,
    default those of our catalogue. Lines indented by four columns or more, or behind ``>``, are quotations.
    """
    if ":" not in message:
        return []
    if keys is None:
        from codeshare.attribution.catalogue import known_keys  # which reads messages itself

        keys = known_keys()
    return [trailer for trailer, is_quoted in scan_trailers(message, keys) if not is_quoted]


def find_all_trailers(messages: Messages) -> list[list[Trailer]]:
    """As `find_trailers` of each message; only those that may have trailers outside of the last paragraph are read whole."""
    from codeshare.attribution.catalogue import known_keys  # which reads messages itself

    keys = known_keys()
    by = any_key(["-by"])
    others = any_key([key for key in keys if not key.endswith("-by")])
    quoting = any_of(['revert "', _AIDER_CHAT.lower()])
    is_above = messages.may_hold(rf"{by}(?s:.*)\n[^\n!-~]*\n", others, quoting).tolist()
    is_signed = messages.may_hold(by).tolist()
    found = []
    for message, above, signed in zip(messages.texts, is_above, is_signed, strict=True):
        size, block = (0, []) if above else _last_block(message)
        found.append(block if size or not (above or signed) else find_trailers(message, keys))
    return found


def scan_trailers(message: str, keys: Collection[str]) -> list[tuple[Trailer, bool]]:
    """As `find_trailers`, with the indented ones whose key is in ``keys``, marked so."""
    size, block = _last_block(message)
    lines = message.split("\n")
    del lines[len(lines) - size :]
    if not (_needs_reading(message) or any(_may_be_trailer(line, keys) for line in lines if ":" in line)):
        return [(trailer, False) for trailer in block]
    own, is_cut = _own_lines(lines)
    found = []
    for line in own:
        match = _KEY_LINE.match(line.text.strip() if line.is_quoted else line.text.lstrip(" "))
        if match is None:
            continue
        key = match[1].lower()
        if key in keys or (key.endswith("-by") and not line.is_quoted):
            found.append((Trailer(match[1], match[2].strip()), line.is_quoted))
    return found if is_cut else found + [(trailer, False) for trailer in block]


def own_lines(message: str) -> list[Line]:
    """The lines that are the commit's own words: no quotation behind ``>``, in a fence or in a revert."""
    return _own_lines(message.split("\n"))[0]


def parse_person(value: str) -> Identity | None:
    """Read ``Name <address>``; an address without brackets will do; ``None`` where there is none."""
    if match := _PERSON.match(value):
        return Identity(match[1].strip(), match[2].strip())
    name, _, last = value.strip().rpartition(" ")
    return Identity(name.strip(), last) if "@" in last else None


def _needs_reading(message: str) -> bool:
    """Whether the message may quote another one whole."""
    return message.lstrip().startswith('Revert "') or _AIDER_CHAT in message


def _may_be_trailer(line: str, keys: Collection[str]) -> bool:
    colon = line.find(":")
    if colon < 1:
        return False
    key = line[:colon].strip().lower()
    return key.endswith("-by") or key in keys


def _own_lines(lines: list[str]) -> tuple[list[Line], bool]:
    """The own lines among those of a message, its subject first; whether a chat or a reverted message takes up all the rest."""
    subject = next((line for line in lines if line.strip()), "")
    revert = _REVERT.match(subject.strip())
    is_revert = subject.lstrip().startswith('Revert "')
    in_fence = False
    fences = sum(line.startswith("```") for line in lines)
    own: list[Line] = []
    for line in lines:
        if line.startswith("```") and fences > 1:
            in_fence = not in_fence
        elif line.startswith(_AIDER_CHAT):
            return [*own, Line(line, False)], True
        elif revert and line.strip() == revert[1]:
            return own, True  # the reverted message is quoted from here on
        elif in_fence or line.lstrip().startswith(">"):
            continue
        elif not _QUOTED.match(line):
            own.append(Line(line, False))
        elif not is_revert:
            own.append(Line(line, True))
    return own, False


def _last_block(message: str) -> tuple[int, list[Trailer]]:
    """The lines from where git sees the trailer block begin on, how many they are, and the trailers in it; (0, []) without."""
    body = message.rstrip("\n")
    left = len(message) - len(body)
    # Only what stands below the last empty line need be taken apart, and nearly always it is trailers or has none.
    cut = body.rfind("\n\n") + 2
    lines = body[cut:].split("\n") if cut > 1 else []
    found = [trailer for trailer in takewhile(bool, map(_trailer, lines)) if trailer]
    if lines and len(found) == len(lines) and not body[:cut].isspace():
        return len(lines) + left, found
    end = _end(lines)
    if not end:
        cut, lines = 0, body.split("\n")
        end = _end(lines)
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    is_title = not (body[:cut].strip() or any(line.strip() for line in lines[:start]))
    if start == end or is_title or not is_block(lines[start:end]):
        return 0, []
    return len(lines) - start + left, list(_unfold(lines[start:end]))


def _end(lines: list[str]) -> int:
    """How many lines there are without blank lines and comments below."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _trailer(line: str) -> Trailer | None:
    return _short_trailer(line) if len(line) < _SHORT else _read_trailer(line)


def _read_trailer(line: str) -> Trailer | None:
    match = _KEY_LINE.match(line)
    return Trailer(match[1], match[2].strip()) if match else None


_short_trailer = lru_cache(maxsize=4096)(_read_trailer)  # the same people sign again and again


def is_block(lines: list[str]) -> bool:
    """Whether git sees trailers in a last paragraph: all lines are trailers, or a quarter are and git itself wrote one of them."""
    trailers = others = 0
    is_generated = any(line.startswith(_GIT_GENERATED) for line in lines)
    is_trailer = False
    for line in lines:
        if line.startswith("#"):
            is_trailer = False
        elif line.startswith(_GIT_GENERATED):
            is_trailer = True
            trailers += 1
        elif line[:1] in " \t":
            others += not is_trailer
        elif _KEY_LINE.match(line):
            is_trailer = True
            trailers += 1
        else:
            is_trailer = False
            others += 1
        if others and not is_generated:
            return False
    return trailers > 0 and (others == 0 or (is_generated and trailers * 3 >= others))


def _unfold(lines: list[str]) -> Iterator[Trailer]:
    key, values = "", [""]
    for line in lines:
        if line[:1] in " \t":
            values.append(line.strip())
            continue
        if key:
            yield Trailer(key, " ".join(values))
        trailer = _trailer(line)  # none in a comment: a key does not begin with `#`
        key, values = (trailer.key, [trailer.value]) if trailer else ("", [""])
    if key:
        yield Trailer(key, " ".join(values))
