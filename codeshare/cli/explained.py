"""The answers of ``codeshare explain`` as text for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from codeshare.metrics.doubts import counted, short

_WIDTH = 100
_MOST_COMMITS = 15
_MOST_TOOLS = 4
_KINDS = {
    "line_record": "records of single lines",
    "author": "the author's identity",
    "trailer": "trailers",
    "export": "exports of vendors",
    "bot_author": "the author's identity, bots",
    "committer": "the committer's identity",
    "footer": "lines of the message",
    "branch": "the branch's name",
    "heuristic": "heuristics",
    "untimely": "marks that came too early",
}


def write(why: Mapping[str, Any]) -> Iterator[str]:
    """The lines of an answer, the conclusion first."""
    yield from _WRITERS[why["target"]](why)


def _commit(why: Mapping[str, Any]) -> Iterator[str]:
    yield f"commit {why['sha']} of {why['repo']}"
    yield from _folded(why["subject"], "  ")
    yield ""
    yield from _folded(why["conclusion"])
    yield ""
    yield from _facts(_commit_facts(why))
    yield from _evidence(why)


def _commit_facts(why: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    tool = f" · {why['tool']}" + (f" ({why['model']})" if why["model"] else "") if why["tool"] else ""
    yield (
        "attribution",
        f"{why['attribution']}, {why['confidence']}{tool} · by rule {why['rule']}, scope {why['scope']}",
    )
    yield "author", why["author"] or "could not be read"
    if why["committer"] != why["author"]:
        yield "committer", why["committer"] or "could not be read"
    yield "engineer", why["engineer"] or "nobody is accountable by name"
    is_own = why["landing"] == why["sha"]
    landing = "itself" if is_own else f"{short(why['landing'])} {why['landing_subject'] or ''}".rstrip()
    yield "merged", f"{_moment(why['merged_at'])} UTC by {landing}"
    if why["brings_in"]:
        brought = ", ".join(f"{number:,} {name}" for name, number in why["brings_in"].items())
        yield "brings in", f"{counted(sum(why['brings_in'].values()), 'other commit')}: {brought}"
    yield "lines", _lines(why["lines"])
    yield from why["flags"].items()


def _lines(rows: Sequence[Mapping[str, Any]]) -> str:
    merged = sum(row["merged"] for row in rows)
    if not merged:
        return "none merged"
    parts = []
    for row in rows:
        tool = f" ({row['tool']})" if row["tool"] else ""
        alive = "" if row["alive"] is None else f", {row['alive']:,} still there"
        parts.append(
            f"{row['merged']:,} {row['attribution']}{tool}, {row['counted']:,} of them in shares{alive}"
        )
    return f"{merged:,} merged: " + "; ".join(parts)


def _evidence(why: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "Evidence, the strongest first" if why["evidence"] else "Evidence: none"
    for piece in why["evidence"]:
        yield from _piece(piece)
    yield ""
    yield "Looked for in vain"
    yield from _facts(_in_vain(why))
    if why["ignored"]:
        yield ""
        yield "There, but means nothing"
        for each in why["ignored"]:
            tool = f" ({each['tool']})" if each["tool"] else ""
            yield from _folded(f"{each['text']}{tool}: {each['why']}", "  - ", "    ")
    if why["uncertain"]:
        yield ""
        yield "Uncertain"
        for words in why["uncertain"]:
            yield from _folded(words, "  - ", "    ")


def _piece(piece: Mapping[str, Any]) -> Iterator[str]:
    model = f" ({piece['model']})" if piece["model"] else ""
    yield (
        f"  {piece['strength']}. {piece['attribution']}, {piece['confidence']} · {piece['tool'] or 'no tool named'}{model} · "
        f"{_KINDS.get(piece['kind'], piece['kind'])}, in {piece['origin']}"
    )
    if piece["lines"] is not None:
        yield f"     speaks of {counted(piece['lines'], 'line')} in {counted(piece['files'] or 0, 'file')}"
    if piece["excerpt"]:
        yield from _folded(f"“{piece['excerpt']}”", "     ")
    yield from _folded(piece["why"], "     ")
    rule = f"rule {piece['rule']}" + (
        f": {piece['words']}" if piece["words"] else ", of another catalogue than that in force"
    )
    yield from _folded(rule, "     ", "       ")
    if piece["credible"]:
        yield from _folded(
            f"credible {piece['credible']}; source: {piece['source'] or 'not said'}", "     ", "       "
        )


def _in_vain(why: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in why["sought"]:
        tools = kind["tools"]
        first = ", ".join(
            f"{tool} {number}" if number > 1 else tool for tool, number in list(tools.items())[:_MOST_TOOLS]
        )
        more = f" and {len(tools) - _MOST_TOOLS} more" if len(tools) > _MOST_TOOLS else ""
        words = f"{counted(kind['rules'] - kind['found'], 'rule')} of {counted(len(tools), 'tool')}"
        words = f"{words}: {first}{more}" if first else "no rule"
        late = kind["too_early"] + kind["too_late"]
        words += f"; {counted(late, 'more rule')} not credible on that day" if late else ""
        words += f"; {kind['off']} switched off" if kind["off"] else ""
        yield _KINDS.get(kind["kind"], kind["kind"]), words
    yield from _silent_places(why)


def _silent_places(why: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where records of lines would lie, and do not speak of these."""
    if not why["records"]:
        yield "records", "not looked for: the repository is not at hand"
    is_recorded = any(piece["kind"] == "line_record" for piece in why["evidence"])
    states: dict[str, list[str]] = {}
    for each in why["records"]:
        if words := _silence(each, is_recorded):
            states.setdefault(words, []).append(each["place"])
    for words, places in states.items():
        yield "records", f"{words}: {', '.join(places)}"


