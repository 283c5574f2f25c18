"""The tables of docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from benchmarks.accuracy import measure
from benchmarks.accuracy.measure import Ratio
from benchmarks.accuracy.shipped import LEAST_COMMITS
from benchmarks.accuracy.truth import Read

_SAID = {
    "ai": "AI, high or medium",
    "assisted": "assisted",
    "low": "AI or assisted, low",
    "bot": "bot",
    "human": "no AI evidence",
    "unknown": "unknown",
}


def tables(read: Sequence[Read], frame: pd.DataFrame) -> str:
    """All tables, as markdown."""
    covered = frame[frame["covered"]]
    tells = frame[frame["tells"]]
    parts = [
        "### What was measured",
        _sizes(read, frame),
        _left_out(read),
        "### Where the note names at least 90 % of the lines",
        _confusion(covered),
        _precision(covered),
        "### Where the note names any line",
        "Lines that the note does not name count as not an agent's: the reading hardest on the marks.",
        _confusion(tells),
        _precision(tells),
        "### By kind of mark",
        _by_kind(tells),
        "### How much of the agents' lines the marks find, by the note's agent",
        _by_agent(tells),
        "### The agent's part of a marked commit, by mark",
        _parts(frame, ["said", "kind", "tool"]),
        "### The same by repository, for trailers that say AI",
        _by_repository(frame),
        "### What the other repositories would have told of each",
        _others(frame),
        "### How sure the notes themselves are",
        _notes(frame),
    ]
    return "\n\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    under = ["---"] * words + ["---:"] * (len(heads) - words)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, under, *rows))


def _part(ratio: Ratio) -> str:
    """All but everything is not everything."""
    if ratio.value is None:
        return "–"
    if ratio.over < ratio.under and ratio.value > 0.9995:
        return "over 99.9 %"
    return f"{ratio.value:.1%}".replace("%", " %")


def _interval(ratio: Ratio) -> str:
    if ratio.low is None or ratio.high is None:
        return "–"
    return f"{ratio.low:.1%} – {ratio.high:.1%}".replace("%", " %")


def _cells(ratio: Ratio) -> tuple[str, str, str, str]:
    return _part(ratio), _interval(ratio), f"{ratio.over:,} / {ratio.under:,}", f"{ratio.commits:,}"


def _sizes(read: Sequence[Read], frame: pd.DataFrame) -> str:
    rows = []
    for r in sorted(read, key=lambda r: -r.notes):
        own = frame[frame["repo"] == r.repo]
        kept = own[["lines", "agent", "person", "untracked"]].sum()
        rows.append(
            (
                f"{r.repo} at {r.tip[:8]}",
                *(f"{n:,}" for n in (r.notes, len(own), own["on_branch"].sum(), own["covered"].sum(), *kept)),
            )
        )
    heads = ("repository", "commits with a note", "measured", "on the branch", "90 % named", "lines added", "an agent's", "a person's", "not named")  # fmt: skip
    return _table(heads, rows)


def _left_out(read: Sequence[Read]) -> str:
    why: dict[str, int] = {}
    for r in read:
        for reason, count in r.passed_over.items():
            why[reason] = why.get(reason, 0) + count
    listed = ", ".join(
        f"{reason} {count:,}" for reason, count in sorted(why.items(), key=lambda x: -x[1]) if count
    )
    return f"Notes passed over: {listed}. Of commits that make the same change in one repository, one counts."


def _confusion(frame: pd.DataFrame) -> str:
    found = measure.confusion(frame)
    rows = [
        (words, *(f"{found[truth][said]:,}" for truth in ("agent", "person", "untracked")))
        for said, words in _SAID.items()
        if said in found.index
    ]
    return _table(
        ("lines; without the notes: …", "note: an agent's", "note: a person's", "note: nothing"), rows
    )


def _precision(frame: pd.DataFrame) -> str:
    rows = [
        ("precision, of the lines that notes name", *_cells(measure.precision(frame, strictly=True))),
        ("precision, lines not named counted against it", *_cells(measure.precision(frame, strictly=False))),
        ("recall", *_cells(measure.recall(frame))),
    ]
    for repo, own in frame.groupby("repo"):
        found = measure.recall(own)
        if found.commits >= measure.MINIMUM:
            rows.append((f"recall in {repo}", *_cells(found)))
    return _table(("", "value", "95 % interval", "lines", "commits"), rows)


def _by_kind(frame: pd.DataFrame) -> str:
    rows = [
        (kind, _part(strict), *_cells(hard), _part(found), _interval(found))
        for kind, (strict, hard, found) in measure.by_kind(frame).items()
    ]
    heads = ("mark", "precision, named lines", "precision, all lines", "95 % interval", "lines", "commits", "part of all agents' lines", "95 % interval")  # fmt: skip
    return _table(heads, rows)


def _by_agent(frame: pd.DataFrame) -> str:
    rows = [
        (agent, *_cells(found), _part(same) if agent != "unnamed" else "–")
        for agent, (found, same) in measure.recall_by_agent(frame).items()
        if found.commits >= measure.MINIMUM
    ]
    return _table(
        ("agent", "recall", "95 % interval", "lines", "commits", "the mark names the same agent"), rows
    )


def _parts(frame: pd.DataFrame, by: Sequence[str]) -> str:
    rows = [
        (_SAID[said].partition(",")[0], kind, tool, *_cells(part))
        for (said, kind, tool), part in measure.agents_part(frame, by).items()
    ]
    return _table(
        ("says", "mark", "tool", "agent's part", "95 % interval", "lines", "commits"), rows, words=3
    )


def _by_repository(frame: pd.DataFrame) -> str:
    trailers = frame[(frame["said"] == "ai") & (frame["kind"] == "trailer")]
    rows = []
    for (repo, is_on), part in measure.agents_part(trailers, ["repo", "on_branch"]).items():
        rows.append((repo, "on the branch" if is_on == "True" else "elsewhere", *_cells(part)))
    return _table(
        ("repository", "commits", "agent's part", "95 % interval", "lines", "commits"), rows, words=2
    )


def _others(frame: pd.DataFrame) -> str:
    rows = [
        (repo, _part(own), _interval(own), f"{part:.1%}".replace("%", " %"), f"{own.commits:,}")
        for repo, (own, part) in measure.others_part(frame, LEAST_COMMITS).items()
    ]
    return _table(
        (
            "repository",
            "agent's part in its trailer-marked commits",
            "95 % interval",
            "in the others'",
            "commits",
        ),
        rows,
    )


def _notes(frame: pd.DataFrame) -> str:
    marked = frame[frame["said"] == "ai"]
    silent = marked[~marked["tells"]]
    tells = marked[marked["tells"]]
    blank = tells["blank"].sum() / max(tells["untracked"].sum(), 1)
    whole = (tells["agent"] == tells["lines"]).mean()
    return (
        f"Of {len(marked):,} commits with a mark of AI and a note, {len(silent):,} ({len(silent) / len(marked):.0%}) have a note that names "
        f"no line of theirs. In the others all lines are the agent's in {whole:.0%} of the commits. Of the lines that those notes leave "
        f"out, {blank:.0%} are blank."
    ).replace("%", " %")
