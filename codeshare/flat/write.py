"""Write a folder of files: whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from codeshare.errors import OutputError
from codeshare.flat.chosen import Chosen, choose
from codeshare.flat.forms import Form
from codeshare.store.database import HANDED_ON
from codeshare.version import VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANIFEST = "manifest.json"


def write_folder(
    connection: DuckDBPyConnection,
    target: Path,
    form: Form,
    *,
    tables: Sequence[str] = (),
    queries: Sequence[str] = (),
    parameters: Mapping[str, object] | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Write tables, views and named queries to the new folder ``target``, one file each.

    Args:
        connection: an open database of codeshare.
        tables: names of tables and views; none, and no queries: every table.
        parameters: of the queries.
        force: replace an earlier export, but no folder that holds anything else.

    Returns:
        The manifest, as ``manifest.json`` has it.

    Raises:
        CatalogueError: no such table, view, query or parameter.
        OutputError: ``target`` is there already, or cannot be written.
    """
    import duckdb

    chosen = choose(connection, tables, queries, parameters or {})
    _check_target(target, force)
    try:
        with tempfile.TemporaryDirectory(
            prefix=".codeshare-", dir=target.absolute().parent, ignore_cleanup_errors=True
        ) as name:
            draft = Path(name) / "draft"
            draft.mkdir()
            manifest = _write(connection, draft, form, chosen)
            _put(draft, target, Path(name) / "replaced")
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}.") from None
    except duckdb.IOException as error:
        raise OutputError(f"{target}: cannot be written: {str(error).splitlines()[0]}") from None
    return manifest


def _write(
    connection: DuckDBPyConnection, folder: Path, form: Form, chosen: Sequence[Chosen]
) -> dict[str, Any]:
    files = []
    for each in chosen:
        name = f"{'queries/' if each.kind == 'query' else ''}{each.name}.{form.name}"
        (folder / name).parent.mkdir(exist_ok=True)
        (rows,) = connection.execute(
            form.copy(each.sql, each.columns, str(folder / name)), dict(each.bound)
        ).fetchone() or (0,)
        files.append(_entry(name, each, rows))
    meta = dict(connection.execute("select key, value from meta").fetchall())
    manifest = {
        "codeshare_version": VERSION,
        "schema_version": meta["schema_version"],
        "pseudonymous": HANDED_ON in meta,
        "format": form.name,
        "conventions": form.conventions(),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _entry(file: str, chosen: Chosen, rows: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file": file,
        "kind": chosen.kind,
        "name": chosen.name,
        "comment": chosen.comment,
        "rows": rows,
        "columns": [asdict(column) for column in chosen.columns],
    }
    if chosen.kind == "query":
        entry["parameters"] = {name: _plain(value) for name, value in chosen.bound.items()}
    return entry


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check_target(target: Path, force: bool) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() and not force:
        raise OutputError(
            f"{target}: is there already. Name another folder, or replace an earlier export with --force."
        )
    if target.exists() and (other := _others(target)):
        raise OutputError(f"{target}: holds {other}, which no export wrote. Name another folder.")


def _others(folder: Path) -> str | None:
    """Something in a folder that its manifest does not list: whoever put it there wants to keep it."""
    if not folder.is_dir():
        return "a file"
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        listed = {MANIFEST, *(each["file"] for each in manifest["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        listed = set()
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir())
    return next((name for name in found if name not in listed), None)


def _put(draft: Path, target: Path, aside: Path) -> None:
    """Rename the folder into its place; what is replaced goes aside, and comes back if that fails."""
    if not target.is_dir() or not any(target.iterdir()):
        os.replace(draft, target)
        return
    os.replace(target, aside)
    try:
        os.replace(draft, target)
    except OSError:
        shutil.move(aside, target)
        raise
