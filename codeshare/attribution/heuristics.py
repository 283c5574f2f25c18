"""The heuristics of ``heuristics.toml``: the weakest evidence, each with its precision as measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.attribution.artefacts import Artefacts, Ban, InstructionFile, Switch, path_pattern
from codeshare.attribution.bursts import Burst
from codeshare.attribution.forms import Form
from codeshare.attribution.limits import Shipped
from codeshare.attribution.rule import Rule
from codeshare.model import Attribution, Confidence
from codeshare.shipped import shipped

FILE = "heuristics.toml"
LEAST_PRECISION = 0.8
LEAST_REPOSITORIES = 3
_ANY_AGENT = "any agent"
_FIRST_AGENTS = date(2023, 1, 1)
"""Before, no tool wrote commits."""


class Measured(Struct, frozen=True):
    """How often a hit was right: ``right`` of ``found`` hits, with marks in ``repositories`` of 10 hits or more."""

    right: int
    found: int
    repositories: int

    @property
    def precision(self) -> float:
        """Right ones of all hits; 0 where there was none."""
        return self.right / self.found if self.found else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether the rule may be on without being asked for."""
        return self.precision >= LEAST_PRECISION and self.repositories >= LEAST_REPOSITORIES


class Heuristics(Struct, frozen=True):
    """All heuristics; ``rules`` are those that may attribute a commit, forms and bursts by their id."""

    rules: tuple[Rule, ...]
    measured: Mapping[str, Measured]
    forms: Mapping[str, Form]
    bursts: Mapping[str, Burst]
    artefacts: Artefacts
    switches: tuple[Switch, ...]
    bans: tuple[Ban, ...]


@cache
def load_heuristics() -> Heuristics:
    """Read the file."""
    data = tomli.loads(shipped(f"attribution/{FILE}"))
    entries = [*data["form"], *data["burst"]]
    switches, bans = tuple(map(_switch, data["switch"])), tuple(map(_ban, data["ban"]))
    instructions = [InstructionFile(raw["tool"], path_pattern(raw["paths"])) for raw in data["file"]]
    return Heuristics(
        rules=tuple(map(_rule, entries)),
        measured={raw["id"]: _measured(raw) for raw in entries},
        forms={raw["id"]: _form(raw) for raw in data["form"]},
        bursts={raw["id"]: _burst(raw) for raw in data["burst"]},
        artefacts=Artefacts(instructions, switches, bans),
        switches=switches,
        bans=bans,
    )


def _rule(raw: Mapping[str, Any]) -> Rule:
    measured = _measured(raw)
    return Rule(
        id=raw["id"],
        entry=raw["id"],
        tool=_ANY_AGENT,
        kind="heuristic",
        attribution=Attribution.AI,
        confidence=Confidence.LOW,
        is_opt_in=not measured.is_enough,
        not_before=_FIRST_AGENTS,
        source=f"{raw['explanation']} Right in {measured.right:,} of {measured.found:,} hits.",
        file=FILE,
        match=tuple(raw.get("match", ())),
        no_match=tuple(raw.get("no_match", ())),
    )


def _measured(raw: Mapping[str, Any]) -> Measured:
    return Measured(raw["right"], raw["found"], raw["repositories"])


def _form(raw: Mapping[str, Any]) -> Form:
    return Form(
        subject=_pattern(raw, "subject"),
        line=_pattern(raw, "line"),
        lines=raw.get("lines", 1),
        bullets=raw.get("bullets", 0),
        length=raw.get("length", 0),
    )


def _burst(raw: Mapping[str, Any]) -> Burst:
    return Burst(raw["times"], raw["lines"], raw["minutes"], raw["history_days"], raw["history_hours"])


def _switch(raw: Mapping[str, Any]) -> Switch:
    return Switch(
        raw["id"],
        raw["tool"],
        raw["explanation"],
        path_pattern(raw["paths"]),
        raw["form"],
        raw["when"],
        raw.get("unless", {}),
        raw["source"],
    )


def _ban(raw: Mapping[str, Any]) -> Ban:
    return Ban(
        raw["id"],
        raw["explanation"],
        path_pattern(raw["paths"]),
        Shipped(raw["line"]),
        Shipped(raw["unless"]),
    )


def _pattern(raw: Mapping[str, Any], key: str) -> Shipped | None:
    return Shipped(raw[key]) if key in raw else None
