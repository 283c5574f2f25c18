"""What makes the figures of a database doubtful: each weakness with its query, its figure and what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.metrics.queries import run

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = Mapping[str, Any]


class Weakness(Struct, frozen=True):
    """One thing to look for.

    Args:
        name: of the finding.
        what: it means, in a sentence without its full stop.
        unit: of its figure, as in "12 commits".
        remedy: what helps: a command where there is one.
        count: the column whose sum is the figure; None: the number of rows.
        query: None: called like the finding.
        only: a column that must be true of a row.
    """

    name: str
    what: str
    unit: str
    remedy: str
    count: str | None = None
    query: str | None = None
    only: str | None = None


class Finding(Struct, frozen=True):
    """A weakness that is there."""

    weakness: Weakness
    count: int
    rows: list[dict[str, Any]]

    @property
    def figure(self) -> str:
        """The figure with its unit."""
        return f"{self.count:,} {self.weakness.unit}"


WEAKNESSES: Sequence[Weakness] = (
    Weakness("shallow", "The history is cut off, so no share can be known", "shallow clones",
             "git fetch --unshallow", query="unknown", only="is_shallow"),
    Weakness("partial", "Objects may be absent, and codeshare lets git fetch none", "partial clone(s)",
             "git fetch --refetch --no-filter", query="unknown", only="is_partial"),
    Weakness("unknown", "Commits could not be read whole and count as unknown", "commits",
             "git fetch --refetch --no-filter; git fsck", count="unknown_commits"),
    Weakness("notes_absent", "Agents' records are kept for these repositories, and none is at hand", "commits that show it",
             "git fetch origin '+refs/notes/*:refs/notes/*' '+refs/heads/entire/*:refs/heads/entire/*'; codeshare mine", count="commits"),
    Weakness("records_elsewhere", "Records are about commits that the branch does not reach: squash and rebase merges left them behind",
             "records", "codeshare mine --fetch-requests", count="records"),
    Weakness("requests_absent", "Requests were squashed, and neither their refs nor their rows are at hand: what their commits showed is lost",
             "squashed requests", "codeshare mine --fetch-requests; codeshare import prs (docs/requests.md)",
             count="squashed"),
    Weakness("overclaims", "Records claim lines that their commits did not add; these count for nothing", "lines",
             'codeshare sql "from overclaimed order by lines desc"; update the tool that writes the records', count="overclaimed"),
    Weakness("unusable_records", "Records cannot be read, or fit no commit", "records",
             'codeshare sql "from unusable_records"', count="records"),
    Weakness("test_agents", "Records of agents that exist in tests alone, left out", "entries",
             "none needed; keep notes of tests out of the refs that you push", count="entries"),
    Weakness("suppressed_marks", "Files of the repository keep agents' marks out: shares are lower ones from then on", "files",
             'remove the setting, e.g. includeCoAuthoredBy = false in .claude/settings.json; codeshare query suppressed_marks'),
    Weakness("weak_windows", "Marks left in days in which their tool left them by default: they say less", "commits",
             "codeshare query rules_fired; compare with records or requests of those days", count="commits"),
    Weakness("unknown_bots", "Bots that no rule knows", "commits", "[[rule]] in codeshare.toml, if they are agents", count="commits"),
    Weakness("unmatched_people", "Persons of one name that nothing joins: each counts as an engineer", "persons",
             "[[alias]] in codeshare.toml, or .mailmap; codeshare query unmatched_people --param names=true", count="persons"),
    Weakness("foxtrots", "Foxtrot merges: the branch was merged into somebody's copy of it and pushed; followed through their second parent",
             "merges", "git pull --rebase, or a protected branch, from now on"),
    Weakness("skewed_dates", "Landings whose date contradicts their neighbours by more than a day, and was moved", "landings",
             "codeshare query skewed_dates; set the clock of the machine that merges"),
    Weakness("rename_limit", "Commits with too many files for renames to be found among them: moved files look new", "commits",
             "name them in .git-blame-ignore-revs"),
    Weakness("better_branch", "The mined branch is made of few, large merges; another one tells when work was merged", "branches",
             "codeshare mine --branch BRANCH"),
    Weakness("stale_repositories", "Possibly stale: nothing merged for over 30 days before the latest merge of all", "repositories",
             "git fetch; codeshare mine"),
    Weakness("outliers", "Commits of over 5,000 handwritten lines: they count, and are left out in a variant", "commits",
             "codeshare query outliers; name imports in .git-blame-ignore-revs"),
)  # fmt: skip


def find_weaknesses(connection: DuckDBPyConnection, windows: Sequence[str] = ()) -> dict[str, Finding]:
    """Look for every weakness.

    Args:
        connection: an open database of codeshare.
        windows: ``rule|first day|last day`` of every window of weaker confidence of the rules in force.

    Returns:
        By name those that are there, the gravest first.
    """
    found: dict[str, Finding] = {}
    for weakness in WEAKNESSES:
        query = weakness.query or weakness.name
        given = {"windows": list(windows)} if query == "weak_windows" else {}
        frame = run(connection, query, **given)
        if weakness.only:
            frame = frame[frame[weakness.only]]
        if weakness.count:
            frame = frame[frame[weakness.count] > 0]
        if not frame.empty:
            frame = frame.drop(columns="remedy", errors="ignore")  # the weakness has its own
            count = int(frame[weakness.count].sum()) if weakness.count else len(frame)
            found[weakness.name] = Finding(weakness, count, _rows(frame))
    return found


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [
        {
            name: None if absent else value
            for (name, value), absent in zip(row.items(), gone.values(), strict=True)
        }
        for row, gone in zip(frame.to_dict("records"), frame.isna().to_dict("records"), strict=True)
    ]
