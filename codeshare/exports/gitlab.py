"""Merge requests as GitLab's API tells them: pages of ``/projects/:id/merge_requests``.

A page of one request's ``approvals`` or ``commits`` joined to it under these names is read as well.
Source: "Merge requests API" and "Merge request approvals API" in GitLab's documentation.
"""

from __future__ import annotations

import re
from typing import Any

from codeshare.exports.request import Request, RequestCommit, Review, account, moment, nested, object_id, text

_URL = re.compile(r"https?://[^/]+/(.+?)/-/merge_requests/\d+")


def is_request(value: dict[str, Any]) -> bool:
    """Whether it is a merge request of GitLab's."""
    return type(value.get("iid")) is int and ("source_branch" in value or "merge_commit_sha" in value)


def from_gitlab(value: dict[str, Any]) -> Request:
    """A merge request; its commits are known only where they were joined to it."""
    state = text(value.get("state"))
    return Request(
        repo=_repo_of(value),
        number=value["iid"],
        title=text(value.get("title")),
        author=account(value.get("author"), key="username"),
        state="open" if state == "opened" else state,
        is_draft=value.get("draft") if isinstance(value.get("draft"), bool) else None,
        head_branch=text(value.get("source_branch")),
        head_sha=object_id(value.get("sha")) or object_id(nested(value, "diff_refs", "head_sha")),
        base_branch=text(value.get("target_branch")),
        base_sha=object_id(nested(value, "diff_refs", "base_sha")),
        # A squash is merged again where the project merges with merge commits: the squash holds the lines.
        merge_sha=object_id(value.get("squash_commit_sha")) or object_id(value.get("merge_commit_sha")),
        merged_by=account(value.get("merge_user") or value.get("merged_by"), key="username"),
        labels=tuple(
            name
            for each in value.get("labels") or ()
            if (name := text(each if isinstance(each, str) else nested(each, "name")))
        ),
        opened_at=moment(value.get("created_at")),
        merged_at=moment(value.get("merged_at")),
        closed_at=moment(value.get("closed_at")),
        commits=_commits(value.get("commits")),
        reviews=_approvals(value),
    )


def _repo_of(value: dict[str, Any]) -> str | None:
    match = _URL.match(str(value.get("web_url") or ""))
    if match:
        return match[1]
    whole = text(nested(value, "references", "full"))
    return whole.partition("!")[0] or None if whole else None


def _commits(value: Any) -> tuple[RequestCommit, ...] | None:
    if not isinstance(value, list):
        return None
    # The API lists the newest first.
    return tuple(
        RequestCommit(
            sha, text(each.get("message")), text(each.get("author_name")), text(each.get("author_email"))
        )
        for each in reversed(value)
        if isinstance(each, dict) and (sha := object_id(each.get("id")))
    )


def _approvals(value: dict[str, Any]) -> tuple[Review, ...] | None:
    members = value.get("approved_by") or nested(value, "approvals", "approved_by")
    if not isinstance(members, list):
        return None
    return tuple(
        Review(reviewer, "approved", moment(nested(member, "approved_at")))
        for member in members
        if (reviewer := account(nested(member, "user"), key="username")) is not None
    )
