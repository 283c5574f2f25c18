"""The answer in words: one wording a state of evidence, and every number from the frames."""

from __future__ import annotations

from datetime import date

import pytest

from codeshare.report.headline import headline
from codeshare.report.inline import to_plain

from .invented import invented
from .states import STATES, figures_in


def _plain(text: str) -> str:
    return to_plain(text).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("state", "evidence", "title"),
    [
        ("high", "high", "AI wrote 75 % of the code we merged in May 2026."),
        ("medium", "medium", "Between 36 % and 48 % of the code merged in May 2026 shows signs of AI."),
        (
            "low",
            "low",
            "We cannot say how much of this code AI wrote: 87 % of the lines carry no evidence either way.",
        ),
        ("empty", "empty", "Nothing was merged in May 2026."),
        ("one month", "high", "AI wrote 75 % of the code we merged in June 2026, up to 12 June."),
    ],
)
def test_each_state_of_evidence_has_its_wording(state: str, evidence: str, title: str) -> None:
    said = headline(figures_in(state))
    assert said.state == evidence
    assert _plain(said.title) == title


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("high", "It is 66 % on the strictest reading of the evidence and 82 % when every trace counts."),
        ("high", "Before March 2025 the record shows single digits."),
        ("high", "The typical engineer now merges 8.0 times as many lines per working day as in 2024."),
        ("high", "Git alone cannot settle it: the truth lies between 38 % and 99 %."),
        ("medium", "The headline definition gives 41 %."),
        ("medium", "Four lines in ten carry no evidence either way."),
        ("low", "At least 4 % of the lines merged in May 2026 were (15,252 of 385,371)."),
        ("empty", "The last commit was merged on 12 June 2026. The report below ends there."),
        (
            "few engineers",
            "The whole team together now merges 8.0 times as many lines per working day as in 2024.",
        ),
    ],
)
def test_the_lede_says_what_qualifies_it(state: str, sentence: str) -> None:
    assert sentence in [_plain(s) for s in headline(figures_in(state)).lede]


@pytest.mark.parametrize("state", ["no baseline", "one month"])
def test_without_a_baseline_there_is_no_ratio(state: str) -> None:
    assert "times" not in " ".join(headline(figures_in(state)).lede)


def test_bounds_stay_out_of_the_headline_where_they_are_near() -> None:
    figures = invented()
    months = figures.share_monthly.assign(share_min=0.6, share_max=0.9)
    object.__setattr__(figures, "share_monthly", months)
    assert "Git alone" not in headline(figures).plain


def test_the_plain_form_has_numerator_denominator_and_basis() -> None:
    said = headline(figures_in("timestamps"))
    row = figures_in("timestamps").share_monthly.set_index("period").loc["2026-05-01"]
    lines = f"{row['numerator']:,.0f} ÷ {row['denominator']:,.0f} handwritten lines; ai_share_monthly; basis: added"
    assert said.plain.splitlines()[-1].replace("\N{NO-BREAK SPACE}", " ") == lines
    assert said.reading is not None
    assert said.reading.month == date(2026, 5, 1)


@pytest.mark.parametrize("state", STATES)
def test_loaded_words_are_never_used(state: str) -> None:
    said = headline(figures_in(state)).plain.lower()
    assert not [w for w in ("productiv", "human-written", "by hand", "at most", "nan", "none ") if w in said]
