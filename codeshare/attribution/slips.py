"""Trailers that a message nearly has: what git and forges will not read as one, and how it should be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.marks import Marks
from codeshare.attribution.rule import BEFORE_ASSISTANTS, CO_AUTHOR_KEYS
from codeshare.attribution.trailers import is_block, parse_person
from codeshare.model import Evidence

_WORDS = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9_ \t-]{1,40}?)[ \t]*[:=][ \t]*(\S.*)$")
_NO_COLON = re.compile(r"[ \t]*([A-Za-z]+(?:[-_][A-Za-z]+)+)[ \t]+(\S.*<[^<>]+@[^<>]+>)[ \t]*$")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_TRAILER = re.compile(r"[A-Za-z0-9-]+[ \t]*:[ \t]*\S")
_PEOPLE = (*CO_AUTHOR_KEYS, "signed-off-by", "assisted-by")
_IN_BLOCK = re.compile(rf"{_TRAILER.pattern}|#|[ \t]+\S")
_MISSPELT = {
    "coauthor": "co-authored-by",
    "coauthorby": "co-authored-by",
    "coauthors": "co-authored-by",
    "coauthoredwith": "co-authored-by",
    "coauthouredby": "co-authored-by",
    "codeveloperby": "co-developed-by",
    "assitedby": "assisted-by",
    "asistedby": "assisted-by",
    "aiassistedby": "assisted-by",
    "signoffby": "signed-off-by",
}
_USUAL = {"signed-off-by": "Signed-off-by", "ai-generated": "AI-Generated"}


class Slip(Struct, frozen=True):
    """A line that is nearly a trailer.

    ``line`` is 1-based in the message; ``should_be`` the line as it should be written; ``tool`` the agent
    that the line so written names. ``is_read`` says that git and forges read it all the same.
    """

    line: int
    text: str
    what: str
    should_be: str | None = None
    tool: str | None = None
    is_read: bool = False


def find_slips(message: str, catalogue: Catalogue) -> list[Slip]:
    """Return the near misses of a message, in the order of its lines; none where all trailers are well-formed.

    Lines behind ``>``, indented by four columns or more, or in fences are quotations, and are left alone.
    """
    return list(_Reader(message, catalogue).slips())


def mend(message: str, slips: Sequence[Slip]) -> str:
    """Write the slips' lines as they should be, those that git would not read into the last block of trailers."""
    lines = message.split("\n")
    moved = []
    for slip in slips:
        if slip.should_be is not None:
            lines[slip.line - 1] = slip.should_be
            moved += [] if slip.is_read else [slip.line - 1]
    if not moved:
        return "\n".join(lines)
    body = [line for n, line in enumerate(lines) if n not in moved]
    while body and not body[-1].strip():
        body.pop()
    start = len(body)
    while start > _subject(body) + 1 and _IN_BLOCK.match(body[start - 1]):
        start -= 1
    if start and body[start - 1].strip():
        start = len(body)  # they follow text without a blank line: no block
    trailers = list(dict.fromkeys([*(lines[n] for n in moved), *body[start:]]))
    text = "\n".join(body[:start]).rstrip()
    return re.sub(r"\n{3,}", "\n\n", f"{text}\n\n") + "\n".join(trailers) + "\n"


