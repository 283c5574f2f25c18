"""The answer in words: one sentence, then what qualifies it. The page, the markdown and the terminal share it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.metrics.evidence import EvidenceState
from codeshare.report import dates, inline
from codeshare.report.baseline import baseline_name, thin_baseline
from codeshare.report.charts.share import crossing, is_single_digit, last_full
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.measure import Measure, choose_measure
from codeshare.report.numbers import (
    NBSP,
    amount,
    count,
    fraction,
    part_of_lines,
    percent,
    plural,
    times,
)
from codeshare.report.reading import Reading, read_month

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures

QUANTITY = "Lines are quantity, not quality."
THIN_MONTH = 200
"""Handwritten lines of a month below which one commit can decide its share."""
NO_PROOF = "AI that left no trace is in neither reading: no evidence is not proof of a person."


class Headline(Struct, frozen=True):
    """What a report says first.

    Attributes:
        state: high, medium, low or empty evidence.
        title: the answer; its share stands between ``**``.
        lede: the sentences that qualify it, with marks as in ``inline``.
        source: numerator and denominator, query and basis.
    """

    state: EvidenceState
    title: str
    lede: tuple[str, ...]
    source: tuple[str, ...]
    reading: Reading | None

    @property
    def plain(self) -> str:
        """The whole as plain text, a paragraph for the answer and one for the rest."""
        rest = " ".join(inline.to_plain(sentence) for sentence in self.lede)
        return f"{inline.to_plain(self.title)}\n{rest}\n{'; '.join(inline.to_plain(s) for s in self.source)}"


def headline(figures: Figures) -> Headline:
    """Put a report's answer into words."""
    reading = read_month(figures)
    if reading is None:
        return Headline(EvidenceState.EMPTY, "Nothing was merged.", (), (f"basis: {figures.basis}",), None)
    title, lede = _WORDINGS[reading.state](figures, reading)
    lede = [*lede[:1], *_thin_month(reading), *lede[1:], *_volume(figures)]
    if reading.are_bounds_apart and reading.state in (EvidenceState.HIGH, EvidenceState.MEDIUM):
        lede.append(
            f"Git alone cannot settle it: the truth lies between **{percent(reading.value('share_min'))}** "
            f"and **{percent(reading.value('share_max'))}**."
        )
    return Headline(reading.state, title, tuple(lede), _source(figures, reading), reading)


def volume_quarter(figures: Figures) -> tuple[Row, Measure] | None:
    """Return the latest quarter with a ratio and what is measured of it."""
    quarters = rows(figures.volume_quarterly)
    if not quarters:
        return None
    measure = choose_measure(figures, quarters)
    if not measure.is_ratio:
        return None
    known = [q for q in quarters if measure.bar(q).value is not None]
    return (known[-1], measure) if known else None


def _source(figures: Figures, reading: Reading) -> tuple[str, ...]:
    lines = fraction(reading.value("numerator"), reading.value("denominator"), "handwritten lines")
    if reading.state is EvidenceState.LOW:
        lines = fraction(reading.value("strict_numerator"), reading.value("strict_denominator"))
    if reading.state is EvidenceState.EMPTY:
        lines = "no lines"
    full = [] if reading.row["is_running"] else ["last full month"]
    return (lines, *full, "[`ai_share_monthly`](#sql-ai_share_monthly)", f"basis: {figures.basis}")


def _high(figures: Figures, reading: Reading) -> tuple[str, list[str]]:
    title = f"AI wrote **{percent(reading.value('share'))}** of {_code(reading, 'we merged')}."
    low, high = percent(reading.value("share_strict")), percent(reading.value("share_high"))
    if low == high == percent(reading.value("share")):
        lede = ["Every reading of the evidence gives the same."]
    else:
        lede = [
            f"It is **{low}** on the strictest reading of the evidence and **{high}** when every trace counts."
        ]
    return title, lede + [s for s in (_before(figures, reading),) if s]


def _medium(figures: Figures, reading: Reading) -> tuple[str, list[str]]:
    low, high = percent(reading.value("share_strict")), percent(reading.value("share_high"))
    low = low.replace("under", "less than")
    if low == high:
        title = f"About **{low}** of {_code(reading, 'merged')} shows signs of AI."
    else:
        title = f"Between **{low}** and **{high}** of {_code(reading, 'merged')} shows signs of AI."
    lede = [f"The headline definition gives **{percent(reading.value('share'))}**."]
    if low == high == percent(reading.value("share")):
        lede = ["Every reading of the evidence gives the same."]
    silent = 1 - reading.value("coverage")
    if silent:
        lede.append(f"{part_of_lines(silent, 'carry', 'carries')} no evidence either way.")
    return title, lede + [s for s in (_before(figures, reading),) if s]


