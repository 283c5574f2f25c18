"""The live charts as Vega-Lite, made by Altair; colours are the page's CSS variables, rows come from its script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeshare.report.design import colours

if TYPE_CHECKING:
    import altair as alt

HEIGHTS = {"share": 270, "lines": 220, "agents": 110, "volume": 300, "kinds": 220}
ROW_HEIGHT = 30
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


def _plain(chart: alt.TopLevelMixin) -> dict[str, Any]:
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
        font="inherit",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            domain=False, ticks=False, grid=False, labelColor=var("muted"), labelFontSize=12.5, labelPadding=8,
            title=None, gridColor=var("faint"), labelFontWeight="normal", aria=False,
        ),
        header=alt.HeaderConfig(labelColor=var("ink"), labelFontSize=12, labelFontWeight="bold", title=None),
        text=alt.MarkConfig(font="inherit", fontSize=12.5, fill=var("muted")),
    )  # fmt: skip


def _data(name: str) -> alt.NamedData:
    import altair as alt

    return alt.NamedData(name=name)


def _time(name: str = "x") -> alt.X:
    import altair as alt

    axis = alt.Axis(tickCount=6, labelOverlap=True, labelFlush=False)
    return alt.X(f"{name}:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def _percents(*, top: float | None = 1.0) -> alt.Y:
    import altair as alt

    labels = "datum.value == 1 ? '100\N{NO-BREAK SPACE}%' : format(datum.value * 100, ',.3~f')"
    scale = alt.Scale(domain=[0, top]) if top else alt.Scale(zero=True)
    axis = alt.Axis(grid=True, tickCount=4, labelExpr=labels if top else f"{labels} + '\N{NO-BREAK SPACE}%'")
    return alt.Y("y:Q", scale=scale, axis=axis)


def _picked() -> alt.Chart:
    """The months picked, behind all else."""
    import altair as alt

    return (
        alt.Chart(_data("picked"))
        .mark_rect(fill=var("faint"), fillOpacity=0.75, aria=False)
        .encode(x=_time(), x2="x2:T")
    )


def _brush() -> alt.Parameter:
    import altair as alt

    unseen = alt.BrushConfig(fillOpacity=0, strokeOpacity=0)
    return alt.selection_interval(name=BRUSH, encodings=["x"], translate=False, zoom=False, mark=unseen)


def _layered(*layers: alt.Chart, height: int) -> alt.LayerChart:
    import altair as alt

    return alt.layer(*layers).properties(
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        config=_config(),
    )


def _share() -> alt.LayerChart:
    import altair as alt

    months = _data("months")
    line: dict[str, Any] = {"stroke": var("ai"), "strokeCap": "round", "strokeJoin": "round", "aria": False}
    band = (
        alt.Chart(months)
        .mark_area(fill=var("ai"), fillOpacity=0.16, aria=False)
        .encode(x=_time(), y=alt.Y("strict:Q"), y2="high:Q")
    )
    edges = [
        alt.Chart(months).mark_line(stroke=var("ai"), strokeWidth=1, strokeOpacity=0.55, aria=False).encode(_time(), alt.Y(f"{end}:Q"))
        for end in ("strict", "high")
    ]  # fmt: skip
    dashed = alt.Chart(_data("dashed")).mark_line(strokeWidth=2, strokeDash=[3, 3], **line)
    solid = alt.Chart(_data("solid")).mark_line(strokeWidth=2.6, **line)
    points = (
        alt.Chart(months)
        .mark_point(size=130, filled=True, opacity=0)
        .encode(_time(), _percents(), description="d:N", tooltip="d:N")
        .add_params(_brush())
    )
    ends = alt.Chart(_data("ends"))
    dot = ends.mark_point(filled=True, size=38, opacity=1, color=var("ai"), aria=False).encode(
        _time(), _percents()
    )
    words = ends.mark_text(
        align="right", dx=-2, dy=-14, fontSize=15, fontWeight="bold", fill=var("ai-text"), aria=False
    )
    return _layered(
        _picked(), band, *edges,
        *(drawn.encode(_time(), _percents(), detail="g:N") for drawn in (dashed, solid)),
        points, dot, words.encode(_time(), _percents(), text="t:N"),
        height=HEIGHTS["share"],
    )  # fmt: skip


def _bars(data: str, y: alt.Y) -> alt.Chart:
    import altair as alt

    return (
        alt.Chart(_data(data))
        .mark_rect(stroke=var("paper"), strokeWidth=0.8)
        .encode(
            x=_time(), x2="x2:T", y=y, y2="y2:Q", fill=alt.Fill("fill:N", scale=None),
            description="d:N", tooltip="d:N",
        )
    )  # fmt: skip


def _counts() -> alt.Y:
    import altair as alt

    labels = (
        "datum.value >= 1000000 ? format(datum.value / 1000000, ',.3~f') + 'm' : format(datum.value, ',.3~f')"
    )
    return alt.Y(
        "y:Q", scale=alt.Scale(zero=True, nice=False), axis=alt.Axis(grid=True, tickCount=4, labelExpr=labels)
    )


def _lines() -> alt.LayerChart:
    return _layered(_picked(), _bars("bars", _counts()).add_params(_brush()), height=HEIGHTS["lines"])


def _agents() -> alt.FacetChart:
    import altair as alt

    area = alt.Chart().mark_area(fill=var("ai"), aria=False).encode(_time(), _percents(top=None))
    points = alt.Chart().mark_rect(opacity=0).encode(
        _time("from"), x2="to:T", y=alt.value(0), y2=alt.value(HEIGHTS["agents"]), description="d:N", tooltip="d:N"
    )  # fmt: skip
    panels = alt.layer(area, points, data=_data("agents")).properties(width=160, height=HEIGHTS["agents"])
    header = alt.Header(
        labelExpr="split(datum.value, '|')",
        labelAnchor="start",
        labelAlign="left",
        labelPadding=10,
        labelLineHeight=15,
    )
    return panels.facet(alt.Facet("panel:N", sort=None, header=header), columns=5, spacing=28).properties(
        config=_config()
    )


def _volume() -> alt.LayerChart:
    import altair as alt

    rule = alt.Chart(_data("one")).mark_rule(stroke=var("ink"), strokeWidth=1.3, aria=False).encode(y="y:Q")
    interval = alt.Chart(_data("intervals")).mark_rule(strokeWidth=1.1, aria=False)
    ends = alt.Chart(_data("values")).mark_text(dy=-8, aria=False)
    return _layered(
        _bars("volumes", _counts()),
        rule,
        interval.encode(_time(), y="y:Q", y2="y2:Q", stroke=alt.Stroke("fill:N", scale=None)),
        alt.Chart(_data("means")).mark_rule(stroke=var("ink"), strokeWidth=2, aria=False).encode(_time(), x2="x2:T", y="y:Q"),
        ends.encode(
            _time(), alt.Y("y:Q"), text="t:N", size=alt.Size("s:Q", scale=None), fill=alt.Fill("fill:N", scale=None)
        ),
        height=HEIGHTS["volume"],
    )  # fmt: skip


def _kinds() -> alt.LayerChart:
    return _layered(_bars("kinds", _percents()), height=HEIGHTS["kinds"])


def _parts() -> alt.LayerChart:
    import altair as alt

    base = alt.Chart(_data("parts"))
    y = alt.Y("part:N", sort=None, axis=alt.Axis(labelLimit=170, labelColor=var("ink"), labelPadding=10))
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("x:Q", scale=scale, axis=None)
    track = base.mark_bar(height=12, fill=var("faint"), aria=False).encode(
        y=y, x=alt.datum(0, type="quantitative", scale=scale), x2=alt.datum(1)
    )
    bar = base.mark_bar(height=12, cursor="pointer").encode(
        y=y, x=x, fill=alt.Fill("fill:N", scale=None), description="d:N", tooltip="d:N"
    )
    words = base.mark_text(align="left", dx=0, dy=-13, aria=False).encode(y=y, x=alt.value(0), text="t:N")
    return alt.layer(track, bar, words).properties(
        width="container", height=alt.Step(44), autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), config=_config()
    )  # fmt: skip
