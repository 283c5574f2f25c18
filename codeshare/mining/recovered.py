"""What commits off the branch say of lines on it, once squash and rebase merges are undone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codeshare.attribution.records.claim import Source

if TYPE_CHECKING:
    from codeshare.provenance.lines import Ids


class Seen(Struct):
    """A commit that landed a request, and what became of that request's evidence.

    ``commit``: index into the walk; ``state``: one of `STATES`; ``how`` the two were brought together;
    ``lines`` that the commit added, ``found`` how many of them in the request's own commits.
    """

    commit: int
    number: int | None
    head: str | None
    state: str
    how: str | None = None
    lines: int = 0
    found: int = 0


RECOVERED, PARTLY, UNMATCHED = "recovered", "partly", "unmatched"
NOTHING_LOST, NO_REF, ABSENT = "nothing lost", "no ref", "absent objects"
STATES = (RECOVERED, PARTLY, UNMATCHED, NOTHING_LOST, NO_REF, ABSENT)


class Recovered(Struct):
    """Carried evidence of commits (index into the walk).

    ``lines``: by path their numbers, ascending, and for each the index of its ``sources``. ``seen``:
    every request met. ``notes``: by kind of origin how many records off the branch came to speak.
    """

    lines: dict[int, dict[bytes, tuple[Ids, Ids]]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
