"""A company in a database of its own, for pages that are made of cells: two repositories of many engineers and two of few, two large teams and two small ones, two agents."""

from __future__ import annotations

from datetime import date

from tests.metrics.rows import Rows

TEAMS = {"berth": 7, "gate": 6, "sound": 3, "dock": 2}
REPOS = {
    "berth": "harbour/berth-api",
    "gate": "harbour/gateway",
    "sound": "harbour/sonar",
    "dock": "harbour/tools",
}
TOOLS = ("Claude Code", "GitHub Copilot coding agent")


def company(marks: float = 1.0) -> Rows:
    """Make it: each month of 2024-01 to 2025-08 everybody merges; agents write more and more of it.

    Args:
        marks: what part of the agents' commits carries a mark.
    """
    rows = Rows()
    people = [(f"{team}{k}", team) for team, size in TEAMS.items() for k in range(size)]
    for person, team in people:
        rows.person(person, team=team)
    months = [date(2024 + k // 12, k % 12 + 1, 1) for k in range(20)]
    for at, month in enumerate(months):
        for who, (person, team) in enumerate(people):
            day = f"{month:%Y-%m}-{who % 24 + 2:02} 12:00"
            files = {"src/a.py": 40 + 3 * who + at}
            sha = rows.commit(day, files, engineer=person, repo=REPOS[team], **_mark(at, who, marks))
            rows.change(sha, "tests/test_a.py", 11, repo=REPOS[team], file_class="test")
            rows.change(sha, "package.lock", 5, repo=REPOS[team], file_class="lock")
        rows.commit(f"{month:%Y-%m}-25 12:00", 30, engineer="berth0", repo="harbour/tools")
    rows.commit("2025-08-20", 9, engineer=None, author="b[bot]", attribution="bot", confidence="high")
    rows.setting("as_of", "2025-08-31")
    return rows


def _mark(at: int, who: int, marks: float) -> dict[str, str]:
    if (who * 7 + at * 3) % 20 >= at * marks:
        return {}
    tool = TOOLS[(who + at) % 2]
    confidence = "medium" if who % 5 == 0 else "high"
    attribution = "assisted" if who % 6 == 5 else "ai"
    return {
        "attribution": attribution, "confidence": confidence, "kind": "trailer", "rule": "example.trailer", "tool": tool,
    }  # fmt: skip
