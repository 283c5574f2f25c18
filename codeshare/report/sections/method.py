"""Method and definitions, and the appendix: all that was left out or joined."""

from __future__ import annotations

from codeshare.report import dates
from codeshare.report.context import Context
from codeshare.report.frames import rows
from codeshare.report.numbers import NBSP, count, percent, plural
from codeshare.report.page_model import Column, Section, Table
from codeshare.report.tables import SHARES


def method(context: Context) -> Section:
    """Say what the words mean and what was run."""
    figures = context.figures
    repositories = len(figures.repositories)
    terms = [
        ("Merged", "Reachable from the branch’s tip; dated by the commit that brought it in, in UTC."),
        ("Lines", _lines(context)),
        (
            "Handwritten",
            "Code, test, docs and config files. Generated, vendored, lock, data and binary files are counted apart, and "
            "so are imports, duplicates, reverts and changes of whitespace.",
        ),
        (
            "AI",
            "Explicit evidence that an agent wrote the line: line-level record, identity, trailer, footer or branch, in "
            "that order; the strongest decides it.",
        ),
        ("AI-assisted", "Explicit evidence that an AI helped a person who wrote it."),
        (
            "No AI evidence",
            "A person authored the commit and nothing says that AI took part. It is no proof that none did.",
        ),
        ("Coverage", "Lines with any evidence, of AI or of a person’s own hand, ÷ handwritten lines."),
        (
            "Engineer",
            "The person accountable for the commit. For an agent’s commit: the human co-author, else who signed it off, "
            "committed or merged it.",
        ),
        ("Working days", "Monday to Friday, less configured holidays; idle days count."),
        (
            "Unknown",
            f"Commits whose objects could not be read. Months with more than 5{NBSP}% of them are drawn as incomplete.",
        ),
        (
            "Run",
            f"codeshare {figures.codeshare_version}, {plural(repositories, 'repository', 'repositories')} at the tips listed "
            f"in the appendix, merged up to {dates.day(context.as_of)}. Every number is a named query: `codeshare query NAME`; "
            "all definitions: `codeshare definitions`.",
        ),
    ]
    return Section("method", "Method and definitions", "Method", terms=tuple(terms))


def _lines(context: Context) -> str:
    """Say what counts as a merged line, and how many lines therefore do not."""
    if context.figures.basis != "landed":
        return context.basis_note + " Moved lines are added lines, as git counts them."
    said = (
        f"{context.basis_note} One and the same work lands the same lines, merged, squashed or rebased; what a merge itself "
        "adds counts too. Moved lines count like others."
    )
    born, gone = (sum(int(r[name]) for r in rows(context.figures.intermediate)) for name in _BORN_AND_GONE)
    if not born:
        return said
    went = "No line of handwritten new work was gone again before it reached the branch."
    if gone:
        was, and_is = ("was", "and is") if gone == 1 else ("were", "and are")
        went = (
            f"Of the handwritten new work, {plural(gone, 'line')} ({percent(gone / born)}) {was} gone again before reaching "
            f"the branch, {and_is} in no figure."
        )
    return f"{said} {went} Run `codeshare query intermediate_lines`."


def appendix(context: Context) -> Section:
    """Collect the tables behind the report."""
    figures = context.figures
    left_out = sum(int(r.get("commits") or 0) for r in rows(figures.left_out))
    unknown = sum(int(r.get("unknown_commits") or 0) for r in rows(figures.unknown))
    tables = [
        Table(
            "repositories",
            f"Repositories ({count(len(figures.repositories))})",
            figures.repositories,
            _REPOSITORIES,
        ),
        Table(
            "commits_left_out_summary", f"Commits left out, by reason ({count(left_out)})", figures.left_out
        ),
        Table("commits_left_out", "Commits left out, one by one", figures.left_out_commits),
        *_splits(context),
        *_volumes(context),
        *_intermediate(context),
        Table("rules_fired", "Rules and what they matched", figures.rules_fired),
        Table("identities_joined", "People and joined identities", figures.identities),
        Table(
            "outliers",
            f"Outlier commits, over 5,000 lines ({count(_outliers(context))})",
            figures.outliers,
        ),
        Table(
            "unknown",
            f"What could not be read ({plural(unknown, 'commit') if unknown else 'nothing'})",
            figures.unknown,
        ),
        Table("events", "Releases and other dates", figures.events, _EVENTS),
    ]
    intro = (
        "Everything that was left out or joined, so that it can be checked."
        if figures.has_names
        else "How much was left out or joined. Commits and people are listed one by one where people are named (`--names`), and "
        "by `codeshare query commits_left_out`, `outliers` and `identities_joined`.",
    )
    shown = tuple(table for table in tables if len(table.frame))
    return Section("appendix", "Appendix", "Appendix", intro, tables=shown)


def _outliers(context: Context) -> int:
    outliers = context.figures.outliers
    return int(outliers["commits"].sum()) if "commits" in outliers else len(outliers)


