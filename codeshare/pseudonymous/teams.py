"""Teams of too few people, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOGETHER = "Other teams"


def folded_teams(connection: DuckDBPyConnection) -> dict[str, str]:
    """Return the teams that lose their name, with the one they get.

    A team is small with fewer than ``minimum_engineers`` people, of those who ever were in it. What is put
    together is never a single team and never too few people either, so that it does not follow from
    the total less the teams that are named: the next larger one is put to it.
    """
    rows = connection.execute(
        "select m.team, count(distinct m.person) as people from memberships as m"
        " join people as p on p.person = m.person group by m.team"
        " union all select team, 0 from (select team from headcount union select team from people) where team is not null"
        " and team not in (select m.team from memberships as m) group by team order by people, team"
    ).fetchall()
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    folded: list[str] = []
    people = 0
    for team, count in rows:
        if count >= minimum and (not folded or (len(folded) > 1 and people >= minimum)):
            break
        folded.append(team)
        people += count
    return dict.fromkeys(folded, TOGETHER)
