from __future__ import annotations

import pytest

from codeshare.ci.summary import MARKER, MOST_COMMENT, MOST_SUMMARY, comment, failure, summary
from codeshare.errors import CannotKnow
from codeshare.escaping import plain
from tests.ci.checks import checked, nothing_known, verdict
from tests.ci.test_escaping import NASTY, PARSER


def test_a_summary_has_the_share_its_parts_and_every_verdict() -> None:
    text = summary(checked(verdict("pass", rule="coverage_at_least", says="Enough."), verdict()))
    assert text.startswith("## codeshare: fails\n")
    assert "40.0 % of 100 handwritten lines that it adds are attributed to AI (40 lines)" in text
    assert "35.0 % to 45.0 %" in text
    assert "between 10.0 % and 100.0 %" in text
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert [row.split(" | ")[0] for row in rows] == ["| **fails**", "| passes"]
    assert " 40.0 % | 20.0 % |" in rows[0]
    assert "What is measured" in text


def test_what_is_not_known_is_no_zero() -> None:
    text = summary(nothing_known(verdict("unknown", measured=None, says="No line counts.")))
    assert "## codeshare: cannot be known" in text
    assert "The share of AI is unknown" in text
    assert " 0.0 %" not in text
    assert "| – | 20.0 % |" in text


def test_changed_settings_are_named() -> None:
    text = summary(checked(verdict("pass"), changed_settings=(".gitattributes", "codeshare.toml")))
    assert "This range changes files that decide attribution" in text
    assert "<code>&#46;gitattributes</code>" in text


def test_without_a_rule_it_says_how_to_set_one() -> None:
    assert "No rule is set" in summary(checked())


@pytest.mark.parametrize("make", [summary, comment], ids=["summary", "comment"])
@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_strangers_add_no_markup(make: object, nasty: str) -> None:
    one = verdict(scope=nasty, says=nasty, path=nasty, rule="trailers")
    text = make(checked(one, repo=nasty, branch=nasty, changed_settings=(nasty,), notes=(nasty,)))  # type: ignore[operator]
    harmless = make(
        checked(
            verdict(rule="trailers", scope="s", says="s"), repo="r", changed_settings=("c",), notes=("n",)
        )
    )  # type: ignore[operator]
    kinds = [[token.type for token in PARSER.parse(each)] for each in (text, harmless)]
    assert kinds[0] == kinds[1]


def test_a_comment_is_found_again_and_short_enough() -> None:
    many = [verdict(sha=f"{n:040x}", rule="trailers", says=plain("@everyone " * 90)) for n in range(3000)]
    text = comment(checked(*many))
    assert text.startswith(f"{MARKER}\n")
    assert len(text) < 65_536
    assert len(text.encode()) <= MOST_COMMENT
    assert "Cut here" in text
    assert "@everyone" not in text


def test_a_long_summary_ends_with_a_line_that_says_so() -> None:
    long = [
        verdict(rule=f"rule-{n}", says="ä" * 290, remedy="ö" * 290, definition="ü" * 1100) for n in range(900)
    ]
    text = summary(checked(*long))
    assert len(text.encode()) <= MOST_SUMMARY < 2**20
    assert text.rstrip().endswith("prints all of it.*")
    assert text.count("<details>") == text.count("</details>")


def test_no_answer_is_shown_as_such() -> None:
    text = failure(CannotKnow("shallow clone. Run `git fetch --unshallow`."), is_comment=True)
    assert text.startswith(f"{MARKER}\n## codeshare: cannot be known\n")
    assert "<code>git fetch &#45;&#45;unshallow</code>" in text


def test_a_comment_names_nobody() -> None:
    about = "line 3, 'Co-authored by: Jane Doe <jane@example.org>': a key has no spaces"
    one = verdict(
        rule="trailers",
        sha="7" * 40,
        scope="777777777777 (Jane's idea)",
        says=about,
        unit="lines",
        measured=1.0,
        limit=0.0,
    )
    text = comment(checked(one))
    assert "Jane" not in text
    assert "jane" not in text
    assert "commit 777777777777" in text
    assert "| 1 line | 0 lines |" in text
    assert "Jane Doe" in summary(checked(one))
