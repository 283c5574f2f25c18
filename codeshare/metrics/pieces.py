"""Pieces of evidence with the words of their rules, and why each decides or does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from codeshare.attribution.rule import STEPS, Rule
from codeshare.metrics.sought import credible, rule_words

_RECORD = "record that names the lines"
_KINDS = {
    "line_record": "a record of single lines",
    "author": "an agent as the author",
    "trailer": "a trailer",
    "export": "an export of the vendor's",
    "bot_author": "a bot as the author",
    "committer": "an agent as the committer",
    "footer": "a line of the message",
    "branch": "a branch's name",
    "heuristic": "a heuristic",
}
assert set(_KINDS) == set(STEPS)


class Piece(TypedDict):
    """One piece of evidence with the words of its rule; ``why`` says why it decides or does not."""

    strength: int
    decides: bool
    kind: str
    rule: str
    words: str | None
    source: str | None
    credible: str | None
    tool: str | None
    model: str | None
    attribution: str
    confidence: str
    scope: str
    origin: str
    excerpt: str | None
    files: int | None
    lines: int | None
    why: str


def pieces_of(found: Sequence[Mapping[str, Any]], rules: Mapping[str, Rule], is_mixed: bool) -> list[Piece]:
    """Put to the rows of ``commit_evidence`` the words of their rules; ``is_mixed``: a squash marked in part."""
    strongest = next((piece for piece in found if piece["decides"]), None)
    pieces = []
    for piece in found:
        rule = rules.get(piece["rule"])
        pieces.append(
            Piece(
                **{name: value for name, value in piece.items() if name not in ("repo", "sha")},  # type: ignore[typeddict-item]
                words=rule_words(rule) if rule else _RECORD if piece["kind"] == "line_record" else None,
                source=(rule.source or None) if rule else None,
                credible=credible(rule) if rule else None,
                why=_why(piece, strongest, is_mixed),
            )
        )
    return pieces


def _why(piece: Mapping[str, Any], strongest: Mapping[str, Any] | None, is_mixed: bool) -> str:
    """Why a piece decides, or does not."""
    kind = piece["kind"]
    if kind == "untimely":
        return "too early to be believed: its tool did not exist on that day; it decides nothing"
    if piece["decides"]:
        cut = ", but speaks of some parts of a squash only: no more than assisted" if is_mixed else ""
        return f"decides: the strongest there is{cut}"
    if kind == "line_record":
        return "decides about the lines that it names"
    if strongest is None:
        return "decides nothing: the commit's lines are attributed one by one"
    if strongest["kind"] == "line_record":
        return "weaker than a record of single lines: what no record claims is ai, low at most by it"
    if kind != strongest["kind"]:
        return f"weaker: {_KINDS[kind]} counts for less than {_KINDS[strongest['kind']]}"
    if piece["attribution"] != strongest["attribution"]:
        return f"{strongest['attribution']} goes before {piece['attribution']} within one kind"
    if piece["confidence"] != strongest["confidence"]:
        return f"less certain: {piece['confidence']}"
    return "says the same"