def _silence(place: Mapping[str, Any], is_recorded: bool) -> str:
    """Why a place of records says nothing; empty where it does say something."""
    if not place["is_there"]:
        return "absent"
    if place["speaks"]:
        return "" if is_recorded else "there, and claims none of its lines"
    return (
        "there, but not about this commit"
        if place["speaks"] is False
        else "there, and no evidence about this commit in it"
    )


def _file(why: Mapping[str, Any]) -> Iterator[str]:
    kind = f", {why['file_class']}" if why["file_class"] else ""
    yield f"{why['path']} of {why['repo']} at {short(why['rev'])}{kind}"
    yield ""
    yield from _folded(why["conclusion"])
    yield ""
    yield from _facts(
        (part["attribution"], f"{counted(part['lines'], 'line')}, {100 * part['share']:.1f} %")
        for part in why["attributions"]
    )
    yield ""
    yield "Commits behind, those with most lines first"
    for each in why["commits"][:_MOST_COMMITS]:
        tool = f" · {each['tool']}" if each["tool"] else ""
        yield (
            f"  {each['lines']:>6,}  {100 * each['share']:5.1f} %  {short(each['sha']) or 'unknown':10}  "
            f"{_moment(each['merged_at'])[:10]}  {each['attribution']}, {each['confidence'] or '?'}{tool} · "
            f"{each['engineer'] or 'nobody by name'} · {textwrap.shorten(each['subject'] or '', 60, placeholder='…')}"
        )
    rest = why["commits"][_MOST_COMMITS:]
    if rest:
        yield f"  {sum(each['lines'] for each in rest):>6,}  of {counted(len(rest), 'more commit')}"


def _line(why: Mapping[str, Any]) -> Iterator[str]:
    yield f"{why['path']}:{why['line']} of {why['repo']} at {short(why['rev'])}"
    if why["text"] is not None:
        yield f"  {_visible(why['text'])}"
    yield ""
    yield from _folded(why["conclusion"])
    if why["history"]:
        yield ""
        yield "The line's history, the latest first"
    for step in why["history"]:
        tool = f" · {step['tool']}" if step["tool"] else ""
        yield (
            f"  {_moment(step['merged_at'])[:10] or 'never merged'}  {short(step['sha'])}  {step['path']}:{step['line']}  "
            f"{step['attribution']}, {step['confidence'] or '?'}{tool} · {step['engineer'] or 'nobody by name'}"
        )
        yield f"              {step['how']}" + (f" · {step['subject']}" if step["subject"] else "")
        if step["landed_path"] != step["path"]:
            yield f"              landed as {step['landed_path']}:{step['landed_line']}"
    if len(why["renames"]) > 1:
        yield f"  paths: {' → '.join(why['renames'])}"
    if why["commit"] is not None:
        yield ""
        yield from _commit(why["commit"])


def _facts(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Names in a column, words folded beside them."""
    table = list(rows)
    width = max((len(name) for name, _ in table), default=0)
    for name, words in table:
        yield from _folded(words, f"  {name:<{width}}  ", " " * (width + 4))


def _folded(words: str, first: str = "", later: str | None = None) -> list[str]:
    folded = textwrap.wrap(
        _visible(words), _WIDTH, initial_indent=first, subsequent_indent=first if later is None else later,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return folded or [first.rstrip()]


def _visible(words: str) -> str:
    """Text of a repository, without what would steer the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "�" for letter in words).replace(
        "\t", "    "
    )


def _moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""


_WRITERS = {"commit": _commit, "file": _file, "line": _line}
