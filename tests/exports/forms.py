"""One request as each forge and call tells it."""

from __future__ import annotations

import json
from typing import Any

HEAD, BASE, MERGE, FIRST = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)

GH: dict[str, Any] = {
    "number": 7, "title": "Count boats", "author": {"id": "U_1", "is_bot": False, "login": "ann", "name": "Ann Lee"},
    "headRefName": "claude/count-boats", "headRefOid": HEAD, "baseRefName": "main", "labels": [{"id": "L", "name": "fleet", "color": "x"}],
    "mergeCommit": {"oid": MERGE}, "createdAt": "2026-01-05T09:00:00Z", "mergedAt": "2026-01-06T09:00:00Z", "closedAt": "2026-01-06T09:00:00Z",
    "isDraft": False, "state": "MERGED", "url": "https://github.com/acme/web/pull/7", "mergedBy": {"login": "bob"},
    "commits": [{
        "oid": FIRST, "messageHeadline": "Count", "messageBody": "Co-authored-by: Claude <noreply@anthropic.com>",
        "authors": [{"email": "ann@example.org", "id": "", "login": "ann", "name": "Ann Lee"}], "authoredDate": "2026-01-05T08:00:00Z",
    }],
    "reviews": [{"id": "R", "author": {"login": "bob"}, "state": "APPROVED", "submittedAt": "2026-01-05T12:00:00Z", "body": ""}],
}  # fmt: skip

REST: dict[str, Any] = {
    "number": 7, "title": "Count boats", "state": "closed", "draft": False, "user": {"login": "ann", "type": "User"},
    "head": {"ref": "claude/count-boats", "sha": HEAD, "repo": {"full_name": "acme/web"}},
    "base": {"ref": "main", "sha": BASE, "repo": {"full_name": "acme/web"}}, "labels": [{"name": "fleet"}],
    "merge_commit_sha": MERGE, "created_at": "2026-01-05T09:00:00Z", "merged_at": "2026-01-06T09:00:00Z", "closed_at": "2026-01-06T09:00:00Z",
    "html_url": "https://github.com/acme/web/pull/7",
}  # fmt: skip

GRAPHQL: dict[str, Any] = {
    "data": {"repository": {"nameWithOwner": "acme/web", "pullRequests": {"pageInfo": {"hasNextPage": False}, "nodes": [{
        "number": 7, "title": "Count boats", "author": {"login": "ann", "__typename": "User"}, "headRefName": "claude/count-boats",
        "headRefOid": HEAD, "baseRefName": "main", "labels": {"nodes": [{"name": "fleet"}]}, "mergeCommit": {"oid": MERGE},
        "createdAt": "2026-01-05T09:00:00Z", "mergedAt": "2026-01-06T09:00:00Z", "state": "MERGED", "isDraft": False,
        "commits": {"nodes": [{"commit": {"oid": FIRST, "message": "Count\n\nCo-authored-by: Claude <noreply@anthropic.com>",
            "author": {"name": "Ann Lee", "email": "ann@example.org", "user": {"login": "ann"}}}}]},
        "reviews": {"nodes": [{"author": {"login": "bob"}, "state": "APPROVED", "submittedAt": "2026-01-05T12:00:00Z"}]},
    }]}}},
}  # fmt: skip

GITLAB: dict[str, Any] = {
    "id": 991, "iid": 7, "project_id": 3, "title": "Count boats", "state": "merged", "draft": False, "author": {"id": 1, "username": "ann"},
    "source_branch": "claude/count-boats", "target_branch": "main", "sha": HEAD, "merge_commit_sha": None, "squash_commit_sha": MERGE,
    "labels": ["fleet"], "created_at": "2026-01-05T10:00:00.000+01:00", "merged_at": "2026-01-06T10:00:00.000+01:00",
    "merge_user": {"username": "bob"}, "web_url": "https://gitlab.com/acme/web/-/merge_requests/7",
    "approved_by": [{"user": {"username": "bob"}, "approved_at": "2026-01-05T12:00:00Z"}],
}  # fmt: skip


def page(value: Any) -> str:
    return json.dumps(value)
