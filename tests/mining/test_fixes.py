"""Which commits mend something, whom reverts name, and the lines that fixes removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.attribution import messages
from codeshare.attribution.squash import request_number
from codeshare.attribution.trailers import find_trailers
from codeshare.config import Config, FixPattern
from codeshare.errors import ConfigError
from codeshare.mining.fixes import find_fixes, find_named_reverts, users_signs
from codeshare.model import Commit, Confidence, Identity
from tests.attribution.messages import NAMED, message
from tests.histories import History
from tests.mining.test_going_on import stepwise

Mine = Callable[..., Path]
ANN = Identity("Ann", "ann@example.org")


def commit(number: int, message: str, parents: int = 1) -> Commit:
    at = datetime(2026, 1, 5)
    return Commit(
        f"{number:08x}" + "0" * 32, tuple("f" * 40 for _ in range(parents)), ANN, ANN, at, at, message
    )


def signs(message: str, parents: int = 1, config: Config | None = None) -> list[tuple[str, str]]:
    commits = [commit(1, "first"), commit(0xABCDEF0, message, parents)]
    users = users_signs(config) if config else ()
    trailers = [find_trailers(each.message) for each in commits]
    found = find_fixes(commits, trailers, users)
    with patch.object(messages, "FEW", 0):
        assert find_fixes(commits, trailers, users) == found
    return [(fix.kind, fix.confidence.value) for fix in found]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("net: drop it\n\nFixes: 00000001abcd (\"first\")", [("trailer", "high")]),
        ("drop it\n\nFixes: #12", [("issue", "medium")]),
        ("drop it\n\nThis fixes #12 at last.", [("issue", "medium")]),
        ("drop it, fixes https://example.org/o/r/issues/12", [("issue", "medium")]),
        ("rows command, closes #200", [("issue", "low")]),
        ("feat: rows command\n\nCloses #200", []),
        ("feat: rows command\n\nFixes #200", [("issue", "low")]),
        ("fix(api)!: drop it", [("conventional", "medium"), ("subject", "medium")]),
        ("hotfix: drop it", [("conventional", "medium")]),
        ("fetch: fix a leak", [("subject", "medium")]),
        ("Fixed crash", [("subject", "medium")]),
        ("docs: fix typo", []),
        ("fix typo in README", [("subject", "low")]),
        ("fix(deps): update left-pad", [("conventional", "low"), ("subject", "low")]),
        ("avoid a crash", [("words", "low")]),
        ("avoid a crash in tests", []),
        ("net: drop it\n\nThe regression introduced in\n00000001 is gone.", [("named", "medium")]),
        ("net: drop it\n\nThe regression introduced in 99999999 is gone.", []),
        ('Revert "fix: drop it"', []),
        ("prefix handling", []),
        ("fixup! drop it", []),
        ("a suffix: new", []),
    ],
)  # fmt: skip
def test_signs_of_a_fix(message: str, expected: list[tuple[str, str]]) -> None:
    assert signs(message) == expected


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(texts=st.lists(message, min_size=2, max_size=6), has_own=st.booleans())
def test_all_at_once_show_what_one_after_another_does(texts: list[str], has_own: bool) -> None:
    commits = [commit(int(NAMED, 16), "Add a thing"), *(commit(n + 1, text) for n, text in enumerate(texts))]
    trailers = [find_trailers(each.message) for each in commits]
    users = users_signs(Config(fix_patterns=(FixPattern(r"^.?o", where="message"),))) if has_own else ()
    fixes = find_fixes(commits, trailers, users)
    reverts = find_named_reverts(commits, [None, 7, *[None] * (len(texts) - 1)])
    with patch.object(messages, "FEW", 0), patch.object(messages, "_AT_ONCE", 3):
        assert find_fixes(commits, trailers, users) == fixes
        assert find_named_reverts(commits, [None, 7, *[None] * (len(texts) - 1)]) == reverts


def test_merges_are_asked_for_trailers_only() -> None:
    assert signs("Merge branch 'x/fix'\n\nfix: it\n\nFixes #12", parents=2) == []
    assert signs("Merge branch 'x'\n\nFixes: 00000001", parents=2) == [("trailer", "high")]


def test_patterns_of_your_own() -> None:
    own = Config(
        fix_patterns=(FixPattern(r"^INC-\d+", confidence="high"), FixPattern("behoben", where="message"))
    )
    assert signs("INC-7 restart\n\nbehoben", config=own) == [("pattern", "high")]
    assert signs("restart\n\nbehoben", config=own) == [("pattern", "medium")]


@pytest.mark.parametrize(
    "wrong",
    [
        FixPattern("("),
        FixPattern("x", confidence="sure"),
        FixPattern("x", where="body"),
        FixPattern("(a+)+$"),
    ],
    ids=["no pattern", "confidence", "where", "slow"],
)
def test_a_wrong_pattern_is_refused(wrong: FixPattern) -> None:
    with pytest.raises(ConfigError, match="fix_pattern"):
        users_signs(Config(fix_patterns=(wrong,)))


def test_the_commit_at_fault_is_an_earlier_one() -> None:
    commits = [commit(1, "a\n\nFixes: 00000002"), commit(2, "b\n\nFixes: 00000001")]
    found = find_fixes(commits, [find_trailers(each.message) for each in commits])
    assert [(fix.commit, fix.named, fix.confidence) for fix in found] == [
        (0, None, Confidence.HIGH), (1, 0, Confidence.HIGH),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('Revert "add rows (#7)" (#9)\n\nThis reverts commit 00000002.', [(2, "message")]),
        ('Revert "add rows" (#9)', [(2, "forge")]),
        ('Revert "add rows (#7)"', [(2, "message")]),
        ("Undo it\n\nReverts owner/name#7", [(2, "forge")]),
        ("Revert #7", [(2, "forge")]),
        ('Revert "first"', [(1, "message")]),
        ("Revert to the old ways", []),
        ('Revert "never was"', []),
    ],
)
def test_whom_a_revert_names(message: str, expected: list[tuple[int, str]]) -> None:
    commits = [commit(1, "first"), commit(2, "add rows (#7)"), commit(3, message)]
    found = find_named_reverts(commits, [request_number(each.message) for each in commits])
    assert [(each.named + 1, each.how) for each in found] == expected


def test_what_is_applied_again_names_the_revert() -> None:
    commits = [commit(1, "rows"), commit(2, 'Revert "rows"'), commit(3, 'Reapply "rows"')]
    assert [(each.commit, each.named) for each in find_named_reverts(commits, [None] * 3)] == [(1, 0), (2, 1)]


CODE = "import os\n\n# why\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n"


def test_lines_that_a_fix_removed(history: History, mined: Mine) -> None:
    first = history.commit({"a.py": CODE, "b.c": "/* note\n * more\n */\nint x;\n*p = 1;\n// end\n\n"})
    second = history.commit({"a.py": CODE.replace("return 2", "return 3")})
    fix = history.commit({"a.py": "import os\n\n", "b.c": "int x;\n"}, "fix: drop both")
    history.commit({"a.py": ""}, "drop the rest")
    with duckdb.connect(str(mined(history)), read_only=True) as connection:
        rows = connection.execute(
            "select fix_sha, sha, path, lines, code_lines from fixed_lines order by all"
        ).fetchall()
    assert sorted(rows) == sorted(
        [(fix, first, "a.py", 6, 3), (fix, second, "a.py", 1, 1), (fix, first, "b.c", 6, 1)]
    )


@pytest.mark.thorough
def test_going_on_gives_the_same_fixes(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": CODE})
    tips = [history.commit({"b.py": CODE})]
    for number in range(3):
        history.switch(f"topic{number}")
        history.commit({"a.py": CODE.replace("return 1", f"return {number + 10}")}, "fix: one")
        history.commit({"b.py": CODE.replace("# why\n", f"# {number}\n")}, "fetch: fix two")
        history.switch("main")
        history.merge(f"topic{number}")
        tips.append(history.commit({"a.py": CODE, "b.py": CODE}, f'Revert "fix: one"\n\nFixes: {tips[0]}'))
    stepwise(history, tips, tmp_path)
