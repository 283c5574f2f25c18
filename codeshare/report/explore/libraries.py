"""Vega, Vega-Lite and Vega-Embed as one script, with the notices that their licences ask for."""

from __future__ import annotations

from functools import cache

from codeshare.shipped import shipped


@cache
def libraries() -> str:
    """Return the script; it sets ``vegaEmbed`` on the window."""
    import altair
    import vl_convert

    version = altair.SCHEMA_VERSION.lstrip("v").rpartition(".")[0]
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    assert "</script" not in bundle
    assert "<!--" not in bundle
    return bundle


@cache
def notices() -> str:
    """Return the libraries' copyright notices and licences."""
    return shipped("report/explore/licences.txt")
