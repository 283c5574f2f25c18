from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.histories import BOB, History

CODE = "".join(f"value_{n} = compute({n})\n" for n in range(12))
MORE = "".join(f"other_{n} = compute({n})\n" for n in range(12))
Mine = Callable[..., Path]


def commits(database: Path, columns: str) -> dict[str, tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f"select sha, {columns} from commits").fetchall()
    return {row[0]: row[1:] for row in rows}


def test_a_backport_merged_up_is_a_duplicate(history: History, mined: Mine) -> None:
    history.commit({"a.py": CODE, "b.py": "x = 1\n"})
    history.switch("release")
    fix = history.commit({"fix.py": MORE}, "fix")
    history.switch("main")
    history.commit({"b.py": "x = 2\n"})
    history.git("cherry-pick", fix, env=history.identity(BOB))
    picked = history.head()
    history.tick()
    history.merge("release")
    found = commits(mined(history), "dup_of")
    assert {sha: dup for sha, (dup,) in found.items() if dup} == {fix: picked}, (
        "the one merged first is the original"
    )


def test_small_patches_are_no_duplicates(history: History, mined: Mine) -> None:
    history.commit({"a.py": "1\n2\n3\n4\n", "b.py": "x\n"})
    history.commit({"a.py": "1\n2\n3\n"})
    history.commit({"a.py": "1\n2\n3\n4\n"})
    history.commit({"a.py": "1\n2\n3\n"})
    assert [row for row in commits(mined(history), "dup_of, reverts").values() if any(row)] == []


def test_a_revert_and_what_reapplies_it(history: History, mined: Mine) -> None:
    history.commit({"a.py": CODE})
    feature = history.commit({"b.py": MORE}, "feature")
    undo = history.commit({"b.py": None}, "undone without a word")
    redo = history.commit({"b.py": MORE}, "again")
    assert {k: v for k, (v,) in commits(mined(history), "reverts").items() if v} == {
        undo: feature,
        redo: undo,
    }


@pytest.mark.parametrize(
    ("message", "kept", "expected"),
    [
        ('Revert "feature"\n\nThis reverts commit {sha}.', 1, True),
        ('Revert "feature"', 1, True),
        ("undo most of it", 1, False),
        ('Revert "feature"\n\nThis reverts commit {sha}.', 6, False),
    ],
    ids=["by id", "by subject", "not named", "only half undone"],
)
def test_a_named_revert_must_undo_nine_tenths(
    history: History, mined: Mine, message: str, kept: int, expected: bool
) -> None:
    history.commit({"a.py": CODE})
    feature = history.commit({"b.py": MORE}, "feature")
    undo = history.commit(
        {"b.py": "".join(MORE.splitlines(keepends=True)[:kept])}, message.format(sha=feature)
    )
    assert commits(mined(history), "reverts")[undo] == (feature if expected else None,)


def test_bulk_commits_and_why(history: History, mined: Mine) -> None:
    """Of several reasons the weightiest: the import is a subtree's, too, and what is listed changes whitespace alone."""
    big = {"big.py": "".join(f"line_{n} = {n}\n" for n in range(10_001))}
    root = history.commit(big, "Squashed 'big/' content from commit 1111111", trailers=["git-subtree-dir: big"])  # fmt: skip
    formatted = history.commit({"a.py": CODE}, "plain")
    indented = history.commit({"a.py": "".join(f"    {line}" for line in CODE.splitlines(keepends=True))})
    listed = history.commit({"a.py": CODE}, "format all")
    history.commit({".git-blame-ignore-revs": f"# formatting\n{listed}  # with black\n"})
    history.git("switch", "--quiet", "--orphan", "other")
    other = history.commit({"lib/x.py": "x = 1\n"}, "another project")
    history.switch("main")
    joined = history.merge("other", options=["--allow-unrelated-histories"])
    history.git("switch", "--quiet", "--create", "sub")
    squashed = history.commit({"sub/y.py": "y = 1\n"}, "Squashed 'sub/' changes from 1111111..2222222", trailers=["git-subtree-dir: sub", "git-subtree-split: 2222222"])  # fmt: skip
    history.switch("main")
    history.merge("sub")
    reasons = {sha: why for sha, (why,) in commits(mined(history), "bulk_reason").items() if why}
    assert reasons == {root: "import", indented: "whitespace", listed: "ignore_revs", other: "joined_history", joined: "joined_history", squashed: "subtree"}  # fmt: skip
    assert formatted not in reasons


def test_an_import_with_evidence_of_ai_is_work(history: History, mined: Mine) -> None:
    big = {"big.py": "".join(f"line_{n} = {n}\n" for n in range(10_001))}
    root = history.commit(big, "generate it", trailers=["Co-Authored-By: Claude <noreply@anthropic.com>"])
    assert commits(mined(history), "bulk_reason, attribution")[root] == (None, "ai")
