"""Drawings rendered by processes beside this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.report.rendering import renderers
from codeshare.report.write import write_report

from .states import figures_in


@pytest.mark.thorough
def test_processes_draw_what_one_alone_does(tmp_path: Path) -> None:
    alone = write_report(figures_in("one month"), tmp_path / "alone")
    with renderers() as executor:
        beside = write_report(figures_in("one month"), tmp_path / "beside", renderers=executor)
    assert [path.relative_to(tmp_path / "beside") for path in beside] == [
        path.relative_to(tmp_path / "alone") for path in alone
    ]
    assert [path.read_bytes() for path in beside] == [path.read_bytes() for path in alone]
