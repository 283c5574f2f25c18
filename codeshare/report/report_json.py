"""The report for programs: ``report.json`` says all that the page says, in the fields of a published schema."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from codeshare.escaping import as_json
from codeshare.metrics.evidence import EvidenceState
from codeshare.metrics.queries import load_query
from codeshare.report.frames import Row, rows
from codeshare.report.headline import volume_quarter
from codeshare.report.inline import to_plain
from codeshare.report.origins import (
    DEFINITIONS,
    Origin,
    origin,
    page_queries,
    resting_on,
    table_parameters,
    table_query,
)
from codeshare.report.page_model import Figure, Page, Section, Table
from codeshare.store.database import SCHEMA_VERSION

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures

FORMAT_VERSION = "1.0"
"""Of the file: a new first number says that fields were taken away or mean something else."""

_READINGS = (
    "share", "share_strict", "share_high", "share_min", "share_max", "share_calibrated", "share_calibrated_low",
    "share_calibrated_high", "coverage", "unknown", "numerator", "denominator", "strict_numerator", "strict_denominator",
    "high_numerator", "min_numerator", "max_numerator", "covered",
)  # fmt: skip
# With too little evidence the report says none of these.
_TOO_UNSURE = ("share", "share_high", "share_calibrated", "share_calibrated_low", "share_calibrated_high", "numerator", "high_numerator")  # fmt: skip


def report_json(page: Page, figures: Figures) -> str:
    """Write a report as JSON: UTF-8, keys in the schema's order, what is not known as null.

    The schema is ``docs/schemas/report.schema.json``.
    """
    return as_json(report_data(page, figures), allow_nan=False) + "\n"


def report_data(page: Page, figures: Figures) -> dict[str, Any]:
    """Return a report as values that JSON has."""
    shown = {figure.table.name for figure in page.figures}
    return {
        "format_version": FORMAT_VERSION,
        "schema_version": SCHEMA_VERSION,
        "codeshare_version": figures.codeshare_version,
        "title": page.title,
        "scope": page.scope,
        "as_of": value_of(figures.as_of, as_time=True),
        "basis": figures.basis,
        "settings": _settings(figures),
        "headline": _headline(page, figures),
        "notes": [to_plain(words) for words in page.asides],
        "key_figures": [
            {"label": key.label, "value": key.value, "lines": list(key.lines), "section": key.href.removeprefix("#")}
            for key in page.key_figures
        ],
        "sections": [_section(section) for section in page.sections],
        "figures": [_figure(figure, page) for figure in page.figures],
        "tables": [_table(t, figures) | {"is_figure": t.name in shown} for t in page.all_tables()],
        "queries": [_query(name) for name in page_queries(page)],
        "comparison": _comparison(figures),
        "suppressed_marks": [
            {"repo": s.repo, "tool": s.tool or None, "sign": s.sign, "path": s.path, "since": value_of(s.since, as_time=True),
             "until": value_of(s.until, as_time=True)}
            for s in figures.suppressed
        ],
        "footer": page.footer,
    }  # fmt: skip


def _settings(figures: Figures) -> dict[str, Any]:
    return {
        "basis": figures.basis,
        "minimum_engineers": figures.minimum_engineers,
        "baseline_since": value_of(figures.baseline_since),
        "baseline_until": value_of(figures.baseline_until),
        "names": figures.has_names,
    }


def _headline(page: Page, figures: Figures) -> dict[str, Any]:
    said, reading = page.headline, page.headline.reading
    row = dict.fromkeys(_READINGS) if reading is None else {name: reading.row.get(name) for name in _READINGS}
    if said.state is EvidenceState.LOW:
        row |= dict.fromkeys(_TOO_UNSURE)
    return {
        "state": str(said.state),
        "sentence": to_plain(said.title),
        "qualified": [to_plain(words) for words in said.lede],
        "source": [to_plain(words) for words in said.source],
        "month": None if reading is None else value_of(reading.month),
        "is_running": None if reading is None else bool(reading.row["is_running"]),
        **{name: value_of(value) for name, value in row.items()},
        "query": "ai_share_monthly",
        "definition": f"{DEFINITIONS}#shares",
        "ratio": _ratio(figures),
    }


def _ratio(figures: Figures) -> dict[str, Any] | None:
    """The volume that the headline speaks of; None where there is nothing to compare with."""
    found = volume_quarter(figures)
    if found is None:
        return None
    row, measure = found
    bar = measure.bar(row)
    return {
        "quarter": value_of(row["quarter"]),
        "is_running": bool(row["is_running"]),
        "of": "median engineer" if measure.is_per_engineer else "everybody together",
        "value": value_of(bar.value),
        "low": value_of(bar.low),
        "high": value_of(bar.high),
        "numerator": value_of(row[measure.column]),
        "denominator": value_of(row[measure.baseline_column]),
        "unit": "lines per working day",
        "query": "volume_quarterly",
        "definition": f"{DEFINITIONS}#people-and-volume",
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "heading": section.heading,
        "intro": [to_plain(words) for words in section.intro],
        "notes": [to_plain(words) for words in section.notes],
        "figures": [figure.name for figure in section.figures],
        "readings": [
            {"name": r.name, "label": r.label, "share": r.share, "fraction": r.fraction, "says": to_plain(r.says), "is_headline": r.is_main}
            for r in section.rungs
        ],
        "terms": [{"term": term, "means": to_plain(words)} for term, words in section.terms],
        "tables": [table.name for table in section.tables],
    }  # fmt: skip


def _figure(figure: Figure, page: Page) -> dict[str, Any]:
    where = origin(figure.name)
    reading = page.headline.reading
    return {
        "name": figure.name,
        "heading": figure.heading,
        "says": to_plain(figure.says),
        "finding": to_plain(figure.alt),
        "source": to_plain(figure.source),
        "counted": to_plain(figure.counted),
        "notes": [to_plain(words) for words in figure.notes],
        "definition": f"{DEFINITIONS}#{where.definition}" if where.definition else None,
        "unit": where.unit or None,
        "numerator": where.numerator or None,
        "denominator": where.denominator or None,
        "columns": _columns(figure, where),
        "query": figure.query_name if table_query(figure.query_name) else None,
        "evidence": {
            "state": str(page.headline.state),
            "coverage": None if reading is None else value_of(reading.row["coverage"]),
            "attribution": resting_on(figure, page),
        },
        "charts": [f"charts/{figure.name}.svg", f"charts/{figure.name}.png"],
        "table": figure.table.name,
    }  # fmt: skip


def _columns(figure: Figure, where: Origin) -> dict[str, str] | None:
    """Name the columns of numerator and denominator, where the rows have both."""
    if not where.columns or not set(where.columns) <= set(figure.table.frame.columns):
        return None
    return dict(zip(("numerator", "denominator"), where.columns, strict=True))


def _table(table: Table, figures: Figures) -> dict[str, Any]:
    found = rows(table.frame)
    headings = {column.name: column for column in table.columns}
    types = {str(name): _type(row[str(name)] for row in found) for name in table.frame.columns}
    return {
        "name": table.name,
        "caption": table.caption,
        "file": f"tables/{table.name}.csv",
        "query": table_query(table.name),
        "parameters": {
            name: value_of(value) for name, value in table_parameters(table.name, figures).items()
        },
        "columns": [
            {"name": name, "type": kind, "heading": headings[name].heading if name in headings else None}
            for name, kind in types.items()
        ],
        "rows": [_row(row, types) for row in found],
    }


def _row(row: Row, types: dict[str, str]) -> dict[str, Any]:
    return {name: value_of(row[name], as_time=kind == "time") for name, kind in types.items()}


def _query(name: str) -> dict[str, Any]:
    query = load_query(name)
    return {
        "name": name,
        "question": query.question,
        "grain": query.grain,
        "units": query.units,
        "parameters": [{"name": p.name, "type": p.type, "default": p.default} for p in query.parameters],
        "file": f"queries/{name}.sql",
    }


def _comparison(figures: Figures) -> dict[str, Any] | None:
    found = figures.comparison
    if found is None:
        return None
    return {
        "first": found.first,
        "second": found.second,
        "sentence": found.sentence,
        "facts": list(found.facts),
        "notes": list(found.notes),
    }


def _type(values: Iterable[Any]) -> str:
    """Name what a column holds; ``unknown`` where no row has a value."""
    known = [value for value in values if value is not None]
    for name, kinds in (("boolean", bool), ("integer", int), ("number", (int, float, Decimal))):
        if known and all(isinstance(value, kinds) for value in known):
            return name
    if known and all(isinstance(value, date) for value in known):
        return "time" if any(isinstance(value, datetime) for value in known) else "day"
    return "text" if known else "unknown"


def value_of(value: Any, *, as_time: bool = False) -> Any:
    """Return a value as JSON has it: days and times (UTC) in ISO 8601, what is no number as null."""
    if isinstance(value, date):
        if as_time or isinstance(value, datetime):
            parts = value.timetuple()[:6]
            return datetime(*parts).isoformat(timespec="seconds") + "Z"
        return value.isoformat()
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [value_of(item) for item in value]
    return str(value)
