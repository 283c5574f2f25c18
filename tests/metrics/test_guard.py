from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from codeshare.errors import CannotKnow, EmptyHistory, NotARepository
from codeshare.metrics.guard import check_known
from codeshare.metrics.revisions import find_held

from .rows import Rows


def history(rows: Rows, known: int, unknown: int, month: str = "2026-05") -> None:
    for number in range(known + unknown):
        rows.commit(f"{month}-10", {} if number < unknown else 1, is_unknown=number < unknown)


def many_unknown(rows: Rows) -> None:
    rows.repo("widget", is_partial=True)
    history(rows, known=95, unknown=5)


def one_bad_month(rows: Rows) -> None:
    history(rows, known=300, unknown=0, month="2026-04")
    history(rows, known=15, unknown=1)


def shallow(rows: Rows) -> None:
    rows.repo("widget", is_shallow=True)
    history(rows, known=5, unknown=0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (shallow, r"^widget: shallow clone.*`git fetch --unshallow`, or go on with --allow-unknown\.$"),
        (
            many_unknown,
            r"^widget: 5 of 100 commits could not be read\..*`git fetch --refetch --no-filter`, or go on",
        ),
        (one_bad_month, r"^widget, 2026-05: 1 of 16 commits could not be read\. .*--allow-unknown\.$"),
    ],
)
def test_what_cannot_be_known_is_refused_unless_allowed(
    rows: Rows, make: Callable[[Rows], None], message: str
) -> None:
    make(rows)
    with pytest.raises(CannotKnow, match=message):
        check_known(rows.connection)
    check_known(rows.connection, allow_unknown=True)
    assert CannotKnow.exit_status == 3


def test_a_month_that_is_not_shown_is_not_judged(rows: Rows) -> None:
    one_bad_month(rows)
    check_known(rows.connection, by="all")
    check_known(rows.connection, by="year")


def test_another_repository_is_not_judged(rows: Rows) -> None:
    shallow(rows)
    rows.commit("2026-05-10", 1, repo="whole")
    check_known(rows.connection, repos=["whole"])
    with pytest.raises(NotARepository, match="other: not in this database; it holds: whole, widget"):
        check_known(rows.connection, repos=["other"])


def test_of_owner_and_name_the_name_will_do(rows: Rows) -> None:
    for name in ("a/web", "a/api", "b/api"):
        rows.commit("2026-05-10", 1, repo=name)
    assert find_held(rows.connection, ["web", "b/api", "a/web"]) == ("a/web", "b/api")
    with pytest.raises(NotARepository, match="api: means several: write a/api or b/api"):
        find_held(rows.connection, ["api"])


def unread(rows: Rows, month: str, *paths: str | None) -> str:
    """A commit that cannot be read: of which files, where that is known."""
    sha = rows.commit(f"{month}-10", {}, is_unknown=True)
    for path in paths:
        rows.insert("skipped", repo="widget", sha=sha, path=path, why="missing blob")
    return sha


@pytest.mark.parametrize(
    ("path", "shas", "refused"),
    [
        (None, range(304), True),
        (None, range(300), False),
        (None, [0, 300], True),
        ("src", (), False),
        ("docs/*", (), True),
        ("docs", [0], False),
    ],
    ids=["all", "readable", "part", "readable path", "unread path", "unread path, readable commit"],
)
def test_what_is_in_scope_is_judged(rows: Rows, path: str | None, shas: Sequence[int], refused: bool) -> None:
    for number in range(300):
        rows.commit("2026-05-10", {"src/a.py": 1} if number else {"src/a.py": 1, "docs/a.md": 1})
    for _ in range(4):
        unread(rows, "2026-05", "docs/b.md")
    wanted = [f"{number:040x}" for number in shas]
    if refused:
        with pytest.raises(CannotKnow, match="could not be read"):
            check_known(rows.connection, path=path, shas=wanted)
    else:
        check_known(rows.connection, path=path, shas=wanted)


@pytest.mark.parametrize("path", [None, "src/b.py"], ids=["nothing known", "the file known"])
def test_what_may_have_changed_a_file_counts_for_its_path(rows: Rows, path: str | None) -> None:
    rows.commit("2026-05-10", {"src/a.py": 1})
    unread(rows, "2026-05", path)
    with pytest.raises(CannotKnow, match="1 of 2 commits could not be read"):
        check_known(rows.connection, path="src/*.py")


def test_a_month_of_a_path_is_judged_alone(rows: Rows) -> None:
    history(rows, known=300, unknown=0, month="2026-04")
    rows.commit("2026-05-10", {"docs/a.md": 1})
    unread(rows, "2026-05", "src/a.py")
    check_known(rows.connection, path="docs", by="month")
    with pytest.raises(CannotKnow, match="2026-05: 1 of 1 commits"):
        check_known(rows.connection, path="src", by="month")


@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize(
    ("path", "shas", "words"),
    [
        ("nothing/*", [], r"^nothing/\*: no line that counts"),
        ("logo.png", [], r"^logo\.png: no line that counts"),
        (None, ["e" * 40], "of the 1 commits of this range none is in scope: run `codeshare mine`"),
    ],
    ids=["no file", "no text", "no commit"],
)
def test_nothing_in_scope_is_no_answer(
    rows: Rows, path: str | None, shas: list[str], words: str, allow: bool
) -> None:
    sha = rows.commit("2026-05-10", {"src/a.py": 1})
    rows.change(sha, "logo.png", None)
    with pytest.raises(CannotKnow, match=words):
        check_known(rows.connection, allow, path=path, shas=shas)


@pytest.mark.parametrize("allow", [False, True])
def test_an_empty_history_is_refused_always(rows: Rows, allow: bool) -> None:
    with pytest.raises(EmptyHistory, match="nothing was merged"):
        check_known(rows.connection, allow_unknown=allow)


@pytest.mark.parametrize(("unknown", "refused"), [(1, False), (2, True)], ids=["1 %", "more"])
def test_one_percent(rows: Rows, unknown: int, refused: bool) -> None:
    history(rows, known=100 - unknown, unknown=unknown)
    if refused:
        with pytest.raises(CannotKnow):
            check_known(rows.connection)
    else:
        check_known(rows.connection)
