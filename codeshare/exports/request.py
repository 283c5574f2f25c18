"""A pull or merge request, as every forge tells it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field

_WHOLE_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BOT = re.compile(r"\[bot\]$|^app/|[-_]bot$|^bot[-_]", re.IGNORECASE)


class Login(Struct, frozen=True):
    """An account of a forge. ``email`` is known of few."""

    login: str
    is_bot: bool = False


class RequestCommit(Struct, frozen=True):
    """A commit of a request, as its branch had it before it was merged."""

    sha: str
    message: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    author_login: str | None = None


class Review(Struct, frozen=True):
    """One review, or one approval."""

    reviewer: Login
    state: str
    submitted_at: datetime | None


class Request(Struct, frozen=True):
    """A pull or merge request. ``repo``: owner/name, where the export tells it; times are UTC without zone."""

    repo: str | None
    number: int
    title: str | None = None
    author: Login | None = None
    state: str | None = None
    is_draft: bool | None = None
    head_branch: str | None = None
    head_repo: str | None = None
    head_sha: str | None = None
    base_branch: str | None = None
    base_sha: str | None = None
    merge_sha: str | None = None
    merged_by: Login | None = None
    labels: tuple[str, ...] = ()
    opened_at: datetime | None = None
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    commits: tuple[RequestCommit, ...] | None = field(default=None)
    reviews: tuple[Review, ...] | None = field(default=None)


def text(value: Any) -> str | None:
    """A text that is not empty, else None; what no database can hold is left out."""
    if not isinstance(value, str) or not value:
        return None
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def object_id(value: Any) -> str | None:
    """A whole object id, else None."""
    return value if isinstance(value, str) and _WHOLE_ID.fullmatch(value) else None


def moment(value: Any) -> datetime | None:
    """A time of ISO 8601 as UTC without zone; None where there is none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def account(value: Any, *, key: str = "login") -> Login | None:
    """An account from an object, a text, or nothing."""
    if isinstance(value, str):
        return Login(value, bool(_BOT.search(value))) if value else None
    if not isinstance(value, dict):
        return None
    name = text(value.get(key))
    if name is None:
        return None
    kind = value.get("type") or value.get("__typename")
    is_bot = value.get("is_bot") is True or value.get("bot") is True or kind in ("Bot", "Mannequin")
    return Login(name.removeprefix("app/"), is_bot or bool(_BOT.search(name)))


def nested(value: Any, *keys: str) -> Any:
    """What lies at the end of a path of keys; None where it breaks off."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
