"""A badge: the share and its range, in a colour that judges nothing."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from codeshare.metrics.share import Readings

LABEL = "AI share"
_LEFT = "#444c56"
_RIGHT = "#6e7781"  # as dark as white text on it needs (contrast 4.6)
_PAD = 7
_HEIGHT = 20
# Widths of Verdana at 11 pixels; other fonts are fitted by textLength.
_WIDTHS = {" ": 3.9, "%": 11.8, "(": 5.0, ")": 5.0, "–": 7.0, "A": 7.5, "I": 4.6, ",": 4.0, ".": 4.0}
_WIDTH = 7.0


class Badge(Struct, frozen=True):
    """What a badge says; ``title`` is what screen readers and a pointer get."""

    message: str
    title: str
    label: str = LABEL


def badge_of(row: Readings | None) -> Badge:
    """The badge of a share; ``unknown`` without one."""
    if row is None or row["share"] is None:
        return Badge("unknown", f"{LABEL}: unknown")
    share, low, high = (_percent(row[name]) for name in ("share", "share_strict", "share_high"))
    bounds = f"the truth lies between {_percent(row['share_min'])} and {_percent(row['share_max'])} %"
    title = (
        f"{LABEL}: {share} % of {row['denominator']:,} handwritten lines {_merged(row)} are attributed to AI; {low} to "
        f"{high} % by the way marks are read; {bounds}. As of {(row['as_of'] or 'unknown')[:10]}."
    )
    return Badge(f"{share} % ({low}–{high} %)", title)


def shields(badge: Badge) -> str:
    """The badge as JSON for an endpoint of shields.io (its "Endpoint Badge": schemaVersion 1)."""
    fields = {
        "schemaVersion": 1,
        "label": badge.label,
        "message": badge.message,
        "color": _RIGHT.removeprefix("#"),
        "labelColor": _LEFT.removeprefix("#"),
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def svg(badge: Badge) -> str:
    """The badge as one SVG file that loads nothing."""
    left, right = _text_width(badge.label), _text_width(badge.message)
    one, two = left + 2 * _PAD, right + 2 * _PAD
    title = escape(badge.title, quote=True)
    text = '<text x="{x}" y="14" textLength="{width}" lengthAdjust="spacingAndGlyphs">{words}</text>'
    words = (
        text.format(x=_PAD, width=left, words=escape(badge.label)),
        text.format(x=one + _PAD, width=right, words=escape(badge.message)),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{one + two}" height="{_HEIGHT}" '
        f'viewBox="0 0 {one + two} {_HEIGHT}" role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n"
        f'<clipPath id="edge"><rect width="{one + two}" height="{_HEIGHT}" rx="3"/></clipPath>\n'
        f'<g clip-path="url(#edge)"><rect width="{one}" height="{_HEIGHT}" fill="{_LEFT}"/>'
        f'<rect x="{one}" width="{two}" height="{_HEIGHT}" fill="{_RIGHT}"/></g>\n'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">{"".join(words)}</g>\n'
        "</svg>\n"
    )


def _percent(value: float | None) -> str:
    if value is None:
        return "unknown"
    if 0 < value < 0.0005:
        return "<0.1"  # 0 would say that there is none
    return f"{100 * value:.1f}" if 0 < value < 0.01 else f"{100 * value:.0f}"


def _merged(row: Readings) -> str:
    return "merged" if row["basis"] == "landed" else "added"


def _text_width(words: str) -> int:
    return round(sum(_WIDTHS.get(char, _WIDTH) for char in words))
