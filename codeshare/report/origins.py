"""Where figures and tables come from: definition, query and its parameters, numerator and denominator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import tomli
from msgspec import Struct

from codeshare.metrics.definitions import definitions
from codeshare.metrics.evidence import EvidenceState
from codeshare.metrics.queries import load_query, query_names
from codeshare.report.context import first_upper
from codeshare.report.dates import next_month
from codeshare.report.numbers import fraction, percent
from codeshare.shipped import shipped

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures
    from codeshare.report.page_model import Figure, Page

DEFINITIONS = "docs/definitions.md"
_SPLIT = "share_by_"
# Tables that show another query than the one they are called by.
_QUERIES = {"lines_monthly": "ai_share_monthly"}


class Origin(Struct, frozen=True):
    """What a figure's values are made of; empty words where it has none such.

    Attributes:
        definition: the anchor of a heading in ``docs/definitions.md``.
        unit: of the values drawn.
        columns: of the figure's rows, those that hold numerator and denominator.
        attribution: what of the figure rests on attribution and so on its evidence: its ``values``, only
            their ``split`` by class, or ``none``.
    """

    definition: str = ""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    columns: tuple[str, ...] = ()
    attribution: str = "none"

    @property
    def heading(self) -> str:
        """The heading of the definitions that ``definition`` leads to."""
        return definition_headings().get(self.definition, "")


@cache
def origins() -> Mapping[str, Origin]:
    """Figure's name → its origin."""
    text = shipped("report/origins.toml")
    return {
        name: Origin(**{**row, "columns": tuple(row.get("columns", ()))})
        for name, row in tomli.loads(text).items()
    }


def origin(name: str) -> Origin:
    """Return the origin of a figure; one that says nothing where none is written down."""
    return origins().get(name, Origin())


@cache
def definition_headings() -> Mapping[str, str]:
    """Anchor → heading of the definitions, as forges and `codeshare definitions` have them."""
    headings = re.findall(r"^## (.+)$", definitions(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"): heading for heading in headings}


def table_query(name: str) -> str | None:
    """Return the named query behind a table; None where no single query gives it."""
    if name.startswith(_SPLIT):
        return "ai_share_split"
    known = _QUERIES.get(name, name)
    return known if known in query_names() else None


def table_parameters(name: str, figures: Figures) -> Mapping[str, object]:
    """Return the parameters with which the query of a table was run, also those that have a default."""
    query = table_query(name)
    if query is None:
        return {}
    given: dict[str, object] = {}
    takes = {parameter.name for parameter in load_query(query).parameters}
    if name.startswith(_SPLIT):
        given = {"split": name.removeprefix(_SPLIT), **_split_days(figures)}
    elif "names" in takes:
        given = {"names": figures.has_names}
    return load_query(query).bind(given)


def _split_days(figures: Figures) -> Mapping[str, date]:
    """The twelve months that the splits of the share are of."""
    if figures.month is None:
        return {}
    until = next_month(figures.month)
    return {"since": date(until.year - 1, until.month, 1), "until": until}


def page_queries(page: Page) -> list[str]:
    """Names of all queries that a page shows rows of, in the order of the page."""
    return list(dict.fromkeys(_queries(page)))


def _queries(page: Page) -> Iterator[str]:
    yield "ai_share_monthly"  # the answer's
    known = set(query_names())
    for figure in page.figures:
        if figure.query_name in known:
            yield figure.query_name
    for table in page.all_tables():
        query = table_query(table.name)
        if query is not None:
            yield query


def resting_on(figure: Figure, page: Page) -> str:
    """Say what of a figure rests on attribution: its ``values``, their ``split`` by class, or ``none``.

    With too little evidence nothing is drawn by attribution but the kinds of evidence themselves.
    """
    if page.headline.state is EvidenceState.LOW and figure.name != "evidence-kinds":
        return "none"
    return origin(figure.name).attribution


def evidence(figure: Figure, page: Page) -> str:
    """Say in a sentence or two what evidence a figure rests on, and what that is worth."""
    rests, reading = resting_on(figure, page), page.headline.reading
    if (
        page.headline.state is EvidenceState.LOW
        and rests == "none"
        and origin(figure.name).attribution != "none"
    ):
        return f"too little for a split by attribution, so there is none in it: {_covered(page)}."
    if rests == "none" or reading is None or reading.row["coverage"] is None:
        return "it does not depend on who wrote the lines."
    if rests == "split":
        return f"totals do not depend on attribution, their split by colour does. {first_upper(_covered(page))} ({page.headline.state})."
    return f"{page.headline.state}; {_covered(page)}."


def _covered(page: Page) -> str:
    reading = page.headline.reading
    assert reading is not None
    lines = fraction(reading.value("covered"), reading.value("denominator"))
    return f"{percent(reading.value('coverage'))} of the lines of {reading.name} carry evidence, {lines}"
