"""Checks made up for tests: the values that `codeshare check` would have found."""

from __future__ import annotations

from typing import Any

from codeshare.metrics.checks import Checked, State, Verdict

BASE, HEAD = "1a" * 20, "2b" * 20


def verdict(state: State = "fail", rule: str = "share_at_most", **fields: Any) -> Verdict:
    """A verdict about a share of 40 % that may be 20 %."""
    values = {
        "measured": 0.4,
        "limit": 0.2,
        "unit": "share",
        "scope": "3 commits of 1a1a1a1a1..2b2b2b2b2",
        "definition": "AI lines of high and medium confidence, divided by all handwritten lines.",
        "says": "40.0 % of the lines added are attributed to AI, at most 20.0 % may be.",
        "remedy": "Change the limit in codeshare.toml, in a request of its own.",
    }
    return Verdict(rule=rule, state=state, **(values | fields))


def checked(*verdicts: Verdict, **fields: Any) -> Checked:
    """A check of three commits, 40 lines of AI in 100."""
    values: dict[str, Any] = {
        "schema_version": "7.0",
        "repo": "acme/boats",
        "branch": "main",
        "base": BASE,
        "head": HEAD,
        "tip": HEAD,
        "as_of": "2026-05-01T00:00:00Z",
        "basis": "added",
        "period": "2026-04-28..2026-05-01",
        "share": 0.4,
        "share_strict": 0.35,
        "share_high": 0.45,
        "share_min": 0.1,
        "share_max": 1.0,
        "numerator": 40,
        "denominator": 100,
        "coverage": 0.5,
        "unknown": 0.0,
        "commits": 3,
    }
    return Checked(**(values | fields), verdicts=verdicts)


def nothing_known(*verdicts: Verdict) -> Checked:
    """A check of a range without a line that counts."""
    names = ("share", "share_strict", "share_high", "share_min", "share_max", "coverage", "unknown", "as_of")
    return checked(*verdicts, numerator=0, denominator=0, **dict.fromkeys(names))
