"""Where bars, values and releases of the volume chart stand, before any of it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from codeshare.report import dates
from codeshare.report.axes import text_width
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row
from codeshare.report.measure import Bar, Measure
from codeshare.report.numbers import TIMES
from codeshare.report.skyline import Block, Flag, Placed, Spacing, pack

EDGE = 0.03
"""Years of paper on each side of a bar."""
WIDEST = 72
"""Pixels of the widest bar."""
VALUES_FROM = 1.35
"""Ratio from which a bar carries its value."""


def edges(drawing: Drawing, row: Row) -> tuple[float, float]:
    """Return where a quarter's bar begins and ends; few quarters have no wider bars than many."""
    middle = dates.month_start(row["quarter"]) + 0.125
    half = min(0.125 - EDGE, WIDEST / 2 * drawing.x.per_pixel)
    return middle - half, middle + half


def tick_length(drawing: Drawing) -> float:
    """Return the length of the mean's tick, in years."""
    return min(1.6 * EDGE, 7 * drawing.x.per_pixel)


def fit(
    drawing: Drawing, bars: Sequence[Bar], flagged: list[Flag], measure: Measure, baseline: str
) -> tuple[float, list[Placed], list[tuple[Bar, Block]], Block | None]:
    """Lower the bars until every label fits above them; from a third of the height on, drop labels."""
    highest = max(max(bar.top for bar in bars), 1.0 if measure.is_ratio else 0.0) or 1.0
    size, height = drawing.size, drawing.plot_height
    share = 1 - (size.headline * 1.7 + 4) / height
    while True:
        drawing.y_domain = (0, highest / share)
        blocks = [_block(drawing, bar) for bar in bars]
        marks = [_tick_block(drawing, bar) for bar in bars if bar.mean is not None]
        values = _values(drawing, bars, blocks, marks, measure)
        ground = [*blocks, *marks, *(block for _, block in values)]
        one = None
        if measure.is_ratio:
            ground.append(Block(-50, drawing.plot_width + 50, height - drawing.y.px(1)))
            one = _one(drawing, ground, flagged, f"{baseline} = 1{TIMES}")
            ground += [one] if one else []
        spacing = Spacing(row=size.text * 1.36, above_foot=20 if size.is_phone else 30)
        placed = pack(flagged, ground, drawing.plot_width, spacing)
        if all(p.top <= height + 2 for p in placed):
            return drawing.y_domain[1], placed, values, one
        if share > 0.62:
            share -= 0.03
        else:
            worst = max(placed, key=lambda p: p.top)
            flagged = [f for f in flagged if f is not worst.flag]


def _block(drawing: Drawing, bar: Bar) -> Block:
    left, right = (drawing.x.px(x) for x in edges(drawing, bar.row))
    return Block(left, right, drawing.plot_height - drawing.y.px(bar.reach))


def _tick_block(drawing: Drawing, bar: Bar) -> Block:
    right = drawing.x.px(edges(drawing, bar.row)[1])
    height = drawing.plot_height - drawing.y.px(bar.mean or 0.0)
    return Block(right, right + tick_length(drawing) / drawing.x.per_pixel, height + 1)


def _values(
    drawing: Drawing, bars: Sequence[Bar], blocks: Sequence[Block], ticks_: Sequence[Block], measure: Measure
) -> list[tuple[Bar, Block]]:
    """Place the values above bars, the last first; leave out those that would touch something."""
    size = drawing.size
    highest = max(bar.top for bar in bars)
    from_ = max(VALUES_FROM, 0.08 * highest) if measure.is_ratio else 0.25 * highest
    placed: list[tuple[Bar, Block]] = []
    for bar, block in reversed(list(zip(bars, blocks, strict=True))):
        is_last = bar is bars[-1]
        if not is_last and (size.is_phone or (bar.value or 0) < from_):
            continue
        text = size.headline if is_last else size.text
        half = text_width(measure.format(bar.value or 0), text, bold=is_last) / 2
        middle = drawing.x.px(sum(edges(drawing, bar.row)) / 2)
        height = _height(size, is_last)
        bottom = _clear(block.top, height, middle - half, middle + half, ticks_)
        box = Block(middle - half, middle + half, bottom + height)
        meets = [b for b in blocks if b is not block and b.left < box.right and b.right > box.left]
        if is_last:
            top = max([bottom, *(b.top for b in meets)])
            placed.append((bar, Block(box.left, box.right, top + height)))
        elif all(b.top < block.top for b in meets) and not any(
            _touch(box, p, _height(size, b is bars[-1])) for b, p in placed
        ):
            placed.append((bar, box))
    return placed


def _clear(bottom: float, height: float, left: float, right: float, marks: Sequence[Block]) -> float:
    """Lift a value above every tick that it would touch; a tick is a short line, free below."""
    for mark in sorted(marks, key=lambda m: m.top):
        beside = mark.right <= left or mark.left >= right
        if not beside and bottom - 2 < mark.top < bottom + height + 2:
            bottom = mark.top + 2
    return bottom


def _height(size: Size, is_last: bool) -> float:
    """Return what a value takes above its bar."""
    return (size.headline if is_last else size.text) * 1.2 + 3


def _touch(box: Block, other: Block, height: float) -> bool:
    """Whether two values touch; ``height``: the other's."""
    beside = other.left - 2 >= box.right or other.right + 2 <= box.left
    return not beside and other.top - height < box.top


def _one(drawing: Drawing, ground: Sequence[Block], flagged: Sequence[Flag], words: str) -> Block | None:
    """Find the lowest place above the line at 1× where no leader passes; none where only another line is near."""
    row = drawing.size.text * 1.2
    highest = drawing.plot_height - drawing.y.px(1) + 3 * row
    width = text_width(words, drawing.size.text, bold=True)
    found: Block | None = None
    x = 4.0
    while x + width < drawing.plot_width:
        if not any(x - 6 < f.x < x + width + 6 for f in flagged):
            under = max(b.top for b in ground if b.left < x + width + 2 and b.right > x - 2)
            top = under + 3 + row
            if top <= highest and (found is None or top < found.top - 3):
                found = Block(x, x + width, top)
        x += 3
    return found
