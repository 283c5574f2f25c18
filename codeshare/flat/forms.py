"""The forms of a file, and what becomes of values in each."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from codeshare.escaping import FORMULA, FORMULA_MARK
from codeshare.flat.chosen import Column

FORMS = ("parquet", "csv")
_FORMULA, _MARK = (each.replace("'", "''") for each in (FORMULA, FORMULA_MARK))
_TEXT = "VARCHAR"


class Form(Struct, frozen=True):
    """How files are written: ``parquet``, or ``csv`` with texts ``exact`` or with a mark before formulas."""

    name: str
    exact: bool = False

    def copy(self, sql: str, columns: Sequence[Column], path: str) -> str:
        """The statement that writes the rows of a query to a file."""
        chosen = ", ".join(f'{self._written(column)} as "{column.name}"' for column in columns)
        options = (
            "format parquet, compression zstd"
            if self.name == "parquet"
            else "format csv, header, delimiter ',', quote '\"', nullstr ''"
        )
        target = path.replace("'", "''")
        return f"copy (select {chosen} from ({sql}\n) as rows) to '{target}' ({options})"

    def _written(self, column: Column) -> str:
        name = f'rows."{column.name}"'
        if self.name == "parquet":
            return name
        if is_nested(column):
            return f"to_json({name})::varchar"
        if column.type == _TEXT and not self.exact:
            return f"case when regexp_matches({name}, '{_FORMULA}') then '{_MARK}' || {name} else {name} end"
        return name

    def conventions(self) -> dict[str, str]:
        """What a reader of the files has to know."""
        if self.name == "parquet":
            return {}
        found = {
            "encoding": "UTF-8", "delimiter": ",", "quote": '"', "line_end": "\n",
            "null": "nothing between two commas; a text of no characters is two quotes", "nested": "JSON",
        }  # fmt: skip
        if not self.exact:
            found["text_mark"] = FORMULA_MARK
            found["text_mark_meaning"] = (
                "a text that begins with it has it only so that no spreadsheet takes the text for a formula: remove one"
            )
        return found


def is_nested(column: Column) -> bool:
    """Whether a value is a list or the like, which CSV has no form for."""
    return column.type.endswith("]") or column.type.startswith(("STRUCT", "MAP"))
