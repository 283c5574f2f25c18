"""What a check comes to: a verdict per rule, and about what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from msgspec import Struct
from msgspec.structs import asdict

from codeshare.errors import CannotKnow, EmptyHistory

State = Literal["pass", "warn", "fail", "unknown", "off"]

RANK: dict[str, int] = {"off": 0, "pass": 1, "warn": 2, "unknown": 3, "fail": 4}
"""Which of two states decides for both: a rule that is broken is broken whatever else is not known."""


class Verdict(Struct, frozen=True):
    """What one rule says.

    Attributes:
        rule: its name, as the settings have it.
        measured: in ``unit``; None: nothing to measure, or it cannot be known.
        limit: in ``unit``; None: the rule has none.
        unit: ``share``, a fraction of 1; ``commits``; ``files``.
        scope: what was looked at, such as ``3 commits of 1a2b3c4..5d6e7f8, crypto/**``.
        definition: of what is measured, in a sentence.
        says: the verdict in a sentence.
        remedy: what to do; None where nothing is wrong.
        path: the pattern of a rule about paths.
        sha: the commit that a verdict about one commit names.
    """

    rule: str
    state: State
    measured: float | None
    limit: float | None
    unit: str
    scope: str
    definition: str
    says: str
    remedy: str | None = None
    path: str | None = None
    sha: str | None = None


class Asked(Struct, frozen=True):
    """A rule that is set: what `Verdict` says of it before anything is measured, and its level."""

    rule: str
    limit: float | None
    level: str
    unit: str
    scope: str
    definition: str
    path: str | None = None
    sha: str | None = None


class Finding(Struct, frozen=True):
    """What was measured; ``remedy`` is for a rule that is broken."""

    measured: float | None
    is_broken: bool
    says: str
    remedy: str | None = None


def settle(asked: Asked, find: Callable[[], Finding]) -> Verdict:
    """Measure and give the verdict; where `CannotKnow` is raised, its words.

    A rule that only warns also only warns where nothing can be known.
    """
    if asked.level == "off":
        return _verdict(asked, "off", None, "switched off", None)
    try:
        found = find()
    except (CannotKnow, EmptyHistory) as error:
        says, _, remedy = str(error).partition(". ")
        state: State = "warn" if asked.level == "warn" else "unknown"
        return _verdict(
            asked, state, None, f"cannot be known: {says.rstrip('.')}", remedy.rstrip(".") or None
        )
    state = cast("State", asked.level) if found.is_broken else "pass"
    return _verdict(asked, state, found.measured, found.says, found.remedy if found.is_broken else None)


def _verdict(asked: Asked, state: State, measured: float | None, says: str, remedy: str | None) -> Verdict:
    return Verdict(
        asked.rule, state, measured, asked.limit, asked.unit, asked.scope, asked.definition, says, remedy, asked.path, asked.sha
    )  # fmt: skip


class Checked(Struct, frozen=True):
    """All verdicts, with the share of what was checked.

    Attributes:
        base: commit that a range begins after; None: the database was checked, not a range.
        head: last commit of the range; None: as ``base``.
        tip: of a range its head, else the mined tip.
        commits: how many were looked at.
        changed_settings: files that decide and that the range changes, of which the base's version was obeyed.
        notes: what else a reader should know, in sentences.
    """

    schema_version: str
    repo: str
    branch: str
    base: str | None
    head: str | None
    tip: str
    as_of: str | None
    basis: str
    period: str
    share: float | None
    share_strict: float | None
    share_high: float | None
    share_min: float | None
    share_max: float | None
    numerator: int
    denominator: int
    coverage: float | None
    unknown: float | None
    commits: int
    verdicts: tuple[Verdict, ...] = ()
    changed_settings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The gravest of all verdicts: fail, unknown, warn, pass; ``off`` without any."""
        return max((each.state for each in self.verdicts), key=RANK.__getitem__, default="off")

    @property
    def exit_status(self) -> int:
        """1 where a rule is broken, 3 where one cannot be told, else 0."""
        return {"fail": 1, "unknown": 3}.get(self.state, 0)

    def as_json(self) -> dict[str, Any]:
        """What ``codeshare check --format json`` prints; ``docs/schemas/check.schema.json`` describes it."""
        fields = asdict(self)
        verdicts = {"state": self.state, "verdicts": [asdict(each) for each in self.verdicts]}
        rest = {name: list(fields.pop(name)) for name in ("changed_settings", "notes")}
        del fields["verdicts"]
        return fields | verdicts | rest
