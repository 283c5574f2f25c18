"""Share by month: the headline reading as a line, the range of evidence as a band."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

from codeshare.metrics.evidence import LOW_COVERAGE, SINGLE_DIGITS
from codeshare.report import dates
from codeshare.report.axes import spread, text_width, time_axis
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import percent, percent_number

LABELS = (("share_high", "every trace"), ("share", "share"), ("share_strict", "strictest"))


def month_margins(size: Size) -> Margins:
    """Room around a chart by month, the same for all of them so that their axes line up."""
    if size.is_phone:
        return Margins(left=42, right=48, top=12, bottom=26)
    return Margins(left=62, right=126, top=12, bottom=28)


def share_chart(
    every: Sequence[Row],
    size: Size,
    until: date | None = None,
    since: date = date.min,
    *,
    is_whole: bool = True,
) -> Drawing:
    """Draw full months since a month, oldest first, on an axis to the end of ``until``; no lines: a gap.

    Args:
        is_whole: there are no months before those of ``every``.
    """
    months = [m for m in every if m["period"] >= since]
    first, last = months[0]["period"], max(months[-1]["period"], until or date.min)
    domain = dates.month_start(first), dates.month_start(dates.next_month(last))
    drawing = Drawing(size, month_margins(size), domain, (0, 1))
    _incomplete(drawing, months)
    drawing.grid([(v / 100, f"{v}\N{NO-BREAK SPACE}%" if v == 100 else str(v)) for v in (0, 25, 50, 75, 100)])
    known = [m for m in months if m["share"] is not None]
    _band(drawing, months)
    _line(drawing, months)
    _pointers(drawing, known)
    annotation = crossing(every)
    if annotation is not None and annotation["period"] >= since:
        always = is_whole and are_single_digits_before(every, annotation)
        _annotate(drawing, known, annotation, always)
    if known and known[-1] is months[-1]:
        _end_labels(drawing, known[-1])
    drawing.time_labels(time_axis(drawing.x, size.text))
    return drawing


def crossing(months: Sequence[Row]) -> Row | None:
    """Return the last month before a tenth was passed for good; none where it never was, or always."""
    known = [m for m in months if m["share"] is not None]
    if not known or is_single_digit(known[-1]):
        return None
    return next((m for m in reversed(known) if is_single_digit(m)), None)


def is_single_digit(month: Row) -> bool:
    """Whether the share reads as less than ten percent once it is rounded."""
    return round(float(month["share"]), 2) < SINGLE_DIGITS


def are_single_digits_before(months: Sequence[Row], last: Row) -> bool:
    """Whether no earlier month's share was ten percent or more."""
    earlier = [m for m in months if m["share"] is not None and m["period"] <= last["period"]]
    return all(is_single_digit(m) for m in earlier)


def _runs(months: Sequence[Row]) -> list[list[Row]]:
    """Split at months without lines."""
    runs: list[list[Row]] = [[]]
    for month in months:
        if month["share"] is None:
            runs.append([])
        else:
            runs[-1].append(month)
    return [run for run in runs if run]


def _band(drawing: Drawing, months: Sequence[Row]) -> None:
    area, edges = [], []
    for g, run in enumerate(_runs(months)):
        for m in run:
            x = dates.month_centre(m["period"])
            area.append({"x": x, "y": m["share_strict"], "y2": m["share_high"], "g": g})
            edges += [{"x": x, "y": m[end], "g": f"{end}{g}"} for end in ("share_strict", "share_high")]
    drawing.area(area, color=colour("ai"), fillOpacity=0.16)
    drawing.line(edges, stroke=colour("ai"), strokeWidth=1, strokeOpacity=0.55)


def _line(drawing: Drawing, months: Sequence[Row]) -> None:
    solid: list[Row] = []
    dashed: list[Row] = []
    for g, run in enumerate(_runs(months)):
        for k, (one, two) in enumerate(itertools.pairwise(run)):
            into = dashed if is_thin(one) else solid
            into += [
                {"x": dates.month_centre(m["period"]), "y": m["share"], "g": f"{g}.{k}"} for m in (one, two)
            ]
    drawing.line(_joined(dashed), stroke=colour("ai"), strokeWidth=2, strokeDash=[3, 3])
    drawing.line(_joined(solid), stroke=colour("ai"), strokeWidth=2.6, strokeCap="round", strokeJoin="round")
    alone = [run[0] for run in _runs(months) if len(run) == 1]
    drawing.points(
        [{"x": dates.month_centre(m["period"]), "y": m["share"]} for m in alone],
        size=14, filled=True, color=colour("ai"), opacity=1, aria=False,
    )  # fmt: skip


