from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_repos.company import repositories
from sample_repos.dice import Dice
from sample_repos.languages import Language, Vocabulary
from sample_repos.plan import LANDING_GAP, plan_quarter
from sample_repos.story import Story
from sample_repos.tables import table
from sample_repos.workdays import after_quarter, holidays, is_working, quarters, working_days
from sample_repos.writing import Desk

LANGUAGES = sorted(set(table("languages")) - {"words"})


@pytest.mark.parametrize("scale", [0.05, 1.0, 20.0])
def test_the_ratios_do_not_depend_on_the_scale(scale: float) -> None:
    story = Story(1, scale)
    rates = {}
    for quarter in quarters():
        lines, days = story.targets(quarter).values(), working_days(quarter, after_quarter(quarter))
        rates[quarter] = (median(lines) / days, mean(lines) / days)
    baseline = [mean(rate[n] for q, rate in rates.items() if q.year == 2024) for n in (0, 1)]
    last = rates[date(2026, 4, 1)]
    assert last[0] / baseline[0] == pytest.approx(8.0, abs=0.05)
    assert last[1] / baseline[1] == pytest.approx(7.1, abs=0.05)


def test_the_last_quarter_has_as_many_working_days_as_any_of_the_baseline() -> None:
    """So that cutting the baseline after as many days as have passed changes nothing."""
    days = [working_days(q, after_quarter(q)) for q in quarters() if q.year == 2024]
    assert max(days) <= working_days(date(2026, 4, 1), date(2026, 7, 1))


def test_holidays_are_weekdays_on_which_nobody_works() -> None:
    assert all(day.weekday() < 5 and not is_working(day) for day in holidays())


@pytest.mark.parametrize("quarter", [date(2023, 7, 1), date(2026, 1, 1)], ids=str)
def test_a_plan_hands_out_every_line_and_keeps_landings_apart(quarter: date) -> None:
    targets = Story(1, 1.0).targets(quarter)
    items = plan_quarter(quarter, targets, 1, [])
    lines: Counter[str] = Counter()
    for item in items:
        lines[item.engineer.login] += item.lines
    assert lines == targets
    for repo in repositories():
        times = [item.at for item in items if item.repo == repo]
        assert all(b - a >= LANDING_GAP for a, b in pairwise(times))


@given(st.sampled_from(LANGUAGES), st.integers(0, 400), st.integers(0, 10_000))
def test_blocks_have_the_lines_asked_for_and_edges_that_occur_once(name: str, more: int, seed: int) -> None:
    language = Language(name, Vocabulary())
    blocks = language.blocks(language.smallest + more, Dice(seed))
    lines = Counter(line for block in blocks for line in block.lines)
    assert lines.total() == language.smallest + more
    for block in blocks:
        edges = [block.lines[0], block.lines[-1], *block.lines[block.core : block.core + block.size]]
        assert all(lines[line] == 1 for line in edges)


@given(
    st.sampled_from(sorted(repositories())),
    st.lists(st.integers(1, 600), max_size=12),
    st.integers(0, 10_000),
)
def test_a_desk_writes_the_lines_asked_for(repo: str, sizes: list[int], seed: int) -> None:
    desk, dice = Desk(repositories()[repo]), Dice(seed)
    for number, size in enumerate(sizes):
        before = {path: file.render() for path, file in desk.tree.files.items()}
        desk.begin(number, number + 1, number)
        edits = desk.write(size, "human", date(2023, 3, 1), dice, set())
        assert sum(edit.added for edit in edits) == size
        assert len({edit.path for edit in edits}) == len(edits)
        for edit in edits:
            old = before.get(edit.old_path or edit.path, b"").splitlines()
            new = desk.tree.files[edit.path].render().splitlines()
            at = edit.start - 1
            assert new[:at] + new[at + edit.added :] == old[:at] + old[at + edit.deleted :]
            assert edit.added == 0 or new[at] not in old
    assert desk.tree.lines == sum(len(file.render().splitlines()) for file in desk.tree.files.values())
