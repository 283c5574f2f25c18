"""The rules of a check about the commits of a range: their trailers, and the files that decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.decision import AI_CLASSES
from codeshare.attribution.slips import find_slips
from codeshare.attribution.trailers import find_trailers
from codeshare.config import CheckConfig
from codeshare.metrics.checks import Asked, Finding, Verdict, settle
from codeshare.model import Commit, CommitAttribution

FORM = "lines that are nearly a trailer and that git or forges do not read as one: key, colon, Name <address>, last paragraph"
NAMED = "commits authored under an agent's identity whose message has no trailer of an agent"
REQUIRED = "commits, merges aside, none of whose trailers matches"
SETTINGS = "files that decide how lines are counted and that the range changes"


class Attributed(Struct, frozen=True):
    """A commit of the range with what evidence says of it."""

    commit: Commit
    attribution: CommitAttribution


def judge_commits(
    rules: CheckConfig,
    commits: Sequence[Attributed],
    catalogue: Catalogue,
    changed: Sequence[str],
    scope: str,
) -> list[Verdict]:
    """Hold the commits of a range to every rule about them that is set: one verdict a commit that breaks it, else one."""
    found: list[Verdict] = []
    if rules.trailers:
        faults = ((each.commit, fault) for each in commits if (fault := _slips(each.commit, catalogue)))
        found += _verdicts(rules, "trailers", FORM, scope, faults, "no trailer is ill-formed")
    if rules.agent_trailers:
        faults = ((each.commit, fault) for each in commits if (fault := _unnamed(each)))
        found += _verdicts(rules, "agent_trailers", NAMED, scope, faults, "every commit of an agent names it")
    if rules.required_trailer is not None:
        pattern = re.compile(rules.required_trailer)
        faults = ((each.commit, fault) for each in commits if (fault := _lacking(each.commit, pattern)))
        found += _verdicts(
            rules,
            "required_trailer",
            REQUIRED,
            scope,
            faults,
            f"every commit has a trailer that matches {pattern.pattern}",
        )
    if rules.settings:
        asked = Asked("settings", 0.0, rules.level_of("settings"), "files", scope, SETTINGS)
        says = f"changed: {', '.join(changed)}" if changed else "no file that decides is changed"
        remedy = "let such a change be merged by itself, and reviewed as one"
        found.append(settle(asked, lambda: Finding(float(len(changed)), bool(changed), says, remedy)))
    return found


class Fault(Struct, frozen=True):
    """What is wrong with a commit, and how often."""

    count: int
    says: str
    remedy: str


def _verdicts(
    rules: CheckConfig,
    rule: str,
    definition: str,
    scope: str,
    faults: Iterator[tuple[Commit, Fault]],
    clean: str,
) -> Iterator[Verdict]:
    is_clean = True
    for commit, fault in faults:
        is_clean = False
        words = f"{commit.sha[:12]} ({commit.subject[:60]})"
        asked = Asked(
            rule,
            0.0,
            rules.level_of(rule),
            "lines" if rule == "trailers" else "commits",
            words,
            definition,
            None,
            commit.sha,
        )
        finding = Finding(float(fault.count), True, fault.says, fault.remedy)
        yield settle(asked, lambda finding=finding: finding)  # type: ignore[misc]
    if is_clean:
        asked = Asked(rule, 0.0, rules.level_of(rule), "commits", scope, definition)
        yield settle(asked, lambda: Finding(0.0, False, clean))


def _slips(commit: Commit, catalogue: Catalogue) -> Fault | None:
    slips = [slip for slip in find_slips(commit.message, catalogue) if not slip.is_read]
    if not slips:
        return None
    first = slips[0]
    remedy = f"write `{first.should_be}`" if first.should_be else "write it as `Name <address>`"
    return Fault(len(slips), f"line {first.line}, {first.text.strip()[:100]!r}: {first.what}", remedy)


def _unnamed(each: Attributed) -> Fault | None:
    agent = next(
        (
            piece
            for piece in each.attribution.evidence
            if piece.kind == "author" and piece.attribution in AI_CLASSES
        ),
        None,
    )
    if agent is None or any(
        piece.kind == "trailer" and piece.attribution in AI_CLASSES for piece in each.attribution.evidence
    ):
        return None
    return Fault(
        1,
        f"authored by {agent.tool}, and no trailer names an agent",
        "add `Co-authored-by:` with the agent's name and address",
    )


def _lacking(commit: Commit, pattern: re.Pattern[str]) -> Fault | None:
    if commit.is_merge or any(
        pattern.search(f"{each.key}: {each.value}") for each in find_trailers(commit.message)
    ):
        return None
    return Fault(
        1,
        f"no trailer matches {pattern.pattern}",
        "add it to the message: `git rebase -i` and `reword`, or `git commit --amend`",
    )
