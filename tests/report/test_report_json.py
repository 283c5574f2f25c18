"""report.json: all that the page says, in the fields of the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from codeshare.metrics.queries import load_query, query_names
from codeshare.report.headline import headline
from codeshare.report.inline import to_plain
from codeshare.report.origins import definition_headings, origins
from codeshare.report.pages import build_page
from codeshare.report.report_json import report_json

from .invented import invented
from .states import FEW_OFTEN, STATES, figures_in

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/report.schema.json").read_text())


@cache
def document(state: str) -> Any:
    figures = figures_in(state)
    return json.loads(report_json(build_page(figures), figures))


def faults(found: Any) -> list[str]:
    errors = Draft202012Validator(SCHEMA).iter_errors(found)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:120]}" for e in errors]


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that describes an object."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_the_schema_is_one_and_leaves_no_object_open() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    every = list(objects(SCHEMA))
    assert len(every) > 15
    for each in every:
        assert each["additionalProperties"] is False or "propertyNames" in each
        if "properties" in each:
            assert set(each["required"]) == set(each["properties"])


@pytest.mark.parametrize("state", FEW_OFTEN)
def test_every_state_has_the_form_of_the_schema(state: str) -> None:
    assert faults(document(state)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda found: found.pop("headline"), "'headline' is a required property"),
        (lambda found: found.update(score=1), "'score' was unexpected"),
        (lambda found: found["headline"].update(share=1.2), "1.2 is greater than the maximum"),
        (lambda found: found["tables"][0]["rows"][0].update(more={"a": 1}), "is not of type"),
        (lambda found: found["figures"][0]["evidence"].update(state="fine"), "'fine' is not one of"),
    ],
    ids=["missing", "additional", "no share", "nested", "state"],
)
def test_the_schema_refuses_what_is_not_a_report(change: Any, fault: str) -> None:
    found = json.loads(json.dumps(document("high")))
    change(found)
    assert any(fault in each for each in faults(found))


@pytest.mark.parametrize("state", STATES)
def test_it_says_what_the_page_says(state: str) -> None:
    figures, found = figures_in(state), document(state)
    page = build_page(figures)
    assert found["headline"]["sentence"] == to_plain(headline(figures).title)
    assert [f["heading"] for f in found["figures"]] == [f.heading for f in page.figures]
    assert [s["heading"] for s in found["sections"]] == [s.heading for s in page.sections]
    tables = {table["name"]: table for table in found["tables"]}
    assert list(tables) == [table.name for table in page.all_tables()]
    for table in page.all_tables():
        assert len(tables[table.name]["rows"]) == len(table.frame)
        assert [c["name"] for c in tables[table.name]["columns"]] == list(table.frame.columns)


@pytest.mark.parametrize("state", STATES)
def test_names_lead_to_what_they_name(state: str) -> None:
    found = document(state)
    tables = {table["name"]: table for table in found["tables"]}
    queries = {query["name"] for query in found["queries"]}
    figures = {figure["name"] for figure in found["figures"]}
    sections = {section["name"] for section in found["sections"]}
    assert {key["section"] for key in found["key_figures"]} <= sections
    for section in found["sections"]:
        assert set(section["figures"]) <= figures
        assert set(section["tables"]) <= set(tables)
    for figure in found["figures"]:
        columns = {column["name"] for column in tables[figure["table"]]["columns"]}
        assert set((figure["columns"] or {}).values()) <= columns
        assert figure["query"] is None or figure["query"] in queries
    for table in tables.values():
        assert table["query"] is None or table["query"] in queries
        names = [column["name"] for column in table["columns"]]
        assert all(list(row) == names for row in table["rows"])


@pytest.mark.parametrize("state", STATES)
def test_every_figure_has_an_origin(state: str) -> None:
    for figure in document(state)["figures"]:
        assert figure["definition"], figure["name"]
        assert figure["unit"], figure["name"]
        assert figure["numerator"], figure["name"]


def test_definitions_that_are_named_exist() -> None:
    assert {where.definition for where in origins().values()} <= set(definition_headings())
    assert definition_headings()["people-and-volume"] == "People and volume"


def test_types_of_columns_are_those_of_the_rows() -> None:
    kinds = {"text": str, "day": str, "time": str, "integer": int, "number": (int, float), "boolean": bool}
    for state in ("high", "timestamps", "empty"):
        for table in document(state)["tables"]:
            for column in table["columns"]:
                values = [row[column["name"]] for row in table["rows"] if row[column["name"]] is not None]
                assert not values if column["type"] == "unknown" else values
                assert all(isinstance(value, kinds[column["type"]]) for value in values)


def test_with_too_little_evidence_no_share_is_given() -> None:
    said = document("low")["headline"]
    assert said["state"] == "low"
    assert said["share"] is None
    assert said["share_high"] is None
    assert said["numerator"] is None
    assert said["share_strict"] is not None
    assert {
        f["evidence"]["attribution"] for f in document("low")["figures"] if f["name"] != "evidence-kinds"
    } == {"none"}


def test_what_nothing_is_known_of_is_null_and_never_0() -> None:
    said = document("empty")["headline"]
    assert (said["share"], said["denominator"], said["coverage"]) == (None, 0, None)
    assert document("one month")["headline"]["ratio"] is None
    few = document("few engineers")["headline"]["ratio"]
    assert (few["of"], few["low"], few["high"]) == ("everybody together", None, None)


def test_the_ratio_is_its_numerator_by_its_denominator() -> None:
    ratio = document("high")["headline"]["ratio"]
    assert ratio["low"] <= ratio["value"] <= ratio["high"]
    assert ratio["value"] == pytest.approx(8.0, rel=0.05)


def test_settings_are_those_in_force() -> None:
    figures = replace(invented(), has_names=True, minimum_engineers=7)
    found = json.loads(report_json(build_page(figures), figures))
    assert found["settings"] == {
        "basis": "landed", "minimum_engineers": 7, "baseline_since": "2024-01-01", "baseline_until": "2025-01-01", "names": True,
    }  # fmt: skip
    people = next(table for table in found["tables"] if table["name"] == "identities_joined")
    assert people["parameters"]["names"] is True


def test_a_comparison_stands_in_it() -> None:
    found = document("compared")
    assert found["comparison"]["sentence"]
    (figure,) = (f for f in found["figures"] if f["name"] == "comparison")
    assert figure["query"] is None
    assert next(t for t in found["tables"] if t["name"] == "comparison")["rows"]


@pytest.mark.parametrize("state", ["high", "low", "one month"])
def test_it_is_written_the_same_twice(state: str) -> None:
    figures = STATES[state]()
    again = STATES[state]()
    assert report_json(build_page(figures), figures) == report_json(build_page(again), again)


def test_parameters_are_those_that_the_queries_take() -> None:
    for name in query_names():
        given = load_query(name).bind({})
        assert set(given) == {parameter.name for parameter in load_query(name).parameters}
    for table in document("high")["tables"]:
        if table["query"]:
            assert set(table["parameters"]) == {p.name for p in load_query(table["query"]).parameters}


def test_duckdb_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    figures = figures_in("high")
    file.write_text(report_json(build_page(figures), figures), encoding="utf-8")
    sql = f"select headline.share from read_json('{file}', maximum_object_size=20000000)"
    ((share,),) = duckdb.connect().execute(sql).fetchall()
    assert share == pytest.approx(document("high")["headline"]["share"])
