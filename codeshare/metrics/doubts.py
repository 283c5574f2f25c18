"""What is special about a commit, and what is uncertain about its attribution, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from codeshare.attribution.rule import Rule

Facts = Mapping[str, Any]

_BULK = {
    "ignore_revs": "named in .git-blame-ignore-revs",
    "import": "a first commit of over 10,000 lines without evidence of AI",
    "joined_history": "brought in by the merge that joined another history",
    "subtree": "a squash by git subtree",
    "whitespace": "changes next to nothing but whitespace",
}


def short(sha: str | None) -> str:
    """An id as people write it."""
    return (sha or "")[:10]


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 line``, ``2,000 lines``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def flags_of(facts: Facts) -> dict[str, str]:
    """What is special about a commit: a word for each, and what it means."""
    found = {
        "merge": facts["is_merge"] and f"{facts['parents']} parents: its own lines are those that none of them has",
        "foxtrot": facts["is_foxtrot"] and "the branch merged into a copy of itself: the mainline goes on through the other parent",
        "unknown": facts["is_unknown"] and f"could not be read: {'; '.join(facts['skipped'] or ['objects are missing'])}",
        "shared": facts["counts_in"] and f"counts in {facts['counts_in']}, which holds it as well",
        "bulk": facts["is_bulk"] and f"no new work: {_BULK.get(facts['bulk_reason'], facts['bulk_reason'] or 'bulk')}",
        "duplicate": facts["dup_of"] and f"no new work: repeats the patch of {short(facts['dup_of'])}, merged before",
        "revert": facts["reverts"] and f"no new work: undoes {short(facts['reverts'])}; lines that it brings back keep their attribution",
        "reverted": facts["reverted_by"] and f"undone by {', '.join(map(short, facts['reverted_by']))}",
        "repeated": facts["repeated_by"] and f"repeated by {', '.join(map(short, facts['repeated_by'][:5]))}",
        "squash": facts["is_squash"] and _squash(facts),
        "mixed": facts["is_mixed"] and "only some of the commits squashed into it carry marks of AI",
        "skewed": facts["is_skewed"] and "its landing's own date contradicts its neighbours: merged_at is theirs",
    }  # fmt: skip
    return {name: words for name, words in found.items() if words}


def _squash(facts: Facts) -> str:
    request = f", of request #{facts['request']}" if facts["request"] else ""
    return f"several commits in one{request}"


def doubts(
    facts: Facts,
    evidence: Sequence[Mapping[str, Any]],
    rule: Rule | None,
    day: date,
    records: Sequence[Mapping[str, Any]],
    is_other_catalogue: bool,
) -> list[str]:
    """What is uncertain about a commit's attribution, a sentence each."""
    is_marked = facts["attribution"] in ("ai", "assisted")
    window = rule and next((each for each in rule.windows if each.since <= day <= each.until), None)
    others = sorted(
        {piece["attribution"] for piece in evidence if piece["kind"] != "untimely"} - {facts["attribution"]}
    )
    found = {
        "Its changes could not be read: its lines are unknown.": facts["is_unknown"],
        "It squashes several commits and its mark speaks of all of it: which lines are meant nobody can tell.": (
            facts["is_squash"] and is_marked and facts["scope"] == "commit" and not facts["is_mixed"]
        ),
        "Some of the commits squashed into it carry no mark; as their lines cannot be told apart, all count as assisted.": (
            facts["is_mixed"]
        ),
        "No record of single lines: its mark speaks of the whole commit, also of lines that a person may have changed.": (
            is_marked and facts["scope"] == "commit" and not facts["is_squash"]
        ),
        "Only the committer is an agent: it may have committed what somebody else wrote.": facts["kind"]
        == "committer",
        "Only the name of the branch says so: work of people on it counts as well.": facts["kind"] == "branch"
        and is_marked,
        "A heuristic is a guess from the form of a commit; it is in no headline figure.": facts["kind"]
        == "heuristic",
        "No evidence of AI is no proof that none took part: several tools leave no mark by default.": (
            facts["attribution"] == "human" and facts["confidence"] == "low"
        ),
        "The bot is known by the form of its name only: no rule tells what it is.": facts["rule"]
        == "bot.unknown",
        "Its merge date is that of its neighbours, for its own contradicts them.": facts["is_skewed"],
        "Evidence disagrees: " + ", ".join(others) + " is claimed as well.": bool(others)
        and not facts["is_mixed"],
        "Records of single lines were not looked for: the repository is not at hand.": not records,
        "The rules in force are not those that it was mined with: mine again to judge it by them.": is_other_catalogue,
    }
    if facts["overclaimed"]:
        words = counted(facts["overclaimed"], "line")
        found[f"Its record also claims {words} that it did not add: they count for nothing."] = True
    for why in facts["unusable"] or ():
        found[f"A record of its lines cannot be used: {why}."] = True
    if facts["kept_out"] and facts["attribution"] == "human" and facts["confidence"] == "low":
        found[
            f"When it was merged, files of the repository kept marks out: {', '.join(facts['kept_out'])}."
        ] = True
    if window:
        found[f"From {window.since} to {window.until} this mark counts as {window.confidence.value} only: the tool left it wrongly."] = True  # fmt: skip
    return [words for words, is_so in found.items() if is_so]
