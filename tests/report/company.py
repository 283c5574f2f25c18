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


_LIVES = """
insert into line_spans by name
with changed as (
    select
        c.repo, c.sha, x.path, x.file_class, x.language, c.engineer, c.attribution, c.confidence, c.rule, c.kind, c.tool, true as landed,
        c.sha as merge_sha, c.merged_at, least(x.added // 3, x.added // 10 + c.ordinal % 3) as few, x.added
    from changes as x join commits as c using (repo, sha) where x.added > 0
),
pieces as (
    select *, 1 as line_start, few as line_count, 9 as days from changed where few > 0
    union all
    select *, 1 + few, few, 60 from changed where few > 0
    union all
    select *, 1 + 2 * few, added - 2 * few, null from changed
),
gone as (
    select p.*, c.sha as died_sha, c.merged_at as died_at
    from pieces as p asof left join commits as c
        on c.repo = p.repo and c.merged_at >= p.merged_at + coalesce(p.days, 100000) * interval 1 day
)
select * exclude (few, added, days), died_sha as died_merge_sha, false as is_moved from gone
"""


def landed(rows: Rows) -> Rows:
    """Give every line a life, of each file a tenth goes after nine days or more, and one after sixty; and every commit a merger."""
    rows.connection.execute("update repos set basis = 'landed'")
    rows.connection.execute("update commits set committer = if(ordinal % 2 = 0, 'berth0', engineer)")
    rows.connection.execute(_LIVES)
    rows.connection.execute(
        "insert into landed_lines by name select repo, sha, path, merged_at, file_class, language, engineer, attribution, confidence, "
        "rule, kind, tool, sum(line_count) as lines, 0 as moved from line_spans group by all"
    )
    return rows
