"""Put a report together from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.metrics.evidence import EvidenceState
from codeshare.report import dates, inline
from codeshare.report.baseline import skipped_quarters, thin_lines
from codeshare.report.context import Context
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.headline import NO_PROOF, QUANTITY, Headline, change_words, headline, volume_quarter
from codeshare.report.numbers import NBSP, count, percent, percent_number, plural, ratio, times
from codeshare.report.page_model import KeyFigure, Page
from codeshare.report.scope import only, part_name
from codeshare.report.sections.compared import compared
from codeshare.report.sections.engineers import how_much
from codeshare.report.sections.method import appendix, method
from codeshare.report.sections.parts import by_part
from codeshare.report.sections.people import by_person
from codeshare.report.sections.review import who_reviews
from codeshare.report.sections.since import since_when
from codeshare.report.sections.sure import how_sure
from codeshare.report.sections.use import settings_in_force, use
from codeshare.report.sections.worth import worth

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


def build_page(figures: Figures) -> Page:
    """Return the whole report as words, tables and drawings to be made."""
    context = Context(figures)
    said = headline(figures)
    about = only(figures)
    parts = (
        compared(context),
        since_when(context),
        by_part(context),
        how_much(context),
        by_person(context),
        worth(context),
        who_reviews(context),
        how_sure(context),
    )
    sections = (
        *(part for part in parts if part is not None),
        use(context),
        method(context),
        appendix(context),
    )
    return Page(
        title=figures.title,
        scope=_scope(figures),
        until=f"Merged up to {dates.day(as_date(figures.as_of))}",
        headline=said,
        asides=_asides(figures, said),
        key_figures=tuple(_key_figures(context)),
        sections=sections,
        footer=f"Made by codeshare {figures.codeshare_version} with Vega-Lite and vl-convert; works offline, "
        f"without scripts and on paper.{' ' + inline.to_plain(about) if about else ''} {settings_in_force(context)}",
        only=about,
        part=part_name(figures.filter),
        version=figures.codeshare_version,
        counted="Lines of AI, high and medium confidence, ÷ lines of AI, AI-assisted lines and lines with no AI evidence, "
        f"in handwritten files. {context.basis_note} Run `codeshare query ai_share_monthly`.",
    )


def _scope(figures: Figures) -> str:
    quarters = rows(figures.volume_quarterly)
    repositories = plural(len(figures.repositories), "repository", "repositories")
    parts = [part] if (part := part_name(figures.filter)) else []
    parts += [repositories] if figures.title != repositories else []
    if quarters:
        engineers = int(quarters[-1]["engineers"] or 0)
        parts.append(f"{plural(engineers, 'engineer')} active in {dates.quarter(quarters[-1]['quarter'])}")
    return " · ".join(parts)


def _asides(figures: Figures, said: Headline) -> tuple[str, ...]:
    reading = said.reading
    asides = [f"**{QUANTITY}** They say how much was merged, not what it is worth."]
    if reading is not None and said.state in (EvidenceState.HIGH, EvidenceState.MEDIUM):
        low, high = percent(reading.value("share_strict")), percent(reading.value("share_high"))
        two = f"{low} and {high} are" if low != high else "The strictest and the widest reading are"
        asides.append(f"{two} [two ways to read the same evidence](#sure). {NO_PROOF}")
    elif said.state is EvidenceState.LOW:
        asides.append("No evidence is not proof of a person: see [how sure we are](#sure).")
    skipped = skipped_quarters(figures)
    return (*asides, f"**The baseline has holes.** {skipped}") if skipped else tuple(asides)


def _key_figures(context: Context) -> list[KeyFigure]:
    figures, keys = context.figures, []
    found = volume_quarter(figures)
    if found is not None:
        row, measure = found
        quarter = dates.quarter(row["quarter"])
        label = "Lines merged per working day, all together"
        lines = [f"{change_words(row[measure.column], row[measure.baseline_column])} in {context.baseline}"]
        thin = thin_lines(figures)
        lines += [f"thin baseline: {plural(thin, 'line')}"] if thin is not None else []
        if measure.is_per_engineer:
            label = "Lines merged per working day, typical (median) engineer"
            if row["low_median"] is not None:
                lines.append(f"95{NBSP}% interval {times(row['low_median'])} to {times(row['high_median'])}")
        lines.append(quarter)
        keys.append(KeyFigure(label, ratio(row[measure.ratio_column]), tuple(lines), "#volume"))
        if measure.is_per_engineer and row["ratio_mean"] is not None:
            keys.append(_mean(context, row))
    elif not context.measure.is_ratio and context.drawn_bars and context.bars[-1].value:
        keys.append(_absolute(context))
    reading = context.reading
    if reading is not None and reading.row["share"] is not None:
        covered = f"{count(reading.value('covered'))} of {count(reading.value('denominator'))} lines"
        keys.append(
            KeyFigure(
                "Coverage: lines with evidence of any kind",
                percent(reading.value("coverage")),
                (covered, f"state of the evidence: {reading.state}"),
                "#sure",
            )
        )
        if context.is_by_class:
            low, high = percent_number(reading.value("share_min")), percent(reading.value("share_max"))
            label = "Bounds of the share: the truth lies between"
            keys.append(
                KeyFigure(label, f"{low}–{high}", ("even where marks are missing or wrong",), "#sure")
            )
    return keys


def _absolute(context: Context) -> KeyFigure:
    """Return the volume as it is, where nothing is known to compare it with."""
    bar, measure = context.bars[-1], context.measure
    whose = "per engineer and working day" if measure.is_per_engineer else "per working day, all together"
    quarter = dates.quarter(bar.row["quarter"])
    lines = ("the median engineer",) if measure.is_per_engineer else ()
    unknown = f"no {context.baseline} to compare it with"
    return KeyFigure(
        f"Lines merged {whose}", measure.format(bar.value or 0.0), (*lines, quarter, unknown), "#volume"
    )


def _mean(context: Context, row: Row) -> KeyFigure:
    lines = [f"{change_words(row['mean'], row['baseline_mean'])} in {context.baseline}"]
    if row["low_mean"] is not None:
        lines.append(f"95{NBSP}% interval {times(row['low_mean'])} to {times(row['high_mean'])}")
    return KeyFigure("The same for the mean engineer", ratio(row["ratio_mean"]), tuple(lines), "#volume")
