"""What stands around the live charts: headings that name the topic, for the findings change with what is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeshare.report.context import Context, first_upper
from codeshare.report.explore.live import Live
from codeshare.report.explore.worth_words import bounds_figure, worth_figures
from codeshare.report.numbers import NBSP, count

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


def live_figures(context: Context, packed: dict[str, Any]) -> list[Live]:
    """Return the charts of this report, in the report's order."""
    return [
        _share(context),
        _lines(context),
        _agents(context),
        *_parts(context, packed),
        *([_volume(context)] if packed["volumes"] else []),
        *worth_figures(context, packed),
        _kinds(context),
        bounds_figure(context),
    ]


def _parts(context: Context, packed: dict[str, Any]) -> list[Live]:
    found = []
    if len(packed["repositories"]) > 1:
        found.append(_part("repository", "repository", "By repository", _REPOSITORIES))
    if len(packed["teams"]) > 1:
        few = context.figures.minimum_engineers
        found.append(
            _part(
                "team",
                "team",
                "By team",
                "A team is that of the engineer on the day of the merge. In quarters in which fewer than "
                f"{few} of its engineers were active, and where a smaller group would be left over, its lines are among "
                "those of other teams; within one repository they are left out.",
            )
        )
    found.append(
        _part(
            "class", "class of file", "By class of file", "Only handwritten files: code, test, docs, config."
        )
    )
    return found


_REPOSITORIES = "The largest first, by handwritten lines of the months picked; the smaller ones are together in the last row."
_SHARE = (
    "AI lines of high and medium confidence ÷ lines of AI, AI-assisted lines and lines with no AI evidence, in handwritten "
    "files. With an agent picked, the lines above are its own and those below still all."
)


def _share(context: Context) -> Live:
    return Live(
        "share", "share", "Share by month",
        f"Share of {{ai}}, or of the agent picked, in the {context.merged_lines}, by month. The line is the headline reading; the band runs from the "
        "strictest reading of the evidence to the one that counts every trace. Grey ground: the months picked.",
        f"{_SHARE} {context.basis_note} Run `codeshare query explore_lines`.",
        notes=(
            "**Drag across the chart** to pick months, or use the lists above; a click on it picks all again. The charts below "
            "follow.",
            f"**Dashed** months have coverage below 25{NBSP}%. The band is no confidence interval: every line is counted; what "
            "is uncertain is how to read the evidence.",
        ),
    )  # fmt: skip


def _lines(context: Context) -> Live:
    return Live(
        "lines", "lines", "Lines merged by month",
        f"{first_upper(context.merged_lines)}, stacked by attribution: {{human}} at the foot, then {{assisted}} and {{ai}}; "
        "bots and unknown lines on top. With an agent picked, other agents’ lines are the faintest blue. Hatched: the running month, and months of which much could not be read.",
        f"Every line is in one bar piece. With an agent picked, the lines of other agents stay in the bar, in the faintest "
        f"blue. {context.basis_note}",
        notes=("No AI evidence is no proof of a person’s own hand: many assistants leave no trace.",),
        says_thin=f"{first_upper(context.merged_lines)}, whoever wrote them. Hatched: the running month, and months of which "
        "much could not be read.",
    )  # fmt: skip


def _agents(context: Context) -> Live:
    return Live(
        "agents", "agents", "By which agents",
        "Each agent’s part of all lines, by month; below its name its part of the whole time picked. All on one scale; the "
        "smaller agents are together in the last panel.",
        f"The product that the evidence names. {_SHARE}",
        is_wide=True,
    )  # fmt: skip


def _volume(context: Context) -> Live:
    return Live(
        "volume", "volume", "Lines merged per working day",
        "**As it was computed for what is picked.** By quarter, of all classes of file and agents; bars split into {human}, "
        "{assisted} and {ai}.",
        "Volume is not added up here: medians of groups do not add up. It is precomputed for everybody, for each repository "
        f"and for each team, where at least {context.figures.minimum_engineers} engineers were active, now and in the "
        "baseline; elsewhere all lines by working day are drawn, or nothing. "
        "Run `codeshare query volume_by_repository` or `volume_by_team`.",
        query="volume_quarterly",
        is_wide=True,
        says_thin="**As it was computed for what is picked.** By quarter, of all classes of file and agents.",
    )  # fmt: skip


def _kinds(context: Context) -> Live:
    return Live(
        "kinds", "kinds", "Kinds of evidence",
        "The strongest evidence that speaks of each line, as a part of the quarter’s lines: from no evidence, faint, and a "
        "person’s own hand, grey, at the foot, up to records of single lines, the strongest blue, at the top.",
        "Line record > identity of an agent > trailer > footer, request or branch > heuristic. Own hand: attested by a "
        "record, or older than any assistant. Quarters at the ends hold only the months picked.",
        notes=("Steps of blue are steps of evidence: the more one stands out, the stronger. The list below the chart is of all months picked.",),
    )  # fmt: skip


def _part(name: str, what: str, heading: str, note: str) -> Live:
    return Live(
        name, "parts", heading,
        f"Share of {{ai}} of each {what} in the months picked, with its lines. Pick one in the lists above, or by a click "
        "on its bar.",
        _SHARE,
        notes=(note,),
    )  # fmt: skip


def notes(figures: Figures, packed: dict[str, Any]) -> list[str]:
    """Say what the file holds and what it leaves out."""
    held = sum(len(cut["lines"]) for sums in packed["sums"].values() for cut in sums["cuts"].values())
    said = [
        f"{count(held)} sums of lines, by month, repository or team, class of file, evidence, and what became of them. Every "
        "figure above is made of them, and of volumes and curves computed beforehand; no row is about a person, and nothing is sent anywhere.",
    ]
    if packed["teams"]:
        said.append(
            f"A team is shown in quarters in which at least {figures.minimum_engineers} of its engineers were active, alone "
            "and within a repository, and only where no smaller group would be left over. What is too small is counted "
            "among other teams, never left out of the whole."
        )
    if "(other repositories)" in packed["repositories"]:
        said.append(
            "Only the largest repositories can be picked; the others are one, “(other repositories)”."
        )
    return said
