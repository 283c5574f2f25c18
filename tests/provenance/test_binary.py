"""The declared differences to blame: text where a binary file was is born whole; and other changes of kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.git.repository import open_repository
from tests.histories import History
from tests.provenance.reading import mine_alone

TEXT, BINARY = b"one\ntwo\nthree\n", b"one\n\0\nthree\n"


def fates(history: History) -> list[tuple[int, int, int | None, int | None]]:
    """Per run of lines the commit that bore it, its length, and the landings that brought and ended it."""
    mined = mine_alone(open_repository(str(history.path)))
    lives = mined.lives
    assert lives is not None
    spans = lives.spans
    return sorted(
        (
            lives.files.commit[spans.file[k]],
            int(spans.count[k]),
            _or_none(spans.landed_at[k]),
            _or_none(spans.died_at[k]),
        )
        for k in range(len(spans.file))
    )


def _or_none(commit: int) -> int | None:
    return int(commit) if commit >= 0 else None


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([TEXT, BINARY], [(0, 3, 0, 1)]),
        ([TEXT, BINARY, TEXT], [(0, 3, 0, 1), (2, 3, 2, None)]),
        ([BINARY, TEXT, BINARY + b"four\n"], [(1, 3, 1, 2)]),
        ([BINARY, BINARY + b"four\n"], []),
        ([b"", TEXT, b"", TEXT], [(1, 3, 1, 2), (3, 3, 3, None)]),
    ],
    ids=["text to binary", "and back", "binary to text and back", "binary only", "emptied and refilled"],
)
def test_text_and_binary(history: History, versions: list[bytes], expected: list[object]) -> None:
    for content in versions:
        history.commit({"a": content})
    assert fates(history) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [(TEXT, [(0, 3, 0, 1), (1, 1, 1, 2), (2, 3, 2, None)]), (BINARY, [(1, 1, 1, 2)])],
    ids=["text", "binary"],
)
def test_a_file_becomes_a_link_and_a_file_again(
    history: History, content: bytes, expected: list[object]
) -> None:
    history.commit({"a": content})
    (history.path / "a").unlink()
    (history.path / "a").symlink_to("elsewhere")
    history.commit()
    (history.path / "a").unlink()
    history.commit({"a": content})
    assert fates(history) == expected


def test_text_that_a_merge_makes_of_a_binary_file_is_born_there(history: History, tmp_path: Path) -> None:
    history.commit({"a": BINARY})
    history.switch("topic")
    history.commit({"a": TEXT})
    history.switch("main")
    history.commit({"a": BINARY + b"\0"})
    who = history.identity("Ann <ann@example.org>")
    history.git("merge", "--no-commit", "-s", "ours", "topic", env=who)
    history.write({"a": TEXT + b"four\n"})
    history.git("commit", "-q", "-m", "Merge", env=who)
    assert fates(history) == [(2, 3, None, None), (3, 4, 3, None)]
