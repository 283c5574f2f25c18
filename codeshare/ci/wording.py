"""Verdicts and shares in words, the same wherever a forge shows them."""

from __future__ import annotations

import re

from codeshare.metrics.checks import Checked, Verdict

STATES = {
    "fail": "fails",
    "warn": "warns",
    "unknown": "cannot be known",
    "pass": "passes",
    "off": "nothing to check",
}
_WORD = re.compile(r"[a-z]+ ")
_ORDER = ("fail", "unknown", "warn", "pass", "off")


def sorted_verdicts(checked: Checked) -> list[Verdict]:
    """The gravest first, else as they came; rules that are off are left out."""
    return sorted(
        (each for each in checked.verdicts if each.state != "off"), key=lambda each: _ORDER.index(each.state)
    )


def percent(value: float | None, digits: int = 1) -> str:
    """A share as percent; ``unknown`` where it is."""
    return "unknown" if value is None else f"{100 * value:.{digits}f} %"


def quantity(value: float | None, unit: str) -> str:
    """A measured value or a limit with its unit."""
    if value is None:
        return "–"
    if unit in ("share", "", "fraction"):
        return percent(value)
    named = unit.removesuffix("s") if value == 1 else unit
    return f"{value:,.0f} {named}" if float(value).is_integer() else f"{value:,.2f} {named}"


def span(checked: Checked) -> str:
    """What was checked: a range by its short ids, or a branch."""
    if checked.base and checked.head:
        return f"{checked.base[:9]}..{checked.head[:9]}"
    return f"{checked.branch} at {checked.tip[:9]}"


def share_sentence(checked: Checked) -> str:
    """The share with all that a reader must know to read it."""
    lines = "that it adds" if checked.base else "merged" if checked.basis == "landed" else "added"
    if checked.share is None:
        return f"The share of AI is unknown: there is no handwritten line {lines}."
    return (
        f"{percent(checked.share)} of {checked.denominator:,} handwritten lines {lines} are attributed to AI "
        f"({checked.numerator:,} lines). By the way marks are read: {percent(checked.share_strict)} to "
        f"{percent(checked.share_high)}; the truth lies between {percent(checked.share_min)} and "
        f"{percent(checked.share_max)}. Lines with any evidence: {percent(checked.coverage)}; commits that could not "
        f"be read: {percent(checked.unknown)}. Basis: {checked.basis}."
    )


def sentences(*words: str | None) -> str:
    """Sentences in a row, each with an end."""
    said = (_begun(each.strip()) for each in words if each and each.strip())
    return " ".join(each if each.endswith((".", "!", "?", "…")) else f"{each}." for each in said)


def _begun(sentence: str) -> str:
    """With a capital, where it begins with a word and not with a path or a name."""
    return sentence[0].upper() + sentence[1:] if _WORD.match(sentence) else sentence
