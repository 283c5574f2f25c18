"""What live charts are made of: marks on named rows, axes that the page labels; colours are the page's CSS variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from codeshare.report.design import colours

if TYPE_CHECKING:
    import altair as alt

FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
"""The page's: Vega measures words with it to keep room for them."""


def var(token: str) -> str:
    """Return the page's variable of a colour."""
    assert token in colours("light"), token
    return f"var(--{token})"


def config() -> alt.Config:
    """Axes without lines and ticks, words in the page's font and ink."""
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


def data_of(name: str) -> alt.NamedData:
    """Rows that the script gives under a name."""
    import altair as alt

    return alt.NamedData(name=name)


def time_axis(name: str = "x") -> alt.X:
    """A time, labelled where and as the script says: it knows how many labels there is room for."""
    import altair as alt

    axis = labelled_by_the_script("time(datum.value)")
    return alt.X(f"{name}:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def labelled_by_the_script(place: str) -> alt.Axis:
    """An axis whose labels stand at ``times`` and are ``names``."""
    import altair as alt

    said = f"names[indexof(times, {place})]"
    return alt.Axis(values=alt.ExprRef("times"), labelExpr=said, labelOverlap=False, labelBound=False)


def percents(*, top: float | None = 1.0, from_zero: bool = True) -> alt.Y:
    """Shares; ``top`` is where the axis ends, none: at the highest."""
    import altair as alt

    labels = "datum.value == 1 ? '100\N{NO-BREAK SPACE}%' : format(datum.value * 100, ',.3~f')"
    scale = alt.Scale(domain=[0, top]) if top else alt.Scale(zero=from_zero)
    axis = alt.Axis(grid=True, tickCount=4, labelExpr=labels if top else f"{labels} + '\N{NO-BREAK SPACE}%'")
    return alt.Y("y:Q", scale=scale, axis=axis)


def ground(data: str, opacity: float) -> alt.Chart:
    """A time from foot to top: the months picked, or, unseen, all that the axis shows."""
    import altair as alt

    mark = alt.MarkDef(type="rect", fill=var("faint"), fillOpacity=opacity, aria=False)
    return alt.Chart(data_of(data), mark=mark).encode(x=time_axis(), x2=alt.X2("x2:T"))


def layer(data: str, mark: Any, style: Mapping[str, Any], **encoding: Any) -> alt.Chart:
    """One mark; what it says has a name for the pointer, the rest none."""
    import altair as alt

    if "description" in encoding:
        encoding["tooltip"] = encoding["description"]
    else:
        style = {"aria": False, **style}
    chart: alt.Chart = alt.Chart(data_of(data), mark=alt.MarkDef(type=mark, **style)).encode(**encoding)
    return chart


def layered(*layers: alt.Chart, height: int) -> alt.LayerChart:
    """Layers on one pair of scales, as wide as the page's column."""
    import altair as alt

    return alt.LayerChart(
        layer=list(layers),
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        params=axis_labels(),
        config=config(),
    )


def axis_labels() -> list[Any]:
    """Where the labels of the time axis stand, and what they say."""
    import altair as alt

    return [alt.VariableParameter(name=name, value=[]) for name in ("times", "names")]


def words() -> alt.Description:
    """What a mark says to the pointer."""
    import altair as alt

    return alt.Description("d:N")


def bars(data: str, y: alt.Y) -> alt.Chart:
    """Pieces of bars: x, x2, y, y2, fill, d."""
    import altair as alt

    return layer(
        data, "rect", {"stroke": var("paper"), "strokeWidth": 0.8},
        x=time_axis(), x2=alt.X2("x2:T"), y=y, y2=alt.Y2("y2:Q"), fill=alt.Fill("fill:N", scale=None), description=words(),
    )  # fmt: skip


def counts() -> alt.Y:
    """Numbers of lines, from 0."""
    import altair as alt

    said = (
        "datum.value >= 1000000 ? format(datum.value / 1000000, ',.3~f') + 'm' : format(datum.value, ',.3~f')"
    )
    axis = alt.Axis(grid=True, tickCount=4, labelExpr=said)
    return alt.Y("y:Q", scale=alt.Scale(zero=True, nice=False), axis=axis)


def row_of_part() -> alt.Y:
    """A row a part, in the order of the rows."""
    import altair as alt

    return alt.Y("part:N", sort=None, axis=None)


def part_of_one() -> alt.X:
    """From 0 to 1 over the whole width, unlabelled."""
    import altair as alt

    return alt.X("x:Q", scale=alt.Scale(domain=[0, 1]), axis=None)


def part_names() -> alt.Chart:
    """The words above each part's row."""
    import altair as alt

    style = {"align": "left", "dy": -9, "fill": var("ink")}
    return layer("parts", "text", style, y=row_of_part(), x=alt.value(0), text=alt.Text("t:N"))
