"""Which forge wrote a file, and its requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codeshare.errors import ExportError
from codeshare.exports import github, gitlab
from codeshare.exports.documents import objects_in, read_values
from codeshare.exports.request import Request

_KNOWN = "`gh pr list --json`, pages of GitHub's REST or GraphQL, and of GitLab's API"


def read_requests(path: Path) -> list[Request]:
    """Read a file of requests, in whichever known form; of one number the last counts.

    Raises:
        ExportError: it cannot be read, or is in no known form.
    """
    values = list(objects_in(read_values(path)))
    found: dict[tuple[str | None, int], Request] = {}
    for value in values:
        for request in _requests(value, path):
            if not 0 < request.number < 2**31:
                raise ExportError(f"{path}: {request.number} is no number of a request.")
            found[request.repo, request.number] = request
    return list(found.values())


def _requests(value: Any, path: Path) -> Iterator[Request]:
    if not isinstance(value, dict):
        raise ExportError(f"{path}: holds {_called(value)} where a request should be; known forms: {_KNOWN}.")
    if gitlab.is_request(value):
        yield gitlab.from_gitlab(value)
    elif github.is_rest(value):
        yield github.from_rest(value)
    elif github.is_listed(value):
        yield github.from_listed(value, None)
    elif isinstance(value.get("data"), dict):
        for each, repo in github.graphql_requests(value["data"]):
            yield github.from_listed(each, repo)
    elif "message" in value and "documentation_url" in value:
        raise ExportError(f"{path}: holds an error of GitHub's and no requests: {value['message']!s:.100}")
    elif isinstance(value.get("errors"), list):
        raise ExportError(f"{path}: holds errors of GraphQL and no requests. Ask again.")
    else:
        keys = ", ".join(sorted(map(str, value))[:6]) or "nothing"
        raise ExportError(f"{path}: no known form of requests (it has {keys}); known: {_KNOWN}.")


def _called(value: Any) -> str:
    return f"{value!r:.30}"
