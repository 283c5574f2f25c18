"""``explore.html`` as one file: pickers, live charts, their data, and a policy that lets nothing else run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.report import dates, svg
from codeshare.report.context import Context
from codeshare.report.explore.charts import specifications
from codeshare.report.explore.libraries import libraries, notices
from codeshare.report.explore.packed import CLASSES, pack
from codeshare.report.explore.words import live_figures, notes
from codeshare.report.frames import as_date
from codeshare.report.html import digest, environment, markup, root_colours, template
from codeshare.report.pages import build_page

if TYPE_CHECKING:
    from codeshare.metrics.cells import Cells
    from codeshare.metrics.figures import Figures


class Picker(Struct, frozen=True):
    """One choice: its options' values are places in the page's lists; the empty one is all."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def explore_html(figures: Figures, cells: Cells) -> str:
    """Set the page.

    Args:
        figures: those of the report beside it.
        cells: what is picked from.
    """
    packed = pack(figures, cells)
    page, style, script = build_page(figures), _style(), _script()
    code = f"(() => {{{libraries()}}})();"
    return environment().get_template("explore.html").render(
        page=page,
        figures=live_figures(Context(figures), packed),
        notes=notes(figures, packed),
        pickers=_pickers(packed),
        footer=_footer(figures),
        patterns=markup(svg.patterns()),
        style=markup(style),
        script=markup(script),
        libraries=markup(code),
        notices=notices(),
        data=markup(_json(packed)),
        charts=markup(_json(specifications())),
        policy=(
            f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(code)}' '{digest(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
    )  # fmt: skip


def _style() -> str:
    return f"{root_colours()}\n{template('report.css')}\n{template('explore.css')}"


def _script() -> str:
    """The page's own script: its parts in the order in which each builds on those before, closed off from the page."""
    parts = "\n".join(template(f"explore/{name}.js") for name in ("cells", "rows", "worth", "page"))
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _json(value: Any) -> str:
    """Write JSON that cannot end its element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").encode("utf-8", "replace").decode()


def _pickers(packed: dict[str, Any]) -> list[Picker]:
    months = [dates.short_month(date.fromisoformat(f"{m}-01")) for m in packed["months"]]
    if packed["isRunning"]:
        months[-1] += " (running)"
    first, last = packed["firstDrawn"], packed["lastFull"]
    return [
        _choice("repository", "Repository", "All repositories", packed["repositories"]),
        _choice("team", "Team", "All teams", packed["teams"]),
        _choice("class", "Class of file", "All handwritten", CLASSES[:-1]),
        _choice("tool", "Agent", "All agents", packed["tools"]),
        Picker("from", "From", _numbered(months[first:], first), str(first)),
        Picker("to", "To", _numbered(months[first:], first), str(max(first, last))),
    ]


def _choice(name: str, label: str, every: str, names: Sequence[str]) -> Picker:
    """Offer a choice, unless there is none."""
    options = (("", every), *_numbered(names)) if len(names) > 1 or (names and name == "tool") else ()
    return Picker(name, label, options, "")


def _numbered(names: Sequence[str], first: int = 0) -> tuple[tuple[str, str], ...]:
    return tuple((str(k), name) for k, name in enumerate(names, first))


def _footer(figures: Figures) -> str:
    """Say what made the page and the settings in force."""
    people = (
        "people by name in the report beside it"
        if figures.has_names
        else "pseudonyms in the report beside it"
    )
    return (
        f"Made by codeshare {figures.codeshare_version} with Altair, Vega-Lite and vl-convert; works offline. "
        f"Settings in force: merged up to {dates.day(as_date(figures.as_of))}; basis: {figures.basis}; baseline: "
        f"{dates.baseline(as_date(figures.baseline_since), as_date(figures.baseline_until))}; no group of fewer than "
        f"{figures.minimum_engineers} active engineers broken down; no row of a person in this file, {people}."
    )
