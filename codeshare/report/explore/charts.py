"""The live charts as Vega-Lite, made by Altair; colours are the page's CSS variables, rows come from its script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeshare.report.explore import worth_charts
from codeshare.report.explore.layers import (
    axis_labels,
    bars,
    config,
    counts,
    data_of,
    ground,
    layer,
    layered,
    part_names,
    part_of_one,
    percents,
    row_of_part,
    time_axis,
    var,
    words,
)

if TYPE_CHECKING:
    import altair as alt

HEIGHTS = {"share": 270, "lines": 220, "agents": 110, "volume": 300, "kinds": 220}
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
        "bounds": worth_charts.bounds,
        "survival": worth_charts.survival,
        "trend": worth_charts.trend,
        "ratios": worth_charts.ratios,
        "pairs": worth_charts.pairs,
        "rework": worth_charts.rework,
    }
    # Altair would check every object it makes against the schema, for longer than the page takes.
    with debug_mode(False):
        return {name: _plain(make()) for name, make in charts.items()}


def _plain(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {key: value for key, value in spec.items() if key not in ("$schema", "datasets")}


def _brush() -> Any:
    """Months by pointer; its own mark is not seen, the ground of what is picked is."""
    import altair as alt

    unseen = alt.BrushConfig(fillOpacity=0, strokeOpacity=0)
    return alt.selection_interval(name=BRUSH, encodings=["x"], translate=False, zoom=False, mark=unseen)


def _share() -> alt.LayerChart:
    import altair as alt

    line = {"stroke": var("ai"), "strokeCap": "round", "strokeJoin": "round"}
    at = {"x": time_axis(), "y": percents()}
    edge = {"stroke": var("ai"), "strokeWidth": 1, "strokeOpacity": 0.55}
    band = {"x": time_axis(), "y": alt.Y("strict:Q"), "y2": alt.Y2("high:Q")}
    label = {
        "align": "right",
        "dx": 4,
        "dy": -14,
        "fontSize": 15,
        "fontWeight": "bold",
        "fill": var("ai-text"),
    }
    points = layer("months", "point", {"size": 130, "filled": True, "opacity": 0}, **at, description=words())
    return layered(
        ground("span", 0),
        ground("picked", 0.75),
        layer("months", "area", {"fill": var("ai"), "fillOpacity": 0.16}, **band),
        layer("months", "line", edge, x=time_axis(), y=alt.Y("strict:Q")),
        layer("months", "line", edge, x=time_axis(), y=alt.Y("high:Q")),
        layer(
            "dashed", "line", {**line, "strokeWidth": 2, "strokeDash": [3, 3]}, **at, detail=alt.Detail("g:N")
        ),
        layer("solid", "line", {**line, "strokeWidth": 2.6}, **at, detail=alt.Detail("g:N")),
        points.add_params(_brush()),
        layer("ends", "point", {"size": 38, "filled": True, "opacity": 1, "color": var("ai")}, **at),
        layer("ends", "text", label, **at, text=alt.Text("t:N")),
        height=HEIGHTS["share"],
    )


def _lines() -> alt.LayerChart:
    return layered(ground("span", 0), bars("bars", counts()), height=HEIGHTS["lines"])


def _agents() -> alt.FacetChart:
    import altair as alt

    months = {
        "x": time_axis("from"),
        "x2": alt.X2("to:T"),
        "y": alt.value(0),
        "y2": alt.value(HEIGHTS["agents"]),
    }
    panel = alt.LayerChart(
        layer=[
            layer("agents", "area", {"fill": var("ai")}, x=time_axis(), y=percents(top=None)),
            layer("agents", "rect", {"opacity": 0}, **months, description=words()),
        ],
        width=160,
        height=HEIGHTS["agents"],
    )
    for each in panel.layer:
        each.data = alt.Undefined
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
        data=data_of("agents"),
        columns=5,
        spacing=28,
        resolve=alt.Resolve(axis=alt.AxisResolveMap(x="independent")),
        params=axis_labels(),
        config=config(),
    )


def _volume() -> alt.LayerChart:
    import altair as alt

    x, y, ink = time_axis(), alt.Y("y:Q"), {"stroke": var("ink")}
    above = {"dy": -4, "baseline": "bottom"}
    bold = {**above, "align": "right", "fontSize": 20, "fontWeight": "bold", "fill": var("ink")}
    stroke = alt.Stroke("fill:N", scale=None)
    return layered(
        ground("span", 0),
        bars("volumes", counts()),
        layer("one", "rule", {**ink, "strokeWidth": 1.3}, y=y),
        layer("intervals", "rule", {"strokeWidth": 1.1}, x=x, y=y, y2=alt.Y2("y2:Q"), stroke=stroke),
        layer("means", "rule", {**ink, "strokeWidth": 2}, x=x, x2=alt.X2("x2:T"), y=y),
        layer("values", "text", above, x=x, y=y, text=alt.Text("t:N")),
        layer("last", "text", bold, x=x, y=y, text=alt.Text("t:N")),
        height=HEIGHTS["volume"],
    )


def _kinds() -> alt.LayerChart:
    return layered(ground("span", 0), bars("kinds", percents()), height=HEIGHTS["kinds"])


def _parts() -> alt.LayerChart:
    """A row a part; the script knows how many, and so how high it is."""
    import altair as alt

    y, x = row_of_part(), part_of_one()
    scale = alt.Scale(domain=[0, 1])
    full = {"x": alt.XDatum(0, type="quantitative", scale=scale, axis=None), "x2": alt.X2Datum(1)}
    fill = alt.Fill("fill:N", scale=None)
    bar = {"height": 12, "yOffset": 8, "cursor": "pointer"}
    return layered(
        layer("parts", "bar", {**bar, "fill": var("faint")}, y=y, **full),
        layer("parts", "bar", bar, y=y, x=x, fill=fill, description=words()),
        part_names(),
        height=100,
    )
