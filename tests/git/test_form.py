"""What does not have git's form is refused in one line, and no two paths are stored alike."""

from __future__ import annotations

import pytest

from codeshare.errors import GitError
from codeshare.git.combined import parse_combined
from codeshare.git.form import raw_entry
from codeshare.git.patch import parse_patches
from codeshare.git.quoting import bytes_of, text_of

SHA, OLD, NEW = "a" * 40, "1" * 40, "2" * 40
HEAD = f"{SHA}\n:100644 100644 {OLD} {NEW} M\ta.py\n\n"
DIFF = f"diff --git a/a.py b/a.py\nindex {OLD}..{NEW} 100644\n--- a/a.py\n+++ b/a.py\n"
WHOLE = HEAD + DIFF + "@@ -1 +1,2 @@\n-x\n+y\n+z\n@@ -9,0 +11 @@\n+w\n"


def test_the_whole_is_read() -> None:
    deltas = parse_patches(WHOLE.encode(), [0], [SHA])
    assert (deltas.added.tolist(), deltas.deleted.tolist()) == ([3], [1])


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (WHOLE.removesuffix("+z\n@@ -9,0 +11 @@\n+w\n"), "holds other lines than it says"),
        (WHOLE.replace("+1,2", "+1,3"), "holds other lines than it says"),
        (WHOLE.replace("-1 +1,2", f"-{2**64 + 1} +1,2"), "hunks out of place"),
        (WHOLE.replace("-9,0", "-0,0"), "hunks out of place"),
        (WHOLE.replace(DIFF, "").replace(HEAD, f"{SHA}\n"), "hunks out of place"),
        (WHOLE.replace(f"{SHA}\n", ""), "a raw entry of no commit"),
        (WHOLE.replace(OLD, "1" * 30, 1), "a raw entry in another form"),
        (WHOLE.replace(":100644 100644", ":100644 100644 100644"), "too few or too many ids"),
        (WHOLE + DIFF, "a patch without a raw entry"),
        (WHOLE.replace(DIFF, "").partition("@@")[0], "a raw entry without a patch"),
    ],
    ids=["end", "count", "overflow", "order", "no patch", "no commit", "id", "modes", "two patches", "nothing"],
)  # fmt: skip
def test_another_form_is_refused(out: str, why: str) -> None:
    with pytest.raises(GitError, match=why) as caught:
        parse_patches(out.encode(), [0], [SHA])
    assert "\n" not in str(caught.value)


def test_another_form_of_a_merge_is_refused() -> None:
    entry = f"{SHA}\n::100644 100644 100644 {OLD} {NEW} {'3' * 40} MM\ta.py\n\ndiff --combined a.py\n"
    whole = f"{entry}index x\n--- a/a.py\n+++ b/a.py\n@@@ -1,1 -1,1 +1,2 @@@\n  x\n++y\n"
    assert parse_combined(whole.encode(), [0], [SHA]).runs.tolist() == [[0, 0, 0, 1, 0], [0, -1, 0, 1, 1]]
    for out in (whole.removesuffix("++y\n"), whole.replace("+1,2 @@@", f"+{2**70},2 @@@"), whole.replace(" -1,1 +", " +")):  # fmt: skip
        with pytest.raises(GitError, match="cannot be read"):
            parse_combined(out.encode(), [0], [SHA])


def test_a_raw_entry_has_its_parts() -> None:
    entry = raw_entry(f":100644 120000 {OLD} {NEW} R087\told\tnew".encode())
    assert (entry.modes, entry.status, entry.names) == ([b"100644", b"120000"], "R", [b"old", b"new"])


def test_no_two_paths_are_stored_alike() -> None:
    """A file may be named as git would quote the name of another one."""
    paths = [b"\xff", b'"\\377"', b'"\\"\\\\377\\""', b'"\\777"', b'"', b'""', b'"a"', "ä".encode(), b'"\\303\\244"']  # fmt: skip
    assert [bytes_of(text_of(path)) for path in paths] == paths
    assert len({text_of(path) for path in paths}) == len(paths)
