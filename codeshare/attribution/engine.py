"""Attributes commits: evidence from identities, message and branch, added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codeshare.attribution.branch import merged_branch
from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.decision import (
    AI_CLASSES,
    BEFORE_ASSISTANTS,
    NO_AUTHOR,
    NO_EVIDENCE,
    decide,
    strongest,
)
from codeshare.attribution.forms import Forms
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.hints import any_of
from codeshare.attribution.identities import IdentityRules
from codeshare.attribution.marks import Marks
from codeshare.attribution.rule import BEFORE_ASSISTANTS as FIRST_ASSISTANT
from codeshare.attribution.rule import Rule
from codeshare.attribution.squash import GIT_SQUASH, Squash, split_squash
from codeshare.attribution.untimely import UntimelyMarks
from codeshare.model import Attribution, Commit, CommitAttribution, Evidence, Identity

if TYPE_CHECKING:
    from codeshare.attribution.messages import Messages

_FIRST_ASSISTANT = datetime.combine(FIRST_ASSISTANT, time())


class Attributor:
    """Attributes one commit after another; holds caches, so one for each run.

    Rules are held against the committer date, as far as it can be believed: a rebase or an amend can
    add a mark later than the author date, and a commit that is only carried over keeps a date after
    the mark was possible.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._marks = Marks(catalogue)
        self._authors = IdentityRules(
            (rule for rule in catalogue.rules if rule.kind in ("author", "bot_author")), catalogue.rules
        )
        self._committers = IdentityRules(
            (rule for rule in catalogue.rules if rule.kind == "committer"), catalogue.rules
        )
        self._fallbacks = [rule for rule in catalogue.rules if rule.is_fallback]
        self._unnamed: dict[tuple[str, str], list[Rule]] = {}
        self._branches = [rule for rule in catalogue.rules if rule.kind == "branch"]
        self._forms = Forms(catalogue.rules, dict(load_heuristics().forms))
        self._untimely = UntimelyMarks(catalogue, self._marks)
        self._since = _earliest(rule for rule in catalogue.rules if rule.kind != "bot_author")
        self._silent: dict[tuple[Identity, Identity], bool] = {}

    def may_speak(self, messages: Messages, dates: Sequence[datetime]) -> list[bool]:
        """Which of the messages of many commits, judged by ``dates``, may say anything of who wrote them."""
        if self._forms:
            return [True] * len(dates)
        found = messages.may_hold(self._marks.words, self._untimely.words, any_of([GIT_SQUASH.lower()]))
        late = next((n for n, at in enumerate(dates) if at >= self._since), len(dates))
        signed = messages.may_have_line(self._marks.trailers, self._marks.may_be_trailer, late)
        speaking: list[bool] = (found | signed).tolist()
        return speaking

    def attribute(
        self,
        commit: Commit,
        inherited: Sequence[Evidence] = (),
        *,
        at: datetime | None = None,
        may_speak: bool = True,
    ) -> CommitAttribution:
        """Return what all evidence of the commit adds up to.

        Args:
            commit: the commit.
            inherited: evidence of the merge that brought it in (`branch_evidence`).
            at: the date to judge it by; default: its committer date.
            may_speak: false where it is known already (`may_speak`) that its message says nothing.
        """
        at = at or commit.committed_at
        if not (may_speak or inherited) and self._is_silent(commit.author, commit.committer):
            return _without(commit, at)
        rules = self._authors.matching(commit.author)
        is_late = at >= self._since
        is_marked = (
            is_late and may_speak and (self._marks.may_be_in(commit.message) or GIT_SQUASH in commit.message)
        )
        carried = self._committers.matching(commit.committer) if is_late else ()
        day = at.date()
        may_be_untimely = is_marked or rules or not is_late
        untimely = self._untimely.find(commit, rules, day, may_speak) if may_be_untimely else []
        unnamed = self._fall_back(commit.author)
        formed = self._forms.find(commit.message, day) if may_speak and not commit.is_merge else []
        if not (rules or is_marked or carried or inherited or untimely or unnamed or formed):
            return _without(commit, at)
        own = self._identities(commit, rules, carried, day)
        squash = split_squash(commit.message) if is_marked else None
        if squash is None:
            said = self._marks.find(commit.message, day) if is_marked else []
            is_mixed = False
        else:
            said, is_mixed = self._squash(squash, day)
        evidence = list(dict.fromkeys([*own, *said, *inherited, *untimely, *formed]))
        if not evidence:
            return _without(commit, at)
        by = strongest(evidence)
        return decide(evidence, is_mixed and by is not None and by.kind in ("trailer", "footer"))

    def branch_evidence(self, merge: Commit, at: datetime | None = None) -> Evidence | None:
        """Return what the branch named in a merge's subject says of the commits it brings in; ``at`` as above."""
        branch = merged_branch(merge.message)
        if branch is None:
            return None
        return self.branch_named(branch, (at or merge.committed_at).date(), f"merge {merge.sha[:12]}")

    def branch_named(self, branch: str, day: date, origin: str) -> Evidence | None:
        """Return what the name of a branch says of the commits that came from it."""
        for rule in self._branches:
            if rule.fires(day) and rule.pattern is not None and rule.pattern.match(branch[:500]):
                return self._marks.evidence(rule, day, branch, origin)
        return None

    def _identities(
        self, commit: Commit, rules: Sequence[Rule], carried: Sequence[Rule], day: date
    ) -> list[Evidence]:
        author = commit.author
        found = self._firing(rules, author, day)
        if not found:
            unnamed = self._firing(self._fall_back(author), author, day)
            found = [replace(piece, tool=author.name or author.email) for piece in unnamed]
        if commit.committer != commit.author:
            found += self._firing(carried, commit.committer, day)
        return found

    def _is_silent(self, author: Identity, committer: Identity) -> bool:
        """Whether no rule knows any of the two."""
        known = self._silent.get((author, committer))
        if known is None:
            known = not (
                self._authors.matching(author)
                or self._fall_back(author)
                or self._committers.matching(committer)
            )
            self._silent[author, committer] = known
        return known

    def _fall_back(self, author: Identity) -> list[Rule]:
        """Rules for authors that no other rule knows."""
        key = (author.name, author.email)
        known = self._unnamed.get(key)
        if known is None:
            text = f"{author.name} <{author.email}>"
            known = [rule for rule in self._fallbacks if rule.pattern and rule.pattern.search(text)]
            self._unnamed[key] = known
        return known

    def _firing(self, rules: Iterable[Rule], identity: Identity, day: date) -> list[Evidence]:
        """One piece for each kind of rule."""
        first: dict[str, Rule] = {}
        for rule in rules:
            if rule.fires(day):
                first.setdefault(rule.kind, rule)
        text = f"{identity.name} <{identity.email}>"
        return [self._marks.evidence(rule, day, text, "identity") for rule in first.values()]

    def _squash(self, squash: Squash, day: date) -> tuple[list[Evidence], bool]:
        """Evidence of a squash, and whether only some parts carry marks of AI.

        A mark in the head speaks of the whole. One in the tail says that some part had it, not which:
        where no part shows one, the squash is mixed.
        """
        head = self._marks.find(squash.head, day)
        tail = self._marks.find(squash.tail, day)
        parts = []
        for n, part in enumerate(squash.parts, 1):
            origin = f"part {n} of {len(squash.parts)}"
            found = self._marks.find(part.message, day, origin) if self._marks.may_be_in(part.message) else []
            if part.author is not None:
                rules = self._authors.matching(part.author)
                found += [_as_part(piece, origin) for piece in self._firing(rules, part.author, day)]
            parts.append(found)
        marked = sum(map(_has_ai, parts))
        is_mixed = not _has_ai(head) and marked < len(parts) and (marked > 0 or _has_ai(tail))
        return _distinct([*head, *(piece for found in parts for piece in found), *tail]), is_mixed


def _without(commit: Commit, at: datetime) -> CommitAttribution:
    if not (commit.author.name.strip() or commit.author.email.strip()):
        return NO_AUTHOR
    return BEFORE_ASSISTANTS if at < _FIRST_ASSISTANT else NO_EVIDENCE


def _as_part(piece: Evidence, origin: str) -> Evidence:
    """The author of one part of a squash speaks no louder than a trailer: the commit has its own author."""
    return replace(piece, kind="trailer", origin=origin)


def _has_ai(evidence: Iterable[Evidence]) -> bool:
    return any(piece.attribution in AI_CLASSES for piece in evidence)


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The first of those that say the same: forges repeat the parts' trailers at the end."""
    found: dict[tuple[str, str], Evidence] = {}
    for piece in evidence:
        found.setdefault((piece.rule, piece.excerpt.partition(":")[2].strip() or piece.excerpt), piece)
    return list(found.values())


def _earliest(rules: Iterable[Rule]) -> datetime:
    days = [rule.not_before or date.min for rule in rules if rule.attribution is not Attribution.BOT]
    return datetime.combine(min(days, default=FIRST_ASSISTANT), time())
