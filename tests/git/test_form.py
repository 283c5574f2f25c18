"""What does not have git's form is refused in one line, and no two paths are stored alike."""

from __future__ import annotations

import pytest

from codeshare.errors import GitError
from codeshare.git.form import raw_entry
from codeshare.git.mergednames import MergedNames, MergeToRead
from codeshare.git.patch import PairHunks
from codeshare.git.quoting import bytes_of, text_of
from codeshare.git.raw import parse_raw

SHA, OLD, NEW = "a" * 40, "1" * 40, "2" * 40
RAW = f"{SHA}\n:100644 100644 {OLD} {NEW} M\ta.py\n"
DIFF = f"diff --git a/a.py b/a.py\nindex {OLD}..{NEW} 100644\n--- a/a.py\n+++ b/a.py\n"
WHOLE = DIFF + "@@ -1 +1,2 @@\n-x\n+y\n+z\n@@ -9,0 +11 @@\n+w\n"


def test_the_whole_is_read() -> None:
    files = parse_raw(RAW.encode(), [0], [SHA])
    deltas = PairHunks(WHOLE.encode(), [0]).deltas(files, [(0, 0)])
    assert (deltas.commit.tolist(), deltas.status, deltas.path) == ([0], ["M"], [b"a.py"])
    assert (deltas.added.tolist(), deltas.deleted.tolist()) == ([3], [1])


def test_patches_keep_their_ids() -> None:
    """A mine that goes on compares new commits with stored ones."""
    out = DIFF + "@@ -1 +1,2 @@\n-x\n+\ty  y\n+\n@@ -9 +10,0 @@\n-w é\n"
    deltas = PairHunks(out.encode(), [0]).deltas(parse_raw(RAW.encode(), [0], [SHA]), [(0, 0)])
    assert (deltas.patch.tolist(), deltas.inverse.tolist()) == ([17529339296530191826], [2671211590802536135])


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (WHOLE.removesuffix("+z\n@@ -9,0 +11 @@\n+w\n"), "holds other lines than it says"),
        (WHOLE.replace("+1,2", "+1,3"), "holds other lines than it says"),
        (WHOLE.replace("-1 +1,2", f"-{2**64 + 1} +1,2"), "hunks out of place"),
        (WHOLE.replace("-9,0", "-0,0"), "hunks out of place"),
        (WHOLE.removeprefix(DIFF) + DIFF, "hunks out of place"),
        (WHOLE.removeprefix(DIFF), "0 of 1 patches"),
        (WHOLE + DIFF, "2 of 1 patches"),
        ("Binary files a and b differ\n", "0 of 1 patches"),
    ],
    ids=["end", "count", "overflow", "order", "no patch", "nothing", "two patches", "binary"],
)
def test_another_form_of_patches_is_refused(out: str, why: str) -> None:
    with pytest.raises(GitError, match=why) as caught:
        PairHunks(out.encode(), [0])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (RAW.replace(f"{SHA}\n", ""), "a raw entry of no commit"),
        (RAW.replace(OLD, "1" * 30, 1), "a raw entry in another form"),
        (RAW.replace(":100644 100644", ":100644 100644 100644"), "a raw entry in another form"),
        (RAW.removesuffix("\n") + "\tb\tc\n", "a raw entry in another form"),
        (RAW + f"{OLD}\n", "a commit that was not asked for"),
        (RAW.replace(SHA, NEW), "a commit that was not asked for"),
    ],
    ids=["no commit", "id", "modes", "names", "too many", "another"],
)
def test_another_form_of_names_is_refused(out: str, why: str) -> None:
    with pytest.raises(GitError, match=why):
        parse_raw(out.encode(), [0], [SHA])


def test_another_form_of_a_merge_is_refused() -> None:
    merge = MergeToRead(0, SHA, OLD, (NEW,))
    whole = f"{SHA}\n::100644 100644 100644 {OLD} {NEW} {'3' * 40} MM\ta.py\n"
    names = MergedNames()
    names.read(whole.encode(), [merge])
    assert (names.old_blobs, names.old_paths) == ([(OLD.encode(), NEW.encode())], [(b"a.py", b"a.py")])
    for out in (
        whole.removeprefix(f"{SHA}\n"),
        whole.replace(f" {OLD}", ""),
        whole.replace(SHA, OLD),
        whole * 2,
    ):
        with pytest.raises(GitError, match="cannot be read"):
            MergedNames().read(out.encode(), [merge])


def test_a_raw_entry_has_its_parts() -> None:
    entry = raw_entry(f":100644 120000 {OLD} {NEW} R087\told\tnew".encode())
    assert (entry.modes, entry.status, entry.names) == ([b"100644", b"120000"], "R", [b"old", b"new"])


def test_no_two_paths_are_stored_alike() -> None:
    """A file may be named as git would quote the name of another one."""
    paths = [b"\xff", b'"\\377"', b'"\\"\\\\377\\""', b'"\\777"', b'"', b'""', b'"a"', "ä".encode(), b'"\\303\\244"']  # fmt: skip
    assert [bytes_of(text_of(path)) for path in paths] == paths
    assert len({text_of(path) for path in paths}) == len(paths)
