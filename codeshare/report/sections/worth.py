"""What the lines are worth: do they last, are they rewritten or undone, do they break?"""

from __future__ import annotations

from collections.abc import Callable

from codeshare.report.context import Context
from codeshare.report.page_model import Figure, Section
from codeshare.report.sections.beside import beside
from codeshare.report.sections.churn import churn, rework
from codeshare.report.sections.fixes import fixes
from codeshare.report.sections.survival import survival

_FIGURES: tuple[Callable[[Context], Figure | None], ...] = (survival, churn, rework, fixes, beside)


def worth(context: Context) -> Section | None:
    """Build the section; none where no figure can be drawn."""
    figures = tuple(figure for draw in _FIGURES if (figure := draw(context)) is not None)
    if not figures:
        return None
    intro = "Lines are quantity. These figures ask what became of them."
    if context.is_by_class:
        intro += " They are no experiment: nobody drew lots over who uses an agent, and AI and people are given different work."
    return Section("worth", "What the lines are worth", "Worth", (intro,), figures)
