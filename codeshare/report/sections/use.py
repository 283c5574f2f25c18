"""What a report is for, what it must not be used for, and the settings in force."""

from __future__ import annotations

from codeshare.report import dates
from codeshare.report.context import Context
from codeshare.report.numbers import plural
from codeshare.report.page_model import Section

PURPOSE = (
    "This report says how much of an organisation’s merged code AI wrote, how that changes what is merged and reviewed, and "
    "how sure one can be: about repositories and groups, never about a person."
)


def use(context: Context) -> Section:
    """State the purpose, the uses that are ruled out, and who is shown how."""
    figures = context.figures
    minimum = plural(figures.minimum_engineers, "engineer")
    terms = (
        (
            "For",
            "Understanding since when and how much AI takes part in the code, whether that code lasts, and who carries the "
            "review; deciding on tools, review and training for all; checking published claims against one’s own record.",
        ),
        (
            "Not for",
            "Judging, comparing, ranking, paying, promoting or dismissing anybody; setting targets for lines or for use of AI; "
            "watching when or how somebody works; naming who has what evidence of AI. Lines measure quantity, marks of AI "
            "are gaps and habits as much as use, and both are easily made to look better.",
        ),
        ("People", _people(context)),
        (
            "Small groups",
            f"Nothing is broken down to fewer than {minimum}: teams, repositories and owners of few are listed without "
            "figures, and so is the next one where a figure would follow from the total; agents, rules and folders "
            "of few stand together without their name.",
        ),
        (
            "Limits",
            "Who has the repository, or knows the people, can often work out who is behind a figure of a small scope. A report "
            "about few people is about these people, whatever it shows.",
        ),
    )
    return Section("use", "What this report is for", "Use", (PURPOSE,), terms=terms)


def _people(context: Context) -> str:
    figures = context.figures
    if figures.has_names:
        return (
            "Named, because whoever made this report asked for it: engineers’ own figures, joined identities, and commits with "
            "their subjects. Do not hand it on without the agreement of those it names."
        )
    if figures.has_persons:
        return (
            "Engineers’ own figures by pseudonym, because whoever made this report asked for it. Colleagues may recognise each "
            "other by what they do: do not hand it on without the agreement of those it shows."
        )
    return (
        f"No row, dot or cell is one person’s: engineers and reviewers stand in groups of {figures.minimum_engineers} or more. "
        "No names, addresses, accounts, messages, or ids of commits of which a figure is shown."
    )


def settings_in_force(context: Context) -> str:
    """Say in a sentence which settings the figures depend on."""
    figures = context.figures
    people = "named" if figures.has_names else "by pseudonym" if figures.has_persons else "in groups"
    return (
        f"Settings in force: no group below {plural(figures.minimum_engineers, 'engineer')}; people {people}; pseudonyms keyed "
        f"by database; basis: {figures.basis}; handwritten: code, test, docs, config; baseline: {context.baseline}; merged up to "
        f"{dates.day(context.as_of)}; codeshare {figures.codeshare_version}."
    )
