"""How numbers and dates read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from codeshare.report import dates
from codeshare.report.axes import Scale, spread, text_width, ticks, time_axis
from codeshare.report.numbers import (
    NBSP,
    amount,
    count,
    fraction,
    part_of_lines,
    percent,
    percents,
    plural,
    ratio,
    times_words,
)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.0001, "under 1 %"), (0.0099, "under 1 %"), (0.01, "1 %"), (0.125, "13 %"), (0.834, "83 %"),
     (0.994, "99 %"), (0.996, "over 99 %"), (1, "100 %")],
)  # fmt: skip
def test_shares_are_whole_percents_and_never_round_to_nothing_or_all(share: float, text: str) -> None:
    assert percent(share).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.004, "Under 1 % of the lines carry"),
        (0.03, "About 3 % of the lines carry"),
        (0.05, "One line in twenty (5 %) carries"),
        (0.1, "One line in ten (10 %) carries"),
        (0.15, "About 15 % of the lines carry"),
        (0.17, "One line in six (17 %) carries"),
        (0.2, "One line in five (20 %) carries"),
        (0.25, "A quarter of the lines (25 %) carry"),
        (0.28, "Three lines in ten (28 %) carry"),
        (1 / 3, "A third of the lines (33 %) carry"),
        (0.37, "About 37 % of the lines carry"),
        (0.42, "Four lines in ten (42 %) carry"),
        (0.45, "About 45 % of the lines carry"),
        (0.5, "Half of the lines (50 %) carry"),
        (2 / 3, "Two thirds of the lines (67 %) carry"),
        (0.74, "Three quarters of the lines (74 %) carry"),
        (0.95, "About 95 % of the lines carry"),
        (0.999, "Over 99 % of the lines carry"),
    ],
)
def test_a_part_of_the_lines_in_words_fits_its_figure(share: float, text: str) -> None:
    assert part_of_lines(share, "carry", "carries").replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(ratio(8.04), "8.0×", id="ratio"),
        pytest.param(ratio(0.049), "under\N{NO-BREAK SPACE}0.1×", id="ratio, next to nothing"),
        pytest.param(ratio(0), "0.0×", id="ratio of nothing"),
        pytest.param(ratio(20.04), "20×", id="ratio above 20"),
        pytest.param(ratio(19.96), "20.0×", id="ratio below 20"),
        pytest.param(ratio(1234.56), "1,235×", id="ratio, grouped"),
        pytest.param(count(412300), "412,300", id="count"),
        pytest.param(count(-3), "\N{MINUS SIGN}3", id="real minus"),
        pytest.param(amount(488.4), "488", id="amount"),
        pytest.param(amount(14.62), "14.6", id="amount below 20"),
        pytest.param(amount(11.04), "11", id="amount below 20, whole"),
        pytest.param(amount(0.714), "0.71", id="small amount"),
        pytest.param(plural(1, "engineer"), "1 engineer", id="one"),
        pytest.param(plural(1200, "repository", "repositories"), "1,200 repositories", id="many"),
        pytest.param(times_words(8.04, "lines"), "eight times as many lines as", id="words"),
        pytest.param(times_words(302.1, "lines"), "302 times as many lines as", id="whole above 20"),
        pytest.param(times_words(2.0, "lines"), "twice as many lines as", id="twice"),
        pytest.param(times_words(1.01, "lines"), "as many lines as", id="as many"),
        pytest.param(times_words(0.6, "lines"), "40\N{NO-BREAK SPACE}% fewer lines than", id="fewer"),
        pytest.param(dates.baseline(date(2024, 1, 1), date(2025, 1, 1)), "2024", id="year"),
        pytest.param(
            dates.baseline(date(2023, 7, 1), date(2024, 7, 1)), "2023 Q3 to 2024 Q2", id="not a year"
        ),
        pytest.param(dates.baseline(date(2024, 10, 1), date(2025, 1, 1)), "2024 Q4", id="one quarter"),
        pytest.param(dates.day(date(2026, 6, 12)), "12 June 2026", id="day"),
        pytest.param(dates.quarter(date(2026, 4, 1)), "2026 Q2", id="quarter"),
        pytest.param(dates.month(dates.next_month(date(2025, 12, 1))), "January 2026", id="next month"),
    ],
)
def test_words_for_numbers(given: str, text: str) -> None:
    assert given == text


def test_fractions_do_not_break() -> None:
    assert fraction(412300, 496800) == "412,300\N{NO-BREAK SPACE}÷\N{NO-BREAK SPACE}496,800 lines"


@pytest.mark.parametrize(
    ("high", "expected"),
    [(8.7, [0, 2, 4, 6, 8]), (1.04, [0, 0.5, 1]), (350_000, [0, 100_000, 200_000, 300_000]), (0, [0])],
)
def test_ticks_are_few_and_round(high: float, expected: list[float]) -> None:
    assert ticks(high) == expected


@pytest.mark.parametrize("years", [0.25, 0.75, 1.2, 2, 5, 21, 60])
@pytest.mark.parametrize("pixels", [60, 160, 300, 640, 900])
def test_labels_of_a_time_axis_never_touch(years: float, pixels: float) -> None:
    scale = Scale(2026.5 - years, 2026.5, pixels)
    labels = time_axis(scale, 12).labels
    ends = [(scale.px(la.at), text_width(la.text, 12) / 2) for la in labels]
    assert all(a + wa < b - wb for (a, wa), (b, wb) in pairwise(ends))


def test_labels_are_spread_within_their_bounds() -> None:
    placed = spread([10, 11, 12, 200], 15, 0, 210)
    assert all(b - a >= 14.9 for a, b in zip(sorted(placed), sorted(placed)[1:], strict=False))
    assert min(placed) >= 0
    assert max(placed) <= 210
    assert placed == sorted(placed)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0.295, 0.075, 0.025, 0.605], ["30 %", "8 %", "2 %", "60 %"]),
        ([1 / 3, 1 / 3, 1 / 3], ["34 %", "33 %", "33 %"]),
        ([0.29, 0.71], ["29 %", "71 %"]),
        ([0.004, 0.996], ["under 1 %", "over 99 %"]),
        ([1.0, 0.0], ["100 %", "0 %"]),
    ],
)
def test_parts_of_a_whole_add_up_to_it(shares: list[float], said: list[str]) -> None:
    assert [words.replace(NBSP, " ") for words in percents(shares)] == said
