from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.conformance.blame_rules import load_rules
from codeshare.conformance.release_blame import compare_releases
from codeshare.errors import ExportError
from codeshare.metrics.at_hand import open_named
from tests.git.notes import remove
from tests.histories import ANN, History

PUBLISHED = """- aider_percentage: 50.0
  aider_total: 2
  end_tag: v2.0.0
  file_counts:
    a.py:
      Ann Lee: 2
      Ann Lee (aider): 2
  start_tag: v1.0.0
  total_lines: 4
"""


@pytest.fixture
def project(history: History) -> History:
    """Between two releases a person writes two lines and the agent two; prompts do not count, nor does prose."""
    history.commit({"a.py": "old one\nold two\n"})
    history.git("tag", "v1.0.0")
    history.commit({"a.py": "old one\nold two\nmine a\nmine b\n", "README.md": "words\n"}, author=ANN)
    history.commit({"a.py": "old one\nold two\nmine a\nmine b\ntheirs a\n"}, "aider: Add a line")
    history.commit(
        {"a.py": "old one\nold two\nmine a\nmine b\ntheirs a\ntheirs b\n", "x/prompts.py": "p\n"},
        "Add another",
        trailers=["Co-authored-by: aider (gpt-5) <aider@aider.chat>"],
    )
    history.git("tag", "v2.0.0")
    return history


def _compare(project: History, tmp_path: Path, text: str, rules: str = "aider", **options: object):
    (tmp_path / "blame.yml").write_text(text)
    return compare_releases(
        open_named(str(project.path)), tmp_path / "blame.yml", load_rules(rules), **options
    )  # type: ignore[arg-type]


def test_a_release_counted_by_the_publishers_rules(project: History, tmp_path: Path) -> None:
    compared = _compare(project, tmp_path, PUBLISHED)
    assert [(figure.name, figure.ours) for figure in compared.figures] == [
        ("lines", 4),
        ("ai", 2),
        ("percent", 50),
    ]
    assert compared.verdicts() == {"equal": 3}


def test_the_files_that_make_a_difference_are_named(project: History, tmp_path: Path) -> None:
    text = PUBLISHED.replace("a.py", "b.py").replace("total_lines: 4", "total_lines: 5")
    (row,) = [row for row in _compare(project, tmp_path, text).rows() if row["verdict"] == "different"]
    assert row["why"] == "1 files counted there alone: b.py; 1 files counted here alone: a.py"


def test_a_tag_that_is_not_here_cannot_be_known(project: History, tmp_path: Path) -> None:
    project.git("tag", "--delete", "v1.0.0")
    assert _compare(project, tmp_path, PUBLISHED).verdicts() == {"unknown": 3}


def test_what_git_cannot_read_is_no_count(project: History, tmp_path: Path) -> None:
    remove(project, project.git("rev-parse", "v2.0.0~1:a.py"))
    compared = _compare(project, tmp_path, PUBLISHED)
    assert compared.verdicts() == {"unknown": 3}
    assert "git fetch --refetch --no-filter" in compared.figures[0].why


def test_rules_of_ones_own(project: History, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[published]\nfrom = "start_tag"\nto = "end_tag"\nlines = "total_lines"\nai = "aider_total"\n'
        "[files]\ninclude = ['*.md']\n[ai]\nauthor = 'Ann'\n"
    )
    compared = _compare(project, tmp_path, PUBLISHED, str(rules))
    assert [(figure.name, figure.ours) for figure in compared.figures] == [("lines", 1), ("ai", 1)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[ai]\nauthor = 'x'\n", "[published] lacks ai, from, lines, to"),
        ("[ai]\nauthr = 'x'\n", "[ai] knows author, subject, message, not authr"),
        ("[published]\nfrom = 'a'\nto = 'b'\nlines = 'c'\nai = 'd'\n", "[ai] needs"),
        ("[published]\nfrom = 'a'\nto = 'b'\nlines = 'c'\nai = 'd'\n[ai]\nauthor = '('\n", "no regular expression"),
        ("[published]\nfrom = 'a'\nto = 'b'\nlines = 'c'\nai = 'd'\n[ai]\nauthor = 'x'\n[blame]\noptions = ['--contents=/etc/passwd']\n", "no option"),
        ("[", "not valid TOML"),
        (f"a = {'[' * 2000}", "not valid TOML"),
        (f"a = {'1' * 5000}", "not valid TOML"),
    ],
)  # fmt: skip
def test_wrong_rules_are_one_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(ExportError) as error:
        load_rules(str(tmp_path / "rules.toml"))
    assert words in str(error.value)


def test_a_file_of_something_else(project: History, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="entry 1 lacks start_tag"):
        _compare(project, tmp_path, "- end_tag: v2.0.0\n")
    with pytest.raises(ExportError, match="holds no such release"):
        _compare(project, tmp_path, PUBLISHED, only=["v9"])