def _joined(pairs: list[Row]) -> list[Row]:
    """Join pieces that follow one another, so that dashes run on evenly."""
    joined: list[Row] = []
    group = 0
    for start, end in zip(pairs[::2], pairs[1::2], strict=True):
        if joined and (joined[-1]["x"], joined[-1]["y"]) == (start["x"], start["y"]):
            joined.append({**end, "g": group})
        else:
            group += 1
            joined += [{**start, "g": group}, {**end, "g": group}]
    return joined


def is_thin(month: Row) -> bool:
    """Whether so few lines of the month carry evidence that its share says little."""
    return month["coverage"] is None or month["coverage"] < LOW_COVERAGE


def _incomplete(drawing: Drawing, months: Sequence[Row]) -> None:
    drawing.rects(
        [
            {
                "x": dates.month_start(m["period"]),
                "x2": dates.month_start(dates.next_month(m["period"])),
                "y": 0,
                "y2": 1,
                "fill": colour("faint"),
                "d": f"{dates.month(m['period'])}: incomplete, {percent(m['unknown'] or 0)} of commits unknown",
            }
            for m in months
            if m["is_incomplete"]
        ]
    )


def _pointers(drawing: Drawing, known: Sequence[Row]) -> None:
    drawing.points(
        [
            {"x": dates.month_centre(m["period"]), "y": m["share"], "d": describe(m)}
            for m in known
        ],
        size=130,
        filled=True,
        opacity=0,
    )  # fmt: skip


def describe(month: Row) -> str:
    """Say a month in words: what a pointer over it shows."""
    return (
        f"{dates.month(month['period'])}: {percent(month['share'])} AI, {percent(month['share_strict'])} on the "
        f"strictest reading, {percent(month['share_high'])} with every trace; coverage {percent(month['coverage'] or 0)}"
    )


def _annotate(drawing: Drawing, known: Sequence[Row], month: Row, always: bool) -> None:
    """Mark where a tenth was passed, if there is room left of it above the band."""
    size = drawing.size
    x = dates.month_centre(month["period"])
    lines = _annotation(known, month, size, always)
    width = max(text_width(t, size.text, bold=k == 0) for k, t in enumerate(lines))
    left = drawing.x.value(drawing.x.px(x) - 8 - width)
    if left < drawing.x_domain[0]:
        return
    under = [m["share_high"] for m in known if left <= dates.month_centre(m["period"]) <= x]
    row = size.text * 1.2
    foot = max(under) + 16 * drawing.y.per_pixel
    top = max(foot + (len(lines) * row + 4) * drawing.y.per_pixel, 0.42)
    if top > 0.98:
        return
    own = month["share_high"] + 5 * drawing.y.per_pixel
    drawing.rules([{"x": x, "x2": x, "y": own, "y2": top}], stroke=colour("rule"))
    for k, words in enumerate(lines):
        drawing.text(
            words, x, top, dx=-6, dy=row * (k + 0.5), align="right",
            weight=600 if k == 0 else 400, fill="ink" if k == 0 else "muted",
        )  # fmt: skip


def _annotation(known: Sequence[Row], month: Row, size: Size, always: bool) -> list[str]:
    name = dates.short_month if size.is_phone else dates.month
    lines = [f"{name(month['period'])}: {percent(month['share'])}"]
    thin = any(is_thin(m) for m in known)
    if not size.is_phone:
        lines.append(
            "single digits on record in every month before"
            if always
            else "the last month below 10\N{NO-BREAK SPACE}%"
        )
        if thin:
            lines[-1] += ";"
            lines.append("dashed where coverage is below 25\N{NO-BREAK SPACE}%")
    elif thin:
        lines += ["dashed: coverage", "below 25\N{NO-BREAK SPACE}%"]
    return lines


def _end_labels(drawing: Drawing, month: Row) -> None:
    x, size = dates.month_centre(month["period"]), drawing.size
    drawing.points(
        [{"x": x, "y": month["share"], "d": describe(month)}], size=38, filled=True, color=colour("ai")
    )
    wanted = [drawing.y.px(month[name]) for name, _ in LABELS]
    places = spread(wanted, size.text * 1.25, 0, drawing.plot_height)
    for (name, words), place in zip(LABELS, places, strict=True):
        main = name == "share"
        value = (
            percent(month[name]) if not size.is_phone else f"{percent_number(month[name])}\N{NO-BREAK SPACE}%"
        )
        drawing.text(
            value if size.is_phone else f"{value} {words}", x, drawing.y.value(place), dx=8,
            weight=600 if main else 400, fill="ai-text" if main else "muted",
        )  # fmt: skip


def last_full(months: Sequence[Row], until: date) -> list[Row]:
    """Keep the months up to the last full one."""
    return [m for m in months if m["period"] <= until]
