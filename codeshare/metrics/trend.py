"""A file of shares by period that only grows: for jobs that keep their own history."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from codeshare.errors import ExportError, OutputError
from codeshare.metrics.share import Readings

FIELDS = tuple(Readings.__annotations__)
"""Of every line, in this order; what is estimated anew with every run is left out."""

_MOVING = frozenset({"schema_version", "tip", "as_of"})
"""Fields that say when a line was written, and nothing about its period."""


def append_periods(file: Path, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Add a line for each period that the file does not have, or has with other figures.

    Lines are never changed. Where history was rewritten, or what is known of it grew, the period gets one
    more line, with the tip that it is from: of several lines about a period the last one holds.

    Args:
        file: NDJSON; made where it is not there. It is replaced at once, or left as it was.
        rows: as `codeshare.metrics.share.share_rows` has them.

    Returns:
        How many lines were added for periods that were not there, and how many for periods that were.

    Raises:
        ExportError: the file is not one that this function wrote.
        OutputError: it cannot be read or written.
    """
    real = Path(os.path.realpath(file))
    before = _read(real, file)
    last = {_key(line): line for line in _parse(before, file)}
    new = [{name: row[name] for name in FIELDS} for row in rows]
    changed = [row for row in new if _key(row) not in last or _figures(row) != _figures(last[_key(row)])]
    if changed:
        text = before if not before or before.endswith("\n") else before + "\n"
        _replace(real, text + "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in changed), file)
    fresh = sum(_key(row) not in last for row in changed)
    return fresh, len(changed) - fresh


def _key(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["repo"], line["branch"], line["basis"], line["period"]


def _figures(line: Mapping[str, Any]) -> list[Any]:
    return [line[name] for name in FIELDS if name not in _MOVING]


def _read(real: Path, file: Path) -> str:
    try:
        return real.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise _foreign(file, 1) from None
    except OSError as error:
        raise OutputError(f"{file}: cannot be read: {error.strerror}. Name another file.") from None


def _parse(text: str, file: Path) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError:
            raise _foreign(file, number) from None
        if not isinstance(row, dict) or tuple(row) != FIELDS:
            raise _foreign(file, number)
        found.append(row)
    return found


def _foreign(file: Path, number: int) -> ExportError:
    return ExportError(
        f"{file}, line {number}: not a line that `codeshare share --append` wrote, so nothing was added. Name another file."
    )


def _replace(real: Path, text: str, file: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as temporary:
                temporary.write(text)
                temporary.flush()
                os.fsync(temporary.fileno())
            os.chmod(name, real.stat().st_mode & 0o777 if real.exists() else 0o644)
            os.replace(name, real)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}. Name another file.") from None