def _code(reading: Reading, merged: str) -> str:
    """Name what the share is of; where it is next to nothing, by its number of lines."""
    lines = int(reading.value("denominator"))
    what = f"the {plural(lines, 'line')} of code" if lines < THIN_MONTH else "the code"
    return f"{what} {merged} in {reading.name}"


def _thin_month(reading: Reading) -> list[str]:
    if reading.state not in (EvidenceState.HIGH, EvidenceState.MEDIUM):
        return []
    is_thin = reading.value("denominator") < THIN_MONTH
    return ["With so few lines a single commit can decide the share."] if is_thin else []


def _low(_: Figures, reading: Reading) -> tuple[str, list[str]]:
    silent = percent(1 - reading.value("coverage"))
    title = (
        f"We cannot say how much of this code AI wrote: {silent} of the lines carry no evidence either way."
    )
    if reading.value("coverage") == 0:
        title = "We cannot say how much of this code AI wrote: no line carries evidence either way."
    low, of = reading.value("strict_numerator"), reading.value("strict_denominator")
    if low:
        first = (
            f"At least **{percent(reading.value('share_strict'))}** of the lines in files of any kind merged in "
            f"{reading.name} were ({count(low)} of {count(of)})."
        )
    else:
        first = (
            f"Of the {plural(int(of), 'line')} in files of any kind merged in {reading.name}, none counts as AI’s on the "
            "strictest reading."
        )
    return title, [
        first,
        "No share, trend or comparison that rests on attribution is drawn below; the volume of all lines is.",
        "To know more: switch on your agents’ commit trailers or line-level records, and see `codeshare doctor`.",
    ]


def _empty(figures: Figures, reading: Reading) -> tuple[str, list[str]]:
    if reading.value("commits"):
        return f"No handwritten line was merged in {reading.name}.", []
    last = _last_merge(figures)
    lede = [f"The last commit was merged on {dates.day(last)}. The report below ends there."] if last else []
    return f"Nothing was merged in {reading.name}.", lede


_WORDINGS = {
    EvidenceState.HIGH: _high,
    EvidenceState.MEDIUM: _medium,
    EvidenceState.LOW: _low,
    EvidenceState.EMPTY: _empty,
}


def _last_merge(figures: Figures) -> date | None:
    merged = [r.get("last_merged_at") for r in rows(figures.repositories)]
    known = [as_date(m) for m in merged if m is not None]
    return max(known, default=None)


def _before(figures: Figures, reading: Reading) -> str | None:
    """Say since when, in words of the record: old months have little coverage."""
    months = last_full(rows(figures.share_monthly), reading.month)
    last = crossing(months)
    if last is None:
        return None
    earlier = [m for m in months if m["share"] is not None and m["period"] <= last["period"]]
    # of what came before the first day shown nothing can be said
    if not figures.filter.since and all(is_single_digit(m) for m in earlier):
        return f"Before {dates.month(dates.next_month(last['period']))} the record shows single digits."
    return f"The share was last below 10{NBSP}% on record in {dates.month(last['period'])}."


def _volume(figures: Figures) -> list[str]:
    found = volume_quarter(figures)
    if found is None:
        return []
    row, measure = found
    value = float(row[measure.ratio_column])
    last = rows(figures.volume_quarterly)[-1]
    now = "now " if row["quarter"] == last["quarter"] else ""
    when = "" if now else f" in {dates.quarter(row['quarter'])}"
    who = "The typical engineer" if measure.is_per_engineer else "Everybody together"
    verb, bar, base = "merges" if now else "merged", measure.bar(row), baseline_name(figures)
    if bar.is_unclear:
        said = (
            f"{who} shows no clear change from {base} in lines merged per working day{when}: **{times(value)}{NBSP}times** "
            f"as many, interval {times(bar.low or 0)} to {times(bar.high or 0)}."
        )
    else:
        said = f"{who} {now}{verb} {_many(value)} lines per working day{when} {'than' if _is_fewer(value) else 'as'} in {base}."
    thin = thin_baseline(figures)
    return [said] if thin is None else [inline.to_plain(said), thin]


def _is_fewer(value: float) -> bool:
    return round(value, 1) < 1


def _many(value: float) -> str:
    if _is_fewer(value):
        return f"**{percent(1 - value)} fewer**"
    return "about as many" if round(value, 1) == 1 else f"**{times(value)}{NBSP}times** as many"


def change_words(value: float, base: float) -> str:
    """``488, up from 61``: a volume beside its baseline."""
    way = "up from" if value > base else "down from" if value < base else "as"
    return f"{amount(value)}, {way} {amount(base)}"
