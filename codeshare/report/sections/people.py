"""By person: so that nobody has to take a median on trust."""

from __future__ import annotations

from codeshare.report import dates
from codeshare.report.charts.people import MOST, Groups, People, groups_chart, people_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import rows
from codeshare.report.numbers import TIMES, percent, plural
from codeshare.report.page_model import Column, Figure, Section, Table


def by_person(context: Context) -> Section | None:
    """Build the section by person; with too few of them it only says that it is left out."""
    if not context.bars:
        return None
    heading, minimum = "By person", context.figures.minimum_engineers
    shown = {bar.row["quarter"] for bar in context.bars}
    few = (
        f"Left out: fewer than {plural(minimum, 'engineer')} were active, now or in {context.baseline}, and figures of "
        "so few would be figures of persons."
    )
    if not context.figures.has_persons:
        groups = Groups(
            [row for row in rows(context.figures.volume_groups) if row["quarter"] in shown],
            context.measure.is_ratio,
        )
        if groups.is_ratio:
            groups = Groups([row for row in groups.rows if row["ratio"] is not None])
        if not groups.rows or not context.measure.is_per_engineer:
            return Section("people", heading, heading, (few,))
        return Section("people", heading, heading, (_INTRO,), (_grouped(context, groups),))
    every = rows(context.figures.volume_people)
    for row in every:
        row["label"] = row.get("label") or row["person"]
    every = [row for row in every if row["quarter"] in shown]
    if len({row["person"] for row in every}) < minimum or not context.measure.is_per_engineer:
        return Section("people", heading, heading, (few,))
    people = People(
        [r for r in every if r["ratio"] is not None] if context.measure.is_ratio else every,
        context.measure.is_ratio,
    )
    if not people.rows:
        return None
    return Section("people", heading, heading, (_INTRO,), (_people(context, people),))


_INTRO = (
    "Shown so that nobody has to take a median on trust. It is no measure of anyone’s work: what a line is worth "
    "differs from team to team and task to task."
)


def _grouped(context: Context, groups: Groups) -> Figure:
    minimum, last = context.figures.minimum_engineers, max(groups.quarters)
    now = [row for row in groups.rows if row["quarter"] == last]
    many = sum(row["engineers"] for row in now)
    low, high = (groups.format(value(groups.value(row) for row in now)) for value in (min, max))
    quarter = dates.quarter(last)
    ends = f"{low} to {high}" if low != high else low
    unit = f"the median of {context.baseline}" if groups.is_ratio else "lines per working day"
    heading = f"{plural(many, 'engineer')} of {quarter} merge {ends} {unit}, in groups of {minimum} or more"
    ratio_words = (
        f", as a ratio to the median engineer of {context.baseline} (line at 1{TIMES})"
        if groups.is_ratio
        else ""
    )
    above = sum(row["engineers"] for row in groups.rows if groups.value(row) > groups.top)
    says = (
        f"Each dot is one engineer in one quarter: {context.merged_lines} per working day{ratio_words}. No dot shows "
        f"a person’s own value: engineers next to each other stand together in groups of {minimum} or a few more, at the "
        "mean of their group, and nothing links a dot to one of another quarter."
    )
    if above:
        says += f" {percent(above / sum(row['engineers'] for row in groups.rows))} of the dots lie above the scale and stand at its edge."
    running = next((row for row in now if row["is_running"]), None)
    if running:
        says += f" {quarter}: to {dates.short_day(context.as_of)}."

    def draw(size: Size) -> Drawing:
        return groups_chart(groups, size)

    return Figure(
        name="people",
        chart="people",
        heading=heading,
        says=says,
        alt=f"{heading}.",
        source=f"{plural(many, 'engineer')} in {plural(len(now), 'group')} ({quarter})",
        counted="An engineer is the person accountable for a commit; for an agent’s commit the human co-author, else "
        "who signed it off, committed or merged it. One person counts once over all repositories. Quarters with fewer than "
        f"{plural(minimum, 'active engineer')} have no dots. {context.basis_note} Run `codeshare query volume_by_group`.",
        table=_grouped_table(context, groups),
        draw=draw,
    )


