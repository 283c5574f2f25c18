"""Requests as GitHub tells them: ``gh pr list --json``, pages of REST, answers of GraphQL.

Sources: the manual page of ``gh pr list``; "REST API endpoints for pull requests" and the reference of
GraphQL's object ``PullRequest`` in GitHub's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from codeshare.exports.request import (
    Request,
    RequestCommit,
    Review,
    account,
    moment,
    nested,
    object_id,
    text,
)

_URL = re.compile(r"https?://[^/]+/(?:repos/)?([^/]+/[^/]+)/pulls?/\d+")


def is_rest(value: dict[str, Any]) -> bool:
    """Whether it is a request as ``/repos/…/pulls`` has it."""
    return (
        isinstance(value.get("head"), dict)
        and isinstance(value.get("base"), dict)
        and type(value.get("number")) is int
    )


def is_listed(value: dict[str, Any]) -> bool:
    """Whether it is a request as ``gh pr list --json`` or GraphQL has it."""
    return type(value.get("number")) is int and any(
        key in value
        for key in (
            "headRefName",
            "headRefOid",
            "baseRefName",
            "mergeCommit",
            "mergedAt",
            "commits",
            "reviews",
        )
    )


def graphql_requests(value: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """The requests of a GraphQL answer, wherever in it they stand, with the repository's name if it is told."""
    yield from _below(value, None)


def _below(value: Any, repo: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    if isinstance(value, list):
        for each in value:
            yield from _below(each, repo)
    elif isinstance(value, dict):
        if is_listed(value):
            yield value, repo
            return
        repo = text(value.get("nameWithOwner")) or repo
        for each in value.values():
            yield from _below(each, repo)


def from_rest(value: dict[str, Any]) -> Request:
    """A request of REST; its commits and reviews are other calls' answers."""
    merged_at = moment(value.get("merged_at"))
    return Request(
        repo=text(nested(value, "base", "repo", "full_name"))
        or _repo_of(value.get("html_url") or value.get("url")),
        number=value["number"],
        title=text(value.get("title")),
        author=account(value.get("user")),
        state="merged" if merged_at else text(value.get("state")),
        is_draft=value.get("draft") if isinstance(value.get("draft"), bool) else None,
        head_branch=text(nested(value, "head", "ref")),
        head_repo=text(nested(value, "head", "repo", "full_name")),
        head_sha=object_id(nested(value, "head", "sha")),
        base_branch=text(nested(value, "base", "ref")),
        base_sha=object_id(nested(value, "base", "sha")),
        # Of a request that is open this is a trial merge, which no branch holds.
        merge_sha=object_id(value.get("merge_commit_sha")) if merged_at else None,
        merged_by=account(value.get("merged_by")),
        labels=_labels(value.get("labels")),
        opened_at=moment(value.get("created_at")),
        merged_at=merged_at,
        closed_at=moment(value.get("closed_at")),
    )


def from_listed(value: dict[str, Any], repo: str | None) -> Request:
    """A request of ``gh`` or of GraphQL, which name things alike."""
    owner, name = nested(value, "headRepositoryOwner", "login"), nested(value, "headRepository", "name")
    state = text(value.get("state"))
    return Request(
        repo=text(nested(value, "baseRepository", "nameWithOwner")) or _repo_of(value.get("url")) or repo,
        number=value["number"],
        title=text(value.get("title")),
        author=account(value.get("author")),
        state=state.lower() if state else None,
        is_draft=value.get("isDraft") if isinstance(value.get("isDraft"), bool) else None,
        head_branch=text(value.get("headRefName")),
        head_repo=text(nested(value, "headRepository", "nameWithOwner"))
        or (f"{owner}/{name}" if owner and name else None),
        head_sha=object_id(value.get("headRefOid")),
        base_branch=text(value.get("baseRefName")),
        base_sha=object_id(value.get("baseRefOid")),
        merge_sha=object_id(nested(value, "mergeCommit", "oid")),
        merged_by=account(value.get("mergedBy")),
        labels=_labels(value.get("labels")),
        opened_at=moment(value.get("createdAt")),
        merged_at=moment(value.get("mergedAt")),
        closed_at=moment(value.get("closedAt")),
        commits=_commits(value.get("commits")),
        reviews=_reviews(value.get("reviews", value.get("latestReviews"))),
    )


def _nodes(value: Any) -> list[Any] | None:
    """The members of a list: `gh` writes it plainly, GraphQL below ``nodes`` or ``edges``."""
    if isinstance(value, dict):
        if isinstance(value.get("edges"), list):
            return [nested(edge, "node") for edge in value["edges"]]
        value = value.get("nodes")
    return value if isinstance(value, list) else None


def _labels(value: Any) -> tuple[str, ...]:
    names = (label if isinstance(label, str) else nested(label, "name") for label in _nodes(value) or ())
    return tuple(name for each in names if (name := text(each)))


def _commits(value: Any) -> tuple[RequestCommit, ...] | None:
    members = _nodes(value)
    if members is None:
        return None
    found = []
    for member in members:
        commit = nested(member, "commit") or member
        sha = object_id(nested(commit, "oid"))
        if sha is None:
            continue
        author = next(iter(_nodes(nested(commit, "authors")) or ()), None) or nested(commit, "author")
        login = nested(author, "login") or nested(author, "user", "login")
        found.append(
            RequestCommit(
                sha,
                _message(commit),
                text(nested(author, "name")),
                text(nested(author, "email")),
                text(login),
            )
        )
    return tuple(found)


def _message(commit: Any) -> str | None:
    whole = text(nested(commit, "message"))
    if whole is not None:
        return whole
    parts = (text(nested(commit, "messageHeadline")), text(nested(commit, "messageBody")))
    return "\n\n".join(part for part in parts if part) or None


def _reviews(value: Any) -> tuple[Review, ...] | None:
    members = _nodes(value)
    if members is None:
        return None
    return tuple(
        Review(
            reviewer,
            (text(nested(member, "state")) or "commented").lower(),
            moment(nested(member, "submittedAt")),
        )
        for member in members
        if (reviewer := account(nested(member, "author"))) is not None
    )


def _repo_of(url: Any) -> str | None:
    match = _URL.match(url) if isinstance(url, str) else None
    return match[1] if match else None
