from __future__ import annotations

from collections.abc import Callable

import pytest

from codeshare.errors import CannotKnow, EmptyHistory, NotARepository
from codeshare.metrics.guard import check_known

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
