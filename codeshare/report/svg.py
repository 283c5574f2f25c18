"""From a drawing to SVG and PNG: coloured by CSS for the page, by value for files of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from codeshare.escaping import visible
from codeshare.report.design import SOLID_PATTERN, colours, slide_scale
from codeshare.report.engine import engine, png

if TYPE_CHECKING:
    from codeshare.report.drawing import Drawing

_ROOT = re.compile(r"<svg [^>]*>")
_FONT_FAMILY = re.compile(r' font-family="[^"]*"')
_NOISE = re.compile(r' (?:aria-roledescription|class|role)="[^"]*"| stroke-miterlimit="10"')
_LONG_NUMBER = re.compile(r"(\d\.\d{2})\d+")
_HEX = re.compile(r"#[0-9a-f]{6}\b")


def render(drawing: Drawing) -> str:
    """Return the SVG as vl-convert draws it, with the light colours."""
    return rendered(drawing.specification())


def rendered(specification: dict[str, Any]) -> str:
    """Return the SVG of a Vega-Lite specification."""
    svg: str = engine().vegalite_to_svg(_shown(specification))
    return _LONG_NUMBER.sub(r"\1", svg)


def _shown(part: Any) -> Any:
    """A part of a specification without control characters: of one, the renderer ends the process."""
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, dict):
        return {name: _shown(value) for name, value in part.items()}
    return [_shown(value) for value in part] if isinstance(part, list) else part


def pixels(picture: str) -> bytes:
    """Return the PNG of a picture that `for_file` made."""
    return png(picture, slide_scale())


def for_page(svg: str, drawing: Drawing, alt_text: str, name: str) -> str:
    """Turn a rendered drawing into one that takes font and colours from the page around it."""
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" aria-label="{escape(alt_text)}" '
        f'viewBox="0 0 {drawing.size.width:g} {drawing.size.height:g}" fill="none">'
    )
    body = _NOISE.sub("", _FONT_FAMILY.sub("", _ROOT.sub("", svg, count=1)))
    # the picture has one name, its alt text; parts of a picture can have none, so their words are data
    body = body.replace(' aria-label="', ' data-tip="')
    return root + _HEX.sub(lambda m: _variables().get(m[0], m[0]), body)


def for_file(svg: str, alt_text: str) -> str:
    """Turn a rendered drawing into a file that stands alone: light colours, paper, own patterns."""
    light = colours("light")
    hatches = {value: f"url(#h-{token})" for token, value in colours("hatch").items()}
    body = _HEX.sub(lambda m: hatches.get(m[0], m[0]), svg)
    root = _ROOT.search(body)
    assert root is not None
    style = f"text{{paint-order:stroke;stroke:{light['paper']};stroke-width:3.5px;stroke-linejoin:round}}"
    head = (
        f"<title>{escape(alt_text)}</title><style>{style}</style>{patterns(light)}"
        f'<rect width="100%" height="100%" fill="{light["paper"]}"/>'
    )
    return body[: root.end()] + head + body[root.end() :] + "\n"


def patterns(values: Mapping[str, str] | None = None) -> str:
    """Return the hatch of each colour: 45°, part of it solid, the rest pale; CSS variables unless given."""
    table = values or {}
    parts = []
    for token in colours("hatch"):
        fill = table.get(token, f"var(--{token})")
        parts.append(
            f'<pattern id="h-{token}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="5" height="5" fill="{fill}" fill-opacity=".26"/>'
            f'<rect width="{SOLID_PATTERN}" height="5" fill="{fill}"/></pattern>'
        )
    return "<defs>" + "".join(parts) + "</defs>"


@cache
def _variables() -> dict[str, str]:
    light = {value: f"var(--{token})" for token, value in colours("light").items()}
    return light | {value: f"url(#h-{token})" for token, value in colours("hatch").items()}
