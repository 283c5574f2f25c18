from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codeshare.errors import ExportError
from codeshare.exports.plain_yaml import read_plain_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("- a: 1\n  b: v0.5.0\n  c:\n    x y (z): 2\n- a: 2.5\n", [{"a": 1, "b": "v0.5.0", "c": {"x y (z)": 2}}, {"a": 2.5}]),
        ("a:\n- 1\n- two\nb: []\nc: {}\nd:\n", {"a": [1, "two"], "b": [], "c": {}, "d": None}),
        ("---\n# words\nend: '2023-06-15' # then\nit: 'it''s'\n", {"end": "2023-06-15", "it": "it's"}),
        ('"Viktor Sz\\xE9pe": 3\nyes: true\n', {"Viktor Szépe": 3, "yes": True}),
        (".github/workflows/a.yml:\n  Ann: 1\n", {".github/workflows/a.yml": {"Ann": 1}}),
        ("-\n  a: 1\n- 2\n", [{"a": 1}, 2]),
        ("", None),
    ],
    ids=["releases", "lists", "quoted", "escaped", "paths", "dash-alone", "empty"],
)  # fmt: skip
def test_what_programs_write(tmp_path: Path, text: str, value: Any) -> None:
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    assert read_plain_yaml(tmp_path / "x.yml") == value


@pytest.mark.parametrize(
    "text", ["a: &x 1\n", "a: |\n  text\n", "a: [1, 2]\n", "a: 1\n   b: 2\n", "just words\n", 'a: "\n', "- " * 2000 + "a: 1"]
)  # fmt: skip
def test_more_of_yaml_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yml").write_text(text)
    with pytest.raises(ExportError, match=r"line \d+: YAML of a kind"):
        read_plain_yaml(tmp_path / "x.yml")
