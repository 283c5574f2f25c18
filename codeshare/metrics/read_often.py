"""Which views a report reads again and again; apart from what it reads them with, which takes long to load."""

from __future__ import annotations

READ_OFTEN: tuple[str, ...] = (
    "scope_settings",
    "working_day",
    "working_days",
    "volume_window",
    "merged_commits",
    "merged_lines",
    "followed_lines",
    "volume_by_engineer",
    "volume_quarterly",
    "net_volume_by_engineer",
)
"""Views that several of a report's queries read; held by the caller (`codeshare.store.held`) they take half the time."""
OF_REVIEW: tuple[str, ...] = (
    "review_trailers",
    "request_commits_merged",
    "request_reviewers",
    "review_sources",
    "commit_review",
    "review_given",
    "review_by_window",
)
"""The same of review: no estimate reads them but those of review."""
OF_ESTIMATES: tuple[str, ...] = ("removed_lines",)
"""Views that an estimate reads and a query of the report: to be held where both are computed."""
