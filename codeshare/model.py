"""Frozen values that cross from one package to another, named as git and the field name them.

Text read from git is ``str`` decoded as UTF-8, else as the commit's ``encoding`` header says, and
what neither can decode is kept as surrogate escapes until the store writes it C-quoted. Paths are
bytes until then.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field


class Attribution(StrEnum):
    """Who wrote a line, as far as the evidence says (`docs/definitions.md`)."""

    AI = "ai"
    ASSISTED = "assisted"
    HUMAN = "human"
    BOT = "bot"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How far a piece of evidence, and so an attribution, can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Scope(StrEnum):
    """Whether evidence speaks of single lines or of a whole commit."""

    LINE = "line"
    COMMIT = "commit"


class FileClass(StrEnum):
    """What kind of file a path is; every path has exactly one."""

    CODE = "code"
    TEST = "test"
    DOCS = "docs"
    CONFIG = "config"
    GENERATED = "generated"
    VENDORED = "vendored"
    LOCK = "lock"
    DATA = "data"
    BINARY = "binary"


HANDWRITTEN = frozenset({FileClass.CODE, FileClass.TEST, FileClass.DOCS, FileClass.CONFIG})


class PersonKind(StrEnum):
    """What stands behind an identity."""

    PERSON = "person"
    AGENT = "agent"
    BOT = "bot"


# Of these a history has hundreds of thousands: a tuple is made, and hashed, in a quarter of the time.
class Identity(NamedTuple):
    """A name and an e-mail address as a commit has them (before any mailmap)."""

    name: str
    email: str


class Trailer(NamedTuple):
    """One ``Key: value`` line of a message, wherever in the message it stands."""

    key: str
    value: str


class Commit(NamedTuple):
    """One commit object.

    ``sha`` and ``parents`` are hexadecimal; times are UTC without zone; ``message`` is whole.
    """

    sha: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    authored_at: datetime
    committed_at: datetime
    message: str

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.message.lstrip("\n").partition("\n")[0]

    @property
    def is_merge(self) -> bool:
        """Whether the commit has two parents or more."""
        return len(self.parents) > 1


class Evidence(Struct, frozen=True):
    """One trace that speaks of a commit, or of a run of its lines.

    ``kind`` is the step of the contract's order (``line_record``, ``author``, ``trailer``,
    ``bot_author``, ``committer``, ``footer``, ``branch``, ``heuristic``). ``line_start`` is 1-based in
    the file as the commit left it; ``None`` with scope ``commit``. ``origin`` says where the trace
    was found (``message``, ``identity``, ``notes``, ``squash of #12``…), ``excerpt`` the words.
    """

    rule: str
    kind: str
    tool: str | None
    attribution: Attribution
    confidence: Confidence
    origin: str
    excerpt: str
    model: str | None = None
    scope: Scope = Scope.COMMIT
    path: str | None = None
    line_start: int | None = None
    line_count: int | None = None


class CommitAttribution(Struct, frozen=True):
    """What all evidence of one commit adds up to. ``rule`` and ``tool`` are those that decided."""

    attribution: Attribution
    confidence: Confidence
    rule: str
    tool: str | None = None
    model: str | None = None
    kind: str | None = None
    is_mixed: bool = False
    evidence: tuple[Evidence, ...] = field(default=())