class _Reader:
    def __init__(self, message: str, catalogue: Catalogue) -> None:
        self.lines = message.split("\n")
        self.keys = {_squeezed(key): key for key in (*_PEOPLE, *sorted(catalogue.trailer_keys))} | _MISSPELT
        self.marks = Marks(catalogue)
        self.last = self._last_paragraph()
        self.subject = _subject(self.lines)

    def slips(self) -> Iterator[Slip]:
        in_fence = False
        fences = sum(line.startswith("```") for line in self.lines)
        for n, line in enumerate(self.lines):
            if line.startswith("```") and fences > 1:
                in_fence = not in_fence
            elif n <= self.subject or in_fence or re.match(r" {4}| {0,3}\t|[ \t]*>", line):
                continue
            elif slip := self._slip(n, line):
                yield slip

    def _slip(self, n: int, line: str) -> Slip | None:
        match = _WORDS.match(line)
        without_colon = None if match else _NO_COLON.match(line)
        match = match or without_colon
        if match is None:
            return None
        key = self.keys.get(_squeezed(match[1]))
        if key is None:
            return None
        written, value = match[1], match[2].strip()
        found = self._agent(f"{key}: {_value(key, value)}")
        if found is None and key in CO_AUTHOR_KEYS and not _ADDRESS.search(value):
            found = self._agent(f"assisted-by: {value}")  # which knows agents by their names alone
        if found is None and not (key in _PEOPLE and _ADDRESS.search(value)):
            return None  # prose: "Signed off by: the whole team"
        should_be: str | None = f"{_usual(key, written)}: {_value(key, value)}"
        tool = found.tool if found else None
        for test in (_wrong_key, _wrong_sign, _wrong_value):
            if what := test(line, written, value, key):
                if test is _wrong_value and what != _BRACKETS:
                    should_be = None  # who is meant is not to be guessed
                return Slip(n + 1, line, what, should_be, tool)
        if what := self._wrong_place(n, line):
            return Slip(n + 1, line, what, should_be, tool)
        if written not in (_usual(key), written.title()) and key in _PEOPLE:
            return Slip(n + 1, line, f"usually written {_usual(key)}", should_be, tool, is_read=True)
        return None

    def _wrong_place(self, n: int, line: str) -> str | None:
        if line[:1] in " \t":
            return "begins with a space: git takes it for the continuation of the line above"
        if n < self.last.start:
            after = self.lines[n + 1 : self.last.start]
            if all(not each.strip() or _TRAILER.match(each) for each in after) and self._is_trailers(
                self.last
            ):
                return "a blank line cuts it off: git and forges read the last paragraph only"
            return "stands before other text: git and forges read trailers in the last paragraph only"
        if self.subject in self.last or not self._is_block:
            return "stands among other text: git sees no block of trailers there"
        return None

    @cached_property
    def _is_block(self) -> bool:
        """Whether git would see trailers in the last paragraph, were they written as they should be."""
        lines = [self.lines[n] for n in self.last]
        return is_block([line if self._near(line) is None else "Co-authored-by: x" for line in lines])

    def _near(self, line: str) -> str | None:
        match = _WORDS.match(line) or _NO_COLON.match(line)
        return self.keys.get(_squeezed(match[1])) if match else None

    def _is_trailers(self, lines: range) -> bool:
        return all(_TRAILER.match(self.lines[n]) or self._near(self.lines[n]) for n in lines)

    def _agent(self, trailer: str) -> Evidence | None:
        """What the catalogue says of a trailer, by the day on which all its rules hold."""
        found = self.marks.find(f"x\n\n{trailer}\n", _LATE)
        return found[0] if found else None

    def _last_paragraph(self) -> range:
        end = len(self.lines)
        while end and not self.lines[end - 1].strip():
            end -= 1
        start = end
        while start and self.lines[start - 1].strip():
            start -= 1
        return range(start, end)


_LATE = BEFORE_ASSISTANTS.replace(year=9999)
_BRACKETS = "the address wants angle brackets: Name <address>"


def _subject(lines: Sequence[str]) -> int:
    """Index of the first line that says something."""
    return next((n for n, line in enumerate(lines) if line.strip()), 0)


def _squeezed(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _usual(key: str, written: str = "") -> str:
    """How a key is written: as it is where only its case is unusual in no way, else as is the custom."""
    if written.lower() == key and written in (written.title(), written.capitalize()):
        return written
    return _USUAL.get(key) or key.capitalize()


def _value(key: str, value: str) -> str:
    if key not in _PEOPLE:
        return value
    value = value.rstrip(" ,;")
    is_open = re.search(r"<[^<>]+>$", value) is None and value.count("<") <= 1
    person = parse_person(re.sub(r"[<>]", " ", value).strip()) if is_open and ">" not in value else None
    return f"{person.name} <{person.email}>" if person else value


def _wrong_key(line: str, written: str, value: str, key: str) -> str | None:
    if written.lower() == key:
        return None
    if " " in written or "\t" in written:
        return "a key has no spaces"
    return f"no such key: {key} is meant"


def _wrong_sign(line: str, written: str, value: str, key: str) -> str | None:
    rest = line.lstrip()[len(written) :].lstrip()
    if rest.startswith("="):
        return "a colon is wanted, not ="
    return None if rest.startswith(":") else "the colon is missing"


def _wrong_value(line: str, written: str, value: str, key: str) -> str | None:
    if key not in CO_AUTHOR_KEYS and key != "signed-off-by":
        return None
    person = parse_person(value)
    if person is None:
        return "no address: write Name <address>"
    if value.count("<") > 1 or ", " in value.partition(">")[2]:
        return "one person a line"
    if not re.search(r"<[^<>\s]+>$", value.rstrip(" ,;")):
        return _BRACKETS
    return None
