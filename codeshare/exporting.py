"""A database to be handed on, or its tables as files, as ``codeshare export`` writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from codeshare.errors import OutputError

if TYPE_CHECKING:
    from codeshare.pseudonymous.export import Handed


class Exported(Struct, frozen=True):
    """What was written: the manifest of a folder, and of a pseudonymous export how many people it has."""

    path: Path
    manifest: Mapping[str, Any] | None
    handed: Handed | None


def export(
    database: str | Path,
    target: str | Path,
    form: str = "duckdb",
    *,
    pseudonymous: bool = False,
    tables: Sequence[str] = (),
    queries: Sequence[str] = (),
    parameters: Mapping[str, object] | None = None,
    exact: bool = False,
    hide_repositories: bool = False,
    hide_paths: bool = False,
    keep_shas: bool = False,
    force: bool = False,
    wait: float = 0.0,
) -> Exported:
    """Write a database to a new file or folder that can be handed on, as ``codeshare export`` does.

    Args:
        target: the file, or for ``parquet`` and ``csv`` the folder of files, one a table, with ``manifest.json``.
        form: ``duckdb`` (pseudonymous only: everything else is a copy of the file), ``parquet`` or ``csv``.
        pseudonymous: without names, addresses, accounts, messages and salts.
        tables: tables and views; none, and no queries: every table.
        queries: named queries, with ``parameters``.
        exact: CSV with texts as they are, also those that a spreadsheet takes for formulas.
        hide_repositories, hide_paths, keep_shas: of a pseudonymous export.
        force: replace an earlier export.
        wait: seconds to wait while another process holds the database.

    Raises:
        ValueError: ``form`` is none, or goes with something else.
        CatalogueError: no such table, view, query or parameter.
        OutputError: ``target`` is there already, or cannot be written.
        StoreError: the database cannot be read.
    """
    from codeshare.flat.forms import FORMS, Form
    from codeshare.flat.write import write_folder
    from codeshare.pseudonymous.export import export as hand_on
    from codeshare.store.database import open_database

    source, target = Path(database), Path(target)
    hidden = {"hide_repositories": hide_repositories, "hide_paths": hide_paths, "keep_shas": keep_shas}
    if form == "duckdb" and pseudonymous:
        return Exported(target, None, hand_on(source, target, **hidden, force=force, wait=wait))
    if form not in FORMS:
        raise ValueError(
            f"form {form!r}: must be one of {', '.join(FORMS)}, or duckdb with pseudonymous=True"
        )

    def written(path: Path) -> Mapping[str, Any]:
        with open_database(path, wait=wait, external=target.absolute().parent) as connection:
            return write_folder(
                connection, target, Form(form, exact), tables=tables, queries=queries, parameters=parameters, force=force
            )  # fmt: skip

    if not pseudonymous:
        return Exported(target, written(source), None)
    with _folder_beside(target) as name:
        handed = hand_on(source, Path(name) / "handed.duckdb", **hidden, wait=wait)
        return Exported(target, written(handed.path), replace(handed, path=target))


def _folder_beside(target: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix=".codeshare-", dir=target.absolute().parent)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}.") from None
