"""What evidence adds up to, in one line that anybody understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codeshare.metrics.doubts import counted, short

Facts = Mapping[str, Any]

_MARKS = {
    "line_record": "a record of its lines says so",
    "author": "it is authored under the agent's own identity",
    "trailer": "a trailer of its message says so",
    "export": "an export of the vendor's says so",
    "bot_author": "it is authored under the automation's own identity",
    "committer": "it is committed under the agent's own identity",
    "footer": "a line of its message says so",
    "branch": "the branch that it came from has the form of the agent's names",
    "heuristic": "its form suggests so, and nothing else does",
}
_PLAIN = {
    "before-assistants": "it is older than any public assistant (2021-06-29), and its author is a person",
    "no-evidence": "its author is a person and nothing says that an AI took part",
    "untimely-mark": "its only marks are older than the tools that leave them, so they decide nothing",
    "no-author": "it has no author that could be read",
}


def conclude_commit(
    facts: Facts,
    evidence: Sequence[Mapping[str, Any]],
    lines: Sequence[Mapping[str, Any]],
    sought: Sequence[Mapping[str, Any]],
) -> str:
    """A commit's attribution in one line, with what it means for the figures."""
    return f"{_who(facts, evidence, sought)} {_in_figures(facts, lines)}"


def _who(facts: Facts, evidence: Sequence[Mapping[str, Any]], sought: Sequence[Mapping[str, Any]]) -> str:
    tool, sure = facts["tool"] or "an agent without a name", f"{facts['confidence']} confidence"
    mark = _MARKS.get(facts["kind"], "")
    if facts["is_mixed"]:
        return (
            f"In part by {tool}: some of the commits squashed into it carry its marks, others none ({sure})."
        )
    if facts["attribution"] == "ai":
        return f"Written by {tool}: {mark} ({sure})."
    if facts["attribution"] == "assisted":
        return f"Written by a person with the help of {tool}: {mark} ({sure})."
    if facts["attribution"] == "bot":
        return f"Made by {tool}, an automation that is no language model: {mark} ({sure})."
    if facts["attribution"] == "unknown":
        return f"Nobody can tell: {_PLAIN.get(facts['rule'], 'it could not be read')}."
    return _person(facts, sought, mark)


def _person(facts: Facts, sought: Sequence[Mapping[str, Any]], mark: str) -> str:
    why = _PLAIN.get(facts["rule"]) or mark
    if facts["rule"] != "no-evidence":
        return f"No AI evidence: {why} ({facts['confidence']} confidence)."
    rules = sum(kind["rules"] for kind in sought)
    tools = len({tool for kind in sought for tool in kind["tools"]})
    return f"No AI evidence: {counted(rules, 'rule')} for {counted(tools, 'tool')} found nothing, which is no proof."


def _in_figures(facts: Facts, lines: Sequence[Mapping[str, Any]]) -> str:
    """What a commit's lines count as."""
    if facts["counts_in"]:
        return f"Its lines count in {facts['counts_in']}, not here."
    merged, base = (sum(row[name] for row in lines) for name in ("merged", "counted"))
    if facts["is_unknown"] and not merged:
        return "What it changed is unknown."
    if not merged:
        return "It brought no lines of text to the branch."
    if facts["is_bulk"] or facts["dup_of"] or facts["reverts"]:
        return f"Its {counted(merged, 'line')} are no new work and count in no share."
    if not base:
        return f"Its {counted(merged, 'line')} are not handwritten (generated, vendored, lock or data files) and count in no share but the strictest, as lines of others."  # fmt: skip
    classes: dict[tuple[str, bool], int] = {}
    for row in lines:
        key = (row["attribution"], row["confidence"] == "low")
        classes[key] = classes.get(key, 0) + row["counted"]
    kinds = [(key, number) for key, number in classes.items() if number]
    if len(kinds) == 1:
        return f"Its {counted(base, 'handwritten line')} {'counts' if base == 1 else 'count'} {_COUNTS[kinds[0][0]]}."
    said = [f"{number:,} {'counts' if number == 1 else 'count'} {_COUNTS[key]}" for key, number in kinds]
    return f"Of its {counted(base, 'handwritten line')} {'; '.join(said)}."


_COUNTS = {
    ("ai", False): "as AI in the share",
    ("ai", True): "as AI in the high reading only, not in the headline",
    ("assisted", False): "as assisted, in the high reading of the share only",
    ("assisted", True): "as assisted, in the high reading of the share only",
    ("human", False): "as a person's in the share",
    ("human", True): "as lines without AI evidence in the share",
    ("bot", False): "as a bot's, in no share but the strictest",
    ("bot", True): "as a bot's, in no share but the strictest",
    ("unknown", False): "as unknown",
    ("unknown", True): "as unknown",
}


def conclude_file(
    path: str, lines: int, parts: Sequence[Mapping[str, Any]], commits: Sequence[Mapping[str, Any]]
) -> str:
    """A file's attribution in one line."""
    number = {part["attribution"]: part["lines"] for part in parts}
    marked = number.get("ai", 0) + number.get("assisted", 0)
    first = next((each for each in commits if each["attribution"] in ("ai", "assisted")), None)
    said = f"{_percent(marked, lines)} of the {counted(lines, 'line')} of {path} carry evidence of AI"
    if number.get("assisted"):
        said += f" ({number.get('ai', 0):,} ai, {number['assisted']:,} assisted)"
    if number.get("unknown"):
        said += f"; of {counted(number['unknown'], 'line')} nobody can tell"
    if first is None:
        return f"{said}."
    tool = f" ({first['tool']})" if first["tool"] else ""
    return f"{said}; most of them, {first['lines']:,}, are from {short(first['sha'])}{tool}."


def _percent(part: int, whole: int) -> str:
    """A share that is never rounded to none or all where it is neither."""
    exact = 100 * part / whole
    if 0 < exact < 1 or 99 < exact < 100:
        return "Under 1 %" if exact < 1 else "Over 99 %"
    return f"{exact:.0f} %"


def conclude_line(
    row: Mapping[str, Any], history: Sequence[Mapping[str, Any]], commit: Mapping[str, Any] | None
) -> str:
    """A line's attribution in one line."""
    if not history:
        return "Nobody can tell: the commit that the line is from could not be read."
    wrote = history[-1]
    tool = row["tool"] or "an agent without a name"
    who = {
        "ai": f"written by {tool}",
        "assisted": f"written by a person with the help of {tool}",
        "human": "without AI evidence",
        "bot": f"made by {tool}, an automation that is no language model",
    }.get(row["attribution"], "of unknown origin")
    sure = f" ({row['confidence']} confidence)" if row["confidence"] else ""
    when = f"merged on {wrote['merged_at']:%Y-%m-%d}" if wrote["merged_at"] else "which was not mined"
    said = f"The line is {who}{sure}, in {short(wrote['sha'])}, {when}."
    said += " A record speaks of this very line." if _is_recorded(commit) else ""
    carried = [f"{short(step['sha'])} {_CARRIED[step['how'].split()[0]]}" for step in reversed(history[:-1])]
    return f"{said} Since then {', '.join(carried)}." if carried else said


_CARRIED = {
    "took": "changed its whitespace only",
    "brought": "brought it back",
    "repeats": "repeated it",
}
"""How a line came to stand where it stands, by the first word of ``Step.how``."""


def _is_recorded(commit: Mapping[str, Any] | None) -> bool:
    return commit is not None and any(
        piece["kind"] == "line_record" and piece["scope"] == "line" for piece in commit["evidence"]
    )
