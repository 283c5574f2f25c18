"""How sure we are: the readings of the month, its bounds, and the kinds of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from codeshare.report import dates
from codeshare.report.charts.kinds import KINDS, in_words, kinds_by_quarter, kinds_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import rows
from codeshare.report.numbers import count, fraction, part_of_lines, percent
from codeshare.report.page_model import Column, Figure, Rung, Section, Table
from codeshare.report.reading import Reading
from codeshare.report.window import first_quarter, since_quarter

_MOST_KEPT_OUT = 3
SCARCE = 0.05
"""Share of the lines that is hardly any."""


def how_sure(context: Context) -> Section | None:
    """Build the section; none for a month without lines."""
    reading = context.reading
    if reading is None:
        return None
    has_lines = reading.row["share"] is not None
    intro = "The share has several honest readings; these are they."
    if has_lines and context.is_by_class:
        intro = "The same month, read three ways. The true share may lie above all three: an agent that leaves no trace looks like a person."
    elif has_lines:
        intro = "The strictest reading is all that can be said: an agent that leaves no trace looks like a person."
    elif context.is_by_class:
        intro = f"Nothing was merged in {reading.name}; the kinds of evidence of the months before are below."
    figure = _kinds(context)
    return Section(
        "sure",
        "How sure we are",
        "How sure",
        (intro,),
        (figure,) if figure else (),
        rungs=_rungs(context, reading) if has_lines else (),
        notes=(*(_notes(reading) if has_lines else ()), *_kept_out(context)),
        has_key=True,
    )


def _rungs(context: Context, reading: Reading) -> tuple[Rung, ...]:
    def rung(
        name: str, label: str, column: str, top: str, under: str, says: str, *, is_main: bool = False
    ) -> Rung:
        share = reading.value(column)
        lines = fraction(reading.value(top), reading.value(under))
        return Rung(name, label, share, percent(share), lines, says, is_main)

    low = rung(
        "low", "low", "share_strict", "strict_numerator", "strict_denominator",
        "Only high-confidence evidence, against every line merged, whatever the file, bots included.",
    )  # fmt: skip
    if not context.is_by_class:
        return (low,)
    main = rung(
        "main", "headline", "share", "numerator", "denominator",
        "High and medium confidence, against handwritten lines by people and agents.", is_main=True,
    )  # fmt: skip
    high = rung(
        "high", "high", "share_high", "high_numerator", "denominator",
        "Any confidence, and lines that AI helped a person to write.",
    )  # fmt: skip
    return (low, main, high)


def _notes(reading: Reading) -> list[str]:
    low, high = percent(reading.value("share_min")), percent(reading.value("share_max"))
    bounds = (
        f"**The bounds are {low} and {high}.** The lower counts only AI lines attested line by line or authored under an "
        "agent’s own identity; the upper leaves out only lines attested as a person’s own or older than any assistant. "
        "The truth lies between."
    )
    if reading.are_bounds_apart:
        bounds += " So far apart, git alone cannot settle it."
    notes = [bounds]
    traced = reading.value("ai") + reading.value("assisted")
    if traced and reading.row["commit_scope_lines"] is not None:
        part = reading.value("commit_scope_lines") / traced
        mixed = reading.value("mixed_lines") / traced
        notes.append(
            f"Of the lines with traces of AI, **{'all' if part == 1 else percent(part)}** rest on a mark that speaks of a whole commit"
            + (f", **{percent(mixed)}** on squashes of which only parts carry one." if mixed else ".")
        )
        if part:
            notes.append(_calibrated(reading))
    return notes


def _kept_out(context: Context) -> Iterator[str]:
    """Where marks are kept out, the share is a lower one."""
    standing = [each for each in context.figures.suppressed if each.until is None]
    for each in standing[:_MOST_KEPT_OUT]:
        whose = f"{each.tool}’s" if each.sign == "switch" else "agents’"
        how = "a committed setting keeps" if each.sign == "switch" else "the project’s own rules keep"
        yield (
            f"**Since {dates.day(each.since)} {how} {whose} marks out** of {each.repo} ({each.path}). "
            "The share of what was merged there since is a lower one."
        )
    if (more := len(standing) - _MOST_KEPT_OUT) > 0:
        yield f"{more} more such settings: run `codeshare query suppressed_marks`."


def _calibrated(reading: Reading) -> str:
    """What the share is if such marks count for what records of lines say they are worth."""
    if reading.row["share_calibrated"] is None:
        lines = count(reading.value("uncalibrated_lines"))
        return f"How much of a marked commit the agent wrote is not known here: of {lines} marked lines no record tells."
    share, low, high = (percent(reading.value(f"share_calibrated{end}")) for end in ("", "_low", "_high"))
    return (
        "A mark of a whole commit need not hold for all of its lines. Counting each, of AI’s work or of its help, for the part that "
        "records of lines say was the agent’s, "
        f'the share is **{share}**, {low} to {high}. Run `codeshare sql "from calibration"` for the parts and where they come from.'
    )


def _kinds(context: Context) -> Figure | None:
    quarters = kinds_by_quarter(rows(context.figures.evidence_kinds))
    if not quarters:
        return None
    last = max(quarters)
    shown = first_quarter(last)
    since = since_quarter(min(quarters), shown)
    drawn = {quarter: parts for quarter, parts in quarters.items() if quarter >= shown}
    running = last if last == _running(context) else None
    parts = quarters[last]
    covered = sum(part for kind, part in parts.items() if kind != "none")

    def draw(size: Size) -> Drawing:
        return kinds_chart(drawn, running, size)

    heading = _heading(parts, covered)
    said = in_words(parts)
    listed = ", ".join(f"{name.lower()} {said[kind]}" for kind, (name, _) in KINDS.items() if kind in said)
    return Figure(
        name="evidence-kinds",
        chart="kinds",
        heading=heading,
        says="Handwritten lines by the strongest evidence that speaks of them, by "
        f"quarter{since}. The more a blue stands out, the stronger the evidence of AI."
        + (" Strong grey: a person’s own hand." if any(p.get("own_hand") for p in drawn.values()) else "")
        + (f" Hatched: quarter to {dates.short_day(context.as_of)}." if running else ""),
        alt=f"{heading}. {dates.quarter(last)}: {listed}.",
        source=f"{_covered_lines(context, last)} ({dates.quarter(last)})",
        counted="Evidence of AI counts, and evidence of a person’s own hand: a line record, or a commit older than the "
        "first assistant (29 June 2021). Run `codeshare query evidence_kinds_quarterly`.",
        table=Table(
            "evidence_kinds_quarterly",
            "Lines by strongest evidence and quarter",
            context.figures.evidence_kinds,
            (
                Column("period", "Quarter", "quarter"),
                Column("kind", "Strongest evidence", "kind"),
                Column("lines", "Lines", "count"),
                Column("share", "Share", "percent"),
            ),
        ),
        draw=draw,
        below=tuple(
            (token, f"**{said[kind]}** {name}") for kind, (name, token) in KINDS.items() if kind in said
        )[::-1],
    )


def _covered_lines(context: Context, quarter: date) -> str:
    lines = {r["kind"]: r["lines"] for r in rows(context.figures.evidence_kinds) if r["period"] == quarter}
    return fraction(sum(n for kind, n in lines.items() if kind != "none"), sum(lines.values()))


def _running(context: Context) -> object:
    return next((q["quarter"] for q in context.quarters if q["is_running"]), None)


def _heading(parts: dict[str, float], covered: float) -> str:
    if covered < SCARCE:
        return "Hardly any line carries evidence"
    lines = f"{part_of_lines(covered, 'carry', 'carries')} evidence"
    if covered > 1 - SCARCE:
        lines = "Nearly all lines carry evidence" if covered < 1 else "All lines carry evidence"
    kind = max((k for k in KINDS if k != "none"), key=lambda k: parts.get(k, 0.0))
    return f"{lines}; most often: {KINDS[kind][0].lower()}"
