"""What a record claims about lines of a commit, and how a record is refused."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct, field

from codeshare.model import Attribution, Confidence, Evidence, Scope

LAST_LINE = 2**31 - 1
"""No line has a higher number: a record that speaks of one is refused."""

_CLIP = 200


class Unparsable(ValueError):
    """A record that does not have the form it should have; the message says where."""


class Source(Struct, frozen=True):
    """Who a record says wrote lines: the rule by which it was read, and the ref or file it stands in.

    ``key`` is the record's own name of the session, prompt or person. ``kind`` is its step of strength:
    what was carried over from a commit off the branch may be a trailer's word as well; None: no evidence.
    """

    rule: str
    origin: str
    attribution: Attribution
    confidence: Confidence
    tool: str | None = None
    model: str | None = None
    key: str = ""
    kind: str | None = "line_record"


class Claim(Struct, frozen=True):
    """One run of lines that a record speaks of; ``start`` is 1-based in the file as the commit left it."""

    path: bytes
    start: int
    count: int
    source: Source

    def evidence(self, path: str) -> Evidence:
        """The claim as a piece of evidence; ``path`` as the database keeps it."""
        by = self.source
        return Evidence(
            rule=by.rule,
            kind=by.kind or "heuristic",
            tool=by.tool,
            attribution=by.attribution,
            confidence=by.confidence,
            origin=by.origin,
            excerpt=by.key,
            model=by.model,
            scope=Scope.LINE,
            path=path,
            line_start=self.start,
            line_count=self.count,
        )


class Parsed(Struct):
    """What one record came to.

    ``dropped`` counts the entries of agents that exist in tests alone, ``untold`` those whose key says
    of nobody.
    """

    claims: list[Claim] = field(default_factory=list)
    dropped: int = 0
    untold: int = 0


def run(first: Any, last: Any) -> tuple[int, int]:
    """Start and count of the lines ``first`` to ``last``, both in.

    Raises:
        Unparsable: they are no line numbers, or in the wrong order.
    """
    if type(first) is not int or type(last) is not int or not 1 <= first <= last <= LAST_LINE:
        raise Unparsable(f"{first!r:.20} to {last!r:.20} are no lines")
    return first, last - first + 1


def json_object(content: bytes) -> dict[str, Any]:
    """Parse a JSON object.

    Raises:
        Unparsable: it is none.
    """
    try:
        found = json.loads(content.decode("utf-8", "replace"))
    except ValueError as error:
        raise Unparsable(f"no JSON: {error}"[:_CLIP]) from None
    except RecursionError:
        raise Unparsable("no JSON that can be read: nested too deep") from None
    if not isinstance(found, dict):
        raise Unparsable("no JSON object")
    return found


def path_bytes(path: Any) -> bytes:
    """The path of a file as git has it, from a JSON string.

    Raises:
        Unparsable: it is no path.
    """
    if not isinstance(path, str) or not path:
        raise Unparsable("a file has no path")
    return path.encode("utf-8", "surrogatepass")


def word(value: Any) -> str | None:
    """A name from a record, fit to be shown and stored; None if it is no text or empty."""
    if not isinstance(value, str):
        return None
    clean = "".join(letter for letter in value[:_CLIP] if letter.isprintable())
    return clean.strip().strip('"') or None
