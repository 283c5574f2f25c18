from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from codeshare.errors import ExportError
from codeshare.exports.forms import read_requests

from .forms import FIRST, GH, GITLAB, GRAPHQL, HEAD, MERGE, REST, page


@pytest.fixture
def read(tmp_path: Path):
    def from_text(text: str):
        file = tmp_path / "export.json"
        file.write_text(text, encoding="utf-8")
        return read_requests(file)

    return from_text


@pytest.mark.parametrize(
    ("text", "commits", "reviews"),
    [
        (page([GH]), 1, 1),
        (page(GH), 1, 1),
        (page([REST]), None, None),
        (page([[REST], [REST]]), None, None),
        (page([REST]) + page([REST]), None, None),
        (page(REST) + "\n" + page(REST) + "\n", None, None),
        ("\ufeff" + page(GRAPHQL), 1, 1),
        (page([GRAPHQL, GRAPHQL]), 1, 1),
        (page([GITLAB]), None, 1),
        (page([GITLAB]) + "\n" + page([GITLAB]), None, 1),
    ],
    ids=["gh", "gh-one", "rest", "rest-slurped", "rest-pages", "rest-lines", "graphql", "graphql-pages", "gitlab", "gitlab-pages"],
)  # fmt: skip
def test_every_form_tells_the_same(read: Any, text: str, commits: int | None, reviews: int | None) -> None:
    (request,) = read(text)
    assert (request.repo, request.number, request.title, request.state, request.is_draft) == ("acme/web", 7, "Count boats", request.state, False)  # fmt: skip
    assert request.state == "merged"
    assert (request.author.login, request.author.is_bot) == ("ann", False)
    assert (request.head_branch, request.head_sha, request.base_branch) == (
        "claude/count-boats",
        HEAD,
        "main",
    )
    assert request.merge_sha == MERGE
    assert request.labels == ("fleet",)
    assert (request.opened_at, request.merged_at) == (datetime(2026, 1, 5, 9), datetime(2026, 1, 6, 9))
    assert (None if request.commits is None else len(request.commits)) == commits
    if request.commits:
        (commit,) = request.commits
        assert (commit.sha, commit.author_email, commit.author_login) == (FIRST, "ann@example.org", "ann")
        assert commit.message == "Count\n\nCo-authored-by: Claude <noreply@anthropic.com>"
    assert (None if request.reviews is None else len(request.reviews)) == reviews
    if request.reviews:
        (review,) = request.reviews
        assert (review.reviewer.login, review.state, review.submitted_at) == ("bob", "approved", datetime(2026, 1, 5, 12))  # fmt: skip


@pytest.mark.parametrize(
    ("author", "is_bot"),
    [
        ({"is_bot": True, "login": "app/dependabot"}, True),
        ({"login": "renovate[bot]"}, True),
        ({"login": "copilot-swe-agent", "__typename": "Bot"}, True),
        ({"login": "abbott"}, False),
        (None, None),
    ],
    ids=["gh", "name", "graphql", "person", "ghost"],
)
def test_bots(read: Any, author: Any, is_bot: bool | None) -> None:
    (request,) = read(page([GH | {"author": author}]))
    assert (request.author.is_bot if request.author else None) == is_bot


def test_an_open_requests_trial_merge_is_no_merge(read: Any) -> None:
    (request,) = read(page([REST | {"merged_at": None, "state": "open"}]))
    assert (request.merge_sha, request.state) == (None, "open")


def test_of_one_number_the_last_counts(read: Any) -> None:
    (request,) = read(page([GH, GH | {"title": "Count ships"}]))
    assert request.title == "Count ships"


@pytest.mark.parametrize(
    "text", ["", "[]", "[[]]\n[]", '{"data": {"repository": {"pullRequests": {"nodes": []}}}}']
)
def test_no_request_is_no_error(read: Any, text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html>", "line 1 is no JSON"),
        (page([GH]) + "\n{", "line 2 is no JSON"),
        (page([{"sha": HEAD}]), "no known form of requests (it has sha)"),
        (page(["x"]), "holds 'x' where a request should be"),
        (page({"message": "Bad credentials", "documentation_url": "https://…"}), "an error of GitHub's and no requests: Bad credentials"),
        (page({"errors": [{"message": "x"}]}), "errors of GraphQL"),
        (page([GH | {"number": 2**40}]), "is no number of a request"),
        ("[" * 100_000, "no JSON"),
    ],
    ids=["html", "cut-off", "commits", "texts", "refused", "graphql", "number", "deep"],
)  # fmt: skip
def test_an_unknown_form_is_one_clear_line(read: Any, text: str, words: str) -> None:
    with pytest.raises(ExportError) as error:
        read(text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_what_no_database_holds_is_left_out(read: Any) -> None:
    (request,) = read(json.dumps([GH | {"title": "a\0b\ud800"}]))
    assert request.title == "ab?"
