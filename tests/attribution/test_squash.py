from __future__ import annotations

import pytest

from codeshare.attribution.squash import request_number, squash_parts
from tests.attribution.commits import ANN, attribute

_CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
_REVIEW = "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>"


def _github(*parts: str, head: str = "", tail: str = "") -> str:
    listed = "\n\n".join(f"* {part}" for part in parts)
    end = f"\n\n---------\n\n{tail}" if tail else ""
    return f"Add a thing (#12)\n\n{head}{listed}{end}\n"


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (_github("one", "two\n\nwhy two", tail=_CLAUDE), ["one", "two\n\nwhy two"]),
        (_github("one\n\n- item\n- item", "two"), ["one\n\n- item\n- item", "two"]),
        (_github("one"), None),
        ("Add a thing\n\n* one\n\n* two\n", None),
        ("Add a thing (#12)\n\n* one\n* two\n* three\n", None),
        (
            "Add\n\n* one\n\n* two\n\nSee merge request acme/app!7\n",
            ["one", "two\n\nSee merge request acme/app!7"],
        ),
        (
            "Squashed commit of the following:\n\ncommit 1234567890\nAuthor: A <a@x>\nDate:   Mon\n\n    one\n\n"
            "    why\n\ncommit 2345678901\nAuthor: B <b@x>\nDate:   Mon\n\n    two\n",
            ["one\n\nwhy", "two"],
        ),
        ("one\n\nwhy\n\n---------\n\ntwo\n\n---------\n\nCo-authored-by: B <b@x>\n", ["one\n\nwhy", "two"]),
        ("one\n\nwhy\n\n---------\n\nCo-authored-by: B <b@x>\n", None),
        ("Add (#1)\n\n" + "\n\n".join(["* x"] * 1001), None),
    ],
)
def test_parts_of_a_squash(message: str, parts: list[str] | None) -> None:
    assert squash_parts(message) == parts


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Add (#12)\n", 12),
        ('Revert "Add (#12)" (#13)\n', 13),
        ("Add (!12)\n", 12),
        ("Merge pull request #12 from acme/x\n\nAdd (#3)\n", 12),
        ("Merge branch 'x' into 'main'\n\nAdd\n\nSee merge request acme/app!34\n", 34),
        ("Merged in x (pull request #5)\n", 5),
        ("Pull request #6: Add\n", 6),
        ("Fix #12\n", None),
        ("Add (#12) and more\n", None),
        ("Add (#99999999999999999999)\n", None),
        ("", None),
    ],
)
def test_request_number(message: str, number: int | None) -> None:
    assert request_number(message) == number


@pytest.mark.parametrize(
    ("message", "expected", "is_mixed"),
    [
        (_github(f"one\n\n{_CLAUDE}", f"two\n\n{_CLAUDE}", tail=_CLAUDE), "ai high", False),
        (_github(f"one\n\n{_CLAUDE}", "two", tail=_CLAUDE), "assisted medium", True),
        (_github("one", "two", tail=_CLAUDE), "assisted medium", True),
        (_github("one", "two", tail=f"Co-authored-by: {ANN}"), "human low", False),
        (_github("one", "two", head=f"🤖 Generated with Claude Code\n{_CLAUDE}\n\n"), "ai high", False),
        (_github(f"one\n\n{_REVIEW}", "two"), "assisted medium", True),
        (_github(f"one\n\n{_REVIEW}", f"two\n\n{_CLAUDE}"), "ai high", False),
        (f"Add (#12)\n\n{_CLAUDE}\n", "ai high", False),
        (f"Add (#12)\n\n* one\n\n{_CLAUDE}\n", "ai high", False),
        (
            "Squashed commit of the following:\n\ncommit 1234567\nAuthor: Claude <noreply@anthropic.com>\n"
            "Date:   Mon\n\n    one\n\ncommit 2345678\nAuthor: Ann Lee <ann@example.org>\nDate:   Mon\n\n    two\n",
            "assisted medium",
            True,
        ),
        (
            f"Squashed commit of the following:\n\ncommit 1234567\n\n    one\n\n    {_CLAUDE}\n\n"
            f"commit 2345678\n\n    two\n\n    {_CLAUDE}\n",
            "ai high",
            False,
        ),
    ],
)
def test_marks_in_a_squash(message: str, expected: str, is_mixed: bool) -> None:
    found = attribute(message)
    assert (f"{found.attribution} {found.confidence}", found.is_mixed) == (expected, is_mixed)


def test_an_agent_that_authored_the_squash_wrote_it() -> None:
    found = attribute(
        _github(f"one\n\n{_CLAUDE}", "two"),
        author="copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
    )
    assert (found.attribution, found.confidence, found.is_mixed) == ("ai", "high", False)


def test_what_a_forge_repeats_is_one_piece_of_evidence() -> None:
    found = attribute(_github(f"one\n\n{_CLAUDE}", f"two\n\n{_CLAUDE}", tail=_CLAUDE))
    assert [piece.origin for piece in found.evidence] == ["part 1 of 2"]
