"""Runs docs/notebook.ipynb on the sample company, as Jupyter would: ``python -m docs.answered`` renews its outputs."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd

NOTEBOOK = Path(__file__).resolve().parent / "notebook.ipynb"


def renewed_notebook(text: str, folder: Path) -> str:
    """The notebook with the outputs that its cells give in a folder, one after the other in a fresh namespace."""
    notebook = json.loads(text)
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    # As wide as the words are, whatever terminal this runs in.
    with chdir(folder), pd.option_context("display.width", 120, "display.max_columns", None):
        for number, cell in enumerate(cells, start=1):
            cell["execution_count"] = number
            cell["outputs"] = list(_outputs("".join(cell["source"]), names, number))
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _outputs(source: str, names: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """What a cell prints, and the value of the expression that it ends with."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(ast.Module(body, []), NOTEBOOK.name, "exec"), names)  # noqa: S102  our own cells
        value = eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names) if last else None  # noqa: S307
    if said := printed.getvalue():
        yield {"name": "stdout", "output_type": "stream", "text": said.splitlines(keepends=True)}
    if value is not None:
        yield {
            "data": _shown(value),
            "execution_count": number,
            "metadata": {},
            "output_type": "execute_result",
        }


def _shown(value: Any) -> dict[str, Any]:
    """A chart as a picture, anything else in its own words."""
    if hasattr(value, "to_dict") and hasattr(value, "save"):
        picture = io.StringIO()
        value.save(picture, format="svg")
        return {
            "image/svg+xml": picture.getvalue().splitlines(keepends=True),
            "text/plain": [f"alt.{type(value).__name__}(...)"],
        }
    return {"text/plain": repr(value).splitlines(keepends=True)}
