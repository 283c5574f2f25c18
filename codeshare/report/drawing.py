"""A drawing: data marks and words on one pair of scales, described in Vega-Lite.

Every drawing fixes its outer size, so that text has the same size on every chart. Positions are in
data units; words may be moved by pixels. Axis labels are words like the others: the whole drawing has
one text layer, which keeps rendering fast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from codeshare.report.axes import Scale, TimeAxis, text_width
from codeshare.report.design import Size, colour

if TYPE_CHECKING:
    import altair as alt

Mark = Literal["rect", "rule", "line", "area", "point"]
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


class Margins(Struct, frozen=True):
    """Room for labels around the plot, in pixels."""

    left: float
    right: float
    top: float
    bottom: float


class Text(Struct, frozen=True):
    """Words at a place of the plot (data units, moved by pixels right and down), set on one line."""

    text: str
    x: float
    y: float
    dx: float = 0
    dy: float = 0
    align: str = "left"
    size: float = 12.5
    weight: int = 400
    fill: str = "muted"

    def row(self) -> dict[str, Any]:
        """Return what the text layer needs."""
        return {
            "x": self.x, "y": self.y, "t": self.text, "dx": self.dx, "dy": self.dy, "a": self.align,
            "s": self.size, "w": self.weight, "f": colour(self.fill),
        }  # fmt: skip


class _Layer(Struct, frozen=True):
    mark: Mark
    style: dict[str, Any]
    rows: list[dict[str, Any]]


@dataclass
class Drawing:
    """One chart at one size."""

    size: Size
    margins: Margins
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    layers: list[_Layer] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def plot_width(self) -> float:
        """Width of the plot without its labels."""
        return self.size.inner_width - self.margins.left - self.margins.right

    @property
    def plot_height(self) -> float:
        """Height of the plot without its labels."""
        return self.size.inner_height - self.margins.top - self.margins.bottom

    @property
    def x(self) -> Scale:
        """The horizontal scale."""
        return Scale(*self.x_domain, self.plot_width)

    @property
    def y(self) -> Scale:
        """The vertical scale; pixels run down."""
        return Scale(*self.y_domain, self.plot_height, flip=True)

    def rects(self, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        """Add rectangles: x, x2, y, y2, fill, and d, what they say."""
        self._add("rect", rows, style)

    def rules(self, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        """Add straight lines: x, x2, y, y2."""
        self._add("rule", rows, {"aria": False, **style})

    def line(self, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        """Add lines through points: x, y, and g, which keeps several apart."""
        self._add("line", rows, {"aria": False, **style})

    def area(self, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        """Add areas: x, y, y2, and g, which keeps several apart."""
        self._add("area", rows, {"aria": False, **style})

    def points(self, rows: Iterable[dict[str, Any]], **style: Any) -> None:
        """Add points: x, y, and d, what they say."""
        self._add("point", rows, style)

    def text(self, text: str, x: float, y: float, **style: Any) -> Text:
        """Add words and return them."""
        style.setdefault("size", self.size.text)
        words = Text(text, x, y, **style)
        self.texts.append(words)
        return words

    def grid(self, values: Iterable[tuple[float, str]], *, left: float | None = None) -> None:
        """Add faint horizontal lines, labelled at the left."""
        low, high = self.x_domain
        start = low if left is None else left
        values = list(values)
        self.rules([{"x": start, "x2": high, "y": v, "y2": v} for v, _ in values], stroke=colour("faint"))
        for value, label in values:
            if label:
                self.text(label, start, value, dx=-7, align="right")

    def time_labels(self, axis: TimeAxis, y: float = 0) -> None:
        """Add the words under a time axis and the ticks between years."""
        down = 4 * self.y.per_pixel
        self.rules([{"x": t, "x2": t, "y": y, "y2": y - down} for t in axis.ticks], stroke=colour("rule"))
        for label in axis.labels:
            self.text(label.text, label.at, y, dy=8 + self.size.text * 0.6, align="center")

    def box(self, words: Text) -> tuple[float, float, float, float]:
        """Return a text's left, top, right and bottom in the drawing, with room for its widest font."""
        width = text_width(words.text, words.size, bold=words.weight >= 600) * self.size.font_width
        x = self.size.left + self.margins.left + self.x.px(words.x) + words.dx
        y = self.size.top + self.margins.top + self.y.px(words.y) + words.dy
        left = x - {"left": 0.0, "center": width / 2, "right": width}[words.align]
        return left, y - words.size * 0.6, left + width, y + words.size * 0.6

    def chart(self) -> alt.LayerChart | alt.FacetChart:
        """Return the Altair chart; its layers name their rows, which ``rows`` has."""
        import altair as alt
        from altair.utils.schemapi import debug_mode

        whole = self._layered()
        # Altair would check every object it makes against the schema, for longer than the drawing takes.
        with debug_mode(False):
            layers = [alt.Chart.from_dict(layer, validate=False) for layer in whole.pop("layer")]
            return alt.layer(*layers, **whole)

    def chart_with_rows(self) -> alt.LayerChart | alt.FacetChart:
        """Return the Altair chart with its rows inside and paper behind, to be shown, changed or saved alone."""
        chart = self.chart()
        chart.datasets = self.rows()
        chart.background = colour("paper")
        return chart

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of each layer by its name."""
        layers = {f"layer-{k}": layer.rows for k, layer in enumerate(self.layers) if layer.rows}
        return {**layers, "texts": [words.row() for words in self.texts]}

    def specification(self) -> dict[str, Any]:
        """Return the Vega-Lite specification, rows included.

        Written down as it is: loading Altair and having it made of objects takes longer than drawing it.
        """
        return {**self._layered(), "datasets": self.rows()}

    def _add(self, mark: Mark, rows: Iterable[dict[str, Any]], style: dict[str, Any]) -> None:
        self.layers.append(_Layer(mark, style, list(rows)))

    def _layered(self) -> dict[str, Any]:
        layers = [self._layer(k, layer) for k, layer in enumerate(self.layers) if layer.rows]
        return {
            "layer": [*layers, self._text_layer()] if self.texts else layers,
            "width": self.plot_width,
            "height": self.plot_height,
            "padding": {
                "left": self.size.left + self.margins.left,
                "right": self.size.right + self.margins.right,
                "top": self.size.top + self.margins.top,
                "bottom": self.size.bottom + self.margins.bottom,
            },
            "autosize": "none",
            "background": "transparent",
            "config": {"font": FONT, "view": {"stroke": "transparent"}},
        }

    def _scales(self) -> dict[str, Any]:
        def channel(name: str, domain: tuple[float, float]) -> dict[str, Any]:
            scale = {"domain": list(domain), "nice": False, "zero": False}
            return {"field": name, "type": "quantitative", "axis": None, "scale": scale}

        return {"x": channel("x", self.x_domain), "y": {**channel("y", self.y_domain), "stack": None}}

    def _layer(self, k: int, layer: _Layer) -> dict[str, Any]:
        first = layer.rows[0]
        encoding = self._scales() | {name: {"field": name} for name in ("x2", "y2") if name in first}
        if "fill" in first:
            encoding["fill"] = {"field": "fill", "type": "nominal", "scale": None}
        for name, channel in (("d", "description"), ("g", "detail")):
            if name in first:
                encoding[channel] = {"field": name, "type": "nominal"}
        return {
            "data": {"name": f"layer-{k}"},
            "mark": {"type": layer.mark, **layer.style},
            "encoding": encoding,
        }

    def _text_layer(self) -> dict[str, Any]:
        each = {"dx": "dx", "dy": "dy", "align": "a", "fontSize": "s", "fontWeight": "w", "fill": "f"}
        return {
            "data": {"name": "texts"},
            "mark": {
                "type": "text",
                "aria": False,
                "baseline": "middle",
                **{name: {"expr": f"datum.{column}"} for name, column in each.items()},
            },
            "encoding": {**self._scales(), "text": {"field": "t", "type": "nominal"}},
        }
