"""One commit tried on the catalogue: what fires, what decides, and what would have but for its dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from codeshare.attribution.branch import merged_branch
from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.decision import (
    BEFORE_ASSISTANTS,
    NO_AUTHOR,
    NO_EVIDENCE,
    UNTIMELY,
    UNTIMELY_MARK,
    strongest,
)
from codeshare.attribution.engine import Attributor
from codeshare.attribution.rule import Rule
from codeshare.model import Commit, CommitAttribution, Evidence

_WITHOUT = {
    NO_EVIDENCE.rule: "no AI evidence",
    BEFORE_ASSISTANTS.rule: "no AI evidence, and older than any assistant",
    UNTIMELY_MARK.rule: "the only marks are older than what leaves them",
    NO_AUTHOR.rule: "the author has neither name nor address",
}


class Hit(Struct, frozen=True):
    """A rule that matches, and what comes of it (``outcome``, in words)."""

    evidence: Evidence
    outcome: str


class Trial(Struct, frozen=True):
    """What a commit is attributed to, and all hits, those that count first."""

    attribution: CommitAttribution
    hits: tuple[Hit, ...]


def try_commit(catalogue: Catalogue, commit: Commit, branch: str | None = None) -> Trial:
    """Try a commit; ``branch`` is the name of the branch that it came in with."""
    day = commit.committed_at.date()
    carrier = commit._replace(message=f"Merge branch '{branch}'\n") if branch else None
    engine = Attributor(catalogue)
    inherited = [piece] if carrier and (piece := engine.branch_evidence(carrier)) else []
    attribution = engine.attribute(commit, inherited)
    decides = strongest(attribution.evidence)
    counted = [piece for piece in attribution.evidence if piece.kind != UNTIMELY]
    hits = [Hit(piece, "decides" if piece is decides else "counts") for piece in counted]
    hits += [
        Hit(piece, "speaks for the commits that this merge brings in")
        for piece in _own_branch(engine, commit)
    ]
    seen = {hit.evidence.rule for hit in hits}
    misses = [piece for piece in _undated(catalogue, commit, carrier) if piece.rule not in seen]
    hits += [
        Hit(piece, why) for piece in misses if (why := _why_not(catalogue.rule(piece.rule), catalogue, day))
    ]
    return Trial(attribution, tuple(hits))


def conclusion(attribution: CommitAttribution) -> str:
    """Say in one line what a commit is attributed to, and by what."""
    said = f"{attribution.attribution}, {attribution.confidence}: "
    if attribution.rule in _WITHOUT:
        return f"{said}{_WITHOUT[attribution.rule]} ({attribution.rule})."
    model = f", {attribution.model}" if attribution.model else ""
    mixed = " Only some parts of the squash carry marks." if attribution.is_mixed else ""
    return said + f"{attribution.rule} decides ({attribution.tool}{model}).{mixed}"


def _own_branch(engine: Attributor, commit: Commit) -> list[Evidence]:
    found = engine.branch_evidence(commit) if merged_branch(commit.message) else None
    return [found] if found else []


def _undated(catalogue: Catalogue, commit: Commit, carrier: Commit | None) -> Iterator[Evidence]:
    """The evidence if every rule were believed at all times, and if only those switched off were on."""
    merges: Sequence[Commit] = (commit, carrier) if carrier else (commit,)
    for rules in (catalogue.rules, catalogue.off):
        engine = Attributor(catalogue.of(map(_always, rules)))
        yield from engine.attribute(commit).evidence
        for merge in merges:
            if found := engine.branch_evidence(merge):
                yield found


def _always(rule: Rule) -> Rule:
    return replace(rule, not_before=None, not_after=None)


def _why_not(rule: Rule, catalogue: Catalogue, day: date) -> str:
    if any(rule.id == each.id for each in catalogue.off):
        return "off by default: enabled_rules" if rule.is_opt_in else "switched off"
    if rule.not_before and day < rule.not_before:
        return f"too early: believed from {rule.not_before}"
    if rule.not_after and day > rule.not_after:
        return f"too late: believed until {rule.not_after}"
    return ""
