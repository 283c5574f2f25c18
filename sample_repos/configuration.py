"""Writes the company's codeshare.toml."""

from __future__ import annotations

from pathlib import Path

from sample_repos.company import owner, repositories
from sample_repos.people import engineers
from sample_repos.tables import table
from sample_repos.workdays import holidays


def write_configuration(folder: Path) -> None:
    """Write the repositories, holidays, aliases and teams, in the order of the tables."""
    people = engineers().values()
    lines = [
        "# The sample company; made by `python -m sample_repos`.",
        f'title = "{table("company")["name"]}"',
    ]
    lines += ["holidays = [", *(f"  {day.isoformat()}," for day in sorted(holidays())), "]", ""]
    for spec in repositories().values():
        lines += ["[[repo]]", f'path = "{spec.name}.git"', f'name = "{owner()}/{spec.name}"', ""]
    for person in people:
        if person.how == "alias":
            others = ", ".join(f'"{address}"' for address in person.other)
            lines += [
                "[[alias]]",
                f'name = "{person.name}"',
                f'email = "{person.email}"',
                f"emails = [{others}]",
                "",
            ]
    lines.append("[teams]")
    for team in dict.fromkeys(person.team for person in people):
        members = ", ".join(f'"{person.canonical}"' for person in people if person.team == team)
        lines.append(f"{team} = [{members}]")
    (folder / "codeshare.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
