"""The company that is made up, from the command line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.errors import OutputError


@pytest.mark.long
def test_a_company_is_made_mined_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(codeshare, ["demo", "--scale", "0.02"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "commits in 5 repositories" in done.stderr
    folder = tmp_path / "codeshare-demo"
    assert sorted(path.name for path in folder.iterdir()) == ["codeshare.duckdb", "report", "repos"]
    assert (folder / "report" / "report.html").stat().st_size > 100_000
    with duckdb.connect(str(folder / "codeshare.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from repos").fetchone() == (5,)


def test_what_others_made_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "repos" / "thesis.txt"
    theirs.parent.mkdir()
    theirs.write_text("years of work")
    with pytest.raises(OutputError, match=r"holds thesis\.txt"):
        CliRunner().invoke(codeshare, ["demo", str(tmp_path)], catch_exceptions=False)
    assert theirs.read_text() == "years of work"
    assert not (tmp_path / "codeshare.duckdb").exists()
