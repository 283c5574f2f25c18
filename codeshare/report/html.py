"""The page: one file that loads nothing, with a policy that forbids it to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from codeshare.escaping import markdown_cell, visible
from codeshare.report import inline, svg
from codeshare.report.design import colours
from codeshare.report.drawing import Drawing
from codeshare.report.numbers import percent, percent_number
from codeshare.report.origins import evidence, origin, page_queries
from codeshare.report.page_model import Figure, Page
from codeshare.report.sql_appendix import sql_appendix
from codeshare.report.tables import csv_link, format_table
from codeshare.shipped import shipped

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


_NARROW = 0.05
"""Band of the strip that has no room for a label at each end."""


@cache
def environment() -> Environment:
    """Return the templates with the filters that they use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    templates = Environment(
        loader=PackageLoader("codeshare.report"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    templates.filters["inline"] = lambda text: markup(inline.to_html(text))
    templates.filters["markdown"] = inline.to_markdown
    templates.filters["plain"] = inline.to_plain
    templates.filters["cell"] = markdown_cell
    templates.globals["format_table"] = format_table
    templates.globals["percent"] = percent
    templates.globals["origin"] = lambda figure: origin(figure.name)
    templates.globals["evidence"] = evidence
    templates.globals["csv_link"] = csv_link
    return templates


def _shown(value: object) -> object:
    """What a template prints: what was made here as it is, words without what hides or reverses."""
    return visible(value) if type(value) is str else value


def page_html(page: Page, drawings: Mapping[str, Sequence[str]] | None = None) -> str:
    """Set the page.

    Args:
        page: its words, tables and figures.
        drawings: by figure, as ``draw_figure`` gives them; without them they are drawn here.
    """
    drawn = drawings or {figure.name: draw_figure(figure) for figure in page.figures}
    style = _style(page)
    script = template("report.js")
    names = page_queries(page)
    return environment().get_template("report.html").render(
        page=page,
        drawings={name: [markup(drawing) for drawing in each] for name, each in drawn.items()},
        patterns=markup(svg.patterns()),
        style=markup(style),
        script=markup(script),
        policy=(
            f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        strip=_strip(page),
        queries=names,
        sql=sql_appendix(tuple(names)),
    )  # fmt: skip


def draw_figure(figure: Figure) -> list[str]:
    """Return a figure's drawings for the page, one a width; the page shows one of them."""
    return [set_drawing(figure, drawing, svg.render(drawing)) for drawing in drawings_of(figure)]


def drawings_of(figure: Figure) -> list[Drawing]:
    """Return a figure as it is drawn for the page, one a width."""
    return [figure.draw(size) for size in figure.sizes]


def set_drawing(figure: Figure, drawing: Drawing, rendered: str) -> str:
    """Make a rendered drawing one of the page's."""
    name = drawing.size.name
    # The column's drawing is also what a wide page shows where there is no wider one.
    has_wide = any(size.name == "wide" for size in figure.sizes)
    shown = "medium wide" if name == "medium" and not has_wide else name
    return svg.for_page(rendered, drawing, inline.to_plain(figure.alt), f"drawing {shown}")


def markup(text: str) -> Markup:
    """Mark text as HTML: made here, or escaped by ``inline``."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  nothing from outside gets here unescaped


def template(name: str) -> str:
    """Return a file of ``templates``."""
    return shipped(f"report/templates/{name}")


def digest(text: str) -> str:
    """Return the hash by which a policy allows a style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(page: Page) -> str:
    """Return the sheet: colours from the design's data, the fixed rules, and this report's lengths."""
    sheet = template("report.css")
    lengths = [f"#strip{{{_lengths(page)}}}"] if _strip(page) else []
    lengths += [
        f"#rung-{rung.name}{{--share:{rung.share:.4f}}}"
        for section in page.sections
        for rung in section.rungs
    ]
    return f"{root_colours()}\n{sheet}\n" + "\n".join(lengths)


def root_colours() -> str:
    """Return the rules that name every colour, in the light and in the dark."""
    modes = {mode: "".join(f"--{k}:{v};" for k, v in colours(mode).items()) for mode in ("light", "dark")}
    return (
        f":root{{color-scheme:light dark;{modes['light']}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{modes['dark']}}}}}"
    )


def _lengths(page: Page) -> str:
    reading = page.headline.reading
    assert reading is not None
    names = {"low": "share_strict", "at": "share", "high": "share_high"}
    return "".join(f"--{name}:{reading.value(column):.4f};" for name, column in names.items())


def _low_label(low: float, high: float) -> str:
    """Name the lower end; of a band too narrow for two labels, both."""
    one, other = percent_number(low), percent_number(high)
    return f"{one}–{other}" if high - low < _NARROW and one != other else one


def _strip(page: Page) -> dict[str, object] | None:
    """Return what the strip below the answer says; none where there is no share to show."""
    reading = page.headline.reading
    if reading is None or page.headline.state not in ("high", "medium"):
        return None
    low, at, high = (reading.value(c) for c in ("share_strict", "share", "share_high"))
    return {
        "low": _low_label(low, high),
        "high": percent_number(high),
        "at": percent(at),
        "has_point": page.headline.state == "high",
        "is_narrow": high - low < _NARROW,
        "is_at_start": low < 0.08,
        "is_at_end": high > (0.88 if high - low < _NARROW else 0.92),
        "is_near_end": high > 0.78,
        "alt": f"Share {percent(at)}; {percent(low)} on the strictest reading of the evidence, "
        f"{percent(high)} when every trace counts.",
    }
