"""The live charts as Vega-Lite, made by Altair; colours are the page's CSS variables, rows come from its script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from codeshare.report.design import colours

if TYPE_CHECKING:
    import altair as alt

HEIGHTS = {"share": 270, "lines": 220, "agents": 110, "volume": 300, "kinds": 220}
FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
"""The page's: Vega measures words with it to keep room for them."""
BRUSH = "brush"
"""The selection by which the pointer picks months."""


def specifications() -> dict[str, dict[str, Any]]:
    """Return each chart's specification by name."""
    from altair.utils.schemapi import debug_mode

    charts = {
        "share": _share,
        "lines": _lines,
        "agents": _agents,
        "volume": _volume,
        "kinds": _kinds,
        "parts": _parts,
    }
    # Altair would check every object it makes against the schema, for longer than the page takes.
    with debug_mode(False):
        return {name: _plain(make()) for name, make in charts.items()}


def _plain(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {key: value for key, value in spec.items() if key not in ("$schema", "datasets")}


def var(token: str) -> str:
    """Return the page's variable of a colour."""
    assert token in colours("light"), token
    return f"var(--{token})"


def _config() -> alt.Config:
    import altair as alt

    return alt.Config(
        background="transparent",
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            domain=False, ticks=False, grid=False, labelColor=var("muted"), labelFontSize=12.5, labelPadding=8,
            title=None, gridColor=var("faint"), labelFontWeight="normal", aria=False,
        ),
        header=alt.HeaderConfig(labelColor=var("ink"), labelFontSize=12, labelFontWeight="bold", title=None),
        text=alt.MarkConfig(font=FONT, fontSize=12.5, fill=var("muted")),
    )  # fmt: skip


def _data(name: str) -> alt.NamedData:
    import altair as alt

    return alt.NamedData(name=name)


