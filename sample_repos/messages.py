"""Commit messages as people, agents and forges write them."""

from __future__ import annotations

from collections.abc import Sequence

from sample_repos.dice import Dice
from sample_repos.languages import CHANGES, NOUNS, PLACES, VERBS
from sample_repos.marks import Mark, fill, step
from sample_repos.workdays import day_of, moment

_BODIES = [
    "The {noun} of a {place} was read twice when the {other} changed.",
    "Until now a {place} without {noun} stopped the whole run.",
    "This keeps the {noun} next to the {place}, where the {other} looks for it.",
    "Reported from the {place} in the morning shift.",
    "The {other} now waits for the {noun}.",
]


def subject(dice: Dice) -> str:
    """Return a first line."""
    change, noun, place = dice.pick(CHANGES), dice.pick(NOUNS), dice.pick(PLACES)
    if dice.chance(0.2):
        return f"{dice.pick(('fix', 'feat', 'chore', 'refactor'))}({noun}): {dice.pick(VERBS)} at the {place}"
    return f"{change} {noun} {dice.pick(('of the', 'on the', 'per', 'for each'))} {place}"


def slug(text: str) -> str:
    """Return a branch's form of a first line."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def body(dice: Dice) -> str:
    """Return a sentence or nothing."""
    if dice.chance(0.55):
        return ""
    noun, place, other = dice.pick(NOUNS), dice.pick(PLACES), dice.pick(NOUNS)
    return dice.pick(_BODIES).format(noun=noun, place=place, other=other)


def traces(mark: Mark | None, at: int, repo: str, dice: Dice) -> tuple[str, str]:
    """Return what a mark puts into the body, and its trailers."""
    if mark is None:
        return "", ""
    day, more = day_of(at), {"repo": repo}
    return fill(step(mark.body, day, ""), dice, more), fill(step(mark.trailer, day, ""), dice, more)


def compose(title: str, *paragraphs: str) -> str:
    """Join a first line and paragraphs; empty ones are left out."""
    return "\n\n".join(part for part in (title, *paragraphs) if part) + "\n"


def trailers(*lines: str) -> str:
    """Join trailers to the message's last paragraph; empty ones are left out."""
    return "\n".join(line for line in lines if line)


def branch_name(mark: Mark | None, title: str, login: str, number: int, at: int, dice: Dice) -> str:
    """Return the branch a request comes from."""
    short = "-".join(slug(title).split("-")[:4])
    if mark is None or not mark.branch:
        return dice.pick((f"{login}/{short}", f"feature/{short}", f"fix/{short}"))
    stamp = moment(at).strftime("%Y%m%d-%H%M")
    return fill(mark.branch, dice, {"slug": short, "number": number, "stamp": stamp, "unix": at})


def squash(title: str, parts: Sequence[str]) -> str:
    """Return the message a forge makes of a request's commits: one as it is, several as a list of parts."""
    if len(parts) == 1:
        _, _, rest = parts[0].partition("\n")
        return compose(title, rest.strip("\n"))
    listed = [f"* {part.strip()}" for part in parts]
    lines = [
        line for part in parts for line in part.splitlines() if line.lower().startswith("co-authored-by:")
    ]
    collected = list(dict.fromkeys(line.partition(":")[2].strip() for line in lines))
    end = ["---------", trailers(*(f"Co-authored-by: {who}" for who in collected))] if collected else []
    return compose(title, *listed, *end)
