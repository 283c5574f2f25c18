"""The rule about lines that a range brings and that no share counts: what a request could hide behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.config import CheckConfig
from codeshare.metrics.checks import Asked, Finding, Verdict, settle
from codeshare.metrics.queries import run

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEFT_OUT = (
    "lines that count in no share although somebody may have written them now: those of imports, subtrees, joined "
    "histories, ignored revisions and changes of whitespace, of new files that are vendored or generated, and bots' code"
)
_REASONS = {
    "bot": "bots",
    "ignore_revs": "ignored revisions",
    "import": "an import",
    "joined_history": "another history joined",
    "subtree": "a subtree",
    "whitespace": "whitespace",
}
_LOOK = "look at these lines yourself: `git diff --stat` of the range shows the files"


def judge_left_out(rules: CheckConfig, connection: DuckDBPyConnection, scope: str) -> list[Verdict]:
    """Hold the lines that a range adds and no share counts to the limit; without one any are a warning."""
    level = rules.levels.get("left_out") or ("warn" if rules.left_out is None else rules.level)
    asked = Asked("left_out", float(rules.left_out or 0), level, "lines", scope, LEFT_OUT)
    verdict = settle(asked, lambda: _measured(asked, connection))
    return [verdict] if rules.left_out is not None or verdict.state not in ("pass", "off") else []


def _measured(asked: Asked, connection: DuckDBPyConnection) -> Finding:
    rows = run(connection, "left_out_lines").to_dict("records")
    count = sum(int(row["lines"]) for row in rows)
    parts = ", ".join(f"{_REASONS.get(row['why'], row['why'])} {int(row['lines']):,}" for row in rows)
    says = f"{count:,} lines are counted in no share ({parts})" if rows else "no line is left out"
    return Finding(float(count), count > (asked.limit or 0), says, _LOOK)
