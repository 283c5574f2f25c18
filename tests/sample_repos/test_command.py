from __future__ import annotations

from pathlib import Path

import pytest

from sample_repos.__main__ import main


@pytest.mark.thorough
def test_a_run_replaces_what_an_earlier_one_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--scale", "0.01"]) == 0
    (tmp_path / "truth" / "left-over").touch()
    assert main([str(tmp_path), "--scale", "0.01", "--seed", "3"]) == 0
    assert not (tmp_path / "truth" / "left-over").exists()
    assert "commits in 5 repositories" in capsys.readouterr().out


def test_a_relative_folder_is_one_of_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["out/repos", "--scale", "0.01"]) == 0
    assert (tmp_path / "out" / "repos" / "truth" / "commits.csv").is_file()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main([str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert "thesis.txt" in error
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scale", "0"], "between 0.01 and 1000"),
        (["--scale", "much"], "--scale"),
        (["--seed", "x"], "--seed"),
    ],
    ids=["scale too small", "scale no number", "seed no number"],
)
def test_wrong_options_are_refused(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main([str(tmp_path / "new"), *arguments])
    assert refused.value.code == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
