"""Which piece of evidence decides, and what a commit without any is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from codeshare.attribution.rule import STEPS
from codeshare.model import Attribution, CommitAttribution, Confidence, Evidence

_STEP = {step: n for n, step in enumerate(STEPS)}
_CLASS = {kind: n for n, kind in enumerate(("ai", "assisted", "bot", "human", "unknown"))}
_CONFIDENCE = {level: n for n, level in enumerate(("high", "medium", "low"))}

BEFORE_ASSISTANTS = CommitAttribution(Attribution.HUMAN, Confidence.HIGH, "before-assistants")
NO_EVIDENCE = CommitAttribution(Attribution.HUMAN, Confidence.LOW, "no-evidence")
NO_AUTHOR = CommitAttribution(Attribution.UNKNOWN, Confidence.LOW, "no-author")

UNTIMELY_MARK = CommitAttribution(Attribution.HUMAN, Confidence.LOW, "untimely-mark")

UNTIMELY = "untimely"
"""Kind of evidence that is kept on record and decides nothing: a mark older than what leaves it."""

AI_CLASSES = frozenset({Attribution.AI, Attribution.ASSISTED})


def strongest(evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the piece that decides, whatever the order: step, then class, then confidence, then name."""
    return min((piece for piece in evidence if piece.kind != UNTIMELY), key=_rank, default=None)


def decide(evidence: Sequence[Evidence], is_mixed: bool = False) -> CommitAttribution:
    """Add evidence (at least one piece) up; of a mixed squash no more than assisted, medium."""
    by = strongest(evidence)
    if by is None:
        return replace(UNTIMELY_MARK, evidence=tuple(evidence))
    found = CommitAttribution(
        attribution=by.attribution,
        confidence=by.confidence,
        rule=by.rule,
        tool=by.tool,
        model=by.model,
        kind=by.kind,
        evidence=tuple(evidence),
    )
    if not is_mixed or by.attribution not in AI_CLASSES:
        return found
    confidence = Confidence.MEDIUM if by.confidence is Confidence.HIGH else by.confidence
    return replace(found, attribution=Attribution.ASSISTED, confidence=confidence, is_mixed=True)


def _rank(piece: Evidence) -> tuple[int, int, int, str, str, str]:
    return (
        _STEP[piece.kind],
        _CLASS[piece.attribution],
        _CONFIDENCE[piece.confidence],
        piece.rule,
        piece.excerpt,
        piece.origin,
    )
