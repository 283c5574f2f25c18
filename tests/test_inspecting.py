"""What the commands say of people, rules, weaknesses and published figures, from Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import codeshare
from codeshare.cli.main import codeshare as command
from codeshare.errors import CatalogueError
from tests.histories import History

if TYPE_CHECKING:
    import pandas as pd

_STATS = {"human_additions": 0, "unknown_additions": 2, "ai_additions": 0, "git_diff_deleted_lines": 0, "git_diff_added_lines": 2}  # fmt: skip


def test_frames_hold_what_the_commands_print(
    history: History, mined: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a.py": "1\n2\n"}, author="harbour-pilot[bot] <pilot@example.org>")
    database = mined(history)
    stats = tmp_path / "stats.json"
    stats.write_text(json.dumps(_STATS))
    monkeypatch.chdir(tmp_path)

    def printed(*arguments: str) -> Any:
        given = ["--db", str(database), *arguments, "--format", "json"]
        return json.loads(CliRunner().invoke(command, given).stdout)

    with codeshare.open_database(database) as connection:
        found = codeshare.doctor(connection)
        assert _by_finding(found) == {
            name: (each["count"], each["remedy"], len(each["rows"]))
            for name, each in printed("doctor").items()
        }
        assert "unknown_bots" in set(found["finding"])
        assert codeshare.people(connection)["person"].tolist() == [
            each["person"] for each in printed("people")
        ]
        assert codeshare.rules()["rule"].tolist() == [each["rule"] for each in printed("rules")]
        compared = codeshare.verify(connection, stats, "git-ai", where=history.path)
        assert compared["verdict"].tolist() == ["equal"] * 5
        with pytest.raises(CatalogueError, match="git-of-theseus"):
            codeshare.verify(connection, stats, "gitai")


def _by_finding(frame: pd.DataFrame) -> dict[str, tuple[int, str, int]]:
    rows: Mapping[str, list[object]] = frame.attrs["rows"]
    found = zip(frame["finding"], frame["count"], frame["remedy"], strict=True)
    return {name: (count, remedy, len(rows[name])) for name, count, remedy in found}