def _time(name: str = "x") -> alt.X:
    """A time, labelled where and as the script says: it knows how many labels there is room for."""
    import altair as alt

    said = "names[indexof(times, time(datum.value))]"
    axis = alt.Axis(values=alt.ExprRef("times"), labelExpr=said, labelOverlap=False, labelBound=False)
    return alt.X(f"{name}:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def _percents(*, top: float | None = 1.0) -> alt.Y:
    import altair as alt

    labels = "datum.value == 1 ? '100\N{NO-BREAK SPACE}%' : format(datum.value * 100, ',.3~f')"
    scale = alt.Scale(domain=[0, top]) if top else alt.Scale(zero=True)
    axis = alt.Axis(grid=True, tickCount=4, labelExpr=labels if top else f"{labels} + '\N{NO-BREAK SPACE}%'")
    return alt.Y("y:Q", scale=scale, axis=axis)


def _ground(data: str, opacity: float) -> alt.Chart:
    """A time from foot to top: the months picked, or, unseen, all that the axis shows."""
    import altair as alt

    mark = alt.MarkDef(type="rect", fill=var("faint"), fillOpacity=opacity, aria=False)
    return alt.Chart(_data(data), mark=mark).encode(x=_time(), x2=alt.X2("x2:T"))


def _brush() -> Any:
    """Months by pointer; its own mark is not seen, the ground of what is picked is."""
    import altair as alt

    unseen = alt.BrushConfig(fillOpacity=0, strokeOpacity=0)
    return alt.selection_interval(name=BRUSH, encodings=["x"], translate=False, zoom=False, mark=unseen)


def _layer(data: str, mark: Any, style: Mapping[str, Any], **encoding: Any) -> alt.Chart:
    """One mark; what it says has a name for the pointer, the rest none."""
    import altair as alt

    if "description" in encoding:
        encoding["tooltip"] = encoding["description"]
    else:
        style = {"aria": False, **style}
    chart: alt.Chart = alt.Chart(_data(data), mark=alt.MarkDef(type=mark, **style)).encode(**encoding)
    return chart


def _layered(*layers: alt.Chart, height: int) -> alt.LayerChart:
    import altair as alt

    return alt.LayerChart(
        layer=list(layers),
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        params=_labels(),
        config=_config(),
    )


def _labels() -> list[Any]:
    """Where the labels of the time axis stand, and what they say."""
    import altair as alt

    return [alt.VariableParameter(name=name, value=[]) for name in ("times", "names")]


def _share() -> alt.LayerChart:
    import altair as alt

    line = {"stroke": var("ai"), "strokeCap": "round", "strokeJoin": "round"}
    at = {"x": _time(), "y": _percents()}
    edge = {"stroke": var("ai"), "strokeWidth": 1, "strokeOpacity": 0.55}
    band = {"x": _time(), "y": alt.Y("strict:Q"), "y2": alt.Y2("high:Q")}
    label = {
        "align": "right",
        "dx": 4,
        "dy": -14,
        "fontSize": 15,
        "fontWeight": "bold",
        "fill": var("ai-text"),
    }
    points = _layer(
        "months", "point", {"size": 130, "filled": True, "opacity": 0}, **at, description=_words()
    )
    return _layered(
        _ground("span", 0),
        _ground("picked", 0.75),
        _layer("months", "area", {"fill": var("ai"), "fillOpacity": 0.16}, **band),
        _layer("months", "line", edge, x=_time(), y=alt.Y("strict:Q")),
        _layer("months", "line", edge, x=_time(), y=alt.Y("high:Q")),
        _layer(
            "dashed", "line", {**line, "strokeWidth": 2, "strokeDash": [3, 3]}, **at, detail=alt.Detail("g:N")
        ),
        _layer("solid", "line", {**line, "strokeWidth": 2.6}, **at, detail=alt.Detail("g:N")),
        points.add_params(_brush()),
        _layer("ends", "point", {"size": 38, "filled": True, "opacity": 1, "color": var("ai")}, **at),
        _layer("ends", "text", label, **at, text=alt.Text("t:N")),
        height=HEIGHTS["share"],
    )


def _words() -> alt.Description:
    import altair as alt

    return alt.Description("d:N")


def _bars(data: str, y: alt.Y) -> alt.Chart:
    import altair as alt

    return _layer(
        data, "rect", {"stroke": var("paper"), "strokeWidth": 0.8},
        x=_time(), x2=alt.X2("x2:T"), y=y, y2=alt.Y2("y2:Q"), fill=alt.Fill("fill:N", scale=None), description=_words(),
    )  # fmt: skip


def _counts() -> alt.Y:
    import altair as alt

    labels = (
        "datum.value >= 1000000 ? format(datum.value / 1000000, ',.3~f') + 'm' : format(datum.value, ',.3~f')"
    )
    axis = alt.Axis(grid=True, tickCount=4, labelExpr=labels)
    return alt.Y("y:Q", scale=alt.Scale(zero=True, nice=False), axis=axis)


def _lines() -> alt.LayerChart:
    return _layered(_ground("span", 0), _bars("bars", _counts()), height=HEIGHTS["lines"])


def _agents() -> alt.FacetChart:
    import altair as alt

    months = {
        "x": _time("from"),
        "x2": alt.X2("to:T"),
        "y": alt.value(0),
        "y2": alt.value(HEIGHTS["agents"]),
    }
    panel = alt.LayerChart(
        layer=[
            _layer("agents", "area", {"fill": var("ai")}, x=_time(), y=_percents(top=None)),
            _layer("agents", "rect", {"opacity": 0}, **months, description=_words()),
        ],
        width=160,
        height=HEIGHTS["agents"],
    )
    for layer in panel.layer:
        layer.data = alt.Undefined
    header = alt.Header(
        labelExpr="split(datum.value, '|')",
        labelAnchor="start",
        labelAlign="left",
        labelPadding=10,
        labelLineHeight=15,
    )
    facet = alt.FacetFieldDef(field="panel", type="nominal", sort=None, header=header)
    return alt.FacetChart(
        spec=panel,
        facet=facet,
        data=_data("agents"),
        columns=5,
        spacing=28,
        resolve=alt.Resolve(axis=alt.AxisResolveMap(x="independent")),
        params=_labels(),
        config=_config(),
    )


def _volume() -> alt.LayerChart:
    import altair as alt

    x, y, ink = _time(), alt.Y("y:Q"), {"stroke": var("ink")}
    above = {"dy": -4, "baseline": "bottom"}
    bold = {**above, "align": "right", "fontSize": 20, "fontWeight": "bold", "fill": var("ink")}
    stroke = alt.Stroke("fill:N", scale=None)
    return _layered(
        _ground("span", 0),
        _bars("volumes", _counts()),
        _layer("one", "rule", {**ink, "strokeWidth": 1.3}, y=y),
        _layer("intervals", "rule", {"strokeWidth": 1.1}, x=x, y=y, y2=alt.Y2("y2:Q"), stroke=stroke),
        _layer("means", "rule", {**ink, "strokeWidth": 2}, x=x, x2=alt.X2("x2:T"), y=y),
        _layer("values", "text", above, x=x, y=y, text=alt.Text("t:N")),
        _layer("last", "text", bold, x=x, y=y, text=alt.Text("t:N")),
        height=HEIGHTS["volume"],
    )


def _kinds() -> alt.LayerChart:
    return _layered(_ground("span", 0), _bars("kinds", _percents()), height=HEIGHTS["kinds"])


def _parts() -> alt.LayerChart:
    """A row a part; the script knows how many, and so how high it is."""
    import altair as alt

    y = alt.Y("part:N", sort=None, axis=None)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("x:Q", scale=scale, axis=None)
    full = {"x": alt.XDatum(0, type="quantitative", scale=scale, axis=None), "x2": alt.X2Datum(1)}
    fill = alt.Fill("fill:N", scale=None)
    bar = {"height": 12, "yOffset": 8, "cursor": "pointer"}
    return _layered(
        _layer("parts", "bar", {**bar, "fill": var("faint")}, y=y, **full),
        _layer("parts", "bar", bar, y=y, x=x, fill=fill, description=_words()),
        _layer(
            "parts",
            "text",
            {"align": "left", "dy": -9, "fill": var("ink")},
            y=y,
            x=alt.value(0),
            text=alt.Text("t:N"),
        ),
        height=100,
    )
