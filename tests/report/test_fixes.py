"""The figure of fixes by month: what it says, and when it is left out."""

from __future__ import annotations

from codeshare.report.context import Context
from codeshare.report.sections.fixes import fixes

from .invented import invented, without
from .states import figures_in


def test_the_heading_counts_the_fixes_of_the_month_that_the_report_speaks_of() -> None:
    figures = figures_in("high")
    figure = fixes(Context(figures))
    assert figure is not None
    frame = figures.worth["fixes_monthly"]
    of_month = frame[frame["month"] == figures.month]
    ai = int(of_month.loc[of_month["attribution"] == "ai", "fixes"].iloc[0])
    month = f"{figures.month:%B %Y}"
    assert figure.heading == f"AI wrote {ai:,} of {int(of_month['fixes'].sum()):,} fixes merged in {month}"
    assert "36\N{NO-BREAK SPACE}% of the commits by AI" in figure.notes[0]


def test_no_figure_where_there_is_nothing_to_show() -> None:
    figures = invented()
    few = figures.worth["fixes_monthly"].assign(fixes=0)
    assert fixes(Context(without(figures, worth={"fixes_monthly": few}))) is None
    assert fixes(Context(without(figures, worth={}))) is None
    assert fixes(Context(figures_in("low"))) is None


def test_no_habit_is_told_from_few_commits() -> None:
    figures = invented()
    habits = figures.worth["fix_habits"].assign(commits=29)
    worth = {**figures.worth, "fix_habits": habits}
    figure = fixes(Context(without(figures, worth=worth)))
    assert figure is not None
    assert figure.notes == ()
