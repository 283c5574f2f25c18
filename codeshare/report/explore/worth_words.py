"""The words around the live charts of what the lines are worth, who reviews them, and how sure the share is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeshare.report.explore.live import Live
from codeshare.report.numbers import NBSP

if TYPE_CHECKING:
    from codeshare.report.context import Context

_NOT_AN_EXPERIMENT = "**Not an experiment.** A difference shows where to look, not what caused it. Lines with no AI evidence may include AI’s."
_COUNTED = "Counts of what is picked, without intervals; the report has those, of everybody together."
_ALL = "All lines together, for too few of them carry evidence to tell them apart."


def worth_figures(context: Context, packed: dict[str, Any]) -> list[Live]:
    """Return the charts for which the database holds what they draw."""
    measures = {measure for _, _, measure in packed["sums"]["fates"]["marks"]}
    wanted = {
        "survival": (_survival, bool(packed["survival"])),
        "churn": (_churn, "landed" in measures),
        "rework": (_rework, any(measure.startswith("gone_90") for measure in measures)),
        "pairs": (_pairs, "landed" in measures),
        "review": (_review, bool(measures & {"review_known", "merger_known"})),
        "load": (_load, len(packed["reviewers"]) > 1),
    }
    return [figure(context) for figure, is_known in wanted.values() if is_known]


def _survival(context: Context) -> Live:
    return Live(
        "survival", "survival", "How long lines last",
        "Share of lines still there, by days since they were merged, {ai} and {human}. Bands: "
        f"95{NBSP}% intervals. The axis may start above 0.",
        "Kaplan–Meier over landed handwritten lines, as estimated: curves cannot be added up here. There is one of everybody, and one "
        "of each repository, each class of file and each agent; where something else is picked, the chart says so. Run "
        "`codeshare query survival_curve` or `survival_by`.",
        query="survival_by",
        notes=(_NOT_AN_EXPERIMENT, "**Months and teams** do not change the curve: it takes all lines since AI’s began to count."),
        says_thin=f"Share of lines still there, by days since they were merged. {_ALL}",
    )  # fmt: skip


def _churn(context: Context) -> Live:
    return Live(
        "churn", "trend", "Gone within 14 days",
        "Part of the lines landed in a month that is gone within 14 days, {ai} and {human}. Months with fewer than 200 such lines, "
        "and those less than 14 days old, are left out.",
        f"Gone: the branch no longer holds them, changed lines included. {_COUNTED} With an agent picked, the lines of AI are its "
        "own. Run `codeshare query explore_fates`.",
        query="explore_fates",
        notes=("**Lines go for many reasons:** a moved piece, a plan that changed, a repair. Few lines gone is no proof of good ones.",),
        says_thin=f"Part of the lines landed in a month that is gone within 14 days. {_ALL}",
    )  # fmt: skip


def _rework(context: Context) -> Live:
    return Live(
        "rework", "rework", "Who removed what went",
        "Lines gone within 90 days of landing, by whose they were (rows) and by the attribution of the commits that removed them: "
        "{human}, {assisted}, {ai}, {bot}, {unknown}.",
        f"Of the months picked, those whose 90 days are over. {_COUNTED} Run `codeshare query explore_fates`.",
        query="explore_fates",
        notes=("A row of fewer than 100 lines is left out.",),
        says_thin=f"Lines gone within 90 days of landing, by the attribution of the commits that removed them. {_ALL}",
    )  # fmt: skip


def _pairs(context: Context) -> Live:
    return Live(
        "pairs", "pairs", "AI’s lines beside the others",
        "Parts of the lines landed in the months picked: {ai} (circle) and {human} (diamond). Each row is on a scale of its own, from 0.",
        f"Of lines whose days are over. Reverted: their commit was undone. Fixed: a commit that mends something changed them. Reviewer: a "
        f"person other than author and engineer. {_COUNTED} Run `codeshare query explore_fates`.",
        query="explore_fates",
        notes=(
            _NOT_AN_EXPERIMENT,
            "**Sides of fewer than 200 lines** are left out. Pick months in which both wrote much: older lines had other projects and habits.",
        ),
        says_thin=f"Parts of the lines landed in the months picked, on a scale from 0 to 100{NBSP}%. {_ALL}",
    )  # fmt: skip


def _review(context: Context) -> Live:
    return Live(
        "review", "bounds", "Who looked at it",
        "By quarter, of all lines picked: the part with no other person on record as reviewer (strong line), and the part merged by "
        "its own engineer (faint line).",
        "Of lines of which a review would be on record, and of those whose merger git or an import tells. No reviewer on record is not "
        f"the same as no review. {_COUNTED} Run `codeshare query explore_fates`.",
        query="explore_fates",
        notes=("Who reviewed is never shown, only how many lines somebody did.",),
    )  # fmt: skip


def _load(context: Context) -> Live:
    return Live(
        "load", "ratios", "Lines per reviewer",
        f"Lines merged per active reviewer and working day, as a ratio to {context.baseline}. Band: 95{NBSP}% interval.",
        "Of everybody together, as estimated, in quarters with reviewers enough. Run `codeshare query review_quarterly`.",
        query="review_quarterly",
        notes=("**Only months change it.** One person reviews the work of many repositories, teams and agents.",),
    )  # fmt: skip


def bounds_figure(context: Context) -> Live:
    """Return the chart of what the share is at least and at most."""
    return Live(
        "bounds", "bounds", "How sure: at least, at most",
        "Share of {ai}, or of the agent picked, by month: the grey band must hold the true share, the line is the headline reading.",
        "At least: AI’s lines attested line by line, or authored under an agent’s own identity. At most: all but lines attested as a "
        "person’s own or older than any assistant (with an agent picked, also those attested for others). "
        f"{context.basis_note} Run `codeshare query ai_share_monthly`.",
        query="explore_lines",
        notes=(
            "**A wide band** means that git alone cannot settle it: line records (see `codeshare doctor`) make it narrow. The range of "
            "evidence in the chart of the share is how the marks are read; only this band is a bound.",
        ),
        says_thin="Share of {ai} by month: the grey band must hold the true share. Too few lines carry evidence for more than that.",
    )  # fmt: skip
