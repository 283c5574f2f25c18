"""Pairs of blobs: each compared once, path after path, and nothing of our trees is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.errors import OutputError
from codeshare.git.answers import ask_about
from codeshare.git.history import walk
from codeshare.git.owntrees import OwnTrees
from codeshare.git.pairs import Pairs
from codeshare.git.patch import PairHunks
from codeshare.git.reading import merges_to_read
from codeshare.git.repository import open_repository
from codeshare.git.shadow import Shadow
from tests.histories import History

ONE, TWO = "".join(f"{n}\n" for n in range(9)), "".join(f"{n}\n" for n in range(1, 9))


def _left(shadow: Shadow) -> list[Path]:
    return list((shadow.path / "objects").glob("??/*"))


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_pairs_are_compared_in_the_order_of_their_paths(tmp_path: Path, object_format: str) -> None:
    history = History(tmp_path / "r", object_format=object_format)
    history.commit({"b": ONE, "a": TWO})
    one, two = (history.git("rev-parse", f"HEAD:{name}").encode() for name in "ba")
    pairs = Pairs()
    numbers = [
        pairs.add(b"b", one, two),
        pairs.add(b"a", b"", one),
        pairs.add(b"c", two, b""),
        pairs.add(b"z", one, two),
    ]
    assert numbers == [0, 1, 2, 0]
    with open_repository(str(history.path)).shadow() as shadow:
        status, out, _ = pairs.compare(shadow.path, lines=True)
        assert _left(shadow) == []
    assert (status, out.count(b"diff --git ")) == (0, 3)
    which, hunks = PairHunks(out, pairs.order).hunks_of([0, 1, 2])
    assert which.tolist() == [0, 1, 2]
    assert hunks.tolist() == [[1, 1, 0, 0], [0, 0, 1, 9], [1, 8, 0, 0]]


def test_what_commits_and_merges_share_is_compared_once(history: History) -> None:
    history.commit({"a": ONE})
    history.switch("topic")
    history.commit({"a": TWO})
    history.switch("main")
    history.commit({"a": TWO})  # the same once more
    history.commit({"b": "x\n"})
    history.merge("topic")
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        walked = walk(shadow, repository.tip)
        merges = merges_to_read(walked, range(len(walked.shas)))
        commits = [i for i in range(len(walked.shas)) if i not in merges]
        answers = ask_about(shadow.path, commits, [walked.shas[i] for i in commits], list(merges.values()))
    assert len(answers.files.path) == 4
    assert len(answers.pairs) == 3


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("in the way")
    with (
        pytest.raises(OutputError, match=r"cannot be written: Not a directory\. TMPDIR names another folder"),
        OwnTrees(tmp_path) as trees,
    ):
        trees.pair([(b"a", b"100644", b"1" * 40)], [])
