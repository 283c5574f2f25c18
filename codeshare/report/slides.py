"""A figure as a slide: its chart with title, words, source and date, to stand alone."""

from __future__ import annotations

from codeshare.report import inline
from codeshare.report.axes import text_width
from codeshare.report.design import Size, slide
from codeshare.report.drawing import Drawing
from codeshare.report.page_model import Figure, Page

TITLE = 32
SAYS = 17
SOURCE = 13.5


def slide_drawing(figure: Figure, page: Page) -> Drawing:
    """Draw a figure at a slide's size and set the words around it."""
    size = slide()
    drawing = figure.draw(size)
    room = size.width - size.left - size.right
    title = _wrap(figure.heading, room, TITLE, bold=True)[:2]
    title_size = TITLE if len(title) == 1 else 26
    title = _wrap(figure.heading, room, title_size, bold=True)[:2]
    y = 38.0
    for line in title:
        _set(drawing, size, line, y + title_size * 0.3, title_size, "ink", 700)
        y += title_size * 1.2
    says, font = _says(inline.to_plain(figure.says), room, 158 - y)
    for line in says:
        _set(drawing, size, line, y + font * 0.7, font, "muted")
        y += font * 1.36
    below = size.height - 58
    for line in _wrap(_caveat(figure, page), room, SOURCE)[:1]:
        _set(drawing, size, line, below, SOURCE, "ink")
    for k, line in enumerate(_wrap(_source(figure, page), room, SOURCE)[:2]):
        _set(drawing, size, line, below + SOURCE * (1.6 + 1.3 * k), SOURCE, "muted")
    return drawing


def _set(
    drawing: Drawing, size: Size, text: str, y: float, font: float, fill: str, weight: int = 400
) -> None:
    """Set a line at a height of the slide, flush with its left margin."""
    drawing.text(
        text,
        drawing.x_domain[0],
        drawing.y_domain[1],
        dx=-drawing.margins.left,
        dy=y - size.top - drawing.margins.top,
        size=font,
        fill=fill,
        weight=weight,
    )


def _says(text: str, room: float, height: float) -> tuple[list[str], float]:
    """Break the words below the title into lines that fit, smaller where they are many; whole sentences only."""
    for size in (SAYS, 15.5, 14.0, 12.5):
        lines = _wrap(text, room, size)
        if len(lines) * size * 1.36 <= height:
            return lines, size
    sentences = text.split(". ")
    return _says(". ".join(sentences[:-1]) + ".", room, height) if len(sentences) > 1 else (lines[:2], size)


def _caveat(figure: Figure, page: Page) -> str:
    reading = page.headline.reading
    quantity = "Lines measure quantity, not quality."
    if figure.name != "volume" or reading is None or page.headline.state not in ("high", "medium"):
        return quantity
    from codeshare.report.numbers import percent

    low, share, high = (percent(reading.value(c)) for c in ("share_strict", "share", "share_high"))
    return (
        f"{quantity} Bar heights do not depend on attribution; the AI share of {reading.name} is {share} "
        f"({low} to {high} by how strictly the evidence is read)."
    )


def _source(figure: Figure, page: Page) -> str:
    until = page.until[0].lower() + page.until[1:]
    name = figure.query_name
    parts = [
        f"codeshare {name}" if " " in name else f"Query {name}",
        page.title,
        page.scope,
        until,
        f"codeshare {page.version}",
    ]
    return " · ".join(part for part in parts if part)


def _wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break into lines by what a slide's own font takes, which is narrower than the widest."""
    lines, narrow = [""], slide().font_width
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, bold=bold) * narrow > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
