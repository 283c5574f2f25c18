"""What a CI job is about: the range that its event brings, the branch to mine, and the key of its cache.

Forges tell it in variables and in the event's payload (GitHub: "Events that trigger workflows", "Webhook
events and payloads"; GitLab: "Predefined CI/CD variables reference"). Names of branches are a stranger's
words: they are only looked up as refs, and printed where they hold no control character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from codeshare.errors import CannotKnow, CodeshareError, ConfigError
from codeshare.git.repository import find_commit, open_repository
from codeshare.store.database import SCHEMA_VERSION

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ZERO = re.compile(r"0+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST_KEY = 400  # of GitHub's 512 characters; commas are not allowed in it


class Job(Struct, frozen=True):
    """What the job is about; ``span`` None: no range, as in a scheduled job. ``why`` says where it is from.

    ``is_request``: the range is not merged yet, so that its settings are anybody's.
    """

    span: str | None
    branch: str | None
    why: str
    is_request: bool = False

    @property
    def settings_at(self) -> str:
        """The commit whose settings mining goes by; empty where those that lie here are merged."""
        return self.span.partition("..")[0] if self.is_request and self.span else ""


def find_job(variables: Mapping[str, str], where: str = ".") -> Job:
    """Work out the range and branch of the job that these variables are of.

    Raises:
        ConfigError: the event's payload cannot be read.
        CannotKnow: the event names commits that make no range.
    """
    if variables.get("PRE_COMMIT_FROM_REF") and variables.get("PRE_COMMIT_TO_REF"):
        span = f"{variables['PRE_COMMIT_FROM_REF']}..{variables['PRE_COMMIT_TO_REF']}"
        return Job(span, None, "pre-commit's push")
    if variables.get("GITHUB_EVENT_NAME"):
        return _github(variables, where)
    if variables.get("GITLAB_CI"):
        return _gitlab(variables, where)
    return Job(None, None, "no CI that is known here (GITHUB_EVENT_NAME, GITLAB_CI)")


def pushed_ranges(variables: Mapping[str, str], fed: str) -> list[str]:
    """The ranges that a push adds, from what git feeds its hook (githooks: pre-push), or from pre-commit."""
    if "PRE_COMMIT_FROM_REF" in variables:
        span = find_job(variables).span
        return [span] if span else []
    rows = (line.split(" ") for line in fed.splitlines())
    ends = ((row[3], row[1]) for row in rows if len(row) == 4)
    return [_span(there, here) for there, here in ends if not _is_zero(here)]


def cache_key(variables: Mapping[str, str], branch: str | None = None, where: str = ".") -> tuple[str, str]:
    """The key of a cache that holds the database, and the prefix under which older ones serve as well.

    The prefix names what a database must have in common with this job: the major version of its schema, the
    repository and the branch. The key adds the commit that is analysed, so a cache is never overwritten; one
    of a tip that a force-push took away still serves: `codeshare mine` goes on from it.
    """
    repository = open_repository(where, branch=branch or find_job(variables, where).branch)
    full = variables.get("GITHUB_REPOSITORY") or variables.get("CI_PROJECT_PATH") or repository.name
    parts = ("codeshare", SCHEMA_VERSION.partition(".")[0], _safe(full), _safe(repository.branch))
    prefix = "-".join(parts)[:_LONGEST_KEY] + "-"
    return prefix + repository.tip, prefix


def _github(variables: Mapping[str, str], where: str) -> Job:
    name = variables["GITHUB_EVENT_NAME"]
    event = _payload(variables.get("GITHUB_EVENT_PATH"))
    if name in ("pull_request", "pull_request_target"):
        return _pull_request(event, name, where)
    if name == "merge_group":
        group = _part(event, "merge_group")
        branch = str(group.get("base_ref", "")).removeprefix("refs/heads/") or None
        return Job(_span(group.get("base_sha"), group.get("head_sha")), branch, name, is_request=True)
    if name == "push":
        ref = str(event.get("ref", ""))
        branch = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None
        if event.get("deleted") or _is_zero(event.get("after")):
            return Job(None, None, "push that deletes a branch")
        default = _part(event, "repository").get("default_branch") if "repository" in event else None
        return _push(event.get("before"), event.get("after"), branch, default, where)
    return Job(None, None, f"{name}, which brings no commits")


def _pull_request(event: Mapping[str, Any], name: str, where: str) -> Job:
    request = _part(event, "pull_request")
    base, head = _part(request, "base"), _part(request, "head")
    branch = str(base.get("ref", "")) or None
    tip = _commit(head.get("sha"))
    # The forge merges into the branch as it is now; the payload's base may be older than what the request
    # has since taken in from that branch, which would then count as the request's own.
    merged = _known(where, "HEAD^1") if _known(where, "HEAD^2") == tip else None
    there = _known(where, f"refs/remotes/origin/{branch}") if branch else None
    return Job(_span(merged or there or base.get("sha"), tip), branch, name, is_request=True)


def _gitlab(variables: Mapping[str, str], where: str) -> Job:
    source = variables.get("CI_PIPELINE_SOURCE", "")
    if source == "merge_request_event" or variables.get("CI_MERGE_REQUEST_IID"):
        branch = variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME") or None
        # Both are set in pipelines of merged results and merge trains only.
        head = variables.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or variables.get("CI_COMMIT_SHA")
        base = variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA")
        base = base or (_known(where, f"refs/remotes/origin/{branch}") if branch else None)
        return Job(
            _span(base or variables.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"), head),
            branch,
            "merge request",
            is_request=True,
        )
    if source == "push":
        branch = variables.get("CI_COMMIT_BRANCH") or None
        default = variables.get("CI_DEFAULT_BRANCH")
        ends = (variables.get("CI_COMMIT_BEFORE_SHA"), variables.get("CI_COMMIT_SHA"))
        return _push(*ends, branch, default, where)
    return Job(None, variables.get("CI_DEFAULT_BRANCH"), f"{source or 'a pipeline'}, which brings no commits")


def _push(before: object, after: object, branch: str | None, default: object, where: str) -> Job:
    """What a push adds; of a new branch, or of one whose old tip is gone, what it adds to the default branch."""
    # What to mine is the branch that others merge into, where it is told.
    mined = str(default) if default else branch
    if branch is not None and branch == default:
        if _is_zero(before):
            return Job(None, mined, "the first push of the default branch")
    elif _is_zero(before) or _known(where, str(before)) is None:
        before = _known(where, f"refs/remotes/origin/{default}") or before
    return Job(_span(before, after), mined, "push")


def _payload(path: str | None) -> Mapping[str, Any]:
    if not path:
        raise ConfigError("GITHUB_EVENT_PATH is not set: name the range yourself with --range.")
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: the event cannot be read: {error}. Name the range with --range."
        ) from None
    if not isinstance(event, dict):
        raise ConfigError(f"{path}: the event is no object. Name the range yourself with --range.")
    return event


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = event.get(name)
    if not isinstance(part, dict):
        raise ConfigError(f"the event has no {name}: name the range yourself with --range.")
    return part


def _span(base: object, head: object) -> str:
    return f"{_commit(base)}..{_commit(head)}"


def _commit(sha: object) -> str:
    if isinstance(sha, str) and _ID.fullmatch(sha):
        return sha
    raise CannotKnow("the event names no commit to begin or end with: name the range yourself with --range.")


def _is_zero(sha: object) -> bool:
    return isinstance(sha, str) and _ZERO.fullmatch(sha) is not None


def _known(where: str, name: str) -> str | None:
    """The commit that a name stands for in the clone, if it is there."""
    try:
        return find_commit(Path(where), name)
    except CodeshareError:
        return None


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)