def _grouped_table(context: Context, groups: Groups) -> Table:
    frame = context.figures.volume_groups
    kept = {(row["quarter"], row["group_number"]) for row in groups.rows}
    keys = [(row["quarter"], row["group_number"]) for row in rows(frame)]
    return Table(
        "volume_by_group",
        "Lines per working day, means of groups of engineers by quarter",
        frame[[key in kept for key in keys]],
        (
            Column("quarter", "Quarter", "quarter"),
            Column("group_number", "Group", "count"),
            Column("engineers", "Engineers", "count"),
            Column("lines_per_day", "Lines a day", "amount"),
            Column("ratio", "Ratio", "ratio"),
            Column("ai", "AI", "count"),
            Column("assisted", "AI-assisted", "count"),
            Column("human", "No AI evidence", "count"),
        ),
    )


def _people(context: Context, people: People) -> Figure:
    last = max(people.quarters)
    now = [people.value(r) for r in people.rows if r["quarter"] == last]
    heading = _people_heading(context, people, now)

    def draw(size: Size) -> Drawing:
        return people_chart(people, size, by_class=context.is_by_class)

    names = "Names in alphabetical order" if context.figures.has_names else "Pseudonyms in alphabetical order"
    is_many = len(people.names) > MOST
    ratio_words = (
        f", as a ratio to the median engineer of {context.baseline} (line at 1{TIMES})"
        if people.is_ratio
        else ""
    )
    if is_many:
        above = people.above / len(people.rows)
        says = (
            f"Each dot is one of {plural(len(people.names), 'engineer')}: {context.merged_lines} per working day in a quarter"
            f"{ratio_words}. Bold line: the median of the quarter. Dots above the scale, {percent(above)}, stand at its edge."
        )
    else:
        says = f"Each panel is one engineer: {context.merged_lines} per working day, by quarter{ratio_words}."
        if context.is_by_class:
            says += " Each bar splits into lines by {ai}, {assisted} lines and lines with {human}."
        says += f" {names}, which says nothing about rank. No bar: no merged commit in that quarter."
    if any(r["is_running"] for r in people.rows) and not is_many:
        says += f" Hatched: quarter to {dates.short_day(context.as_of)}."
    return Figure(
        name="people",
        chart="people",
        heading=heading,
        says=says,
        alt=f"{heading}.",
        source=plural(len(people.names), "engineer"),
        counted="An engineer is the person accountable for a commit; for an agent’s commit the human co-author, else "
        "who signed it off, committed or merged it. One person counts once over all repositories. "
        f"{context.basis_note} Run `codeshare query volume_by_person`.",
        table=_people_table(context, people),
        draw=draw,
    )


def _people_heading(context: Context, people: People, now: list[float]) -> str:
    quarter = dates.quarter(max(people.quarters))
    if not people.is_ratio:
        return f"Lines per working day of {plural(len(now), 'engineer')} in {quarter}"
    twice = sum(value > 2 for value in now)
    if twice * 2 >= len(now):
        return f"{_of(twice, len(now))} merge more than twice the median of {context.baseline}"
    more = sum(value > 1 for value in now)
    return f"{_of(more, len(now))} merge more than the median of {context.baseline}"


def _of(some: int, every: int) -> str:
    many = plural(every, "engineer")
    return f"All {many}" if some == every else f"{some} of {many}"


def _people_table(context: Context, people: People) -> Table:
    import pandas as pd

    frame = context.figures.volume_people
    shown = pd.to_datetime([bar.row["quarter"] for bar in context.bars])
    frame = frame[pd.to_datetime(frame["quarter"]).isin(shown)]
    # the id is made from an address: who knows the address can make it too
    frame = frame.drop(columns=["person_id"], errors="ignore")
    if "label" in frame.columns:
        frame = frame.drop(columns=["person"]).rename(columns={"label": "engineer"})
    else:
        frame = frame.rename(columns={"person": "engineer"})
    return Table(
        "volume_by_person",
        "Lines per working day by engineer and quarter",
        frame,
        (
            Column("engineer", "Engineer"),
            Column("quarter", "Quarter", "quarter"),
            Column("lines_per_day", "Lines a day", "amount"),
            Column("ratio", "Ratio", "ratio"),
            Column("ai", "AI", "count"),
            Column("assisted", "AI-assisted", "count"),
            Column("human", "No AI evidence", "count"),
        ),
    )
