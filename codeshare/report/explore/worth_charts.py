"""The live charts of what the lines are worth: curves with bands, rows of two sides, bars of who removed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeshare.report.explore.layers import (
    ground,
    labelled_by_the_script,
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

HEIGHT = 240


def bounds() -> alt.LayerChart:
    """Curves by month on an axis from 0 to 100 %."""
    return layered(ground("span", 0), *_curves(time_axis(), percents()), height=HEIGHT)


def trend() -> alt.LayerChart:
    """Curves by time on an axis from 0 to as high as they go."""
    return layered(ground("span", 0), *_curves(time_axis(), percents(top=None)), height=HEIGHT)


def ratios() -> alt.LayerChart:
    """Curves by quarter, as multiples of the baseline."""
    import altair as alt

    axis = alt.Axis(grid=True, tickCount=4, labelExpr="format(datum.value, ',.3~f') + '×'")
    curves = _curves(time_axis(), alt.Y("y:Q", scale=alt.Scale(zero=True), axis=axis))
    return layered(ground("span", 0), *curves, height=HEIGHT)


def survival() -> alt.LayerChart:
    """Curves by age in days; the axis begins where they end."""
    import altair as alt

    axis = labelled_by_the_script("datum.value")
    x = alt.X("x:Q", scale=alt.Scale(nice=False), axis=axis)
    return layered(*_curves(x, percents(top=None, from_zero=False)), height=HEIGHT)


def _curves(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Bands, lines, what points say, and the values at the ends; ``g`` keeps curves apart, rows bring colours."""
    import altair as alt

    group = alt.Detail("g:N")
    stroke, fill = (channel("fill:N", scale=None) for channel in (alt.Stroke, alt.Fill))
    at: dict[str, Any] = {"x": x, "y": y}
    apart = alt.ExprRef("datum.up ? -8 : 8")
    end = {"align": "left", "dx": 9, "dy": apart, "fontSize": 14, "fontWeight": "bold"}
    line = {"strokeWidth": 2.4, "strokeCap": "round", "strokeJoin": "round"}
    return [
        layer("bands", "area", {"fillOpacity": 0.2}, **at, y2=alt.Y2("y2:Q"), fill=fill, detail=group),
        layer("lines", "line", line, **at, stroke=stroke, detail=group),
        layer("points", "point", {"size": 130, "filled": True, "opacity": 0}, **at, description=words()),
        layer("ends", "point", {"size": 38, "filled": True, "opacity": 1}, **at, fill=fill),
        layer("ends", "text", end, **at, text=alt.Text("t:N"), fill=alt.Fill("ink:N", scale=None)),
    ]


def pairs() -> alt.LayerChart:
    """A row a measure, on a scale of its own: a mark a side."""
    import altair as alt

    track = {"height": 1, "yOffset": 9, "fill": var("faint")}
    mark = {"size": 70, "filled": True, "opacity": 1, "yOffset": 9}
    return layered(
        part_names(),
        layer("parts", "bar", track, y=row_of_part(), x=part_of_one(), x2=alt.X2("x2:Q")),
        layer(
            "marks",
            "point",
            mark,
            y=row_of_part(),
            x=part_of_one(),
            fill=alt.Fill("fill:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            description=words(),
        ),
        height=100,
    )


def rework() -> alt.LayerChart:
    """A row for whose lines went, with a piece for whose commits removed them."""
    import altair as alt

    bar = {"height": 14, "yOffset": 8, "stroke": var("paper"), "strokeWidth": 0.8}
    return layered(
        part_names(),
        layer(
            "pieces",
            "bar",
            bar,
            y=row_of_part(),
            x=part_of_one(),
            x2=alt.X2("x2:Q"),
            fill=alt.Fill("fill:N", scale=None),
            description=words(),
        ),
        height=100,
    )