def _splits(context: Context) -> list[Table]:
    return [
        Table(
            f"share_by_{split}",
            f"AI share by {_SPLITS[split]}, twelve months ({count(len(frame))})",
            frame,
            (Column("part", _SPLITS[split].capitalize()), *SHARES, Column("coverage", "Coverage", "percent")),
        )
        for split, frame in context.figures.splits.items()
    ]


_SPLITS = {
    "repository": "repository", "team": "team", "owner": "owner of code", "path": "folder", "tool": "agent",
    "class": "class of file",
}  # fmt: skip


def _volumes(context: Context) -> list[Table]:
    """The net volume, and the volume by team and repository, of the last quarters."""
    worth, tables = context.figures.worth, []
    net = worth.get("net_volume_quarterly")
    if net is not None and context.measure.is_per_engineer and not net.empty:
        caption = "Lines still there 90 days later, per engineer and working day"
        tables.append(Table("net_volume_quarterly", caption, net, _NET))
    for part in ("team", "repository"):
        frame = worth.get(f"volume_by_{part}")
        if frame is not None and frame[part].nunique() > 1:
            last = frame["quarter"].drop_duplicates().sort_values().tail(_LAST_QUARTERS)
            columns = (Column(part, part.capitalize()), *_VOLUME)
            shown, caption = frame[frame["quarter"].isin(last)], f"Lines merged by {part} and quarter"
            if part == "team":
                # The lines of a team of one are one person's.
                fewest = context.figures.minimum_engineers
                shown = shown[shown["engineers"] >= fewest]
                caption += f", where {fewest} engineers or more of the team were active"
            if not shown.empty:
                tables.append(Table(f"volume_by_{part}", caption, shown, columns))
    without = worth.get("volume_without_repository")
    if without is not None and context.measure.is_per_engineer and not without.empty:
        caption = "The latest quarter’s ratio without each repository"
        tables.append(Table("volume_without_repository", caption, without, _WITHOUT))
    return tables


_LAST_QUARTERS = 8
_NET = (
    Column("quarter", "Quarter", "quarter"),
    Column("engineers", "Engineers", "count"),
    Column("gross_median", "Median a day", "amount"),
    Column("net_median", "Net median", "amount"),
    Column("net_mean", "Net mean", "amount"),
    Column("ratio_median", "Ratio", "ratio"),
    Column("net_ratio_median", "Net ratio", "ratio"),
    Column("low_net_median", "Low", "decimal"),
    Column("high_net_median", "High", "decimal"),
    Column("net_ratio_mean", "Net ratio, mean", "ratio"),
)
_VOLUME = (
    Column("quarter", "Quarter", "quarter"),
    Column("engineers", "Engineers", "count"),
    Column("lines", "Lines", "count"),
    Column("all_lines_per_day", "All lines a day", "amount"),
    Column("ratio_all", "Ratio, all", "ratio"),
    Column("median", "Median a day", "amount"),
    Column("ratio_median", "Ratio, median", "ratio"),
    Column("low_median", "Low", "decimal"),
    Column("high_median", "High", "decimal"),
    Column("ratio_mean", "Ratio, mean", "ratio"),
)
_WITHOUT = (
    Column("repository", "Without"),
    Column("quarter", "Quarter", "quarter"),
    Column("engineers", "Engineers", "count"),
    Column("ratio_median", "Ratio, median", "ratio"),
    Column("low_median", "Low", "decimal"),
    Column("high_median", "High", "decimal"),
    Column("ratio_mean", "Ratio, mean", "ratio"),
    Column("ratio_all_repositories", "All repositories", "ratio"),
)


def _intermediate(context: Context) -> list[Table]:
    frame = context.figures.intermediate
    if context.figures.basis != "landed" or frame.empty:
        return []
    gone = int(frame["intermediate"].sum())
    caption = f"Lines gone again within their own landing ({count(gone)})"
    return [Table("intermediate_lines", caption, frame, _INTERMEDIATE)]


_BORN_AND_GONE = ("born", "intermediate")
_INTERMEDIATE = (
    Column("repo", "Repository"),
    Column("born", "Lines born", "count"),
    Column("landed", "Landed", "count"),
    Column("intermediate", "Gone again", "count"),
    Column("part", "Part", "percent"),
)
_REPOSITORIES = (
    Column("repo", "Repository"),
    Column("branch", "Branch"),
    Column("tip_sha", "Tip", "sha"),
    Column("commits", "Commits", "count"),
    Column("unknown_commits", "Unknown", "count"),
    Column("lines", "Lines", "count"),
    Column("share", "AI share", "percent"),
    Column("first_merged_at", "First merge", "day"),
    Column("last_merged_at", "Last merge", "day"),
    Column("is_stale", "Stale", "text"),
)
_EVENTS = (
    Column("date", "Date", "day"),
    Column("label", "What"),
    Column("kind", "Kind"),
    Column("source", "Source of the date"),
)
