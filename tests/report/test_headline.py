"""The answer in words: one wording a state of evidence, and every number from the frames."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from msgspec.structs import force_setattr

from codeshare.metrics.figures import Figures
from codeshare.report.headline import headline
from codeshare.report.inline import to_plain
from codeshare.report.pages import build_page

from .invented import invented, without
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
        ("medium", "Four lines in ten (39 %) carry no evidence either way."),
        (
            "low",
            "At least 4 % of the lines in files of any kind merged in May 2026 were (15,252 of 385,371).",
        ),
        ("empty", "The last commit was merged on 12 June 2026. The report below ends there."),
        (
            "few engineers",
            "Everybody together now merges 8.0 times as many lines per working day as in 2024.",
        ),
    ],
)
def test_the_lede_says_what_qualifies_it(state: str, sentence: str) -> None:
    assert sentence in [_plain(s) for s in headline(figures_in(state)).lede]


def _with_month(**columns: float) -> Figures:
    """Change the month that the report speaks of."""
    figures = invented()
    months = figures.share_monthly.copy()
    months.loc[months.index[-2], list(columns)] = list(columns.values())
    return without(figures, share_monthly=months)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (200, "AI wrote 75 % of the code we merged in May 2026."),
        (199, "AI wrote 75 % of the 199 lines of code we merged in May 2026."),
        (1, "AI wrote 75 % of the 1 line of code we merged in May 2026."),
    ],
)
def test_a_month_of_few_lines_says_how_few(lines: int, title: str) -> None:
    said = headline(_with_month(denominator=lines))
    assert _plain(said.title) == title
    assert ("With so few lines a single commit can decide the share." in said.lede) == (lines < 200)


def test_readings_that_agree_are_told_once() -> None:
    said = headline(_with_month(share=0.5, share_strict=0.5, share_high=0.5, coverage=0.6))
    assert _plain(said.title) == "About 50 % of the code merged in May 2026 shows signs of AI."
    assert said.lede[0] == "Every reading of the evidence gives the same."


@pytest.mark.parametrize(
    ("ratio", "low", "high", "sentence"),
    [
        (
            302.1,
            None,
            None,
            "The typical engineer now merges 302 times as many lines per working day as in 2024.",
        ),
        (1.04, 0.9, 1.2, "The typical engineer now merges about as many lines per working day as in 2024."),
        (0.4, 0.3, 0.6, "The typical engineer now merges 60 % fewer lines per working day than in 2024."),
        (
            0.27,
            0.1,
            1.4,
            "The typical engineer shows no clear change from 2024 in lines merged per working day: 0.3 times as many, "
            "interval 0.1 to 1.4.",
        ),
    ],
)
def test_a_ratio_reads_as_what_it_says(
    ratio: float, low: float | None, high: float | None, sentence: str
) -> None:
    figures = invented()
    volume = figures.volume_quarterly.copy()
    volume.loc[volume.index[-1], ["ratio_median", "low_median", "high_median"]] = [ratio, low, high]
    said = headline(without(figures, volume_quarterly=volume))
    assert sentence in [_plain(s) for s in said.lede]


@pytest.mark.parametrize(("lines_per_day", "is_thin"), [(3.8, True), (3.9, False)])
def test_a_baseline_of_under_a_thousand_lines_is_called_thin(lines_per_day: float, is_thin: bool) -> None:
    figures = invented()
    volume = figures.volume_quarterly.copy()
    in_baseline = pd.to_datetime(volume["quarter"]).dt.year == 2024
    volume.loc[in_baseline, "all_lines_per_day"] = lines_per_day
    page = build_page(without(figures, volume_quarterly=volume))
    assert ("That baseline is thin: 988 lines in all." in page.headline.lede) == is_thin
    (ratio,) = (sentence for sentence in page.headline.lede if "working day as in 2024" in sentence)
    assert ("**" not in ratio) == is_thin
    assert ("thin baseline: 988 lines" in page.key_figures[0].lines) == is_thin
    (volume_figure,) = (figure for figure in page.figures if figure.name == "volume")
    assert volume_figure.heading.endswith(", a thin baseline") == is_thin


@pytest.mark.parametrize("state", ["no baseline", "one month"])
def test_without_a_baseline_there_is_no_ratio(state: str) -> None:
    assert "times" not in " ".join(headline(figures_in(state)).lede)


def test_bounds_stay_out_of_the_headline_where_they_are_near() -> None:
    figures = invented()
    months = figures.share_monthly.assign(share_min=0.6, share_max=0.9)
    force_setattr(figures, "share_monthly", months)
    assert "Git alone" not in headline(figures).plain


def test_the_plain_form_has_numerator_denominator_and_basis() -> None:
    said = headline(figures_in("timestamps"))
    row = figures_in("timestamps").share_monthly.set_index("period").loc["2026-05-01"]
    lines = f"{row['numerator']:,.0f} ÷ {row['denominator']:,.0f} handwritten lines; "
    lines += "last full month; ai_share_monthly; basis: added"
    assert said.plain.splitlines()[-1].replace("\N{NO-BREAK SPACE}", " ") == lines
    assert said.reading is not None
    assert said.reading.month == date(2026, 5, 1)


@pytest.mark.parametrize("state", STATES)
def test_loaded_words_are_never_used(state: str) -> None:
    said = headline(figures_in(state)).plain.lower()
    assert not [w for w in ("productiv", "human-written", "by hand", "at most", "nan", "none ") if w in said]
